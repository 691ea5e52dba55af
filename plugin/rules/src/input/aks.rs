//! Custom kubelet configuration of AKS: the JSON of `az aks nodepool add --kubelet-config`, and templates of ARM.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::base::AKS;
use super::closed::{Key, MEBI, MEGA, MILLI, Of, SECCOMP, Table, table};
use super::source::Doc;
use super::{File, Form, Found, Input, MAX_INPUTS, tree};
use crate::text::{Node, Value};

pub static FORM: Form = Form { id: "aks-node-config", sign: "podMaxPids", platform: "aks", find };
pub static ARM: Form =
    Form { id: "azure-template", sign: "Microsoft.ContainerService/managedClusters", platform: "aks", find: find_arm };

/// Keys that tell this form from the kubelet's own.
const OWN: [&str; 7] = [
    "imageGcHighThreshold",
    "imageGcLowThreshold",
    "cpuCfsQuota",
    "cpuCfsQuotaPeriod",
    "containerLogMaxSizeMB",
    "podMaxPids",
    "hardEvictionThreshold",
];

pub static TABLE: Table = table!(
    "AKS": [
        Key("cpuCfsQuota", "cpuCFSQuota", Of::Same),
        Key("cpuCfsQuotaPeriod", "cpuCFSQuotaPeriod", Of::Same),
        Key("imageGcHighThreshold", "imageGCHighThresholdPercent", Of::Within(0, 100)),
        Key("imageGcLowThreshold", "imageGCLowThresholdPercent", Of::Within(0, 100)),
        Key("containerLogMaxSizeMB", "containerLogMaxSize", MEGA),
        Key("podMaxPids", "podPidsLimit", Of::Within(-1, i32::MAX as i64)),
        Key("containerLogMaxFiles", "containerLogMaxFiles", Of::Within(2, i32::MAX as i64)),
        Key("seccompDefault", "seccompDefault", SECCOMP),
        Key(
            "kubeReserved",
            "kubeReserved",
            Of::Below(&[Key("cpuMillicores", "kubeReserved/cpu", MILLI), Key("memoryMB", "kubeReserved/memory", MEBI)]),
        ),
        Key(
            "hardEvictionThreshold",
            "evictionHard",
            Of::Below(&[
                Key("memoryAvailable", "evictionHard/memory.available", Of::Same),
                Key("nodeFsAvailable", "evictionHard/nodefs.available", Of::Same),
                Key("nodeFsInodesFree", "evictionHard/nodefs.inodesFree", Of::Same),
            ]),
        ),
    ],
    "cpuManagerPolicy" "topologyManagerPolicy" "allowedUnsafeSysctls" "failSwapOn"
);

pub fn rename(path: &str, value: &Value) -> Option<(String, Value)> {
    TABLE.renamed(path, value)
}

/// A flat object without a kind.
fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        resource(doc, found);
        let Some(root) = doc.root().filter(|root| root.get("kind").is_none()) else { continue };
        let seccomp = root.get("seccompDefault").is_some_and(|node| matches!(node.value, Value::String(_)));
        if OWN.iter().any(|key| root.get(key).is_some()) || seccomp && is_common(root) {
            found.push(Input::of_doc(&FORM, &AKS, doc).closed(doc, root, &[], &TABLE, rename));
        }
    }
}

/// Node pools as resources of Kubernetes: those of Cluster API, and of Azure's own operator.
fn resource(doc: &Doc, found: &mut Found) {
    let Some(root) = doc.root() else { return };
    let of_cluster_api = doc.kind_of("infrastructure.cluster.x-k8s.io").map(|(kind, _)| kind);
    let of_azure = doc.kind_of("containerservice.azure.com").map(|(kind, _)| kind);
    match (of_cluster_api, of_azure) {
        (Some("AzureManagedMachinePool"), _) | (_, Some("ManagedClustersAgentPool")) => {
            found.push(Input::of_doc(&FORM, &AKS, doc).closed(doc, root, &["spec", "kubeletConfig"], &TABLE, rename));
        }
        (_, Some("ManagedCluster")) => {
            let pools = tree::at(root, &["spec", "agentPoolProfiles"]).map_or(&[][..], tree::items);
            for (at, pool) in pools.iter().enumerate().take(MAX_INPUTS) {
                let mut input = arm_pool(
                    doc,
                    pool,
                    pool,
                    "",
                    tree::at(root, &["spec", "kubernetesVersion"]).and_then(tree::string),
                );
                input.form = FORM.id;
                input.id = format!("{}/agentPoolProfiles[{at}]", FORM.id);
                found.push(input);
            }
        }
        _ => {}
    }
}

/// Whether there is nothing but what both this form and the kubelet have.
fn is_common(root: &Node) -> bool {
    tree::members(root).iter().all(|member| TABLE.keys.iter().any(|Key(name, ..)| *name == member.key))
}

/// Node pools in a template, wherever it nests its resources.
fn find_arm(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root() else { continue };
        let is_template =
            tree::text(root, "$schema").is_some_and(|schema| schema.ends_with("deploymentTemplate.json#"));
        let mut pending: Vec<(&Node, String)> = match is_template {
            true => resources(root),
            false => vec![],
        };
        pending.reverse();
        while let Some((resource, id)) = pending.pop() {
            resource_pools(doc, resource, &id, found);
            let nested = resources(resource).into_iter().map(|(node, below)| (node, [&*id, "/", &below].concat()));
            let template = tree::at(resource, &["properties", "template"]).map_or(vec![], resources);
            let template = template.into_iter().map(|(node, below)| (node, [&*id, "/", &below].concat()));
            pending.extend(nested.chain(template));
        }
    }
}

/// The resources of a template or of a resource: a list, or an object by their names.
fn resources(node: &Node) -> Vec<(&Node, String)> {
    let Some(resources) = node.get("resources") else { return vec![] };
    let items = tree::items(resources).iter().enumerate().map(|(at, item)| (item, format!("resources[{at}]")));
    let members = tree::members(resources).iter().map(|member| (&member.value, format!("resources.{}", member.key)));
    items.chain(members).collect()
}

/// The pools of a resource of a template.
pub fn resource_pools(doc: &Doc, resource: &Node, id: &str, found: &mut Found) {
    let Some(properties) = resource.get("properties") else { return };
    match tree::text(resource, "type") {
        Some("Microsoft.ContainerService/managedClusters") => {
            let profiles = properties.get("agentPoolProfiles").map_or(&[][..], tree::items);
            let version = tree::text(properties, "kubernetesVersion");
            for (at, pool) in profiles.iter().enumerate().take(MAX_INPUTS) {
                found.push(arm_pool(doc, pool, pool, &format!("{id}/agentPoolProfiles[{at}]"), version));
            }
        }
        Some("Microsoft.ContainerService/managedClusters/agentPools" | "agentPools") => {
            found.push(arm_pool(doc, resource, properties, id, None));
        }
        _ => {}
    }
}

fn arm_pool(doc: &Doc, named: &Node, pool: &Node, id: &str, version: Option<&str>) -> Input {
    let head = tree::member(named, "name").or(tree::members(named).first());
    let head = head.map_or(doc.head(), tree::span);
    let mut input = Input::new(&ARM, &AKS, named.span.clone(), head);
    input.id = [ARM.id, "/", id].concat();
    input.name = tree::text(named, "name").unwrap_or_default().to_owned();
    input.of_version(tree::text(pool, "orchestratorVersion").or(version));
    input.closed(doc, pool, &["kubeletConfig"], &TABLE, rename)
}
