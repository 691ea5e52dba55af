//! Drop-ins of 1.28: every one is loaded as if it were the configuration file, with its defaults, and then laid over the
//! configuration so far by `mergo.Merge` of imdario/mergo 0.3.6 with `WithOverride`.
//!
//! What is zero there counts as not set: a `false` in a drop-in has no effect. And the defaults of what a drop-in leaves out
//! override what came before it.

use alloc::boxed::Box;
use alloc::string::String;

use super::super::config::{Config, Leaf};
use super::super::file::{self, Folder, Source};
use super::super::gates::Gates;
use super::super::paths;
use super::super::problems::Problems;
use super::super::surface::{Field, Kind};
use super::super::{Refused, values};
use crate::collections::Map;
use crate::json::Json;

/// Loads and lays over, one drop-in after the other.
pub fn merge(
    config: &mut Config,
    sources: &[Source],
    gates: &Gates,
    problems: &mut Problems,
) -> Result<(), Box<Refused>> {
    // Loading gives every configuration without thresholds the same map, and laying one over it changes it for all of them.
    let shares_thresholds = config.at("evictionHard").is_some_and(|leaf| leaf.defaulted && leaf.value.is_some());
    for source in sources {
        let folder =
            if source.path.starts_with(b"/") { Folder::Known(paths::parent(source.path)) } else { Folder::Unknown };
        let mut drop_in = Config::empty(config.version);
        file::load(&mut drop_in, *source, gates, &folder, problems)?;
        if shares_thresholds && let Some(leaf) = drop_in.at_mut("evictionHard").filter(|leaf| leaf.decider().is_none())
        {
            leaf.value = None;
        }
        lay_over(config, &drop_in);
    }
    Ok(())
}

fn lay_over(config: &mut Config, drop_in: &Config) {
    let has_tracing = drop_in.at("tracing").is_some_and(|tracing| tracing.value.is_some());
    if has_tracing && let Some(tracing) = config.at_mut("tracing") {
        tracing.value = Some(Json::Map(Map::new()));
    }
    config.for_each_leaf(|field, leaf| {
        let over = drop_in.leaf(field);
        match (&field.kind, &over.value) {
            // A pointer to a struct is replaced as a whole.
            _ if has_tracing && field.path().starts_with("tracing.") => replace(leaf, over),
            (Kind::Map(_), Some(Json::Map(map))) => add_keys(leaf, over, map),
            (Kind::DurationOrNanoseconds, Some(value)) if *value != Json::Int(0) => {
                // Whether it is written as a text is a switch of its own, and only goes on.
                let as_text = [&leaf.value, &over.value].iter().any(|value| matches!(value, Some(Json::Text(_))));
                let nanoseconds = value.as_int().or_else(|| value.as_text().and_then(values::duration));
                replace(leaf, over);
                if let (true, Some(nanoseconds)) = (as_text, nanoseconds) {
                    leaf.value = Some(Json::Text(values::format_duration(nanoseconds)));
                }
            }
            // The amount of a quantity is hidden from mergo.
            (Kind::Quantity, _) => leaf.overrule(over.history.clone()),
            _ if is_zero(field, over) => leaf.overrule(over.history.clone()),
            _ => replace(leaf, over),
        }
    });
}

/// Whether mergo takes a value for "not set". Two pointers are left in the internal type: what they point to may be zero.
fn is_zero(field: &Field, leaf: &Leaf) -> bool {
    match &leaf.value {
        None | Some(Json::Null | Json::Bool(false) | Json::Int(0)) => {
            !(field.path() == "maxParallelImagePulls" && leaf.value == Some(Json::Int(0)))
        }
        Some(Json::Float(value)) => *value == 0.0 && field.path() != "memoryThrottlingFactor",
        Some(Json::Text(text)) => text.is_empty() || field.kind.is_duration() && text == "0s",
        Some(Json::List(items)) => items.is_empty(),
        Some(Json::Bool(true) | Json::Int(_) | Json::Map(_)) => false,
    }
}

fn replace(leaf: &mut Leaf, over: &Leaf) {
    leaf.value.clone_from(&over.value);
    leaf.keys.clone_from(&over.keys);
    leaf.history.extend(over.history.iter().cloned());
    leaf.defaulted = over.decider().is_none();
}

fn add_keys(leaf: &mut Leaf, over: &Leaf, map: &Map<Json>) {
    let set = |key: &str| map.get(key).is_some_and(|value| *value != Json::Null);
    if !matches!(leaf.value, Some(Json::Map(_))) {
        leaf.value = Some(Json::Map(Map::new()));
        leaf.keys = Map::new();
    }
    let Some(Json::Map(before)) = &mut leaf.value else { return };
    let owned = |(key, value): (&String, &Json)| (key.clone(), value.clone());
    before.extend(map.iter().filter(|(key, _)| set(key)).map(owned));
    leaf.keys.retain(|key, _| !set(key));
    let claims = over.keys.iter().filter(|(key, _)| set(key));
    leaf.keys.extend(claims.map(|(key, claim)| (key.clone(), claim.clone())));
    leaf.history.extend(over.history.iter().cloned());
    leaf.defaulted = leaf.history.is_empty();
}
