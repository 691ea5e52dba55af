//! `authorization-mode`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "authorization-mode",
    kind: CheckKind::Setting,
    title: words!(
        "Requests to the kubelet are authorized by the API server",
        "kubelet へのリクエストは API サーバーによって認可される"
    ),
    explanation: paragraphs![words!(
        "With `AlwaysAllow`, whoever has passed authentication may do everything on this node: run commands in every container, \
        read every log. With `Webhook` the kubelet asks the API server, so that the rules of RBAC hold here, too. The \
        effective value of `authorization.mode` (`--authorization-mode`) is not to be `AlwaysAllow`.\n\n\
        How the kubelet decides: with a configuration file the default is `Webhook`; with flags alone, or drop-ins alone, it \
        is `AlwaysAllow`. Any other word ends the kubelet soon after its start.",
        "`AlwaysAllow` では、認証を通過した者はこのノードで何でもできます。あらゆるコンテナでコマンドを\
        実行し、すべてのログを読めます。`Webhook` では kubelet が API サーバーに問い合わせるため、\
        RBAC の規則がここでも適用されます。`authorization.mode`（`--authorization-mode`）の\
        有効な値は `AlwaysAllow` であってはなりません。\n\n\
        値の決まり方: 設定ファイルがある場合のデフォルト値は `Webhook`、フラグのみまたはドロップインのみの\
        場合は `AlwaysAllow` です。これ以外の値では、kubelet は起動後まもなく終了します。"
    )],
    remedy: words!(
        "set `authorization.mode` to Webhook in the configuration file, or pass `--authorization-mode=Webhook`",
        "設定ファイルで `authorization.mode` を Webhook にするか、`--authorization-mode=Webhook` を指定します"
    ),
    severity: Severity::Critical,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "authorization.mode",
    flag: "authorization-mode",
    failing: words!(
        "the kubelet lets every request do everything",
        "kubelet があらゆるリクエストにすべてを許可しています"
    ),
};

const WANTED: Wanted = Wanted { must: words!("be `Webhook`", "`Webhook` でなければなりません"), value: "\"Webhook\"", fine: |value| value.as_text().is_some_and(|mode| mode != "AlwaysAllow") };

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &WANTED)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--authorization-mode=Webhook")
        .pass("--authorization-mode Webhook")
        .fail("--authorization-mode AlwaysAllow")
        .fail("")
        .pass("|")
        .pass("| authorization: {mode: Webhook}")
        .fail("| authorization: {mode: AlwaysAllow}")
        .undetermined("| authorization: {mode: [Webhook]}")
        .with("require-explicit", "true")
        .fail("|");
}
