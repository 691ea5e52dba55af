//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: n}\n";

fn sample(spec: &str) -> Sample {
    Sample::new(&[HEADER, spec].concat())
}

#[test]
fn good() {
    sample("spec:\n  kubelet: {maxPods: 58, evictionHard: {memory.available: 5%}}\n")
        .holds("karpenter")
        .first()
        .of("1.34", "eks-al2023")
        .pass(PORT, "2:1 kind: EC2NodeClass")
        .pass(STARTS, "2:1 kind: EC2NodeClass")
        .without_problems();
    Sample::new("apiVersion: karpenter.azure.com/v1beta1\nkind: AKSNodeClass\nspec: {kubelet: {podPidsLimit: 4096}}\n")
        .holds("karpenter-azure")
        .first()
        .of("1.34", "aks")
        .pass("pod-pids-limit", "3:32 4096");
}

#[test]
fn bad() {
    sample("spec:\n  amiSelectorTerms: [{alias: al2023@latest}]\n  userData: |\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n    spec:\n      kubelet:\n        config:\n          readOnlyPort: 10255\n")
        .first()
        .fail(PORT, "12:25 10255");
    Sample::new("apiVersion: karpenter.azure.com/v1beta1\nkind: AKSNodeClass\nspec: {kubelet: {podPidsLimit: -1}}\n")
        .first()
        .fail("pod-pids-limit", "3:32 -1")
        .mends("pod-pids-limit", "{podPidsLimit: 4096}");
}

#[test]
fn partial() {
    sample("spec: {}\n")
        .first()
        .pass(ANONYMOUS, "2:1 kind: EC2NodeClass")
        .fail("seccomp-default", "2:1 kind: EC2NodeClass");
    sample("spec: {amiFamily: AL2}\n").first().of("1.34", "eks-al2").pass(KERNEL, "2:1 kind: EC2NodeClass");
}

#[test]
fn overridden() {
    sample("spec:\n  kubelet: {podsPerCore: 5, cpuCFSQuota: false}\n  userData: |\n    apiVersion: node.eks.aws/v1alpha1\n    kind: NodeConfig\n    spec: {kubelet: {flags: [\"--make-iptables-util-chains=false\"]}}\n")
        .first()
        .fail(CHAINS, "9:30 \"--make-iptables-util-chains=false\"");
}

#[test]
fn mistakes() {
    sample("spec: {kubelet: {readOnlyPort: 0, podMaxPids: 5}}\n")
        .first()
        .problem("no-such-key", "4:18 readOnlyPort")
        .problem("no-such-key", "4:35 podMaxPids");
    Sample::new(
        "apiVersion: karpenter.azure.com/v1beta1\nkind: AKSNodeClass\nspec: {kubelet: {imageGcHighThreshold: 5}}\n",
    )
    .first()
    .problem("no-such-key", "3:18 imageGcHighThreshold");
    sample("spec: {amiFamily: Windows2022}\n").first().undetermined(PORT, "2:1 kind: EC2NodeClass");
    sample("spec:\n  userData: |\n    #!/bin/sh\n    x\n").first().problem("user-data", "5:13 |");
}

#[test]
fn bottlerocket() {
    sample("spec:\n  amiSelectorTerms: [{alias: bottlerocket@latest}]\n  kubelet: {maxPods: 5}\n  userData: |\n    [settings.kubernetes]\n    max-pods = 9\n    pod-pids-limit = -1\n    [settings.motd]\n")
        .survives()
        .holds("karpenter")
        .first()
        .of("1.34", "eks-bottlerocket")
        .has("maxPods", "5")
        .fail("pod-pids-limit", "10:22 -1")
        .pass(CHAINS, "2:1 kind: EC2NodeClass")
        .without_problems();
    sample("spec:\n  amiFamily: Bottlerocket\n  userData: \"[settings.kubernetes]\\npod_pids_limit = 5\"\n")
        .survives()
        .first()
        .fail(STARTS, "6:37 pod_pids_limit");
    sample("spec: {amiFamily: Bottlerocket}\n").survives().first().pass(PORT, "2:1 kind: EC2NodeClass");
    sample("spec:\n  amiFamily: Bottlerocket\n  userData: |\n    #!/bin/sh\n    exit\n")
        .survives()
        .first()
        .undetermined(PORT, "8:9 ");
}

#[test]
fn malformed() {
    sample("spec: {kubelet: [1]}\n").first().fail(STARTS, "4:17 [1]");
    sample("spec: {").first().undetermined(STARTS, "4:8 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: karpenter.sh/v1\nkind: NodePool\nspec: {}\n").holds("");
    Sample::new(
        "apiVersion: karpenter.sh/v1beta1\nkind: NodePool\nspec: {template: {spec: {kubelet: {maxPods: 5}}}}\n",
    )
    .holds("karpenter");
}
