//! Cluster API with kubeadm.

use super::base::KUBEADM;
use super::kubeadm::{Shape, extra_args};
use super::source::Doc;
use super::{File, Form, Found, Input, tree};
use crate::text::Node;

pub static FORM: Form = Form { id: "cluster-api", sign: "cluster.x-k8s.io/", platform: "kubeadm", find };

fn find(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let (Some(root), Some((path, version))) = (doc.root(), path(doc)) else { continue };
        let Some(spec) = tree::at(root, path) else { continue };
        let shape = if version == "v1beta1" || version.starts_with("v1alpha") { Shape::Map } else { Shape::List };
        let kubernetes = tree::at(root, &["spec", "version"]).and_then(tree::string);
        let nothing = tree::empty(spec.span.clone());
        let is_bare = spec.get("initConfiguration").or(spec.get("joinConfiguration")).is_none();
        for (key, id) in [("initConfiguration", "init"), ("joinConfiguration", "join")] {
            let assumed = (is_bare && id == "join").then_some(&nothing);
            let Some(configuration) = spec.get(key).or(assumed) else { continue };
            let mut input = Input::of_doc(&FORM, &KUBEADM, doc);
            input.id = format!("cluster-api/{id}");
            input.of_version(kubernetes);
            if let Some(args) = tree::at(configuration, &["nodeRegistration", "kubeletExtraArgs"]) {
                extra_args(&mut input, args, shape);
            }
            note_files(&mut input, spec);
            found.push(input);
        }
    }
}

/// Where the specification of kubeadm is, and the version of the API.
fn path(doc: &Doc) -> Option<(&'static [&'static str], &str)> {
    let bootstrap = doc.kind_of("bootstrap.cluster.x-k8s.io");
    let (kind, version) = bootstrap.or_else(|| doc.kind_of("controlplane.cluster.x-k8s.io"))?;
    let path: &[&str] = match kind {
        "KubeadmConfig" => &["spec"],
        "KubeadmConfigTemplate" => &["spec", "template", "spec"],
        "KubeadmControlPlane" => &["spec", "kubeadmConfigSpec"],
        "KubeadmControlPlaneTemplate" => &["spec", "template", "spec", "kubeadmConfigSpec"],
        _ => return None,
    };
    Some((path, version))
}

/// Files may replace or patch the kubelet's configuration: what is in them is not looked at.
fn note_files(input: &mut Input, spec: &Node) {
    let is_meant = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.starts_with("kubeletconfiguration") || path == "/var/lib/kubelet/config.yaml"
    };
    let files = spec.get("files").map_or(&[][..], tree::items);
    for file in files.iter().filter_map(|file| tree::member(file, "path")) {
        if tree::string(&file.value).is_some_and(is_meant) {
            let text = text!(
                "the file `{path}` changes the kubelet's configuration, and is not evaluated",
                "ファイル `{path}` は kubelet の設定を変更しますが、評価していません",
                path = crate::kubelet::clipped(tree::string(&file.value).unwrap_or_default())
            );
            input.give_up_files("other-file", text, &tree::span(file));
        }
    }
}
