//! `cert-dir`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "cert-dir",
    kind: CheckKind::Setting,
    title: "Certificates are where the platform keeps them",
    explanation: "The kubelet writes the certificates that it was issued, and their keys, to this directory. One edition, for OpenShift \
        3, asks for the platform's own directory, whose permissions are guarded.\n\n\
        How the kubelet decides: `--cert-dir` is a flag alone; the default is `/var/lib/kubelet/pki`. Any directory that only \
        root can read is as good.",
    remedy: "pass the directory of the platform with `--cert-dir`",
    severity: Severity::Low,
    always: false,
    expect: "/etc/origin/node/certificates",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "cert-dir",
    failing: "",
};

fn judge(case: &Case) -> Verdict {
    let (decided, value) = match SETTING.find(case) {
        Ok(found) => found,
        Err(verdict) => return *verdict,
    };
    let (path, wanted) = (value.as_text().unwrap_or_default(), case.asked.expect);
    let path = path.trim_end_matches('/');
    match path == wanted {
        true => Verdict::new(Status::Pass, "as-asked", path, evidence(decided.by.place, "this decides")),
        false => {
            let text = format!("certificates are kept in `{}`, not in `{wanted}`", crate::kubelet::clipped(path));
            Verdict::new(Status::Fail, "not-as-asked", text, evidence(decided.by.place, format!("must be `{wanted}`")))
        }
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("--cert-dir=/etc/origin/node/certificates")
        .pass("--cert-dir=/etc/origin/node/certificates/")
        .fail("--cert-dir=/etc/origin/node")
        .fail("")
        .undetermined("--no-such-flag");
}
