//! `proxy-kubeconfig-file-perms`

use super::prelude::*;
use crate::judging::file;

/// Why it matters who can change the file, whether by its mode or as its owner.
pub const WHY: Words = words!(
    "With the credentials in this file one can see all services and endpoints of the cluster. On most platforms kube-proxy \
    runs in a pod and has no such file on the node; then the check does not apply.",
    "このファイルの認証情報があれば、クラスターのすべての Service とエンドポイントを\
    見ることができます。ほとんどのプラットフォームでは kube-proxy は Pod で動作し、ノードにこの\
    ファイルはありません。その場合、このチェックは対象外です。"
);

pub const CHECK: Check = Check {
    id: "proxy-kubeconfig-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of kube-proxy's kubeconfig keeps others out",
        "kube-proxy の kubeconfig のパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, file::ABOUT_MODE],
    remedy: file::CHMOD_600,
    severity: Severity::Medium,
    always: false,
    expect: "600",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_mode(case, Files::ProxyKubeconfig)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "")
        .pass("/var/lib/kube-proxy/kubeconfig 600 0:0")
        .pass("/var/lib/kube-proxy/kubeconfig 4400 1000:1000")
        .fail("/var/lib/kube-proxy/kubeconfig 640 0:0")
        .not_applicable("")
        .undetermined("/var/lib/kube-proxy/kubeconfig denied")
        .undetermined("/var/lib/kube-proxy/kubeconfig failed")
        .undetermined("/var/lib/kube-proxy/kubeconfig pipe");
}
