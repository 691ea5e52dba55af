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
    explanation: about_owner!(
        "With the credentials in this file one is the node to the API server: one can read the secrets of its pods, and report \
        what one likes. The path is the one that the running kubelet was given (`--kubeconfig`).",
        "このファイルの認証情報があれば、API サーバーに対してそのノードになりすまし、Pod の Secret を\
        読んだり、任意の状態を報告したりできます。パスは、動作中の kubelet に指定されたもの\
        （`--kubeconfig`）です。"
    ),
    remedy: words!(
        "`chown root:root` the file",
        "ファイルに対して `chown root:root` を実行します"
    ),
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
