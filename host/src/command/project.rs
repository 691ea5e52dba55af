//! What a project says of how it is judged: its policy, and what was known before.

use std::path::{Path, PathBuf};

use kubevet_report::{Baseline, Standing};
use kubevet_rules::model::{Finding, Report};

use super::arguments::PolicyArgs;
use super::{Fatal, refused_option, work};
use crate::inquiry::Inquiries;
use crate::policy::{self, Policy, Settings};
use crate::{named, paths};

/// Reports on some ten thousand targets.
const MAX_BASELINE: u64 = 1 << 30;

/// What a project says of itself.
#[derive(Default)]
pub struct Project {
    policy: Option<Policy>,
    baseline: Option<Baseline>,
    /// The folder that names in a baseline start from: that of the policy, or the root of the repository, or where the command
    /// runs.
    folder: PathBuf,
}

impl Project {
    /// Of the policy that is named, and no other.
    ///
    /// # Errors
    /// A policy or a baseline that cannot be used.
    pub fn named(args: &PolicyArgs) -> Result<Project, Fatal> {
        let policy = args.policy.as_deref().map(Policy::read).transpose();
        Project::new(policy.map_err(|error| Fatal::new(error.to_string()))?, args)
    }

    /// Of the policy that is named, or else of the one that the repository has.
    ///
    /// # Errors
    /// A policy or a baseline that cannot be used.
    pub fn of_repository(args: &PolicyArgs) -> Result<Project, Fatal> {
        if args.no_policy || args.policy.is_some() {
            return Project::named(args);
        }
        let Ok(here) = std::env::current_dir() else { return Project::new(None, args) };
        let policy = Policy::of_repository(&here).map_err(|error| {
            Fatal::new(error.to_string()).help("`--no-policy` leaves it out, and `--policy FILE` names another")
        })?;
        Project::new(policy, args)
    }

    fn new(policy: Option<Policy>, args: &PolicyArgs) -> Result<Project, Fatal> {
        let here = || std::env::current_dir().unwrap_or_default();
        let folder = policy.as_ref().map_or_else(
            || policy::repository(&here()).map_or_else(here, Path::to_owned),
            |policy| policy.folder().to_owned(),
        );
        let baseline = args.baseline.as_deref().or(policy.as_ref().and_then(Policy::baseline));
        let baseline = baseline.map(|path| {
            let about = |why: String| {
                Fatal::new(format!("{}: {why}", path.display()))
                    .help(format!("write it: kubevet check --report json={}", path.display()))
            };
            let name = |id: &str| named_from(&folder, id);
            Baseline::parse(&work::read_all(path, MAX_BASELINE)?, name).map_err(about)
        });
        let baseline = baseline.transpose()?;
        Ok(Project { policy, baseline, folder })
    }

    /// How a file is judged, or what is none, by what the project says and what the command line says, which is stronger: where
    /// that names checks, the project leaves none of them out.
    pub fn overridden_by(&self, stronger: &Settings, names: &[String], file: Option<&Path>) -> Settings {
        let mut own = match (&self.policy, file) {
            (Some(policy), Some(file)) => policy.settings(file),
            (Some(policy), None) => policy.default_settings(),
            (None, _) => Settings::default(),
        };
        if !names.is_empty() {
            own.skip.clear();
        }
        own.overridden_by(stronger)
    }

    /// The policy, if there is one.
    pub fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// Whether there is an earlier report whose findings are known.
    pub fn has_baseline(&self) -> bool {
        self.baseline.is_some()
    }

    /// What the project says of a target, and of the file that it is from.
    pub fn of(&self, id: &str, file: Option<&Path>) -> Own<'_> {
        let path = file.zip(self.policy.as_ref()).map(|(file, policy)| policy.relative(file));
        Own { project: self, id: id.to_owned(), path, identity: self.identity(id, file) }
    }

    /// The name of a target that is the same wherever the command runs, and however its file is named: that of the file from the
    /// project's folder on. What is no file is called as it is.
    fn identity(&self, id: &str, file: Option<&Path>) -> String {
        let file = file.filter(|file| !named::is_standard(file) && policy::is_there(file));
        let input = file.and_then(|file| Some((file, id.strip_prefix(&paths::text(file))?)));
        match input {
            Some((file, input)) => paths::text(&paths::below(&self.folder, file)) + input,
            None => named_from(&self.folder, id),
        }
    }

    /// Whether the plugin takes the settings and the waivers of the policy.
    ///
    /// # Errors
    /// Those that it does not take.
    pub fn verify(&self, inquiries: &Inquiries<'_>) -> Result<(), Fatal> {
        let Some(policy) = &self.policy else { return Ok(()) };
        for (place, settings) in policy.all_settings() {
            let about = |why| refused_option(format!("{place}: {why}"));
            inquiries.of(&settings).map_err(about)?;
        }
        policy.waivers().verify(|| inquiries.all_checks()).map_err(|error| Fatal::new(error.to_string()))
    }
}

/// A name that starts from a folder, as it is from there on without `.` and `..`.
fn named_from(folder: &Path, id: &str) -> String {
    let path = paths::by_words(&folder.join(id));
    paths::text(path.strip_prefix(folder).unwrap_or(&path))
}

/// What a project says of one target.
pub struct Own<'a> {
    project: &'a Project,
    id: String,
    /// The file, as the policy's patterns see it.
    path: Option<PathBuf>,
    /// What a baseline calls it.
    pub identity: String,
}

impl<'a> Own<'a> {
    /// How a finding stands.
    pub fn standing(&self, finding: &Finding) -> Standing<'a> {
        let project = self.project;
        let waivers = project.policy.as_ref().map(Policy::waivers);
        let waived = waivers.and_then(|waivers| waivers.find(self.path.as_deref(), &self.id, finding));
        let is_known = || project.baseline.as_ref().is_some_and(|baseline| baseline.knows(&self.identity, finding));
        match waived {
            Some(waiver) => Standing::Waived(waiver),
            None if is_known() => Standing::Known,
            None => Standing::Open,
        }
    }

    /// How the findings of a report stand.
    pub fn standings(&self, report: &Report) -> Vec<Standing<'a>> {
        report.findings.iter().map(|finding| self.standing(finding)).collect()
    }
}
