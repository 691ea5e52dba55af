//! `static-pod-path`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "static-pod-path",
    kind: CheckKind::Setting,
    title: words!(
        "No directory starts pods past the API server",
        "API サーバーを経由せずに Pod を起動するディレクトリがない"
    ),
    explanation: paragraphs![words!(
        "The kubelet starts a pod for each manifest in this directory. No admission controller sees such a pod first. On a \
        worker that needs none, the directory is one more way to run something with all privileges. `staticPodPath` \
        (`--pod-manifest-path`) is to be empty there; a control plane node needs it.\n\n\
        How the kubelet decides: there is no default. kubeadm, AKS and GKE set it on every node.",
        "kubelet は、このディレクトリのマニフェストごとに Pod を起動します。そのような Pod は、\
        どのアドミッションコントローラーにも事前に検査されません。不要なワーカーノードでは、\
        このディレクトリはすべての権限で何かを実行する手段を 1 つ増やすだけです。\
        そこでは `staticPodPath`（`--pod-manifest-path`）は空でなければなりません。コントロールプレーンの\
        ノードには必要です。\n\n\
        値の決まり方: デフォルト値はありません。kubeadm、AKS、GKE はすべてのノードで設定します。"
    )],
    remedy: words!(
        "remove `staticPodPath` from the configuration file and `--pod-manifest-path` from the arguments, on a node that runs \
        no static pods",
        "static Pod を実行しないノードでは、設定ファイルから `staticPodPath` を、\
        引数から `--pod-manifest-path` を削除します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "staticPodPath",
    flag: "pod-manifest-path",
    failing: words!(
        "whoever can write to the directory of static pods starts pods that nobody admits",
        "static Pod のディレクトリに書き込める者は、アドミッションを経ない Pod を起動できます"
    ),
};

const WANTED: Wanted = Wanted { must: words!("be empty", "空でなければなりません"), value: "\"\"", fine: |value| value.as_text() == Some("") };

fn judge(case: &Case) -> Verdict {
    let verdict = SETTING.judge(case, &WANTED);
    verdict.by_person(words!(
        "whether this node runs static pods, only a person can say: without them, a control plane is gone",
        "このノードが static Pod を必要とするかどうかは人が判断する必要があります。コントロールプレーンはこれがないと停止します"
    ))
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("|")
        .pass("--pod-manifest-path= | staticPodPath: /manifests")
        .fail("--pod-manifest-path=/manifests")
        .fail("| staticPodPath: /manifests")
        .undetermined("--no-such-flag");
}
