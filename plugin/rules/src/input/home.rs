//! Brings what was found in laid out documents home to the file that they are from.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::kubelet::laid_out::{LaidOut, is_nowhere};
use crate::message::{Language, Problem, Said, Text, message};
use crate::model::{Decided, Edit, Effective, Evidence, Finding, Origin, Place, Report, Source, Span};

/// An input, unpacked.
pub struct Unpacked {
    /// The documents.
    pub laid_out: LaidOut,
    /// What is not as its author meant it.
    pub problems: Vec<Problem>,
    /// What must not be shown.
    pub withheld: Vec<Span>,
    /// The platform; empty where it is not told.
    pub platform: &'static str,
    /// The version, where it is told.
    pub version: Option<String>,
    /// Where it is from.
    pub(super) home: Home,
}

/// Where an input is from.
pub(super) struct Home {
    /// Where it says what it is; the document is the file.
    pub head: Span,
    /// Who sets what it does not; empty for nobody.
    pub base: &'static str,
    /// Its form.
    pub form: &'static str,
    /// Its name.
    pub name: String,
    /// Whether it has keys of its own, and no others.
    pub is_closed: bool,
}

impl Unpacked {
    /// What is judged, for people.
    pub fn in_words(&self) -> Said {
        let Home { base, form, name, .. } = &self.home;
        let what: Text = match name.is_empty() {
            true => (*form).to_owned().into(),
            false => text!("{form} {name}", "{form} {name}", form = *form, name = crate::kubelet::clipped(name)),
        };
        let text = match base.is_empty() {
            true => what,
            false => text!(
                "{what}; what it does not set comes from the base of {base}",
                "{what}（設定していないものは {base} のベースに従います）",
                what,
                base = *base
            ),
        };
        message("input", text).with("form", *form)
    }

    /// The report with the places of the file.
    pub fn brought_home(self, mut report: Report, language: Language) -> Report {
        let Home { head, base, form, is_closed, .. } = self.home;
        let homeward = Homeward { head, base, language };
        if is_closed {
            report.findings.iter_mut().for_each(|finding| in_own_keys(finding, form, language));
        }
        for refusal in &mut report.refusals {
            refusal.place = homeward.place(refusal.place);
        }
        for branch in report.settings.iter_mut().flat_map(|setting| &mut setting.branches) {
            if let Effective::Known(decided) = &mut branch.effective {
                homeward.decided(decided);
            }
        }
        report.findings.iter_mut().for_each(|finding| homeward.finding(finding));
        report.problems.retain(|problem| !is_nowhere(problem.place));
        for problem in &mut report.problems {
            problem.place = homeward.place(problem.place);
            homeward.edits(&mut problem.edits);
        }
        report.withheld.retain(|span| !is_nowhere(Place::At(*span)));
        for span in &mut report.withheld {
            *span = Span { document: head.document, part: 0, ..*span };
        }
        report.withheld.extend(self.withheld);
        report
    }
}

/// What to do where a form has keys of its own: there is no file of the kubelet to write to, and no flag to pass.
fn in_own_keys(finding: &mut Finding, form: &str, language: Language) {
    let note = |id: &str| finding.notes.iter().find(|note| note.id == id);
    let written = note("lasting").and_then(|note| note.params.iter().find(|(name, _)| name == "form"));
    let text = match (written, note("no-lasting-form")) {
        (Some((_, written)), _) => {
            text!("write `{written}` here", "ここに `{written}` と書きます", written = &**written)
        }
        (None, Some(_)) => text!(
            "this cannot be set here: {form} has no key for it",
            "ここでは設定できません（{form} にはそのためのキーがありません）",
            form
        ),
        (None, None) => return,
    };
    for remedy in &mut finding.remedies {
        remedy.text = message("remedy", text.clone()).in_language(language);
        if remedy.edits.is_empty() {
            remedy.blocked = None;
        }
    }
}

struct Homeward {
    head: Span,
    base: &'static str,
    language: Language,
}

impl Homeward {
    fn place(&self, place: Place) -> Place {
        match place {
            Place::At(span) if !is_nowhere(place) => Place::At(Span { document: self.head.document, part: 0, ..span }),
            _ => Place::At(self.head),
        }
    }

    fn decided(&self, decided: &mut Decided) {
        self.source(&mut decided.by);
        decided.keys.iter_mut().for_each(|(_, source)| self.source(source));
        decided.overridden.iter_mut().for_each(|source| self.source(source));
    }

    fn source(&self, source: &mut Source) {
        if is_nowhere(source.place) {
            let base = self.of_base().in_language(self.language).text;
            source.detail = match source.origin {
                Origin::Flag => [&*source.detail, ", ", &base].concat(),
                _ => base,
            };
        }
        // A default stands nowhere, and nobody says so anywhere.
        if source.place != Place::Target {
            source.place = self.place(source.place);
        }
    }

    fn of_base(&self) -> Said {
        message("of-base", text!("base of {base}", "{base} のベース", base = self.base))
    }

    fn finding(&self, finding: &mut Finding) {
        if is_nowhere(finding.primary.place) {
            let text = text!(
                "nothing in this file decides this, but the base of {base} does, which may differ between its releases",
                "このファイルではなく {base} のベースが決める値です。ベースはリリースによって異なる場合があります",
                base = self.base
            );
            finding.notes.push(message("from-base", text).in_language(self.language));
        }
        self.evidence(&mut finding.primary);
        finding.related.iter_mut().for_each(|evidence| self.evidence(evidence));
        finding.remedies.iter_mut().for_each(|remedy| self.edits(&mut remedy.edits));
    }

    fn evidence(&self, evidence: &mut Evidence) {
        if is_nowhere(evidence.place) {
            let text = text!(
                "{base}: {label}",
                "{base}: {label}",
                base = self.of_base().text,
                label = core::mem::take(&mut evidence.label.text)
            );
            evidence.label.text = text.in_language(self.language);
        }
        evidence.place = self.place(evidence.place);
    }

    fn edits(&self, edits: &mut [Edit]) {
        for edit in edits {
            edit.span = Span { document: self.head.document, part: 0, ..edit.span };
        }
    }
}
