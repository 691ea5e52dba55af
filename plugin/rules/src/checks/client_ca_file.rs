//! `client-ca-file`


use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "client-ca-file",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet knows whose client certificates to trust",
        "クライアント証明書を検証する認証局が設定されている"
    ),
    explanation: paragraphs![words!(
        "The API server shows the kubelet a client certificate. Without a certificate authority to check it against, the \
        kubelet cannot authenticate it, and either falls back to tokens or knows nobody. `authentication.x509.clientCAFile` \
        (`--client-ca-file`) is to name the file with the authority's certificate.\n\n\
        How the kubelet decides: there is no default. A few editions ask for the one path that their platform uses. Whether \
        the file is there, and who may change it, are checks of their own.",
        "API サーバーは kubelet にクライアント証明書を提示します。検証のための認証局がなければ、\
        kubelet は API サーバーを認証できず、トークンに頼るか、誰も認証できなくなります。\
        `authentication.x509.clientCAFile`（`--client-ca-file`）には認証局の証明書ファイルを\
        指定しなければなりません。\n\n\
        値の決まり方: デフォルト値はありません。一部の版は、そのプラットフォームが使う特定のパスを\
        求めます。ファイルが存在するか、誰が変更できるかは、別のチェックで確認します。"
    )],
    remedy: words!(
        "name the cluster's certificate authority in `authentication.x509.clientCAFile`, or with `--client-ca-file`",
        "クラスターの認証局を `authentication.x509.clientCAFile` または `--client-ca-file` で指定します"
    ),
    severity: Severity::High,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "authentication.x509.clientCAFile",
    flag: "client-ca-file",
    failing: words!(
        "the kubelet has no certificate authority for the clients of its API",
        "kubelet の API のクライアントを検証する認証局がありません"
    ),
};

const WANTED: Wanted = Wanted {
    must: words!("name a file", "ファイルを指定しなければなりません"),
    value: "\"/etc/kubernetes/pki/ca.crt\"",
    fine: |value| value.as_text().is_some_and(|path| !path.is_empty()),
};

/// An edition may ask for one path.
fn judge(case: &Case) -> Verdict {
    let path = case.asked.expect;
    let (decided, value) = match SETTING.find(case) {
        Ok(found) => found,
        Err(verdict) => return *verdict,
    };
    let fine = (WANTED.fine)(&value);
    if !fine || path.is_empty() || value.as_text() == Some(path) {
        return SETTING.verdict(case, &WANTED, &decided, fine).by_person(words!(
            "which file has the cluster's certificate authority, only a person can say: where it is not there, the kubelet does not start",
            "どのファイルがクラスターの認証局かは人が判断する必要があります。ファイルがなければ kubelet は起動しません"
        ));
    }
    let text = text!(
        "the certificate authority is not the one of this platform, `{path}`",
        "認証局が、このプラットフォームの `{path}` ではありません",
        path
    );
    let label = text!("the benchmark asks for `{path}`", "ベンチマークは `{path}` を求めています", path);
    let value = Json::Text(path.into()).to_json();
    let change = Change { path: SETTING.path, flag: SETTING.flag, value: &value };
    let remedy = remedy::in_words(case.platform, CHECK.remedy);
    let place = evidence(decided.by.place, label);
    Verdict::new(Status::Fail, "other-path", text, place).change(case, &change, &decided, remedy)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--client-ca-file=/ca.crt")
        .pass("| authentication: {x509: {clientCAFile: /ca.crt}}")
        .fail("")
        .fail("|")
        .fail("--client-ca-file=")
        .fail("--client-ca-file= | authentication: {x509: {clientCAFile: /ca.crt}}")
        .undetermined("--no-such-flag")
        .with("benchmark", "rh-1.8")
        .pass("--client-ca-file=/etc/kubernetes/kubelet-ca.crt")
        .fail("--client-ca-file=/ca.crt")
        .fail("")
        .with("benchmark", "rh-0.7")
        .pass("")
        .with("strict", "true")
        .fail("");
}
