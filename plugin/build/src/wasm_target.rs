use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::TARGET;

/// What helps where the target cannot be added.
const ADVICE: &str = "install Rust's target wasm32-unknown-unknown (`rustup target add wasm32-unknown-unknown`), \
     or set KUBEVET_COMPONENT=file.wasm to a ready component";

/// Adds the target to the active toolchain where it is missing: rustup does not do so by itself where its automatic
/// installation is off.
pub(crate) fn ensure_installed(target_dir: &Path, notice: impl Fn(&str)) -> Result<()> {
    let library = sysroot()?.join("lib/rustlib").join(TARGET);
    if library.is_dir() {
        return Ok(());
    }
    // Build scripts run side by side, and rustup does not like company.
    fs::create_dir_all(target_dir)?;
    let lock = File::create(target_dir.join("rustup.lock"))?;
    lock.lock()?;
    if library.is_dir() {
        return Ok(());
    }
    let toolchain = env::var("RUSTUP_TOOLCHAIN").map_err(|_| missing("this Rust is not from rustup"))?;
    notice(&format!("adding the target {TARGET} to the toolchain {toolchain}"));
    let added = Command::new("rustup")
        .args(["target", "add", TARGET, "--toolchain", &toolchain])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(&format!("cannot run rustup: {error}")))?;
    ensure!(added.status.success(), missing(&complaint(&added.stderr)));
    Ok(())
}

fn missing(reason: &str) -> anyhow::Error {
    anyhow::anyhow!("{reason}; {ADVICE}")
}

fn sysroot() -> Result<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().context("cannot run rustc")?;
    Ok(String::from_utf8(output.stdout).context("rustc's path is not UTF-8")?.trim_end().into())
}

/// The line of rustup's output that says what went wrong.
fn complaint(output: &[u8]) -> String {
    let output = String::from_utf8_lossy(output);
    output.lines().find_map(|line| line.strip_prefix("error: ")).unwrap_or("rustup cannot add the target").to_owned()
}
