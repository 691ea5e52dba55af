//! Following a path below a root directory, and never out of it.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{FileType, Mode, OFlags, PROC_SUPER_MAGIC, ResolveFlags};
use rustix::fs::{fstat, fstatfs, openat, openat2, readlinkat};
use rustix::io::{Errno, retry_on_intr};

use super::{ATTEMPTS, file_type};

/// The most symbolic links on one path, as in Linux.
pub(super) const MAX_LINKS: usize = 40;

/// The longest path, with its final NUL, as in Linux.
const MAX_PATH: usize = 4096;

/// How deep the walk without `openat2` descends: it keeps a descriptor for each level, and a process has 1,024.
pub(super) const MAX_DEPTH: usize = 256;

/// Only names a file: neither blocks nor does anything to a device.
pub(in crate::collect) const HANDLE: OFlags = OFlags::PATH.union(OFlags::CLOEXEC);

/// How a path is followed below the root.
#[derive(Clone, Copy, Debug)]
pub(super) enum Resolver {
    /// By `openat2`: one call, without a race.
    Kernel,
    /// Link by link, where `openat2` is missing (Linux before 5.6) or forbidden, as many container runtimes do.
    Walk,
}

/// What happens to a symbolic link at the end of a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLink {
    Follow,
    Keep,
}

impl Resolver {
    /// The better one of those that work here.
    pub(super) fn for_root(root: BorrowedFd<'_>) -> Self {
        resolve_by_kernel(root, b".", LastLink::Follow).map_or(Self::Walk, |_| Self::Kernel)
    }

    /// A handle on what a path names. It is not opened: that alone could block, or do something to a device.
    pub(super) fn resolve(self, root: BorrowedFd<'_>, path: &[u8], last: LastLink) -> Result<OwnedFd, Errno> {
        match self {
            Self::Kernel => resolve_by_kernel(root, path, last),
            Self::Walk => resolve_by_walk(root, path, last),
        }
    }
}

fn resolve_by_kernel(root: BorrowedFd<'_>, path: &[u8], last: LastLink) -> Result<OwnedFd, Errno> {
    let flags = match last {
        LastLink::Follow => HANDLE,
        LastLink::Keep => HANDLE | OFlags::NOFOLLOW,
    };
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
    for _ in 0..ATTEMPTS {
        match retry_on_intr(|| openat2(root, path, flags, Mode::empty(), resolve)) {
            // Something was renamed meanwhile, so the kernel could not be sure where a `..` led.
            Err(Errno::AGAIN) => {}
            result => return result,
        }
    }
    Err(Errno::AGAIN)
}

/// The same, component by component. `..` goes back to the descriptor that the walk came from, so a directory that is
/// moved meanwhile leads nowhere else.
fn resolve_by_walk(root: BorrowedFd<'_>, path: &[u8], last: LastLink) -> Result<OwnedFd, Errno> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    let mut ahead = Vec::new();
    push_components(&mut ahead, path)?;
    let mut below: Vec<OwnedFd> = Vec::new();
    let mut links = 0;
    while let Some(name) = ahead.pop() {
        if name == b"." {
            continue;
        }
        if name == b".." {
            below.pop();
            continue;
        }
        let here = below.last().map_or(root, AsFd::as_fd);
        let handle = retry_on_intr(|| openat(here, &*name, HANDLE | OFlags::NOFOLLOW, Mode::empty()))?;
        match file_type(&fstat(&handle)?) {
            FileType::Symlink if !ahead.is_empty() || last == LastLink::Follow => {
                links += 1;
                if links > MAX_LINKS || is_in_procfs(&handle)? {
                    return Err(Errno::LOOP);
                }
                let target = readlinkat(&handle, "", Vec::new())?.into_bytes();
                if target.starts_with(b"/") {
                    below.clear();
                }
                push_components(&mut ahead, &target)?;
            }
            FileType::Directory if below.len() == MAX_DEPTH => return Err(Errno::NAMETOOLONG),
            FileType::Directory => below.push(handle),
            _ if ahead.is_empty() => return Ok(handle),
            _ => return Err(Errno::NOTDIR),
        }
    }
    match below.pop() {
        Some(directory) => Ok(directory),
        None => openat(root, ".", HANDLE | OFlags::DIRECTORY, Mode::empty()),
    }
}

/// Puts the components of a path before those that are still ahead; the next one is the last. A final `/` becomes a
/// component `.`, which only a directory has.
fn push_components(ahead: &mut Vec<Vec<u8>>, path: &[u8]) -> Result<(), Errno> {
    if path.is_empty() {
        return Err(Errno::NOENT);
    }
    if path.len() >= MAX_PATH {
        return Err(Errno::NAMETOOLONG);
    }
    if path.ends_with(b"/") {
        ahead.push(b".".to_vec());
    }
    let names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
    ahead.extend(names.rev().map(<[u8]>::to_vec));
    Ok(())
}

/// Whether it is a file of `/proc`. The links there (`/proc/1/root`, `/proc/self/fd/3`) lead past every root, whatever
/// their text says.
pub(in crate::collect) fn is_in_procfs(handle: impl AsFd) -> Result<bool, Errno> {
    Ok(fstatfs(handle)?.f_type == PROC_SUPER_MAGIC)
}
