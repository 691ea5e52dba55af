//! A JSON value that the rules compute with, and how it is written.

use alloc::string::String;
use alloc::vec::Vec;

use crate::collections::Map;
use crate::text::push_quoted;
use crate::{digits, float};

/// A JSON value. Durations and quantities are texts in Go's own form, such as `4h0m0s`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "JSON's types")]
pub enum Json {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Json>),
    Map(Map<Json>),
}

impl Json {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    /// The integer, where it is one.
    pub fn as_int(&self) -> Option<i64> {
        if let Json::Int(value) = self { Some(*value) } else { None }
    }

    /// A member, where it is a map.
    pub fn member(&self, key: &str) -> Option<&Json> {
        if let Json::Map(map) = self { map.get(key) } else { None }
    }

    /// As JSON without spaces, as Go's `json.Marshal` writes it, but for `<`, `>` and `&`, which stay as they are. Without
    /// `core::fmt`, since every value of a report is written here.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Int(value) => out.push_str(&digits::number(*value)),
            Json::Float(value) => out.push_str(&float::json(*value)),
            Json::Text(text) => push_quoted(out, text),
            Json::List(items) => write_joined(out, ['[', ']'], items, |out, item| item.write(out)),
            Json::Map(map) => write_joined(out, ['{', '}'], map.iter(), |out, (key, value)| {
                push_quoted(out, key);
                out.push(':');
                value.write(out);
            }),
        }
    }
}

/// What each item is written with, between brackets and parted by commas.
fn write_joined<T>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl IntoIterator<Item = T>,
    write_item: impl Fn(&mut String, T),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_item(out, item);
    }
    out.push(close);
}
