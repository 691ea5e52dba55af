//! `cadvisor-port`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "cadvisor-port",
    kind: CheckKind::Setting,
    title: "The old port of cAdvisor is closed",
    explanation: "Up to 1.11 the kubelet could show cAdvisor's pages, without credentials, on a port of their own. The flag \
        `--cadvisor-port` is gone since 1.12: a kubelet that is given it does not start, and one that starts has no such port.",
    remedy: "remove `--cadvisor-port` from the arguments",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    match case.setting("port") {
        Ok(_) => Verdict::new(Status::Pass, "gone", "no kubelet since 1.12 has this port", evidence(Place::Target, "")),
        Err(verdict) => *verdict,
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("|").undetermined("--cadvisor-port=0").with("version", "1.24").pass("--container-runtime-endpoint=unix:///run/c");
}
