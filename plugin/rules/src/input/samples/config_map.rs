//! See the form of this name.

use super::prelude::*;

fn sample(data: &str) -> Sample {
    Sample::new(&format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kubelet-config\n  namespace: kube-system\ndata:\n{data}"
    ))
}

#[test]
fn good() {
    sample("  kubelet: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n\n    readOnlyPort: 0\n    authentication:\n      anonymous: {enabled: false}\n")
        .holds("kubelet-config-map")
        .first()
        .of("1.34", "kubeadm")
        .pass(PORT, "11:19 0")
        .pass(ANONYMOUS, "13:28 false")
        .without_problems();
}

#[test]
fn bad() {
    sample("  kubelet: |-\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    readOnlyPort: 10255")
        .first()
        .fail(PORT, "10:19 10255");
}

#[test]
fn in_quotes() {
    sample("  kubelet: \"kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\nreadOnlyPort: 10255\\n\"\n")
        .first()
        .fail(PORT, "7:98 10255");
}

#[test]
fn not_filled_in() {
    sample("  kubelet: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n")
        .first()
        .pass(PORT, "2:1 kind: ConfigMap")
        .fail(KERNEL, "2:1 kind: ConfigMap");
}

#[test]
fn overridden() {
    let list = "kind: List\napiVersion: v1\nitems:\n- kind: ConfigMap\n  apiVersion: v1\n  metadata: {name: kubelet-config-1.30}\n  data:\n    kubelet: |\n      kind: KubeletConfiguration\n      apiVersion: kubelet.config.k8s.io/v1beta1\n      readOnlyPort: 1\n      readOnlyPort: 0\n";
    Sample::new(list).of_version("").holds("kubelet-config-map").first().of("1.30", "kubeadm").pass(PORT, "12:21 0");
}

#[test]
fn malformed() {
    sample("  kubelet: |\n    kind: KubeletConfiguration\n    a: [\n").first().undetermined(STARTS, "10:1 ");
    sample("  kubelet: |\n    kind: Pod\n").first().undetermined(PORT, "7:12 |\n    kind: Pod");
    sample("  kubelets: x\n").first().undetermined(PORT, "2:1 kind: ConfigMap");
}

#[test]
fn unrelated() {
    Sample::new("kind: ConfigMap\napiVersion: v1\nmetadata: {name: kubelet-configs}\n").holds("");
    Sample::new("kind: ConfigMap\napiVersion: v1\n").holds("");
}
