//! The rules of kubevet: what a kubelet really runs with, and the checks on it.
//!
//! Pure: no I/O, no clock, no environment, and no standard library through which to reach them. [`describe`], [`plan`]
//! and [`evaluate`] are the only doors.
#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;

mod benchmarks;
mod by_version;
mod checks;
mod collections;
mod float;
mod json;
mod kubelet;
mod message;
mod natural;
mod spelling;
pub mod text;

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use checks::CHECKS;
use kubelet::surface::Version;
use kubelet::{Documents, Kubelet, Refused, Texts, effective};
use message::message;
use model::{
    Content, Description, Document, Error, Message, Options, Outcome, Place, Problem, Refusal, Report, Severity, Want,
};

pub use kubelet::STAND_IN;
pub use kubevet_contract::model;

/// A minor version of the kubelet that the rules know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVersion {
    /// Such as `1.37`.
    pub version: String,
    /// Whether the rules are held against answers of this kubelet's own code; where they are not, they follow its sources.
    pub proven: bool,
}

/// The versions that the rules know, oldest first.
pub fn versions() -> Vec<KnownVersion> {
    let known = |version: Version| KnownVersion { version: version.to_string(), proven: version.is_proven() };
    Version::all().map(known).collect()
}

/// The options that `describe` declares, with their meaning.
const VALUES: [(&str, &str); 2] = [
    ("require-explicit", "true: a secure default is not enough, a source has to set the value"),
    (
        "version",
        "the kubelet's version, such as 1.34.4; only the minor counts. Without it, all that are known are judged",
    ),
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
    let texts = Texts::default();
    let Some(target) = Documents::new(documents, &texts) else {
        return Ok(if documents.is_empty() { vec![process_want()] } else { vec![] });
    };
    let wants = chosen.versions.iter().map(|version| kubelet::wants(target, *version));
    Ok(union(wants))
}

/// The judgement on these documents. What is still wanted comes back in the report, and is never a pass.
///
/// # Errors
/// An option or a document that is not understood, or no document that describes the process.
pub fn evaluate(documents: &[Document], options: &Options) -> Result<Report, Error> {
    let chosen = Chosen::from(options)?;
    check_documents(documents)?;
    let texts = Texts::default();
    let Some(target) = Documents::new(documents, &texts) else {
        return Err(Error::BadDocument(documents.first().map_or(0, |document| document.id)));
    };
    let kubelets: Vec<_> = match &chosen.too_old {
        Some((_, message)) => vec![Kubelet::unknown(Version::oldest(), message.clone())],
        None => chosen.versions.iter().map(|version| kubelet::run(target, *version)).collect(),
    };
    let all: Vec<&Kubelet> = kubelets.iter().collect();
    // Versions under which the kubelet does not start say nothing about one that does; neither do those under which it
    // ends later, about one that runs.
    let starts = |kubelet: &&Kubelet| match target.is_running() {
        true => kubelet.refusal().is_none(),
        false => kubelet.refused.is_none(),
    };
    let starting: Vec<_> = all.iter().copied().filter(starts).collect();
    let judged = if starting.is_empty() { &all } else { &starting };
    let whether_it_starts = if target.is_running() { judged } else { &all };
    let refused = all.iter().filter_map(|kubelet| Some((kubelet.version, kubelet.refusal()?)));
    let refused = by_version::grouped(refused);
    let mut findings = vec![];
    for check in CHECKS.iter().filter(|check| check.always || chosen.selects(check.id)) {
        let mut finding = check.finding(if check.always { whether_it_starts } else { judged }, &chosen.checks);
        if check.always && target.is_running() {
            finding.notes.extend(running_notes(&refused, !starting.is_empty()));
        }
        findings.push(finding);
    }
    let mut problems = chosen.problems;
    problems.extend(self::problems(judged));
    Ok(Report {
        versions: chosen.too_old.map_or_else(|| by_version::names(&chosen.versions), |(version, _)| vec![version]),
        context: vec![],
        refusals: refused.into_iter().map(refusal).collect(),
        settings: if options.list_settings { effective::settings(judged) } else { vec![] },
        findings,
        problems,
        unmet: union(kubelets.iter().map(|kubelet| kubelet.unmet.clone())),
        withheld: union(kubelets.iter().map(|kubelet| kubelet.withheld.clone())),
    })
}

/// What it means that a kubelet runs which would be refused.
fn running_notes(refused: &[(&Refused, Vec<Version>)], starts: bool) -> Vec<Message> {
    if !starts {
        let text =
            "it runs all the same: it was started with other flags or files than these, or is of another version";
        return vec![message("runs-all-the-same", &[], text)];
    }
    let left_out = |(refused, versions): &(&Refused, Vec<Version>)| {
        let versions = by_version::ranges(versions);
        let text = format!("it is none of {versions}, which would refuse this: {}", refused.message.text);
        message("left-out", &[("versions", &versions)], text)
    };
    refused.iter().map(left_out).collect()
}

fn process_want() -> Want {
    Want::Processes("kubelet".into())
}

/// What is in any of these lists; most of them are equal.
fn union<T: PartialEq>(lists: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    let mut seen: Vec<Vec<T>> = vec![];
    for list in lists {
        if !seen.contains(&list) {
            seen.push(list);
        }
    }
    let mut lists = seen.into_iter();
    let mut all = lists.next().unwrap_or_default();
    for item in lists.flatten() {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    all
}

fn refusal((refused, versions): (&Refused, Vec<Version>)) -> Refusal {
    Refusal {
        versions: by_version::names(&versions),
        stage: refused.stage,
        message: refused.message.clone(),
        place: refused.place,
    }
}

/// The problems under all of these versions; one that only some of them have says so.
fn problems(kubelets: &[&Kubelet]) -> Vec<Problem> {
    let found = kubelets.iter().flat_map(|kubelet| kubelet.problems.iter().map(|problem| (kubelet.version, problem)));
    let problem = |(problem, versions): (&Problem, Vec<Version>)| {
        let mut problem = problem.clone();
        if versions.len() < kubelets.len() {
            problem.message.text += &format!(" (kubelet {})", by_version::ranges(&versions));
        }
        problem
    };
    by_version::grouped(found).into_iter().map(problem).collect()
}

/// Documents have ids of their own, and answer what was asked.
fn check_documents(documents: &[Document]) -> Result<(), Error> {
    for (at, document) in documents.iter().enumerate() {
        let is_known = documents[..at].iter().any(|earlier| earlier.id == document.id);
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
        if is_known || !answers {
            return Err(Error::BadDocument(document.id));
        }
    }
    Ok(())
}

/// The options, understood.
struct Chosen {
    /// All that are known, where the kubelet's is not; none, where it is too old.
    versions: Vec<Version>,
    /// The version is older than all that are known: which it is, and that nothing is known of it.
    too_old: Option<(String, Message)>,
    /// The checks to run; empty: all.
    selected: Vec<String>,
    checks: checks::Options,
    /// What was not as the options asked.
    problems: Vec<Problem>,
}

impl Chosen {
    fn from(options: &Options) -> Result<Chosen, Error> {
        let mut chosen = Chosen {
            versions: Version::all().collect(),
            too_old: None,
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

    /// Only the minor counts. Of what is older than is known, nothing is said. What is newer is judged as the newest that is
    /// known, and said so.
    fn choose_version(&mut self, words: Option<&str>) -> Result<(), Error> {
        let Some(words) = words else { return Ok(()) };
        let (oldest, newest) = (Version::oldest(), Version::newest());
        match Version::parse(words) {
            Ok(version) => self.versions = vec![version],
            Err(Some(minor)) if minor > u32::from(newest.minor()) => {
                self.versions = vec![newest];
                let text = format!("kubelet `{words}` is newer than what kubevet knows; it is judged as {newest}");
                let message = message("version-assumed", &[("version", &newest.to_string())], text);
                self.problems.push(Problem { severity: Severity::Low, message, place: Place::Target, edits: vec![] });
            }
            Err(Some(minor)) => {
                self.versions = vec![];
                let text = format!("kubelet 1.{minor} is older than what kubevet knows ({oldest} to {newest})");
                self.too_old = Some((format!("1.{minor}"), message("version-too-old", &[], text)));
            }
            Err(None) => {
                return Err(Error::BadOption(format!(
                    "`{words}` is no version of the kubelet that kubevet knows ({oldest} to {newest})"
                )));
            }
        }
        Ok(())
    }

    fn selects(&self, check: &str) -> bool {
        self.selected.is_empty() || self.selected.iter().any(|selected| selected == check)
    }
}
