//! `kubelet-config-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "kubelet-config-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns the kubelet's configuration files",
        "kubelet の設定ファイルの所有者は root である"
    ),
    explanation: paragraphs![super::kubelet_config_file_perms::WHY, file::ABOUT_OWNER],
    remedy: file::CHOWN,
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_owner(case, Files::Config)
}

#[test]
fn cases() {
    Tester::of_config(&CHECK)
        .pass("/etc/kubelet.yaml 777 0:0")
        .fail("/etc/kubelet.yaml 600 1000:0")
        .fail("/etc/kubelet.yaml 600 0:1000")
        .fail("")
        .undetermined("/etc/kubelet.yaml denied")
        .with("benchmark", "aks-1.8")
        .pass("/etc/kubelet.yaml 600 0:0, /etc/kubernetes/azure.json 600 0:0")
        .pass("/etc/kubelet.yaml 600 0:0")
        .fail("/etc/kubelet.yaml 600 0:0, /etc/kubernetes/azure.json 600 1:0");
    Tester::of_files(&CHECK, "").not_applicable("");
}

/// What is looked at is what was read: a path is cleaned first, whatever links stand in it.
#[test]
fn paths_are_those_that_were_read() {
    let reads_file = crate::judging::testing::behind_a_link("--config=/n/link/../k.json").looks("/n/link/../k.json 666 0:0");
    assert_eq!(reads_file.clone().looks("/n/k.json 600 1:1").status(CHECK.id), Status::Fail);
    assert_eq!(reads_file.looks("/n/k.json 666 0:0").status(CHECK.id), Status::Pass);
    let reads_drop_in = crate::judging::testing::behind_a_link("--config-dir=/n/link/../d").looks("/n/link/../d/a.conf 666 0:0");
    assert_eq!(reads_drop_in.clone().looks("/n/d/a.conf 600 1:1").status(CHECK.id), Status::Fail);
    assert_eq!(reads_drop_in.looks("/n/d/a.conf 666 0:0").status(CHECK.id), Status::Pass);
}
