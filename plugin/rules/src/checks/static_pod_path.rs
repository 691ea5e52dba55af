//! `static-pod-path`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "static-pod-path",
    kind: CheckKind::Setting,
    title: "No directory starts pods past the API server",
    explanation: "The kubelet starts a pod for each manifest in this directory. No admission controller sees such a pod first. On a \
        worker that needs none, the directory is one more way to run something with all privileges. `staticPodPath` \
        (`--pod-manifest-path`) is to be empty there; a control plane node needs it.\n\n\
        How the kubelet decides: there is no default. kubeadm, AKS and GKE set it on every node.",
    remedy: "remove `staticPodPath` from the configuration file and `--pod-manifest-path` from the arguments, on a node that runs \
        no static pods",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "staticPodPath",
    flag: "pod-manifest-path",
    failing: "whoever can write to the directory of static pods starts pods that nobody admits",
};

const WANTED: Wanted = Wanted { must: "be empty", value: "\"\"", fine: |value| value.as_text() == Some("") };

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &WANTED)
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
