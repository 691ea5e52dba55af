//! `client-ca-file-perms`

use super::prelude::*;
use crate::judging::file;

pub const CHECK: Check = Check {
    id: "client-ca-file-perms",
    kind: CheckKind::File,
    title: "The mode of the client CA file keeps others out",
    explanation: "Whoever can change this file decides whose certificates the kubelet's API trusts. The path is the effective \
        `authentication.x509.clientCAFile`. Its content is public, so that reading it does no harm.\n\n\
        Its permissions are to be no wider than the edition allows: 0600, or 0644 in older editions and those of managed \
        services. The mode is taken as the bits that it is: 0640 is within 0644, and not within 0600.",
    remedy: "`chmod 644` the file",
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
