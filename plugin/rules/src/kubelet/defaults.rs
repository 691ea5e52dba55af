//! What the kubelet sets where a configuration leaves a field unset (`SetDefaults_KubeletConfiguration`,
//! pkg/kubelet/apis/config/v1beta1/defaults.go). It happens when the file is decoded, and again after drop-ins; never after flags.

use alloc::borrow::ToOwned;

use super::config::{Config, Leaf};
use super::gates::{GateError, Gates};
use super::values;
use crate::json::Json;

/// Fields whose default depends on more than the version.
const CONDITIONAL: &[&str] = &[
    "crashLoopBackOff.maxContainerRestartPeriod",
    "imagePullCredentialsVerificationPolicy",
    "nodeStatusReportFrequency",
    "podPidsLimit",
    "serializeImagePulls",
];

/// Fills in what is unset. `gates` are those that were set before, by flags.
///
/// # Errors
/// A gate that the configuration sets and the kubelet refuses: since 1.32, defaulting looks at gates, and panics. Before, the
/// same gate is an error once flags have been applied over the files.
pub fn set(config: &mut Config, gates: &Gates) -> Result<(), GateError> {
    let version = config.version;
    let mut gates = gates.clone();
    if version.minor() >= 32 {
        gates.set(config.get("featureGates"), version)?;
    }
    set_conditional(config, &gates);
    config.for_each_leaf(|field, leaf| {
        if leaf.is_unset(field) && !CONDITIONAL.contains(&field.path()) {
            // Some pointers have no default, but become plain values on the way to the kubelet's internal type.
            let internal = || field.legacy(version).filter(|_| field.pointer);
            fill(leaf, field.default(version).or_else(internal));
        }
    });
    Ok(())
}

fn fill(leaf: &mut Leaf, default: Option<Json>) {
    if default.is_some() {
        leaf.value = default;
        leaf.defaulted = true;
    }
}

fn set_conditional(config: &mut Config, gates: &Gates) {
    let version = config.version;
    let text = |value: &str| Some(Json::Text(value.into()));

    let update = config.get("nodeStatusUpdateFrequency").filter(|value| !is_zero(value)).cloned();
    default_to(config, "nodeStatusReportFrequency", update.or(text("5m0s")));

    let several = config.int("maxParallelImagePulls").is_some_and(|pulls| pulls >= 2);
    default_to(config, "serializeImagePulls", Some(Json::Bool(!several)));

    if config.int("podPidsLimit").is_some_and(|limit| limit < -1)
        && let Some(leaf) = config.at_mut("podPidsLimit")
    {
        leaf.value = None;
    }
    default_to(config, "podPidsLimit", Some(Json::Int(-1)));

    let back_off = gates.enabled("KubeletCrashLoopBackOffMax", version);
    default_to(config, "crashLoopBackOff.maxContainerRestartPeriod", text("5m0s").filter(|_| back_off));
    let pulled = gates.enabled("KubeletEnsureSecretPulledImages", version);
    default_to(config, "imagePullCredentialsVerificationPolicy", text("NeverVerifyPreloadedImages").filter(|_| pulled));
}

fn is_zero(duration: &Json) -> bool {
    duration.as_text().and_then(values::duration) == Some(0)
}

fn default_to(config: &mut Config, path: &str, default: Option<Json>) {
    let Some(field) = super::surface::field(path, config.version) else { return };
    let leaf = config.leaf_mut(field);
    if leaf.is_unset(field) {
        fill(leaf, default);
    }
}

/// The thresholds of a kubelet that loads a file without `evictionHard`, on Linux (`DefaultEvictionHard`,
/// pkg/kubelet/eviction/defaults_linux.go). Up to 1.25 they are a default like all others, with or without a file.
const EVICTION_HARD: [(&str, &str); 5] = [
    ("imagefs.available", "15%"),
    ("imagefs.inodesFree", "5%"),
    ("memory.available", "100Mi"),
    ("nodefs.available", "10%"),
    ("nodefs.inodesFree", "5%"),
];

/// The eviction thresholds that loading a file adds (`loadConfigFile`, cmd/kubelet/app/server.go).
pub fn set_eviction(config: &mut Config) {
    let version = config.version.minor();
    let all = config.is_true("mergeDefaultEvictionSettings");
    let Some(leaf) = config.at_mut("evictionHard") else { return };
    let known = EVICTION_HARD.iter().filter(|(signal, _)| version >= 30 || *signal != "imagefs.inodesFree");
    let defaults = known.map(|(signal, threshold)| ((*signal).to_owned(), Json::Text((*threshold).into())));
    match &mut leaf.value {
        Some(Json::Map(map)) if all => {
            for (signal, threshold) in defaults {
                map.or_insert(signal, threshold);
            }
        }
        Some(_) => {}
        None => {
            leaf.value = Some(Json::Map(crate::collections::map(defaults)));
            leaf.defaulted = true;
        }
    }
}
