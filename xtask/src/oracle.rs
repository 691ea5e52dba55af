//! Asks the program of tests/oracle, which links the kubelet's own code.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::case::Case;
use crate::go;

/// The oracle for a version of the kubelet.
pub struct Oracle {
    program: PathBuf,
}

impl Oracle {
    /// Builds it, unless that was done.
    pub fn build(version: &str, minor: u32) -> Result<Oracle> {
        need_root()?;
        Ok(Oracle { program: go::build(version, minor, ".", "oracle")? })
    }

    /// What the kubelet makes of a case, as tests/oracle/main.go prints it, in a process and a root folder of its own.
    pub fn ask(&self, case: &Case) -> Result<Value> {
        self.ask_with(case, &[])
    }

    /// The same with its answer to `/configz` (`live`), where it starts.
    pub fn ask_live(&self, case: &Case) -> Result<Value> {
        self.ask_with(case, &["-configz"])
    }

    fn ask_with(&self, case: &Case, options: &[&str]) -> Result<Value> {
        let root = tempfile::tempdir()?;
        case.populate(root.path()).with_context(|| format!("{}: its files cannot be written", case.id))?;
        let mut command = Command::new(&self.program);
        command
            .args(options)
            .arg(root.path())
            .args(&case.args)
            .env_clear()
            .envs(case.env.iter().map(|name| (name, "")));
        let output = command.output().context("the oracle does not run")?;
        // What the kubelet's code prints before it ends the process is no answer.
        let answer = serde_json::from_slice(&output.stdout);
        Ok(answer.unwrap_or_else(|_| json!({"stage": "exit", "error": format!("it ended with {}", output.status)})))
    }
}

/// Each case has a root folder of its own.
pub fn need_root() -> Result<()> {
    if std::fs::metadata("/proc/self").is_ok_and(|metadata| metadata.uid() == 0) {
        return Ok(());
    }
    bail!("this needs root: each case runs in a root folder of its own (chroot)")
}
