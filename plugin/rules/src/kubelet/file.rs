//! The configuration file: `--config`.
//!
//! Follows `loadConfigFile` (cmd/kubelet/app/server.go), pkg/kubelet/kubeletconfig/configfiles and util/codec, and the strict and
//! the lenient decoder of apimachinery (pkg/runtime/serializer/json/json.go).

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, OnceCell, RefCell};
use core::ops::Range;

use super::config::{Claim, Config, Leaf, zero};
use super::decode::{self, Keys, Mismatch, Reading};
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
    /// All that some version came to read.
    read: RefCell<Vec<u32>>,
    bytes: Cell<usize>,
    /// Edits that were found, for the next version that asks for the same.
    edits: RefCell<Vec<(AskedEdit, Option<Vec<Splice>>)>>,
}

/// An edit that is asked for; see [`edit::set`](crate::text::edit::set).
#[derive(PartialEq, Eq)]
pub struct AskedEdit {
    /// The document.
    pub document: u32,
    /// The path of a setting.
    pub path: String,
    /// Its value, as JSON.
    pub value: String,
    /// Where it stands now.
    pub near: Option<Range<usize>>,
    /// Whether what the document says may be said again.
    pub copies: bool,
}

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

    /// Whether some version came to read a document.
    pub(super) fn has_read(&self, document: u32) -> bool {
        self.read.borrow().contains(&document)
    }

    /// Reads a document, unless that was done.
    pub(super) fn read(&self, document: u32, bytes: &[u8]) -> Result<Rc<Text>, SyntaxError> {
        if let Some((_, text)) = self.kept.borrow().iter().find(|(known, _)| *known == document) {
            return Ok(Rc::clone(text));
        }
        if !self.has_read(document) {
            self.read.borrow_mut().push(document);
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
        Ok(self.read_if(problems, Header::check)?.0)
    }

    /// The same for drop-ins of 1.29 to 1.31, which may be of any kind (pkg/kubelet/kubeletconfig/util/codec): it has to be
    /// named, and that is all. Whether it is of another kind.
    pub fn read_of_any_kind(&self, problems: &mut Problems) -> Result<(Rc<Text>, bool), Box<Refused>> {
        let (text, header) = self.read_if(problems, Header::check_any)?;
        if header.kind.text == KIND {
            return Ok((text, false));
        }
        let notice = words!(
            "this drop-in is of another kind: what it has of the kubelet's keys counts, and the rest of it is not shown",
            "このドロップインは別の kind です。kubelet のキーだけが有効で、それ以外の内容は表示しません"
        );
        problems.add(Severity::Medium, message("drop-in-of-another-kind", notice), Place::Whole(self.document));
        self.withhold_but(&text, &header, FIELDS, problems);
        problems.taken.push(self.document);
        Ok((text, true))
    }

    /// Withholds all of a document of another kind but what it says that it is, and these fields, also where a merge (`<<`) or an
    /// alias finds them elsewhere.
    fn withhold_but(&self, text: &Text, header: &Header, fields: &'static [Field], problems: &mut Problems) {
        let mut spans = Spans::new(self.bytes);
        if let Value::Object(members) = &text.root.value {
            // Also what a later one replaces: that a key is given twice is a refusal.
            for member in members {
                let name = match &*member.key {
                    key if decode::folds_to(key, "apiversion") => &header.api_version,
                    key if decode::folds_to(key, "kind") => &header.kind,
                    _ => {
                        spans.add_known(fields, member);
                        continue;
                    }
                };
                // However it is spelt, the key is no secret.
                spans.found.push(member.key_span.clone());
                if name.is_plain && !member.shadowed && name.span == member.value.span {
                    spans.found.push(name.span.clone());
                }
            }
        }
        problems.withhold_but(self.document, self.bytes, &spans.found);
    }

    /// Of a text with several documents, the kubelet reads the first one.
    pub fn note_second_document(&self, text: &Text, problems: &mut Problems) {
        if text.format == text::Format::Yaml
            && let Some(mark) = second_document(self.bytes, text.root.span.end)
        {
            let said = words!(
                "another document begins here: the kubelet reads the first one alone",
                "ここから別のドキュメントです。kubelet は最初のドキュメントだけを読み込みます"
            );
            problems.add(Severity::Medium, message("second-document", said), self.at(&mark));
            if SECRETS.iter().any(|part| contains_ignoring_case(&self.bytes[mark.end..], part)) {
                problems.withhold_span(self.document, &(mark.end..self.bytes.len()));
            }
        }
    }

    /// What may be secret, also where it is spelt as drop-ins alone take it.
    fn withhold_secrets(&self, text: &Text, problems: &mut Problems) {
        let Value::Object(members) = &text.root.value else { return };
        let secrets: Vec<_> = members.iter().filter(|member| is_secret(member)).collect();
        if secrets.is_empty() {
            return;
        }
        let mut spans = Spans::new(self.bytes);
        secrets.iter().for_each(|member| spans.add(&member.value));
        spans.found.iter().for_each(|span| problems.withhold_span(self.document, span));
    }

    fn read_if(
        &self,
        problems: &mut Problems,
        check: fn(&Header) -> Result<(), Telling>,
    ) -> Result<(Rc<Text>, Header), Box<Refused>> {
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
            let is_other = !self.bytes.windows(KIND.len()).any(|window| window == KIND.as_bytes());
            let mut text = error.words.into();
            if is_other || may_have_secrets(self.bytes) {
                problems.withhold(self.document, self.bytes.len());
                text = text!(
                    "{reason} (the line is not shown, since there may be secrets in this file)",
                    "{reason}（機密情報を含む可能性があるため、該当行は表示しません）",
                    reason = text
                );
            }
            self.refused("syntax", self.at(&error.span), text)
        })?;
        self.withhold_secrets(&text, problems);
        let (header, checked) = match Header::peek(&text, self.bytes) {
            Ok(header) => {
                let checked = check(&header);
                (header, checked)
            }
            Err(reason) => (Header::default(), Err(reason)),
        };
        let Err(reason) = checked else { return Ok((text, header)) };
        if header.kind.text != KIND {
            self.withhold_but(&text, &header, &[], problems);
        }
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

    fn origin(&self) -> Origin {
        if self.stage == Stage::Dropin { Origin::DropIn } else { Origin::ConfigFile }
    }
}

/// The field that a key is for, whatever its case and the kubelet's version.
fn known(fields: &'static [Field], key: &str) -> Option<&'static Field> {
    decode::folded(fields, key, |_| true)
}

/// The members whose keys the kubelet knows, at every depth.
pub fn known_members(fields: &'static [Field], members: &[Member]) -> Vec<Member> {
    let known = members.iter().filter_map(|member| {
        let field = known(fields, &member.key)?;
        let mut member = member.clone();
        if let (Kind::Struct(fields), Value::Object(below)) = (&field.kind, &mut member.value.value) {
            *below = known_members(fields, below);
        }
        Some(member)
    });
    known.collect()
}

/// What must not be shown of a configuration that nobody has read.
pub fn withheld_unread(texts: &Texts, document: u32, bytes: &[u8]) -> Vec<Span> {
    let mut problems = Problems::default();
    let source = Source { document, bytes, stage: Stage::Load, texts, path: b"" };
    if let Ok(text) = source.read(&mut problems) {
        source.note_second_document(&text, &mut problems);
    }
    problems.withheld
}

/// Where another document begins behind the end of the first one, if there is anything in it.
fn second_document(bytes: &[u8], end: usize) -> Option<Range<usize>> {
    let mut mark = None;
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let says_something = !line.trim_ascii().is_empty() && !line.starts_with(b"#");
        let begins = line.strip_prefix(b"---").is_some_and(|rest| rest.first().is_none_or(u8::is_ascii_whitespace));
        match begins && at >= end {
            true => mark = Some(at..at + 3),
            false if mark.is_some() && says_something => return mark,
            false => {}
        }
        at += line.len();
    }
    None
}

/// Where values stand, with all that is below them; also what an alias stands for.
struct Spans<'a> {
    bytes: &'a [u8],
    /// Where what follows an anchor begins, by its name, in the order of the text.
    anchors: Map<Vec<usize>>,
    found: Vec<Range<usize>>,
}

impl<'a> Spans<'a> {
    fn new(bytes: &'a [u8]) -> Spans<'a> {
        let mut anchors: Map<Vec<usize>> = Map::new();
        for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'&') {
            let rest = &bytes[at + 1..];
            let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
            let name = &rest[..rest.iter().take_while(is_of_name).count()];
            anchors.or_insert(super::values::text(name), vec![]).push(at + 1 + name.len());
        }
        Spans { bytes, anchors, found: vec![] }
    }

    /// A member whose key the kubelet knows, with what it knows of what is below.
    fn add_known(&mut self, fields: &'static [Field], member: &Member) {
        let Some(field) = known(fields, &member.key) else { return };
        self.found.push(member.key_span.clone());
        match (&field.kind, &member.value.value) {
            (Kind::Struct(fields), Value::Object(members)) => {
                if self.written(&member.value).starts_with(b"*") {
                    self.found.push(member.value.span.clone());
                }
                members.iter().for_each(|member| self.add_known(fields, member));
            }
            _ => self.add(&member.value),
        }
    }

    fn written(&self, node: &Node) -> &'a [u8] {
        self.bytes.get(node.span.clone()).unwrap_or_default()
    }

    fn add(&mut self, node: &Node) {
        self.found.push(node.span.clone());
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            Value::Object(members) => {
                for member in members {
                    self.found.push(member.key_span.clone());
                    self.add(&member.value);
                }
            }
            _ => self.add_anchored(node),
        }
    }

    /// Where the scalar stands that an alias stands for: behind the last anchor of its name before it.
    fn add_anchored(&mut self, alias: &Node) {
        let name = self.written(alias).strip_prefix(b"*");
        let Some(anchors) = name.and_then(|name| self.anchors.get(&super::values::text(name))) else { return };
        let before = anchors.partition_point(|start| *start <= alias.span.start);
        let Some(&start) = before.checked_sub(1).and_then(|last| anchors.get(last)) else { return };
        let rest = &self.bytes[start..];
        let line = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        self.found.push(start..start + line);
    }
}

/// The settings that may hold secrets: where a static pod is fetched, which may name a user with a password or be signed, and the
/// headers that are sent for it.
pub const HEADERS: &str = "staticPodURLHeader";
pub const URL: &str = "staticPodURL";

/// What speaks of secrets, where nothing has a meaning.
const SECRETS: [&[u8]; 6] = [b"secret", b"password", b"token", b"header", b"podurl", b"key:"];

/// Whether a key is one of these, whatever its case, or is meant to be: what is misspelt is as secret.
pub fn is_secret(member: &Member) -> bool {
    let has_any = |parts: &[&[u8]]| parts.iter().any(|part| contains_ignoring_case(member.key.as_bytes(), part));
    // No letter of these parts has another form that folds to it.
    has_any(&[b"header", b"podurl", b"manifesturl"])
        || known(FIELDS, &member.key).is_none() && has_any(&[b"password", b"token", b"secret"])
}

fn contains_ignoring_case(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// Whether a document that cannot be read may have such settings: it has a part of the key, which no letter folds to, or
/// escapes, behind which it may hide.
fn may_have_secrets(bytes: &[u8]) -> bool {
    [&b"URLHeader"[..], b"podURL", b"manifestURL"].iter().any(|part| contains_ignoring_case(bytes, part))
        || bytes.windows(2).any(|window| matches!(window, [b'\\', b'u' | b'U' | b'x']))
}

const KIND: &str = "KubeletConfiguration";
const INTERNAL: &str = "kubelet.config.k8s.io/__internal";
const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";

const NO_KIND: Words = words!("it has no `kind`", "`kind` がありません");

/// `apiVersion` and `kind`, as `encoding/json` finds them: it does not care for the case of keys.
#[derive(Default)]
struct Header {
    api_version: Name,
    kind: Name,
}

/// A value of the header.
#[derive(Default)]
struct Name {
    text: String,
    /// Whether it is no more than a name, and written as it is read: of a document that may be anything, nothing else is shown.
    is_plain: bool,
    span: Range<usize>,
}

impl Name {
    fn new(text: &str, span: &Range<usize>, bytes: &[u8]) -> Name {
        let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_');
        let written = bytes.get(span.clone()).unwrap_or_default();
        let unquoted = [b'"', b'\''].iter().find_map(|quote| written.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
        let is_plain =
            text.len() <= 80 && text.bytes().all(is_of_name) && unquoted.unwrap_or(written) == text.as_bytes();
        Name { text: text.to_owned(), is_plain, span: span.clone() }
    }
}

impl Header {
    fn peek(text: &Text, bytes: &[u8]) -> Result<Header, Telling> {
        let mut header = Header::default();
        let members = match &text.root.value {
            Value::Object(members) => decode::in_turn(members, text.format == text::Format::Yaml),
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
                Value::String(text) => *field = Name::new(text, &member.value.span, bytes),
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
        match (kind.text.as_str(), api_version.text.as_str()) {
            (KIND, API_VERSION) => Ok(()),
            ("", _) => Err(NO_KIND.into()),
            (_, "") => Err(words!("it has no `apiVersion`", "`apiVersion` がありません").into()),
            (KIND, version) if api_version.is_plain => Err(text!(
                "its apiVersion is `{found}`, not `{wanted}`",
                "apiVersion が `{wanted}` ではなく `{found}` です",
                found = version,
                wanted = API_VERSION
            )),
            (KIND, _) => Err(text!(
                "its apiVersion is not `{wanted}`",
                "apiVersion が `{wanted}` ではありません",
                wanted = API_VERSION
            )),
            (name, version) if kind.is_plain && api_version.is_plain => Err(text!(
                "its kind is `{kind}` of `{version}`",
                "kind が `{version}` の `{kind}` です",
                kind = name,
                version
            )),
            _ => Err(words!("its kind is another one", "別の kind です").into()),
        }
    }

    fn is_internal(&self) -> bool {
        self.api_version.text == INTERNAL
    }

    /// The kubelet's own form is registered, too, although no file is meant to have it.
    fn check_main(&self) -> Result<(), Telling> {
        match (self.kind.text.as_str(), self.api_version.text.as_str()) {
            (KIND, INTERNAL) => Ok(()),
            _ => self.check(),
        }
    }

    fn check_any(&self) -> Result<(), Telling> {
        match self.kind.text.as_str() {
            "" => Err(NO_KIND.into()),
            _ if self.api_version.text.matches('/').count() > 1 => {
                Err(words!("its apiVersion has more than one `/`", "apiVersion に `/` が複数あります").into())
            }
            _ => Ok(()),
        }
    }
}

/// Loads the file over nothing. `gates` are those that flags have set; `folder` is the file's, for relative paths.
pub fn load(
    config: &mut Config,
    source: Source,
    gates: &Gates,
    folder: &Folder,
    problems: &mut Problems,
) -> Result<(), Box<Refused>> {
    let (text, header) = source.read_if(problems, Header::check_main)?;
    let inside = header.is_internal();
    if inside {
        let text = words!(
            "this is the kubelet's internal form, which no file is meant to have: its keys are Go's names, and nothing gets a default",
            "これはファイル用ではない kubelet の内部形式です。キーは Go での名前で、デフォルト値は設定されません"
        );
        problems.add(Severity::High, message("internal-form", text), Place::Whole(source.document));
    }
    problems.odd_scalars(&source, &text.root);
    source.note_second_document(&text, problems);
    let reading = Reading { format: text.format, keys: if inside { Keys::Go } else { Keys::Exact } };
    let mut loader = Loader { source, reading, config, problems };
    loader.structure("this", FIELDS, &text.root)?;
    if inside {
        config.for_each_leaf(zero_inside);
        resolve_paths(config, folder, problems);
        defaults::set_eviction(config);
        return Ok(());
    }
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

/// Whether a document is of the kubelet's internal version.
pub fn is_internal(text: &Text, bytes: &[u8]) -> bool {
    Header::peek(text, bytes).is_ok_and(|header| header.is_internal())
}

/// Whether a field is a pointer in the internal type, too (pkg/kubelet/apis/config/types.go).
fn is_pointer_inside(field: &Field) -> bool {
    let is_named = matches!(
        field.path(),
        "singleProcessOOMKill"
            | "maxParallelImagePulls"
            | "crashLoopBackOff.maxContainerRestartPeriod"
            | "memoryThrottlingFactor"
    );
    field.pointer && (is_named || is_below_pointer(field) || decode::is_shared(field.path()))
}

fn is_below_pointer(field: &Field) -> bool {
    field.path().starts_with("tracing.") || field.path().starts_with("userNamespaces.")
}

/// Without defaults, a field of the internal type is zero, and then shown, unless it is a pointer there, too.
fn zero_inside(field: &'static Field, leaf: &mut Leaf) {
    if leaf.value.is_some() {
        return;
    }
    let (stays_nil, below_pointer) = (is_pointer_inside(field), is_below_pointer(field));
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
    reading: Reading,
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
            match self.reading.keys.field(fields, &member.key, |field| version.is_in(field.versions)) {
                Some(field) => self.member(field, member)?,
                None if self.is_inside() => self.problems.unknown_inside(&self.source, member),
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
        let value = match &node.value {
            // Few fields of the internal type can be nil.
            Value::Null if self.is_inside() && !is_pointer_inside(field) => {
                decode::value(&field.kind, node, self.reading)
            }
            _ => decode::field_value_over(before, field, node, self.reading),
        };
        let value = value.map_err(|mismatch| self.mismatch(field.path(), *mismatch))?;
        match value {
            None => {}
            Some(Json::Null) => self.config.leaf_mut(field).reset(),
            Some(value) => self.claim(field, node, value),
        }
        if node.value == Value::Null && !self.is_inside() && !matches!(field.name(), "apiVersion" | "kind") {
            self.problems.null_key(&self.source, field, member);
        }
        Ok(())
    }

    fn is_inside(&self) -> bool {
        self.reading.keys == Keys::Go
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
