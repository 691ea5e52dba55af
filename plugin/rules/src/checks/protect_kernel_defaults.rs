//! `protect-kernel-defaults`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "protect-kernel-defaults",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet stops rather than change the kernel's settings",
        "kubelet はカーネルの設定が想定と異なる場合、変更せずに停止する"
    ),
    explanation: paragraphs![words!(
        "The kubelet expects a few kernel parameters to have certain values (`vm.overcommit_memory`, `vm.panic_on_oom`, \
        `kernel.panic`, `kernel.panic_on_oops` and others). With `false` it sets them itself, over what the node's \
        administrator has chosen. With `true` it does not start where they differ. The effective value of \
        `protectKernelDefaults` (`--protect-kernel-defaults`) is to be true; first set the parameters, or the kubelet will not \
        start.\n\n\
        How the kubelet decides: the default is false in every version. Newer editions of the benchmark no longer ask for it.",
        "kubelet は、いくつかのカーネルパラメーター（`vm.overcommit_memory`、`vm.panic_on_oom`、\
        `kernel.panic`、`kernel.panic_on_oops` など）が特定の値であることを前提とします。`false` では、\
        ノードの管理者が選んだ値を上書きして自分で設定します。`true` では、値が異なる場合に起動しません。\
        `protectKernelDefaults`（`--protect-kernel-defaults`）の有効な値は true でなければなりません。\
        先にパラメーターを設定しないと kubelet は起動しません。\n\n\
        値の決まり方: デフォルト値はどのバージョンでも false です。ベンチマークの新しい版では\
        求められなくなりました。"
    )],
    remedy: words!(
        "set `protectKernelDefaults` to true in the configuration file, or pass `--protect-kernel-defaults=true`",
        "設定ファイルで `protectKernelDefaults` を true にするか、`--protect-kernel-defaults=true` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "protectKernelDefaults",
    flag: "protect-kernel-defaults",
    failing: words!(
        "the kubelet changes the kernel's settings where they are not as it expects",
        "kubelet が想定と異なるカーネルの設定を変更します"
    ),
};

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &Wanted::TRUE)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--protect-kernel-defaults")
        .pass("| protectKernelDefaults: true")
        .fail("")
        .fail("|")
        .fail("--protect-kernel-defaults=false | protectKernelDefaults: true")
        .undetermined("| protectKernelDefaults: 1")
        .with("benchmark", "rke2-cis-1.24")
        .pass("")
        .fail("--protect-kernel-defaults=false")
        .with("strict", "true")
        .fail("");
}
