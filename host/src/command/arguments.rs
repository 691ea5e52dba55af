//! The words of the command line, in groups that several verbs share.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args, ValueEnum};
use kubevet_report::{Exit, Format, human};
use kubevet_rules::Language;
use kubevet_rules::model::{Finding, Options, Outcome, Report, Status};

use super::words::{self, REPORT, Word};
use super::{Fatal, STARTS};
use crate::configz;
use crate::named;
use crate::output::Wanted;
use crate::policy::Settings;

/// Which kubelets of a node.
#[derive(Args)]
pub struct NodeArgs {
    /// The node's root directory, where it is mounted in a container
    #[arg(long, value_name = "DIR", default_value = "/", help_heading = "Input")]
    pub root: PathBuf,
    /// Only this process
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub pid: Option<u32>,
    #[command(flatten)]
    pub live: LiveArgs,
    /// The kubelet's version, such as 1.34.4
    #[arg(long, value_name = "V", help_heading = "Input")]
    pub kubelet_version: Option<String>,
}

/// What every verb that says something takes.
#[derive(Args)]
pub struct LanguageArgs {
    /// The language of texts; without it, that of the locale, which is English where it is not Japanese
    #[arg(long, value_name = "TAG", value_parser = PossibleValuesParser::new(Language::TAGS))]
    lang: Option<String>,
}

impl LanguageArgs {
    /// The language that is asked for, or that of the locale, by the variables that decide it elsewhere (`setlocale(3)`).
    pub fn language(&self) -> Language {
        if let Some(tag) = &self.lang {
            return Language::of(tag);
        }
        let mut variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        let locale = variables.find(|value| !value.is_empty()).unwrap_or_default();
        Language::of(locale.split(['_', '.', '@']).next().unwrap_or_default())
    }
}

/// What runs.
#[derive(Args)]
pub struct LiveArgs {
    /// What runs, as the kubelet's /configz shows it: a saved answer, `-`, or http://… of a `kubectl proxy`
    #[arg(long, value_name = "FILE|URL", help_heading = "Input")]
    pub configz: Option<PathBuf>,
}

impl LiveArgs {
    /// What is named. An address is a file that is not there.
    pub fn named(&self) -> Option<Word<'_>> {
        Some(("--configz", self.configz.as_deref()?))
    }

    pub fn read(&self) -> Result<Option<Outcome>, Fatal> {
        self.configz.as_deref().map(configz::read).transpose()
    }
}

/// What is judged without a node.
#[derive(Args)]
pub struct InputArgs {
    /// A configuration file, JSON or YAML: it stands for the file of --config; `-` is standard input. Or what a repository has:
    /// user data, cluster definitions and so on, several of them, folders, patterns. None: the repository that this is
    #[arg(value_name = "FILE", help_heading = "Input")]
    pub files: Vec<PathBuf>,
    /// The kubelet's flags on a line, quoted as for a shell
    #[arg(long, value_name = "LINE", allow_hyphen_values = true, conflicts_with = "args_file", help_heading = "Input")]
    pub flags: Option<String>,
    /// A file with the kubelet's flags, one a line or separated by NUL
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub args_file: Option<PathBuf>,
    /// A drop-in directory: it stands for the one of --config-dir
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub config_dir: Option<PathBuf>,
    #[command(flatten)]
    pub live: LiveArgs,
    /// Recorded targets, a JSON object each; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "flags", "args_file", "config_dir", "configz"], help_heading = "Input")]
    pub bundle: Option<PathBuf>,
    /// The kubelet's version, such as 1.34.4
    #[arg(long, value_name = "V", help_heading = "Input")]
    pub kubelet_version: Option<String>,
}

/// Which checks, and how strictly.
#[derive(Args)]
pub struct CheckArgs {
    /// A benchmark, such as aks-1.8; may be repeated. Without, or with `auto`: by platform and version
    #[arg(long = "benchmark", value_name = "NAME", help_heading = "Checks")]
    pub benchmarks: Vec<String>,
    /// Only the sections of this level, and of those below it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=2), help_heading = "Checks")]
    pub level: Option<u8>,
    /// Only this check or section, such as make-iptables-util-chains or 3.2.6; may be repeated
    #[arg(long = "check", value_name = "NAME|SECTION", help_heading = "Checks")]
    pub names: Vec<String>,
    /// All but this check or section; may be repeated
    #[arg(long, value_name = "NAME|SECTION", help_heading = "Checks")]
    pub skip: Vec<String>,
    /// The platform, such as aks, where it is not to be recognised
    #[arg(long, value_name = "NAME", help_heading = "Checks")]
    pub platform: Option<String>,
    /// A secure default is not enough: a source has to set the value
    #[arg(long, help_heading = "Checks")]
    pub require_explicit: bool,
    /// Defaults that a benchmark accepts although they are weak fail, and so do problems such as a misspelt key
    #[arg(long, help_heading = "Checks")]
    pub strict: bool,
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Exit with 0 even when something fails or is undetermined
    #[arg(long, help_heading = "Output")]
    pub exit_zero: bool,
}

/// What the project says beside the command line.
#[derive(Args)]
pub struct PolicyArgs {
    /// The project's policy; without it, the kubevet.toml of the repository. `scan` takes none by itself
    #[arg(long, value_name = "FILE", conflicts_with = "no_policy", help_heading = "Policy")]
    pub policy: Option<PathBuf>,
    /// Whatever kubevet.toml says
    #[arg(long, help_heading = "Policy")]
    pub no_policy: bool,
    /// An earlier report, of --report json=FILE: only what it does not have counts
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub baseline: Option<PathBuf>,
}

/// What becomes of files that are in no known form.
#[derive(Args, Default)]
pub struct RecognitionArgs {
    /// A file that is in no known form is an error
    #[arg(long, conflicts_with = "skip_unrecognised", help_heading = "Input")]
    pub require_recognised: bool,
    /// Files that are in no known form are left out, be it the only one: nothing to judge is no error then
    #[arg(long, help_heading = "Input")]
    pub skip_unrecognised: bool,
}

impl CheckArgs {
    /// The checks that are asked for.
    pub fn options(&self) -> Options {
        Options { checks: self.names.clone(), ..Options::default() }
    }

    /// Who asks for a check and leaves it out would be told that all is well, and nothing was judged.
    ///
    /// # Errors
    /// A word that does both.
    pub fn verify(&self) -> Result<(), Fatal> {
        match self.names.iter().find(|name| self.skip.contains(name)) {
            Some(name) => Err(Fatal::new(skipped(name, Language::English))),
            None => Ok(()),
        }
    }

    /// How the command line wants things judged.
    pub fn settings(&self, version: Option<&String>) -> Settings {
        Settings {
            benchmark: self.benchmarks.clone(),
            level: self.level,
            version: version.cloned(),
            platform: self.platform.clone(),
            skip: self.skip.clone(),
            require_explicit: self.require_explicit.then_some(true),
            strict: self.strict.then_some(true),
        }
    }

    /// The status to leave with, which may be forgiven.
    pub fn forgive(&self, exit: Exit) -> Exit {
        if self.exit_zero && exit != Exit::Usage { Exit::Passed } else { exit }
    }
}

impl PolicyArgs {
    /// The files that are named.
    pub fn named(&self) -> impl Iterator<Item = Word<'_>> {
        let words = [("--policy", &self.policy), ("--baseline", &self.baseline)];
        words.into_iter().filter_map(|(word, path)| Some((word, path.as_deref()?)))
    }
}

impl InputArgs {
    /// The files that are named.
    pub fn named(&self) -> impl Iterator<Item = Word<'_>> {
        let words = [("--args-file", &self.args_file), ("--bundle", &self.bundle)];
        let options = words.into_iter().filter_map(|(word, path)| Some((word, path.as_deref()?)));
        self.files.iter().map(|path| ("FILE", path.as_path())).chain(options).chain(self.live.named())
    }

    /// Whether neither flags nor files are named.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.has_parts()
    }

    /// Whether there are parts of one target beside a file.
    pub fn has_parts(&self) -> bool {
        self.config_dir.is_some() || self.flags.is_some() || self.args_file.is_some() || self.live.configz.is_some()
    }
}

/// What is written, and where to.
#[derive(Args)]
pub struct OutputArgs {
    /// How to write
    #[arg(long, value_parser = formats(), default_value = Format::Human.name(), help_heading = "Output")]
    pub format: Format,
    /// Where to write; without it, or with `-`, to standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// One more report, in any of these formats; `-` is standard output; may be repeated
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = Wanted::parse, help_heading = "Output")]
    pub reports: Vec<Wanted>,
    #[command(flatten, next_help_heading = "Output")]
    pub language: LanguageArgs,
    /// Whether to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
    /// The findings to show, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Show::Fail, Show::Undetermined, Show::Manual], help_heading = "Output")]
    pub show: Vec<Show>,
    /// Say nothing to people of what passes
    #[arg(long, help_heading = "Output")]
    pub quiet: bool,
    /// Record the targets in a file of mode 0600, for replay with --bundle
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub save_bundle: Option<PathBuf>,
}

/// How to write what the plugin says of itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Human,
    Json,
}

/// The formats of reports on findings, by their names.
fn formats() -> impl TypedValueParser<Value = Format> {
    by_name(Format::ALL.iter().copied())
}

fn by_name(formats: impl Iterator<Item = Format>) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(formats.map(Format::name))
        .try_map(|name| Format::of(&name).ok_or("there is no such format"))
}

/// Offers the formats that have a form for settings.
pub fn of_settings(format: Arg) -> Arg {
    format.value_parser(by_name(Format::ALL.iter().copied().filter(|format| format.has_settings())))
}

/// Whether to colour.
#[derive(Clone, Copy, ValueEnum)]
#[allow(missing_docs, reason = "they would be the command's help")]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Show {
    Pass,
    Fail,
    Undetermined,
    Manual,
    NotApplicable,
    All,
}

impl Color {
    /// Whether standard output is to have colours.
    pub fn is_wanted(self) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                !plain && io::stdout().is_terminal()
            }
        }
    }
}

impl OutputArgs {
    /// The file of the first report; none is standard output.
    pub fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|path| !named::is_standard(path))
    }

    pub fn wanted(&self) -> Vec<Wanted> {
        let first = Wanted { format: self.format, file: self.file().map(Path::to_owned) };
        std::iter::once(first).chain(self.reports.iter().cloned()).collect()
    }

    /// That no word writes what another one reads or writes, none reads what another one has read, and no bundle takes the place of
    /// what is no file.
    ///
    /// # Errors
    /// Which do.
    pub fn verify<'a>(&'a self, inputs: impl Iterator<Item = Word<'a>>) -> Result<(), Fatal> {
        let inputs: Vec<_> = inputs.collect();
        words::refuse_one_input(&inputs)?;
        self.save_bundle.as_deref().map_or(Ok(()), be_replaceable)?;
        let first = self.file().into_iter();
        let reports = first.chain(self.reports.iter().filter_map(|wanted| wanted.file.as_deref()));
        let bundle = self.save_bundle.iter().map(|path| ("--save-bundle", path.as_path()));
        let outputs: Vec<_> = reports.map(|path| (REPORT, path)).chain(bundle).collect();
        words::refuse_one_file(&inputs, &outputs)
    }

    pub fn human(&self) -> human::Options {
        human::Options {
            color: self.colored(),
            language: self.language.language(),
            show: self.statuses(),
            show_borne: self.show.contains(&Show::All),
            quiet: self.quiet,
            errors_told: false,
        }
    }

    /// The file in which targets are recorded. A link that somebody laid there is not followed: it is made anew.
    pub fn bundle(&self) -> Result<Option<File>, Fatal> {
        let Some(path) = &self.save_bundle else { return Ok(None) };
        let unwritable = |error| Fatal::new(format!("{}: cannot be written: {error}", path.display()));
        private_file(path).map(Some).map_err(unwritable)
    }

    fn colored(&self) -> bool {
        match self.color {
            Color::Auto => self.file().is_none() && Color::Auto.is_wanted(),
            color => color.is_wanted(),
        }
    }

    fn statuses(&self) -> Vec<Status> {
        let all = [Status::Pass, Status::Fail, Status::Undetermined, Status::Manual, Status::NotApplicable];
        let shown = |status: &Status| {
            self.show.iter().any(|show| match show {
                Show::All => true,
                Show::Pass => *status == Status::Pass,
                Show::Fail => *status == Status::Fail,
                Show::Undetermined => *status == Status::Undetermined,
                Show::Manual => *status == Status::Manual,
                Show::NotApplicable => *status == Status::NotApplicable,
            })
        };
        all.into_iter().filter(shown).collect()
    }
}

/// What is said of a check or section that is asked for and skipped.
fn skipped(name: &str, language: Language) -> String {
    language.choose(
        format!("`{name}` is asked for by --check and left out by --skip"),
        format!("`{name}` は --check で指定されていますが、--skip で除外されています"),
    )
}

/// What skipping has left unjudged although it is asked for by these names, or that it has left nothing but whether the kubelet
/// starts: that is no pass.
pub fn left_unjudged(names: &[String], settings: &Settings, report: &Report, language: Language) -> Option<String> {
    let findings = &report.findings;
    let is_judged = |name: &String| {
        let is_about = |finding: &Finding| {
            finding.check == *name || finding.sections.iter().any(|section| section.number == *name)
        };
        findings.iter().any(is_about)
    };
    if settings.skip.is_empty() {
        return None;
    }
    if let Some(name) = names.iter().find(|name| !is_judged(name)) {
        return Some(skipped(name, language));
    }
    let is_empty = names.is_empty() && findings.iter().all(|finding| finding.check == STARTS);
    is_empty.then(|| language.choose("all checks are skipped", "すべてのチェックが除外されています").into())
}

/// Why nothing of what these names ask for was judged on a target, if it is so: none of it applies. That the kubelet starts counts
/// only where it was asked for.
pub fn not_applicable<'a>(names: &[String], report: &'a Report) -> Option<&'a str> {
    let is_asked = |finding: &&Finding| finding.check != STARTS || names.iter().any(|name| name == STARTS);
    let mut asked = report.findings.iter().filter(is_asked).peekable();
    let why = &asked.peek()?.message.text;
    asked.all(|finding| finding.status == Status::NotApplicable).then_some(why)
}

/// A device or a pipe, be it by a link, is nothing to be replaced: what else writes there would no longer find it.
fn be_replaceable(path: &Path) -> Result<(), Fatal> {
    if named::is_standard(path) {
        return Err(Fatal::new("a bundle is recorded in a file, and standard output is none")
            .help("name the file: --save-bundle FILE"));
    }
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => {
            Err(Fatal::new(format!("{}: is no regular file, and a bundle is recorded in one", path.display())))
        }
        _ => Ok(()),
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.write(true).create_new(true).open(path)
}
