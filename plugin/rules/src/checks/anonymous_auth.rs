//! `anonymous-auth`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "anonymous-auth",
    kind: CheckKind::Setting,
    title: "Nobody reaches the kubelet's API without a name",
    explanation: "The kubelet answers on port 10250: it runs commands in containers, shows logs and lists pods. With anonymous \
        authentication on, a request without credentials is let in as `system:anonymous`, and only authorization stands \
        between it and the containers of the node. The effective value of `authentication.anonymous.enabled` \
        (`--anonymous-auth`) is to be false.\n\n\
        How the kubelet decides: a kubelet that reads a configuration file has false unless something says true. A kubelet \
        with flags alone, or with drop-ins alone, starts from older defaults and has true. So a file that says nothing passes, \
        and a command line that says nothing fails.",
    remedy: "set `authentication.anonymous.enabled` to false in the configuration file, or pass `--anonymous-auth=false`",
    severity: Severity::Critical,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "authentication.anonymous.enabled",
    flag: "anonymous-auth",
    failing: "anonymous requests reach the kubelet's API",
};

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &Wanted::FALSE)
}

#[test]
fn cases() {
    // The default is false with a file and true without.
    Tester::new(&CHECK)
        .pass("--anonymous-auth=false")
        .fail("--anonymous-auth")
        .fail("")
        .pass("|")
        .pass("| authentication: {anonymous: {enabled: false}}")
        .fail("| authentication: {anonymous: {enabled: true}}")
        .pass("--anonymous-auth=false | authentication: {anonymous: {enabled: true}}")
        .fail("--anonymous-auth=true | authentication: {anonymous: {enabled: false}}")
        .undetermined("--anonymous-auth=no")
        .with("require-explicit", "true")
        .fail("|")
        .pass("--anonymous-auth=false");
}
