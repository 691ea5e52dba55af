//! Working with the trees of texts: what stands where, and trees made of parts of others.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::kubelet::laid_out::NOWHERE;
use crate::text::{self, Member, Node, Value};

/// The text at a key.
pub fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    string(node.get(key)?)
}

/// The text that a node is.
pub fn string(node: &Node) -> Option<&str> {
    if let Value::String(text) = &node.value { Some(text) } else { None }
}

/// A scalar as it would stand on a command line.
pub fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(_) => Some(node.to_json()),
        _ => None,
    }
}

/// What stands at a path of keys.
pub fn at<'a>(node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// The member with this key that counts.
pub fn member<'a>(node: &'a Node, key: &str) -> Option<&'a Member> {
    members(node).iter().rfind(|member| !member.shadowed && member.key == key)
}

/// The members of an object; none of anything else.
pub fn members(node: &Node) -> &[Member] {
    if let Value::Object(members) = &node.value { members } else { &[] }
}

/// The items of a list; none of anything else.
pub fn items(node: &Node) -> &[Node] {
    if let Value::Array(items) = &node.value { items } else { &[] }
}

/// Whether a node is the word `true`.
pub fn is_true(node: &Node) -> bool {
    node.value == Value::Bool(true)
}

/// Whether a node is an object.
pub fn is_object(node: &Node) -> bool {
    matches!(node.value, Value::Object(_))
}

/// Where a member stands, key and value.
pub fn span(member: &Member) -> Range<usize> {
    member.key_span.start..member.value.span.end.max(member.key_span.end)
}

/// An empty object.
pub fn empty(span: Range<usize>) -> Node {
    Node { value: Value::Object(vec![]), span }
}

/// A value with a place.
pub fn node(value: Value, span: Range<usize>) -> Node {
    Node { value, span }
}

/// Puts a value at a path of keys, which all stand at the same place.
pub fn put(root: &mut Node, path: &[&str], key_span: &Range<usize>, value: Node) {
    let [key, rest @ ..] = path else { return };
    let Value::Object(members) = &mut root.value else { return };
    let at = members.iter().rposition(|member| !member.shadowed && member.key == *key);
    let at = at.unwrap_or_else(|| {
        let value = empty(value.span.clone());
        members.push(Member { key: (*key).to_owned(), key_span: key_span.clone(), value, shadowed: false });
        members.len() - 1
    });
    match rest {
        [] => members[at].value = value,
        rest => put(&mut members[at].value, rest, key_span, value),
    }
}

/// Takes a key out; what stood there.
pub fn take(root: &mut Node, key: &str) -> Vec<Member> {
    let Value::Object(members) = &mut root.value else { return vec![] };
    let all = core::mem::take(members);
    let (taken, kept) = all.into_iter().partition(|member| member.key == key);
    *members = kept;
    taken
}

/// Leaves out what stands at a path of keys that are joined by dots, and may have dots themselves.
pub fn forget(root: &mut Node, path: &str) {
    let Value::Object(members) = &mut root.value else { return };
    for member in members.iter_mut().filter(|member| !member.shadowed) {
        match path.strip_prefix(&*member.key) {
            Some("") => member.shadowed = true,
            Some(rest) => rest.strip_prefix('.').into_iter().for_each(|rest| forget(&mut member.value, rest)),
            None => {}
        }
    }
}

/// Maps over maps: the keys of `over` count, key by key; everything else is replaced as a whole.
pub fn merged(under: &Node, over: &Node) -> Node {
    let (Value::Object(below), Value::Object(above)) = (&under.value, &over.value) else { return over.clone() };
    let is_above = |member: &&Member| !above.iter().any(|other| !other.shadowed && other.key == member.key);
    let mut members: Vec<Member> = below.iter().filter(is_above).cloned().collect();
    for member in above {
        let value = match below.iter().rfind(|other| !other.shadowed && other.key == member.key) {
            Some(other) if !member.shadowed => merged(&other.value, &member.value),
            _ => member.value.clone(),
        };
        members.push(Member { value, ..member.clone() });
    }
    Node { value: Value::Object(members), span: over.span.clone() }
}

/// Visits all spans below a node, and its own.
pub fn relocate(root: &mut Node, place: &dyn Fn(&Range<usize>) -> Range<usize>) {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        node.span = place(&node.span);
        match &mut node.value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                for member in members {
                    member.key_span = place(&member.key_span);
                    pending.push(&mut member.value);
                }
            }
            _ => {}
        }
    }
}

/// How many values a tree holds; none where there are more than `most`, or where it is deeper than `depth`.
pub fn count(root: &Node, most: usize, depth: usize) -> Option<usize> {
    let mut pending = vec![(root, 0)];
    let mut values = 0;
    while let Some((node, at)) = pending.pop() {
        values += 1;
        if at > depth || values > most {
            return None;
        }
        pending.extend(items(node).iter().map(|item| (item, at + 1)));
        pending.extend(members(node).iter().map(|member| (&member.value, at + 1)));
    }
    Some(values)
}

/// What a platform sets: texts of its own, which stand nowhere in the file.
pub fn of_platform(texts: &[&str]) -> Node {
    let whole = texts.join("\n");
    let mut root = text::read_yaml(whole.as_bytes()).map_or_else(|_| empty(NOWHERE), |text| text.root.clone());
    relocate(&mut root, &|_| NOWHERE);
    root
}

/// The first line of what stands somewhere, for what goes over many.
pub fn line(span: &Range<usize>, file: &[u8]) -> Range<usize> {
    let written = file.get(span.clone()).unwrap_or_default();
    let length = written.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(written.len());
    span.start..span.start + length
}
