//! The checks: one file each, with what it is, why, the rule, the remedy, and its cases. A check sees settings, never a file or
//! a flag.

use alloc::string::String;
use alloc::vec::Vec;

use crate::HAS_LIVE;
use crate::benchmarks;
use crate::judging::selection::Task;
use crate::judging::{Case, Options, Verdict, drift, join, remedy};
use crate::kubelet::{Documents, Kubelet};
use crate::message::{Language, Words, message};
use crate::model::{self, CheckKind, Message, Severity};
use crate::platform::{self, Platform};

/// A check is registered by a line here: the name of its file.
macro_rules! checks {
    ($($name:ident)*) => {
        $( mod $name; )*

        /// Every check, in the order of the list.
        pub const CHECKS: &[&Check] = &[$(&$name::CHECK),*];
    };
}

checks! {
    kubelet_starts
    anonymous_auth
    authorization_mode
    client_ca_file
    read_only_port
    streaming_connection_idle_timeout
    protect_kernel_defaults
    make_iptables_util_chains
    hostname_override
    event_qps
    tls_cert_and_key
    rotate_certificates
    rotate_kubelet_server_certificate
    tls_cipher_suites
    pod_pids_limit
    seccomp_default
    ip_address_deny
    proxy_metrics_bind_address
    static_pod_path
    feature_gate_dynamic_auditing
    feature_gate_dynamic_kubelet_config
    rotate_kubelet_client_certificate_gate
    keep_terminated_pod_volumes
    cert_dir
    cadvisor_port
    image_gc_and_eviction
    kubelet_service_file_perms
    kubelet_service_file_owner
    kubelet_kubeconfig_file_perms
    kubelet_kubeconfig_file_owner
    client_ca_file_perms
    client_ca_file_owner
    kubelet_config_file_perms
    kubelet_config_file_owner
    proxy_kubeconfig_file_perms
    proxy_kubeconfig_file_owner
}

/// What the files of the checks need.
mod prelude {
    pub use super::Check;
    pub use crate::json::Json;
    pub use crate::judging::edit::Change;
    pub use crate::judging::file::Files;
    pub use crate::judging::setting::{Setting, Wanted};
    #[cfg(test)]
    pub use crate::judging::testing::Tester;
    pub use crate::judging::{Case, Verdict, evidence};
    pub use crate::message::{Text, Words};
    pub use crate::model::{CheckKind, Place, Severity, Status};
}

/// One thing that is verified.
pub struct Check {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// What it looks at.
    pub kind: CheckKind,
    /// One line.
    pub title: Words,
    /// What is asked for, why, and how the kubelet decides it; parted by an empty line, as paragraphs in each of them are. Made by
    /// `paragraphs!`.
    pub explanation: &'static [Words],
    /// What to do where it fails and no source can be named, as a sentence without its end.
    pub remedy: Words,
    /// How bad a failure is.
    pub severity: Severity,
    /// Whether it runs even where other checks are selected.
    pub always: bool,
    /// What is asked where no edition asks: see [`Asked`](crate::judging::Asked).
    pub expect: &'static str,
    /// The rule.
    pub judge: fn(&Case) -> Verdict,
}

impl Check {
    /// The check for `describe`, in a language.
    pub fn description(&self, language: Language) -> model::Check {
        let paragraphs: Vec<_> =
            self.explanation.iter().map(|words| String::from(&*words.in_language(language))).collect();
        model::Check {
            id: self.id.into(),
            kind: self.kind,
            title: message("title", self.title).in_language(language),
            explanation: Message { id: "explanation".into(), params: vec![], text: paragraphs.join("\n\n") },
            severity: self.severity,
            sections: benchmarks::sections(self.id),
            remedies: self.remedies(language),
        }
    }

    /// What to do, and where that lasts on each platform.
    fn remedies(&self, language: Language) -> Vec<Message> {
        let what = message("any", self.remedy);
        let platforms = platform::all().filter(|_| self.kind == CheckKind::Setting);
        let place = |platform: &Platform| message(platform.id, remedy::place(platform));
        [what].into_iter().chain(platforms.map(place)).map(|said| said.in_language(language)).collect()
    }
}

/// What a task comes to for a kubelet: one of these, where its version is not known.
pub fn verdict(
    task: &Task,
    kubelets: &[&Kubelet],
    documents: Documents,
    platform: &'static Platform,
    options: Options,
) -> Verdict {
    let Task { check, asked, not_applicable, .. } = *task;
    let judge = |kubelet: &Kubelet| match not_applicable {
        true => Verdict::not_applicable(words!(
            "the benchmark itself says that this does not apply to its platform",
            "このプラットフォームは対象外であると、ベンチマーク自体が定めています"
        )),
        false => {
            let judge = |kubelet: &Kubelet| {
                let documents = documents.at(kubelet.version);
                (check.judge)(&Case { kubelet, documents, platform, asked, options })
            };
            match &kubelet.live.running {
                Some(running) if HAS_LIVE && check.kind == CheckKind::Setting => {
                    drift::join(judge(kubelet), judge(running), platform)
                }
                _ => judge(kubelet),
            }
        }
    };
    let verdicts = kubelets.iter().map(|kubelet| (kubelet.version, judge(kubelet)));
    join(verdicts.collect())
}

#[cfg(test)]
mod tests;
