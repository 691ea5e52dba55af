//! Where in the boxes of a page something is decided, overridden or wrong: places as JavaScript's editors count them.

use kubevet_judge::{Declined, Judgement};
use kubevet_rules::model::{Content, Document, Effective, Outcome, Place, Source, Span};
use serde::Serialize;

use crate::target::{Part, Places, utf16};

/// A place in a box, from `start` to `end` in UTF-16, and what it is.
#[derive(Serialize)]
pub struct Mark<'a> {
    #[serde(flatten)]
    part: Part,
    start: usize,
    end: usize,
    #[serde(flatten)]
    what: What<'a>,
}

/// What a place is.
#[derive(Clone, Copy, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum What<'a> {
    /// It decides a setting.
    Decides {
        setting: &'a str,
    },
    /// It says something of a setting, and something stronger decides.
    Overridden {
        setting: &'a str,
    },
    /// It is the primary evidence of a finding, by its number in the report.
    Finding {
        at: usize,
    },
    /// It is related to a finding: the evidence of this number.
    Related {
        at: usize,
        evidence: usize,
    },
    Problem {
        at: usize,
    },
    Refusal {
        at: usize,
    },
    /// It may be a secret, and is not to be passed on.
    Withheld,
}

/// All marks of a judgement, in the order of the report.
pub fn marks<'a>(judgement: &'a Judgement<Declined>, boxes: &Places) -> Vec<Mark<'a>> {
    let marker = Marker { documents: judgement.documents(), boxes };
    let report = &judgement.report;
    let mut marks = vec![];
    let mut mark = |place: &Place, what: What<'a>| marks.extend(marker.mark(place, what));
    for setting in &report.settings {
        for branch in &setting.branches {
            let Effective::Known(decided) = &branch.effective else { continue };
            let name = setting.name.as_str();
            let deciding = std::iter::once(&decided.by).chain(decided.keys.iter().map(|(_, source)| source));
            deciding.for_each(|Source { place, .. }| mark(place, What::Decides { setting: name }));
            decided.overridden.iter().for_each(|source| mark(&source.place, What::Overridden { setting: name }));
        }
    }
    for (at, finding) in report.findings.iter().enumerate() {
        mark(&finding.primary.place, What::Finding { at });
        for (number, evidence) in finding.related.iter().enumerate() {
            mark(&evidence.place, What::Related { at, evidence: number });
        }
    }
    report.problems.iter().enumerate().for_each(|(at, problem)| mark(&problem.place, What::Problem { at }));
    report.refusals.iter().enumerate().for_each(|(at, refusal)| mark(&refusal.place, What::Refusal { at }));
    report.withheld.iter().for_each(|span| mark(&Place::At(*span), What::Withheld));
    marks
}

struct Marker<'a> {
    documents: &'a [Document],
    boxes: &'a Places,
}

impl Marker<'_> {
    fn mark<'a>(&self, place: &Place, what: What<'a>) -> Option<Mark<'a>> {
        let Place::At(span) = place else { return None };
        let document = self.documents.iter().find(|document| document.id == span.document)?;
        let part = self.boxes.part(document)?;
        let range = match &document.outcome {
            Outcome::Found(Content::Process(_)) => self.boxes.argument(span.part)?,
            Outcome::Found(Content::File(bytes)) => in_text(bytes, span)?,
            _ => return None,
        };
        Some(Mark { part, start: range.start, end: range.end, what })
    }
}

fn in_text(bytes: &[u8], span: &Span) -> Option<std::ops::Range<usize>> {
    Some(utf16(str::from_utf8(bytes).ok()?, span.start as usize..span.end as usize))
}
