//! What is fuzzed, and what has to hold for every input. Whoever makes inputs, be it libFuzzer or [`mutate`], calls these
//! targets; a target panics where something does not hold.
//!
//! For all of them: no panic, no more than [`bounds`] allow, the same answer for the same bytes, and spans that lie in the
//! text at the bounds of its characters.
#![allow(clippy::unwrap_used, reason = "a target panics where something does not hold")]

pub mod bounds;
mod case;
mod judge;
pub mod mutate;
pub mod seeds;
mod texts;

use case::Case;

/// Something that is fuzzed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: that of the binary in `fuzz_targets/`, and of the folder of its corpus.
    pub name: &'static str,
    /// Takes one input, and panics where something does not hold.
    pub run: fn(&[u8]),
    /// Inputs to begin with, from the goldens.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: [Target; 7] = [
    Target { name: "json", run: json, seeds: seeds::documents },
    Target { name: "yaml", run: yaml, seeds: seeds::documents },
    Target { name: "flags", run: flags, seeds: seeds::flags },
    Target { name: "drop_ins", run: drop_ins, seeds: seeds::drop_ins },
    Target { name: "live", run: live, seeds: seeds::live },
    Target { name: "inputs", run: inputs, seeds: seeds::inputs },
    Target { name: "evaluate", run: evaluate, seeds: seeds::cases },
];

/// The JSON reader.
pub fn json(bytes: &[u8]) {
    texts::json(bytes);
}

/// The YAML reader.
pub fn yaml(bytes: &[u8]) {
    texts::yaml(bytes);
}

/// A command line without files.
pub fn flags(bytes: &[u8]) {
    judge::judge(&Case::flags(bytes));
}

/// A configuration file and drop-ins.
pub fn drop_ins(bytes: &[u8]) {
    judge::judge(&Case::drop_ins(bytes));
}

/// What runs, alone or beside a configuration file.
pub fn live(bytes: &[u8]) {
    judge::judge(&Case::live(bytes));
}

/// A file of a repository, in whatever form.
pub fn inputs(bytes: &[u8]) {
    judge::inputs(bytes);
}

/// Everything: options, arguments, files, and how they were answered.
pub fn evaluate(bytes: &[u8]) {
    judge::judge(&Case::everything(bytes));
}
