//! A target, and how it is judged: collect its documents, let the plugin evaluate them.

use kubevet_report::Judged;
use kubevet_rules::model::{
    Content, Document, Evidence, Finding, Message, Outcome, Place, Report, Severity, Status, Want,
};

use crate::Plugin;
use crate::bundle::Bundle;
use crate::collect::{self, Source};
use crate::inquiry::Inquiry;
use crate::live::WithLive;

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
pub struct Judgement<E> {
    id: String,
    version: Option<String>,
    /// The id of the input, where one of a file was judged.
    input: Option<String>,
    documents: Vec<Document>,
    /// The report.
    pub report: Report,
    /// Why the plugin could not judge; the report then says that nothing is decided.
    pub error: Option<E>,
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
    pub fn judge<P: Plugin>(self, inquiry: &Inquiry<'_, P>) -> Judgement<P::Error> {
        let own = self.version.as_ref().map(|version| inquiry.of_version(version));
        let inquiry = own.as_deref().unwrap_or(inquiry);
        if let Some((document, input)) = self.source.input() {
            return Judgement::of_input(&self, document, input, inquiry);
        }
        let mut early = Early { known: 0, report: None };
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
fn decided<P: Plugin>(evaluated: Result<Report, P::Error>, inquiry: &Inquiry<'_, P>) -> (Report, Option<P::Error>) {
    match evaluated {
        Ok(report) => (report, None),
        Err(error) => (undecided(inquiry, &error.to_string()), Some(error)),
    }
}

/// A report that was made while documents were still collected.
struct Early<E> {
    /// How many documents were known before.
    known: usize,
    /// The report, if it is on all documents that are known.
    report: Option<Result<Report, E>>,
}

impl<E> Early<E> {
    /// What is wanted beside these documents. A process or a directory mostly makes the plugin want more; after other
    /// documents a report is asked for at once: it, too, says what was wanted and is missing, and it is mostly the last.
    fn wants<P: Plugin<Error = E>>(&mut self, inquiry: &Inquiry<'_, P>, known: &[Document]) -> Result<Vec<Want>, E> {
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
    fn on<P: Plugin<Error = E>>(self, inquiry: &Inquiry<'_, P>, documents: &[Document]) -> Result<Report, E> {
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
fn undecided(inquiry: &Inquiry<'_, impl Plugin>, error: &str) -> Report {
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

impl<E> Judgement<E> {
    fn of_input<P: Plugin<Error = E>>(
        target: &Target,
        document: Document,
        input: &str,
        inquiry: &Inquiry<'_, P>,
    ) -> Judgement<E> {
        let documents = vec![document];
        let (report, error) = decided(inquiry.of_input(input).evaluate(&documents), inquiry);
        let version = inquiry.version().map(str::to_owned);
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
    /// Those of the plugin.
    pub fn with<P: Plugin<Error = E>>(
        &self,
        documents: Vec<Document>,
        inquiry: &Inquiry<'_, P>,
    ) -> Result<Judgement<E>, E> {
        let own = self.version.as_ref().map(|version| inquiry.of_version(version));
        let inquiry = own.as_deref().unwrap_or(inquiry);
        let report = match &self.input {
            Some(input) => inquiry.of_input(input).evaluate(&documents)?,
            None => inquiry.evaluate(&documents)?,
        };
        let (id, version, input) = (self.id.clone(), self.version.clone(), self.input.clone());
        Ok(Judgement { id, version, input, documents, report, error: None })
    }

    /// The judgement on the same target where another source answers.
    pub(crate) fn anew<P: Plugin<Error = E>>(&self, source: Box<dyn Source>, inquiry: &Inquiry<'_, P>) -> Judgement<E> {
        Target { id: self.id.clone(), version: self.version.clone(), source }.judge(inquiry)
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
        let mut bundle = Bundle::record(&self.id, &documents);
        if let (Some(id), [Document { answers: Want::File(file), .. }]) = (&self.input, &*documents) {
            bundle = bundle.of_input(file, id);
        }
        match &self.version {
            Some(version) => bundle.with_version(version),
            None => bundle,
        }
    }
}
