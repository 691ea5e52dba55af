//! `kubelet-kubeconfig-file-perms`

use super::prelude::*;
use crate::judging::file;

/// Why it matters who can change the file, whether by its mode or as its owner.
pub const WHY: Words = words!(
    "With the credentials in this file one is the node to the API server: one can read the secrets of its pods, and report \
    what one likes. The path is the one that the running kubelet was given (`--kubeconfig`).",
    "このファイルの認証情報があれば、API サーバーに対してそのノードになりすまし、Pod の Secret を\
    読んだり、任意の状態を報告したりできます。パスは、動作中の kubelet に指定されたもの\
    （`--kubeconfig`）です。"
);

pub const CHECK: Check = Check {
    id: "kubelet-kubeconfig-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of the kubelet's kubeconfig keeps others out",
        "kubelet の kubeconfig のパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, file::ABOUT_MODE],
    remedy: file::CHMOD_600,
    severity: Severity::High,
    always: false,
    expect: "600",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_mode(case, Files::Kubeconfig)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "--kubeconfig=/k")
        .pass("/k 600 0:0")
        .pass("/k 4400 1000:1000")
        .fail("/k 640 0:0")
        .fail("")
        .undetermined("/k denied")
        .undetermined("/k failed")
        .undetermined("/k pipe")
        .with("benchmark", "aks-1.8")
        .pass("/k 644 0:0")
        .fail("/k 664 0:0");
    Tester::of_files(&CHECK, "").not_applicable("");
    Tester::of_files(&CHECK, "--kubeconfig=/k --bootstrap-kubeconfig=/b").undetermined("").fail("/k 666 1:1");
    Tester::of_files(&CHECK, "--kubeconfig=/k --bootstrap-kubeconfig=").fail("");
    Tester::of_files(&CHECK, "--no-such-flag").undetermined("/k 600 0:0");
}
