//! Texts in manifests that start a node: what they say is over what the manifest says itself.

use alloc::vec::Vec;

use super::script::{self, Says};
use super::{Carried, cloud_init, commands, mime};
use crate::input::base::AL2;
use crate::input::source::Source;
use crate::input::{File, Found, Input, node_config};
use crate::message::Words;
use crate::text::Node;

/// What was made of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is neither a script for sure, nor does it say anything of a kubelet.
    Nothing,
    /// It was read.
    Read,
    /// It starts a kubelet.
    Start,
}

/// Adds what a text says to the input that it belongs to. What is neither of several parts, nor a NodeConfig or a cloud-config,
/// is a script.
pub fn add(input: &mut Input, file: &File, text: Source<'static>, found: &mut Found) -> Made {
    let bytes = &*text.bytes;
    let is_script = script::is_one(bytes);
    let is_node = || text.docs().iter().any(|doc| node_config::input(doc).is_some());
    if mime::is_one(bytes) || cloud_init::is_one(bytes) || !is_script && is_node() {
        let inside = file.look_into(&[Carried { name: file.name.into(), text }]);
        found.secrets.extend(inside.secrets);
        return merge(input, inside.inputs, Made::Read, found);
    }
    if is_computed(bytes) || !is_script && bytes.starts_with(b"#!") {
        let at = text.places.of(&(0..bytes.trim_ascii().len().min(1)));
        let text = words!(
            "what this comes to, and does to the kubelet, is not evaluated",
            "これがどのような内容になり、kubelet にどう影響するかは評価していません"
        );
        input.give_up("user-data", text, &at);
        return Made::Read;
    }
    let mut says = Says::default();
    says.read(file, &text, 0);
    let made = if is_script || !says.is_silent() { Made::Read } else { Made::Nothing };
    scripts(input, file, says, made, found)
}

/// Whether a template fills in all of a text.
fn is_computed(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    [(&b"{{"[..], &b"}}"[..]), (b"${", b"}")]
        .iter()
        .any(|(open, close)| text.starts_with(open) && text.ends_with(close))
}

/// Adds what commands say that run before the kubelet does.
pub fn add_commands(input: &mut Input, file: &File, commands: &[Node], found: &mut Found) {
    let mut says = Says::default();
    for command in commands {
        cloud_init::run(file, command, &mut says);
    }
    scripts(input, file, says, Made::Read, found);
}

/// Adds what scripts say.
fn scripts(input: &mut Input, file: &File, mut says: Says, made: Made, found: &mut Found) -> Made {
    says.cloud_with_files(input);
    let made = merge(input, core::mem::take(&mut says.inputs), made, found);
    says.finish_beside(file, found);
    made
}

/// What is said of another input of the same node.
pub const OTHER_INPUT: Words = words!(
    "another input of the node stands here, and what the two come to is not evaluated",
    "ここにはこのノードの別の入力がありますが、両者を合わせた結果は評価していません"
);

/// What starts the same kubelet is added; all else is beside it.
fn merge(input: &mut Input, inside: Vec<Input>, made: Made, found: &mut Found) -> Made {
    let mut made = made;
    for theirs in inside {
        let is_bootstrap = theirs.form == commands::EKS.id;
        if is_bootstrap && input.base.name != AL2.name {
            let text = words!(
                "only images of Amazon Linux 2 have this script, and what comes of it here is not known",
                "このスクリプトは Amazon Linux 2 のイメージにしかなく、ここでの結果は不明です"
            );
            input.give_up("no-such-script", text, &theirs.head);
        }
        if is_bootstrap || theirs.form == node_config::FORM.id {
            made = Made::Start;
            input.add(theirs);
        } else if [script::FORM.id, cloud_init::FORM.id].contains(&theirs.form) {
            input.add(theirs);
        } else {
            input.give_up_files("other-input", OTHER_INPUT, &theirs.head);
            found.push(theirs);
        }
    }
    made
}
