//! MicroK8s, which runs the kubelet inside another process, and k0s, which starts one of its own.

use super::{Clue, Platform, same};
use crate::message::Words;

pub const MICROK8S: Platform = Platform {
    id: "microk8s",
    name: "MicroK8s",
    editions: "microk8s",
    clues: &[
        Clue::Program("/snap/microk8s/*"),
        Clue::Label("microk8s.io/*"),
        Clue::Flag("kubeconfig", "/var/snap/microk8s/*"),
        Clue::Flag("kubeconfig", "${SNAP_DATA}/*"),
    ],
    service_files: &[],
    proxy_kubeconfigs: &["/var/snap/microk8s/current/credentials/proxy.config"],
    lasting: words!(
        "with MicroK8s, edit /var/snap/microk8s/current/args/kubelet",
        "MicroK8s では、/var/snap/microk8s/current/args/kubelet を編集します"
    ),
    by_hand: Words::NONE,
    restart: same!("`snap restart microk8s.daemon-kubelite`"),
};

pub const K0S: Platform = Platform {
    id: "k0s",
    name: "k0s",
    editions: "any",
    clues: &[
        Clue::Program("/var/lib/k0s/bin/kubelet"),
        Clue::Parent("k0s"),
        Clue::Flag("config", "/var/lib/k0s/kubelet-config.yaml"),
        Clue::Setting("authentication.x509.clientCAFile", "/var/lib/k0s/pki/ca.crt"),
    ],
    service_files: &["/etc/systemd/system/k0sworker.service", "/etc/systemd/system/k0scontroller.service"],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "with k0s, set it in a profile under `spec.workerProfiles` of k0s.yaml, or give `--kubelet-extra-args`",
        "k0s では、k0s.yaml の `spec.workerProfiles` のプロファイルに設定するか、`--kubelet-extra-args` を渡します"
    ),
    by_hand: Words::NONE,
    restart: same!("`systemctl restart k0sworker`"),
};
