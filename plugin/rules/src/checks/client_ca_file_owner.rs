//! `client-ca-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "client-ca-file-owner",
    kind: CheckKind::File,
    title: words!(
        "Root owns the client CA file",
        "クライアント認証局のファイルの所有者は root である"
    ),
    explanation: about_owner!(
        "Whoever can change this file decides whose certificates the kubelet's API trusts. The path is the effective \
        `authentication.x509.clientCAFile`. Its content is public, so that reading it does no harm.",
        "このファイルを変更できる者は、kubelet の API が誰の証明書を信頼するかを決められます。\
        パスは `authentication.x509.clientCAFile` の有効な値です。内容は公開情報なので、\
        読まれても害はありません。"
    ),
    remedy: words!(
        "`chown root:root` the file",
        "ファイルに対して `chown root:root` を実行します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_owner(case, Files::ClientCa)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "--client-ca-file=/ca")
        .pass("/ca 777 0:0")
        .fail("/ca 600 1000:0")
        .fail("/ca 600 0:1000")
        .fail("")
        .undetermined("/ca denied")
        .undetermined("/ca failed")
        .undetermined("/ca pipe");
    Tester::of_files(&CHECK, "").not_applicable("");
    Tester::of_files(&CHECK, "--no-such-flag").undetermined("/ca 600 0:0");
}
