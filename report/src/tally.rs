//! How many findings there are of each kind.

use std::ops::AddAssign;

use kubevet_rules::model::Status;

use crate::{Judged, Standing};

/// The findings of a target, counted. What the project bears with is counted apart, and not by its status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Open failures.
    pub fail: usize,
    /// Passes.
    pub pass: usize,
    /// What is undetermined and open.
    pub undetermined: usize,
    /// What a person has to decide, and is open.
    pub manual: usize,
    /// What does not apply.
    pub not_applicable: usize,
    /// What is waived.
    pub waived: usize,
    /// What the baseline has.
    pub known: usize,
    /// Problems.
    pub problems: usize,
}

impl Tally {
    /// That of one target.
    #[must_use]
    pub fn of(judged: &Judged<'_>) -> Tally {
        let mut tally = Tally { problems: judged.report.problems.len(), ..Tally::default() };
        for (finding, standing) in judged.findings() {
            *match (standing, finding.status) {
                (Standing::Waived(_), _) => &mut tally.waived,
                (Standing::Known, _) => &mut tally.known,
                (Standing::Open, Status::Fail) => &mut tally.fail,
                (Standing::Open, Status::Pass) => &mut tally.pass,
                (Standing::Open, Status::Undetermined) => &mut tally.undetermined,
                (Standing::Open, Status::Manual) => &mut tally.manual,
                (Standing::Open, Status::NotApplicable) => &mut tally.not_applicable,
            } += 1;
        }
        tally
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.fail + self.pass + self.undetermined + self.manual + self.not_applicable + self.waived + self.known
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.fail += other.fail;
        self.pass += other.pass;
        self.undetermined += other.undetermined;
        self.manual += other.manual;
        self.not_applicable += other.not_applicable;
        self.waived += other.waived;
        self.known += other.known;
        self.problems += other.problems;
    }
}
