//! JUnit: a suite a target, a case a check. What is undetermined is an error; what a person decides, what does not apply and
//! what the project bears with is skipped.

use std::io::Write;

use kubevet_rules::model::{Finding, Severity, Status};

use crate::entry::{self, Entry, Level, NOT_JUDGED, UNMET, entries};
use crate::format::Error;
use crate::places::Places;
use crate::site::{self, Site};
use crate::{Context, Judged, Notice, Reporter, Standing, escape, words};

/// The report.
pub(crate) struct Junit<'c>(pub Context<'c>);

/// What came out of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failure,
    Error,
    Skipped,
}

/// A case of a suite. Its texts are escaped already, but for XML.
struct Case {
    name: String,
    /// The file, from the project's root on, and the line.
    file: Option<(String, Option<usize>)>,
    outcome: Outcome,
    kind: &'static str,
    message: String,
    text: String,
}

impl Reporter for Junit<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        Ok(writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"kubevet\">")?)
    }

    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        Ok(write_suite(judged.id, &self.cases(judged), out)?)
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        if !notices.is_empty() {
            let cases: Vec<_> = notices.iter().map(|notice| self.notice(notice)).collect();
            write_suite("kubevet", &cases, out)?;
        }
        Ok(writeln!(out, "</testsuites>")?)
    }
}

impl Junit<'_> {
    fn cases(&self, judged: &Judged<'_>) -> Vec<Case> {
        let language = self.0.language();
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(language);
        let entries = entries(&self.0, judged);
        let told = |entry: &Entry<'_>| {
            let site = Site::of(&self.0, judged, &places, &entry.place);
            let file = site.project_path().map(escape::bytes);
            let line = site.spot.as_ref().filter(|_| site.is_in_project()).map(|spot| spot.line);
            // What is skipped has no text of its own.
            let mut message = escape::text(&entry.message).into_owned();
            if let Some(why) = entry::standing(language, entry.standing) {
                message = format!("{why} ({message})");
            }
            let mut text = vec![message.clone()];
            if site.is_in_project() {
                text.push(site.location.to_string());
            }
            text.extend(entry.details(language, &places, &site));
            Case {
                name: escape::text(entry.rule).into_owned(),
                file: file.map(|file| (file, line)),
                outcome: outcome(entry),
                kind: words::severity(entry.severity),
                message,
                text: text.join("\n"),
            }
        };
        // In the order of the checks, which is the same in every run.
        let findings = judged.report.findings.iter().map(|finding| {
            let is_this = |entry: &&Entry<'_>| entry.finding.is_some_and(|known| std::ptr::eq(known, finding));
            entries.iter().find(is_this).map_or_else(|| plain(finding), told)
        });
        findings.chain(entries.iter().filter(|entry| entry.finding.is_none()).map(told)).collect()
    }

    fn notice(&self, notice: &Notice) -> Case {
        let level = Level::of_notice(notice, self.0.strict);
        let message = escape::text(&notice.message).into_owned();
        let outcome = match level {
            _ if notice.is_error() => Outcome::Error,
            Level::Error => Outcome::Failure,
            Level::Warning | Level::Note => Outcome::Passed,
        };
        Case {
            name: notice.id.to_owned(),
            file: site::of_notice(&self.0, notice).map(|path| (path, notice.line)),
            outcome,
            kind: words::severity(notice.severity),
            text: message.clone(),
            message,
        }
    }
}

/// The case of a finding that needs no more said: it passes, or does not apply.
fn plain(finding: &Finding) -> Case {
    let outcome = if finding.status == Status::Pass { Outcome::Passed } else { Outcome::Skipped };
    let text = if outcome == Outcome::Passed { "" } else { &*finding.message.text };
    Case {
        name: escape::text(&finding.check).into_owned(),
        file: None,
        outcome,
        kind: words::severity(Severity::Low),
        message: escape::text(text).into_owned(),
        text: String::new(),
    }
}

fn outcome(entry: &Entry<'_>) -> Outcome {
    match (entry.standing, entry.finding.map(|finding| finding.status)) {
        (Standing::Waived(_) | Standing::Known, _) | (_, Some(Status::Manual | Status::NotApplicable)) => {
            Outcome::Skipped
        }
        (_, Some(Status::Fail)) => Outcome::Failure,
        (_, Some(Status::Undetermined)) => Outcome::Error,
        (_, Some(Status::Pass)) => Outcome::Passed,
        (_, None) if [UNMET, NOT_JUDGED].contains(&entry.rule) => Outcome::Error,
        (_, None) if entry.level == Level::Error => Outcome::Failure,
        // A problem that fails nothing is told beside a case that passes.
        (_, None) => Outcome::Passed,
    }
}

fn write_suite(name: &str, cases: &[Case], out: &mut dyn Write) -> std::io::Result<()> {
    let count = |outcome| cases.iter().filter(|case| case.outcome == outcome).count();
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        xml(&escape::text(name)),
        cases.len(),
        count(Outcome::Failure),
        count(Outcome::Error),
        count(Outcome::Skipped)
    )?;
    cases.iter().try_for_each(|case| write_case(name, case, out))?;
    writeln!(out, "  </testsuite>")
}

fn write_case(target: &str, case: &Case, out: &mut dyn Write) -> std::io::Result<()> {
    let (target, name) = (xml(&escape::text(target)), xml(&case.name));
    write!(out, "    <testcase classname=\"{target}\" name=\"{name}\"")?;
    if let Some((file, line)) = &case.file {
        write!(out, " file=\"{}\"", xml(file))?;
        line.map_or(Ok(()), |line| write!(out, " line=\"{line}\""))?;
    }
    let (kind, message, text) = (case.kind, xml(&case.message), xml(&case.text));
    let element = match case.outcome {
        Outcome::Passed if text.is_empty() => return writeln!(out, "/>"),
        Outcome::Passed => return writeln!(out, ">\n      <system-out>{text}</system-out>\n    </testcase>"),
        Outcome::Skipped => return writeln!(out, ">\n      <skipped message=\"{message}\"/>\n    </testcase>"),
        Outcome::Failure => "failure",
        Outcome::Error => "error",
    };
    writeln!(out, ">\n      <{element} message=\"{message}\" type=\"{kind}\">{text}</{element}>\n    </testcase>")
}

/// A text in XML. Nothing deceptive is left in it but line feeds, and so nothing that XML does not allow.
fn xml(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in escape::commands(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&apos;"),
            '\n' => shown.push('\n'),
            _ => escape::push(&mut shown, character),
        }
    }
    shown
}
