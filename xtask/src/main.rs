//! Chores of the project: `cargo xtask CHORE`.
#![allow(clippy::print_stderr, clippy::print_stdout, reason = "a chore says what it did")]

mod against_kubelet;
mod answers;
mod case;
mod command_line;
mod configz;
mod documents;
mod go;
mod goldens;
mod new_check;
mod options;
mod oracle;
mod pairs;
mod portable;
mod shrink;
mod sorted;
mod web;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Result, ensure};
use kubevet_plugin_build::Profile;

const USAGE: &str = "usage: cargo xtask CHORE

chores:
  dist               writes the plugin as a component to dist/kubevet-kubelet.wasm, and to dist/kubevet-kubelet.small.wasm
                     one that judges what a node's files and flags say, in English, and nothing else; completions of shells
                     and the manual beside them
  new-check NAME     makes the stub of a check
  portable [TARGET…] checks that the command compiles for other systems (adds them through rustup)
  web                builds the npm package of the rules and the page, web/dist/index.html (needs Node)
  answers            writes what the component answers to every recorded target and every case, for other faces to compare
  goldens            holds kubevet against the kubelet's own code, on fresh random cases (needs Go and root)
      --version 1.37.2    the kubelet's version
      --count 1000        how many cases
      --seed 7            for the same cases again; otherwise a fresh one, which is printed
      --keep              adds what disagrees, shrunk, to tests/goldens/VERSION.jsonl
  pairs              finds anew how the smallest component packs its texts: plugin/rules/src/words/packed/pairs.rs
  documents          holds the YAML and JSON readers against the kubelet's libraries, on random texts (needs Go)
      --count, --seed, --keep as above
  configz            records what the kubelet's own code answers to /configz, in tests/live (needs Go and root)
      --version, --seed as above
      --count 8           how many bundles
  against-kubelet    holds the goldens of a version from 1.37 on against the kubelet's own program (needs Go and root)
      --version, --seed as above: all goldens
      --count 300         and how many fresh cases";

/// What is distributed, and the size that it may have: it may get smaller, and not larger without anybody noticing. The small one
/// is for scanners of nodes: it judges kubelets, and is built without all features of the rules, which are more than half of the
/// other one: `edits` (remedies are in words alone), `explanations` (of checks, at length), `forms` (of repositories), `japanese`,
/// and `live` (the live configuration: it does not ask for one, and says so where it is given one).
const COMPONENTS: [(&str, Profile, usize); 2] = [
    ("dist/kubevet-kubelet.wasm", Profile::Small, 870_000),
    ("dist/kubevet-kubelet.small.wasm", Profile::Smallest, 390_000),
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let done = match arguments.next().as_deref() {
        Some("dist") => dist(),
        Some("new-check") => new_check::run(arguments),
        Some("portable") => portable::run(arguments),
        Some("web") => web::run(),
        Some("answers") => answers::run(),
        Some("goldens") => goldens::run(arguments),
        Some("pairs") => pairs::run(),
        Some("documents") => documents::run(arguments),
        Some("configz") => configz::run(arguments),
        Some("against-kubelet") => against_kubelet::run(arguments),
        _ => Err(anyhow::anyhow!(USAGE)),
    };
    // 1 is for what disagrees.
    done.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::from(2)
    })
}

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where builds go.
fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// Whether everything agreed.
fn verdict(agrees: bool) -> ExitCode {
    if agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes the components for others than the host.
fn dist() -> Result<ExitCode> {
    let notice = |text: &str| println!("{text}");
    fs::create_dir_all(workspace().join("dist"))?;
    for (file, profile, limit) in COMPONENTS {
        let component = kubevet_plugin_build::component("kubevet-component", profile, &target().join("guest"), notice)?;
        ensure!(component.len() < limit, "{file} has grown to {} bytes", component.len());
        fs::write(workspace().join(file), &component)?;
        println!("{file}: {} bytes, imports nothing", component.len());
    }
    command_line::write(&workspace().join("dist"))?;
    println!("dist/completions, dist/man: what shells complete, and the manual");
    Ok(ExitCode::SUCCESS)
}
