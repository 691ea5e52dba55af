//! What is made of the definition of the command line: completions of shells, and the manual.

use std::fs;
use std::path::Path;

use anyhow::Result;
use clap_complete::{Shell, generate_to};

/// Writes them below a folder, as packages install them.
pub fn write(dist: &Path) -> Result<()> {
    let completions = dist.join("completions");
    fs::create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        generate_to(shell, &mut kubevet::command::definition(), "kubevet", &completions)?;
    }
    let manual = dist.join("man");
    fs::create_dir_all(&manual)?;
    Ok(clap_mangen::generate_to(kubevet::command::definition(), &manual)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_its_page_and_shells_know_its_options() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        for verb in ["scan", "check", "fix", "effective", "list", "explain"] {
            assert!(read(&format!("man/kubevet-{verb}.1")).contains(".SH OPTIONS"), "{verb}");
        }
        assert!(read("completions/kubevet.bash").contains("--skip-unrecognised"));
    }
}
