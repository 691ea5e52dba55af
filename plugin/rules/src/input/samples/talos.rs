//! See the form of this name.

use super::prelude::*;

fn sample(kubelet: &str) -> Sample {
    Sample::new(&format!(
        "version: v1alpha1\nmachine:\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:v1.33.2\n{kubelet}"
    ))
    .of_version("")
}

#[test]
fn good() {
    sample("    defaultRuntimeSeccompProfileEnabled: true\n    extraConfig:\n      eventRecordQPS: 5\n    extraArgs:\n      make-iptables-util-chains: true\n")
        .holds("talos")
        .first()
        .of("1.33", "talos")
        .pass("event-qps", "7:23 5")
        .pass(CHAINS, "9:7 make-iptables-util-chains: true")
        .pass("seccomp-default", "5:42 true")
        .pass("tls-cipher-suites", "2:1 machine")
        .without_problems();
}

#[test]
fn bad() {
    sample("    extraConfig: {readOnlyPort: 10255}\n")
        .first()
        .fail(PORT, "5:33 10255")
        .mends(PORT, "extraConfig: {readOnlyPort: 0}");
    sample("    skipNodeRegistration: true\n").first().fail("authorization-mode", "5:5 skipNodeRegistration: true");
}

#[test]
fn partial() {
    Sample::new("version: v1alpha1\nmachine: {type: worker}\n")
        .first()
        .pass(KERNEL, "2:1 machine")
        .fail("seccomp-default", "2:1 machine");
    Sample::new("machine: {kubelet: {extraArgs: {v: \"2\"}}}\n").holds("talos");
}

#[test]
fn overridden() {
    sample("    extraArgs: {anonymous-auth: true, read-only-port: 1}\n    extraConfig: {readOnlyPort: 0}\n")
        .first()
        .fail(ANONYMOUS, "5:17 anonymous-auth: true")
        .fail(PORT, "5:39 read-only-port: 1");
}

#[test]
fn mistakes() {
    sample("    extraConfig: {authentication: {}}\n").first().fail(STARTS, "5:19 authentication");
    sample("    extraConfig: {readonlyport: 1}\n").first().fail(STARTS, "5:19 readonlyport");
    sample("    extraArgs: {config: /k}\n").first().fail(STARTS, "5:17 config");
}

#[test]
fn nested_settings_are_strict() {
    sample("    extraConfig: {memorySwap: {behaviour: x}}\n").first().fail(STARTS, "5:32 behaviour");
}

#[test]
fn malformed() {
    sample("    extraConfig: [1]\n").first().fail(STARTS, "5:18 [1]");
    sample("    extraConfig: {\n").holds("");
}

#[test]
fn unrelated() {
    Sample::new("machine: {type: worker}\n").holds("");
    Sample::new("apiVersion: v1alpha1\nkind: KubeletConfig\nconfig: {readOnlyPort: 1}\n")
        .holds("talos")
        .first()
        .fail(PORT, "3:24 1");
}
