//! Builds a package of this workspace as a WASM component: for the host's build script, for the guests of the tests, and
//! for `cargo xtask dist`.

mod cargo;
mod wasm_target;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The target of the core module: it has no system interface, so there is nothing that it could import.
const TARGET: &str = "wasm32-unknown-unknown";

/// What a plugin exports, whatever the version.
const INTERFACE: &str = "kubevet:scanner/scan@";

/// Builds `package` in the profile `guest` and makes a component of it. `target_dir` is cargo's target directory: it must
/// not be the one of a cargo that waits for this build. `notice` is told what the user should know.
pub fn component(package: &str, target_dir: &Path, notice: impl Fn(&str)) -> Result<Vec<u8>> {
    wasm_target::ensure_installed(target_dir, notice)?;
    let module = cargo::build(package, target_dir)?;
    let module = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let component = ComponentEncoder::default().module(&module)?.validate(true).encode()?;
    check(&component)?;
    Ok(component)
}

/// The target directory for guests, given cargo's `OUT_DIR`: one for all profiles of the outer build, next to them.
pub fn target_dir(out: &Path) -> Result<PathBuf> {
    // <target>/<profile>/build/<package>-<hash>/out
    let target = out.ancestors().nth(4).with_context(|| format!("{} is not cargo's OUT_DIR", out.display()))?;
    Ok(target.join("guest"))
}

/// Whether these bytes are a component that exports the scanner's interface and imports nothing.
pub fn check(component: &[u8]) -> Result<()> {
    let DecodedWasm::Component(wit, world) = wit_component::decode(component).context("not a component")? else {
        bail!("a WIT package, not a component");
    };
    let world = &wit.worlds[world];
    let imports: Vec<String> = world.imports.keys().map(|name| wit.name_world_key(name)).collect();
    ensure!(imports.is_empty(), "a plugin imports nothing, but this one imports {}", imports.join(", "));
    let is_plugin = world.exports.keys().any(|name| wit.name_world_key(name).starts_with(INTERFACE));
    ensure!(is_plugin, "not a plugin: it does not export {INTERFACE}…");
    Ok(())
}
