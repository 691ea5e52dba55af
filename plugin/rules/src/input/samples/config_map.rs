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

const OTHER: &str = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: node-files}\n";

/// Of any name and key, also in a list, and beside others.
#[test]
fn of_another_name() {
    let data = "data:\n  run.sh: |\n    systemctl restart kubelet\n  node.yaml: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    readOnlyPort: 10255\n  other.json: '{\"kind\": \"KubeletConfiguration\", \"apiVersion\": \"kubelet.config.k8s.io/v1beta1\", \"readOnlyPort\": 0}'\n";
    let sample = Sample::new(&[OTHER, data].concat()).holds("kubelet-configuration kubelet-configuration#2");
    sample.first().fail(PORT, "10:19 10255");
    sample.input("kubelet-configuration#2").pass(PORT, "11:112 0");
    // printf 'kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nreadOnlyPort: 1\n' | base64 -w0
    let packed = "a2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KYXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKcmVhZE9ubHlQb3J0OiAxCg==";
    Sample::new(&[OTHER, "binaryData:\n  k: ", packed, "\n"].concat())
        .holds("kubelet-configuration")
        .first()
        .fail(PORT, &["5:6 ", packed].concat());
    let broken =
        "data:\n  k: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    a: [\n";
    let filled_in = "data:\n  k: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    readOnlyPort: {{ .Values.port }}\n";
    for (data, place) in [(broken, "9:1 "), (filled_in, "8:20 { .Values.port }")] {
        Sample::new(&[OTHER, data].concat()).holds("kubelet-configuration").first().undetermined(PORT, place);
    }
}

#[test]
fn unrelated() {
    Sample::new(&[OTHER, "data:\n  a: kubelet\n  b: {kind: KubeletConfiguration}\n"].concat()).holds("");
    Sample::new("kind: ConfigMap\napiVersion: v1\nmetadata: {name: kubelet-configs}\n").holds("");
    Sample::new("kind: ConfigMap\napiVersion: v1\n").holds("");
}
