//! `pod-pids-limit`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "pod-pids-limit",
    kind: CheckKind::Setting,
    title: "No pod can take all process numbers of the node",
    explanation: "A fork bomb in one pod, or a leak of processes, can use up the process numbers of the whole node, and then nothing can \
        be started any more, not even to mend it. `podPidsLimit` (`--pod-max-pids`) limits the processes of each pod.\n\n\
        How the kubelet decides: the default is -1, no limit. Benchmarks only ask that something is set; kubevet asks for a \
        limit, since an explicit -1 is none. What number is right depends on what runs there.",
    remedy: "set `podPidsLimit` to a limit that fits the workloads, such as 4096, or pass `--pod-max-pids=4096`",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "podPidsLimit",
    flag: "pod-max-pids",
    failing: "a pod may start as many processes as it likes",
};

const WANTED: Wanted = Wanted { must: "be a positive number", value: "4096", fine: |value| value.as_int().is_some_and(|limit| limit > 0) };

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &WANTED)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--pod-max-pids=4096")
        .pass("| podPidsLimit: 100")
        .fail("")
        .fail("|")
        .fail("--pod-max-pids=-1 | podPidsLimit: 100")
        .fail("| podPidsLimit: -1")
        .undetermined("| podPidsLimit: '100'");
}
