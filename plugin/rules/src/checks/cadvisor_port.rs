//! `cadvisor-port`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "cadvisor-port",
    kind: CheckKind::Setting,
    title: words!(
        "The old port of cAdvisor is closed",
        "cAdvisor の古いポートは閉じられている"
    ),
    explanation: paragraphs![words!(
        "Up to 1.11 the kubelet could show cAdvisor's pages, without credentials, on a port of their own. The flag \
        `--cadvisor-port` is gone since 1.12: a kubelet that is given it does not start, and one that starts has no such port.",
        "1.11 までの kubelet は、専用のポートで認証情報なしに cAdvisor のページを表示できました。\
        フラグ `--cadvisor-port` は 1.12 で廃止されました。指定された kubelet は起動せず、\
        起動した kubelet にこのポートはありません。"
    )],
    remedy: words!(
        "remove `--cadvisor-port` from the arguments",
        "引数から `--cadvisor-port` を削除します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    match case.setting("port") {
        Ok(_) => Verdict::new(Status::Pass, "gone", words!("no kubelet since 1.12 has this port", "1.12 以降の kubelet にこのポートはありません"), evidence(Place::Target, Text::NONE)),
        Err(verdict) => *verdict,
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK).pass("").pass("|").undetermined("--cadvisor-port=0").with("version", "1.24").pass("--container-runtime-endpoint=unix:///run/c");
}
