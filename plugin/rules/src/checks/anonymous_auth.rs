//! `anonymous-auth`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "anonymous-auth",
    kind: CheckKind::Setting,
    title: words!(
        "Nobody reaches the kubelet's API without a name",
        "匿名のリクエストは kubelet の API に到達しない"
    ),
    explanation: paragraphs![words!(
        "The kubelet answers on port 10250: it runs commands in containers, shows logs and lists pods. With anonymous \
        authentication on, a request without credentials is let in as `system:anonymous`, and only authorization stands \
        between it and the containers of the node. The effective value of `authentication.anonymous.enabled` \
        (`--anonymous-auth`) is to be false.\n\n\
        How the kubelet decides: a kubelet that reads a configuration file has false unless something says true. A kubelet \
        with flags alone, or with drop-ins alone, starts from older defaults and has true. So a file that says nothing passes, \
        and a command line that says nothing fails.",
        "kubelet はポート 10250 で応答し、コンテナ内でのコマンド実行、ログの表示、Pod の一覧を提供します。\
        匿名認証が有効な場合、認証情報のないリクエストは `system:anonymous` として受け入れられ、\
        ノードのコンテナを守るものは認可だけになります。`authentication.anonymous.enabled`\
        （`--anonymous-auth`）の有効な値は false でなければなりません。\n\n\
        値の決まり方: 設定ファイルを読み込む kubelet では、true と指定されない限り false です。\
        フラグのみ、またはドロップインのみの kubelet は古いデフォルト値から始まるため true になります。\
        したがって、何も書かれていないファイルは合格し、何も書かれていないコマンドラインは\
        不合格になります。"
    )],
    remedy: words!(
        "set `authentication.anonymous.enabled` to false in the configuration file, or pass `--anonymous-auth=false`",
        "設定ファイルで `authentication.anonymous.enabled` を false にするか、`--anonymous-auth=false` を\
        指定します"
    ),
    severity: Severity::Critical,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "authentication.anonymous.enabled",
    flag: "anonymous-auth",
    failing: words!(
        "anonymous requests reach the kubelet's API",
        "匿名のリクエストが kubelet の API に到達します"
    ),
};

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &Wanted::FALSE)
}

#[test]
fn cases() {
    // The default is false with a file and true without.
    Tester::new(&CHECK)
        .pass("--anonymous-auth=false")
        .fail("--anonymous-auth")
        .fail("")
        .pass("|")
        .pass("| authentication: {anonymous: {enabled: false}}")
        .fail("| authentication: {anonymous: {enabled: true}}")
        .pass("--anonymous-auth=false | authentication: {anonymous: {enabled: true}}")
        .fail("--anonymous-auth=true | authentication: {anonymous: {enabled: false}}")
        .undetermined("--anonymous-auth=no")
        .with("require-explicit", "true")
        .fail("|")
        .pass("--anonymous-auth=false");
}
