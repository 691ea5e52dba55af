//! `tls-cert-and-key`

use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "tls-cert-and-key",
    kind: CheckKind::Setting,
    title: "The kubelet serves with a certificate that was issued",
    explanation: "A client that talks to the kubelet, the API server above all, can only know that it talks to the right node if the \
        kubelet has a certificate of an authority that the client trusts. `tlsCertFile` and `tlsPrivateKeyFile` \
        (`--tls-cert-file`, `--tls-private-key-file`) name one; or the kubelet has one issued by the cluster \
        (`serverTLSBootstrap`), which benchmarks forget. With neither, it makes a certificate of its own, which proves \
        nothing.\n\n\
        How the kubelet decides: both or neither of the two files are needed up to 1.35, or it ends; from 1.36 on a kubelet \
        with half a pair runs and answers nobody. `serverTLSBootstrap` needs the feature gate \
        `RotateKubeletServerCertificate`, which is on by default.",
    remedy: "set `tlsCertFile` and `tlsPrivateKeyFile`, or `serverTLSBootstrap: true` and approve the requests for certificates",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const CERTIFICATE: &str = "tlsCertFile";
const KEY: &str = "tlsPrivateKeyFile";
const BOOTSTRAP: &str = "serverTLSBootstrap";

fn judge(case: &Case) -> Verdict {
    let (certificate, key, bootstrap) = match (case.setting(CERTIFICATE), case.setting(KEY), case.setting(BOOTSTRAP)) {
        (Ok(certificate), Ok(key), Ok(bootstrap)) => (certificate, key, bootstrap),
        (Err(verdict), ..) | (_, Err(verdict), _) | (.., Err(verdict)) => return *verdict,
    };
    let is_set = |value: &str| value != "\"\"";
    let pass = |text: &str, place| Verdict::new(Status::Pass, "as-asked", text, evidence(place, "this decides"));
    match (is_set(&certificate.value), is_set(&key.value)) {
        (true, true) => pass("a certificate and its key are given", certificate.by.place),
        _ if bootstrap.value == "true" && case.gate("RotateKubeletServerCertificate") => {
            pass("the cluster issues the certificate (serverTLSBootstrap)", bootstrap.by.place)
        }
        (has_certificate, _) => {
            let (text, by) = match (has_certificate, is_set(&key.value)) {
                (true, _) => ("a certificate is given without its key", &certificate.by),
                (_, true) => ("a key is given without its certificate", &key.by),
                _ => ("the kubelet makes its own certificate, which nobody can check", &certificate.by),
            };
            let label = "set both tlsCertFile and tlsPrivateKeyFile, or serverTLSBootstrap";
            let mut verdict = Verdict::new(Status::Fail, "not-as-asked", text, evidence(by.place, label));
            verdict.remedies.push(remedy::in_words(case.platform, CHECK.remedy));
            verdict
        }
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--tls-cert-file=/c --tls-private-key-file=/k")
        .pass("--tls-cert-file=/c | tlsPrivateKeyFile: /k")
        .pass("| tlsCertFile: /c\ntlsPrivateKeyFile: /k")
        .fail("")
        .fail("|")
        .fail("--tls-cert-file=/c")
        .fail("| tlsPrivateKeyFile: /k")
        .fail("--tls-cert-file= | tlsCertFile: /c\ntlsPrivateKeyFile: /k")
        // The cluster issues it.
        .pass("--rotate-server-certificates")
        .pass("| serverTLSBootstrap: true")
        .pass("--tls-cert-file=/c --tls-private-key-file=/k --rotate-server-certificates")
        .fail("--feature-gates=RotateKubeletServerCertificate=true")
        .undetermined("| serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: false}")
        .undetermined("--no-such-flag");
}
