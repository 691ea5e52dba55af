//! Samples of every form: good, bad, overridden, partial, malformed, and what is none.

mod config_map;
mod kubeadm;
mod kubelet_configuration;
mod node_config;

/// What the samples need.
mod prelude {
    pub use crate::input::testing::Sample;

    pub const ANONYMOUS: &str = "anonymous-auth";
    pub const CHAINS: &str = "make-iptables-util-chains";
    pub const KERNEL: &str = "protect-kernel-defaults";
    pub const PORT: &str = "read-only-port";
    pub const ROTATE: &str = "rotate-certificates";
    pub const STARTS: &str = "kubelet-starts";
}
