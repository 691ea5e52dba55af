//! What several tests here need.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Set for a test that runs again without privileges: the directory that was laid out for it.
const DIRECTORY: &str = "KUBEVET_TEST_DIRECTORY";

/// An empty directory that everybody may enter.
pub fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

/// The same in memory, where there is such a place: for very many files.
pub fn directory_in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| directory())
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// Lets a directory be laid out, and `work` be done in it by a user without privileges. Root runs the test of this name
/// once more for that, as `nobody`.
pub fn as_nobody(test: &str, lay_out: impl FnOnce(&Path), work: impl FnOnce(&Path)) {
    if let Some(laid_out) = std::env::var_os(DIRECTORY) {
        return work(&PathBuf::from(laid_out));
    }
    let directory = directory();
    lay_out(directory.path());
    if !is_root() {
        return work(directory.path());
    }
    // By this link, since `nobody` may not be allowed into the directory of the tests.
    let again = Command::new("/proc/self/exe")
        .args([test, "--exact"])
        .env(DIRECTORY, directory.path())
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&again.stderr));
}
