//! What was done about failing findings, and what was not, for people.

use std::collections::BTreeSet;
use std::fmt::Write;

use kubevet_rules::Language;
use kubevet_rules::model::{Finding, Message, Remedy, Status};

use crate::places::{Name, Places};
use crate::{Judged, entry, escape};

/// A finding that edits make pass, as it was before, and the remedy that does it.
pub type Fixed = (Finding, Remedy);

/// A finding that does not pass, and why no edit was made.
pub type Left = (Finding, Reason);

/// Why an edit was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// None is known.
    NoEdit,
    /// The plugin says why it would not help.
    Blocked(Message),
    /// It was tried, and the finding does not pass.
    NoHelp(Message),
    /// It was tried, and the kubelet does not start.
    Refused(Message),
    /// It was tried, and this other check is worse.
    Worse(String),
    /// It was tried, and something else would have to be judged.
    NotJudged,
    /// The plugin failed.
    Error(String),
}

impl Reason {
    /// For people.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Reason::NoEdit => language
                .choose("no edit of a file is known for this", "ファイルの編集で対処する方法が見つかりません")
                .into(),
            Reason::Blocked(message) => message.text.clone(),
            Reason::NoHelp(Message { text, .. }) => {
                language.choose(format!("the edit does not help: {text}"), format!("編集しても解決しません: {text}"))
            }
            Reason::Refused(Message { text, .. }) => language.choose(
                format!("the kubelet would not start with the edit: {text}"),
                format!("編集すると kubelet が起動しなくなります: {text}"),
            ),
            Reason::Worse(check) => language.choose(
                format!("the edit would make `{check}` worse"),
                format!("編集すると `{check}` の結果が悪くなります"),
            ),
            Reason::NotJudged => language
                .choose("what the edit leads to cannot be judged here", "編集した結果をここでは判定できません")
                .into(),
            Reason::Error(text) => text.clone(),
        }
    }
}

/// A remedy without how a change takes effect, which is the same for all of a target.
fn what(remedy: &Remedy) -> &str {
    parameter(remedy, "what").unwrap_or(&remedy.text.text)
}

fn parameter<'a>(remedy: &'a Remedy, name: &str) -> Option<&'a str> {
    remedy.text.params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// What became of the edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// They are shown, and nothing was written.
    Shown,
    /// All of them were written.
    Written,
    /// Something could not be written.
    NotAll,
}

/// All that is to be said of the edits of a target.
pub struct Summary<'a> {
    /// What passes by an edit of its own.
    pub fixed: &'a [Fixed],
    /// What an edit for something else mends, too.
    pub along: &'a [Finding],
    /// What does not pass.
    pub left: &'a [Left],
    /// The target after the edits.
    pub judged: &'a Judged<'a>,
    /// Whether they were made.
    pub made: Made,
}

impl Summary<'_> {
    /// What passes, what does not, why and where, and a line that counts them.
    #[must_use]
    pub fn in_words(&self, language: Language) -> String {
        let Summary { fixed, along, left, judged, made } = self;
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(language);
        let mut lines = String::new();
        let mut line = |text: &str| {
            let _ = writeln!(lines, "{}", escape::text(text));
        };
        let done = if *made == Made::Shown { "fixable" } else { "fixed" };
        for (finding, remedy) in *fixed {
            line(&format!("{done}[{}]: {}", finding.check, what(remedy)));
            finding.notes.iter().for_each(|note| line(&format!("  = note: {}", note.text)));
        }
        for finding in *along {
            let why = language.choose("by an edit for another check", "他のチェックに対する編集で解決します");
            line(&format!("{done}[{}]: {why}", finding.check));
        }
        let failing = |(finding, _): &&Left| finding.status == Status::Fail;
        for (finding, reason) in left.iter().filter(failing) {
            line(&format!("left[{}]: {}", finding.check, reason.in_words(language)));
            let location = places.locate(&finding.primary.place);
            if matches!(location.name, Some(Name::Path(_))) {
                line(&format!("  --> {location}"));
            }
            finding.remedies.iter().for_each(|remedy| line(&format!("  = help: {}", what(remedy))));
        }
        for (finding, why) in self.borne(language) {
            line(&format!("left alone[{}]: {why}", finding.check));
        }
        let remedies = fixed.iter().map(|(_, remedy)| remedy);
        let remedies = remedies.chain(left.iter().filter(failing).flat_map(|(finding, _)| &finding.remedies));
        let places: BTreeSet<&str> = remedies.filter_map(|remedy| parameter(remedy, "place")).collect();
        places.into_iter().for_each(|place| line(&format!("help: {place}")));
        line(&self.count(language));
        lines
    }

    /// What fails, and the project bears with, and why.
    fn borne(&self, language: Language) -> Vec<(&Finding, String)> {
        let failing = self.judged.findings().filter(|(finding, _)| finding.status == Status::Fail);
        failing.filter_map(|(finding, standing)| Some((finding, entry::standing(language, standing)?))).collect()
    }

    fn count(&self, language: Language) -> String {
        let count = self.fixed.len() + self.along.len();
        let done = match (self.made, count) {
            (Made::NotAll, _) => language.choose(
                format!("{count} fixed, and not everything could be written"),
                format!("修正済み {count}（書き込めなかったものがあります）"),
            ),
            (_, 0) => language.choose("nothing to fix by an edit".into(), "編集で対処できるものはありません".into()),
            (Made::Written, _) => language.choose(format!("{count} fixed"), format!("修正済み {count}")),
            (Made::Shown, _) => language.choose(
                format!("{count} would be fixed, and nothing was written: `--write` does it"),
                format!("修正可能 {count}、書き込みなし（`--write` で書き込みます）"),
            ),
        };
        let failing = self.left.iter().filter(|(finding, _)| finding.status == Status::Fail).count();
        let undecided = self.left.len() - failing;
        let borne = match self.borne(language).len() {
            0 => String::new(),
            borne => language.choose(format!(", {borne} waived or known"), format!("、許容済み・既知 {borne}")),
        };
        language.choose(
            format!("{done}; {failing} left, {undecided} undetermined{borne}"),
            format!("{done}、未解決 {failing}、判定不能 {undecided}{borne}"),
        )
    }
}
