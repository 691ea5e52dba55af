//! `client-ca-file-perms`

use super::prelude::*;
use crate::judging::file;

/// Why it matters who can change the file, whether by its mode or as its owner.
pub const WHY: Words = words!(
    "Whoever can change this file decides whose certificates the kubelet's API trusts. The path is the effective \
    `authentication.x509.clientCAFile`. Its content is public, so that reading it does no harm.",
    "このファイルを変更できる者は、kubelet の API が誰の証明書を信頼するかを決められます。\
    パスは `authentication.x509.clientCAFile` の有効な値です。内容は公開情報なので、\
    読まれても害はありません。"
);

pub const CHECK: Check = Check {
    id: "client-ca-file-perms",
    kind: CheckKind::File,
    title: words!(
        "The mode of the client CA file keeps others out",
        "クライアント認証局のファイルのパーミッションが他者のアクセスを防いでいる"
    ),
    explanation: paragraphs![WHY, file::ABOUT_MODE],
    remedy: words!(
        "`chmod 644` the file",
        "ファイルに対して `chmod 644` を実行します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "644",
    judge,
};

fn judge(case: &Case) -> Verdict {
    file::judge_mode(case, Files::ClientCa)
}

#[test]
fn cases() {
    Tester::of_files(&CHECK, "--client-ca-file=/ca")
        .pass("/ca 644 0:0")
        .pass("/ca 4400 1000:1000")
        .fail("/ca 664 0:0")
        .fail("")
        .undetermined("/ca denied")
        .undetermined("/ca failed")
        .undetermined("/ca pipe")
        .with("benchmark", "cis-1.10")
        .pass("/ca 600 0:0")
        .fail("/ca 644 0:0");
    Tester::of_files(&CHECK, "").not_applicable("");
    Tester::of_files(&CHECK, "--no-such-flag").undetermined("/ca 600 0:0");
}
