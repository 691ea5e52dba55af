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
    explanation: about_owner!(
        "With the credentials in this file one can see all services and endpoints of the cluster. On most platforms kube-proxy \
        runs in a pod and has no such file on the node; then the check does not apply.",
        "このファイルの認証情報があれば、クラスターのすべての Service とエンドポイントを\
        見ることができます。ほとんどのプラットフォームでは kube-proxy は Pod で動作し、ノードにこの\
        ファイルはありません。その場合、このチェックは対象外です。"
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
