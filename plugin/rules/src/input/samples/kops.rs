//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: kops.k8s.io/v1alpha2\nkind: Cluster\nmetadata: {name: c}\n";

fn sample(spec: &str) -> Sample {
    Sample::new(&[HEADER, spec].concat()).of_version("")
}

#[test]
fn good() {
    sample("spec:\n  kubernetesVersion: 1.34.1\n  kubelet:\n    anonymousAuth: false\n    readOnlyPort: 0\n    evictionHard: memory.available<100Mi,nodefs.available<10%\n    featureGates: {RotateKubeletServerCertificate: \"true\"}\n")
        .holds("kops/cluster")
        .first()
        .of("1.34", "kops")
        .pass(ANONYMOUS, "7:20 false")
        .pass(PORT, "8:19 0")
        .pass(STARTS, "2:1 kind: Cluster")
        .without_problems();
}

#[test]
fn bad() {
    sample("spec: {kubelet: {anonymousAuth: true, protectKernelDefaults: false}}\n")
        .of_version("1.34")
        .first()
        .fail(ANONYMOUS, "4:33 true")
        .mends(ANONYMOUS, "anonymousAuth: false")
        .fail(KERNEL, "4:62 false")
        .mends(KERNEL, "protectKernelDefaults: true");
}

#[test]
fn partial() {
    sample("spec: {kubernetesVersion: v1.33.0}\n")
        .first()
        .of("1.33", "kops")
        .pass(ANONYMOUS, "2:1 kind: Cluster")
        .fail("seccomp-default", "2:1 kind: Cluster");
}

#[test]
fn overridden() {
    let text = "spec: {kubelet: {readOnlyPort: 1}, controlPlaneKubelet: {readOnlyPort: 0}}\n---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nmetadata: {name: nodes, labels: {kops.k8s.io/cluster: c}}\nspec: {kubelet: {anonymousAuth: false}}\n";
    let sample =
        sample(text).of_version("1.34").holds("kops/cluster kops/cluster/controlPlaneKubelet kops/instance-group");
    sample.input("kops/cluster").fail(PORT, "4:32 1");
    sample.input("kops/cluster/controlPlaneKubelet").pass(PORT, "4:72 0");
    sample.input("kops/instance-group").fail(PORT, "4:32 1").pass(ANONYMOUS, "9:33 false");
}

#[test]
fn a_control_plane_has_more_below_it() {
    let text = "spec: {controlPlaneKubelet: {readOnlyPort: 1, eventQPS: 0, eventRecordQPS: 5}}\n---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nspec: {role: Master}\n";
    sample(text).of_version("1.34").input("kops/instance-group").fail(PORT, "4:44 1").pass("event-qps", "4:57 0");
}

/// User data and files of the cluster come to all of its nodes.
#[test]
fn what_else_is_brought_to_a_node() {
    let script = |text: &str| {
        sample(&["spec:\n  kubelet: {readOnlyPort: 0}\n  additionalUserData:\n  - type: text/x-shellscript\n    content: |\n      #!/bin/sh\n      ", text, "\n"].concat())
    };
    script("yum update").first().pass(PORT, "5:27 0");
    script("sed -i s/a/b/ /etc/sysconfig/kubelet").first().undetermined(PORT, "10:21 /etc/sysconfig/kubelet");
    let text = "spec:\n  fileAssets: [{name: a, path: /var/lib/kubelet/config.d/a.conf, content: x}, {name: b, path: /etc/motd, content: y}]\n---\napiVersion: kops.k8s.io/v1alpha2\nkind: InstanceGroup\nmetadata: {name: nodes}\nspec: {kubelet: {readOnlyPort: 0}}\n";
    let sample = sample(text);
    sample.input("kops/instance-group").undetermined(PORT, "5:32 /var/lib/kubelet/config.d/a.conf");
}

#[test]
fn mistakes() {
    sample("spec: {kubelet: {authentication: {anonymous: {enabled: false}}, makeIPTablesUtilChains: true}}\n")
        .first()
        .problem("no-such-key", "4:18 authentication")
        .problem("no-such-key", "4:65 makeIPTablesUtilChains");
    sample("spec: {kubelet: {evictionHard: {memory.available: 5%}}}\n")
        .first()
        .fail(STARTS, "4:32 {memory.available: 5%}");
    sample("spec: {kubelet: {featureGates: {A: true}}}\n").first().fail(STARTS, "4:32 {A: true}");
}

#[test]
fn malformed() {
    sample("spec: {").first().undetermined(STARTS, "4:8 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: kops.k8s.io/v1alpha2\nkind: Keyset\n").holds("");
    Sample::new("apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\n").holds("");
}
