//! `rotate-kubelet-server-certificate`

use super::prelude::*;
use crate::judging::remedy;
use crate::model::Evidence;

pub const CHECK: Check = Check {
    id: "rotate-kubelet-server-certificate",
    kind: CheckKind::Setting,
    title: "The kubelet renews the certificate that it serves with",
    explanation: "A serving certificate that the cluster issues has to be renewed in time. Two things are needed: `serverTLSBootstrap` \
        (`--rotate-server-certificates`), which makes the kubelet ask for one, and the feature gate \
        `RotateKubeletServerCertificate`, which allows it. Benchmarks look at the gate alone, which is on by default since \
        1.12 and does nothing by itself; kubevet looks at both.\n\n\
        Where certificate and key are files that somebody else lays there, that somebody has to renew them: this is for a \
        person to see to. Somebody also has to approve the kubelet's requests, since no controller of Kubernetes does.",
    remedy: "set `serverTLSBootstrap: true` (`--rotate-server-certificates=true`), leave the gate `RotateKubeletServerCertificate` \
        on, and see that requests for certificates are approved",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const GATE: &str = "RotateKubeletServerCertificate";
const BOOTSTRAP: &str = "serverTLSBootstrap";

fn judge(case: &Case) -> Verdict {
    let found = (case.setting(BOOTSTRAP), case.setting("featureGates"), case.setting("tlsCertFile"));
    let (bootstrap, gates, certificate) = match found {
        (Ok(bootstrap), Ok(gates), Ok(certificate)) => (bootstrap, gates, certificate),
        (Err(verdict), ..) | (_, Err(verdict), _) | (.., Err(verdict)) => return *verdict,
    };
    if !case.gate(GATE) {
        let by = gates.keys.iter().find(|(gate, _)| gate == GATE).map_or(&gates.by, |(_, source)| source);
        let text = format!("the feature gate {GATE} is off, so no certificate is renewed");
        return failed(case, &text, evidence(by.place, "this switches the gate off"));
    }
    if bootstrap.value == "true" {
        let place = evidence(bootstrap.by.place, "this decides");
        return Verdict::new(Status::Pass, "as-asked", "the cluster issues the certificate, and the kubelet renews it", place);
    }
    if certificate.value != "\"\"" {
        let text = "the certificate is a file that somebody else lays there: see that it is renewed";
        return Verdict::new(Status::Manual, "renewed-elsewhere", text, evidence(certificate.by.place, "the certificate"));
    }
    let label = format!("`{BOOTSTRAP}` must be `true`; the gate alone does nothing");
    failed(case, "nothing makes the kubelet renew its serving certificate", evidence(bootstrap.by.place, label))
}

fn failed(case: &Case, text: &str, primary: Evidence) -> Verdict {
    let mut verdict = Verdict::new(Status::Fail, "not-as-asked", text, primary);
    verdict.remedies.push(remedy::in_words(case.platform, CHECK.remedy));
    verdict
}

#[test]
fn cases() {
    // Gate and bootstrap together; the gate is on by default, and does nothing alone.
    Tester::new(&CHECK)
        .pass("--rotate-server-certificates")
        .pass("| serverTLSBootstrap: true")
        .pass("| serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: true}")
        .fail("")
        .fail("--feature-gates=RotateKubeletServerCertificate=true")
        .fail("--feature-gates=RotateKubeletServerCertificate=false")
        .fail("--tls-cert-file=/c --tls-private-key-file=/k --feature-gates=RotateKubeletServerCertificate=false")
        .manual("--tls-cert-file=/c --tls-private-key-file=/k")
        .undetermined("--rotate-server-certificates --feature-gates=RotateKubeletServerCertificate=false")
        .with("benchmark", "cis-1.6-k3s")
        .not_applicable("");
}
