//! `seccomp-default`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "seccomp-default",
    kind: CheckKind::Setting,
    title: "Pods run with the runtime's seccomp profile unless they ask otherwise",
    explanation: "A seccomp profile keeps the processes of a container from the more dangerous calls to the kernel. Without a default, a \
        pod that does not ask for a profile has none. `seccompDefault`, or the flag `--seccomp-default`, is to be true.\n\n\
        How the kubelet decides: here, and here only, flag and setting are joined by \"or\": a flag that says false cannot \
        switch off what the file says, and `/configz` does not show the flag. The default is false in every version. Up to \
        1.26 a feature gate is needed besides.",
    remedy: "set `seccompDefault` to true in the configuration file, or pass `--seccomp-default=true`",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "seccompDefault",
    flag: "seccomp-default",
    failing: "pods run without a seccomp profile unless they ask for one",
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
