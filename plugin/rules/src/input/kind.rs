//! kind's clusters: patches of kubeadm's configuration, which stand in texts.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::base::KIND;
use super::kubeadm::{Shape, extra_args};
use super::source::Doc;
use super::{File, Form, Found, Input, MAX_INPUTS, tree};
use crate::model::Severity;
use crate::text::{Node, Value};

pub static FORM: Form = Form { id: "kind", sign: "kind.x-k8s.io/", platform: "kind", find };

/// A node, or all of a cluster without a list of them: patches of the cluster, and then of the node.
fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root().filter(|_| doc.kind_of("kind.x-k8s.io").is_some_and(|(kind, _)| kind == "Cluster"))
        else {
            continue;
        };
        let nodes = root.get("nodes").map_or(&[][..], tree::items);
        if nodes.is_empty() {
            found.push(input(file, doc, root, None));
        }
        for (at, node) in nodes.iter().enumerate().take(MAX_INPUTS) {
            let mut input = input(file, doc, root, Some((node, at == 0)));
            input.id = format!("kind/nodes[{at}]");
            input.name = tree::text(node, "role").unwrap_or_default().to_owned();
            input.span = node.span.clone();
            if let Some(role) = tree::member(node, "role") {
                input.head = tree::span(role);
            }
            let image = tree::text(node, "image").and_then(|image| image.split('@').next()?.rsplit(':').next());
            input.of_version(image);
            found.push(input);
        }
    }
}

fn input(file: &File, doc: &Doc, root: &Node, node: Option<(&Node, bool)>) -> Input {
    let mut input = Input::of_doc(&FORM, &KIND, doc);
    input.id = FORM.id.into();
    let is_worker = node.is_some_and(|(node, _)| tree::text(node, "role") == Some("worker"));
    let initialises = node.is_none_or(|(_, first)| first) && !is_worker;
    if let Some(member) = tree::member(root, "featureGates") {
        input.set(doc, &["featureGates"], member);
    }
    for patch in patches(root) {
        apply(file, &mut input, patch, initialises, true);
    }
    let json =
        |node: &Node| node.get("kubeadmConfigPatchesJSON6902").map_or(vec![], |patches| tree::items(patches).to_vec());
    for patch in json(root).iter().chain(&node.map_or(vec![], |(node, _)| json(node))) {
        json_patch(file, &mut input, patch);
    }
    for patch in node.map_or(vec![], |(node, _)| patches(node)) {
        apply(file, &mut input, patch, initialises, initialises);
    }
    input
}

fn patches(node: &Node) -> Vec<&Node> {
    node.get("kubeadmConfigPatches").map_or(vec![], |patches| tree::items(patches).iter().collect())
}

/// A patch for the kubelet's configuration, or for the flags of a node that initialises the cluster or joins it.
fn apply(file: &File, input: &mut Input, patch: &Node, initialises: bool, configures: bool) {
    let docs = file.scalar(patch).map(|source| source.docs()).unwrap_or_default();
    for doc in &docs {
        let Some(root) = doc.root() else {
            input.give_up_unread(doc);
            continue;
        };
        let group = tree::text(root, "apiVersion").map(|version| version.split('/').next().unwrap_or_default());
        let is_of = |wanted: &str| group.is_none_or(|group| group == wanted);
        match tree::text(root, "kind") {
            Some("KubeletConfiguration") if is_of("kubelet.config.k8s.io") && configures => {
                let mut root = root.clone();
                tree::take(&mut root, "apiVersion");
                tree::take(&mut root, "kind");
                input.merge(root, doc.format());
            }
            Some("KubeletConfiguration") if is_of("kubelet.config.k8s.io") => {
                let text = words!(
                    "this patch of a node has no effect: the first control plane's counts for all",
                    "このノードのパッチには効果がありません。最初のコントロールプレーンのものが全ノードに適用されます"
                );
                input.note(Severity::High, "no-effect-on-join", text, &doc.head());
            }
            Some("InitConfiguration") if is_of("kubeadm.k8s.io") && initialises => register(input, root),
            Some("JoinConfiguration") if is_of("kubeadm.k8s.io") && !initialises => register(input, root),
            Some("InitConfiguration" | "JoinConfiguration" | "ClusterConfiguration") if is_of("kubeadm.k8s.io") => {}
            _ => {
                let text = words!(
                    "this patch fits no document of kubeadm, and is ignored in silence",
                    "このパッチは kubeadm のどの文書にも該当せず、黙って無視されます"
                );
                input.note(Severity::High, "idle-patch", text, &tree::line(&doc.head(), file.bytes));
            }
        }
    }
}

/// Operations on one of kubeadm's documents: on the kubelet's they are followed.
fn json_patch(file: &File, input: &mut Input, patch: &Node) {
    let docs = patch.get("patch").and_then(|text| file.scalar(text)).map(|source| source.docs());
    let doc = docs.unwrap_or_default().into_iter().next();
    match (tree::text(patch, "kind"), doc.as_ref().and_then(|doc| Some((doc, doc.root()?)))) {
        (Some("ClusterConfiguration"), _) => {}
        (Some("KubeletConfiguration"), Some((doc, root))) => super::patches::operations(input, doc, root),
        _ => {
            let text = words!("what this patch comes to is not evaluated", "このパッチの結果は評価していません");
            input.give_up("patch", text, &tree::line(&patch.span, file.bytes));
        }
    }
}

/// Without a version, kind takes both shapes.
fn register(input: &mut Input, root: &Node) {
    let Some(args) = tree::at(root, &["nodeRegistration", "kubeletExtraArgs"]) else { return };
    let version = tree::text(root, "apiVersion").and_then(|version| version.split('/').nth(1));
    let shape = match (version, &args.value) {
        (None, Value::Object(_)) => Shape::Map,
        (None, _) => Shape::List,
        (Some("v1beta1" | "v1beta2" | "v1beta3"), _) => Shape::Map,
        (Some(_), _) => Shape::List,
    };
    extra_args(input, args, shape);
}
