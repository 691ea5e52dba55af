//! User data of several parts.

use super::prelude::*;

const HEADER: &str = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"B\"\n\n";
const NODE: &str = "--B\nContent-Type: application/node.eks.aws\n\n";

fn part(spec: &str) -> String {
    [NODE, "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n", spec].concat()
}

fn sample(parts: &[&str]) -> Sample {
    Sample::new(&[HEADER, &parts.concat(), "--B--\n"].concat()).named("user-data.txt")
}

#[test]
fn good() {
    sample(&[&part("    config: {eventRecordQPS: 5}\n"), "--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nls\n"])
        .holds("node-config")
        .first()
        .of("1.34", "eks-al2023")
        .pass("event-qps", "11:30 5")
        .pass(PORT, "8:1 kind: NodeConfig")
        .without_problems();
}

#[test]
fn bad() {
    let text = "Content-Type: multipart/mixed;\r\n boundary=//\r\nMIME-Version: 1.0\r\n\r\nnothing\r\n--//\r\nContent-Type: application/node.eks.aws; charset=\"utf-8\"\r\n\r\napiVersion: node.eks.aws/v1alpha1\r\nkind: NodeConfig\r\nspec: {kubelet: {config: {readOnlyPort: 1}}}\r\n\r\n--//--";
    Sample::new(text).holds("node-config").first().fail(PORT, "11:41 1");
    sample(&["--B\nContent-Type: text/x-shellscript; charset=\"us-ascii\"\n\n#!/bin/bash\n/etc/eks/bootstrap.sh c --kubelet-extra-args --read-only-port=1\n"])
        .holds("eks-bootstrap")
        .first()
        .fail(PORT, "8:46 --read-only-port=1");
    sample(&["--B\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd:\n- kubelet --read-only-port=1\n"])
        .holds("kubelet-command")
        .first()
        .fail(PORT, "9:11 --read-only-port=1");
}

#[test]
fn overridden() {
    let first =
        part("    config: {readOnlyPort: 10255, eventRecordQPS: 7, allowedUnsafeSysctls: [a]}\n    flags: [--v=1]\n");
    let second = part(
        "    config: {readOnlyPort: 0, allowedUnsafeSysctls: []}\n    flags: [--make-iptables-util-chains=false]\n",
    );
    sample(&[&first, &second])
        .holds("node-config")
        .first()
        .pass(PORT, "20:28 0")
        .pass("event-qps", "11:51 7")
        .fail(CHAINS, "21:13 --make-iptables-util-chains=false");
    sample(&[&part("    config: {readOnlyPort: 0}\n"), &part("    config: {readOnlyPort: \"${PORT}\"}\n")])
        .first()
        .undetermined(PORT, "8:1 kind: NodeConfig");
}

/// What one part writes, another changes.
#[test]
fn changed_by_another_part() {
    let kubelet = "kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n    readOnlyPort: 0\n";
    let files = [
        "--B\nContent-Type: text/cloud-config\n\n#cloud-config\nwrite_files:\n- path: /etc/k.yaml\n  content: |\n    ",
        kubelet,
    ]
    .concat();
    let script = |line: &str| ["--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n", line, "\n"].concat();
    let change = script("sed -i s/0/1/ /etc/k.yaml");
    sample(&[&files, &change])
        .holds("kubelet-configuration")
        .first()
        .undetermined(PORT, "18:15 /etc/k.yaml")
        .problem("not-evaluated", "18:15 /etc/k.yaml");
    sample(&[&change, &files]).first().undetermined(PORT, "8:15 /etc/k.yaml");
    sample(&[&files, &script("sed -i s/0/1/ /etc/other.yaml")]).first().pass(PORT, "13:19 0");
    let write = script(
        "echo '{kind: KubeletConfiguration, apiVersion: kubelet.config.k8s.io/v1beta1, readOnlyPort: 0}' > /etc/k.yaml",
    );
    let change = "--B\nContent-Type: text/cloud-config\n\n#cloud-config\nruncmd:\n- sed -i s/0/1/ /etc/k.yaml\n";
    sample(&[&write, change]).first().undetermined(PORT, "14:17 /etc/k.yaml");
}

#[test]
fn packed() {
    // "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {kubelet: {config: {readOnlyPort: 1}}}\n", by `base64`.
    let plain = "YXBpVmVyc2lvbjogbm9kZS5la3MuYXdzL3YxYWxwaGExCmtpbmQ6IE5vZGVDb25maWcKc3BlYzoge2t1YmVsZXQ6IHtjb25maWc6IHtyZWFkT25seVBvcnQ6IDF9fX0K";
    sample(&["--B\nContent-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n\n", plain, "\n"])
        .holds("node-config")
        .first()
        .fail(PORT, &["8:1 ", plain, "\n"].concat());
    sample(&["--B\nContent-Type: application/node.eks.aws\nContent-Transfer-Encoding: base64\n\n?\n"])
        .holds("node-config")
        .first()
        .undetermined(PORT, "5:1 Content-Type: application/node.eks.aws");
}

#[test]
fn nested() {
    let inner = "--B\nContent-Type: multipart/mixed; boundary=C\n\n--C\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nkubelet --read-only-port=1\n--C--\n";
    sample(&[inner]).holds("kubelet-command").first().fail(PORT, "11:9 --read-only-port=1");
    let node = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n";
    sample(&[
        "--B\nContent-Type: multipart/mixed; boundary=C\n\n--C\nContent-Type: application/node.eks.aws\n\n",
        node,
        "--C--\n",
    ])
    .holds("node-config")
    .first()
    .fail(STARTS, "5:1 Content-Type: multipart/mixed; boundary=C");
}

#[test]
fn partial() {
    sample(&[&part("    {}\n")]).first().pass(ANONYMOUS, "8:1 kind: NodeConfig").notes(ANONYMOUS, "from-base");
    sample(&[
        &part("    {}\n"),
        "--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nsed -i s/0/1/ /etc/kubernetes/kubelet/config.json\n",
    ])
    .holds("node-config")
    .first()
    .undetermined(ANONYMOUS, "16:15 /etc/kubernetes/kubelet/config.json");
}

#[test]
fn files_beside_a_node_config() {
    let node = part("    {}\n");
    for text in [
        "#cloud-config\nwrite_files:\n- path: /etc/kubernetes/kubelet/config.json.d/50.conf\n  content: |\n    kind: KubeletConfiguration\n    apiVersion: kubelet.config.k8s.io/v1beta1\n",
        "#!/bin/sh\ncat <<EOF > /etc/kubernetes/kubelet/config.json.d/50.conf\n\n\nkind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nEOF\n",
    ] {
        sample(&[&node, "--B\nContent-Type: text/x\n\n", text])
            .holds("node-config kubelet-configuration")
            .first()
            .lacks("readOnlyPort");
    }
    sample(&[
        &node,
        "--B\nContent-Type: text/x\n\n#cloud-config\nruncmd: [sed -i x /etc/kubernetes/kubelet/config.json]\n",
    ])
    .holds("node-config")
    .first()
    .undetermined(PORT, "16:19 /etc/kubernetes/kubelet/config.json");
}

#[test]
fn mistakes() {
    let node = part("    config: {readOnlyPort: 0}\n");
    Sample::new(&["\n", HEADER, &node, "--B--\n"].concat()).first().fail(STARTS, "2:1 MIME-Version: 1.0");
    Sample::new(&[HEADER, &node].concat()).first().fail(STARTS, "11:1     config: {readOnlyPort: 0}");
    sample(&[&node.replace("v1alpha1", "v1alpha")]).first().fail(STARTS, "7:13 node.eks.aws/v1alpha");
    sample(&[&node.replace("application/node.eks.aws", "text/yaml")])
        .first()
        .fail(STARTS, "5:1 Content-Type: text/yaml");
    sample(&["--B\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nexport KUBELET_EXTRA_ARGS=--v=1\n", &node])
        .first()
        .pass(PORT, "16:28 0")
        .problem("ignored-variable", "8:27 --v=1");
}

#[test]
fn malformed() {
    sample(&[NODE, "apiVersion: node.eks.aws/v1alpha1\nkind: [\n"])
        .holds("node-config")
        .first()
        .undetermined(STARTS, "9:1 ");
    for text in ["--B", "--B\n\n--B\n\n", "Content-Type: application/node.eks.aws\n--B\n", ""] {
        sample(&[text]).holds("");
    }
    Sample::new("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"\"\n\n--\n").holds("");
}

#[test]
fn unrelated() {
    sample(&["--B\nContent-Type: text/plain\n\nkubelet --read-only-port=1\n"]).holds("");
    Sample::new("Content-Type: text/html; boundary=B\n\n--B\n#!/bin/sh\nkubelet --v=1\n--B--\n").holds("");
}
