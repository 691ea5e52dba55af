//! YAML as go-yaml v2 and `sigs.k8s.io/yaml` read it.
//!
//! The scanner, composer and decoder are our own, because no crate agrees with go-yaml v2 in all that the kubelet accepts, and
//! those that come near can panic or take quadratic time on hostile text.

mod composer;
mod decoder;
mod scanner;
mod source;

use alloc::vec::Vec;

use super::{Format, Node, SyntaxError, Text, Value};
use source::Source;

/// Reads the first document of a YAML text; what follows it is not looked at.
pub fn read_yaml(bytes: &[u8]) -> Result<Text, SyntaxError> {
    let source = Source::new(bytes);
    let document = composer::compose(&source)
        .map_err(|error| SyntaxError { span: source.original(&error.span), words: error.words })?;
    let end = bytes.len();
    let (root, set_twice) = match document {
        Some(document) => decoder::decode(&document).map_err(|error| *error)?,
        None => (Node { value: Value::Null, span: end..end }, Vec::new()),
    };
    Ok(Text { root, format: Format::Yaml, set_twice })
}
