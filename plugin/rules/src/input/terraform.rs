//! Node pools and clusters as resources of Terraform and OpenTofu: AKS, GKE and RKE.

use alloc::string::String;
use alloc::vec::Vec;

use super::base::{AKS, GKE};
use super::closed::{BOOL, CAPITAL, CAPITALS, Key, MEGA_OR_TEXT, NUMBER, Of, STATIC, Table, table};
use super::source::{Doc, is_filled_in};
use super::{File, Form, Found, Input, MAX_INPUTS, aks, rancher, tree};
use crate::text::{Member, Node, Value};

pub static AZURERM: Form = Form { id: "terraform-azurerm", sign: "", platform: "aks", find: find_azurerm };
pub static GOOGLE: Form = Form { id: "terraform-google", sign: "", platform: "gke", find: find_google };
pub static RKE: Form = Form { id: "terraform-rke", sign: "", platform: "rke", find: find_rke };

const KUBELET: &str = "kubelet_config";

static AKS_TABLE: Table = table!(
    "the provider azurerm": [
        Key("cpu_manager_policy", "cpuManagerPolicy", Of::Same),
        Key("cpu_manager_policy_static_enabled", "cpuManagerPolicy", STATIC),
        Key("cpu_cfs_quota_enabled", "cpuCFSQuota", BOOL),
        Key("cpu_cfs_quota_period", "cpuCFSQuotaPeriod", Of::Same),
        Key("image_gc_high_threshold", "imageGCHighThresholdPercent", NUMBER),
        Key("image_gc_low_threshold", "imageGCLowThresholdPercent", NUMBER),
        Key("topology_manager_policy", "topologyManagerPolicy", Of::Same),
        Key("allowed_unsafe_sysctls", "allowedUnsafeSysctls", Of::Same),
        Key("container_log_max_size_mb", "containerLogMaxSize", MEGA_OR_TEXT),
        Key("container_log_max_line", "containerLogMaxFiles", NUMBER),
        Key("container_log_max_files", "containerLogMaxFiles", NUMBER),
        Key("pod_max_pid", "podPidsLimit", NUMBER),
    ],
);

macro_rules! signals {
    ($map:literal) => {
        Of::Below(&[
            Key("memory_available", concat!($map, "/memory.available"), Of::Same),
            Key("nodefs_available", concat!($map, "/nodefs.available"), Of::Same),
            Key("nodefs_inodes_free", concat!($map, "/nodefs.inodesFree"), Of::Same),
            Key("imagefs_available", concat!($map, "/imagefs.available"), Of::Same),
            Key("imagefs_inodes_free", concat!($map, "/imagefs.inodesFree"), Of::Same),
            Key("pid_available", concat!($map, "/pid.available"), Of::Same),
        ])
    };
}

static GKE_TABLE: Table = table!(
    "the provider google": [
        Key("cpu_manager_policy", "cpuManagerPolicy", Of::Same),
        Key("cpu_cfs_quota", "cpuCFSQuota", BOOL),
        Key("cpu_cfs_quota_period", "cpuCFSQuotaPeriod", Of::Same),
        Key("insecure_kubelet_readonly_port_enabled", "readOnlyPort", CAPITALS),
        Key("pod_pids_limit", "podPidsLimit", NUMBER),
        Key("max_parallel_image_pulls", "maxParallelImagePulls", NUMBER),
        Key("container_log_max_size", "containerLogMaxSize", Of::Same),
        Key("container_log_max_files", "containerLogMaxFiles", NUMBER),
        Key("image_gc_low_threshold_percent", "imageGCLowThresholdPercent", NUMBER),
        Key("image_gc_high_threshold_percent", "imageGCHighThresholdPercent", NUMBER),
        Key("image_minimum_gc_age", "imageMinimumGCAge", Of::Same),
        Key("image_maximum_gc_age", "imageMaximumGCAge", Of::Same),
        Key("allowed_unsafe_sysctls", "allowedUnsafeSysctls", Of::Same),
        Key("single_process_oom_kill", "singleProcessOOMKill", BOOL),
        Key("eviction_max_pod_grace_period_seconds", "evictionMaxPodGracePeriod", NUMBER),
        Key("eviction_soft", "evictionSoft", signals!("evictionSoft")),
        Key("eviction_soft_grace_period", "evictionSoftGracePeriod", signals!("evictionSoftGracePeriod")),
        Key("eviction_minimum_reclaim", "evictionMinimumReclaim", signals!("evictionMinimumReclaim")),
        Key(
            "topology_manager",
            "topologyManager",
            Of::Below(&[
                Key("policy", "topologyManagerPolicy", Of::Same),
                Key("scope", "topologyManagerScope", Of::Same),
            ]),
        ),
        Key("memory_manager", "memoryManager", Of::Below(&[Key("policy", "memoryManagerPolicy", CAPITAL)])),
    ],
);

fn rename_aks(path: &str, value: &Value) -> Option<(String, Value)> {
    AKS_TABLE.renamed(path, value)
}

fn rename_gke(path: &str, value: &Value) -> Option<(String, Value)> {
    GKE_TABLE.renamed(path, value)
}

/// A resource: its address, the labels, and its body.
struct Resource<'a> {
    kind: &'a Member,
    name: &'a Member,
}

impl Resource<'_> {
    fn body(&self) -> &Node {
        &self.name.value
    }

    fn address(&self) -> String {
        [&*self.kind.key, ".", &*self.name.key].concat()
    }

    /// An input of it, of all or a part of it.
    fn input(&self, form: &Form, base: &'static super::base::Base, part: &str) -> Input {
        let head = self.kind.key_span.start..self.name.key_span.end;
        let mut input = Input::new(form, base, self.body().span.clone(), head);
        input.id = [form.id, "/", &*self.address(), part].concat();
        input.name = self.address();
        input
    }
}

/// The resources of a kind.
fn resources<'a>(doc: &'a Doc, kind: &'a str) -> impl Iterator<Item = Resource<'a>> {
    let blocks = doc.root().map_or(&[][..], tree::members).iter();
    let kinds = blocks.filter(|block| block.key == "resource").flat_map(|block| tree::members(&block.value));
    let of_kind = kinds.filter(move |member| member.key == kind);
    of_kind.flat_map(|kind| tree::members(&kind.value).iter().map(move |name| Resource { kind, name })).take(MAX_INPUTS)
}

/// The blocks of a name in a body.
fn blocks<'a>(body: &'a Node, name: &'a str) -> impl Iterator<Item = &'a Member> {
    tree::members(body).iter().filter(move |member| member.key == name)
}

/// A file that cannot be read, but has resources of this kind with something for their kubelets.
fn broken(file: &File, form: &Form, kind: &str, setting: &str, found: &mut Found) {
    let is_one = |doc: &&Doc| doc.text.is_err() && doc.mentions(kind) && doc.mentions(setting);
    for doc in file.hcl().iter().filter(is_one) {
        let mut input = Input::of_doc(form, &super::base::NOBODY, doc);
        input.give_up_unread(doc);
        found.push(input);
    }
}

/// What Terraform itself refuses, or decides only when it runs.
fn check(input: &mut Input, pool: &Node) {
    let mut configurations = blocks(pool, KUBELET);
    let first = configurations.next();
    if let Some(second) = configurations.next() {
        let text = words!("there can be only one such block", "このブロックは 1 つだけ指定できます");
        input.refuse("second-block", text, &second.key_span);
    }
    let settings = first.map_or(&[][..], |member| tree::members(&member.value));
    let all: Vec<&Member> = settings.iter().collect();
    let repeated = crate::text::repeated(&all);
    if let Some((again, _)) = all.iter().zip(repeated).find(|(_, repeated)| *repeated) {
        let text = text!("`{key}` is set twice", "`{key}` が 2 回指定されています", key = &*again.key);
        input.refuse("set-twice", text, &again.key_span);
    }
    for dynamic in blocks(pool, "dynamic") {
        if let Some(member) = tree::member(&dynamic.value, KUBELET) {
            let text = words!(
                "whether there is such a block, and what is in it, is computed",
                "このブロックの有無と内容は実行時に計算されます"
            );
            input.give_up("dynamic", text, &member.key_span);
        }
    }
}

fn find_azurerm(file: &File, found: &mut Found) {
    broken(file, &AZURERM, "azurerm_kubernetes_cluster", KUBELET, found);
    for doc in file.hcl() {
        for resource in resources(doc, "azurerm_kubernetes_cluster") {
            let version = tree::text(resource.body(), "kubernetes_version");
            for pool in blocks(resource.body(), "default_node_pool").take(1) {
                let input = resource.input(&AZURERM, &AKS, "");
                found.push(azurerm_pool(doc, input, &pool.value, version));
            }
        }
        for resource in resources(doc, "azurerm_kubernetes_cluster_node_pool") {
            let input = resource.input(&AZURERM, &AKS, "");
            found.push(azurerm_pool(doc, input, resource.body(), None));
        }
        for resource in resources(doc, "azapi_resource") {
            azapi(doc, &resource, found);
        }
    }
}

/// A resource as a template has it.
fn azapi(doc: &Doc, resource: &Resource, found: &mut Found) {
    let body = resource.body();
    let (Some(kind), Some(properties)) = (body.get("type"), tree::at(body, &["body", "properties"])) else { return };
    let name = tree::string(kind).and_then(|kind| kind.split('@').next()).unwrap_or_default();
    let kind = tree::node(Value::String(name.into()), kind.span.clone());
    let mut template = body.clone();
    tree::put(&mut template, &["type"], &kind.span.clone(), kind);
    tree::put(&mut template, &["properties"], &properties.span, properties.clone());
    aks::resource_pools(doc, &template, &resource.address(), found);
}

fn azurerm_pool(doc: &Doc, mut input: Input, pool: &Node, version: Option<&str>) -> Input {
    input.of_version(tree::text(pool, "orchestrator_version").or(version));
    check(&mut input, pool);
    let Some(settings) = pool.get(KUBELET) else {
        return input.closed(doc, pool, &[KUBELET], &AKS_TABLE, rename_aks);
    };
    let pool = &without_zeros(pool);
    // The provider always sends this.
    let under = tree::of_platform(&["failSwapOn: false"]);
    let mut input = input.closed_over(doc, pool, &[KUBELET], &AKS_TABLE, rename_aks, Some(under));
    // And this, too: false before it had a default.
    if settings.get("cpu_cfs_quota_enabled").is_none() {
        let why = words!(
            "the provider sends true or false where this is left out, depending on its version",
            "省略した場合にプロバイダーが送る値は、そのバージョンによって異なります"
        );
        input.undecided("cpuCFSQuota", "decided-elsewhere", why);
    }
    input
}

/// A pool without thresholds that the provider takes for left out.
fn without_zeros(pool: &Node) -> Node {
    let mut pool = pool.clone();
    if let Value::Object(members) = &mut pool.value {
        for settings in members.iter_mut().filter(|member| member.key == KUBELET) {
            for key in ["image_gc_high_threshold", "image_gc_low_threshold"] {
                if settings.value.get(key).is_some_and(|node| node.value == Value::Number("0".into())) {
                    tree::take(&mut settings.value, key);
                }
            }
        }
    }
    pool
}

fn find_google(file: &File, found: &mut Found) {
    broken(file, &GOOGLE, "google_container_", KUBELET, found);
    for doc in file.hcl() {
        for resource in resources(doc, "google_container_cluster") {
            google_cluster(doc, &resource, found);
        }
        for resource in resources(doc, "google_container_node_pool") {
            let mut input = resource.input(&GOOGLE, &GKE, "");
            input.of_version(tree::text(resource.body(), "version"));
            let default = cluster_of(doc, resource.body()).and_then(default_port);
            found.push(google_pool(doc, input, resource.body(), default));
        }
    }
}

/// What the whole cluster has for the read-only port.
fn default_port(cluster: &Node) -> Option<&Member> {
    let defaults = tree::at(cluster, &["node_pool_defaults", "node_config_defaults"])?;
    tree::member(defaults, PORT)
}

const PORT: &str = "insecure_kubelet_readonly_port_enabled";

/// The cluster of a pool, where it stands in the same file.
fn cluster_of<'a>(doc: &'a Doc, pool: &Node) -> Option<&'a Node> {
    let written = doc.bytes.get(pool.get("cluster").filter(|node| is_filled_in(node))?.span.clone())?;
    let name = core::str::from_utf8(written).ok()?.strip_prefix("google_container_cluster.")?.split('.').next()?;
    let name = name.split('[').next()?;
    let mut all = resources(doc, "google_container_cluster");
    all.find(|resource| resource.name.key == name).map(|resource| &resource.name.value)
}

/// The pools that stand in a cluster, and what it has for those that are made for it.
fn google_cluster(doc: &Doc, resource: &Resource, found: &mut Found) {
    let body = resource.body();
    let version = tree::text(body, "min_master_version");
    let is_true = |key: &str| body.get(key).is_some_and(tree::is_true);
    let input = |part: &str| {
        let mut input = resource.input(&GOOGLE, &GKE, part);
        input.of_version(tree::text(body, "node_version").or(version));
        input
    };
    let pools: Vec<&Member> = blocks(body, "node_pool").take(MAX_INPUTS).collect();
    if pools.is_empty() && !is_true("remove_default_node_pool") && !is_true("enable_autopilot") {
        found.push(google_pool(doc, input(""), body, default_port(body)));
    }
    for (at, pool) in pools.into_iter().enumerate() {
        let mut input = input(&format!("/node_pool[{at}]"));
        input.head = pool.key_span.clone();
        input.of_version(tree::text(&pool.value, "version"));
        found.push(google_pool(doc, input, &pool.value, default_port(body)));
    }
    if let Some(member) = body.get("node_pool_auto_config").and_then(|auto| tree::member(auto, "node_kubelet_config")) {
        let mut input = input("/node_pool_auto_config");
        input.head = member.key_span.clone();
        let auto = body.get("node_pool_auto_config").unwrap_or(body);
        found.push(input.closed(doc, auto, &["node_kubelet_config"], &GKE_TABLE, rename_gke));
    }
}

fn google_pool(doc: &Doc, mut input: Input, pool: &Node, default: Option<&Member>) -> Input {
    if let Some(config) = pool.get("node_config") {
        check(&mut input, config);
    }
    let under = default.map(|member| {
        let object = tree::node(Value::Object(vec![member.clone()]), tree::span(member));
        GKE_TABLE.render(&mut input, &object)
    });
    input.closed_over(doc, pool, &["node_config", KUBELET], &GKE_TABLE, rename_gke, under)
}

fn find_rke(file: &File, found: &mut Found) {
    broken(file, &RKE, "rke_cluster", "extra_args", found);
    for doc in file.hcl() {
        for resource in resources(doc, "rke_cluster") {
            let Some(kubelet) = tree::at(resource.body(), &["services", "kubelet"]) else { continue };
            let mut input = resource.input(&RKE, &super::base::RKE, "");
            input.of_version(tree::text(resource.body(), "kubernetes_version"));
            rancher::rke_kubelet(&mut input, kubelet);
            match kubelet.get("extra_args") {
                Some(node) if is_filled_in(node) => {
                    let text = words!("these arguments are computed", "これらの引数は実行時に計算されます");
                    input.give_up("computed", text, &node.span);
                }
                Some(node) if !tree::is_object(node) => {
                    let text = words!("this must be a map of texts", "文字列のマップでなければなりません");
                    input.refuse("not-an-object", text, &node.span);
                }
                _ => {}
            }
            found.push(input);
        }
    }
}
