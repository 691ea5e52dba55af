//! The command line: what the user asks for, and how the answer is written.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process;
use std::rc::Rc;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use kubevet_report::{Context, Exit, Format, escape, human, json};
use kubevet_rules::Language;
use kubevet_rules::model::{Check, Options, Outcome, Status};

use crate::bundle::{Bundle, MAX_BUNDLE_LINE};
use crate::collect::arguments::{split_file, split_line};
use crate::configz::{self, WithLive};
use crate::fix::FixArgs;
use crate::inquiry::Inquiry;
use crate::named;
use crate::offline::{Inputs, Offline};
use crate::output::{self, Kind, Reports, Wanted};
use crate::sandbox::{Sandbox, SandboxError};
use crate::scan;
use crate::target::Target;

const EXIT_STATUSES: &str = "Exit status: 0 nothing failed · 1 a check failed · 2 wrong usage, or nothing to judge · 3 something is undetermined";

const FIX_STATUSES: &str = "Exit status: 0 nothing to fix is left · 1 something is: without --write, also what it would fix · 2 wrong usage, or not written · 3 something is undetermined";

/// The check that always runs, and is enough where settings are all that is wanted.
const STARTS: &str = "kubelet-starts";

/// Works out what a kubelet really runs with, and judges it against the CIS benchmarks.
#[derive(Parser)]
#[command(name = "kubevet", version, after_help = EXIT_STATUSES)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Judge every kubelet that runs on this node
    #[command(after_help = EXIT_STATUSES)]
    Scan {
        #[command(flatten)]
        node: NodeArgs,
        #[command(flatten)]
        checks: CheckArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Judge a configuration file, flags, drop-ins, or recorded bundles
    #[command(after_help = EXIT_STATUSES)]
    Check {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        checks: CheckArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show the edits that make failing checks pass, or make them
    #[command(mut_arg("configz", |live| live.hide(true)), after_help = FIX_STATUSES)]
    Fix {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        checks: CheckArgs,
        #[command(flatten)]
        fix: FixArgs,
    },
    /// Show every setting: its value, the source that decided it, and what that overrode
    #[command(after_help = EXIT_STATUSES)]
    Effective {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// List the checks
    List {
        /// The versions of the kubelet that are known, instead
        #[arg(long)]
        versions: bool,
        /// How to write
        #[arg(long, value_enum, default_value_t = ListFormat::Human, conflicts_with = "versions")]
        format: ListFormat,
        #[command(flatten)]
        language: LanguageArgs,
    },
    /// Explain a check
    Explain {
        /// Its name, such as make-iptables-util-chains
        check: String,
        #[command(flatten)]
        language: LanguageArgs,
    },
}

#[derive(Args)]
struct NodeArgs {
    /// The node's root directory, where it is mounted in a container
    #[arg(long, value_name = "DIR", default_value = "/", help_heading = "Input")]
    root: PathBuf,
    /// Only this process
    #[arg(long, value_name = "N", help_heading = "Input")]
    pid: Option<u32>,
    #[command(flatten)]
    live: LiveArgs,
    /// The kubelet's version, such as 1.34.4
    #[arg(long, value_name = "V", help_heading = "Input")]
    kubelet_version: Option<String>,
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

#[derive(Args)]
struct LiveArgs {
    /// What runs, as the kubelet's /configz shows it: a saved answer, `-`, or http://… of a `kubectl proxy`
    #[arg(long, value_name = "FILE|URL", help_heading = "Input")]
    configz: Option<PathBuf>,
}

impl LiveArgs {
    fn read(&self) -> Result<Option<Outcome>, Fatal> {
        self.configz.as_deref().map(configz::read).transpose()
    }
}

#[derive(Args)]
struct InputArgs {
    /// A configuration file, JSON or YAML: it stands for the file of --config; `-` is standard input
    #[arg(value_name = "FILE", help_heading = "Input")]
    file: Option<PathBuf>,
    /// The kubelet's flags on a line, quoted as for a shell
    #[arg(long, value_name = "LINE", allow_hyphen_values = true, conflicts_with = "args_file", help_heading = "Input")]
    flags: Option<String>,
    /// A file with the kubelet's flags, one a line or separated by NUL
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    args_file: Option<PathBuf>,
    /// A drop-in directory: it stands for the one of --config-dir
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    config_dir: Option<PathBuf>,
    #[command(flatten)]
    live: LiveArgs,
    /// Recorded targets, a JSON object each; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "flags", "args_file", "config_dir", "configz"], help_heading = "Input")]
    bundle: Option<PathBuf>,
    /// The kubelet's version, such as 1.34.4
    #[arg(long, value_name = "V", help_heading = "Input")]
    kubelet_version: Option<String>,
}

#[derive(Args)]
struct CheckArgs {
    /// A benchmark, such as aks-1.8; may be repeated. Without, or with `auto`: by platform and version
    #[arg(long = "benchmark", value_name = "NAME", help_heading = "Checks")]
    benchmarks: Vec<String>,
    /// Only the sections of this level, and of those below it
    #[arg(long, value_name = "N", value_parser = ["1", "2"], help_heading = "Checks")]
    level: Option<String>,
    /// Only this check or section, such as make-iptables-util-chains or 3.2.6; may be repeated
    #[arg(long = "check", value_name = "NAME|SECTION", help_heading = "Checks")]
    names: Vec<String>,
    /// All but this check or section; may be repeated
    #[arg(long, value_name = "NAME|SECTION", help_heading = "Checks")]
    skip: Vec<String>,
    /// The platform, such as aks, where it is not to be recognised
    #[arg(long, value_name = "NAME", help_heading = "Checks")]
    platform: Option<String>,
    /// A secure default is not enough: a source has to set the value
    #[arg(long, help_heading = "Checks")]
    require_explicit: bool,
    /// Defaults that a benchmark accepts although they are weak fail, and so do problems such as a misspelt key
    #[arg(long, help_heading = "Checks")]
    strict: bool,
    /// Exit with 0 even when something fails or is undetermined
    #[arg(long, help_heading = "Output")]
    exit_zero: bool,
}

#[derive(Args)]
struct OutputArgs {
    /// How to write
    #[arg(long, value_parser = formats(), default_value = Format::Human.name(), help_heading = "Output")]
    format: Format,
    /// Where to write, instead of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// One more report, in any of these formats; `-` is standard output; may be repeated
    #[arg(long = "report", value_name = "FORMAT=FILE", value_parser = Wanted::parse, help_heading = "Output")]
    reports: Vec<Wanted>,
    #[command(flatten, next_help_heading = "Output")]
    language: LanguageArgs,
    /// Whether to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    color: Color,
    /// The findings to show, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Show::Fail, Show::Undetermined, Show::Manual], help_heading = "Output")]
    show: Vec<Show>,
    /// Record the targets in a file of mode 0600, for replay with --bundle
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    save_bundle: Option<PathBuf>,
}

/// How to write what the plugin says of itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    Human,
    Json,
}

/// The formats of reports, by their names.
fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|format| format.name()))
        .try_map(|name| Format::of(&name).ok_or("there is no such format"))
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
enum Show {
    Pass,
    Fail,
    Undetermined,
    Manual,
    NotApplicable,
    All,
}

/// Nothing was judged: the headline, and what to do.
pub struct Fatal {
    message: String,
    help: Vec<String>,
}

impl Fatal {
    /// An error with a headline.
    pub fn new(message: impl Into<String>) -> Fatal {
        Fatal { message: message.into(), help: vec![] }
    }

    /// Adds a line on what to do.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Fatal {
        self.help.push(line.into());
        self
    }
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", escape::text(&self.message))?;
        self.help.iter().try_for_each(|line| write!(f, "\n  = help: {line}"))
    }
}

/// Runs the command, and ends the program.
pub fn main() -> ! {
    let exit = match Cli::try_parse() {
        Ok(cli) => run_in_room(cli.verb),
        Err(error) => Ok(said(&error)),
    };
    leave(exit)
}

/// Wrong words, or help that was asked for. A shell's `*` may have put any file's name among the words.
fn said(error: &clap::Error) -> Exit {
    let text = escape::lines(&error.render().to_string());
    // A closed pipe is no reason for another status.
    if error.use_stderr() {
        let _ = io::stderr().write_all(text.as_bytes());
        Exit::Usage
    } else {
        let _ = io::stdout().write_all(text.as_bytes());
        Exit::Passed
    }
}

fn run_in_room(verb: Verb) -> Result<Exit, Fatal> {
    let failed = |error: SandboxError| Fatal::new(error.to_string());
    let sandbox = Sandbox::new().map_err(failed)?;
    // The program ends in there: the operating system is faster at taking back what it holds.
    sandbox.room(|| leave(run(&sandbox, verb))).map_err(failed)
}

#[allow(clippy::exit, reason = "all is written, and this is the only place")]
fn leave(exit: Result<Exit, Fatal>) -> ! {
    let exit = exit.unwrap_or_else(|fatal| {
        tell(&fatal.to_string());
        Exit::Usage
    });
    process::exit(exit.code().into())
}

/// Writes a line to standard error, which may be closed.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

fn run(sandbox: &Sandbox, verb: Verb) -> Result<Exit, Fatal> {
    let ask = |options: Options, language: &LanguageArgs| {
        let language = language.language().tag().to_owned();
        Inquiry::new(sandbox, Options { language, ..options }).map_err(refused_option)
    };
    match verb {
        Verb::Scan { node, checks, output } => {
            let inquiry = ask(checks.options().with_version(node.kubelet_version), &output.language)?;
            let live = node.live.read()?;
            let targets = beside_live(scan::targets(&node.root, node.pid, inquiry.version())?, live)?;
            let run = Run { inquiry: &inquiry, output: &output, strict: checks.strict, kind: Kind::Findings };
            Ok(checks.forgive(run.judge(targets.into_iter().map(Ok))?))
        }
        Verb::Check { input, checks, output } => {
            let inquiry = ask(checks.options().with_version(input.kubelet_version.clone()), &output.language)?;
            let targets = input.targets(&inquiry)?;
            let run = Run { inquiry: &inquiry, output: &output, strict: checks.strict, kind: Kind::Findings };
            Ok(checks.forgive(run.judge(targets)?))
        }
        Verb::Fix { input, checks, fix } => {
            let inquiry = ask(checks.options().with_version(input.kubelet_version.clone()), &fix.language)?;
            Ok(checks.forgive(input.fix(&fix, &inquiry, checks.strict)?))
        }
        Verb::Effective { input, output } => {
            let options = Options { checks: vec![STARTS.into()], list_settings: true, ..Options::default() };
            let inquiry = ask(options.with_version(input.kubelet_version.clone()), &output.language)?;
            let targets = input.targets(&inquiry)?;
            Run { inquiry: &inquiry, output: &output, strict: false, kind: Kind::Settings }.judge(targets)
        }
        Verb::List { versions: true, .. } => list_versions(),
        Verb::List { format, language, .. } => list(sandbox, format, language.language()),
        Verb::Explain { check, language } => explain(sandbox, &check, language.language()),
    }
}

/// Setting the version, where the user gives one.
trait WithVersion {
    fn with_version(self, version: Option<String>) -> Self;
}

impl WithVersion for Options {
    fn with_version(mut self, version: Option<String>) -> Options {
        self.values.extend(version.map(|version| ("version".to_owned(), version)));
        self
    }
}

impl CheckArgs {
    fn options(&self) -> Options {
        let mut values: Vec<(String, String)> = vec![];
        let mut add = |key: &str, value: &str| values.push((key.to_owned(), value.to_owned()));
        self.benchmarks.iter().for_each(|name| add("benchmark", name));
        self.skip.iter().for_each(|word| add("skip", word));
        for (key, value) in [("level", &self.level), ("platform", &self.platform)] {
            value.iter().for_each(|value| add(key, value));
        }
        for (key, is_set) in [("require-explicit", self.require_explicit), ("strict", self.strict)] {
            if is_set {
                add(key, "true");
            }
        }
        Options { checks: self.names.clone(), values, ..Options::default() }
    }

    fn forgive(&self, exit: Exit) -> Exit {
        if self.exit_zero && exit != Exit::Usage { Exit::Passed } else { exit }
    }
}

/// The plugin knows best which checks, benchmarks and platforms there are.
fn refused_option(reason: String) -> Fatal {
    Fatal::new(reason).help("`kubevet list` shows the checks, and `kubevet explain CHECK` their sections")
}

fn unknown_check(name: &str) -> Fatal {
    Fatal::new(format!("there is no check `{name}`")).help("`kubevet list` shows the checks")
}

/// The kubelets of a node, with what one of them answers.
fn beside_live(mut targets: Vec<Target>, live: Option<Outcome>) -> Result<Vec<Target>, Fatal> {
    let Some(live) = live else { return Ok(targets) };
    if targets.len() > 1 {
        return Err(Fatal::new(format!("--configz is the answer of one kubelet, and {} run here", targets.len()))
            .help("`--pid` names the process that it is of"));
    }
    targets.iter_mut().for_each(|target| target.set_live(live.clone()));
    Ok(targets)
}

type Targets = Box<dyn Iterator<Item = Result<Target, Fatal>>>;

impl InputArgs {
    fn targets(&self, inquiry: &Inquiry<'_>) -> Result<Targets, Fatal> {
        if let Some(path) = &self.bundle {
            return bundles(path);
        }
        let is_stdin = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.as_os_str() == "-");
        if is_stdin(&self.file) && is_stdin(&self.live.configz) {
            return Err(Fatal::new("standard input cannot be both the file and the answer of --configz"));
        }
        let live = self.live.read()?;
        let target = match (live, &self.live.configz) {
            (Some(live), Some(path)) if self.is_empty() => {
                let source = Box::new(WithLive::alone(live));
                Target { id: path.to_string_lossy().into_owned(), version: None, source }
            }
            (live, _) => {
                let source = Box::new(self.offline(inquiry)?);
                let mut target = Target { id: self.id(), version: None, source };
                if let Some(live) = live {
                    target.set_live(live);
                }
                target
            }
        };
        Ok(Box::new(std::iter::once(Ok(target))))
    }

    /// Whether neither flags nor files are named.
    fn is_empty(&self) -> bool {
        self.file.is_none() && self.config_dir.is_none() && self.flags.is_none() && self.args_file.is_none()
    }

    /// Shows or makes the edits for what is named.
    fn fix(&self, fix: &FixArgs, inquiry: &Inquiry<'_>, strict: bool) -> Result<Exit, Fatal> {
        if self.live.configz.is_some() {
            return Err(Fatal::new("an edit changes what the next start gets, not what runs: leave --configz out"));
        }
        if let Some(path) = &self.bundle {
            return each(bundles(path)?, |target| fix.run(target.judge(inquiry), inquiry, strict, &|_| None));
        }
        let source = Rc::new(self.offline(inquiry)?);
        let target = Target { id: self.id(), version: None, source: Box::new(Rc::clone(&source)) };
        fix.run(target.judge(inquiry), inquiry, strict, &|want| source.file(want))
    }

    /// What the target is called.
    fn id(&self) -> String {
        let path = self.file.as_ref().or(self.config_dir.as_ref()).or(self.args_file.as_ref());
        path.map_or_else(|| "flags".to_owned(), |path| path.to_string_lossy().into_owned())
    }

    fn offline(&self, inquiry: &Inquiry<'_>) -> Result<Offline, Fatal> {
        let arguments = self.arguments()?;
        if self.is_empty() {
            return Err(Fatal::new("nothing to judge")
                .help("name a configuration file: kubevet check kubelet-config.json")
                .help("or give the kubelet's flags: kubevet check --flags \"--read-only-port=0\"")
                .help("or what runs: kubevet check --configz http://127.0.0.1:8001/api/v1/nodes/NODE/proxy/configz")
                .help("`kubevet scan` judges the kubelets that run on this node"));
        }
        let inputs = Inputs {
            flags_unknown: self.live.configz.is_some() && arguments.is_none(),
            arguments: arguments.unwrap_or_default(),
            file: self.file.clone(),
            config_dir: self.config_dir.clone(),
        };
        let plan = |documents: &[_]| inquiry.plan(documents).unwrap_or_default();
        Offline::new(inputs, plan).map_err(|unusable| Fatal::new(unusable.to_string()))
    }

    fn arguments(&self) -> Result<Option<Vec<Vec<u8>>>, Fatal> {
        match (&self.flags, &self.args_file) {
            (Some(line), _) => split_line(line).map(Some).map_err(|error| Fatal::new(format!("--flags: {error}"))),
            (None, Some(path)) => read_all(path, MAX_BUNDLE_LINE).map(|bytes| Some(split_file(&bytes))),
            (None, None) => Ok(None),
        }
    }
}

/// A file that the user named, or standard input.
fn read_all(path: &Path, limit: usize) -> Result<Vec<u8>, Fatal> {
    let unreadable = |why: String| Fatal::new(format!("{}: {why}", path.display()));
    let bytes = named::read(path, limit as u64).map_err(unreadable)?;
    bytes.ok_or_else(|| unreadable(format!("has more than {limit} bytes")))
}

fn bundles(path: &Path) -> Result<Targets, Fatal> {
    let bytes = read_all(path, MAX_BUNDLE_LINE)?;
    let text = String::from_utf8(bytes).map_err(|error| Fatal::new(format!("{}: {error}", path.display())))?;
    let name = path.display().to_string();
    let bundles = Bundle::parse_all(&text);
    if bundles.is_empty() {
        return Err(Fatal::new(format!("{name}: holds no bundle")));
    }
    Ok(Box::new(bundles.into_iter().map(move |bundle| {
        let bundle = bundle.map_err(|error| Fatal::new(format!("{name}: {error}")))?;
        for note in bundle.notes() {
            tell(&format!("note: {}: {note}", escape::text(&name)));
        }
        Ok(Target {
            id: bundle.id().to_owned(),
            version: bundle.version().map(str::to_owned),
            source: Box::new(bundle),
        })
    })))
}

/// What several targets come to together. What is no target is told, and the others are judged.
fn each(
    targets: impl Iterator<Item = Result<Target, Fatal>>,
    mut judge: impl FnMut(Target) -> Result<Exit, Fatal>,
) -> Result<Exit, Fatal> {
    let mut exit: Option<Exit> = None;
    for target in targets {
        let status = match target {
            Ok(target) => judge(target)?,
            Err(fatal) => {
                tell(&format!("error: {}", escape::text(&fatal.message)));
                Exit::Usage
            }
        };
        exit = Some(exit.map_or(status, |exit| exit.and(status)));
    }
    Ok(exit.unwrap_or(Exit::Usage))
}

/// Judges targets, one after the other, and writes what comes out.
struct Run<'a> {
    inquiry: &'a Inquiry<'a>,
    output: &'a OutputArgs,
    strict: bool,
    kind: Kind,
}

impl Run<'_> {
    fn judge(&self, targets: impl Iterator<Item = Result<Target, Fatal>>) -> Result<Exit, Fatal> {
        let wanted = self.output.wanted();
        let described = wanted.iter().any(|wanted| wanted.format.describes_checks());
        let checks = if described { self.inquiry.checks() } else { vec![] };
        let directory = std::env::current_dir().ok();
        let root = directory.as_deref().and_then(output::project);
        let context = Context {
            checks: &checks,
            version: env!("CARGO_PKG_VERSION"),
            root: root.as_deref(),
            directory: directory.as_deref(),
            strict: self.strict,
            baseline: false,
            human: self.output.human(),
        };
        let mut reports = Reports::open(&wanted, self.kind, &context)?;
        let mut bundle = self.output.bundle()?;
        reports.begin()?;
        let exit = each(targets, |target| self.one(target, &mut reports, &mut bundle))?;
        reports.end(&[])?;
        Ok(exit)
    }

    fn one(&self, target: Target, reports: &mut Reports<'_>, bundle: &mut Option<File>) -> Result<Exit, Fatal> {
        let judgement = target.judge(self.inquiry);
        if let Some(error) = &judgement.error {
            tell(&format!("error: {}: {error}", escape::text(judgement.id())));
        }
        // A report that cannot be written is this target's, and no other's.
        if !reports.target(&judgement.judged())? {
            return Ok(Exit::Usage);
        }
        if let Some(file) = bundle {
            let line = judgement.bundle().to_line().map_err(|error| Fatal::new(error.to_string()))?;
            writeln!(file, "{line}").map_err(|error| Fatal::new(format!("the bundle cannot be written: {error}")))?;
        }
        Ok(Exit::of(&judgement.judged(), self.strict))
    }
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
    fn wanted(&self) -> Vec<Wanted> {
        let first = Wanted { format: self.format, file: self.output.clone() };
        std::iter::once(first).chain(self.reports.iter().cloned()).collect()
    }

    fn human(&self) -> human::Options {
        human::Options {
            color: self.colored(),
            language: self.language.language(),
            show: self.statuses(),
            show_borne: self.show.contains(&Show::All),
        }
    }

    /// The file in which targets are recorded. A link that somebody laid there is not followed: it is made anew.
    fn bundle(&self) -> Result<Option<File>, Fatal> {
        let Some(path) = &self.save_bundle else { return Ok(None) };
        let unwritable = |error| Fatal::new(format!("{}: cannot be written: {error}", path.display()));
        private_file(path).map(Some).map_err(unwritable)
    }

    fn colored(&self) -> bool {
        match self.color {
            Color::Auto => self.output.is_none() && Color::Auto.is_wanted(),
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

fn private_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// A reader that has seen enough, such as `head`, is no error.
///
/// # Errors
/// Any other reason why nothing can be written.
pub fn accept_closed_pipe(result: io::Result<()>) -> Result<(), Fatal> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fatal::new(format!("the report cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

fn checks(sandbox: &Sandbox, language: Language) -> Result<Vec<Check>, Fatal> {
    sandbox
        .describe(language.tag())
        .map(|description| description.checks)
        .map_err(|error| Fatal::new(error.to_string()))
}

fn list(sandbox: &Sandbox, format: ListFormat, language: Language) -> Result<Exit, Fatal> {
    let checks = checks(sandbox, language)?;
    let text = match format {
        ListFormat::Human => human::list(&checks),
        ListFormat::Json => json::list(&checks) + "\n",
    };
    accept_closed_pipe(io::stdout().write_all(text.as_bytes()))?;
    Ok(Exit::Passed)
}

fn list_versions() -> Result<Exit, Fatal> {
    let line = |known: kubevet_rules::KnownVersion| {
        let how = match known.proven {
            true => "proven   agrees with the answers of this kubelet's own code",
            false => "derived  from this kubelet's sources: there are no answers of its code to hold it against",
        };
        format!("{}  {how}\n", known.version)
    };
    let lines: String = kubevet_rules::versions().into_iter().map(line).collect();
    accept_closed_pipe(io::stdout().write_all(lines.as_bytes()))?;
    Ok(Exit::Passed)
}

fn explain(sandbox: &Sandbox, name: &str, language: Language) -> Result<Exit, Fatal> {
    let check =
        checks(sandbox, language)?.into_iter().find(|check| check.id == name).ok_or_else(|| unknown_check(name))?;
    accept_closed_pipe(io::stdout().write_all(human::explain(&check, language).as_bytes()))?;
    Ok(Exit::Passed)
}
