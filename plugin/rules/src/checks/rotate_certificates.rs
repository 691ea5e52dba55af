//! `rotate-certificates`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "rotate-certificates",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet renews its client certificate",
        "kubelet はクライアント証明書を更新する"
    ),
    explanation: paragraphs![words!(
        "The kubelet identifies itself to the API server with a certificate that expires. With `rotateCertificates` \
        (`--rotate-certificates`) it asks for a new one in time; without, the node drops out of the cluster one day, or was \
        given a certificate that lasts far too long.\n\n\
        How the kubelet decides: the default is false in every version, although benchmarks accept that nothing sets it. \
        kubevet passes that with a note, and with `--strict` it does not. A kubelet whose kubeconfig gets a token from a \
        program, as on EKS and GKE, has no client certificate, and the setting means nothing there; k3s and RKE2 renew \
        certificates by themselves.",
        "kubelet は、有効期限のある証明書で API サーバーに対して自身を証明します。\
        `rotateCertificates`（`--rotate-certificates`）を有効にすると、期限前に新しい証明書を要求します。\
        有効でない場合、ノードはいつかクラスターから外れるか、長すぎる有効期間の証明書を\
        使い続けることになります。\n\n\
        値の決まり方: ベンチマークは未設定を許容しますが、デフォルト値はどのバージョンでも false です。\
        kubevet は注記を付けて合格とし、`--strict` では不合格とします。EKS や GKE のように kubeconfig が\
        プログラムからトークンを得る kubelet にはクライアント証明書がなく、この設定に意味はありません。\
        k3s と RKE2 は自分で証明書を更新します。"
    )],
    remedy: words!(
        "set `rotateCertificates` to true in the configuration file, or pass `--rotate-certificates=true`",
        "設定ファイルで `rotateCertificates` を true にするか、`--rotate-certificates=true` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "rotateCertificates",
    flag: "rotate-certificates",
    failing: words!(
        "the kubelet does not renew its client certificate",
        "kubelet がクライアント証明書を更新しません"
    ),
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
        .with("require-explicit", "true")
        .fail("")
        .fail("|")
        .pass("--rotate-certificates")
        .with("require-explicit", "false")
        .with("strict", "true")
        .fail("")
        .fail("|")
        .pass("--rotate-certificates")
        .with("benchmark", "rh-1.8")
        .fail("")
        .with("benchmark", "cis-1.6-k3s")
        .not_applicable("");
}
