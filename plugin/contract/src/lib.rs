//! The interface between a scanner and its plugins, as Rust types: `wit/scanner.wit` documents them, and is the place to read.
//!
//! A plugin implements [`model::Guest`] and calls `bindings::export!`. A host that runs plugins in a sandbox has types of its own for what
//! crosses the border, and converts them.
#![no_std]

#[doc(hidden)]
#[allow(missing_docs, unsafe_code, reason = "generated from wit/scanner.wit")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "plugin",
        additional_derives: [Clone, Eq, PartialEq, Ord, PartialOrd, Hash],
        pub_export_macro: true,
        default_bindings_module: "kubevet_contract::bindings",
    });
}

pub use bindings::exports::kubevet::scanner::scan as model;

impl Default for model::Options {
    /// All checks, in English, without the settings.
    fn default() -> Self {
        Self {
            language: Default::default(),
            checks: Default::default(),
            list_settings: false,
            values: Default::default(),
        }
    }
}
