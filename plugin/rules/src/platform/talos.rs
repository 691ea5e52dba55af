//! Talos Linux.

use super::{Clue, Platform};

pub const TALOS: Platform = Platform {
    id: "talos",
    name: "Talos Linux",
    editions: "any",
    clues: &[
        Clue::System("talos"),
        Clue::Flag("config", "/etc/kubernetes/kubelet.yaml"),
        Clue::Flag("kubeconfig", "/etc/kubernetes/kubeconfig-kubelet"),
    ],
    service_files: &[],
    proxy_kubeconfigs: &[],
    lasting: "on Talos, set it under `machine.kubelet.extraConfig` or `extraArgs` of the machine configuration (`talosctl apply-config`)",
    restart: "`talosctl service kubelet restart`",
};
