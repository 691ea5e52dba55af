//! The forms in which repositories have what a kubelet is told: recognised by content, and unpacked.
//!
//! A form is a file here. It looks through the documents of a file, and gives an [`Input`] for each kubelet, or group of
//! them, that the file speaks to: what the platform refuses of it, what it makes of the rest, and what its [`Base`] adds. Then
//! the kubelet's own way is gone with documents as the platform would lay them out, so nothing of it is repeated here.
//!
//! What the kubelet is given are trees whose spans are those of the file, whatever was cut out or renamed on the way: places
//! need no translation.

mod aks;
mod base;
mod bottlerocket;
mod carrier;
mod closed;
mod cluster_api;
mod config_map;
mod eksctl;
mod gke;
mod hcl;
mod home;
mod k0s;
mod karpenter;
mod kind;
mod kops;
mod kubeadm;
mod kubelet_configuration;
mod kubespray;
mod lay_out;
mod microk8s;
mod node_config;
mod openshift;
mod patches;
mod rancher;
#[cfg(test)]
mod samples;
mod source;
mod systemd;
mod talos;
mod terraform;
#[cfg(test)]
mod testing;
mod toml;
mod tree;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::Range;

use base::Base;
use carrier::Carried;
use closed::Table;
use source::{Doc, Source};

pub use home::Unpacked;
pub use lay_out::unpack;

use crate::kubelet::laid_out::{Doubt, Region, Rename};
use crate::kubelet::surface::{FIELDS, FLAGS, Field, Flag, Kind, Version};
use crate::message::{Said, Text as Telling, Words, message};
use crate::model::{self, Severity, Span};
use crate::text::{Format, Member, Node, SyntaxError, Value};

/// How many inputs of a file are judged: a file with more is no work of people.
const MAX_INPUTS: usize = 256;

/// How many texts a text may stand in: user data in a template in a manifest, and one more.
const MAX_CARRIERS: usize = 5;

/// How many bytes of carried texts are looked through, over a file.
const MAX_CARRIED: usize = 4 << 20;

/// How many problems of an input are told: nobody reads through more.
const MAX_PROBLEMS: usize = 100;

/// A form in which inputs are written.
pub struct Form {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// Stands in every document of this form, also in one that cannot be read, and in no others; empty where there is no such
    /// text.
    pub sign: &'static str,
    /// The platform that it is for; empty where it does not tell.
    pub platform: &'static str,
    /// Looks for inputs.
    pub find: fn(&File, &mut Found),
}

/// All forms.
static FORMS: &[&Form] = &[
    &kubeadm::FORM,
    &kubelet_configuration::FORM,
    &config_map::FORM,
    &node_config::FORM,
    &eksctl::FORM,
    &aks::ARM,
    &aks::FORM,
    &gke::FORM,
    &bottlerocket::FORM,
    &karpenter::AWS,
    &karpenter::AZURE,
    &kops::FORM,
    &rancher::K3S,
    &rancher::PROVISIONING,
    &rancher::RKE,
    &k0s::FORM,
    &talos::FORM,
    &openshift::FORM,
    &cluster_api::FORM,
    &kind::FORM,
    &patches::FORM,
    &kubespray::FORM,
    &microk8s::FORM,
    &terraform::AZURERM,
    &terraform::GOOGLE,
    &terraform::RKE,
    &carrier::terraform::FORM,
    &carrier::cloud_formation::FORM,
    &carrier::ansible::FORM,
    &systemd::UNIT,
    &systemd::ENVIRONMENT,
    &carrier::cloud_init::FORM,
    &carrier::mime::FORM,
    &carrier::script::FORM,
    &carrier::ignition::FORM,
];

/// What was found in a text.
#[derive(Default)]
pub struct Found {
    inputs: Vec<Input>,
    carried: Vec<Carried>,
    secrets: Vec<Range<usize>>,
}

impl Found {
    /// One more, if there are not too many.
    pub fn push(&mut self, input: Input) {
        if !self.is_full() {
            self.inputs.push(input);
        }
    }

    /// All of these.
    pub fn extend(&mut self, inputs: impl Iterator<Item = Input>) {
        let room = MAX_INPUTS.saturating_sub(self.inputs.len());
        self.inputs.extend(inputs.take(room));
    }

    /// A text that this one carries, which is looked through, too.
    pub fn carry(&mut self, carried: Carried) {
        if self.carried.len() < MAX_INPUTS {
            self.carried.push(carried);
        }
    }

    /// Whether there is no room for more.
    pub fn is_full(&self) -> bool {
        self.inputs.len() >= MAX_INPUTS
    }
}

/// A text that is looked through: a file, or what a text carries.
pub struct File<'a> {
    /// Its name: the path on the node, where it is a text that another carries.
    pub name: &'a str,
    /// The bytes of the whole file: all places are places there.
    pub bytes: &'a [u8],
    /// Its own bytes, and where they stand.
    pub text: Source<'a>,
    /// Its documents.
    pub docs: Vec<Doc>,
    /// What the same text carries, this one included; nothing for a file.
    pub beside: &'a [Carried],
    limits: Limits<'a>,
}

/// What is left of the limits on texts that carry others.
#[derive(Clone, Copy)]
struct Limits<'a> {
    /// How many texts this one stands in.
    depth: usize,
    /// How many bytes of carried texts are still looked through.
    room: &'a Cell<usize>,
}

impl<'a> File<'a> {
    fn new(name: &'a str, bytes: &'a [u8], text: Source<'a>, beside: &'a [Carried], limits: Limits<'a>) -> File<'a> {
        // What parts itself in a way of its own has no documents.
        let docs = if carrier::is_other(&text.bytes) { vec![] } else { text.docs() };
        File { name, bytes, text, docs, beside, limits }
    }

    /// Its documents, where they are HCL.
    fn hcl(&self) -> &[Doc] {
        if self.text.is_hcl() { &self.docs } else { &[] }
    }

    /// The text that a scalar holds.
    pub fn scalar(&self, node: &Node) -> Option<Source<'static>> {
        Source::of_scalar(self.bytes, node)
    }

    fn look(&self) -> Found {
        let mut found = Found::default();
        for form in FORMS {
            (form.find)(self, &mut found);
        }
        // What carries others is no document.
        let is_document = found.carried.is_empty();
        self.docs.iter().filter(|_| is_document).for_each(|doc| broken(doc, &mut found));
        found.secrets.extend(self.secrets(is_document));
        let carried = core::mem::take(&mut found.carried);
        let theirs = self.look_into(&carried);
        found.extend(theirs.inputs.into_iter());
        found.secrets.extend(theirs.secrets);
        found
    }

    /// Where its secrets may stand.
    fn secrets(&self, is_document: bool) -> Vec<Range<usize>> {
        let is_own = |doc: &&Doc| is_document || doc.text.is_ok();
        let of_docs = || self.docs.iter().filter(is_own).flat_map(Doc::secrets).collect();
        systemd::secrets(&self.text).unwrap_or_else(of_docs)
    }

    fn look_into(&self, carried: &[Carried]) -> Found {
        let mut found = Found::default();
        let Limits { depth, room } = self.limits;
        let (units, taken) = systemd::look(carried);
        found.extend(units.into_iter());
        for (at, Carried { name, text }) in carried.iter().enumerate() {
            let Some(left) = room.get().checked_sub(text.bytes.len()).filter(|_| depth < MAX_CARRIERS) else {
                found.push(not_looked_into(text));
                break;
            };
            room.set(left);
            let limits = Limits { depth: depth + 1, room };
            let file = File::new(name, self.bytes, text.clone(), carried, limits);
            // All of it is in the input of a unit.
            if taken.contains(&at) {
                found.secrets.extend(file.secrets(true));
                continue;
            }
            let theirs = file.look();
            found.extend(theirs.inputs.into_iter());
            found.secrets.extend(theirs.secrets);
        }
        found
    }
}

/// Something to be said at a place of the file.
#[derive(Clone, Debug)]
pub struct Note {
    /// What.
    pub message: Said,
    /// Where.
    pub span: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
}

/// A word of the command line.
#[derive(Clone, Debug)]
pub struct Word {
    /// As the kubelet gets it.
    pub bytes: Vec<u8>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A configuration that an input adds.
#[derive(Clone, Debug)]
pub enum Part {
    /// A tree, which need have no header.
    Tree {
        /// The outermost object.
        root: Node,
        /// How it was read.
        format: Format,
        /// Keys that are set twice.
        set_twice: Vec<Range<usize>>,
    },
    /// A text that the kubelet reads itself, with nothing else of the file in it.
    Text(Vec<u8>),
}

/// What a file says to a kubelet.
#[derive(Clone, Debug)]
pub struct Input {
    /// Stable within the file.
    pub id: String,
    /// Its form.
    pub form: &'static str,
    /// What it is called, for people; empty where it has no name.
    pub name: String,
    /// The platform; empty where it is not told.
    pub platform: &'static str,
    /// The version of the kubelet, where it is told.
    pub version: Option<String>,
    /// Where it stands.
    pub span: Range<usize>,
    /// Where it says what it is: a place for what stands nowhere in the file.
    pub head: Range<usize>,
    /// What its platform adds.
    base: &'static Base,
    /// The configuration.
    part: Option<Part>,
    /// Where it stands on the node, if the arguments name it, and not the platform.
    config_path: Option<String>,
    /// Where a setting can be added or changed in the file.
    region: Option<Region>,
    /// Arguments.
    words: Vec<Word>,
    /// What stands in a configuration, as arguments, for kubelets that get no file; before all others.
    early: Vec<Word>,
    /// Why the platform does not take it.
    refused: Option<Note>,
    /// Why it cannot be told what it comes to.
    unknown: Option<Note>,
    /// Why it cannot be told what its files come to, over which flags win.
    files_unknown: Option<Note>,
    /// What is not as its author meant it.
    problems: Vec<Note>,
    /// Settings that are decided elsewhere.
    doubts: Vec<Doubt>,
    /// Whether it has keys of its own, and no others.
    is_closed: bool,
}

impl Input {
    /// Whether it, or a word of it, stands there.
    fn stands_in(&self, region: &Range<usize>) -> bool {
        let mut spans = self.words.iter().map(|word| &word.span).chain([&self.head]);
        spans.any(|span| region.start <= span.start && span.end <= region.end)
    }

    /// An input of a document, which so far says nothing.
    pub fn new(form: &Form, base: &'static Base, span: Range<usize>, head: Range<usize>) -> Input {
        Input {
            id: form.id.to_owned(),
            form: form.id,
            name: String::new(),
            platform: form.platform,
            version: None,
            span,
            head,
            base,
            part: None,
            config_path: None,
            region: None,
            words: vec![],
            early: vec![],
            refused: None,
            unknown: None,
            files_unknown: None,
            problems: vec![],
            doubts: vec![],
            is_closed: false,
        }
    }

    /// An input that is a document.
    pub fn of_doc(form: &Form, base: &'static Base, doc: &Doc) -> Input {
        let mut input = Input::new(form, base, doc.range.clone(), doc.head());
        if let Some(name) = doc.root().and_then(|root| tree::text(root.get("metadata")?, "name")) {
            input.name = name.to_owned();
        }
        input
    }

    /// Something that the platform does not take; the first of them counts.
    pub fn refuse(&mut self, id: &'static str, text: impl Into<Telling>, span: &Range<usize>) {
        let note = Note { message: message(id, text), span: span.clone(), severity: Severity::High };
        self.refused.get_or_insert(note);
    }

    /// Why it cannot be told what it comes to; the first reason counts.
    pub fn give_up(&mut self, id: &'static str, text: impl Into<Telling>, span: &Range<usize>) {
        let note = Note { message: message(id, text), span: span.clone(), severity: Severity::High };
        self.unknown.get_or_insert(note);
    }

    /// A document that cannot be read, if it is one.
    pub fn give_up_unread(&mut self, doc: &Doc) {
        if let Err(error) = &doc.text {
            self.give_up("syntax", unread(error), &error.span);
        }
    }

    /// The same for a file: what flags decide is known all the same.
    pub fn give_up_unread_file(&mut self, doc: &Doc) {
        if let Err(error) = &doc.text {
            self.give_up_files("syntax", unread(error), &error.span);
        }
    }

    /// A text that cannot be unpacked.
    pub fn give_up_packed(&mut self, reason: Words, span: &Range<usize>) {
        let text = text!("this cannot be unpacked: {reason}", "展開できません: {reason}", reason);
        self.give_up("packed", text, span);
    }

    /// Why it cannot be told what its files come to; what flags decide is known all the same.
    pub fn give_up_files(&mut self, id: &'static str, text: impl Into<Telling>, span: &Range<usize>) {
        let note = Note { message: message(id, text), span: span.clone(), severity: Severity::High };
        self.files_unknown.get_or_insert(note);
    }

    /// One or the other: whether flags are concerned, too, or files alone.
    pub fn give_up_where(&mut self, flags: bool, id: &'static str, text: impl Into<Telling>, span: &Range<usize>) {
        if flags { self.give_up(id, text, span) } else { self.give_up_files(id, text, span) }
    }

    /// Refuses settings that no kubelet has, for a platform that decodes them strictly.
    pub fn refuse_unknown(&mut self, who: &'static str, settings: &Node) {
        if let Some(member) = unknown_setting(settings, FIELDS) {
            let text = text!(
                "{who} rejects `{key}`: the kubelet has no such setting",
                "{who} は `{key}` を拒否します（kubelet にそのような設定はありません）",
                who,
                key = crate::kubelet::clipped(&member.key)
            );
            self.refuse("unknown-setting", text, &member.key_span);
        }
    }

    /// Refuses keys of an object that a platform sets itself.
    pub fn refuse_own(&mut self, who: &'static str, object: Option<&Node>, own: &[&str]) {
        let members = object.map_or(&[][..], tree::members).iter();
        for member in members.filter(|member| !member.shadowed && own.contains(&member.key.as_str())) {
            let text = text!(
                "{who} rejects `{key}` here: it sets that itself",
                "{who} はここでの `{key}` を拒否します（{who} 自身が設定するため）",
                who,
                key = &*member.key
            );
            self.refuse("forbidden-key", text, &member.key_span);
        }
    }

    /// Says which settings the platform takes from nobody, so that none of them is added.
    pub fn take_none(&mut self, keys: &'static [&'static str]) {
        if let Some(region) = &mut self.region {
            region.except = keys;
        }
    }

    /// Something that is not as its author meant it.
    pub fn note(&mut self, severity: Severity, id: &'static str, text: impl Into<Telling>, span: &Range<usize>) {
        let is_told = self.problems.iter().any(|known| known.span == *span && known.message.id == id);
        if self.problems.len() < MAX_PROBLEMS && !is_told {
            self.problems.push(Note { message: message(id, text), span: span.clone(), severity });
        }
    }

    /// The version, where these words are one.
    pub fn of_version(&mut self, words: Option<&str>) {
        let is_version = |words: &&str| matches!(Version::parse(words), Ok(_) | Err(Some(_)));
        if let Some(words) = words.filter(is_version) {
            self.version = Some(words.trim_start_matches('v').to_owned());
        }
    }

    /// Takes the object at a path below `root` as a configuration in the kubelet's own fields. Also where there is none, it
    /// can be added there.
    pub fn configure(&mut self, doc: &Doc, root: &Node, path: &[&str]) {
        let node = tree::at(root, path);
        match node {
            Some(node) if tree::is_object(node) => {
                let within = |span: &&Range<usize>| node.span.start <= span.start && span.end <= node.span.end;
                let set_twice = doc.text.iter().flat_map(|text| &text.set_twice).filter(within).cloned().collect();
                self.take(node.clone(), doc.format(), set_twice);
            }
            Some(node) if source::is_template(node) => {
                let text = words!(
                    "this is computed, or a template fills it in: what it comes to is not known",
                    "計算されるかテンプレートで埋め込まれる値のため、その内容は不明です"
                );
                self.give_up("template", text, &node.span);
            }
            Some(node) if node.value != Value::Null => {
                let text = text!(
                    "`{path}` must be an object of settings",
                    "`{path}` は設定のオブジェクトでなければなりません",
                    path = path.join(".")
                );
                self.refuse("not-an-object", text, &node.span);
            }
            _ => {}
        }
        self.editable(doc, root, path, None);
    }

    /// Takes a tree as the configuration; what it leaves to a template is not known.
    pub fn take(&mut self, mut root: Node, format: Format, set_twice: Vec<Range<usize>>) {
        let mut pending = vec![(String::new(), &mut root)];
        while let Some((path, node)) = pending.pop() {
            let Value::Object(members) = &mut node.value else { continue };
            for member in members.iter_mut().filter(|member| !member.shadowed) {
                let path = if path.is_empty() { member.key.clone() } else { [&*path, ".", &member.key].concat() };
                if source::is_template(&member.value) {
                    member.shadowed = true;
                    self.doubt(path, false);
                } else {
                    pending.push((path, &mut member.value));
                }
            }
        }
        self.part = Some(Part::Tree { root, format, set_twice });
    }

    /// Takes the object at a path below `root` as a configuration in the keys of a form that has keys of its own.
    #[must_use]
    pub fn closed(self, doc: &Doc, root: &Node, path: &[&str], table: &'static Table, rename: Rename) -> Input {
        self.closed_over(doc, root, path, table, rename, None)
    }

    /// The same over a configuration that is there already.
    #[must_use]
    pub fn closed_over(
        mut self,
        doc: &Doc,
        root: &Node,
        path: &[&str],
        table: &'static Table,
        rename: Rename,
        under: Option<Node>,
    ) -> Input {
        self.is_closed = true;
        self.configure(doc, root, path);
        let rendered = match self.part.take() {
            Some(Part::Tree { .. }) => tree::at(root, path).map(|node| table.render(&mut self, node)),
            _ => None,
        };
        let root_of_both = match (under, rendered) {
            (Some(under), Some(over)) => Some(tree::merged(&under, &over)),
            (under, over) => over.or(under),
        };
        self.doubts.clear();
        if let Some(both) = root_of_both {
            self.take(both, doc.format(), vec![]);
        }
        self.editable(doc, root, path, Some(rename));
        self
    }

    /// Gives the setting at a path the value of a member.
    pub fn set(&mut self, doc: &Doc, path: &[&str], member: &Member) {
        let mut root = tree::empty(tree::span(member));
        tree::put(&mut root, path, &member.key_span, member.value.clone());
        self.merge(root, doc.format());
    }

    /// Gives the setting at a path a value that stands somewhere.
    pub fn set_to(&mut self, doc: &Doc, path: &[&str], span: &Range<usize>, value: Value) {
        let mut root = tree::empty(span.clone());
        tree::put(&mut root, path, span, tree::node(value, span.clone()));
        self.merge(root, doc.format());
    }

    /// Merges a configuration over what there is.
    pub fn merge(&mut self, over: Node, format: Format) {
        match self.part.take() {
            Some(Part::Tree { root, set_twice, .. }) => self.take(tree::merged(&root, &over), format, set_twice),
            _ => self.take(over, format, vec![]),
        }
    }

    /// Adds what another input says, which counts more.
    pub fn add(&mut self, other: Input) {
        // What it leaves to a template is not known, whatever was said before.
        if let Some(Part::Tree { root, .. }) = &mut self.part {
            other.doubts.iter().for_each(|doubt| tree::forget(root, &doubt.path));
        }
        self.words.extend(other.words);
        self.problems.extend(other.problems);
        self.doubts.extend(other.doubts);
        self.refused = self.refused.take().or(other.refused);
        self.unknown = self.unknown.take().or(other.unknown);
        self.files_unknown = self.files_unknown.take().or(other.files_unknown);
        self.part = match (self.part.take(), other.part) {
            (Some(Part::Tree { root: under, format, .. }), Some(Part::Tree { root: over, set_twice, .. })) => {
                Some(Part::Tree { root: tree::merged(&under, &over), format, set_twice })
            }
            (ours, theirs) => theirs.or(ours),
        };
    }

    /// What it does not say of a setting is decided in a way that is not known.
    pub fn undecided(&mut self, path: &str, id: &'static str, why: impl Into<Telling>) {
        self.doubts.push(Doubt { path: path.to_owned(), why: message(id, why), always: false });
    }

    /// A setting is filled in elsewhere.
    fn doubt(&mut self, path: String, always: bool) {
        let why = words!(
            "a template fills this in, and with what is not known",
            "テンプレートで埋め込まれる値のため不明です"
        );
        self.doubts.push(Doubt { path, why: message("template", why), always });
    }

    /// Where settings can be added or changed: below an object of the file.
    pub fn editable(&mut self, doc: &Doc, root: &Node, path: &[&str], rename: Option<Rename>) {
        if doc.is_plain {
            let prefix = path.iter().map(|key| (*key).to_owned()).collect();
            let (range, format) = (root.span.clone(), doc.format());
            self.region = Some(Region { range, prefix, format, rename, except: &[] });
        }
    }

    /// A flag with its value, without dashes before its name.
    pub fn flag(&mut self, name: &str, value: &str, span: Range<usize>) {
        self.word(&["--", name, "=", value].concat(), span);
    }

    /// A word of the command line. A flag that a template fills in may be anything.
    pub fn word(&mut self, word: &str, span: Range<usize>) {
        let known = word.strip_prefix("--").and_then(|flag| flag.split_once('='));
        match known.filter(|(_, value)| source::is_templated(value)) {
            Some((name, _)) => {
                let flags = FLAGS.iter().filter(|flag| flag.name() == name);
                flags.for_each(|flag| self.doubt_flag(flag, true));
            }
            None => self.words.push(Word { bytes: word.as_bytes().to_vec(), span }),
        }
    }

    /// A word that may be any flags: those before it need not count.
    pub fn unknown_word(&mut self, span: &Range<usize>) {
        self.words.clear();
        let text = words!(
            "this is filled in, and may hold any flags: what nothing after it decides is not known",
            "ここに埋め込まれる値は任意のフラグを含み得るため、この後で設定されていないものは不明です"
        );
        self.give_up_files("unknown-word", text, span);
        // Maps are put together from all flags of their name.
        FLAGS.iter().for_each(|flag| self.doubt_flag(flag, flag.adds_up()));
    }

    /// A flag is filled in elsewhere.
    fn doubt_flag(&mut self, flag: &Flag, always: bool) {
        self.doubt(flag.setting(), always);
    }

    /// For people and machines outside.
    pub fn described(&self) -> model::Input {
        let Range { start, end } = self.span;
        let platform = (!self.platform.is_empty()).then(|| self.platform.to_owned());
        model::Input {
            id: self.id.clone(),
            form: self.form.to_owned(),
            name: self.name.clone(),
            platform,
            version: self.version.clone(),
            partial: !self.base.name.is_empty(),
            span: Span { document: 0, part: 0, start: start as u32, end: end as u32 },
        }
    }
}

/// Whether a platform takes a setting from nobody in a configuration, because it sets that itself.
pub fn sets_itself(platform: &str, path: &str) -> bool {
    let own: &[&str] = match platform {
        "talos" => &talos::FORBIDDEN,
        "openshift" => &openshift::FORBIDDEN,
        _ => &[],
    };
    path.split('.').next().is_some_and(|key| own.contains(&key))
}

/// A setting that no kubelet has, at any depth.
fn unknown_setting<'a>(object: &'a Node, fields: &'static [Field]) -> Option<&'a Member> {
    tree::members(object).iter().find_map(|member| match fields.iter().find(|field| field.is(&member.key)) {
        Some(Field { kind: Kind::Struct(below), .. }) => unknown_setting(&member.value, below),
        Some(_) => None,
        None => Some(member),
    })
}

/// The inputs that a file holds.
pub fn recognise(name: &[u8], content: &[u8]) -> Vec<Input> {
    look(name, content).0
}

/// The inputs that a file holds, and what of it may be a secret.
fn look(name: &[u8], content: &[u8]) -> (Vec<Input>, Vec<Range<usize>>) {
    let name = source::shown(name);
    let room = Cell::new(MAX_CARRIED);
    let limits = Limits { depth: 0, room: &room };
    let Found { mut inputs, secrets, .. } = File::new(&name, content, Source::file(content), &[], limits).look();
    number(&mut inputs);
    (inputs, secrets)
}

fn unread(error: &SyntaxError) -> Telling {
    text!("this cannot be read: {reason}", "読み込めません: {reason}", reason = error.words)
}

/// What stands for a text that is too much, and for those after it.
fn not_looked_into(text: &Source) -> Input {
    let span = text.places.of(&(0..text.bytes.len()));
    let mut input = Input::new(&carrier::REST, &base::NOBODY, span.clone(), span.start..span.start);
    let text = words!(
        "texts stand in texts too deeply here, or hold too much: what they say is not evaluated",
        "テキストの入れ子が深すぎるか量が多すぎるため、ここから先は評価していません"
    );
    input.give_up("too-much", text, &span);
    input
}

/// A document that cannot be read, but names a form.
fn broken(doc: &Doc, found: &mut Found) {
    if doc.text.is_ok() {
        return;
    }
    let is_taken = |input: &Input| input.span == doc.range;
    if found.inputs.iter().any(is_taken) {
        return;
    }
    let Some(form) = FORMS.iter().find(|form| !form.sign.is_empty() && doc.mentions(form.sign)) else { return };
    let mut input = Input::of_doc(form, &base::NOBODY, doc);
    input.give_up_unread(doc);
    found.push(input);
}

/// Ids are unique: of several alike, the second is `…#2`.
fn number(found: &mut [Input]) {
    for at in 0..found.len() {
        let alike = found[..at].iter().filter(|earlier| earlier.id == found[at].id).count();
        if alike > 0 {
            let mut number = alike + 1;
            let mut id = format!("{}#{number}", found[at].id);
            while found[..at].iter().any(|earlier| earlier.id == id) {
                number += 1;
                id = format!("{}#{number}", found[at].id);
            }
            found[at].id = id;
        }
    }
}
