//! See the form of this name.

use super::prelude::*;

fn sample(spec: &str) -> Sample {
    Sample::new(&format!(
        "apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nmetadata: {{name: k}}\nspec:\n  machineConfigPoolSelector: {{matchLabels: {{a: \"\"}}}}\n  kubeletConfig:\n{spec}"
    ))
}

#[test]
fn good() {
    sample("    eventRecordQPS: 5\n    makeIPTablesUtilChains: true\n")
        .holds("openshift-kubelet-config")
        .first()
        .of("1.34", "openshift")
        .pass("event-qps", "7:21 5")
        .pass(CHAINS, "8:29 true")
        .without_problems();
}

#[test]
fn bad() {
    sample("    makeIPTablesUtilChains: false\n")
        .first()
        .fail(CHAINS, "7:29 false")
        .mends(CHAINS, "    makeIPTablesUtilChains: true\n");
    sample("    protectKernelDefaults: false\n").first().fail(KERNEL, "7:28 false");
}

#[test]
fn partial() {
    sample("    maxPods: 100\n")
        .first()
        .pass(ROTATE, "2:1 kind: KubeletConfig")
        .notes(ROTATE, "from-base")
        .undetermined("tls-cipher-suites", "2:1 kind: KubeletConfig");
}

#[test]
fn overridden() {
    sample("    rotateCertificates: false\n")
        .first()
        .pass(ROTATE, "2:1 kind: KubeletConfig")
        .problem("empty-value", "7:5 rotateCertificates: false");
    sample("    authentication: {anonymous: {enabled: true}}\n").first().fail(ANONYMOUS, "7:43 true");
}

#[test]
fn mistakes() {
    sample("    featureGates: {A: true}\n").first().fail(STARTS, "7:5 featureGates");
    sample("    readonlyport: 1\n").first().problem("unknown-key", "7:5 readonlyport");
    Sample::new("apiVersion: machineconfiguration.openshift.io/v1\nkind: KubeletConfig\nspec: {}\n")
        .first()
        .problem("no-pool", "2:1 kind: KubeletConfig");
}

#[test]
fn malformed() {
    sample("    a: [\n").first().undetermined(STARTS, "8:1 ");
    sample("  - x\n").first().fail(STARTS, "7:3 - x");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\n").holds("");
}
