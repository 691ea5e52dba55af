//! A kubelet configuration in the making: the value of every field, and who claimed it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::surface::{COUNT, Field, Kind, Version, field, leaves};
use crate::collections::Map;
use crate::json::Json;
use crate::model::{Origin, Place, Source};

/// A source that set a field, with the value that it asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What kind of source.
    pub origin: Origin,
    /// The value, typed.
    pub value: Json,
    /// Where.
    pub place: Place,
    /// What stands there, for people; see [`Source`].
    pub detail: String,
}

impl Claim {
    /// The claim as the report has it.
    pub fn source(&self) -> Source {
        Source { origin: self.origin, value: self.value.to_json(), place: self.place, detail: self.detail.clone() }
    }
}

/// A field's value and its history.
#[derive(Clone, Debug, Default)]
pub struct Leaf {
    /// `None`: nil for pointers, lists and maps, the zero value for everything else.
    pub value: Option<Json>,
    /// Who claimed it, weakest first.
    pub history: Vec<Claim>,
    /// For maps: who decided each key.
    pub keys: Map<Claim>,
    /// Whether defaulting decided, whatever was claimed: a `null`, or a zero that counts as "not set".
    pub defaulted: bool,
}

impl Leaf {
    /// A source sets the whole value.
    pub fn claim(&mut self, claim: Claim) {
        self.value = Some(claim.value.clone());
        self.keys = Map::new();
        self.history.push(claim);
        self.defaulted = false;
    }

    /// A source sets some keys of a map, and leaves the others.
    pub fn claim_keys(&mut self, claim: Claim, keys: Map<Claim>) {
        if !matches!(self.value, Some(Json::Map(_))) {
            self.value = Some(Json::Map(Map::new()));
        }
        if let Some(Json::Map(map)) = &mut self.value {
            map.extend(keys.iter().map(|(key, claim)| (key.clone(), claim.value.clone())));
        }
        self.keys.extend(keys.into_pairs());
        self.history.push(claim);
        self.defaulted = false;
    }

    /// A `null` makes the field unset again.
    pub fn reset(&mut self) {
        self.value = None;
        self.keys = Map::new();
        self.defaulted = true;
    }

    /// Claims that have no effect: what is there stays.
    pub fn overrule(&mut self, claims: Vec<Claim>) {
        let new: Vec<_> = claims.into_iter().filter(|claim| !self.history.contains(claim)).collect();
        if new.is_empty() {
            return;
        }
        self.defaulted = self.decider().is_none();
        let decider = if self.defaulted { None } else { self.history.pop() };
        self.history.extend(new);
        self.history.extend(decider);
    }

    /// The claim that decided; `None` for a default.
    pub fn decider(&self) -> Option<&Claim> {
        if self.defaulted { None } else { self.history.last() }
    }

    /// The claims that had no effect, strongest first. A map's claim is overridden where a key of it is.
    pub fn overridden(&self) -> Vec<&Claim> {
        let kept = |claim: &Claim| match &claim.value {
            Json::Map(map) if !self.keys.is_empty() => map.iter().all(|(key, value)| {
                self.keys.get(key).is_some_and(|by| by.value == *value && by.origin == claim.origin)
            }),
            _ => false,
        };
        let decided = usize::from(self.decider().is_some());
        self.history.iter().rev().skip(decided).filter(|claim| !kept(claim)).collect()
    }

    /// Whether Go would call the value zero: what `omitempty` leaves out.
    pub fn is_empty(&self, field: &Field) -> bool {
        match &self.value {
            None | Some(Json::Null) => true,
            Some(Json::List(items)) => items.is_empty(),
            Some(Json::Map(map)) => map.is_empty(),
            // A duration is a struct, and `omitempty` does not leave structs out; neither does it a pointer that is set.
            Some(_) if field.pointer => false,
            Some(value) => {
                *value == zero(&field.kind)
                    && !matches!(field.kind, Kind::Duration | Kind::DurationOrNanoseconds | Kind::Quantity)
            }
        }
    }

    /// Whether defaulting takes the value for "not set".
    pub fn is_unset(&self, field: &Field) -> bool {
        match &self.value {
            None => true,
            Some(_) if field.pointer => false,
            Some(Json::List(_) | Json::Map(_)) => false,
            Some(Json::Int(0)) => true,
            Some(value) => *value == zero(&field.kind),
        }
    }
}

/// What a field is where it is not set.
pub fn unset(field: &Field) -> Json {
    if field.pointer { Json::Null } else { zero(&field.kind) }
}

/// The zero value of a type.
pub fn zero(kind: &Kind) -> Json {
    match kind {
        Kind::Bool => Json::Bool(false),
        Kind::Int32 | Kind::Int64 | Kind::Uint32 => Json::Int(0),
        Kind::Float => Json::Float(0.0),
        Kind::List(_) => Json::List(vec![]),
        Kind::Map(_) | Kind::Struct(_) => Json::Map(Map::new()),
        _ => zero_text(kind).map_or(Json::Null, |text| Json::Text(text.to_owned())),
    }
}

/// The zero value of a type whose values are texts.
fn zero_text(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Text => Some(""),
        Kind::Duration | Kind::DurationOrNanoseconds => Some("0s"),
        Kind::Quantity => Some("0"),
        _ => None,
    }
}

/// A configuration: a leaf for every field.
#[derive(Clone, Debug)]
pub struct Config {
    /// The version whose fields these are.
    pub version: Version,
    leaves: Vec<Leaf>,
}

impl Config {
    /// Nothing is set.
    pub fn empty(version: Version) -> Config {
        let mut leaves = vec![];
        leaves.resize_with(COUNT, Leaf::default);
        Config { version, leaves }
    }

    /// Nothing is set any more. Cheaper than to begin anew: few leaves are set.
    pub fn forget(&mut self) {
        for leaf in &mut self.leaves {
            if leaf.value.is_some() || leaf.defaulted || !leaf.history.is_empty() {
                *leaf = Leaf::default();
            }
        }
    }

    /// What a kubelet starts from before it has read any file: the defaults, some of them less secure for old times' sake
    /// (`applyLegacyDefaults`, cmd/kubelet/app/options/options.go).
    pub fn legacy(version: Version) -> Config {
        let mut config = Config::empty(version);
        config.for_each_leaf(|field, leaf| {
            leaf.value = field.legacy(version).or_else(|| field.default(version));
        });
        config
    }

    /// The leaf of a field.
    pub fn leaf(&self, field: &Field) -> &Leaf {
        &self.leaves[usize::from(field.index)]
    }

    /// The leaf of a field, to change it.
    pub fn leaf_mut(&mut self, field: &Field) -> &mut Leaf {
        &mut self.leaves[usize::from(field.index)]
    }

    /// The leaf at a path, where this version has the field.
    pub fn at(&self, path: &str) -> Option<&Leaf> {
        field(path, self.version).map(|field| self.leaf(field))
    }

    /// The leaf at a path, to change it.
    pub fn at_mut(&mut self, path: &str) -> Option<&mut Leaf> {
        field(path, self.version).map(|field| self.leaf_mut(field))
    }

    /// The value at a path, the zero value where it is not set; `None` where this version has no such field.
    pub fn value(&self, path: &str) -> Option<Json> {
        let field = field(path, self.version)?;
        Some(self.leaf(field).value.clone().unwrap_or_else(|| unset(field)))
    }

    /// The value at a path, where it is set.
    pub fn get(&self, path: &str) -> Option<&Json> {
        self.at(path)?.value.as_ref()
    }

    /// The text at a path; `None` where there is none.
    pub fn text(&self, path: &str) -> Option<&str> {
        let field = field(path, self.version)?;
        match &self.leaf(field).value {
            Some(value) => value.as_text(),
            None => zero_text(&field.kind).filter(|_| !field.pointer),
        }
    }

    /// The integer at a path; `None` where there is none.
    pub fn int(&self, path: &str) -> Option<i64> {
        let field = field(path, self.version)?;
        match &self.leaf(field).value {
            Some(value) => value.as_int(),
            None => (!field.pointer && field.kind.is_int()).then_some(0),
        }
    }

    /// Whether the value at a path is true.
    pub fn is_true(&self, path: &str) -> bool {
        self.get(path) == Some(&Json::Bool(true))
    }

    /// Visits every leaf of this version.
    pub fn for_each_leaf(&mut self, mut visit: impl FnMut(&'static Field, &mut Leaf)) {
        for field in leaves(self.version) {
            visit(field, self.leaf_mut(field));
        }
    }
}
