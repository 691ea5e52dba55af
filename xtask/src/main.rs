//! Chores of the project: `cargo xtask CHORE`.
#![allow(clippy::print_stdout, reason = "a chore says what it did")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask CHORE

chores:
  dist    writes the plugin as a component to dist/kubevet-kubelet.wasm";

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("dist") => dist(),
        _ => bail!(USAGE),
    }
}

/// Writes the same component that the host embeds.
fn dist() -> Result<()> {
    let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let notice = |text: &str| println!("{text}");
    let component = kubevet_plugin_build::component("kubevet-component", &target.join("guest"), notice)?;
    fs::create_dir_all(workspace.join("dist"))?;
    fs::write(workspace.join("dist/kubevet-kubelet.wasm"), &component)?;
    println!("dist/kubevet-kubelet.wasm: {} bytes, imports nothing", component.len());
    Ok(())
}
