//! Documents as a platform would lay them out on a node for an input of another form: see [`input`](crate::input). They stand
//! nowhere, but what they hold does: their trees have the places of the file that the input is from.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::config::Claim;
use super::embedded::CommandLine;
use super::file::AskedEdit;
use super::surface::Version;
use super::{Refused, STAND_IN, Unknown};
use crate::message::Said;
use crate::model::{Content, Document, Entry, FileKind, Outcome, Place, Process, Want};
use crate::text::edit::{self, Splice};
use crate::text::{self, Format, Text, Value};

/// Where what stands nowhere in the file stands: what the platform itself sets.
pub const NOWHERE: Range<usize> = u32::MAX as usize..u32::MAX as usize;

/// What a platform makes of an input.
pub struct LaidOut {
    /// By version, oldest first.
    pub layouts: Vec<Layout>,
    /// What the platform refuses.
    pub refused: Option<Box<Refused>>,
    /// Why it cannot be told what it comes to.
    pub unknown: Option<Box<Unknown>>,
    /// Why it cannot be told what the files come to: flags win over them, whatever they say.
    pub files_unknown: Option<Box<Unknown>>,
    /// Settings that the platform decides, where nothing here does, and nobody knows how.
    pub doubts: Vec<Doubt>,
    /// Documents that can be edited, by their numbers, with the part of the file that they are from.
    pub regions: Vec<(u32, Region)>,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Why a setting is not known.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Its path; a flag that has no place in a file is called as on the command line.
    pub path: String,
    /// Why.
    pub why: Said,
    /// Whether that is so whatever decides it otherwise; if not, only where nothing in the file decides it.
    pub always: bool,
}

impl Doubt {
    /// Whether this leaves the setting unknown that a source decided.
    pub fn concerns(&self, path: &str, decider: Option<&Claim>) -> bool {
        let is_below = |path: &str, above: &str| path.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'));
        let is_decided = || decider.is_some_and(|claim| !is_nowhere(claim.place));
        // A key of a map leaves the map unknown, and an object everything below it.
        is_below(&self.path, path)
            || (self.path == path || is_below(path, &self.path)) && (self.always || !is_decided())
    }
}

/// The part of a file that a document is from.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its bytes: an object of its own.
    pub range: Range<usize>,
    /// The keys from there to the object of the settings, which need not be there.
    pub prefix: Vec<String>,
    /// How it is read.
    pub format: Format,
    /// The form's own key and value for a setting and its value, where they are not the kubelet's.
    pub rename: Option<Rename>,
    /// Outermost keys of settings that the platform takes from nobody.
    pub except: &'static [&'static str],
}

/// The form's own key and value for the path of a setting and its value; none where the form has no key for it.
pub type Rename = fn(&str, &Value) -> Option<(String, Value)>;

impl Region {
    /// The file with nothing but this part in it, at its place.
    fn alone(&self, bytes: &[u8]) -> Vec<u8> {
        let blank = |(at, byte): (usize, &u8)| match self.range.contains(&at) || matches!(byte, b'\n' | b'\r') {
            true => *byte,
            false => b' ',
        };
        let mut alone: Vec<u8> = bytes.iter().enumerate().map(blank).collect();
        // What begins with a brace would be taken for JSON.
        if self.format == Format::Yaml && bytes.get(self.range.start) == Some(&b'{') && self.range.start >= MARK.len() {
            alone[..MARK.len()].copy_from_slice(MARK);
        }
        alone
    }

    /// The splices of the file that give a setting a value.
    fn edit(&self, bytes: &[u8], asked: &AskedEdit, value: &Value) -> Option<Vec<Splice>> {
        let AskedEdit { path, near, copies, .. } = asked;
        if path.split('.').next().is_some_and(|key| self.except.contains(&key)) {
            return None;
        }
        let (path, value) = match self.rename {
            None => (path.clone(), value.clone()),
            Some(rename) => rename(path, value)?,
        };
        let alone = self.alone(bytes);
        let text = text::read(&alone).ok()?;
        let path: Vec<&str> = self.prefix.iter().map(String::as_str).chain(path.split('.')).collect();
        edit::set(&alone, &text, &path, &value, near.clone(), *copies)
    }
}

/// Begins a document of YAML.
const MARK: &[u8] = b"--- ";

/// The documents of a kubelet from some version on.
pub struct Layout {
    /// The first minor.
    pub since: u8,
    /// The process and the files.
    pub documents: Vec<Document>,
    /// The arguments, with their places.
    pub line: CommandLine,
    /// What is read of the files.
    pub texts: Vec<(u32, Rc<Text>)>,
    process: Process,
}

impl Layout {
    /// A kubelet with these arguments, and no files yet.
    pub fn new(since: u8, words: Vec<(Vec<u8>, Place)>) -> Layout {
        let arguments = words.iter().map(|(word, _)| word.clone()).collect();
        // Not all of the arguments are known.
        let facts = vec![(STAND_IN.into(), "true".into())];
        let process = Process { arguments, cwd: vec![], facts };
        Layout { since, documents: vec![], line: CommandLine::of(words), texts: vec![], process }
    }

    /// The process.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Adds a file; where there is no tree, what it holds is read.
    pub fn add_file(&mut self, id: u32, path: &str, bytes: Vec<u8>, text: Option<Text>) {
        let outcome = Outcome::Found(Content::File(bytes));
        self.documents.push(Document { id, answers: Want::File(path.into()), outcome });
        self.texts.extend(text.map(|text| (id, Rc::new(text))));
    }

    /// Adds a drop-in directory with files of these names, and what has to be in the environment for it.
    pub fn add_directory(&mut self, id: u32, path: &str, names: Vec<String>) {
        let entry = |name: String| Entry { name: name.into_bytes(), kind: FileKind::Regular };
        let entries = names.into_iter().map(entry).collect();
        let outcome = Outcome::Found(Content::Directory(entries));
        self.documents.push(Document { id, answers: Want::Directory(path.into()), outcome });
        let guard = Outcome::Found(Content::Present(true));
        let answers = Want::EnvironmentHas(super::GUARD.into());
        self.documents.push(Document { id: id.wrapping_add(1), answers, outcome: guard });
    }
}

impl LaidOut {
    /// The splices of the file that give a setting of a document a value.
    pub fn edit(&self, asked: &AskedEdit, value: &Value) -> Option<Vec<Splice>> {
        let (_, region) = self.regions.iter().find(|(known, _)| *known == asked.document)?;
        region.edit(&self.bytes, asked, value)
    }

    /// The layout for a version; none where there is none at all.
    pub fn of(&self, version: Version) -> Option<&Layout> {
        let fitting = self.layouts.iter().rfind(|layout| layout.since <= version.minor());
        fitting.or(self.layouts.first())
    }
}

/// A text that a platform has no say in.
pub fn is_nowhere(place: Place) -> bool {
    matches!(place, Place::At(span) if span.start == u32::MAX)
}
