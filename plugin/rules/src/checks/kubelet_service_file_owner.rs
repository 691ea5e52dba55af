//! `kubelet-service-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "kubelet-service-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns the kubelet's service files",
        "kubelet のサービスファイルの所有者は root である"
    ),
    explanation: about_owner!(
        "Whoever can change the unit of the kubelet's service, or the file that it takes flags from, decides with which flags \
        the kubelet runs, as root.",
        "kubelet のサービスのユニット、またはフラグの読み込み元のファイルを変更できる者は、\
        root で動作する kubelet のフラグを決められます。"
    ),
    remedy: words!(
        "`chown root:root` the file",
        "ファイルに対して `chown root:root` を実行します"
    ),
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
        .not_applicable("")
        .undetermined("/etc/systemd/system/kubelet.service denied")
        .undetermined("/etc/systemd/system/kubelet.service failed")
        .undetermined("/etc/systemd/system/kubelet.service pipe");
}
