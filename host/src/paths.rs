//! Paths as the bytes that documents are known by: with `/` between their parts, whatever the system writes there.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, MAIN_SEPARATOR, Path, PathBuf};

/// Where a file is, absolute: its folder is resolved as the system does it, so that `..` and links to folders lead where they
/// lead; its name stays, be it that of a link. What is not there is resolved by its words.
#[must_use]
pub fn located(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = match path.file_name() {
        Some(name) => fs::canonicalize(folder).map(|folder| folder.join(name)),
        None => fs::canonicalize(path),
    };
    real.unwrap_or_else(|_| by_words(path))
}

/// A path from a folder on, which is resolved itself; as it is where the file is not below it.
#[must_use]
pub fn below(folder: &Path, path: &Path) -> PathBuf {
    let located = located(path);
    if let Ok(relative) = located.strip_prefix(folder) {
        return relative.to_owned();
    }
    // A link elsewhere that leads to a file in the folder.
    let real = fs::canonicalize(path).unwrap_or(located);
    real.strip_prefix(folder).map(Path::to_owned).unwrap_or(real)
}

/// An absolute path without `.` and `..`, by its words alone.
#[must_use]
pub fn by_words(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The bytes of a path. On Unix they are what they are, and need not be UTF-8.
#[must_use]
pub fn bytes(path: &Path) -> Cow<'_, [u8]> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if MAIN_SEPARATOR == '/' {
        return bytes.into();
    }
    let slashed = |byte: &u8| if char::from(*byte) == MAIN_SEPARATOR { b'/' } else { *byte };
    bytes.iter().map(slashed).collect()
}

/// The path in words, with `/` between its parts. What is not UTF-8 is written as `\xff`: targets are known by these words, and two
/// of them must not be one.
#[must_use]
pub fn text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in bytes(path).utf8_chunks() {
        text += chunk.valid();
        chunk.invalid().iter().for_each(|byte| text += &format!("\\x{byte:02x}"));
    }
    text
}

/// The path of these bytes.
#[cfg(unix)]
#[must_use]
pub fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// The path of these bytes. What is no UTF-8 names no file.
#[cfg(not(unix))]
#[must_use]
pub fn path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).replace('/', std::path::MAIN_SEPARATOR_STR).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_comes_back_from_its_bytes() {
        for name in [&b"/etc/kubernetes/kubelet.conf"[..], b"a\\b", b"-", b"caf\xe9", b""] {
            let path = path(name);
            assert_eq!(bytes(&path), name);
        }
    }

    #[test]
    fn two_paths_are_two_in_words() {
        let texts = [&b"caf\xe9"[..], b"caf\xe8", b"/a/\xff\xfeb", b"a/caf\xc3\xa9"].map(|name| text(&path(name)));
        assert_eq!(texts, ["caf\\xe9", "caf\\xe8", "/a/\\xff\\xfeb", "a/caf\u{e9}"]);
    }
}
