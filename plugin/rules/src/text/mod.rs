//! JSON and YAML as the kubelet's Go libraries read them, with every byte accounted for: a tree that keeps spans, order and
//! duplicates.

pub mod edit;
mod json;
mod resolve;
mod yaml;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

pub use json::read_json;
pub use resolve::decode_base64;
pub use yaml::read_yaml;

use crate::collections;
use crate::message::{Language, Words};

/// How deep a document may be nested; Go's `encoding/json` and go-yaml both draw the line here, and what comes from YAML passes
/// through both.
const MAX_DEPTH: usize = 10_000;

/// A value and where it stands, in bytes of the original text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands, with its tag but without an anchor before it. For an alias this is the alias's place; what hangs
    /// below it has the anchor's places.
    pub span: Range<usize>,
}

/// A JSON value. YAML is resolved to it as go-yaml v2 and `sigs.k8s.io/yaml` do.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A JSON number. From JSON: as it is written. From YAML: as Go's `encoding/json` writes the resolved number, so `0156` is `110`.
    Number(String),
    /// A string, with everything that is not Unicode replaced by U+FFFD as Go does.
    String(String),
    /// `[…]`
    Array(Vec<Node>),
    /// `{…}`: every member in the order of the text, duplicates included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key as a string; YAML keys of other types are converted as `sigs.k8s.io/yaml` does.
    pub key: String,
    /// Where the key stands; for a merged member (`<<`) this is its place in the mapping that was merged.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
    /// YAML only: a later member with the same key, or a merge (`<<`), has taken its place, so Go never sees this one.
    pub shadowed: bool,
}

/// A text that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The outermost value.
    pub root: Node,
    /// How it was read.
    pub format: Format,
    /// Keys that go-yaml's strict mode reports as set twice, by their spans; always empty for JSON, where the members tell.
    pub set_twice: Vec<Range<usize>>,
}

/// How a text was read: its content decides, never its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The first character that is not white space is `{`.
    Json,
    /// Everything else.
    Yaml,
}

/// Why a text cannot be read, in one line for people, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, without the place; it never quotes the text.
    pub(crate) words: Words,
    /// The offending bytes; empty at the end of the text.
    pub span: Range<usize>,
}

/// Reads a text as the kubelet does: if its first character that is not white space is `{` it is JSON, and never tried as YAML.
///
/// Follows apimachinery's `pkg/util/yaml/decoder.go`, `IsJSONBuffer`.
pub fn read(bytes: &[u8]) -> Result<Text, SyntaxError> {
    let rest = bytes.trim_ascii_start();
    let is_json = match rest.first() {
        Some(b'{') => true,
        Some(first) if first.is_ascii_graphic() => false,
        _ => rest.utf8_chunks().next().is_some_and(|chunk| chunk.valid().trim_start().starts_with('{')),
    };
    if is_json { read_json(bytes) } else { read_yaml(bytes) }
}

impl Node {
    /// The member of this object with exactly this key that Go sees: the last one.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.value.get(key)
    }

    /// This value as compact JSON, see [`Value::to_json`].
    pub fn to_json(&self) -> String {
        self.value.to_json()
    }
}

impl Value {
    /// The member of this object with exactly this key that Go sees: the last one.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let Value::Object(members) = self else { return None };
        members.iter().rfind(|member| !member.shadowed && member.key == key).map(|member| &member.value)
    }

    /// This value as compact JSON, as Go's `json.Marshal` writes it from a map: keys sorted by their bytes, the last one of
    /// duplicates. Unlike Go's, it leaves `<`, `>` and `&` as they are.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut pending = vec![Piece::Value(self)];
        while let Some(piece) = pending.pop() {
            match piece {
                Piece::Mark(mark) => out.push(mark),
                Piece::Comma => out.push(','),
                Piece::Key(key) => {
                    push_quoted(&mut out, key);
                    out.push(':');
                }
                Piece::Value(value) => value.push_json(&mut out, &mut pending),
            }
        }
        out
    }

    /// Writes a scalar, or the opening bracket of a container and leaves what follows it in `pending`, last piece first.
    fn push_json<'a>(&'a self, out: &mut String, pending: &mut Vec<Piece<'a>>) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(true) => out.push_str("true"),
            Value::Bool(false) => out.push_str("false"),
            Value::Number(number) => out.push_str(number),
            Value::String(text) => push_quoted(out, text),
            Value::Array(items) => {
                out.push('[');
                pending.push(Piece::Mark(']'));
                for (index, item) in items.iter().enumerate().rev() {
                    pending.push(Piece::Value(&item.value));
                    pending.extend((index > 0).then_some(Piece::Comma));
                }
            }
            Value::Object(members) => {
                out.push('{');
                pending.push(Piece::Mark('}'));
                for (index, member) in seen_members(members).into_iter().enumerate().rev() {
                    pending.extend([Piece::Value(&member.value.value), Piece::Key(&member.key)]);
                    pending.extend((index > 0).then_some(Piece::Comma));
                }
            }
        }
    }
}

/// What is still to be written by [`Value::to_json`].
enum Piece<'a> {
    Value(&'a Value),
    Key(&'a str),
    Comma,
    Mark(char),
}

/// The members that Go sees, sorted by key.
fn seen_members(members: &[Member]) -> Vec<&Member> {
    let mut seen: Vec<&Member> = Vec::new();
    for index in by_key(members) {
        let member = &members[index];
        if member.shadowed {
            continue;
        }
        match seen.last_mut() {
            Some(last) if last.key == member.key => *last = member,
            _ => seen.push(member),
        }
    }
    seen
}

/// The indices of members, sorted by key, those of one key in the order of the text.
fn by_key(members: &[Member]) -> Vec<usize> {
    collections::order(members.len(), &|a, b| members[a].key.cmp(&members[b].key))
}

/// For each member, whether one before it has the same key.
pub fn repeated(members: &[&Member]) -> Vec<bool> {
    collections::repeated(members.len(), &|a, b| members[a].key.cmp(&members[b].key))
}

/// Writes a text in quotes, as JSON has it.
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        out.push_str(&rest[..at]);
        push_escaped(out, rest.as_bytes()[at]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

fn push_escaped(out: &mut String, byte: u8) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        _ => {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let digits = [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]));
            out.push_str("\\u00");
            out.extend(digits);
        }
    }
}

/// Bytes as Go's `encoding/json` takes them: each byte that is not UTF-8 becomes one U+FFFD.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    push_lossy(&mut text, bytes);
    text
}

fn push_lossy(text: &mut String, bytes: &[u8]) {
    // Nearly always, and several times as fast.
    if let Ok(valid) = core::str::from_utf8(bytes) {
        return text.push_str(valid);
    }
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
}

/// Trees may be as deep as [`MAX_DEPTH`], and deeper while they are built: the stack cannot hold a recursive drop.
impl Drop for Node {
    fn drop(&mut self) {
        let mut pending = Vec::new();
        take_children(&mut self.value, &mut pending);
        while let Some(mut node) = pending.pop() {
            take_children(&mut node.value, &mut pending);
        }
    }
}

/// Only of those that have children of their own: the others are dropped where they are.
fn take_children(value: &mut Value, into: &mut Vec<Node>) {
    let has_children = |node: &Node| matches!(node.value, Value::Array(_) | Value::Object(_));
    match value {
        Value::Array(items) => into.extend(items.drain(..).filter(has_children)),
        Value::Object(members) => into.extend(members.drain(..).map(|member| member.value).filter(has_children)),
        _ => {}
    }
}

impl SyntaxError {
    /// Boxed, because errors are handed on in many places, where a large one would be copied.
    fn new(words: Words, span: Range<usize>) -> Box<Self> {
        Box::new(Self { words, span })
    }

    /// What is wrong, in English.
    pub fn message(&self) -> String {
        String::from(&*self.words.in_language(Language::English))
    }
}

#[cfg(test)]
mod tests;
