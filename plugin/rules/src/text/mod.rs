//! JSON and YAML as the kubelet's Go libraries read them, with every byte accounted for: a tree that keeps spans, order and
//! duplicates.

use std::ops::Range;

/// A value and where it stands, in bytes of the original text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where it stands. For an alias this is the alias's place; what hangs below it has the anchor's places.
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
    /// Where the key stands.
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
    pub message: String,
    /// The offending bytes; empty at the end of the text.
    pub span: Range<usize>,
}
