//! What ends a kubelet that has passed validation: its second look at its own configuration, as far as that asks nothing of
//! the node. In its order: `InitializeTLS` and `run` (cmd/kubelet/app/server.go), `BuildAuthz` (cmd/kubelet/app/auth.go),
//! `NewContainerManager` (pkg/kubelet/cm/container_manager_linux.go), `NewMainKubelet` (pkg/kubelet/kubelet.go),
//! `ListenAndServeKubeletServer` (pkg/kubelet/server/server.go).

mod alone;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::config::{Config, Leaf};
use super::gates::Gates;
use super::options::{self, Maturity, PolicyOption};
use super::precedence::NodeFlags;
use super::problems::Problems;
use super::surface::Version;
use super::{Read, Refused, clipped, eviction, quantity, values};
use crate::digits;
use crate::json::Json;
use crate::message::{Text, Words, message};
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

const SUITES: &str = "tlsCipherSuites";
const HARD: &str = "evictionHard";
const SOFT: &str = "evictionSoft";
const GRACE_PERIODS: &str = "evictionSoftGracePeriod";

const PROCESSORS: &str = "cpuManagerPolicy";
const TOPOLOGY: &str = "topologyManagerPolicy";

const MEMORY_POLICY: &str = "memoryManagerPolicy";

/// Resources, as maps of them have them.
const CPU: &str = "cpu";
const MEMORY: &str = "memory";

/// What `kubeReserved` and `systemReserved` can hold.
const RESERVABLE: [&str; 4] = [CPU, "memory", "ephemeral-storage", "pid"];

/// Refuses what ends the kubelet soon after its start. `has_version` is whether its version is known.
///
/// # Errors
/// The first thing that does.
pub fn check(config: &Config, flags: &NodeFlags, gates: &Gates, has_version: bool) -> Result<(), Box<Refused>> {
    let rules = Rules { config, flags, gates, has_version };
    rules.tls()?;
    rules.lock_file()?;
    rules.hostname()?;
    rules.before_main()?;
    rules.value("authorization.mode", readers::authorization)?;
    rules.reserved("kubeReserved")?;
    rules.reserved("systemReserved")?;
    rules.each(HARD, eviction::threshold)?;
    rules.each("qosReserved", readers::part_of_memory)?;
    rules.topology()?;
    rules.managers()?;
    rules.each(SOFT, eviction::threshold)?;
    rules.each(GRACE_PERIODS, eviction::grace_period)?;
    rules.each("evictionMinimumReclaim", eviction::minimum_reclaim)?;
    rules.grace_periods()?;
    rules.in_main()?;
    rules.value("containerLogMaxSize", readers::log_size)?;
    rules.certificate()?;
    rules.suites_of_http2()
}

/// Notes what does not end the kubelet, but leaves it without use.
pub fn note(config: &Config, flags: &NodeFlags, gates: &Gates, problems: &mut Problems) {
    let rules = Rules { config, flags, gates, has_version: true };
    if config.is_true("runOnce") {
        let text = words!(
            "`runOnce`: this kubelet runs its static pods, and ends",
            "`runOnce`: この kubelet は静的 Pod を実行すると終了します"
        );
        let place = config.at("runOnce").and_then(Leaf::decider).map_or(Place::Target, |claim| claim.place);
        problems.add(Severity::Medium, message("runs-once", text), place);
    }
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
    has_version: bool,
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
        if let Some(Json::List(suites)) = self.config.get(SUITES) {
            let unknown = suites.iter().filter_map(Json::as_text).find(|suite| !CIPHER_SUITES.contains(suite));
            if let Some(unknown) = unknown {
                return self.refused_setting(
                    SUITES,
                    text!(
                        "names `{name}`, which is no cipher suite",
                        "に、暗号スイートではない `{name}` が指定されています",
                        name = clipped(unknown)
                    ),
                );
            }
        }
        self.value("tlsMinVersion", readers::tls_version)?;
        self.curves()
    }

    fn curves(&self) -> Checked {
        const PATH: &str = "tlsCurvePreferences";
        let Some(Json::List(curves)) = self.config.get(PATH) else { return Ok(()) };
        let curves: Vec<_> = curves.iter().filter_map(Json::as_int).collect();
        for (index, curve) in curves.iter().enumerate() {
            if !CURVES.contains(curve) || curves[..index].contains(curve) {
                let curve = digits::number(*curve);
                let text = text!(
                    "names {curve}, which is no curve, or twice",
                    "の {curve} は曲線ではないか、重複しています",
                    curve
                );
                return self.refused_setting(PATH, text);
            }
        }
        Ok(())
    }

    /// The value of a flag that has no place in a file.
    fn flag(&self, name: &str) -> Option<&Json> {
        self.flags.get(name)?.value.as_ref()
    }

    fn lock_file(&self) -> Checked {
        const EXIT: &str = "exit-on-lock-contention";
        let is_named = self.flag("lock-file").is_some_and(|path| path.as_text() != Some(""));
        if self.flag(EXIT) != Some(&Json::Bool(true)) || is_named {
            return Ok(());
        }
        let text =
            text!("`--{setting}` needs `--lock-file`", "`--{setting}` には `--lock-file` が必要です", setting = EXIT);
        self.refused(self.flags.get(EXIT), text)
    }

    /// `GetHostname` (k8s.io/component-helpers/node/util): blanks are taken away, but only from what is not empty.
    fn hostname(&self) -> Checked {
        const OVERRIDE: &str = "hostname-override";
        let name = self.flag(OVERRIDE).and_then(Json::as_text).unwrap_or_default();
        if name.is_empty() || !name.trim().is_empty() {
            return Ok(());
        }
        let text = text!("`--{setting}` is blank", "`--{setting}` が空白です", setting = OVERRIDE);
        self.refused(self.flags.get(OVERRIDE), text)
    }

    /// A text that is read once more.
    fn value(&self, path: &str, read: fn(&str) -> Read) -> Checked {
        let value = self.text(path);
        let Err(wanted) = read(value) else { return Ok(()) };
        let value = clipped(value);
        self.refused_setting(
            path,
            text!("is `{value}`, not {wanted}", "の値 `{value}` は {wanted} ではありません", value, wanted),
        )
    }

    /// The names and texts of a map.
    fn entries(&self, path: &str) -> Vec<(&str, &str)> {
        let Some(Json::Map(map)) = self.config.get(path) else { return vec![] };
        map.iter().map(|(name, value)| (name.as_str(), value.as_text().unwrap_or_default())).collect()
    }

    /// A map whose entries are read once more.
    fn each(&self, path: &str, read: fn(&str, &str, Version) -> Read) -> Checked {
        for (name, value) in self.entries(path) {
            if let Err(wanted) = read(name, value, self.config.version) {
                return self.refused_entry(path, name, value, wanted);
            }
        }
        Ok(())
    }

    fn refused_entry(&self, path: &str, name: &str, value: &str, wanted: Words) -> Checked {
        let entry = [&clipped(name), ": ", &clipped(value)].concat();
        self.refused_setting(
            path,
            text!("has `{entry}`, not {wanted}", "の `{entry}` は {wanted} ではありません", entry, wanted),
        )
    }

    /// `parseResourceList`. Processors that are listed take the place of those that the maps have.
    fn reserved(&self, path: &str) -> Checked {
        for (name, value) in self.entries(path) {
            if name == CPU && self.lists_processors() {
                continue;
            }
            if let Err(wanted) = readers::reserved(name, value) {
                return self.refused_entry(path, name, value, wanted);
            }
        }
        Ok(())
    }

    fn lists_processors(&self) -> bool {
        !self.text("reservedSystemCPUs").is_empty()
    }

    /// Every soft threshold that counts needs one.
    fn grace_periods(&self) -> Checked {
        let periods = self.entries(GRACE_PERIODS);
        for (name, value) in self.entries(SOFT) {
            if eviction::counts(value) && !periods.iter().any(|(signal, _)| *signal == name) {
                let wanted = words!("a threshold with a grace period", "猶予期間のあるしきい値");
                return self.refused_entry(SOFT, name, value, wanted);
            }
        }
        Ok(())
    }

    /// `NewManager` (pkg/kubelet/cm/cpumanager, pkg/kubelet/cm/memorymanager).
    fn managers(&self) -> Checked {
        if self.is_there("CPUManager", 26) {
            self.value(PROCESSORS, readers::policy_of_processors)?;
            if self.text(PROCESSORS) == "static" && !self.reserves_processors() {
                return self.refused_setting(
                    PROCESSORS,
                    words!(
                        "is `static`, and no processor is reserved for the system",
                        "が `static` ですが、システム用の CPU が予約されていません"
                    ),
                );
            }
            self.options_of_processors()?;
        }
        if self.is_there("MemoryManager", 32) {
            self.value(MEMORY_POLICY, readers::policy_of_memory)?;
            if self.text(MEMORY_POLICY) == "Static" {
                return self.reserves_memory();
            }
        }
        Ok(())
    }

    /// `validateReservedMemory` (pkg/kubelet/cm/memorymanager/memory_manager.go): what is reserved node by node is what pods
    /// do not get, as far as it is told in bytes.
    fn reserves_memory(&self) -> Checked {
        let items = match self.config.get("reservedMemory") {
            Some(Json::List(items)) => &items[..],
            _ => &[],
        };
        let of_node: Vec<_> =
            items.iter().filter_map(|item| item.member("limits")?.member(MEMORY)?.as_text()).collect();
        if of_node.is_empty() {
            let what = words!(
                "is `Static`, and `reservedMemory` has no memory",
                "が `Static` ですが、`reservedMemory` に memory がありません"
            );
            return self.refused_setting(MEMORY_POLICY, what);
        }
        let named = |path: &str, name: &str| {
            let value = self.entries(path).into_iter().find(|(known, _)| *known == name).map(|(_, value)| value);
            value.filter(|value| path != HARD || eviction::counts(value))
        };
        let kept = [named("kubeReserved", MEMORY), named("systemReserved", MEMORY), named(HARD, "memory.available")];
        let sum = |all: &mut dyn Iterator<Item = &str>| all.map(quantity::bytes).sum::<Option<i128>>();
        let (reserved, kept) = (sum(&mut of_node.into_iter()), sum(&mut kept.into_iter().flatten()));
        match (reserved, kept) {
            (Some(reserved), Some(kept)) if reserved != kept => self.refused_setting(
                "reservedMemory",
                words!(
                    "has not the memory of kubeReserved, systemReserved and evictionHard together",
                    "の memory が kubeReserved、systemReserved、evictionHard の合計と一致しません"
                ),
            ),
            _ => Ok(()),
        }
    }

    fn reserves_processors(&self) -> bool {
        let some = |(name, value): &(&str, &str)| {
            *name == CPU && quantity::read(value).is_some_and(|quantity| quantity.sign() == Ordering::Greater)
        };
        let has_some = |path: &str| self.entries(path).iter().any(some);
        self.lists_processors() || has_some("systemReserved") || has_some("kubeReserved")
    }

    fn topology(&self) -> Checked {
        const PATH: &str = "topologyManagerPolicyOptions";
        if self.is_map(PATH) {
            self.needs_gate(PATH, "TopologyManagerPolicyOptions")?;
        }
        if !self.manages_topology() || self.text(TOPOLOGY) == "none" {
            return Ok(());
        }
        let gates = ["TopologyManagerPolicyAlphaOptions", "TopologyManagerPolicyBetaOptions"];
        self.options(PATH, &options::OF_TOPOLOGY, gates)
    }

    fn manages_topology(&self) -> bool {
        self.is_there("TopologyManager", 27)
    }

    fn options_of_processors(&self) -> Checked {
        const PATH: &str = "cpuManagerPolicyOptions";
        if self.is_map(PATH) && self.config.version.minor() < 33 {
            self.needs_gate(PATH, "CPUManagerPolicyOptions")?;
        }
        let set = self.entries(PATH);
        if self.text(PROCESSORS) == "none" {
            let what = words!("needs `cpuManagerPolicy: static`", "には `cpuManagerPolicy: static` が必要です");
            return if set.is_empty() { Ok(()) } else { self.refused_setting(PATH, what) };
        }
        self.options(PATH, &options::OF_PROCESSORS, ["CPUManagerPolicyAlphaOptions", "CPUManagerPolicyBetaOptions"])?;
        let is_on = |name: &str| set.iter().any(|(set, value)| *set == name && values::bool(value) == Some(true));
        let excludes = |what: &str, other: &str| {
            self.refused_setting(
                PATH,
                text!(
                    "has `{what}`, which `{other}` excludes",
                    "の `{what}` は `{other}` と同時に使えません",
                    what,
                    other
                ),
            )
        };
        for [what, other] in options::EXCLUSIVE {
            if is_on(what) && is_on(other) {
                return excludes(what, other);
            }
        }
        let node_by_node = "single-numa-node";
        if is_on(options::BY_SOCKET) && self.manages_topology() && self.text(TOPOLOGY) == node_by_node {
            return excludes(options::BY_SOCKET, &[TOPOLOGY, ": ", node_by_node].concat());
        }
        Ok(())
    }

    /// Options that the version knows, with the gates for those that are alpha or beta.
    fn options(&self, path: &str, known: &[PolicyOption], [alpha, beta]: [&str; 2]) -> Checked {
        for (name, value) in self.entries(path) {
            match options::read(known, self.config.version.minor(), name, value) {
                Ok(Maturity::Alpha) => self.needs_gate(path, alpha)?,
                Ok(Maturity::Beta) => self.needs_gate(path, beta)?,
                Ok(Maturity::Stable) => {}
                Err(wanted) => return self.refused_entry(path, name, value, wanted),
            }
        }
        Ok(())
    }

    /// Whether a map is set, be it empty.
    fn is_map(&self, path: &str) -> bool {
        matches!(self.config.get(path), Some(Json::Map(_)))
    }

    fn needs_gate(&self, path: &str, gate: &str) -> Checked {
        if self.enabled(gate) {
            return Ok(());
        }
        self.refused_setting(
            path,
            text!(
                "needs the feature gate `{gate}`, which is off",
                "にはフィーチャーゲート `{gate}` が必要ですが、無効です",
                gate
            ),
        )
    }

    /// Before what it is for was stable, a gate could switch it off.
    fn is_there(&self, gate: &str, stable: u8) -> bool {
        self.config.version.minor() >= stable || self.enabled(gate)
    }

    /// Go's server of HTTP/2 takes no list of suites without one of these (`http2ConfigureServer`, net/http); the kubelet's server
    /// speaks it always.
    fn suites_of_http2(&self) -> Checked {
        const REQUIRED: [&str; 2] =
            ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];
        let Some(Json::List(suites)) = self.config.get(SUITES) else { return Ok(()) };
        let has_any = suites.iter().filter_map(Json::as_text).any(|suite| REQUIRED.contains(&suite));
        let serves = self.config.is_true("enableServer") && self.text("tlsMinVersion") != "VersionTLS13";
        if suites.is_empty() || has_any || !serves {
            return Ok(());
        }
        let [rsa, ecdsa] = REQUIRED;
        self.refused_setting(
            SUITES,
            text!(
                "has neither `{rsa}` nor `{ecdsa}`, one of which the kubelet's server needs for HTTP/2",
                "には、kubelet のサーバーが HTTP/2 に必要とする `{rsa}` も `{ecdsa}` もありません",
                rsa,
                ecdsa
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

/// What texts have to be when they are read once more.
mod readers {
    use core::cmp::Ordering;

    use super::super::{Read, quantity, wanted};
    use super::{RESERVABLE, TLS_VERSIONS, Version};

    pub fn tls_version(least: &str) -> Read {
        wanted(
            TLS_VERSIONS.contains(&least),
            words!("a version such as `VersionTLS12`", "`VersionTLS12` のようなバージョン"),
        )
    }

    pub fn authorization(mode: &str) -> Read {
        wanted(
            matches!(mode, "AlwaysAllow" | "Webhook"),
            words!("`Webhook` or `AlwaysAllow`", "`Webhook` または `AlwaysAllow`"),
        )
    }

    pub fn reserved(name: &str, value: &str) -> Read {
        wanted(
            RESERVABLE.contains(&name),
            words!("one of cpu, memory, ephemeral-storage and pid", "cpu、memory、ephemeral-storage、pid のいずれか"),
        )?;
        let is_fine = quantity::read(value).is_some_and(|quantity| quantity.sign() != Ordering::Less);
        wanted(is_fine, words!("a quantity such as 100m", "100m のような数量"))
    }

    /// `ParseQOSReserved`
    pub fn part_of_memory(name: &str, value: &str, _: Version) -> Read {
        let number = value.strip_suffix('%').and_then(|number| number.trim_end_matches('%').parse().ok());
        let is_fine = name == "memory" && number.is_some_and(|number: i64| (0..=100).contains(&number));
        wanted(is_fine, words!("memory from 0% to 100%", "0%〜100% の memory"))
    }

    pub fn policy_of_processors(policy: &str) -> Read {
        wanted(matches!(policy, "none" | "static"), words!("`none` or `static`", "`none` または `static`"))
    }

    pub fn policy_of_memory(policy: &str) -> Read {
        wanted(matches!(policy, "None" | "Static"), words!("`None` or `Static`", "`None` または `Static`"))
    }

    /// `NewContainerLogManager` (pkg/kubelet/logs/container_log_manager.go); below zero, logs are not rotated.
    pub fn log_size(size: &str) -> Read {
        let is_fine = quantity::read(size).is_some_and(|quantity| !quantity.text.ends_with(['n', 'u', 'm']));
        wanted(is_fine, words!("a size such as 10Mi", "10Mi のようなサイズ"))
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Stage;
    use crate::support::Node;

    /// Why a kubelet ends after validation, with this configuration beside its header; empty where it stays up.
    fn end(version: &str, config: &str) -> String {
        let node = Node::new("--container-runtime-endpoint=unix:///run/c").option("version", version);
        let refusals = node.config(config).report(&[]).refusals;
        let said = |refusal: &crate::model::Refusal| {
            assert_eq!(refusal.stage, Stage::Run, "{config}: {}", refusal.message.text);
            refusal.message.text.clone()
        };
        refusals.first().map(said).unwrap_or_default()
    }

    fn ends(version: &str, config: &str, why: &str) {
        let said = end(version, config);
        assert!(said.contains(why), "{config}: {said}");
    }

    fn stays_up(version: &str, config: &str) {
        assert_eq!(end(version, config), "", "{config}");
    }

    #[test]
    fn thresholds_of_eviction() {
        const NEW: &str = "1.37";
        ends(NEW, "evictionHard: {memory.available: abc}", "`memory.available: abc`, not a quantity above 0");
        ends(NEW, "evictionHard: {foo.bar: 10%}", "`foo.bar: 10%`, not a signal such as");
        stays_up(NEW, "evictionHard: {memory.available: 0%, pid.available: 5%, containerfs.available: 1Gi}");
        ends("1.28", "evictionHard: {containerfs.available: 1Gi}", "not a signal such as");
        ends(NEW, "evictionSoft: {memory.available: 1Gi}", "not a threshold with a grace period");
        stays_up(NEW, "evictionSoft: {memory.available: 0%}");
        let soft = "evictionSoft: {memory.available: 1Gi}\nevictionSoftGracePeriod: {memory.available: ";
        stays_up(NEW, &[soft, "1m}"].concat());
        ends(NEW, &[soft, "-1m}"].concat(), "not a duration");
        ends(NEW, "evictionMinimumReclaim: {memory.available: x}", "not a quantity, or a percentage above 0%");
    }

    #[test]
    fn what_is_reserved() {
        const NEW: &str = "1.37";
        let gate = "featureGates: {QOSReserved: true}\nqosReserved: ";
        ends(NEW, &[gate, "{memory: abc}"].concat(), "not memory from 0% to 100%");
        ends(NEW, &[gate, "{cpu: 50%}"].concat(), "not memory from 0% to 100%");
        stays_up(NEW, &[gate, "{memory: 50%}"].concat());
        ends(NEW, "kubeReserved: {cpu: abc}", "not a quantity such as 100m");
        ends(NEW, "kubeReserved: {cpu: '-1'}", "not a quantity such as 100m");
        // What is listed takes the place of processors in the maps before these are read.
        let listed = "reservedSystemCPUs: '0'\n";
        stays_up(NEW, &[listed, "kubeReserved: {cpu: abc}\nsystemReserved: {cpu: '-1'}"].concat());
        ends(NEW, &[listed, "kubeReserved: {memory: abc}"].concat(), "not a quantity such as 100m");
    }

    #[test]
    fn options_of_policies() {
        const NEW: &str = "1.37";
        let fixed = "cpuManagerPolicy: static\nreservedSystemCPUs: '0'\n";
        let options = |text: &str| [fixed, "cpuManagerPolicyOptions: ", text].concat();
        ends(
            NEW,
            "cpuManagerPolicyOptions: {full-pcpus-only: 'true'}",
            "`cpuManagerPolicyOptions` needs `cpuManagerPolicy: static`",
        );
        stays_up(NEW, "cpuManagerPolicyOptions: {}");
        stays_up(NEW, &options("{full-pcpus-only: 'true', distribute-cpus-across-numa: 'T'}"));
        ends(NEW, &options("{full-pcpus: 'true'}"), "has `full-pcpus: true`, not an option that this version knows");
        ends("1.31", &options("{strict-cpu-reservation: 'true'}"), "not an option that this version knows");
        ends(
            "1.32",
            &options("{strict-cpu-reservation: 'true'}"),
            "needs the feature gate `CPUManagerPolicyAlphaOptions`",
        );
        stays_up("1.33", &options("{strict-cpu-reservation: 'true'}"));
        let without_beta = "featureGates: {CPUManagerPolicyBetaOptions: false}\n";
        ends("1.33", &[without_beta, &options("{strict-cpu-reservation: 'true'}")].concat(), "which is off");
        stays_up("1.35", &options("{strict-cpu-reservation: 'true'}"));
        ends(NEW, &options("{full-pcpus-only: 'yes'}"), "not `true` or `false`");
        let alpha = "featureGates: {CPUManagerPolicyAlphaOptions: true}\n";
        let both = "{full-pcpus-only: 'true', distribute-cpus-across-cores: 'true'}";
        ends(
            NEW,
            &[alpha, &options(both)].concat(),
            "has `full-pcpus-only`, which `distribute-cpus-across-cores` excludes",
        );
        let one = "{full-pcpus-only: 'false', distribute-cpus-across-cores: 'true'}";
        stays_up(NEW, &[alpha, &options(one)].concat());
        let by_socket = [alpha, &options("{align-by-socket: 'true'}\n")].concat();
        stays_up(NEW, &by_socket);
        let why = "has `align-by-socket`, which `topologyManagerPolicy: single-numa-node` excludes";
        ends(NEW, &[&by_socket, "topologyManagerPolicy: single-numa-node"].concat(), why);
        let off = "featureGates: {CPUManagerPolicyOptions: false}\n";
        ends("1.30", &[off, &options("{}")].concat(), "needs the feature gate `CPUManagerPolicyOptions`, which is off");
        // Without a policy for NUMA nodes, nobody looks at its options.
        let topology = |text: &str| ["topologyManagerPolicyOptions: ", text, "\n"].concat();
        stays_up(NEW, &topology("{a: b}"));
        stays_up(NEW, &topology("{a: b}"));
        let best = |text: &str| ["topologyManagerPolicy: best-effort\n", &topology(text)].concat();
        ends(NEW, &best("{a: b}"), "not an option that this version knows");
        ends(NEW, &best("{max-allowable-numa-nodes: '7'}"), "not a whole number from 8 on");
        stays_up(NEW, &best("{max-allowable-numa-nodes: '+8', prefer-closest-numa-nodes: '1'}"));
        ends("1.30", &best("{max-allowable-numa-nodes: '8'}"), "not an option that this version knows");
    }

    #[test]
    fn memory_of_nodes() {
        const NEW: &str = "1.37";
        let fixed = |rest: &str| ["memoryManagerPolicy: Static\n", rest].concat();
        let nodes =
            "reservedMemory: [{numaNode: 0, limits: {memory: 100Mi}}, {numaNode: 1, limits: {memory: 156Mi}}]\n";
        ends(NEW, &fixed(""), "`memoryManagerPolicy` is `Static`, and `reservedMemory` has no memory");
        ends(NEW, &fixed(nodes), "has not the memory of kubeReserved, systemReserved and evictionHard together");
        // Beside the default of the threshold, which is 100Mi.
        stays_up(NEW, &fixed(&[nodes, "kubeReserved: {memory: 156Mi}\n"].concat()));
        let without = "evictionHard: {memory.available: 0%}\nsystemReserved: {memory: '268435456'}\n";
        stays_up(NEW, &fixed(&[nodes, without].concat()));
        // How much a part of all memory is, the node alone knows.
        stays_up(NEW, &fixed(&[nodes, "evictionHard: {memory.available: 5%}\n"].concat()));
        stays_up(NEW, nodes);
    }

    #[test]
    fn what_is_told_in_one_setting() {
        const NEW: &str = "1.37";
        ends(NEW, "allowedUnsafeSysctls: [vm.swappiness]", "has `vm.swappiness`, which is not known to be namespaced");
        ends(NEW, "allowedUnsafeSysctls: ['foo bar']", "not known to be namespaced");
        stays_up(NEW, "allowedUnsafeSysctls: ['kernel.msg*', 'net.*', 'net/ipv4/tcp_mem', user.max_user_namespaces]");
        ends("1.36", "allowedUnsafeSysctls: [user.max_user_namespaces]", "not known");
        ends(NEW, "allowedUnsafeSysctls: ['kernel.shm_*']", "not known");
        stays_up("1.28", "allowedUnsafeSysctls: ['kernel.shm_*']");
        ends("1.24", "seccompDefault: true", "needs the feature gate `SeccompDefault`, which is off");
        stays_up("1.25", "seccompDefault: true");
        ends(NEW, "imageServiceEndpoint: tcp://a", "not a socket such as");
        ends(NEW, "imageServiceEndpoint: ':foo'", "not a socket such as");
        stays_up(NEW, "imageServiceEndpoint: UNIX:///run/a");
        stays_up(NEW, "imageServiceEndpoint: /run/a");
        ends("1.28", "containerLogMaxFiles: 1", "`containerLogMaxFiles` is `1`, not above 1");
        ends(NEW, "syncFrequency: -1s", "`syncFrequency` is `-1s`, not above zero");
        ends(NEW, "runtimeRequestTimeout: -1s", "not above zero");
        stays_up("1.36", "runtimeRequestTimeout: -1s");
        stays_up(NEW, "fileCheckFrequency: -1s");
        ends(NEW, "fileCheckFrequency: -1s\nstaticPodPath: /m", "not above zero");
        ends(NEW, "address: foo", "`address` is `foo`, not an IP address");
        stays_up(NEW, "address: foo\nenableServer: false");
        stays_up(NEW, "address: '::'");
        ends(NEW, "readOnlyPort: 10250", "`readOnlyPort` is `10250`, not another one than `port`");
        ends("1.27", "iptablesDropBit: 14", "is `iptablesMasqueradeBit`, too");
        stays_up("1.27", "iptablesDropBit: 14\nmakeIPTablesUtilChains: false");
        ends("1.25", "configMapAndSecretChangeDetectionStrategy: Foo", "not Get, Cache or Watch");
        stays_up("1.26", "configMapAndSecretChangeDetectionStrategy: Foo");
        ends(NEW, "systemCgroups: /\ncgroupRoot: /", "`systemCgroups` is the root");
    }

    #[test]
    fn what_is_told_in_flags() {
        let end = |version: &str, flags: &str| {
            let runtime = "--container-runtime-endpoint=unix:///run/c ";
            let refusals = Node::new(&[runtime, flags].concat()).option("version", version).report(&[]).refusals;
            refusals.first().map(|refusal| refusal.message.text.clone()).unwrap_or_default()
        };
        let ends = |version, flags, why| assert!(end(version, flags).contains(why), "{flags}: {}", end(version, flags));
        let stays_up = |version, flags| assert_eq!(end(version, flags), "", "{flags}");
        ends("1.37", "--cloud-provider=aws", "`--cloud-provider` is `aws`, not `external`, nor built in");
        ends("1.29", "--cloud-provider=azure", "nor built in");
        ends("1.24", "--cloud-provider=foo", "nor built in");
        stays_up("1.24", "--cloud-provider=aws");
        stays_up("1.28", "--cloud-provider=azure");
        stays_up("1.37", "--cloud-provider=external");
        ends("1.37", "--node-ip=10.0.0.1,10.0.0.2", "not one address, or one of each family");
        ends("1.37", "--node-ip=::,10.0.0.2", "not one address, or one of each family");
        stays_up("1.37", "--node-ip=fd00::1,10.0.0.2,x --cloud-provider=external");
        ends("1.28", "--node-ip=fd00::1,10.0.0.2 --cloud-provider=external", "not one address");
        ends("1.26", "--image-credential-provider-config=/c", "needs `--image-credential-provider-bin-dir`");
        ends("1.37", "--image-credential-provider-bin-dir=/c", "needs `--image-credential-provider-config`");
        ends("1.37", "--root-dir=", "`--root-dir` is ``, not a directory");
        ends("1.37", "--sync-frequency=0", "not above zero");
    }

    #[test]
    fn suites_of_http2() {
        let list = |suites: &str| ["tlsCipherSuites: [", suites, "]\n"].concat();
        let lacking = list("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256");
        for version in ["1.24", "1.30", "1.37"] {
            ends(version, &lacking, "has neither `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` nor");
            stays_up(version, &list("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
            stays_up(version, &list(""));
            stays_up(version, &[&lacking, "tlsMinVersion: VersionTLS13"].concat());
            stays_up(version, &[&lacking, "enableServer: false"].concat());
        }
    }

    #[test]
    fn a_blank_hostname() {
        let refusals = |name: &str| {
            let node = Node::new("--container-runtime-endpoint=unix:///run/c");
            node.argument(&["--hostname-override=", name].concat()).report(&[]).refusals
        };
        assert_eq!(refusals("").len(), 0);
        assert_eq!(refusals("\u{a0}\t")[0].message.text, "`--hostname-override` is blank");
    }

    #[test]
    fn policies_of_managers() {
        const NEW: &str = "1.37";
        ends(NEW, "cpuManagerPolicy: foo", "`cpuManagerPolicy` is `foo`, not `none` or `static`");
        ends(NEW, "memoryManagerPolicy: static", "not `None` or `Static`");
        ends(NEW, "cpuManagerPolicy: static", "no processor is reserved");
        ends(NEW, "cpuManagerPolicy: static\nkubeReserved: {cpu: '0'}", "no processor is reserved");
        stays_up(NEW, "cpuManagerPolicy: static\nsystemReserved: {cpu: 500m}");
        stays_up(NEW, "cpuManagerPolicy: static\nreservedSystemCPUs: '0'");
        ends("1.25", "cpuManagerPolicy: foo", "not `none` or `static`");
        stays_up("1.25", "cpuManagerPolicy: foo\nfeatureGates: {CPUManager: false}");
    }

    #[test]
    fn sizes_of_logs() {
        ends("1.37", "containerLogMaxSize: abc", "not a size such as 10Mi");
        ends("1.37", "containerLogMaxSize: 1500m", "not a size such as 10Mi");
        stays_up("1.37", "containerLogMaxSize: '-1'");
    }
}
