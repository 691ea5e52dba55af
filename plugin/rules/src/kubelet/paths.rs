//! Paths as Go's `path/filepath` treats them: by their letters, without looking at the disk.

use alloc::vec::Vec;

/// `filepath.Clean`
pub fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = vec![];
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", joined.as_slice()].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

/// Two paths with a slash between them, not cleaned; an absolute second one stands alone.
pub fn join(folder: &[u8], path: &[u8]) -> Vec<u8> {
    match folder {
        b"" => path.to_vec(),
        _ if path.starts_with(b"/") => path.to_vec(),
        _ => [folder, b"/", path].concat(),
    }
}

/// `filepath.Dir`
pub fn parent(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    clean(&path[..end])
}

/// `filepath.Ext`: from the last dot of the last part.
pub fn extension(name: &[u8]) -> &[u8] {
    name.iter().rposition(|byte| *byte == b'.').map_or(b"", |at| &name[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, cleaned) in [
            ("/a/../b", "/b"),
            ("/..", "/"),
            ("a//b/./c/", "a/b/c"),
            ("", "."),
            ("../x", "../x"),
            ("a/../..", ".."),
            ("/", "/"),
        ] {
            assert_eq!(clean(path.as_bytes()), cleaned.as_bytes(), "{path}");
        }
        assert_eq!(parent(b"/etc/k.json"), b"/etc");
        assert_eq!(parent(b"k.json"), b".");
        assert_eq!(extension(b".conf"), b".conf");
        assert_eq!(extension(b"a.conf.bak"), b".bak");
        assert_eq!(join(b"/etc", b"a"), b"/etc/a");
    }
}
