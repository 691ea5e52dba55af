//! `rotate-kubelet-client-certificate-gate`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "rotate-kubelet-client-certificate-gate",
    kind: CheckKind::Setting,
    title: "The gate for renewing client certificates is not switched off",
    explanation: "This gate once allowed the kubelet to renew its client certificate. It is stable since 1.19 and locked: it is on, or \
        already gone, in every kubelet that kubevet knows. Whether certificates are renewed is decided by `rotateCertificates` \
        alone, which is a check of its own.",
    remedy: "remove `RotateKubeletClientCertificate` from the feature gates: it is always on",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const GATE: &str = "RotateKubeletClientCertificate";

fn judge(case: &Case) -> Verdict {
    if let Err(verdict) = case.setting("featureGates") {
        return *verdict;
    }
    let text = match case.gate(GATE) {
        true => "the gate is on, and cannot be switched off",
        false => "the gate is gone: what it allowed is always possible",
    };
    Verdict::new(Status::Pass, "always-on", text, evidence(Place::Target, ""))
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("|").undetermined("--feature-gates=RotateKubeletClientCertificate=false");
}
