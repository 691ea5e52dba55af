//! Azure Kubernetes Service, Linux nodes.

use super::{Clue, Platform, REPLACED, SYSTEMD};

pub const AKS: Platform = Platform {
    id: "aks",
    name: "AKS",
    editions: "aks",
    clues: &[
        Clue::Label("kubernetes.azure.com/*"),
        Clue::Flag("config", "/etc/default/kubeletconfig.json"),
        Clue::Setting("authentication.x509.clientCAFile", "/etc/kubernetes/certs/ca.crt"),
        Clue::Path("/etc/kubernetes/azure.json"),
    ],
    service_files: &[
        "/etc/systemd/system/kubelet.service",
        "/etc/systemd/system/kubelet.service.d/10-componentconfig.conf",
        "/etc/systemd/system/kubelet.service.d/10-tlsbootstrap.conf",
        "/etc/default/kubelet",
    ],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "on AKS, flags come from KUBELET_FLAGS in /etc/default/kubelet and the file is /etc/default/kubeletconfig.json, but a node's files \
        are replaced with the node: what the node pool's custom configuration has a key for lasts (`az aks nodepool add --kubelet-config`)",
        "AKS では、フラグは /etc/default/kubelet の KUBELET_FLAGS、ファイルは /etc/default/kubeletconfig.json ですが、ノードのファイルはノードとともに\
        置き換えられます。恒久的に変更するには、ノードプールのカスタム構成にキーがあるものをそこで設定します（`az aks nodepool add --kubelet-config`）"
    ),
    by_hand: REPLACED,
    restart: SYSTEMD,
};
