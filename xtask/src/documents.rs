//! `cargo xtask documents`: the readers of JSON and YAML against the libraries that the kubelet reads with.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Seek, Write};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use base64::{Engine, prelude::BASE64_STANDARD};
use fastrand::Rng;
use kubevet_rules::text::{SyntaxError, Text, read_json, read_yaml};
use serde_json::{Value, json};

use crate::goldens::texts;
use crate::options::Options;
use crate::{go, shrink};

/// How many texts one process of the oracle answers.
const BATCH: usize = 5_000;

/// How many texts of one kind of disagreement are shrunk.
const SHRUNK_PER_KIND: usize = 5;

/// How often Go is asked about what differs.
const ASKED_AGAIN: usize = 12;

/// The readers, by their names in the goldens.
const READERS: [(&str, Reader); 2] = [("json", read_json), ("yaml", read_yaml)];

type Reader = fn(&[u8]) -> Result<Text, SyntaxError>;

/// Runs the chore.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let options = Options::parse(arguments, 20_000, &["--count", "--seed", "--keep"])?;
    let oracle = build()?;
    println!("seed {}, {} texts", options.seed, options.count);
    let seeds = seeds()?;
    let mut rng = Rng::with_seed(options.seed);
    let mut kinds: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    let (mut asked, mut errors) = (0, 0);
    while asked < options.count {
        let count = BATCH.min(options.count - asked);
        let texts: Vec<Vec<u8>> = (0..count).map(|_| text(&mut rng, &seeds)).collect();
        for (text, answer) in texts.iter().zip(ask(&oracle, &texts)?) {
            errors += usize::from(answer["yaml"].get("error").is_some());
            if let Some((kind, _)) = differences(text, &answer).into_iter().next()
                && differs_always(&oracle, text, &kind)
            {
                kinds.entry(kind).or_default().push(text.clone());
            }
        }
        asked += count;
    }
    let wrong: usize = kinds.values().map(Vec::len).sum();
    println!("{} of {asked} agree; Go refuses {errors} as YAML", asked - wrong);
    for (kind, texts) in kinds {
        println!("\n{kind}: {} texts", texts.len());
        let mut shown: Vec<Vec<u8>> = vec![];
        for text in texts.into_iter().take(SHRUNK_PER_KIND) {
            let small = shrink::text(text, &mut |text| differs_always(&oracle, text, &kind));
            if !shown.contains(&small) {
                report(&oracle, &small, &options)?;
                shown.push(small);
            }
        }
    }
    Ok(crate::verdict(wrong == 0))
}

/// A golden's texts, to start from.
fn seeds() -> Result<Vec<Vec<u8>>> {
    let path = goldens();
    let lines = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let text = |line| -> Result<Vec<u8>> {
        let golden: Value = serde_json::from_str(line)?;
        Ok(BASE64_STANDARD.decode(golden["text64"].as_str().unwrap_or_default())?)
    };
    lines.lines().map(text).collect()
}

fn goldens() -> PathBuf {
    crate::workspace().join("tests/goldens/documents.jsonl")
}

/// A text: written from a random value, or a golden's; mostly with a few changes.
fn text(rng: &mut Rng, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut text = match rng.u8(..3) {
        0 => texts::random(rng),
        _ => seeds[rng.usize(..seeds.len())].clone(),
    };
    // A change in a long text is a change in a place that was not read.
    text.truncate(2_000);
    for _ in 0..rng.usize(..4) {
        change(rng, &mut text, seeds);
    }
    text
}

/// Pieces that mean something to one of the readers.
const TOKENS: [&str; 60] = [
    "\n",
    " ",
    "  ",
    "\t",
    "\r",
    "\r\n",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "?",
    "#",
    " #",
    "&a ",
    "*a",
    "!",
    "!!str ",
    "!!int ",
    "!!float ",
    "!!binary ",
    "!!null ",
    "!<x> ",
    "|",
    "|-\n ",
    ">",
    ">+\n ",
    "'",
    "\"",
    "\\",
    "\\u",
    "\\x41",
    "{",
    "}",
    "[",
    "]",
    ",",
    "<<: ",
    "---",
    "---\n",
    "...\n",
    "%YAML 1.1\n---\n",
    "%TAG ! x\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{1}",
    "~",
    "null",
    "yes",
    "0x1f",
    "0b1",
    "0o7",
    "1_0",
    "1e3",
    ".inf",
    "2001-01-01",
    "@",
    "`",
    "=",
];

fn change(rng: &mut Rng, text: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = rng.usize(..=text.len());
    let to = (at + rng.usize(1..6)).min(text.len());
    match rng.u8(..8) {
        0 => drop(text.drain(at..to)),
        1..4 => drop(text.splice(at..at, rng.choice(TOKENS).unwrap_or_default().bytes())),
        4 => drop(text.splice(at..to, rng.choice(TOKENS).unwrap_or_default().bytes())),
        5 => text.insert(at, rng.u8(..)),
        6 => {
            let again = text[at..(at + rng.usize(1..30)).min(text.len())].to_vec();
            let at = rng.usize(..=text.len());
            drop(text.splice(at..at, again));
        }
        _ => {
            let other = &seeds[rng.usize(..seeds.len())];
            let from = rng.usize(..=other.len());
            let piece = other[from..(from + rng.usize(1..40)).min(other.len())].to_vec();
            drop(text.splice(at..to, piece));
        }
    }
}

fn build() -> Result<PathBuf> {
    let output = crate::target().join("oracle/documents");
    let output = if output.is_absolute() { output } else { std::env::current_dir()?.join(output) };
    let path = output.to_str().context("a path is not UTF-8")?;
    go::go(&crate::workspace().join("tests/oracle/documents"), &["build", "-o", path, "."])?;
    Ok(output)
}

/// Go's answers to texts.
fn ask(oracle: &Path, texts: &[Vec<u8>]) -> Result<Vec<Value>> {
    let mut questions = tempfile::tempfile()?;
    for (id, text) in texts.iter().enumerate() {
        writeln!(questions, "{}", json!({"id": id.to_string(), "text64": BASE64_STANDARD.encode(text)}))?;
    }
    questions.rewind()?;
    let output = Command::new(oracle).stdin(questions).output().context("the oracle does not run")?;
    let answers: Vec<Value> =
        serde_json::Deserializer::from_slice(&output.stdout).into_iter().collect::<Result<_, _>>()?;
    if answers.len() != texts.len() {
        bail!("the oracle ended after {} of {} texts", answers.len(), texts.len());
    }
    Ok(answers)
}

/// Whether the readers differ in this way from all that Go makes of a text. Go walks its maps in random order, so that of
/// two keys that become one in JSON (`on` and `"true"`) now this one wins, now that one.
fn differs_always(oracle: &Path, text: &[u8], kind: &str) -> bool {
    let answers = ask(oracle, &vec![text.to_vec(); ASKED_AGAIN]);
    answers.is_ok_and(|answers| answers.iter().all(|answer| differences(text, answer).contains_key(kind)))
}

/// Where the readers differ from Go's answer, by the kind of difference.
fn differences(text: &[u8], answer: &Value) -> BTreeMap<String, String> {
    let mut differences = BTreeMap::new();
    for (format, reader) in READERS {
        let expect = &answer[format];
        let found = match (catch_unwind(|| reader(text)), expect.get("error"), expect.get("value")) {
            (Err(_), ..) => Some(("panic", "the reader panicked".to_owned())),
            (Ok(Err(_)), Some(_), _) => None,
            // How large a number may be depends on what it is read into; the reader keeps it as it is written.
            (_, Some(error), _) if error.to_string().contains("cannot unmarshal number") => None,
            (Ok(Ok(text)), Some(error), _) => {
                Some(("accepted", format!("{} where Go says {error}", text.root.to_json())))
            }
            (Ok(Err(error)), None, value) => Some(("refused", format!("{error:?} where Go reads {value:?}"))),
            (Ok(Ok(text)), None, value) => {
                let json = text.root.to_json();
                let same = serde_json::from_str::<Value>(&json).is_ok_and(|json| Some(&json) == value);
                (!same).then(|| ("another value", format!("{json} where Go reads {}", expect["value"])))
            }
        };
        differences.extend(found.map(|(kind, detail)| (format!("{format} {kind}"), detail)));
    }
    differences
}

/// Prints a small text, and keeps it if that is wanted.
fn report(oracle: &Path, text: &[u8], options: &Options) -> Result<()> {
    let answer = ask(oracle, &[text.to_vec()])?.remove(0);
    println!("{:?}", String::from_utf8_lossy(text));
    for (kind, detail) in differences(text, &answer) {
        println!("  {kind}: {}", detail.chars().take(300).collect::<String>());
    }
    if options.keep {
        let text64 = BASE64_STANDARD.encode(text);
        let expect = json!({"yaml": answer["yaml"], "json": answer["json"]});
        // The id says where it comes from; what is kept is never looked up by it.
        let golden = json!({"id": format!("x{}-{}", options.seed, &text64[..text64.len().min(12)]), "text64": text64, "expect": expect});
        writeln!(OpenOptions::new().append(true).open(goldens())?, "{golden}")?;
    }
    Ok(())
}
