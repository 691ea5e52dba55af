//! `streaming-connection-idle-timeout`

use super::prelude::*;
use crate::kubelet::values::duration;

pub const CHECK: Check = Check {
    id: "streaming-connection-idle-timeout",
    kind: CheckKind::Setting,
    title: words!(
        "Idle connections to containers are closed",
        "コンテナへのアイドル状態の接続は閉じられる"
    ),
    explanation: paragraphs![words!(
        "`kubectl exec`, `attach` and `port-forward` hold a connection through the kubelet. With a timeout of zero it stays \
        open for ever, and with enough of them the node runs out of what connections need. The effective value of \
        `streamingConnectionIdleTimeout` (`--streaming-connection-idle-timeout`) is not to be zero, in whatever spelling: `0`, \
        `0s`, `0m0s`.\n\n\
        How the kubelet decides: the default is four hours. A zero in the configuration file counts as \"not set\" and becomes \
        four hours, so only a flag, or a drop-in of an old version, can switch the timeout off.",
        "`kubectl exec`、`attach`、`port-forward` は kubelet を経由した接続を保持します。\
        タイムアウトが 0 の場合、接続は開いたままになり、数が増えるとノードは接続に必要なリソースを\
        使い果たします。`streamingConnectionIdleTimeout`（`--streaming-connection-idle-timeout`）の\
        有効な値は、`0`、`0s`、`0m0s` などどの表記でも 0 であってはなりません。\n\n\
        値の決まり方: デフォルト値は 4 時間です。設定ファイルの 0 は\
        「未設定」とみなされて 4 時間になるため、タイムアウトを無効にできるのはフラグ、\
        または古いバージョンのドロップインだけです。"
    )],
    remedy: words!(
        "set `streamingConnectionIdleTimeout` to 4h0m0s in the configuration file, or pass \
        `--streaming-connection-idle-timeout=4h0m0s`",
        "設定ファイルで `streamingConnectionIdleTimeout` を 4h0m0s にするか、\
        `--streaming-connection-idle-timeout=4h0m0s` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "streamingConnectionIdleTimeout",
    flag: "streaming-connection-idle-timeout",
    failing: words!(
        "connections for exec, attach and port-forward may idle for ever",
        "exec、attach、port-forward の接続がアイドルのまま無期限に残ります"
    ),
};

const WANTED: Wanted = Wanted { must: words!("be above zero", "ゼロより大きくなければなりません"), value: "\"4h0m0s\"", fine: is_positive };

const FIVE_MINUTES: Wanted = Wanted {
    must: words!("be `5m`", "`5m` でなければなりません"),
    value: "\"5m0s\"",
    fine: |value| value.as_text().and_then(duration) == Some(300_000_000_000),
};

fn is_positive(value: &Json) -> bool {
    value.as_text().and_then(duration).is_some_and(|nanoseconds| nanoseconds > 0)
}

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, if case.asked.expect == "5m" { &FIVE_MINUTES } else { &WANTED })
}

#[test]
fn cases() {
    let tester = Tester::new(&CHECK).pass("").pass("|").pass("--streaming-connection-idle-timeout=5m");
    let zeros = ["0", "0s", "0m", "0h", "0m0s", "0h0m0s", "0ms", "0.0s", "+0s", "-0s", "-0"];
    let tester = zeros.iter().fold(tester, |tester, zero| {
        let flag = format!("--streaming-connection-idle-timeout={zero}");
        // Only a flag can be zero: in the file that means "not set", and the default of four hours applies.
        tester.fail(&flag).fail(&flag.replace('=', " ")).pass(&format!("| streamingConnectionIdleTimeout: '{zero}'"))
    });
    tester
        .fail("--streaming-connection-idle-timeout=0 | streamingConnectionIdleTimeout: 5m")
        .undetermined("--streaming-connection-idle-timeout=5")
        .undetermined("| streamingConnectionIdleTimeout: 0")
        .with("benchmark", "rh-0.7")
        .pass("")
        .pass("--streaming-connection-idle-timeout=300s")
        .fail("--streaming-connection-idle-timeout=4h")
        .with("require-explicit", "true")
        .fail("")
        .with("require-explicit", "false")
        .with("strict", "true")
        .fail("");
}
