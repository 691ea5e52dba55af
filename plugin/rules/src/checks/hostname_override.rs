//! `hostname-override`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "hostname-override",
    kind: CheckKind::Setting,
    title: words!(
        "The node goes by its own hostname",
        "ノードは自身のホスト名を使う"
    ),
    explanation: paragraphs![words!(
        "The certificate that the kubelet shows is for the node's name. A name that is set by hand may not be the one that the \
        cluster's certificates were made for, or may be that of another node. Benchmarks ask that `--hostname-override` is \
        absent.\n\n\
        How the kubelet decides: this is a flag alone; no file can set it. Many platforms set it for good reasons (k3s, RKE2, \
        Talos, kOps, minikube, OpenShift, and clouds whose node names are not the hostnames), so that it is for a person to \
        decide whether it is needed here.",
        "kubelet が提示する証明書はノードの名前に対するものです。手動で設定した名前は、クラスターの\
        証明書が作られた名前と異なったり、別のノードの名前であったりする可能性があります。\
        ベンチマークは `--hostname-override` がないことを求めます。\n\n\
        値の決まり方: これはフラグだけの設定で、ファイルでは設定できません。多くのプラットフォームが\
        正当な理由で設定しているため（k3s、RKE2、Talos、kOps、minikube、OpenShift、ノード名とホスト名が\
        異なるクラウド）、ここで必要かどうかは人が判断します。"
    )],
    remedy: words!(
        "remove `--hostname-override` from the arguments, unless the platform needs it",
        "プラットフォームに必要でなければ、引数から `--hostname-override` を削除します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "hostname-override",
    failing: Words::NONE,
};

/// Whether the name is needed, only a person knows.
fn judge(case: &Case) -> Verdict {
    let (decided, value) = match SETTING.find(case) {
        Ok(found) => found,
        Err(verdict) => return *verdict,
    };
    match value.as_text() {
        None | Some("") => Verdict::new(Status::Pass, "as-asked", words!("no name is given", "名前は指定されていません"), evidence(Place::Target, Text::NONE)),
        Some(name) => {
            let text = text!(
                "the node goes by the name `{name}`, which it was given",
                "ノードには `{name}` という名前が指定されています",
                name = crate::kubelet::clipped(name)
            );
            Verdict::new(Status::Manual, "named", text, evidence(decided.by.place, words!("remove it, unless this platform needs it", "このプラットフォームに必要でなければ削除します")))
        }
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("--hostname-override=")
        .manual("--hostname-override=node-1")
        .manual("--hostname_override node-1")
        .undetermined("--no-such-flag");
}
