//! `kubevet fix`, on what is named: a kubelet's own files, other forms, recorded targets.

use std::path::{Path, PathBuf};

use kubevet_report::{Exit, Judged, escape};
use kubevet_rules::model::Want;

use super::arguments::{InputArgs, left_unjudged};
use super::project::Project;
use super::work::{self, Work};
use super::{Fatal, tell};
use crate::collect::MAX_FILE;
use crate::fix::FixArgs;
use crate::inquiry::Inquiry;
use crate::policy::Settings;
use crate::repository;
use crate::target::Judgement;

/// How edits are found, and what becomes of them.
pub struct Fixing<'a> {
    /// Whether they are made, and how they are shown.
    pub args: &'a FixArgs,
    /// The plugin.
    pub inquiry: &'a Inquiry<'a>,
    /// What the project says.
    pub project: &'a Project,
    /// The checks that are asked for.
    pub names: &'a [String],
    /// How things are judged.
    pub settings: &'a Settings,
}

impl Fixing<'_> {
    /// Shows or makes the edits for what is named.
    ///
    /// # Errors
    /// Words that do not fit together, or name what cannot be read.
    pub fn run(&self, input: &InputArgs, file: Option<&Path>) -> Result<Exit, Fatal> {
        if input.live.configz.is_some() {
            return Err(Fatal::new("an edit changes what the next start gets, not what runs: leave --configz out"));
        }
        let inquiry = self.inquiry;
        let content = file.filter(|_| !input.has_parts()).and_then(work::ahead);
        let is_other = |path: &&Path| !input.has_parts() && !work::is_own_form(path, content.as_deref(), inquiry);
        if let Some(path) = file.filter(is_other) {
            return self.inputs(path);
        }
        let Some(path) = &input.bundle else {
            let (source, target) = work::shared(input.offline(file, content, inquiry)?, input.id());
            let file = PathBuf::from(&target.id);
            return self.target(target.judge(inquiry), Some(&file), &|want| source.file(want));
        };
        let Work::Bundles(name, bundles) = work::bundles(path)? else { return Ok(Exit::Usage) };
        together(bundles.into_iter().map(|bundle| match bundle {
            Ok(bundle) => self.target(work::recorded(&name, bundle).judge(inquiry), None, &|_| None),
            Err(error) => {
                tell(&format!("error: {}", escape::text(&error)));
                Ok(Exit::Usage)
            }
        }))
    }

    /// The inputs of a file, one after the other: what is written for one is read for the next.
    fn inputs(&self, path: &Path) -> Result<Exit, Fatal> {
        let input = |index: usize| {
            let bytes = work::read_all(path, MAX_FILE)?;
            let targets = repository::inputs(path, &bytes, self.inquiry);
            let targets = targets.map_err(|error| Fatal::new(error.to_string()))?;
            if targets.is_empty() {
                return Err(nothing_to_fix(path));
            }
            Ok(targets.into_iter().nth(index))
        };
        together((0..).map_while(|index| match input(index) {
            Ok(target) => Some(self.target(target?.judge(self.inquiry), Some(path), &|_| Some(path.to_owned()))),
            Err(fatal) => Some(Err(fatal)),
        }))
    }

    /// One target. That what was asked for is skipped is no pass here, as it is none for `check`.
    fn target(
        &self,
        judgement: Judgement,
        file: Option<&Path>,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<Exit, Fatal> {
        let (strict, language) = (self.settings.strict(), self.args.language.language());
        let own = self.project.of(judgement.id(), file);
        let standings = own.standings(&judgement.report);
        if Exit::of(&Judged { standings: &standings, ..judgement.judged() }, strict) == Exit::Passed
            && let Some(why) = left_unjudged(self.names, self.settings, &judgement.report, language)
        {
            let not_judged = language.choose("not judged", "判定していません");
            tell(&format!("error: {}: {not_judged}: {why}", escape::text(judgement.id())));
            return Ok(Exit::Usage);
        }
        self.args.run(judgement, self.inquiry, strict, &|finding| own.standing(finding), files)
    }
}

fn nothing_to_fix(path: &Path) -> Fatal {
    Fatal::new(format!("{}: nothing to fix: the file is in no form that configures a kubelet", path.display()))
        .help("docs/input-forms.md lists the forms")
}

/// What several targets come to together.
fn together(exits: impl Iterator<Item = Result<Exit, Fatal>>) -> Result<Exit, Fatal> {
    let mut all = None;
    for exit in exits {
        all = Some(Exit::joined(all, exit?));
    }
    Ok(all.unwrap_or(Exit::Usage))
}
