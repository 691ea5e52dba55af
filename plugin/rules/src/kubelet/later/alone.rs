//! What ends a kubelet that is told it in one setting or flag, or in two that do not go together: names, addresses, durations.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Checked, Rules};
use crate::json::Json;
use crate::kubelet::{Read, clipped, url, values, wanted};
use crate::message::Words;

const ROOT: &str = "root-dir";
const PROVIDER: &str = "cloud-provider";
const NODE_IP: &str = "node-ip";
const SYSCTLS: &str = "allowedUnsafeSysctls";

/// The flags without which the other one of them is none.
const PLUGINS: [&str; 2] = ["image-credential-provider-config", "image-credential-provider-bin-dir"];

impl Rules<'_> {
    /// What the kubelet looks at on its way to `NewMainKubelet` (pkg/kubelet/kubelet.go).
    pub(super) fn before_main(&self) -> Checked {
        self.cloud_provider()?;
        self.seccomp()?;
        self.node_ip()?;
        self.flag_text(ROOT, |path| wanted(!path.is_empty(), words!("a directory", "ディレクトリ")))?;
        self.positive("syncFrequency")?;
        self.bits()?;
        self.endpoints()
    }

    /// What it looks at there, and when it serves.
    pub(super) fn in_main(&self) -> Checked {
        if self.int("containerLogMaxFiles") < 2 {
            return self.refused_int("containerLogMaxFiles", words!("above 1", "1 より大きい値"));
        }
        if self.config.version.minor() >= 37 {
            self.positive("runtimeRequestTimeout")?;
        }
        self.detection()?;
        self.sysctls()?;
        self.plugins()?;
        if self.text("systemCgroups") == "/" {
            return self.refused_setting("systemCgroups", words!("is the root", "がルートです"));
        }
        if !self.text("staticPodPath").is_empty() {
            self.positive("fileCheckFrequency")?;
        }
        self.addresses()
    }

    /// Providers are built in up to 1.30 (pkg/cloudprovider/providers), where no gate switches them off.
    fn cloud_provider(&self) -> Checked {
        let built_in: &[&str] = match self.config.version.minor() {
            ..=25 => &["aws", "azure", "gce", "openstack", "vsphere"],
            26 => &["aws", "azure", "gce", "vsphere"],
            27..=29 => &["azure", "gce", "vsphere"],
            30 => &["gce"],
            _ => &[],
        };
        let built_in = if self.enabled("DisableCloudProviders") { &[] } else { built_in };
        self.flag_text(PROVIDER, |name| {
            let is_fine = matches!(name, "" | "external") || built_in.contains(&name);
            wanted(is_fine, words!("`external`, nor built in", "`external` または組み込みのプロバイダー"))
        })
    }

    /// `RunKubelet` (cmd/kubelet/app/server.go) up to 1.26. In 1.24 the gate is off unless somebody says otherwise: all who have
    /// this setting, which benchmarks ask for, would be asked for their version.
    fn seccomp(&self) -> Checked {
        const PATH: &str = "seccompDefault";
        let minor = self.config.version.minor();
        if minor > 26 || minor < 25 && !self.has_version || !self.config.is_true(PATH) {
            return Ok(());
        }
        self.needs_gate(PATH, "SeccompDefault")
    }

    /// `ParseNodeIPArgument` (k8s.io/component-helpers/node/util/ips.go); what is no address is left out.
    fn node_ip(&self) -> Checked {
        let minor = self.config.version.minor();
        let provider = self.flag(PROVIDER).and_then(Json::as_text).unwrap_or_default();
        let allows_two = match provider {
            "" => true,
            "external" => minor > 29 || minor > 26 && self.enabled("CloudDualStackNodeIPs"),
            _ => false,
        };
        self.flag_text(NODE_IP, |ips| {
            let ips: Vec<_> = ips.split(',').map(str::trim).filter(|ip| values::is_ip(ip)).collect();
            let is_pair = |ips: &[&str]| values::has(ips[0], b':') != values::has(ips[1], b':');
            let is_unspecified = |ip: &&str| ip.bytes().all(|byte| b"0.:".contains(&byte));
            let is_fine = match &*ips {
                [] | [_] => true,
                [_, _] => is_pair(&ips) && allows_two && !ips.iter().any(is_unspecified),
                _ => false,
            };
            wanted(is_fine, words!("one address, or one of each family", "1 つのアドレス、または IPv4 と IPv6 の 1 組"))
        })
    }

    /// Up to 1.27.
    fn bits(&self) -> Checked {
        const DROP: &str = "iptablesDropBit";
        let is_same = self.int(DROP) == self.int("iptablesMasqueradeBit");
        if self.config.version.minor() > 27 || !self.config.is_true("makeIPTablesUtilChains") || !is_same {
            return Ok(());
        }
        self.refused_setting(DROP, words!("is `iptablesMasqueradeBit`, too", "が `iptablesMasqueradeBit` と同じです"))
    }

    /// `parseEndpointWithFallbackProtocol` (cri-client/pkg/util/util_unix.go). Before 1.27, flags alone say where the runtime is.
    fn endpoints(&self) -> Checked {
        fn endpoint(endpoint: &str) -> Read {
            let scheme = url::scheme(endpoint).or_else(|| url::scheme(&["unix://", endpoint].concat()));
            wanted(
                scheme.is_some_and(|scheme| scheme == "unix"),
                words!(
                    "a socket such as unix:///run/containerd/containerd.sock",
                    "unix:///run/containerd/containerd.sock のようなソケット"
                ),
            )
        }
        if self.config.version.minor() < 27 {
            self.flag_text("container-runtime-endpoint", endpoint)?;
            return self.flag_text("image-service-endpoint", endpoint);
        }
        self.value("containerRuntimeEndpoint", endpoint)?;
        self.value("imageServiceEndpoint", endpoint)
    }

    /// Up to 1.25 always, and then where there is an API server.
    fn detection(&self) -> Checked {
        let has_server = self.flag("kubeconfig").and_then(Json::as_text).is_some_and(|path| !path.is_empty());
        if self.config.version.minor() > 25 && !has_server {
            return Ok(());
        }
        self.value("configMapAndSecretChangeDetectionStrategy", |strategy| {
            wanted(
                matches!(strategy, "Get" | "Cache" | "Watch"),
                words!("Get, Cache or Watch", "Get、Cache、Watch のいずれか"),
            )
        })
    }

    fn sysctls(&self) -> Checked {
        let Some(Json::List(patterns)) = self.config.get(SYSCTLS) else { return Ok(()) };
        let minor = self.config.version.minor();
        let wrong = patterns.iter().filter_map(Json::as_text).find(|pattern| !is_namespaced(pattern, minor));
        let Some(wrong) = wrong else { return Ok(()) };
        self.refused_setting(
            SYSCTLS,
            text!(
                "has `{name}`, which is not known to be namespaced",
                "の `{name}` は名前空間化されたものとして知られていません",
                name = clipped(wrong)
            ),
        )
    }

    /// `RegisterCredentialProviderPlugins` (pkg/credentialprovider/plugin). Up to 1.25, a gate says whether it is called.
    fn plugins(&self) -> Checked {
        let is_set = |flag: &str| self.flag(flag).and_then(Json::as_text).is_some_and(|path| !path.is_empty());
        let (set, missing) = match PLUGINS {
            [config, folder] if is_set(config) && !is_set(folder) => (config, folder),
            [config, folder] if !is_set(config) && is_set(folder) => (folder, config),
            _ => return Ok(()),
        };
        let text = text!("`--{set}` needs `--{missing}`", "`--{set}` には `--{missing}` が必要です", set, missing);
        self.refused(self.flags.get(set), text)
    }

    /// Where it listens.
    fn addresses(&self) -> Checked {
        if !self.config.is_true("enableServer") {
            return Ok(());
        }
        self.value("address", |address| wanted(values::is_ip(address), words!("an IP address", "IP アドレス")))?;
        match self.int("readOnlyPort") == self.int("port") {
            true => self.refused_int("readOnlyPort", words!("another one than `port`", "`port` とは別のポート")),
            false => Ok(()),
        }
    }

    fn positive(&self, path: &str) -> Checked {
        self.value(path, |duration| {
            let is_positive = values::duration(duration).is_none_or(|nanoseconds| nanoseconds > 0);
            wanted(is_positive, words!("above zero", "ゼロより大きい値"))
        })
    }

    fn int(&self, path: &str) -> i64 {
        // What this version does not have is no reason.
        self.config.int(path).unwrap_or(i64::MAX)
    }

    fn refused_int(&self, path: &str, wanted: Words) -> Checked {
        let value = Json::Int(self.int(path)).to_json();
        self.refused_setting(
            path,
            text!("is `{value}`, not {wanted}", "の値 `{value}` は {wanted} ではありません", value, wanted),
        )
    }

    /// The text of a flag without a place in a file, where it is given.
    fn flag_text(&self, flag: &'static str, read: impl Fn(&str) -> Read) -> Checked {
        let Some(value) = self.flag(flag).and_then(Json::as_text) else { return Ok(()) };
        let Err(wanted) = read(value) else { return Ok(()) };
        let text = text!(
            "`--{flag}` is `{value}`, not {wanted}",
            "`--{flag}` の値 `{value}` は {wanted} ではありません",
            flag,
            value = clipped(value),
            wanted
        );
        self.refused(self.flags.get(flag), text)
    }
}

/// Whether the kubelet takes it for a sysctl, or a pattern of them, of a namespace of its own (`NewAllowlist`,
/// pkg/kubelet/sysctl/allowlist.go).
fn is_namespaced(pattern: &str, minor: u8) -> bool {
    if !is_pattern(pattern) {
        return false;
    }
    let first = pattern.find(['.', '/']).map(|at| pattern.as_bytes()[at]);
    let swapped = |c: char| match c {
        '.' => '/',
        '/' => '.',
        c => c,
    };
    let name: String = match first {
        Some(b'/') => pattern.chars().map(swapped).collect(),
        _ => pattern.into(),
    };
    let name = name.strip_suffix('*').unwrap_or(&name);
    let begins = |parts: &[&str]| parts.iter().any(|part| name.starts_with(part));
    if minor < 29 {
        return name == "kernel.sem" || begins(&["kernel.shm", "kernel.msg", "fs.mqueue.", "net."]);
    }
    let of_kernel = match name.strip_prefix("kernel.") {
        Some("domainname") => minor > 36,
        Some("sem" | "shm" | "shmall" | "shmmax" | "shmmni" | "shm_rmid_forced") => true,
        Some("msg" | "msgmax" | "msgmnb" | "msgmni") => true,
        _ => false,
    };
    of_kernel || begins(&["net.", "fs.mqueue."]) || minor > 36 && begins(&["user."])
}

/// `SysctlContainSlashPatternFmt` (pkg/apis/policy/validation/validation.go)
fn is_pattern(pattern: &str) -> bool {
    let is_plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_middle = |part: &[u8]| part.iter().all(|c| is_plain(*c) || matches!(c, b'-' | b'_'));
    let segments = pattern.split(['.', '/']).count();
    let is_segment = |(at, part): (usize, &str)| match part.as_bytes() {
        [b'*'] => at + 1 == segments,
        [only] => is_plain(*only),
        [first, middle @ .., last] => {
            is_plain(*first) && is_middle(middle) && (is_plain(*last) || at + 1 == segments && *last == b'*')
        }
        [] => false,
    };
    pattern.len() <= 253 && pattern.split(['.', '/']).enumerate().all(is_segment)
}
