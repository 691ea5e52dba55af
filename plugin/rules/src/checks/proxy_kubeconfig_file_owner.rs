//! `proxy-kubeconfig-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "proxy-kubeconfig-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns kube-proxy's kubeconfig",
        "kube-proxy の kubeconfig の所有者は root である"
    ),
    explanation: paragraphs![super::proxy_kubeconfig_file_perms::WHY, file::ABOUT_OWNER],
    remedy: file::CHOWN,
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_owner(case, Files::ProxyKubeconfig)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "")
        .pass("/var/lib/kube-proxy/kubeconfig 777 0:0")
        .fail("/var/lib/kube-proxy/kubeconfig 600 1000:0")
        .fail("/var/lib/kube-proxy/kubeconfig 600 0:1000")
        .not_applicable("")
        .undetermined("/var/lib/kube-proxy/kubeconfig denied")
        .undetermined("/var/lib/kube-proxy/kubeconfig failed")
        .undetermined("/var/lib/kube-proxy/kubeconfig pipe");
}
