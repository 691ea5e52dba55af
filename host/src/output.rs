//! Where reports go: each is opened once, and written while the targets are judged.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use kubevet_report::{Context, Format, Judged, Notice, Reporter, escape, format, human};

use crate::command::{Fatal, tell};

/// The file that GitHub shows as the summary of a step, by the variable that names it.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// A report that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// In which format.
    pub format: Format,
    /// The file; none is standard output.
    pub file: Option<PathBuf>,
}

impl Wanted {
    /// Reads `FORMAT=FILE`; `-` is standard output.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(word: &str) -> Result<Wanted, String> {
        let (name, file) = word.split_once('=').ok_or("this is not FORMAT=FILE")?;
        let names = || Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
        let format = Format::of(name).ok_or_else(|| format!("there is no format `{name}`; there are {}", names()))?;
        match file {
            "" => Err("the file has no name".into()),
            "-" => Ok(Wanted { format, file: None }),
            file => Ok(Wanted { format, file: Some(file.into()) }),
        }
    }
}

/// Which report, of the two that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// On findings.
    Findings,
    /// On settings.
    Settings,
}

/// All reports of a run.
pub struct Reports<'a> {
    all: Vec<Report<'a>>,
    /// Whether there is one that nobody will see.
    lacks_one: bool,
}

struct Report<'a> {
    reporter: Box<dyn Reporter + 'a>,
    out: Box<dyn Write>,
    name: String,
}

impl<'a> Reports<'a> {
    /// Opens all reports. Only one that goes to a terminal has colours, if `context` wants them.
    ///
    /// # Errors
    /// A file that cannot be written; reports that cannot share standard output; a format that has no
    /// form for settings.
    pub fn open(wanted: &[Wanted], kind: Kind, context: &Context<'a>) -> Result<Reports<'a>, Fatal> {
        refuse_clashes(wanted)?;
        let reports = wanted.iter().map(|wanted| Report::open(wanted, kind, context));
        let mut reports = Reports { all: reports.collect::<Result<_, _>>()?, lacks_one: false };
        if wanted.iter().any(|wanted| wanted.format == Format::Github) {
            match step_summary(context) {
                Ok(summary) => reports.all.extend(summary),
                Err(fatal) => {
                    tell(&fatal.to_string());
                    reports.lacks_one = true;
                }
            }
        }
        Ok(reports)
    }

    /// Whether all reports are there that somebody may look for.
    #[must_use]
    pub fn are_complete(&self) -> bool {
        !self.lacks_one
    }

    /// Writes what stands before all targets.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn begin(&mut self) -> Result<(), Fatal> {
        self.all.iter_mut().try_for_each(|report| report.accept(|reporter, out| reporter.begin(out)))
    }

    /// Writes a target into all reports; whether it has a form in all of them. Where it has none, that is told.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn target(&mut self, judged: &Judged<'_>) -> Result<bool, Fatal> {
        let mut is_whole = true;
        for report in &mut self.all {
            report.accept(|reporter, out| match reporter.target(judged, out) {
                Err(format::Error::Report(error)) => {
                    tell(&format!("error: {}: {}", escape::text(judged.id), escape::text(&error.to_string())));
                    is_whole = false;
                    Ok(())
                }
                result => result,
            })?;
        }
        Ok(is_whole)
    }

    /// Writes what stands behind all targets.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn end(&mut self, notices: &[Notice]) -> Result<(), Fatal> {
        self.all.iter_mut().try_for_each(|report| {
            report.accept(|reporter, out| {
                reporter.end(notices, out)?;
                Ok(out.flush()?)
            })
        })
    }
}

impl<'a> Report<'a> {
    fn open(wanted: &Wanted, kind: Kind, context: &Context<'a>) -> Result<Report<'a>, Fatal> {
        let is_stdout = wanted.file.is_none();
        // Standard error, which tells errors, stands beside it.
        let human =
            human::Options { color: context.human.color && is_stdout, errors_told: is_stdout, ..context.human.clone() };
        let context = Context { human, ..context.clone() };
        let reporter = match kind {
            Kind::Findings => wanted.format.reporter(context),
            Kind::Settings => wanted.format.settings_reporter(context).ok_or_else(|| {
                Fatal::new(format!("settings have no form in the format {}", wanted.format.name()))
                    .help("`kubevet effective` writes human and json")
            })?,
        };
        let Some(path) = &wanted.file else {
            return Ok(Report { reporter, out: Box::new(io::stdout().lock()), name: "the report".into() });
        };
        let name = path.display().to_string();
        let file = File::create(path).map_err(|error| unwritable(&name, &error))?;
        Ok(Report { reporter, out: Box::new(BufWriter::new(file)), name })
    }

    /// Does something with the report. That the reader of a pipe has seen enough is no error.
    fn accept(
        &mut self,
        write: impl FnOnce(&mut dyn Reporter, &mut dyn Write) -> Result<(), format::Error>,
    ) -> Result<(), Fatal> {
        match write(self.reporter.as_mut(), self.out.as_mut()) {
            Ok(()) => Ok(()),
            Err(format::Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(format::Error::Write(error)) => Err(unwritable(&self.name, &error)),
            Err(format::Error::Report(error)) => Err(Fatal::new(error.to_string())),
        }
    }
}

fn unwritable(name: &str, error: &io::Error) -> Fatal {
    Fatal::new(format!("{name} cannot be written: {error}"))
}

/// Most formats would be none if they shared standard output.
fn refuse_clashes(wanted: &[Wanted]) -> Result<(), Fatal> {
    let shared: Vec<_> = wanted.iter().filter(|wanted| wanted.file.is_none()).collect();
    match shared.iter().find(|wanted| !wanted.format.is_lines()) {
        Some(whole) if shared.len() > 1 => {
            let name = whole.format.name();
            Err(Fatal::new(format!("a report in the format {name} cannot share standard output"))
                .help(format!("write it into a file: --report {name}=FILE")))
        }
        _ => Ok(()),
    }
}

/// Where GitHub runs the command, what it writes for GitHub goes into the summary of the step, too. A summary that cannot
/// be written, as in a container without that file, is no reason to judge nothing: the other reports are written, and what is lost
/// is told by the exit status.
fn step_summary<'a>(context: &Context<'a>) -> Result<Option<Report<'a>>, Fatal> {
    let Some(path) = env::var_os(STEP_SUMMARY).filter(|path| !path.is_empty()) else { return Ok(None) };
    let file = OpenOptions::new().append(true).create(true).open(&path).map_err(|error| {
        let path = Path::new(&path).display();
        Fatal::new(format!("{path}: the step's summary cannot be written: {error}"))
            .help(format!("in a container, share that file, or do not pass {STEP_SUMMARY} on"))
    })?;
    let (reporter, out) = (Format::Markdown.reporter(context.clone()), Box::new(BufWriter::new(file)));
    Ok(Some(Report { reporter, out, name: STEP_SUMMARY.into() }))
}

/// The directory of the project, which names of files start from: what a CI system says it is, if the command runs in it,
/// or where the command runs. The root directory is no project.
#[must_use]
pub fn project(directory: &Path) -> Option<PathBuf> {
    let known = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"];
    let mut roots = known.iter().filter_map(env::var_os).map(PathBuf::from);
    let root = roots.find(|root| root.is_absolute() && directory.starts_with(root)).unwrap_or_else(|| directory.into());
    (root != Path::new("/")).then_some(root)
}
