//! Cluster API with kubeadm.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::base::{CONFIG_MAP, KUBEADM};
use super::carrier::script::{self, Says};
use super::carrier::{Carried, cloud_init};
use super::kubeadm::{Shape, extra_args};
use super::source::{Doc, Source};
use super::{File, Form, Found, Input, MAX_INPUTS, patches, tree};
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
        let items = |key: &str| spec.get(key).map_or(&[][..], tree::items);
        let mut files: Vec<Written> =
            items("files").iter().take(MAX_INPUTS).filter_map(|node| Written::of(file, node)).collect();
        // The order in which kubeadm goes over patches.
        files.sort_by(|one, other| one.path.cmp(other.path));
        let (mut says, mut taken) = (Says::default(), vec![]);
        for command in items("preKubeadmCommands").iter().chain(items("postKubeadmCommands")) {
            cloud_init::run(file, command, &mut says);
        }
        for (key, id) in [("initConfiguration", "init"), ("joinConfiguration", "join")] {
            let assumed = (is_bare && id == "join").then_some(&nothing);
            let Some(configuration) = spec.get(key).or(assumed) else { continue };
            let mut input = Input::of_doc(&FORM, &KUBEADM, doc);
            input.id = format!("cluster-api/{id}");
            input.of_version(kubernetes);
            if let Some(args) = tree::at(configuration, &["nodeRegistration", "kubeletExtraArgs"]) {
                extra_args(&mut input, args, shape);
            }
            let config = apply_files(&mut input, &files, configuration);
            let is_read = |written: &&Written| written.path == config || patches::named(written.path).is_some();
            if let Some(at) = files.iter().filter(is_read).find_map(|written| says.change_of(written.path)) {
                input.give_up_files("not-evaluated", script::NOT_EVALUATED, at);
            }
            taken.push(config);
            says.cloud_with_files(&mut input);
            found.push(input);
        }
        // Other files speak for themselves.
        for Written { path, text, appends, .. } in files {
            let is_taken = taken.iter().any(|taken| taken == path) || patches::named(path).is_some();
            if let Some(text) = text.filter(|_| !is_taken) {
                says.add_file(Carried { name: path.to_owned(), text }, appends);
            }
        }
        says.finish_beside(file, found);
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

/// The file that kubeadm makes for the kubelet, whatever stands there before.
const CONFIG: &str = "/var/lib/kubelet/config.yaml";

/// A file that is written to nodes.
struct Written<'a> {
    path: &'a str,
    at: Range<usize>,
    /// What it holds; none where that is elsewhere, or cannot be unpacked.
    text: Option<Source<'static>>,
    /// Whether that is appended to what stands there.
    appends: bool,
}

impl<'a> Written<'a> {
    fn of(file: &File, node: &'a Node) -> Option<Written<'a>> {
        let path = tree::member(node, "path")?;
        let content = node.get("content").and_then(|content| file.scalar(content));
        let encoding = tree::text(node, "encoding").unwrap_or_default();
        let appends = node.get("append").is_some_and(tree::is_true);
        let text = content.and_then(|text| cloud_init::unpacked(text, encoding).ok());
        Some(Written { path: tree::string(&path.value)?, at: tree::span(path), text, appends })
    }

    /// Its documents, if it is known as a whole.
    fn docs(&self) -> Vec<Doc> {
        self.text.as_ref().filter(|_| !self.appends).map(Source::docs).unwrap_or_default()
    }
}

/// What files come to for a node: one that its flag names, or patches in kubeadm's directory.
///
/// The path of the kubelet's file.
fn apply_files(input: &mut Input, files: &[Written], configuration: &Node) -> String {
    let flag = input.words.iter().rev().find_map(|word| word.bytes.strip_prefix(b"--config="));
    let config = flag.and_then(|path| core::str::from_utf8(path).ok()).unwrap_or(CONFIG).to_owned();
    let is_own = config == CONFIG;
    let directory = tree::at(configuration, &["patches", "directory"]).and_then(tree::string);
    let directory = directory.map(|directory| directory.trim_end_matches('/'));
    for written in files {
        let folder = written.path.rsplit_once('/').map(|(folder, _)| folder);
        match patches::named(written.path) {
            _ if written.path == config && !is_own => replace(input, written),
            _ if written.path == CONFIG && is_own => give_up(input, written, false),
            // What kubeadm patches is its own file.
            Some(named) if is_own && directory.is_some() && folder == directory => patch(input, written, named),
            Some(_) if is_own => {
                let text = words!(
                    "this is no file of `patches.directory` here, so that it is not known whether it counts",
                    "これはここの `patches.directory` のファイルではないため、適用されるかどうか不明です"
                );
                input.give_up_files("idle-patch", text, &written.at);
            }
            _ if script::touched(written.path) == Some(true) => give_up(input, written, true),
            _ => {}
        }
    }
    config
}

/// The kubelet reads this file, and not kubeadm's.
fn replace(input: &mut Input, written: &Written) {
    match written.docs().as_slice() {
        [doc] => {
            input.words.retain(|word| !word.bytes.starts_with(b"--config="));
            input.base = &CONFIG_MAP;
            match doc.root() {
                Some(root) => input.configure(doc, root, &[]),
                None => input.give_up_unread(doc),
            }
        }
        _ => give_up(input, written, false),
    }
}

/// A patch for kubeadm's file.
fn patch(input: &mut Input, written: &Written, (kind, extension): (&str, &str)) {
    let docs = written.docs();
    if docs.is_empty() {
        give_up(input, written, false);
    }
    for doc in &docs {
        match extension {
            "yml" => patches::note_ignored(input, doc),
            _ => patches::apply(input, kind, doc),
        }
    }
}

/// What is in a file is not known, or not evaluated.
fn give_up(input: &mut Input, written: &Written, concerns_flags: bool) {
    let text = text!(
        "the file `{path}` changes the kubelet's configuration, and is not evaluated",
        "ファイル `{path}` は kubelet の設定を変更しますが、評価していません",
        path = crate::kubelet::clipped(written.path)
    );
    input.give_up_where(concerns_flags, "other-file", text, &written.at);
}
