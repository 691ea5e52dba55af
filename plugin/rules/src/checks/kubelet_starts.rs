//! `kubelet-starts`

use super::prelude::*;
use crate::judging::remedy;
use crate::message::message;
use crate::model::Stage;

/// Everything else is moot for a kubelet that does not start with what it is given.
pub const CHECK: Check = Check {
    id: "kubelet-starts",
    kind: CheckKind::Target,
    title: words!(
        "The kubelet accepts its command line and configuration",
        "kubelet はコマンドラインと設定を受け付ける"
    ),
    explanation: paragraphs![words!(
        "A kubelet that is given a wrong flag, or a file that it cannot read, prints one line and ends. On a node that is running, \
        the process then still has an older configuration, and the next restart takes the node down. So a scanner must not judge such a \
        configuration setting by setting: what the words seem to say never takes effect.\n\n\
        kubevet goes the kubelet's own way: first parse of the flags, the configuration file, drop-ins, second parse of the flags, \
        validation. It names the stage at which the kubelet ends. Acceptance is checked that far, and a little further: an \
        authorization mode, a cipher suite, a TLS version or a curve that does not exist, a certificate without its key, and reserved resources \
        that cannot be, end the kubelet soon after its start. What it finds out from the node, such as a certificate that is not there, is not \
        checked.",
        "誤ったフラグや読み込めないファイルを指定された kubelet は、1 行を出力して終了します。\
        稼働中のノードでは、プロセスはまだ古い設定で動作しており、次の再起動でノードが使えなくなります。\
        したがって、スキャナーはそのような設定を項目ごとに判定してはなりません。書かれているように\
        見える値が有効になることはないからです。\n\n\
        kubevet は kubelet 自身の手順、つまりフラグの最初の解析、設定ファイル、ドロップイン、\
        フラグの 2 回目の解析、検証をたどり、kubelet が終了する段階を示します。受け付けられるかどうかは、\
        そこまでと、もう少し先まで確認します。存在しない認可モード、暗号スイート、TLS バージョン、曲線、\
        鍵のない証明書、ありえない予約リソースは、起動後まもなく kubelet を終了させます。\
        証明書が存在しないなど、kubelet がノードを見て初めて分かることは確認しません。"
    )],
    remedy: words!(
        "correct the place that is named, then restart the kubelet and see that it stays up: `systemctl status kubelet`",
        "示された箇所を修正し、kubelet を再起動して、動作し続けることを確認します: `systemctl status kubelet`"
    ),
    severity: Severity::High,
    always: true,
    expect: "",
    judge,
};

fn judge(case: &Case) -> Verdict {
    let kubelet = case.kubelet;
    if let Some(refused) = kubelet.refusal() {
        let text = refused.message.text.clone();
        let stage = stage(refused.stage);
        let verb = match refused.stage {
            Stage::Run => words!("stay up", "起動後に終了します"),
            _ => words!("start", "起動しません"),
        };
        let rest = match kubelet.refused {
            Some(_) => words!("all other checks are undetermined, not passed", "他のチェックはすべて判定不能です（合格ではありません）"),
            None => words!("the other checks judge what it runs with until then", "他のチェックは、終了するまで有効な設定を判定します"),
        };
        return Verdict {
            status: Status::Fail,
            message: message(
                "kubelet-refuses",
                text!("the kubelet does not {verb}: {reason}", "kubelet は{verb}: {reason}", verb, reason = text.clone()),
            ),
            primary: evidence(refused.place, text),
            related: vec![],
            notes: vec![message("stage", text!("it ends {stage}; {rest}", "{stage}終了します。{rest}", stage, rest))],
            remedies: vec![remedy::plain(CHECK.remedy)],
        };
    }
    if let Some(unknown) = &kubelet.unknown {
        return Verdict::undetermined(unknown.message.clone(), unknown.place);
    }
    if kubelet.live.is_all {
        let text = words!(
            "it runs: this is the configuration with which it answered",
            "稼働しています: これはその kubelet が応答した設定です"
        );
        return Verdict::new(Status::Pass, "kubelet-runs", text, evidence(Place::Target, words!("it runs", "稼働中")));
    }
    Verdict {
        status: Status::Pass,
        message: message(
            "kubelet-starts",
            words!(
                "the kubelet accepts its flags and files (checked up to its validation, and a little further)",
                "kubelet はフラグとファイルを受け付けます（検証まで、およびもう少し先まで確認済み）"
            ),
        ),
        primary: evidence(Place::Target, words!("accepted", "受け付けられます")),
        related: vec![],
        notes: vec![],
        remedies: vec![],
    }
}

fn stage(stage: Stage) -> Words {
    match stage {
        Stage::Input => words!("before there is a kubelet: what makes the node refuses this", "kubelet が作られる前に（ノードを作成する側がこれを拒否して）"),
        Stage::Flags => words!("when it parses its flags", "フラグを解析するときに"),
        Stage::Load => words!("when it loads its configuration file", "設定ファイルを読み込むときに"),
        Stage::Dropin => words!("when it merges its drop-in directory", "ドロップインディレクトリを統合するときに"),
        Stage::Precedence => words!("when it applies its flags over the files", "ファイルの上にフラグを適用するときに"),
        Stage::Validate => words!("when it validates the result", "結果を検証するときに"),
        Stage::Exit => words!(
            "before it would start: it only prints something, or parses its flags for the second time",
            "起動する前に（何かを表示するだけか、フラグの 2 回目の解析で）"
        ),
        Stage::Run => words!("soon after its start", "起動後まもなく"),
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("--anonymous-auth=1 | readOnlyPort: 0")
        .fail("--no-such-flag")
        .fail("| anonymous: [")
        .fail("| makeIPTablesUtilChains: 'true'")
        .fail("--config-dir=/not/there")
        .fail("--event-qps=-1")
        .fail("--authorization-mode=RBAC")
        .with("version", "1.24")
        .fail("--config-dir=/not/there")
        .pass("--container-runtime-endpoint=unix:///run/c --keep-terminated-pod-volumes=true");
    // A kubelet takes the name of a build for its own only where it is of its own version, as far as that is known.
    Tester::new(&CHECK).with("version", "v1.37.2").pass("--version=v1.37.2-build").fail("--version=v1.37.0");
    Tester::new(&CHECK).with("version", "1.37").pass("--version=v1.37.0").fail("--version=v1.36.2");
    let unreadable = crate::support::Node::new("--config=/k").denied("/k").option("version", "1.34");
    assert_eq!(unreadable.status(CHECK.id), Status::Undetermined);
}
