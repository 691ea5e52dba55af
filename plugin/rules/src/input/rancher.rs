//! Rancher's distributions: the configuration of k3s and RKE2, Rancher's clusters of these, and RKE's `cluster.yml`.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::base::{K3S as K3S_BASE, RKE as RKE_BASE, RKE2 as RKE2_BASE};
use super::source::Doc;
use super::{File, Form, Found, Input, MAX_INPUTS, tree};
use crate::kubelet::values;
use crate::model::Severity;
use crate::text::{Node, Value};

pub static K3S: Form = Form { id: "k3s-config", sign: "", platform: "k3s", find: find_k3s };
pub static PROVISIONING: Form =
    Form { id: "rancher", sign: "provisioning.cattle.io/", platform: "rke2", find: find_provisioning };
pub static RKE: Form = Form { id: "rke", sign: "", platform: "rke", find: find_rke };

/// What people write for `kubelet-arg`.
const MISSPELT: [&str; 4] = ["kubelet-args", "kubelet_arg", "kubelet_args", "kubeletArg"];
const ARGUMENT: &str = "kubelet-arg";
const KERNEL: &str = "protect-kernel-defaults";

/// A flat object; only its name can tell RKE2's from that of k3s.
fn find_k3s(file: &File, found: &mut Found) {
    let is_flag = |key: &str| key.strip_suffix('+').unwrap_or(key) == ARGUMENT || MISSPELT.contains(&key);
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|root| root.get("kind").is_none()) else { continue };
        if !tree::members(root).iter().any(|member| is_flag(&member.key)) {
            continue;
        }
        let is_rke2 = values::cut(file.name, "rke2").is_some();
        let mut input = Input::of_doc(&K3S, if is_rke2 { &RKE2_BASE } else { &K3S_BASE }, doc);
        if is_rke2 {
            input.platform = "rke2";
        }
        config(&mut input, doc, root);
        found.push(input);
    }
}

/// The keys of `config.yaml` that matter to the kubelet.
fn config(input: &mut Input, doc: &Doc, root: &Node) {
    for member in tree::members(root).iter().filter(|member| !member.shadowed) {
        match member.key.as_str() {
            "kubelet-arg" | "kubelet-arg+" => arguments(input, &member.value),
            KERNEL => kernel(input, doc, &member.value, &member.key_span),
            key if MISSPELT.contains(&key) => {
                let text = text!(
                    "there is no option `{key}`; did you mean `kubelet-arg`?",
                    "オプション `{key}` はありません。`kubelet-arg` の間違いではありませんか?",
                    key
                );
                input.note(Severity::High, "misspelt-key", text, &member.key_span);
            }
            _ => {}
        }
    }
}

/// An option of the server, which sets it in its own drop-in; before there were drop-ins, as a flag.
fn kernel(input: &mut Input, doc: &Doc, value: &Node, key_span: &core::ops::Range<usize>) {
    let mut root = tree::empty(value.span.clone());
    tree::put(&mut root, &["protectKernelDefaults"], key_span, value.clone());
    input.take(root, doc.format(), vec![]);
    if let Some(value) = tree::scalar(value) {
        input.early.push(super::Word {
            bytes: ["--protect-kernel-defaults=", &value].concat().into_bytes(),
            span: key_span.clone(),
        });
    }
}

/// Items such as `event-qps=5`, dashes allowed. One without `=` is true, and keeps the next one from being read.
pub fn arguments(input: &mut Input, value: &Node) {
    let items = match &value.value {
        Value::Array(items) => items.as_slice(),
        Value::Null => return,
        _ => core::slice::from_ref(value),
    };
    let mut items = items.iter();
    while let Some(item) = items.next() {
        let Some(text) = tree::string(item) else {
            let text = words!(
                "an item must be a text such as `event-qps=5`",
                "項目は `event-qps=5` のような文字列でなければなりません"
            );
            input.give_up("not-a-text", text, &item.span);
            continue;
        };
        let word = text.trim_start_matches('-');
        match word.split_once('=') {
            Some(("config" | "config-dir", _)) => {
                let text = words!(
                    "the files that this names are not in here: what they decide is not known",
                    "ここで指定されたファイルは含まれていないため、その内容による設定は不明です"
                );
                input.give_up_files("other-file", text, &item.span);
            }
            Some((name, value)) => {
                input.flag(name.trim_end_matches(['+', '-']), value, item.span.clone());
            }
            None => {
                input.flag(word, "true", item.span.clone());
                if let Some(lost) = items.next() {
                    let text = text!(
                        "`{word}` has no value, and so the item after it is skipped: write `{word}=true`",
                        "`{word}` に値がないため、次の項目が読み飛ばされます。`{word}=true` と書いてください",
                        word = crate::kubelet::clipped(word)
                    );
                    input.note(Severity::High, "item-without-value", text, &lost.span);
                }
            }
        }
    }
}

/// Each place that has options is judged by itself: how they add up on a machine is up to their selectors.
fn find_provisioning(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) =
            doc.root().filter(|_| doc.kind_of("provisioning.cattle.io").is_some_and(|(kind, _)| kind == "Cluster"))
        else {
            continue;
        };
        let Some(rke) = tree::at(root, &["spec", "rkeConfig"]) else { continue };
        let version = tree::at(root, &["spec", "kubernetesVersion"]).and_then(tree::string);
        let is_k3s = version.is_some_and(|version| values::cut(version, "+k3s").is_some());
        let global = rke.get("machineGlobalConfig");
        let input = |config: &Node, id: String| {
            let mut input = Input::of_doc(&PROVISIONING, if is_k3s { &K3S_BASE } else { &RKE2_BASE }, doc);
            if is_k3s {
                input.platform = "k3s";
            }
            input.id = id;
            input.span = config.span.clone();
            input.of_version(version);
            input
        };
        let selectors = rke.get("machineSelectorConfig").map_or(&[][..], tree::items);
        if global.is_some() || selectors.is_empty() {
            let node = global.unwrap_or(rke);
            let mut input = input(node, "rancher/machineGlobalConfig".to_owned());
            if let Some(global) = global {
                config(&mut input, doc, global);
            }
            found.push(input);
        }
        for (at, selector) in selectors.iter().enumerate().take(MAX_INPUTS) {
            let mut input = input(selector, format!("rancher/machineSelectorConfig[{at}]"));
            for part in global.into_iter().chain(selector.get("config")) {
                config(&mut input, doc, part);
            }
            found.push(input);
        }
    }
}

/// `services.kubelet` of a file without a kind.
fn find_rke(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|root| root.get("kind").is_none()) else { continue };
        let wrapped = tree::at(root, &["rancher_kubernetes_engine_config"]);
        let cluster = wrapped.unwrap_or(root);
        let Some(kubelet) =
            tree::at(cluster, &["services", "kubelet"]).filter(|_| wrapped.is_some() || root.get("nodes").is_some())
        else {
            continue;
        };
        let mut input = Input::of_doc(&RKE, &RKE_BASE, doc);
        input.head = tree::at(cluster, &["services"])
            .and_then(|node| tree::member(node, "kubelet"))
            .map_or(doc.head(), |member| member.key_span.clone());
        input.of_version(tree::text(cluster, "kubernetes_version"));
        rke_kubelet(&mut input, kubelet);
        found.push(input);
    }
}

/// The settings of RKE's service `kubelet`.
pub fn rke_kubelet(input: &mut Input, kubelet: &Node) {
    for (key, flag) in
        [("fail_swap_on", "fail-swap-on"), ("cluster_domain", "cluster-domain"), ("cluster_dns_server", "cluster-dns")]
    {
        if let Some(member) = tree::member(kubelet, key)
            && let Some(value) = tree::scalar(&member.value)
        {
            input.flag(flag, &value, tree::span(member));
        }
    }
    rke_arguments(input, kubelet);
}

fn rke_arguments(input: &mut Input, kubelet: &Node) {
    for member in ["extra_args", "extra_args_array"].iter().filter_map(|key| kubelet.get(key)).flat_map(tree::members) {
        let items = match &member.value.value {
            Value::Array(items) => items.as_slice(),
            _ => core::slice::from_ref(&member.value),
        };
        for value in items {
            match tree::scalar(value) {
                Some(value) => input.flag(&member.key, &value, tree::span(member)),
                None => {
                    let text = text!(
                        "the value of `{name}` must be a text",
                        "`{name}` の値は文字列でなければなりません",
                        name = &*member.key
                    );
                    input.refuse("not-a-text", text, &value.span);
                }
            }
        }
    }
}
