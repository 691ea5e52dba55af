//! Reports of kubevet: places become lines and columns, findings become text and JSON.
//!
//! Pure: no I/O, no clock, no environment. Everything that comes from a target or a plugin is taken for hostile: it is
//! escaped before it is shown, shown only in small pieces, and not at all where the report withholds it.

mod azure;
mod baseline;
pub mod diff;
mod entry;
pub mod escape;
pub mod exit;
pub mod fixes;
pub mod format;
mod github;
mod gitlab;
pub mod human;
pub mod json;
mod junit;
mod kube_bench;
mod markdown;
pub mod mask;
pub mod places;
mod sarif;
mod site;
pub mod snippet;
pub mod standing;
mod tally;
mod words;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod in_formats;
#[cfg(test)]
mod scenes;

pub use baseline::Baseline;
pub use exit::Exit;
pub use format::{Context, Format, Reporter};
pub use mask::mask;
pub use standing::{Notice, Standing, Waiver};
pub use tally::Tally;

use kubevet_rules::model::{Document, Finding, Outcome, Problem, Report, Severity, Status, Want};

/// What was judged, and the judgement: all that a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// What the target is called: the identity of its bundle, the path of a file, or words such as `kubelet on node-7`.
    pub id: &'a str,
    /// What a baseline calls it, where that is known: the file from the project's folder on, however it was named.
    pub identity: Option<&'a str>,
    /// The documents that were judged; the places of the report point into them.
    pub documents: &'a [Document],
    /// The judgement.
    pub report: &'a Report,
    /// How each finding of the report stands, in their order; those beyond its end are open.
    pub standings: &'a [Standing<'a>],
    /// Whether problems fail on this target, where that is not as in the whole run ([`Context::strict`]).
    pub strict: Option<bool>,
}

impl<'a> Judged<'a> {
    /// A judgement that no policy looks at: all findings are open.
    #[must_use]
    pub fn new(id: &'a str, documents: &'a [Document], report: &'a Report) -> Judged<'a> {
        Judged { id, identity: None, documents, report, standings: &[], strict: None }
    }

    /// The findings, each with how it stands. There is nothing to bear with where a check passes or does not apply.
    pub fn findings(&self) -> impl Iterator<Item = (&'a Finding, Standing<'a>)> + use<'a> {
        let standings = self.standings.iter().copied().chain(std::iter::repeat(Standing::Open));
        let standings = self.report.findings.iter().zip(standings);
        standings.map(|(finding, standing)| match finding.status {
            Status::Pass | Status::NotApplicable => (finding, Standing::Open),
            Status::Fail | Status::Manual | Status::Undetermined => (finding, standing),
        })
    }

    /// Whether a problem fails on this target.
    fn fails(&self, problem: &Problem, context: &Context<'_>) -> bool {
        self.strict.unwrap_or(context.strict) && problem.severity >= Severity::Medium
    }

    /// The file that is the target: the document that is called like it, or the first one that was read.
    fn file(&self) -> Option<&'a [u8]> {
        let file = |document: &'a Document| match (&document.answers, &document.outcome) {
            (Want::File(path), Outcome::Found(_)) => Some(&**path),
            _ => None,
        };
        let files = || self.documents.iter().filter_map(file);
        files().find(|path| *path == self.id.as_bytes()).or_else(|| files().next())
    }
}
