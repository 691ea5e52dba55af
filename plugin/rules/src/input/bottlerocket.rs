//! Bottlerocket's user data: the table `settings.kubernetes` of TOML.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use super::base::{BOTTLEROCKET, NOBODY};
use super::closed::{Conversion, Key, Of, Table, table};
use super::source::{self, Doc};
use super::{File, Form, Found, Input, toml, tree};
use crate::text::{Member, Node, Value};

pub static FORM: Form = Form { id: "bottlerocket", sign: "", platform: "eks-bottlerocket", find };

/// Where its settings of the kubelet stand.
pub const PATH: [&str; 2] = ["settings", "kubernetes"];

/// A text.
const TEXT: Of = Of::Other(Conversion {
    read: |node| tree::string(node).map(|_| node.value.clone()),
    write: |value| matches!(value, Value::String(_)).then(|| value.clone()),
    must: words!("a text", "文字列"),
});

/// A whole number.
const NUMBER: Of =
    Of::Other(Conversion { read: |node| whole(&node.value), write: whole, must: words!("a whole number", "整数") });

fn whole(value: &Value) -> Option<Value> {
    match value {
        Value::Number(number) => number.parse::<i64>().ok().map(|_| value.clone()),
        _ => None,
    }
}

/// True or false.
const BOOL: Of = Of::Other(Conversion {
    read: |node| matches!(node.value, Value::Bool(_)).then(|| node.value.clone()),
    write: |value| matches!(value, Value::Bool(_)).then(|| value.clone()),
    must: words!("true or false", " true または false "),
});

/// A list of texts.
const TEXTS: Of = Of::Other(Conversion {
    read: |node| {
        let is_list = matches!(node.value, Value::Array(_));
        (is_list && tree::items(node).iter().all(|item| tree::string(item).is_some())).then(|| node.value.clone())
    },
    write: |value| matches!(value, Value::Array(_)).then(|| value.clone()),
    must: words!("a list of texts", "文字列のリスト"),
});

/// A text, or several; the kubelet's list.
const ADDRESSES: Of = Of::Other(Conversion {
    read: |node| match &node.value {
        Value::String(_) => Some(Value::Array(vec![node.clone()])),
        Value::Array(_) => Some(node.value.clone()),
        _ => None,
    },
    write: |value| matches!(value, Value::Array(_)).then(|| value.clone()),
    must: words!("a text or a list of texts", "文字列または文字列のリスト"),
});

/// A list of options; the kubelet's map says `"true"` of each.
const OPTIONS: Of = Of::Other(Conversion {
    read: |node| {
        let option = |item: &Node| {
            let value = tree::node(Value::String("true".to_owned()), item.span.clone());
            let key = tree::string(item)?.to_owned();
            Some(Member { key, key_span: item.span.clone(), value, shadowed: false })
        };
        match &node.value {
            Value::Array(items) => items.iter().map(option).collect::<Option<Vec<_>>>().map(Value::Object),
            _ => None,
        }
    },
    write: |_| None,
    must: words!("a list of texts", "文字列のリスト"),
});

/// Without static pods, there is no directory for them.
const STATIC_PODS: Of = Of::Other(Conversion {
    read: |node| match node.value {
        Value::Bool(true) => Some(Value::String("/etc/kubernetes/static-pods/".to_owned())),
        Value::Bool(false) => Some(Value::String(String::new())),
        _ => None,
    },
    write: |value| match value {
        Value::String(path) => Some(Value::Bool(!path.is_empty())),
        _ => None,
    },
    must: words!("true or false", " true または false "),
});

macro_rules! signals {
    ($map:literal) => {
        Of::Below(&[
            Key("memory.available", concat!($map, "/memory.available"), TEXT),
            Key("nodefs.available", concat!($map, "/nodefs.available"), TEXT),
            Key("nodefs.inodesFree", concat!($map, "/nodefs.inodesFree"), TEXT),
            Key("imagefs.available", concat!($map, "/imagefs.available"), TEXT),
            Key("imagefs.inodesFree", concat!($map, "/imagefs.inodesFree"), TEXT),
            Key("pid.available", concat!($map, "/pid.available"), TEXT),
        ])
    };
}

macro_rules! resources {
    ($map:literal) => {
        Of::Below(&[
            Key("cpu", concat!($map, "/cpu"), TEXT),
            Key("memory", concat!($map, "/memory"), TEXT),
            Key("ephemeral-storage", concat!($map, "/ephemeral-storage"), TEXT),
            Key("pid", concat!($map, "/pid"), TEXT),
        ])
    };
}

/// The settings of the kubelet (bottlerocket-settings-sdk, settings-extensions/kubernetes), and then those of other programs,
/// and those that are more than one setting to the kubelet.
static TABLE: Table = table!(
    "Bottlerocket": [
        Key("eviction-hard", "evictionHard", signals!("evictionHard")),
        Key("eviction-soft", "evictionSoft", signals!("evictionSoft")),
        Key("eviction-soft-grace-period", "evictionSoftGracePeriod", signals!("evictionSoftGracePeriod")),
        Key("eviction-max-pod-grace-period", "evictionMaxPodGracePeriod", NUMBER),
        Key("kube-reserved", "kubeReserved", resources!("kubeReserved")),
        Key("system-reserved", "systemReserved", resources!("systemReserved")),
        Key("allowed-unsafe-sysctls", "allowedUnsafeSysctls", TEXTS),
        Key("server-tls-bootstrap", "serverTLSBootstrap", BOOL),
        Key("registry-qps", "registryPullQPS", NUMBER),
        Key("registry-burst", "registryBurst", NUMBER),
        Key("event-qps", "eventRecordQPS", NUMBER),
        Key("event-burst", "eventBurst", NUMBER),
        Key("kube-api-qps", "kubeAPIQPS", NUMBER),
        Key("kube-api-burst", "kubeAPIBurst", NUMBER),
        Key("container-log-max-size", "containerLogMaxSize", TEXT),
        Key("container-log-max-files", "containerLogMaxFiles", NUMBER),
        Key("container-log-max-workers", "containerLogMaxWorkers", NUMBER),
        Key("container-log-monitor-interval", "containerLogMonitorInterval", TEXT),
        Key("cpu-cfs-quota-enforced", "cpuCFSQuota", BOOL),
        Key("cpu-manager-policy", "cpuManagerPolicy", TEXT),
        Key("cpu-manager-reconcile-period", "cpuManagerReconcilePeriod", TEXT),
        Key("cpu-manager-policy-options", "cpuManagerPolicyOptions", OPTIONS),
        Key("topology-manager-scope", "topologyManagerScope", TEXT),
        Key("topology-manager-policy", "topologyManagerPolicy", TEXT),
        Key("pod-pids-limit", "podPidsLimit", NUMBER),
        Key("image-gc-high-threshold-percent", "imageGCHighThresholdPercent", NUMBER),
        Key("image-gc-low-threshold-percent", "imageGCLowThresholdPercent", NUMBER),
        Key("image-minimum-gc-age", "imageMinimumGCAge", TEXT),
        Key("image-maximum-gc-age", "imageMaximumGCAge", TEXT),
        Key("seccomp-default", "seccompDefault", BOOL),
        Key("shutdown-grace-period", "shutdownGracePeriod", TEXT),
        Key("shutdown-grace-period-for-critical-pods", "shutdownGracePeriodCriticalPods", TEXT),
        Key("reserved-cpus", "reservedSystemCPUs", TEXT),
        Key("memory-swap-behavior", "memorySwap/swapBehavior", TEXT),
        Key("single-process-oom-kill", "singleProcessOOMKill", BOOL),
        Key("max-pods", "maxPods", NUMBER),
        Key("max-parallel-image-pulls", "maxParallelImagePulls", NUMBER),
        Key("static-pods-enabled", "staticPodPath", STATIC_PODS),
        Key("cluster-domain", "clusterDomain", TEXT),
        Key("cluster-dns-ip", "clusterDNS", ADDRESSES),
        Key("provider-id", "providerID", TEXT),
        Key("standalone-mode", "", Of::Nothing),
        Key("server-certificate", "", Of::Nothing),
        Key("server-key", "", Of::Nothing),
        Key("memory-manager-policy", "", Of::Nothing),
        Key("memory-manager-reserved-memory", "", Of::Nothing),
        Key("ids-per-pod", "", Of::Nothing),
        Key("api-server", "", Of::Nothing),
        Key("authentication-mode", "", Of::Nothing),
        Key("bootstrap-token", "", Of::Nothing),
        Key("cloud-provider", "", Of::Nothing),
        Key("cluster-certificate", "", Of::Nothing),
        Key("cluster-name", "", Of::Nothing),
        Key("credential-providers", "", Of::Nothing),
        Key("device-ownership-from-security-context", "", Of::Nothing),
        Key("hostname-override", "", Of::Nothing),
        Key("hostname-override-source", "", Of::Nothing),
        Key("log-level", "", Of::Nothing),
        Key("node-ip", "", Of::Nothing),
        Key("node-labels", "", Of::Nothing),
        Key("node-taints", "", Of::Nothing),
        Key("pod-infra-container-image", "", Of::Nothing),
        Key("static-pods", "", Of::Nothing),
    ],
);

fn rename(path: &str, value: &Value) -> Option<(String, Value)> {
    TABLE.renamed(path, value)
}

fn find(file: &File, found: &mut Found) {
    if !toml::is_bottlerocket(&file.text.bytes) {
        return;
    }
    for doc in &file.docs {
        found.extend(of_doc(doc).into_iter());
    }
}

/// The input of user data. Other programs have settings of this name, too: one of the keys must be Bottlerocket's.
fn of_doc(doc: &Doc) -> Option<Input> {
    match &doc.text {
        Ok(text) => {
            let settings = tree::at(&text.root, &PATH)?;
            let is_known = |member: &Member| TABLE.keys.iter().any(|Key(name, ..)| is_meant(name, &member.key));
            if !tree::is_object(settings) || !tree::members(settings).iter().any(is_known) {
                return None;
            }
            let input = Input::new(&FORM, &BOTTLEROCKET, doc.range.clone(), settings.span.clone());
            Some(configured(input, doc, &text.root, &PATH, None))
        }
        Err(error) => {
            let is_own = TABLE.keys.iter().any(|Key(name, ..)| name.contains('-') && doc.mentions(name));
            is_own.then(|| {
                let mut input = Input::new(&FORM, &NOBODY, doc.range.clone(), error.span.clone());
                input.give_up_unread(doc);
                input
            })
        }
    }
}

/// Whether a key is this one, also in the spelling of other programs.
fn is_meant(name: &str, key: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    letters(name) == letters(key)
}

/// Takes the settings at a path, over what there is.
pub fn configured(input: Input, doc: &Doc, root: &Node, path: &[&str], under: Option<Node>) -> Input {
    let mut input = input.closed_over(doc, root, path, &TABLE, rename, under);
    let Some(settings) = tree::at(root, path) else { return input };
    refuse_wrong(&mut input, settings);
    let mut over = tree::empty(settings.span.clone());
    derive(settings, &mut over);
    if !tree::members(&over).is_empty() {
        input.merge(over, doc.format());
    }
    let is_given = |key: &str| settings.get(key).is_some_and(|value| value.value != Value::Null);
    if is_given("authentication-mode")
        && tree::text(settings, "authentication-mode") != Some("aws")
        && !is_given("server-tls-bootstrap")
    {
        let why = words!(
            "it differs between the variants of Bottlerocket, and this is one for other places than EKS",
            "Bottlerocket のバリアントによって異なり、これは EKS 以外のバリアントです"
        );
        input.undecided("serverTLSBootstrap", "variant", why);
    }
    input
}

/// The kubelet's settings of user data that something else is put over.
pub fn rendered(input: &mut Input, root: &Node) -> Option<Node> {
    let settings = tree::at(root, &PATH)?;
    refuse_wrong(input, settings);
    let mut node = TABLE.render(input, settings);
    derive(settings, &mut node);
    Some(node)
}

/// What Bottlerocket takes from nobody: keys in another spelling, and maps that are none.
fn refuse_wrong(input: &mut Input, settings: &Node) {
    match settings.get("standalone-mode") {
        Some(mode) if source::is_template(mode) => {
            let text = words!(
                "a template fills in whether the kubelet runs on its own, which decides who may use it",
                "kubelet が単独で動作するかどうか（誰が利用できるかが決まる）はテンプレートで埋め込まれます"
            );
            input.give_up("template", text, &mode.span);
        }
        Some(Node { value: Value::Bool(_) | Value::Null, .. }) | None => {}
        Some(mode) => {
            let text = words!(
                "`standalone-mode` must be true or false",
                "`standalone-mode` には true または false を指定します"
            );
            input.refuse("wrong-value", text, &mode.span);
        }
    }
    for member in tree::members(settings) {
        let Some(Key(name, _, of)) = TABLE.keys.iter().find(|Key(name, ..)| is_meant(name, &member.key)) else {
            continue;
        };
        if *name != member.key {
            let text = text!(
                "Bottlerocket rejects `{key}`: the key is `{name}`",
                "Bottlerocket は `{key}` を拒否します（正しいキーは `{name}` です）",
                key = crate::kubelet::clipped(&member.key),
                name = *name
            );
            input.refuse("wrong-spelling", text, &member.key_span);
        }
        let Of::Below(_) = of else { continue };
        if !tree::is_object(&member.value) && member.value.value != Value::Null && !source::is_template(&member.value) {
            let text = text!("`{key}` must be a table", "`{key}` はテーブルでなければなりません", key = *name);
            input.refuse("wrong-value", text, &member.value.span);
        }
        for nested in tree::members(&member.value).iter().filter(|nested| tree::is_object(&nested.value)) {
            let text = text!(
                "`{key}` is a table here; a key with a dot must stand in quotes",
                "ここでは `{key}` がテーブルになっています。ドットを含むキーは引用符で囲みます",
                key = crate::kubelet::clipped(&nested.key)
            );
            input.refuse("not-quoted", text, &nested.key_span);
        }
    }
}

/// What is more than one setting to the kubelet.
fn derive(settings: &Node, root: &mut Node) {
    let mut put = |span: &Range<usize>, path: &[&str], value: Value| {
        tree::put(root, path, span, tree::node(value, span.clone()));
    };
    let text = |text: &str| Value::String(text.to_owned());
    // A table that a template fills in is not known as a whole.
    for Key(name, setting, _) in TABLE.keys.iter().filter(|Key(.., of)| matches!(of, Of::Below(_))) {
        if let Some(member) = tree::member(settings, name).filter(|member| source::is_template(&member.value)) {
            put(&member.value.span, &[setting], member.value.value.clone());
        }
    }
    if let Some(member) = tree::member(settings, "standalone-mode").filter(|member| tree::is_true(&member.value)) {
        let span = tree::span(member);
        put(&span, &["address"], text("127.0.0.1"));
        put(&span, &["authentication", "anonymous", "enabled"], Value::Bool(true));
        put(&span, &["authentication", "webhook", "enabled"], Value::Bool(false));
        put(&span, &["authentication", "x509", "clientCAFile"], text(""));
        put(&span, &["authorization", "mode"], text("AlwaysAllow"));
    }
    if let (Some(certificate), Some(key)) =
        (tree::member(settings, "server-certificate"), tree::member(settings, "server-key"))
        && [certificate, key].iter().all(|member| tree::string(&member.value).is_some_and(|text| !text.is_empty()))
    {
        let span = tree::span(certificate);
        put(&span, &["tlsCertFile"], text("/etc/kubernetes/pki/kubelet-server.crt"));
        put(&tree::span(key), &["tlsPrivateKeyFile"], text("/etc/kubernetes/pki/private/kubelet-server.key"));
        put(&span, &["serverTLSBootstrap"], Value::Bool(false));
    }
    let reserved = tree::member(settings, "memory-manager-reserved-memory");
    let nodes = reserved.map_or(&[][..], |member| tree::members(&member.value));
    let nodes: Vec<Node> = nodes.iter().filter_map(reserved_memory).collect();
    if let Some(member) = reserved.filter(|_| !nodes.is_empty()) {
        put(&tree::span(member), &["reservedMemory"], Value::Array(nodes));
        if let Some(policy) = tree::member(settings, "memory-manager-policy") {
            put(&policy.value.span, &["memoryManagerPolicy"], policy.value.value.clone());
        }
    }
}

/// Memory that is reserved on a node of memory, whose number is the key.
fn reserved_memory(member: &Member) -> Option<Node> {
    let number = member.key.parse::<u32>().ok()?;
    member.value.get("enabled").filter(|enabled| tree::is_true(enabled))?;
    let span = &member.key_span;
    let mut node = tree::empty(member.value.span.clone());
    tree::put(&mut node, &["numaNode"], span, tree::node(Value::Number(number.to_string()), span.clone()));
    for limit in tree::members(&member.value).iter().filter(|limit| limit.key != "enabled") {
        tree::put(&mut node, &["limits", &limit.key], &limit.key_span, limit.value.clone());
    }
    Some(node)
}
