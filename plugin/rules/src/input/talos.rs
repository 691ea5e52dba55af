//! The machine configuration of Talos.

use super::base::TALOS;
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::text::{Member, Node, Value};

pub static FORM: Form = Form { id: "talos", sign: "", platform: "talos", find };

/// What Talos takes from nobody in the configuration.
pub const FORBIDDEN: [&str; 13] = [
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
fn find(file: &File, found: &mut Found) {
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
    input.take_none(&FORBIDDEN);
    if let Some(settings) = tree::at(above, path) {
        input.refuse_own("Talos", Some(settings), &FORBIDDEN);
        input.refuse_unknown("Talos", settings);
    }
    let is_on = |member: &&Member| tree::is_true(&member.value);
    if let Some(member) = tree::member(kubelet, "defaultRuntimeSeccompProfileEnabled").filter(is_on) {
        input.set(doc, &["seccompDefault"], member);
    }
    if let Some(member) = tree::member(kubelet, "skipNodeRegistration").filter(is_on) {
        let span = tree::span(member);
        input.set_to(doc, &["authorization", "mode"], &span, Value::String("AlwaysAllow".into()));
        input.set_to(doc, &["authentication", "webhook", "enabled"], &span, Value::Bool(false));
    }
    flags(input, kubelet);
}

fn flags(input: &mut Input, kubelet: &Node) {
    let args = kubelet.get("extraArgs");
    input.refuse_own("Talos", args, &DENIED);
    for member in args.map_or(&[][..], tree::members) {
        let values = match &member.value.value {
            Value::Array(items) => items.as_slice(),
            _ => core::slice::from_ref(&member.value),
        };
        for value in values.iter().filter_map(tree::scalar) {
            input.flag(&member.key, &value, tree::span(member));
        }
    }
}
