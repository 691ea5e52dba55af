//! What the component answers in wasmtime, for other faces of the rules to be held against.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, anyhow, ensure};
use kubevet::bundle::Bundle;
use kubevet::inquiry::Inquiry;
use kubevet::sandbox::Sandbox;
use kubevet::target::Target;
use kubevet_report::json;
use kubevet_rules::model::Options;
use serde_json::{Value, json};

use crate::{target, workspace};

/// Where the rules' own tests write their cases, if this names a file.
const CASES: &str = "KUBEVET_CASES";

/// Writes for every golden, every node and every case of the checks a line with the bundle, the options, and both reports.
pub fn run() -> Result<ExitCode> {
    let sandbox = Sandbox::new()?;
    let mut output = io::BufWriter::new(io::stdout().lock());
    let mut count = 0;
    let mut answer = |bundle: &str, asked: &Value| -> Result<()> {
        // Every other one in Japanese.
        let language = if count % 2 == 0 { "en" } else { "ja" };
        count += 1;
        let line = self::answer(&sandbox, bundle, asked, language)?;
        Ok(writeln!(output, "{line}")?)
    };
    for file in bundles()? {
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for bundle in serde_json::Deserializer::from_str(&text).into_iter::<&serde_json::value::RawValue>() {
            answer(bundle?.get(), &json!({}))?;
        }
    }
    for line in cases()?.lines() {
        let case: Value = serde_json::from_str(line)?;
        answer(&case["bundle"].to_string(), &case)?;
    }
    output.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// All recorded targets of the tests.
fn bundles() -> Result<Vec<PathBuf>> {
    let mut files = vec![];
    for folder in ["tests/goldens", "tests/live", "tests/nodes"] {
        for entry in fs::read_dir(workspace().join(folder))? {
            files.push(entry?.path());
        }
    }
    files.retain(|file| file.file_name().is_some_and(|name| name != "documents.jsonl"));
    files.sort();
    Ok(files)
}

/// What the rules' own tests ask of the checks, a case a line.
fn cases() -> Result<String> {
    let file = target().join("cases.jsonl");
    let _ = fs::remove_file(&file);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tested = Command::new(cargo)
        .current_dir(workspace())
        .args(["test", "--quiet", "--locked", "--package", "kubevet-rules", "--lib"])
        .env(CASES, &file)
        .stdout(Stdio::null())
        .status()?;
    ensure!(tested.success(), "the rules' own tests fail");
    fs::read_to_string(&file).with_context(|| Path::new(&file).display().to_string())
}

fn answer(sandbox: &Sandbox, text: &str, asked: &Value, language: &str) -> Result<Value> {
    let bundle = Bundle::parse(text)?;
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let values = asked["values"].as_object().into_iter().flatten();
    let values = values.flat_map(|(key, values)| texts(values).into_iter().map(move |value| (key.clone(), value)));
    let options = Options {
        language: language.into(),
        checks: texts(&asked["checks"]),
        list_settings: true,
        values: values.collect(),
    };
    let (id, version) = (bundle.id().to_owned(), bundle.version().map(str::to_owned));
    let inquiry = Inquiry::new(sandbox, options.clone()).map_err(|error| anyhow!(error))?;
    let judgement = Target { id, version, source: Box::new(bundle) }.judge(&inquiry);
    let judged = judgement.judged();
    let (check, effective) = (json::check(&judged)?, json::effective(&judged)?);
    let options = json!({
        "language": language, "checks": options.checks, "listSettings": true, "values": asked.get("values").unwrap_or(&json!({})),
    });
    Ok(json!({ "bundle": text, "options": options, "check": check, "effective": effective }))
}
