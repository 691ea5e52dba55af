//! `feature-gate-dynamic-auditing`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "feature-gate-dynamic-auditing",
    kind: CheckKind::Setting,
    title: "The feature gate DynamicAuditing is off",
    explanation: "With this gate, sinks for audit records could be registered at run time, and whoever could register one saw \
        everything. The feature was removed long before the kubelets that kubevet knows: naming the gate stops such a kubelet, \
        so that one which starts has it off.",
    remedy: "remove `DynamicAuditing` from the feature gates",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const GATE: &str = "DynamicAuditing";

fn judge(case: &Case) -> Verdict {
    if let Err(verdict) = case.setting("featureGates") {
        return *verdict;
    }
    match case.gate(GATE) {
        false => Verdict::new(Status::Pass, "gone", "this kubelet has no such gate", evidence(Place::Target, "")),
        true => Verdict::new(Status::Fail, "on", "the feature gate DynamicAuditing is on", evidence(Place::Target, "")),
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("| featureGates: {}").undetermined("--feature-gates=DynamicAuditing=true");
}
