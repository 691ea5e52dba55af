//! The page, and the npm package that it uses: everything from the rules to `web/dist/index.html`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::workspace;

/// Builds the package and the page. Node does most of it; nothing else of the project needs it.
pub fn run() -> Result<ExitCode> {
    for folder in ["plugin/browser/npm", "web"] {
        let folder = workspace().join(folder);
        npm(&folder, &["ci", "--silent", "--no-fund", "--no-audit"])?;
        npm(&folder, &["run", "--silent", "build"])?;
    }
    Ok(ExitCode::SUCCESS)
}

fn npm(folder: &Path, words: &[&str]) -> Result<()> {
    let ran = Command::new("npm").args(words).current_dir(folder).status();
    let status = ran.context("cannot run npm: the page is built with Node 20 or later")?;
    ensure!(status.success(), "npm {} fails in {}", words.join(" "), folder.display());
    Ok(())
}
