//! The checks: one file each. A check sees settings, never a file or a flag.

mod kubelet_starts;
mod make_iptables_util_chains;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::benchmarks;
use crate::by_version::{self, ranges};
use crate::kubelet::surface::Version;
use crate::kubelet::{Kubelet, effective};
use crate::message::message;
use crate::model::{self, CheckKind, Decided, Effective, Evidence, Finding, Message, Place, Remedy, Severity, Status};

/// One thing that is verified.
pub struct Check {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// What it looks at.
    pub kind: CheckKind,
    /// One line.
    pub title: &'static str,
    /// What is asked for, why, and how the kubelet decides it; paragraphs parted by an empty line.
    pub explanation: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// Whether it runs even where other checks are selected.
    pub always: bool,
    /// The rule.
    pub judge: fn(&Kubelet, &Options) -> Verdict,
}

/// What a user can ask of the checks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// A secure default is not enough: a source has to say so.
    pub require_explicit: bool,
}

/// What a rule says.
pub struct Verdict {
    /// The result.
    pub status: Status,
    /// Why, in one line.
    pub message: Message,
    /// The place that shows it best.
    pub primary: Evidence,
    /// Further places, such as what was overridden.
    pub related: Vec<Evidence>,
    /// What a reader should know besides.
    pub notes: Vec<Message>,
    /// What to do.
    pub remedies: Vec<Remedy>,
}

/// Every check, in the order of reports.
pub const CHECKS: &[&Check] = &[&kubelet_starts::CHECK, &make_iptables_util_chains::CHECK];

impl Check {
    /// The check for `describe`.
    pub fn description(&self) -> model::Check {
        model::Check {
            id: self.id.into(),
            kind: self.kind,
            title: message("title", &[], self.title),
            explanation: message("explanation", &[], self.explanation),
            severity: self.severity,
            sections: benchmarks::sections(self.id),
            remedies: vec![],
        }
    }

    /// Judges a kubelet: one of these, where its version is not known.
    pub fn finding(&self, kubelets: &[&Kubelet], options: &Options) -> Finding {
        let verdicts = kubelets.iter().map(|kubelet| (kubelet.version, (self.judge)(kubelet, options)));
        let Verdict { status, message, primary, related, notes, remedies } = join(verdicts.collect());
        Finding {
            check: self.id.into(),
            status,
            severity: self.severity,
            message,
            primary,
            related,
            notes,
            remedies,
            sections: benchmarks::sections(self.id),
        }
    }
}

/// One verdict of those under several versions, oldest first. Where they differ there is none: what the newest version
/// says that fails is shown, since that is where something can be done.
fn join(mut verdicts: Vec<(Version, Verdict)>) -> Verdict {
    let groups = by_version::grouped(verdicts.iter().map(|(version, verdict)| (*version, verdict.status)));
    let differ = groups.len() > 1;
    let shown = verdicts.iter().rposition(|(_, verdict)| !differ || verdict.status != Status::Pass);
    let Some(shown) = shown else {
        return undetermined(message("no-version", &[], "there is no version to judge"), Place::Target);
    };
    let (version, verdict) = verdicts.swap_remove(shown);
    if !differ {
        return verdict;
    }
    let by_status = groups.iter().map(|(status, versions)| format!("{} under {}", in_words(*status), ranges(versions)));
    let by_status = by_status.collect::<Vec<_>>().join("; ");
    let text = format!("it depends on the kubelet's version, which is not given: {by_status}");
    let note = format!("under {version}: {}", verdict.message.text);
    let notes = vec![Message { text: note, ..verdict.message }];
    Verdict { status: Status::Undetermined, message: message("by-version", &[], text), notes, ..verdict }
}

fn in_words(status: Status) -> &'static str {
    match status {
        Status::Pass => "passes",
        Status::Fail => "fails",
        Status::Manual => "is for a person to decide",
        Status::NotApplicable => "does not apply",
        Status::Undetermined => "is undetermined",
    }
}

/// A place with a label.
fn evidence(place: Place, label: impl Into<String>) -> Evidence {
    Evidence { place, label: message("evidence", &[], label) }
}

/// The check could not be decided.
fn undetermined(message: Message, place: Place) -> Verdict {
    Verdict {
        status: Status::Undetermined,
        primary: Evidence { place, label: message.clone() },
        message,
        related: vec![],
        notes: vec![],
        remedies: vec![],
    }
}

/// The setting that a check is about, or why there is nothing to judge.
fn decided(kubelet: &Kubelet, path: &str) -> Result<Decided, Box<Verdict>> {
    if let Some(refused) = &kubelet.refused {
        let message = message("kubelet-does-not-start", &[], "not decided, because the kubelet does not start");
        return Err(Box::new(undetermined(message, refused.place)));
    }
    match effective::setting(kubelet, path) {
        Effective::Known(decided) => Ok(decided),
        Effective::Unknown(message) => {
            let place = kubelet.unknown.as_ref().map_or(Place::Target, |unknown| unknown.place);
            Err(Box::new(undetermined(message, place)))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::CHECKS;

    #[test]
    fn every_file_is_registered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/checks");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<_> =
            names.filter(|name| name != "mod.rs").map(|name| name.trim_end_matches(".rs").replace('_', "-")).collect();
        let registered: BTreeSet<_> = CHECKS.iter().map(|check| check.id.to_owned()).collect();
        assert_eq!(files, registered);
    }
}
