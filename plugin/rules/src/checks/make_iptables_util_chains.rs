//! `make-iptables-util-chains`

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Check, Options, Verdict, decided, evidence};
use crate::kubelet::Kubelet;
use crate::message::message;
use crate::model::{CheckKind, Decided, Edit, Message, Origin, Place, Remedy, Severity, Source, Status};

const SETTING: &str = "makeIPTablesUtilChains";
const FLAG: &str = "--make-iptables-util-chains";

/// The first check that kubevet had.
pub const CHECK: Check = Check {
    id: "make-iptables-util-chains",
    kind: CheckKind::Setting,
    title: "The kubelet manages its iptables utility chains",
    explanation: "The kubelet is to keep a few iptables chains of its own, so that packet rules follow the network options of pods by themselves, and \
        nobody has to keep them by hand. The effective value of `makeIPTablesUtilChains` (`--make-iptables-util-chains`) is to be true.\n\n\
        What that means today is less than it was. Since 1.27 the kubelet no longer makes chains for services. With `false`, other components \
        lose the chain `KUBE-IPTABLES-HINT`, which tells them whether the node uses legacy or nft iptables, and the kubelet does not add the \
        IPv4 rule that drops packets from elsewhere to 127.0.0.0/8, the guard against CVE-2020-8558. kube-proxy in iptables mode adds the same \
        rule itself; in ipvs or nftables mode, or with a network plugin that replaces kube-proxy, look for it.\n\n\
        How the kubelet decides: the last flag wins over all files, then the last drop-in, then the configuration file. The default is true in \
        every version, with and without a file, so a kubelet that says nothing passes; `--require-explicit` asks for more. The live \
        configuration (`/configz`) shows the value that a restart has put into effect.",
    severity: Severity::Medium,
    always: false,
    judge,
};

fn judge(kubelet: &Kubelet, options: &Options) -> Verdict {
    let decided = match decided(kubelet, SETTING) {
        Ok(decided) => decided,
        Err(verdict) => return *verdict,
    };
    let by_default = decided.by.origin == Origin::Default;
    let (status, text) = match (decided.value == "true", by_default && options.require_explicit) {
        (true, false) => (Status::Pass, passed(&decided.by)),
        (true, true) => {
            (Status::Fail, "no source sets makeIPTablesUtilChains: only the default makes it true".to_owned())
        }
        (false, _) => (Status::Fail, "the kubelet does not manage its iptables utility chains".to_owned()),
    };
    let related =
        decided.overridden.iter().map(|source| evidence(source.place, overridden(source, &decided))).collect();
    Verdict {
        message: message(
            if status == Status::Pass { "as-asked" } else { "not-as-asked" },
            &[("value", &decided.value)],
            text,
        ),
        primary: evidence(decided.by.place, label(&decided, status)),
        related,
        notes: notes(kubelet, status),
        remedies: if status == Status::Pass { vec![] } else { vec![remedy(&decided)] },
        status,
    }
}

fn passed(by: &Source) -> String {
    match by.origin {
        Origin::Default => "true by default: no source sets it".into(),
        _ => "true".into(),
    }
}

fn label(decided: &Decided, status: Status) -> String {
    match (status, decided.by.origin) {
        (_, Origin::Default) => format!("nothing sets `{SETTING}`; the default is {}", decided.value),
        (Status::Pass, _) => "this decides".into(),
        (_, Origin::Flag) => "this flag wins; must be `true`".into(),
        (_, Origin::DropIn) => "this drop-in wins; must be `true`".into(),
        _ => "must be `true`; nothing later overrides it".into(),
    }
}

fn overridden(source: &Source, decided: &Decided) -> String {
    if decided.by.origin == Origin::Default {
        return format!("overridden: {} was reset, and the default applies", source.value);
    }
    let would = if source.value == "true" { "would have passed" } else { "would have failed" };
    format!("overridden: {would}")
}

fn notes(kubelet: &Kubelet, status: Status) -> Vec<Message> {
    if status == Status::Pass {
        return vec![];
    }
    let meaning = match kubelet.version.minor() {
        27.. => {
            "since 1.27 this is the chain KUBE-IPTABLES-HINT and the rule that guards 127.0.0.0/8 from other hosts (CVE-2020-8558)"
        }
        _ => "without these chains, service traffic that needs masquerading can break",
    };
    vec![message("meaning", &[], meaning)]
}

/// What to do names the source that decided: an edit elsewhere would change nothing.
fn remedy(decided: &Decided) -> Remedy {
    let Source { origin, place, .. } = &decided.by;
    let restart = "then restart the kubelet: `systemctl daemon-reload && systemctl restart kubelet`";
    let text = match origin {
        Origin::Flag if file_says_true(decided) => {
            format!(
                "remove `{FLAG}` from the kubelet's arguments (the file already says true), or set it to true; {restart}"
            )
        }
        Origin::Flag => {
            format!("set `{FLAG}=true` in the kubelet's arguments, or remove it: the default is true; {restart}")
        }
        Origin::DropIn => format!("set `{SETTING}` to true in this drop-in, or remove it there; {restart}"),
        Origin::ConfigFile | Origin::Live => {
            format!("set `{SETTING}` to true, or remove it: the default is true; {restart}")
        }
        Origin::Default => {
            format!("set `{SETTING}` to true in the configuration file, or pass `{FLAG}=true`; {restart}")
        }
    };
    let edits = match (origin, place) {
        (Origin::ConfigFile | Origin::DropIn, Place::At(span)) => vec![Edit { span: *span, text: b"true".to_vec() }],
        _ => vec![],
    };
    Remedy { text: message("remedy", &[], text), edits, blocked: None }
}

/// Whether the kubelet would have true without the flag, as far as the files say.
fn file_says_true(decided: &Decided) -> bool {
    decided.overridden.iter().find(|source| source.origin != Origin::Flag).is_some_and(|source| source.value == "true")
}
