//! `kubelet-service-file-owner`

use super::kubelet_service_file_perms as perms;
use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "kubelet-service-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns the kubelet's service files",
        "kubelet のサービスファイルの所有者は root である"
    ),
    explanation: paragraphs![perms::WHY, perms::WHICH, file::ABOUT_OWNER],
    remedy: file::CHOWN,
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_owner(case, Files::Service)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "")
        .pass("/etc/systemd/system/kubelet.service 777 0:0")
        .fail("/etc/systemd/system/kubelet.service 600 1000:0")
        .fail("/etc/systemd/system/kubelet.service 600 0:1000")
        .fail("/etc/systemd/system/kubelet.service 600 0:0, /var/lib/kubelet/kubeadm-flags.env 644 1000:0")
        .not_applicable("")
        .undetermined("/etc/systemd/system/kubelet.service denied")
        .undetermined("/etc/systemd/system/kubelet.service failed")
        .undetermined("/etc/systemd/system/kubelet.service pipe");
}
