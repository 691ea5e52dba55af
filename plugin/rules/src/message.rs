//! Building [`Message`]s.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::model::Message;

/// A message: a stable id, the parameters for machines, and the text for people.
pub fn message(id: &str, params: &[(&str, &str)], text: impl Into<String>) -> Message {
    let params = params.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Message { id: id.to_owned(), params, text: text.into() }
}
