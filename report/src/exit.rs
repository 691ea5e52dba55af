//! The exit status: what a judgement means to the script that asked for it.

use kubevet_rules::model::{Severity, Status};

use crate::{Judged, Standing};

/// An exit status. Nothing undetermined is ever [`Exit::Passed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was judged, and nothing failed.
    Passed = 0,
    /// Something failed.
    Failed = 1,
    /// The user's own words were wrong: nothing was judged.
    Usage = 2,
    /// Nothing failed, but something could not be judged.
    Undetermined = 3,
}

impl Exit {
    /// The exit status of one target. With `strict`, a problem of medium severity and more counts as a failure; what is below
    /// that is a note.
    pub fn of(judged: &Judged<'_>, strict: bool) -> Exit {
        let report = judged.report;
        let any = |status| {
            judged.findings().any(|(finding, standing)| finding.status == status && standing == Standing::Open)
        };
        if any(Status::Fail) || (strict && report.problems.iter().any(|problem| problem.severity >= Severity::Medium)) {
            Exit::Failed
        } else if any(Status::Undetermined) || report.findings.is_empty() || !report.unmet.is_empty() {
            // A report without a finding judged nothing, and a want without an answer may hide anything.
            Exit::Undetermined
        } else {
            Exit::Passed
        }
    }

    /// The exit status of several targets: 1 beats 2 beats 3 beats 0.
    #[must_use]
    pub fn and(self, other: Exit) -> Exit {
        if self.weight() >= other.weight() { self } else { other }
    }

    /// That of the targets so far, if there were any, and of one more.
    #[must_use]
    pub fn joined(before: Option<Exit>, next: Exit) -> Exit {
        before.map_or(next, |before| before.and(next))
    }

    /// The number that the operating system is told.
    pub fn code(self) -> u8 {
        self as u8
    }

    fn weight(self) -> u8 {
        match self {
            Exit::Failed => 3,
            Exit::Usage => 2,
            Exit::Undetermined => 1,
            Exit::Passed => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Waiver;
    use crate::fixtures::{finding, problem, report};
    use kubevet_rules::model::{Place, Problem, Report, Want};

    fn exit(report: &Report, strict: bool) -> Exit {
        Exit::of(&Judged::new("node", &[], report), strict)
    }

    fn with(statuses: &[Status]) -> Report {
        Report { findings: statuses.iter().map(|status| finding("check", *status, "message")).collect(), ..report() }
    }

    #[test]
    fn the_table() {
        use Status::*;
        for (statuses, expected) in [
            (&[Pass, Manual, NotApplicable][..], Exit::Passed),
            (&[Pass, Fail, Undetermined], Exit::Failed),
            (&[Pass, Undetermined], Exit::Undetermined),
            (&[], Exit::Undetermined),
        ] {
            assert_eq!(exit(&with(statuses), false), expected, "{statuses:?}");
        }
        let unmet = Report { unmet: vec![Want::LiveConfiguration], ..with(&[Pass]) };
        assert_eq!(exit(&unmet, false), Exit::Undetermined);
    }

    #[test]
    fn what_the_project_bears_with_does_not_count() {
        let waiver = Waiver { reason: String::new(), owner: String::new(), expires: String::new() };
        let report = with(&[Status::Fail, Status::Undetermined]);
        for (standings, exit) in [
            (&[Standing::Waived(&waiver)][..], Exit::Undetermined),
            (&[Standing::Open, Standing::Known], Exit::Failed),
            (&[Standing::Known, Standing::Waived(&waiver)], Exit::Passed),
        ] {
            let judged = Judged { standings, ..Judged::new("node", &[], &report) };
            assert_eq!(Exit::of(&judged, false), exit, "{standings:?}");
        }
    }

    #[test]
    fn problems_fail_only_when_strict_and_when_they_matter() {
        let with = |severity| Report {
            problems: vec![Problem { severity, ..problem("unknown key", Place::Target) }],
            ..with(&[Status::Pass])
        };
        assert_eq!(exit(&with(Severity::Medium), false), Exit::Passed);
        assert_eq!(exit(&with(Severity::Medium), true), Exit::Failed);
        assert_eq!(exit(&with(Severity::Low), true), Exit::Passed);
    }

    #[test]
    fn one_beats_two_beats_three_beats_zero() {
        let order = [Exit::Failed, Exit::Usage, Exit::Undetermined, Exit::Passed];
        for (strong, first) in order.iter().enumerate() {
            for second in &order[strong..] {
                assert_eq!(first.and(*second), *first);
                assert_eq!(second.and(*first), *first);
            }
        }
        assert_eq!(order.map(Exit::code), [1, 2, 3, 0]);
    }
}
