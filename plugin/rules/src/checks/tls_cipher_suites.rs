//! `tls-cipher-suites`

use alloc::borrow::ToOwned;

use super::prelude::*;
use crate::judging::remedy;

pub const CHECK: Check = Check {
    id: "tls-cipher-suites",
    kind: CheckKind::Setting,
    title: "Only strong cipher suites are offered",
    explanation: "The kubelet's server offers the suites of `tlsCipherSuites` (`--tls-cipher-suites`) to clients that speak TLS 1.2 or \
        older. Without a list, Go's own applies, which still has suites with CBC. Benchmarks ask for a list of AES-GCM and \
        ChaCha20 suites with ephemeral keys; editions before CIS 1.12 also allow two suites with RSA key exchange, which have \
        no forward secrecy.\n\n\
        The suites of TLS 1.3 cannot be chosen: naming one changes nothing, so they are left aside. With `tlsMinVersion: \
        VersionTLS13` the list has no meaning, and no list is needed. `…_CHACHA20_POLY1305` and `…_CHACHA20_POLY1305_SHA256` \
        are the same suite. A name that Go does not know ends the kubelet.",
    remedy: "set `tlsCipherSuites` to `TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256`, `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`, \
        `TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384`, `TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384`, \
        `TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305` and `TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305`, or `tlsMinVersion` to \
        `VersionTLS13`",
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
        let text = "only TLS 1.3 is spoken, whose suites are all strong";
        return Verdict::new(Status::Pass, "only-tls-13", text, evidence(least.by.place, "this decides"));
    }
    let suites = match case.kubelet.config.as_ref().and_then(|config| config.value(SUITES)) {
        Some(Json::List(suites)) => suites,
        _ => vec![],
    };
    let weak = suites.iter().filter_map(Json::as_text).find(|suite| !is_fine(suite, case.asked.expect == "rsa"));
    let (text, label) = match weak {
        Some(suite) => (format!("the kubelet offers the weak suite {suite}"), "leave it out of this list".to_owned()),
        None if suites.is_empty() => {
            let text = "no list of suites is set: Go's own has suites with CBC";
            (text.to_owned(), format!("nothing sets `{SUITES}`"))
        }
        None => {
            let text = "all suites of the list are strong";
            return Verdict::new(Status::Pass, "as-asked", text, evidence(decided.by.place, "this decides"));
        }
    };
    let mut verdict = Verdict::new(Status::Fail, "not-as-asked", text, evidence(decided.by.place, label));
    verdict.remedies.push(remedy::in_words(case.platform, CHECK.remedy));
    verdict
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
