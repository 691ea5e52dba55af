//! The kubelet's own validation, the last thing before it runs (`ValidateKubeletConfiguration`,
//! pkg/kubelet/apis/config/validation). What looks at the host assumes Linux with cgroup v2.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Refused;
use super::config::Config;
use super::gates::Gates;
use super::{images, quantity, url, values};
use crate::collections::Map;
use crate::digits;
use crate::json::Json;
use crate::message::{Text, Words, message};
use crate::model::{Place, Stage};

/// Refuses what the kubelet refuses.
///
/// # Errors
/// The first thing that is wrong.
pub fn validate(config: &Config, gates: &Gates) -> Result<(), Box<Refused>> {
    let rules = Rules { config, gates };
    rules.logging()?;
    rules.numbers()?;
    rules.images()?;
    rules.cpu()?;
    rules.certificates()?;
    rules.choices()?;
    rules.shutdown()?;
    rules.swap_and_memory()?;
    rules.back_off()?;
    rules.allocatable()?;
    rules.taints()?;
    rules.reserved_memory()?;
    rules.host()?;
    rules.containers()?;
    // Not locked as other gates are, but told apart a little later (`NewKubeletCommand`, cmd/kubelet/app/server.go).
    let dynamic = !rules.since(26) && rules.gate("DynamicKubeletConfig");
    rules.require(
        !dynamic,
        "featureGates",
        words!(
            "leave `DynamicKubeletConfig` off: what it stood for is gone",
            "`DynamicKubeletConfig` を有効にできません（その機能は廃止されました）"
        ),
    )
}

type Checked = Result<(), Box<Refused>>;

struct Rules<'a> {
    config: &'a Config,
    gates: &'a Gates,
}

impl Rules<'_> {
    /// Refuses a field's value unless `fine`.
    fn require(&self, fine: bool, path: &str, must: Words) -> Checked {
        if fine { Ok(()) } else { self.refuse(path, must.into()) }
    }

    /// Refuses a field's value.
    fn refuse(&self, path: &str, must: Text) -> Checked {
        let place = self.config.at(path).and_then(|leaf| leaf.decider()).map_or(Place::Target, |claim| claim.place);
        let value = self.config.value(path).unwrap_or(Json::Null);
        let text = text!(
            "`{setting}` must {must}, and is {value}",
            "`{setting}` は、{must}（現在の値: {value}）",
            setting = path,
            must,
            value = super::clipped(&value.to_json())
        );
        Err(Refused::new(Stage::Validate, message("invalid", text), place))
    }

    /// Whether the kubelet is 1.`minor` or newer.
    fn since(&self, minor: u8) -> bool {
        self.config.version.minor() >= minor
    }

    fn gate(&self, name: &str) -> bool {
        self.gates.enabled(name, self.config.version)
    }

    /// An integer; `None` where it is not set, or the version does not have it.
    fn int(&self, path: &str) -> Option<i64> {
        self.config.int(path)
    }

    fn text(&self, path: &str) -> Option<&str> {
        self.config.text(path)
    }

    /// Whether this is the text at a path.
    fn is(&self, path: &str, text: &str) -> bool {
        self.text(path) == Some(text)
    }

    /// Whether there is a text at a path.
    fn has_text(&self, path: &str) -> bool {
        self.text(path).is_some_and(|text| !text.is_empty())
    }

    /// A duration in nanoseconds.
    fn duration(&self, path: &str) -> Option<i64> {
        match self.config.get(path) {
            Some(Json::Int(nanoseconds)) => Some(*nanoseconds),
            _ => self.text(path).and_then(values::duration),
        }
    }

    fn is_true(&self, path: &str) -> bool {
        self.config.is_true(path)
    }

    fn count(&self, path: &str) -> usize {
        match self.config.get(path) {
            Some(Json::List(items)) => items.len(),
            Some(Json::Map(map)) => map.len(),
            _ => 0,
        }
    }

    fn range(&self, path: &str, least: i64, most: i64) -> Checked {
        // Texts are for what is wrong: nearly nothing is.
        if self.int(path).is_none_or(|value| (least..=most).contains(&value)) {
            return Ok(());
        }
        let (least, highest) = (digits::number(least), digits::number(most));
        let must = match most {
            i64::MAX => text!("be {least} or greater", "{least} 以上でなければなりません", least),
            _ => text!(
                "be between {least} and {most}",
                "{least} から {most} の範囲でなければなりません",
                least,
                most = highest
            ),
        };
        self.refuse(path, must)
    }

    fn one_of(&self, path: &str, known: &[&str]) -> Checked {
        if self.text(path).is_none_or(|value| known.contains(&value)) {
            return Ok(());
        }
        let list: Vec<_> = known.iter().map(|known| ["`", known, "`"].concat()).collect();
        self.refuse(path, text!("be one of {those}", "{those} のいずれかでなければなりません", those = list.join(", ")))
    }

    /// A setting that is refused while a gate is off.
    fn needs_gate(&self, is_set: bool, path: &str, gate: &str) -> Checked {
        if !is_set || self.gate(gate) {
            return Ok(());
        }
        self.refuse(
            path,
            text!(
                "not be set while the feature gate `{gate}` is off",
                "フィーチャーゲート `{gate}` が無効な間は設定できません",
                gate
            ),
        )
    }

    /// component-base logs/api/v1/options.go
    fn logging(&self) -> Checked {
        self.require(
            !self.since(35) || self.duration("logging.flushFrequency").is_none_or(|value| value > 0),
            "logging.flushFrequency",
            words!("be greater than zero", "ゼロより大きくなければなりません"),
        )?;
        self.one_of("logging.format", &["text", "json"])?;
        let json = self.is("logging.format", "json");
        // 1.24 has no gates for logging yet.
        if self.since(25) {
            self.needs_gate(json, "logging.format", "LoggingBetaOptions")?;
        }
        self.range("logging.verbosity", 0, i64::from(i32::MAX))?;
        self.require(
            !json || self.count("logging.vmodule") == 0,
            "logging.vmodule",
            words!("only be set for the text format", "text 形式の場合にだけ設定できます"),
        )?;
        if let Some(Json::List(items)) = self.config.get("logging.vmodule") {
            let fine = |item: &Json| {
                let Json::Map(item) = item else { return false };
                let pattern = item.get("filePattern").and_then(Json::as_text).unwrap_or_default();
                let level = item.get("verbosity").and_then(Json::as_int).unwrap_or(0);
                !pattern.is_empty() && !pattern.contains(['=', ',']) && level <= i64::from(i32::MAX)
            };
            self.require(
                items.iter().all(fine),
                "logging.vmodule",
                words!(
                    "have patterns without `=` and `,`, and small numbers",
                    "`=` や `,` を含まないパターンと小さい数値の組でなければなりません"
                ),
            )?;
        }
        for format in ["text", "json"].into_iter().filter(|_| self.since(25)) {
            let split = ["logging.options.", format, ".splitStream"].concat();
            self.needs_gate(self.is_true(&split), &split, "LoggingAlphaOptions")?;
            let buffer = ["logging.options.", format, ".infoBufferSize"].concat();
            self.needs_gate(
                self.text(&buffer).and_then(quantity::read).is_some_and(|size| !size.is_zero),
                &buffer,
                "LoggingAlphaOptions",
            )?;
        }
        Ok(())
    }

    fn numbers(&self) -> Checked {
        self.range("nodeLeaseDurationSeconds", 1, i64::MAX)?;
        let cgroups = self.has_text("systemCgroups") && self.is("cgroupRoot", "");
        self.require(
            !cgroups,
            "systemCgroups",
            words!("not be set without `cgroupRoot`", "`cgroupRoot` なしでは設定できません"),
        )?;
        for path in [
            "eventBurst",
            "eventRecordQPS",
            "kubeAPIBurst",
            "kubeAPIQPS",
            "maxOpenFiles",
            "maxPods",
            "podsPerCore",
            "registryBurst",
            "registryPullQPS",
        ] {
            self.range(path, 0, i64::MAX)?;
        }
        self.range("healthzPort", 0, 65535)?;
        self.range("port", 1, 65535)?;
        self.range("readOnlyPort", 0, 65535)?;
        self.range("iptablesDropBit", 0, 31)?;
        self.range("iptablesMasqueradeBit", 0, 31)?;
        self.range("nodeStatusMaxImages", -1, i64::MAX)?;
        self.range("oomScoreAdj", -1000, 1000)
    }

    fn images(&self) -> Checked {
        self.range("imageGCHighThresholdPercent", 0, 100)?;
        self.range("imageGCLowThresholdPercent", 0, 100)?;
        let below = self.int("imageGCLowThresholdPercent") < self.int("imageGCHighThresholdPercent");
        self.require(
            below,
            "imageGCLowThresholdPercent",
            words!(
                "be less than `imageGCHighThresholdPercent`",
                "`imageGCHighThresholdPercent` より小さくなければなりません"
            ),
        )?;
        let (least, most) =
            (self.duration("imageMinimumGCAge").unwrap_or(0), self.duration("imageMaximumGCAge").unwrap_or(0));
        self.needs_gate(most != 0, "imageMaximumGCAge", "ImageMaximumGCAge")?;
        self.require(
            least >= 0 || !self.since(36),
            "imageMinimumGCAge",
            words!("not be negative", "負であってはなりません"),
        )?;
        self.require(most >= 0, "imageMaximumGCAge", words!("not be negative", "負であってはなりません"))?;
        self.require(
            most == 0 || most > least,
            "imageMaximumGCAge",
            words!("be greater than `imageMinimumGCAge`", "`imageMinimumGCAge` より大きくなければなりません"),
        )?;
        self.range("maxParallelImagePulls", 1, i64::MAX)?;
        let several = self.int("maxParallelImagePulls").is_some_and(|pulls| pulls > 1);
        self.require(
            !(several && self.is_true("serializeImagePulls")),
            "maxParallelImagePulls",
            words!(
                "not be greater than 1 while `serializeImagePulls` is true",
                "`serializeImagePulls` が true の間は 1 より大きくできません"
            ),
        )?;
        self.image_credentials()
    }

    fn image_credentials(&self) -> Checked {
        const POLICY: &str = "imagePullCredentialsVerificationPolicy";
        const LIST: &str = "preloadedImagesVerificationAllowlist";
        let Some(policy) = self.text(POLICY) else { return Ok(()) };
        if !self.gate("KubeletEnsureSecretPulledImages") {
            self.needs_gate(!policy.is_empty(), POLICY, "KubeletEnsureSecretPulledImages")?;
            return self.needs_gate(self.count(LIST) > 0, LIST, "KubeletEnsureSecretPulledImages");
        }
        self.one_of(
            POLICY,
            &["NeverVerify", "NeverVerifyPreloadedImages", "NeverVerifyAllowlistedImages", "AlwaysVerify"],
        )?;
        let fine = self.count(LIST) == 0 || policy == "NeverVerifyAllowlistedImages";
        self.require(
            fine,
            LIST,
            words!(
                "only be set with the policy `NeverVerifyAllowlistedImages`",
                "ポリシー `NeverVerifyAllowlistedImages` の場合にだけ設定できます"
            ),
        )?;
        let Some(Json::List(patterns)) = self.config.value(LIST) else { return Ok(()) };
        let fine = patterns.iter().filter_map(Json::as_text).all(images::is_pattern);
        self.require(
            fine,
            LIST,
            words!(
                "have images without tag and digest, or what ends in `/*`",
                "タグやダイジェストのないイメージ、または `/*` で終わるものでなければなりません"
            ),
        )
    }

    fn cpu(&self) -> Checked {
        const PERIOD: &str = "cpuCFSQuotaPeriod";
        let Some(period) = self.duration(PERIOD) else { return Ok(()) };
        if self.gate("CustomCPUCFSQuotaPeriod") {
            let (least, must) = if self.since(26) {
                (1_000_000, words!("be between 1ms and 1s", "1ms から 1s の範囲でなければなりません"))
            } else {
                (1_000, words!("be between 1µs and 1s", "1µs から 1s の範囲でなければなりません"))
            };
            self.require((least..=1_000_000_000).contains(&period), PERIOD, must)?;
        } else {
            self.needs_gate(period != 100_000_000, PERIOD, "CustomCPUCFSQuotaPeriod")?;
        }
        let Some(cpus) = self.text("reservedSystemCPUs").filter(|cpus| !cpus.is_empty()) else { return Ok(()) };
        let cgroups = ["systemReservedCgroup", "kubeReservedCgroup"].map(|path| self.text(path).unwrap_or_default());
        let alone = cgroups.iter().all(|cgroup| cgroup.is_empty());
        self.require(
            alone,
            "reservedSystemCPUs",
            words!(
                "not be set together with `systemReservedCgroup` or `kubeReservedCgroup`",
                "`systemReservedCgroup` や `kubeReservedCgroup` と同時には設定できません"
            ),
        )?;
        self.require(
            is_cpu_set(cpus),
            "reservedSystemCPUs",
            words!("be a list of CPUs such as 0-3,5", "0-3,5 のような CPU のリストでなければなりません"),
        )
    }

    fn certificates(&self) -> Checked {
        self.needs_gate(self.is_true("serverTLSBootstrap"), "serverTLSBootstrap", "RotateKubeletServerCertificate")
    }

    fn choices(&self) -> Checked {
        const POLICY: &str = "topologyManagerPolicy";
        const SCOPE: &str = "topologyManagerScope";
        self.require(
            !(self.since(32) && self.is_true("runOnce")),
            "runOnce",
            words!("not be set: this mode is gone", "設定できません（このモードは廃止されました）"),
        )?;
        self.one_of(POLICY, &["none", "best-effort", "restricted", "single-numa-node"])?;
        self.one_of(SCOPE, &["container", "pod"])?;
        if !self.since(27) {
            self.needs_gate(self.text(POLICY).is_some_and(|policy| policy != "none"), POLICY, "TopologyManager")?;
            self.needs_gate(self.text(SCOPE).is_some_and(|scope| scope != "container"), SCOPE, "TopologyManager")?;
        }
        self.one_of("hairpinMode", &["none", "hairpin-veth", "promiscuous-bridge"])
    }

    fn shutdown(&self) -> Checked {
        const ALL: &str = "shutdownGracePeriod";
        const CRITICAL: &str = "shutdownGracePeriodCriticalPods";
        const BY_PRIORITY: &str = "shutdownGracePeriodByPodPriority";
        const SECOND: i64 = 1_000_000_000;
        let (all, critical) = (self.duration(ALL).unwrap_or(0), self.duration(CRITICAL).unwrap_or(0));
        if self.gate("GracefulNodeShutdown") {
            self.require(
                critical <= all,
                CRITICAL,
                words!("not be longer than `shutdownGracePeriod`", "`shutdownGracePeriod` より長くできません"),
            )?;
            self.require(
                all == 0 || all >= SECOND,
                ALL,
                words!("be zero, or 1s and longer", "ゼロか 1s 以上でなければなりません"),
            )?;
            self.require(
                critical == 0 || critical >= SECOND,
                CRITICAL,
                words!("be zero, or 1s and longer", "ゼロか 1s 以上でなければなりません"),
            )?;
        } else {
            self.needs_gate(all > 0, ALL, "GracefulNodeShutdown")?;
            self.needs_gate(critical > 0, CRITICAL, "GracefulNodeShutdown")?;
        }
        let by_priority = self.count(BY_PRIORITY) > 0;
        self.needs_gate(by_priority, BY_PRIORITY, "GracefulNodeShutdownBasedOnPodPriority")?;
        self.require(
            !(by_priority && (all > 0 || critical > 0)),
            BY_PRIORITY,
            words!("not be set together with `shutdownGracePeriod`", "`shutdownGracePeriod` と同時には設定できません"),
        )
    }

    fn swap_and_memory(&self) -> Checked {
        const SWAP: &str = "memorySwap.swapBehavior";
        if self.gate("NodeSwap") {
            self.one_of(SWAP, &["", "LimitedSwap", if self.since(30) { "NoSwap" } else { "UnlimitedSwap" }])?;
        } else {
            self.needs_gate(self.has_text(SWAP), SWAP, "NodeSwap")?;
        }
        const FACTOR: &str = "memoryThrottlingFactor";
        let factor = match self.config.get(FACTOR) {
            Some(Json::Float(value)) => Some(*value),
            Some(Json::Int(value)) => Some(*value as f64),
            _ => None,
        };
        if self.since(37) {
            // 0.9 was the default before, and is let through.
            self.needs_gate(factor.is_some_and(|factor| factor != 0.9), FACTOR, "MemoryQoS")?;
        }
        self.require(
            factor.is_none_or(|factor| factor > 0.0 && factor <= 1.0),
            FACTOR,
            words!("be greater than 0 and at most 1", "0 より大きく 1 以下でなければなりません"),
        )?;
        const POLICY: &str = "memoryReservationPolicy";
        self.needs_gate(self.is(POLICY, "TieredReservation"), POLICY, "MemoryQoS")?;
        self.one_of(POLICY, &["None", "TieredReservation"])
    }

    fn back_off(&self) -> Checked {
        const PERIOD: &str = "crashLoopBackOff.maxContainerRestartPeriod";
        let period = self.duration(PERIOD);
        if !self.gate("KubeletCrashLoopBackOffMax") {
            return self.needs_gate(period.is_some(), PERIOD, "KubeletCrashLoopBackOffMax");
        }
        let milliseconds = period.map(|period| period / 1_000_000);
        self.require(
            milliseconds.is_some_and(|period| (1_000..=300_000).contains(&period)),
            PERIOD,
            words!("be between 1s and 300s", "1s から 300s の範囲でなければなりません"),
        )
    }

    fn allocatable(&self) -> Checked {
        const PATH: &str = "enforceNodeAllocatable";
        const QOS: &str = "cgroupsPerQOS";
        let Some(Json::List(items)) = self.config.get(PATH) else { return Ok(()) };
        if !self.since(31) {
            // Even `none` alone was too much.
            let fine = items.is_empty() || self.is_true(QOS);
            self.require(
                fine,
                QOS,
                words!(
                    "be true while enforceNodeAllocatable is not empty",
                    "enforceNodeAllocatable が空でない間は true でなければなりません"
                ),
            )?;
        }
        let names: Vec<_> = items.iter().filter_map(Json::as_text).collect();
        for (at, &item) in names.iter().enumerate() {
            self.require(
                !names[..at].contains(&item) || !self.since(31),
                PATH,
                words!("name everything once", "同じものを 2 回指定できません"),
            )?;
            let cgroup = match item {
                "pods" => None,
                "system-reserved" => Some("systemReservedCgroup"),
                "kube-reserved" => Some("kubeReservedCgroup"),
                "system-reserved-compressible" if self.since(32) => Some("systemReservedCgroup"),
                "kube-reserved-compressible" if self.since(32) => Some("kubeReservedCgroup"),
                "none" => {
                    self.require(
                        items.len() == 1,
                        PATH,
                        words!("name nothing else beside `none`", "`none` と他のものを同時に指定できません"),
                    )?;
                    continue;
                }
                _ => {
                    return self.require(
                        false,
                        PATH,
                        words!(
                            "name only pods, system-reserved(-compressible), kube-reserved(-compressible) or none",
                            "pods、system-reserved(-compressible)、kube-reserved(-compressible)、none だけを指定できます"
                        ),
                    );
                }
            };
            if let Some(cgroup) = cgroup {
                self.require_for(self.has_text(cgroup), cgroup, item, words!("be set", "設定しなければなりません"))?;
            }
            self.require_for(self.is_true(QOS), QOS, item, words!("be true", "true でなければなりません"))?;
        }
        for reserved in ["system-reserved", "kube-reserved"] {
            let both = names.contains(&reserved) && names.contains(&&*[reserved, "-compressible"].concat());
            if both {
                return self.refuse(
                    PATH,
                    text!(
                        "not name both `{reserved}` and its compressible part",
                        "`{reserved}` と `{reserved}-compressible` を同時に指定できません",
                        reserved
                    ),
                );
            }
        }
        Ok(())
    }

    /// What an item of `enforceNodeAllocatable` needs.
    fn require_for(&self, fine: bool, path: &str, item: &str, must: Words) -> Checked {
        if fine {
            return Ok(());
        }
        self.refuse(
            path,
            text!(
                "{must} when enforceNodeAllocatable has `{item}`",
                "enforceNodeAllocatable に `{item}` がある場合、{must}",
                must,
                item
            ),
        )
    }

    fn taints(&self) -> Checked {
        const PATH: &str = "registerWithTaints";
        let Some(Json::List(taints)) = self.config.get(PATH) else { return Ok(()) };
        for taint in taints {
            let Json::Map(taint) = taint else { continue };
            let part = |name: &str| taint.get(name).and_then(Json::as_text).unwrap_or_default();
            let effect = matches!(part("effect"), "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute");
            let names = values::is_qualified_name(part("key")) && values::is_label_value(part("value"));
            self.require(
                effect && names && taint.get("timeAdded").is_none(),
                PATH,
                words!("hold valid taints, without a time", "時刻のない正しい Taint でなければなりません"),
            )?;
        }
        Ok(())
    }

    fn reserved_memory(&self) -> Checked {
        const PATH: &str = "reservedMemory";
        let Some(Json::List(items)) = self.config.get(PATH) else { return Ok(()) };
        let mut seen = Map::new();
        for item in items {
            let Json::Map(item) = item else { continue };
            let node = item.get("numaNode").map(Json::to_json).unwrap_or_default();
            let Some(Json::Map(limits)) = item.get("limits") else { continue };
            for (name, quantity) in limits.iter() {
                let known = name == "memory" || name.starts_with("hugepages-");
                self.require(
                    known,
                    PATH,
                    words!("limit only memory and hugepages-SIZE", "memory と hugepages-SIZE だけを制限できます"),
                )?;
                self.require(quantity.as_text() != Some("0"), PATH, words!("not be zero", "ゼロであってはなりません"))?;
                self.require(
                    seen.insert([&*node, " ", name].concat(), ()),
                    PATH,
                    words!("name each limit of a NUMA node once", "NUMA ノードごとに各制限を 1 回だけ指定できます"),
                )?;
            }
        }
        Ok(())
    }

    /// What looks at the host, on Linux with cgroup v2, and what belongs to other components.
    fn host(&self) -> Checked {
        const IDS: &str = "userNamespaces.idsPerPod";
        if let Some(ids) = self.int(IDS) {
            let fine = (65536..=i64::from(u32::MAX)).contains(&ids) && ids % 65536 == 0;
            self.require(
                fine,
                IDS,
                words!("be a multiple of 65536 below 2^32", "2^32 未満の 65536 の倍数でなければなりません"),
            )?;
        }
        const HIDDEN: &str = "showHiddenMetricsForVersion";
        let before = ["1.", &digits::unsigned(u64::from(self.config.version.minor()) - 1)].concat();
        let hidden = self.text(HIDDEN).unwrap_or_default();
        if !hidden.is_empty() && hidden != before {
            return self.refuse(HIDDEN, text!("be empty or {before}", "空か {before} でなければなりません", before));
        }
        self.tracing()?;
        self.sysctls()
    }

    fn sysctls(&self) -> Checked {
        const PATH: &str = "defaultPodSysctls";
        let Some(Json::Map(sysctls)) = self.config.get(PATH) else { return Ok(()) };
        self.needs_gate(!sysctls.is_empty(), PATH, "DefaultPodSysctls")?;
        let mut seen = Map::new();
        for (name, _) in sysctls.iter() {
            self.require(
                is_sysctl(name),
                PATH,
                words!("have names of sysctls", "キーが sysctl の名前でなければなりません"),
            )?;
            let name = with_dots(name);
            self.require(
                is_namespaced(&name),
                PATH,
                words!(
                    "have sysctls only of which each namespace has its own",
                    "名前空間ごとに独立した sysctl でなければなりません"
                ),
            )?;
            self.require(
                seen.insert(name, ()),
                PATH,
                words!("have each sysctl once", "各 sysctl を 1 回だけ指定できます"),
            )?;
        }
        Ok(())
    }

    fn tracing(&self) -> Checked {
        const RATE: &str = "tracing.samplingRatePerMillion";
        const ENDPOINT: &str = "tracing.endpoint";
        if !self.since(34) {
            let is_set = self.config.at("tracing").is_some_and(|tracing| tracing.value.is_some());
            self.needs_gate(is_set, "tracing", "KubeletTracing")?;
        }
        self.range(RATE, 0, 1_000_000)?;
        // component-base tracing/api/v1/config.go
        let Some(endpoint) = self.text(ENDPOINT) else { return Ok(()) };
        let url =
            if values::cut(endpoint, "//").is_some() { endpoint.to_owned() } else { ["dns://", endpoint].concat() };
        let fine = url::scheme(&url).is_some_and(|scheme| matches!(&*scheme, "dns" | "unix" | "unix-abstract"));
        self.require(
            fine,
            ENDPOINT,
            words!(
                "be a URL without a scheme, or with dns, unix or unix-abstract",
                "スキームなし、または dns、unix、unix-abstract の URL でなければなりません"
            ),
        )
    }

    fn containers(&self) -> Checked {
        self.require(
            !self.is("containerRuntimeEndpoint", ""),
            "containerRuntimeEndpoint",
            words!("be set", "設定しなければなりません"),
        )?;
        const QUERY: &str = "enableSystemLogQuery";
        self.needs_gate(self.is_true(QUERY), QUERY, "NodeLogQuery")?;
        self.require(
            !self.is_true(QUERY) || self.is_true("enableSystemLogHandler"),
            QUERY,
            words!(
                "not be true without `enableSystemLogHandler`",
                "`enableSystemLogHandler` なしでは true にできません"
            ),
        )?;
        self.range("containerLogMaxWorkers", 1, i64::MAX)?;
        let interval = self.duration("containerLogMonitorInterval");
        self.require(
            interval.is_none_or(|interval| interval >= 3_000_000_000),
            "containerLogMonitorInterval",
            words!("be 3s or longer", "3s 以上でなければなりません"),
        )?;
        if self.since(33) {
            self.range("containerLogMaxFiles", 2, i64::MAX)?;
        }
        let Some(logs) = self.text("podLogsDir") else { return Ok(()) };
        let clean = super::paths::clean(logs.as_bytes()) == logs.as_bytes();
        self.require(
            logs.starts_with('/') && clean && logs.is_ascii(),
            "podLogsDir",
            words!(
                "be an absolute path without detours, in ASCII",
                "冗長な部分のない ASCII の絶対パスでなければなりません"
            ),
        )
    }
}

/// `isValidSysctlName`: words with a letter or digit at both ends, parted by dots or slashes.
fn is_sysctl(name: &str) -> bool {
    let outer = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let word = |word: &str| {
        let bytes = word.as_bytes();
        bytes.iter().all(|&c| outer(c) || matches!(c, b'-' | b'_'))
            && bytes.first().is_some_and(|&c| outer(c))
            && bytes.last().is_some_and(|&c| outer(c))
    };
    name.len() <= 253 && name.split(['.', '/']).all(word)
}

/// `NormalizeName` (component-helpers node/util/sysctl): where slashes part the words, dots do, and the other way round.
fn with_dots(name: &str) -> String {
    match name.find(['.', '/']) {
        Some(first) if name[first..].starts_with('/') => name
            .chars()
            .map(|c| match c {
                '/' => '.',
                '.' => '/',
                c => c,
            })
            .collect(),
        _ => name.to_owned(),
    }
}

/// `namespaceOf` (component-helpers node/util/sysctl/namespace.go).
fn is_namespaced(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "kernel.domainname",
        "kernel.msg",
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
        "kernel.sem",
        "kernel.shm",
        "kernel.shm_rmid_forced",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
    ];
    NAMES.contains(&name) || ["net.", "fs.mqueue.", "user."].iter().any(|prefix| name.starts_with(prefix))
}

/// `cpuset.Parse`: numbers and ranges, separated by commas.
fn is_cpu_set(text: &str) -> bool {
    let number = |text: &str| text.parse::<i64>().ok();
    text.split(',').all(|part| match part.split_once('-') {
        Some((from, to)) => matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to),
        None => number(part).is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sysctls_are_known_by_their_names_with_dots() {
        assert_eq!(with_dots("net/ipv4/conf/eth0.1/x"), "net.ipv4.conf.eth0/1.x");
        assert_eq!(with_dots("net.ipv4.conf.eth0/1.x"), "net.ipv4.conf.eth0/1.x");
        assert!(["kernel.shm_rmid_forced", "net/core/somaxconn", "a-b.c_d"].into_iter().all(is_sysctl));
        assert!(!["", "a..b", "A.b", "-a.b", "a.b_"].into_iter().any(is_sysctl));
        assert!(is_namespaced("net.core.somaxconn") && is_namespaced("kernel.sem") && !is_namespaced("kernel.semx"));
    }
}
