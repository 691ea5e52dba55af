//! The readers against Go: what `sigs.k8s.io/yaml` and `encoding/json` make of thousands of texts.
//!
//! `KUBEVET_DOCUMENTS=FILE` names a further file of the same shape.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "the helpers of tests are tests, too")]

use base64::{Engine, prelude::BASE64_STANDARD};
use kubevet_rules::text::{SyntaxError, Text, read, read_json, read_yaml};
use serde_json::Value;
use std::collections::BTreeMap;

const GOLDENS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/goldens/documents.jsonl");

/// A text and Go's answer: its value or its error.
struct Golden {
    id: String,
    text: Vec<u8>,
    expect: Value,
}

fn goldens(path: &str) -> Vec<Golden> {
    let lines = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let golden = |line| {
        let mut golden: Value = serde_json::from_str(line).unwrap();
        Golden {
            id: golden["id"].as_str().unwrap().into(),
            text: BASE64_STANDARD.decode(golden["text64"].as_str().unwrap()).unwrap(),
            expect: golden["expect"].take(),
        }
    };
    lines.lines().map(golden).collect()
}

type Reader = fn(&[u8]) -> Result<Text, SyntaxError>;

/// Why an answer is not Go's, and what is.
fn difference(golden: &Golden, format: &str, reader: Reader) -> Option<(&'static str, String)> {
    let expect = &golden.expect[format];
    match (reader(&golden.text), expect.get("error"), expect.get("value")) {
        (Err(_), Some(_), _) => None,
        (Ok(text), Some(error), _) => Some(("accepted", format!("{} where Go says {error}", text.root.to_json()))),
        (Err(error), None, _) => Some(("refused", format!("{error:?} where Go reads {}", expect["value"]))),
        (Ok(text), None, value) => {
            let json = text.root.to_json();
            let same = serde_json::from_str::<Value>(&json).is_ok_and(|json| Some(&json) == value);
            (!same).then(|| ("another value", format!("{json} where Go reads {}", expect["value"])))
        }
    }
}

/// Prints what differs, by cause, and gives the share that agrees.
fn agreement(goldens: &[Golden], format: &str, reader: Reader) -> f64 {
    let mut misses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for golden in goldens {
        if let Some((cause, detail)) = difference(golden, format, reader) {
            let text = String::from_utf8_lossy(&golden.text);
            misses.entry(cause).or_default().push(format!("{}: {text:?}: {detail}", golden.id));
        }
    }
    for (cause, misses) in &misses {
        println!("{format}, {cause}: {}\n  {}", misses.len(), misses.join("\n  "));
    }
    let missed = misses.values().map(Vec::len).sum::<usize>();
    println!("{format}: {missed} of {} differ", goldens.len());
    1.0 - missed as f64 / goldens.len() as f64
}

fn check(path: &str) {
    let goldens = goldens(path);
    assert!(!goldens.is_empty(), "{path} has no goldens");
    let (json, yaml) = (agreement(&goldens, "json", read_json), agreement(&goldens, "yaml", read_yaml));
    assert!(json == 1.0, "{path}: only {json} of the JSON answers agree");
    assert!(yaml >= 0.98, "{path}: only {yaml} of the YAML answers agree");
}

#[test]
fn goldens_agree() {
    check(GOLDENS);
}

#[test]
fn further_documents_agree() {
    if let Ok(path) = std::env::var("KUBEVET_DOCUMENTS") {
        check(&path);
    }
}

/// A span names a place of the text, at the bounds of its characters.
#[test]
fn spans_and_errors_stay_inside_the_text() {
    for golden in goldens(GOLDENS) {
        for reader in [read, read_json, read_yaml] {
            let (length, mut spans) = (golden.text.len(), Vec::new());
            match reader(&golden.text) {
                Ok(text) => {
                    spans.extend(text.set_twice.iter().cloned());
                    let mut pending = vec![&text.root];
                    while let Some(node) = pending.pop() {
                        spans.push(node.span.clone());
                        match &node.value {
                            kubevet_rules::text::Value::Array(items) => pending.extend(items),
                            kubevet_rules::text::Value::Object(members) => {
                                spans.extend(members.iter().map(|member| member.key_span.clone()));
                                pending.extend(members.iter().map(|member| &member.value));
                            }
                            _ => {}
                        }
                    }
                }
                Err(error) => spans.push(error.span),
            }
            for span in spans {
                assert!(span.start <= span.end && span.end <= length, "{}: {span:?} of {length}", golden.id);
            }
        }
    }
}
