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
fn commands() {
    Sample::new("## template: jinja\n#cloud-config\nruncmd:\n- ls\n- kubelet --v=2 --read-only-port=1\n- [k0s, worker, --kubelet-extra-args, \"--read-only-port=1 --v={{ x }}\"]\nbootcmd: [1, [], [2]]\n")
        .holds("kubelet-command k0s-worker")
        .first()
        .fail(PORT, "5:17 --read-only-port=1");
    sample("- {path: /etc/k.yaml, content: \"kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\nreadOnlyPort: 7\\n\"}\nruncmd: [kubelet --config=/etc/k.yaml]\n")
        .holds("kubelet-command")
        .first()
        .fail(PORT, "3:118 7");
    let text = "- path: /var/lib/kubelet/config.yaml\n  content: \"kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\n\"\nruncmd:\n- [sed, -i, s/0/1/, /var/lib/kubelet/config.yaml]\n";
    sample(text).holds("kubelet-configuration").first().undetermined(PORT, "6:21 /var/lib/kubelet/config.yaml");
}

/// A command that says nothing of kubelets changes a file that is one's.
#[test]
fn changed_besides() {
    let file = "- {path: /etc/k.yaml, content: \"kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\nreadOnlyPort: 0\\n\"}\n";
    for (rest, place) in [
        ("runcmd: [sed -i s/0/1/ /etc/k.yaml]\n", "4:24 /etc/k.yaml"),
        ("runcmd: [[cp, /tmp/x, /etc/k.yaml]]\n", "4:23 /etc/k.yaml"),
        ("runcmd: [[cd, /etc], [sed, -i, s/0/1/, k.yaml]]\n", "4:40 k.yaml"),
        ("- {path: /etc/k.yaml, append: true, content: 'readOnlyPort: 1'}\n", "4:47 r"),
    ] {
        sample(&[file, rest].concat()).holds("kubelet-configuration").first().undetermined(PORT, place);
    }
    sample(&[file, "runcmd: [kubelet --config=/etc/k.yaml, sed -i s/0/1/ /etc/k.yaml]\n"].concat())
        .holds("kubelet-command")
        .first()
        .undetermined(PORT, "4:54 /etc/k.yaml");
    sample(&[file, "runcmd: [sed -i s/0/1/ /etc/motd, 'echo \"']\n"].concat()).first().pass(PORT, "3:118 0");
}

#[test]
fn appended() {
    sample("- path: /var/lib/kubelet/config.yaml\n  append: true\n  content: \"kind: KubeletConfiguration\\napiVersion: kubelet.config.k8s.io/v1beta1\\nreadOnlyPort: 0\"\n")
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "5:13 kind: KubeletConfiguration");
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

/// What grows without end is not looked through without end, and that is said.
#[test]
fn too_much() {
    let gzip = [b"\x1f\x8b\x08\0\0\0\0\0\0\0".to_vec(), miniz_oxide::deflate::compress_to_vec(&[b'x'; 1 << 20], 6)];
    let packed = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, gzip.concat());
    let files = ["- {path: /a, encoding: gz+b64, content: ", &packed, "}\n"].concat().repeat(5);
    sample(&files).holds("carried-text").first().undetermined(STARTS, &["7:41 ", &packed].concat());
}
