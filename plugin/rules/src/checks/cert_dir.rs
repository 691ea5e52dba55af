//! `cert-dir`

use alloc::borrow::ToOwned;

use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "cert-dir",
    kind: CheckKind::Setting,
    title: words!(
        "Certificates are where the platform keeps them",
        "証明書はプラットフォームの所定の場所にある"
    ),
    explanation: paragraphs![words!(
        "The kubelet writes the certificates that it was issued, and their keys, to this directory. One edition, for OpenShift \
        3, asks for the platform's own directory, whose permissions are guarded.\n\n\
        How the kubelet decides: `--cert-dir` is a flag alone; the default is `/var/lib/kubelet/pki`. Any directory that only \
        root can read is as good.",
        "kubelet は、発行された証明書とその鍵をこのディレクトリに書き込みます。\
        OpenShift 3 向けのある版は、パーミッションが保護されたプラットフォーム独自のディレクトリを\
        求めます。\n\n\
        値の決まり方: `--cert-dir` はフラグだけの設定で、デフォルト値は `/var/lib/kubelet/pki` です。\
        root だけが読めるディレクトリであれば、どこでも同等です。"
    )],
    remedy: words!(
        "pass the directory of the platform with `--cert-dir`",
        "`--cert-dir` でプラットフォームのディレクトリを指定します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "/etc/origin/node/certificates",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "cert-dir",
    failing: Words::NONE,
};

fn judge(case: &Case) -> Verdict {
    let (decided, value) = match SETTING.find(case) {
        Ok(found) => found,
        Err(verdict) => return *verdict,
    };
    let (path, wanted) = (value.as_text().unwrap_or_default(), case.asked.expect);
    let path = path.trim_end_matches('/');
    match path == wanted {
        true => Verdict::new(Status::Pass, "as-asked", path.to_owned(), evidence(decided.by.place, words!("this decides", "この値が有効です"))),
        false => {
            let text = text!(
                "certificates are kept in `{path}`, not in `{wanted}`",
                "証明書が `{wanted}` ではなく `{path}` に置かれています",
                path = crate::kubelet::clipped(path),
                wanted
            );
            let label = text!("must be `{wanted}`", "`{wanted}` でなければなりません", wanted);
            let value = Json::Text(wanted.into()).to_json();
            let change = Change { path: SETTING.path, flag: SETTING.flag, value: &value };
            let what = text!("pass `--cert-dir={wanted}`", "`--cert-dir={wanted}` を指定します", wanted);
            let remedy = remedy::in_words(case.platform, what);
            let place = evidence(decided.by.place, label);
            Verdict::new(Status::Fail, "not-as-asked", text, place).change(case, &change, &decided, remedy)
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
