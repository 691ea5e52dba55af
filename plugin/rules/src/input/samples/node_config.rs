//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n";

fn sample(text: &str) -> Sample {
    Sample::new(&[HEADER, text].concat())
}

#[test]
fn good() {
    let text = "spec:\n  kubelet:\n    config:\n      protectKernelDefaults: true\n    flags:\n    - --make-iptables-util-chains=true\n";
    for version in ["1.27", "1.28", "1.29", "1.37"] {
        sample(text)
            .of_version(version)
            .holds("node-config")
            .first()
            .of(version, "eks-al2023")
            .pass(KERNEL, "6:30 true")
            .pass(CHAINS, "8:7 --make-iptables-util-chains=true")
            .without_problems();
    }
}

#[test]
fn bad() {
    sample("spec:\n  kubelet:\n    config:\n      readOnlyPort: 10255\n")
        .first()
        .fail(PORT, "6:21 10255")
        .mends(PORT, "      readOnlyPort: 0\n");
    sample("spec: {kubelet: {config: {readOnlyPort: 10255}}}\n")
        .first()
        .fail(PORT, "3:41 10255")
        .mends(PORT, "spec: {kubelet: {config: {readOnlyPort: 0}}}\n");
    sample("spec: {kubelet: {config: {protectKernelDefaults: false}}}").first().fail(KERNEL, "3:50 false");
}

#[test]
fn partial() {
    sample("spec: {cluster: {name: c}}\n")
        .first()
        .pass(PORT, "2:1 kind: NodeConfig")
        .notes(PORT, "from-base")
        .pass(STARTS, "2:1 kind: NodeConfig")
        .without_problems()
        .fail("seccomp-default", "2:1 kind: NodeConfig")
        .mends("seccomp-default", "seccompDefault: true");
}

#[test]
fn filled_in_by_a_template() {
    let text = "spec: {kubelet: {config: {readOnlyPort: '{{ port }}', eventRecordQPS: 5}, flags: ['--anonymous-auth=${X}', '--v=2']}}";
    sample(text)
        .first()
        .undetermined(PORT, "2:1 kind: NodeConfig")
        .undetermined(ANONYMOUS, "2:1 kind: NodeConfig")
        .pass("event-qps", "3:71 5");
}

#[test]
fn a_part_that_a_template_fills_in() {
    let config = |text: &str| sample(&format!("spec:\n  kubelet:\n    config:\n{text}"));
    config("      authentication: ${AUTHENTICATION}\n")
        .first()
        .undetermined(ANONYMOUS, "2:1 kind: NodeConfig")
        .pass(PORT, "2:1 kind: NodeConfig");
    config("      readOnlyPort: !Ref Port\n").first().undetermined(PORT, "2:1 kind: NodeConfig");
    config("      readOnlyPort: !!int 1\n").first().fail(PORT, "6:21 !!int 1");
    config("      tlsCipherSuites: ['{{ suite }}']\n")
        .first()
        .undetermined("tls-cipher-suites", "2:1 kind: NodeConfig");
    config("      evictionHard: {memory.available: $LEAST}\n")
        .first()
        .pass(STARTS, "2:1 kind: NodeConfig")
        .lacks("evictionHard");
}

#[test]
fn overridden() {
    sample("spec:\n  kubelet:\n    config: {makeIPTablesUtilChains: true}\n    flags: [\"--make-iptables-util-chains=false\"]\n")
        .first()
        .fail(CHAINS, "6:13 \"--make-iptables-util-chains=false\"");
}

#[test]
fn mistakes() {
    sample("spec: {kubelet: {flags: {event-qps: 5}}}\n").first().fail(STARTS, "3:25 {event-qps: 5}");
    sample("spec: {kubelet: {config: [a]}}\n").first().fail(STARTS, "3:26 [a]");
    sample("spec: {kubelet: {readOnlyPort: 1}}\n")
        .first()
        .pass(PORT, "2:1 kind: NodeConfig")
        .problem("misplaced-key", "3:18 readOnlyPort");
    sample("spec: {kubelet: {config: {readonlyPort: 1}}}\n").first().problem("key-case", "3:41 1");
    Sample::new("kind: NodeConfig\napiVersion: node.eks.aws/v1alpha\n")
        .first()
        .fail(STARTS, "2:13 node.eks.aws/v1alpha");
}

#[test]
fn malformed() {
    sample("spec: {").first().undetermined(STARTS, "3:8 ");
}

#[test]
fn unrelated() {
    Sample::new("apiVersion: v1\nkind: NodeConfig\n").holds("");
}
