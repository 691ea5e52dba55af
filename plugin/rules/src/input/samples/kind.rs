//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n";

fn sample(text: &str) -> Sample {
    Sample::new(&[HEADER, text].concat())
}

#[test]
fn good() {
    sample("kubeadmConfigPatches:\n- |\n  kind: KubeletConfiguration\n  seccompDefault: true\n")
        .holds("kind")
        .first()
        .of("1.34", "kind")
        .pass("seccomp-default", "6:19 true")
        .pass(ANONYMOUS, "1:1 kind: Cluster")
        .without_problems();
}

#[test]
fn bad() {
    sample("kubeadmConfigPatches:\n- |\n  kind: InitConfiguration\n  nodeRegistration:\n    kubeletExtraArgs:\n      read-only-port: \"1\"\n")
        .first()
        .fail(PORT, "8:7 read-only-port: \"1\"");
}

#[test]
fn partial() {
    sample("nodes:\n- role: control-plane\n  image: kindest/node:v1.33.1@sha256:abc\n- role: worker\n")
        .of_version("")
        .holds("kind/nodes[0] kind/nodes[1]")
        .first()
        .of("1.33", "kind")
        .pass(ANONYMOUS, "4:3 role: control-plane");
}

#[test]
fn overridden() {
    let text = "kubeadmConfigPatches:\n- \"kind: KubeletConfiguration\\nreadOnlyPort: 1\\n\"\nnodes:\n- role: control-plane\n  kubeadmConfigPatches:\n  - |\n    kind: KubeletConfiguration\n    readOnlyPort: 0\n- role: worker\n";
    let sample = sample(text);
    sample.input("kind/nodes[0]").pass(PORT, "10:19 0");
    sample.input("kind/nodes[1]").fail(PORT, "4:46 1");
}

#[test]
fn json_patches() {
    let patch = |kind: &str| {
        format!(
            "kubeadmConfigPatchesJSON6902:\n- kind: {kind}\n  patch: |\n    - {{op: add, path: /readOnlyPort, value: 1}}\n"
        )
    };
    sample(&patch("KubeletConfiguration")).first().fail(PORT, "6:45 1");
    sample(&patch("JoinConfiguration")).first().undetermined(PORT, "4:3 kind: JoinConfiguration");
    sample(&patch("ClusterConfiguration")).first().pass(PORT, "1:1 kind: Cluster");
}

#[test]
fn mistakes() {
    sample("kubeadmConfigPatches:\n- |\n  kind: KubeletConfiguration\n  apiVersion: kubeadm.k8s.io/v1beta3\n  readOnlyPort: 1\n").first().pass(PORT, "1:1 kind: Cluster").problem("idle-patch", "5:3 kind: KubeletConfiguration");
    let text = "nodes:\n- role: control-plane\n- role: worker\n  kubeadmConfigPatches:\n  - |\n    kind: KubeletConfiguration\n    readOnlyPort: 1\n";
    sample(text)
        .input("kind/nodes[1]")
        .pass(PORT, "5:3 role: worker")
        .problem("no-effect-on-join", "8:5 kind: KubeletConfiguration");
}

#[test]
fn malformed() {
    sample("kubeadmConfigPatches:\n- |\n  kind: [\n").first().undetermined(STARTS, "6:1 ");
    sample("nodes: [").first().undetermined(STARTS, "3:9 ");
}

#[test]
fn unrelated() {
    Sample::new("kind: Cluster\napiVersion: cluster.x-k8s.io/v1beta1\n").holds("");
}
