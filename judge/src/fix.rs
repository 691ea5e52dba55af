//! The edits that make failing checks pass, tried one after the other and kept only if they prove good.

use std::collections::HashSet;
use std::fmt;

use kubevet_report::fixes::{self, Reason};
use kubevet_rules::model::{Content, Document, Edit, Finding, Outcome, Refusal, Report, Section, Status};

use crate::Plugin;
use crate::inquiry::Inquiry;
use crate::target::Judgement;

/// A target after all edits that prove good.
pub struct Fixed<E> {
    /// The judgement after them.
    pub judgement: Judgement<E>,
    /// The findings that pass now, as they were, with the remedy that did it.
    pub checks: Vec<fixes::Fixed>,
    /// Findings that do not pass, with the reason that an edit was not made.
    pub left: Vec<fixes::Left>,
}

/// A finding by what it is about: a check may be there more than once, asked for different things.
type Key = (String, Vec<Section>);

fn key(finding: &Finding) -> Key {
    (finding.check.clone(), finding.sections.clone())
}

impl<E: Clone + fmt::Display> Fixed<E> {
    /// Tries the edits of each finding that does not pass. Those of the next one are asked for when the last has been made,
    /// since they may touch the same lines; and what has not helped before may help then.
    #[must_use]
    pub fn of<P: Plugin<Error = E>>(judgement: Judgement<E>, inquiry: &Inquiry<'_, P>) -> Fixed<E> {
        Fixed::of_those(judgement, inquiry, |_| true)
    }

    /// The same with the findings that are chosen alone.
    #[must_use]
    pub fn of_those<P: Plugin<Error = E>>(
        judgement: Judgement<E>,
        inquiry: &Inquiry<'_, P>,
        is_chosen: impl Fn(&Finding) -> bool,
    ) -> Fixed<E> {
        let mut fixed = Fixed { judgement, checks: vec![], left: vec![] };
        let mut tried: HashSet<Key> = HashSet::new();
        loop {
            let next = |finding: &&Finding| is_open(finding) && is_chosen(finding) && !tried.contains(&key(finding));
            let Some(finding) = fixed.judgement.report.findings.iter().find(next).cloned() else { return fixed };
            tried.insert(key(&finding));
            if fixed.attempt(finding, inquiry) {
                tried.clear();
                fixed.left.clear();
            }
        }
    }

    /// Whether a finding passes by one of its remedies.
    fn attempt<P: Plugin<Error = E>>(&mut self, finding: Finding, inquiry: &Inquiry<'_, P>) -> bool {
        let mut reason = Reason::NoEdit;
        for remedy in &finding.remedies {
            if let Some(blocked) = &remedy.blocked {
                reason = Reason::Blocked(blocked.clone());
            } else if !remedy.edits.is_empty() {
                match self.after(&finding, &remedy.edits, inquiry) {
                    Ok(judgement) => {
                        self.judgement = judgement;
                        let remedy = remedy.clone();
                        self.checks.push((finding, remedy));
                        return true;
                    }
                    Err(why) => reason = why,
                }
            }
        }
        self.left.push((finding, reason));
        false
    }

    /// The judgement with these edits, if the finding passes then, and nothing is worse.
    fn after<P: Plugin<Error = E>>(
        &self,
        finding: &Finding,
        edits: &[Edit],
        inquiry: &Inquiry<'_, P>,
    ) -> Result<Judgement<E>, Reason> {
        let edited = spliced(self.judgement.documents(), edits).ok_or(Reason::NoEdit)?;
        let judged = self.judgement.with(edited, inquiry);
        let judgement = judged.map_err(|error| Reason::Error(error.to_string()))?;
        let (before, after) = (&self.judgement.report, &judgement.report);
        if let Some(refusal) = new_refusal(before, after) {
            return Err(Reason::Refused(refusal.message.clone()));
        }
        match find(after, finding) {
            Some(now) if now.status == Status::Pass => {}
            Some(now) => return Err(Reason::NoHelp(now.message.clone())),
            None => return Err(Reason::NotJudged),
        }
        if let Some(worse) = before.findings.iter().find(|before| is_worse(before, find(after, before))) {
            return Err(Reason::Worse(worse.check.clone()));
        }
        match after.unmet.iter().find(|want| !before.unmet.contains(want)) {
            Some(_) => Err(Reason::NotJudged),
            None => Ok(judgement),
        }
    }

    /// The findings that an edit for another one mends, too, as they were.
    pub fn along<'a>(&self, original: &'a Judgement<E>) -> impl Iterator<Item = &'a Finding> {
        let is_mended = |finding: &&Finding| {
            let has_own = self.checks.iter().any(|(fixed, _)| key(fixed) == key(finding));
            let now = find(&self.judgement.report, finding);
            is_open(finding) && !has_own && now.is_some_and(|now| !is_open(now))
        };
        original.report.findings.iter().filter(is_mended)
    }

    /// What is left of it where these documents stay as they were: what passes only with their edits does not, for this reason.
    #[must_use]
    pub fn without<P: Plugin<Error = E>>(
        mut self,
        old: &[Document],
        reason: &Reason,
        inquiry: &Inquiry<'_, P>,
    ) -> Fixed<E> {
        let kept = |new: &Document| old.iter().find(|old| old.id == new.id).unwrap_or(new).clone();
        let documents = self.judgement.documents().iter().map(kept).collect();
        let judgement = match self.judgement.with(documents, inquiry) {
            Ok(judgement) => judgement,
            Err(error) => {
                let unknown = Reason::Error(error.to_string());
                self.left.extend(self.checks.drain(..).map(|(finding, _)| (finding, unknown.clone())));
                return self;
            }
        };
        let passes = |finding: &Finding| find(&judgement.report, finding).is_some_and(|now| now.status == Status::Pass);
        self.checks.retain(|(finding, _)| passes(finding));
        let before = std::mem::take(&mut self.left);
        let why = |finding: &Finding| {
            let known = before.iter().find(|(left, _)| key(left) == key(finding));
            known.map_or_else(|| reason.clone(), |(_, reason)| reason.clone())
        };
        let open = judgement.report.findings.iter().filter(|finding| is_open(finding));
        self.left = open.map(|finding| (finding.clone(), why(finding))).collect();
        self.judgement = judgement;
        self
    }

    /// The documents that differ, before and after.
    pub fn changed<'a>(&'a self, original: &'a Judgement<E>) -> impl Iterator<Item = (&'a Document, &'a Document)> {
        original.documents().iter().zip(self.judgement.documents()).filter(|(old, new)| old != new)
    }
}

/// Whether something is to be done about a finding.
fn is_open(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Undetermined)
}

/// The same finding of another report.
pub(crate) fn find<'a>(report: &'a Report, finding: &Finding) -> Option<&'a Finding> {
    report.findings.iter().find(|other| other.check == finding.check && other.sections == finding.sections)
}

/// A reason not to start that was not there before.
fn new_refusal<'a>(before: &Report, after: &'a Report) -> Option<&'a Refusal> {
    after.refusals.iter().find(|refusal| !is_known(refusal, before))
}

/// Whether there is a reason not to start that was not there before.
pub(crate) fn has_new_refusal(before: &Report, after: &Report) -> bool {
    new_refusal(before, after).is_some()
}

fn is_known(refusal: &Refusal, before: &Report) -> bool {
    let same = |known: &Refusal| {
        (known.stage, &known.message, &known.versions) == (refusal.stage, &refusal.message, &refusal.versions)
    };
    before.refusals.iter().any(same)
}

fn is_worse(before: &Finding, after: Option<&Finding>) -> bool {
    let rank = |status: Status| match status {
        Status::Pass | Status::NotApplicable | Status::Manual => 0,
        Status::Undetermined => 1,
        Status::Fail => 2,
    };
    after.is_none_or(|after| rank(after.status) > rank(before.status))
}

/// The documents with these edits; none, where an edit does not fit, which only a faulty plugin asks for.
#[must_use]
pub fn spliced(documents: &[Document], edits: &[Edit]) -> Option<Vec<Document>> {
    let mut documents = documents.to_vec();
    let mut edits: Vec<(usize, &Edit)> = edits.iter().enumerate().collect();
    // From the end, so that the places of the others stay; of two at one place, the first one's text comes first.
    edits.sort_unstable_by_key(|(number, Edit { span, .. })| (span.document, span.start, span.end, *number));
    let mut after: Option<(u32, u32)> = None;
    for (_, Edit { span, text }) in edits.into_iter().rev() {
        if after.is_some_and(|(document, start)| document == span.document && start < span.end) || span.part != 0 {
            return None;
        }
        after = Some((span.document, span.start));
        let document = documents.iter_mut().find(|document| document.id == span.document)?;
        let Outcome::Found(Content::File(bytes)) = &mut document.outcome else { return None };
        let range = span.start as usize..span.end as usize;
        bytes.get(range.clone())?;
        bytes.splice(range, text.iter().copied());
    }
    Some(documents)
}
