//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "#cloud-config\nwrite_files:\n";

fn sample(text: &str) -> Sample {
    Sample::new(&[HEADER, text].concat())
}

#[test]
fn good() {
    sample("- path: /etc/kubernetes/kubelet-config.yaml\n  content: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    readOnlyPort: 0\n")
        .holds("kubelet-configuration")
        .first()
        .pass(PORT, "7:19 0")
        .without_problems();
}

#[test]
fn bad() {
    let text = "# template\n- {path: /etc/n.yaml, content: \"apiVersion: node.eks.aws/v1alpha1\\nkind: NodeConfig\\nspec: {kubelet: {config: {readOnlyPort: 10255}}}\"}\n";
    sample(text).holds("node-config").first().fail(PORT, "4:126 10255");
}

#[test]
fn packed() {
    // The text of `good`, by `base64`, and by `gzip -n | base64`.
    let plain = "a2luZDogS3ViZWxldENvbmZpZ3VyYXRpb24KYXBpVmVyc2lvbjoga3ViZWxldC5jb25maWcuazhzLmlvL3YxYmV0YTEKcmVhZE9ubHlQb3J0OiAwCg==";
    sample(&["- encoding: b64\n  content: ", plain].concat())
        .holds("kubelet-configuration")
        .first()
        .pass(PORT, &["4:12 ", plain].concat());
}

#[test]
fn malformed() {
    sample("- {path: /etc/kubernetes/a, encoding: gz+b64, content: AAAA}\n")
        .holds("cloud-config")
        .first()
        .undetermined(PORT, "3:56 AAAA");
    sample("- {path: /etc/motd, encoding: gz+b64, content: AAAA}\n").holds("");
    sample("- 1\n- {content: }\n- [content]\n").holds("");
}

#[test]
fn unrelated() {
    Sample::new("write_files: [{content: 'kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1'}]")
        .holds("");
    sample("- {path: /etc/kubernetes/x, content: 'hello'}\n").holds("");
}
