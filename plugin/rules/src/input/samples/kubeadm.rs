//! See the form of this name.

use super::prelude::*;

const INIT: &str = "\
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
nodeRegistration:
  kubeletExtraArgs:
  - name: make-iptables-util-chains
    value: \"true\"
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.33.2
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
";

fn init(text: &str) -> Sample {
    Sample::new(&[INIT, text].concat()).of_version("")
}

#[test]
fn good() {
    init("readOnlyPort: 0\n")
        .holds("kubeadm/init")
        .first()
        .of("1.33", "kubeadm")
        .pass(CHAINS, "5:5 name: make-iptables-util-chains\n    value: \"true\"")
        .pass(PORT, "14:15 0")
        .without_problems();
}

#[test]
fn partial() {
    init("")
        .first()
        .pass(ANONYMOUS, "2:1 kind: InitConfiguration")
        .notes(ANONYMOUS, "from-base")
        .pass(ROTATE, "2:1 kind: InitConfiguration");
    Sample::new("kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\n")
        .holds("kubeadm/join")
        .first()
        .pass(ANONYMOUS, "1:1 kind: JoinConfiguration")
        .fail(KERNEL, "1:1 kind: JoinConfiguration");
}

#[test]
fn bad() {
    init("protectKernelDefaults: false\n")
        .first()
        .fail(KERNEL, "14:24 false")
        .mends(KERNEL, "\nprotectKernelDefaults: true\n");
    init("").first().fail(KERNEL, "2:1 kind: InitConfiguration").mends(KERNEL, "\nprotectKernelDefaults: true");
    init("rotateCertificates: false\n")
        .first()
        .pass(ROTATE, "2:1 kind: InitConfiguration")
        .problem("forced", "14:1 rotateCertificates: false");
}

#[test]
fn overridden() {
    init("makeIPTablesUtilChains: false\n")
        .first()
        .pass(CHAINS, "5:5 name: make-iptables-util-chains\n    value: \"true\"");
    let join = "kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\nnodeRegistration:\n  kubeletExtraArgs:\n    read-only-port: \"10255\"\n";
    Sample::new(join).first().fail(PORT, "5:5 read-only-port: \"10255\"");
}

#[test]
fn mistakes() {
    let args = |version: &str, args: &str| {
        Sample::new(&format!(
            "apiVersion: kubeadm.k8s.io/{version}\nkind: InitConfiguration\nnodeRegistration: {{kubeletExtraArgs: {args}}}\n"
        ))
    };
    args("v1beta4", "{event-qps: \"5\"}")
        .first()
        .fail(STARTS, "3:38 {event-qps: \"5\"}")
        .undetermined(PORT, "3:38 {event-qps: \"5\"}");
    args("v1beta3", "[{name: event-qps, value: \"5\"}]").first().fail(STARTS, "3:38 [{name: event-qps, value: \"5\"}]");
    args("v1beta3", "{event-qps: 5}").first().fail(STARTS, "3:50 5");
    args("v1beta3", "{--event-qps: \"5\"}").first().fail(STARTS, "3:39 --event-qps: \"5\"");
    args("v1beta3", "{eventQPS: \"5\"}").first().fail(STARTS, "3:39 eventQPS: \"5\"");
    let join = "kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\nnodeRegistrationOptions: {}\n---\nkind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nreadOnlyPort: 1\n";
    Sample::new(join)
        .first()
        .pass(PORT, "1:1 kind: JoinConfiguration")
        .problem("no-effect-on-join", "5:1 kind: KubeletConfiguration")
        .problem("misspelt-key", "3:1 nodeRegistrationOptions");
}

#[test]
fn secrets_are_not_shown() {
    let join = "kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\ndiscovery: {bootstrapToken: {token: abcdef.0123456789abcdef}}\n";
    Sample::new(join).first().withholds("3:37 abcdef.0123456789abcdef");
    Sample::new("kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\ntoken: [")
        .first()
        .withholds("1:1 kind: JoinConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\ntoken: [");
    Sample::new("kind: InitConfiguration\napiVersion: kubeadm.k8s.io/v1beta4\ncertificateKey: e6a2\n")
        .first()
        .withholds("3:17 e6a2");
}

#[test]
fn malformed() {
    Sample::new("apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nnodeRegistration: [\n")
        .holds("kubeadm")
        .first()
        .undetermined(STARTS, "4:1 ")
        .undetermined(PORT, "4:1 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: kubeadm.k8s.io/v1beta4\nkind: UpgradeConfiguration\n").holds("");
}
