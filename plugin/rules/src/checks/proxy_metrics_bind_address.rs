//! `proxy-metrics-bind-address`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "proxy-metrics-bind-address",
    kind: CheckKind::Setting,
    title: words!(
        "kube-proxy shows its metrics to the node alone",
        "kube-proxy はメトリクスをノードにだけ公開する"
    ),
    explanation: paragraphs![words!(
        "kube-proxy's metrics tell how services are laid out. By default it shows them on 127.0.0.1 alone; `metricsBindAddress: \
        0.0.0.0` shows them to everybody who reaches the node. The setting is kube-proxy's, not the kubelet's, and mostly \
        stands in a ConfigMap.\n\n\
        kubevet looks at kubelets, so a person has to look: `kubectl -n kube-system get configmap kube-proxy -o yaml`, or the \
        arguments of the process.",
        "kube-proxy のメトリクスからは Service の構成が分かります。デフォルトでは 127.0.0.1 にだけ\
        公開されますが、`metricsBindAddress: 0.0.0.0` ではノードに到達できる誰にでも公開されます。\
        これは kubelet ではなく kube-proxy の設定で、多くの場合 ConfigMap にあります。\n\n\
        kubevet が調べるのは kubelet なので、これは人が\
        確認します: `kubectl -n kube-system get configmap kube-proxy -o yaml`、またはプロセスの引数。"
    )],
    remedy: words!(
        "leave `metricsBindAddress` of kube-proxy empty, or set it to `127.0.0.1:10249`",
        "kube-proxy の `metricsBindAddress` を空のままにするか、`127.0.0.1:10249` にします"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(_: &Case) -> Verdict {
    let text = words!(
        "`metricsBindAddress` is a setting of kube-proxy, not of the kubelet: it is to be empty, or an address of 127.0.0.0/8",
        "`metricsBindAddress` は kubelet ではなく kube-proxy の設定です。空か 127.0.0.0/8 のアドレスでなければなりません"
    );
    Verdict::new(Status::Manual, "kube-proxy", text, evidence(Place::Target, Text::NONE))
}

#[test]
fn cases() {
    Tester::new(&CHECK).manual("").manual("|").manual("--no-such-flag");
}
