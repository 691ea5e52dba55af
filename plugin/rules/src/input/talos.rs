//! The machine configuration of Talos.

use alloc::vec::Vec;

use super::base::TALOS;
use super::source::Doc;
use super::{File, Form, Input, tree};
use crate::kubelet::surface::FIELDS;
use crate::text::{Node, Value};

pub static FORM: Form = Form { id: "talos", sign: "", platform: "talos", find };

/// What Talos takes from nobody in the configuration.
const FORBIDDEN: [&str; 13] = [
    "apiVersion",
    "kind",
    "authentication",
    "authorization",
    "cgroupRoot",
    "kubeletCgroups",
    "systemCgroups",
    "port",
    "protectKernelDefaults",
    "resolvConf",
    "rotateCertificates",
    "staticPodPath",
    "seccompDefault",
];

/// And among the flags.
const DENIED: [&str; 6] =
    ["bootstrap-kubeconfig", "kubeconfig", "container-runtime", "container-runtime-endpoint", "config", "cert-dir"];

/// A whole configuration, a patch of it, or the document that newer versions have for the kubelet.
fn find(file: &File, found: &mut Vec<Input>) {
    for doc in &file.docs {
        let Some(root) = doc.root() else { continue };
        let machine = root.get("machine").filter(|_| root.get("kind").is_none());
        let is_whole = tree::text(root, "version") == Some("v1alpha1");
        let is_kubelet =
            (tree::text(root, "apiVersion"), tree::text(root, "kind")) == (Some("v1alpha1"), Some("KubeletConfig"));
        match machine {
            Some(machine) if is_whole || machine.get("kubelet").is_some() => {
                let mut input = Input::of_doc(&FORM, &TALOS, doc);
                if let Some(member) = tree::member(root, "machine") {
                    input.head = member.key_span.clone();
                }
                let nothing = tree::empty(machine.span.clone());
                let kubelet = machine.get("kubelet");
                settings(&mut input, doc, machine, kubelet.unwrap_or(&nothing), &["kubelet", "extraConfig"]);
                found.push(input);
            }
            None if is_kubelet => {
                let mut input = Input::of_doc(&FORM, &TALOS, doc);
                settings(&mut input, doc, root, root, &["config"]);
                found.push(input);
            }
            _ => {}
        }
    }
}

/// Decoding is strict: one setting that Talos does not take, and it takes none.
fn settings(input: &mut Input, doc: &Doc, above: &Node, kubelet: &Node, path: &[&str]) {
    if let Some(image) = tree::text(kubelet, "image") {
        input.of_version(image.rsplit(':').next());
    }
    input.configure(doc, above, path);
    for member in tree::at(above, path).map_or(&[][..], tree::members) {
        let key = &*member.key;
        let is_known = FIELDS.iter().any(|field| field.is(key));
        if FORBIDDEN.contains(&key) {
            let text = text!(
                "Talos rejects `{key}` here: it sets that itself",
                "Talos はここでの `{key}` を拒否します（Talos 自身が設定するため）",
                key
            );
            input.refuse("forbidden-key", text, &member.key_span);
        } else if !is_known {
            let text = text!(
                "Talos rejects `{key}`: the kubelet has no such setting",
                "Talos は `{key}` を拒否します（kubelet にそのような設定はありません）",
                key = crate::kubelet::clipped(key)
            );
            input.refuse("unknown-setting", text, &member.key_span);
        }
    }
    for (key, path, fine) in [("defaultRuntimeSeccompProfileEnabled", &["seccompDefault"][..], Value::Bool(true))] {
        if let Some(member) = tree::member(kubelet, key)
            && member.value.value == fine
        {
            input.set(doc, path, member);
        }
    }
    if kubelet.get("skipNodeRegistration").is_some_and(|node| node.value == Value::Bool(true))
        && let Some(member) = tree::member(kubelet, "skipNodeRegistration")
    {
        let span = tree::span(member);
        input.set_to(doc, &["authorization", "mode"], &span, Value::String("AlwaysAllow".into()));
        input.set_to(doc, &["authentication", "webhook", "enabled"], &span, Value::Bool(false));
    }
    flags(input, kubelet);
}

fn flags(input: &mut Input, kubelet: &Node) {
    for member in kubelet.get("extraArgs").map_or(&[][..], tree::members) {
        if DENIED.contains(&member.key.as_str()) {
            let text = text!(
                "Talos takes no `{key}` among the extra arguments",
                "Talos は追加の引数に `{key}` を受け付けません",
                key = &*member.key
            );
            input.refuse("forbidden-flag", text, &member.key_span);
        }
        let values = match &member.value.value {
            Value::Array(items) => items.as_slice(),
            _ => core::slice::from_ref(&member.value),
        };
        for value in values.iter().filter_map(tree::scalar) {
            input.flag(&member.key, &value, tree::span(member));
        }
    }
}
