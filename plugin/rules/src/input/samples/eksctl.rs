//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: c, version: \"1.33\"}\n";

fn sample(text: &str) -> Sample {
    Sample::new(&[HEADER, text].concat()).of_version("")
}

#[test]
fn good() {
    sample("nodeGroups:\n- name: a\n  kubeletExtraConfig:\n    protectKernelDefaults: true\n- name: b\n")
        .holds("eksctl/nodeGroups[0] eksctl/nodeGroups[1]")
        .first()
        .of("1.33", "eks-al2023")
        .pass(KERNEL, "7:28 true")
        .without_problems();
}

#[test]
fn bad() {
    sample("nodeGroups:\n- name: a\n- name: b\n  kubeletExtraConfig:\n    readOnlyPort: 10255\n")
        .input("eksctl/nodeGroups[1]")
        .fail(PORT, "8:19 10255")
        .mends(PORT, "- name: a\n- name: b\n  kubeletExtraConfig:\n    readOnlyPort: 0\n");
    let text = "nodeGroups: [{name: a}, {name: b, amiFamily: AmazonLinux2, kubeletExtraConfig: {readOnlyPort: 1}}]\n";
    sample(text)
        .input("eksctl/nodeGroups[1]")
        .of("1.33", "eks-al2")
        .fail(PORT, "4:95 1")
        .mends(PORT, "{readOnlyPort: 0}}]");
}

/// What is called after secrets is a setting all the same.
#[test]
fn secrets() {
    sample("nodeGroups:\n- name: a\n  kubeletExtraConfig:\n    configMapAndSecretChangeDetectionStrategy: Watch\n")
        .first()
        .withholds_nothing();
}

#[test]
fn partial() {
    sample("managedNodeGroups:\n- name: m\nnodeGroups:\n- name: a\n")
        .holds("eksctl/nodeGroups[0] eksctl/managedNodeGroups[0]")
        .first()
        .pass(PORT, "7:3 name: a")
        .notes(PORT, "from-base")
        .fail("seccomp-default", "7:3 name: a")
        .mends("seccomp-default", "\n  kubeletExtraConfig:\n    seccompDefault: true\n");
}

#[test]
fn overridden() {
    sample("nodeGroups:\n- name: a\n  kubeletExtraConfig: {readOnlyPort: 0}\n  overrideBootstrapCommand: |\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n    spec:\n      kubelet:\n        config: {readOnlyPort: 1}\n")
        .first()
        .fail(PORT, "12:32 1");
}

#[test]
fn mistakes() {
    sample("nodeGroups:\n- name: a\n  kubeletExtraConfig: {authentication: {anonymous: {enabled: false}}}\n")
        .first()
        .fail(STARTS, "6:24 authentication")
        .undetermined(PORT, "6:24 authentication");
    sample("managedNodeGroups:\n- name: m\n  kubeletExtraConfig: {readOnlyPort: 1}\n")
        .first()
        .pass(PORT, "5:3 name: m")
        .problem("no-effect-on-managed", "6:3 kubeletExtraConfig");
    sample("nodeGroups:\n- name: a\n  amiFamily: AmazonLinux2\n  kubeletExtraConfig: {read-only-port: 1}\n")
        .first()
        .fail(STARTS, "7:24 read-only-port");
    sample("nodeGroups:\n- name: a\n  amiFamily: Bottlerocket\n  kubeletExtraConfig: {maxPods: 5}\n")
        .first()
        .fail(STARTS, "7:3 kubeletExtraConfig");
    sample("nodeGroups:\n- name: a\n  overrideBootstrapCommand: |\n    /etc/eks/bootstrap.sh c\n")
        .first()
        .undetermined(PORT, "7:5 /etc/eks/bootstrap.sh");
}

#[test]
fn commands() {
    let group = |text: &str| sample(&["nodeGroups:\n- name: a\n  amiFamily: AmazonLinux2\n", text].concat());
    group("  overrideBootstrapCommand: |\n    source x\n    /etc/eks/bootstrap.sh $C --kubelet-extra-args \"--node-labels=$L --read-only-port=1\"\n")
        .holds("eksctl/nodeGroups[0]")
        .first()
        .fail(PORT, "9:69 --read-only-port=1");
    group("  overrideBootstrapCommand: |\n    #!/bin/sh\n    kubeadm join\n").first().undetermined(PORT, "7:29 |");
    group("  preBootstrapCommands:\n  - yum install -y x\n  - sed -i s/a/b/ /etc/kubernetes/kubelet/kubelet-config.json\n")
        .first()
        .undetermined(PORT, "9:19 /etc/kubernetes/kubelet/kubelet-config.json");
    group("  preBootstrapCommands: [yum install -y x]\n").first().pass(PORT, "5:3 name: a").without_problems();
}

#[test]
fn bottlerocket() {
    sample("managedNodeGroups:\n- name: m\n  amiFamily: Bottlerocket\n  bottlerocket:\n    settings:\n      kubernetes:\n        pod-pids-limit: -1\n        event-qps: 5\n")
        .survives()
        .first()
        .of("1.33", "eks-bottlerocket")
        .pass("event-qps", "11:20 5")
        .fail("pod-pids-limit", "10:25 -1")
        .mends("pod-pids-limit", "        pod-pids-limit: 4096\n")
        .without_problems();
    sample("nodeGroups:\n- name: a\n  amiFamily: Bottlerocket\n  bottlerocket: {settings: {kubernetes: {event-qps: '5'}}}\n")
        .survives()
        .first()
        .fail(STARTS, "7:53 '5'");
    sample("nodeGroups:\n- name: a\n  amiFamily: Bottlerocket\n  bottlerocket: {settings: {kubernetes: {eventRecordQPS: 5}}}\n")
        .survives()
        .first()
        .problem("no-such-key", "7:42 eventRecordQPS");
}

#[test]
fn the_images_are_those_of_the_version() {
    Sample::new(
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {version: \"1.29\"}\nnodeGroups: [{name: a}]\n",
    )
    .of_version("")
    .first()
    .of("1.29", "eks-al2");
}

#[test]
fn malformed() {
    sample("nodeGroups: [").first().undetermined(STARTS, "4:14 ");
    sample("nodeGroups:\n- name: a\n  kubeletExtraConfig: 5\n").first().fail(STARTS, "6:23 5");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n").holds("");
    Sample::new("apiVersion: eksctl.io/v1alpha4\nkind: ClusterConfig\nnodeGroups: [{}]\n").holds("");
}
