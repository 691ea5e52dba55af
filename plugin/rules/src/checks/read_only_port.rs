//! `read-only-port`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "read-only-port",
    kind: CheckKind::Setting,
    title: "The port that asks for no credentials is closed",
    explanation: "On this port the kubelet shows pods, their environment and statistics to anybody, without encryption. Nothing in \
        Kubernetes needs it any more. The effective value of `readOnlyPort` (`--read-only-port`) is to be 0, which closes \
        it.\n\n\
        How the kubelet decides: with a configuration file the default is 0; with flags alone, or drop-ins alone, it is 10255. \
        A drop-in cannot set it to 0 where the default is 10255, since a zero is not written: there a flag is needed.",
    remedy: "set `readOnlyPort` to 0 in the configuration file, or pass `--read-only-port=0`",
    severity: Severity::High,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "readOnlyPort",
    flag: "read-only-port",
    failing: "the read-only port is open: it answers anybody",
};

const WANTED: Wanted = Wanted { must: "be `0`", value: "0", fine: |value| *value == Json::Int(0) };

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
