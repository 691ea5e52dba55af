//! The page, and the npm package that it uses: everything from the rules to `web/dist/index.html`.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};
use lzma_rust2::{LzmaOptions, LzmaWriter};

use crate::{sorted, workspace};

/// Builds the package and the page. Node does most of it; nothing else of the project needs it.
pub fn run() -> Result<ExitCode> {
    let (package, page) = (workspace().join("plugin/browser/npm"), workspace().join("web"));
    build(&package)?;
    let rules = fs::read(package.join("dist/kubevet_bg.wasm"))?;
    fs::write(page.join("rules.lzma"), packed(&rules)?)?;
    build(&page)?;
    Ok(ExitCode::SUCCESS)
}

/// The rules as the page has them, which `web/src/lzma.ts` unpacks, and `web/src/sorted.ts` puts together.
fn packed(rules: &[u8]) -> Result<Vec<u8>> {
    let rules = sorted::sorted(rules)?;
    // The usual settings but for these: nothing in a module is aligned, and every byte counts.
    let options = LzmaOptions { pb: 0, nice_len: 273, ..LzmaOptions::with_preset(9) };
    let mut packed = vec![];
    let mut writer = LzmaWriter::new_use_header(&mut packed, &options, Some(rules.len() as u64))?;
    writer.write_all(&rules)?;
    writer.finish()?;
    Ok(packed)
}

fn build(folder: &Path) -> Result<()> {
    npm(folder, &["ci", "--silent", "--no-fund", "--no-audit"])?;
    npm(folder, &["run", "--silent", "build"])
}

fn npm(folder: &Path, words: &[&str]) -> Result<()> {
    let ran = Command::new("npm").args(words).current_dir(folder).status();
    let status = ran.context("cannot run npm: the page is built with Node 20 or later")?;
    ensure!(status.success(), "npm {} fails in {}", words.join(" "), folder.display());
    Ok(())
}
