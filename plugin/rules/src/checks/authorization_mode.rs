//! `authorization-mode`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "authorization-mode",
    kind: CheckKind::Setting,
    title: "Requests to the kubelet are authorized by the API server",
    explanation: "With `AlwaysAllow`, whoever has passed authentication may do everything on this node: run commands in every container, \
        read every log. With `Webhook` the kubelet asks the API server, so that the rules of RBAC hold here, too. The \
        effective value of `authorization.mode` (`--authorization-mode`) is not to be `AlwaysAllow`.\n\n\
        How the kubelet decides: with a configuration file the default is `Webhook`; with flags alone, or drop-ins alone, it \
        is `AlwaysAllow`. Any other word ends the kubelet soon after its start.",
    remedy: "set `authorization.mode` to Webhook in the configuration file, or pass `--authorization-mode=Webhook`",
    severity: Severity::Critical,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "authorization.mode",
    flag: "authorization-mode",
    failing: "the kubelet lets every request do everything",
};

const WANTED: Wanted = Wanted { must: "be `Webhook`", value: "\"Webhook\"", fine: |value| value.as_text().is_some_and(|mode| mode != "AlwaysAllow") };

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
