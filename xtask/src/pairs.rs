//! `cargo xtask pairs`: which bytes often stand side by side in the English texts of the rules, for `words::packed`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

/// Where the table goes.
const FILE: &str = "plugin/rules/src/words/packed/pairs.rs";

/// Where the texts are.
const SOURCES: &str = "plugin/rules/src";

/// Where those are that only forms of repositories say, which nobody builds who wants few bytes.
const FORMS: &str = "plugin/rules/src/input";

/// How many pairs there are, and the first byte that stands for one.
const COUNT: usize = 128;
const FIRST: usize = 0x80;

/// Writes the table.
pub fn run() -> Result<ExitCode> {
    let mut texts: Vec<Vec<u8>> = vec![];
    for path in sources(&crate::workspace().join(SOURCES))? {
        let source = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let ascii = english(&source).into_iter().filter(|text| text.is_ascii());
        texts.extend(ascii.map(String::into_bytes));
    }
    let before: usize = texts.iter().map(Vec::len).sum();
    let pairs: Vec<String> = (0..COUNT).map(|number| replace_commonest(&mut texts, FIRST + number)).collect();
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

/// The source files, sorted.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        match path.is_dir() {
            true if !path.ends_with(FORMS) => found.extend(sources(&path)?),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
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

/// Replaces the commonest pair of bytes by this one, and returns it as the table has it.
fn replace_commonest(texts: &mut [Vec<u8>], code: usize) -> String {
    let mut counts = BTreeMap::<[u8; 2], usize>::new();
    for pair in texts.iter().flat_map(|text| text.windows(2)) {
        *counts.entry([pair[0], pair[1]]).or_default() += 1;
    }
    let (pair, _) = counts.into_iter().max_by_key(|(_, count)| *count).unwrap_or_default();
    for text in texts {
        let mut replaced = Vec::with_capacity(text.len());
        let mut rest = &**text;
        while let [first, others @ ..] = rest {
            let is_pair = rest.starts_with(&pair);
            replaced.push(if is_pair { code as u8 } else { *first });
            rest = if is_pair { &others[1..] } else { others };
        }
        *text = replaced;
    }
    format!("    [{}, {}],\n", pair[0], pair[1])
}
