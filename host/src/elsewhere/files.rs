//! Files of a machine that is no node: of those, only what the user names is read, with the user's own rights.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::Path;

use kubevet_rules::model::{Content, Entry, FileKind, Metadata, Outcome, Want};

use crate::collect::{MAX_ENTRIES, MAX_FILE, Source};
use crate::paths;

/// The files of this machine.
pub struct Files;

impl Files {
    /// As on Linux.
    ///
    /// # Errors
    /// None.
    pub fn here() -> io::Result<Self> {
        Ok(Self)
    }
}

impl Source for Files {
    /// Files and directories by their absolute paths. All else is unavailable.
    fn answer(&self, want: &Want) -> Outcome {
        let answer = match want {
            Want::File(path) => file(&paths::path(path)),
            Want::Directory(path) => directory(&paths::path(path)),
            _ => return Outcome::Unavailable,
        };
        answer.unwrap_or_else(|error| unread(&error))
    }
}

fn file(path: &Path) -> io::Result<Outcome> {
    let kind = kind_of(fs::metadata(path)?.file_type());
    Ok(match kind {
        FileKind::Regular => {
            let mut bytes = vec![];
            File::open(path)?.take(MAX_FILE + 1).read_to_end(&mut bytes)?;
            let is_whole = bytes.len() as u64 <= MAX_FILE;
            if is_whole { Outcome::Found(Content::File(bytes)) } else { Outcome::TooLarge(MAX_FILE) }
        }
        FileKind::Directory => found(kind),
        _ => Outcome::Refused("no regular file".into()),
    })
}

fn directory(path: &Path) -> io::Result<Outcome> {
    let kind = kind_of(fs::symlink_metadata(path)?.file_type());
    if kind != FileKind::Directory {
        return Ok(found(kind));
    }
    let mut entries = vec![];
    for entry in fs::read_dir(path)? {
        if entries.len() == MAX_ENTRIES {
            return Ok(Outcome::TooLarge(MAX_ENTRIES as u64));
        }
        let entry = entry?;
        let name = paths::bytes(Path::new(&entry.file_name())).into_owned();
        entries.push(Entry { name, kind: kind_of(entry.file_type()?) });
    }
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(Outcome::Found(Content::Directory(entries)))
}

/// What there is in the place of something else. Modes and owners matter on a node only.
fn found(kind: FileKind) -> Outcome {
    Outcome::Found(Content::Metadata(Metadata { mode: 0, uid: 0, gid: 0, kind }))
}

fn kind_of(file_type: FileType) -> FileKind {
    match file_type {
        kind if kind.is_file() => FileKind::Regular,
        kind if kind.is_dir() => FileKind::Directory,
        kind if kind.is_symlink() => FileKind::Symlink,
        _ => FileKind::Other,
    }
}

fn unread(error: &io::Error) -> Outcome {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Outcome::Absent,
        io::ErrorKind::PermissionDenied => Outcome::Denied,
        _ => Outcome::Failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Linux says to a user who lays no traps is what is said elsewhere.
    #[test]
    fn answers_are_those_of_linux() {
        let folder = tempfile::tempdir().unwrap();
        let below = |name: &str| folder.path().join(name);
        fs::write(below("b.conf"), "{}").unwrap();
        fs::write(below("a.conf"), vec![b' '; MAX_FILE as usize]).unwrap();
        fs::write(below("large.conf"), vec![b' '; MAX_FILE as usize + 1]).unwrap();
        fs::create_dir(below("c")).unwrap();
        std::os::unix::fs::symlink("b.conf", below("link")).unwrap();
        let (linux, elsewhere) = (crate::collect::files::Files::here().unwrap(), Files::here().unwrap());
        let path = |name: &str| paths::bytes(&below(name)).into_owned();
        for name in ["a.conf", "b.conf", "large.conf", "link", "none", "b.conf/below"] {
            let want = Want::File(path(name));
            assert_eq!(elsewhere.answer(&want), linux.answer(&want), "{name}");
        }
        for name in ["", "c", "none"] {
            let want = Want::Directory(path(name));
            assert_eq!(elsewhere.answer(&want), linux.answer(&want), "{name}");
        }
        for (want, expected) in [
            (Want::File(path("c")), FileKind::Directory),
            (Want::Directory(path("b.conf")), FileKind::Regular),
            (Want::Directory(path("link")), FileKind::Symlink),
        ] {
            assert_eq!(elsewhere.answer(&want), found(expected));
        }
        assert_eq!(elsewhere.answer(&Want::Metadata(path("b.conf"))), Outcome::Unavailable);
        assert_eq!(elsewhere.answer(&Want::File(b"/dev/zero".to_vec())), Outcome::Refused("no regular file".into()));
    }
}
