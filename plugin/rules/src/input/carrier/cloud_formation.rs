//! CloudFormation: the user data of instances, and the files that `cfn-init` writes.

use alloc::borrow::{Cow, ToOwned};
use alloc::vec::Vec;

use super::Carried;
use crate::input::source::{Doc, Source};
use crate::input::{File, Form, Found, tree};
use crate::text::{self, Node, Value};

pub static FORM: Form = Form { id: "cloudformation", sign: "", platform: "", find };

const USER_DATA: &str = "UserData";
const INIT: &str = "AWS::CloudFormation::Init";

/// How many functions may stand in each other.
const MAX_FUNCTIONS: usize = 8;

fn find(file: &File, found: &mut Found) {
    for doc in file.docs.iter().filter(|doc| doc.is_plain && is_one(doc)) {
        // The documents of a file have no values where there are tags.
        let read = text::read(&doc.bytes).or_else(|_| text::read_yaml(&doc.bytes));
        let Ok(mut text) = read else { continue };
        tree::relocate(&mut text.root, &|span| span.start + doc.range.start..span.end + doc.range.start);
        let mut pending: Vec<&Node> = text.root.get("Resources").into_iter().collect();
        while let Some(node) = pending.pop() {
            for member in tree::members(node).iter().filter(|member| !member.shadowed) {
                match member.key.as_str() {
                    USER_DATA => user_data(file, &member.value, found),
                    INIT => tree::members(&member.value).iter().for_each(|set| files(file, &set.value, found)),
                    _ => {}
                }
            }
            pending.extend(tree::members(node).iter().rev().map(|member| &member.value));
            pending.extend(tree::items(node).iter().rev());
        }
    }
}

/// By the types of its resources.
fn is_one(doc: &Doc) -> bool {
    let resources = doc.root().and_then(|root| root.get("Resources")).map_or(&[][..], tree::members);
    resources.iter().any(|resource| tree::text(&resource.value, "Type").is_some_and(|kind| kind.contains("::")))
}

fn user_data(file: &File, node: &Node, found: &mut Found) {
    let Some(text) = evaluated(file, node, 0) else { return };
    let text = if is_packed(file, node) { text } else { text.base64().unwrap_or(text) };
    found.carry(Carried { name: file.name.to_owned(), text: text.unzipped() });
}

/// A set of files: paths, and what is written there.
fn files(file: &File, set: &Node, found: &mut Found) {
    for member in set.get("files").map_or(&[][..], tree::members) {
        let Some(content) = member.value.get("content") else { continue };
        let Some(text) = evaluated(file, content, 0) else { continue };
        let is_base64 = tree::text(&member.value, "encoding") == Some("base64");
        let text = if is_base64 { text.base64().unwrap_or(text) } else { text };
        found.carry(Carried { name: member.key.clone(), text });
    }
}

/// The function that makes a value: by its tag, or as the only key of an object; and what it is given.
fn function<'a>(file: &File, node: &'a Node) -> Option<(&'a str, Cow<'a, Node>)> {
    if let [member] = tree::members(node)
        && let Some(name) = member.key.strip_prefix("Fn::").or((member.key == "Ref").then_some("Ref"))
    {
        return Some((name, Cow::Borrowed(&member.value)));
    }
    let written = file.bytes.get(node.span.clone())?;
    let [b'!', tag @ ..] = written else { return None };
    let name = NAMES.iter().find(|name| tag.strip_prefix(name.as_bytes()).is_some_and(is_end)).unwrap_or(&"");
    let tag = tag.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(tag.len());
    let blanks = written.iter().skip(1 + tag).take_while(|byte| byte.is_ascii_whitespace()).count();
    let span = node.span.start + 1 + tag + blanks..node.span.end;
    Some((name, Cow::Owned(tree::node(node.value.clone(), span))))
}

/// The functions that are known; all others fill in what nobody knows.
const NAMES: [&str; 3] = ["Base64", "Sub", "Join"];

fn is_end(rest: &[u8]) -> bool {
    rest.first().is_none_or(u8::is_ascii_whitespace)
}

fn is_packed(file: &File, node: &Node) -> bool {
    function(file, node).is_some_and(|(name, _)| name == NAMES[0])
}

/// The text that a value is; none where it is none, or is filled in as a whole.
fn evaluated(file: &File, node: &Node, depth: usize) -> Option<Source<'static>> {
    let Some((name, given)) = function(file, node) else { return file.scalar(node) };
    if depth > MAX_FUNCTIONS {
        return None;
    }
    match (name, &given.value) {
        // The text, and what its variables are.
        ("Sub", Value::Array(items)) => evaluated(file, items.first()?, depth + 1),
        ("Base64" | "Sub", _) => evaluated(file, &given, depth + 1),
        ("Join", Value::Array(items)) => {
            let [separator, parts] = items.as_slice() else { return None };
            let text = |part: &Node| {
                evaluated(file, part, depth + 1).unwrap_or_else(|| Source::filled_in(b"$(_)", part.span.start))
            };
            let parts: Vec<Source> = tree::items(parts).iter().map(text).collect();
            Some(Source::of_parts(&parts, tree::string(separator)?.as_bytes()))
        }
        _ => None,
    }
}
