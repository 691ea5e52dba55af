//! The samples beside each form, as short as they can be.

use alloc::string::String;

use super::{Input, recognise};
use crate::checks::CHECKS;
use crate::evaluate;
use crate::model::{Content, Document, Effective, Finding, Options, Outcome, Place, Report, Status, Want};
use crate::text::edit::{Splice, apply};

/// Bytes that mean something in one of the formats, or in none.
const DAMAGE: &[u8] = b"\"'{}[]%=.,:#\\\n\0\xff ";

/// A file, and what is expected of it.
pub struct Sample {
    name: &'static str,
    text: String,
    version: &'static str,
}

/// What is judged of a sample.
pub struct Judged<'a> {
    sample: &'a Sample,
    id: String,
    report: Report,
}

impl Sample {
    pub fn new(text: &str) -> Sample {
        Sample { name: "sample.yaml", text: text.to_owned(), version: "1.34" }
    }

    pub fn named(self, name: &'static str) -> Sample {
        Sample { name, ..self }
    }

    /// Judged as of another version; empty for the one that the input names.
    pub fn of_version(self, version: &'static str) -> Sample {
        Sample { version, ..self }
    }

    /// Nothing that becomes of it when it is cut off or damaged is too much, and all places stay within it.
    pub fn survives(self) -> Sample {
        let whole = self.text.as_bytes();
        // Longer samples are about limits, and there is nothing else in them.
        let step = 1 + whole.len() / 16;
        for at in (0..whole.len().min(4_096)).step_by(step) {
            let cut_off = whole[..at].to_vec();
            let mut damaged = whole.to_vec();
            damaged[at] = DAMAGE[at % DAMAGE.len()];
            let mut twice = whole.to_vec();
            twice.splice(at..at, whole[at / 2..at].iter().copied());
            for bytes in [cut_off, damaged, twice] {
                let found = recognise(self.name.as_bytes(), &bytes);
                let is_within = |input: &Input| input.span.end.max(input.head.end) <= bytes.len();
                assert!(found.iter().all(is_within), "{}", bytes.escape_ascii());
            }
        }
        self
    }

    /// The ids of its inputs, parted by blanks.
    pub fn holds(self, ids: &str) -> Sample {
        let found = recognise(self.name.as_bytes(), self.text.as_bytes());
        let found: Vec<_> = found.iter().map(|input| input.id.as_str()).collect();
        assert_eq!(found, ids.split_whitespace().collect::<Vec<_>>(), "{}", self.text);
        self
    }

    /// The first input.
    pub fn first(&self) -> Judged<'_> {
        let found = recognise(self.name.as_bytes(), self.text.as_bytes());
        let id = found.first().unwrap_or_else(|| panic!("no input: {}", self.text)).id.clone();
        self.input(&id)
    }

    /// An input.
    pub fn input(&self, id: &str) -> Judged<'_> {
        let report = self.report(id, self.text.as_bytes());
        Judged { sample: self, id: id.to_owned(), report }
    }

    fn report(&self, id: &str, bytes: &[u8]) -> Report {
        let answers = Want::File(self.name.into());
        let document = Document { id: 7, answers, outcome: Outcome::Found(Content::File(bytes.to_vec())) };
        let version = (!self.version.is_empty()).then(|| ("version".to_owned(), self.version.to_owned()));
        let values = [("input".to_owned(), id.to_owned())].into_iter().chain(version).collect();
        let checks = CHECKS.iter().map(|check| check.id.to_owned()).collect();
        let options = Options { values, checks, list_settings: true, ..Options::default() };
        evaluate(&[document], &options).unwrap()
    }
}

impl Judged<'_> {
    fn finding(&self, check: &str) -> &Finding {
        let found = self.report.findings.iter().find(|finding| finding.check == check);
        found.unwrap_or_else(|| panic!("{check} does not run on {}", self.id))
    }

    /// The status of a check and the place that shows it: `line:column`, and the text there.
    fn gives(self, status: Status, check: &str, place: &str) -> Self {
        let finding = self.finding(check);
        let message = &finding.message.text;
        assert_eq!(finding.status, status, "{check} of {}: {message}\n{}", self.id, self.sample.text);
        assert_eq!(self.shown(finding.primary.place), place, "{check} of {}: {message}\n{}", self.id, self.sample.text);
        self
    }

    pub fn pass(self, check: &str, place: &str) -> Self {
        self.gives(Status::Pass, check, place)
    }

    pub fn fail(self, check: &str, place: &str) -> Self {
        self.gives(Status::Fail, check, place)
    }

    pub fn undetermined(self, check: &str, place: &str) -> Self {
        self.gives(Status::Undetermined, check, place)
    }

    /// The edit of a failing check makes it pass, and changes nothing but this text.
    pub fn mends(self, check: &str, to: &str) -> Self {
        let finding = self.finding(check);
        let edits = finding.remedies.iter().flat_map(|remedy| &remedy.edits);
        let splices: Vec<_> = edits
            .map(|edit| Splice {
                span: edit.span.start as usize..edit.span.end as usize,
                text: String::from_utf8(edit.text.clone()).unwrap(),
            })
            .collect();
        assert!(
            !splices.is_empty(),
            "{check} of {} has no edit: {:?}\n{}",
            self.id,
            finding.remedies,
            self.sample.text
        );
        let edited = apply(self.sample.text.as_bytes(), &splices);
        let text = String::from_utf8(edited.clone()).unwrap();
        assert!(text.contains(to), "{text}");
        let after = self.sample.report(&self.id, &edited);
        let finding = after.findings.iter().find(|finding| finding.check == check).unwrap();
        assert_eq!(finding.status, Status::Pass, "{}\n{text}", finding.message.text);
        self
    }

    /// There is a problem of this id at a place.
    pub fn problem(self, id: &str, place: &str) -> Self {
        let all: Vec<_> = self.report.problems.iter().map(|p| (p.message.id.as_str(), self.shown(p.place))).collect();
        assert!(all.contains(&(id, place.to_owned())), "{all:?}\n{}", self.sample.text);
        self
    }

    pub fn without_problems(self) -> Self {
        let texts: Vec<_> = self.report.problems.iter().map(|problem| &problem.message.text).collect();
        assert!(texts.is_empty(), "{texts:?}\n{}", self.sample.text);
        self
    }

    /// A note of a finding.
    pub fn notes(self, check: &str, id: &str) -> Self {
        let notes: Vec<_> = self.finding(check).notes.iter().map(|note| note.id.as_str()).collect();
        assert!(notes.contains(&id), "{notes:?}");
        self
    }

    /// A setting has this value.
    pub fn has(self, setting: &str, value: &str) -> Self {
        let known = self.report.settings.iter().find(|known| known.name == setting).unwrap();
        let Effective::Known(decided) = &known.branches[0].effective else { panic!("{setting} is unknown") };
        assert_eq!(decided.value, value);
        self
    }

    /// All may be shown.
    pub fn withholds_nothing(self) -> Self {
        assert_eq!(self.report.withheld, []);
        self
    }

    /// This is withheld, and nothing else.
    pub fn withholds(self, place: &str) -> Self {
        let withheld: Vec<_> = self.report.withheld.iter().map(|span| self.shown(Place::At(*span))).collect();
        assert_eq!(withheld, [place]);
        self
    }

    /// It is not known what a setting comes to.
    pub fn lacks(self, setting: &str) -> Self {
        let known = self.report.settings.iter().find(|known| known.name == setting).unwrap();
        assert!(matches!(known.branches[0].effective, Effective::Unknown(_)), "{known:?}");
        self
    }

    /// The versions and the platform that it is judged as of.
    pub fn of(self, versions: &str, platform: &str) -> Self {
        let known = self.report.context.iter().find(|said| said.id == "platform").unwrap();
        let known = &known.params.iter().find(|(name, _)| name == "platform").unwrap().1;
        assert_eq!((self.report.versions.join(" ").as_str(), known.as_str()), (versions, platform));
        self
    }

    fn shown(&self, place: Place) -> String {
        let Place::At(span) = place else { return format!("{place:?}") };
        assert_eq!((span.document, span.part), (7, 0));
        let (before, text) = self.sample.text.split_at(span.start as usize);
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
        format!("{line}:{column} {}", &text[..(span.end - span.start) as usize])
    }
}
