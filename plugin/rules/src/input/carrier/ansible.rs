//! Ansible: tasks that write the files of kubelets, or change them.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::ops::Range;

use super::Carried;
use super::script::Says;
use crate::input::base::NOBODY;
use crate::input::source::{Doc, Source, is_templated};
use crate::input::{File, Form, Found, Input, tree};
use crate::message::Words;
use crate::text::{Member, Node, Value};

pub static FORM: Form = Form { id: "ansible", sign: "", platform: "", find };

/// Keys that hold tasks: of plays, and of tasks that are blocks.
const LISTS: [&str; 7] = ["tasks", "pre_tasks", "post_tasks", "handlers", "block", "rescue", "always"];

fn find(file: &File, found: &mut Found) {
    let (mut own, mut says) = (Found::default(), Says::default());
    for doc in file.docs.iter().filter(|doc| doc.is_plain) {
        let Some(root) = doc.root() else { continue };
        let mut pending: Vec<&Node> = tree::items(root).iter().rev().collect();
        while let Some(task) = pending.pop() {
            for member in tree::members(task).iter().filter(|member| !member.shadowed) {
                look(file, doc, member, &mut own, &mut says);
            }
            let below = LISTS.iter().filter_map(|key| task.get(key)).flat_map(tree::items);
            let before = pending.len();
            pending.extend(below);
            pending[before..].reverse();
        }
    }
    let carried = core::mem::take(&mut own.carried);
    let mut theirs = file.look_into(&carried);
    says.beside.extend(carried);
    says.note_changed(&mut theirs.inputs);
    found.extend(own.inputs.into_iter().chain(theirs.inputs));
    found.secrets.extend(theirs.secrets);
}

/// A module with what it is told. What tasks write, others may change.
fn look(file: &File, doc: &Doc, module: &Member, found: &mut Found, says: &mut Says) {
    let name = module.key.rsplit('.').next().unwrap_or_default();
    let told = &module.value;
    let path = ["dest", "path", "destfile", "name"].iter().find_map(|key| tree::text(told, key)).unwrap_or_default();
    match name {
        "copy" if let Some(content) = told.get("content") => copy(file, doc, path, content, found),
        "lineinfile" | "blockinfile" | "replace" | "template" | "ini_file" | "copy" | "get_url" => {
            let is_told = name != "copy" && name != "get_url" && is_of_kubelet(path);
            if !is_told || change(file, module, path, name, found) {
                says.change(path, module.key_span.clone());
            }
        }
        "shell" | "command" => {
            if let Some(text) = file.scalar(told.get("cmd").unwrap_or(told)) {
                let text = filled_in(text).after(b"#!/bin/sh\n");
                let mut theirs = Says::default();
                theirs.read(file, &text, 0);
                says.with(theirs);
                found.carry(Carried { name: file.name.to_owned(), text });
            }
        }
        _ => {}
    }
}

/// A file as a whole: a text, or a map that becomes one.
fn copy(file: &File, doc: &Doc, path: &str, content: &Node, found: &mut Found) {
    match &content.value {
        Value::String(text) if is_computed(text) && is_of_kubelet(path) => {
            let text = words!(
                "what is written here is computed from variables, and not known",
                "ここに書き込まれる内容は変数から計算されるため不明です"
            );
            found.push(undetermined(path, "template", text, &content.span));
        }
        Value::String(_) => {
            if let Some(text) = file.scalar(content) {
                found.carry(Carried { name: path.to_owned(), text: filled_in(text) });
            }
        }
        Value::Object(_) => found.carry(Carried { name: path.to_owned(), text: block(file, doc, content) }),
        _ => {}
    }
}

/// The text with something of the same length for each variable in it that YAML does not take for an object.
pub fn filled_in(mut text: Source<'static>) -> Source<'static> {
    let bytes = text.bytes.to_mut();
    let mut at = 0;
    while let Some(start) = bytes[at..].windows(2).position(|pair| pair == b"{{").map(|start| at + start) {
        let line = bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| start + length);
        let length = bytes[start..line].windows(2).position(|pair| pair == b"}}");
        at = length.map_or(line, |length| start + length + 2);
        if length.is_some() {
            bytes[start..at].fill(b'_');
            bytes[start..start + 2].copy_from_slice(b"$(");
            bytes[at - 1] = b')';
        }
    }
    text
}

/// An object as a text of its own. Its first line has the indentation of the others.
fn block(file: &File, doc: &Doc, object: &Node) -> Source<'static> {
    let start = object.span.start;
    let before = file.bytes.get(doc.range.start..start).unwrap_or_default();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    file.text.part(object.span.clone()).after(&vec![b' '; column])
}

/// A file of which only a part is changed here. A line or a block that is an environment's tells what it sets; whether it is another.
fn change(file: &File, module: &Member, path: &str, name: &str, found: &mut Found) -> bool {
    let told = &module.value;
    let is_absent = tree::text(told, "state") == Some("absent");
    let added = ["line", "block"].iter().find_map(|key| tree::member(told, key)).filter(|_| !is_absent);
    if let Some(added) = added.filter(|added| is_environment(path) && tree::string(&added.value).is_some_and(is_set))
        && let Some(text) = file.scalar(&added.value)
    {
        found.carry(Carried { name: path.to_owned(), text });
        return false;
    }
    let span = added.map_or(&module.key_span, |added| &added.value.span);
    let text = match name {
        "template" => words!(
            "a template and variables make this file: what it comes to is not known",
            "このファイルはテンプレートと変数から作られるため、その内容は不明です"
        ),
        _ => words!(
            "this changes a part of a file that is not here: what the whole comes to is not known",
            "ここにはないファイルの一部を変更するため、全体の内容は不明です"
        ),
    };
    found.push(undetermined(path, "part-of-file", text, &tree::line(span, file.bytes)));
    true
}

/// Whether nothing but a variable stands in a text.
fn is_computed(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{{") && text.ends_with("}}") && is_templated(text) && !text.contains('\n')
}

/// Whether a line of an environment sets a variable of the kubelet.
fn is_set(text: &str) -> bool {
    let (name, _) = text.trim_start().split_once('=').unwrap_or_default();
    name.contains("KUBELET") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn undetermined(path: &str, id: &'static str, text: Words, span: &Range<usize>) -> Input {
    let mut input = Input::new(&FORM, &NOBODY, span.clone(), span.clone());
    input.name = path.to_owned();
    input.give_up(id, text, span);
    input
}

/// Whether a path is that of an environment file of the kubelet.
fn is_environment(path: &str) -> bool {
    matches!(path, "/etc/default/kubelet" | "/etc/sysconfig/kubelet") || path.ends_with("kubelet.env")
}

/// Whether a path is that of a file that tells a kubelet how to run; directories may be variables.
fn is_of_kubelet(path: &str) -> bool {
    let is_text = [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending));
    let is_other =
        ["kubeconfig", "manifest", "cert", "pki", "bootstrap", "credential"].iter().any(|part| path.contains(part));
    let is_configuration = path.contains("kubelet") && is_text && !is_other;
    let is_rancher = path.starts_with("/etc/rancher/") && path.contains("/config.yaml");
    is_configuration || is_rancher || is_environment(path) || path.contains("kubelet.service")
}
