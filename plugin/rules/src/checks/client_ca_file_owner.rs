//! `client-ca-file-owner`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "client-ca-file-owner",
    kind: CheckKind::File,
    title: "Root owns the client CA file",
    explanation: about_owner!(
        "Whoever can change this file decides whose certificates the kubelet's API trusts. The path is the effective \
        `authentication.x509.clientCAFile`. Its content is public, so that reading it does no harm."
    ),
    remedy: "`chown root:root` the file",
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
