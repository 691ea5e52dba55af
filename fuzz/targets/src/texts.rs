//! The readers of JSON and YAML.

use std::ops::Range;

use kubevet_rules::text::{Format, Node, SyntaxError, Text, Value, read, read_json, read_yaml};
use serde_json::value::RawValue;

use crate::bounds::within;

/// What any text may take, and what every byte of it may. A list's item is some fifty bytes of a tree for two of the text,
/// a growing list has twice its size, and the composer has a node of its own for each.
const MEMORY: usize = 64 << 10;
const MEMORY_BY_BYTE: usize = 500;

/// What a text with aliases may take beyond that: go-yaml allows some 400,000 nodes to come from few bytes.
const MEMORY_OF_ALIASES: usize = 128 << 20;

type Reader = fn(&[u8]) -> Result<Text, SyntaxError>;

/// What has to hold for the JSON reader.
pub fn json(bytes: &[u8]) {
    match checked(read_json, bytes) {
        Ok(text) => {
            assert_eq!(text.format, Format::Json);
            assert!(text.set_twice.is_empty());
            each(&text.root, |node| check_json_node(node, bytes));
            // serde_json is as strict, but for what is not Unicode.
            assert!(std::str::from_utf8(bytes).is_err() || is_json(bytes), "serde_json refuses this");
        }
        Err(error) => assert!(!is_json(bytes) || error.message().contains("depth"), "serde_json reads this: {error:?}"),
    }
}

/// What has to hold for the YAML reader, and for the choice between the two.
pub fn yaml(bytes: &[u8]) {
    let text = checked(read_yaml, bytes);
    if let Ok(text) = &text {
        assert_eq!(text.format, Format::Yaml);
        text.set_twice.iter().for_each(|span| check_span(span, bytes));
    }
    match read(bytes) {
        Ok(chosen) if chosen.format == Format::Json => assert!(read_json(bytes).is_ok()),
        Ok(chosen) => assert_eq!(Some(seen(&chosen)), text.as_ref().ok().map(seen)),
        Err(error) => assert!(text.is_err() || read_json(bytes).err() == Some(error)),
    }
}

/// Reads a text, and checks what holds for both formats.
fn checked(reader: Reader, bytes: &[u8]) -> Result<Text, SyntaxError> {
    let aliases = if bytes.contains(&b'*') { MEMORY_OF_ALIASES } else { 0 };
    let most = MEMORY + MEMORY_BY_BYTE * bytes.len() + aliases;
    let (first, again) = (within(most, || reader(bytes)), reader(bytes));
    match (first, again) {
        (Ok(text), Ok(again)) => {
            assert_eq!(seen(&text), seen(&again));
            check_tree(&text, bytes);
            Ok(text)
        }
        (Err(error), again) => {
            check_span(&error.span, bytes);
            assert!(!error.message().is_empty() && !error.message().contains('\n'));
            assert_eq!(Some(&error), again.as_ref().err());
            Err(error)
        }
        (Ok(_), Err(error)) => panic!("it was read, and then refused: {error:?}"),
    }
}

/// All of a text that can be compared without recursion, which a deep one does not allow.
fn seen(text: &Text) -> (String, Vec<Range<usize>>) {
    let mut spans = text.set_twice.clone();
    each(&text.root, |node| {
        spans.push(node.span.clone());
        if let Value::Object(members) = &node.value {
            spans.extend(members.iter().map(|member| member.key_span.clone()));
        }
    });
    (text.root.to_json(), spans)
}

fn check_tree(text: &Text, bytes: &[u8]) {
    each(&text.root, |node| {
        check_span(&node.span, bytes);
        if let Value::Object(members) = &node.value {
            members.iter().for_each(|member| check_span(&member.key_span, bytes));
        }
    });
    let json = text.root.to_json();
    assert!(is_json(json.as_bytes()), "{json} is not JSON");
    let again = read_json(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error:?}"));
    assert_eq!(again.root.to_json(), json);
}

/// In JSON, everything stands in its container, and a value that stands alone means the same.
fn check_json_node(node: &Node, bytes: &[u8]) {
    let inside = |span: &Range<usize>| node.span.start < span.start && span.end < node.span.end;
    match &node.value {
        Value::Array(items) => {
            assert!(items.iter().all(|item| inside(&item.span)));
            assert!(items.is_sorted_by(|a, b| a.span.end < b.span.start));
        }
        Value::Object(members) => {
            assert!(members.iter().all(|member| inside(&member.key_span) && inside(&member.value.span)));
            assert!(members.iter().all(|member| !member.shadowed && member.key_span.end < member.value.span.start));
            assert!(members.is_sorted_by(|a, b| a.value.span.end < b.key_span.start));
        }
        scalar => {
            let alone = read_json(&bytes[node.span.clone()]).unwrap_or_else(|error| panic!("{error:?}"));
            assert_eq!(alone.root.value, *scalar);
        }
    }
}

/// Calls back for every node, without recursion.
fn each(root: &Node, mut call: impl FnMut(&Node)) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        call(node);
        match &node.value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => pending.extend(members.iter().map(|member| &member.value)),
            _ => {}
        }
    }
}

/// A span lies in the text, at the bounds of its characters.
pub fn check_span(span: &Range<usize>, bytes: &[u8]) {
    assert!(span.start <= span.end && span.end <= bytes.len(), "{span:?} of {}", bytes.len());
    let text = std::str::from_utf8(bytes);
    let splits = |at: usize| text.is_ok_and(|text| !text.is_char_boundary(at));
    assert!(!splits(span.start) && !splits(span.end), "{span:?} splits a character");
}

/// Whether this is JSON, however deep.
pub fn is_json(bytes: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(bytes).is_ok()
}
