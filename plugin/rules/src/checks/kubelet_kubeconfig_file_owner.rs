//! `kubelet-kubeconfig-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "kubelet-kubeconfig-file-owner",
    kind: CheckKind::File,
    title: "Root owns the kubelet's kubeconfig",
    explanation: about_owner!(
        "With the credentials in this file one is the node to the API server: one can read the secrets of its pods, and report \
        what one likes. The path is the one that the running kubelet was given (`--kubeconfig`)."
    ),
    remedy: "`chown root:root` the file",
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
    Tester::of_files(&CHECK, "--no-such-flag").undetermined("/k 600 0:0");
}
