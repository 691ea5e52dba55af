//! A target that was judged, and what can be asked of it.

use std::borrow::Cow;
use std::rc::Rc;

use kubevet_judge::collect::Source;
use kubevet_judge::{Declined, Fixed, Inquiry, Judgement, Rules, Shortened, spliced};
use kubevet_report::{Context, Exit, Format, fixes, human, json};
use kubevet_rules::Language;
use kubevet_rules::model::{Content, Document, Finding, Options, Outcome, Status, Want};
use serde::Serialize;

use crate::marks;
use crate::options;
use crate::target::{Part, Places, Target};

/// A target that was judged.
pub struct Judged {
    options: Options,
    boxes: Places,
    source: Rc<dyn Source>,
    judgement: Judgement<Declined>,
}

/// What edits come to.
#[derive(Serialize)]
struct FixJson<'a> {
    /// The files that differ, as they are afterwards.
    files: Vec<FileJson<'a>>,
    fixed: Vec<String>,
    left: Vec<LeftJson>,
}

#[derive(Serialize)]
struct FileJson<'a> {
    /// None, for the flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(flatten)]
    part: Option<Part>,
    text: Cow<'a, str>,
}

impl FileJson<'_> {
    fn flags(text: String) -> FileJson<'static> {
        FileJson { path: None, part: Some(Part::Flags), text: text.into() }
    }
}

#[derive(Serialize)]
struct LeftJson {
    check: String,
    reason: String,
}

impl Judged {
    /// Judges a target.
    ///
    /// # Errors
    /// A target or options that are not understood.
    pub fn new(target: &str, options: &str) -> Result<Judged, String> {
        let options: options::Options =
            serde_json::from_str(options).map_err(|error| format!("these are no options: {error}"))?;
        let options = Options::from(options);
        let inquiry = Inquiry::new(&Rules, options.clone())?;
        let wants = |documents: &[Document]| inquiry.plan(documents).unwrap_or_default();
        let Target { id, version, source, boxes } = Target::new(target, wants)?;
        let judgement = kubevet_judge::Target { id, version, source: Box::new(source.clone()) }.judge(&inquiry);
        Ok(Judged { options, boxes, source, judgement })
    }

    /// The documents that were judged.
    fn documents(&self) -> &[Document] {
        self.judgement.documents()
    }

    /// The findings and problems, as `kubevet check --format json` writes them.
    ///
    /// # Errors
    /// None, but for faults of the rules.
    pub fn check(&self) -> Result<String, String> {
        json::check(&self.judgement.judged()).map_err(|error| error.to_string())
    }

    /// The settings, as `kubevet effective --format json` writes them; none, unless the options ask for them.
    ///
    /// # Errors
    /// None, but for faults of the rules.
    pub fn effective(&self) -> Result<String, String> {
        json::effective(&self.judgement.judged()).map_err(|error| error.to_string())
    }

    /// The findings and problems for code scanning, as `kubevet check --format sarif` writes them.
    ///
    /// # Errors
    /// None, but for faults of the rules.
    pub fn sarif(&self) -> Result<String, String> {
        let inquiry = Inquiry::new(&Rules, self.options.clone())?;
        let (checks, language) = (inquiry.checks(), Language::of(&self.options.language));
        let human = human::Options { language, ..human::Options::default() };
        let context = Context { checks: &checks, version: env!("CARGO_PKG_VERSION"), human, ..Context::default() };
        let mut reporter = Format::Sarif.reporter(context);
        let mut report = vec![];
        let written = reporter
            .begin(&mut report)
            .and_then(|()| reporter.target(&self.judgement.judged(), &mut report))
            .and_then(|()| reporter.end(&[], &mut report));
        written.map_err(|error| error.to_string())?;
        String::from_utf8(report).map_err(|error| error.to_string())
    }

    /// What was wanted and has no answer, as an array.
    #[must_use]
    pub fn wants(&self) -> String {
        let unanswered = self.documents().iter().filter(|document| matches!(document.outcome, Outcome::Unavailable));
        json::wants(unanswered.map(|document| &document.answers))
    }

    /// The exit status that the command would have.
    #[must_use]
    pub fn exit(&self) -> u8 {
        let is_strict = self.options.values.iter().any(|(key, value)| key == "strict" && value == "true");
        Exit::of(&self.judgement.judged(), is_strict).code()
    }

    /// The target as a bundle, for `kubevet check --bundle`; secrets are masked.
    ///
    /// # Errors
    /// A target that is too large for it.
    pub fn bundle(&self) -> Result<String, String> {
        self.judgement.bundle().to_line().map_err(|error| error.to_string())
    }

    /// Where in the boxes of a page something is decided, overridden or wrong.
    ///
    /// # Errors
    /// None.
    pub fn marks(&self) -> Result<String, String> {
        written(&marks::marks(&self.judgement, &self.boxes))
    }

    /// The edits that make failing checks pass, made: all of them, or those of one check. Each is proven by judging again.
    /// A flag that overrides every file is left out.
    ///
    /// # Errors
    /// None.
    pub fn fix(&self, check: Option<&str>) -> Result<String, String> {
        let inquiry = Inquiry::new(&Rules, self.options.clone())?;
        let chosen = |finding: &Finding| check.is_none_or(|check| finding.check == check);
        let Fixed { judgement, checks, left } = Fixed::of_those(self.judgement.clone(), &inquiry, chosen);
        let mut fixed: Vec<String> = checks.into_iter().map(|(finding, _)| finding.check).collect();
        let mut shortened = Shortened::new(judgement, self.source.clone());
        let all = shortened.kept.len();
        let mut still_left = vec![];
        for (finding, reason) in left {
            let without = match finding.status {
                Status::Fail => shortened.without(&finding, &inquiry),
                _ => None,
            };
            match without.filter(|(shorter, _)| self.boxes.flags_with(&shorter.kept).is_some()) {
                Some((shorter, _)) => {
                    shortened = shorter;
                    fixed.push(finding.check);
                }
                None => still_left.push((finding, reason)),
            }
        }
        let language = Language::of(&self.options.language);
        let left = |(finding, reason): &fixes::Left| LeftJson {
            check: finding.check.clone(),
            reason: reason.in_words(language),
        };
        let mut files = self.changed(shortened.judgement.documents());
        if shortened.kept.len() < all {
            files.extend(self.boxes.flags_with(&shortened.kept).map(FileJson::flags));
        }
        written(&FixJson { files, fixed, left: still_left.iter().map(left).collect() })
    }

    /// The edits of a problem, made.
    ///
    /// # Errors
    /// A problem that is not there, or whose edits do not fit.
    pub fn mend(&self, problem: usize) -> Result<String, String> {
        let problem = self.judgement.report.problems.get(problem).ok_or("there is no such problem")?;
        let edited = spliced(self.documents(), &problem.edits).ok_or("the edits do not fit")?;
        written(&FixJson { files: self.changed(&edited), fixed: vec![], left: vec![] })
    }

    /// The files that differ in these documents.
    fn changed<'a>(&self, documents: &'a [Document]) -> Vec<FileJson<'a>> {
        let differs = |new: &&Document| {
            self.documents().iter().any(|old| old.answers == new.answers && old.outcome != new.outcome)
        };
        let file = |new: &'a Document| {
            let (Want::File(path), Outcome::Found(Content::File(bytes))) = (&new.answers, &new.outcome) else {
                return None;
            };
            let path = String::from_utf8_lossy(path).into_owned();
            // What came as text is text afterwards.
            let text = str::from_utf8(bytes).unwrap_or_default().into();
            Some(FileJson { path: Some(path), part: self.boxes.part(new), text })
        };
        documents.iter().filter(differs).filter_map(file).collect()
    }
}

fn written(json: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(json).map_err(|error| error.to_string())
}
