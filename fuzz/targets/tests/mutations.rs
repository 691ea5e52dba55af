//! Every target, with some thousand mutations of its seeds: always the same ones, unless `KUBEVET_FUZZ_SECONDS` gives each
//! target that long. A failure names its input in hexadecimal digits; `KUBEVET_FUZZ_INPUT=FILE` runs one input.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the helpers of tests are tests, too")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use kubevet_fuzz_targets::mutate::Mutator;
use kubevet_fuzz_targets::{TARGETS, Target, seeds};

/// The seed of the seeds.
const NUMBER: u64 = 20;

/// How many inputs the readers get in a plain `cargo test`, and the other targets, which do some hundred times as much.
const TEXTS: usize = 2_000;
const CASES: usize = 100;

/// No input takes this long, however busy the machine is.
const HANGS: Duration = Duration::from_secs(60);

fn target(name: &str) -> Target {
    *TARGETS.iter().find(|target| target.name == name).unwrap()
}

fn seconds() -> Option<Duration> {
    std::env::var("KUBEVET_FUZZ_SECONDS").ok().map(|seconds| Duration::from_secs(seconds.parse().unwrap()))
}

/// Runs a target in a thread, and tells the input with which it fails or hangs.
fn fuzz(name: &'static str, inputs: usize) {
    let target = target(name);
    let (told, watched) = mpsc::channel();
    let thread = thread::spawn(move || {
        let (time, start) = (seconds(), Instant::now());
        // Over the time that is given, other inputs than always.
        let number = NUMBER + time.map_or(0, |_| u64::from(std::process::id()) << 16);
        let mut mutator = Mutator::new((target.seeds)(), seeds::words(), number);
        let mut done = 0;
        while time.map_or(done < inputs, |time| start.elapsed() < time) {
            let input = mutator.input();
            told.send(input.clone()).unwrap();
            if catch_unwind(AssertUnwindSafe(|| (target.run)(&input))).is_err() {
                panic!("{name} fails with {}", hex(&input));
            }
            done += 1;
        }
        done
    });
    let mut last = vec![];
    loop {
        match watched.recv_timeout(HANGS) {
            Ok(input) => last = input,
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => panic!("{name} hangs with {}", hex(&last)),
        }
    }
    match thread.join() {
        Ok(done) => println!("{name}: {done} inputs"),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn json_holds() {
    fuzz("json", TEXTS);
}

#[test]
fn yaml_holds() {
    fuzz("yaml", TEXTS);
}

#[test]
fn flags_hold() {
    fuzz("flags", CASES);
}

#[test]
fn drop_ins_hold() {
    fuzz("drop_ins", CASES);
}

#[test]
fn live_holds() {
    fuzz("live", CASES);
}

#[test]
fn inputs_hold() {
    fuzz("inputs", CASES);
}

#[test]
fn evaluate_holds() {
    fuzz("evaluate", CASES);
}

/// One input through every target, to look at a failure.
#[test]
fn one_input_holds() {
    let Ok(path) = std::env::var("KUBEVET_FUZZ_INPUT") else { return };
    let input = std::fs::read(path).unwrap();
    TARGETS.iter().for_each(|target| (target.run)(&input));
}
