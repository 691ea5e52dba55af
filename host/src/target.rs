//! A target, and how it is judged: collect its documents, let the plugin evaluate them.

use kubevet_report::Judged;
use kubevet_rules::model::{
    Content, Document, Evidence, Finding, Message, Outcome, Place, Report, Severity, Status, Want,
};

use crate::bundle::Bundle;
use crate::collect::{self, Source};
use crate::configz::WithLive;
use crate::inquiry::Inquiry;
use crate::sandbox::SandboxError;

/// Something that can be judged: a kubelet of this node, files, a bundle.
pub struct Target {
    /// What it is called.
    pub id: String,
    /// The kubelet's version in words such as `1.34.4`, where it is known.
    pub version: Option<String>,
    /// Who answers what the plugin wants.
    pub source: Box<dyn Source>,
}

/// A target's documents and the report on them.
#[derive(Clone)]
pub struct Judgement {
    id: String,
    version: Option<String>,
    /// The id of the input, where one of a file was judged.
    input: Option<String>,
    documents: Vec<Document>,
    /// The report.
    pub report: Report,
    /// Why the plugin could not judge; the report then says that nothing is decided.
    pub error: Option<SandboxError>,
}

impl Target {
    /// Adds what runs to what is known of the target.
    pub fn set_live(&mut self, live: Outcome) {
        let nothing = Box::new(WithLive::alone(Outcome::Unavailable));
        let source = std::mem::replace(&mut self.source, nothing);
        self.source = Box::new(WithLive::beside(live, source));
    }

    /// Judges the target. A plugin that fails leaves everything undetermined.
    #[must_use]
    pub fn judge(self, inquiry: &Inquiry<'_>) -> Judgement {
        if let Some((document, input)) = self.source.input() {
            return Judgement::of_input(&self, document, input, inquiry);
        }
        let own = self.version.as_ref().map(|version| inquiry.of_version(version));
        let inquiry = own.as_deref().unwrap_or(inquiry);
        let mut early = Early::default();
        let (documents, evaluated) = match collect::documents(self.source.as_ref(), |known| early.wants(inquiry, known))
        {
            Ok(documents) => {
                let evaluated = early.on(inquiry, &documents);
                (documents, evaluated)
            }
            Err(error) => (vec![], Err(error)),
        };
        let (report, error) = decided(evaluated, inquiry);
        let version = inquiry.version().map(str::to_owned);
        Judgement { id: self.id, version, input: None, documents, report, error }
    }
}

/// The report, or one that says why there is none, and that error.
fn decided(evaluated: Result<Report, SandboxError>, inquiry: &Inquiry<'_>) -> (Report, Option<SandboxError>) {
    match evaluated {
        Ok(report) => (report, None),
        Err(error) => (undecided(inquiry, &error.to_string()), Some(error)),
    }
}

/// A report that was made while documents were still collected.
#[derive(Default)]
struct Early {
    /// How many documents were known before.
    known: usize,
    /// The report, if it is on all documents that are known.
    report: Option<Result<Report, SandboxError>>,
}

impl Early {
    /// What is wanted beside these documents. A process or a directory mostly makes the plugin want more; after other
    /// documents a report is asked for at once: it, too, says what was wanted and is missing, and it is mostly the last.
    fn wants(&mut self, inquiry: &Inquiry<'_>, known: &[Document]) -> Result<Vec<Want>, SandboxError> {
        let new = &known[self.known.min(known.len())..];
        self.known = known.len();
        self.report = None;
        if new.is_empty() || new.iter().any(leads_on) {
            return inquiry.plan(known);
        }
        let report = inquiry.evaluate(known);
        let wants = report.as_ref().map(|report| report.unmet.clone()).unwrap_or_default();
        self.report = Some(report);
        Ok(wants)
    }

    /// The report on all documents.
    fn on(self, inquiry: &Inquiry<'_>, documents: &[Document]) -> Result<Report, SandboxError> {
        match self.report {
            Some(report) if self.known == documents.len() => report,
            _ => inquiry.evaluate(documents),
        }
    }
}

fn leads_on(document: &Document) -> bool {
    matches!(document.answers, Want::Processes(_)) || matches!(document.outcome, Outcome::Found(Content::Directory(_)))
}

/// The report on a target that the plugin could not judge: no check is decided.
fn undecided(inquiry: &Inquiry<'_>, error: &str) -> Report {
    let message = || Message { id: "not-judged".into(), params: vec![], text: error.into() };
    let finding = |(check, severity, sections)| Finding {
        check,
        status: Status::Undetermined,
        severity,
        message: message(),
        primary: Evidence { place: Place::Target, label: message() },
        related: vec![],
        notes: vec![],
        remedies: vec![],
        sections,
    };
    let mut checks: Vec<_> =
        inquiry.checks().into_iter().map(|check| (check.id, check.severity, check.sections)).collect();
    if checks.is_empty() {
        checks.push(("kubelet-starts".into(), Severity::High, vec![]));
    }
    Report {
        versions: vec![],
        context: vec![],
        refusals: vec![],
        settings: vec![],
        findings: checks.into_iter().map(finding).collect(),
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    }
}

impl Judgement {
    fn of_input(target: &Target, document: Document, input: &str, inquiry: &Inquiry<'_>) -> Judgement {
        let documents = vec![document];
        let (report, error) = decided(inquiry.of_input(input).evaluate(&documents), inquiry);
        let version = inquiry.version().map(str::to_owned).or_else(|| target.version.clone());
        Judgement { id: target.id.clone(), version, input: Some(input.to_owned()), documents, report, error }
    }

    /// What the target is called.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it was judged by.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The judgement on other documents of the same target.
    ///
    /// # Errors
    /// Those of the sandbox.
    pub fn with(&self, documents: Vec<Document>, inquiry: &Inquiry<'_>) -> Result<Judgement, SandboxError> {
        let own = self.version.as_ref().map(|version| inquiry.of_version(version));
        let inquiry = own.as_deref().unwrap_or(inquiry);
        let report = match &self.input {
            Some(input) => inquiry.of_input(input).evaluate(&documents)?,
            None => inquiry.evaluate(&documents)?,
        };
        let (id, version, input) = (self.id.clone(), self.version.clone(), self.input.clone());
        Ok(Judgement { id, version, input, documents, report, error: None })
    }

    /// What reports are made from.
    #[must_use]
    pub fn judged(&self) -> Judged<'_> {
        Judged::new(&self.id, &self.documents, &self.report)
    }

    /// The documents as a bundle, which replays to the same report. What must not be stored is masked.
    #[must_use]
    pub fn bundle(&self) -> Bundle {
        let mut documents = self.documents.clone();
        kubevet_report::mask(&mut documents, &self.report.withheld);
        let bundle = Bundle::record(&self.id, &documents);
        match &self.version {
            Some(version) => bundle.with_version(version),
            None => bundle,
        }
    }
}

impl Source for Bundle {
    fn answer(&self, want: &Want) -> Outcome {
        Bundle::answer(self, want)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kubevet_rules::model::Options;

    use super::*;
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
            assert_eq!(judgement.documents, planned, "{line}");
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
            let Some(Document { outcome: Outcome::Refused(reason), .. }) = judgement.documents.iter().find(refused)
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
