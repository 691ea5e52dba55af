//! The types of `wit/scanner.wit`: what goes into the rules and what comes out. The WIT file documents them as a public
//! interface, and is the place to read.
//!
//! The component's face and the host each generate types of their own from the WIT file; [`wit_conversions!`] turns those
//! into these and back, so that every conversion is written once.
//!
//! [`wit_conversions!`]: crate::wit_conversions
#![allow(missing_docs, reason = "wit/scanner.wit documents every field and case")]

use alloc::string::String;
use alloc::vec::Vec;

/// Something that the plugin asks the host for. Paths are absolute, or relative to the working directory of the
/// process that the document of `processes` describes, and mean what they mean to that process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Want {
    /// The running processes of this name. Each of them is a target of its own; a target has one such document.
    Processes(String),
    /// The content of a regular file; symbolic links are followed.
    File(Vec<u8>),
    /// The entries of a directory, not of those below it. A path that is a symbolic link is not followed, unless it ends in `/`.
    Directory(Vec<u8>),
    /// Kind, mode and owner, without the content; symbolic links are followed.
    Metadata(Vec<u8>),
    /// Whether the process has an environment variable of this name; never its value.
    EnvironmentHas(String),
    /// The live configuration, the body of `/configz`.
    LiveConfiguration,
}

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    Regular,
    Directory,
    Symlink,
    /// A pipe, a socket, a device.
    Other,
}

/// A process. `arguments` are those after the program's name; `cwd` is empty where it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub arguments: Vec<Vec<u8>>,
    pub cwd: Vec<u8>,
    /// What else the host knows, by keys that it documents, such as `pid`.
    pub facts: Vec<(String, String)>,
}

/// `mode` holds the permission bits only (0o7777).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub kind: FileKind,
}

/// An entry of a directory; `kind` is that of the entry itself: a symbolic link is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: Vec<u8>,
    pub kind: FileKind,
}

/// See `wit/scanner.wit`, `content`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Process(Process),
    File(Vec<u8>),
    Directory(Vec<Entry>),
    /// Also the answer to `file` or `directory` where the path names something of another kind.
    Metadata(Metadata),
    Present(bool),
}

/// How a want was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Found(Content),
    Absent,
    /// The operating system refused access.
    Denied,
    /// The host's own policy refused; the text says why.
    Refused(String),
    /// The host's limit in bytes, or in entries for a directory.
    TooLarge(u64),
    /// The operating system's error.
    Failed(String),
    /// This host has no means to answer, such as a browser asked for a process.
    Unavailable,
}

/// See `wit/scanner.wit`, `document`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Chosen by the host, unique within the call.
    pub id: u32,
    pub answers: Want,
    pub outcome: Outcome,
}

/// Bytes `start..end` of a document: of a file's content, or of the argument number `part` of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub document: u32,
    pub part: u32,
    pub start: u32,
    pub end: u32,
}

/// See `wit/scanner.wit`, `place`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    At(Span),
    /// A document as a whole.
    Whole(u32),
    /// The target as a whole: there is no better place.
    Target,
}

/// A text for people (`text`) and for machines (`id`, kebab-case and stable, and its parameters).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub params: Vec<(String, String)>,
    pub text: String,
}

/// Where a value comes from, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Flag,
    DropIn,
    ConfigFile,
    Live,
    Default,
}

/// See `wit/scanner.wit`, `source`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub origin: Origin,
    pub value: String,
    pub place: Place,
    /// What stands there, for people: a flag's words, or which set of defaults.
    pub detail: String,
}

/// A value and how it was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    pub value: String,
    /// Whether the kubelet's own JSON leaves this value out, because it is the zero value.
    pub omitted: bool,
    pub by: Source,
    /// Maps are decided key by key.
    pub keys: Vec<(String, Source)>,
    /// The sources that were overridden, strongest first. A default is never among them.
    pub overridden: Vec<Source>,
}

/// See `wit/scanner.wit`, `effective`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effective {
    Known(Decided),
    Unknown(Message),
}

/// See `wit/scanner.wit`, `branch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub versions: Vec<String>,
    pub effective: Effective,
}

/// See `wit/scanner.wit`, `setting`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub name: String,
    /// Whether a configuration file has a place for it; otherwise it is a flag.
    pub in_file: bool,
    /// One, unless the version is not known and versions differ.
    pub branches: Vec<Branch>,
}

/// See `wit/scanner.wit`, `status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Pass,
    Fail,
    /// Only a person can decide.
    Manual,
    NotApplicable,
    /// Something could not be read, parsed or decided. Never a pass.
    Undetermined,
}

/// See `wit/scanner.wit`, `severity`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// A labelled place that shows why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub place: Place,
    pub label: Message,
}

/// A splice: the span's bytes are replaced by `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: Vec<u8>,
}

/// See `wit/scanner.wit`, `remedy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    pub text: Message,
    pub edits: Vec<Edit>,
    /// Why the edits alone would not help, such as a flag that overrides the file.
    pub blocked: Option<Message>,
}

/// Where a benchmark asks for a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub benchmark: String,
    pub number: String,
    pub level: u8,
    pub automated: bool,
}

/// The result of one check on one target, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub check: String,
    pub status: Status,
    pub severity: Severity,
    pub message: Message,
    pub primary: Evidence,
    pub related: Vec<Evidence>,
    pub notes: Vec<Message>,
    pub remedies: Vec<Remedy>,
    pub sections: Vec<Section>,
}

/// Something that is not as its author meant it, although the target works: a misspelt key that is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    pub message: Message,
    pub place: Place,
    pub edits: Vec<Edit>,
}

/// How far a target came before it refused its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Flags,
    Load,
    Dropin,
    Precedence,
    Validate,
    /// It printed a help text or a version, and ended.
    Exit,
    /// After all that: it started, and then ended.
    Run,
}

/// The target does not start, for these versions of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub versions: Vec<String>,
    pub stage: Stage,
    pub message: Message,
    pub place: Place,
}

/// See `wit/scanner.wit`, `report`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The versions that were judged, such as `1.37`.
    pub versions: Vec<String>,
    pub refusals: Vec<Refusal>,
    /// Empty unless the options ask for them.
    pub settings: Vec<Setting>,
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    /// What was wanted and not answered by a document that could be used.
    pub unmet: Vec<Want>,
    /// Text that must never be shown or stored: it may be a secret, or belongs to a document of another kind.
    pub withheld: Vec<Span>,
}

/// See `wit/scanner.wit`, `options`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A tag that `describe` lists; otherwise English.
    pub language: String,
    /// The checks to run; empty: all. A check that decides whether the target works at all always runs.
    pub checks: Vec<String>,
    /// Whether `report.settings` is wanted.
    pub list_settings: bool,
    /// Keys that `describe` declares.
    pub values: Vec<(String, String)>,
}

/// See `wit/scanner.wit`, `check`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub id: String,
    pub title: Message,
    /// What is asked for, why, and how the target decides it; paragraphs parted by an empty line.
    pub explanation: Message,
    pub severity: Severity,
    pub sections: Vec<Section>,
}

/// See `wit/scanner.wit`, `description`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    pub id: String,
    pub version: String,
    pub languages: Vec<String>,
    pub checks: Vec<Check>,
    /// The keys of `options.values`, with their meaning.
    pub options: Vec<(String, Message)>,
}

/// See `wit/scanner.wit`, `error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// An option that is not declared, or whose value is not understood.
    BadOption(String),
    /// This document does not answer its own want, or its id is not unique.
    BadDocument(u32),
    Internal(String),
}
