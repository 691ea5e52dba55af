//! Bicep: a language for templates of Azure. Of what it declares, the resources are read as the template that is made of them,
//! their names its keys; what is computed is a template, see [`is_template`](super::source::is_template).

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::hcl::{Read, Reader};
use super::tree;
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

/// The schema of the templates that come of it.
const SCHEMA: &str = "deploymentTemplate.json#";

/// Whether a text is Bicep with clusters in it: by its first line that is no comment, and a resource of that kind.
pub fn is_one(bytes: &[u8]) -> bool {
    let mut reader = Reader::bicep(bytes, 0);
    let is_kind = |line: &[u8]| {
        let kind = line.split(|byte| *byte == b'\'').nth(1).unwrap_or_default();
        line.starts_with(RESOURCE)
            && kind.starts_with(b"Microsoft.ContainerService/managedClusters")
            && kind.contains(&b'@')
    };
    let is_skipped = reader.skip_blank().is_ok();
    let rest = bytes.get(reader.at..).unwrap_or_default();
    is_skipped
        && WORDS.iter().any(|word| rest.starts_with(word.as_bytes()))
        && bytes.split(|byte| *byte == b'\n').any(is_kind)
}

/// Reads a file.
///
/// # Errors
/// Where a resource is not Bicep any more.
pub fn read(bytes: &[u8]) -> Read<Text> {
    let whole = 0..bytes.len();
    let mut resources = vec![];
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(RESOURCE) {
            let mut reader = Reader::bicep(bytes, at + RESOURCE.len());
            resources.extend(reader.resource()?);
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
