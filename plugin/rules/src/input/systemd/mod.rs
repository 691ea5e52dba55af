//! systemd: units and drop-ins that start a kubelet, and the files of variables for them.
//!
//! A unit is one input, with all that it uses of what the same text carries: its drop-ins, the files of `EnvironmentFile=`, and
//! the configuration that `--config` names. [`look`] tells which texts these are, so that no form takes them for inputs of their
//! own. A drop-in without its unit, and a file of variables without one, are inputs of which the rest is not known.

mod command_line;
mod environment;
mod letters;
mod service;
mod settle;
mod start;
mod unit;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::base::ARGUMENTS;
use super::carrier::Carried;
use super::source::{self, Source, mentions};
use super::{File, Form, Found, Input};
use crate::collections;
use crate::kubelet::clipped;
use crate::message::Text;
use crate::model::Severity;
use command_line::{Arg, Expansion, Lookup, Mistake};
use environment::{EnvironmentFile, Variable};
use letters::Letter;
use service::{Service, groups};

pub static UNIT: Form = Form { id: "systemd-unit", sign: "", platform: "", find: find_unit };
pub static ENVIRONMENT: Form = Form { id: "kubelet-environment", sign: "", platform: "", find: find_environment };

/// A text of systemd that people write is not longer than this.
const MAX_TEXT: usize = 1 << 18;

/// How many units, and files of variables, are looked at together.
const MAX_TEXTS: usize = 32;

/// How many variables count.
const MAX_VARIABLES: usize = 500;

/// The variables of kubeadm's drop-in, in the order of its command line.
const KUBEADM: [&str; 4] =
    ["KUBELET_KUBECONFIG_ARGS", "KUBELET_CONFIG_ARGS", "KUBELET_KUBEADM_ARGS", "KUBELET_EXTRA_ARGS"];

fn find_unit(file: &File, found: &mut Found) {
    // Those that another text carries have been found already.
    if is_unit(&file.text) && file.beside.is_empty() {
        let alone = Carried { name: file.name.to_owned(), text: file.text.part(0..file.text.bytes.len()) };
        found.extend(look(&[alone]).0.into_iter());
    }
}

/// The inputs of units among texts that one text carries, and which of the texts are a part of these.
pub fn look(all: &[Carried]) -> (Vec<Input>, Vec<usize>) {
    let (mut inputs, mut taken) = (vec![], vec![]);
    for group in groups(all) {
        if let Some((input, used)) = Service::read(all, &group).and_then(|service| service.input()) {
            inputs.push(input);
            taken.extend(used);
        }
    }
    (inputs, taken)
}

/// Whether a text may be a unit or a drop-in that is about a kubelet.
fn is_unit(text: &Source) -> bool {
    let bytes = &text.bytes;
    bytes.len() <= MAX_TEXT
        && mentions(bytes, "[Service]")
        && (mentions(bytes, "kubelet") || mentions(bytes, "KUBELET"))
}

/// What must not be shown of a text that is one of systemd's: the values of variables that are called so.
pub fn secrets(text: &Source) -> Option<Vec<Range<usize>>> {
    let variables = if is_unit(text) {
        let unit = unit::read(&letters::of(text))?;
        let all = unit.directives.iter().filter(|directive| directive.key == "Environment");
        all.flat_map(|directive| environment::assignments(&directive.value).unwrap_or_default()).flatten().collect()
    } else {
        environment_file(text)?.variables
    };
    let is_secret = |variable: &&Variable| {
        !variable.value.is_empty() && source::may_be_secret(&variable.name, &letters::string(&variable.value))
    };
    Some(variables.iter().filter(is_secret).map(|variable| letters::span(&variable.value)).collect())
}

/// Whether a variable holds arguments of a kubelet.
fn is_arguments(variable: &Variable) -> bool {
    let is_named = variable.name == "DAEMON_ARGS" || mentions(variable.name.as_bytes(), "KUBELET");
    let is_flag = |word: &[Letter]| letters::begins(word, b"-") && word.len() > 1;
    is_named && variable.value.split(Letter::is_blank).any(is_flag)
}

/// Gives an input the arguments of variables, where nothing tells how a unit puts them together, and what else it says.
fn of_variables(input: &mut Input, variables: Vec<Variable>, condition: Option<Range<usize>>) {
    let mut last: Vec<Variable> = vec![];
    for variable in variables {
        last.retain(|earlier| earlier.name != variable.name);
        last.push(variable);
    }
    let rank = |variable: &Variable| KUBEADM.iter().position(|name| *name == variable.name);
    let order = collections::order(last.len(), &|a, b| rank(&last[a]).cmp(&rank(&last[b])));
    let lookup = |_: &str| Lookup::Elsewhere(command_line::FILLED_IN.into());
    let elsewhere = words!(
        "the unit that gives this to the kubelet is not here: what else it says is not known",
        "これを kubelet に渡すユニットはここに含まれていないため、それ以外の指定は不明です"
    );
    let mut args = vec![Arg::Gap(elsewhere.into(), input.head.clone())];
    let mut mistakes = vec![];
    let mut ranks = vec![];
    let mut given: Vec<(&'static str, Option<usize>)> = vec![];
    let mut clashes = vec![];
    for variable in order.into_iter().filter_map(|at| last.get(at)) {
        let mut expansion = Expansion::new(&lookup);
        expansion.value(&variable.value);
        let rank = rank(variable);
        let flags = settle::flags(&expansion.args);
        let is_open = |other: &Option<usize>| rank.is_none() || other.is_none();
        let clash = |flag: &&&str| given.iter().any(|(other, of)| other == *flag && is_open(of));
        let place = || letters::span(&variable.value);
        clashes.extend(flags.iter().filter(clash).map(|flag| Arg::Value((*flag).to_owned(), place())));
        // Words that are not known may come after all others.
        let has_gap = expansion.args.iter().any(|arg| matches!(arg, Arg::Gap(..)));
        clashes.extend((has_gap && last.len() > 1).then(|| Arg::Gap(command_line::FILLED_IN.into(), place())));
        given.extend(flags.into_iter().map(|flag| (flag, rank)));
        args.extend(expansion.args);
        mistakes.extend(expansion.mistakes);
        ranks.push(rank);
    }
    args.extend(clashes);
    let last_rank = KUBEADM.len() - 1;
    if ranks.iter().flatten().any(|rank| *rank < last_rank) && !ranks.contains(&Some(last_rank)) {
        let text = text!(
            "`{variable}` comes after this on the command line, and is not here: what it decides is not known",
            "コマンドラインでこの後に来る `{variable}` はここに含まれていないため、それによる設定は不明です",
            variable = KUBEADM[last_rank]
        );
        args.push(Arg::Gap(text, input.head.clone()));
    }
    args.extend(condition.map(|span| Arg::Gap(command_line::FILLED_IN.into(), span)));
    note_mistakes(input, &mistakes);
    settle::settle(input, &args);
}

fn note_mistakes(input: &mut Input, mistakes: &[(Mistake, Range<usize>)]) {
    for (mistake, span) in mistakes {
        let (id, text): (_, Text) = match mistake {
            Mistake::OneWord => (
                "one-word",
                words!(
                    "in braces a variable is one word, whatever it holds: without them, each of its flags is one",
                    "波括弧付きの変数は内容にかかわらず 1 つの単語になります。波括弧を外すと、フラグごとに分かれます"
                )
                .into(),
            ),
            Mistake::NotExpanded => (
                "not-expanded",
                words!(
                    "systemd does not fill in a variable within a word, unless its name stands in braces",
                    "単語の中の変数は、名前を波括弧で囲まないと systemd に展開されません"
                )
                .into(),
            ),
            Mistake::BadName => (
                "bad-name",
                words!(
                    "no variable can have this name, and so systemd drops the word",
                    "変数名として正しくないため、systemd はこの単語を捨てます"
                )
                .into(),
            ),
            Mistake::Shell => (
                "no-shell",
                words!(
                    "no shell reads this: systemd runs no other commands, and knows no pipes",
                    "シェルは介在しないため、systemd は他のコマンドの実行やパイプなどを行いません"
                )
                .into(),
            ),
        };
        input.note(Severity::High, id, text, span);
    }
}

fn find_environment(file: &File, found: &mut Found) {
    let Some(read) = environment_file(&file.text) else { return };
    let own: Vec<Variable> = read.variables.iter().filter(|variable| is_arguments(variable)).cloned().collect();
    let Some(head) = own.first().map(|variable| variable.place.clone()) else { return };
    let whole = file.text.places.of(&(0..file.text.bytes.len()));
    let mut input = Input::new(&ENVIRONMENT, &ARGUMENTS, whole, head);
    note_file(&mut input, &read);
    of_variables(&mut input, own, read.condition);
    found.push(input);
}

/// A text with nothing but assignments, some of which may be of a kubelet.
fn environment_file(text: &Source) -> Option<EnvironmentFile> {
    let bytes = &text.bytes;
    let is_about = bytes.len() <= MAX_TEXT && (mentions(bytes, "KUBELET") || mentions(bytes, "DAEMON_ARGS"));
    if !is_about || bytes.starts_with(b"#!") {
        return None;
    }
    let file = environment::file(&letters::of(text));
    let is_export = |(_, name): &(Range<usize>, String)| name.strip_prefix("export ").is_some_and(environment::is_name);
    let is_one = !file.has_others && file.variables.len() <= MAX_VARIABLES && file.dropped.iter().all(is_export);
    is_one.then_some(file)
}

/// Mistakes in a file of variables.
fn note_file(input: &mut Input, file: &EnvironmentFile) {
    for (place, name) in &file.dropped {
        let text = text!(
            "`{name}` is no name of a variable, and so systemd drops this line: it is no shell that reads the file",
            "`{name}` は変数名ではないため、systemd はこの行を無視します（シェルが読むファイルではありません）",
            name = clipped(name)
        );
        input.note(Severity::High, "dropped-line", text, place);
    }
    for variable in file.variables.iter().filter(|variable| is_arguments(variable)) {
        if let Some(span) = comment(&variable.value) {
            let text = words!(
                "a comment takes a line of its own: here it is a part of the value, and so of the command line",
                "コメントは独立した行に書く必要があります。ここでは値の一部となり、コマンドラインに渡ります"
            );
            input.note(Severity::High, "inline-comment", text, &span);
        }
    }
}

/// What was meant to be a comment in a value: it begins with a `#` after a blank, or after a quote.
fn comment(value: &[Letter]) -> Option<Range<usize>> {
    let is_apart = |at: &usize| match at.checked_sub(1).and_then(|before| value.get(before)) {
        Some(before) => before.is_blank() || !before.is_next_to(&value[*at]),
        None => true,
    };
    let at = (0..value.len()).filter(|at| value[*at].byte == b'#').find(is_apart)?;
    Some(letters::span(&value[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn carried(name: &str, text: &str) -> Carried {
        Carried { name: name.into(), text: Source::file(text.as_bytes()).part(0..text.len()) }
    }

    pub const UNIT_TEXT: &str = "[Service]\nExecStart=/usr/bin/kubelet";

    #[test]
    fn no_text_makes_it_panic() {
        let pieces = [
            "[Service]\n",
            "ExecStart=",
            "/kubelet ",
            "KUBELET_A=",
            "Environment=",
            "${",
            "}",
            "$",
            "\"",
            "'",
            "\\",
            "\n",
            "{{",
            "}}",
            "{%",
            "%}",
            "%H",
            ";",
            "--config=",
            "@",
            "#",
            " ",
            "--v",
            "EnvironmentFile=/e\n",
            "UnsetEnvironment=KUBELET_A",
            "sh -c '",
            "sh -c \"exec kubelet $$KUBELET_A ",
            "env ",
            "kubelet ",
            "\\x4",
            "\\u",
            "é",
        ];
        let mut state = 1_u32;
        for _ in 0..3_000 {
            let mut text = String::from(if state.is_multiple_of(2) { "[Service]\nExecStart=/kubelet " } else { "" });
            for _ in 0..12 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text += pieces[(state >> 16) as usize % pieces.len()];
            }
            let all = [carried("/kubelet.service", &text), carried("/e", &text)];
            let (inputs, taken) = look(&all);
            assert!(inputs.len() <= 2 && taken.len() <= 3, "{text}");
            for range in secrets(&all[0].text).into_iter().flatten() {
                assert!(range.end <= text.len(), "{text}");
            }
        }
    }
}
