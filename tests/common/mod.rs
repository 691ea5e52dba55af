//! What several end-to-end tests need.

#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "not every test needs all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// The program `tests/programs/kubelet.rs`; cargo builds examples before it runs tests.
pub fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_kubevet")).with_file_name("examples").join("kubelet");
    assert!(program.exists(), "cargo test builds {}; run it without --test", program.display());
    program
}

/// A process is there a moment before the kernel has laid out its arguments, and until then its command line is empty.
pub fn wait_for_arguments(pid: u32) {
    let line = format!("/proc/{pid}/cmdline");
    for _ in 0..1_000 {
        if fs::read(&line).is_ok_and(|line| !line.is_empty()) {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Copies a program, and the libraries that it needs, into a root directory.
pub fn copy_with_libraries(program: &Path, root: &Path, to: &str) {
    let copy = |from: &Path, to: &str| {
        let to = root.join(to.trim_start_matches('/'));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    };
    copy(program, to);
    let libraries = Command::new("ldd").arg(program).output().unwrap();
    for path in String::from_utf8(libraries.stdout).unwrap().split_whitespace().filter(|word| word.starts_with('/')) {
        copy(Path::new(path), path);
    }
}
