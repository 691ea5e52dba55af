//! kubeadm, and what sets up nodes with kubeadm's files or in much the same way.

use super::{Clue, Platform, SYSTEMD};
use crate::message::Words;

/// What all of these name so.
const CONFIG: Clue = Clue::Also(&Clue::Flag("config", "/var/lib/kubelet/config.yaml"));

const SERVICE_FILES: &[&str] = &[
    "/etc/systemd/system/kubelet.service",
    "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
    "/lib/systemd/system/kubelet.service",
    "/usr/lib/systemd/system/kubelet.service",
    "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
];

pub const KUBEADM: Platform = Platform {
    id: "kubeadm",
    name: "kubeadm",
    editions: "any",
    clues: &[CONFIG, Clue::Flag("bootstrap-kubeconfig", "/etc/kubernetes/bootstrap-kubelet.conf")],
    service_files: SERVICE_FILES,
    proxy_kubeconfigs: &[],
    lasting: words!(
        "with kubeadm, change the ConfigMap kubelet-config in kube-system, then `kubeadm upgrade node phase kubelet-config` on each node; \
        flags stand in KUBELET_EXTRA_ARGS of /etc/default/kubelet or /etc/sysconfig/kubelet",
        "kubeadm では、kube-system の ConfigMap kubelet-config を変更し、各ノードで `kubeadm upgrade node phase kubelet-config` を実行します。フラグは \
        /etc/default/kubelet または /etc/sysconfig/kubelet の KUBELET_EXTRA_ARGS にあります"
    ),
    by_hand: Words::NONE,
    restart: SYSTEMD,
};

pub const KIND: Platform = Platform {
    id: "kind",
    name: "kind",
    editions: "any",
    clues: &[Clue::Flag("provider-id", "kind://*"), CONFIG, Clue::Setting("providerID", "kind://*")],
    service_files: SERVICE_FILES,
    proxy_kubeconfigs: &[],
    lasting: words!(
        "with kind, set it in a kubeletConfiguration patch under `kubeadmConfigPatches` of the cluster's configuration, and create the \
        cluster anew",
        "kind では、クラスター構成の `kubeadmConfigPatches` に KubeletConfiguration のパッチとして設定し、クラスターを作り直します"
    ),
    by_hand: Words::NONE,
    restart: SYSTEMD,
};

pub const MINIKUBE: Platform = Platform {
    id: "minikube",
    name: "minikube",
    editions: "any",
    clues: &[
        Clue::Program("/var/lib/minikube/binaries/*"),
        CONFIG,
        Clue::Setting("authentication.x509.clientCAFile", "/var/lib/minikube/certs/ca.crt"),
    ],
    service_files: SERVICE_FILES,
    proxy_kubeconfigs: &[],
    lasting: words!(
        "with minikube, start with `--extra-config=kubelet.FLAG=VALUE`",
        "minikube では、`--extra-config=kubelet.FLAG=VALUE` を付けて起動します"
    ),
    by_hand: Words::NONE,
    restart: SYSTEMD,
};

pub const KUBESPRAY: Platform = Platform {
    id: "kubespray",
    name: "Kubespray",
    editions: "any",
    clues: &[
        Clue::Flag("config", "/etc/kubernetes/kubelet-config.yaml"),
        Clue::Setting("authentication.x509.clientCAFile", "/etc/kubernetes/ssl/ca.crt"),
        Clue::Path("/etc/kubernetes/kubelet.env"),
    ],
    service_files: &["/etc/systemd/system/kubelet.service", "/etc/kubernetes/kubelet.env"],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "with Kubespray, set the inventory's `kubelet_…` variables and run `cluster.yml --tags node`",
        "Kubespray では、インベントリの `kubelet_…` 変数を設定し、`cluster.yml --tags node` を実行します"
    ),
    by_hand: Words::NONE,
    restart: SYSTEMD,
};

pub const KOPS: Platform = Platform {
    id: "kops",
    name: "kOps",
    editions: "any",
    clues: &[
        Clue::Flag("config", "/var/lib/kubelet/kubelet.conf"),
        Clue::Setting("authentication.x509.clientCAFile", "/srv/kubernetes/ca.crt"),
    ],
    service_files: &["/lib/systemd/system/kubelet.service", "/etc/sysconfig/kubelet"],
    proxy_kubeconfigs: &["/var/lib/kube-proxy/kubeconfig"],
    lasting: words!(
        "with kOps, set it under `spec.kubelet` of the cluster or the instance group, then `kops update cluster` and a rolling update",
        "kOps では、クラスターまたはインスタンスグループの `spec.kubelet` に設定し、`kops update cluster` とローリングアップデートを行います"
    ),
    by_hand: Words::NONE,
    restart: SYSTEMD,
};
