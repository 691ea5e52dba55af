//! Rancher's distributions: k3s runs the kubelet inside itself, RKE2 starts one, RKE runs one in a container.

use super::{Clue, Platform};

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
    lasting: "with k3s, put a file with a name after `00-` into /var/lib/rancher/k3s/agent/etc/kubelet.conf.d (from 1.32 on), or a `kubelet-arg` \
        into /etc/rancher/k3s/config.yaml",
    restart: "`systemctl restart k3s` (on an agent, `k3s-agent`)",
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
    lasting: "with RKE2, put a file with a name after `00-` into /var/lib/rancher/rke2/agent/etc/kubelet.conf.d (from 1.32 on), or a `kubelet-arg` \
        into /etc/rancher/rke2/config.yaml",
    restart: "`systemctl restart rke2-server` (on an agent, `rke2-agent`)",
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
    lasting: "with RKE, set it under `services.kubelet.extra_args` in cluster.yml, then `rke up`",
    restart: "`docker restart kubelet`",
};
