//! Whether the command compiles for the other systems that it is for.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use kubevet_plugin_build::Profile;

use crate::{target, verdict, workspace};

/// The systems, and processors of each.
const TARGETS: [&str; 6] = [
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-unknown-linux-musl",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-gnu",
    "x86_64-pc-windows-msvc",
];

/// Checks the command for each target, or for those that are named.
///
/// # Errors
/// What keeps all of them from being checked.
pub fn run(names: impl Iterator<Item = String>) -> Result<ExitCode> {
    let mut targets: Vec<String> = names.collect();
    if targets.is_empty() {
        targets = TARGETS.map(str::to_owned).to_vec();
    }
    let component = component().context("the plugin's component")?;
    let mut all = true;
    for target in targets {
        let checked = add(&target).and_then(|()| check(&target, &component));
        all &= checked.is_ok();
        println!(
            "{target}: {}",
            checked.map_or_else(|error| format!("NOT CHECKED: {error:#}"), |()| "compiles".into())
        );
    }
    Ok(verdict(all))
}

/// The same for all targets, and so built once.
fn component() -> Result<PathBuf> {
    let path = target().join("portable.wasm");
    let notice = |text: &str| println!("{text}");
    let bytes = kubevet_plugin_build::component("kubevet-component", Profile::Fast, &target().join("guest"), notice)?;
    fs::write(&path, bytes)?;
    Ok(fs::canonicalize(path)?)
}

fn add(target: &str) -> Result<()> {
    succeed(Command::new("rustup").args(["target", "add", target]))
}

/// Checks what is written in Rust. A check makes no program, so it needs neither a linker nor a C compiler for the target: the
/// one function in C, which wasmtime has, is left out by a compiler that does nothing.
fn check(target: &str, component: &Path) -> Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let underscored = target.replace('-', "_");
    let nothing = |tool: &str| (format!("{tool}_{underscored}"), "true");
    succeed(
        Command::new(cargo)
            .args(["check", "--quiet", "--locked", "--package", "kubevet", "--target", target])
            .env("KUBEVET_COMPONENT", component)
            .env("SDKROOT", "/")
            .envs(["CC", "AR"].map(nothing)),
    )
}

fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.current_dir(workspace()).status().with_context(|| program.clone())?;
    ensure!(status.success(), "{program} ended with {status}");
    Ok(())
}
