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
    let name = file.name.rsplit('/').next().unwrap_or_default();
    let Some(rest) = name.strip_prefix(TARGET) else { return };
    let Some((stem, extension)) = rest.rsplit_once('.') else { return };
    if !matches!(extension, "yaml" | "yml" | "json") || stem.split('+').count() > 2 {
        return;
    }
    let kind = stem.split_once('+').map_or("strategic", |(_, kind)| kind);
    for doc in &file.docs {
        let mut input = Input::of_doc(&FORM, &KUBEADM, doc);
        match (kind, &doc.text) {
            (_, Err(error)) => {
                let text = text!("this cannot be read: {reason}", "読み込めません: {reason}", reason = error.words);
                input.give_up("syntax", text, &error.span);
            }
            ("strategic" | "merge", Ok(text)) => input.configure(doc, &text.root, &[]),
            ("json", Ok(text)) => operations(&mut input, doc, &text.root),
            _ => {
                let text = text!(
                    "kubeadm knows patches of type strategic, merge and json, and none of type `{kind}`",
                    "kubeadm のパッチの種類は strategic、merge、json です（`{kind}` はありません）",
                    kind
                );
                input.refuse("patch-type", text, &doc.head());
            }
        }
        if extension == "yml" {
            let text = words!(
                "kubeadm ignores this file: only names that end in `.yaml` or `.json` count",
                "kubeadm はこのファイルを無視します。`.yaml` または `.json` で終わる名前だけが対象です"
            );
            input.note(Severity::High, "ignored-name", text, &doc.head());
            input.part = None;
        }
        found.push(input);
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
