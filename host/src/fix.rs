//! `kubevet fix`: the edits that make failing checks pass, tried one after the other and kept only if they prove good.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use kubevet_judge::Fixed;
use kubevet_report::fixes;
use kubevet_report::{Exit, diff, escape};
use kubevet_rules::model::{Content, Document, Outcome, Place, Refusal, Span, Want};

use crate::command::{Color, Fatal, LanguageArgs, accept_closed_pipe, tell};
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
    /// Shows the edits for a target, or makes them; `files` names the file that a document was read from, `-` for standard
    /// input. Standard output has the edits and nothing else.
    ///
    /// # Errors
    /// Standard output that cannot be written.
    pub fn run(
        &self,
        judgement: Judgement,
        inquiry: &Inquiry<'_>,
        strict: bool,
        files: &dyn Fn(&Want) -> Option<PathBuf>,
    ) -> Result<Exit, Fatal> {
        let original = judgement.clone();
        let fixed = Fixed::of(judgement, inquiry);
        let mut failed = false;
        for (old, new) in fixed.changed(&original) {
            let path = files(&old.answers);
            match (&path, self.write) {
                (Some(path), true) if named::is_standard(path) => {}
                (Some(path), true) => match replace(path, bytes(old), bytes(new)) {
                    Ok(()) => tell(&format!("{}: written", escape::text(&path.to_string_lossy()))),
                    Err(why) => {
                        tell(&format!("error: {}: {why}", escape::text(&path.to_string_lossy())));
                        failed = true;
                        continue;
                    }
                },
                _ => {}
            }
            if !(self.write && path.as_deref() == Some(Path::new("-"))) {
                let name = path.map_or_else(|| name(&old.answers), |path| paths::text(&path));
                let (old_withheld, new_withheld) = (&original.report.withheld, &fixed.judgement.report.withheld);
                let diff = diff::unified(&name, (old, old_withheld), (new, new_withheld), self.color.is_wanted());
                accept_closed_pipe(io::stdout().write_all(diff.as_bytes()))?;
            }
        }
        if self.write {
            self.pass_on(&original, &fixed, files)?;
        }
        let (judged, is_written) = (fixed.judgement.judged(), self.write && !failed);
        tell(fixes::summary(&fixed.checks, &fixed.left, &judged, is_written, self.language.language()).trim_end());
        Ok(match (failed, self.write || fixed.checks.is_empty()) {
            (true, _) => Exit::Usage,
            (false, true) => Exit::of(&judged, strict),
            (false, false) => Exit::Failed,
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
        accept_closed_pipe(io::stdout().write_all(bytes(document)))
    }
}

/// The bytes of a file; none of anything else.
fn bytes(document: &Document) -> &[u8] {
    if let Outcome::Found(Content::File(bytes)) = &document.outcome { bytes } else { &[] }
}

fn name(want: &Want) -> String {
    if let Want::File(path) = want { String::from_utf8_lossy(path).into_owned() } else { String::new() }
}
