//! kubeadm's own documents, with the kubelet's beside them.

use core::ops::Range;

use super::base::KUBEADM;
use super::source::Doc;
use super::{File, Form, Found, Input, Part, kubelet_configuration, tree};
use crate::message::Words;
use crate::model::Severity;
use crate::text::{Node, Value};

const GROUP: &str = "kubeadm.k8s.io";

pub static FORM: Form = Form { id: "kubeadm", sign: "kubeadm.k8s.io/", platform: "kubeadm", find };

/// Whether a document is kubeadm's.
pub fn is_one(doc: &Doc) -> bool {
    doc.kind_of(GROUP).is_some()
}

/// A node that is initialised gets the kubelet's document; one that joins gets what the cluster has.
fn find(file: &File, found: &mut Found) {
    let of_kind = |wanted: &'static str| {
        file.docs.iter().filter(move |doc| doc.kind_of(GROUP).is_some_and(|(kind, _)| kind == wanted))
    };
    let init = of_kind("InitConfiguration").next();
    let cluster = of_kind("ClusterConfiguration").next();
    let version = cluster.and_then(|doc| tree::text(doc.root()?, "kubernetesVersion"));
    let kubelet = || file.docs.iter().filter(|doc| is_one_of_kubelet(doc));
    if let Some(main) = init.or(cluster) {
        let mut input = Input::of_doc(&FORM, &KUBEADM, main);
        input.id.push_str("/init");
        input.of_version(version);
        if let Some(doc) = kubelet().next() {
            configure(&mut input, doc);
        }
        if let Some(doc) = init {
            register(&mut input, doc);
        }
        found.push(input);
    }
    for doc in of_kind("JoinConfiguration").take(super::MAX_INPUTS) {
        let mut input = Input::of_doc(&FORM, &KUBEADM, doc);
        input.id.push_str("/join");
        input.of_version(version);
        register(&mut input, doc);
        for idle in kubelet().filter(|_| init.or(cluster).is_none()) {
            let text = words!(
                "kubeadm takes this for a cluster that it initialises: a node that joins gets what the cluster has",
                "kubeadm がこれを使うのはクラスターの初期化時だけです。参加するノードにはクラスターの設定が使われます"
            );
            input.note(Severity::High, "no-effect-on-join", text, &idle.head());
        }
        found.push(input);
    }
}

fn is_one_of_kubelet(doc: &Doc) -> bool {
    doc.root().is_some() && kubelet_configuration::is_one(doc)
}

/// The kubelet's document, over which kubeadm fills in what is not set; one setting it sets whatever is said.
fn configure(input: &mut Input, doc: &Doc) {
    let Some(root) = doc.root() else { return };
    input.configure(doc, root, &[]);
    input.take_none(&["rotateCertificates"]);
    let Some(Part::Tree { root, .. }) = &mut input.part else { return };
    for member in tree::take(root, "rotateCertificates") {
        if member.value.value != Value::Bool(true) && !member.shadowed {
            let text = words!(
                "kubeadm sets `rotateCertificates` to true, whatever is said here",
                "ここでの指定にかかわらず、kubeadm は `rotateCertificates` を true にします"
            );
            input.note(Severity::Low, "forced", text, &tree::span(&member));
        }
    }
}

/// What the node's own flags are.
fn register(input: &mut Input, doc: &Doc) {
    let Some(root) = doc.root() else { return };
    if let Some(member) = tree::member(root, "nodeRegistrationOptions") {
        let text = words!(
            "kubeadm knows no `nodeRegistrationOptions`: it is called `nodeRegistration`",
            "kubeadm に `nodeRegistrationOptions` はありません。正しくは `nodeRegistration` です"
        );
        input.note(Severity::High, "misspelt-key", text, &member.key_span);
    }
    let Some(args) = tree::at(root, &["nodeRegistration", "kubeletExtraArgs"]) else { return };
    let is_list =
        doc.kind_of(GROUP).is_some_and(|(_, version)| !version.starts_with("v1beta1") && !is_before_list(version));
    extra_args(input, args, if is_list { Shape::List } else { Shape::Map });
}

fn is_before_list(version: &str) -> bool {
    matches!(version, "v1alpha3" | "v1beta1" | "v1beta2" | "v1beta3")
}

/// How extra arguments are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Names to texts.
    Map,
    /// Objects of `name` and `value`.
    List,
}

/// Extra arguments, names without dashes.
pub fn extra_args(input: &mut Input, args: &Node, shape: Shape) {
    match (&args.value, shape) {
        (Value::Null, _) => {}
        (Value::Object(members), Shape::Map) => {
            for member in members.iter().filter(|member| !member.shadowed) {
                push(input, &member.key, &member.value, tree::span(member));
            }
        }
        (Value::Array(items), Shape::List) => {
            for item in items {
                let value = item.get("value").unwrap_or(item);
                match tree::text(item, "name") {
                    Some(name) => push(input, name, value, item.span.clone()),
                    None => input.refuse("no-name", NO_NAME, &item.span),
                }
            }
        }
        (_, Shape::List) => input.refuse(
            "not-a-list",
            words!(
                "this version of the API takes a list: `- name: event-qps, value: \"5\"`",
                "このバージョンの API では `- name: event-qps, value: \"5\"` のようなリストで指定します"
            ),
            &args.span,
        ),
        (_, Shape::Map) => input.refuse(
            "not-a-map",
            words!(
                "this version of the API takes an object of names and texts: `event-qps: \"5\"`",
                "このバージョンの API では `event-qps: \"5\"` のように名前と文字列のオブジェクトで指定します"
            ),
            &args.span,
        ),
    }
}

const NO_NAME: Words = words!("an argument needs a `name` and a `value`", "引数には `name` と `value` が必要です");

fn push(input: &mut Input, name: &str, value: &Node, span: Range<usize>) {
    match &value.value {
        Value::String(text) => input.flag(name, text, span),
        _ => {
            let text = text!(
                "the value of `{name}` must be a text: quote it",
                "`{name}` の値は文字列でなければなりません。引用符で囲んでください",
                name
            );
            input.refuse("not-a-text", text, &value.span);
        }
    }
}
