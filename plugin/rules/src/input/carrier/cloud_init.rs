//! cloud-config: files that cloud-init writes, and commands that it runs.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::Carried;
use super::script::Says;
use super::shell::Command;
use crate::input::base::NOBODY;
use crate::input::source::{Places, Source};
use crate::input::{File, Form, Found, Input, tree};
use crate::message::Words;
use crate::text::Node;

pub static FORM: Form = Form { id: "cloud-config", sign: "", platform: "", find };

const HEADER: &[u8] = b"#cloud-config";

fn find(file: &File, found: &mut Found) {
    if !is_one(&file.text.bytes) {
        return;
    }
    let mut says = Says::default();
    read(file, &mut says);
    says.finish(file, found);
}

/// Reads what it writes and runs.
pub fn read(file: &File, says: &mut Says) {
    for root in file.docs.iter().filter_map(|doc| doc.root()) {
        let items = |key: &str| root.get(key).map_or(&[][..], tree::items);
        for written in items("write_files") {
            write(file, written, says);
        }
        for command in items("bootcmd").iter().chain(items("runcmd")) {
            run(file, command, says);
        }
    }
}

/// A command: a line for the shell, or its words.
pub fn run(file: &File, command: &Node, says: &mut Says) {
    if let Some(line) = file.scalar(command) {
        return says.read(file, &line, 0);
    }
    let number = |node: &Node| {
        let bytes = tree::scalar(node)?.into_bytes();
        Some(Source { bytes: bytes.into(), places: Places::Within(node.span.clone()) })
    };
    let words = tree::items(command).iter().filter_map(|word| file.scalar(word).or_else(|| number(word))).collect();
    says.run(file, Command { words, ..Command::default() }, None, 0);
}

/// By its first line; a line for the template engine may stand before it.
pub fn is_one(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    first == HEADER || first.starts_with(b"## template:") && lines.next() == Some(HEADER)
}

/// An entry of `write_files`: packed as its `encoding` says. What is appended is a part of a file.
fn write(file: &File, written: &Node, says: &mut Says) {
    let Some(content) = written.get("content") else { return };
    let Some(text) = file.scalar(content) else { return };
    let path = tree::text(written, "path").unwrap_or(file.name);
    match unpacked(text, tree::text(written, "encoding").unwrap_or_default()) {
        Ok(text) => {
            let appends = written.get("append").is_some_and(tree::is_true);
            says.add_file(Carried { name: path.to_owned(), text }, appends);
        }
        Err(reason) if is_of_kubelet(path) => {
            let line = tree::line(&content.span, file.bytes);
            let mut input = Input::new(&FORM, &NOBODY, content.span.clone(), line.clone());
            input.name = String::from(path);
            input.give_up_packed(reason, &line);
            says.inputs.push(input);
        }
        Err(_) => {}
    }
}

/// As cloud-init decodes it (cc_write_files.py, `canonicalize_extraction`); other words mean plain text.
pub fn unpacked(text: Source<'static>, encoding: &str) -> Result<Source<'static>, Words> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "gz" | "gzip" => text.gzip(),
        "gz+base64" | "gzip+base64" | "gz+b64" | "gzip+b64" => text.base64()?.gzip(),
        "b64" | "base64" => text.base64(),
        _ => Ok(text),
    }
}

/// Whether a path is one at which kubelets look.
pub fn is_of_kubelet(path: &str) -> bool {
    ["kube", "/rancher/"].iter().any(|part| path.contains(part))
}
