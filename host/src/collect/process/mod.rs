//! Finding processes by name through `/proc`, and telling what is known about them.
//!
//! Everything about a process is read through one descriptor of its directory: when the process ends, that descriptor
//! leads nowhere, even if another process gets the number.
//!
//! The facts of a process, by their keys:
//!
//! | key | value |
//! |---|---|
//! | `pid` | its number |
//! | `uid` | the user it acts as, a number |
//! | `exe` | the path of its program |
//! | `exe-deleted` | `true`: that file was removed or replaced since |
//! | `parent` | the name of the process that started it |
//! | `embeds` | the name of the process, where the kubelet is a part of it and not a process of its own |
//! | `suspicious` | why it may not be the node's own process, for people; once for each reason |
//!
//! What the node's packages tell about its version is added by [`package`](super::package).

mod entry;
mod program;
#[cfg(test)]
mod tests;

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fmt, io};

use kubevet_rules::Language;
use kubevet_rules::model::{Content, Outcome, Process};
use rustix::fs::{Dir, Mode, OFlags, openat, readlinkat};

use self::entry::{ProcEntry, Stat, unread_entry};
use self::program::Program;
use super::files::{ATTEMPTS, HANDLE, Root, is_in_procfs};
use super::timed::within;

pub use entry::MAX_COMMAND_LINE;

/// How long one process may take. The kernel can let a reader of `cmdline` wait for a process that is stuck itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long all of them may take.
const MAX_SEARCH: Duration = Duration::from_secs(20);

/// The processes that a process file system shows.
#[derive(Clone, Debug)]
pub struct Processes {
    proc: Arc<Proc>,
}

/// What a search through all processes brought.
#[derive(Debug)]
pub struct Search {
    /// What could be seen at all.
    pub sight: Sight,
    /// How many processes could be looked at.
    pub looked_at: usize,
    /// How many exist that could not be looked at.
    pub hidden: usize,
    /// The processes of that name, by their numbers.
    pub found: Vec<RunningProcess>,
    /// Processes of which the kubelet is a part.
    pub inside: Vec<RunningProcess>,
    /// Processes that start a kubelet, which is then found, too.
    pub embedded: Vec<Embedding>,
}

/// A process that is known to run a kubelet inside itself, or to start one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedding {
    /// Its number.
    pub pid: u32,
    /// Its name, such as `k3s-server`.
    pub program: String,
}

/// How much of the machine a process file system shows. "There is none" can only be said with [`Sight::Machine`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Every process of the machine.
    Machine,
    /// The processes of a container or of another process namespace, and no others.
    Namespace,
    /// Processes of other users are hidden (`hidepid`).
    Hidden,
    /// No process at all: nothing runs there, as in an image of a disk.
    Nothing,
}

/// Why there is no such process to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoProcess {
    /// There is none of this number, or it has ended.
    Gone,
    /// It exists, and may not be looked at.
    Hidden,
    /// It exists, and does not answer in time.
    Stuck,
    /// It runs no program: it belongs to the kernel, or has ended and was not yet collected.
    NoProgram,
}

impl fmt::Display for NoProcess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Gone => "there is no such process",
            Self::Hidden => "the process cannot be seen",
            Self::Stuck => "the process does not answer",
            Self::NoProgram => "the process runs no program",
        })
    }
}

impl std::error::Error for NoProcess {}

impl Processes {
    /// The processes that `/proc` below this root shows.
    ///
    /// # Errors
    ///
    /// Where there is no directory `/proc`, or where it is no process file system. In an image of a disk the links there
    /// (`root`, `cwd`) could be laid out to lead anywhere, so only the kernel's own are taken.
    pub fn open(root: &Root) -> io::Result<Self> {
        let directory = root.subdirectory(b"/proc")?;
        if !is_in_procfs(&directory)? {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no process file system is mounted on /proc"));
        }
        Ok(Self::at(directory))
    }

    fn at(directory: OwnedFd) -> Self {
        let namespace = |path: &str| Some(readlinkat(&directory, path, Vec::new()).ok()?.into_bytes());
        let (first, own) = (namespace("1/ns/mnt"), namespace("self/ns/mnt"));
        Self { proc: Arc::new(Proc { directory, first, own, language: Language::English }) }
    }

    /// In which language it is said why a process may not be the node's own.
    #[must_use]
    pub fn in_language(mut self, language: Language) -> Self {
        // Nobody else has it yet.
        if let Some(proc) = Arc::get_mut(&mut self.proc) {
            proc.language = language;
        }
        self
    }

    /// All processes that are `name`: by the name the kernel has for them, by their first argument or by their program.
    ///
    /// # Errors
    ///
    /// Where the processes cannot be listed.
    pub fn find(&self, name: &str) -> io::Result<Search> {
        let until = Instant::now() + MAX_SEARCH;
        let pids = self.proc.pids()?;
        let mut search = Search::new(self.proc.sight(&pids));
        for pid in pids {
            search.add(pid, self.look(pid, name, Only::Named, until));
        }
        Ok(search)
    }

    /// The process of this number, whatever it is called; that it is not `name` is then among its facts.
    ///
    /// # Errors
    ///
    /// Where there is none, or it cannot be seen.
    pub fn get(&self, pid: u32, name: &str) -> Result<RunningProcess, NoProcess> {
        match self.look(pid, name, Only::Any, Instant::now() + PATIENCE)? {
            Look::Described(process) | Look::Inside(process) => Ok(*process),
            Look::Embeds(_) | Look::Other => Err(NoProcess::NoProgram),
        }
    }

    fn look(&self, pid: u32, name: &str, only: Only, until: Instant) -> Result<Look, NoProcess> {
        let left = until.saturating_duration_since(Instant::now()).min(PATIENCE);
        let (proc, name) = (Arc::clone(&self.proc), name.to_owned());
        within(left, move || proc.look(pid, &name, only)).unwrap_or(Err(NoProcess::Stuck))
    }
}

impl Search {
    fn new(sight: Sight) -> Self {
        Self { sight, looked_at: 0, hidden: 0, found: Vec::new(), inside: Vec::new(), embedded: Vec::new() }
    }

    fn add(&mut self, pid: u32, look: Result<Look, NoProcess>) {
        match look {
            Err(NoProcess::Gone) => return,
            Err(NoProcess::Hidden | NoProcess::Stuck) => {
                self.hidden += 1;
                return;
            }
            Ok(Look::Described(process)) => self.found.push(*process),
            Ok(Look::Inside(process)) => self.inside.push(*process),
            Ok(Look::Embeds(program)) => self.embedded.push(Embedding { pid, program: program.to_owned() }),
            Ok(Look::Other) | Err(NoProcess::NoProgram) => {}
        }
        self.looked_at += 1;
    }
}

/// Which processes are described.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    Named,
    Any,
}

/// What was seen of one process.
enum Look {
    Described(Box<RunningProcess>),
    /// The kubelet is a part of it.
    Inside(Box<RunningProcess>),
    Embeds(&'static str),
    Other,
}

/// The directory of all processes, and what they are compared with.
#[derive(Debug)]
struct Proc {
    directory: OwnedFd,
    /// The mount namespace of the first process.
    first: Option<Vec<u8>>,
    /// That of this program.
    own: Option<Vec<u8>>,
    language: Language,
}

impl Proc {
    fn pids(&self) -> io::Result<Vec<u32>> {
        let mut pids = Vec::new();
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        for entry in Dir::new(openat(&self.directory, ".", flags, Mode::empty())?)? {
            pids.extend(entry?.file_name().to_str().ok().and_then(|name| name.parse::<u32>().ok()));
        }
        pids.sort_unstable();
        Ok(pids)
    }

    /// Every namespace has a process 1. In the machine's own one, process 2 is the parent of all threads of the kernel,
    /// and no namespace below it has such a process.
    fn sight(&self, pids: &[u32]) -> Sight {
        if pids.is_empty() {
            return Sight::Nothing;
        }
        if !pids.contains(&1) || ProcEntry::open(self, 1).and_then(|entry| entry.stat()).is_err() {
            return Sight::Hidden;
        }
        match ProcEntry::open(self, 2).and_then(|entry| entry.stat()) {
            Ok(stat) if stat.is_kernel_thread() && stat.comm == b"kthreadd" => Sight::Machine,
            _ => Sight::Namespace,
        }
    }

    /// Everything is read between two looks at when the process started and what it is called: a process that runs
    /// another program meanwhile is looked at again.
    fn look(&self, pid: u32, name: &str, only: Only) -> Result<Look, NoProcess> {
        for _ in 0..ATTEMPTS {
            let entry = ProcEntry::open(self, pid)?;
            let stat = entry.stat()?;
            if stat.runs_no_program() {
                return Err(NoProcess::NoProgram);
            }
            let program = Program::of(&entry, &stat)?;
            let inside = if program.is(name) { None } else { program.inside() };
            let described = (only == Only::Any || inside.is_some() || program.is(name))
                .then(|| self.describe(&entry, &stat, &program, name, inside));
            if !entry.stat()?.is_same(&stat) {
                continue;
            }
            return Ok(match described {
                Some(description) => {
                    let process = Box::new(RunningProcess { entry, description });
                    if inside.is_some() { Look::Inside(process) } else { Look::Described(process) }
                }
                None => program.embedding().map_or(Look::Other, Look::Embeds),
            });
        }
        Err(NoProcess::Stuck)
    }

    fn describe(
        &self,
        entry: &ProcEntry,
        stat: &Stat,
        program: &Program,
        name: &str,
        inside: Option<&'static str>,
    ) -> Description {
        let (mut facts, cwd) = (self.facts(entry, stat, program, inside.unwrap_or(name)), entry.cwd());
        facts.extend(inside.map(|inside| ("embeds".to_owned(), inside.to_owned())));
        let modified = entry.program_modified();
        let program_file = ProgramFile {
            path: program.exe.as_ref().map(|exe| entry.below_root(exe)).unwrap_or_default(),
            deleted: program.exe_deleted || modified.is_none(),
            modified: modified.unwrap_or_default(),
        };
        let arguments = |line: Vec<u8>| match inside {
            Some(_) => Ok(Program::words(&line)),
            None => program.arguments(&line, name),
        };
        let outcome = match entry.command_line().and_then(arguments) {
            Ok(arguments) => {
                Outcome::Found(Content::Process(Process { arguments, cwd: cwd.clone(), facts: facts.clone() }))
            }
            Err(outcome) => outcome,
        };
        Description { facts, cwd, outcome, program: program_file }
    }

    fn facts(&self, entry: &ProcEntry, stat: &Stat, program: &Program, name: &str) -> Vec<(String, String)> {
        let uid = entry.uid();
        let mut facts = vec![("pid", entry.pid.to_string())];
        facts.extend(uid.map(|uid| ("uid", uid.to_string())));
        if let Some(exe) = &program.exe {
            let seen = entry.below_root(exe);
            facts.push(("exe", lossy(if seen.is_empty() { exe } else { &seen })));
        }
        if program.exe_deleted {
            facts.push(("exe-deleted", "true".into()));
        }
        if let Ok(parent) = ProcEntry::open(self, stat.parent).and_then(|parent| parent.stat()) {
            facts.push(("parent", lossy(&parent.comm)));
        }
        let language = self.language;
        let doubts = [
            doubt_user(uid, language),
            self.doubt_namespace(entry),
            doubt_root(entry, language),
            program.doubt(name, language),
        ];
        facts.extend(doubts.into_iter().flatten().map(|doubt| ("suspicious", doubt)));
        facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    fn doubt_namespace(&self, entry: &ProcEntry) -> Option<String> {
        let say = |en: &str, ja: &str| Some(self.language.choose(en, ja).to_owned());
        let Ok(namespace) = entry.link("ns/mnt") else {
            return say("its mount namespace cannot be seen", "マウント名前空間を参照できません");
        };
        let same = |other: &Option<Vec<u8>>| other.as_deref() == Some(&*namespace);
        match &self.first {
            _ if same(&self.first) || same(&self.own) => None,
            Some(_) => say(
                "it runs in another mount namespace than the first process, as in a container",
                "コンテナーのように、最初のプロセスとは別のマウント名前空間で動作しています",
            ),
            None => say(
                "it runs in another mount namespace, and that of the first process cannot be seen",
                "別のマウント名前空間で動作しており、最初のプロセスの名前空間は参照できません",
            ),
        }
    }
}

fn doubt_user(uid: Option<u32>, language: Language) -> Option<String> {
    match uid {
        Some(0) => None,
        Some(uid) => Some(language.choose(
            format!("it runs as user {uid}, not as root"),
            format!("root ではなくユーザー {uid} として動作しています"),
        )),
        None => Some(language.choose("its user cannot be seen", "実行ユーザーを参照できません").into()),
    }
}

fn doubt_root(entry: &ProcEntry, language: Language) -> Option<String> {
    let root = entry.link("root").ok().filter(|root| root != b"/")?;
    let root = lossy(&root);
    Some(language.choose(format!("its root directory is {root}"), format!("ルートディレクトリが {root} です")))
}

/// A process that runs, or ran when it was found.
#[derive(Debug)]
pub struct RunningProcess {
    entry: ProcEntry,
    description: Description,
}

#[derive(Debug)]
struct Description {
    facts: Vec<(String, String)>,
    cwd: Vec<u8>,
    outcome: Outcome,
    program: ProgramFile,
}

/// The file that a process runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramFile {
    /// Its path as the process sees it; empty where that is not known.
    pub path: Vec<u8>,
    /// Whether it was removed or replaced since, or cannot be seen.
    pub deleted: bool,
    /// When it was last written, in seconds since 1970.
    pub modified: i64,
}

impl RunningProcess {
    /// Its number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.entry.pid
    }

    /// What is known about it, by the keys of this module; also where its arguments could not be read.
    #[must_use]
    pub fn facts(&self) -> &[(String, String)] {
        &self.description.facts
    }

    /// The file that it runs.
    #[must_use]
    pub fn program(&self) -> &ProgramFile {
        &self.description.program
    }

    /// Adds to what is known about it.
    pub fn add_facts(&mut self, facts: Vec<(String, String)>) {
        if let Outcome::Found(Content::Process(process)) = &mut self.description.outcome {
            process.facts.extend(facts.iter().cloned());
        }
        self.description.facts.extend(facts);
    }

    /// Its working directory as it sees it itself; empty where that is not known.
    #[must_use]
    pub fn cwd(&self) -> &[u8] {
        &self.description.cwd
    }

    /// The process as a document, or why there is none.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.description.outcome
    }

    /// The root of all paths as the process sees them, which in a container or after `chroot` is another than ours.
    ///
    /// # Errors
    ///
    /// As an outcome: it is what every file of this process is answered with.
    pub fn root(&self) -> Result<Root, Outcome> {
        match openat(&self.entry.directory, "root", HANDLE | OFlags::DIRECTORY, Mode::empty()) {
            Ok(directory) => Ok(Root::new(directory)),
            Err(error) => Err(unread_entry(error.into())),
        }
    }

    /// Whether it was started with an environment variable of this name. Values are not kept.
    #[must_use]
    pub fn has_environment(&self, name: &str) -> Outcome {
        match self.entry.environment() {
            Ok(variables) => {
                let named =
                    |variable: &[u8]| variable.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
                Outcome::Found(Content::Present(variables.split(|&byte| byte == 0).any(named)))
            }
            Err(outcome) => outcome,
        }
    }
}

pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
