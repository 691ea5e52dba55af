//! OpenShift 4.

use super::{Clue, Platform, SYSTEMD};

pub const OPENSHIFT: Platform = Platform {
    id: "openshift",
    name: "OpenShift",
    editions: "openshift",
    clues: &[
        Clue::System("rhcos"),
        Clue::Label("node.openshift.io/*"),
        Clue::Flag("config-dir", "/etc/openshift/kubelet.conf.d"),
        Clue::Also(&Clue::Flag("config", "/etc/kubernetes/kubelet.conf")),
        Clue::Setting("authentication.x509.clientCAFile", "/etc/kubernetes/kubelet-ca.crt"),
        Clue::Path("/etc/machine-config-daemon"),
    ],
    service_files: &["/etc/systemd/system/kubelet.service"],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "on OpenShift, set it in a KubeletConfig for the machine config pool; what is edited by hand is reported as drift",
        "OpenShift では、マシン設定プールの KubeletConfig に設定します。手作業による変更はドリフトとして報告されます"
    ),
    by_hand: words!(
        "on OpenShift it is reported as drift: set it in the MachineConfig that has the file",
        "OpenShift ではドリフトとして報告されます。ファイルを定義している MachineConfig に設定します"
    ),
    restart: SYSTEMD,
};
