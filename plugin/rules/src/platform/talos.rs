//! Talos Linux.

use super::{Clue, Platform, same};

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
    lasting: words!(
        "on Talos, set it under `machine.kubelet.extraConfig` or `extraArgs` of the machine configuration (`talosctl apply-config`)",
        "Talos では、マシン構成の `machine.kubelet.extraConfig` または `extraArgs` に設定します（`talosctl apply-config`）"
    ),
    by_hand: words!(
        "on Talos there is no shell to run it in: its files are its own",
        "Talos には実行するシェルがありません（ファイルは Talos が管理しています）"
    ),
    restart: same!("`talosctl service kubelet restart`"),
};
