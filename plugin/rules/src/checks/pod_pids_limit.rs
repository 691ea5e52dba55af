//! `pod-pids-limit`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "pod-pids-limit",
    kind: CheckKind::Setting,
    title: words!(
        "No pod can take all process numbers of the node",
        "1 つの Pod がノードのプロセス ID を使い果たすことはない"
    ),
    explanation: paragraphs![words!(
        "A fork bomb in one pod, or a leak of processes, can use up the process numbers of the whole node, and then nothing can \
        be started any more, not even to mend it. `podPidsLimit` (`--pod-max-pids`) limits the processes of each pod.\n\n\
        How the kubelet decides: the default is -1, no limit. Benchmarks only ask that something is set; kubevet asks for a \
        limit, since an explicit -1 is none. What number is right depends on what runs there.",
        "1 つの Pod の fork 爆弾やプロセスのリークは、ノード全体のプロセス ID を使い果たす可能性があり、\
        そうなると復旧のためのプロセスさえ起動できなくなります。`podPidsLimit`（`--pod-max-pids`）\
        は Pod ごとのプロセス数を制限します。\n\n\
        値の決まり方: デフォルト値は -1（無制限）です。ベンチマークは何かが設定されていることだけを\
        求めますが、明示的な -1 は制限ではないため、kubevet は制限を求めます。\
        適切な値は実行するものによって異なります。"
    )],
    remedy: words!(
        "set `podPidsLimit` to a limit that fits the workloads, such as 4096, or pass `--pod-max-pids=4096`",
        "`podPidsLimit` を 4096 などワークロードに合った上限にするか、`--pod-max-pids=4096` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "podPidsLimit",
    flag: "pod-max-pids",
    failing: words!(
        "a pod may start as many processes as it likes",
        "Pod がプロセスをいくつでも起動できます"
    ),
};

const WANTED: Wanted = Wanted { must: words!("be a positive number", "正の数でなければなりません"), value: "4096", fine: |value| value.as_int().is_some_and(|limit| limit > 0) };

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
