//! Google Kubernetes Engine.

use super::{Clue, Platform, REPLACED, SYSTEMD};

pub const GKE: Platform = Platform {
    id: "gke",
    name: "GKE",
    editions: "gke",
    clues: &[
        Clue::Program("/home/kubernetes/bin/kubelet"),
        Clue::Label("cloud.google.com/gke-*"),
        Clue::Flag("config", "/home/kubernetes/kubelet-config.yaml"),
        Clue::Setting("authentication.x509.clientCAFile", "/etc/srv/kubernetes/pki/ca-certificates.crt"),
    ],
    service_files: &["/etc/systemd/system/kubelet.service", "/etc/default/kubelet"],
    proxy_kubeconfigs: &["/var/lib/kube-proxy/kubeconfig"],
    lasting: words!(
        "on GKE, what the node pool's system configuration has a key for lasts (`gcloud container node-pools update \
        --system-config-from-file`); everything else is Google's",
        "GKE では、ノードプールのシステム構成にキーがあるものだけを恒久的に変更できます（`gcloud container node-pools update \
        --system-config-from-file`）。それ以外は Google が管理しています"
    ),
    by_hand: REPLACED,
    restart: SYSTEMD,
};
