//! The formats of reports, and the one way in which each of them is written.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use kubevet_rules::Language;
use kubevet_rules::model::Check;

use crate::azure::Azure;
use crate::github::Github;
use crate::gitlab::Gitlab;
use crate::junit::Junit;
use crate::kube_bench::KubeBench;
use crate::markdown::Markdown;
use crate::sarif::Sarif;
use crate::{Judged, Notice, human, json};

/// A format of the report on findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, in a terminal.
    Human,
    /// For machines: a line a target, a public, versioned shape.
    Json,
    /// For code scanning: SARIF 2.1.0.
    Sarif,
    /// For test reports: JUnit's XML.
    Junit,
    /// For GitHub Actions: workflow commands.
    Github,
    /// For GitLab: a code quality report.
    Gitlab,
    /// For Azure Pipelines: logging commands.
    Azure,
    /// For a review, or the summary of a step.
    Markdown,
    /// For what reads the JSON of kube-bench.
    KubeBench,
}

impl Format {
    /// All of them.
    pub const ALL: &[Format] = &[
        Format::Human,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Azure,
        Format::Markdown,
        Format::KubeBench,
    ];

    /// What a user calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Azure => "azure",
            Format::Markdown => "markdown",
            Format::KubeBench => "kube-bench",
        }
    }

    /// The format that a user calls so.
    #[must_use]
    pub fn of(name: &str) -> Option<Format> {
        Format::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// Whether a report is lines that stay what they are between others, so that several can share standard output.
    #[must_use]
    pub fn is_lines(self) -> bool {
        matches!(self, Format::Human | Format::Json | Format::Github | Format::Azure)
    }

    /// Whether a report says what the checks are, so that [`Context::checks`] is needed.
    #[must_use]
    pub fn describes_checks(self) -> bool {
        matches!(self, Format::Sarif | Format::KubeBench)
    }

    /// Whether there is a form for settings.
    #[must_use]
    pub fn has_settings(self) -> bool {
        self.settings_reporter(Context::default()).is_some()
    }

    /// A writer of a report on findings.
    #[must_use]
    pub fn reporter<'a>(self, context: Context<'a>) -> Box<dyn Reporter + 'a> {
        match self {
            Format::Human => Box::new(human::Findings::new(context)),
            Format::Json => Box::new(json::Findings),
            Format::Sarif => Box::new(Sarif::new(context)),
            Format::Junit => Box::new(Junit(context)),
            Format::Github => Box::new(Github(context)),
            Format::Gitlab => Box::new(Gitlab::new(context)),
            Format::Azure => Box::new(Azure(context)),
            Format::Markdown => Box::new(Markdown::new(context)),
            Format::KubeBench => Box::new(KubeBench::new(context)),
        }
    }

    /// A writer of a report on settings; none in a format that has no form for them.
    #[must_use]
    pub fn settings_reporter<'a>(self, context: Context<'a>) -> Option<Box<dyn Reporter + 'a>> {
        match self {
            Format::Human => Some(Box::new(human::Settings::new(context))),
            Format::Json => Some(Box::new(json::Settings)),
            _ => None,
        }
    }
}

/// What a report rests on beside its targets.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// The checks that are asked for, as the plugin describes them.
    pub checks: &'a [Check],
    /// The version of kubevet, such as `0.1.0`.
    pub version: &'a str,
    /// The directory of the project whose files are judged, absolute: what is below it is named from there on.
    pub root: Option<&'a Path>,
    /// The directory that relative names start from, absolute.
    pub directory: Option<&'a Path>,
    /// Whether problems fail a run, too, see [`crate::Exit::of`]; of a target it may be said apart ([`Judged::strict`]).
    pub strict: bool,
    /// Whether there is a baseline.
    pub baseline: bool,
    /// How the report for people is written. Its language is that of all formats.
    pub human: human::Options,
}

impl Context<'_> {
    /// The language of what stands around the plugin's texts.
    #[must_use]
    pub fn language(&self) -> Language {
        self.human.language
    }
}

/// Writes a report, target after target. What it keeps does not grow with their number.
pub trait Reporter {
    /// What stands before all targets.
    ///
    /// # Errors
    /// Those of the writer.
    fn begin(&mut self, _out: &mut dyn Write) -> Result<(), Error> {
        Ok(())
    }

    /// What is said of a target. Where it is an [`Error::Report`], nothing of it was written, and the report goes on.
    ///
    /// # Errors
    /// Those of the writer, and a report that has no form in this format.
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error>;

    /// What stands behind all targets, with what is to be said of the run as a whole.
    ///
    /// # Errors
    /// Those of the writer.
    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error>;
}

/// Why a report is not written.
#[derive(Debug)]
pub enum Error {
    /// The writer's.
    Write(io::Error),
    /// What was judged has no form in this format: only a faulty plugin brings it about.
    Report(json::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Write(error) => write!(f, "the report cannot be written: {error}"),
            Error::Report(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        Error::Write(error)
    }
}

impl From<json::Error> for Error {
    fn from(error: json::Error) -> Error {
        Error::Report(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_name_of_its_own() {
        for format in Format::ALL {
            assert_eq!(Format::of(format.name()), Some(*format));
        }
        assert_eq!(Format::of("yaml"), None);
    }
}
