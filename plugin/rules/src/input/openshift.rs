//! OpenShift's KubeletConfig.

use alloc::string::String;
use alloc::vec::Vec;

use super::base::{HEADER, OPENSHIFT, Row};
use super::{File, Form, Found, Input, Part, tree};
use crate::model::Severity;
use crate::text::{Node, Value};

pub static FORM: Form =
    Form { id: "openshift-kubelet-config", sign: "machineconfiguration.openshift.io/", platform: "openshift", find };

/// What it rejects where it is not empty.
pub const FORBIDDEN: [&str; 5] = ["cgroupDriver", "clusterDNS", "clusterDomain", "featureGates", "staticPodPath"];

const KERNEL: &str = "protectKernelDefaults";

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let is_one = doc.kind_of("machineconfiguration.openshift.io").is_some_and(|(kind, _)| kind == "KubeletConfig");
        let Some(root) = doc.root().filter(|_| is_one) else { continue };
        let mut input = Input::of_doc(&FORM, &OPENSHIFT, doc);
        input.configure(doc, root, &["spec", "kubeletConfig"]);
        if tree::at(root, &["spec", "machineConfigPoolSelector"]).is_none() {
            let text = words!(
                "it selects no pool of machines, and so has no effect",
                "マシンのプールを選択していないため、効果がありません"
            );
            input.note(Severity::High, "no-pool", text, &doc.head());
        }
        input.take_none(&FORBIDDEN);
        let settings = tree::at(root, &["spec", "kubeletConfig"]);
        let is_given =
            |key: &&str| settings.and_then(|settings| settings.get(key)).is_some_and(|value| !is_empty(value));
        let given: Vec<&str> = FORBIDDEN.iter().copied().filter(is_given).collect();
        input.refuse_own("OpenShift", settings, &given);
        leave_out_empty(&mut input);
        found.push(input);
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) => false,
    }
}

/// An empty value does not replace one of the base's that is not (mergo), but for one, whose text is looked for.
fn leave_out_empty(input: &mut Input) {
    let Some(Part::Tree { root, .. }) = &mut input.part else { return };
    let texts: Vec<&str> =
        OPENSHIFT.rows.iter().filter_map(|Row { file, .. }| file.map(|(_, texts)| texts)).flatten().copied().collect();
    let base = tree::of_platform(&[&[HEADER], &*texts].concat());
    let mut left_out = vec![];
    let mut pending = vec![(String::new(), &base, root)];
    while let Some((before, base, node)) = pending.pop() {
        let Value::Object(members) = &mut node.value else { continue };
        for member in members.iter_mut().filter(|member| !member.shadowed) {
            let Some(own) = base.get(&member.key) else { continue };
            let path = [&*before, &member.key].concat();
            if is_empty(&member.value) && !is_empty(own) && path != KERNEL {
                member.shadowed = true;
                left_out.push((path, tree::span(member)));
            } else {
                pending.push((path + ".", own, &mut member.value));
            }
        }
    }
    for (path, span) in left_out {
        let text = text!(
            "`{path}` stays as OpenShift sets it: an empty value replaces none that is not",
            "`{path}` は OpenShift の設定のままです（空の値では上書きできません）",
            path
        );
        input.note(Severity::High, "empty-value", text, &span);
    }
}
