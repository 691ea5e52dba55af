//! Builds the rules for JavaScript: `kubevet-browser-build FOLDER` writes there the module, the code around it, and its types.
//!
//! A program of its own, since what wasm-bindgen generates and what the rules were compiled with must be of one version: so
//! both stand in one `Cargo.lock`, and nobody has to install a command of the right version.
#![allow(clippy::print_stderr, reason = "a chore says what it did")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use kubevet_plugin_build::{Profile, module, optimise};
use wasm_bindgen_cli_support::Bindgen;

const PACKAGE: &str = "kubevet-browser";
const NAME: &str = "kubevet";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from).context("usage: kubevet-browser-build FOLDER")?;
    let notice = |text: &str| eprintln!("{text}");
    let module = module(PACKAGE, Profile::Browser, &target(), notice)?;
    // A trap leaves an instance behind that nobody may ask again: it can be replaced.
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).web(true)?.typescript(true).omit_default_module_path(true).reset_state_function(true);
    bindgen.out_name(NAME).generate(&folder)?;
    let module = folder.join(format!("{NAME}_bg.wasm"));
    let smaller = optimise::smaller(&module, notice)?;
    if smaller != module {
        fs::rename(smaller, &module)?;
    }
    Ok(())
}

/// Where builds of guests go.
fn target() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from).join("guest")
}
