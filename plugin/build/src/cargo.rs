use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::Profile;

/// The guest's own stack, in its linear memory. The sandbox bounds the machine's stack by as much; documents nest up to
/// 10,000 deep, as Go allows.
const STACK: usize = 8 << 20;

/// The memory that an instance begins with where it has to be fast: the stack, the data, and for an ordinary target all that
/// it allocates, by an allocator that begins with it (`--cfg=fast`). To grow, and to shrink for the next instance, is a call of
/// the operating system each. Pages that nobody writes to cost nothing.
const MEMORY: usize = STACK + (2 << 20);

/// What an inner cargo may see of the outer one's `CARGO_…`: where things are and how to get them. The rest describes the
/// outer build: its profile, flags, wrappers, target and package.
const KEPT: [&str; 6] =
    ["CARGO_HOME", "CARGO_HTTP_", "CARGO_MAKEFLAGS", "CARGO_NET_", "CARGO_REGISTRIES_", "CARGO_REGISTRY_"];

/// What else would change how the inner cargo calls the compiler; clippy stands in as a wrapper.
const DROPPED: [&str; 3] = ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER"];

/// What makes a module smaller, and slower: values of more than a word or two are copied by the instruction for that, loops are
/// left as they are, and nothing is computed early in one place to be saved in another.
const SMALLER: [&str; 3] = ["--max-store-memcpy=1", "--disable-lsr", "--enable-pre=false"];

/// Builds the core module of `package`, and says where it is.
pub(crate) fn build(package: &str, profile: Profile, target_dir: &Path) -> Result<PathBuf> {
    let features: &[&str] = if matches!(profile, Profile::Smallest) { &["--no-default-features"] } else { &[] };
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os().filter(|(name, _)| describes_outer_build(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    let status = cargo
        .current_dir(workspace())
        .args(["build", "--quiet", "--locked", "--package", package])
        .args(features)
        .args(["--profile", profile.name(), "--target", crate::TARGET, "--target-dir"])
        .arg(target_dir)
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(profile))
        .status()
        .context("cannot run cargo")?;
    ensure!(status.success(), "the plugin `{package}` does not build for {}", crate::TARGET);
    Ok(target_dir.join(crate::TARGET).join(profile.name()).join(package.replace('-', "_")).with_extension("wasm"))
}

fn describes_outer_build(name: &str) -> bool {
    DROPPED.contains(&name) || name.starts_with("CARGO_") && !KEPT.iter().any(|kept| name.starts_with(kept))
}

/// Flags for the guest, as cargo wants them encoded. Numbers of functions and addresses take as few bytes as they need, not
/// five each. Messages of panics hold paths of sources: without the user's home, the component is the same on every machine.
fn rustflags(profile: Profile) -> OsString {
    let mut flags = OsString::from(format!("-Clink-arg=-zstack-size={STACK}\x1f-Clink-arg=--compress-relocations"));
    if matches!(profile, Profile::Fast) {
        flags.push(format!("\x1f--cfg=fast\x1f-Clink-arg=--initial-memory={MEMORY}"));
    }
    if profile.is_small() {
        SMALLER.iter().for_each(|flag| flags.push(format!("\x1f-Cllvm-args={flag}")));
    }
    let home = env::var_os("CARGO_HOME").or_else(|| Some(env::home_dir()?.join(".cargo").into()));
    if let Some(home) = home {
        flags.push("\x1f--remap-path-prefix=");
        flags.push(home);
        flags.push("=cargo");
    }
    flags
}

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
