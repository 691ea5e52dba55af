//! `feature-gate-dynamic-kubelet-config`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "feature-gate-dynamic-kubelet-config",
    kind: CheckKind::Setting,
    title: words!(
        "The feature gate DynamicKubeletConfig is off",
        "フィーチャーゲート DynamicKubeletConfig は無効"
    ),
    explanation: paragraphs![words!(
        "With this gate, a kubelet took its configuration from the API server, so that whoever could change a ConfigMap could \
        change the node. The feature is gone since 1.24, the gate since 1.26; where the gate still exists, a kubelet that has \
        it on does not start.",
        "このゲートを有効にすると、kubelet は API サーバーから設定を取得したため、ConfigMap を\
        変更できる者はノードを変更できました。この機能は 1.24 で、ゲートは 1.26 で廃止されました。\
        ゲートがまだ存在する場合、有効にした kubelet は起動しません。"
    )],
    remedy: words!(
        "remove `DynamicKubeletConfig` from the feature gates",
        "フィーチャーゲートから `DynamicKubeletConfig` を削除します"
    ),
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
        false => Verdict::new(Status::Pass, "off", words!("the feature gate is off, or gone", "フィーチャーゲートは無効か、廃止されています"), evidence(Place::Target, Text::NONE)),
        true => Verdict::new(Status::Fail, "on", words!("the feature gate DynamicKubeletConfig is on", "フィーチャーゲート DynamicKubeletConfig が有効です"), evidence(Place::Target, Text::NONE)),
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
