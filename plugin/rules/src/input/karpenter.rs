//! Karpenter: the node classes of AWS and Azure, and what older versions had in node pools.

use alloc::string::String;

use super::base::{AKS, AL2, BOTTLEROCKET, Base, NODEADM};
use super::carrier::user_data::{self, Made};
use super::closed::{Key, Of, Table, table};
use super::source::Doc;
use super::{File, Form, Found, Input, bottlerocket, tree};
use crate::model::Severity;
use crate::text::{Node, Value};

pub static AWS: Form = Form { id: "karpenter", sign: "karpenter.", platform: "eks-al2023", find: find_aws };
pub static AZURE: Form =
    Form { id: "karpenter-azure", sign: "karpenter.azure.com/", platform: "aks", find: find_azure };

/// Older versions had it; it says nothing of the kubelet's configuration.
const RUNTIME: Key = Key("containerRuntime", "", Of::Nothing);

static OF_AWS: Table = table!("Karpenter": [RUNTIME], "clusterDNS" "maxPods" "podsPerCore" "systemReserved" "kubeReserved" "evictionHard"
    "evictionSoft" "evictionSoftGracePeriod" "evictionMaxPodGracePeriod" "imageGCHighThresholdPercent"
    "imageGCLowThresholdPercent" "cpuCFSQuota");

static OF_AZURE: Table = table!("Karpenter": [RUNTIME], "cpuManagerPolicy" "cpuCFSQuota" "cpuCFSQuotaPeriod" "imageGCHighThresholdPercent"
    "imageGCLowThresholdPercent" "topologyManagerPolicy" "allowedUnsafeSysctls" "containerLogMaxSize" "containerLogMaxFiles"
    "podPidsLimit");

fn rename_aws(path: &str, value: &Value) -> Option<(String, Value)> {
    OF_AWS.renamed(path, value)
}

fn rename_azure(path: &str, value: &Value) -> Option<(String, Value)> {
    OF_AZURE.renamed(path, value)
}

fn find_aws(file: &File, found: &mut Found) {
    for doc in &file.docs {
        let Some(root) = doc.root() else { continue };
        let path: &[&str] = match (doc.kind_of("karpenter.k8s.aws"), doc.kind_of("karpenter.sh")) {
            (Some(("EC2NodeClass", _)), _) => &["spec", "kubelet"],
            (_, Some(("NodePool", "v1beta1"))) => &["spec", "template", "spec", "kubelet"],
            (_, Some(("NodeClaim", "v1beta1"))) => &["spec", "kubelet"],
            (_, Some(("Provisioner", "v1alpha5"))) => &["spec", "kubeletConfiguration"],
            _ => continue,
        };
        let is_class = path.len() == 2 && doc.kind_of("karpenter.k8s.aws").is_some();
        if is_class || tree::at(root, path).is_some() {
            let base = base(root);
            let mut input = Input::of_doc(&AWS, base.unwrap_or(&NODEADM), doc);
            let is_of = |name: &str| base.is_some_and(|base| base.name == name);
            let data = tree::at(root, &["spec", "userData"]).filter(|_| is_class);
            let mut under = None;
            if is_of(AL2.name) {
                input.platform = "eks-al2";
            }
            if is_of(BOTTLEROCKET.name) {
                input.platform = bottlerocket::FORM.platform;
                under = data.and_then(|data| settings(file, data, &mut input));
            }
            let mut input = input.closed_over(doc, root, path, &OF_AWS, rename_aws, under);
            if base.is_none() {
                input.give_up(
                    "unknown-base",
                    words!(
                        "what this family of images sets itself is not known",
                        "このイメージファミリー自身の設定は不明です"
                    ),
                    &doc.head(),
                );
            }
            if let Some(data) = data.filter(|_| !is_of(BOTTLEROCKET.name)) {
                user_data(file, data, &mut input, found);
            }
            found.push(input);
        }
    }
}

/// What the images of a node class set.
fn base(root: &Node) -> Option<&'static Base> {
    let spec = root.get("spec")?;
    let alias = spec
        .get("amiSelectorTerms")
        .and_then(|terms| tree::items(terms).iter().find_map(|term| tree::text(term, "alias")));
    let family = tree::text(spec, "amiFamily").or(alias.and_then(|alias| alias.split('@').next())).unwrap_or("al2023");
    match family.to_ascii_lowercase().as_str() {
        "al2023" => Some(&NODEADM),
        "al2" => Some(&AL2),
        "bottlerocket" => Some(&BOTTLEROCKET),
        _ => None,
    }
}

/// The user's settings of Bottlerocket: Karpenter reads them, and puts its own over them.
fn settings(file: &File, data: &Node, input: &mut Input) -> Option<Node> {
    let doc = file.scalar(data)?.toml();
    input.give_up_unread(&doc);
    bottlerocket::rendered(input, doc.root()?)
}

/// What the user adds comes after Karpenter's own.
fn user_data(file: &File, data: &Node, input: &mut Input, found: &mut Found) {
    let made = file.scalar(data).map(|text| user_data::add(input, file, text, found));
    if made == Some(Made::Nothing) {
        let text = words!(
            "what this user data does to the kubelet is not evaluated",
            "このユーザーデータが kubelet に与える影響は評価していません"
        );
        input.note(Severity::Medium, "user-data", text, &tree::line(&data.span, file.bytes));
    }
}

fn find_azure(file: &File, found: &mut Found) {
    let is_one = |doc: &&Doc| doc.kind_of("karpenter.azure.com").is_some_and(|(kind, _)| kind == "AKSNodeClass");
    for doc in file.docs.iter().filter(is_one) {
        let Some(root) = doc.root() else { continue };
        found.push(Input::of_doc(&AZURE, &AKS, doc).closed(doc, root, &["spec", "kubelet"], &OF_AZURE, rename_azure));
    }
}
