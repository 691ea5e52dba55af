//! Builds the guests and compiles them as the host's build script compiles the plugin.

#[path = "../../host/src/sandbox/engine.rs"]
mod engine;

use std::path::PathBuf;
use std::{env, fs};

use kubevet_plugin_build::Profile;
use wasmtime::Engine;

fn main() -> anyhow::Result<()> {
    for source in [
        "tests/guests",
        "host/src/sandbox/engine.rs",
        "plugin/build",
        "plugin/contract",
        "wit",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        println!("cargo::rerun-if-changed=../../{source}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let notice = |text: &str| println!("cargo::warning={text}");
    let target_dir = kubevet_plugin_build::target_dir(&out)?;
    let component = kubevet_plugin_build::component("kubevet-hostile", Profile::Fast, &target_dir, notice)?;
    let mut config = engine::config(env::var_os("CARGO_CFG_WINDOWS").is_some());
    config.target(&env::var("TARGET")?)?;
    fs::write(out.join("hostile.cwasm"), Engine::new(&config)?.precompile_component(&component)?)?;
    Ok(())
}
