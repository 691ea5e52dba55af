//! Answers, as the host reads them.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem::take;

use kubevet_contract::model::{
    Branch, Check, Decided, Description, Edit, Effective, Error, Evidence, Finding, Input, Message, Place, Problem,
    Refusal, Remedy, Report, Section, Setting, Source, Span, Want,
};

/// The lists of an answer.
pub type Lists = Vec<Vec<u32>>;

/// Lays out values one after the other, in words: nothing in an answer is aligned to more.
#[derive(Default)]
pub struct Writer {
    words: Vec<u32>,
    /// How many bytes of the last word are taken; none are, where it is full.
    taken: u32,
    /// What is laid out already and hangs below.
    lists: Lists,
}

impl Writer {
    /// What is laid out: the last list is what all the others hang below.
    pub fn finish(mut self) -> Lists {
        self.lists.push(self.words);
        self.lists
    }

    /// A word; what is left of the one before stays empty.
    pub fn word(&mut self, word: u32) {
        self.words.push(word);
        self.align();
    }

    /// What comes next begins a word: so does every record, as each has words.
    fn align(&mut self) {
        self.taken = 0;
    }

    fn byte(&mut self, byte: u8) {
        match self.words.last_mut().filter(|_| self.taken > 0) {
            Some(word) => *word |= u32::from(byte) << (8 * self.taken),
            None => self.words.push(byte.into()),
        }
        self.taken = (self.taken + 1) % 4;
    }

    fn slice(&mut self, start: *const u8, length: usize) {
        self.word(start as u32);
        self.word(length as u32);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.slice(bytes.as_ptr(), bytes.len());
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn list<T>(&mut self, items: &[T], write: impl Fn(&mut Writer, &T)) {
        let mut writer = Writer { lists: take(&mut self.lists), ..Writer::default() };
        for item in items {
            write(&mut writer, item);
            writer.align();
        }
        self.slice(writer.words.as_ptr().cast(), items.len());
        self.lists = writer.finish();
    }

    /// A variant: the number of the case, and so many words, of which the case need not take all.
    fn variant(&mut self, case: u8, words: usize, payload: impl FnOnce(&mut Self)) {
        self.align();
        self.byte(case);
        self.align();
        let end = self.words.len() + words;
        payload(self);
        self.words.resize(end, 0);
        self.align();
    }

    fn option<T>(&mut self, value: Option<&T>, words: usize, write: impl FnOnce(&mut Self, &T)) {
        self.variant(value.is_some().into(), words, |writer| {
            if let Some(value) = value {
                write(writer, value);
            }
        });
    }

    fn texts(&mut self, texts: &[String]) {
        self.list(texts, |writer, text| writer.text(text));
    }

    fn span(&mut self, span: &Span) {
        for word in [span.document, span.part, span.start, span.end] {
            self.word(word);
        }
    }

    fn place(&mut self, place: &Place) {
        let case = match place {
            Place::At(_) => 0,
            Place::Whole(_) => 1,
            Place::Target => 2,
        };
        self.variant(case, 4, |writer| match place {
            Place::At(span) => writer.span(span),
            Place::Whole(document) => writer.word(*document),
            Place::Target => {}
        });
    }

    fn message(&mut self, message: &Message) {
        self.text(&message.id);
        self.list(&message.params, |writer, (name, value)| {
            writer.text(name);
            writer.text(value);
        });
        self.text(&message.text);
    }

    fn messages(&mut self, messages: &[Message]) {
        self.list(messages, Writer::message);
    }

    fn source(&mut self, source: &Source) {
        self.align();
        self.byte(source.origin as u8);
        self.text(&source.value);
        self.place(&source.place);
        self.text(&source.detail);
    }

    fn decided(&mut self, decided: &Decided) {
        self.text(&decided.value);
        self.byte(decided.omitted.into());
        self.source(&decided.by);
        self.list(&decided.keys, |writer, (key, source)| {
            writer.text(key);
            writer.source(source);
        });
        self.list(&decided.overridden, Writer::source);
    }

    fn branch(&mut self, branch: &Branch) {
        self.texts(&branch.versions);
        let is_unknown = matches!(branch.effective, Effective::Unknown(_));
        self.variant(is_unknown.into(), 17, |writer| match &branch.effective {
            Effective::Known(decided) => writer.decided(decided),
            Effective::Unknown(message) => writer.message(message),
        });
    }

    fn setting(&mut self, setting: &Setting) {
        self.text(&setting.name);
        self.byte(setting.in_file.into());
        self.list(&setting.branches, Writer::branch);
    }

    fn evidence(&mut self, evidence: &Evidence) {
        self.place(&evidence.place);
        self.message(&evidence.label);
    }

    fn edits(&mut self, edits: &[Edit]) {
        self.list(edits, |writer, edit| {
            writer.span(&edit.span);
            writer.bytes(&edit.text);
        });
    }

    fn remedy(&mut self, remedy: &Remedy) {
        self.message(&remedy.text);
        self.edits(&remedy.edits);
        self.option(remedy.blocked.as_ref(), 6, Writer::message);
    }

    fn sections(&mut self, sections: &[Section]) {
        self.list(sections, |writer, section| {
            writer.text(&section.benchmark);
            writer.text(&section.number);
            writer.byte(section.level);
            writer.byte(section.automated.into());
        });
    }

    fn finding(&mut self, finding: &Finding) {
        self.text(&finding.check);
        self.byte(finding.status as u8);
        self.byte(finding.severity as u8);
        self.message(&finding.message);
        self.evidence(&finding.primary);
        self.list(&finding.related, Writer::evidence);
        self.messages(&finding.notes);
        self.list(&finding.remedies, Writer::remedy);
        self.sections(&finding.sections);
    }

    fn problem(&mut self, problem: &Problem) {
        self.align();
        self.byte(problem.severity as u8);
        self.message(&problem.message);
        self.place(&problem.place);
        self.edits(&problem.edits);
    }

    fn refusal(&mut self, refusal: &Refusal) {
        self.texts(&refusal.versions);
        self.byte(refusal.stage as u8);
        self.message(&refusal.message);
        self.place(&refusal.place);
    }

    fn want(&mut self, want: &Want) {
        let (case, bytes): (u8, &[u8]) = match want {
            Want::Processes(name) => (0, name.as_bytes()),
            Want::File(path) => (1, path),
            Want::Directory(path) => (2, path),
            Want::Metadata(path) => (3, path),
            Want::EnvironmentHas(name) => (4, name.as_bytes()),
            Want::LiveConfiguration => (5, &[]),
        };
        self.variant(case, 2, |writer| writer.bytes(bytes));
    }

    fn wants(&mut self, wants: &[Want]) {
        self.list(wants, Writer::want);
    }

    fn report(&mut self, report: &Report) {
        self.texts(&report.versions);
        self.messages(&report.context);
        self.list(&report.refusals, Writer::refusal);
        self.list(&report.settings, Writer::setting);
        self.list(&report.findings, Writer::finding);
        self.list(&report.problems, Writer::problem);
        self.wants(&report.unmet);
        self.list(&report.withheld, Writer::span);
    }

    fn check(&mut self, check: &Check) {
        self.text(&check.id);
        self.byte(check.kind as u8);
        self.message(&check.title);
        self.message(&check.explanation);
        self.byte(check.severity as u8);
        self.sections(&check.sections);
        self.messages(&check.remedies);
    }

    fn description(&mut self, description: &Description) {
        self.text(&description.id);
        self.text(&description.version);
        self.texts(&description.languages);
        self.list(&description.checks, Writer::check);
        self.list(&description.options, |writer, (key, meaning)| {
            writer.text(key);
            writer.message(meaning);
        });
    }

    fn input(&mut self, input: &Input) {
        self.text(&input.id);
        self.text(&input.form);
        self.text(&input.name);
        self.option(input.platform.as_ref(), 2, |writer, text| writer.text(text));
        self.option(input.version.as_ref(), 2, |writer, text| writer.text(text));
        self.byte(input.partial.into());
        self.span(&input.span);
    }

    /// A `result`: the words are those of its larger case.
    fn result<T>(&mut self, result: &Result<T, Error>, words: usize, write: impl FnOnce(&mut Self, &T)) {
        self.variant(result.is_err().into(), words, |writer| match result {
            Ok(value) => write(writer, value),
            Err(error) => writer.error(error),
        });
    }

    fn error(&mut self, error: &Error) {
        let case = match error {
            Error::BadOption(_) => 0,
            Error::BadDocument(_) => 1,
            Error::Internal(_) => 2,
        };
        self.variant(case, 2, |writer| match error {
            Error::BadOption(text) | Error::Internal(text) => writer.text(text),
            Error::BadDocument(document) => writer.word(*document),
        });
    }
}

/// What a door answers.
pub enum Answer {
    /// `describe`
    Description(Description),
    /// `recognise`
    Inputs(Vec<Input>),
    /// `plan`
    Wants(Result<Vec<Want>, Error>),
    /// `evaluate`
    Report(Result<Report, Error>),
}

impl Answer {
    /// Lays it out.
    pub fn write(&self, writer: &mut Writer) {
        match self {
            Answer::Description(description) => writer.description(description),
            Answer::Inputs(inputs) => writer.list(inputs, Writer::input),
            Answer::Wants(wants) => writer.result(wants, 3, |writer, wants| writer.wants(wants)),
            Answer::Report(report) => writer.result(report, 16, |writer, report| writer.report(report)),
        }
    }
}
