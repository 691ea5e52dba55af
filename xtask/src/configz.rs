//! `cargo xtask configz`: what the kubelet's own code answers to `/configz`, for random command lines and files.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::goldens::fresh;
use crate::options::Options;
use crate::oracle::Oracle;

/// Writes `tests/live/VERSION.jsonl`: bundles with the answer of the kubelet that they describe.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let options = Options::parse(arguments, 8, &["--version", "--count", "--seed"])?;
    let minor = options.minor()?;
    let oracle = Oracle::build(&options.version, minor)?;
    println!("kubelet {}, seed {}", options.version, options.seed);
    // Most cases start; enough of them do.
    let many = Options { version: options.version.clone(), count: options.count * 10, ..options };
    let mut bundles = vec![];
    for (mut case, _) in fresh(&many)? {
        if bundles.len() == options.count {
            break;
        }
        if minor == 26 {
            // There it has no default.
            case.args.insert(0, "--container-runtime-endpoint=unix:///run/containerd/containerd.sock".into());
        }
        let answer = oracle.ask_live(&case)?;
        if !answer["live"].is_null() {
            let mut bundle = case.bundle(&options.version);
            bundle["live"] = answer["live"].clone();
            bundles.push(bundle.to_string() + "\n");
        }
    }
    ensure!(bundles.len() == options.count, "only {} of {} cases start", bundles.len(), many.count);
    let file = crate::workspace().join(format!("tests/live/{}.jsonl", options.version));
    fs::create_dir_all(file.parent().context("a file has a folder")?)?;
    fs::write(&file, bundles.concat())?;
    println!("{} bundles in {}", options.count, file.display());
    Ok(ExitCode::SUCCESS)
}
