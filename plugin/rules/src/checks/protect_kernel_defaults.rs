//! `protect-kernel-defaults`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "protect-kernel-defaults",
    kind: CheckKind::Setting,
    title: "The kubelet stops rather than change the kernel's settings",
    explanation: "The kubelet expects a few kernel parameters to have certain values (`vm.overcommit_memory`, `vm.panic_on_oom`, \
        `kernel.panic`, `kernel.panic_on_oops` and others). With `false` it sets them itself, over what the node's \
        administrator has chosen. With `true` it does not start where they differ. The effective value of \
        `protectKernelDefaults` (`--protect-kernel-defaults`) is to be true; first set the parameters, or the kubelet will not \
        start.\n\n\
        How the kubelet decides: the default is false in every version. Newer editions of the benchmark no longer ask for it.",
    remedy: "set `protectKernelDefaults` to true in the configuration file, or pass `--protect-kernel-defaults=true`",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "protectKernelDefaults",
    flag: "protect-kernel-defaults",
    failing: "the kubelet changes the kernel's settings where they are not as it expects",
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
