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

/// Which files these are.
pub const WHICH: Words = words!(
    "These are the unit, its drop-ins (`kubelet.service.d/*.conf` below /etc and /usr/lib), /etc/default/kubelet, \
    /etc/sysconfig/kubelet, /var/lib/kubelet/kubeadm-flags.env, and what the platform has besides. Anybody may read a file of flags \
    that the benchmarks do not name: kubeadm and packages write it with 0644. Other files of an `EnvironmentFile=` are not looked at.",
    "対象はユニット、そのドロップイン（/etc と /usr/lib の `kubelet.service.d/*.conf`）、/etc/default/kubelet、/etc/sysconfig/kubelet、\
    /var/lib/kubelet/kubeadm-flags.env、およびプラットフォーム独自のものです。ベンチマークが挙げていないフラグのファイルは誰でも\
    読み取れて構いません（kubeadm やパッケージは 0644 で作成します）。`EnvironmentFile=` のその他のファイルは調べません。"
);

pub const CHECK: Check = Check {
    id: "kubelet-service-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of the kubelet's service files keeps others out",
        "kubelet のサービスファイルのパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, WHICH, file::ABOUT_MODE],
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
        .fail("/etc/systemd/system/kubelet.service 600 0:0, /etc/systemd/system/kubelet.service.d/99-mine.conf 644 0:0")
        .fail("/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf 666 0:0")
        .pass("/etc/systemd/system/kubelet.service 600 0:0, /etc/systemd/system/kubelet.service.d/notes.txt 644 0:0")
        // Anybody may read these, and nobody else write to them.
        .pass("/etc/default/kubelet 644 0:0, /var/lib/kubelet/kubeadm-flags.env 644 0:0")
        .fail("/etc/systemd/system/kubelet.service 600 0:0, /etc/sysconfig/kubelet 664 0:0")
        .undetermined("/etc/systemd/system/kubelet.service 600 0:0, /etc/systemd/system/kubelet.service.d denied")
        .not_applicable("")
        .undetermined("/etc/systemd/system/kubelet.service denied")
        .undetermined("/etc/systemd/system/kubelet.service failed")
        .undetermined("/etc/systemd/system/kubelet.service pipe");
}
