//! `kubelet-starts`

use super::prelude::*;
use crate::judging::remedy;
use crate::message::message;
use crate::model::Stage;

/// Everything else is moot for a kubelet that does not start with what it is given.
pub const CHECK: Check = Check {
    id: "kubelet-starts",
    kind: CheckKind::Target,
    title: "The kubelet accepts its command line and configuration",
    explanation: "A kubelet that is given a wrong flag, or a file that it cannot read, prints one line and ends. On a node that is running, \
        the process then still has an older configuration, and the next restart takes the node down. So a scanner must not judge such a \
        configuration setting by setting: what the words seem to say never takes effect.\n\n\
        kubevet goes the kubelet's own way: first parse of the flags, the configuration file, drop-ins, second parse of the flags, \
        validation. It names the stage at which the kubelet ends. Acceptance is checked that far, and a little further: an \
        authorization mode, a cipher suite, a TLS version or a curve that does not exist, a certificate without its key, and reserved resources \
        that cannot be, end the kubelet soon after its start. What it finds out from the node, such as a certificate that is not there, is not \
        checked.",
    remedy: "correct the place that is named, then restart the kubelet and see that it stays up: `systemctl status kubelet`",
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
        let verb = if refused.stage == Stage::Run { "stay up" } else { "start" };
        let rest = match kubelet.refused {
            Some(_) => "all other checks are undetermined, not passed",
            None => "the other checks judge what it runs with until then",
        };
        return Verdict {
            status: Status::Fail,
            message: message("kubelet-refuses", &[], format!("the kubelet does not {verb}: {text}")),
            primary: evidence(refused.place, text),
            related: vec![],
            notes: vec![message("stage", &[], format!("it ends {stage}; {rest}"))],
            remedies: vec![remedy::plain(CHECK.remedy)],
        };
    }
    if let Some(unknown) = &kubelet.unknown {
        return Verdict::undetermined(unknown.message.clone(), unknown.place);
    }
    Verdict {
        status: Status::Pass,
        message: message(
            "kubelet-starts",
            &[],
            "the kubelet accepts its flags and files (checked up to its validation, and a little further)",
        ),
        primary: evidence(Place::Target, "accepted"),
        related: vec![],
        notes: vec![],
        remedies: vec![],
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Flags => "when it parses its flags",
        Stage::Load => "when it loads its configuration file",
        Stage::Dropin => "when it merges its drop-in directory",
        Stage::Precedence => "when it applies its flags over the files",
        Stage::Validate => "when it validates the result",
        Stage::Exit => "before it would start: it only prints something, or parses its flags for the second time",
        Stage::Run => "soon after its start",
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
    let unreadable = crate::support::Node::new("--config=/k").denied("/k").option("version", "1.34");
    assert_eq!(unreadable.status(CHECK.id), Status::Undetermined);
}
