//! A bundle as it is written.

use super::{BASE64_STANDARD, Content, Document, Engine, Entry, FileKind, Metadata, Outcome, Process, Want};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// The keys of a bundle. Everything but `id` may be absent.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Form {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<u32>,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub args64: Vec<Base64>,
    /// Absent: the root. Empty: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cwd: Option<String>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    pub facts: Pairs,
    /// Names only. Absent: not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<Vec<String>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub files64: BTreeMap<String, Base64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dirs: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub symlinks: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, MetadataForm>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live64: Option<Base64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<InputForm>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
}

/// An input of a file: the file, and the input's id.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct InputForm {
    file: Bytes,
    pub id: String,
}

impl InputForm {
    pub fn new(file: &[u8], id: &str) -> InputForm {
        InputForm { file: file.into(), id: id.to_owned() }
    }

    /// What the file is asked for with.
    pub fn want(&self) -> Want {
        Want::File((&self.file).into())
    }
}

/// The keys of an object, whatever they hold. (With `serde(flatten)` in [`Form`], everything would be read into values first,
/// and the code for that would be a good part of what a browser loads.)
pub(super) struct Keys(pub Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Keys, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Keys;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Keys, M::Error> {
                let mut keys = vec![];
                while let Some(key) = map.next_key()? {
                    keys.push(key);
                    map.next_value::<de::IgnoredAny>()?;
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl Form {
    /// Its keys.
    pub const KEYS: [&str; 22] = [
        "schema", "id", "version", "args", "args64", "cwd", "facts", "env", "files", "files64", "dirs", "links",
        "symlinks", "unread", "other", "metadata", "denied", "failed", "live", "live64", "input", "answers",
    ];

    pub fn cwd(&self) -> &[u8] {
        self.cwd.as_ref().map_or(b"/", |cwd| cwd.as_bytes())
    }

    /// Records a document, as far as there is a key for what it says.
    pub fn record(&mut self, document: &Document) {
        match (&document.answers, &document.outcome) {
            (Want::Processes(_), Outcome::Found(Content::Process(process))) => self.record_process(process),
            (Want::EnvironmentHas(name), Outcome::Found(Content::Present(present))) => {
                self.env.get_or_insert_default().extend(present.then(|| name.clone()));
            }
            (Want::LiveConfiguration, Outcome::Found(Content::File(body))) => self.record_live(body),
            (Want::File(path) | Want::Directory(path) | Want::Metadata(path), outcome) => {
                // What has a path that is not UTF-8 is recorded as an answer.
                if let Ok(path) = str::from_utf8(path) {
                    self.record_path(path, outcome);
                }
            }
            _ => {}
        }
    }

    /// Brings order into what was recorded: a path may have been seen several times.
    pub fn settle(&mut self) {
        self.unread.retain(|path| !self.files.contains_key(path) && !self.files64.contains_key(path));
        for paths in [&mut self.dirs, &mut self.symlinks, &mut self.unread, &mut self.other, &mut self.denied] {
            paths.sort_unstable();
            paths.dedup();
        }
    }

    fn record_process(&mut self, process: &Process) {
        let texts: Result<Vec<_>, _> = process.arguments.iter().cloned().map(String::from_utf8).collect();
        match texts {
            Ok(arguments) => self.args = arguments,
            Err(_) => self.args64 = process.arguments.iter().cloned().map(Base64).collect(),
        }
        let cwd = str::from_utf8(&process.cwd).ok().filter(|cwd| *cwd != "/");
        self.cwd = cwd.map(str::to_owned);
        self.facts = Pairs(process.facts.clone());
    }

    fn record_live(&mut self, body: &[u8]) {
        let text = str::from_utf8(body).ok().filter(|text| text.starts_with('{') && !text.contains(['\n', '\r']));
        let json = text.and_then(|text| RawValue::from_string(text.to_owned()).ok());
        match json.filter(|json| json.get().as_bytes() == body) {
            Some(json) => self.live = Some(json),
            None => self.live64 = Some(Base64(body.to_vec())),
        }
    }

    fn record_path(&mut self, path: &str, outcome: &Outcome) {
        match outcome {
            Outcome::Found(Content::File(bytes)) => match str::from_utf8(bytes) {
                Ok(text) => drop(self.files.insert(path.to_owned(), text.to_owned())),
                Err(_) => drop(self.files64.insert(path.to_owned(), Base64(bytes.clone()))),
            },
            Outcome::Found(Content::Directory(entries)) => {
                let directory = path.trim_end_matches('/');
                self.record_kind(path, FileKind::Directory);
                for entry in entries {
                    if let Ok(name) = str::from_utf8(&entry.name) {
                        self.record_kind(&format!("{directory}/{name}"), entry.kind);
                    }
                }
            }
            Outcome::Found(Content::Metadata(metadata)) => {
                self.record_kind(path, metadata.kind);
                self.metadata.insert(path.to_owned(), MetadataForm::from(*metadata));
            }
            Outcome::Denied => self.denied.push(path.to_owned()),
            Outcome::Failed(reason) => drop(self.failed.insert(path.to_owned(), reason.clone())),
            _ => {}
        }
    }

    fn record_kind(&mut self, path: &str, kind: FileKind) {
        let trimmed = path.trim_end_matches('/');
        let path = if trimmed.is_empty() { "/" } else { trimmed }.to_owned();
        match kind {
            FileKind::Regular => self.unread.push(path),
            FileKind::Directory => self.dirs.push(path),
            FileKind::Symlink => self.symlinks.push(path),
            FileKind::Other => self.other.push(path),
        }
    }
}

/// Bytes in base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Base64(pub Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base64, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Base64).map_err(|error| de::Error::custom(format!("no base64: {error}")))
    }
}

/// An object whose keys keep their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Pairs, M::Error> {
                let mut pairs = vec![];
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// What a path names.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Regular,
    Directory,
    Symlink,
    Other,
}

impl From<FileKind> for Kind {
    fn from(kind: FileKind) -> Kind {
        match kind {
            FileKind::Regular => Kind::Regular,
            FileKind::Directory => Kind::Directory,
            FileKind::Symlink => Kind::Symlink,
            FileKind::Other => Kind::Other,
        }
    }
}

impl From<Kind> for FileKind {
    fn from(kind: Kind) -> FileKind {
        match kind {
            Kind::Regular => FileKind::Regular,
            Kind::Directory => FileKind::Directory,
            Kind::Symlink => FileKind::Symlink,
            Kind::Other => FileKind::Other,
        }
    }
}

/// Kind, mode (a decimal number) and owner.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct MetadataForm {
    mode: u32,
    uid: u32,
    gid: u32,
    kind: Kind,
}

impl From<Metadata> for MetadataForm {
    fn from(metadata: Metadata) -> MetadataForm {
        let Metadata { mode, uid, gid, kind } = metadata;
        MetadataForm { mode, uid, gid, kind: kind.into() }
    }
}

impl From<MetadataForm> for Metadata {
    fn from(form: MetadataForm) -> Metadata {
        let MetadataForm { mode, uid, gid, kind } = form;
        Metadata { mode, uid, gid, kind: kind.into() }
    }
}

/// Bytes: a string, or `{"base64":"…"}` where they are not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: Base64 },
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        struct TextOrBase64;
        impl<'de> Visitor<'de> for TextOrBase64 {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, or an object with `base64`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bytes, E> {
                Ok(Bytes::Text(text.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Bytes, M::Error> {
                let mut bytes = None;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "base64" => bytes = Some(Bytes::Base64 { base64: map.next_value()? }),
                        _ => drop(map.next_value::<de::IgnoredAny>()?),
                    }
                }
                bytes.ok_or_else(|| de::Error::missing_field("base64"))
            }
        }
        deserializer.deserialize_any(TextOrBase64)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        match str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64 { base64: Base64(bytes.to_vec()) },
        }
    }
}

impl From<&Bytes> for Vec<u8> {
    fn from(bytes: &Bytes) -> Vec<u8> {
        match bytes {
            Bytes::Text(text) => text.clone().into_bytes(),
            Bytes::Base64 { base64 } => base64.0.clone(),
        }
    }
}

/// A want and its answer.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    want: WantForm,
    outcome: OutcomeForm,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum WantForm {
    Processes(String),
    File(Bytes),
    Directory(Bytes),
    Metadata(Bytes),
    EnvironmentHas(String),
    LiveConfiguration,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum OutcomeForm {
    Process { arguments: Vec<Bytes>, cwd: Bytes, facts: Pairs },
    File(Bytes),
    Directory(Vec<(Bytes, Kind)>),
    Metadata(MetadataForm),
    Present(bool),
    Absent,
    Denied,
    Refused(String),
    TooLarge(u64),
    Failed(String),
    Unavailable,
}

impl Answer {
    pub fn of(document: &Document) -> Answer {
        Answer { want: WantForm::from(&document.answers), outcome: OutcomeForm::from(&document.outcome) }
    }

    pub fn is_for(&self, want: &Want) -> bool {
        self.want == WantForm::from(want)
    }

    pub fn outcome(&self) -> Outcome {
        Outcome::from(&self.outcome)
    }
}

impl From<&Want> for WantForm {
    fn from(want: &Want) -> WantForm {
        match want {
            Want::Processes(name) => WantForm::Processes(name.clone()),
            Want::File(path) => WantForm::File(path.as_slice().into()),
            Want::Directory(path) => WantForm::Directory(path.as_slice().into()),
            Want::Metadata(path) => WantForm::Metadata(path.as_slice().into()),
            Want::EnvironmentHas(name) => WantForm::EnvironmentHas(name.clone()),
            Want::LiveConfiguration => WantForm::LiveConfiguration,
        }
    }
}

impl From<&Outcome> for OutcomeForm {
    fn from(outcome: &Outcome) -> OutcomeForm {
        match outcome {
            Outcome::Found(Content::Process(process)) => OutcomeForm::Process {
                arguments: process.arguments.iter().map(|argument| argument.as_slice().into()).collect(),
                cwd: process.cwd.as_slice().into(),
                facts: Pairs(process.facts.clone()),
            },
            Outcome::Found(Content::File(bytes)) => OutcomeForm::File(bytes.as_slice().into()),
            Outcome::Found(Content::Directory(entries)) => OutcomeForm::Directory(
                entries.iter().map(|entry| (entry.name.as_slice().into(), entry.kind.into())).collect(),
            ),
            Outcome::Found(Content::Metadata(metadata)) => OutcomeForm::Metadata((*metadata).into()),
            Outcome::Found(Content::Present(present)) => OutcomeForm::Present(*present),
            Outcome::Absent => OutcomeForm::Absent,
            Outcome::Denied => OutcomeForm::Denied,
            Outcome::Refused(reason) => OutcomeForm::Refused(reason.clone()),
            Outcome::TooLarge(limit) => OutcomeForm::TooLarge(*limit),
            Outcome::Failed(reason) => OutcomeForm::Failed(reason.clone()),
            Outcome::Unavailable => OutcomeForm::Unavailable,
        }
    }
}

impl From<&OutcomeForm> for Outcome {
    fn from(form: &OutcomeForm) -> Outcome {
        match form {
            OutcomeForm::Process { arguments, cwd, facts } => Outcome::Found(Content::Process(Process {
                arguments: arguments.iter().map(Vec::from).collect(),
                cwd: cwd.into(),
                facts: facts.0.clone(),
            })),
            OutcomeForm::File(bytes) => Outcome::Found(Content::File(bytes.into())),
            OutcomeForm::Directory(entries) => {
                let entry = |(name, kind): &(Bytes, Kind)| Entry { name: name.into(), kind: (*kind).into() };
                Outcome::Found(Content::Directory(entries.iter().map(entry).collect()))
            }
            OutcomeForm::Metadata(metadata) => Outcome::Found(Content::Metadata((*metadata).into())),
            OutcomeForm::Present(present) => Outcome::Found(Content::Present(*present)),
            OutcomeForm::Absent => Outcome::Absent,
            OutcomeForm::Denied => Outcome::Denied,
            OutcomeForm::Refused(reason) => Outcome::Refused(reason.clone()),
            OutcomeForm::TooLarge(limit) => Outcome::TooLarge(*limit),
            OutcomeForm::Failed(reason) => Outcome::Failed(reason.clone()),
            OutcomeForm::Unavailable => Outcome::Unavailable,
        }
    }
}
