//! `event-qps`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "event-qps",
    kind: CheckKind::Setting,
    title: "Events are not lost to a limit that is too low",
    explanation: "The kubelet sends events to the API server, and at most this many a second on average; what is beyond is dropped. \
        Events are evidence after an incident. Editions disagree: older ones, and all for AKS, ask for exactly 0; newer ones \
        are content with a number that is high enough.\n\n\
        What 0 means: no limit at all, not \"no events\". A container that fails in a loop can then flood the API server. Where \
        an edition asks for 0, kubevet judges by that, and says so; elsewhere every number is fine.\n\n\
        How the kubelet decides: the default of `eventRecordQPS` (`--event-qps`) is 50, and 5 before 1.27. A negative number \
        stops the kubelet.",
    remedy: "set `eventRecordQPS` to 0 in the configuration file, or pass `--event-qps=0`",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "eventRecordQPS",
    flag: "event-qps",
    failing: "events beyond a limit are not recorded",
};

const ZERO: Wanted = Wanted { must: "be `0`", value: "0", fine: |value| *value == Json::Int(0) };

const ANY: Wanted = Wanted { must: "be 0 or more", value: "50", fine: |value| value.as_int().is_some_and(|rate| rate >= 0) };

fn judge(case: &Case) -> Verdict {
    if case.asked.expect != "0" {
        return SETTING.judge(case, &ANY);
    }
    let verdict = SETTING.judge(case, &ZERO);
    match verdict.status {
        Status::Fail => verdict.note("no-limit", "0 lifts the limit altogether; newer editions are content with a number that is high enough"),
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
        .with("strict", "true")
        .fail("");
}
