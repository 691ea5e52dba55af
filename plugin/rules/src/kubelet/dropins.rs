//! The drop-in directory: `--config-dir`.
//!
//! Follows `mergeKubeletConfigurations` (cmd/kubelet/app/server.go) of 1.32 and later: the configuration so far is written as
//! JSON, every drop-in is a merge patch (RFC 7386) on it, the result is decoded by `encoding/json`, and defaulted again.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::config::{Claim, Config, Leaf, zero};
use super::decode::{self, folded};
use super::file::Source;
use super::gates::Gates;
use super::problems::Problems;
use super::surface::{FIELDS, Field, Kind};
use super::{Refused, defaults};
use crate::json::Json;
use crate::message::message;
use crate::model::{Origin, Place, Stage};
use crate::text::{Member, Node, Text, Value};
use crate::{collections, float};

/// Merges drop-ins, in the order of the walk, over a configuration.
pub fn merge(
    config: &mut Config,
    sources: &[Source],
    gates: &Gates,
    named_at: Place,
    problems: &mut Problems,
) -> Result<(), Refused> {
    let mut merged = written(FIELDS, config);
    for source in sources {
        let text = source.read(problems)?;
        let patch = Patch { source };
        merged = patch.apply(merged, &text)?;
    }
    let mut decoded = Config::empty(config.version);
    // What JSON leaves out has its history all the same.
    decoded.for_each_leaf(|field, leaf| {
        leaf.history = config.leaf(field).history.clone();
        leaf.defaulted = config.leaf(field).defaulted;
    });
    Decoder { config: &mut decoded, problems }.object("this", FIELDS, merged)?;
    defaults::set(&mut decoded, gates).map_err(|error| {
        let claimed = decoded.at("featureGates").and_then(|leaf| leaf.keys.get(error.name()));
        let place = claimed.map_or(named_at, |claim| claim.place);
        Refused { stage: Stage::Dropin, message: message("feature-gate", &[], error.text(decoded.version)), place }
    })?;
    *config = decoded;
    Ok(())
}

/// JSON in the making, with the history of each value.
enum Merged {
    Object(BTreeMap<String, Merged>),
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
            Merged::Object(members) => members.into_values().flat_map(Merged::into_history).collect(),
            Merged::Value(value) => value.history,
            Merged::Deleted(history) => history,
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

/// The configuration as the kubelet's own JSON.
fn written(fields: &'static [Field], config: &Config) -> Merged {
    let mut members = BTreeMap::new();
    for field in fields.iter().filter(|field| config.version.is_in(field.versions)) {
        let leaf = config.leaf(field);
        let value = match &field.kind {
            Kind::Struct(below) if field.pointer => match written(below, config) {
                Merged::Object(members) if members.is_empty() => continue,
                object => object,
            },
            Kind::Struct(below) => written(below, config),
            _ if field.omit_empty && leaf.is_empty(field) => continue,
            _ => written_value(field, leaf),
        };
        members.insert(field.name.to_owned(), value);
    }
    Merged::Object(members)
}

fn written_value(field: &Field, leaf: &Leaf) -> Merged {
    let value = leaf.value.clone().unwrap_or_else(|| zero(&field.kind));
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
        Json::Int(value) => Value::Number(value.to_string()),
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
}

impl Patch<'_, '_> {
    fn apply(self, base: Merged, text: &Text) -> Result<Merged, Refused> {
        if let Some(span) = text.set_twice.first().cloned().or_else(|| duplicate(&text.root)) {
            let text = "a key is given twice: in a drop-in, the kubelet takes that for an error";
            return Err(self.source.refused("duplicate-key", self.source.at(&span), text));
        }
        let Value::Object(members) = &text.root.value else { return Ok(base) };
        // Unlike the configuration file, a drop-in needs these keys in their exact case.
        for key in ["kind", "apiVersion"] {
            if !members.iter().any(|member| member.key == key) {
                let text = format!("this drop-in has no `{key}` in this exact case");
                return Err(self.source.refused(
                    "not-a-kubelet-configuration",
                    Place::Whole(self.source.document),
                    text,
                ));
            }
        }
        Ok(self.object(base, members))
    }

    /// `mergeDocs` of evanphx/json-patch.
    fn object(&self, base: Merged, members: &[Member]) -> Merged {
        let mut merged = match base {
            Merged::Object(members) => members,
            // Something else stood here: the object replaces it.
            _ => BTreeMap::new(),
        };
        for member in members.iter().filter(|member| !member.shadowed) {
            let before = merged.remove(&member.key);
            let after = match &member.value.value {
                Value::Null => Merged::Deleted(before.map(Merged::into_history).unwrap_or_default()),
                Value::Object(below) => match before {
                    Some(object @ Merged::Object(_)) => self.object(object, below),
                    _ => self.object(Merged::Object(BTreeMap::new()), below),
                },
                _ => self.value(before, &member.value),
            };
            merged.insert(member.key.clone(), after);
        }
        Merged::Object(merged)
    }

    fn value(&self, before: Option<Merged>, node: &Node) -> Merged {
        // What replaces an object keeps its nulls (`merge` of evanphx/json-patch).
        let node = plain(node, !matches!(before, Some(Merged::Object(_))));
        let mut history = before.map(Merged::into_history).unwrap_or_default();
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
            let mut seen = alloc::collections::BTreeSet::new();
            members.iter().filter(|member| !member.shadowed).find_map(|member| {
                if seen.insert(member.key.as_str()) { duplicate(&member.value) } else { Some(member.key_span.clone()) }
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
        return whole.to_string();
    }
    match text.parse::<f64>() {
        Ok(value) if value % 1.0 == 0.0 && value.abs() < 1e21 => float::json(value),
        _ => text.to_owned(),
    }
}

/// A value as it stands, before it has a type.
fn untyped(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(text) => {
            text.parse().map(Json::Int).or_else(|_| text.parse().map(Json::Float)).unwrap_or(Json::Null)
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
}

impl Decoder<'_> {
    fn object(&mut self, path: &str, fields: &'static [Field], merged: Merged) -> Result<(), Refused> {
        let members = match merged {
            Merged::Object(members) => members,
            Merged::Value(value) => return Err(refused(path, "must be an object", value.history.last())),
            Merged::Deleted(_) => return Ok(()),
        };
        let version = self.config.version;
        for (key, value) in members {
            match folded(fields, &key, |field| version.is_in(field.versions)) {
                Some(field) => {
                    if field.name != key {
                        self.problems.folded_key(field, &key, &value_place(&value));
                    }
                    self.member(field, value)?;
                }
                None => self.problems.unknown_in_drop_in(fields, &key, &value_place(&value), version),
            }
        }
        Ok(())
    }

    fn member(&mut self, field: &'static Field, merged: Merged) -> Result<(), Refused> {
        match (&field.kind, merged) {
            (Kind::Struct(below), merged) => self.object(field.path, below, merged),
            (_, Merged::Deleted(history)) => {
                let leaf = self.config.leaf_mut(field);
                leaf.history = history;
                leaf.reset();
                Ok(())
            }
            (Kind::Map(item), merged @ Merged::Object(_)) => self.map(field, item, merged),
            (_, Merged::Object(members)) => {
                let claim = members.into_values().flat_map(Merged::into_history).last();
                Err(refused(field.path, "must not be an object", claim.as_ref()))
            }
            (_, Merged::Value(value)) => self.value(field, *value),
        }
    }

    fn value(&mut self, field: &'static Field, merging: Merging) -> Result<(), Refused> {
        let Merging { node, history, defaulted } = merging;
        let decoded = decode::field_value(field, &node)
            .map_err(|mismatch| refused(field.path, &mismatch.message, history.last()))?;
        let leaf = self.config.leaf_mut(field);
        // Two spellings of one key: the later one overrides, and the earlier one is history.
        let earlier = if leaf.value.is_some() { core::mem::take(&mut leaf.history) } else { vec![] };
        leaf.history = earlier.into_iter().chain(history).collect();
        leaf.defaulted = defaulted;
        leaf.value = decoded.filter(|value| *value != Json::Null).or(leaf.value.take());
        if let (Some(value), Some(claim)) = (&leaf.value, leaf.history.last_mut())
            && !defaulted
            && claim.origin == Origin::DropIn
        {
            claim.value = value.clone();
        }
        Ok(())
    }

    fn map(&mut self, field: &'static Field, item: &Kind, merged: Merged) -> Result<(), Refused> {
        let Merged::Object(members) = merged else { return Ok(()) };
        let mut keys = BTreeMap::new();
        let mut map = BTreeMap::new();
        for (key, member) in members.into_iter().filter(|(_, member)| member.is_there()) {
            let (node, history) = match member {
                Merged::Value(value) => (value.node, value.history),
                _ => return Err(refused(field.path, &format!("has an object for the key `{key}`"), None)),
            };
            let value = decode::item_value(item, &node)
                .map_err(|mismatch| refused(&format!("{}.{key}", field.path), &mismatch.message, history.last()))?;
            if let Some(claim) = history.last() {
                keys.insert(key.clone(), Claim { value: value.clone(), ..claim.clone() });
            }
            map.insert(key, value);
        }
        let leaf = self.config.leaf_mut(field);
        let claims = by_document(&keys, &leaf.history);
        leaf.history.extend(claims);
        leaf.keys = keys;
        leaf.defaulted = leaf.history.is_empty();
        leaf.value = Some(Json::Map(map));
        Ok(())
    }
}

/// The drop-ins that claimed keys of a map, each as one claim on the map.
fn by_document(keys: &BTreeMap<String, Claim>, known: &[Claim]) -> Vec<Claim> {
    let mut claims: Vec<(u32, Claim)> = vec![];
    for (key, claim) in keys.iter().filter(|(_, claim)| claim.origin == Origin::DropIn) {
        let Place::At(span) = claim.place else { continue };
        let value = (key.clone(), claim.value.clone());
        match claims.iter_mut().find(|(document, _)| *document == span.document) {
            Some((_, Claim { value: Json::Map(map), .. })) => {
                map.insert(value.0, value.1);
            }
            _ => claims.push((span.document, Claim { value: Json::Map(collections::map([value])), ..claim.clone() })),
        }
    }
    claims.sort_unstable_by_key(|(document, _)| *document);
    claims.into_iter().map(|(_, claim)| claim).filter(|claim| !known.contains(claim)).collect()
}

fn value_place(merged: &Merged) -> Option<Place> {
    match merged {
        Merged::Object(members) => members.values().find_map(value_place),
        Merged::Value(value) => value.history.last().map(|claim| claim.place),
        Merged::Deleted(_) => None,
    }
}

fn refused(path: &str, text: &str, claim: Option<&Claim>) -> Refused {
    let place = claim.map_or(Place::Target, |claim| claim.place);
    Refused {
        stage: Stage::Dropin,
        message: message("wrong-type", &[("setting", path)], format!("`{path}` {text}")),
        place,
    }
}
