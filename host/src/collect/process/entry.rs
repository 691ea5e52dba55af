//! The directory of one process in `/proc`.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;

use kubevet_rules::model::Outcome;
use rustix::fs::{AtFlags, Mode, OFlags, openat, readlinkat, statat};
use rustix::io::Errno;

use super::{NoProcess, Proc};
use crate::collect::files::{HANDLE, unread_io};

/// The longest command line, and the longest environment, that is read. Linux allows 6 MiB for both together
/// (`fs/exec.c`, three quarters of `_STK_LIM`); a process that claims more has tampered with its own memory map.
pub const MAX_COMMAND_LINE: u64 = 6 << 20;

/// `stat` and `status` are far smaller: all their fields are bounded.
const MAX_STATE: u64 = 64 << 10;

const ENDED: &str = "the process has ended";

/// `PF_KTHREAD` of the kernel's `include/linux/sched.h`: a thread of the kernel, without a program.
const KERNEL_THREAD: u64 = 0x0020_0000;

/// The directory of one process.
#[derive(Debug)]
pub(super) struct ProcEntry {
    pub(super) pid: u32,
    pub(super) directory: OwnedFd,
}

impl ProcEntry {
    pub(super) fn open(proc: &Proc, pid: u32) -> Result<Self, NoProcess> {
        let flags = HANDLE | OFlags::DIRECTORY | OFlags::NOFOLLOW;
        let directory = openat(&proc.directory, pid.to_string(), flags, Mode::empty()).map_err(io::Error::from)?;
        Ok(Self { pid, directory })
    }

    /// At most this many bytes of one of its files.
    pub(super) fn read(&self, name: &str, limit: u64) -> io::Result<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let file = File::from(openat(&self.directory, name, flags, Mode::empty())?);
        let mut bytes = Vec::new();
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The text of one of its links.
    pub(super) fn link(&self, name: &str) -> io::Result<Vec<u8>> {
        Ok(readlinkat(&self.directory, name, Vec::new())?.into_bytes())
    }

    pub(super) fn stat(&self) -> Result<Stat, NoProcess> {
        Stat::parse(&self.read("stat", MAX_STATE)?).ok_or(NoProcess::Gone)
    }

    pub(super) fn command_line(&self) -> Result<Vec<u8>, Outcome> {
        self.read_memory("cmdline")
    }

    pub(super) fn environment(&self) -> Result<Vec<u8>, Outcome> {
        self.read_memory("environ")
    }

    /// A part of the process's memory. When the process has ended, it reads as empty.
    fn read_memory(&self, name: &str) -> Result<Vec<u8>, Outcome> {
        let bytes = self.read(name, MAX_COMMAND_LINE + 1).map_err(unread_entry)?;
        match self.stat() {
            _ if bytes.len() as u64 > MAX_COMMAND_LINE => Err(Outcome::TooLarge(MAX_COMMAND_LINE)),
            Ok(stat) if !stat.runs_no_program() => Ok(bytes),
            _ => Err(Outcome::Failed(ENDED.into())),
        }
    }

    /// The user that it acts as: the second of four on the line `Uid:`.
    pub(super) fn uid(&self) -> Option<u32> {
        let status = self.read("status", MAX_STATE).ok()?;
        let line = status.split(|&byte| byte == b'\n').find_map(|line| line.strip_prefix(b"Uid:"))?;
        str::from_utf8(line).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
    }

    /// Its working directory as it sees it.
    pub(super) fn cwd(&self) -> Vec<u8> {
        let deleted = statat(&self.directory, "cwd", AtFlags::empty()).is_ok_and(|stat| stat.st_nlink == 0);
        match self.link("cwd") {
            Ok(cwd) if !deleted => self.below_root(&cwd),
            _ => Vec::new(),
        }
    }

    /// The text of a link starts at our root; the process's own view starts at its root. Empty where that cannot be told.
    pub(super) fn below_root(&self, path: &[u8]) -> Vec<u8> {
        let Ok(root) = self.link("root") else { return Vec::new() };
        match path.strip_prefix(&*root) {
            _ if root == b"/" => path.to_vec(),
            Some(b"") => b"/".to_vec(),
            Some(below) if below.starts_with(b"/") => below.to_vec(),
            // Outside its own root, where no path of ours leads.
            _ => Vec::new(),
        }
    }

    /// When the program that it runs was last written; nothing where that file has no name any more.
    pub(super) fn program_modified(&self) -> Option<i64> {
        let stat = statat(&self.directory, "exe", AtFlags::empty()).ok()?;
        (stat.st_nlink > 0).then_some(stat.st_mtime)
    }
}

/// The part of `/proc/PID/stat` that matters here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) comm: Vec<u8>,
    ended: bool,
    pub(super) parent: u32,
    flags: u64,
    /// Clock ticks after the machine started: together with the number it is unique.
    started: u64,
}

impl Stat {
    /// `1187 (kubelet) S 1 …`: the name may itself contain spaces and parentheses.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let open = text.iter().position(|&byte| byte == b'(')?;
        let close = text.iter().rposition(|&byte| byte == b')')?;
        let comm = text.get(open + 1..close)?.to_vec();
        let fields: Vec<&str> = str::from_utf8(&text[close + 1..]).ok()?.split_ascii_whitespace().collect();
        Some(Self {
            comm,
            ended: matches!(*fields.first()?, "Z" | "X"),
            parent: fields.get(1)?.parse().ok()?,
            flags: fields.get(6)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }

    /// A process may run another program later; this tells.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.comm, self.started) == (&other.comm, other.started)
    }

    pub(super) fn runs_no_program(&self) -> bool {
        self.ended || self.is_kernel_thread()
    }

    pub(super) fn is_kernel_thread(&self) -> bool {
        self.flags & KERNEL_THREAD != 0
    }
}

/// Why a file of a process's directory could not be read. That the file is absent means that the process is.
pub(super) fn unread_entry(error: io::Error) -> Outcome {
    match Errno::from_io_error(&error) {
        Some(Errno::NOENT | Errno::SRCH) => Outcome::Failed(ENDED.into()),
        _ => unread_io(error),
    }
}

impl From<io::Error> for NoProcess {
    fn from(error: io::Error) -> Self {
        match Errno::from_io_error(&error) {
            Some(Errno::NOENT | Errno::SRCH) => Self::Gone,
            _ => Self::Hidden,
        }
    }
}
