//! `proxy-metrics-bind-address`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "proxy-metrics-bind-address",
    kind: CheckKind::Setting,
    title: "kube-proxy shows its metrics to the node alone",
    explanation: "kube-proxy's metrics tell how services are laid out. By default it shows them on 127.0.0.1 alone; `metricsBindAddress: \
        0.0.0.0` shows them to everybody who reaches the node. The setting is kube-proxy's, not the kubelet's, and mostly \
        stands in a ConfigMap.\n\n\
        kubevet looks at kubelets, so a person has to look: `kubectl -n kube-system get configmap kube-proxy -o yaml`, or the \
        arguments of the process.",
    remedy: "leave `metricsBindAddress` of kube-proxy empty, or set it to `127.0.0.1:10249`",
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

fn judge(_: &Case) -> Verdict {
    let text = "`metricsBindAddress` is a setting of kube-proxy, not of the kubelet: it is to be empty, or an address of 127.0.0.0/8";
    Verdict::new(Status::Manual, "kube-proxy", text, evidence(Place::Target, ""))
}

#[test]
fn cases() {
    Tester::new(&CHECK).manual("").manual("|").manual("--no-such-flag");
}
