//! Commands of scripts that start kubelets, or hand flags to those that others start.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::ops::Range;

use super::Carried;
use super::script::{Says, WRITTEN};
use super::shell::{Word, is_literal, span, split, text};
use crate::input::base::{AL2, ARGUMENTS, Base, K0S, K3S, MINIKUBE, RKE2};
use crate::input::source::is_templated;
use crate::input::{File, Form, Found, Input, rancher, tree};
use crate::kubelet::surface::FLAGS;
use crate::message::Words;
use crate::model::Severity;
use crate::text::{Node, Value};

pub static EKS: Form = Form { id: "eks-bootstrap", sign: "", platform: "eks-al2", find: nothing };
static KUBELET: Form = Form { id: "kubelet-command", sign: "", platform: "", find: nothing };
static WORKER: Form = Form { id: "k0s-worker", sign: "", platform: "k0s", find: nothing };
static INSIDE: Form = Form { id: "k3s-command", sign: "", platform: "k3s", find: nothing };
static MINI: Form = Form { id: "minikube", sign: "", platform: "kubeadm", find: nothing };

/// These forms stand in scripts alone.
fn nothing(_: &File, _: &mut Found) {}

const EXTRA: &str = "--kubelet-extra-args";

const OTHER_FILE: Words = words!(
    "the file that this names is not in here: what it decides is not known",
    "ここで指定されたファイルは含まれていないため、その内容による設定は不明です"
);

impl Says {
    /// The script of Amazon Linux 2 (amazon-eks-ami, templates/al2/runtime/bootstrap.sh): the last value of an option counts.
    pub fn bootstrap(&mut self, command: &Word, arguments: &[Word]) {
        let mut input = started(&EKS, &AL2, command, arguments);
        // Whether the script gets a variable that is not exported depends on what runs it.
        let unsure = self.variable.as_ref().filter(|_| !self.exports && self.for_command.is_none()).map(span);
        let mut extra = self.for_command.clone().or(self.variable.clone());
        let mut is_unsure = true;
        let mut others = vec![];
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match text(word) {
                EXTRA => {
                    extra = words.next().cloned();
                    is_unsure = false;
                    others.iter_mut().for_each(|(_, is_settled)| *is_settled = true);
                }
                option if option.starts_with("--kubelet-extra-args=") => input.note(
                    Severity::High,
                    "no-such-option",
                    words!(
                        "the script knows no `--kubelet-extra-args=…`: the value must be a word of its own",
                        "このスクリプトに `--kubelet-extra-args=…` はありません。値は別の語にする必要があります"
                    ),
                    &span(word),
                ),
                option if option.starts_with("--") => drop(words.next()),
                _ => others.push((word, false)),
            }
        }
        if let [(word, _)] = others.as_slice()
            && is_literal(word)
        {
            input.name = text(word).to_owned();
        }
        if let Some(extra) = extra {
            if text(&extra).contains('\'') {
                let text = words!(
                    "a single quote in here breaks the unit that the script writes",
                    "ここにある単一引用符は、スクリプトが書き込むユニットを壊します"
                );
                input.give_up("quote", text, &span(&extra));
            }
            flags(&mut input, split(&extra));
        }
        if let Some(at) = unsure.filter(|_| is_unsure) {
            input.unknown_word(&at);
        }
        // The only one is the cluster's name.
        let unknown = others.iter().find(|(word, is_settled)| !is_settled && !is_literal(word));
        if let Some((word, _)) = unknown.filter(|_| others.len() > 1) {
            input.unknown_word(&span(word));
        }
        self.push(input);
    }

    /// A kubelet that is run as it is.
    pub fn kubelet(&mut self, command: &Word, arguments: &[Word]) {
        let is_run = |word: &Word| text(word).starts_with("--");
        let only_tells = |word: &Word| matches!(text(word), "--version" | "--help" | "-h");
        if !arguments.iter().any(is_run) || arguments.iter().any(only_tells) {
            return;
        }
        let mut input = started(&KUBELET, &ARGUMENTS, command, arguments);
        let (configs, rest) = take_option(arguments, "--config");
        let (directories, rest) = take_option(&rest, "--config-dir");
        flags(&mut input, rest);
        if let Some(config) = configs.last() {
            let named = |carried: &Carried| is_literal(config) && carried.name == text(config);
            match self.carried.iter().rposition(named) {
                Some(at) => {
                    let written = self.carried.remove(at);
                    self.configured(&mut input, &written, &span(config));
                }
                None => input.give_up_files("other-file", OTHER_FILE, &span(config)),
            }
        }
        if let Some(directory) = directories.last() {
            input.give_up_files("other-file", OTHER_FILE, &span(directory));
        }
        self.push(input);
    }

    /// A configuration that the script has written for it.
    fn configured(&mut self, input: &mut Input, written: &Carried, at: &Range<usize>) {
        let docs = written.text.docs();
        self.secrets.extend(docs.iter().flat_map(|doc| doc.secrets()));
        match docs.first().map(|doc| (doc, doc.root())) {
            Some((doc, Some(root))) => {
                input.configure(doc, root, &[]);
                input.config_path = Some(written.name.clone());
                input.word(&["--config=", &written.name].concat(), at.clone());
            }
            Some((doc, None)) => input.give_up_unread_file(doc),
            None => input.give_up_files("other-file", OTHER_FILE, at),
        }
    }

    /// A worker of k0s with flags of its own.
    pub fn k0s(&mut self, command: &Word, arguments: &[Word]) {
        let (extra, rest) = take_option(arguments, EXTRA);
        let Some(extra) = extra.last() else { return };
        let mut input = started(&WORKER, &K0S, command, arguments);
        flags(&mut input, split(extra));
        if let Some(profile) = take_option(&rest, "--profile").0.last().filter(|profile| text(profile) != "default") {
            let text = words!(
                "the profile that this names is not in here: what it decides is not known",
                "ここで指定されたプロファイルは含まれていないため、その内容による設定は不明です"
            );
            input.give_up_files("other-file", text, &span(profile));
        }
        self.push(input);
    }

    /// Arguments of k3s and RKE2 for the kubelet that they have inside.
    pub fn k3s(&mut self, is_rke2: bool, command: &Word, arguments: &[Word]) {
        let (extra, _) = take_option(arguments, "--kubelet-arg");
        if extra.is_empty() {
            return;
        }
        let mut input = started(&INSIDE, if is_rke2 { &RKE2 } else { &K3S }, command, arguments);
        if is_rke2 {
            input.platform = "rke2";
        }
        let known = |word: &Word| text(word).split('=').next().is_some_and(|name| !is_templated(name));
        let mut items = vec![];
        for word in extra.into_iter().chain(arguments.iter().filter(|word| !is_literal(word)).cloned()) {
            match known(&word) {
                true => items.push(tree::node(Value::String(text(&word).to_owned()), span(&word))),
                false => input.unknown_word(&span(&word)),
            }
        }
        rancher::arguments(&mut input, &tree::node(Value::Array(items), span(command)));
        if self.carried.iter().any(|carried| carried.name.contains("/etc/rancher/")) {
            let at = input.head.clone();
            input.give_up_files("other-file", WRITTEN, &at);
        }
        self.push(input);
    }

    /// Options of minikube that are flags of the kubelet.
    pub fn minikube(&mut self, command: &Word, arguments: &[Word]) {
        let (extra, rest) = take_option(arguments, "--extra-config");
        let own: Vec<Word> = extra.iter().filter_map(|word| after(word, "kubelet.")).collect();
        if text(arguments.first().unwrap_or(command)) != "start" || own.is_empty() {
            return;
        }
        let mut input = started(&MINI, &MINIKUBE, command, arguments);
        let version = take_option(&rest, "--kubernetes-version").0;
        input.of_version(version.last().map(text));
        for word in take_option(&rest, "--feature-gates").0 {
            input.flag("feature-gates", text(&word), span(&word));
        }
        for word in own {
            input.word(&["--", text(&word)].concat(), span(&word));
        }
        self.push(input);
    }
}

/// The flags of a worker that k0sctl installs.
pub fn install_flags(file: &File, flags: &Node) -> Option<Input> {
    let words: Vec<Word> = tree::items(flags).iter().filter_map(|flag| file.scalar(flag)).collect();
    let words: Vec<Word> = words.iter().flat_map(split).collect();
    let mut says = Says::default();
    says.k0s(words.first()?, &words);
    says.inputs.pop()
}

/// An input of a command.
fn started(form: &Form, base: &'static Base, command: &Word, arguments: &[Word]) -> Input {
    let head = span(command);
    let end = arguments.last().map_or(head.end, |word| span(word).end).max(head.end);
    Input::new(form, base, head.start..end, head)
}

/// Flags of the kubelet, as words.
fn flags(input: &mut Input, words: Vec<Word>) {
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let (name, value) =
            text(&word).split_once('=').map_or((text(&word), None), |(name, value)| (name, Some(value)));
        let takes_next = || {
            let flag = name.strip_prefix("--").and_then(|name| FLAGS.iter().find(|flag| flag.name() == name));
            value.is_none() && flag.is_some_and(|flag| !flag.is_switch())
        };
        match words.peek() {
            // Its value is not known.
            Some(next) if is_literal(&word) && !is_literal(next) && takes_next() => {
                input.word(&[name, "=$()"].concat(), span(&word));
                words.next();
            }
            _ if is_literal(&word) || value.is_some() && name.starts_with("--") && !name.contains(['$', '{']) => {
                input.word(text(&word), span(&word));
            }
            _ => input.unknown_word(&span(&word)),
        }
    }
}

/// The values of an option, and the other words.
fn take_option(words: &[Word], option: &str) -> (Vec<Word>, Vec<Word>) {
    let (mut values, mut others) = (vec![], vec![]);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match after(word, option) {
            Some(rest) if rest.bytes.is_empty() => values.extend(words.next().cloned()),
            Some(rest) if rest.bytes.starts_with(b"=") => values.push(rest.part(1..rest.bytes.len())),
            _ => others.push(word.clone()),
        }
    }
    (values, others)
}

/// What follows the beginning of a word.
fn after(word: &Word, beginning: &str) -> Option<Word> {
    word.bytes.starts_with(beginning.as_bytes()).then(|| word.part(beginning.len()..word.bytes.len()))
}

/// Whether a word is options of one letter each.
pub fn is_short(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_alphabetic()))
}
