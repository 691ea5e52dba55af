//! See the form of this name.

use super::prelude::*;

fn sample(text: &str) -> Sample {
    Sample::new(text).named("args/kubelet")
}

#[test]
fn good() {
    sample("# flags\n--kubeconfig=${SNAP_DATA}/credentials/kubelet.config\n--anonymous-auth=false\n--authorization-mode=Webhook\n")
        .holds("microk8s-args")
        .first()
        .of("1.34", "microk8s")
        .pass(ANONYMOUS, "3:1 --anonymous-auth=false")
        .without_problems();
}

#[test]
fn bad() {
    sample("--anonymous-auth=false\n")
        .first()
        .fail("authorization-mode", "1:1 --anonymous-auth=false")
        .fail(PORT, "1:1 --anonymous-auth=false");
}

#[test]
fn overridden() {
    sample("--read-only-port=1\n  --read-only-port=0 \n").first().pass(PORT, "2:3 --read-only-port=0");
}

#[test]
fn several_on_a_line() {
    sample("--root-dir=/x --anonymous-auth='true'\n").first().fail(ANONYMOUS, "1:15 --anonymous-auth='true'");
}

#[test]
fn without_its_name() {
    Sample::new("--root-dir=${SNAP_COMMON}/var/lib/kubelet\n--eviction-hard=\"memory.available<100Mi\"\n")
        .holds("microk8s-args")
        .first()
        .pass(STARTS, "1:1 --root-dir=${SNAP_COMMON}/var/lib/kubelet");
}

#[test]
fn malformed() {
    sample("--no-such-flag=1\n").first().fail(STARTS, "1:1 --no-such-flag=1");
}

#[test]
fn unrelated() {
    sample("kubelet\n").holds("");
    Sample::new("--v=2\n").holds("");
}
