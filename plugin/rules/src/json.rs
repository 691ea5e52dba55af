//! A JSON value that the rules compute with, and how it is written.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Display, Formatter, Write};

use crate::collections::Map;
use crate::float;

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

impl Display for Json {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Int(value) => write!(f, "{value}"),
            Json::Float(value) => f.write_str(&float::json(*value)),
            Json::Text(text) => write_text(f, text),
            Json::List(items) => write_joined(f, '[', ']', items, |f, item| write!(f, "{item}")),
            Json::Map(map) => write_joined(f, '{', '}', map.iter(), |f, (key, value)| {
                write_text(f, key)?;
                write!(f, ":{value}")
            }),
        }
    }
}

fn write_joined<T>(
    f: &mut Formatter,
    open: char,
    close: char,
    items: impl IntoIterator<Item = T>,
    write_item: impl Fn(&mut Formatter, T) -> fmt::Result,
) -> fmt::Result {
    f.write_char(open)?;
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_char(',')?;
        }
        write_item(f, item)?;
    }
    f.write_char(close)
}

fn write_text(f: &mut Formatter, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if u32::from(c) < 0x20 => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
