//! Rancher's distributions: k3s runs the kubelet inside itself, RKE2 starts one, RKE runs one in a container.

use super::{Clue, Platform, same};
use crate::message::Words;

pub const K3S: Platform = Platform {
    id: "k3s",
    name: "k3s",
    editions: "k3s",
    clues: &[
        Clue::Program("/usr/local/bin/k3s"),
        Clue::Program("/var/lib/rancher/k3s/data/*"),
        Clue::Flag("config-dir", "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d"),
        Clue::Flag("kubeconfig", "/var/lib/rancher/k3s/agent/kubelet.kubeconfig"),
        Clue::Setting("authentication.x509.clientCAFile", "/var/lib/rancher/k3s/agent/client-ca.crt"),
    ],
    service_files: &[],
    proxy_kubeconfigs: &["/var/lib/rancher/k3s/agent/kubeproxy.kubeconfig"],
    lasting: words!(
        "with k3s, put a file with a name after `00-` into /var/lib/rancher/k3s/agent/etc/kubelet.conf.d (from 1.32 on), or a `kubelet-arg` \
        into /etc/rancher/k3s/config.yaml",
        "k3s では、名前が `00-` より後になるファイルを /var/lib/rancher/k3s/agent/etc/kubelet.conf.d に置く（1.32 以降）か、\
        /etc/rancher/k3s/config.yaml に `kubelet-arg` を追加します"
    ),
    by_hand: Words::NONE,
    restart: words!(
        "`systemctl restart k3s` (on an agent, `k3s-agent`)",
        "`systemctl restart k3s`（エージェントでは `k3s-agent`）"
    ),
};

pub const RKE2: Platform = Platform {
    id: "rke2",
    name: "RKE2",
    editions: "rke2",
    clues: &[
        Clue::Parent("rke2"),
        Clue::Flag("config-dir", "/var/lib/rancher/rke2/agent/etc/kubelet.conf.d"),
        Clue::Flag("kubeconfig", "/var/lib/rancher/rke2/agent/kubelet.kubeconfig"),
        Clue::Setting("authentication.x509.clientCAFile", "/var/lib/rancher/rke2/agent/client-ca.crt"),
    ],
    service_files: &[],
    proxy_kubeconfigs: &["/var/lib/rancher/rke2/agent/kubeproxy.kubeconfig"],
    lasting: words!(
        "with RKE2, put a file with a name after `00-` into /var/lib/rancher/rke2/agent/etc/kubelet.conf.d (from 1.32 on), or a `kubelet-arg` \
        into /etc/rancher/rke2/config.yaml",
        "RKE2 では、名前が `00-` より後になるファイルを /var/lib/rancher/rke2/agent/etc/kubelet.conf.d に置く（1.32 以降）か、\
        /etc/rancher/rke2/config.yaml に `kubelet-arg` を追加します"
    ),
    by_hand: Words::NONE,
    restart: words!(
        "`systemctl restart rke2-server` (on an agent, `rke2-agent`)",
        "`systemctl restart rke2-server`（エージェントでは `rke2-agent`）"
    ),
};

pub const RKE: Platform = Platform {
    id: "rke",
    name: "RKE",
    editions: "rke",
    clues: &[
        Clue::Flag("kubeconfig", "/etc/kubernetes/ssl/kubecfg-kube-node.yaml"),
        Clue::Setting("authentication.x509.clientCAFile", "/etc/kubernetes/ssl/kube-ca.pem"),
    ],
    service_files: &[],
    proxy_kubeconfigs: &["/etc/kubernetes/ssl/kubecfg-kube-proxy.yaml"],
    lasting: words!(
        "with RKE, set it under `services.kubelet.extra_args` in cluster.yml, then `rke up`",
        "RKE では、cluster.yml の `services.kubelet.extra_args` に設定し、`rke up` を実行します"
    ),
    by_hand: Words::NONE,
    restart: same!("`docker restart kubelet`"),
};
