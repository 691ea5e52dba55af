//! `hostname-override`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "hostname-override",
    kind: CheckKind::Setting,
    title: "The node goes by its own hostname",
    explanation: "The certificate that the kubelet shows is for the node's name. A name that is set by hand may not be the one that the \
        cluster's certificates were made for, or may be that of another node. Benchmarks ask that `--hostname-override` is \
        absent.\n\n\
        How the kubelet decides: this is a flag alone; no file can set it. Many platforms set it for good reasons (k3s, RKE2, \
        Talos, kOps, minikube, OpenShift, and clouds whose node names are not the hostnames), so that it is for a person to \
        decide whether it is needed here.",
    remedy: "remove `--hostname-override` from the arguments, unless the platform needs it",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "hostname-override",
    failing: "",
};

/// Whether the name is needed, only a person knows.
fn judge(case: &Case) -> Verdict {
    let (decided, value) = match SETTING.find(case) {
        Ok(found) => found,
        Err(verdict) => return *verdict,
    };
    match value.as_text() {
        None | Some("") => Verdict::new(Status::Pass, "as-asked", "no name is given", evidence(Place::Target, "")),
        Some(name) => {
            let text = format!("the node goes by the name `{}`, which it was given", crate::kubelet::clipped(name));
            Verdict::new(Status::Manual, "named", text, evidence(decided.by.place, "remove it, unless this platform needs it"))
        }
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("--hostname-override=")
        .manual("--hostname-override=node-1")
        .manual("--hostname_override node-1")
        .undetermined("--no-such-flag");
}
