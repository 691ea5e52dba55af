//! kOps: a cluster, or an instance group.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::base::KOPS;
use super::carrier::{script, user_data};
use super::closed::{COMMAS, EQUALS, GATES, Key, LESS, Of, Table, table};
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::text::{Node, Value};

const GROUP: &str = "kops.k8s.io";

pub static FORM: Form = Form { id: "kops", sign: "kops.k8s.io/", platform: "kops", find };

static TABLE: Table = table!(
    "kOps": [
        Key("anonymousAuth", "authentication/anonymous/enabled", Of::Same),
        Key("authenticationTokenWebhook", "authentication/webhook/enabled", Of::Same),
        Key("authenticationTokenWebhookCacheTtl", "authentication/webhook/cacheTTL", Of::Same),
        Key("authorizationMode", "authorization/mode", Of::Same),
        Key("clientCaFile", "", Of::Nothing),
        Key("eventRecordQPS", "eventRecordQPS", Of::Same),
        Key("eventQPS", "eventRecordQPS", Of::Same),
        Key("evictionHard", "evictionHard", LESS),
        Key("evictionSoft", "evictionSoft", LESS),
        Key("evictionSoftGracePeriod", "evictionSoftGracePeriod", EQUALS),
        Key("evictionMinimumReclaim", "evictionMinimumReclaim", EQUALS),
        Key("featureGates", "featureGates", GATES),
        Key("enforceNodeAllocatable", "enforceNodeAllocatable", COMMAS),
        Key("clusterDNS", "clusterDNS", COMMAS),
        Key("podManifestPath", "staticPodPath", Of::Same),
        Key("volumePluginDirectory", "volumePluginDir", Of::Same),
        Key("logFormat", "logging/format", Of::Same),
        Key("logLevel", "", Of::Nothing),
        Key("taints", "", Of::Nothing),
        Key("nodeLabels", "", Of::Nothing),
        Key("kubeconfigPath", "", Of::Nothing),
        Key("memorySwapBehavior", "memorySwap/swapBehavior", Of::Same),
    ],
    "tlsCipherSuites" "tlsMinVersion" "readOnlyPort" "protectKernelDefaults" "rotateCertificates" "maxPods" "podPidsLimit"
    "serializeImagePulls" "streamingConnectionIdleTimeout" "enableDebuggingHandlers" "kubeReserved" "systemReserved"
    "kubeReservedCgroup" "systemReservedCgroup" "systemCgroups" "kubeletCgroups" "cpuCFSQuota" "cpuCFSQuotaPeriod"
    "cpuManagerPolicy" "topologyManagerPolicy" "registryPullQPS" "registryBurst" "imageGCHighThresholdPercent"
    "imageGCLowThresholdPercent" "containerLogMaxSize" "containerLogMaxFiles" "allowedUnsafeSysctls" "failSwapOn"
    "resolvConf" "hairpinMode" "cgroupDriver" "cgroupRoot" "shutdownGracePeriod" "shutdownGracePeriodCriticalPods"
    "seccompDefault" "maxParallelImagePulls" "imageMaximumGCAge" "nodeLeaseDurationSeconds" "clusterDomain"
    "nodeStatusUpdateFrequency" "evictionMaxPodGracePeriod"
);

fn rename(path: &str, value: &Value) -> Option<(String, Value)> {
    TABLE.renamed(path, value)
}

/// An instance group in the same file as its cluster is over it.
fn find(file: &File, found: &mut Found) {
    let of_kind = |wanted: &'static str| {
        file.docs.iter().filter(move |doc| doc.kind_of(GROUP).is_some_and(|(kind, _)| kind == wanted))
    };
    let clusters = || of_kind("Cluster");
    for doc in clusters() {
        add(file, doc, "kubelet", "kops/cluster", None, found);
        for key in ["masterKubelet", "controlPlaneKubelet"] {
            if doc.root().is_some_and(|root| tree::at(root, &["spec", key]).is_some()) {
                add(file, doc, key, &format!("kops/cluster/{key}"), Some(doc), found);
            }
        }
    }
    for doc in of_kind("InstanceGroup").take(super::MAX_INPUTS) {
        let name = |doc: &Doc| {
            doc.root().and_then(|root| tree::at(root, &["metadata", "name"]).and_then(tree::string).map(str::to_owned))
        };
        let label = doc.root().and_then(|root| tree::at(root, &["metadata", "labels", "kops.k8s.io/cluster"]));
        let label = label.and_then(tree::string).map(str::to_owned);
        let cluster = clusters().find(|cluster| label.is_none() || name(cluster) == label);
        add(file, doc, "kubelet", "kops/instance-group", cluster, found);
    }
}

fn add(file: &File, doc: &Doc, key: &str, id: &str, below: Option<&Doc>, found: &mut Found) {
    let mut input = input(doc, key, id, below);
    let is_other = |below: &&Doc| below.range != doc.range;
    for spec in below.filter(is_other).into_iter().chain([doc]).filter_map(|doc| doc.root()?.get("spec")) {
        beside(file, spec, &mut input, found);
    }
    found.push(input);
}

/// What else is brought to the node: user data, and files that stand where the kubelet's do.
fn beside(file: &File, spec: &Node, input: &mut Input, found: &mut Found) {
    for content in
        spec.get("additionalUserData").map_or(&[][..], tree::items).iter().filter_map(|part| part.get("content"))
    {
        if let Some(text) = file.scalar(content) {
            user_data::add(input, file, text, found);
        }
    }
    for asset in spec.get("fileAssets").map_or(&[][..], tree::items) {
        if let Some(path) = asset.get("path") {
            script::note_written(input, tree::string(path).unwrap_or_default(), &path.span);
        }
    }
}

fn input(doc: &Doc, key: &str, id: &str, below: Option<&Doc>) -> Input {
    let mut input = Input::of_doc(&FORM, &KOPS, doc);
    id.clone_into(&mut input.id);
    let version = below.unwrap_or(doc).root().and_then(|root| tree::at(root, &["spec", "kubernetesVersion"]));
    input.of_version(version.and_then(tree::string));
    let Some(root) = doc.root() else { return input };
    let is_control_plane = matches!(
        tree::at(root, &["spec", "role"]).and_then(tree::string),
        Some("Master" | "ControlPlane" | "control-plane")
    );
    let keys =
        if is_control_plane { &["kubelet", "masterKubelet", "controlPlaneKubelet"][..] } else { &["kubelet"][..] };
    let mut under = None;
    for node in keys.iter().filter_map(|key| tree::at(below?.root()?, &["spec", key])) {
        let rendered = TABLE.render(&mut input, node);
        under = Some(under.map_or_else(|| rendered.clone(), |under| tree::merged(&under, &rendered)));
    }
    input.closed_over(doc, root, &["spec", key], &TABLE, rename, under)
}
