//! The effective configuration as settings of the report: value, source, and what was overridden.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Kubelet;
use super::config::{Claim, Leaf, zero};
use super::surface::{FLAGS, Field, Kind, field, leaves};
use crate::json::Json;
use crate::message::message;
use crate::model::{Decided, Effective, Origin, Place, Setting, Source};

/// All settings, in the order of the configuration's fields; empty where the kubelet refuses before it has any.
pub fn settings(kubelet: &Kubelet) -> Vec<Setting> {
    let Some(config) = &kubelet.config else { return vec![] };
    let fields = leaves(config.version).into_iter().filter(|field| !matches!(field.path, "kind" | "apiVersion"));
    fields
        .map(|field| Setting { name: field.path.to_owned(), effective: effective(kubelet, field, config.leaf(field)) })
        .collect()
}

/// One setting; unknown where this version does not have it.
pub fn setting(kubelet: &Kubelet, path: &str) -> Effective {
    match (field(path, kubelet.version), &kubelet.config) {
        (Some(field), Some(config)) => effective(kubelet, field, config.leaf(field)),
        _ => {
            let text = format!("kubelet {} has no `{path}`", kubelet.version);
            Effective::Unknown(message("no-such-setting", &[("setting", path)], text))
        }
    }
}

fn effective(kubelet: &Kubelet, field: &Field, leaf: &Leaf) -> Effective {
    // A flag decides whatever the files say; only gates of the files are added to those of flags.
    let by_flag = leaf.decider().is_some_and(|claim| claim.origin == Origin::Flag) && field.path != "featureGates";
    match &kubelet.unknown {
        Some(unknown) if !by_flag => Effective::Unknown(unknown.message.clone()),
        _ => Effective::Known(decided(kubelet, field, leaf)),
    }
}

fn decided(kubelet: &Kubelet, field: &Field, leaf: &Leaf) -> Decided {
    let missing = || if field.pointer { Json::Null } else { zero(&field.kind) };
    let value = leaf.value.clone().unwrap_or_else(missing);
    Decided {
        value: shown(field, &value),
        omitted: field.omit_empty && leaf.is_empty(field),
        by: leaf.decider().map_or_else(|| default(kubelet, field, &value), |claim| source(field, claim)),
        keys: leaf.keys.iter().map(|(key, claim)| (key.clone(), source(field, claim))).collect(),
        overridden: leaf.overridden().into_iter().map(|claim| source(field, claim)).collect(),
    }
}

/// A claim as a source; the values of settings that may hold secrets are withheld.
fn source(field: &Field, claim: &Claim) -> Source {
    Source { value: shown(field, &claim.value), ..claim.source() }
}

fn shown(field: &Field, value: &Json) -> String {
    match (field.path, value) {
        ("staticPodURLHeader", Json::Map(map)) if !map.is_empty() => Json::Text("(withheld)".into()).to_string(),
        _ => value.to_string(),
    }
}

fn default(kubelet: &Kubelet, field: &Field, value: &Json) -> Source {
    let version = kubelet.version;
    let detail = match kubelet.has_files {
        // The configuration that a kubelet without `--config` starts from has a few values of its own.
        false if !field.legacy.is_empty() => format!("default of {version} without a configuration file"),
        _ => format!("default of {version}"),
    };
    Source { origin: Origin::Default, value: value.to_string(), place: Place::Target, detail }
}

/// Names of flags that have no place in a file, as the kubelet's own code calls them where that is not the flag's name.
const NAMES: [(&str, &str); 3] = [("cert-dir", "certDirectory"), ("root-dir", "rootDirectory"), ("node-ip", "nodeIP")];

/// The flags that have no place in a file, by their names in camel case.
pub fn flags(kubelet: &Kubelet) -> Vec<Setting> {
    kubelet.flags.as_ref().map_or(vec![], |flags| flags.iter().map(|(name, leaf)| flag(kubelet, name, leaf)).collect())
}

fn flag(kubelet: &Kubelet, name: &str, leaf: &Leaf) -> Setting {
    let list = FLAGS.iter().any(|flag| flag.name == name && flag.kind == super::surface::FlagKind::Labels);
    let value = leaf.value.clone().unwrap_or_else(|| zero(if list { &Kind::Map(&Kind::Text) } else { &Kind::Text }));
    let default = || Source {
        origin: Origin::Default,
        value: value.to_string(),
        place: Place::Target,
        detail: format!("default of {}", kubelet.version),
    };
    let decided = Decided {
        value: value.to_string(),
        omitted: false,
        by: leaf.decider().map_or_else(default, Claim::source),
        keys: leaf.keys.iter().map(|(key, claim)| (key.clone(), claim.source())).collect(),
        overridden: leaf.overridden().into_iter().map(Claim::source).collect(),
    };
    Setting { name: camel_case(name), effective: Effective::Known(decided) }
}

fn camel_case(name: &str) -> String {
    if let Some((_, known)) = NAMES.iter().find(|(flag, _)| *flag == name) {
        return (*known).to_owned();
    }
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |camel, part| {
        let (head, tail) = part.split_at(part.len().min(1));
        camel + &head.to_ascii_uppercase() + tail
    })
}
