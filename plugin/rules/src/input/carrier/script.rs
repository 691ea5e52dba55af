//! Shell scripts: what they give to a kubelet, and the files that they write. Nothing is run: see [`shell`](super::shell).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::changes::{COPYING, may_be_same, targets};
use super::commands::is_short;
use super::shell::{self, Command, Word, span, split, text};
use super::{Carried, MAX_UNPACKED};
use crate::input::base::NOBODY;
use crate::input::source::{Source, is_secret, may_be_secret, mentions};
use crate::input::{File, Form, Found, Input, MAX_INPUTS};
use crate::kubelet::{paths, values};
use crate::message::Words;
use crate::model::Severity;

pub static FORM: Form = Form { id: "shell-script", sign: "", platform: "", find };

/// A text that begins as scripts do.
fn find(file: &File, found: &mut Found) {
    if is_one(&file.text.bytes) {
        let mut says = Says::default();
        says.read(file, &file.text, 0);
        says.finish(file, found);
    }
}

/// Whether a text begins as scripts for a shell do.
pub fn is_one(bytes: &[u8]) -> bool {
    const SHELLS: [&[u8]; 6] = [b"sh", b"bash", b"dash", b"ash", b"ksh", b"zsh"];
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let program = line.strip_prefix(b"#!").unwrap_or_default();
    let mut words = program.split(|byte| matches!(byte, b' ' | b'\t' | b'/'));
    line == b"#cloud-boothook" || words.any(|word| SHELLS.contains(&word))
}

/// How many scripts a script stands in.
const MAX_DEPTH: usize = 3;

/// The variable that the units of kubelets take flags from.
const VARIABLE: &str = "KUBELET_EXTRA_ARGS";

const BOOTSTRAP: &str = "/etc/eks/bootstrap.sh";

/// What scripts say.
#[derive(Default)]
pub struct Says {
    /// Kubelets.
    pub inputs: Vec<Input>,
    /// Files that they write, and texts that they hand to programs.
    pub carried: Vec<Carried>,
    /// Files that others write for the same node, which are looked into there.
    pub beside: Vec<Carried>,
    /// What they append to what stands there already.
    appended: Vec<Carried>,
    /// What they do to kubelets that is not evaluated, and whether it may concern flags.
    unclear: Vec<(Range<usize>, bool)>,
    /// Files of any path that they change in ways that are not evaluated, and where that stands.
    changed: Vec<(String, Range<usize>)>,
    /// Variables, with all that they are given.
    assigned: Vec<(String, String)>,
    /// Folders that they go to: a relative path may be in each of them.
    folders: Vec<String>,
    /// From where on one of them cannot be read.
    broken: Option<Range<usize>>,
    /// What they give the variable.
    pub variable: Option<Word>,
    /// Whether programs get it.
    pub exports: bool,
    /// What the command gives it that is read.
    pub for_command: Option<Word>,
    /// What must not be shown.
    pub secrets: Vec<Range<usize>>,
}

impl Says {
    /// Reads a script. One that says nothing of kubelets may change what another wrote for them.
    pub fn read(&mut self, file: &File, source: &Source, depth: usize) {
        if source.bytes.starts_with(b"#!") && !is_one(&source.bytes) {
            return;
        }
        let concerns = SIGNS.iter().chain(&["base64"]).any(|word| mentions(&source.bytes, word));
        let is_too_much = depth > MAX_DEPTH || source.bytes.len() > MAX_UNPACKED;
        let secrets = self.secrets.len();
        let mut broken = is_too_much.then(|| source.places.of(&(0..1)));
        if !is_too_much {
            let script = shell::read(source);
            let mut output = None;
            for command in script.commands {
                output = self.run(file, command, output.take(), depth);
            }
            broken = script.broken.map(|at| source.places.of(&(at..at)));
        }
        match concerns {
            true => self.broken = self.broken.take().or(broken),
            false => self.secrets.truncate(secrets),
        }
    }

    /// A command, given the output of the one before it; its output, where that is known.
    pub fn run(
        &mut self,
        file: &File,
        command: Command,
        piped: Option<Source<'static>>,
        depth: usize,
    ) -> Option<Source<'static>> {
        let Command { words, outputs, input, is_piped } = command;
        let given = input.or(piped.filter(|_| is_piped));
        self.withhold(&words);
        let words = self.stripped(words);
        let name = words.first().map(text).unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        let arguments = words.get(1..).unwrap_or_default();
        let has_option = |short: char, long: &str| {
            arguments.iter().map(text).any(|word| word == long || is_short(word) && word.contains(short))
        };
        let mut targets = outputs;
        let output = match name.as_str() {
            "cat" if arguments.iter().all(|word| text(word) == "-") => given,
            "tee" => {
                let files = arguments.iter().filter(|word| !text(word).starts_with('-')).cloned();
                let appends = has_option('a', "--append");
                targets.extend(files.map(|word| (word, appends)));
                given
            }
            // systemd has variables of its own, so that it would not see what is filled in.
            "echo" => shell::echoed(arguments)
                .filter(|text| !(mentions(&text.bytes, "[Service]") && mentions(&text.bytes, "$("))),
            "base64" if has_option('d', "--decode") || has_option('D', "") => given.and_then(|text| text.base64().ok()),
            "gunzip" | "zcat" => given.and_then(|text| text.gzip().ok()),
            "gzip" if has_option('d', "--decompress") => given.and_then(|text| text.gzip().ok()),
            _ => {
                self.program(file, &name, &words, given, depth);
                None
            }
        };
        for (path, appends) in targets.iter().filter(|(path, _)| text(path) != "/dev/null") {
            self.write(path, output.as_ref(), *appends);
        }
        output.filter(|_| targets.is_empty() || name == "tee")
    }

    /// A file that something else than a command writes.
    pub fn add_file(&mut self, carried: Carried, appends: bool) {
        if appends {
            self.change(&carried.name, carried.text.places.of(&(0..carried.text.bytes.len().min(1))));
        }
        let into = if appends { &mut self.appended } else { &mut self.carried };
        if into.len() < MAX_INPUTS {
            into.push(carried);
        }
    }

    /// Secrets that are given to programs and variables.
    fn withhold(&mut self, words: &[Word]) {
        for (at, word) in words.iter().enumerate() {
            match text(word).split_once('=') {
                Some((name, value)) if may_be_secret(name, value) => {
                    self.secrets.push(span(&word.part(name.len() + 1..word.bytes.len())));
                }
                None if text(word).starts_with("--") && is_secret(text(word)) => {
                    self.secrets.extend(words.get(at + 1).map(span));
                }
                _ => {}
            }
        }
    }

    /// A file that is written.
    fn write(&mut self, path: &Word, output: Option<&Source<'static>>, appends: bool) {
        let paths = self.paths(text(path));
        let touched = paths.iter().find_map(|path| self.touched(path));
        let is_told = output.is_some_and(is_whole);
        if let Some(output) = output.filter(|_| is_told || touched.is_none()) {
            let into = if appends { &mut self.appended } else { &mut self.carried };
            carry(into, paths.last().map_or("", |path| path), output.clone());
        }
        // Lines that a configuration gets besides are no input of their own; flags are one.
        if let Some(concerns_flags) = touched.filter(|concerns_flags| !is_told || appends && !concerns_flags) {
            self.unclear.push((span(path), concerns_flags));
        }
        if appends || !is_told {
            paths.iter().for_each(|known| self.change(known, span(path)));
        }
    }

    /// A variable is given something.
    fn assign(&mut self, name: &str, value: &str) {
        if self.assigned.len() < MAX_ASSIGNED {
            self.assigned.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The paths that a word may stand for, by all that its variables are given; itself, where that is not known.
    fn paths(&self, path: &str) -> Vec<String> {
        let mut paths = vec![path.to_owned()];
        for _ in 0..MAX_NESTED {
            paths = paths.iter().flat_map(|path| self.filled_in(path)).take(MAX_PATHS).collect();
        }
        paths
    }

    /// The same for the first variable.
    fn filled_in(&self, path: &str) -> Vec<String> {
        let variable = |rest: &str| rest.split_once(')').map(|(name, after)| (name.to_owned(), after.to_owned()));
        let parts = path.split_once("$(").and_then(|(before, rest)| Some((before, variable(rest)?)));
        let Some((before, (name, after))) = parts else { return vec![path.to_owned()] };
        let values = self.assigned.iter().filter(|(known, _)| *known == name);
        let filled_in: Vec<String> = values.map(|(_, value)| [before, value, &*after].concat()).collect();
        if filled_in.is_empty() { vec![path.to_owned()] } else { filled_in }
    }

    /// A file of any path is not, or not only, what was written to it.
    pub fn change(&mut self, path: &str, at: Range<usize>) {
        if self.changed.iter().any(|(known, _)| known == path) {
            return;
        }
        match self.changed.len() < MAX_CHANGED {
            true => self.changed.push((path.to_owned(), at)),
            false => drop(self.broken.get_or_insert(at)),
        }
    }

    /// Whether a path is that of a file which tells a kubelet what to do, in whichever folder the script is by then.
    fn touched(&self, path: &str) -> Option<bool> {
        let below = |folder: &str| {
            let whole = paths::clean(&paths::join(folder.as_bytes(), path.as_bytes()));
            touched(&values::text(&whole))
        };
        touched(path).or_else(|| below("")).or_else(|| self.folders.iter().find_map(|folder| below(folder)))
    }

    /// The script goes to a folder.
    fn enter(&mut self, arguments: &[Word]) {
        let Some(folder) = arguments.last().and_then(|folder| self.paths(text(folder)).pop()) else { return };
        let before = self.folders.last().map(String::as_bytes).unwrap_or_default();
        let folder = values::text(&paths::clean(&paths::join(before, folder.as_bytes())));
        self.folders.retain(|known| *known != folder);
        if self.folders.len() >= MAX_FOLDERS {
            self.folders.remove(0);
        }
        self.folders.push(folder);
    }

    /// The words of a command without what stands before its name: assignments, reserved words, and programs that run it.
    fn stripped(&mut self, words: Vec<Word>) -> Vec<Word> {
        let mut at = 0;
        let (mut runs, mut exports) = (false, false);
        let mut given = None;
        while let Some(word) = words.get(at) {
            let word_text = text(word);
            let assigned = word_text.split_once('=').filter(|(name, _)| is_name(name));
            match (word_text, assigned) {
                (_, Some((VARIABLE, _))) => {
                    given = Some(word.part(VARIABLE.len() + 1..word.bytes.len()));
                }
                (VARIABLE, None) if exports => self.exports = true,
                (_, Some(("INSTALL_K3S_EXEC", value))) => {
                    let value = split(&word.part(word_text.len() - value.len()..word.bytes.len()));
                    if let Some((command, arguments)) = value.split_first() {
                        self.k3s(false, command, arguments);
                    }
                }
                (_, Some((name, value))) => self.assign(name, value),
                (
                    "sudo" | "exec" | "env" | "nohup" | "command" | "time" | "export" | "bash" | "sh" | "local"
                    | "readonly" | "declare",
                    None,
                ) => {
                    let next = words.get(at + 1).map(text).unwrap_or_default();
                    if matches!(word_text, "bash" | "sh")
                        && (next.is_empty() || is_short(next) && next.contains(['c', 's']))
                    {
                        break;
                    }
                    runs = true;
                    exports |= word_text == "export";
                }
                // A user.
                ("-u", None) if runs => at += 1,
                ("if" | "then" | "else" | "elif" | "while" | "until" | "do" | "!" | "{", None) => {}
                (word, None) if runs && word.starts_with('-') => {}
                _ => break,
            }
            at += 1;
        }
        let is_all = at >= words.len();
        self.exports |= exports && given.is_some();
        (self.variable, self.for_command) = match given {
            Some(given) if is_all => (Some(given), None),
            given => (self.variable.take(), given),
        };
        words.into_iter().skip(at).collect()
    }

    /// A program that may start a kubelet, or change what it is told.
    fn program(&mut self, file: &File, name: &str, words: &[Word], given: Option<Source<'static>>, depth: usize) {
        let Some((command, arguments)) = words.split_first() else { return };
        match name {
            "bootstrap.sh" if text(command).ends_with(BOOTSTRAP) => self.bootstrap(command, arguments),
            "kubelet" => self.kubelet(command, arguments),
            "k0s" => self.k0s(command, arguments),
            "minikube" => self.minikube(command, arguments),
            "cd" | "pushd" => self.enter(arguments),
            "for" => {
                let name = arguments.first().map(text).unwrap_or_default();
                arguments.iter().skip(2).for_each(|value| self.assign(name, text(value)));
            }
            "k3s" | "rke2" => self.k3s(name == "rke2", command, arguments),
            "sh" | "bash" => {
                // The script that installs k3s takes its arguments.
                self.k3s(false, command, arguments);
                let option = arguments.iter().position(|word| is_short(text(word)) && text(word).contains('c'));
                let script = option.and_then(|at| arguments.get(at + 1)).or(given.as_ref());
                if let Some(script) = script {
                    self.read(file, script, depth + 1);
                }
            }
            _ => {
                self.edit(name, arguments);
                if given.is_some() && words.iter().any(names_shell) {
                    given.iter().for_each(|script| self.read(file, script, depth + 1));
                } else if let Some(given) = given {
                    carry(&mut self.carried, file.name, given);
                }
            }
        }
    }

    /// A program that changes files.
    fn edit(&mut self, name: &str, arguments: &[Word]) {
        let sources = arguments.split_last().map_or(&[][..], |(_, sources)| sources);
        let is_source = |carried: &&Carried| sources.iter().any(|word| self.paths(text(word)).contains(&carried.name));
        let copied = self.carried.iter().filter(|_| COPYING.contains(&name)).find(is_source);
        let copied = copied.map(|carried| carried.name.clone());
        let each =
            |(path, at): (String, Range<usize>)| self.paths(&path).into_iter().map(move |path| (path, at.clone()));
        let targets: Vec<_> = targets(name, arguments).into_iter().flat_map(each).collect();
        // A copy of what is written here says the same in any folder.
        let looked_at = if copied.is_some() { 1 } else { targets.len() };
        let touched = targets.iter().take(looked_at).find_map(|(path, at)| Some((at.clone(), self.touched(path)?)));
        self.unclear.extend(touched);
        for (path, at) in targets {
            let is_other =
                |carried: &Carried| Some(&carried.name) != copied.as_ref() && may_be_same(&path, &carried.name);
            if copied.is_none() || self.carried.iter().any(is_other) {
                self.change(&path, at);
            }
        }
    }

    /// Where a file is changed in a way that is not evaluated.
    pub fn change_of(&self, path: &str) -> Option<&Range<usize>> {
        self.changed.iter().find(|(changed, _)| may_be_same(changed, path)).map(|(_, at)| at)
    }

    /// Others write and change files of the same node, and say themselves what comes of that.
    pub fn with(&mut self, others: Says) {
        others.changed.into_iter().for_each(|(path, at)| self.change(&path, at));
        self.beside.extend(others.carried);
    }

    /// Leaves unknown what files decide that are written here and changed besides.
    pub fn note_changed(&self, inputs: &mut [Input]) {
        let region = |carried: &Carried| carried.text.places.of(&(0..carried.text.bytes.len()));
        let changed = |carried: &Carried| Some((region(carried), self.change_of(&carried.name)?));
        let changed: Vec<_> = self.carried.iter().chain(&self.beside).filter_map(changed).collect();
        for input in inputs {
            let is_within = |(region, _): &&(Range<usize>, _)| input.stands_in(region);
            let of_text = changed.iter().find(is_within).map(|(_, at)| *at);
            let of_config = input.config_path.as_deref().and_then(|path| self.change_of(path));
            if let Some(at) = of_text.or(of_config) {
                input.note(Severity::Medium, "not-evaluated", NOT_EVALUATED, at);
                input.give_up_where(of_text.is_some(), "not-evaluated", NOT_EVALUATED, at);
            }
        }
    }

    pub fn push(&mut self, input: Input) {
        if self.inputs.len() < MAX_INPUTS {
            self.inputs.push(input);
        }
    }

    /// Whether nothing is said of a kubelet.
    pub fn is_silent(&self) -> bool {
        let is_silent = self.inputs.is_empty() && self.unclear.is_empty() && self.broken.is_none();
        is_silent && self.carried.is_empty() && self.appended.is_empty()
    }

    /// Leaves unknown what the scripts decide in ways that are not evaluated.
    pub fn cloud(&self, input: &mut Input) {
        if let Some(at) = &self.broken {
            let text = words!("from here on the script cannot be read", "ここから先はスクリプトとして読み込めません");
            input.give_up("syntax", text, at);
        }
        for (span, concerns_flags) in self.unclear.iter().take(MAX_TOLD) {
            input.note(Severity::Medium, "not-evaluated", NOT_EVALUATED, span);
            input.give_up_where(*concerns_flags, "not-evaluated", NOT_EVALUATED, span);
        }
    }

    /// Leaves unknown what files decide that the scripts write to where the node's kubelet looks for them.
    pub fn cloud_with_files(&self, input: &mut Input) {
        self.cloud(input);
        for Carried { name, text } in self.carried.iter().chain(&self.appended) {
            let at = text.places.of(&(0..text.bytes.len().min(1)));
            note_written(input, name, &at);
        }
    }

    /// All that the scripts say, as inputs; one of its own for what is not evaluated, where there is no other.
    pub fn finish(mut self, file: &File, found: &mut Found) {
        if let (true, true, Some((span, _))) =
            (self.inputs.is_empty(), self.carried.is_empty() && self.appended.is_empty(), self.unclear.first())
        {
            self.inputs.push(Input::new(&FORM, &NOBODY, span.clone(), span.clone()));
        }
        self.finish_beside(file, found);
    }

    /// The same, where they stand beside an input.
    pub fn finish_beside(mut self, file: &File, found: &mut Found) {
        let mut theirs = file.look_into(&self.carried);
        let mut appended = file.look_into(&self.appended);
        for input in &mut appended.inputs {
            let at = input.head.clone();
            input.give_up_files("appended", APPENDED, &at);
        }
        theirs.inputs.append(&mut appended.inputs);
        theirs.inputs.splice(0..0, core::mem::take(&mut self.inputs));
        theirs.inputs.iter_mut().for_each(|input| self.cloud(input));
        self.note_changed(&mut theirs.inputs);
        found.extend(theirs.inputs.into_iter());
        found.secrets.extend(theirs.secrets.into_iter().chain(appended.secrets).chain(self.secrets));
    }
}

/// Leaves unknown what a file decides that is written at a path, if the node's kubelet looks there.
pub fn note_written(input: &mut Input, path: &str, at: &Range<usize>) {
    if let Some(concerns_flags) = touched(path) {
        input.give_up_where(concerns_flags, "other-file", WRITTEN, at);
    }
}

/// How many files that are changed are told apart; what follows counts as unreadable.
const MAX_CHANGED: usize = 1_000;

/// How many assignments are remembered.
const MAX_ASSIGNED: usize = 1_000;

/// How many paths a word may stand for.
const MAX_PATHS: usize = 20;

/// How many variables are in one, and in their values.
const MAX_NESTED: usize = 4;

/// How many of the folders are remembered that a script goes to, the last ones.
const MAX_FOLDERS: usize = 20;

/// How many of the commands that are not evaluated are told.
const MAX_TOLD: usize = 10;

/// What is said of files that are changed.
pub const NOT_EVALUATED: Words = words!(
    "this changes what a kubelet is told, in a way that is not evaluated",
    "これは kubelet への指定を変更しますが、その内容は評価していません"
);

/// What is said of files that are written beside an input.
pub const WRITTEN: Words = words!(
    "a file of the node's kubelet is written here, and what the two come to is not evaluated",
    "ここではノードの kubelet のファイルを書き込みますが、両者を合わせた結果は評価していません"
);

const APPENDED: Words = words!(
    "this is appended to a file whose beginning is not in here",
    "これはファイルへの追記であり、そのファイルの先頭部分は含まれていません"
);

/// What a text must mention to hold an input.
const SIGNS: [&str; 3] = ["kube", "KUBE", "eks"];

/// Whether a text that is written may hold an input, and is not filled in as a whole.
fn is_whole(text: &Source) -> bool {
    SIGNS.iter().any(|word| mentions(&text.bytes, word)) && !text.bytes.trim_ascii_start().starts_with(b"$(")
}

/// A text that may hold an input.
fn carry(into: &mut Vec<Carried>, name: &str, text: Source<'static>) {
    if into.len() < MAX_INPUTS && SIGNS.iter().any(|word| mentions(&text.bytes, word)) {
        into.push(Carried { name: name.to_owned(), text });
    }
}

/// Whether a word is a command for a shell, such as `sudo bash -s` for `ssh`.
fn names_shell(word: &Word) -> bool {
    text(word).split([' ', '/']).any(|part| matches!(part, "sh" | "bash"))
}

/// Whether a word is a variable's name.
fn is_name(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !word.starts_with(|c: char| c.is_ascii_digit())
        && !word.is_empty()
}

/// Whether a path is that of a file which tells a kubelet what to do, and if so, whether flags stand there.
pub fn touched(path: &str) -> Option<bool> {
    const OF_FLAGS: [&str; 7] = [
        "/etc/eks/kubelet",
        "kubelet.service",
        "/etc/default/kubelet",
        "/etc/sysconfig/kubelet",
        "kubeadm-flags.env",
        "10-kubeadm.conf",
        BOOTSTRAP,
    ];
    const OF_SETTINGS: [&str; 3] = ["/etc/kubernetes/kubelet", "/var/lib/kubelet/config", "kubelet-config"];
    let is_any = |parts: &[&str]| parts.iter().any(|part| path.contains(part));
    match path {
        _ if is_any(&OF_FLAGS) => Some(true),
        // The credentials of nodes that kubeadm has made.
        _ if path.ends_with("/etc/kubernetes/kubelet.conf") => None,
        _ if is_any(&OF_SETTINGS) => Some(false),
        _ => None,
    }
}
