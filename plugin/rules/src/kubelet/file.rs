//! The configuration file: `--config`.
//!
//! Follows `loadConfigFile` (cmd/kubelet/app/server.go), pkg/kubelet/kubeletconfig/configfiles and util/codec, and the strict and
//! the lenient decoder of apimachinery (pkg/runtime/serializer/json/json.go).

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell, RefCell};
use core::ops::Range;

use super::config::{Claim, Config, Leaf, zero};
use super::decode::{self, Mismatch};
use super::defaults;
use super::embedded::CommandLine;
use super::gates::Gates;
use super::problems::Problems;
use super::surface::{FIELDS, Field, Kind};
use super::{Refused, paths};
use crate::collections::{self, Map};
use crate::json::Json;
use crate::message::{Text as Telling, Words, message};
use crate::model::{Origin, Place, Severity, Span, Stage};
use crate::text::edit::Splice;
use crate::text::{self, Member, Node, SyntaxError, Text, Value};

/// How many bytes of documents are kept as trees, which take some fifty times as much: that is more than all documents of a
/// target have, unless it is out to fill the memory.
const MAX_KEPT: usize = 1 << 20;

/// Documents that were read, for the next version that reads them.
#[derive(Default)]
pub struct Texts {
    /// The command line of a kubelet inside of another process, put together once.
    pub(super) embedded: OnceCell<Option<CommandLine>>,
    kept: RefCell<Vec<(u32, Rc<Text>)>>,
    bytes: Cell<usize>,
    /// Edits that were found, for the next version that asks for the same.
    edits: RefCell<Vec<(AskedEdit, Option<Vec<Splice>>)>>,
}

/// A document, the path of a setting, its value, and where it stands now.
pub type AskedEdit = (u32, String, String, Option<Range<usize>>);

impl Texts {
    /// The edit that is asked for, found once.
    pub(super) fn edit(
        &self,
        asked: AskedEdit,
        find: impl FnOnce(&AskedEdit) -> Option<Vec<Splice>>,
    ) -> Option<Vec<Splice>> {
        if let Some((_, known)) = self.edits.borrow().iter().find(|(known, _)| *known == asked) {
            return known.clone();
        }
        let found = find(&asked);
        self.edits.borrow_mut().push((asked, found.clone()));
        found
    }

    /// Takes a document that was read elsewhere.
    pub(super) fn know(&self, document: u32, text: &Rc<Text>) {
        self.kept.borrow_mut().push((document, Rc::clone(text)));
    }

    /// Reads a document, unless that was done.
    pub(super) fn read(&self, document: u32, bytes: &[u8]) -> Result<Rc<Text>, SyntaxError> {
        if let Some((_, text)) = self.kept.borrow().iter().find(|(known, _)| *known == document) {
            return Ok(Rc::clone(text));
        }
        let text = Rc::new(text::read(bytes)?);
        if self.bytes.get() + bytes.len() <= MAX_KEPT {
            self.bytes.set(self.bytes.get() + bytes.len());
            self.kept.borrow_mut().push((document, Rc::clone(&text)));
        }
        Ok(text)
    }
}

/// A document that is being loaded: its number, and the stage that it belongs to.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The document.
    pub document: u32,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// The stage that fails with it.
    pub stage: Stage,
    /// Where it may have been read already.
    pub texts: &'a Texts,
    /// Its path.
    pub path: &'a [u8],
}

impl Source<'_> {
    /// A place in this document.
    pub fn at(&self, span: &core::ops::Range<usize>) -> Place {
        Place::At(Span { document: self.document, part: 0, start: span.start as u32, end: span.end as u32 })
    }

    /// The kubelet refuses this document.
    pub fn refused(&self, id: &'static str, place: Place, text: impl Into<Telling>) -> Box<Refused> {
        Refused::new(self.stage, message(id, text), place)
    }

    /// Reads the text, and checks that it is a KubeletConfiguration. Whether it is one is told apart from how it is refused:
    /// `problems` withholds the text of everything else.
    pub fn read(&self, problems: &mut Problems) -> Result<Rc<Text>, Box<Refused>> {
        self.read_if(problems, |header| header.check())
    }

    /// The same for drop-ins of 1.29 to 1.31, which may be of any kind (pkg/kubelet/kubeletconfig/util/codec): it has to be
    /// named, and that is all.
    pub fn read_of_any_kind(&self, problems: &mut Problems) -> Result<Rc<Text>, Box<Refused>> {
        let text = self.read_if(problems, |header| header.check_any())?;
        if Header::peek(&text).is_ok_and(|header| header.check().is_ok()) {
            return Ok(text);
        }
        if let Value::Object(members) = &text.root.value {
            self.withhold_unknown(members, problems);
        }
        Ok(text)
    }

    /// What the kubelet takes from a document of another kind may be shown, also where a merge (`<<`) finds it in a value
    /// that the kubelet does not take; the rest may be anybody's secret.
    fn withhold_unknown(&self, members: &[Member], problems: &mut Problems) {
        let spans = |known: bool| {
            let wanted = move |member: &&Member| decode::folded(FIELDS, &member.key, |_| true).is_some() == known;
            let span = |member: &Member| member.key_span.start..member.value.span.end.max(member.key_span.end);
            members.iter().filter(wanted).map(span).collect::<Vec<_>>()
        };
        let known = spans(true);
        let order = collections::order(known.len(), &|a, b| known[a].start.cmp(&known[b].start));
        for unknown in spans(false) {
            let mut start = unknown.start;
            let first = order.partition_point(|&at| known[at].start < start);
            for shown in order[first..].iter().map(|&at| &known[at]).take_while(|shown| shown.start < unknown.end) {
                problems.withhold_span(self.document, &(start..shown.start.max(start)));
                start = start.max(shown.end);
            }
            problems.withhold_span(self.document, &(start..unknown.end.max(start)));
        }
    }

    fn read_if(
        &self,
        problems: &mut Problems,
        check: fn(&Header) -> Result<(), Telling>,
    ) -> Result<Rc<Text>, Box<Refused>> {
        let whole = Place::Whole(self.document);
        if self.bytes.is_empty() {
            return Err(self.refused(
                "empty-document",
                whole,
                words!(
                    "the file is empty, and the kubelet takes no empty configuration",
                    "ファイルが空です。kubelet は空の設定を受け付けません"
                ),
            ));
        }
        let text = self.texts.read(self.document, self.bytes).map_err(|error| {
            // A broken configuration deserves a snippet; a broken document of another kind may be anybody's secret.
            if !self.bytes.windows(KIND.len()).any(|window| window == KIND.as_bytes()) {
                problems.withhold(self.document, self.bytes.len());
            }
            self.refused("syntax", self.at(&error.span), error.words)
        })?;
        match Header::peek(&text).and_then(|header| check(&header)) {
            Ok(()) => Ok(text),
            Err(reason) => {
                problems.withhold(self.document, self.bytes.len());
                Err(self.refused(
                    "not-a-kubelet-configuration",
                    whole,
                    text!(
                        "this is no KubeletConfiguration: {reason}",
                        "これは KubeletConfiguration ではありません: {reason}",
                        reason
                    ),
                ))
            }
        }
    }

    fn origin(&self) -> Origin {
        if self.stage == Stage::Dropin { Origin::DropIn } else { Origin::ConfigFile }
    }
}

const KIND: &str = "KubeletConfiguration";
const INTERNAL: &str = "kubelet.config.k8s.io/__internal";
const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";

const NO_KIND: Words = words!("it has no `kind`", "`kind` がありません");

/// `apiVersion` and `kind`, as `encoding/json` finds them: it does not care for the case of keys.
#[derive(Default)]
struct Header {
    api_version: String,
    kind: String,
}

impl Header {
    fn peek(text: &Text) -> Result<Header, Telling> {
        let mut header = Header::default();
        let members = match &text.root.value {
            Value::Object(members) => in_go_order(members, text.format),
            Value::Null => vec![],
            _ => {
                return Err(
                    words!("the outermost value is no object", "最も外側の値がオブジェクトではありません").into()
                );
            }
        };
        for member in members {
            let field = match &*member.key {
                key if decode::folds_to(key, "apiversion") => &mut header.api_version,
                key if decode::folds_to(key, "kind") => &mut header.kind,
                _ => continue,
            };
            match &member.value.value {
                Value::String(text) => *field = text.clone(),
                Value::Null => {}
                _ => {
                    return Err(text!("`{key}` is no string", "`{key}` が文字列ではありません", key = &*member.key));
                }
            }
        }
        Ok(header)
    }

    fn check(&self) -> Result<(), Telling> {
        let Header { api_version, kind } = self;
        match (kind.as_str(), api_version.as_str()) {
            (KIND, API_VERSION) => Ok(()),
            ("", _) => Err(NO_KIND.into()),
            (_, "") => Err(words!("it has no `apiVersion`", "`apiVersion` がありません").into()),
            (KIND, _) => Err(text!(
                "its apiVersion is `{found}`, not `{wanted}`",
                "apiVersion が `{wanted}` ではなく `{found}` です",
                found = named(api_version),
                wanted = API_VERSION
            )),
            _ => Err(text!(
                "its kind is `{kind}` of `{version}`",
                "kind が `{version}` の `{kind}` です",
                kind = named(kind),
                version = named(api_version)
            )),
        }
    }

    /// The kubelet's own form is registered, too, although no file is meant to have it. Its keys are Go's names, which are
    /// not read here: without defaults the kubelet refuses it in any case.
    fn check_main(&self) -> Result<(), Telling> {
        match (self.kind.as_str(), self.api_version.as_str()) {
            (KIND, INTERNAL) => Ok(()),
            _ => self.check(),
        }
    }

    fn check_any(&self) -> Result<(), Telling> {
        match self.kind.as_str() {
            "" => Err(NO_KIND.into()),
            _ if self.api_version.matches('/').count() > 1 => Err(text!(
                "its apiVersion is `{version}`",
                "apiVersion が `{version}` です",
                version = named(&self.api_version)
            )),
            _ => Ok(()),
        }
    }
}

/// A name out of a document that may be anything: shown as far as it looks like a name.
fn named(name: &str) -> &str {
    let end =
        name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '/' | '-' | '_')).unwrap_or(name.len());
    &name[..end.min(80)]
}

/// The members in the order in which Go decodes them: YAML has become a map, which is written with its keys sorted.
fn in_go_order(members: &[Member], format: text::Format) -> Vec<&Member> {
    let members: Vec<_> = members.iter().filter(|member| !member.shadowed).collect();
    if format == text::Format::Json {
        return members;
    }
    let order = collections::order(members.len(), &|a, b| members[a].key.cmp(&members[b].key));
    order.into_iter().map(|at| members[at]).collect()
}

/// Loads the file over nothing. `gates` are those that flags have set; `folder` is the file's, for relative paths.
pub fn load(
    config: &mut Config,
    source: Source,
    gates: &Gates,
    folder: &Folder,
    problems: &mut Problems,
) -> Result<(), Box<Refused>> {
    let text = source.read_if(problems, Header::check_main)?;
    if Header::peek(&text).is_ok_and(|header| header.api_version == INTERNAL) {
        let text = words!(
            "this is the kubelet's internal form: nothing gets a default, and validation refuses that",
            "これは kubelet の内部形式です。デフォルト値が設定されないため、検証で拒否されます"
        );
        problems.add(Severity::High, message("internal-form", text), Place::Whole(source.document));
        config.for_each_leaf(zero_inside);
        defaults::set_eviction(config);
        return Ok(());
    }
    problems.odd_scalars(&source, &text.root);
    let mut loader = Loader { source, format: text.format, config, problems };
    loader.structure("this", FIELDS, &text.root)?;
    defaults::set(config, gates).map_err(|error| {
        let place = config
            .at("featureGates")
            .and_then(|leaf| leaf.keys.get(error.name()))
            .map_or(Place::Whole(source.document), |claim| claim.place);
        source.refused("feature-gate", place, error.text(config.version))
    })?;
    resolve_paths(config, folder, problems);
    defaults::set_eviction(config);
    Ok(())
}

/// Without defaults, a field of the internal type is zero, and then shown; only these few are pointers there, too
/// (pkg/kubelet/apis/config/types.go).
fn zero_inside(field: &'static Field, leaf: &mut Leaf) {
    let stays_nil = matches!(
        field.path(),
        "singleProcessOOMKill"
            | "maxParallelImagePulls"
            | "crashLoopBackOff.maxContainerRestartPeriod"
            | "memoryThrottlingFactor"
    );
    let below_pointer = field.path().starts_with("tracing.") || field.path().starts_with("userNamespaces.");
    let is_scalar = matches!(field.kind, Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Text);
    let is_struct = matches!(field.kind, Kind::Duration | Kind::Quantity);
    if (is_struct || is_scalar && field.pointer) && !stays_nil && !below_pointer {
        leaf.value = Some(zero(&field.kind));
    }
    // What is written as a text is switched on by a default (`TimeOrMetaDuration`, component-base logs/api/v1).
    if matches!(field.kind, Kind::DurationOrNanoseconds) {
        leaf.value = Some(Json::Int(0));
    }
}

struct Loader<'a, 'b> {
    source: Source<'a>,
    format: text::Format,
    config: &'b mut Config,
    problems: &'b mut Problems,
}

impl Loader<'_, '_> {
    /// Decodes an object into the fields, exact in case, duplicates in turn.
    fn structure(&mut self, path: &str, fields: &'static [Field], node: &Node) -> Result<(), Box<Refused>> {
        let members = match &node.value {
            Value::Object(members) => members,
            Value::Null => return Ok(()),
            _ => {
                return Err(self.mismatch(path, *Mismatch::at(node, decode::MUST_BE_OBJECT)));
            }
        };
        self.note_duplicates(members);
        let version = self.config.version;
        for member in members.iter().filter(|member| !member.shadowed) {
            match fields.iter().find(|field| field.is(&member.key) && version.is_in(field.versions)) {
                Some(field) => self.member(field, member)?,
                None => self.problems.unknown_key(&self.source, fields, member, version),
            }
        }
        Ok(())
    }

    fn member(&mut self, field: &'static Field, member: &Member) -> Result<(), Box<Refused>> {
        let node = &member.value;
        if let Kind::Struct(below) = &field.kind {
            if field.pointer {
                let there = node.value != Value::Null;
                self.config.leaf_mut(field).value = there.then(|| Json::Map(Map::new()));
                if !there {
                    reset(below, self.config);
                }
            }
            return self.structure(field.path(), below, node);
        }
        let before = self.config.leaf(field).value.as_ref();
        let value = decode::field_value_over(before, field, node, self.format)
            .map_err(|mismatch| self.mismatch(field.path(), *mismatch))?;
        if field.path() == "staticPodURLHeader" {
            self.problems.withhold_span(self.source.document, &node.span);
        }
        match value {
            None => {}
            Some(Json::Null) => self.config.leaf_mut(field).reset(),
            Some(value) => self.claim(field, node, value),
        }
        if node.value == Value::Null && !matches!(field.name(), "apiVersion" | "kind") {
            self.problems.null_key(&self.source, field, member);
        }
        Ok(())
    }

    fn claim(&mut self, field: &'static Field, node: &Node, value: Json) {
        let at = |node: &Node, value: Json| Claim {
            origin: self.source.origin(),
            value,
            place: self.source.at(&node.span),
            detail: String::new(),
        };
        let claim = at(node, value);
        let leaf = self.config.leaf_mut(field);
        match (&claim.value, &node.value) {
            (Json::Map(map), Value::Object(members)) => {
                let keys = members.iter().filter(|member| !member.shadowed).filter_map(|member| {
                    let value = map.get(&member.key)?.clone();
                    Some((member.key.clone(), at(&member.value, value)))
                });
                let keys = collections::map(keys);
                leaf.claim_keys(claim, keys);
            }
            _ => leaf.claim(claim),
        }
    }

    fn note_duplicates(&mut self, members: &[Member]) {
        let backwards: Vec<_> = members.iter().rev().collect();
        for (member, _) in backwards.iter().zip(text::repeated(&backwards)).filter(|(_, repeated)| *repeated) {
            self.problems.duplicate_key(&self.source, member);
        }
    }

    fn mismatch(&self, path: &str, mismatch: Mismatch) -> Box<Refused> {
        let text = decode::about(path, mismatch.message);
        self.source.refused("wrong-type", self.source.at(&mismatch.span), text)
    }
}

/// A struct becomes nil, and everything in it with it.
pub fn reset(fields: &[Field], config: &mut Config) {
    for field in fields {
        match field.kind {
            Kind::Struct(below) => reset(below, config),
            _ => config.leaf_mut(field).reset(),
        }
    }
}

/// The folder of the configuration file, against which the kubelet resolves relative paths in it.
pub enum Folder {
    /// It is known.
    Known(Vec<u8>),
    /// The file's own place on the node is not known.
    Unknown,
}

/// The fields that hold paths (`KubeletConfigurationPathRefs`, pkg/kubelet/apis/config/helpers.go).
const PATHS: [&str; 7] = [
    "staticPodPath",
    "authentication.x509.clientCAFile",
    "tlsCertFile",
    "tlsPrivateKeyFile",
    "resolvConf",
    "volumePluginDir",
    "podLogsDir",
];

fn resolve_paths(config: &mut Config, folder: &Folder, problems: &mut Problems) {
    for path in PATHS {
        let Some(leaf) = config.at_mut(path) else { continue };
        let Some(Json::Text(text)) = &mut leaf.value else { continue };
        if text.is_empty() || text.starts_with('/') {
            continue;
        }
        match folder {
            Folder::Known(folder) => {
                let absolute = paths::clean(&paths::join(folder, text.as_bytes()));
                *text = super::values::text(&absolute);
            }
            Folder::Unknown => {
                let place = leaf.history.last().map_or(Place::Target, |claim| claim.place);
                let note = text!(
                    "`{setting}` is relative: on the node, the kubelet takes it from the folder of its configuration file",
                    "`{setting}` は相対パスです。ノードでは、kubelet の設定ファイルのあるディレクトリが起点になります",
                    setting = path
                );
                problems.add(Severity::Low, message("relative-path", note), place);
            }
        }
    }
}
