//! The face of the rules towards WASM hosts: conversions only.
//!
//! Without the standard library, whose messages for panics would be a good part of the component, and which nobody would
//! read: a panic is a trap, and the host says where.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod runtime;

use alloc::string::String;
use alloc::vec::Vec;

use bindings::exports::kubevet::scanner::scan::{Description, Document, Error, Guest, Options, Report, Want};
use convert::Convert;

#[allow(missing_docs, unsafe_code, reason = "generated from wit/scanner.wit")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "plugin", pub_export_macro: false });
    export!(Component with_types_in self);

    use super::Component;
}

mod convert {
    use alloc::string::String;
    use alloc::vec::Vec;

    kubevet_rules::wit_conversions!(super::bindings::exports::kubevet::scanner::scan);
}

struct Component;

impl Guest for Component {
    fn describe(language: String) -> Description {
        kubevet_rules::describe(&language).convert()
    }

    fn plan(documents: Vec<Document>, options: Options) -> Result<Vec<Want>, Error> {
        kubevet_rules::plan(&documents.convert(), &options.convert()).map(Convert::convert).map_err(Convert::convert)
    }

    fn evaluate(documents: Vec<Document>, options: Options) -> Result<Report, Error> {
        kubevet_rules::evaluate(&documents.convert(), &options.convert())
            .map(Convert::convert)
            .map_err(Convert::convert)
    }
}
