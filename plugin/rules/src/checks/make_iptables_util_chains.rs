//! `make-iptables-util-chains`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "make-iptables-util-chains",
    kind: CheckKind::Setting,
    title: words!(
        "The kubelet manages its iptables utility chains",
        "kubelet は iptables のユーティリティチェインを管理する"
    ),
    explanation: paragraphs![words!(
        "The kubelet is to keep a few iptables chains of its own, so that packet rules follow the network options of pods by themselves, and \
        nobody has to keep them by hand. The effective value of `makeIPTablesUtilChains` (`--make-iptables-util-chains`) is to be true.\n\n\
        What that means today is less than it was. Since 1.27 the kubelet no longer makes chains for services. With `false`, other components \
        lose the chain `KUBE-IPTABLES-HINT`, which tells them whether the node uses legacy or nft iptables, and the kubelet does not add the \
        IPv4 rule that drops packets from elsewhere to 127.0.0.0/8, the guard against CVE-2020-8558. kube-proxy in iptables mode adds the same \
        rule itself; in ipvs or nftables mode, or with a network plugin that replaces kube-proxy, look for it.\n\n\
        How the kubelet decides: the last flag wins over all files, then the last drop-in, then the configuration file. The default is true in \
        every version, with and without a file, so a kubelet that says nothing passes; `--require-explicit` asks for more. The live \
        configuration (`/configz`) shows the value that a restart has put into effect.",
        "kubelet がいくつかの iptables チェインを自分で管理することで、パケットの規則が Pod の\
        ネットワーク設定に自動的に追従し、手動で管理する必要がなくなります。`makeIPTablesUtilChains`\
        （`--make-iptables-util-chains`）の有効な値は true でなければなりません。\n\n\
        現在の意味は以前より小さくなっています。1.27 以降、kubelet は Service のためのチェインを\
        作りません。`false` の場合、ノードが legacy と nft のどちらの iptables を使うかを他の\
        コンポーネントに伝えるチェイン `KUBE-IPTABLES-HINT` が失われ、kubelet は外部から 127.0.0.0/8 への\
        パケットを破棄する IPv4 の規則（CVE-2020-8558 への対策）を追加しません。\
        iptables モードの kube-proxy は同じ規則を自分で追加します。ipvs や nftables モード、\
        または kube-proxy を置き換えるネットワークプラグインでは、この規則があるか確認してください。\n\n\
        値の決まり方: 最後のフラグがすべてのファイルに優先し、次に最後のドロップイン、次に設定ファイルの\
        順です。デフォルト値は、ファイルの有無にかかわらずどのバージョンでも true なので、\
        何も指定しない kubelet は合格します。`--require-explicit` ではより厳しく判定します。\
        稼働中の設定（`/configz`）には、再起動で反映された値が表示されます。"
    )],
    remedy: words!(
        "set `makeIPTablesUtilChains` to true in the configuration file, or pass `--make-iptables-util-chains=true`",
        "設定ファイルで `makeIPTablesUtilChains` を true にするか、`--make-iptables-util-chains=true` を\
        指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting {
    path: "makeIPTablesUtilChains",
    flag: "make-iptables-util-chains",
    failing: words!(
        "the kubelet does not manage its iptables utility chains",
        "kubelet が iptables のユーティリティチェインを管理していません"
    ),
};

fn judge(case: &Case) -> Verdict {
    let verdict = SETTING.judge(case, &Wanted::TRUE);
    let meaning = match case.kubelet.version.minor() {
        27.. => {
            words!(
                "since 1.27 this is the chain KUBE-IPTABLES-HINT and the rule that guards 127.0.0.0/8 from other hosts (CVE-2020-8558)",
                "1.27 以降、これはチェイン KUBE-IPTABLES-HINT と、他のホストから 127.0.0.0/8 を守る規則（CVE-2020-8558）を指します"
            )
        }
        _ => words!(
            "without these chains, service traffic that needs masquerading can break",
            "これらのチェインがないと、マスカレードが必要な Service の通信が機能しなくなることがあります"
        ),
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
