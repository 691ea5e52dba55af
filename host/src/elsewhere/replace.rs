//! Replacing the content of a file, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::named::{self, CHANGED, reason};

/// Gives a file that has the content `old` the content `new`, by putting another file with its permissions in its place. Of a
/// symbolic link, the file is replaced that it leads to.
///
/// # Errors
/// Why it was not replaced, in words.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), String> {
    let target = path.canonicalize().map_err(|error| reason(&error))?;
    let folder = target.parent().ok_or("is no file in a directory")?;
    be_unchanged(&target, old)?;
    let next = written(&target, folder, new).map_err(|error| failed(&error))?;
    // As late as can be: what others have written meanwhile must not be lost.
    be_unchanged(&target, old)?;
    next.persist(&target).map(drop).map_err(|error| failed(&error.error))
}

fn failed(error: &io::Error) -> String {
    format!("cannot be replaced: {error}")
}

fn be_unchanged(path: &Path, old: &[u8]) -> Result<(), String> {
    let bytes = named::read(path, old.len() as u64)?;
    if bytes.as_deref() == Some(old) { Ok(()) } else { Err(CHANGED.into()) }
}

/// The file that will take the place of the target. It is removed, unless it gets there.
fn written(target: &Path, folder: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let mut next = NamedTempFile::with_prefix_in(".kubevet-", folder)?;
    next.write_all(content)?;
    next.as_file().set_permissions(fs::metadata(target)?.permissions())?;
    next.as_file().sync_all()?;
    Ok(next)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("k.yaml"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("k.yaml", &link).unwrap();
        assert_eq!(replace(&link, b"old", b"new and longer"), Ok(()));
        assert_eq!(fs::read(&path).unwrap(), b"new and longer");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        for old in ["old", "new and longer still", "new", ""] {
            assert_eq!(replace(&path, old.as_bytes(), b"other"), Err(CHANGED.into()), "{old}");
        }
        assert!(replace(folder.path(), b"old", b"new").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"new and longer");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    }
}
