//! See the form of this name.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(text)
}

#[test]
fn good() {
    sample("kubelet_protect_kernel_defaults: true\nkubelet_event_record_qps: 5\nkube_read_only_port: 0\n")
        .holds("kubespray")
        .first()
        .of("1.34", "kubespray")
        .pass(KERNEL, "1:34 true")
        .pass("event-qps", "2:27 5")
        .pass(PORT, "3:22 0")
        .without_problems();
}

#[test]
fn bad() {
    sample("kubelet_authorization_mode_webhook: false\n").first().fail("authorization-mode", "1:37 false");
    sample("kubelet_config_extra_args:\n  readOnlyPort: 1\n")
        .first()
        .fail(PORT, "2:17 1")
        .mends(PORT, "readOnlyPort: 0\n");
}

#[test]
fn partial() {
    sample("kubelet_max_pods: 110\n")
        .first()
        .pass(ANONYMOUS, "1:1 kubelet_max_pods")
        .undetermined(ROTATE, "1:1 kubelet_max_pods");
}

#[test]
fn overridden() {
    sample("kubelet_make_iptables_util_chains: true\nkubelet_custom_flags: [\"--make-iptables-util-chains=false\"]\n")
        .first()
        .fail(CHAINS, "2:24 \"--make-iptables-util-chains=false\"");
    sample("kubelet_feature_gates: [RotateKubeletServerCertificate=true]\n")
        .first()
        .pass(STARTS, "1:1 kubelet_feature_gates");
}

#[test]
fn templates() {
    sample("kubelet_protect_kernel_defaults: \"{{ hardened }}\"\n")
        .first()
        .undetermined(KERNEL, "1:1 kubelet_protect_kernel_defaults");
}

#[test]
fn malformed() {
    sample("kubelet_max_pods: many\n").first().fail(STARTS, "1:19 many");
    sample("kubelet_max_pods: [").holds("");
}

#[test]
fn unrelated() {
    sample("kube_version: 1.34.0\ntls_min_version: VersionTLS12\n").holds("");
}
