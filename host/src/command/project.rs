//! What a project says of how it is judged: its policy, and what was known before.

use std::path::Path;

use kubevet_report::{Baseline, Standing};

use super::arguments::PolicyArgs;
use super::{Fatal, refused_option, work};
use crate::inquiry::Inquiries;
use crate::policy::{Policy, Settings};
use crate::target::Judgement;

/// Reports on some ten thousand targets.
const MAX_BASELINE: u64 = 1 << 30;

/// What a project says of itself.
#[derive(Default)]
pub struct Project {
    policy: Option<Policy>,
    baseline: Option<Baseline>,
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
        let baseline = args.baseline.as_deref().or(policy.as_ref().and_then(Policy::baseline));
        let baseline = baseline.map(|path| {
            let about = |why: String| {
                Fatal::new(format!("{}: {why}", path.display()))
                    .help(format!("write it: kubevet check --report json={}", path.display()))
            };
            Baseline::parse(&work::read_all(path, MAX_BASELINE)?).map_err(about)
        });
        Ok(Project { policy, baseline: baseline.transpose()? })
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

    /// How the findings on a target stand.
    pub fn standings(&self, judgement: &Judgement, file: Option<&Path>) -> Vec<Standing<'_>> {
        let path = file.zip(self.policy.as_ref()).map(|(file, policy)| policy.relative(file));
        let waived = |finding| {
            let waivers = self.policy.as_ref()?.waivers();
            waivers.find(path.as_deref(), judgement.id(), finding).map(Standing::Waived)
        };
        let known = |finding| {
            let baseline = self.baseline.as_ref()?;
            baseline.knows(judgement.id(), finding).then_some(Standing::Known)
        };
        let findings = judgement.report.findings.iter();
        findings.map(|finding| waived(finding).or_else(|| known(finding)).unwrap_or_default()).collect()
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
