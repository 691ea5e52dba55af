//! `keep-terminated-pod-volumes`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "keep-terminated-pod-volumes",
    kind: CheckKind::Setting,
    title: words!(
        "Volumes are unmounted when their pod ends",
        "ボリュームは Pod の終了時にアンマウントされる"
    ),
    explanation: paragraphs![words!(
        "With this, volumes stayed mounted on the node after their pod had ended, for debugging, and their data with them. The \
        flag was deprecated for years, and is gone since 1.31. Where it exists it is to be false, which is the default.",
        "これを指定すると、Pod の終了後も、デバッグのためにボリュームとそのデータがノードに\
        マウントされたまま残りました。このフラグは長年非推奨で、1.31 で廃止されました。存在する場合は、\
        デフォルト値である false でなければなりません。"
    )],
    remedy: words!(
        "remove `--keep-terminated-pod-volumes` from the arguments",
        "引数から `--keep-terminated-pod-volumes` を削除します"
    ),
    severity: Severity::Low,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "",
    flag: "keep-terminated-pod-volumes",
    failing: words!(
        "volumes of pods that have ended stay mounted",
        "終了した Pod のボリュームがマウントされたままになります"
    ),
};

fn judge(case: &Case) -> Verdict {
    let gone = case.kubelet.version.minor() >= 31;
    if gone && case.kubelet.refused.is_none() {
        return Verdict::new(Status::Pass, "gone", words!("kubelet 1.31 and later have no such flag", "kubelet 1.31 以降にこのフラグはありません"), evidence(Place::Target, Text::NONE));
    }
    SETTING.judge(case, &Wanted::FALSE)
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .undetermined("--keep-terminated-pod-volumes=false")
        .with("version", "1.30")
        .pass("")
        .pass("--keep-terminated-pod-volumes=false")
        .fail("--keep-terminated-pod-volumes");
}
