//! `kubelet-service-file-perms`

use super::prelude::*;
use crate::judging::file;

/// Why it matters who can change the file, whether by its mode or as its owner.
pub const WHY: Words = words!(
    "Whoever can change the unit of the kubelet's service, or the file that it takes flags from, decides with which flags \
    the kubelet runs, as root.",
    "kubelet のサービスのユニット、またはフラグの読み込み元のファイルを変更できる者は、\
    root で動作する kubelet のフラグを決められます。"
);

pub const CHECK: Check = Check {
    id: "kubelet-service-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of the kubelet's service files keeps others out",
        "kubelet のサービスファイルのパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, file::ABOUT_MODE],
    remedy: file::CHMOD_600,
    severity: Severity::Medium,
    always: false,
    expect: "600",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_mode(case, Files::Service)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "")
        .pass("/etc/systemd/system/kubelet.service 600 0:0")
        .pass("/etc/systemd/system/kubelet.service 4400 1000:1000")
        .fail("/etc/systemd/system/kubelet.service 640 0:0")
        .not_applicable("")
        .undetermined("/etc/systemd/system/kubelet.service denied")
        .undetermined("/etc/systemd/system/kubelet.service failed")
        .undetermined("/etc/systemd/system/kubelet.service pipe");
}
