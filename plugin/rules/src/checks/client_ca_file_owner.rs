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
    explanation: paragraphs![super::client_ca_file_perms::WHY, file::ABOUT_OWNER],
    remedy: file::CHOWN,
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
