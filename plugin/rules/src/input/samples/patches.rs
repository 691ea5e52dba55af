//! See the form of this name.

use super::prelude::*;

fn merge(text: &str) -> Sample {
    Sample::new(text).named("patches/kubeletconfiguration0+merge.yaml")
}

#[test]
fn good() {
    merge("makeIPTablesUtilChains: true\n")
        .holds("kubeadm-patch")
        .first()
        .of("1.34", "kubeadm")
        .pass(CHAINS, "1:25 true")
        .without_problems();
    Sample::new("[{\"op\": \"add\", \"path\": \"/readOnlyPort\", \"value\": 0}]")
        .named("kubeletconfiguration+json.json")
        .first()
        .pass(PORT, "1:50 0");
}

#[test]
fn bad() {
    merge("readOnlyPort: 1\n").first().fail(PORT, "1:15 1").mends(PORT, "readOnlyPort: 0\n");
}

#[test]
fn partial() {
    merge("maxPods: 5\n")
        .first()
        .pass(ANONYMOUS, "1:1 maxPods")
        .fail(KERNEL, "1:1 maxPods")
        .mends(KERNEL, "maxPods: 5\nprotectKernelDefaults: true\n");
}

#[test]
fn overridden() {
    merge("authentication: {anonymous: {enabled: true}}\n").first().fail(ANONYMOUS, "1:39 true");
}

#[test]
fn mistakes() {
    Sample::new("readOnlyPort: 1\n")
        .named("kubeletconfiguration.yml")
        .first()
        .pass(PORT, "1:1 readOnlyPort")
        .problem("ignored-name", "1:1 readOnlyPort");
    Sample::new("readOnlyPort: 1\n").named("kubeletconfiguration+mrege.yaml").first().fail(STARTS, "1:1 readOnlyPort");
    Sample::new("[{op: remove, path: /a}]\n")
        .named("kubeletconfiguration+json.yaml")
        .first()
        .undetermined(PORT, "1:2 {op: remove, path: /a}");
}

#[test]
fn malformed() {
    merge("a: [\n").first().undetermined(STARTS, "2:1 ");
    merge("[a]\n").first().fail(STARTS, "1:1 [a]");
}

#[test]
fn unrelated() {
    Sample::new("readOnlyPort: 1\n").named("kube-apiserver0+merge.yaml").holds("");
}
