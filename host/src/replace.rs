//! Replacing the content of a file, whole or not at all.

use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, Gid, Mode, OFlags, Uid, XattrFlags};
use rustix::io::Errno;

use crate::named::{CHANGED, reason};

/// Gives a file that has the content `old` the content `new`, and keeps its mode, owner and extended attributes. Of a
/// symbolic link, the file is replaced that it leads to. Whatever interrupts this, the file has the one content or the other.
///
/// # Errors
/// Why it was not replaced, in words.
pub fn replace(path: &Path, old: &[u8], new: &[u8]) -> Result<(), String> {
    let target = path.canonicalize().map_err(|error| reason(&error))?;
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
        return Err("is no file in a directory".into());
    };
    let (file, metadata) = open(&target)?;
    if metadata.nlink() > 1 {
        return Err(format!(
            "has {} names (hard links), and only this one would get the new content: edit it by hand",
            metadata.nlink()
        ));
    }
    be_unchanged(file.try_clone().map_err(|error| reason(&error))?, old)?;
    let failed = |error: io::Error| format!("cannot be replaced: {error}");
    let next = Next::in_folder(folder, name.as_bytes()).map_err(failed)?;
    next.write(new).map_err(failed)?;
    keep(&file, &metadata, &next.file)?;
    next.file.sync_all().map_err(failed)?;
    // As late as can be: what others have written meanwhile must not be lost.
    let (now, metadata_now) = open(&target)?;
    if (metadata_now.dev(), metadata_now.ino()) != (metadata.dev(), metadata.ino()) {
        return Err(CHANGED.into());
    }
    be_unchanged(now, old)?;
    next.rename(&target).map_err(failed)?;
    let folder = File::open(folder).and_then(|folder| folder.sync_all());
    folder.map_err(|error| format!("is replaced, but may not stay so if the machine fails now: {error}"))
}

fn open(path: &Path) -> Result<(File, Metadata), String> {
    let flags = (OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err("is no regular file".into()) }
}

fn be_unchanged(file: File, old: &[u8]) -> Result<(), String> {
    let mut bytes = vec![];
    file.take(old.len() as u64 + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
    if bytes == old { Ok(()) } else { Err(CHANGED.into()) }
}

/// Gives the new file the owner, the mode and the extended attributes of the old one.
fn keep(old: &File, metadata: &Metadata, new: &File) -> Result<(), String> {
    let failed = |what: &str, error: Errno| format!("cannot be replaced: {what} cannot be kept: {error}");
    let owner = (Some(Uid::from_raw(metadata.uid())), Some(Gid::from_raw(metadata.gid())));
    let made = new.metadata().map_err(|error| reason(&error))?;
    if (made.uid(), made.gid()) != (metadata.uid(), metadata.gid()) {
        fs::fchown(new, owner.0, owner.1).map_err(|error| failed("its owner", error))?;
    }
    for name in attributes(old).map_err(|error| failed("its extended attributes", error))? {
        let value = attribute(old, &name).map_err(|error| failed("an extended attribute", error))?;
        if attribute(new, &name).is_ok_and(|same| same == value) {
            continue;
        }
        let what = || format!("the extended attribute {}", String::from_utf8_lossy(&name));
        fs::fsetxattr(new, &*name, &value, XattrFlags::empty()).map_err(|error| failed(&what(), error))?;
    }
    // Last, since a change of owner takes bits away, and an access list is a mode, too.
    let mode = Mode::from_raw_mode(metadata.mode() & 0o7777);
    fs::fchmod(new, mode).map_err(|error| failed("its mode", error))
}

/// The names of the extended attributes; none where the file system knows no such thing.
fn attributes(file: &File) -> Result<Vec<Vec<u8>>, Errno> {
    let mut names = vec![0; MAX_ATTRIBUTE];
    match fs::flistxattr(file, &mut names) {
        Ok(length) => {
            names.truncate(length);
            Ok(names.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect())
        }
        Err(Errno::NOTSUP) => Ok(vec![]),
        Err(error) => Err(error),
    }
}

/// The kernel's own limit, for a value and for a list of names.
const MAX_ATTRIBUTE: usize = 64 << 10;

fn attribute(file: &File, name: &[u8]) -> Result<Vec<u8>, Errno> {
    let mut value = vec![0; MAX_ATTRIBUTE];
    let length = fs::fgetxattr(file, name, &mut value)?;
    value.truncate(length);
    Ok(value)
}

/// The file that will take the place of another one. As long as it is written it has no name, where the file system can do
/// that: nothing of it is left, whatever happens.
struct Next {
    file: File,
    /// Its name; it is removed with this value, unless it was renamed.
    path: Option<PathBuf>,
    /// A name that it may have.
    free: PathBuf,
}

impl Next {
    fn in_folder(folder: &Path, name: &[u8]) -> io::Result<Next> {
        let names = (0..100).map(|number| {
            let unique = format!(".kubevet-{}-{number}", std::process::id());
            folder.join(OsString::from_vec([b".", name, unique.as_bytes()].concat()))
        });
        let mode = Mode::RUSR | Mode::WUSR;
        if let Ok(file) = fs::open(folder, OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC, mode) {
            let free = names.clone().find(|path| !path.exists());
            return free
                .map(|free| Next { file: File::from(file), path: None, free })
                .ok_or_else(|| io::ErrorKind::AlreadyExists.into());
        }
        for free in names {
            match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&free) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|file| Next { file, path: Some(free.clone()), free }),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        (&self.file).write_all(bytes)
    }

    /// Takes the place of another file.
    fn rename(mut self, target: &Path) -> io::Result<()> {
        if self.path.is_none() {
            let open = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&self.file.as_fd()));
            fs::linkat(CWD, open, CWD, &self.free, AtFlags::SYMLINK_FOLLOW)?;
            self.path = Some(self.free.clone());
        }
        std::fs::rename(&self.free, target)?;
        self.path = None;
        Ok(())
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use rustix::fs::{FileType, makedev, mknodat};

    use super::*;

    fn folder_with(content: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.yaml");
        fs::write(&path, content).unwrap();
        (folder, path)
    }

    fn names(folder: &tempfile::TempDir) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn mode_owner_and_attributes_stay() {
        let (folder, path) = folder_with("old");
        // Only root can give a file away.
        let _ = std::os::unix::fs::chown(&path, Some(1234), Some(5678));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o4640)).unwrap();
        let before = fs::metadata(&path).unwrap();
        let file = File::open(&path).unwrap();
        let marked = rustix::fs::fsetxattr(&file, "user.kubevet", b"kept", XattrFlags::empty()).is_ok();
        replace(&path, b"old", b"new and longer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new and longer");
        let metadata = fs::metadata(&path).unwrap();
        assert_eq!(metadata.mode() & 0o7777, 0o4640);
        assert_eq!((metadata.uid(), metadata.gid()), (before.uid(), before.gid()));
        if marked {
            assert_eq!(attribute(&File::open(&path).unwrap(), b"user.kubevet").unwrap(), b"kept");
        }
        assert_eq!(names(&folder), 1);
    }

    #[test]
    fn a_link_stays_a_link() {
        let (folder, path) = folder_with("old");
        let link = folder.path().join("link");
        symlink("k.yaml", &link).unwrap();
        replace(&link, b"old", b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_somebody_else_has_changed_or_shares_is_left_alone() {
        let (folder, path) = folder_with("old");
        for content in ["other", "older", "ol", ""] {
            fs::write(&path, content).unwrap();
            assert_eq!(replace(&path, b"old", b"new"), Err(CHANGED.into()), "{content}");
            assert_eq!(fs::read(&path).unwrap(), content.as_bytes());
        }
        fs::write(&path, "old").unwrap();
        fs::hard_link(&path, folder.path().join("second")).unwrap();
        assert!(replace(&path, b"old", b"new").unwrap_err().contains("hard links"));
        assert!(replace(folder.path(), b"old", b"new").unwrap_err().contains("no regular file"));
        assert_eq!(names(&folder), 2);
    }

    #[test]
    fn a_pipe_or_a_device_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let made = |name: &str, kind, device| mknodat(CWD, at(name), kind, Mode::RWXU, device);
        made("pipe", FileType::Fifo, 0).unwrap();
        // Only root can make a device.
        let is_root = made("null", FileType::CharacterDevice, makedev(1, 3)).is_ok();
        for name in ["pipe"].into_iter().chain(is_root.then_some("null")) {
            let link = at(&format!("of-{name}"));
            symlink(name, &link).unwrap();
            for path in [&link, &at(name)] {
                assert_eq!(replace(path, b"", b"new"), Err("is no regular file".into()), "{name}");
            }
            assert!(!at(name).is_file());
        }
    }
}
