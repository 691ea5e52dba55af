//! `tls-cipher-suites`

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "tls-cipher-suites",
    kind: CheckKind::Setting,
    title: words!(
        "Only strong cipher suites are offered",
        "強力な暗号スイートだけを提供する"
    ),
    explanation: paragraphs![words!(
        "The kubelet's server offers the suites of `tlsCipherSuites` (`--tls-cipher-suites`) to clients that speak TLS 1.2 or \
        older. Without a list, Go's own applies, which still has suites with CBC. Benchmarks ask for a list of AES-GCM and \
        ChaCha20 suites with ephemeral keys; editions before CIS 1.12 also allow two suites with RSA key exchange, which have \
        no forward secrecy.\n\n\
        The suites of TLS 1.3 cannot be chosen: naming one changes nothing, so they are left aside. With `tlsMinVersion: \
        VersionTLS13` the list has no meaning, and no list is needed. `…_CHACHA20_POLY1305` and `…_CHACHA20_POLY1305_SHA256` \
        are the same suite. A name that Go does not know ends the kubelet.",
        "kubelet のサーバーは、TLS 1.2 以前で接続するクライアントに `tlsCipherSuites`\
        （`--tls-cipher-suites`）の暗号スイートを提示します。リストがない場合は Go 自身のリストが使われ、\
        これにはまだ CBC のスイートが含まれます。ベンチマークは、一時鍵を使う AES-GCM と ChaCha20 の\
        スイートのリストを求めます。CIS 1.12 より前の版では、前方秘匿性のない RSA 鍵交換の 2 つの\
        スイートも許容されます。\n\n\
        TLS 1.3 のスイートは選択できず、指定しても何も変わらないため、判定の対象にしません。\
        `tlsMinVersion: VersionTLS13` ではリストに意味がなく、リストは不要です。\
        `…_CHACHA20_POLY1305` と `…_CHACHA20_POLY1305_SHA256` は同じスイートです。Go の知らない名前を\
        指定すると kubelet は終了します。"
    )],
    remedy: words!(
        "set `tlsCipherSuites` to `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`, `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`, \
        `TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384`, `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`, \
        `TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305` and `TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305`, or `tlsMinVersion` to \
        `VersionTLS13`",
        "`tlsCipherSuites` に `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`、\
        `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`、`TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384`、\
        `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`、`TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305`、\
        `TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305` を設定するか、`tlsMinVersion` を `VersionTLS13` にします"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SUITES: &str = "tlsCipherSuites";

const STRONG: [&str; 6] = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
];

/// Older editions allow these, too.
const WITH_RSA: [&str; 2] = ["TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"];

fn judge(case: &Case) -> Verdict {
    let (decided, least) = match (case.setting(SUITES), case.setting("tlsMinVersion")) {
        (Ok(decided), Ok(least)) => (decided, least),
        (Err(verdict), _) | (_, Err(verdict)) => return *verdict,
    };
    if least.value == "\"VersionTLS13\"" {
        let text = words!(
            "only TLS 1.3 is spoken, whose suites are all strong",
            "TLS 1.3 のみを使用し、そのスイートはすべて強力です"
        );
        return Verdict::new(Status::Pass, "only-tls-13", text, evidence(least.by.place, words!("this decides", "この値が有効です")));
    }
    let suites = match case.kubelet.config.as_ref().and_then(|config| config.value(SUITES)) {
        Some(Json::List(suites)) => suites,
        _ => vec![],
    };
    let is_strong = |suite: &str| is_fine(suite, case.asked.expect == "rsa");
    let weak = suites.iter().filter_map(Json::as_text).find(|suite| !is_strong(suite));
    let (text, label): (Text, Text) = match weak {
        Some(suite) => (
            text!("the kubelet offers the weak suite {suite}", "kubelet が弱い暗号スイート {suite} を提供しています", suite),
            words!("leave it out of this list", "このリストから除きます").into(),
        ),
        None if suites.is_empty() => {
            let text = words!(
                "no list of suites is set: Go's own has suites with CBC",
                "暗号スイートのリストが設定されておらず、Go 自身のリストには CBC のスイートが含まれます"
            );
            let label =
                text!("nothing sets `{setting}`", "`{setting}` は設定されていません", setting = SUITES);
            (text.into(), label)
        }
        None => {
            let text = words!("all suites of the list are strong", "リストの暗号スイートはすべて強力です");
            return Verdict::new(Status::Pass, "as-asked", text, evidence(decided.by.place, words!("this decides", "この値が有効です")));
        }
    };
    let verdict = Verdict::new(Status::Fail, "not-as-asked", text, evidence(decided.by.place, label));
    let kept: Vec<Json> = suites.into_iter().filter(|suite| suite.as_text().is_some_and(is_strong)).collect();
    let all = || STRONG.iter().map(|suite| Json::Text((*suite).to_owned())).collect();
    let value = Json::List(if kept.is_empty() { all() } else { kept }).to_json();
    let change = Change { path: SUITES, flag: "tls-cipher-suites", value: &value };
    verdict.change(case, &change, &decided, remedy::in_words(case.platform, CHECK.remedy))
}

/// The suites of TLS 1.3 are always offered, and fine.
fn is_fine(suite: &str, with_rsa: bool) -> bool {
    let name = suite.strip_suffix("_SHA256").filter(|name| name.ends_with("_CHACHA20_POLY1305")).unwrap_or(suite);
    let tls_13 = suite.starts_with("TLS_AES_") || suite == "TLS_CHACHA20_POLY1305_SHA256";
    tls_13 || STRONG.contains(&name) || with_rsa && WITH_RSA.contains(&name)
}

#[test]
fn cases() {
    let flag = |suites: &str| format!("--tls-cipher-suites={suites}");
    let (tls_13, tls_12) = ("TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256", STRONG.join(","));
    let aliases = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    Tester::new(&CHECK)
        .pass(&flag(&tls_12))
        .pass(&flag(aliases))
        .pass(&flag(&format!("{tls_13},{aliases}")))
        .pass("| tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]")
        .pass("| tlsMinVersion: VersionTLS13")
        .fail("")
        .fail("|")
        .fail("| tlsMinVersion: VersionTLS12")
        .fail(&flag(""))
        .fail(&flag("TLS_RSA_WITH_AES_128_GCM_SHA256"))
        .fail(&flag("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_CBC_SHA"))
        .fail(&flag("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"))
        .undetermined("--no-such-flag")
        .with("benchmark", "cis-1.12")
        .fail(&flag("TLS_RSA_WITH_AES_128_GCM_SHA256"))
        .with("benchmark", "cis-1.11")
        .pass(&flag("TLS_RSA_WITH_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_256_GCM_SHA384"))
        .fail(&flag("TLS_RSA_WITH_AES_128_CBC_SHA"))
        .with("benchmark", "cis-1.6-k3s")
        .not_applicable("");
}
