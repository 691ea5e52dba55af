//! Judges what there is to judge, and writes what comes out.

use std::cell::Cell;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender};

use kubevet_report::standing::NOTHING_JUDGED;
use kubevet_report::{Context, Exit, Judged, Notice, escape};
use kubevet_rules::Language;
use kubevet_rules::model::{Options, Report, Severity};

use super::arguments::{self, OutputArgs, RecognitionArgs};
use super::progress::Progress;
use super::project::Project;
use super::work::{self, Work};
use super::{Fatal, refused_option, tell};
use crate::bundle::Bundle;
use crate::collect::MAX_FILE;
use crate::inquiry::Inquiries;
use crate::named;
use crate::output::{self, Kind, Reports};
use crate::paths;
use crate::policy::{self, Policy, Scope, Settings};
use crate::repository;
use crate::sandbox::Sandbox;
use crate::search::{self, Found};
use crate::target::Judgement;
use crate::workers;

/// A piece of work that one thread does.
enum Job {
    File(Found),
    Bundle(Result<Box<Bundle>, String>),
}

/// What comes out of a job, piece by piece.
enum Done {
    Judged(Box<Outcome>),
    Notice(Notice),
}

impl Done {
    /// Something is not judged, which is an error.
    fn error(path: Option<&Path>, why: &str, language: Language) -> Done {
        Done::Notice(not_judged(Severity::High, "not-judged", path, why, language))
    }
}

fn not_judged(severity: Severity, id: &'static str, path: Option<&Path>, why: &str, language: Language) -> Notice {
    let message = language.choose(format!("not judged: {why}"), format!("判定していません: {why}"));
    Notice { severity, id, message, path: path.map(paths::text), line: None }
}

/// A judgement, and by what it counts.
struct Outcome {
    judgement: Judgement,
    file: Option<PathBuf>,
    strict: bool,
}

/// How things are judged and written.
pub struct Run<'a> {
    /// Where the plugin is asked.
    pub sandbox: &'a Sandbox,
    /// Its options, beside those that settings make.
    pub options: Options,
    /// What the project says.
    pub project: &'a Project,
    /// What the command line says, which is stronger.
    pub settings: Settings,
    /// What becomes of files that are in no known form.
    pub recognition: RecognitionArgs,
    /// What is written, and where to.
    pub output: &'a OutputArgs,
    /// Findings, or settings.
    pub kind: Kind,
}

impl<'a> Run<'a> {
    /// The plugin, to be asked on this thread.
    pub fn inquiries(&self) -> Inquiries<'a> {
        Inquiries::new(self.sandbox, self.options.clone())
    }

    /// How a file is judged, or what is none.
    pub fn settings_of(&self, file: Option<&Path>) -> Settings {
        self.project.overridden_by(&self.settings, &self.options.checks, file)
    }

    /// The language of what is said of a run.
    fn language(&self) -> Language {
        self.output.language.language()
    }

    /// Whether all is searched that is below the policy's folder.
    fn is_everything(&self, names: &[PathBuf]) -> bool {
        let Some(folder) = self.project.policy().map(Policy::folder) else { return false };
        names.iter().filter(|name| name.is_dir()).any(|name| folder.starts_with(paths::located(name)))
    }

    /// Whether the command line asks for a check by this name; it may have others.
    fn selects(&self, check: &str) -> bool {
        let is = |names: &[String]| names.iter().any(|name| name == check);
        let Settings { benchmark, level, skip, .. } = &self.settings;
        let are_all = self.options.checks.is_empty() && benchmark.is_empty() && level.is_none();
        (are_all || is(&self.options.checks)) && !is(skip)
    }

    /// What skipping has left unjudged ([`arguments::left_unjudged`]).
    fn skipped(&self, report: &Report, file: Option<&Path>) -> Option<String> {
        arguments::left_unjudged(&self.options.checks, &self.settings_of(file), report, self.language())
    }

    /// Judges, and writes all reports.
    ///
    /// # Errors
    /// What keeps the run as a whole from going on.
    pub fn judge(&self, inquiries: &Inquiries<'a>, work: Work) -> Result<Exit, Fatal> {
        let inquiry = inquiries.of(&self.settings_of(None)).map_err(refused_option)?;
        let wanted = self.output.wanted();
        let described = wanted.iter().any(|wanted| wanted.format.describes_checks());
        let checks = if described { inquiry.checks() } else { vec![] };
        let directory = std::env::current_dir().ok();
        let root = directory.as_deref().and_then(output::project);
        let context = Context {
            checks: &checks,
            version: env!("CARGO_PKG_VERSION"),
            root: root.as_deref(),
            directory: directory.as_deref(),
            strict: self.settings_of(None).strict(),
            baseline: self.project.has_baseline(),
            human: self.output.human(),
        };
        let mut written = Written {
            run: self,
            reports: Reports::open(&wanted, self.kind, &context)?,
            bundle: self.output.bundle()?,
            notices: vec![],
            applies: false,
            unjudged: None,
            exit: None,
        };
        written.reports.begin()?;
        let everything = matches!(&work, Work::Files { names } if self.is_everything(names));
        match work {
            Work::Targets(targets) => {
                for target in targets {
                    let file = PathBuf::from(&target.id);
                    let settings = self.settings_of(Some(&file));
                    let inquiry = inquiries.of(&settings).map_err(refused_option)?;
                    let judgement = target.judge(&inquiry);
                    let outcome = Outcome { judgement, file: Some(file), strict: settings.strict() };
                    written.take(vec![Done::Judged(Box::new(outcome))])?;
                }
            }
            Work::Bundles(name, bundles) => {
                let bundles = bundles.into_iter().map(|bundle| Job::Bundle(bundle.map(Box::new)));
                self.share(inquiries, &name, bundles, &mut written)?
            }
            Work::Files { names } => {
                let searched = Cell::new(0_usize);
                let files = search::files(&names, self.project.policy()).inspect(|_| searched.set(searched.get() + 1));
                self.share(inquiries, "", files.map(Job::File), &mut written)?;
                if written.exit.is_none() && !self.recognition.skip_unrecognised {
                    // A report that was begun is a whole one, whatever reads it then.
                    written.reports.end(&written.notices)?;
                    return Err(nothing_found(searched.get(), &written.notices, self.language()));
                }
                written.exit.get_or_insert(Exit::Passed);
            }
        }
        written.end(everything)
    }

    /// Does jobs on as many threads as are worth their while, and one job on this one.
    fn share(
        &self,
        inquiries: &Inquiries<'a>,
        name: &str,
        jobs: impl Iterator<Item = Job>,
        written: &mut Written<'_, '_>,
    ) -> Result<(), Fatal> {
        let mut jobs = jobs.peekable();
        let first = jobs.next();
        if jobs.peek().is_none() {
            let judge = Judge { run: self, inquiries, name };
            return first.into_iter().try_for_each(|job| written.take(judge.job(job)));
        }
        let worker = |jobs: Receiver<Job>, results: SyncSender<Vec<Done>>| {
            let work = move || {
                let judge = Judge { run: self, inquiries: &self.inquiries(), name };
                // Whoever takes the results may have given up.
                let _ = jobs.into_iter().try_for_each(|job| results.send(judge.job(job)));
            };
            if let Err(error) = self.sandbox.room(work) {
                tell(&format!("error: {error}"));
            }
        };
        let mut progress = Progress::new(self.output);
        let mut result = Ok(());
        let all = workers::in_order(workers::count(), first.into_iter().chain(jobs), worker, |done| {
            progress.tick();
            if result.is_ok() {
                result = written.take(done);
            }
        });
        progress.clear();
        result?;
        if all { Ok(()) } else { Err(Fatal::new("a thread that judges has ended early")) }
    }
}

/// Judges on one thread.
struct Judge<'a, 's> {
    run: &'a Run<'s>,
    inquiries: &'a Inquiries<'s>,
    /// Where bundles are from.
    name: &'a str,
}

impl Judge<'_, '_> {
    fn error(&self, path: Option<&Path>, why: &str) -> Vec<Done> {
        vec![Done::error(path, why, self.run.language())]
    }

    fn job(&self, job: Job) -> Vec<Done> {
        match job {
            Job::Bundle(Err(error)) => self.error(None, &error),
            Job::Bundle(Ok(bundle)) => {
                let settings = self.run.settings_of(None);
                match self.inquiries.of(&settings) {
                    Err(error) => self.error(None, &error),
                    Ok(inquiry) => {
                        let judgement = work::recorded(self.name, *bundle).judge(&inquiry);
                        vec![Done::Judged(Box::new(Outcome { judgement, file: None, strict: settings.strict() }))]
                    }
                }
            }
            Job::File(Found::Missing(path, why)) => self.error(Some(&path), &why.in_words(self.run.language())),
            Job::File(Found::Named(path)) => self.file(&path, true),
            Job::File(Found::Searched(path)) => self.file(&path, false),
        }
    }

    fn file(&self, path: &Path, is_named: bool) -> Vec<Done> {
        let about = |why: String| self.error(Some(path), &why);
        let bytes = match named::read(path, MAX_FILE) {
            Ok(Some(bytes)) => bytes,
            Ok(None) if is_named => {
                let language = self.run.language();
                return about(
                    language
                        .choose(format!("has more than {MAX_FILE} bytes"), format!("{MAX_FILE} バイトを超えています")),
                );
            }
            Ok(None) => return vec![],
            Err(why) => return about(why.in_words(self.run.language())),
        };
        let settings = self.run.settings_of(Some(path));
        // What a file says of its own version counts more than what the project says of all files.
        let own = Settings { version: self.run.settings.version.clone(), ..settings.clone() };
        let judged = self.inquiries.of(&own).and_then(|inquiry| {
            let targets = repository::inputs(path, &bytes, &inquiry).map_err(|error| error.to_string())?;
            let judged = targets.into_iter().map(|target| {
                let says_version = target.version.is_some();
                let inquiry = if says_version { Rc::clone(&inquiry) } else { self.inquiries.of(&settings)? };
                let judgement = target.judge(&inquiry);
                let outcome = Outcome { judgement, file: Some(path.to_owned()), strict: settings.strict() };
                Ok(Done::Judged(Box::new(outcome)))
            });
            judged.collect::<Result<Vec<_>, String>>()
        });
        match judged {
            Err(why) => about(why),
            Ok(judged) if judged.is_empty() => self.unrecognised(path, is_named),
            Ok(judged) => judged,
        }
    }

    /// Most files of a repository are no configuration of a kubelet; one that is named is told.
    fn unrecognised(&self, path: &Path, is_named: bool) -> Vec<Done> {
        let required = self.run.recognition.require_recognised
            || self.run.project.policy().is_some_and(Policy::requires_recognised);
        if !is_named {
            return vec![];
        }
        let language = self.run.language();
        let why = language.choose("it is in no form that configures a kubelet", "kubelet を設定する形式ではありません");
        vec![match required {
            true => Done::error(Some(path), why, language),
            false => Done::Notice(not_judged(Severity::Low, "not-recognised", Some(path), why, language)),
        }]
    }
}

fn nothing_found(searched: usize, notices: &[Notice], language: Language) -> Fatal {
    let names = notices.iter().filter_map(|notice| notice.path.as_deref()).take(5);
    let files = match searched {
        0 => language
            .choose("there is no file that could configure a kubelet", "kubelet を設定しうるファイルがありません")
            .to_owned(),
        1 => language
            .choose(
                "the file is in no form that configures a kubelet",
                "このファイルは kubelet を設定する形式ではありません",
            )
            .to_owned(),
        _ => language.choose(
            format!("none of {searched} files is in a form that configures a kubelet"),
            format!("{searched} 件のファイルのいずれも、kubelet を設定する形式ではありません"),
        ),
    };
    let nothing = language.choose("nothing to judge", "判定対象がありません");
    let fatal = Fatal::new(format!("{nothing}: {files}"));
    let unknown = language.choose("not recognised", "認識できないファイル");
    let fatal = names.fold(fatal, |fatal, name| fatal.help(format!("{unknown}: {}", escape::text(name))));
    fatal.help(language.choose(
        "docs/input-forms.md lists the forms; `--skip-unrecognised` makes this no error",
        "対応する形式は docs/input-forms.md にあります。`--skip-unrecognised` を付けるとエラーになりません",
    ))
}

/// What a run has written so far, and what it comes to.
struct Written<'a, 'r> {
    run: &'a Run<'a>,
    reports: Reports<'r>,
    bundle: Option<File>,
    notices: Vec<Notice>,
    /// Whether there was a target that a check applies to.
    applies: bool,
    /// Why none applies to another one.
    unjudged: Option<String>,
    exit: Option<Exit>,
}

impl Written<'_, '_> {
    fn take(&mut self, done: Vec<Done>) -> Result<(), Fatal> {
        for done in done {
            let exit = match done {
                Done::Judged(outcome) => self.judged(&outcome)?,
                Done::Notice(notice) => {
                    let is_error = notice.is_error();
                    self.notice(notice);
                    if !is_error {
                        continue;
                    }
                    Exit::Usage
                }
            };
            self.exit = Some(Exit::joined(self.exit, exit));
        }
        Ok(())
    }

    /// Reports say it at their end; what is not judged is told at once, too.
    fn notice(&mut self, notice: Notice) {
        if notice.is_error() {
            let path = notice.path.iter().map(|path| format!("{path}: ")).collect::<String>();
            tell(&format!("error: {}{}", escape::text(&path), escape::text(&notice.message)));
        }
        self.notices.push(notice);
    }

    fn judged(&mut self, outcome: &Outcome) -> Result<Exit, Fatal> {
        let Outcome { judgement, file, strict } = outcome;
        if let Some(error) = &judgement.error {
            tell(&format!("error: {}: {error}", escape::text(judgement.id())));
        }
        let own = self.run.project.of(judgement.id(), file.as_deref());
        let standings = own.standings(&judgement.report);
        let identity = file.as_deref().filter(|file| policy::is_there(file)).map(|_| own.identity.as_str());
        let judged = Judged { identity, standings: &standings, strict: Some(*strict), ..judgement.judged() };
        // A report that cannot be written is this target's, and no other's.
        if !self.reports.target(&judged)? {
            return Ok(Exit::Usage);
        }
        if let Some(file) = &mut self.bundle {
            let line = judgement.bundle().to_line().map_err(|error| Fatal::new(error.to_string()))?;
            writeln!(file, "{line}").map_err(|error| Fatal::new(format!("the bundle cannot be written: {error}")))?;
        }
        match arguments::not_applicable(&self.run.options.checks, &judgement.report) {
            Some(why) => drop(self.unjudged.get_or_insert_with(|| why.to_owned())),
            None => self.applies = true,
        }
        let exit = Exit::of(&judged, *strict);
        if exit == Exit::Passed
            && let Some(why) = self.run.skipped(&judgement.report, file.as_deref())
        {
            self.notice(not_judged(Severity::High, "not-judged", file.as_deref(), &why, self.run.language()));
            return Ok(Exit::Usage);
        }
        Ok(exit)
    }

    /// That the kubelet starts is no judgement by a benchmark: where no check applies to any target, nothing was judged. As with
    /// files in no known form, that is an error unless it was asked to be none.
    fn verify_applies(&mut self) {
        let language = self.run.language();
        let Some(why) = self.unjudged.take().filter(|_| !self.applies && self.exit == Some(Exit::Passed)) else {
            return;
        };
        let is_error = !self.run.recognition.skip_unrecognised;
        let message = language.choose(
            format!("nothing to judge: none of the checks that are asked for applies here: {why}"),
            format!("判定対象がありません: 指定されたチェックはいずれも当てはまりません: {why}"),
        );
        let severity = if is_error { Severity::High } else { Severity::Low };
        self.notice(Notice { severity, id: NOTHING_JUDGED, message, path: None, line: None });
        if is_error {
            self.exit = Some(Exit::Usage);
        }
    }

    fn end(mut self, is_everything: bool) -> Result<Exit, Fatal> {
        self.verify_applies();
        if let Some(policy) = self.run.project.policy() {
            // What could not be read may be what a waiver is for.
            let is_everything = is_everything && !self.notices.iter().any(Notice::is_error);
            let (is_selected, folder) = (&|check: &str| self.run.selects(check), policy.folder());
            let scope = Scope { is_everything, is_selected, folder };
            self.notices.extend(policy.waivers().notices(&scope, self.run.language()));
        }
        self.reports.end(&self.notices)?;
        let strict = self.run.settings_of(None).strict();
        let is_problem = |notice: &Notice| notice.severity >= Severity::Medium;
        // Nothing was judged.
        let exit = self.exit.unwrap_or(Exit::Usage);
        if !self.reports.are_complete() {
            return Ok(Exit::Usage);
        }
        Ok(if strict && self.notices.iter().any(is_problem) { exit.and(Exit::Failed) } else { exit })
    }
}
