//! What a project says of its findings: which it bears with, and what is wrong with what it says.

use kubevet_rules::model::Severity;

/// How a finding stands with the project's own policy. Only what is open counts for the exit status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nobody has said anything about it.
    #[default]
    Open,
    /// The project bears with it, for a reason and for a time.
    Waived(&'a Waiver),
    /// It was there before: the baseline has it.
    Known,
}

/// Why a project bears with a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day on which it holds, as `2027-01-31`.
    pub expires: String,
}

/// The id of the notice of a run in which nothing was judged: no check applies to any of its targets.
pub const NOTHING_JUDGED: &str = "nothing-judged";

/// Something about the run as a whole, and no target of it: a file that is not recognised, a waiver that has expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `Low` is a note, `Medium` a problem, which counts with `--strict`; from `High` on it is an error: something was not
    /// judged.
    pub severity: Severity,
    /// Kebab-case and stable, such as `waiver-expired`.
    pub id: &'static str,
    /// One sentence.
    pub message: String,
    /// The file that it is about, as the user named it.
    pub path: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<usize>,
}

impl Notice {
    /// Whether something was not judged.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity >= Severity::High
    }
}
