//! eksctl's clusters: their node groups.

use alloc::borrow::ToOwned;
use core::ops::Range;

use super::base::{AL2, BOTTLEROCKET, NODEADM};
use super::source::Doc;
use super::{File, Form, Found, Input, MAX_INPUTS, bottlerocket, node_config, tree};
use crate::kubelet::surface::Version;
use crate::model::Severity;
use crate::text::Node;

pub static FORM: Form = Form { id: "eksctl", sign: "eksctl.io/", platform: "eks-al2023", find };

/// What eksctl takes from nobody.
const FORBIDDEN: [&str; 7] =
    ["kind", "apiVersion", "address", "clusterDomain", "authentication", "authorization", "serverTLSBootstrap"];

const EXTRA: &str = "kubeletExtraConfig";

/// Where a group with images of Bottlerocket has what stands in their user data.
const SETTINGS: [&str; 3] = ["bottlerocket", "settings", "kubernetes"];

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|_| doc.kind_of("eksctl.io") == Some(("ClusterConfig", "v1alpha5"))) else {
            continue;
        };
        for list in ["nodeGroups", "managedNodeGroups"] {
            let groups = root.get(list).map_or(&[][..], tree::items);
            for (at, group) in groups.iter().enumerate().take(MAX_INPUTS) {
                let version = tree::at(root, &["metadata", "version"]).and_then(tree::string);
                let mut input = group_of(file, doc, group, list == "managedNodeGroups", version);
                input.id = format!("eksctl/{list}[{at}]");
                input.of_version(version);
                found.push(input);
            }
        }
    }
}

fn group_of(file: &File, doc: &Doc, group: &Node, is_managed: bool, version: Option<&str>) -> Input {
    let family = tree::text(group, "amiFamily").unwrap_or_else(|| default_family(version));
    let base = match family {
        "AmazonLinux2" => &AL2,
        "Bottlerocket" => &BOTTLEROCKET,
        _ => &NODEADM,
    };
    let name = tree::member(group, "name");
    let head = name.map_or(group.span.start..group.span.start, tree::span);
    let mut input = Input::new(&FORM, base, group.span.clone(), head);
    input.name = tree::text(group, "name").unwrap_or_default().to_owned();
    input.platform = match family {
        "AmazonLinux2" => "eks-al2",
        "Bottlerocket" => "eks-bottlerocket",
        _ => FORM.platform,
    };
    if family == "Bottlerocket" {
        input = bottlerocket::configured(input, doc, group, &SETTINGS, None);
    }
    if let Some(member) = tree::member(group, EXTRA) {
        match is_managed {
            true => {
                let text = text!(
                    "`{key}` has no effect on managed node groups: use `overrideBootstrapCommand`",
                    "`{key}` はマネージド型ノードグループでは効果がありません。`overrideBootstrapCommand` を使用してください",
                    key = EXTRA
                );
                input.note(Severity::High, "no-effect-on-managed", text, &member.key_span);
            }
            false => extra(&mut input, doc, group, family, &member.key_span),
        }
    } else if !is_managed && family != "Bottlerocket" {
        input.configure(doc, group, &[EXTRA]);
        input.take_none(&FORBIDDEN);
    }
    if !matches!(family, "AmazonLinux2" | "AmazonLinux2023" | "Bottlerocket") {
        let text = text!(
            "what the images of {family} set themselves is not evaluated",
            "{family} のイメージ自身の設定は評価していません",
            family = crate::kubelet::clipped(family)
        );
        let at = tree::member(group, "amiFamily").map_or(input.head.clone(), tree::span);
        input.give_up("unknown-base", text, &at);
    }
    if let Some(command) = group.get("overrideBootstrapCommand") {
        bootstrap(file, command, &mut input);
    }
    input
}

/// The images of a group that names none.
fn default_family(version: Option<&str>) -> &'static str {
    match version.and_then(|version| Version::parse(version).ok()) {
        Some(version) if version.minor() < 30 => "AmazonLinux2",
        _ => "AmazonLinux2023",
    }
}

/// The settings that eksctl hands on. It takes none that it sets itself, and none that the kubelet does not know.
fn extra(input: &mut Input, doc: &Doc, group: &Node, family: &str, at: &Range<usize>) {
    input.configure(doc, group, &[EXTRA]);
    input.take_none(&FORBIDDEN);
    if matches!(family, "Bottlerocket") || family.starts_with("Windows") {
        let text = text!(
            "eksctl rejects `{key}` for {family}",
            "eksctl は {family} の `{key}` を拒否します",
            key = EXTRA,
            family
        );
        input.refuse("not-for-this-family", text, at);
    }
    let Some(extra) = group.get(EXTRA) else { return };
    input.refuse_own("eksctl", Some(extra), &FORBIDDEN);
    if family == "AmazonLinux2" {
        input.refuse_unknown("eksctl", extra);
    }
}

/// A NodeConfig in the place of the script that starts the node.
fn bootstrap(file: &File, command: &Node, input: &mut Input) {
    let docs = file.scalar(command).map(|source| source.docs()).unwrap_or_default();
    match docs.iter().find_map(node_config::input) {
        Some(theirs) => input.add(theirs),
        None => input.give_up(
            "script",
            words!(
                "a script starts the kubelet here, and what it does is not evaluated",
                "ここではスクリプトが kubelet を起動しますが、その内容は評価していません"
            ),
            &tree::line(&command.span, file.bytes),
        ),
    }
}
