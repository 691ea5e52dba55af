//! What platforms set themselves, whatever an input says: the one place for it.
//!
//! These are settings that were read in the platforms' sources and on nodes. What depends on the machine, such as
//! `kubeReserved`, is left out; what changed between releases of a platform in a way that matters is listed as not known.

use crate::message::Words;

/// What a platform sets, and how it lays out what an input adds.
#[derive(Debug)]
pub struct Base {
    /// Who sets it, for people; empty for nobody.
    pub name: &'static str,
    /// By version, oldest first.
    pub rows: &'static [Row],
    /// Settings that the platform decides in a way that is not known.
    pub doubts: &'static [&'static str],
}

/// How a platform starts its kubelets from some minor on.
#[derive(Debug)]
pub struct Row {
    /// The first minor.
    pub since: u8,
    /// The file of `--config`: its path, empty for the input's own name, and what the platform writes there.
    pub file: Option<(&'static str, &'static [&'static str])>,
    /// The directory of `--config-dir`, which then takes what the input adds.
    pub drop_ins: Option<DropIns>,
    /// Flags; those of the input come after them.
    pub flags: &'static [&'static str],
}

/// A drop-in directory.
#[derive(Debug)]
pub struct DropIns {
    /// Its path.
    pub path: &'static str,
    /// The platform's own drop-in, where there is one: name and content.
    pub own: Option<(&'static str, &'static [&'static str])>,
    /// The name of the input's.
    pub name: &'static str,
}

impl Row {
    const NONE: Row = Row { since: 0, file: None, drop_ins: None, flags: &[] };
}

/// What is said of a setting that a platform decides.
pub const DECIDED_ELSEWHERE: Words = words!(
    "the platform decides this where the input does not, and its value has changed between releases: it is not known",
    "入力で設定しない場合はプラットフォームが決めますが、その値はリリースによって異なるため不明です"
);

/// The header of every configuration.
pub const HEADER: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration";

/// A file that the kubelet itself reads: nobody adds anything.
pub static NOBODY: Base = Base { name: "", rows: &[Row { file: Some(("", &[])), ..Row::NONE }], doubts: &[] };

/// What kubeadm has in every kubelet's arguments.
const KUBEADM_FLAGS: &[&str] = &[
    "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf",
    "--kubeconfig=/etc/kubernetes/kubelet.conf",
    "--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock",
];

const KUBEADM_PATH: &str = "/var/lib/kubelet/config.yaml";

/// kubeadm fills in what is not set (cmd/kubeadm/app/componentconfigs/kubelet.go).
const KUBEADM_FILE: &str = "\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: systemd
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
healthzBindAddress: 127.0.0.1
healthzPort: 10248
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests";

/// kubeadm.
pub static KUBEADM: Base = Base {
    name: "kubeadm",
    rows: &[Row { file: Some((KUBEADM_PATH, &[KUBEADM_FILE])), flags: KUBEADM_FLAGS, ..Row::NONE }],
    doubts: &[],
};

/// The cluster's ConfigMap, in which kubeadm has filled in everything already.
pub static CONFIG_MAP: Base =
    Base { name: "", rows: &[Row { file: Some((KUBEADM_PATH, &[])), flags: KUBEADM_FLAGS, ..Row::NONE }], doubts: &[] };

const NODEADM_PATH: &str = "/etc/kubernetes/kubelet/config.json";

/// amazon-eks-ami, nodeadm/internal/kubelet/config.go.
const NODEADM_FILE: &str = "\
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 2m0s, enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}}
cgroupDriver: systemd
cgroupRoot: /
clusterDomain: cluster.local
evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%}
featureGates: {RotateKubeletServerCertificate: true}
hairpinMode: hairpin-veth
kubeReservedCgroup: /runtime
logging: {verbosity: 2}
protectKernelDefaults: true
readOnlyPort: 0
serializeImagePulls: false
serverTLSBootstrap: true
systemReservedCgroup: /system";

/// With two that older editions of benchmarks allow.
const EIGHT_SUITES: &str = "\
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
- TLS_RSA_WITH_AES_256_GCM_SHA384
- TLS_RSA_WITH_AES_128_GCM_SHA256";

const ENDPOINT: &str = "containerRuntimeEndpoint: unix:///run/containerd/containerd.sock";
const ENDPOINT_FLAG: &str = "--container-runtime-endpoint=unix:///run/containerd/containerd.sock";

const NODEADM_FLAGS: &[&str] = &[
    "--kubeconfig=/var/lib/kubelet/kubeconfig",
    "--cloud-provider=external",
    "--runtime-cgroups=/runtime.slice/containerd.service",
];

/// nodeadm, of Amazon Linux 2023. Up to 1.28 it merges what is given into its file, and then writes it as a drop-in.
pub static NODEADM: Base = Base {
    name: "nodeadm",
    rows: &[
        Row {
            since: 24,
            file: Some((NODEADM_PATH, &[NODEADM_FILE, EIGHT_SUITES])),
            flags: &[NODEADM_FLAGS[0], NODEADM_FLAGS[1], NODEADM_FLAGS[2], ENDPOINT_FLAG],
            drop_ins: None,
        },
        Row {
            since: 27,
            file: Some((NODEADM_PATH, &[NODEADM_FILE, EIGHT_SUITES, ENDPOINT])),
            flags: NODEADM_FLAGS,
            drop_ins: None,
        },
        Row {
            since: 29,
            file: Some((NODEADM_PATH, &[NODEADM_FILE, EIGHT_SUITES, ENDPOINT])),
            flags: NODEADM_FLAGS,
            drop_ins: Some(DropIns {
                path: "/etc/kubernetes/kubelet/config.json.d",
                own: None,
                name: "40-nodeadm.conf",
            }),
        },
    ],
    doubts: &[],
};
