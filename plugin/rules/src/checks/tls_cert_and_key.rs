//! `tls-cert-and-key`

use super::prelude::*;
use super::rotate_kubelet_server_certificate::{BOOTSTRAP, BOOTSTRAP_ON, GATE};
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "tls-cert-and-key",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet serves with a certificate that was issued",
        "kubelet は認証局が発行した証明書で通信する"
    ),
    explanation: paragraphs![words!(
        "A client that talks to the kubelet, the API server above all, can only know that it talks to the right node if the \
        kubelet has a certificate of an authority that the client trusts. `tlsCertFile` and `tlsPrivateKeyFile` \
        (`--tls-cert-file`, `--tls-private-key-file`) name one; or the kubelet has one issued by the cluster \
        (`serverTLSBootstrap`), which benchmarks forget. With neither, it makes a certificate of its own, which proves \
        nothing.\n\n\
        How the kubelet decides: both or neither of the two files are needed up to 1.35, or it ends; from 1.36 on a kubelet \
        with half a pair runs and answers nobody. `serverTLSBootstrap` needs the feature gate \
        `RotateKubeletServerCertificate`, which is on by default.",
        "kubelet と通信するクライアント（特に API サーバー）は、信頼する認証局の証明書を kubelet が\
        持っている場合にだけ、相手が正しいノードであると確認できます。`tlsCertFile` と `tlsPrivateKeyFile`\
        （`--tls-cert-file`、`--tls-private-key-file`）で指定するか、クラスターに発行させます\
        （`serverTLSBootstrap`。ベンチマークはこれを考慮していません）。どちらもない場合、kubelet は自分で\
        証明書を作りますが、それは何も証明しません。\n\n\
        値の決まり方: 1.35 までは 2 つのファイルを両方とも指定するか、両方とも指定しないかのいずれかで、\
        そうでなければ終了します。1.36 以降、片方だけの kubelet は動作しますが、誰にも応答しません。\
        `serverTLSBootstrap` には、デフォルトで\
        有効なフィーチャーゲート `RotateKubeletServerCertificate` が必要です。"
    )],
    remedy: words!(
        "set `tlsCertFile` and `tlsPrivateKeyFile`, or `serverTLSBootstrap: true` and approve the requests for certificates",
        "`tlsCertFile` と `tlsPrivateKeyFile` を設定するか、`serverTLSBootstrap: true` として証明書の\
        要求を承認します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const CERTIFICATE: &str = "tlsCertFile";
const KEY: &str = "tlsPrivateKeyFile";

fn judge(case: &Case) -> Verdict {
    let (certificate, key, bootstrap) = match (case.setting(CERTIFICATE), case.setting(KEY), case.setting(BOOTSTRAP)) {
        (Ok(certificate), Ok(key), Ok(bootstrap)) => (certificate, key, bootstrap),
        (Err(verdict), ..) | (_, Err(verdict), _) | (.., Err(verdict)) => return *verdict,
    };
    let is_set = |value: &str| value != "\"\"";
    let pass = |text: Words, place| Verdict::new(Status::Pass, "as-asked", text, evidence(place, words!("this decides", "この値が有効です")));
    match (is_set(&certificate.value), is_set(&key.value)) {
        (true, true) => pass(words!("a certificate and its key are given", "証明書と鍵が指定されています"), certificate.by.place),
        _ if bootstrap.value == "true" && case.gate(GATE) => {
            pass(words!("the cluster issues the certificate (serverTLSBootstrap)", "クラスターが証明書を発行します（serverTLSBootstrap）"), bootstrap.by.place)
        }
        (has_certificate, _) => {
            let (text, by) = match (has_certificate, is_set(&key.value)) {
                (true, _) => (words!("a certificate is given without its key", "証明書だけが指定され、鍵がありません"), &certificate.by),
                (_, true) => (words!("a key is given without its certificate", "鍵だけが指定され、証明書がありません"), &key.by),
                _ => (words!("the kubelet makes its own certificate, which nobody can check", "kubelet は誰も検証できない証明書を自分で作成します"), &certificate.by),
            };
            let label = words!(
                "set both tlsCertFile and tlsPrivateKeyFile, or serverTLSBootstrap",
                "tlsCertFile と tlsPrivateKeyFile の両方、または serverTLSBootstrap を設定します"
            );
            let verdict = Verdict::new(Status::Fail, "not-as-asked", text, evidence(by.place, label));
            let remedy = remedy::in_words(case.platform, CHECK.remedy);
            let verdict = verdict.change(case, &BOOTSTRAP_ON, &bootstrap, remedy);
            match is_set(&certificate.value) || is_set(&key.value) {
                true => verdict.by_person(words!(
                    "the other half of the pair is missing, and which file that is, only a person can say",
                    "対になるもう一方のファイルがありません。どのファイルかは人が判断する必要があります"
                )),
                false if !case.gate(GATE) => verdict.by_person(words!(
                    "with the feature gate `RotateKubeletServerCertificate` off, `serverTLSBootstrap` keeps the kubelet from starting",
                    "フィーチャーゲート `RotateKubeletServerCertificate` が無効なまま `serverTLSBootstrap` を設定すると、\
                    kubelet が起動しません"
                )),
                false => verdict,
            }
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
        .fail("| featureGates: {RotateKubeletServerCertificate: false}")
        .undetermined("| serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: false}")
        .undetermined("--no-such-flag");
}
