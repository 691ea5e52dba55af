//! Builds a package of this workspace as a WASM component: for the host's build script, for the guests of the tests, and
//! for `cargo xtask dist`.

mod cargo;
pub mod optimise;
mod post_return;
mod wasm_target;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wit_component::{ComponentEncoder, DecodedWasm};

/// The target of the core module: it has no system interface, so there is nothing that it could import.
const TARGET: &str = "wasm32-unknown-unknown";

/// What a plugin exports, whatever the version.
const INTERFACE: &str = "kubevet:scanner/scan@";

/// What a component is built for. The source is the same, and so is what it answers.
#[derive(Clone, Copy)]
pub enum Profile {
    /// To be fast: for what the host embeds as machine code, and asks for one thing only before it throws the instance away.
    Fast,
    /// To be small: for what is distributed, since a page on the web loads it.
    Small,
    /// To be smaller still: without the features that a package has by default.
    Smallest,
    /// To be small, and fast enough for every key that is pressed in a page.
    Browser,
}

impl Profile {
    /// The name in the workspace's `Cargo.toml`.
    fn name(self) -> &'static str {
        match self {
            Self::Fast => "guest",
            Self::Small | Self::Smallest => "small-guest",
            Self::Browser => "browser",
        }
    }

    /// Whether every byte counts, and speed does not.
    fn is_small(self) -> bool {
        matches!(self, Self::Small | Self::Smallest)
    }
}

/// Builds `package` as a plain module for other tools to work on, and says where it is. `target_dir` and `notice` as for
/// [`component`].
pub fn module(package: &str, profile: Profile, target_dir: &Path, notice: impl Fn(&str)) -> Result<PathBuf> {
    wasm_target::ensure_installed(target_dir, &notice)?;
    cargo::build(package, profile, target_dir)
}

/// Builds `package` and makes a component of it. `target_dir` is cargo's target directory: it must
/// not be the one of a cargo that waits for this build. `notice` is told what the user should know.
pub fn component(package: &str, profile: Profile, target_dir: &Path, notice: impl Fn(&str)) -> Result<Vec<u8>> {
    let module = self::module(package, profile, target_dir, &notice)?;
    let module = if profile.is_small() { optimise::smaller(&module, notice)? } else { module };
    let module = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    let module = if matches!(profile, Profile::Fast) { post_return::remove(&module)? } else { module };
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

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &[u8] = b"\0asm\x01\0\0\0";
    const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

    fn refusal(component: &[u8]) -> String {
        check(component).unwrap_err().to_string()
    }

    #[test]
    fn what_is_not_a_plugin_is_refused() {
        assert_eq!(refusal(b"junk"), "not a component");
        for without_exports in [MODULE, COMPONENT] {
            assert_eq!(refusal(without_exports), "not a plugin: it does not export kubevet:scanner/scan@…");
        }
    }

    #[test]
    fn imports_are_refused() {
        let function_type = b"\x07\x05\x01\x40\0\x01\0";
        let import_x = b"\x0a\x06\x01\0\x01x\x01\0";
        let component = [COMPONENT, function_type, import_x].concat();
        assert_eq!(refusal(&component), "a plugin imports nothing, but this one imports x");
    }

    #[test]
    fn guests_are_built_beside_the_profiles() {
        let out = Path::new("/w/target/debug/build/kubevet-0123/out");
        assert_eq!(target_dir(out).unwrap(), Path::new("/w/target/guest"));
    }
}
