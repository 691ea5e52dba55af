//! See the form of this name.

use super::prelude::*;

fn k3s(text: &str) -> Sample {
    Sample::new(text).named("etc/rancher/k3s/config.yaml")
}

#[test]
fn good() {
    for version in ["1.31", "1.32"] {
        k3s("protect-kernel-defaults: true\nkubelet-arg:\n- \"make-iptables-util-chains=true\"\n- --event-qps=5\n")
            .of_version(version)
            .holds("k3s-config")
            .first()
            .of(version, "k3s")
            .pass(CHAINS, "3:3 \"make-iptables-util-chains=true\"")
            .pass("event-qps", "4:3 --event-qps=5")
            .pass(KERNEL, if version == "1.31" { "1:1 protect-kernel-defaults" } else { "1:26 true" })
            .without_problems();
    }
    k3s("kubelet-arg: max-pods=5\n")
        .named("rke2/config.yaml")
        .first()
        .of("1.34", "rke2")
        .pass(PORT, "1:1 kubelet-arg: max-pods=5");
}

#[test]
fn bad() {
    k3s("kubelet-arg: [\"read-only-port=10255\"]\n").first().fail(PORT, "1:15 \"read-only-port=10255\"");
    k3s("kubelet-arg: [\"no-such-flag=1\"]\n").first().fail(STARTS, "1:15 \"no-such-flag=1\"");
}

#[test]
fn partial() {
    for version in ["1.31", "1.34"] {
        k3s("kubelet-arg: [v=2]\n")
            .of_version(version)
            .first()
            .pass(ANONYMOUS, "1:1 kubelet-arg")
            .notes(ANONYMOUS, "from-base")
            .fail(KERNEL, "1:1 kubelet-arg");
    }
}

#[test]
fn overridden() {
    k3s("protect-kernel-defaults: true\nkubelet-arg: [protect-kernel-defaults=false, event-qps=0, event-qps=5]\n")
        .first()
        .fail(KERNEL, "2:15 protect-kernel-defaults=false")
        .pass("event-qps", "2:59 event-qps=5");
}

#[test]
fn a_flag_takes_the_place_of_the_platforms_own() {
    let text = "kubelet-arg: [\"eviction-hard=memory.available<5%\"]\n";
    k3s(text).of_version("1.31").first().has("evictionHard", "{\"memory.available\":\"5%\"}");
}

#[test]
fn mistakes() {
    k3s("kubelet-args: [read-only-port=1]\n")
        .first()
        .pass(PORT, "1:1 kubelet-args")
        .problem("misspelt-key", "1:1 kubelet-args");
    k3s("kubelet-arg: [protect-kernel-defaults, read-only-port=1]\n")
        .first()
        .pass(KERNEL, "1:15 protect-kernel-defaults")
        .pass(PORT, "1:1 kubelet-arg")
        .problem("item-without-value", "1:40 read-only-port=1");
    k3s("kubelet-arg: [event-qps: 5]\n").first().undetermined(PORT, "1:15 event-qps: 5");
    k3s("kubelet-arg: [config=/etc/k.yaml, read-only-port=0]\n")
        .first()
        .undetermined(ANONYMOUS, "1:15 config=/etc/k.yaml")
        .pass(PORT, "1:35 read-only-port=0");
    k3s("kubelet-arg: [readOnlyPort=0]\n").first().fail(STARTS, "1:15 readOnlyPort=0");
}

const CLUSTER: &str =
    "apiVersion: provisioning.cattle.io/v1\nkind: Cluster\nspec:\n  kubernetesVersion: v1.33.1+rke2r1\n  rkeConfig:\n";

#[test]
fn provisioning() {
    let text = format!(
        "{CLUSTER}    machineGlobalConfig:\n      kubelet-arg: [make-iptables-util-chains=false]\n      protect-kernel-defaults: true\n    machineSelectorConfig:\n    - config: {{kubelet-arg: [make-iptables-util-chains=true]}}\n"
    );
    let sample =
        Sample::new(&text).of_version("").holds("rancher/machineGlobalConfig rancher/machineSelectorConfig[0]");
    sample
        .input("rancher/machineGlobalConfig")
        .of("1.33", "rke2")
        .pass(KERNEL, "8:32 true")
        .fail(CHAINS, "7:21 make-iptables-util-chains=false");
    sample
        .input("rancher/machineSelectorConfig[0]")
        .pass(CHAINS, "10:30 make-iptables-util-chains=true")
        .pass(KERNEL, "8:32 true");
    let k3s = CLUSTER.replace("rke2r1", "k3s1");
    Sample::new(&k3s).of_version("").first().of("1.33", "k3s").pass(PORT, "2:1 kind: Cluster");
}

#[test]
fn rke() {
    let text = "nodes: []\nkubernetes_version: v1.30.4-rancher1-1\nservices:\n  kubelet:\n    fail_swap_on: false\n    extra_args:\n      make-iptables-util-chains: \"false\"\n";
    Sample::new(text)
        .of_version("")
        .holds("rke")
        .first()
        .of("1.30", "rke")
        .fail(CHAINS, "7:7 make-iptables-util-chains: \"false\"")
        .pass(PORT, "4:3 kubelet")
        .fail("seccomp-default", "4:3 kubelet");
    Sample::new("rancher_kubernetes_engine_config: {services: {kubelet: {extra_args: {event-qps: {a: 1}}}}}\n")
        .first()
        .fail(STARTS, "1:81 {a: 1}");
}

#[test]
fn malformed() {
    Sample::new(&format!("{CLUSTER} [")).first().undetermined(STARTS, "6:2 [");
    k3s("kubelet-arg: [").holds("");
}

#[test]
fn unrelated() {
    k3s("write-kubeconfig-mode: 644\n").holds("");
    Sample::new("services: {kubelet: {extra_args: {}}}\n").holds("");
}
