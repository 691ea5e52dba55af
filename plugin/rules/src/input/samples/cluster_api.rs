//! See the form of this name.

use super::prelude::*;

fn sample(version: &str, spec: &str) -> Sample {
    Sample::new(&format!(
        "apiVersion: bootstrap.cluster.x-k8s.io/{version}\nkind: KubeadmConfigTemplate\nspec:\n  template:\n    spec:\n{spec}"
    ))
}

#[test]
fn good() {
    sample("v1beta2", "      joinConfiguration:\n        nodeRegistration:\n          kubeletExtraArgs:\n          - {name: event-qps, value: \"5\"}\n")
        .holds("cluster-api/join")
        .first()
        .of("1.34", "kubeadm")
        .pass("event-qps", "9:13 {name: event-qps, value: \"5\"}")
        .without_problems();
}

#[test]
fn bad() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {read-only-port: \"1\"}}}\n")
        .first()
        .fail(PORT, "6:65 read-only-port: \"1\"");
}

#[test]
fn partial() {
    let text = "apiVersion: controlplane.cluster.x-k8s.io/v1beta1\nkind: KubeadmControlPlane\nspec: {version: v1.32.0, kubeadmConfigSpec: {initConfiguration: {}, joinConfiguration: {}}}\n";
    Sample::new(text)
        .of_version("")
        .holds("cluster-api/init cluster-api/join")
        .first()
        .of("1.32", "kubeadm")
        .pass(ANONYMOUS, "2:1 kind: KubeadmControlPlane");
}

#[test]
fn bare() {
    sample("v1beta1", "      files: []\n")
        .holds("cluster-api/join")
        .first()
        .pass(ANONYMOUS, "2:1 kind: KubeadmConfigTemplate");
}

#[test]
fn overridden() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {anonymous-auth: \"true\"}}}\n")
        .first()
        .fail(ANONYMOUS, "6:65 anonymous-auth: \"true\"");
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: {event-qps: \"${QPS}\"}}}\n")
        .first()
        .undetermined("event-qps", "2:1 kind: KubeadmConfigTemplate");
}

#[test]
fn mistakes() {
    sample("v1beta1", "      joinConfiguration: {nodeRegistration: {kubeletExtraArgs: [{name: v, value: \"2\"}]}}\n")
        .first()
        .fail(STARTS, "6:64 [{name: v, value: \"2\"}]");
    sample("v1beta1", "      joinConfiguration: {}\n      files:\n      - path: /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml\n").first().undetermined(PORT, "8:9 path: /etc/kubernetes/patches/kubeletconfiguration0+merge.yaml");
}

#[test]
fn malformed() {
    sample("v1beta1", "      joinConfiguration: [\n").first().undetermined(STARTS, "7:1 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: cluster.x-k8s.io/v1beta1\nkind: MachineDeployment\n").holds("");
}
