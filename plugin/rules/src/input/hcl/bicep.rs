//! Bicep: a language for templates of Azure. Of what it declares, the resources are read as the template that is made of them,
//! their names its keys; what is computed is a template, see [`is_template`](crate::input::source::is_template).

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::encoded::Evaluated;
use super::{Read, Reader, shown};
use crate::input::tree;
use crate::text::{Format, Member, Text, Value};

/// What lines begin with that declare something.
const WORDS: [&str; 11] = [
    "@",
    "extension ",
    "func ",
    "import ",
    "metadata ",
    "module ",
    "param ",
    "resource ",
    "targetScope",
    "type ",
    "var ",
];

const RESOURCE: &[u8] = b"resource ";

const KIND: &[u8] = b"Microsoft.ContainerService/managedClusters";

/// The schema of the templates that come of it.
const SCHEMA: &str = "deploymentTemplate.json#";

/// Whether a text is Bicep with clusters in it: by its first line that is no comment, and a resource of that kind.
pub fn is_one(bytes: &[u8]) -> bool {
    let mut reader = Reader::bicep(bytes, 0);
    let is_skipped = reader.skip_blank().is_ok();
    let rest = bytes.get(reader.at..).unwrap_or_default();
    is_skipped
        && WORDS.iter().any(|word| rest.starts_with(word.as_bytes()))
        && bytes.split(|byte| *byte == b'\n').any(is_cluster)
}

/// Whether a line declares a cluster or a pool of one.
fn is_cluster(line: &[u8]) -> bool {
    let kind = line.split(|byte| *byte == b'\'').nth(1).unwrap_or_default();
    line.starts_with(RESOURCE) && kind.starts_with(KIND) && kind.contains(&b'@')
}

/// Reads a file.
///
/// # Errors
/// Where a resource is not Bicep any more.
pub fn read(bytes: &[u8]) -> Read<Text> {
    let whole = 0..bytes.len();
    let mut resources = vec![];
    let (mut at, mut end) = (0, 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        // What stands within another was read with it.
        if at >= end && is_cluster(line) {
            let mut reader = Reader::bicep(bytes, at + RESOURCE.len());
            resources.extend(reader.resource()?);
            end = reader.at;
        }
        at += line.len();
    }
    let member = |key: &str, value| Member {
        key: key.to_owned(),
        key_span: 0..0,
        value: tree::node(value, whole.clone()),
        shadowed: false,
    };
    let members = [member("$schema", Value::String(SCHEMA.to_owned())), member("resources", Value::Object(resources))];
    let root = tree::node(Value::Object(Vec::from(members)), whole.clone());
    Ok(Text { root, format: Format::Yaml, set_twice: vec![] })
}

impl Reader<'_> {
    /// A resource of Bicep after the word: its name, and its body with its type. None where it is computed.
    pub(super) fn resource(&mut self) -> Read<Option<Member>> {
        self.skip_spaces();
        let start = self.at;
        let key = shown(self.name());
        let key_span = start..self.at;
        self.skip_spaces();
        let start = self.at;
        let mut kind = Evaluated::default();
        if !self.string(&mut Some(&mut kind), None)? {
            return self.error(words!("a resource must have a type", "リソースには型が必要です"));
        }
        let kind_span = start..self.at;
        self.skip_spaces();
        let is_existing = self.name() == b"existing";
        self.skip_blank()?;
        if !self.eat(b'=') {
            return self.error(words!("there must be `=` here", "ここには `=` が必要です"));
        }
        self.skip_blank()?;
        if self.starts(b"if") {
            self.at += 2;
            self.skip_spaces();
            self.at += 1;
            self.skip_to(b')')?;
            self.skip_blank()?;
        } else if self.eat(b'[') {
            // A loop: what is in it is what each of them is.
            self.skip_blank()?;
            let line = self.rest().split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
            self.at += if line.ends_with(b"{") { line.len() - 1 } else { 0 };
        }
        let start = self.at;
        match self.peek() {
            Some(b'{') => {}
            Some(_) => return self.skip_expression(true).map(|()| None),
            None => return self.error(words!("there must be a value here", "ここには値が必要です")),
        }
        self.enter()?;
        let body = self.object()?;
        self.leave();
        let Some(Value::Object(mut members)) = body else { return Ok(None) };
        if !is_existing {
            let kind = kind.bytes.split(|byte| *byte == b'@').next().unwrap_or_default();
            let value = tree::node(Value::String(shown(kind)), kind_span.clone());
            members.push(Member { key: "type".to_owned(), key_span: kind_span, value, shadowed: false });
        }
        Ok(Some(Member { key, key_span, value: tree::node(Value::Object(members), start..self.at), shadowed: false }))
    }
}
