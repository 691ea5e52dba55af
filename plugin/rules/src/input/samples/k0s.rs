//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: k0s.k0sproject.io/v1beta1\nkind: ClusterConfig\n";

fn sample(spec: &str) -> Sample {
    Sample::new(&[HEADER, spec].concat())
}

#[test]
fn good() {
    sample(
        "spec:\n  workerProfiles:\n  - name: hardened\n    values: {eventRecordQPS: 5, protectKernelDefaults: true}\n",
    )
    .holds("k0s/workerProfiles[0]")
    .first()
    .of("1.34", "k0s")
    .pass("event-qps", "6:30 5")
    .pass(KERNEL, "6:56 true")
    .without_problems();
}

#[test]
fn bad() {
    sample("spec:\n  workerProfiles:\n  - name: a\n    values:\n      readOnlyPort: 1\n  - name: b\n    values: {readOnlyPort: 2}\n")
        .input("k0s/workerProfiles[1]")
        .fail(PORT, "9:28 2")
        .mends(PORT, "      readOnlyPort: 1\n  - name: b\n    values: {readOnlyPort: 0}\n");
}

#[test]
fn partial() {
    sample("spec: {}\n")
        .holds("k0s")
        .first()
        .pass(ROTATE, "2:1 kind: ClusterConfig")
        .notes(ROTATE, "from-base")
        .fail(KERNEL, "2:1 kind: ClusterConfig");
    sample("spec:\n  workerProfiles:\n  - name: a\n")
        .first()
        .fail(KERNEL, "5:5 name: a")
        .mends(KERNEL, "protectKernelDefaults: true");
}

#[test]
fn overridden() {
    sample("spec: {workerProfiles: [{name: a, values: {rotateCertificates: false}}]}\n")
        .first()
        .fail(ROTATE, "3:64 false");
}

#[test]
fn mistakes() {
    sample("spec: {workerProfiles: [{name: a, values: {clusterDNS: [10.0.0.1]}}]}\n")
        .first()
        .fail(STARTS, "3:44 clusterDNS");
    Sample::new("apiVersion: k0sctl.k0sproject.io/v1beta1\nkind: Cluster\nspec: {k0s: {version: 1.33.1+k0s.0, config: {spec: {workerProfiles: [{name: a, values: {readOnlyPort: 1}}]}}}}\n")
        .of_version("")
        .first()
        .of("1.33", "k0s")
        .fail(PORT, "3:103 1");
}

#[test]
fn flags_of_hosts() {
    Sample::new("apiVersion: k0sctl.k0sproject.io/v1beta1\nkind: Cluster\nspec:\n  hosts:\n  - role: controller\n  - installFlags: [--debug, '--kubelet-extra-args=\"--read-only-port=1 --v=2\"']\n")
        .holds("k0s-worker k0s")
        .first()
        .fail(PORT, "6:52 --read-only-port=1");
}

#[test]
fn malformed() {
    sample("spec: {").first().undetermined(STARTS, "3:8 ");
    sample("spec: {workerProfiles: [{name: a, values: x}]}\n").first().fail(STARTS, "3:43 x");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: k0s.k0sproject.io/v1beta2\nkind: Chart\n").holds("");
}
