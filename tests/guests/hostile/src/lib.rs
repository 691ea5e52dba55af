//! A plugin that misbehaves on demand: the value of the option `attack` says how, or the argument `--attack=…` of the
//! process that it judges.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use kubevet_contract::model::{Content, Description, Document, Error, Guest, Input, Options, Outcome, Report, Want};

#[allow(unsafe_code, reason = "the interface's own glue")]
mod glue {
    use super::Hostile;

    kubevet_contract::bindings::export!(Hostile with_types_in kubevet_contract::bindings);
}

struct Hostile;

impl Guest for Hostile {
    fn describe(language: String) -> Description {
        match &*language {
            "endless-loop" => endless_loop(),
            _ => Description {
                id: "hostile".into(),
                version: String::new(),
                languages: vec![],
                checks: vec![],
                options: vec![],
            },
        }
    }

    fn recognise(_: Vec<u8>, _: Vec<u8>, language: String) -> Vec<Input> {
        match &*language {
            "endless-loop" => endless_loop(),
            _ => vec![],
        }
    }

    fn plan(documents: Vec<Document>, options: Options) -> Result<Vec<Want>, Error> {
        let number = documents.len();
        match &*attack(&documents, &options) {
            "unwanted" => Err(Error::BadOption("unwanted".into())),
            _ if documents.is_empty() => Ok(vec![Want::Processes("kubelet".into())]),
            "plan-endless-loop" => endless_loop(),
            "plan-for-ever" => Ok(vec![next(number)]),
            "plan-everything" => Ok((0..100_000_u32).map(|file| Want::File(file.to_string().into_bytes())).collect()),
            _ => Ok(vec![]),
        }
    }

    fn evaluate(documents: Vec<Document>, options: Options) -> Result<Report, Error> {
        let attack = attack(&documents, &options);
        let answer = match &*attack {
            "endless-loop" => endless_loop(),
            "memory-bomb" => memory_bomb(),
            "deep-recursion" => deep_recursion(black_box(u64::MAX)).to_string(),
            "deep-frames" => deep_frames(black_box(u64::MAX)).to_string(),
            "trap" => std::process::abort(),
            "leave-traces" => leave_traces(),
            "huge-text" => huge_text(),
            "not-unicode" => not_unicode(),
            "many-texts" => return Ok(report(vec![String::new(); 6 << 20])),
            "plan-for-ever" => {
                let unmet = vec![next(documents.len())];
                return Ok(Report { unmet, ..report(vec!["harmless".into()]) });
            }
            none if none == "none" || none.starts_with("plan-") => "harmless".into(),
            unknown => return Err(Error::Internal(format!("no such attack: {unknown}"))),
        };
        Ok(report(vec![answer]))
    }
}

fn attack(documents: &[Document], options: &Options) -> String {
    let option = options.values.iter().find(|(key, _)| key == "attack").map(|(_, value)| value.clone());
    let argument = || match &documents.first()?.outcome {
        Outcome::Found(Content::Process(process)) => {
            let attack = process.arguments.first()?.strip_prefix(b"--attack=")?;
            String::from_utf8(attack.to_vec()).ok()
        }
        _ => None,
    };
    option.or_else(argument).unwrap_or_else(|| "none".into())
}

/// A file that nobody asked for before.
fn next(number: usize) -> Want {
    Want::File(number.to_string().into_bytes())
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

/// What is found that a call before has left: how many calls there were, and how many bytes are not zero.
fn leave_traces() -> String {
    static CALLS: AtomicU32 = AtomicU32::new(1);
    let mut memory = black_box(vec![0_u8; 8 << 20]);
    let found = (CALLS.fetch_add(1, Ordering::Relaxed) - 1, memory.iter().filter(|byte| **byte != 0).count());
    memory.fill(1);
    black_box(memory);
    format!("{found:?}")
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

/// What no Rust program may have, and another plugin might send.
#[allow(unsafe_code)]
fn not_unicode() -> String {
    // SAFETY: none; it is only handed on.
    unsafe { String::from_utf8_unchecked(b"\xff\xfe".to_vec()) }
}

fn report(versions: Vec<String>) -> Report {
    Report {
        versions,
        context: vec![],
        refusals: vec![],
        settings: vec![],
        findings: vec![],
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    }
}
