//! How a command of a unit starts a kubelet: itself, by way of programs that run what follows them, or in a shell.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::command_line::{Arg, Command, Expansion, FILLED_IN, Lookup};
use super::environment::{Variable, is_name};
use super::letters::{self, Letter};
use crate::input::carrier::shell::{self, Word, is_literal, span, text};
use crate::input::source::{Places, Source};

/// Programs that run what stands behind their options.
const RUNNERS: [&str; 16] = [
    "chrt",
    "env",
    "exec",
    "ionice",
    "kubenswrapper",
    "nice",
    "nohup",
    "nsenter",
    "numactl",
    "prlimit",
    "setsid",
    "stdbuf",
    "sudo",
    "systemd-inhibit",
    "taskset",
    "unshare",
];

const SHELLS: [&str; 5] = ["sh", "bash", "dash", "ash", "ksh"];

/// How a command starts a kubelet.
#[derive(Debug, PartialEq)]
pub enum Start {
    /// What follows this word of it are the arguments.
    At(usize),
    /// This word of it is a script that does.
    Script(usize),
    /// In a way that is not evaluated.
    Unclear,
}

/// The last part of a path.
fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// How a command starts a kubelet, if it does.
pub fn of(words: &[String]) -> Option<Start> {
    let is = |at: usize, names: &[&str]| words.get(at).is_some_and(|word| names.contains(&base_name(word)));
    let is_assignment = |word: &String| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    let first = words.iter().position(|word| !is_assignment(word))?;
    let is_plain = |at: &usize| {
        let is_long = |word: &String| word.starts_with("--") && word.len() > 2 && !word.contains('=');
        // What follows an option may be its value, such as a name for the program that comes then.
        let is_value = words.get(at.wrapping_sub(1)).is_some_and(is_long) || is(at + 1, &["kubelet"]);
        !words[*at].contains([' ', '=']) && !is_value
    };
    let is_either = |at: &usize| is(*at, &["kubelet"]) || is(*at, &SHELLS);
    let program = match is(first, &RUNNERS) {
        true => (first + 1..words.len()).filter(is_plain).find(is_either),
        false => Some(first + usize::from(is(first, &["hyperkube"]))).filter(is_either),
    };
    if let Some(at) = program {
        let is_command = |word: &String| word.starts_with('-') && !word.starts_with("--") && word.contains('c');
        let script = || words[at..].iter().position(is_command).map(|option| Start::Script(at + option + 1));
        return if is(at, &["kubelet"]) { Some(Start::At(at)) } else { script() };
    }
    let has_flags = |at: usize| words.get(at + 1).is_some_and(|word| word.starts_with(['-', '$', '{']));
    let hands_over =
        |word: &String| ["--kubelet-arg", "--kubelet-extra-args"].iter().any(|flag| word.starts_with(flag));
    let is_unclear =
        || (first + 1..words.len()).any(|at| is(at, &["kubelet"]) && has_flags(at)) || words.iter().any(hands_over);
    // These two tell of units, or tell them what to do.
    (!is(first, &["systemctl", "journalctl"]) && is_unclear()).then_some(Start::Unclear)
}

impl Command {
    /// How it starts a kubelet, if it does.
    pub fn start(&self) -> Option<Start> {
        let words = [&self.program].into_iter().chain(&self.words);
        let words: Vec<String> = words.map(|word| letters::string(&word.letters)).collect();
        let at = match of(&words)? {
            Start::Script(at) => at,
            start => return Some(start),
        };
        let script = shell::read(&source(&self.words.get(at.checked_sub(1)?)?.letters));
        let starts: Vec<Start> = script.commands.iter().filter_map(of_shell).collect();
        match starts.as_slice() {
            [] => None,
            [Start::At(_)] => Some(Start::Script(at)),
            _ => Some(Start::Unclear),
        }
    }

    /// The arguments that it gives to a kubelet; none where that is not evaluated.
    pub fn arguments(&self, start: &Start, expansion: &mut Expansion) -> Option<()> {
        match start {
            Start::At(at) => {
                for word in self.words.iter().skip(*at) {
                    match self.expands {
                        true => expansion.word(word),
                        false => expansion.literal(&word.letters, &word.span),
                    }
                }
            }
            Start::Script(at) => {
                let letters = &self.words.get(at.checked_sub(1)?)?.letters;
                let script = shell::read(&source(&filled_in(expansion, letters, self.expands)));
                let (command, at) = script.commands.iter().find_map(|command| match of_shell(command)? {
                    Start::At(at) => Some((command, at)),
                    _ => None,
                })?;
                expansion.args = command.words[at + 1..].iter().map(argument).collect();
            }
            Start::Unclear => return None,
        }
        Some(())
    }
}

/// How a command of a script starts a kubelet.
fn of_shell(command: &shell::Command) -> Option<Start> {
    of(&command.words.iter().map(|word| text(word).to_owned()).collect::<Vec<_>>())
}

/// A script with the places of its letters.
fn source(letters: &[Letter]) -> Source<'static> {
    let runs = letters.iter().enumerate().map(|(at, letter)| (at, letters::span(&[*letter]).start)).collect();
    Source { bytes: letters::bytes(letters).into(), places: Places::Runs(runs) }
}

/// What the shell makes of a word.
fn argument(word: &Word) -> Arg {
    match text(word).split_once('=') {
        _ if is_literal(word) => Arg::Word(word.bytes.to_vec(), span(word)),
        Some((name, _)) if name.starts_with("--") && !name.contains('$') => Arg::Value(name[2..].into(), span(word)),
        _ => Arg::Gap(FILLED_IN.into(), span(word)),
    }
}

/// A script with variables: `${NAME}` is filled in by systemd, so that the shell reads what is in there, and `$NAME` by the
/// shell.
fn filled_in(expansion: &mut Expansion, script: &[Letter], expands: bool) -> Vec<Letter> {
    // Another command may set it, and within single quotes it is none.
    let is_simple = !script.iter().any(|letter| b"';&|\n(`\\".contains(&letter.byte));
    let is_word = |letter: &Letter| letter.byte.is_ascii_alphanumeric() || b"-_=.,:/ %+@".contains(&letter.byte);
    let mut all = vec![];
    let mut at = 0;
    while let Some(letter) = script.get(at) {
        let rest = &script[at + 1..];
        at += 1;
        if letter.byte != b'$' {
            all.push(*letter);
            continue;
        }
        // Two of them are one for the shell.
        let is_double = expands && letters::begins(rest, b"$");
        at += usize::from(is_double);
        let rest = &script[at..];
        let braces = usize::from(letters::begins(rest, b"{"));
        let is_end = |letter: &Letter| !letter.byte.is_ascii_alphanumeric() && !b"{_".contains(&letter.byte);
        let name = &rest[braces..rest.iter().position(is_end).unwrap_or(rest.len())];
        let is_whole = braces == 0 || letters::begins(&rest[braces + name.len()..], b"}");
        let by_systemd = braces > 0 && expands && !is_double;
        match expansion.look_up(&letters::string(name)) {
            Lookup::Here(Variable { value, .. })
                if is_whole && (by_systemd || is_simple && value.iter().all(is_word)) =>
            {
                all.extend(value);
                at += name.len() + 2 * braces;
            }
            _ => all.push(*letter),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::letters::testing::letters;
    use super::*;

    fn started(text: &str) -> Option<Start> {
        super::super::command_line::commands(&letters(text)).unwrap()[0].start()
    }

    #[test]
    fn kubelets_are_known_by_their_program() {
        for (text, at) in [
            ("/usr/bin/kubelet a", 0),
            ("/opt/hyperkube kubelet a b", 1),
            ("/usr/local/bin/kubenswrapper /usr/bin/kubelet a", 1),
            ("{{ dir }}/kubelet", 0),
            ("@/usr/bin/kubelet kubelet a", 0),
            ("/usr/bin/env A=/opt/kubelet -u B /usr/bin/kubelet --v=2", 4),
            ("nice -n -5 kubelet --root-dir /var/lib/kubelet", 3),
            ("/usr/bin/nice -n 5 ionice -c2 /usr/bin/kubelet", 5),
            ("/usr/bin/systemd-inhibit --who=kubelet --why kubelet /usr/bin/kubelet --v=2", 4),
            ("/usr/bin/env exec -a kubelet /usr/bin/kubelet --v=2", 4),
            ("/usr/bin/taskset -c 0-3 /usr/bin/kubelet", 3),
        ] {
            assert_eq!(started(text), Some(Start::At(at)), "{text}");
        }
    }

    #[test]
    fn some_run_a_script() {
        for (text, at) in [
            ("/bin/sh -c 'exec /usr/bin/kubelet --v=2'", 2),
            ("/bin/bash -o pipefail -ec 'cd /; A=b nice -n 5 kubelet'", 4),
            ("env A=b sh -lc kubelet", 4),
        ] {
            assert_eq!(started(text), Some(Start::Script(at)), "{text}");
        }
    }

    #[test]
    fn others_may_run_one() {
        for text in [
            "/opt/wrap /usr/bin/kubelet --v=2",
            "/opt/wrap kubelet $ARGS",
            "sh -c '/opt/wrap kubelet --v=2'",
            "sh -c 'a && kubelet --v=2 || kubelet --v=3'",
            "k3s agent --kubelet-arg=v=2",
        ] {
            assert_eq!(started(text), Some(Start::Unclear), "{text}");
        }
        for text in [
            "/opt/hyperkube",
            "/opt/hyperkube proxy",
            "/usr/bin/kubelet-wrapper a",
            "/bin/rm /usr/bin/kubelet",
            "/bin/sh -c 'systemctl restart kubelet --no-block; rm kubelet'",
            "/usr/bin/crio --before=kubelet --v=2",
            "/bin/systemctl restart kubelet --no-block",
        ] {
            assert_eq!(started(text), None, "{text}");
        }
    }
}
