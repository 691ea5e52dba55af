//! The drop-in directory: `--config-dir`.
//!
//! Follows `mergeKubeletConfigurations` (cmd/kubelet/app/server.go), which has been written three times:
//! - 1.32 and later: the configuration so far is written as JSON, every drop-in is a merge patch (RFC 7386) on it, the result is
//!   decoded by `encoding/json`, and defaulted again.
//! - 1.29 to 1.31: the same with the kubelet's internal type, whose JSON has Go's names (`MakeIPTablesUtilChains`). The result is
//!   decoded over the configuration so far, and not defaulted. See [`Form::Internal`].
//! - 1.28: see [`structs`].

mod structs;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::config::{Claim, Config, Leaf, zero};
use super::decode::{self, Keys, Reading, fold, folded, go_name, is_shared};
use super::file::{self, HEADERS, Source};
use super::gates::Gates;
use super::problems::Problems;
use super::surface::{FIELDS, Field, Kind, Version};
use super::{Refused, defaults, quantity};
use crate::collections::{self, Map};
use crate::digits;
use crate::float;
use crate::json::Json;
use crate::message::{Text as Telling, message};
use crate::model::{Origin, Place, Stage};
use crate::text::{self, Format, Member, Node, Text, Value};

/// How what was merged is read.
const MERGED: Reading = Reading { format: Format::Yaml, keys: Keys::Folded };

/// Merges drop-ins, in the order of the walk, over a configuration.
pub fn merge(
    config: &mut Config,
    sources: &[Source],
    gates: &Gates,
    named_at: Place,
    problems: &mut Problems,
) -> Result<(), Box<Refused>> {
    if resets(config.version) {
        return structs::merge(config, sources, gates, problems);
    }
    let form = if config.version.minor() < 32 { Form::Internal } else { Form::Versioned };
    let mut merged = form.written(FIELDS, config);
    for source in sources {
        let (text, of_another_kind) = match form {
            Form::Internal => source.read_of_any_kind(problems)?,
            Form::Versioned => (source.read(problems)?, false),
        };
        refuse_large_number(source, &text.root)?;
        if !of_another_kind {
            problems.odd_scalars(source, &text.root);
            source.note_second_document(&text, problems);
        }
        merged = Patch { source, form, of_another_kind }.apply(merged, &text)?;
    }
    if form == Form::Internal {
        return Decoder { config, problems, form }.object("this", FIELDS, merged);
    }
    let mut decoded = Config::empty(config.version);
    // What JSON leaves out has its history all the same.
    decoded.for_each_leaf(|field, leaf| {
        leaf.history = config.leaf(field).history.clone();
        leaf.defaulted = config.leaf(field).defaulted;
    });
    Decoder { config: &mut decoded, problems, form }.object("this", FIELDS, merged)?;
    defaults::set(&mut decoded, gates).map_err(|error| {
        let claimed = decoded.at("featureGates").and_then(|leaf| leaf.keys.get(error.name()));
        let place = claimed.map_or(named_at, |claim| claim.place);
        Refused::new(Stage::Dropin, message("feature-gate", error.text(decoded.version)), place)
    })?;
    *config = decoded;
    Ok(())
}

/// Whether a drop-in of this version sets what it leaves out to its default, and nothing to zero: see [`structs`].
pub fn resets(version: Version) -> bool {
    version.minor() < 29
}

/// Every number has to fit a float64, whatever its key: a drop-in is read without types (`loadDropinConfigFileIntoJSON`).
fn refuse_large_number(source: &Source, node: &Node) -> Result<(), Box<Refused>> {
    match &node.value {
        Value::Number(text) if float::read(text).is_some_and(f64::is_infinite) => Err(source.refused(
            "number",
            source.at(&node.span),
            words!("this number is too large", "数値が大きすぎます"),
        )),
        Value::Array(items) => items.iter().try_for_each(|item| refuse_large_number(source, item)),
        Value::Object(members) => members.iter().try_for_each(|member| refuse_large_number(source, &member.value)),
        _ => Ok(()),
    }
}

/// JSON in the making, with the history of each value.
enum Merged {
    Object(Map<Merged>),
    Value(Box<Merging>),
    /// A `null` took it away; what was there is history.
    Deleted(Vec<Claim>),
}

/// A value that is no object.
struct Merging {
    node: Node,
    /// Who claimed it, weakest first; the last one is this value's.
    history: Vec<Claim>,
    defaulted: bool,
}

impl Merged {
    /// The claims on what is here and below.
    fn into_history(self) -> Vec<Claim> {
        match self {
            Merged::Object(members) => members.into_pairs().flat_map(|(_, value)| value.into_history()).collect(),
            Merged::Value(value) => value.history,
            Merged::Deleted(history) => history,
        }
    }

    /// Whether a drop-in has decided it.
    fn is_of_drop_in(&self) -> bool {
        match self {
            Merged::Object(members) => members.values().any(Merged::is_of_drop_in),
            Merged::Value(value) => value.history.last().is_some_and(|claim| claim.origin == Origin::DropIn),
            Merged::Deleted(_) => true,
        }
    }

    /// Whether JSON shows it.
    fn is_there(&self) -> bool {
        match self {
            Merged::Object(members) => members.is_empty() || members.values().any(Merged::is_there),
            Merged::Value(_) => true,
            Merged::Deleted(_) => false,
        }
    }
}

/// The JSON that drop-ins are merged into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Of the type that files have, too.
    Versioned,
    /// Of the kubelet's internal type: its keys are Go's names, every field is there, and few are pointers.
    Internal,
}

impl Form {
    /// The configuration in this form.
    fn written(self, fields: &'static [Field], config: &Config) -> Merged {
        let mut members = Map::new();
        for field in fields.iter().filter(|field| config.version.is_in(field.versions)) {
            let leaf = config.leaf(field);
            let value = match &field.kind {
                Kind::Struct(below) if field.pointer => match self.written(below, config) {
                    Merged::Object(members) if members.is_empty() => match self {
                        Form::Versioned => continue,
                        Form::Internal => null(leaf),
                    },
                    object => object,
                },
                Kind::Struct(below) => self.written(below, config),
                _ if self.leaves_out(field, leaf) => continue,
                _ if self == Form::Internal && is_nil(field, leaf) => null(leaf),
                _ => written_value(field, leaf),
            };
            members.insert(self.key(field), value);
        }
        Merged::Object(members)
    }

    fn leaves_out(self, field: &Field, leaf: &Leaf) -> bool {
        // The internal type itself has no `omitempty`.
        (self == Form::Versioned || is_shared(field.path())) && field.omit_empty && leaf.is_empty(field)
    }

    fn key(self, field: &Field) -> String {
        match self {
            Form::Versioned => field.name().to_owned(),
            Form::Internal => go_name(field),
        }
    }

    /// The field of a key, whatever its case.
    fn field(self, fields: &'static [Field], key: &str, config: &Config) -> Option<&'static Field> {
        let key = match self {
            Form::Internal if key.starts_with(['r', 'R']) => match fold(key).as_str() {
                "resolvconf" => return None,
                "resolverconfig" => "resolvConf",
                _ => key,
            },
            _ => key,
        };
        folded(fields, key, |field| config.version.is_in(field.versions))
    }
}

/// Whether the internal type has a nil here, and its JSON a `null`.
fn is_nil(field: &Field, leaf: &Leaf) -> bool {
    let can_be_nil = field.pointer || matches!(field.kind, Kind::List(_) | Kind::Map(_));
    can_be_nil && matches!(leaf.value, None | Some(Json::Null))
}

fn null(leaf: &Leaf) -> Merged {
    let history = leaf.history.clone();
    Merged::Value(Box::new(Merging { node: node(&Json::Null), history, defaulted: leaf.defaulted }))
}

fn written_value(field: &Field, leaf: &Leaf) -> Merged {
    let value = leaf.value.clone().filter(|value| *value != Json::Null).unwrap_or_else(|| zero(&field.kind));
    let value = match value {
        Json::Text(text) if matches!(field.kind, Kind::Quantity) => Json::Text(quantity::shown(&text)),
        value => value,
    };
    let Json::Map(map) = &value else {
        let merging = Merging { node: node(&value), history: leaf.history.clone(), defaulted: leaf.defaulted };
        return Merged::Value(Box::new(merging));
    };
    let members = map.iter().map(|(key, value)| {
        let history = leaf.keys.get(key).cloned().into_iter().collect();
        (key.clone(), Merged::Value(Box::new(Merging { node: node(value), history, defaulted: false })))
    });
    Merged::Object(collections::map(members))
}

/// A value as a document would have it, without a place.
fn node(value: &Json) -> Node {
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Int(value) => Value::Number(digits::number(*value)),
        Json::Float(value) => Value::Number(float::json(*value)),
        Json::Text(text) => Value::String(text.clone()),
        Json::List(items) => Value::Array(items.iter().map(node).collect()),
        Json::Map(map) => Value::Object(map.iter().map(|(key, value)| member(key, node(value))).collect()),
    };
    Node { value, span: 0..0 }
}

fn member(key: &str, value: Node) -> Member {
    Member { key: key.to_owned(), key_span: 0..0, value, shadowed: false }
}

/// A drop-in as a merge patch.
struct Patch<'a, 'b> {
    source: &'b Source<'a>,
    form: Form,
    /// Of such a document nothing counts but the keys that a kubelet knows, and the rest is nobody's business.
    of_another_kind: bool,
}

impl Patch<'_, '_> {
    fn apply(self, base: Merged, text: &Text) -> Result<Merged, Box<Refused>> {
        if let Some(span) =
            text.set_twice.iter().min_by_key(|span| span.start).cloned().or_else(|| duplicate(&text.root))
        {
            let text = words!(
                "a key is given twice: in a drop-in, the kubelet takes that for an error",
                "キーが重複しています。ドロップインでは、kubelet はこれをエラーとして扱います"
            );
            return Err(self.source.refused("duplicate-key", self.source.at(&span), text));
        }
        let Value::Object(members) = &text.root.value else { return Ok(base) };
        // Unlike the configuration file, a drop-in needs these keys in their exact case.
        let needed: &[_] = if self.form == Form::Internal { &["kind"] } else { &["kind", "apiVersion"] };
        for key in needed {
            if !members.iter().any(|member| member.key == *key) {
                let text = text!(
                    "this drop-in has no `{key}` in this exact case",
                    "このドロップインには、大文字と小文字が正確に一致する `{key}` がありません",
                    key = *key
                );
                return Err(self.source.refused(
                    "not-a-kubelet-configuration",
                    Place::Whole(self.source.document),
                    text,
                ));
            }
        }
        let known: Vec<_>;
        let members = match self.of_another_kind {
            true => {
                known = file::known_members(FIELDS, members);
                &known
            }
            false => members,
        };
        Ok(self.object(base, members))
    }

    /// `mergeDocs` of evanphx/json-patch.
    fn object(&self, base: Merged, members: &[Member]) -> Merged {
        let mut merged = match base {
            Merged::Object(members) => members,
            // Something else stood here: the object replaces it.
            _ => Map::new(),
        };
        for member in members.iter().filter(|member| !member.shadowed) {
            let place = merged.or_insert(member.key.clone(), Merged::Deleted(vec![]));
            let before = core::mem::replace(place, Merged::Deleted(vec![]));
            *place = match &member.value.value {
                Value::Null => Merged::Deleted(before.into_history()),
                Value::Object(below) => match before {
                    object @ Merged::Object(_) => self.object(object, below),
                    _ => self.object(Merged::Object(Map::new()), below),
                },
                _ => self.value(before, &member.value),
            };
        }
        Merged::Object(merged)
    }

    fn value(&self, before: Merged, node: &Node) -> Merged {
        // What replaces an object keeps its nulls (`merge` of evanphx/json-patch).
        let node = plain(node, !matches!(before, Merged::Object(_)));
        let mut history = before.into_history();
        history.push(Claim {
            origin: Origin::DropIn,
            value: untyped(&node),
            place: self.source.at(&node.span),
            detail: String::new(),
        });
        Merged::Value(Box::new(Merging { node, history, defaulted: false }))
    }
}

/// Where a key is given twice, at any depth.
fn duplicate(node: &Node) -> Option<core::ops::Range<usize>> {
    match &node.value {
        Value::Object(members) => {
            let members: Vec<_> = members.iter().filter(|member| !member.shadowed).collect();
            let repeated = text::repeated(&members);
            members.iter().zip(repeated).find_map(|(member, repeated)| match repeated {
                true => Some(member.key_span.clone()),
                false => duplicate(&member.value),
            })
        }
        Value::Array(items) => items.iter().find_map(duplicate),
        _ => None,
    }
}

/// Numbers have gone through Go's `interface{}`: what is whole is written so, `110.0` and `1e2` included. Objects inside of
/// lists lose their nulls, where the merge says so.
fn plain(node: &Node, without_nulls: bool) -> Node {
    let value = match &node.value {
        Value::Number(text) => Value::Number(plain_number(text)),
        Value::Array(items) => Value::Array(items.iter().map(|item| plain(item, without_nulls)).collect()),
        Value::Object(members) => {
            let kept = members
                .iter()
                .filter(|member| !(member.shadowed || without_nulls && member.value.value == Value::Null));
            Value::Object(
                kept.map(|inner| Member { value: plain(&inner.value, without_nulls), ..inner.clone() }).collect(),
            )
        }
        other => other.clone(),
    };
    Node { value, span: node.span.clone() }
}

fn plain_number(text: &str) -> String {
    if let Ok(whole) = text.parse::<i64>() {
        return digits::number(whole);
    }
    match float::read(text) {
        Some(value) if value % 1.0 == 0.0 && value.abs() < 1e21 => float::json(value),
        _ => text.to_owned(),
    }
}

/// A value as it stands, before it has a type.
fn untyped(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => {
            text.parse().map(Json::Int).ok().or_else(|| float::read(text).map(Json::Float)).unwrap_or(Json::Null)
        }
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(items) => Json::List(items.iter().map(untyped).collect()),
        Value::Object(members) => {
            Json::Map(collections::map(members.iter().map(|member| (member.key.clone(), untyped(&member.value)))))
        }
    }
}

/// Decodes the merged JSON, whose keys are sorted, and need not have the right case.
struct Decoder<'a> {
    config: &'a mut Config,
    problems: &'a mut Problems,
    form: Form,
}

impl Decoder<'_> {
    fn object(&mut self, path: &str, fields: &'static [Field], merged: Merged) -> Result<(), Box<Refused>> {
        let members = match merged {
            Merged::Object(members) => members,
            Merged::Value(value) => return Err(refused(path, decode::MUST_BE_OBJECT, value.history.last())),
            Merged::Deleted(_) => return Ok(()),
        };
        let version = self.config.version;
        for (key, value) in members.into_pairs() {
            match self.form.field(fields, &key, self.config) {
                Some(field) => {
                    let is_exact = field.name() == key;
                    if !is_exact && value.is_of_drop_in() {
                        self.problems.folded_key(field, &key, &value_place(&value));
                    }
                    self.member(field, is_exact, value)?;
                }
                None => self.problems.unknown_in_drop_in(fields, &key, &value_place(&value), version),
            }
        }
        Ok(())
    }

    fn member(&mut self, field: &'static Field, is_exact: bool, merged: Merged) -> Result<(), Box<Refused>> {
        match (&field.kind, merged) {
            (Kind::Struct(below), merged) => self.structure(field, below, merged),
            (_, Merged::Deleted(history)) => {
                let leaf = self.config.leaf_mut(field);
                // The key is gone, and what another spelling of it, or the configuration, has stays.
                match self.form == Form::Versioned && is_exact && leaf.value.is_none() {
                    true => {
                        leaf.history = history;
                        leaf.reset();
                    }
                    false => leaf.overrule(history),
                }
                Ok(())
            }
            (Kind::Map(item), merged @ Merged::Object(_)) => self.map(field, item, merged),
            (_, Merged::Object(members)) => {
                let claim = members.into_pairs().flat_map(|(_, value)| value.into_history()).last();
                let what = words!("must not be an object", "オブジェクトであってはなりません");
                Err(refused(field.path(), what, claim.as_ref()))
            }
            (_, Merged::Value(value)) => self.value(field, *value),
        }
    }

    fn structure(
        &mut self,
        field: &'static Field,
        below: &'static [Field],
        merged: Merged,
    ) -> Result<(), Box<Refused>> {
        if matches!(&merged, Merged::Value(value) if value.node.value == Value::Null) {
            if field.pointer {
                self.config.leaf_mut(field).value = None;
                file::reset(below, self.config);
            }
            return Ok(());
        }
        if field.pointer && merged.is_there() {
            self.config.leaf_mut(field).value = Some(Json::Map(Map::new()));
        }
        self.object(field.path(), below, merged)
    }

    fn value(&mut self, field: &'static Field, merging: Merging) -> Result<(), Box<Refused>> {
        let Merging { node, history, defaulted } = merging;
        let leaf = self.config.leaf_mut(field);
        let decoded = decode::field_value_over(leaf.value.as_ref(), field, &node, MERGED)
            .map_err(|mismatch| refused(field.path(), mismatch.message, history.last()))?;
        if self.form == Form::Internal && decoded == Some(Json::Null) {
            // What another spelling of the key has said before is gone.
            if leaf.value.is_some() {
                leaf.reset();
            }
            return Ok(());
        }
        // Two spellings of one key: the later one overrides, and the earlier one is history.
        let earlier = if leaf.value.is_some() { core::mem::take(&mut leaf.history) } else { vec![] };
        leaf.defaulted = defaulted || history.is_empty();
        leaf.history = joined(earlier, history);
        leaf.value = decoded.filter(|value| *value != Json::Null).or(leaf.value.take());
        if let (Some(value), Some(claim)) = (&leaf.value, leaf.history.last_mut())
            && !defaulted
            && claim.origin == Origin::DropIn
        {
            claim.value = value.clone();
        }
        Ok(())
    }

    fn map(&mut self, field: &'static Field, item: &Kind, merged: Merged) -> Result<(), Box<Refused>> {
        let Merged::Object(members) = merged else { return Ok(()) };
        let mut keys = Map::new();
        let mut map = Map::new();
        for (key, member) in members.into_pairs().filter(|(_, member)| member.is_there()) {
            let (node, history) = match member {
                Merged::Value(value) => (value.node, value.history),
                _ => {
                    let what = match field.path() {
                        // Names of headers are withheld with them.
                        HEADERS => words!(
                            "has an object for one of its keys",
                            "いずれかのキーの値がオブジェクトになっています"
                        )
                        .into(),
                        _ => text!(
                            "has an object for the key `{key}`",
                            "キー `{key}` の値がオブジェクトになっています",
                            key = &*key
                        ),
                    };
                    return Err(refused(field.path(), what, None));
                }
            };
            let value = decode::item_value(item, &node, MERGED)
                .map_err(|mismatch| refused(field.path(), mismatch.message, history.last()))?;
            if let Some(claim) = history.last() {
                keys.insert(key.clone(), Claim { value: value.clone(), ..claim.clone() });
            }
            map.insert(key, value);
        }
        let leaf = self.config.leaf_mut(field);
        let claims = by_document(&keys, &leaf.history);
        leaf.history.extend(claims);
        match &mut leaf.value {
            // Two spellings of one key, or the internal form: `encoding/json` adds to the map that is there.
            Some(Json::Map(before)) => {
                leaf.keys.retain(|key, _| map.get(key).is_none());
                leaf.keys.extend(keys.into_pairs());
                before.extend(map.into_pairs());
            }
            _ => {
                leaf.keys = keys;
                leaf.value = Some(Json::Map(map));
            }
        }
        leaf.defaulted = leaf.history.is_empty();
        Ok(())
    }
}

/// Claims one after the other, each once: the internal form has what was there before in its own history, too.
fn joined(earlier: Vec<Claim>, later: Vec<Claim>) -> Vec<Claim> {
    let mut claims: Vec<_> = earlier.into_iter().filter(|claim| !later.contains(claim)).collect();
    claims.extend(later);
    claims
}

/// The drop-ins that claimed keys of a map, each as one claim on the map.
fn by_document(keys: &Map<Claim>, known: &[Claim]) -> Vec<Claim> {
    let mut claims: Vec<(u32, Claim)> = vec![];
    for (key, claim) in keys.iter().filter(|(_, claim)| claim.origin == Origin::DropIn) {
        let Place::At(span) = claim.place else { continue };
        let value = (key.clone(), claim.value.clone());
        match claims.iter_mut().find(|(document, _)| *document == span.document) {
            Some((_, Claim { value: Json::Map(map), place, .. })) => {
                map.insert(value.0, value.1);
                // It stands where the first of its keys stands, whichever that is by its name.
                if matches!(place, Place::At(first) if span.start < first.start) {
                    *place = claim.place;
                }
            }
            _ => claims.push((span.document, Claim { value: Json::Map(collections::map([value])), ..claim.clone() })),
        }
    }
    let order = collections::order(claims.len(), &|a, b| claims[a].0.cmp(&claims[b].0));
    order.into_iter().map(|at| &claims[at].1).filter(|claim| !known.contains(claim)).cloned().collect()
}

fn value_place(merged: &Merged) -> Option<Place> {
    match merged {
        // Where the first of its members stands, whichever that is by its name.
        Merged::Object(members) => members.values().filter_map(value_place).min_by_key(|place| match place {
            Place::At(span) => (span.document, span.start),
            _ => (0, 0),
        }),
        Merged::Value(value) => value.history.last().map(|claim| claim.place),
        Merged::Deleted(_) => None,
    }
}

fn refused(path: &str, what: impl Into<Telling>, claim: Option<&Claim>) -> Box<Refused> {
    let place = claim.map_or(Place::Target, |claim| claim.place);
    Refused::new(Stage::Dropin, message("wrong-type", decode::about(path, what.into())), place)
}
