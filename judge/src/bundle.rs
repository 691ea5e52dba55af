//! Bundles: the recorded documents of one target, to be replayed.
//!
//! A bundle is a JSON object that describes a process and the part of a file system that it needs. Beside what a person would
//! write (`args`, `files`, `dirs`, `links`, …) there are keys for what only a recording knows:
//!
//! - `unread`: regular files that were seen and not read; `other`: pipes, sockets, devices;
//! - `symlinks`: symbolic links whose target is not known; what was found through one stands at its own path;
//! - `live64`: a body of `/configz` that is no JSON object in one line;
//! - `input`: the file and the id of an input of it, where that is the target and not a process;
//! - `answers`: answers that nothing else in the bundle yields, each with its want, such as a refusal by the host's policy or a
//!   path that is not UTF-8. They come before everything else.
//!
//! A bundle that holds `live`, and neither arguments, files nor facts, is what runs, alone.

mod form;
mod tree;

use crate::collect::Source;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use form::{Answer, Base64, Form, InputForm, Keys};
use kubevet_report::escape;
use kubevet_rules::model::{Content, Document, Entry, FileKind, Metadata, Outcome, Process, Want};
use serde_json::value::RawValue;
use std::fmt;
use tree::Tree;

/// The longest bundle of one target, in bytes: some hundred documents of the largest size that a host reads.
pub const MAX_BUNDLE_LINE: usize = 64 << 20;

/// The longest message of an error, in characters: it quotes the bundle.
const LONGEST_MESSAGE: usize = 200;

/// The recorded documents of one target.
#[derive(Clone, Debug)]
pub struct Bundle {
    form: Form,
    tree: Tree,
    /// Keys that nobody knows.
    unknown: Vec<String>,
}

/// Why a text is no bundle, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleError {
    line: usize,
    column: usize,
    message: String,
}

impl BundleError {
    /// The same error in a text in which `lines` lines stand before this one.
    fn after(self, lines: usize) -> BundleError {
        BundleError { line: self.line + lines, ..self }
    }
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for BundleError {}

impl From<serde_json::Error> for BundleError {
    fn from(error: serde_json::Error) -> BundleError {
        let message = error.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        // A string of the wrong place may be a file, which is never quoted.
        let what = match (what.find("string \""), what.rfind("\", expected")) {
            (Some(start), Some(end)) => format!("{}string{}", &what[..start], &what[end + 1..]),
            _ => what.to_owned(),
        };
        BundleError { line: error.line(), column: error.column(), message: one_line(&what) }
    }
}

/// An error that concerns the bundle as a whole.
fn error(message: impl AsRef<str>) -> BundleError {
    BundleError { line: 1, column: 1, message: one_line(message.as_ref()) }
}

fn one_line(message: &str) -> String {
    escape::text(message).chars().take(LONGEST_MESSAGE).collect()
}

impl Bundle {
    /// Reads one bundle.
    pub fn parse(text: &str) -> Result<Bundle, BundleError> {
        if text.len() > MAX_BUNDLE_LINE {
            return Err(error(format!("the bundle has more than {MAX_BUNDLE_LINE} bytes")));
        }
        let form: Form = serde_json::from_str(text)?;
        let Keys(mut unknown) = serde_json::from_str(text)?;
        // `expect` and `why` are what goldens carry.
        unknown.retain(|key| !Form::KEYS.contains(&key.as_str()) && !matches!(key.as_str(), "expect" | "why"));
        unknown.sort_unstable();
        Ok(Bundle { unknown, ..Bundle::new(form)? })
    }

    /// A directory with these files in it, by their names, and nothing else.
    #[must_use]
    pub fn of_directory(path: &str, files: impl Iterator<Item = (String, String)>) -> Bundle {
        let mut form = Form { id: path.to_owned(), dirs: vec![path.to_owned()], ..Form::default() };
        for (name, text) in files {
            form.files.insert(format!("{path}/{name}"), text);
        }
        Bundle::from(form)
    }

    /// Reads all bundles of a text: one a line, or any number of JSON objects over several lines. Where the lines are
    /// bundles, a broken one does not spoil the others.
    pub fn parse_all(text: &str) -> Vec<Result<Bundle, BundleError>> {
        let mut bundles = vec![];
        // How many lines stand before this byte.
        let (mut lines, mut counted) = (0, 0);
        let mut objects = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
        loop {
            match objects.next() {
                None => return bundles,
                Some(Ok(object)) => {
                    let start = objects.byte_offset() - object.get().len();
                    lines += text[counted..start].matches('\n').count();
                    counted = start;
                    bundles.push(Bundle::parse(object.get()).map_err(|error| error.after(lines)));
                }
                Some(Err(broken)) => return line_by_line(text).unwrap_or_else(|| vec![Err(broken.into())]),
            }
        }
    }

    fn new(mut form: Form) -> Result<Bundle, BundleError> {
        if form.id.is_empty() {
            return Err(error("the bundle has no `id`"));
        }
        if form.schema.is_some_and(|schema| schema != 1) {
            return Err(error("this is a bundle of another schema than 1"));
        }
        if !form.args.is_empty() && !form.args64.is_empty() {
            return Err(error("`args` and `args64` exclude each other"));
        }
        if let Some(path) = form.files.keys().find(|path| form.files64.contains_key(*path)) {
            return Err(error(format!("{path} stands in `files` and in `files64`")));
        }
        // A body over several lines would break the line that the bundle is written as.
        if let Some(live) = form.live.take_if(|live| live.get().contains(['\n', '\r'])) {
            form.live64 = Some(Base64(live.get().as_bytes().to_vec()));
        }
        Ok(Bundle::from(form))
    }

    /// What the target is called.
    pub fn id(&self) -> &str {
        &self.form.id
    }

    /// The version of the kubelet, if the bundle says so.
    pub fn version(&self) -> Option<&str> {
        self.form.version.as_deref()
    }

    /// The same bundle with the version of the kubelet.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<String>) -> Bundle {
        self.form.version = Some(version.into());
        self
    }

    /// The same bundle for an input of a file that it holds.
    #[must_use]
    pub fn of_input(mut self, file: &[u8], id: &str) -> Bundle {
        self.form.input = Some(InputForm::new(file, id));
        self
    }

    /// What is odd about the bundle and does no harm, in a line each: keys that nobody knows.
    pub fn notes(&self) -> Vec<String> {
        let note = |key: &String| format!("unknown key `{}` in the bundle is ignored", escape::text(key));
        self.unknown.iter().map(note).collect()
    }

    /// Answers a want as the target would.
    pub fn answer(&self, want: &Want) -> Outcome {
        if let Some(answer) = self.form.answers.iter().find(|answer| answer.is_for(want)) {
            return answer.outcome();
        }
        match want {
            Want::Processes(_) if self.is_live_alone() => Outcome::Unavailable,
            Want::Processes(_) => Outcome::Found(Content::Process(self.process())),
            Want::File(path) => self.tree.file(path),
            Want::Directory(path) => self.tree.directory(path),
            Want::Metadata(path) => self.tree.metadata(path),
            Want::EnvironmentHas(name) => match &self.form.env {
                Some(names) => Outcome::Found(Content::Present(names.contains(name))),
                None => Outcome::Unavailable,
            },
            Want::LiveConfiguration => match (&self.form.live, &self.form.live64) {
                (Some(live), _) => Outcome::Found(Content::File(live.get().as_bytes().to_vec())),
                (None, Some(live)) => Outcome::Found(Content::File(live.0.clone())),
                (None, None) => Outcome::Unavailable,
            },
        }
    }

    /// Whether there is nothing but what runs: no arguments and no files. A kubelet that has neither says so in `answers`.
    fn is_live_alone(&self) -> bool {
        let Form { live, live64, args, args64, cwd, facts, env, files, files64, dirs, .. } = &self.form;
        (live.is_some() || live64.is_some())
            && (args.is_empty() && args64.is_empty() && files.is_empty() && files64.is_empty() && dirs.is_empty())
            && (cwd.is_none() && env.is_none() && facts.0.is_empty())
    }

    fn process(&self) -> Process {
        let arguments = if self.form.args64.is_empty() {
            self.form.args.iter().map(|argument| argument.clone().into_bytes()).collect()
        } else {
            self.form.args64.iter().map(|argument| argument.0.clone()).collect()
        };
        Process { arguments, cwd: self.form.cwd().to_vec(), facts: self.form.facts.0.clone() }
    }

    /// Records documents, so that the bundle answers the wants of all of them in the same way.
    pub fn record(id: &str, documents: &[Document]) -> Bundle {
        let mut form = Form { schema: Some(1), id: id.to_owned(), ..Form::default() };
        documents.iter().for_each(|document| form.record(document));
        form.settle();
        let mut bundle = Bundle::from(form);
        for document in documents {
            if bundle.answer(&document.answers) != document.outcome {
                bundle.form.answers.push(Answer::of(document));
            }
        }
        bundle
    }

    /// The bundle as a line, without the line feed.
    pub fn to_line(&self) -> Result<String, BundleError> {
        let line = serde_json::to_string(&self.form)?;
        if line.len() > MAX_BUNDLE_LINE {
            return Err(error(format!("the bundle has more than {MAX_BUNDLE_LINE} bytes")));
        }
        Ok(line)
    }
}

impl From<Form> for Bundle {
    fn from(form: Form) -> Bundle {
        let tree = Tree::new(&form);
        Bundle { form, tree, unknown: vec![] }
    }
}

impl Source for Bundle {
    fn answer(&self, want: &Want) -> Outcome {
        Bundle::answer(self, want)
    }

    fn input(&self) -> Option<(Document, &str)> {
        let input = self.form.input.as_ref()?;
        let answers = input.want();
        let outcome = Bundle::answer(self, &answers);
        Some((Document { id: 0, answers, outcome }, &input.id))
    }
}

/// The bundles of a text, a line each; none if no line is a bundle.
fn line_by_line(text: &str) -> Option<Vec<Result<Bundle, BundleError>>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let bundles: Vec<_> =
        lines.map(|(number, line)| Bundle::parse(line).map_err(|error| error.after(number))).collect();
    bundles.iter().any(Result::is_ok).then_some(bundles)
}

#[cfg(test)]
mod tests;
