//! `feature-gate-dynamic-kubelet-config`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "feature-gate-dynamic-kubelet-config",
    kind: CheckKind::Setting,
    title: "The feature gate DynamicKubeletConfig is off",
    explanation: "With this gate, a kubelet took its configuration from the API server, so that whoever could change a ConfigMap could \
        change the node. The feature is gone since 1.24, the gate since 1.26; where the gate still exists, a kubelet that has \
        it on does not start.",
    remedy: "remove `DynamicKubeletConfig` from the feature gates",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const GATE: &str = "DynamicKubeletConfig";

fn judge(case: &Case) -> Verdict {
    if let Err(verdict) = case.setting("featureGates") {
        return *verdict;
    }
    match case.gate(GATE) {
        false => Verdict::new(Status::Pass, "off", "the feature gate is off, or gone", evidence(Place::Target, "")),
        true => Verdict::new(Status::Fail, "on", "the feature gate DynamicKubeletConfig is on", evidence(Place::Target, "")),
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .undetermined("--feature-gates=DynamicKubeletConfig=true")
        .with("version", "1.25")
        .pass("--container-runtime-endpoint=unix:///run/c --feature-gates=DynamicKubeletConfig=false");
}
