//! The NodeConfig of nodeadm, on Amazon Linux 2023 of EKS.

use super::base::NODEADM;
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::kubelet::surface::{FIELDS, Field};
use crate::model::Severity;
use crate::text::{Node, Value};

const GROUP: &str = "node.eks.aws";

pub static FORM: Form = Form { id: "node-config", sign: GROUP, platform: "eks-al2023", find };

fn find(file: &File, found: &mut Found) {
    found.extend(file.docs.iter().filter_map(input));
}

/// The input of a NodeConfig; none of any other document.
pub fn input(doc: &Doc) -> Option<Input> {
    let (kind, version) = doc.kind_of(GROUP)?;
    let root = doc.root()?;
    if kind != "NodeConfig" {
        return None;
    }
    let mut input = Input::of_doc(&FORM, &NODEADM, doc);
    if version != "v1alpha1"
        && let Some(member) = tree::member(root, "apiVersion")
    {
        let text = text!(
            "nodeadm knows `{group}/v1alpha1`, and no version `{version}`",
            "nodeadm が対応するのは `{group}/v1alpha1` であり、バージョン `{version}` はありません",
            group = GROUP,
            version
        );
        input.refuse("unknown-version", text, &member.value.span);
    }
    input.configure(doc, root, &["spec", "kubelet", "config"]);
    if let Some(kubelet) = tree::at(root, &["spec", "kubelet"]) {
        note_misplaced(&mut input, kubelet);
        flags(&mut input, kubelet);
    }
    Some(input)
}

/// Settings that stand beside `config`, and not in it.
fn note_misplaced(input: &mut Input, kubelet: &Node) {
    let is_field = |key: &str| FIELDS.iter().any(|field: &Field| field.is(key));
    for member in tree::members(kubelet).iter().filter(|member| is_field(&member.key)) {
        let text = text!(
            "`{key}` has no effect here; its place is `spec.kubelet.config`",
            "ここでの `{key}` は効果がありません。正しい場所は `spec.kubelet.config` です",
            key = &*member.key
        );
        input.note(Severity::High, "misplaced-key", text, &member.key_span);
    }
}

/// Whole words, with their dashes.
fn flags(input: &mut Input, kubelet: &Node) {
    let Some(flags) = kubelet.get("flags") else { return };
    if !matches!(flags.value, Value::Array(_) | Value::Null) {
        let text = words!(
            "`flags` must be a list of words such as `--event-qps=5`",
            "`flags` は `--event-qps=5` のような語のリストでなければなりません"
        );
        input.refuse("not-a-list", text, &flags.span);
    }
    for item in tree::items(flags) {
        match tree::string(item) {
            Some(word) => input.word(word, item.span.clone()),
            None => input.refuse(
                "not-a-word",
                words!("every item of `flags` must be a text", "`flags` の項目はすべて文字列でなければなりません"),
                &item.span,
            ),
        }
    }
}
