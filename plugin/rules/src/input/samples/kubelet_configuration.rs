//! See the form of this name.

use super::prelude::*;

const HEADER: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

fn sample(text: &str) -> Sample {
    Sample::new(&[HEADER, text].concat())
}

#[test]
fn good() {
    sample("readOnlyPort: 0\n")
        .holds("kubelet-configuration")
        .first()
        .pass(PORT, "3:15 0")
        .pass(STARTS, "2:1 kind: KubeletConfiguration")
        .without_problems();
    Sample::new(
        "{\"kind\":\"KubeletConfiguration\",\"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",\"readOnlyPort\":0}",
    )
    .holds("kubelet-configuration")
    .first()
    .pass(PORT, "1:92 0");
}

#[test]
fn bad() {
    sample("authentication:\n  anonymous:\n    enabled: true # why\n")
        .first()
        .fail(ANONYMOUS, "5:14 true")
        .mends(ANONYMOUS, "    enabled: false # why\n");
}

#[test]
fn several_in_a_file() {
    let text = format!("---\n# one\n{HEADER}readOnlyPort: 1\n---\n{HEADER}readOnlyPort: 0\n--- # none\n");
    let sample = Sample::new(&text).holds("kubelet-configuration kubelet-configuration#2");
    sample.input("kubelet-configuration").fail(PORT, "5:15 1").mends(PORT, "readOnlyPort: 0\n---\n");
    sample.input("kubelet-configuration#2").pass(PORT, "9:15 0");
}

#[test]
fn overridden() {
    Sample::new(&format!("{HEADER}readOnlyPort: 1\nreadOnlyPort: 0\n"))
        .first()
        .pass(PORT, "4:15 0")
        .problem("duplicate-key", "3:1 readOnlyPort");
}

#[test]
fn malformed() {
    sample("readOnlyPort: [\n").first().fail(STARTS, "4:1 ").undetermined(PORT, "4:1 ");
    let text = format!("kind: Secret\napiVersion: v1\n---\n{HEADER}readOnlyPort: {{\n---\n{HEADER}");
    let sample = Sample::new(&text).holds("kubelet-configuration kubelet-configuration#2");
    sample.input("kubelet-configuration").undetermined(PORT, "7:1 ");
    sample.input("kubelet-configuration#2").pass(PORT, "9:1 kind: KubeletConfiguration");
}

/// No kubelet reads them, so none of them is one that does not start.
#[test]
fn templates() {
    sample("readOnlyPort: {{ .Values.port }}\nauthentication:\n  anonymous:\n    enabled: true\nfeatureGates:\n  {{- toYaml .Values.gates | nindent 2 }}\n")
        .holds("kubelet-template")
        .first()
        .fail(ANONYMOUS, "6:14 true")
        .undetermined(PORT, "2:1 kind: KubeletConfiguration")
        .lacks("featureGates");
    sample("readOnlyPort: '{{ port }}'\nprotectKernelDefaults: true\n")
        .holds("kubelet-template")
        .first()
        .undetermined(PORT, "2:1 kind: KubeletConfiguration")
        .pass(KERNEL, "4:24 true");
    for (lines, place) in [
        ("{{- if .Values.port }}\nreadOnlyPort: 10255\n{{- end }}\n", "3:1 {{- if .Values.port }}"),
        ("{{ .Values.key }}: 10255\n", "2:1 kind: KubeletConfiguration"),
    ] {
        sample(lines).holds("kubelet-template").first().undetermined(STARTS, place).undetermined(PORT, place);
    }
}

#[test]
fn unrelated() {
    Sample::new("kind: KubeletConfiguration\napiVersion: v1\n").holds("");
    Sample::new("kind: Pod\napiVersion: v1\n").holds("");
    Sample::new("").holds("");
    Sample::new("kind: [").holds("");
    Sample::new("\u{0}\u{1}").holds("");
}
