//! Samples of every form: good, bad, overridden, partial, malformed, and what is none.

mod aks;
mod ansible;
mod azure_template;
mod bicep;
mod bottlerocket;
mod cloud_config;
mod cloud_formation;
mod cluster_api;
mod config_map;
mod eksctl;
mod gke;
mod ignition;
mod k0s;
mod karpenter;
mod kind;
mod kops;
mod kubeadm;
mod kubelet_configuration;
mod kubespray;
mod microk8s;
mod mime;
mod node_config;
mod openshift;
mod patches;
mod rancher;
mod scripts;
mod systemd;
mod talos;
mod terraform;
mod terraform_texts;

/// What the samples need.
mod prelude {
    pub use crate::input::testing::Sample;

    pub const ANONYMOUS: &str = "anonymous-auth";
    pub const CHAINS: &str = "make-iptables-util-chains";
    pub const KERNEL: &str = "protect-kernel-defaults";
    pub const PORT: &str = "read-only-port";
    pub const ROTATE: &str = "rotate-certificates";
    pub const HOSTNAME: &str = "hostname-override";
    pub const STARTS: &str = "kubelet-starts";
}
