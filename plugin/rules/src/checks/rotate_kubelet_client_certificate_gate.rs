//! `rotate-kubelet-client-certificate-gate`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "rotate-kubelet-client-certificate-gate",
    kind: CheckKind::Setting,
    title: words!(
        "The gate for renewing client certificates is not switched off",
        "クライアント証明書を更新するゲートは無効にされていない"
    ),
    explanation: paragraphs![words!(
        "This gate once allowed the kubelet to renew its client certificate. It is stable since 1.19 and locked: it is on, or \
        already gone, in every kubelet that kubevet knows. Whether certificates are renewed is decided by `rotateCertificates` \
        alone, which is a check of its own.",
        "このゲートは、かつて kubelet にクライアント証明書の更新を許可するものでした。1.19 から安定版で\
        固定されており、kubevet が対応するすべての kubelet で有効か、既に廃止されています。\
        証明書を更新するかどうかは `rotateCertificates` だけで決まり、これは別のチェックで確認します。"
    )],
    remedy: words!(
        "remove `RotateKubeletClientCertificate` from the feature gates: it is always on",
        "フィーチャーゲートから `RotateKubeletClientCertificate` を削除します（常に有効です）"
    ),
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
        true => words!("the gate is on, and cannot be switched off", "ゲートは有効で、無効にできません"),
        false => words!("the gate is gone: what it allowed is always possible", "ゲートは廃止され、許可していたことは常に可能です"),
    };
    Verdict::new(Status::Pass, "always-on", text, evidence(Place::Target, Text::NONE))
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("|").undetermined("--feature-gates=RotateKubeletClientCertificate=false");
}
