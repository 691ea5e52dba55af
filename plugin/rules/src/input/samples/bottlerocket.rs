//! See the form of this name.

use super::prelude::*;

const EVENTS: &str = "event-qps";
const PIDS: &str = "pod-pids-limit";

fn sample(text: &str) -> Sample {
    Sample::new(text).named("user-data.toml").survives()
}

#[test]
fn good() {
    sample("# of the nodes\n[settings.kubernetes]\nevent-qps = 5\npod-pids-limit = 4096\nseccomp-default = true\n\n[settings.kubernetes.eviction-hard]\n\"memory.available\" = \"5%\"\n")
        .holds("bottlerocket")
        .first()
        .of("1.34", "eks-bottlerocket")
        .pass(PIDS, "4:18 4096")
        .pass(EVENTS, "3:13 5")
        .pass("seccomp-default", "5:19 true")
        .has("evictionHard", "{\"memory.available\":\"5%\"}")
        .pass(STARTS, "2:1 [settings.kubernetes]")
        .without_problems();
}

#[test]
fn bad() {
    sample("[settings]\n[settings.kubernetes]\n\"pod-pids-limit\" = -1\n").first().fail(PIDS, "3:20 -1");
    sample("settings.kubernetes.standalone-mode = true\n")
        .first()
        .fail(ANONYMOUS, "1:21 standalone-mode = true")
        .fail("authorization-mode", "1:21 standalone-mode = true");
    sample("settings = { motd = 'x' }\nsettings.kubernetes.max-pods = 5\n")
        .first()
        .undetermined(PORT, "2:1 settings.kubernetes.max-pods");
}

#[test]
fn partial() {
    sample("[settings.kubernetes]\nmax-pods = 1_0\n")
        .first()
        .has("maxPods", "10")
        .pass(PORT, "1:1 [settings.kubernetes]")
        .notes(PORT, "from-base")
        .pass(CHAINS, "1:1 [settings.kubernetes]")
        .fail("seccomp-default", "1:1 [settings.kubernetes]");
}

#[test]
fn overridden() {
    sample(
        "[settings.kubernetes]\nserver-certificate = \"QQ==\"\nserver-key = '''QQ=='''\nserver-tls-bootstrap = true\n",
    )
    .first()
    .has("serverTLSBootstrap", "false")
    .has("tlsCertFile", "\"/etc/kubernetes/pki/kubelet-server.crt\"");
    sample("[settings.kubernetes]\nauthentication-mode = \"tls\"\n").first().lacks("serverTLSBootstrap");
    sample("[settings.kubernetes]\nmemory-manager-policy = 'Static'\nmemory-manager-reserved-memory.0 = {enabled = true, memory = '1Gi'}\nstatic-pods-enabled = false\ncpu-manager-policy-options = ['full-pcpus-only']\n")
        .first()
        .has("memoryManagerPolicy", "\"Static\"")
        .has("reservedMemory", "[{\"limits\":{\"memory\":\"1Gi\"},\"numaNode\":0}]")
        .has("staticPodPath", "\"\"")
        .has("cpuManagerPolicyOptions", "{\"full-pcpus-only\":\"true\"}");
}

#[test]
fn mistakes() {
    sample("[settings.kubernetes]\nevent_qps = 5\n")
        .first()
        .fail(STARTS, "2:1 event_qps")
        .undetermined(PORT, "2:1 event_qps");
    sample("[settings.kubernetes]\nevent-qps = \"5\"\n").first().fail(STARTS, "2:13 \"5\"");
    sample("[settings.kubernetes]\nmax-pods = 5\nmakeIPTablesUtilChains = true\n")
        .first()
        .problem("no-such-key", "3:1 makeIPTablesUtilChains");
    sample("[settings.kubernetes.eviction-hard]\nmemory.available = '5%'\n").first().fail(STARTS, "2:1 memory");
    sample("[settings.kubernetes]\nstandalone-mode = 'true'\n").first().fail(STARTS, "2:19 'true'");
}

#[test]
fn templates() {
    sample("[settings.kubernetes]\ncluster-name = \"${name}\"\npod-pids-limit = ${pids}\nevent-qps = {{ .qps }}\nmax-pods = 5\n")
        .first()
        .undetermined(PIDS, "1:1 [settings.kubernetes]")
        .undetermined(EVENTS, "1:1 [settings.kubernetes]")
        .has("maxPods", "5");
    sample("[settings.kubernetes]\neviction-hard = ${hard}\n").first().lacks("evictionHard");
    sample("[settings.kubernetes]\nstandalone-mode = ${alone}\n").first().undetermined(ANONYMOUS, "2:19 ${alone}");
    sample("[settings.kubernetes]\n%{ if x }\nevent-qps = 5\n%{ endif }\n").first().undetermined(EVENTS, "2:1 %");
}

#[test]
fn secrets() {
    sample("[settings.kubernetes]\nbootstrap-token = 'abcdef.0123456789abcdef'\n")
        .first()
        .withholds("2:19 'abcdef.0123456789abcdef'");
}

#[test]
fn malformed() {
    sample("[settings.kubernetes]\nevent-qps = 5\nevent-qps = 6\n").first().undetermined(EVENTS, "3:1 event-qps");
    sample("[settings.kubernetes]\nevent-qps = \n").first().undetermined(EVENTS, "2:13 ");
    sample("[settings.kubernetes]\nevent-qps = 5\n[settings.kubernetes]\n")
        .first()
        .undetermined(EVENTS, "3:2 settings.kubernetes");
    sample("[settings.kubernetes]\nevent-qps = 99999999999999999999\n")
        .first()
        .undetermined(EVENTS, "2:13 99999999999999999999");
    let deep = ["[settings.kubernetes]\nevent-qps = ", &"[".repeat(100_000)].concat();
    sample(&deep).holds("bottlerocket");
    let many = ["[settings.kubernetes]\n", &"[[settings.kubernetes.event-qps]]\n".repeat(6_000)].concat();
    sample(&many).holds("bottlerocket");
}

#[test]
fn unrelated() {
    sample("[settings.kubernetes]\nnamespace = \"x\"\n").holds("");
    sample("[settings.kubernetes]\nnamespace = \n").holds("");
    sample("[settings]\nkubernetes = 5\n").holds("");
    sample("[settings.motd]\nx = 5\n# [settings.kubernetes]\nmax-pods = 5\n").holds("");
    sample("a: |\n  [settings.kubernetes]\n  max-pods = 5\n").holds("");
    sample("cat <<EOF\n[settings.kubernetes]\nmax-pods = 5\nEOF\n").holds("");
    sample("[settings.kubernetes.max-pods]\n")
        .holds("bottlerocket")
        .first()
        .fail(STARTS, "1:1 [settings.kubernetes.max-pods]");
}
