//! The face of the rules towards WASM hosts: conversions only.

use bindings::exports::kubevet::scanner::scan::{Description, Document, Error, Guest, Options, Report, Want};
use convert::Convert;

#[allow(missing_docs, unsafe_code, reason = "generated from wit/scanner.wit")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "plugin", pub_export_macro: false });
    export!(Component with_types_in self);

    use super::Component;
}

mod convert {
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
