//! The code quality report of GitLab: an array of what is wrong, each with a fingerprint by which it is known again. GitLab
//! drops all but one of those that share a fingerprint, and wants a file for each.

use std::io::Write;

use kubevet_rules::model::{Place, Severity, Status};
use serde::Serialize;

use crate::entry::{Entry, Level, fingerprint, open_entries};
use crate::format::Error;
use crate::places::Places;
use crate::site::{self, Site};
use crate::{Context, Judged, Notice, Reporter, escape, json};

/// The report.
pub(crate) struct Gitlab<'c> {
    pub context: Context<'c>,
    /// Whether something is in the array.
    is_begun: bool,
}

impl<'c> Gitlab<'c> {
    pub(crate) fn new(context: Context<'c>) -> Gitlab<'c> {
        Gitlab { context, is_begun: false }
    }

    fn write(&mut self, issue: &Issue<'_>, out: &mut dyn Write) -> Result<(), Error> {
        let between = if std::mem::replace(&mut self.is_begun, true) { ",\n" } else { "[\n" };
        Ok(write!(out, "{between}{}", json::line(issue)?)?)
    }
}

/// Something that is wrong.
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

impl Reporter for Gitlab<'_> {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        let language = self.context.language();
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(language);
        for entry in open_entries(&self.context, judged) {
            let site = Site::of(&self.context, judged, &places, &entry.place);
            let mut parts = vec![entry.title(language)];
            parts.extend(entry.names());
            if !site.is_in_project() {
                parts.push(escape::text(judged.id).into_owned());
                parts.extend((entry.place != Place::Target).then(|| site.location.to_string()));
            }
            parts.extend(entry.help(language));
            let begin = site.spot.as_ref().map_or(1, |spot| spot.line);
            let issue = Issue {
                description: parts.join("; "),
                check_name: entry.rule,
                severity: severity(&entry),
                location: Location { path: path(&site, judged.id), lines: Lines { begin } },
                fingerprint: entry.fingerprint,
            };
            self.write(&issue, out)?;
        }
        Ok(())
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        for notice in notices {
            let path = site::of_notice(&self.context, notice).unwrap_or_default();
            let issue = Issue {
                description: escape::text(&notice.message).into_owned(),
                check_name: notice.id,
                severity: of_level(Level::of_notice(notice, self.context.strict)),
                location: Location { path: relative(&path), lines: Lines { begin: notice.line.unwrap_or(1) } },
                fingerprint: fingerprint(&[notice.id.as_bytes(), path.as_bytes(), notice.message.as_bytes()]),
            };
            self.write(&issue, out)?;
        }
        Ok(out.write_all(if self.is_begun { b"\n]\n" } else { b"[]\n" })?)
    }
}

fn severity(entry: &Entry<'_>) -> &'static str {
    match entry.finding {
        Some(finding) if finding.status == Status::Fail => match finding.severity {
            Severity::Low => "minor",
            Severity::Medium => "major",
            Severity::High => "critical",
            Severity::Critical => "blocker",
        },
        _ => of_level(entry.level),
    }
}

fn of_level(level: Level) -> &'static str {
    match level {
        Level::Note => "info",
        Level::Warning => "minor",
        Level::Error => "major",
    }
}

/// The file, or what the target is called.
fn path(site: &Site<'_>, id: &str) -> String {
    match &site.file {
        Some(file) => escape::bytes(file.path()),
        None => relative(id),
    }
}

fn relative(path: &str) -> String {
    match escape::text(path.trim_start_matches('/')) {
        path if path.is_empty() => "kubelet".into(),
        path => path.into_owned(),
    }
}
