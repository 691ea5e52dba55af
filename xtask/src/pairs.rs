//! `cargo xtask pairs`: which bytes often stand side by side in the English texts of the rules, and in the titles of benchmarks, for
//! `words::packed`.

#[path = "../../plugin/rules/build/pairs.rs"]
mod build;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use serde_json::Value;

/// Where the table goes.
const FILE: &str = "plugin/rules/src/words/packed/pairs.rs";

/// Where the texts are.
const SOURCES: &str = "plugin/rules/src";

/// Where those are that only forms of repositories say, which nobody builds who wants few bytes.
const FORMS: &str = "plugin/rules/src/input";

/// Where the benchmarks are.
const EDITIONS: &str = "plugin/rules/src/benchmarks/editions";

/// How many pairs there are: texts may have all of ASCII.
const COUNT: u8 = 128;

/// Writes the table.
pub fn run() -> Result<ExitCode> {
    let mut texts: Vec<Vec<u8>> = vec![];
    for path in files(&crate::workspace().join(SOURCES), "rs")? {
        let source = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let ascii = english(&source).into_iter().filter(|text| text.is_ascii());
        texts.extend(ascii.map(String::into_bytes));
    }
    for path in files(&crate::workspace().join(EDITIONS), "json")? {
        let edition: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        texts.extend(edition["title"].as_str().map(|title| title.as_bytes().to_vec()));
    }
    let before: usize = texts.iter().map(Vec::len).sum();
    let row = |[first, second]: [u8; 2]| format!("    [{first}, {second}],\n");
    let pairs: Vec<String> = build::pack(&mut texts, COUNT).into_iter().map(row).collect();
    let after: usize = texts.iter().map(Vec::len).sum();
    let table = format!(
        "//! Made by `cargo xtask pairs`.\n\n/// The pairs, those that others are made of first.\n\
        pub const PAIRS: [[u8; 2]; {COUNT}] = [\n{}];\n",
        pairs.concat()
    );
    fs::write(crate::workspace().join(FILE), table).context(FILE)?;
    println!("{FILE}: {} texts, {before} bytes before and {after} after", texts.len());
    Ok(ExitCode::SUCCESS)
}

/// The files with an extension, sorted.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        match path.is_dir() {
            true if !path.ends_with(FORMS) => found.extend(files(&path, extension)?),
            false if path.extension().is_some_and(|found| found == extension) => found.push(path),
            _ => {}
        }
    }
    found.sort();
    Ok(found)
}

/// The English texts of a source: what follows `words!(` and `text!(`, but for the long explanations.
fn english(source: &str) -> Vec<String> {
    let mut texts = vec![];
    for part in source.split("paragraphs![").map(|part| part.split_once(")],").map_or(part, |(_, rest)| rest)) {
        for begin in ["words!(", "text!("] {
            texts.extend(part.split(begin).skip(1).filter_map(|rest| literal(rest.trim_start().strip_prefix('"')?)));
        }
    }
    texts
}

/// A string literal up to its closing quote.
fn literal(source: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = source.chars();
    loop {
        match characters.next()? {
            '"' => return Some(text),
            '\\' => match characters.next()? {
                'n' => text.push('\n'),
                // The line goes on.
                '\n' => characters = characters.as_str().trim_start().chars(),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}
