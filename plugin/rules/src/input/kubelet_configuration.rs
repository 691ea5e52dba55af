//! A file that the kubelet itself reads; also several of them in one.

use super::base::NOBODY;
use super::source::Doc;
use super::{File, Form, Found, Input, Part};
use crate::text::Format;

/// The group of the kubelet's own configuration.
pub const GROUP: &str = "kubelet.config.k8s.io";

/// Its kind.
pub const KIND: &str = "KubeletConfiguration";

pub static FORM: Form = Form { id: "kubelet-configuration", sign: KIND, platform: "", find };

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

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
}
