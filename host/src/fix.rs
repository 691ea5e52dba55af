//! `kubevet fix`: the edits that make failing checks pass, tried one after the other and kept only if they prove good.

use std::path::{Path, PathBuf};

use clap::Args;
use kubevet_judge::Fixed;
use kubevet_report::fixes::{Made, Reason, Summary};
use kubevet_report::{Exit, Judged, Standing, diff, escape};
use kubevet_rules::model::{Content, Document, Finding, Outcome, Place, Refusal, Span, Want};

use crate::command::{Color, Fatal, LanguageArgs, tell, write_out};
use crate::inquiry::Inquiry;
use crate::replace::replace;
use crate::sandbox::SandboxError;
use crate::target::Judgement;
use crate::{named, paths};

/// How edits are shown, and whether they are made.
#[derive(Args)]
pub struct FixArgs {
    /// Make the edits, file by file, whole or not at all; what comes from standard input goes to standard output
    #[arg(long, help_heading = "Output", conflicts_with = "bundle")]
    write: bool,
    /// Whether to colour
    #[arg(long, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    color: Color,
    /// The language of texts
    #[command(flatten, next_help_heading = "Output")]
    pub language: LanguageArgs,
}

impl FixArgs {
    /// Shows the edits for a target, or makes them; what the project bears with, by `standing`, is left alone. `files` names the file that a document was read from, `-` for standard
    /// input. Standard output has the edits and nothing else.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn run<'a>(
        &self,
        judgement: Judgement,
        inquiry: &Inquiry<'_>,
        strict: bool,
        standing: &dyn Fn(&Finding) -> Standing<'a>,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<Exit, Fatal> {
        let original = judgement.clone();
        let mut fixed = Fixed::of_those(judgement, inquiry, |finding| standing(finding) == Standing::Open);
        let mut unwritten = vec![];
        for (old, new) in fixed.changed(&original) {
            let path = files(&old.answers);
            let is_input = path.as_deref().is_some_and(named::is_standard);
            if let Some(path) = path.as_deref().filter(|_| self.write && !is_input) {
                let shown = paths::text(path);
                if let Err(why) = replace(path, bytes(old), bytes(new)) {
                    tell(&format!("error: {}: {why}", escape::text(&shown)));
                    unwritten.push(old.clone());
                    continue;
                }
                tell(&format!("{}: written", escape::text(&shown)));
            }
            if !(self.write && is_input) {
                let name = path.map_or_else(|| name(&old.answers), |path| paths::text(&path));
                let (old_withheld, new_withheld) = (&original.report.withheld, &fixed.judgement.report.withheld);
                let diff = diff::unified(&name, (old, old_withheld), (new, new_withheld), self.color.is_wanted());
                write_out(diff.as_bytes())?;
            }
        }
        if self.write {
            self.pass_on(&original, &fixed, files)?;
        }
        let language = self.language.language();
        if !unwritten.is_empty() {
            let reason = language.choose("the edit could not be written", "編集を書き込めませんでした");
            fixed = fixed.without(&unwritten, &Reason::Error(reason.into()), inquiry);
        }
        let made = match (self.write, unwritten.is_empty()) {
            (false, _) => Made::Shown,
            (true, true) => Made::Written,
            (true, false) => Made::NotAll,
        };
        let along: Vec<_> = fixed.along(&original).cloned().collect();
        fixed.left.retain(|(finding, _)| standing(finding) == Standing::Open);
        let standings: Vec<_> = fixed.judgement.report.findings.iter().map(standing).collect();
        let judged = Judged { standings: &standings, ..fixed.judgement.judged() };
        let summary = Summary { fixed: &fixed.checks, along: &along, left: &fixed.left, judged: &judged, made };
        tell(summary.in_words(language).trim_end());
        Ok(match made {
            Made::NotAll => Exit::Usage,
            Made::Shown if !fixed.checks.is_empty() => Exit::Failed,
            Made::Shown | Made::Written => Exit::of(&judged, strict),
        })
    }

    /// What came from standard input, with what was changed, goes to standard output.
    fn pass_on(
        &self,
        original: &Judgement,
        fixed: &Fixed<SandboxError>,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<(), Fatal> {
        let is_input = |document: &&Document| files(&document.answers).as_deref() == Some(Path::new("-"));
        let Some(document) = fixed.judgement.documents().iter().find(is_input) else { return Ok(()) };
        // What is no configuration of a kubelet is never shown, not even to who handed it over.
        let is_whole =
            |span: &Span| span.document == document.id && span.end - span.start == bytes(document).len() as u32;
        let is_other = |refusal: &Refusal| {
            refusal.message.id == "not-a-kubelet-configuration" && refusal.place == Place::Whole(document.id)
        };
        let report = &original.report;
        if report.withheld.iter().any(is_whole) || report.refusals.iter().any(is_other) {
            return Ok(());
        }
        write_out(bytes(document))
    }
}

/// The bytes of a file; none of anything else.
fn bytes(document: &Document) -> &[u8] {
    if let Outcome::Found(Content::File(bytes)) = &document.outcome { bytes } else { &[] }
}

fn name(want: &Want) -> String {
    if let Want::File(path) = want { String::from_utf8_lossy(path).into_owned() } else { String::new() }
}
