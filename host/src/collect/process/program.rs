//! Which program a process runs.

use kubevet_rules::Language;
use kubevet_rules::model::Outcome;

use super::entry::{ProcEntry, Stat};
use super::{NoProcess, lossy};
use crate::collect::arguments::{MULTI_CALL, program_name};

/// What of a command line is enough to tell which program it is: two words as long as a path may be.
const MAX_PREFIX: u64 = 8 << 10;

/// Linux cuts the name of a process (`comm`) to this length.
const MAX_COMM: usize = 15;

/// Programs that run a kubelet inside themselves (k3s, kubelite) or start one (k0s, rke2).
const EMBEDDING: [&str; 6] = ["k3s-server", "k3s-agent", "k3s", "kubelite", "k0s", "rke2"];

/// Those of them whose kubelet has no process of its own: these processes are all that there is to judge.
const INSIDE: [&str; 3] = ["k3s-server", "k3s-agent", "kubelite"];

/// Which program a process runs, as far as it tells.
#[derive(Debug)]
pub(super) struct Program {
    /// The kernel's name for the process.
    comm: Vec<u8>,
    /// The first word of its command line, and the second.
    first: Vec<u8>,
    second: Vec<u8>,
    /// The path of its program, where it may be seen.
    pub(super) exe: Option<Vec<u8>>,
    pub(super) exe_deleted: bool,
}

impl Program {
    pub(super) fn of(entry: &ProcEntry, stat: &Stat) -> Result<Self, NoProcess> {
        let line = entry.read("cmdline", MAX_PREFIX)?;
        let mut words = line.split(|&byte| byte == 0).map(<[u8]>::to_vec);
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let exe = entry.link("exe").ok();
        let remaining = exe.as_ref().and_then(|exe| exe.strip_suffix(b" (deleted)")).map(<[u8]>::to_vec);
        let exe_deleted = remaining.is_some();
        Ok(Self { comm: stat.comm.clone(), first, second, exe: remaining.or(exe), exe_deleted })
    }

    /// Whether it goes by this name: with the kernel, in its first word or as a file.
    pub(super) fn is(&self, name: &str) -> bool {
        let comm = &name.as_bytes()[..name.len().min(MAX_COMM)];
        // A script has its own name in `comm`, but its interpreter is the program, and the script the second word.
        let script = program_name(&self.second) == name.as_bytes();
        self.words_before_arguments(name) == 2
            || program_name(&self.first) == name.as_bytes()
            || self.exe_name() == Some(name.as_bytes())
            || (self.comm == comm && !script)
    }

    /// One, or two where a program that is several at once is told which.
    fn words_before_arguments(&self, name: &str) -> usize {
        let multi_call = program_name(&self.first) == MULTI_CALL || self.exe_name() == Some(MULTI_CALL);
        if multi_call && self.second == name.as_bytes() { 2 } else { 1 }
    }

    fn exe_name(&self) -> Option<&[u8]> {
        self.exe.as_deref().map(program_name)
    }

    /// Its name, if it is known to run a kubelet. k3s and rke2 write `/usr/local/bin/k3s server` into one word.
    pub(super) fn embedding(&self) -> Option<&'static str> {
        let command = self.first.split(|&byte| byte == b' ').next().unwrap_or_default();
        let known = |name: &str| self.comm == name.as_bytes() || program_name(command) == name.as_bytes();
        EMBEDDING.into_iter().find(|name| known(name))
    }

    /// Its name, if it runs a kubelet inside itself. k3s names itself `k3s-server` or writes `k3s server`; other commands of k3s run
    /// no kubelet.
    pub(super) fn inside(&self) -> Option<&'static str> {
        let title = self.first.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let title = [title, b" ", &self.second].concat();
        INSIDE.into_iter().find(|name| {
            let words = name.replace('-', " ");
            self.comm == name.as_bytes()
                || title.trim_ascii() == words.as_bytes()
                || title.starts_with(&[words.as_bytes(), b" "].concat())
        })
    }

    /// The words behind the first one, whatever stands there.
    pub(super) fn words(line: &[u8]) -> Vec<Vec<u8>> {
        let words = line.strip_suffix(b"\0").unwrap_or(line).split(|&byte| byte == 0).map(<[u8]>::to_vec);
        words.skip(1).filter(|word| !word.is_empty()).collect()
    }

    /// What follows the program's name on this command line.
    pub(super) fn arguments(&self, line: &[u8], name: &str) -> Result<Vec<Vec<u8>>, Outcome> {
        let Some(words) = line.strip_suffix(b"\0").filter(|words| !self.is_title(words)) else {
            let reason = "the command line is gone, or a text was written over it: the arguments are not known";
            return Err(Outcome::Failed(reason.into()));
        };
        let words = words.split(|&byte| byte == 0).map(<[u8]>::to_vec);
        Ok(words.skip(self.words_before_arguments(name)).collect())
    }

    /// A process may write a text for people over its arguments: one word with spaces, and what was behind it cleared.
    fn is_title(&self, words: &[u8]) -> bool {
        let mut words = words.split(|&byte| byte == 0);
        let first = words.next().unwrap_or_default();
        first.contains(&b' ') && self.exe.as_deref() != Some(first) && words.all(<[u8]>::is_empty)
    }

    /// Why it may be something else that only goes by this name.
    pub(super) fn doubt(&self, name: &str, language: Language) -> Option<String> {
        let exe = self.exe.as_deref()?;
        // The processes of k3s have names of their own, `k3s-server` and `k3s-agent`.
        let family = name.split('-').next().unwrap_or(name);
        let expected = [name.as_bytes(), family.as_bytes(), MULTI_CALL].contains(&program_name(exe));
        let exe = lossy(exe);
        (!expected).then(|| language.choose(format!("its program is {exe}"), format!("プログラムが {exe} です")))
    }
}
