//! A real kubelet's answers: every golden through the component, and the same bytes from the rules without a sandbox.
//!
//! `KUBEVET_GOLDENS=FILE` adds a file of the same form.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

use kubevet::bundle::Bundle;
use kubevet::collect;
use kubevet::sandbox::Sandbox;
use kubevet_report::{Judged, json};
use kubevet_rules::model::Options;
use serde_json::Value;

const GOLDENS: [&str; 13] = [
    "1.26.15", "1.27.16", "1.28.15", "1.29.15", "1.30.14", "1.31.14", "1.32.13", "1.33.13", "1.34.4", "1.35.4",
    "1.36.3", "1.37.2", "families",
];

#[test]
fn every_golden_agrees_through_the_component() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/goldens");
    let mut files: Vec<String> = GOLDENS.iter().map(|version| format!("{folder}/{version}.jsonl")).collect();
    files.extend(std::env::var("KUBEVET_GOLDENS"));
    let cases: Vec<String> = files
        .iter()
        .flat_map(|file| std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert!(cases.len() >= 6939);

    let sandbox = Sandbox::new().unwrap();
    let wrong: Vec<String> = cases.iter().filter_map(|line| disagreement(&sandbox, line)).collect();
    println!("{} of {} goldens agree", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
}

fn disagreement(sandbox: &Sandbox, line: &str) -> Option<String> {
    let golden: Value = serde_json::from_str(line).unwrap();
    let bundle = Bundle::parse(line).unwrap();
    let values = vec![("version".to_owned(), bundle.version().unwrap().to_owned())];
    let options = Options { list_settings: true, values, ..Options::default() };
    let documents = collect::documents(&bundle, |known| sandbox.plan(known, &options)).unwrap();
    let report = sandbox.evaluate(&documents, &options).unwrap();
    let written = json::effective(&Judged::new("x", &documents, &report)).unwrap();
    let native = kubevet_rules::evaluate(&documents, &options).unwrap();
    let same = json::effective(&Judged::new("x", &documents, &native)).unwrap();
    assert_eq!(written, same, "{}", golden["id"]);

    let got: Value = serde_json::from_str(&written).unwrap();
    let expected = &golden["expect"];
    let mut wrong = vec![];
    if got["refusal"]["stage"] != expected["refusal"]["stage"] {
        wrong.push(format!("stage {} instead of {}", got["refusal"]["stage"], expected["refusal"]["stage"]));
    }
    if (got["outcome"] == "refuses") == expected["refusal"].is_null() {
        wrong.push(format!("outcome {}", got["outcome"]));
    }
    for (name, value) in expected["effective"].as_object().into_iter().flatten() {
        let setting = &got["settings"][name];
        let shown = if setting["omitted"] == true { &Value::Null } else { &setting["value"] };
        if shown != value {
            wrong.push(format!("{name}: {setting} instead of {value}"));
        }
    }
    for (name, value) in expected["flags"].as_object().into_iter().flatten() {
        if got["flags"][name] != *value {
            wrong.push(format!("flag {name}: {} instead of {value}", got["flags"][name]));
        }
    }
    (!wrong.is_empty()).then(|| format!("{}: {}", golden["id"], wrong.join("; ")))
}
