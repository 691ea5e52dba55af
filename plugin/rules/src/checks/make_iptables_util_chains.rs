//! `make-iptables-util-chains`

use super::prelude::*;

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
    remedy: "set `makeIPTablesUtilChains` to true in the configuration file, or pass `--make-iptables-util-chains=true`",
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "makeIPTablesUtilChains",
    flag: "make-iptables-util-chains",
    failing: "the kubelet does not manage its iptables utility chains",
};

fn judge(case: &Case) -> Verdict {
    let verdict = SETTING.judge(case, &Wanted::TRUE);
    let meaning = match case.kubelet.version.minor() {
        27.. => {
            "since 1.27 this is the chain KUBE-IPTABLES-HINT and the rule that guards 127.0.0.0/8 from other hosts (CVE-2020-8558)"
        }
        _ => "without these chains, service traffic that needs masquerading can break",
    };
    match verdict.status {
        Status::Fail => verdict.note("meaning", meaning),
        _ => verdict,
    }
}

#[test]
fn cases() {
    Tester::new(&CHECK)
        .pass("")
        .pass("|")
        .pass("--make-iptables-util-chains=T")
        .fail("--make-iptables-util-chains=0")
        .fail("--make-iptables-util-chains --make_iptables_util_chains=false")
        .fail("| makeIPTablesUtilChains: off")
        .pass("| makeIPTablesUtilChains: ~")
        .pass("--make-iptables-util-chains | makeIPTablesUtilChains: false")
        .undetermined("| makeIPTablesUtilChains: 'true'")
        .with("require-explicit", "true")
        .fail("")
        .fail("|")
        .pass("--make-iptables-util-chains")
        .with("version", "1.24")
        .pass("--container-runtime-endpoint=unix:///run/c --make-iptables-util-chains");
}
