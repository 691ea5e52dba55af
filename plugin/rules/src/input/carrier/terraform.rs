//! Terraform, OpenTofu and Packer: user data, files and manifests that stand in resources.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::Carried;
use crate::input::kubelet_configuration::KIND;
use crate::input::source::{Source, mentions};
use crate::input::{File, Form, Found, hcl, tree};
use crate::kubelet::values;
use crate::text::{Member, Node, Value};

pub static FORM: Form = Form { id: "terraform", sign: "", platform: "", find };

/// Keys that hold what a machine is told when it starts, or documents; lists of these, too. Keys that end with the first
/// are such, too.
const TEXTS: [&str; 10] = [
    "user_data",
    "user_data_base64",
    "user-data",
    "custom_data",
    "startup-script",
    "metadata_startup_script",
    "yaml_body",
    "config_patches",
    "cloudinit_pre_nodeadm",
    "cloudinit_post_nodeadm",
];

/// Resources that are files, with what holds their paths.
const FILES: [(&str, &str); 6] = [
    ("local_file", "filename"),
    ("local_sensitive_file", "filename"),
    ("aws_s3_object", "key"),
    ("aws_s3_bucket_object", "key"),
    ("google_storage_bucket_object", "name"),
    ("azurerm_storage_blob", "name"),
];

fn find(file: &File, found: &mut Found) {
    for root in file.hcl().iter().filter_map(|doc| doc.root()) {
        let mut pending = vec![("", "", root)];
        while let Some((above, key, node)) = pending.pop() {
            look(file, above, key, node, found);
            // What stands first is looked into first.
            pending.extend(tree::members(node).iter().rev().map(|member| (key, &*member.key, &member.value)));
            pending.extend(tree::items(node).iter().rev().map(|item| (above, key, item)));
        }
    }
}

/// An object or a body, with the last two keys and labels that lead to it.
fn look(file: &File, above: &str, key: &str, node: &Node, found: &mut Found) {
    for member in tree::members(node) {
        match member.key.as_str() {
            "manifest" => manifest(file, member, found),
            "bootstrap_extra_args" => of_bootstrap(file, &member.value, "/etc/eks/bootstrap.sh $CLUSTER ", found),
            // Parts of a script.
            "pre_bootstrap_user_data" | "post_bootstrap_user_data" => of_bootstrap(file, &member.value, "", found),
            key if TEXTS.contains(&key) || key.ends_with(TEXTS[0]) => carry_all(file, &member.value, file.name, found),
            _ => {}
        }
    }
    let resource = FILES.iter().find(|(resource, _)| *resource == above);
    match (above, key) {
        (_, "part") => part(file, node, found),
        ("provisioner", "file") => written(file, node, "destination", found),
        ("provisioner", "shell" | "remote-exec") => commands(file, node, found),
        ("rancher2_cluster_v2", _) => rancher(file, node, found),
        ("kubernetes_config_map" | "kubernetes_config_map_v1", _) => {
            let is_kubeadms =
                tree::at(node, &["metadata", "name"]).and_then(tree::string).is_some_and(is_configuration);
            for member in node.get("data").map_or(&[][..], tree::members) {
                let is_one = |text: Source| mentions(&text.bytes, KIND);
                if is_kubeadms && member.key == "kubelet" || hcl::text_of(file.bytes, &member.value).is_some_and(is_one)
                {
                    carry_all(file, &member.value, &member.key, found);
                }
            }
        }
        _ => {
            if let Some((_, path)) = resource {
                written(file, node, path, found);
            }
        }
    }
}

fn is_configuration(name: &str) -> bool {
    name.starts_with("kubelet-config")
}

/// A text, or a list of texts and of parts.
fn carry_all(file: &File, node: &Node, name: &str, found: &mut Found) {
    match hcl::text_of(file.bytes, node) {
        Some(text) => carry(file, node, text, name, found),
        None => {
            for item in tree::items(node) {
                match hcl::text_of(file.bytes, item) {
                    Some(text) => carry(file, item, text, name, found),
                    None => part(file, item, found),
                }
            }
        }
    }
}

/// A text, which may be packed where no function packs it.
fn carry(file: &File, node: &Node, text: Source<'static>, name: &str, found: &mut Found) {
    let text = match text.base64() {
        Ok(unpacked) if !hcl::is_packed(file.bytes, node) => unpacked,
        _ => text,
    };
    found.carry(Carried { name: name.to_owned(), text: text.unzipped() });
}

/// What the module of EKS puts into the script that starts nodes of Amazon Linux 2, after a command. For Bottlerocket it is TOML.
fn of_bootstrap(file: &File, node: &Node, command: &str, found: &mut Found) {
    let Some(text) = hcl::text_of(file.bytes, node) else { return };
    let is_of_shell = !matches!(text.bytes.trim_ascii_start(), [b'#', b'!', ..] | [b'[', ..]);
    let text = if is_of_shell { text.after(["#!/bin/sh\n", command].concat().as_bytes()) } else { text };
    carry(file, node, text, file.name, found);
}

/// A part of user data: its type tells what it is.
fn part(file: &File, part: &Node, found: &mut Found) {
    let Some(content) = part.get("content") else { return };
    let Some(text) = hcl::text_of(file.bytes, content) else { return };
    let is_config = tree::text(part, "content_type").is_some_and(|kind| kind.starts_with("text/cloud-config"));
    let has_header = text.bytes.trim_ascii_start().starts_with(b"#");
    let text = if is_config && !has_header { text.after(b"#cloud-config\n") } else { text };
    carry(file, content, text, file.name, found);
}

/// A file with its path.
fn written(file: &File, node: &Node, path: &str, found: &mut Found) {
    let name = tree::text(node, path).unwrap_or(file.name);
    for content in ["content", "content_base64", "source_content"].iter().filter_map(|key| node.get(key)) {
        carry_all(file, content, name, found);
    }
}

/// Commands that are run one after the other: a script is made of them.
fn commands(file: &File, node: &Node, found: &mut Found) {
    let items = node.get("inline").map_or(&[][..], tree::items);
    let texts: Vec<Source> = items.iter().filter_map(|item| hcl::text_of(file.bytes, item)).collect();
    if !texts.is_empty() {
        let text = Source::of_parts(&texts, b"\n").after(b"#!/bin/sh\n");
        found.carry(Carried { name: file.name.to_owned(), text });
    }
}

/// A resource of Kubernetes: the object itself, or a text of it.
fn manifest(file: &File, member: &Member, found: &mut Found) {
    match hcl::text_of(file.bytes, &member.value) {
        Some(text) => carry(file, &member.value, text, file.name, found),
        None if matches!(member.value.value, Value::Object(_)) => {
            if let Some(text) = hcl::document_of(file.bytes, &member.value) {
                found.carry(Carried { name: file.name.to_owned(), text });
            }
        }
        None => {}
    }
}

/// The configurations of k3s or RKE2 in a cluster of Rancher.
fn rancher(file: &File, cluster: &Node, found: &mut Found) {
    let version = tree::text(cluster, "kubernetes_version").unwrap_or_default();
    let is_k3s = values::cut(version, "+k3s").is_some();
    let name = if is_k3s { "/etc/rancher/k3s/config.yaml" } else { "/etc/rancher/rke2/config.yaml" };
    for member in cluster.get("rke_config").map_or(&[][..], tree::members) {
        match member.key.as_str() {
            "machine_global_config" => carry_all(file, &member.value, name, found),
            "machine_selector_config" => {
                if let Some(config) = member.value.get("config") {
                    carry_all(file, config, name, found);
                }
            }
            _ => {}
        }
    }
}
