//! A plugin that misbehaves on demand: the value of the option `attack` says how.

use std::hint::black_box;

use bindings::exports::kubevet::scanner::scan::{Description, Document, Error, Guest, Options, Report, Want};

#[allow(missing_docs, unsafe_code, reason = "generated from wit/scanner.wit")]
mod bindings {
    wit_bindgen::generate!({ path: "../../../wit", world: "plugin", pub_export_macro: false });
    export!(Hostile with_types_in self);

    use super::Hostile;
}

struct Hostile;

impl Guest for Hostile {
    fn describe(_language: String) -> Description {
        endless_loop()
    }

    fn plan(_documents: Vec<Document>, options: Options) -> Result<Vec<Want>, Error> {
        Err(Error::BadOption(attack(&options).into()))
    }

    fn evaluate(_documents: Vec<Document>, options: Options) -> Result<Report, Error> {
        let answer = match attack(&options) {
            "none" => "harmless".into(),
            "endless-loop" => endless_loop(),
            "memory-bomb" => memory_bomb(),
            "deep-recursion" => deep_recursion(black_box(u64::MAX)).to_string(),
            "deep-frames" => deep_frames(black_box(u64::MAX)).to_string(),
            "trap" => std::process::abort(),
            "huge-text" => huge_text(),
            "many-texts" => return Ok(report(vec![String::new(); 6 << 20])),
            unknown => return Err(Error::Internal(format!("no such attack: {unknown}"))),
        };
        Ok(report(vec![answer]))
    }
}

fn attack(options: &Options) -> &str {
    options.values.iter().find(|(key, _)| key == "attack").map_or("none", |(_, value)| value)
}

fn endless_loop() -> ! {
    loop {
        black_box(());
    }
}

fn memory_bomb() -> ! {
    loop {
        std::mem::forget(black_box(vec![1_u8; 1 << 20]));
    }
}

/// Calls itself with all its state in locals: only the machine's stack grows.
fn deep_recursion(depth: u64) -> u64 {
    if depth == 0 { 0 } else { deep_recursion(depth - 1).wrapping_mul(3).rotate_left(depth as u32 & 63) }
}

/// Calls itself with state that has an address: the stack in the guest's memory grows.
fn deep_frames(depth: u64) -> u64 {
    let frame = black_box([depth; 512]);
    if depth == 0 { 0 } else { deep_frames(depth - 1).wrapping_add(frame[depth as usize & 511]) }
}

fn huge_text() -> String {
    "x".repeat(80 << 20)
}

fn report(versions: Vec<String>) -> Report {
    Report {
        versions,
        refusals: vec![],
        settings: vec![],
        findings: vec![],
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    }
}
