//! The rules of kubevet: what a kubelet really runs with, and the checks on it.
//!
//! Pure: no I/O, no clock, no environment, and no standard library through which to reach them. [`describe`], [`plan`]
//! and [`evaluate`] are the only doors.
#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;

mod benchmarks;
mod checks;
mod collections;
mod conversions;
mod float;
mod json;
mod kubelet;
mod message;
pub mod model;
mod spelling;
pub mod text;

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use checks::CHECKS;
use kubelet::surface::Version;
use kubelet::{Documents, Kubelet, effective};
use message::message;
use model::{Content, Description, Document, Error, Options, Outcome, Place, Problem, Refusal, Report, Severity, Want};

pub use kubelet::STAND_IN;

/// The options that `describe` declares, with their meaning.
const VALUES: [(&str, &str); 2] = [
    ("require-explicit", "true: a secure default is not enough, a source has to set the value"),
    ("version", "the kubelet's version, such as 1.34.4; only the minor counts"),
];

/// What this plugin is and can do. Texts are English, whatever the language.
pub fn describe(_language: &str) -> Description {
    Description {
        id: "kubelet".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        languages: vec!["en".into()],
        checks: CHECKS.iter().map(|check| check.description()).collect(),
        options: VALUES.iter().map(|(key, text)| ((*key).to_owned(), message("option", &[], *text))).collect(),
    }
}

/// What is wanted beside these documents; empty when nothing is.
///
/// # Errors
/// An option or a document that is not understood.
pub fn plan(documents: &[Document], options: &Options) -> Result<Vec<Want>, Error> {
    let chosen = Chosen::from(options)?;
    check_documents(documents)?;
    match Documents::new(documents) {
        Some(target) => Ok(kubelet::wants(target, chosen.version)),
        None if documents.is_empty() => Ok(vec![process_want()]),
        None => Ok(vec![]),
    }
}

/// The judgement on these documents. What is still wanted comes back in the report, and is never a pass.
///
/// # Errors
/// An option or a document that is not understood, or no document that describes the process.
pub fn evaluate(documents: &[Document], options: &Options) -> Result<Report, Error> {
    let chosen = Chosen::from(options)?;
    check_documents(documents)?;
    let Some(target) = Documents::new(documents) else {
        return Err(Error::BadDocument(documents.first().map_or(0, |document| document.id)));
    };
    let kubelet = kubelet::run(target, chosen.version);
    let version = kubelet.version.to_string();
    let findings = CHECKS.iter().filter(|check| check.always || chosen.selects(check.id));
    let findings = findings.map(|check| check.finding(&kubelet, &chosen.checks)).collect();
    let mut report = Report {
        versions: vec![version.clone()],
        refusals: refusals(&kubelet, &version),
        settings: vec![],
        flags: vec![],
        findings,
        problems: chosen.problems,
        unmet: kubelet.unmet.clone(),
        withheld: kubelet.withheld.clone(),
    };
    if options.list_settings {
        report.settings = effective::settings(&kubelet);
        report.flags = effective::flags(&kubelet);
    }
    report.problems.extend(kubelet.problems);
    Ok(report)
}

fn process_want() -> Want {
    Want::Processes("kubelet".into())
}

fn refusals(kubelet: &Kubelet, version: &str) -> Vec<Refusal> {
    let refusal = |refused: &kubelet::Refused| Refusal {
        versions: vec![version.to_owned()],
        stage: refused.stage,
        message: refused.message.clone(),
        place: refused.place,
    };
    kubelet.refused.iter().map(refusal).collect()
}

/// Documents have ids of their own, and answer what was asked.
fn check_documents(documents: &[Document]) -> Result<(), Error> {
    let mut ids = BTreeSet::new();
    for document in documents {
        let answers = match (&document.answers, &document.outcome) {
            (Want::Processes(_), Outcome::Found(content)) => matches!(content, Content::Process(_)),
            (Want::File(_), Outcome::Found(content)) => matches!(content, Content::File(_) | Content::Metadata(_)),
            (Want::Directory(_), Outcome::Found(content)) => {
                matches!(content, Content::Directory(_) | Content::Metadata(_))
            }
            (Want::Metadata(_), Outcome::Found(content)) => matches!(content, Content::Metadata(_)),
            (Want::EnvironmentHas(_), Outcome::Found(content)) => matches!(content, Content::Present(_)),
            (Want::LiveConfiguration, Outcome::Found(content)) => matches!(content, Content::File(_)),
            _ => true,
        };
        if !ids.insert(document.id) || !answers {
            return Err(Error::BadDocument(document.id));
        }
    }
    Ok(())
}

/// The options, understood.
struct Chosen {
    version: Version,
    /// The checks to run; empty: all.
    selected: Vec<String>,
    checks: checks::Options,
    /// What was not as the options asked.
    problems: Vec<Problem>,
}

impl Chosen {
    fn from(options: &Options) -> Result<Chosen, Error> {
        let mut chosen = Chosen {
            version: Version::newest(),
            selected: vec![],
            checks: checks::Options::default(),
            problems: vec![],
        };
        for check in &options.checks {
            if !CHECKS.iter().any(|known| known.id == check) {
                return Err(Error::BadOption(format!("there is no check `{check}`")));
            }
        }
        chosen.selected.clone_from(&options.checks);
        let mut version = None;
        for (key, value) in &options.values {
            match (key.as_str(), value.as_str()) {
                ("require-explicit", "true" | "false") => chosen.checks.require_explicit = value == "true",
                ("version", _) => version = Some(value.as_str()),
                _ => return Err(Error::BadOption(format!("`{key}={value}` is no option of this plugin"))),
            }
        }
        chosen.choose_version(version)?;
        Ok(chosen)
    }

    /// Only the minor counts. Nothing given, or something newer than is known, is the newest that is known, and said so.
    fn choose_version(&mut self, words: Option<&str>) -> Result<(), Error> {
        let (oldest, newest) = (Version::oldest(), Version::newest());
        let note = match words.map(|words| (words, Version::parse(words))) {
            Some((_, Ok(version))) => {
                self.version = version;
                return Ok(());
            }
            Some((words, Err(Some(minor)))) if minor > u32::from(newest.minor()) => {
                format!("kubelet `{words}` is newer than what kubevet knows; it is judged as {newest}")
            }
            Some((words, Err(_))) => {
                return Err(Error::BadOption(format!(
                    "`{words}` is no version of the kubelet that kubevet knows ({oldest} to {newest})"
                )));
            }
            None => {
                format!("the kubelet's version is not given; it is judged as {newest}, the newest that kubevet knows")
            }
        };
        let message = message("version-assumed", &[("version", &newest.to_string())], note);
        self.problems.push(Problem { severity: Severity::Low, message, place: Place::Target, edits: vec![] });
        Ok(())
    }

    fn selects(&self, check: &str) -> bool {
        self.selected.is_empty() || self.selected.iter().any(|selected| selected == check)
    }
}
