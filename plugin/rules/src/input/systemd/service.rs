//! A unit with its drop-ins, and with what it uses of the texts that stand beside it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::command_line::{self, Arg, Command, Expansion, Lookup, Style};
use super::environment::{self, Variable};
use super::letters::{self, Letter};
use super::settle;
use super::start::Start;
use super::unit::{self, Directive, Unit};
use super::{
    MAX_TEXT, MAX_TEXTS, MAX_VARIABLES, UNIT, environment_file, is_arguments, is_unit, note_file, note_mistakes,
    of_variables,
};
use crate::collections;
use crate::input::base::ARGUMENTS;
use crate::input::carrier::Carried;
use crate::input::source::mentions;
use crate::input::{Input, kubelet_configuration};
use crate::kubelet::clipped;
use crate::model::Severity;

/// The name of a file, without what says that it is a template.
fn file_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_template = |ending: &&&str| name.ends_with(**ending);
    let ending = [".j2", ".tpl", ".tmpl", ".tftpl", ".erb", ".template", ".in"].iter().find(is_template);
    ending.and_then(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// The name of the directory of a file.
fn directory(path: &str) -> &str {
    path.rsplit('/').nth(1).unwrap_or_default()
}

fn is_drop_in(path: &str) -> bool {
    file_name(path).ends_with(".conf") || directory(path).ends_with(".service.d")
}

/// Units with their drop-ins, in the order in which they count.
pub fn groups(all: &[Carried]) -> Vec<Vec<usize>> {
    let units: Vec<usize> = (0..all.len()).filter(|at| is_unit(&all[*at].text)).take(MAX_TEXTS).collect();
    let numbers = || units.iter().copied();
    let mut groups = vec![];
    let mut taken: Vec<usize> = vec![];
    for main in numbers().filter(|at| !is_drop_in(&all[*at].name)) {
        let name = file_name(&all[main].name);
        let name = if name.ends_with(".service") { name } else { "kubelet.service" };
        let of_main = |at: &usize| directory(&all[*at].name).strip_suffix(".d") == Some(name);
        let drop_ins =
            numbers().filter(|at| is_drop_in(&all[*at].name) && !taken.contains(at)).filter(of_main).collect();
        taken.push(main);
        taken.extend(&drop_ins);
        groups.push([main].into_iter().chain(in_order(all, drop_ins)).collect());
    }
    for first in numbers() {
        if !taken.contains(&first) {
            let place = directory(&all[first].name);
            let is_beside = |at: &usize| *at == first || place.ends_with(".d") && directory(&all[*at].name) == place;
            let drop_ins: Vec<usize> = numbers().filter(|at| !taken.contains(at)).filter(is_beside).collect();
            taken.extend(&drop_ins);
            groups.push(in_order(all, drop_ins));
        }
    }
    groups
}

/// Drop-ins by their names; of the same name, that of `/etc` counts.
fn in_order(all: &[Carried], drop_ins: Vec<usize>) -> Vec<usize> {
    let name = |at: usize| file_name(&all[at].name);
    let is_hidden = |at: usize| {
        let is_over =
            |other: &&usize| **other != at && name(**other) == name(at) && all[**other].name.starts_with("/etc/");
        !all[at].name.starts_with("/etc/") && drop_ins.iter().any(|other| is_over(&other))
    };
    let shown: Vec<usize> = drop_ins.iter().copied().filter(|at| !is_hidden(*at)).collect();
    let order = collections::order(shown.len(), &|a, b| name(shown[a]).cmp(name(shown[b])));
    order.into_iter().map(|at| shown[at]).collect()
}

/// A unit with its drop-ins.
pub struct Service<'a> {
    all: &'a [Carried],
    group: &'a [usize],
    units: Vec<Unit>,
}

/// The variables that are set, the weakest first, and the files that are not here: how many variables are weaker, and the path.
#[derive(Default)]
struct Variables {
    known: Vec<Variable>,
    unseen: Vec<(usize, String)>,
}

impl Variables {
    fn of(&self, name: &str) -> Lookup<'_> {
        let at = self.known.iter().rposition(|variable| variable.name == name);
        let over = self.unseen.iter().rfind(|(weaker, _)| at.is_none_or(|at| at < *weaker));
        match (at.and_then(|at| self.known.get(at)), over) {
            (_, Some((_, path))) => Lookup::Elsewhere(text!(
                "what `{variable}` holds may stand in `{path}`, which is not here: what it decides is not known",
                "`{variable}` の値は `{path}` にある可能性がありますが、ここには含まれていないため、それによる設定は不明です",
                variable = clipped(name),
                path = clipped(path)
            )),
            (Some(variable), None) => Lookup::Here(variable),
            (None, None) => Lookup::Elsewhere(text!(
                "nothing here sets `{variable}`: what it decides is not known",
                "`{variable}` はここでは設定されていないため、それによる設定は不明です",
                variable = clipped(name)
            )),
        }
    }

    fn add(&mut self, variables: impl IntoIterator<Item = Variable>) {
        for variable in variables {
            match self.known.len() < MAX_VARIABLES {
                true => self.known.push(variable),
                // Of so many, none is known.
                false => return self.unseen.push((usize::MAX, String::from("…"))),
            }
        }
    }
}

impl<'a> Service<'a> {
    pub fn read(all: &'a [Carried], group: &'a [usize]) -> Option<Service<'a>> {
        let units = group.iter().map(|at| unit::read(&letters::of(&all[*at].text))).collect::<Option<_>>()?;
        Some(Service { all, group, units })
    }

    fn list(&self, key: &str) -> Vec<&Directive> {
        let all: Vec<&Directive> = self.units.iter().flat_map(|unit| &unit.directives).collect();
        unit::list(&all, key)
    }

    /// What it says to a kubelet, and the texts that are a part of that; none where it says nothing.
    pub fn input(&self) -> Option<(Input, Vec<usize>)> {
        let first = &self.all[*self.group.first()?];
        let whole = first.text.places.of(&(0..first.text.bytes.len()));
        let mut input = Input::new(&UNIT, &ARGUMENTS, whole, 0..0);
        let starts = self.list("ExecStart");
        let mut used: Vec<usize> = self.group.to_vec();
        let mut variables = Variables::default();
        self.assigned(&mut input, &mut variables);
        if starts.is_empty() {
            self.unset(&mut variables);
            let is_left = |name: &str| matches!(variables.of(name), Lookup::Here(last) if !last.value.is_empty());
            let is_own = |variable: &&Variable| is_arguments(variable) && is_left(&variable.name);
            let own: Vec<Variable> = variables.known.iter().filter(is_own).cloned().collect();
            match own.first() {
                Some(first) => input.head = first.place.clone(),
                None if input.head.is_empty() => return None,
                None => {}
            }
            let condition = self.condition().or_else(|| self.set_beside(&own));
            of_variables(&mut input, own, condition);
            return Some((input, used));
        }
        used.extend(self.files(&mut input, &mut variables));
        self.unset(&mut variables);
        let (command, start) = self.command(&mut input, &starts)?;
        input.head = command.program.span.clone();
        let lookup = |name: &str| variables.of(name);
        let mut expansion = Expansion::new(&lookup);
        if command.arguments(&start, &mut expansion).is_none() && input.refused.is_none() {
            give_up_start(&mut input);
        }
        // A command alone is there for a drop-in to take its place.
        let is_bare = start == Start::At(0) && expansion.args.is_empty() && self.group.len() == 1;
        if is_bare && !variables.known.iter().any(is_arguments) && input.refused.is_none() {
            return None;
        }
        self.note_missing_reset(&mut input, &starts);
        expansion.args.extend(self.condition().map(|span| Arg::Gap(command_line::FILLED_IN.into(), span)));
        note_mistakes(&mut input, &expansion.mistakes);
        self.note_unused(&mut input, &variables, &expansion.mentioned);
        settle::settle(&mut input, &expansion.args);
        used.extend(self.configuration(&mut input));
        Some((input, used))
    }

    /// Where a variable stands that a file beside sets, too: it may be one of the unit, over which it would win.
    fn set_beside(&self, variables: &[Variable]) -> Option<Range<usize>> {
        let files = self.all.iter().take(MAX_TEXTS).filter_map(|carried| environment_file(&carried.text));
        let names: Vec<String> = files.flat_map(|file| file.variables).map(|variable| variable.name).collect();
        variables.iter().find(|variable| names.contains(&variable.name)).map(|variable| variable.place.clone())
    }

    /// Where a template decides what the units say.
    fn condition(&self) -> Option<Range<usize>> {
        self.units.iter().find_map(|unit| unit.condition.clone())
    }

    /// The command that starts the kubelet, and how.
    fn command(&self, input: &mut Input, starts: &[&Directive]) -> Option<(Command, Start)> {
        let first = &self.all[*self.group.first()?].name;
        let is_named = file_name(first) == "kubelet.service" || directory(first) == "kubelet.service.d";
        let is_oneshot = self.list("Type").last().is_some_and(|last| letters::bytes(&last.value) == b"oneshot");
        let (mut of_kubelet, mut other) = (None, None);
        let mut count = 0;
        for start in starts {
            match command_line::commands(&start.value) {
                Ok(commands) => {
                    count += commands.len();
                    for command in commands {
                        let start = command.start();
                        // What a unit of this name starts is a kubelet, whatever it is called.
                        if of_kubelet.is_none() && start.is_some() {
                            of_kubelet = start.map(|start| (command, start));
                        } else if is_named {
                            other = Some((command, Start::Unclear));
                        }
                    }
                    if count > 1 && !is_oneshot {
                        let text = words!(
                            "systemd refuses a unit with more than one `ExecStart=`, unless its type is oneshot: an empty \
                            `ExecStart=` before this one takes the others away",
                            "Type=oneshot でないユニットに複数の `ExecStart=` があると systemd は拒否します。\
                            この行の前に空の `ExecStart=` を置くと、それまでのものが取り消されます"
                        );
                        input.refuse("two-commands", text, &start.place);
                    }
                }
                Err(span) if mentions(&letters::bytes(&start.value), "kubelet") => {
                    let text = words!(
                        "a quote is not closed here, and so systemd refuses the command",
                        "引用符が閉じられていないため、systemd はこのコマンドを拒否します"
                    );
                    input.refuse("open-quote", text, &span);
                    let program = command_line::Written { letters: vec![], span: span.clone(), is_bare: true };
                    let command = Command { program, expands: true, words: vec![] };
                    of_kubelet = of_kubelet.or(Some((command, Start::Unclear)));
                }
                Err(_) => {}
            }
        }
        of_kubelet.or(other)
    }

    /// The assignments of `Environment=`.
    fn assigned(&self, input: &mut Input, variables: &mut Variables) {
        for directive in self.list("Environment") {
            let Ok(assignments) = environment::assignments(&directive.value) else {
                let text = words!(
                    "a quote is not closed here, and so systemd ignores these variables",
                    "引用符が閉じられていないため、systemd はこれらの変数を無視します"
                );
                input.note(Severity::High, "open-quote", text, &letters::span(&directive.value));
                // What systemd ignores was meant for a kubelet all the same.
                if mentions(&letters::bytes(&directive.value), "KUBELET") {
                    input.head = directive.place.clone();
                }
                continue;
            };
            for word in assignments.iter().filter_map(|word| word.as_ref().err()) {
                let text = words!(
                    "this is no assignment, and systemd ignores it: quote a value with blanks, as in `Environment=\"A=b c\"`",
                    "代入ではないため systemd は無視します。空白を含む値は `Environment=\"A=b c\"` のように引用符で囲みます"
                );
                input.note(Severity::High, "no-assignment", text, word);
            }
            variables.add(assignments.into_iter().flatten());
        }
    }

    /// The files of `EnvironmentFile=`: the variables of those that are here, which ones these are, and which are not here.
    fn files(&self, input: &mut Input, variables: &mut Variables) -> Vec<usize> {
        let mut used = vec![];
        for directive in self.list("EnvironmentFile").iter().take(MAX_TEXTS) {
            let path = letters::string(&directive.value);
            let path = path.strip_prefix('-').unwrap_or(&path);
            let at = self.all.iter().position(|carried| carried.name == path && carried.text.bytes.len() <= MAX_TEXT);
            let Some(at) = at else {
                variables.unseen.push((variables.known.len(), path.to_owned()));
                continue;
            };
            let file = environment::file(&letters::of(&self.all[at].text));
            note_file(input, &file);
            variables.add(file.variables);
            if file.condition.is_some() {
                variables.unseen.push((variables.known.len(), path.to_owned()));
            }
            used.push(at);
        }
        used
    }

    /// What `UnsetEnvironment=` takes out of all that sets variables: one of a name, or one that has just this value. What is
    /// not set is filled in as if it were empty.
    fn unset(&self, variables: &mut Variables) {
        for directive in self.list("UnsetEnvironment") {
            for word in command_line::words(&directive.value, Style::Unit).unwrap_or_default() {
                let word = command_line::specified(&word.letters);
                let (name, value) =
                    letters::assignment(&word).map_or((&*word, None), |(name, value)| (name, Some(value)));
                let (name, place) = (letters::string(name), letters::span(name));
                let is_same = |value: &[Letter]| match variables.of(&name) {
                    Lookup::Here(set) => letters::bytes(&set.value) == letters::bytes(value),
                    Lookup::Elsewhere(_) => false,
                };
                if value.is_none_or(is_same) {
                    variables.add([Variable { name, place, value: vec![] }]);
                }
            }
        }
    }

    /// What `--config` names, if it is beside the unit.
    fn configuration(&self, input: &mut Input) -> Option<usize> {
        if let Some((path, span)) = settle::value(input, "config-dir").filter(|(path, _)| !path.is_empty()) {
            give_up_path(input, &path, &span);
        }
        let (path, span) = settle::value(input, "config").filter(|(path, _)| !path.is_empty())?;
        let Some(at) = self.all.iter().position(|carried| carried.name == path) else {
            give_up_path(input, &path, &span);
            return None;
        };
        let docs = self.all[at].text.docs();
        match docs.first() {
            Some(doc) if kubelet_configuration::is_one(doc) && docs.len() == 1 => match &doc.text {
                Ok(text) => {
                    input.take(text.root.clone(), text.format, text.set_twice.clone());
                    input.config_path = Some(path);
                }
                Err(_) => input.give_up_unread_file(doc),
            },
            _ => {
                let text = text!(
                    "what stands in `{path}` is not one KubeletConfiguration, so what it decides is not known",
                    "`{path}` の内容は 1 つの KubeletConfiguration ではないため、それによる設定は不明です",
                    path = clipped(&path)
                );
                input.give_up_files("no-configuration", text, &span);
            }
        }
        Some(at)
    }

    /// A drop-in adds to what its unit starts, unless it takes that away first.
    fn note_missing_reset(&self, input: &mut Input, starts: &[&Directive]) {
        let is_reset = |directive: &Directive| directive.key == "ExecStart" && directive.value.is_empty();
        let is_alone = self.group.first().is_some_and(|at| is_drop_in(&self.all[*at].name));
        if is_alone
            && !self.units.iter().flat_map(|unit| &unit.directives).any(is_reset)
            && let Some(start) = starts.first()
        {
            let text = words!(
                "an empty `ExecStart=` is missing before this one: systemd refuses a unit that has one of its own, too",
                "この行の前に空の `ExecStart=` がありません。元のユニットにも `ExecStart=` があると systemd は拒否します"
            );
            input.note(Severity::High, "no-reset", text, &start.place);
        }
    }

    /// Variables that the command does not mention, and lines that belong to no directive.
    fn note_unused(&self, input: &mut Input, variables: &Variables, mentioned: &[String]) {
        for variable in variables.known.iter().filter(|variable| is_arguments(variable)) {
            if !mentioned.contains(&variable.name) {
                let text = text!(
                    "the command does not mention `{variable}`: the kubelet gets nothing of it",
                    "コマンドで `{variable}` が使われていないため、kubelet には渡りません",
                    variable = &*variable.name
                );
                input.note(Severity::High, "unmentioned", text, &variable.place);
            }
        }
        for unit in &self.units {
            for lost in unit.directives.iter().filter(|directive| directive.key.starts_with('-')) {
                let text = words!(
                    "systemd ignores this line: the one before it does not end in a backslash",
                    "前の行がバックスラッシュで終わっていないため、systemd はこの行を無視します"
                );
                input.note(Severity::High, "lost-line", text, &lost.place);
            }
        }
    }
}

fn give_up_start(input: &mut Input) {
    let text = words!(
        "what the kubelet is started with here is not evaluated: let `ExecStart=` name the kubelet itself, or judge its \
        arguments with `--flags`",
        "ここで kubelet に渡される引数は評価していません。`ExecStart=` で kubelet を直接指定するか、\
        引数を `--flags` で渡して判定してください"
    );
    input.give_up("not-evaluated", text, &input.head.clone());
}

fn give_up_path(input: &mut Input, path: &str, span: &Range<usize>) {
    let text = text!(
        "`{path}` is not here: what it decides is not known",
        "`{path}` はここには含まれていないため、その内容による設定は不明です",
        path = clipped(path)
    );
    input.give_up_files("other-file", text, span);
}

#[cfg(test)]
mod tests {
    use super::super::letters::testing::letters;
    use super::super::tests::{UNIT_TEXT, carried};
    use super::*;

    #[test]
    fn drop_ins_count_by_their_names() {
        let all = [
            carried("/usr/lib/systemd/system/kubelet.service.d/20-b.conf", UNIT_TEXT),
            carried("/etc/systemd/system/kubelet.service.d/10-a.conf.j2", UNIT_TEXT),
            carried("/etc/systemd/system/other.service.d/00.conf", UNIT_TEXT),
            carried("/etc/systemd/system/kubelet.service", UNIT_TEXT),
            carried("/usr/lib/systemd/system/kubelet.service.d/10-a.conf", UNIT_TEXT),
            carried("/etc/default/kubelet", "KUBELET_ARGS=--v=1"),
        ];
        assert_eq!(groups(&all), [vec![3, 1, 0], vec![2]]);
        assert_eq!(groups(&all[..2]), [[1, 0]]);
    }

    #[test]
    fn files_win_over_the_unit_and_later_ones_over_earlier_ones() {
        let of = |name: &str, value: &str| Variable { name: name.into(), place: 0..0, value: letters(value) };
        let shown = |variables: &Variables, name: &str| match variables.of(name) {
            Lookup::Here(variable) => letters::string(&variable.value),
            Lookup::Elsewhere(_) => "?".into(),
        };
        let mut variables = Variables::default();
        variables.add([of("A", "1"), of("B", "1"), of("A", "2")]);
        assert_eq!((shown(&variables, "A"), shown(&variables, "C")), ("2".into(), "?".into()));
        variables.unseen.push((variables.known.len(), "/etc/a".into()));
        variables.add([of("B", "3")]);
        assert_eq!((shown(&variables, "A"), shown(&variables, "B")), ("?".into(), "3".into()));
        variables.add((0..MAX_VARIABLES).map(|_| of("C", "4")));
        assert_eq!((shown(&variables, "B"), shown(&variables, "C")), ("?".into(), "?".into()));
    }
}
