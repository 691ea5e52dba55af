//! The ConfigMap in which kubeadm keeps the cluster's configuration of kubelets: what a node that joins gets. Others carry
//! the files of kubelets, under any key.

use alloc::vec::Vec;

use super::base::CONFIG_MAP;
use super::carrier::Carried;
use super::kubelet_configuration::{self, KIND};
use super::source::{Doc, mentions};
use super::{File, Form, Found, Input, tree};
use crate::text::Member;

const NAME: &str = "kubelet-config";

pub static FORM: Form = Form { id: "kubelet-config-map", sign: "name: kubelet-config", platform: "kubeadm", find };

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        match input(file, doc) {
            Some(input) => found.push(input),
            None => carry(file, doc, found),
        }
    }
}

fn is_one(doc: &Doc) -> bool {
    let has = |key, value| doc.root().is_some_and(|root| tree::text(root, key) == Some(value));
    has("apiVersion", "v1") && has("kind", "ConfigMap")
}

/// Looks into what is a configuration of kubelets.
fn carry(file: &File, doc: &Doc, found: &mut Found) {
    if !is_one(doc) {
        return;
    }
    let held = ["data", "binaryData"].iter().filter_map(|key| doc.root()?.get(key)).flat_map(tree::members);
    let carried = |member: &Member| {
        let text = file.scalar(&member.value)?;
        let text = text.base64().unwrap_or(text);
        mentions(&text.bytes, KIND).then(|| Carried { name: member.key.clone(), text })
    };
    let theirs = file.look_into(&held.filter(|member| !member.shadowed).filter_map(carried).collect::<Vec<_>>());
    found.extend(theirs.inputs.into_iter());
    found.secrets.extend(theirs.secrets);
}

fn input(file: &File, doc: &Doc) -> Option<Input> {
    let root = doc.root().filter(|_| is_one(doc))?;
    let name = tree::text(root.get("metadata")?, "name")?;
    // Up to 1.23 every version had one of its own.
    let version = name.strip_prefix(NAME)?;
    if !version.is_empty() && !version.starts_with("-1.") {
        return None;
    }
    let mut input = Input::of_doc(&FORM, &CONFIG_MAP, doc);
    input.of_version(version.strip_prefix('-'));
    let Some(text) = tree::at(root, &["data", "kubelet"]) else {
        input.give_up(
            "no-kubelet-key",
            words!(
                "kubeadm looks for the configuration at `data.kubelet`, which is not there",
                "kubeadm は `data.kubelet` の設定を参照しますが、存在しません"
            ),
            &doc.head(),
        );
        return Some(input);
    };
    let inner = file.scalar(text).map(|source| source.docs()).unwrap_or_default();
    match inner.into_iter().next() {
        Some(inner) if inner.root().is_some() && kubelet_configuration::is_one(&inner) => {
            if let Some(root) = inner.root() {
                input.configure(&inner, root, &[]);
            }
        }
        Some(inner @ Doc { text: Err(_), .. }) => input.give_up_unread(&inner),
        _ => input.give_up(
            "not-a-kubelet-configuration",
            words!(
                "`data.kubelet` holds no KubeletConfiguration",
                "`data.kubelet` の内容が KubeletConfiguration ではありません"
            ),
            &text.span,
        ),
    }
    Some(input)
}
