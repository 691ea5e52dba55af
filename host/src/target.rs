//! A target, and how it is judged in the sandbox.

use crate::sandbox::SandboxError;

pub use kubevet_judge::Target;

/// A target's documents and the report on them.
pub type Judgement = kubevet_judge::Judgement<SandboxError>;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kubevet_rules::model::{Document, Options, Outcome, Status};

    use super::*;
    use crate::bundle::Bundle;
    use crate::collect;
    use crate::inquiry::Inquiry;
    use crate::sandbox::{GUEST_TIME, Sandbox};

    /// With files, drop-ins, directories below them, and much that is missing or broken.
    const GOLDENS: &str = include_str!("../../tests/goldens/1.37.2.jsonl");

    #[test]
    fn an_early_report_misses_no_document() {
        let sandbox = Sandbox::new().unwrap();
        let inquiry = Inquiry::new(&sandbox, Options::default()).unwrap().of_version("1.37");
        for line in GOLDENS.lines().step_by(7) {
            let bundle = || Bundle::parse(line).unwrap();
            let planned = collect::documents(&bundle(), |known| inquiry.plan(known)).unwrap();
            let target = Target { id: String::new(), version: None, source: Box::new(bundle()) };
            let judgement = target.judge(&inquiry);
            assert_eq!(judgement.documents(), planned, "{line}");
            assert_eq!(judgement.report, inquiry.evaluate(&planned).unwrap(), "{line}");
        }
    }
    /// A target whose process orders an attack.
    fn attacked(inquiry: &Inquiry<'_>, attack: &str) -> Judgement {
        let bundle = Bundle::parse(&format!(r#"{{"id":"{attack}","args":["--attack={attack}"]}}"#)).unwrap();
        Target { id: attack.into(), version: None, source: Box::new(bundle) }.judge(inquiry)
    }

    /// Each of them is judged with the sandbox of those before it, which had done their worst.
    #[test]
    fn a_target_that_trips_a_limit_is_undetermined_and_the_others_are_judged() {
        let (patient, hasty) = (Sandbox::hostile(GUEST_TIME), Sandbox::hostile(Duration::from_secs(1)));
        let patient = Inquiry::new(&patient, Options::default()).unwrap();
        let hasty = Inquiry::new(&hasty, Options::default()).unwrap();
        for (inquiry, attack, said) in [
            (&hasty, "endless-loop", "GUEST_TIME"),
            (&hasty, "plan-endless-loop", "GUEST_TIME"),
            (&patient, "memory-bomb", "GUEST_MEMORY"),
            (&patient, "deep-recursion", "GUEST_STACK"),
            (&patient, "deep-frames", "its stack is full"),
            (&patient, "huge-text", "GUEST_OUTPUT"),
            (&patient, "many-texts", "GUEST_OUTPUT"),
            (&patient, "not-unicode", "utf-8"),
            (&patient, "trap", "unreachable"),
            (&patient, "no-such-thing", "no such attack"),
        ] {
            let judgement = attacked(inquiry, attack);
            let error = judgement.error.as_ref().map(ToString::to_string).unwrap_or_default();
            assert!(error.contains(said), "{attack}: {error}");
            assert!(judgement.report.findings.iter().all(|finding| finding.status == Status::Undetermined), "{attack}");
            assert!(!judgement.report.findings.is_empty(), "{attack}");
            assert_eq!(attacked(inquiry, "none").report.versions, ["harmless"], "after {attack}");
        }
    }

    #[test]
    fn wants_without_end_are_bounded() {
        let sandbox = Sandbox::hostile(GUEST_TIME);
        let inquiry = Inquiry::new(&sandbox, Options::default()).unwrap();
        for attack in ["plan-for-ever", "plan-everything"] {
            let judgement = attacked(&inquiry, attack);
            assert_eq!(judgement.report.versions, ["harmless"]);
            let refused = |document: &&Document| matches!(&document.outcome, Outcome::Refused(_));
            let Some(Document { outcome: Outcome::Refused(reason), .. }) = judgement.documents().iter().find(refused)
            else {
                panic!("{attack} is not bounded");
            };
            assert!(reason.contains("no more than"), "{reason}");
        }
    }

    #[test]
    fn a_target_that_cannot_be_judged_has_every_check_undetermined() {
        let sandbox = Sandbox::new().unwrap();
        let inquiry = Inquiry::new(&sandbox, Options::default()).unwrap();
        let bundle = Bundle::parse(r#"{"id":"old","version":"banana","args":[]}"#).unwrap();
        let target = Target { id: "old".into(), version: Some("banana".into()), source: Box::new(bundle) };
        let findings = target.judge(&inquiry).report.findings;
        let checks = sandbox.describe("en").unwrap().checks;
        assert_eq!(findings.len(), checks.len());
        for (finding, check) in findings.iter().zip(checks) {
            assert_eq!((&finding.check, finding.status), (&check.id, Status::Undetermined));
            assert!(finding.message.text.contains("banana"));
        }
    }
}
