//! A JSON value that the rules compute with, and how it is written.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::collections::Map;
use crate::float;
use crate::text::push_quoted;

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
}

impl Json {
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
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Int(value) => out.push_str(&value.to_string()),
            Json::Float(value) => out.push_str(&float::json(*value)),
            Json::Text(text) => push_quoted(out, text),
            Json::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    push_comma(out, index);
                    item.write(out);
                }
                out.push(']');
            }
            Json::Map(map) => {
                out.push('{');
                for (index, (key, value)) in map.iter().enumerate() {
                    push_comma(out, index);
                    push_quoted(out, key);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn push_comma(out: &mut String, index: usize) {
    if index > 0 {
        out.push(',');
    }
}
