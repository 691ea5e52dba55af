//! `kubevet fix`: the edits that make failing checks pass, tried one after the other and kept only if they prove good.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use kubevet_report::fixes::{self, Reason};
use kubevet_report::{Exit, diff, escape};
use kubevet_rules::model::{Content, Document, Edit, Finding, Outcome, Refusal, Report, Section, Span, Status, Want};

use crate::command::{Color, Fatal, LanguageArgs, accept_closed_pipe, tell};
use crate::inquiry::Inquiry;
use crate::paths;
use crate::replace::replace;
use crate::target::Judgement;

/// How edits are shown, and whether they are made.
#[derive(Args)]
pub struct FixArgs {
    /// Make the edits, file by file, whole or not at all; what comes from standard input goes to standard output
    #[arg(long, help_heading = "Output", conflicts_with = "bundle")]
    write: bool,
    /// Whether to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    color: Color,
    /// The language of texts
    #[command(flatten, next_help_heading = "Output")]
    pub language: LanguageArgs,
}

impl FixArgs {
    /// Shows the edits for a target, or makes them; `files` names the file that a document was read from, `-` for standard
    /// input. Standard output has the edits and nothing else.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn run(
        &self,
        judgement: Judgement,
        inquiry: &Inquiry<'_>,
        strict: bool,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<Exit, Fatal> {
        let original = judgement.clone();
        let fixed = Fixed::of(judgement, inquiry);
        let mut failed = false;
        for (old, new) in fixed.changed(&original) {
            let path = files(&old.answers);
            match (&path, self.write) {
                (Some(path), true) if path.as_os_str() == "-" => {}
                (Some(path), true) => match replace(path, bytes(old), bytes(new)) {
                    Ok(()) => tell(&format!("{}: written", escape::text(&path.to_string_lossy()))),
                    Err(why) => {
                        tell(&format!("error: {}: {why}", escape::text(&path.to_string_lossy())));
                        failed = true;
                        continue;
                    }
                },
                _ => {}
            }
            if !(self.write && path.as_deref() == Some(Path::new("-"))) {
                let name = path.map_or_else(|| name(&old.answers), |path| paths::text(&path));
                let (old_withheld, new_withheld) = (&original.report.withheld, &fixed.judgement.report.withheld);
                let diff = diff::unified(&name, (old, old_withheld), (new, new_withheld), self.color.is_wanted());
                accept_closed_pipe(io::stdout().write_all(diff.as_bytes()))?;
            }
        }
        if self.write {
            self.pass_on(&original, &fixed, files)?;
        }
        tell(fixes::summary(&fixed.checks, &fixed.left, self.write && !failed, self.language.language()).trim_end());
        Ok(match (failed, self.write || fixed.checks.is_empty()) {
            (true, _) => Exit::Usage,
            (false, true) => Exit::of(&fixed.judgement.judged(), strict),
            (false, false) => Exit::Failed,
        })
    }

    /// What came from standard input, with what was changed, goes to standard output.
    fn pass_on(
        &self,
        original: &Judgement,
        fixed: &Fixed,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<(), Fatal> {
        let is_input = |document: &&Document| files(&document.answers).as_deref() == Some(Path::new("-"));
        let Some(document) = fixed.judgement.documents().iter().find(is_input) else { return Ok(()) };
        // What is no configuration of a kubelet is never shown, not even to who handed it over.
        let is_whole =
            |span: &Span| span.document == document.id && span.end - span.start == bytes(document).len() as u32;
        match original.report.withheld.iter().any(is_whole) {
            true => Ok(()),
            false => accept_closed_pipe(io::stdout().write_all(bytes(document))),
        }
    }
}

/// The bytes of a file; none of anything else.
fn bytes(document: &Document) -> &[u8] {
    if let Outcome::Found(Content::File(bytes)) = &document.outcome { bytes } else { &[] }
}

fn name(want: &Want) -> String {
    if let Want::File(path) = want { String::from_utf8_lossy(path).into_owned() } else { String::new() }
}

/// A target after all edits that prove good.
struct Fixed {
    judgement: Judgement,
    /// The findings that pass now, as they were, with the remedy that did it.
    checks: Vec<fixes::Fixed>,
    /// Findings that do not pass, with the reason that an edit was not made.
    left: Vec<fixes::Left>,
}

/// A finding by what it is about: a check may be there more than once, asked for different things.
type Key = (String, Vec<Section>);

fn key(finding: &Finding) -> Key {
    (finding.check.clone(), finding.sections.clone())
}

impl Fixed {
    /// Tries the edits of each finding that does not pass. Those of the next one are asked for when the last has been made,
    /// since they may touch the same lines; and what has not helped before may help then.
    fn of(judgement: Judgement, inquiry: &Inquiry<'_>) -> Fixed {
        let mut fixed = Fixed { judgement, checks: vec![], left: vec![] };
        let mut tried: HashSet<Key> = HashSet::new();
        loop {
            let next = |finding: &&Finding| is_open(finding) && !tried.contains(&key(finding));
            let Some(finding) = fixed.judgement.report.findings.iter().find(next).cloned() else { return fixed };
            tried.insert(key(&finding));
            if fixed.attempt(finding, inquiry) {
                tried.clear();
                fixed.left.clear();
            }
        }
    }

    /// Whether a finding passes by one of its remedies.
    fn attempt(&mut self, finding: Finding, inquiry: &Inquiry<'_>) -> bool {
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
    fn after(&self, finding: &Finding, edits: &[Edit], inquiry: &Inquiry<'_>) -> Result<Judgement, Reason> {
        let edited = spliced(self.judgement.documents(), edits).ok_or(Reason::NoEdit)?;
        let judged = self.judgement.with(edited, inquiry);
        let judgement = judged.map_err(|error| Reason::Error(error.to_string()))?;
        let (before, after) = (&self.judgement.report, &judgement.report);
        if let Some(refusal) = after.refusals.iter().find(|refusal| !is_known(refusal, before)) {
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

    /// The documents that differ, before and after.
    fn changed<'a>(&'a self, original: &'a Judgement) -> impl Iterator<Item = (&'a Document, &'a Document)> {
        original.documents().iter().zip(self.judgement.documents()).filter(|(old, new)| old != new)
    }
}

/// Whether something is to be done about a finding.
fn is_open(finding: &Finding) -> bool {
    matches!(finding.status, Status::Fail | Status::Undetermined)
}

fn find<'a>(report: &'a Report, finding: &Finding) -> Option<&'a Finding> {
    report.findings.iter().find(|other| other.check == finding.check && other.sections == finding.sections)
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
fn spliced(documents: &[Document], edits: &[Edit]) -> Option<Vec<Document>> {
    let mut documents = documents.to_vec();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    // From the end, so that the places of the others stay; of two at one place, the first one's text comes first.
    edits.sort_by_key(|edit| (edit.span.document, edit.span.start, edit.span.end));
    let mut after: Option<(u32, u32)> = None;
    for Edit { span, text } in edits.into_iter().rev() {
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
