//! `rotate-certificates`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "rotate-certificates",
    kind: CheckKind::Setting,
    title: "The kubelet renews its client certificate",
    explanation: "The kubelet identifies itself to the API server with a certificate that expires. With `rotateCertificates` \
        (`--rotate-certificates`) it asks for a new one in time; without, the node drops out of the cluster one day, or was \
        given a certificate that lasts far too long.\n\n\
        How the kubelet decides: the default is false in every version, although benchmarks accept that nothing sets it. \
        kubevet passes that with a note, and with `--strict` it does not. A kubelet whose kubeconfig gets a token from a \
        program, as on EKS and GKE, has no client certificate, and the setting means nothing there; k3s and RKE2 renew \
        certificates by themselves.",
    remedy: "set `rotateCertificates` to true in the configuration file, or pass `--rotate-certificates=true`",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "rotateCertificates",
    flag: "rotate-certificates",
    failing: "the kubelet does not renew its client certificate",
};

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &Wanted::TRUE)
}

#[test]
fn cases() {
    // The default is false; editions accept it, and `strict` does not.
    Tester::new(&CHECK)
        .pass("--rotate-certificates")
        .pass("| rotateCertificates: true")
        .undetermined("| rotateCertificates: maybe")
        .with("benchmark", "cis-1.12")
        .pass("")
        .pass("|")
        .fail("--rotate-certificates=false")
        .fail("| rotateCertificates: false")
        .with("strict", "true")
        .fail("")
        .fail("|")
        .pass("--rotate-certificates")
        .with("benchmark", "rh-1.8")
        .fail("")
        .with("benchmark", "cis-1.6-k3s")
        .not_applicable("");
}
