//! Builds the plugin as a component and compiles it ahead of time, for the host to embed: `component.cwasm` in cargo's
//! output folder.

#[path = "src/sandbox/engine.rs"]
mod engine;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result};
use kubevet_plugin_build::Profile;
use wasmtime::Engine;

/// Takes the place of the component that is built here: for packagers, and where there is no network. A path, if not
/// absolute then from the root of the workspace.
const READY_COMPONENT: &str = "KUBEVET_COMPONENT";

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    println!("cargo::rerun-if-env-changed={READY_COMPONENT}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let component = match env::var_os(READY_COMPONENT) {
        Some(path) => {
            ready_component(path.as_ref()).with_context(|| format!("{READY_COMPONENT}={}", path.display()))?
        }
        None => own_component(&out)?,
    };
    fs::write(out.join("component.cwasm"), precompile(&component)?)?;
    Ok(())
}

fn ready_component(path: &Path) -> Result<Vec<u8>> {
    let path = Path::new("..").join(path);
    println!("cargo::rerun-if-changed={}", path.display());
    let component = fs::read(&path)?;
    kubevet_plugin_build::check(&component)?;
    Ok(component)
}

fn own_component(out: &Path) -> Result<Vec<u8>> {
    for source in ["plugin", "wit", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"] {
        println!("cargo::rerun-if-changed=../{source}");
    }
    let notice = |text: &str| println!("cargo::warning={text}");
    let target_dir = kubevet_plugin_build::target_dir(out)?;
    kubevet_plugin_build::component("kubevet-component", Profile::Fast, &target_dir, notice)
}

/// Machine code for every processor of the target triple, not only for the one that builds.
fn precompile(component: &[u8]) -> Result<Vec<u8>> {
    let mut config = engine::config(env::var_os("CARGO_CFG_WINDOWS").is_some());
    config.target(&env::var("TARGET")?)?;
    Ok(Engine::new(&config)?.precompile_component(component)?)
}
