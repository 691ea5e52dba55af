//! `kubelet-config-file-perms`

use super::prelude::*;
use crate::judging::file;

/// Why it matters who can change the file, whether by its mode or as its owner.
pub const WHY: Words = words!(
    "Whoever can change the configuration file, or a drop-in, decides what the kubelet allows. The paths are those that the \
    running kubelet reads: `--config`, and every drop-in of `--config-dir`. On AKS, the cloud provider's file azure.json \
    is looked at as well: that is what the AKS editions mean.",
    "設定ファイルやドロップインを変更できる者は、kubelet が何を許可するかを決められます。パスは、\
    動作中の kubelet が読み込むもの、つまり `--config` と `--config-dir` のすべてのドロップインです。\
    AKS では、クラウドプロバイダーのファイル azure.json も確認します。AKS の版が意図しているのはこの\
    ファイルです。"
);

pub const CHECK: Check = Check {
    id: "kubelet-config-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of the kubelet's configuration files keeps others out",
        "kubelet の設定ファイルのパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, file::ABOUT_MODE],
    remedy: file::CHMOD_600,
    severity: Severity::Medium,
    always: false,
    expect: "600",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_mode(case, Files::Config)
}

#[test]
fn cases() {
    Tester::of_config(&CHECK)
        .pass("/etc/kubelet.yaml 600 0:0")
        .pass("/etc/kubelet.yaml 400 1000:1000")
        .fail("/etc/kubelet.yaml 640 0:0")
        .fail("")
        .undetermined("/etc/kubelet.yaml denied")
        .with("benchmark", "aks-1.8")
        .pass("/etc/kubelet.yaml 644 0:0, /etc/kubernetes/azure.json 644 0:0")
        .pass("/etc/kubelet.yaml 600 0:0")
        .fail("/etc/kubelet.yaml 600 0:0, /etc/kubernetes/azure.json 664 0:0");
    Tester::of_files(&CHECK, "").not_applicable("");
}

/// What is looked at is what was read: a path is cleaned first, whatever links stand in it.
#[test]
fn paths_are_those_that_were_read() {
    let reads_file = crate::judging::testing::behind_a_link("--config=/n/link/../k.json").looks("/n/link/../k.json 600 1:1");
    assert_eq!(reads_file.clone().looks("/n/k.json 666 0:0").status(CHECK.id), Status::Fail);
    assert_eq!(reads_file.looks("/n/k.json 600 1:1").status(CHECK.id), Status::Pass);
    let reads_drop_in = crate::judging::testing::behind_a_link("--config-dir=/n/link/../d").looks("/n/link/../d/a.conf 600 1:1");
    assert_eq!(reads_drop_in.clone().looks("/n/d/a.conf 666 0:0").status(CHECK.id), Status::Fail);
    assert_eq!(reads_drop_in.looks("/n/d/a.conf 600 1:1").status(CHECK.id), Status::Pass);
}

#[test]
fn the_command_is_safe_to_run() {
    let path = "/tmp/$(id)'/k.json";
    let node = crate::support::Node::default().argument(&["--config=", path].concat()).running();
    let finding = node.kubelet_file(path, "").looks("/tmp/$(id)'/k.json 666 0:0").finding(CHECK.id);
    let remedy = &finding.remedies[0].text.text;
    assert!(remedy.contains(r"chmod 600 '/tmp/$(id)'\''/k.json'"), "{remedy}");
}
