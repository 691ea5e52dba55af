//! A target, and how it is judged: collect its documents, let the plugin evaluate them.

use kubevet_report::Judged;
use kubevet_rules::model::{
    Document, Evidence, Finding, Message, Options, Outcome, Place, Report, Severity, Status, Want,
};

use crate::bundle::Bundle;
use crate::collect::{self, Source};
use crate::sandbox::{Sandbox, SandboxError};

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
pub struct Judgement {
    id: String,
    version: Option<String>,
    documents: Vec<Document>,
    /// The report.
    pub report: Report,
    /// Why the plugin could not judge; the report then says that nothing is decided.
    pub error: Option<SandboxError>,
}

impl Target {
    /// Judges the target. A plugin that fails leaves everything undetermined.
    #[must_use]
    pub fn judge(self, sandbox: &Sandbox, options: &Options) -> Judgement {
        let mut options = options.clone();
        if let Some(version) = &self.version
            && !options.values.iter().any(|(key, _)| key == "version")
        {
            options.values.push(("version".into(), version.clone()));
        }
        let collected = collect::documents(self.source.as_ref(), |known| sandbox.plan(known, &options));
        let (documents, evaluated) = match collected {
            Ok(documents) => {
                let report = sandbox.evaluate(&documents, &options);
                (documents, report)
            }
            Err(error) => (vec![], Err(error)),
        };
        let (report, error) = match evaluated {
            Ok(report) => (report, None),
            Err(error) => (undecided(&error.to_string()), Some(error)),
        };
        let version = options.values.into_iter().find(|(key, _)| key == "version").map(|(_, version)| version);
        Judgement { id: self.id, version, documents, report, error }
    }
}

/// The report on a target that the plugin could not judge.
fn undecided(error: &str) -> Report {
    let message = |id: &str| Message { id: id.into(), params: vec![], text: error.into() };
    Report {
        versions: vec![],
        refusals: vec![],
        settings: vec![],
        findings: vec![Finding {
            check: "kubelet-starts".into(),
            status: Status::Undetermined,
            severity: Severity::High,
            message: message("not-judged"),
            primary: Evidence { place: Place::Target, label: message("not-judged") },
            related: vec![],
            notes: vec![],
            remedies: vec![],
            sections: vec![],
        }],
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    }
}

impl Judgement {
    /// What reports are made from.
    #[must_use]
    pub fn judged(&self) -> Judged<'_> {
        Judged { id: &self.id, documents: &self.documents, report: &self.report }
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
