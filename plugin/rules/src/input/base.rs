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
    /// Whether a flag of the input takes the place of the platform's own of that name; otherwise it comes after it.
    pub flags_replace: bool,
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
pub static NOBODY: Base =
    Base { name: "", rows: &[Row { file: Some(("", &[])), ..Row::NONE }], doubts: &[], flags_replace: false };

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
    flags_replace: false,
};

/// The cluster's ConfigMap, in which kubeadm has filled in everything already.
pub static CONFIG_MAP: Base = Base {
    name: "",
    rows: &[Row { file: Some((KUBEADM_PATH, &[])), flags: KUBEADM_FLAGS, ..Row::NONE }],
    doubts: &[],
    flags_replace: false,
};

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

/// The suites of TLS 1.2 that nobody objects to.
const SUITES: &str = "\
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

/// Two more, which older editions of benchmarks allow.
const OLD_SUITES: &str = "\
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
            file: Some((NODEADM_PATH, &[NODEADM_FILE, SUITES, OLD_SUITES])),
            flags: &[NODEADM_FLAGS[0], NODEADM_FLAGS[1], NODEADM_FLAGS[2], ENDPOINT_FLAG],
            drop_ins: None,
        },
        Row {
            since: 27,
            file: Some((NODEADM_PATH, &[NODEADM_FILE, SUITES, OLD_SUITES, ENDPOINT])),
            flags: NODEADM_FLAGS,
            drop_ins: None,
        },
        Row {
            since: 29,
            file: Some((NODEADM_PATH, &[NODEADM_FILE, SUITES, OLD_SUITES, ENDPOINT])),
            flags: NODEADM_FLAGS,
            drop_ins: Some(DropIns {
                path: "/etc/kubernetes/kubelet/config.json.d",
                own: None,
                name: "40-nodeadm.conf",
            }),
        },
    ],
    doubts: &[],
    flags_replace: false,
};

/// Amazon Linux 2 (templates/al2/runtime/kubelet-config.json), into whose file what is given is merged.
pub static AL2: Base = Base {
    name: "bootstrap.sh",
    rows: &[Row {
        file: Some((
            "/etc/kubernetes/kubelet/kubelet-config.json",
            &[
                "\
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 2m0s, enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}}
cgroupDriver: systemd
clusterDomain: cluster.local
evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%}
failSwapOn: false
featureGates: {RotateKubeletServerCertificate: true}
hairpinMode: hairpin-veth
protectKernelDefaults: true
readOnlyPort: 0
serializeImagePulls: false
serverTLSBootstrap: true",
                SUITES, OLD_SUITES,
            ],
        )),
        flags: &["--kubeconfig=/var/lib/kubelet/kubeconfig", ENDPOINT_FLAG],
        ..Row::NONE
    }],
    doubts: &[], flags_replace: false,
};

/// Bottlerocket (bottlerocket-core-kit, packages/kubernetes-1.33/kubelet-config): its images for EKS.
pub static BOTTLEROCKET: Base = Base {
    name: "Bottlerocket",
    rows: &[Row {
        file: Some((
            "/etc/kubernetes/kubelet/config",
            &["\
address: 0.0.0.0
authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 2m0s, enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}}
cgroupDriver: systemd
cgroupRoot: /
clusterDomain: cluster.local
cpuCFSQuota: true
cpuManagerPolicy: none
enableDebuggingHandlers: false
failSwapOn: false
hairpinMode: hairpin-veth
podPidsLimit: 1048576
protectKernelDefaults: true
readOnlyPort: 0
resolvConf: /run/netdog/resolv.conf
runtimeRequestTimeout: 15m
seccompDefault: false
serializeImagePulls: false
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/static-pods/
volumePluginDir: /var/lib/kubelet/plugins/volume/exec", SUITES],
        )),
        flags: &[
            "--cloud-provider=external",
            "--kubeconfig=/etc/kubernetes/kubelet/kubeconfig",
            ENDPOINT_FLAG,
            "--root-dir=/var/lib/kubelet",
            "--cert-dir=/var/lib/kubelet/pki",
        ],
        ..Row::NONE
    }],
    doubts: &[],
    flags_replace: false,
};

/// AKS with a custom configuration (AgentBaker, pkg/agent/utils.go): most of its flags move into the file.
pub static AKS: Base = Base {
    name: "AKS",
    rows: &[Row {
        file: Some((
            "/etc/default/kubeletconfig.json",
            &[
                "\
address: 0.0.0.0
authentication: {webhook: {enabled: true}, anonymous: {enabled: false}, x509: {clientCAFile: /etc/kubernetes/certs/ca.crt}}
authorization: {mode: Webhook}
cgroupsPerQOS: true
clusterDNS: [10.0.0.10]
clusterDomain: cluster.local
enforceNodeAllocatable: [pods]
eventRecordQPS: 0
evictionHard: {memory.available: 750Mi, nodefs.available: 10%, nodefs.inodesFree: 5%}
imageGCHighThresholdPercent: 85
imageGCLowThresholdPercent: 80
nodeStatusUpdateFrequency: 10s
protectKernelDefaults: true
readOnlyPort: 0
rotateCertificates: true
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 4h0m0s",
                SUITES, OLD_SUITES,
            ],
        )),
        flags: &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--cloud-provider=external", ENDPOINT_FLAG],
        ..Row::NONE
    }],
    doubts: &[], flags_replace: false,
};

/// GKE. Whether the read-only port is open has changed over time.
pub static GKE: Base = Base {
    name: "GKE",
    rows: &[Row {
        file: Some((
            "/home/kubernetes/kubelet-config.yaml",
            &["\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /etc/srv/kubernetes/pki/ca-certificates.crt}}
authorization: {mode: Webhook}
cgroupRoot: /
clusterDomain: cluster.local
enableDebuggingHandlers: true
eventBurst: 100
eventRecordQPS: 50
evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, pid.available: 10%}
featureGates: {RotateKubeletServerCertificate: true}
kubeAPIBurst: 100
kubeAPIQPS: 50
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/manifests"],
        )),
        flags: &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--cloud-provider=external", ENDPOINT_FLAG],
        ..Row::NONE
    }],
    doubts: &["readOnlyPort"], flags_replace: false,
};

/// kOps (nodeup/pkg/model/kubelet.go).
pub static KOPS: Base = Base {
    name: "kOps",
    rows: &[Row {
        file: Some((
            "/var/lib/kubelet/kubelet.conf",
            &["\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /srv/kubernetes/ca.crt}}
authorization: {mode: Webhook}
cgroupDriver: systemd
cgroupRoot: /
clusterDomain: cluster.local
enableDebuggingHandlers: true
evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, imagefs.available: 10%, imagefs.inodesFree: 5%}
protectKernelDefaults: true
staticPodPath: /etc/kubernetes/manifests
tlsCertFile: /srv/kubernetes/kubelet-server.crt
tlsPrivateKeyFile: /srv/kubernetes/kubelet-server.key"],
        )),
        flags: &["--kubeconfig=/var/lib/kubelet/kubeconfig", "--cloud-provider=external", ENDPOINT_FLAG],
        ..Row::NONE
    }],
    doubts: &[], flags_replace: false,
};

/// What k3s and RKE2 have in common (k3s pkg/daemons/agent).
const RANCHER_FILE: &str = "\
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 5m0s, cacheUnauthorizedTTL: 30s}}
cgroupDriver: systemd
clusterDomain: cluster.local
evictionHard: {imagefs.available: 5%, nodefs.available: 5%}
evictionMinimumReclaim: {imagefs.available: 10%, nodefs.available: 10%}
failSwapOn: false
healthzBindAddress: 127.0.0.1
serializeImagePulls: false
streamingConnectionIdleTimeout: 4h0m0s
containerRuntimeEndpoint: unix:///run/k3s/containerd/containerd.sock";

/// From 1.32 on these stand in a drop-in, and before in flags.
macro_rules! rancher {
    ($name:literal, $id:literal) => {
        Base {
            name: $name,
            rows: &[
                Row {
                    since: 0,
                    file: None,
                    drop_ins: None,
                    flags: &[
                        "--address=0.0.0.0",
                        "--anonymous-auth=false",
                        "--authentication-token-webhook=true",
                        "--authorization-mode=Webhook",
                        concat!("--client-ca-file=/var/lib/rancher/", $id, "/agent/client-ca.crt"),
                        "--cloud-provider=external",
                        "--container-runtime-endpoint=unix:///run/k3s/containerd/containerd.sock",
                        "--eviction-hard=imagefs.available<5%,nodefs.available<5%",
                        "--fail-swap-on=false",
                        concat!("--kubeconfig=/var/lib/rancher/", $id, "/agent/kubelet.kubeconfig"),
                        "--read-only-port=0",
                        concat!("--tls-cert-file=/var/lib/rancher/", $id, "/agent/serving-kubelet.crt"),
                        concat!("--tls-private-key-file=/var/lib/rancher/", $id, "/agent/serving-kubelet.key"),
                    ],
                },
                Row {
                    since: 32,
                    file: None,
                    drop_ins: Some(DropIns {
                        path: concat!("/var/lib/rancher/", $id, "/agent/etc/kubelet.conf.d"),
                        own: Some((
                            concat!("00-", $id, "-defaults.conf"),
                            &[
                                concat!(
                                    "authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 2m0s, enabled: true}, x509: {clientCAFile: /var/lib/rancher/",
                                    $id,
                                    "/agent/client-ca.crt}}\ntlsCertFile: /var/lib/rancher/",
                                    $id,
                                    "/agent/serving-kubelet.crt\ntlsPrivateKeyFile: /var/lib/rancher/",
                                    $id,
                                    "/agent/serving-kubelet.key"
                                ),
                                RANCHER_FILE,
                            ],
                        )),
                        name: "10-input.conf",
                    }),
                    flags: &[
                        "--cloud-provider=external",
                        concat!("--kubeconfig=/var/lib/rancher/", $id, "/agent/kubelet.kubeconfig"),
                        "--read-only-port=0",
                    ],
                },
            ],
            doubts: &[], flags_replace: true,
        }
    };
}

/// k3s.
pub static K3S: Base = rancher!("k3s", "k3s");

/// RKE2.
pub static RKE2: Base = rancher!("RKE2", "rke2");

/// RKE: flags alone (cluster/plan.go).
pub static RKE: Base = Base {
    name: "RKE",
    rows: &[Row {
        flags: &[
            "--anonymous-auth=false",
            "--authentication-token-webhook=true",
            "--authorization-mode=Webhook",
            "--client-ca-file=/etc/kubernetes/ssl/kube-ca.pem",
            "--container-runtime-endpoint=unix:///var/run/cri-dockerd.sock",
            "--event-qps=0",
            "--fail-swap-on=false",
            "--kubeconfig=/etc/kubernetes/ssl/kubecfg-kube-node.yaml",
            "--make-iptables-util-chains=true",
            "--read-only-port=0",
            "--streaming-connection-idle-timeout=30m",
        ],
        ..Row::NONE
    }],
    doubts: &[],
    flags_replace: true,
};

/// A command line, with the files that it names: nobody adds anything.
pub static ARGUMENTS: Base = Base { name: "", rows: &[Row::NONE], doubts: &[], flags_replace: false };

/// k0s (pkg/component/worker/kubelet.go).
pub static K0S: Base = Base {
    name: "k0s",
    rows: &[Row {
        file: Some((
            "/var/lib/k0s/kubelet-config.yaml",
            &["\
authentication: {x509: {clientCAFile: /var/lib/k0s/pki/ca.crt}}
eventRecordQPS: 0
failSwapOn: false
kubeReservedCgroup: system.slice
rotateCertificates: true
serverTLSBootstrap: true
tlsMinVersion: VersionTLS12
tlsCipherSuites:
- TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
- TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
- TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
- TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
- TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"],
        )),
        flags: &[
            "--root-dir=/var/lib/k0s/kubelet",
            "--kubeconfig=/var/lib/k0s/kubelet.conf",
            "--cert-dir=/var/lib/k0s/kubelet/pki",
            "--container-runtime-endpoint=unix:///run/k0s/containerd.sock",
        ],
        ..Row::NONE
    }],
    doubts: &[],
    flags_replace: false,
};

/// Talos (internal/app/machined/pkg/controllers/k8s/kubelet_spec.go).
pub static TALOS: Base = Base {
    name: "Talos",
    rows: &[Row {
        file: Some((
            "/etc/kubernetes/kubelet.yaml",
            &["\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}}
authorization: {mode: Webhook}
failSwapOn: false
logging: {format: json}
protectKernelDefaults: true
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
streamingConnectionIdleTimeout: 5m0s
tlsMinVersion: VersionTLS13"],
        )),
        flags: &[
            "--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubeconfig",
            "--kubeconfig=/etc/kubernetes/kubeconfig-kubelet",
            "--cert-dir=/var/lib/kubelet/pki",
            ENDPOINT_FLAG,
        ],
        ..Row::NONE
    }],
    doubts: &[], flags_replace: false,
};

/// OpenShift's workers (machine-config-operator, templates/worker/01-worker-kubelet). The suites are those of the cluster's
/// profile of TLS.
pub static OPENSHIFT: Base = Base {
    name: "OpenShift",
    rows: &[Row {
        file: Some((
            "/etc/kubernetes/kubelet.conf",
            &["\
authentication: {anonymous: {enabled: false}, x509: {clientCAFile: /etc/kubernetes/kubelet-ca.crt}}
cgroupDriver: systemd
cgroupRoot: /
clusterDomain: cluster.local
containerLogMaxSize: 50Mi
maxPods: 250
podPidsLimit: 4096
protectKernelDefaults: true
rotateCertificates: true
serializeImagePulls: false
serverTLSBootstrap: true
staticPodPath: /etc/kubernetes/manifests"],
        )),
        flags: &[
            "--bootstrap-kubeconfig=/etc/kubernetes/kubeconfig",
            "--kubeconfig=/var/lib/kubelet/kubeconfig",
            "--container-runtime-endpoint=/var/run/crio/crio.sock",
        ],
        ..Row::NONE
    }],
    doubts: &["tlsCipherSuites", "tlsMinVersion"],
    flags_replace: false,
};

/// kind (pkg/cluster/internal/kubeadm/config.go), and what kubeadm adds to it.
pub static KIND: Base = Base {
    name: "kind",
    rows: &[Row {
        file: Some((
            KUBEADM_PATH,
            &[
                KUBEADM_FILE,
                "\
cgroupRoot: /kubelet
evictionHard: {imagefs.available: 0%, nodefs.available: 0%, nodefs.inodesFree: 0%}
failSwapOn: false
imageGCHighThresholdPercent: 100",
            ],
        )),
        flags: KUBEADM_FLAGS,
        ..Row::NONE
    }],
    doubts: &[],
    flags_replace: false,
};

/// minikube (pkg/minikube/bootstrapper/bsutil/ktmpl), and what kubeadm adds to it.
pub static MINIKUBE: Base = Base {
    name: "minikube",
    rows: &[Row {
        file: Some((
            KUBEADM_PATH,
            &[
                "\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /var/lib/minikube/certs/ca.crt}}
authorization: {mode: Webhook}
clusterDomain: cluster.local
evictionHard: {imagefs.available: 0%, nodefs.available: 0%, nodefs.inodesFree: 0%}
failSwapOn: false
imageGCHighThresholdPercent: 100
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests",
            ],
        )),
        flags: KUBEADM_FLAGS,
        ..Row::NONE
    }],
    doubts: &[],
    flags_replace: false,
};

/// kubespray (roles/kubernetes/node/templates/kubelet-config.v1beta1.yaml.j2). What its variables are by default has changed.
pub static KUBESPRAY: Base = Base {
    name: "kubespray",
    rows: &[Row {
        file: Some((
            "/etc/kubernetes/kubelet-config.yaml",
            &["\
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: /etc/kubernetes/ssl/ca.crt}}
authorization: {mode: Webhook}
clusterDomain: cluster.local
staticPodPath: /etc/kubernetes/manifests"],
        )),
        flags: &["--kubeconfig=/etc/kubernetes/kubelet.conf", ENDPOINT_FLAG],
        ..Row::NONE
    }],
    doubts: &["eventRecordQPS", "protectKernelDefaults", "rotateCertificates", "streamingConnectionIdleTimeout"], flags_replace: false,
};
