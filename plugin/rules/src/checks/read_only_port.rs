//! `read-only-port`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "read-only-port",
    kind: CheckKind::Setting,
    title: words!(
        "The port that asks for no credentials is closed",
        "認証情報を求めないポートは閉じられている"
    ),
    explanation: paragraphs![words!(
        "On this port the kubelet shows pods, their environment and statistics to anybody, without encryption. Nothing in \
        Kubernetes needs it any more. The effective value of `readOnlyPort` (`--read-only-port`) is to be 0, which closes \
        it.\n\n\
        How the kubelet decides: with a configuration file the default is 0; with flags alone, or drop-ins alone, it is 10255. \
        Until 1.29 a drop-in cannot set it to 0, since a zero is not written: there a flag is needed.",
        "このポートでは、kubelet が Pod とその環境変数、統計情報を暗号化なしで誰にでも見せます。\
        Kubernetes でこれを必要とするものはもうありません。`readOnlyPort`（`--read-only-port`）の\
        有効な値は、ポートを閉じる 0 でなければなりません。\n\n\
        値の決まり方: 設定ファイルがある場合のデフォルト値は 0、フラグのみまたはドロップインのみの\
        場合は 10255 です。1.29 までは、値が 0 の項目が書き出されないため、\
        ドロップインで 0 にできず、フラグが必要です。"
    )],
    remedy: words!(
        "set `readOnlyPort` to 0 in the configuration file, or pass `--read-only-port=0`",
        "設定ファイルで `readOnlyPort` を 0 にするか、`--read-only-port=0` を指定します"
    ),
    severity: Severity::High,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "readOnlyPort",
    flag: "read-only-port",
    failing: words!(
        "the read-only port is open: it answers anybody",
        "読み取り専用ポートが開いており、誰にでも応答します"
    ),
};

const WANTED: Wanted = Wanted { must: words!("be `0`", "`0` でなければなりません"), value: "0", fine: |value| *value == Json::Int(0) };

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &WANTED)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--read-only-port=0")
        .pass("--read-only-port 0x0")
        .pass("| readOnlyPort: 0")
        .pass("|")
        .fail("")
        .fail("--read-only-port=10255 | readOnlyPort: 0")
        .fail("| readOnlyPort: 10255")
        .undetermined("--read-only-port=65536")
        .with("require-explicit", "true")
        .fail("|");
}
