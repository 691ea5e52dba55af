//! How checks are judged: what a rule is given, what it says, and what becomes of it where the kubelet's version is not known.

mod after;
pub mod drift;
pub mod edit;
pub mod file;
pub mod remedy;
pub mod selection;
pub mod setting;
#[cfg(test)]
pub mod testing;

use alloc::boxed::Box;
use alloc::vec::Vec;

use self::edit::Change;
use crate::by_version;
use crate::checks::Check;
use crate::kubelet::surface::Version;
use crate::kubelet::{Documents, Kubelet, effective};
use crate::message::{Evidence, Language, Remedy, Said, Text, Words, message};
use crate::model::{Decided, Finding, Origin, Place, Section, Status};
use crate::platform::Platform;
use crate::{HAS_EDITS, HAS_LIVE};

/// What a user can ask of the checks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A secure default is not enough: a source has to say so.
    pub require_explicit: bool,
    /// A default that an edition accepts is not enough where it is weaker than what the edition asks for.
    pub strict: bool,
}

/// What is asked of a check: by a section of an edition, or by the check itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// What is expected, where that is not the usual; what it means is the check's.
    pub expect: &'static str,
    /// Whether a default is accepted that is weaker than what is expected.
    pub unset_accepted: bool,
}

/// A kubelet before a check.
pub struct Case<'a> {
    /// The kubelet, of one version.
    pub kubelet: &'a Kubelet,
    /// Its documents.
    pub documents: Documents<'a>,
    /// What started it.
    pub platform: &'static Platform,
    /// What is asked.
    pub asked: Asked,
    /// What the user asks.
    pub options: Options,
}

/// What a rule says.
pub struct Verdict {
    /// The result.
    pub status: Status,
    /// Why, in one line.
    pub message: Said,
    /// The place that shows it best.
    pub primary: Evidence,
    /// Further places, such as what was overridden.
    pub related: Vec<Evidence>,
    /// What a reader should know besides.
    pub notes: Vec<Said>,
    /// What to do.
    pub remedies: Vec<Remedy>,
}

impl Verdict {
    /// A verdict at a place.
    pub fn new(status: Status, id: &'static str, text: impl Into<Text>, primary: Evidence) -> Verdict {
        Verdict::with(status, message(id, text), primary)
    }

    /// The check could not be decided.
    pub fn undetermined(message: Said, place: Place) -> Verdict {
        let primary = Evidence { place, label: message.clone() };
        Verdict::with(Status::Undetermined, message, primary)
    }

    fn with(status: Status, message: Said, primary: Evidence) -> Verdict {
        Verdict { status, message, primary, related: vec![], notes: vec![], remedies: vec![] }
    }

    /// There is nothing to judge.
    pub fn not_applicable(text: impl Into<Text>) -> Verdict {
        Verdict::new(Status::NotApplicable, "not-applicable", text, evidence(Place::Target, Text::NONE))
    }

    /// The finding of a check, in a language.
    pub fn finding(&self, check: &Check, sections: Vec<Section>, language: Language) -> Finding {
        Finding {
            check: check.id.into(),
            status: self.status,
            severity: check.severity,
            message: self.message.in_language(language),
            primary: self.primary.in_language(language),
            related: self.related.iter().map(|evidence| evidence.in_language(language)).collect(),
            notes: self.notes.iter().map(|note| note.in_language(language)).collect(),
            remedies: self.remedies.iter().map(|remedy| remedy.in_language(language)).collect(),
            sections,
        }
    }

    /// With what is to be done: a change of a setting, which this source decided.
    #[must_use]
    pub fn change(mut self, case: &Case, change: &Change, decided: &Decided, remedy: Remedy) -> Verdict {
        self.notes.extend(after::notes(case, change, decided));
        self.remedies.push(edit::with_edit(case, change, decided, remedy));
        self
    }

    /// With its edits left to a person, for this reason.
    #[must_use]
    pub fn by_person(mut self, why: Words) -> Verdict {
        for remedy in &mut self.remedies {
            remedy.blocked = Some(message("by-person", why));
        }
        self
    }

    /// With something that a reader should know besides.
    #[must_use]
    pub fn note(mut self, id: &'static str, text: impl Into<Text>) -> Verdict {
        self.notes.push(message(id, text));
        self
    }
}

/// A place with a label.
pub fn evidence(place: Place, label: impl Into<Text>) -> Evidence {
    Evidence { place, label: message("evidence", label) }
}

impl Case<'_> {
    /// A setting of the configuration, or why there is nothing to judge.
    pub fn setting(&self, path: &str) -> Result<Decided, Box<Verdict>> {
        if HAS_LIVE && let Some((_, doubt)) = self.kubelet.live.doubts.iter().find(|(doubtful, _)| *doubtful == path) {
            let place = self.kubelet.config.as_ref().and_then(|config| config.at(path)?.decider());
            let place = place.map_or(Place::Target, |claim| claim.place);
            return Err(Box::new(Verdict::undetermined(doubt.clone(), place)));
        }
        self.decided(|kubelet| effective::setting(kubelet, path))
    }

    /// A flag that has no place in a file, or why there is nothing to judge.
    pub fn flag(&self, name: &str) -> Result<Decided, Box<Verdict>> {
        self.decided(|kubelet| effective::flag(kubelet, name))
    }

    fn decided(&self, find: impl Fn(&Kubelet) -> Result<Decided, Said>) -> Result<Decided, Box<Verdict>> {
        if let Some(refused) = &self.kubelet.refused {
            let text =
                words!("not decided, because the kubelet does not start", "kubelet が起動しないため判定できません");
            let message = message("kubelet-does-not-start", text);
            return Err(Box::new(Verdict::undetermined(message, refused.place)));
        }
        find(self.kubelet).map_err(|message| {
            let place = self.kubelet.unknown.as_ref().map_or(Place::Target, |unknown| unknown.place);
            Box::new(Verdict::undetermined(message, place))
        })
    }

    /// Whether a feature gate is on; a gate that this version does not have is off.
    pub fn gate(&self, name: &str) -> bool {
        self.kubelet.gates.enabled(name, self.kubelet.version)
    }
}

/// Whether a default decided.
pub fn by_default(decided: &Decided) -> bool {
    decided.by.origin == Origin::Default
}

/// One verdict of those under several versions, oldest first. Where they differ there is none: what the newest version
/// says that fails is shown, since that is where something can be done.
pub fn join(mut verdicts: Vec<(Version, Verdict)>) -> Verdict {
    let groups = by_version::grouped(verdicts.iter().map(|(version, verdict)| (*version, verdict.status)));
    let differ = groups.len() > 1;
    let shown = verdicts.iter().rposition(|(_, verdict)| !differ || verdict.status != Status::Pass);
    let Some(shown) = shown else {
        return Verdict::undetermined(
            message("no-version", words!("there is no version to judge", "判定するバージョンがありません")),
            Place::Target,
        );
    };
    let one_edit = !HAS_EDITS || edits_alike(&verdicts);
    let (version, mut verdict) = verdicts.swap_remove(shown);
    if !one_edit {
        verdict = verdict.by_person(words!(
            "which edit helps depends on the kubelet's version, which is not given",
            "有効な編集は kubelet のバージョンによって異なりますが、バージョンが指定されていません"
        ));
    }
    if !differ {
        return verdict;
    }
    let by_status = groups.into_iter().map(|(status, versions)| {
        text!("{status} under {versions}", "{versions} では{status}", status = in_words(status), versions)
    });
    let text = text!(
        "it depends on the kubelet's version, which is not given: {by_status}",
        "kubelet のバージョンによって結果が変わりますが、バージョンが指定されていません: {by_status}",
        by_status = by_status.collect::<Vec<_>>(),
    );
    let note = text!(
        "under {version}: {what}",
        "{version} の場合: {what}",
        version = version.name(),
        what = verdict.message.text
    );
    let notes = vec![message(verdict.message.id, note)];
    Verdict { status: Status::Undetermined, message: message("by-version", text), notes, ..verdict }
}

/// Whether the same edits are advised under every version under which something is to be done.
fn edits_alike(verdicts: &[(Version, Verdict)]) -> bool {
    let failing = verdicts.iter().map(|(_, verdict)| verdict).filter(|verdict| verdict.status == Status::Fail);
    let mut edits = failing.map(|verdict| verdict.remedies.iter().flat_map(|remedy| &remedy.edits));
    edits.next().is_none_or(|first| edits.all(|other| first.clone().eq(other)))
}

fn in_words(status: Status) -> Words {
    match status {
        Status::Pass => words!("passes", "合格"),
        Status::Fail => words!("fails", "不合格"),
        Status::Manual => words!("is for a person to decide", "人による判断が必要"),
        Status::NotApplicable => words!("does not apply", "対象外"),
        Status::Undetermined => words!("is undetermined", "判定不能"),
    }
}
