//! A file that the kubelet itself reads; also several of them in one.

use super::base::NOBODY;
use super::carrier::ansible;
use super::source::Doc;
use super::{File, Form, Found, Input, Part};
use crate::text::Format;

/// The group of the kubelet's own configuration.
pub const GROUP: &str = "kubelet.config.k8s.io";

/// Its kind.
pub const KIND: &str = "KubeletConfiguration";

pub static FORM: Form = Form { id: "kubelet-configuration", sign: KIND, platform: "", find };

/// No kubelet reads it as it is.
static TEMPLATE: Form = Form { id: "kubelet-template", sign: "", platform: "", find: |_, _| {} };

/// Whether a document is one, as far as can be seen.
pub fn is_one(doc: &Doc) -> bool {
    match &doc.text {
        Ok(_) => doc.kind_of(GROUP).is_some_and(|(kind, _)| kind == KIND),
        Err(_) => doc.mentions(GROUP) && doc.mentions(KIND) && !doc.mentions("kubeadmConfigPatches"),
    }
}

/// kubeadm's documents beside it make it theirs.
fn find(file: &File, found: &mut Found) {
    if file.docs.iter().any(super::kubeadm::is_one) {
        return;
    }
    found.extend(file.docs.iter().filter(|doc| is_one(doc)).map(|doc| input(file, doc)));
}

fn input(file: &File, doc: &Doc) -> Input {
    if doc.is_plain && doc.mentions("{{") {
        return template(file, doc);
    }
    let mut input = Input::of_doc(&FORM, &NOBODY, doc);
    match doc.root() {
        Some(root) => input.configure(doc, root, &[]),
        // The kubelet says itself what it cannot read.
        None if doc.is_plain => {
            let mut alone = file.bytes.to_vec();
            blank(&mut alone[..doc.range.start]);
            alone.truncate(doc.range.end);
            input.part = Some(Part::Text(alone));
        }
        None => input.give_up_unread(doc),
    }
    if doc.format() == Format::Json && file.docs.len() == 1 {
        input.span = file.text.places.of(&(0..file.text.bytes.len()));
    }
    input
}

/// What a template of Helm or another makes: values that it fills in are not known, and where it decides which lines there are,
/// nothing is.
fn template(file: &File, doc: &Doc) -> Input {
    let filled_in = ansible::filled_in(file.text.part(doc.range.clone())).docs();
    let doc = filled_in.first().filter(|_| doc.text.is_err()).unwrap_or(doc);
    let mut input = Input::of_doc(&TEMPLATE, &NOBODY, doc);
    match &doc.text {
        Ok(text) if !doc.mentions("):") => input.configure(doc, &text.root, &[]),
        read => {
            let text = words!(
                "a template makes this: judge what comes of it, as `helm template … | kubevet check -` does",
                "これはテンプレートです。`helm template … | kubevet check -` のように、展開した結果を判定してください"
            );
            let at = read.as_ref().err().map_or(input.head.clone(), |error| error.span.clone());
            input.give_up("template", text, &at);
        }
    }
    input
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}
