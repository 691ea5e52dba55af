//! `kubevet fix`, on what is named: a kubelet's own files, other forms, recorded targets.

use std::path::Path;

use kubevet_report::{Exit, escape};

use super::arguments::InputArgs;
use super::work::{self, Work};
use super::{Fatal, tell};
use crate::collect::MAX_FILE;
use crate::fix::FixArgs;
use crate::inquiry::Inquiry;
use crate::repository;

/// Shows or makes the edits for what is named.
///
/// # Errors
/// Words that do not fit together, or name what cannot be read.
pub fn run(
    input: &InputArgs,
    file: Option<&Path>,
    fix: &FixArgs,
    inquiry: &Inquiry<'_>,
    strict: bool,
) -> Result<Exit, Fatal> {
    if input.live.configz.is_some() {
        return Err(Fatal::new("an edit changes what the next start gets, not what runs: leave --configz out"));
    }
    let content = file.filter(|_| !input.has_parts()).and_then(work::ahead);
    if let Some(path) = file.filter(|path| !input.has_parts() && !work::is_own_form(path, content.as_deref(), inquiry))
    {
        return fix_inputs(path, fix, inquiry, strict);
    }
    let Some(path) = &input.bundle else {
        let (source, target) = work::shared(input.offline(file, content, inquiry)?, input.id());
        return fix.run(target.judge(inquiry), inquiry, strict, &|want| source.file(want));
    };
    let Work::Bundles(name, bundles) = work::bundles(path)? else { return Ok(Exit::Usage) };
    together(bundles.into_iter().map(|bundle| match bundle {
        Ok(bundle) => fix.run(work::recorded(&name, bundle).judge(inquiry), inquiry, strict, &|_| None),
        Err(error) => {
            tell(&format!("error: {}", escape::text(&error)));
            Ok(Exit::Usage)
        }
    }))
}

/// The inputs of a file, one after the other: what is written for one is read for the next.
fn fix_inputs(path: &Path, fix: &FixArgs, inquiry: &Inquiry<'_>, strict: bool) -> Result<Exit, Fatal> {
    let input = |index: usize| {
        let bytes = work::read_all(path, MAX_FILE)?;
        let targets = repository::inputs(path, &bytes, inquiry).map_err(|error| Fatal::new(error.to_string()))?;
        Ok(targets.into_iter().nth(index))
    };
    together((0..).map_while(|index| match input(index) {
        Ok(target) => Some(fix.run(target?.judge(inquiry), inquiry, strict, &|_| Some(path.to_owned()))),
        Err(fatal) => Some(Err(fatal)),
    }))
}

/// What several targets come to together.
fn together(exits: impl Iterator<Item = Result<Exit, Fatal>>) -> Result<Exit, Fatal> {
    let mut all = None;
    for exit in exits {
        all = Some(Exit::joined(all, exit?));
    }
    Ok(all.unwrap_or(Exit::Usage))
}
