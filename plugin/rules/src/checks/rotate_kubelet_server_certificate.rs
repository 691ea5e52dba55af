//! `rotate-kubelet-server-certificate`

use super::prelude::*;
use crate::judging::{edit, remedy};
use crate::message::Evidence;
use crate::model::Decided;

pub const CHECK: Check = Check {
    id: "rotate-kubelet-server-certificate",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet renews the certificate that it serves with",
        "kubelet はサーバー証明書を更新する"
    ),
    explanation: paragraphs![words!(
        "A serving certificate that the cluster issues has to be renewed in time. Two things are needed: `serverTLSBootstrap` \
        (`--rotate-server-certificates`), which makes the kubelet ask for one, and the feature gate \
        `RotateKubeletServerCertificate`, which allows it. Benchmarks look at the gate alone, which is on by default since \
        1.12 and does nothing by itself; kubevet looks at both.\n\n\
        Where certificate and key are files that somebody else lays there, that somebody has to renew them: this is for a \
        person to see to. Somebody also has to approve the kubelet's requests, since no controller of Kubernetes does.",
        "クラスターが発行するサーバー証明書は、期限内に更新しなければなりません。\
        必要なものは 2 つあります。証明書を要求させる `serverTLSBootstrap`\
        （`--rotate-server-certificates`）と、\
        それを許可するフィーチャーゲート `RotateKubeletServerCertificate` です。ベンチマークはゲートだけを\
        見ますが、ゲートは 1.12 からデフォルトで有効で、それだけでは何もしません。kubevet は両方を\
        確認します。\n\n\
        証明書と鍵が誰かの配置したファイルである場合は、その誰かが更新しなければならず、\
        これは人が確認します。また、Kubernetes のどのコントローラーも kubelet の要求を承認しないため、\
        誰かが承認する必要があります。"
    )],
    remedy: words!(
        "set `serverTLSBootstrap: true` (`--rotate-server-certificates=true`), leave the gate `RotateKubeletServerCertificate` \
        on, and see that requests for certificates are approved",
        "`serverTLSBootstrap: true`（`--rotate-server-certificates=true`）を設定し、\
        ゲート `RotateKubeletServerCertificate` を有効のままにして、証明書の要求が承認されることを\
        確認します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

pub const GATE: &str = "RotateKubeletServerCertificate";
pub const BOOTSTRAP: &str = "serverTLSBootstrap";

pub const BOOTSTRAP_ON: Change = Change { path: BOOTSTRAP, flag: "rotate-server-certificates", value: "true" };
const GATE_ON: Change =
    Change { path: "featureGates.RotateKubeletServerCertificate", flag: "feature-gates", value: "true" };

fn judge(case: &Case) -> Verdict {
    let found = (case.setting(BOOTSTRAP), case.setting("featureGates"), case.setting("tlsCertFile"));
    let (bootstrap, gates, certificate) = match found {
        (Ok(bootstrap), Ok(gates), Ok(certificate)) => (bootstrap, gates, certificate),
        (Err(verdict), ..) | (_, Err(verdict), _) | (.., Err(verdict)) => return *verdict,
    };
    if !case.gate(GATE) {
        let by = gates.keys.iter().find(|(gate, _)| gate == GATE).map_or(&gates.by, |(_, source)| source);
        let text = text!(
            "the feature gate {gate} is off, so no certificate is renewed",
            "フィーチャーゲート {gate} が無効なため、証明書は更新されません",
            gate = GATE
        );
        let label = words!("this switches the gate off", "ここでゲートが無効にされています");
        let by = Decided { by: by.clone(), ..gates.clone() };
        let mut verdict = failed(case, &GATE_ON, &by, text, evidence(by.by.place, label));
        // The gate alone does nothing: both are needed.
        let also = edit::with_edit(case, &BOOTSTRAP_ON, &bootstrap, remedy::plain(Text::NONE));
        if let Some(remedy) = verdict.remedies.first_mut() {
            edit::join(remedy, also);
        }
        return verdict;
    }
    if bootstrap.value == "true" {
        let place = evidence(bootstrap.by.place, words!("this decides", "この値が有効です"));
        let text = words!(
            "the cluster issues the certificate, and the kubelet renews it",
            "クラスターが証明書を発行し、kubelet が更新します"
        );
        return Verdict::new(Status::Pass, "as-asked", text, place);
    }
    if certificate.value != "\"\"" {
        let text = words!(
            "the certificate is a file that somebody else lays there: see that it is renewed",
            "証明書は別の手段で配置されたファイルです。更新されることを確認してください"
        );
        return Verdict::new(Status::Manual, "renewed-elsewhere", text, evidence(certificate.by.place, words!("the certificate", "証明書")));
    }
    let label = text!(
        "`{setting}` must be `true`; the gate alone does nothing",
        "`{setting}` は `true` でなければなりません。ゲートだけでは何も起こりません",
        setting = BOOTSTRAP
    );
    let text = words!(
        "nothing makes the kubelet renew its serving certificate",
        "kubelet にサーバー証明書を更新させる設定がありません"
    );
    failed(case, &BOOTSTRAP_ON, &bootstrap, text.into(), evidence(bootstrap.by.place, label))
}

fn failed(case: &Case, change: &Change, decided: &Decided, text: Text, primary: Evidence) -> Verdict {
    let verdict = Verdict::new(Status::Fail, "not-as-asked", text, primary);
    verdict.change(case, change, decided, remedy::in_words(case.platform, CHECK.remedy))
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
