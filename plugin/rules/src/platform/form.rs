//! How a change of a setting is written where it lasts on a platform: in the keys of its node pool, launch template, machine
//! configuration and so on. None of this is prose: it is the same in every language.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::Platform;
use crate::input;
use crate::judging::edit::Change;
use crate::kubelet::values::replaced;
use crate::text::edit::written;
use crate::text::{Value, read_json};

/// How a platform takes changes. `NAME` and `VALUE` stand for what changes, `SETTING` for both, nested as in a file.
struct Forms {
    platform: &'static str,
    /// A setting of the file; empty where the platform has no place for it but that of flags.
    setting: &'static str,
    /// The platform's own keys by the paths of the settings, each with its value where that is not the setting's; where there
    /// are any, it has no others.
    keys: &'static [(&'static str, &'static str, &'static str)],
    /// A flag; empty where the platform has no place for flags.
    flag: &'static str,
}

static FORMS: &[Forms] = &[
    Forms {
        platform: "aks",
        setting: "{\"NAME\": VALUE}",
        keys: &[
            ("podPidsLimit", "podMaxPids", ""),
            ("imageGCHighThresholdPercent", "imageGcHighThreshold", ""),
            ("imageGCLowThresholdPercent", "imageGcLowThreshold", ""),
            ("seccompDefault", "seccompDefault", "\"RuntimeDefault\""),
        ],
        flag: "",
    },
    Forms {
        platform: "eks-al2023",
        setting: "spec: {kubelet: {config: {SETTING}}}",
        keys: &[],
        flag: "spec: {kubelet: {flags: [\"--NAME=VALUE\"]}}",
    },
    Forms { platform: "eks-al2", setting: "", keys: &[], flag: "--kubelet-extra-args '--NAME=VALUE'" },
    Forms {
        platform: "eks-bottlerocket",
        setting: "NAME = VALUE",
        keys: &[
            ("podPidsLimit", "pod-pids-limit", ""),
            ("eventRecordQPS", "event-qps", ""),
            ("seccompDefault", "seccomp-default", ""),
            ("serverTLSBootstrap", "server-tls-bootstrap", ""),
        ],
        flag: "",
    },
    Forms {
        platform: "gke",
        setting: "kubeletConfig: {NAME: VALUE}",
        keys: &[("podPidsLimit", "podPidsLimit", ""), ("readOnlyPort", "insecureKubeletReadonlyPortEnabled", "false")],
        flag: "",
    },
    Forms { platform: "kubeadm", setting: "SETTING", keys: &[], flag: "KUBELET_EXTRA_ARGS=--NAME=VALUE" },
    Forms {
        platform: "kind",
        setting: "SETTING",
        keys: &[],
        flag: "nodeRegistration: {kubeletExtraArgs: {NAME: \"VALUE\"}}",
    },
    Forms { platform: "minikube", setting: "", keys: &[], flag: "--extra-config=kubelet.NAME=VALUE" },
    Forms {
        platform: "kubespray",
        setting: "kubelet_config_extra_args: {SETTING}",
        keys: &[],
        flag: "kubelet_custom_flags: [\"--NAME=VALUE\"]",
    },
    Forms {
        platform: "kops",
        setting: "spec: {kubelet: {NAME: VALUE}}",
        keys: &[
            ("authentication.anonymous.enabled", "anonymousAuth", ""),
            ("authentication.x509.clientCAFile", "clientCaFile", ""),
            ("authorization.mode", "authorizationMode", ""),
            ("eventRecordQPS", "eventQPS", ""),
            ("podPidsLimit", "podPidsLimit", ""),
            ("protectKernelDefaults", "protectKernelDefaults", ""),
            ("readOnlyPort", "readOnlyPort", ""),
            ("rotateCertificates", "rotateCertificates", ""),
            ("streamingConnectionIdleTimeout", "streamingConnectionIdleTimeout", ""),
            ("tlsCipherSuites", "tlsCipherSuites", ""),
        ],
        flag: "",
    },
    Forms { platform: "k3s", setting: "SETTING", keys: &[], flag: "kubelet-arg: [\"NAME=VALUE\"]" },
    Forms { platform: "rke2", setting: "SETTING", keys: &[], flag: "kubelet-arg: [\"NAME=VALUE\"]" },
    Forms { platform: "rke", setting: "", keys: &[], flag: "services: {kubelet: {extra_args: {NAME: \"VALUE\"}}}" },
    Forms { platform: "microk8s", setting: "", keys: &[], flag: "--NAME=VALUE" },
    Forms { platform: "k0s", setting: "values: {SETTING}", keys: &[], flag: "--kubelet-extra-args=--NAME=VALUE" },
    Forms { platform: "openshift", setting: "spec: {kubeletConfig: {SETTING}}", keys: &[], flag: "" },
    Forms {
        platform: "talos",
        setting: "machine: {kubelet: {extraConfig: {SETTING}}}",
        keys: &[],
        flag: "machine: {kubelet: {extraArgs: {NAME: \"VALUE\"}}}",
    },
];

/// Whether it is known how a platform takes changes.
pub fn are_known(platform: &Platform) -> bool {
    FORMS.iter().any(|forms| forms.platform == platform.id)
}

/// The change as the platform takes it; none where it has no place for this one, or nothing is known of it. Where a flag
/// decides, only a flag can change it, unless the platform makes its flags from keys of its own.
pub fn of(platform: &Platform, change: &Change, by_flag: bool) -> Option<String> {
    let forms = FORMS.iter().find(|forms| forms.platform == platform.id)?;
    let value = &read_json(change.value.as_bytes()).ok()?.root.value;
    if !forms.keys.is_empty() {
        let (_, key, value) = forms.keys.iter().find(|(path, ..)| *path == change.path)?;
        return Some(filled(forms.setting, key, if value.is_empty() { change.value } else { value }));
    }
    let takes_setting = !by_flag
        && !change.path.is_empty()
        && !forms.setting.is_empty()
        && !input::sets_itself(platform.id, change.path);
    match takes_setting {
        true => Some(replaced(forms.setting, "SETTING", &written(change.path, value))),
        false => (!forms.flag.is_empty() && !change.flag.is_empty())
            .then(|| filled(forms.flag, change.flag, &words(change, value))),
    }
}

fn filled(form: &str, name: &str, value: &str) -> String {
    replaced(&replaced(form, "NAME", name), "VALUE", value)
}

/// What a flag is given. A gate is one of several in the value of its flag.
fn words(change: &Change, value: &Value) -> String {
    match change.path.strip_prefix("featureGates.") {
        Some(gate) => [gate, "=", &flag_value(value)].concat(),
        None => flag_value(value),
    }
}

/// A value as a flag has it.
fn flag_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_owned(),
        Value::Array(items) => items.iter().map(|item| flag_value(&item.value)).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let pair = |member: &crate::text::Member| [&*member.key, "=", &flag_value(&member.value.value)].concat();
            members.iter().map(pair).collect::<Vec<_>>().join(",")
        }
        other => other.to_json(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{all, named};

    const ANONYMOUS: Change =
        Change { path: "authentication.anonymous.enabled", flag: "anonymous-auth", value: "false" };
    const PIDS: Change = Change { path: "podPidsLimit", flag: "pod-max-pids", value: "4096" };
    const PORT: Change = Change { path: "readOnlyPort", flag: "read-only-port", value: "0" };
    const MODE: Change = Change { path: "authorization.mode", flag: "authorization-mode", value: "\"Webhook\"" };
    const SUITES: Change = Change { path: "tlsCipherSuites", flag: "tls-cipher-suites", value: "[\"A\",\"B\"]" };

    #[test]
    fn each_platform_has_its_form() {
        for (platform, change, by_flag, expected) in [
            ("aks", PIDS, true, Some("{\"podMaxPids\": 4096}")),
            ("aks", ANONYMOUS, false, None),
            (
                "eks-al2023",
                ANONYMOUS,
                false,
                Some("spec: {kubelet: {config: {authentication: {anonymous: {enabled: false}}}}}"),
            ),
            ("eks-al2023", SUITES, true, Some("spec: {kubelet: {flags: [\"--tls-cipher-suites=A,B\"]}}")),
            ("eks-al2", MODE, false, Some("--kubelet-extra-args '--authorization-mode=Webhook'")),
            ("eks-bottlerocket", PIDS, false, Some("pod-pids-limit = 4096")),
            ("gke", PORT, false, Some("kubeletConfig: {insecureKubeletReadonlyPortEnabled: false}")),
            ("gke", PIDS, false, Some("kubeletConfig: {podPidsLimit: 4096}")),
            ("kubeadm", MODE, false, Some("authorization: {mode: Webhook}")),
            ("kubeadm", MODE, true, Some("KUBELET_EXTRA_ARGS=--authorization-mode=Webhook")),
            ("kops", MODE, true, Some("spec: {kubelet: {authorizationMode: \"Webhook\"}}")),
            ("openshift", SUITES, false, Some("spec: {kubeletConfig: {tlsCipherSuites: [A, B]}}")),
            ("openshift", MODE, true, None),
            ("talos", PIDS, true, Some("machine: {kubelet: {extraArgs: {pod-max-pids: \"4096\"}}}")),
            ("talos", PIDS, false, Some("machine: {kubelet: {extraConfig: {podPidsLimit: 4096}}}")),
            ("talos", ANONYMOUS, false, Some("machine: {kubelet: {extraArgs: {anonymous-auth: \"false\"}}}")),
            ("microk8s", PIDS, false, Some("--pod-max-pids=4096")),
        ] {
            let form = of(named(platform).unwrap(), &change, by_flag);
            assert_eq!(form.as_deref(), expected, "{platform}");
        }
    }

    #[test]
    fn every_platform_is_listed_once_where_more_than_its_vendor_is_known() {
        let listed: Vec<_> = FORMS.iter().map(|forms| forms.platform).collect();
        for platform in all() {
            let expected = usize::from(platform.id != "eks");
            assert_eq!(listed.iter().filter(|id| **id == platform.id).count(), expected, "{}", platform.id);
        }
        assert_eq!(of(&crate::platform::UNKNOWN, &PIDS, false), None);
    }
}
