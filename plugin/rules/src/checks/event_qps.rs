//! `event-qps`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "event-qps",
    kind: CheckKind::Setting,
    title: words!(
        "Events are not lost to a limit that is too low",
        "低すぎる上限によってイベントが失われない"
    ),
    explanation: paragraphs![words!(
        "The kubelet sends events to the API server, and at most this many a second on average; what is beyond is dropped. \
        Events are evidence after an incident. Editions disagree: older ones, and all for AKS, ask for exactly 0; newer ones \
        are content with a number that is high enough.\n\n\
        What 0 means: no limit at all, not \"no events\". A container that fails in a loop can then flood the API server. Where \
        an edition asks for 0, kubevet judges by that, and says so; two ask for 1 or more; elsewhere every number is fine.\n\n\
        How the kubelet decides: the default of `eventRecordQPS` (`--event-qps`) is 50, and 5 before 1.27. A negative number \
        stops the kubelet.",
        "kubelet は API サーバーにイベントを送りますが、1 秒あたりの平均数には上限があり、\
        超えた分は破棄されます。イベントはインシデント後の証拠になります。版によって要求は異なり、\
        古い版と AKS のすべての版はちょうど 0 を求め、新しい版は十分に大きい値であればよいとします。\n\n\
        0 の意味: 「イベントなし」ではなく、上限なしです。失敗を繰り返すコンテナが API サーバーに\
        イベントを大量に送り続ける可能性があります。版が 0 を求める場合、kubevet はそれに従って判定し、\
        その旨を示します。2 つの版は 1 以上を求めます。それ以外ではどの値でも問題ありません。\n\n\
        値の決まり方: `eventRecordQPS`（`--event-qps`）のデフォルト値は 50 で、1.27 より前は 5 です。\
        負の値では kubelet は起動しません。"
    )],
    remedy: words!(
        "set `eventRecordQPS` to 0 in the configuration file, or pass `--event-qps=0`",
        "設定ファイルで `eventRecordQPS` を 0 にするか、`--event-qps=0` を指定します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "eventRecordQPS",
    flag: "event-qps",
    failing: words!(
        "events beyond a limit are not recorded",
        "上限を超えたイベントが記録されません"
    ),
};

const ZERO: Wanted = Wanted { must: words!("be `0`", "`0` でなければなりません"), value: "0", fine: |value| *value == Json::Int(0) };

const ANY: Wanted = Wanted { must: words!("be 0 or more", "0 以上でなければなりません"), value: "50", fine: |value| value.as_int().is_some_and(|rate| rate >= 0) };

const LIMIT: Wanted = Wanted { must: words!("be 1 or more", "1 以上でなければなりません"), value: "50", fine: |value| value.as_int().is_some_and(|rate| rate >= 1) };

fn judge(case: &Case) -> Verdict {
    let wanted = match case.asked.expect {
        "0" => &ZERO,
        "1" => &LIMIT,
        _ => &ANY,
    };
    let verdict = SETTING.judge(case, wanted);
    match verdict.status {
        Status::Fail if case.asked.expect == "0" => verdict.note("no-limit", words!(
            "0 lifts the limit altogether; newer editions are content with a number that is high enough",
            "0 は上限を完全に取り除きます。新しい版では十分に大きい値であれば合格します"
        )),
        _ => verdict,
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("--event-qps=0")
        .pass("| eventRecordQPS: 5")
        .undetermined("--event-qps=-1")
        .with("benchmark", "aks-1.8")
        .pass("--event-qps=0")
        .pass("| eventRecordQPS: 0")
        .fail("")
        .fail("| eventRecordQPS: 5")
        .with("benchmark", "eks-1.8.0")
        .pass("|")
        .with("benchmark", "rh-0.7")
        .pass("")
        .fail("--event-qps=50")
        .with("require-explicit", "true")
        .fail("")
        .with("require-explicit", "false")
        .with("strict", "true")
        .fail("");
    Tester::new(&CHECK).with("benchmark", "rh-1.8").pass("").pass("| eventRecordQPS: 1").fail("| eventRecordQPS: 0");
}
