//! See the form of this name.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(text)
}

#[test]
fn good() {
    sample("kubeletConfig:\n  insecureKubeletReadonlyPortEnabled: false\n  podPidsLimit: 4096\n  topologyManager: {policy: best-effort}\n  memoryManager: {policy: none}\n")
        .holds("gke-system-config")
        .first()
        .of("1.34", "gke")
        .pass(PORT, "2:39 false")
        .pass("pod-pids-limit", "3:17 4096")
        .pass(STARTS, "1:1 kubeletConfig")
        .without_problems();
}

#[test]
fn bad() {
    sample("kubeletConfig:\n  insecureKubeletReadonlyPortEnabled: true\n")
        .first()
        .fail(PORT, "2:39 true")
        .mends(PORT, "insecureKubeletReadonlyPortEnabled: false\n");
}

#[test]
fn partial() {
    sample("{\"kubeletConfig\": {\"podPidsLimit\": 4096}, \"linuxConfig\": {}}")
        .first()
        .undetermined(PORT, "1:2 \"kubeletConfig\"")
        .pass(ANONYMOUS, "1:2 \"kubeletConfig\"")
        .fail(KERNEL, "1:2 \"kubeletConfig\"");
}

#[test]
fn overridden() {
    sample("kubeletConfig: {podPidsLimit: 1024, podPidsLimit: 4096}\n").first().pass("pod-pids-limit", "1:51 4096");
}

#[test]
fn mistakes() {
    sample("kubeletConfig: {cpuCfsQuota: true, readOnlyPort: 0, podPidLimit: 5}\n")
        .first()
        .problem("no-such-key", "1:17 cpuCfsQuota")
        .problem("no-such-key", "1:36 readOnlyPort")
        .problem("no-such-key", "1:53 podPidLimit");
    sample("kubeletConfig: {insecureKubeletReadonlyPortEnabled: \"false\"}\n").first().fail(STARTS, "1:53 \"false\"");
}

#[test]
fn values_that_gke_refuses() {
    for (key, bad, good) in
        [("podPidsLimit", 1023, 1024), ("imageGcHighThresholdPercent", 86, 85), ("containerLogMaxFiles", 1, 2)]
    {
        let text = |value: i32| format!("kubeletConfig: {{{key}: {value}}}\n");
        let place = format!("1:{} {bad}", 19 + key.len());
        sample(&text(bad)).first().fail(STARTS, &place);
        sample(&text(good)).first().pass(STARTS, "1:1 kubeletConfig");
    }
    sample("kubeletConfig: {maxParallelImagePulls: '${pulls}'}\n").first().lacks("maxParallelImagePulls");
}

#[test]
fn malformed() {
    sample("kubeletConfig: x\n").first().fail(STARTS, "1:16 x");
    sample("kubeletConfig: [\n").holds("");
}

#[test]
fn unrelated() {
    sample("kubeletConfig: {}\nother: {}\n").holds("");
    sample("linuxConfig: {}\n").holds("");
}
