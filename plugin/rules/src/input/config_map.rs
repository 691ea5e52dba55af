//! The ConfigMap in which kubeadm keeps the cluster's configuration of kubelets: what a node that joins gets.

use super::base::CONFIG_MAP;
use super::source::Doc;
use super::{File, Form, Found, Input, kubelet_configuration, tree};

const NAME: &str = "kubelet-config";

pub static FORM: Form = Form { id: "kubelet-config-map", sign: "name: kubelet-config", platform: "kubeadm", find };

fn find(file: &File, found: &mut Found) {
    found.extend(file.docs.iter().filter_map(|doc| input(file, doc)));
}

fn input(file: &File, doc: &Doc) -> Option<Input> {
    let root = doc.root()?;
    if (tree::text(root, "apiVersion"), tree::text(root, "kind")) != (Some("v1"), Some("ConfigMap")) {
        return None;
    }
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
