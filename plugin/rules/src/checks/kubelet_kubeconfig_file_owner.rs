//! `kubelet-kubeconfig-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "kubelet-kubeconfig-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns the kubelet's kubeconfig",
        "kubelet の kubeconfig の所有者は root である"
    ),
    explanation: paragraphs![super::kubelet_kubeconfig_file_perms::WHY, file::ABOUT_OWNER],
    remedy: file::CHOWN,
    severity: Severity::High,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_owner(case, Files::Kubeconfig)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "--kubeconfig=/k")
        .pass("/k 777 0:0")
        .fail("/k 600 1000:0")
        .fail("/k 600 0:1000")
        .fail("")
        .undetermined("/k denied")
        .undetermined("/k failed")
        .undetermined("/k pipe");
    Tester::of_files(&CHECK, "").not_applicable("");
    Tester::of_files(&CHECK, "--kubeconfig=/k --bootstrap-kubeconfig=/b").undetermined("").fail("/k 666 1:1");
    Tester::of_files(&CHECK, "--kubeconfig=/k --bootstrap-kubeconfig=").fail("");
    Tester::of_files(&CHECK, "--no-such-flag").undetermined("/k 600 0:0");
}
