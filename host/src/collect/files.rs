//! Reading files that others may have laid out: nothing outside a root directory is ever opened, nothing blocks, and
//! nothing but regular files and directories is opened for reading.

mod resolve;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use kubevet_rules::model::{Content, Entry, FileKind, Metadata, Outcome, Want};
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, PROC_SUPER_MAGIC, Stat, fstat, fstatfs, openat, statat};
use rustix::io::{Errno, retry_on_intr};

use self::resolve::{LastLink, MAX_LINKS, Resolver};
use super::{MAX_ENTRIES, MAX_FILE, Source};

pub(super) use self::resolve::{HANDLE, is_in_procfs};

/// How often something is tried again that changed in between, on purpose or not.
pub(super) const ATTEMPTS: usize = 16;

/// A directory that is the root of all paths: neither `..` nor a symbolic link leads out of it, and an absolute path or
/// link starts there.
#[derive(Debug)]
pub struct Root {
    directory: OwnedFd,
    resolver: Resolver,
}

pub(super) type Answer<T> = Result<T, Outcome>;

impl Root {
    /// The directory of this path.
    ///
    /// # Errors
    ///
    /// Where it is no directory, or cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::new(openat(CWD, path, HANDLE | OFlags::DIRECTORY, Mode::empty())?))
    }

    /// The directory of this descriptor.
    pub(super) fn new(directory: OwnedFd) -> Self {
        let resolver = Resolver::for_root(directory.as_fd());
        Self { directory, resolver }
    }

    /// The content of a regular file. For a directory, what it is.
    #[must_use]
    pub fn read_file(&self, path: &[u8]) -> Outcome {
        outcome(self.file(path))
    }

    /// The entries of a directory, by the bytes of their names. A path that is a symbolic link is not followed unless it
    /// ends in `/`; for that, and for everything else that is no directory, what it is.
    #[must_use]
    pub fn list_directory(&self, path: &[u8]) -> Outcome {
        outcome(self.directory(path))
    }

    /// A regular file, to be read piece by piece.
    fn open_file(&self, path: &[u8]) -> Answer<File> {
        let (handle, stat) = self.stat(path, LastLink::Follow)?;
        match file_type(&stat) {
            FileType::RegularFile if !is_of_the_kernel(&handle)? => {
                reopen(handle.as_fd(), OFlags::empty()).map(File::from)
            }
            _ => Err(Outcome::Refused("no regular file".into())),
        }
    }

    /// Kind, mode and owner of what a path names.
    #[must_use]
    pub fn metadata(&self, path: &[u8]) -> Outcome {
        outcome(self.stat(path, LastLink::Follow).map(|(_, stat)| Content::Metadata(metadata(&stat))))
    }

    fn file(&self, path: &[u8]) -> Answer<Content> {
        let (handle, stat) = self.stat(path, LastLink::Follow)?;
        match file_type(&stat) {
            FileType::RegularFile if is_of_the_kernel(&handle)? => {
                Err(Outcome::Refused("a file that the kernel makes up, not one that is stored".into()))
            }
            FileType::RegularFile => read_unchanged(handle.as_fd()).map(Content::File),
            FileType::Directory => Ok(Content::Metadata(metadata(&stat))),
            other => Err(Outcome::Refused(format!("{}, not a regular file", describe(other)))),
        }
    }

    fn directory(&self, path: &[u8]) -> Answer<Content> {
        let (handle, stat) = self.stat(path, LastLink::Keep)?;
        match file_type(&stat) {
            FileType::Directory => entries(handle.as_fd()).map(Content::Directory),
            _ => Ok(Content::Metadata(metadata(&stat))),
        }
    }

    fn stat(&self, path: &[u8], last: LastLink) -> Answer<(OwnedFd, Stat)> {
        if path.contains(&0) {
            return Err(Outcome::Failed("the path contains a NUL byte".into()));
        }
        let handle = self.resolve(path, last).map_err(unread)?;
        let stat = fstat(&handle).map_err(unread)?;
        Ok((handle, stat))
    }

    /// A handle on the directory that a path names.
    pub(super) fn subdirectory(&self, path: &[u8]) -> Result<OwnedFd, Errno> {
        let handle = self.resolve(path, LastLink::Follow)?;
        match file_type(&fstat(&handle)?) {
            FileType::Directory => Ok(handle),
            _ => Err(Errno::NOTDIR),
        }
    }

    fn resolve(&self, path: &[u8], last: LastLink) -> Result<OwnedFd, Errno> {
        self.resolver.resolve(self.directory.as_fd(), path, last)
    }
}

/// Whether reading it may wait for ever, or take something away (`/proc/kmsg`, `trace_pipe`): nothing there configures a
/// kubelet. The numbers are those of the kernel's `include/uapi/linux/magic.h`.
fn is_of_the_kernel(handle: &OwnedFd) -> Answer<bool> {
    const SYSFS: u32 = 0x6265_6572;
    const DEBUGFS: u32 = 0x6462_6720;
    const TRACEFS: u32 = 0x7472_6163;
    let file_system = fstatfs(handle).map_err(unread)?.f_type;
    Ok([PROC_SUPER_MAGIC, SYSFS.into(), DEBUGFS.into(), TRACEFS.into()].contains(&file_system))
}

/// The bytes of a regular file as they were at one moment, as far as its times and size tell.
fn read_unchanged(handle: BorrowedFd<'_>) -> Answer<Vec<u8>> {
    for _ in 0..ATTEMPTS {
        let file = File::from(reopen(handle, OFlags::empty())?);
        let before = fstat(&file).map_err(unread)?;
        if u64::try_from(before.st_size).is_ok_and(|size| size > MAX_FILE) {
            return Err(Outcome::TooLarge(MAX_FILE));
        }
        let bytes = read_at_most(&file, MAX_FILE).map_err(unread_io)?.ok_or(Outcome::TooLarge(MAX_FILE))?;
        if stamp(&before) == stamp(&fstat(&file).map_err(unread)?) {
            return Ok(bytes);
        }
    }
    Err(Outcome::Failed("it kept changing while it was read".into()))
}

fn stamp(stat: &Stat) -> impl PartialEq + use<> {
    (stat.st_size, stat.st_mtime, stat.st_mtime_nsec)
}

/// All that is left to read, or nothing when that is more than the limit, whatever the size was said to be.
pub(super) fn read_at_most(file: &File, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

fn entries(handle: BorrowedFd<'_>) -> Answer<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in Dir::new(reopen(handle, OFlags::DIRECTORY)?).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        if entries.len() == MAX_ENTRIES {
            return Err(Outcome::TooLarge(MAX_ENTRIES as u64));
        }
        let kind = match entry.file_type() {
            // Not every file system says it with the name.
            FileType::Unknown => match statat(handle, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => file_type(&stat),
                Err(Errno::NOENT) => continue,
                Err(error) => return Err(unread(error)),
            },
            known => known,
        };
        entries.push(Entry { name: name.to_bytes().to_vec(), kind: kind_of(kind) });
    }
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

/// Opens for reading what a handle names: the very same file, whatever has become of its path since.
fn reopen(handle: BorrowedFd<'_>, flags: OFlags) -> Answer<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY | flags;
    let path = format!("/proc/self/fd/{}", handle.as_raw_fd());
    let opened = retry_on_intr(|| openat(CWD, &path, flags, Mode::empty())).map_err(|error| match error {
        Errno::NOENT | Errno::NOTDIR => Outcome::Failed("it cannot be opened, since /proc is not mounted here".into()),
        error => unread(error),
    })?;
    // Whatever may be mounted on /proc.
    let identity = |file: BorrowedFd<'_>| fstat(file).map(|stat| (stat.st_dev, stat.st_ino)).map_err(unread);
    if identity(handle)? != identity(opened.as_fd())? {
        return Err(Outcome::Failed("another file was opened in its place".into()));
    }
    Ok(opened)
}

fn outcome(answer: Answer<Content>) -> Outcome {
    answer.map_or_else(|outcome| outcome, Outcome::Found)
}

/// Why something could not be read. Absent, denied and failing stay apart: only the first means that there is nothing.
pub(super) fn unread(error: Errno) -> Outcome {
    match error {
        Errno::NOENT | Errno::NOTDIR => Outcome::Absent,
        Errno::ACCESS | Errno::PERM => Outcome::Denied,
        Errno::LOOP => {
            Outcome::Failed(format!("more than {MAX_LINKS} symbolic links, or a link of /proc that leads anywhere"))
        }
        error => Outcome::Failed(io::Error::from(error).to_string()),
    }
}

pub(super) fn unread_io(error: io::Error) -> Outcome {
    match Errno::from_io_error(&error) {
        Some(error) => unread(error),
        None => Outcome::Failed(error.to_string()),
    }
}

fn metadata(stat: &Stat) -> Metadata {
    Metadata { mode: stat.st_mode & 0o7777, uid: stat.st_uid, gid: stat.st_gid, kind: kind_of(file_type(stat)) }
}

fn file_type(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

fn kind_of(file_type: FileType) -> FileKind {
    match file_type {
        FileType::RegularFile => FileKind::Regular,
        FileType::Directory => FileKind::Directory,
        FileType::Symlink => FileKind::Symlink,
        _ => FileKind::Other,
    }
}

fn describe(file_type: FileType) -> &'static str {
    match file_type {
        FileType::Fifo => "a pipe",
        FileType::Socket => "a socket",
        FileType::CharacterDevice | FileType::BlockDevice => "a device",
        _ => "something unknown",
    }
}

/// The files below a root, as a process sees them whose working directory is `cwd`.
#[derive(Debug)]
pub struct Files {
    root: Root,
    cwd: Vec<u8>,
}

impl Files {
    /// The files of this machine, by their absolute paths.
    ///
    /// # Errors
    ///
    /// Where not even the root directory can be opened.
    pub fn here() -> io::Result<Self> {
        Ok(Self::new(Root::open(Path::new("/"))?, vec![]))
    }

    /// Relative paths start at `cwd`, an absolute path below the root; where it is empty they cannot be followed.
    #[must_use]
    pub fn new(root: Root, cwd: Vec<u8>) -> Self {
        Self { root, cwd }
    }

    /// A regular file, to be read piece by piece.
    pub(super) fn open(&self, path: &[u8]) -> Answer<File> {
        self.root.open_file(&self.absolute(path)?)
    }

    fn absolute(&self, path: &[u8]) -> Answer<Vec<u8>> {
        match path {
            [] => Err(Outcome::Absent),
            [b'/', ..] => Ok(path.to_vec()),
            _ if self.cwd.is_empty() => {
                Err(Outcome::Failed("the path is relative, and the working directory is not known".into()))
            }
            _ => Ok([&self.cwd, path].join(&b'/')),
        }
    }
}

impl Source for Files {
    /// Only files can be asked for here; all else is unavailable.
    fn answer(&self, want: &Want) -> Outcome {
        let (Want::File(path) | Want::Directory(path) | Want::Metadata(path)) = want else {
            return Outcome::Unavailable;
        };
        let path = match self.absolute(path) {
            Ok(path) => path,
            Err(outcome) => return outcome,
        };
        match want {
            Want::File(_) => self.root.read_file(&path),
            Want::Directory(_) => self.root.list_directory(&path),
            _ => self.root.metadata(&path),
        }
    }
}
