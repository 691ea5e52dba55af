//! `seccomp-default`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "seccomp-default",
    kind: CheckKind::Setting,
    title: words!(
        "Pods run with the runtime's seccomp profile unless they ask otherwise",
        "Pod は、別に指定しない限りランタイムの seccomp プロファイルで動作する"
    ),
    explanation: paragraphs![words!(
        "A seccomp profile keeps the processes of a container from the more dangerous calls to the kernel. Without a default, a \
        pod that does not ask for a profile has none. `seccompDefault`, or the flag `--seccomp-default`, is to be true.\n\n\
        How the kubelet decides: here, and here only, flag and setting are joined by \"or\": a flag that says false cannot \
        switch off what the file says, and `/configz` does not show the flag. The default is false in every version. Up to \
        1.26 a feature gate is needed besides.",
        "seccomp プロファイルは、コンテナのプロセスによる危険なシステムコールを防ぎます。\
        デフォルトがない場合、プロファイルを指定しない Pod にはプロファイルがありません。\
        `seccompDefault` またはフラグ `--seccomp-default` は true でなければなりません。\n\n\
        値の決まり方: この設定に限り、フラグとファイルの値は論理和（OR）で評価されます。フラグの false で\
        ファイルの指定を無効にすることはできず、`/configz` はフラグを表示しません。デフォルト値はどの\
        バージョンでも false です。1.26 まではフィーチャーゲートも必要です。"
    )],
    remedy: words!(
        "set `seccompDefault` to true in the configuration file, or pass `--seccomp-default=true`",
        "設定ファイルで `seccompDefault` を true にするか、`--seccomp-default=true` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "seccompDefault",
    flag: "seccomp-default",
    failing: words!(
        "pods run without a seccomp profile unless they ask for one",
        "Pod は、指定しない限り seccomp プロファイルなしで動作します"
    ),
};

/// Flag or setting: one of them is enough (`SeccompDefault`, cmd/kubelet/app/server.go).
fn judge(case: &Case) -> Verdict {
    let flag = Setting { path: "", ..SETTING };
    match flag.find(case) {
        Ok((decided, value)) if (Wanted::TRUE.fine)(&value) => flag.verdict(case, &Wanted::TRUE, &decided, true),
        _ => SETTING.judge(case, &Wanted::TRUE),
    }
}

#[test]
fn cases() {
    // Flag or setting: neither can take away what the other gives.
    Tester::new(&CHECK)
        .pass("--seccomp-default")
        .pass("| seccompDefault: true")
        .pass("--seccomp-default=false | seccompDefault: true")
        .pass("--seccomp-default | seccompDefault: false")
        .fail("")
        .fail("|")
        .fail("--seccomp-default=false | seccompDefault: false")
        .undetermined("| seccompDefault: 'true'")
        .with("version", "1.24")
        .undetermined("--container-runtime-endpoint=unix:///run/c --seccomp-default")
        .pass("--container-runtime-endpoint=unix:///run/c --seccomp-default --feature-gates=SeccompDefault=true");
}
