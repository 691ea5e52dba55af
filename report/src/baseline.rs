//! An earlier report, whose findings are known: a run then tells what is new.

use std::collections::HashSet;

use kubevet_rules::model::{Finding, Status};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::words;

/// A line of the JSON report ([`json::check`](crate::json::check)), as far as it matters here.
#[derive(Deserialize)]
struct Line {
    id: String,
    /// The identity, where it is another.
    identity: Option<String>,
    findings: Vec<Known>,
}

/// The line with what was to be said of that run as a whole.
#[derive(Deserialize)]
struct Notices {
    #[serde(rename = "notices")]
    _notices: Vec<IgnoredAny>,
}

#[derive(PartialEq, Eq, Hash, Deserialize)]
struct Known {
    check: String,
    status: String,
}

/// The findings of an earlier report.
#[derive(Default)]
pub struct Baseline(HashSet<(String, Known)>);

impl Baseline {
    /// Reads an earlier report in JSON. `identity` makes that of a target of what it is called, where the report does not say it:
    /// such a report was written in the project's folder.
    ///
    /// # Errors
    /// In words: the first line that is none of such a report.
    pub fn parse(report: &[u8], identity: impl Fn(&str) -> String) -> Result<Baseline, String> {
        let mut known = HashSet::new();
        for (index, line) in report.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line { id, identity: own, findings }) => {
                    let own = own.unwrap_or_else(|| identity(&id));
                    known.extend(findings.into_iter().map(|finding| (own.clone(), finding)));
                }
                Err(_) if serde_json::from_slice::<Notices>(line).is_ok() => {}
                Err(error) => return Err(format!("line {} is no line of a JSON report: {error}", index + 1)),
            }
        }
        Ok(Baseline(known))
    }

    /// Whether a target of this identity had this finding, with this status, before.
    #[must_use]
    pub fn knows(&self, identity: &str, finding: &Finding) -> bool {
        let is_open = matches!(finding.status, Status::Fail | Status::Undetermined | Status::Manual);
        let known = || Known { check: finding.check.clone(), status: words::status(finding.status).to_owned() };
        is_open && self.0.contains(&(identity.to_owned(), known()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{finding, report};
    use crate::{Judged, json};
    use kubevet_rules::model::Report;

    fn parse(report: &[u8]) -> Result<Baseline, String> {
        Baseline::parse(report, |id| id.strip_prefix("./").unwrap_or(id).to_owned())
    }

    #[test]
    fn what_a_report_tells_is_known_to_the_next_run() {
        let finding = |check, status| finding(check, status, "message");
        let old = Report {
            findings: vec![finding("a", Status::Fail), finding("b", Status::Pass), finding("c", Status::Undetermined)],
            ..report()
        };
        let line = json::check(&Judged::new("./k.json", &[], &old)).unwrap();
        let notices = json::notices(&[]).unwrap();
        let baseline = parse(format!("{line}\n{notices}\n").as_bytes()).unwrap();
        assert!(baseline.knows("k.json", &finding("a", Status::Fail)));
        assert!(!baseline.knows("k.json", &finding("a", Status::Undetermined)), "another status is new");
        assert!(!baseline.knows("k.json", &finding("b", Status::Pass)), "there is nothing to bear with");
        assert!(!baseline.knows("other.json", &finding("a", Status::Fail)));
    }

    #[test]
    fn a_target_is_known_by_its_identity() {
        let old = Report { findings: vec![finding("a", Status::Fail, "message")], ..report() };
        let line = json::check(&Judged { identity: Some("a/k.json"), ..Judged::new("../a/k.json", &[], &old) });
        let baseline = parse(line.unwrap().as_bytes()).unwrap();
        assert!(baseline.knows("a/k.json", &old.findings[0]) && !baseline.knows("../a/k.json", &old.findings[0]));
    }

    #[test]
    fn what_is_no_report_says_so() {
        assert!(parse(b"{}\n").err().unwrap().starts_with("line 1 is no line of a JSON report: missing field"));
        assert!(parse(b"\n[]").err().unwrap().starts_with("line 2"));
    }
}
