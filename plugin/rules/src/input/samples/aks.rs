//! See the form of this name.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(text)
}

#[test]
fn good() {
    sample("{\"podMaxPids\": 4096, \"seccompDefault\": \"RuntimeDefault\", \"containerLogMaxSizeMB\": 50, \"cpuCfsQuotaPeriod\": \"200ms\"}")
        .holds("aks-node-config")
        .first()
        .of("1.34", "aks")
        .pass("pod-pids-limit", "1:16 4096")
        .pass("seccomp-default", "1:40 \"RuntimeDefault\"")
        .pass(STARTS, "1:2 \"podMaxPids\"")
        .without_problems();
}

#[test]
fn bad() {
    sample("{\n  \"podMaxPids\": -1,\n  \"seccompDefault\": \"Unconfined\"\n}\n")
        .first()
        .fail("seccomp-default", "3:21 \"Unconfined\"")
        .mends("seccomp-default", "\"seccompDefault\": \"RuntimeDefault\"\n")
        .fail("pod-pids-limit", "2:17 -1")
        .mends("pod-pids-limit", "\"podMaxPids\": 4096,\n");
}

#[test]
fn partial() {
    sample("{\"imageGcHighThreshold\": 85}")
        .first()
        .pass(ANONYMOUS, "1:2 \"imageGcHighThreshold\"")
        .notes(ANONYMOUS, "from-base")
        .fail("seccomp-default", "1:2 \"imageGcHighThreshold\"");
}

#[test]
fn resources_of_kubernetes() {
    let header = "kind: AzureManagedMachinePool\napiVersion: infrastructure.cluster.x-k8s.io/v1beta1\n";
    sample(&[header, "spec: {kubeletConfig: {podMaxPids: -1}}\n"].concat())
        .holds("aks-node-config")
        .first()
        .fail("pod-pids-limit", "3:36 -1")
        .mends("pod-pids-limit", "podMaxPids: 4096");
    let header = "kind: ManagedCluster\napiVersion: containerservice.azure.com/v1api20240901\n";
    sample(&[header, "spec: {agentPoolProfiles: [{name: a, kubeletConfig: {podMaxPids: -1}}]}\n"].concat())
        .holds("aks-node-config/agentPoolProfiles[0]")
        .first()
        .fail("pod-pids-limit", "3:66 -1");
}

#[test]
fn overridden() {
    sample("{\"podMaxPids\": 1, \"podMaxPids\": 4096}").first().pass("pod-pids-limit", "1:33 4096");
    sample("{\"imageGcHighThreshold\": 90, \"hardEvictionThreshold\": {\"memoryAvailable\": \"1Gi\"}}")
        .first()
        .pass(STARTS, "1:2 \"imageGcHighThreshold\"");
}

#[test]
fn mistakes() {
    sample("{\"podMaxPids\": 5, \"podPidsLimit\": 5, \"imageGCHighThresholdPercent\": 5, \"podMaxPid\": 1, \"readOnlyPort\": 0}")
        .first()
        .problem("no-such-key", "1:19 \"podPidsLimit\"")
        .problem("no-such-key", "1:38 \"imageGCHighThresholdPercent\"")
        .problem("no-such-key", "1:72 \"podMaxPid\"")
        .problem("no-such-key", "1:88 \"readOnlyPort\"");
    sample("{\"podMaxPids\": 5, \"seccompDefault\": true}").first().fail(STARTS, "1:37 true");
    sample("{\"containerLogMaxSizeMB\": \"50Mi\"}").first().fail(STARTS, "1:27 \"50Mi\"");
    sample("{\"imageGcHighThreshold\": 101}").first().fail(STARTS, "1:26 101");
    sample("{\"podMaxPids\": -2}").first().fail(STARTS, "1:16 -2");
    sample("{\"podMaxPids\": 5, \"containerLogMaxFiles\": 1}").first().fail(STARTS, "1:43 1");
}

#[test]
fn malformed() {
    sample("{\"podMaxPids\": 5,").first().undetermined(STARTS, "1:18 ");
}

#[test]
fn unrelated() {
    sample("{\"failSwapOn\": false}").holds("");
    sample("{\"seccompDefault\": \"RuntimeDefault\"}").holds("aks-node-config");
    sample("{\"transparentHugePageEnabled\": \"madvise\"}").holds("");
}
