//! Amazon Elastic Kubernetes Service: Amazon Linux 2023 (nodeadm), Amazon Linux 2 (bootstrap.sh) and Bottlerocket.

use super::{Clue, Platform, REPLACED, SYSTEMD};

/// Labels of EKS's node groups and of eksctl, which tell no operating system.
const GROUP: Clue = Clue::Label("eks.amazonaws.com/*");
const EKSCTL: Clue = Clue::Label("alpha.eksctl.io/*");
const OF_GROUP: Clue = Clue::Also(&GROUP);
const OF_EKSCTL: Clue = Clue::Also(&EKSCTL);

/// Of an operating system that is not told.
pub const EKS: Platform = Platform {
    id: "eks",
    name: "EKS",
    editions: "eks",
    clues: &[GROUP, EKSCTL],
    service_files: &["/etc/systemd/system/kubelet.service"],
    proxy_kubeconfigs: &["/var/lib/kube-proxy/kubeconfig"],
    lasting: words!(
        "on EKS, set it in the user data of the launch template",
        "EKS では、起動テンプレートのユーザーデータに設定します"
    ),
    by_hand: REPLACED,
    restart: SYSTEMD,
};

pub const AL2023: Platform = Platform {
    id: "eks-al2023",
    name: "EKS on Amazon Linux 2023",
    editions: "eks",
    clues: &[
        Clue::Flag("config", "/etc/kubernetes/kubelet/config.json"),
        Clue::Flag("config-dir", "/etc/kubernetes/kubelet/config.json.d"),
        Clue::Flag("image-credential-provider-config", "/etc/eks/*"),
        Clue::Path("/etc/eks/kubelet/environment"),
        OF_GROUP,
        OF_EKSCTL,
    ],
    service_files: &["/etc/systemd/system/kubelet.service", "/etc/eks/kubelet/environment"],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "on EKS, nodeadm writes the files anew at every start of the node: set it in `spec.kubelet` of the NodeConfig in the launch \
        template's user data (with Karpenter, in the EC2NodeClass)",
        "EKS では、ノードの起動のたびに nodeadm がファイルを書き直します。起動テンプレートのユーザーデータにある NodeConfig の `spec.kubelet`（Karpenter の\
        場合は EC2NodeClass）に設定します"
    ),
    by_hand: words!(
        "nodeadm writes its files anew at every start of the node",
        "nodeadm がノードの起動のたびにファイルを書き直します"
    ),
    restart: SYSTEMD,
};

pub const AL2: Platform = Platform {
    id: "eks-al2",
    name: "EKS on Amazon Linux 2",
    editions: "eks",
    clues: &[
        Clue::Flag("config", "/etc/kubernetes/kubelet/kubelet-config.json"),
        OF_GROUP,
        OF_EKSCTL,
        Clue::Path("/etc/eks/bootstrap.sh"),
    ],
    service_files: &[
        "/etc/systemd/system/kubelet.service",
        "/etc/systemd/system/kubelet.service.d/10-kubelet-args.conf",
        "/etc/systemd/system/kubelet.service.d/30-kubelet-extra-args.conf",
    ],
    proxy_kubeconfigs: &["/var/lib/kube-proxy/kubeconfig"],
    lasting: words!(
        "on EKS, change the launch template's user data, which edits kubelet-config.json before it calls /etc/eks/bootstrap.sh, or gives \
        flags with `--kubelet-extra-args`",
        "EKS では、起動テンプレートのユーザーデータを変更します。/etc/eks/bootstrap.sh を呼び出す前に kubelet-config.json を編集するか、\
        `--kubelet-extra-args` でフラグを渡します"
    ),
    by_hand: REPLACED,
    restart: SYSTEMD,
};

pub const BOTTLEROCKET: Platform = Platform {
    id: "eks-bottlerocket",
    name: "EKS on Bottlerocket",
    editions: "eks",
    clues: &[Clue::System("bottlerocket"), Clue::Flag("config", "/etc/kubernetes/kubelet/config"), OF_GROUP, OF_EKSCTL],
    service_files: &["/etc/systemd/system/kubelet.service.d/exec-start.conf"],
    proxy_kubeconfigs: &[],
    lasting: words!(
        "on Bottlerocket, files are written anew from the settings: set it under `[settings.kubernetes]` in the user data, or with \
        `apiclient set kubernetes.…`",
        "Bottlerocket では、ファイルは設定から書き直されます。ユーザーデータの `[settings.kubernetes]` または `apiclient set kubernetes.…` で設定します"
    ),
    by_hand: words!(
        "Bottlerocket writes its files anew from the settings at every start",
        "Bottlerocket は起動のたびに設定からファイルを書き直します"
    ),
    restart: words!(
        "`apiclient reboot`, or `systemctl restart kubelet` from the admin container",
        "`apiclient reboot`、または管理コンテナから `systemctl restart kubelet`"
    ),
};
