//! The command line: what the user asks for, and how the answer is written.

mod about;
mod arguments;
mod fix;
mod progress;
mod project;
mod run;
mod words;
mod work;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process;

use clap::{Arg, CommandFactory, Parser, Subcommand};
use kubevet_report::{Exit, escape};
use kubevet_rules::model::{Options, Outcome};

use arguments::{CheckArgs, InputArgs, ListFormat, NodeArgs, OutputArgs, RecognitionArgs};
pub use arguments::{Color, LanguageArgs};
use fix::Fixing;
use project::Project;
use run::Run;
use work::Work;

use crate::fix::FixArgs;
use crate::inquiry::Inquiries;
use crate::output::Kind;
use crate::policy::Settings;
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
    /// Judge configuration files, flags, drop-ins, what a repository has, or recorded bundles
    #[command(after_help = EXIT_STATUSES)]
    Check {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        recognition: RecognitionArgs,
        #[command(flatten)]
        checks: CheckArgs,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Show the edits that make failing checks pass, or make them
    #[command(mut_arg("configz", |live| live.hide(true)), mut_arg("files", one_file), after_help = FIX_STATUSES)]
    Fix {
        #[command(flatten)]
        input: InputArgs,
        #[command(flatten)]
        checks: CheckArgs,
        #[command(flatten)]
        fix: FixArgs,
    },
    /// Show every setting: its value, the source that decided it, and what that overrode
    #[command(mut_arg("format", arguments::of_settings), after_help = EXIT_STATUSES)]
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
        /// Its name, such as make-iptables-util-chains, or a section, such as 3.2.6
        #[arg(value_name = "CHECK|SECTION")]
        check: String,
        #[command(flatten)]
        language: LanguageArgs,
    },
}

/// Edits are shown for one file.
fn one_file(files: Arg) -> Arg {
    files
        .num_args(0..=1)
        .help("The file to edit: a kubelet's own, or one in another form that says something to a kubelet")
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

/// The command line as a whole, for what is made of it: completions and a manual.
#[must_use]
pub fn definition() -> clap::Command {
    Cli::command()
}

/// Runs the command, and ends the program.
pub fn main() -> ! {
    let exit = match Cli::try_parse() {
        Ok(cli) => run_in_room(cli.verb),
        Err(error) => said(&error),
    };
    leave(exit)
}

/// Wrong words, or help that was asked for. A shell's `*` may have put any file's name among the words.
fn said(error: &clap::Error) -> Result<Exit, Fatal> {
    let text = escape::commands(&escape::lines(&error.render().to_string()));
    if error.use_stderr() {
        // It has the status of an error anyway.
        let _ = io::stderr().write_all(text.as_bytes());
        return Ok(Exit::Usage);
    }
    write_out(text.as_bytes())?;
    Ok(Exit::Passed)
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

/// Writes a line to standard error, which may be closed, and may be read by a CI system.
pub fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{}", escape::commands(line));
}

fn run(sandbox: &Sandbox, verb: Verb) -> Result<Exit, Fatal> {
    let in_language = |options: Options, language: &LanguageArgs| {
        let language = language.language().tag().to_owned();
        Options { language, ..options }
    };
    match verb {
        Verb::Scan { node, checks, output } => {
            checks.verify()?;
            output.verify(checks.policy.named().chain(node.live.named()))?;
            let project = Project::named(&checks.policy)?;
            let run = Run {
                sandbox,
                options: in_language(checks.options(), &output.language),
                project: &project,
                settings: checks.settings(node.kubelet_version.as_ref()),
                recognition: RecognitionArgs::default(),
                output: &output,
                kind: Kind::Findings,
            };
            let inquiries = run.inquiries();
            project.verify(&inquiries)?;
            let live = node.live.read()?;
            let (version, language) = (run.settings_of(None).version, output.language.language());
            let targets = beside_live(scan::targets(&node.root, node.pid, version.as_deref(), language)?, live)?;
            Ok(checks.forgive(run.judge(&inquiries, Work::Targets(targets))?))
        }
        Verb::Check { input, recognition, checks, output } => {
            checks.verify()?;
            output.verify(input.named().chain(checks.policy.named()))?;
            let project = Project::of_repository(&checks.policy)?;
            let run = Run {
                sandbox,
                options: in_language(checks.options(), &output.language),
                project: &project,
                settings: checks.settings(input.kubelet_version.as_ref()),
                recognition,
                output: &output,
                kind: Kind::Findings,
            };
            Ok(checks.forgive(judge(&run, &input)?))
        }
        Verb::Effective { input, output } => {
            output.verify(input.named())?;
            let options = Options { checks: vec![STARTS.into()], list_settings: true, ..Options::default() };
            let run = Run {
                sandbox,
                options: in_language(options, &output.language),
                project: &Project::default(),
                settings: Settings { version: input.kubelet_version.clone(), ..Settings::default() },
                recognition: RecognitionArgs::default(),
                output: &output,
                kind: Kind::Settings,
            };
            judge(&run, &input)
        }
        Verb::Fix { input, checks, fix } => {
            checks.verify()?;
            words::refuse_one_input(&input.named().chain(checks.policy.named()).collect::<Vec<_>>())?;
            let project = Project::of_repository(&checks.policy)?;
            let file = input.only_file()?;
            let stronger = checks.settings(input.kubelet_version.as_ref());
            let settings = project.overridden_by(&stronger, &checks.names, file);
            let inquiries = Inquiries::new(sandbox, in_language(checks.options(), &fix.language));
            project.verify(&inquiries)?;
            let inquiry = inquiries.of(&settings).map_err(refused_option)?;
            let fixing =
                Fixing { args: &fix, inquiry: &inquiry, project: &project, names: &checks.names, settings: &settings };
            Ok(checks.forgive(fixing.run(&input, file)?))
        }
        Verb::List { versions: true, .. } => about::list_versions(),
        Verb::List { format, language, .. } => about::list(sandbox, format, language.language()),
        Verb::Explain { check, language } => about::explain(sandbox, &check, language.language()),
    }
}

/// Judges what the command line names.
fn judge(run: &Run<'_>, input: &InputArgs) -> Result<Exit, Fatal> {
    let inquiries = run.inquiries();
    run.project.verify(&inquiries)?;
    let settings = run.settings_of(input.files.first().map(PathBuf::as_path));
    let work = input.work(&run.recognition, &*inquiries.of(&settings).map_err(refused_option)?)?;
    run.judge(&inquiries, work)
}

/// The plugin knows best what there is. Which benchmarks and platforms there are it says itself.
fn refused_option(reason: String) -> Fatal {
    let help = if reason.contains("version of the kubelet") {
        "`kubevet list --versions` shows the versions that are known; without one, all of them are judged"
    } else if reason.contains("; there are ") {
        return Fatal::new(reason);
    } else {
        "`kubevet list` shows the checks, and `kubevet explain CHECK` their sections"
    };
    Fatal::new(reason).help(help)
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

/// Writes all of it to standard output. What stays in a buffer until the program ends would be lost without a word.
///
/// # Errors
/// Why it cannot be written.
pub fn write_out(bytes: &[u8]) -> Result<(), Fatal> {
    let mut out = io::stdout().lock();
    accept_closed_pipe(out.write_all(bytes).and_then(|()| out.flush()))
}

/// A reader that has seen enough, such as `head`, is no error.
///
/// # Errors
/// Any other reason why nothing can be written.
fn accept_closed_pipe(result: io::Result<()>) -> Result<(), Fatal> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Fatal::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
