//! cloud-config: files that cloud-init writes, and commands that it runs.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::Carried;
use crate::input::base::NOBODY;
use crate::input::source::Source;
use crate::input::{File, Form, Found, Input, tree};
use crate::message::Words;
use crate::text::Node;

pub static FORM: Form = Form { id: "cloud-config", sign: "", platform: "", find };

const HEADER: &[u8] = b"#cloud-config";

fn find(file: &File, found: &mut Found) {
    if !is_one(&file.text.bytes) {
        return;
    }
    for root in file.docs.iter().filter_map(|doc| doc.root()) {
        for written in root.get("write_files").map_or(&[][..], tree::items) {
            write(file, written, found);
        }
    }
}

/// By its first line; a line for the template engine may stand before it.
fn is_one(bytes: &[u8]) -> bool {
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.next().unwrap_or_default();
    first == HEADER || first.starts_with(b"## template:") && lines.next() == Some(HEADER)
}

/// An entry of `write_files`: packed as its `encoding` says.
fn write(file: &File, written: &Node, found: &mut Found) {
    let Some(content) = written.get("content") else { return };
    let Some(text) = file.scalar(content) else { return };
    let path = tree::text(written, "path").unwrap_or(file.name);
    match unpacked(text, tree::text(written, "encoding").unwrap_or_default()) {
        Ok(text) => found.carry(Carried { name: path.to_owned(), text }),
        Err(reason) if is_of_kubelet(path) => {
            let mut input = Input::new(&FORM, &NOBODY, content.span.clone(), tree::line(&content.span, file.bytes));
            input.name = String::from(path);
            let text = text!("this cannot be unpacked: {reason}", "展開できません: {reason}", reason);
            input.give_up("packed", text, &tree::line(&content.span, file.bytes));
            found.push(input);
        }
        Err(_) => {}
    }
}

/// As cloud-init decodes it (cc_write_files.py, `canonicalize_extraction`); other words mean plain text.
fn unpacked(text: Source<'static>, encoding: &str) -> Result<Source<'static>, Words> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "gz" | "gzip" => text.gzip(),
        "gz+base64" | "gzip+base64" | "gz+b64" | "gzip+b64" => text.base64()?.gzip(),
        "b64" | "base64" => text.base64(),
        _ => Ok(text),
    }
}

/// Whether a path is one at which kubelets look.
fn is_of_kubelet(path: &str) -> bool {
    ["kube", "/rancher/"].iter().any(|part| path.contains(part))
}
