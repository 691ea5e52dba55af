//! Files of kubeadm's directory of patches. They are known by their names alone.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::base::KUBEADM;
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::model::Severity;
use crate::text::{Node, Value};

pub static FORM: Form = Form { id: "kubeadm-patch", sign: "", platform: "kubeadm", find };

const TARGET: &str = "kubeletconfiguration";

fn find(file: &File, found: &mut Found) {
    let Some((kind, extension)) = named(file.name) else { return };
    for doc in &file.docs {
        let mut input = Input::of_doc(&FORM, &KUBEADM, doc);
        apply(&mut input, kind, doc);
        if extension == "yml" {
            note_ignored(&mut input, doc);
            input.part = None;
        }
        found.push(input);
    }
}

/// The type of a patch for the kubelet, and the extension, as its name has them.
pub fn named(path: &str) -> Option<(&str, &str)> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let (stem, extension) = name.strip_prefix(TARGET)?.rsplit_once('.')?;
    let kind = stem.split_once('+').map_or("strategic", |(_, kind)| kind);
    (matches!(extension, "yaml" | "yml" | "json") && stem.split('+').count() <= 2).then_some((kind, extension))
}

/// A file that kubeadm does not take.
pub fn note_ignored(input: &mut Input, doc: &Doc) {
    let text = words!(
        "kubeadm ignores this file: only names that end in `.yaml` or `.json` count",
        "kubeadm はこのファイルを無視します。`.yaml` または `.json` で終わる名前だけが対象です"
    );
    input.note(Severity::High, "ignored-name", text, &doc.head());
}

/// Applies a patch over what was applied before it.
pub fn apply(input: &mut Input, kind: &str, doc: &Doc) {
    match (kind, &doc.text) {
        (_, Err(_)) => input.give_up_unread(doc),
        ("strategic" | "merge", Ok(text)) if input.part.is_some() => input.merge(text.root.clone(), text.format),
        ("strategic" | "merge", Ok(text)) => input.configure(doc, &text.root, &[]),
        ("json", Ok(text)) => operations(input, doc, &text.root),
        _ => {
            let text = text!(
                "kubeadm knows patches of type strategic, merge and json, and none of type `{kind}`",
                "kubeadm のパッチの種類は strategic、merge、json です（`{kind}` はありません）",
                kind
            );
            input.refuse("patch-type", text, &doc.head());
        }
    }
}

/// The operations of RFC 6902, as far as they give settings values.
pub fn operations(input: &mut Input, doc: &Doc, root: &Node) {
    for operation in tree::items(root) {
        let path = tree::text(operation, "path").unwrap_or_default().to_owned();
        let keys: Vec<&str> = path.split('/').skip(1).collect();
        match (tree::text(operation, "op"), tree::member(operation, "value")) {
            (Some("add" | "replace"), Some(value)) if !keys.is_empty() => {
                input.set_to(doc, &keys, &value.value.span, value.value.value.clone());
            }
            (Some("test"), _) => {}
            _ => {
                let text = words!("what this operation comes to is not evaluated", "この操作の結果は評価していません");
                input.give_up("operation", text, &operation.span);
            }
        }
    }
    if !matches!(root.value, Value::Array(_)) {
        let text = words!("a patch of type json is a list of operations", "json 型のパッチは操作のリストです");
        input.refuse("not-a-list", text, &doc.head());
    }
}
