//! Kubevet's answer beside the kubelet's. Nothing else here knows kubevet's report.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Result, anyhow};
use kubevet::bundle::Bundle;
use kubevet::collect;
use kubevet_report::{Judged, json};
use kubevet_rules::model::Options;
use serde_json::Value;

use crate::case::Case;

/// What differs, by a name for the kind of difference: `stage load/validate`, `setting maxPods`, `flag nodeIP`.
pub type Differences = BTreeMap<String, String>;

/// The public JSON of `kubevet effective --format json`, from the rules without a sandbox.
fn kubevet(case: &Case, version: &str) -> Result<Value> {
    let bundle = Bundle::parse(&case.bundle(version).to_string())?;
    let values = vec![("version".to_owned(), version.to_owned())];
    let options = Options { list_settings: true, values, ..Options::default() };
    let documents = collect::documents(&bundle, |known| kubevet_rules::plan(known, &options))
        .map_err(|error| anyhow!("{error:?}"))?;
    let report = kubevet_rules::evaluate(&documents, &options).map_err(|error| anyhow!("{error:?}"))?;
    let written = json::effective(&Judged::new(&case.id, &documents, &report))?;
    Ok(serde_json::from_str(&written)?)
}

/// Where kubevet differs from the kubelet's answer, which [`crate::oracle::Oracle::ask`] gave.
pub fn differences(case: &Case, version: &str, kubelet: &Value) -> Differences {
    let one = |kind: &str, text: String| Differences::from([(kind.to_owned(), text)]);
    match catch_unwind(AssertUnwindSafe(|| kubevet(case, version))) {
        Ok(Ok(kubevet)) => compare(&kubevet, kubelet),
        Ok(Err(error)) => one("error", format!("{error:#}")),
        Err(_) => one("panic", "kubevet panicked".into()),
    }
}

fn compare(kubevet: &Value, kubelet: &Value) -> Differences {
    let mut differences = Differences::new();
    let stage = |value: &Value| value.as_str().unwrap_or("starts").to_owned();
    let (ours, theirs) = (stage(&kubevet["refusal"]["stage"]), stage(&kubelet["stage"]));
    if ours != theirs {
        let why = if ours == "starts" { &kubelet["error"] } else { &kubevet["refusal"]["message"] };
        differences.insert(format!("stage {ours}/{theirs}"), format!("kubevet {ours}, kubelet {theirs}: {why}"));
    }
    if kubelet["config"].is_null() || kubevet["settings"].as_object().is_none_or(serde_json::Map::is_empty) {
        return differences;
    }
    let settings = shown(&kubevet["settings"]);
    for (name, value) in &settings {
        let expected = at(&kubelet["config"], name);
        // The values of these two are withheld.
        if value != expected && !(name.starts_with("staticPodURL") && !value.is_null() && !expected.is_null()) {
            differences.insert(format!("setting {name}"), format!("kubevet {value}, kubelet {expected}"));
        }
    }
    for name in unknown(&kubelet["config"], "", &settings) {
        differences.insert(format!("setting {name}"), "unknown to kubevet".into());
    }
    for (name, expected) in flags(kubelet) {
        let value = &kubevet["flags"][&name];
        if *value != expected {
            differences.insert(format!("flag {name}"), format!("kubevet {value}, kubelet {expected}"));
        }
    }
    differences
}

/// Kubevet's settings as the kubelet's JSON shows them: what it leaves out is null.
fn shown(settings: &Value) -> BTreeMap<String, Value> {
    let value = |setting: &Value| match (&setting["omitted"], setting.get("value")) {
        (Value::Bool(true), _) => Value::Null,
        (_, Some(value)) => value.clone(),
        (_, None) => setting.clone(),
    };
    settings.as_object().into_iter().flatten().map(|(name, setting)| (name.clone(), value(setting))).collect()
}

/// What the kubelet's JSON shows and kubevet does not know.
fn unknown(config: &Value, below: &str, settings: &BTreeMap<String, Value>) -> Vec<String> {
    let mut names = vec![];
    for (key, value) in config.as_object().into_iter().flatten() {
        let name = if below.is_empty() { key.clone() } else { format!("{below}.{key}") };
        match value {
            _ if settings.contains_key(&name) || name == "kind" || name == "apiVersion" => {}
            Value::Object(_) => names.extend(unknown(value, &name, settings)),
            _ => names.push(name),
        }
    }
    names
}

/// The value at `authentication.anonymous.enabled`; null where there is none.
pub fn at<'a>(config: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(config, |value, key| &value[key])
}

/// The kubelet's own flags by the names that kubevet and the goldens have for them.
pub fn flags(kubelet: &Value) -> BTreeMap<String, Value> {
    let name = |flag: &str| match flag {
        "cert-dir" => "certDirectory".to_owned(),
        "root-dir" => "rootDirectory".to_owned(),
        "node-ip" => "nodeIP".to_owned(),
        _ => {
            let mut parts = flag.split('-');
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |name, part| {
                let (head, tail) = part.split_at(part.len().min(1));
                name + &head.to_ascii_uppercase() + tail
            })
        }
    };
    kubelet["flags"].as_object().into_iter().flatten().map(|(flag, value)| (name(flag), value.clone())).collect()
}
