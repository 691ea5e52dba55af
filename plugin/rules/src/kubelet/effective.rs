//! The effective configuration as settings of the report: value, source, and what was overridden.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::Kubelet;
use super::config::{Claim, Leaf, unset, zero};
use super::file::{HEADERS, URL};
use super::laid_out::{Doubt, is_nowhere};
use super::precedence::{self, NodeFlags};
use super::quantity;
use super::surface::{Field, Flag, FlagKind, Kind, Version, field, leaves};
use crate::by_version;
use crate::json::Json;
use crate::message::{Language, Said, message};
use crate::model::{Branch, Decided, Effective, Origin, Place, Setting, Source};

/// All settings of these kubelets, in the order of the configuration's fields, and then the flags that have no place in a
/// file; without the kubelets that refuse before they have any.
pub fn settings(kubelets: &[&Kubelet], language: Language) -> Vec<Setting> {
    let mut settings: Vec<Setting> = vec![];
    for path in once_each(kubelets.iter().flat_map(|kubelet| paths(kubelet))) {
        let answers = kubelets.iter().filter_map(|kubelet| Some((kubelet.version, of_field(kubelet, path)?)));
        settings.push(Setting { name: path.to_owned(), in_file: true, branches: branches(answers, language) });
    }
    for name in once_each(kubelets.iter().flat_map(|kubelet| flag_names(kubelet))) {
        let answers = kubelets.iter().filter_map(|kubelet| {
            let flag = NodeFlags::of(kubelet.version).find(|flag| flag.name() == name)?;
            Some((kubelet.version, node_flag(flag, kubelet)?))
        });
        settings.push(Setting { name: camel_case(name), in_file: false, branches: branches(answers, language) });
    }
    settings
}

fn once_each(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut once = vec![];
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

fn paths(kubelet: &Kubelet) -> Vec<&'static str> {
    let leaves = kubelet.config.iter().flat_map(|config| leaves(config.version));
    leaves.map(|field| field.path()).filter(|path| !matches!(*path, "kind" | "apiVersion")).collect()
}

fn flag_names(kubelet: &Kubelet) -> Vec<&'static str> {
    kubelet.flags.as_ref().map_or(vec![], |_| NodeFlags::of(kubelet.version).map(|flag| flag.name()).collect())
}

fn branches(answers: impl Iterator<Item = (Version, Result<Decided, Said>)>, language: Language) -> Vec<Branch> {
    let branch = |(answer, versions): (Result<Decided, Said>, Vec<Version>)| {
        let effective = match answer {
            Ok(decided) => Effective::Known(decided),
            Err(unknown) => Effective::Unknown(unknown.in_language(language)),
        };
        Branch { versions: by_version::names(&versions), effective }
    };
    by_version::grouped(answers).into_iter().map(branch).collect()
}

/// One setting, or why it is unknown: this version may not have it.
pub fn setting(kubelet: &Kubelet, path: &str) -> Result<Decided, Said> {
    of_field(kubelet, path).unwrap_or_else(|| {
        let text = text!(
            "kubelet {version} has no `{setting}`",
            "kubelet {version} に `{setting}` はありません",
            version = kubelet.version.name(),
            setting = path
        );
        Err(message("no-such-setting", text))
    })
}

/// What a field would be if no source set it; `None` where this version does not have it, or leaves it unset.
pub fn default_value(kubelet: &Kubelet, path: &str) -> Option<Json> {
    let field = field(path, kubelet.version)?;
    let legacy = if kubelet.has_files { None } else { field.legacy(kubelet.version) };
    legacy.or_else(|| field.default(kubelet.version)).or_else(|| (!field.pointer).then(|| zero(&field.kind)))
}

/// Whether a kubelet that is told nothing has this value, with a file or without.
pub fn is_default(version: Version, path: &str, value: &str) -> bool {
    let Some(field) = field(path, version) else { return false };
    let default = field.default(version).unwrap_or_else(|| unset(field));
    field.legacy(version).into_iter().chain([default]).any(|default| written(field, &default) == value)
}

/// One flag that has no place in a file, or why it is unknown: this version may not have it.
pub fn flag(kubelet: &Kubelet, name: &str) -> Result<Decided, Said> {
    let known = NodeFlags::of(kubelet.version).find(|flag| flag.name() == name);
    match (known.and_then(|flag| node_flag(flag, kubelet)), &kubelet.unknown) {
        (Some(decided), _) => decided,
        (None, Some(unknown)) => Err(unknown.message.clone()),
        (None, None) if kubelet.flags.is_none() && known.is_some() => {
            let text = text!(
                "the live configuration does not show flags such as `--{flag}`",
                "稼働中の設定には `--{flag}` のようなフラグは示されません",
                flag = name
            );
            Err(message("flag-not-shown", text))
        }
        (None, None) => {
            let text = text!(
                "kubelet {version} has no `--{flag}`",
                "kubelet {version} に `--{flag}` はありません",
                version = kubelet.version.name(),
                flag = name
            );
            Err(message("no-such-flag", text))
        }
    }
}

fn of_field(kubelet: &Kubelet, path: &str) -> Option<Result<Decided, Said>> {
    let config = kubelet.config.as_ref()?;
    let field = field(path, kubelet.version)?;
    Some(effective(kubelet, field, config.leaf(field)))
}

fn effective(kubelet: &Kubelet, field: &Field, leaf: &Leaf) -> Result<Decided, Said> {
    // A flag decides whatever the files say; only gates of the files are added to those of flags.
    let by_flag = leaf.decider().is_some_and(|claim| claim.origin == Origin::Flag) && field.path() != "featureGates";
    let doubt = kubelet.doubts.iter().find(|doubt| doubt.concerns(field.path(), leaf.decider()));
    match (&kubelet.unknown, doubt) {
        (Some(unknown), _) if !by_flag => Err(unknown.message.clone()),
        (_, Some(doubt)) => Err(doubt.why.clone()),
        _ => Ok(decided(kubelet, field, leaf)),
    }
}

fn decided(kubelet: &Kubelet, field: &Field, leaf: &Leaf) -> Decided {
    let value = leaf.value.clone().unwrap_or_else(|| unset(field));
    Decided {
        value: shown(field, &value),
        omitted: field.omit_empty && leaf.is_empty(field),
        by: leaf.decider().map_or_else(|| default(kubelet, field, &value), |claim| source(field, claim)),
        // Names of headers are withheld with them.
        keys: match field.path() {
            HEADERS => vec![],
            _ => leaf.keys.iter().map(|(key, claim)| (key.clone(), source(field, claim))).collect(),
        },
        overridden: leaf.overridden().into_iter().map(|claim| source(field, claim)).collect(),
    }
}

/// A claim as a source; the values of settings that may hold secrets are withheld.
fn source(field: &Field, claim: &Claim) -> Source {
    Source { value: shown(field, &claim.value), ..claim.source() }
}

/// A value for the report: what may be secret is withheld.
pub fn shown(field: &Field, value: &Json) -> String {
    match (field.path(), value) {
        (HEADERS, Json::Map(map)) if !map.is_empty() => withheld(),
        (URL, Json::Text(url)) if !url.is_empty() => withheld(),
        _ => written(field, value),
    }
}

fn withheld() -> String {
    Json::Text("(withheld)".into()).to_json()
}

/// A value as the kubelet writes it.
pub fn written(field: &Field, value: &Json) -> String {
    match value {
        Json::Text(text) if matches!(field.kind, Kind::Quantity) => Json::Text(quantity::shown(text)).to_json(),
        _ => value.to_json(),
    }
}

fn default(kubelet: &Kubelet, field: &Field, value: &Json) -> Source {
    let detail = match kubelet.has_files {
        // The configuration that a kubelet without `--config` starts from has a few values of its own.
        false if field.has_legacy() => "without a configuration file",
        _ => "",
    };
    Source { origin: Origin::Default, value: value.to_json(), place: Place::Target, detail: detail.into() }
}

/// Names of flags that have no place in a file, as the kubelet's own code calls them where that is not the flag's name.
const NAMES: [(&str, &str); 3] = [("cert-dir", "certDirectory"), ("root-dir", "rootDirectory"), ("node-ip", "nodeIP")];

/// A flag that has no place in a file, unless it is filled in elsewhere; none where flags are not known.
fn node_flag(flag: &Flag, kubelet: &Kubelet) -> Option<Result<Decided, Said>> {
    let decided = decided_flag(flag, kubelet)?;
    let is_decided = decided.by.origin != Origin::Default && !is_nowhere(decided.by.place);
    let concerns = |doubt: &&Doubt| doubt.path.strip_prefix("--") == Some(flag.name()) && (doubt.always || !is_decided);
    let doubt = kubelet.doubts.iter().find(concerns);
    Some(doubt.map_or(Ok(decided), |doubt| Err(doubt.why.clone())))
}

fn decided_flag(flag: &Flag, kubelet: &Kubelet) -> Option<Decided> {
    let unset = Leaf::default();
    let leaf = kubelet.flags.as_ref()?.get(flag.name()).unwrap_or(&unset);
    let default = || if leaf.history.is_empty() { precedence::default(flag, kubelet.version) } else { None };
    let zero = || zero(if flag.kind == FlagKind::Labels { &Kind::Map(&Kind::Text) } else { &Kind::Text });
    let value = leaf.value.clone().or_else(default).unwrap_or_else(zero).to_json();
    let default =
        || Source { origin: Origin::Default, value: value.clone(), place: Place::Target, detail: String::new() };
    Some(Decided {
        by: leaf.decider().map_or_else(default, Claim::source),
        omitted: false,
        keys: leaf.keys.iter().map(|(key, claim)| (key.clone(), claim.source())).collect(),
        overridden: leaf.overridden().into_iter().map(Claim::source).collect(),
        value,
    })
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
