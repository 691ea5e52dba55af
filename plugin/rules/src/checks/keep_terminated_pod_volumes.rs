//! `keep-terminated-pod-volumes`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "keep-terminated-pod-volumes",
    kind: CheckKind::Setting,
    title: "Volumes are unmounted when their pod ends",
    explanation: "With this, volumes stayed mounted on the node after their pod had ended, for debugging, and their data with them. The \
        flag was deprecated for years, and is gone since 1.31. Where it exists it is to be false, which is the default.",
    remedy: "remove `--keep-terminated-pod-volumes` from the arguments",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "keep-terminated-pod-volumes",
    failing: "volumes of pods that have ended stay mounted",
};

fn judge(case: &Case) -> Verdict {
    let gone = case.kubelet.version.minor() >= 31;
    if gone && case.kubelet.refused.is_none() {
        return Verdict::new(Status::Pass, "gone", "kubelet 1.31 and later have no such flag", evidence(Place::Target, ""));
    }
    SETTING.judge(case, &Wanted::FALSE)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .undetermined("--keep-terminated-pod-volumes=false")
        .with("version", "1.30")
        .pass("")
        .pass("--keep-terminated-pod-volumes=false")
        .fail("--keep-terminated-pod-volumes");
}
