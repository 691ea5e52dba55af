//! What ends a kubelet that has passed validation: its second look at its own configuration, as far as that asks nothing of
//! the node. In its order: `InitializeTLS` and `run` (cmd/kubelet/app/server.go), `BuildAuthz` (cmd/kubelet/app/auth.go),
//! `ListenAndServeKubeletServer` (pkg/kubelet/server/server.go).

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::config::{Config, Leaf};
use super::gates::Gates;
use super::precedence::NodeFlags;
use super::problems::Problems;
use super::{Refused, clipped, quantity};
use crate::digits;
use crate::json::Json;
use crate::message::{Text, message};
use crate::model::{Place, Severity, Stage};

/// Go's names of cipher suites (crypto/tls), secure and insecure; and two older names (component-base
/// cli/flag/ciphersuites_flag.go).
pub const CIPHER_SUITES: [&str; 27] = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_RC4_128_SHA",
];

const TLS_VERSIONS: [&str; 5] = ["", "VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"];

/// The curves of Go 1.26 (crypto/tls, `CurveID`), which builds the versions that have this setting.
const CURVES: [i64; 7] = [23, 24, 25, 29, 4587, 4588, 4589];

/// From this minor on, a kubelet that has no certificate to serve with goes on all the same, and answers nobody
/// (`NewMainKubelet`, pkg/kubelet/kubelet.go).
const ANSWERS_NOBODY: u8 = 36;

/// What `kubeReserved` and `systemReserved` can hold.
const RESERVABLE: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "pid"];

/// Refuses what ends the kubelet soon after its start.
///
/// # Errors
/// The first thing that does.
pub fn check(config: &Config, flags: &NodeFlags, gates: &Gates) -> Result<(), Box<Refused>> {
    let rules = Rules { config, flags, gates };
    rules.tls()?;
    rules.lock_file()?;
    rules.authorization()?;
    rules.reserved("kubeReserved")?;
    rules.reserved("systemReserved")?;
    rules.topology()?;
    rules.certificate()
}

/// Notes what does not end the kubelet, but leaves it without use.
pub fn note(config: &Config, flags: &NodeFlags, gates: &Gates, problems: &mut Problems) {
    let rules = Rules { config, flags, gates };
    if config.version.minor() < ANSWERS_NOBODY {
        return;
    }
    if let Some((set, missing)) = rules.half_a_pair() {
        let text = text!(
            "`{setting}` is set without `{missing}`: the kubelet's server answers no connection",
            "`{setting}` に対応する `{missing}` がないため、kubelet のサーバーは接続に応答しません",
            setting = set,
            missing
        );
        let place = config.at(set).and_then(Leaf::decider).map_or(Place::Target, |claim| claim.place);
        problems.add(Severity::High, message("no-certificate", text), place);
    }
}

type Checked = Result<(), Box<Refused>>;

struct Rules<'a> {
    config: &'a Config,
    flags: &'a NodeFlags,
    gates: &'a Gates,
}

impl Rules<'_> {
    fn text(&self, path: &str) -> &str {
        self.config.text(path).unwrap_or_default()
    }

    fn enabled(&self, gate: &str) -> bool {
        self.gates.enabled(gate, self.config.version)
    }

    fn refused(&self, leaf: Option<&Leaf>, text: Text) -> Checked {
        let place = leaf.and_then(Leaf::decider).map_or(Place::Target, |claim| claim.place);
        Err(Refused::new(Stage::Run, message("ends-later", text), place))
    }

    fn refused_setting(&self, path: &str, what: impl Into<Text>) -> Checked {
        let text = text!("`{setting}` {what}", "`{setting}` {what}", setting = path, what = what.into());
        self.refused(self.config.at(path), text)
    }

    fn tls(&self) -> Checked {
        if let Some(Json::List(suites)) = self.config.get("tlsCipherSuites") {
            let unknown = suites.iter().filter_map(Json::as_text).find(|suite| !CIPHER_SUITES.contains(suite));
            if let Some(unknown) = unknown {
                return self.refused_setting(
                    "tlsCipherSuites",
                    text!(
                        "names `{name}`, which is no cipher suite",
                        "に、暗号スイートではない `{name}` が指定されています",
                        name = clipped(unknown)
                    ),
                );
            }
        }
        let least = self.text("tlsMinVersion");
        if !TLS_VERSIONS.contains(&least) {
            let text = text!(
                "is `{value}`, which is no TLS version; one is written `VersionTLS12`",
                "の値 `{value}` は TLS バージョンではありません。`VersionTLS12` のように書きます",
                value = clipped(least)
            );
            return self.refused_setting("tlsMinVersion", text);
        }
        self.curves()
    }

    fn curves(&self) -> Checked {
        const PATH: &str = "tlsCurvePreferences";
        let Some(Json::List(curves)) = self.config.get(PATH) else { return Ok(()) };
        let curves: Vec<_> = curves.iter().filter_map(Json::as_int).collect();
        for (index, curve) in curves.iter().enumerate() {
            if !CURVES.contains(curve) {
                return self.refused_setting(
                    PATH,
                    text!(
                        "names {curve}, which is no curve",
                        "に、曲線ではない {curve} が指定されています",
                        curve = digits::number(*curve)
                    ),
                );
            }
            if curves[..index].contains(curve) {
                return self.refused_setting(
                    PATH,
                    text!("names {curve} twice", "に {curve} が 2 回指定されています", curve = digits::number(*curve)),
                );
            }
        }
        Ok(())
    }

    fn lock_file(&self) -> Checked {
        const EXIT: &str = "exit-on-lock-contention";
        let value = |flag: &str| self.flags.get(flag).and_then(|leaf| leaf.value.clone());
        let is_named = value("lock-file").is_some_and(|path| path.as_text() != Some(""));
        if value(EXIT) != Some(Json::Bool(true)) || is_named {
            return Ok(());
        }
        let text =
            text!("`--{setting}` needs `--lock-file`", "`--{setting}` には `--lock-file` が必要です", setting = EXIT);
        self.refused(self.flags.get(EXIT), text)
    }

    fn authorization(&self) -> Checked {
        const PATH: &str = "authorization.mode";
        match self.text(PATH) {
            "AlwaysAllow" | "Webhook" => Ok(()),
            "" => self.refused_setting(
                PATH,
                words!(
                    "is empty; it is `Webhook` or `AlwaysAllow`",
                    "が空です。`Webhook` または `AlwaysAllow` を指定します"
                ),
            ),
            other => self.refused_setting(
                PATH,
                text!(
                    "is `{value}`; it is `Webhook` or `AlwaysAllow`",
                    "が `{value}` です。`Webhook` または `AlwaysAllow` を指定します",
                    value = clipped(other)
                ),
            ),
        }
    }

    /// `parseResourceList`
    fn reserved(&self, path: &str) -> Checked {
        let Some(Json::Map(map)) = self.config.get(path) else { return Ok(()) };
        for (name, quantity) in map.iter() {
            if !RESERVABLE.contains(&name.as_str()) {
                let text = text!(
                    "names `{name}`, which cannot be reserved; {those} can",
                    "に、予約できない `{name}` が指定されています。予約できるのは {those} です",
                    name = clipped(name),
                    those = RESERVABLE.join(", ")
                );
                return self.refused_setting(path, text);
            }
            let quantity = quantity.as_text().unwrap_or_default();
            if quantity::read(quantity).is_none_or(|quantity| quantity.text.starts_with('-')) {
                let text = text!(
                    "has `{value}`, which is no quantity such as 100m",
                    "に、100m のような数量ではない `{value}` が指定されています",
                    value = clipped(quantity)
                );
                return self.refused_setting(path, text);
            }
        }
        Ok(())
    }

    fn topology(&self) -> Checked {
        const PATH: &str = "topologyManagerPolicyOptions";
        const GATE: &str = "TopologyManagerPolicyOptions";
        let is_set = matches!(self.config.at(PATH).and_then(|leaf| leaf.value.as_ref()), Some(Json::Map(_)));
        if !is_set || self.enabled(GATE) {
            return Ok(());
        }
        self.refused_setting(
            PATH,
            text!(
                "needs the feature gate `{gate}`, which is off",
                "にはフィーチャーゲート `{gate}` が必要ですが、無効です",
                gate = GATE
            ),
        )
    }

    fn certificate(&self) -> Checked {
        if self.config.version.minor() >= ANSWERS_NOBODY {
            return Ok(());
        }
        match self.half_a_pair() {
            Some((set, missing)) => {
                let text = text!(
                    "is set without `{missing}`, which the kubelet's server needs",
                    "に対応する、kubelet のサーバーに必要な `{missing}` がありません",
                    missing
                );
                self.refused_setting(set, text)
            }
            None => Ok(()),
        }
    }

    /// A certificate without its key, or the other way round: the one that is set, and the one that is missing.
    fn half_a_pair(&self) -> Option<(&'static str, &'static str)> {
        const CERTIFICATE: &str = "tlsCertFile";
        const KEY: &str = "tlsPrivateKeyFile";
        let rotated = self.config.is_true("serverTLSBootstrap") && self.enabled("RotateKubeletServerCertificate");
        if rotated || !self.config.is_true("enableServer") {
            return None;
        }
        match (self.text(CERTIFICATE).is_empty(), self.text(KEY).is_empty()) {
            (false, true) => Some((CERTIFICATE, KEY)),
            (true, false) => Some((KEY, CERTIFICATE)),
            _ => None,
        }
    }
}
