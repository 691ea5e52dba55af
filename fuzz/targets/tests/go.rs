//! The readers against Go's, with mutations of the goldens and with what a fuzzer has found, which `KUBEVET_FUZZ_CORPUS`
//! names. `KUBEVET_ORACLE_DOCUMENTS` names the program that answers for Go; without it, there is nothing to compare with.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the helpers of tests are tests, too")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kubevet_fuzz_targets::mutate::Mutator;
use kubevet_fuzz_targets::seeds;
use kubevet_rules::text::{SyntaxError, Text, read_json, read_yaml};
use serde_json::Value;

/// The seed of the seeds.
const NUMBER: u64 = 20;

/// How many mutations are compared, and by `KUBEVET_FUZZ_SECONDS` how many a second.
const INPUTS: usize = 5_000;

#[test]
fn readers_agree_with_go() {
    let Some(oracle) = std::env::var_os("KUBEVET_ORACLE_DOCUMENTS").map(PathBuf::from) else {
        println!("skipped: KUBEVET_ORACLE_DOCUMENTS does not name the program that answers for Go");
        return;
    };
    let seconds: usize = std::env::var("KUBEVET_FUZZ_SECONDS").map_or(0, |seconds| seconds.parse().unwrap());
    let number = if seconds == 0 { NUMBER } else { u64::from(std::process::id()) << 16 };
    let mut mutator = Mutator::new(seeds::documents(), seeds::words(), number);
    let mut texts: Vec<Vec<u8>> = (0..INPUTS * seconds.max(1)).map(|_| mutator.input()).collect();
    if let Ok(folder) = std::env::var("KUBEVET_FUZZ_CORPUS") {
        let files = std::fs::read_dir(folder).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        texts.extend(files);
    }
    let mut differences = vec![];
    for texts in texts.chunks(INPUTS) {
        let answers = ask(&oracle, texts);
        for (text, answer) in texts.iter().zip(&answers).filter(|(_, answer)| !answer.is_null()) {
            differences.extend(difference("json", text, read_json(text), answer).filter(|_| !has_large_number(answer)));
            let difference = || difference("yaml", text, read_yaml(text), answer);
            differences.extend(difference().filter(|_| !sometimes_agrees(&oracle, text)));
        }
    }
    println!("{} of {} texts are read in another way", differences.len(), texts.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Go says no to a number beyond `float64` when it is asked for any value; what it says when it is asked for the kubelet's
/// types is not for a reader to know, which keeps numbers as they are written.
fn has_large_number(answer: &Value) -> bool {
    let error = answer["json"]["error"].as_str().unwrap_or_default();
    error.contains("cannot unmarshal number") && error.ends_with("of type float64")
}

/// Go's answer changes from run to run where YAML has keys that are one in JSON, such as `1` and `"1"`.
fn sometimes_agrees(oracle: &Path, text: &[u8]) -> bool {
    let answers = ask(oracle, &vec![text.to_vec(); 50]);
    answers.iter().any(|answer| difference("yaml", text, read_yaml(text), answer).is_none())
}

/// Go's answers, in the order of the texts; `null` for one that is deeper than serde_json goes.
fn ask(oracle: &Path, texts: &[Vec<u8>]) -> Vec<Value> {
    let mut program = Command::new(oracle).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut questions = program.stdin.take().unwrap();
    let lines: String =
        texts.iter().map(|text| format!("{{\"text64\":\"{}\"}}\n", BASE64_STANDARD.encode(text))).collect();
    let asking = thread::spawn(move || questions.write_all(lines.as_bytes()).unwrap());
    let output = program.wait_with_output().unwrap();
    asking.join().unwrap();
    let answers: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
    assert_eq!(answers.len(), texts.len(), "the oracle has not answered everything");
    answers.into_iter().map(|line| serde_json::from_str(line).unwrap_or_default()).collect()
}

/// What a reader reads otherwise than Go does, with the text.
fn difference(format: &str, text: &[u8], read: Result<Text, SyntaxError>, answer: &Value) -> Option<String> {
    let go = &answer[format];
    let difference = match (read, go.get("error"), go.get("value")) {
        (Err(_), Some(_), _) => return None,
        (Ok(text), Some(error), _) => format!("{} where Go says {error}", text.root.to_json()),
        (Err(error), None, value) => format!("{error:?} where Go reads {value:?}"),
        (Ok(text), None, value) => {
            let json = text.root.to_json();
            if serde_json::from_str::<Value>(&json).ok().as_ref() == value {
                return None;
            }
            format!("{json} where Go reads {value:?}")
        }
    };
    Some(format!("{format}: {}: {difference}", text.escape_ascii()))
}
