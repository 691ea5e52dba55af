//! `feature-gate-dynamic-auditing`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "feature-gate-dynamic-auditing",
    kind: CheckKind::Setting,
    title: words!(
        "The feature gate DynamicAuditing is off",
        "フィーチャーゲート DynamicAuditing は無効"
    ),
    explanation: paragraphs![words!(
        "With this gate, sinks for audit records could be registered at run time, and whoever could register one saw \
        everything. The feature was removed long before the kubelets that kubevet knows: naming the gate stops such a kubelet, \
        so that one which starts has it off.",
        "このゲートを有効にすると、監査記録の送信先を実行時に登録でき、登録できる者はすべてを\
        見ることができました。この機能は、kubevet が対応するどの kubelet よりもはるか前に\
        削除されています。ゲートを指定するとそのような kubelet は停止するため、起動した kubelet では\
        無効です。"
    )],
    remedy: words!(
        "remove `DynamicAuditing` from the feature gates",
        "フィーチャーゲートから `DynamicAuditing` を削除します"
    ),
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
        false => Verdict::new(Status::Pass, "gone", words!("this kubelet has no such gate", "この kubelet にそのゲートはありません"), evidence(Place::Target, Text::NONE)),
        true => Verdict::new(Status::Fail, "on", words!("the feature gate DynamicAuditing is on", "フィーチャーゲート DynamicAuditing が有効です"), evidence(Place::Target, Text::NONE)),
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("| featureGates: {}").undetermined("--feature-gates=DynamicAuditing=true");
}
