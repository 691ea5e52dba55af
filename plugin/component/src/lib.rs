//! The rules as a component: each door of the interface opens onto the same door of the rules.
//!
//! Without the standard library, whose messages for panics would be a good part of the component, and which nobody would
//! read: a panic is a trap, and the host says where.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod runtime;

use alloc::string::String;
use alloc::vec::Vec;

use kubevet_contract::model::{Description, Document, Error, Guest, Input, Options, Report, Want};

#[allow(unsafe_code, reason = "the interface's own glue")]
mod glue {
    use super::Component;

    kubevet_contract::bindings::export!(Component with_types_in kubevet_contract::bindings);
}

struct Component;

impl Guest for Component {
    fn describe(language: String) -> Description {
        kubevet_rules::describe(&language)
    }

    fn recognise(name: Vec<u8>, content: Vec<u8>, language: String) -> Vec<Input> {
        kubevet_rules::recognise(&name, &content, &language)
    }

    fn plan(documents: Vec<Document>, options: Options) -> Result<Vec<Want>, Error> {
        kubevet_rules::plan(&documents, &options)
    }

    fn evaluate(documents: Vec<Document>, options: Options) -> Result<Report, Error> {
        kubevet_rules::evaluate(&documents, &options)
    }
}
