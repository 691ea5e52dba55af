//! Which check has which section in which edition of the CIS benchmarks.
//!
//! An edition's name is its family and version, as kube-bench names its folders. Numbers are facts; texts are our own.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use crate::model::Section;

/// Whether an edition asks for a tool, or for a person. What a tool can decide is decided all the same.
#[derive(Clone, Copy)]
enum Mode {
    Automated,
    Manual,
}
use Mode::{Automated, Manual};

/// The sections of a check in all editions that have it; all of them are of level 1.
pub fn sections(check: &str) -> Vec<Section> {
    let rows = match check {
        "make-iptables-util-chains" => MAKE_IPTABLES_UTIL_CHAINS,
        _ => &[],
    };
    let section = |(benchmark, number, mode): &(&str, &str, Mode)| Section {
        benchmark: (*benchmark).to_owned(),
        number: (*number).to_owned(),
        level: 1,
        automated: matches!(mode, Automated),
    };
    rows.iter().map(section).collect()
}

const MAKE_IPTABLES_UTIL_CHAINS: &[(&str, &str, Mode)] = &[
    ("ack-1.0", "4.2.7", Automated),
    ("aks-1.0", "3.2.7", Manual),
    ("aks-1.7", "3.2.6", Automated),
    ("aks-1.8", "3.2.6", Automated),
    ("cis-1.10", "4.2.6", Automated),
    ("cis-1.11", "4.2.6", Automated),
    ("cis-1.12", "4.2.6", Automated),
    ("cis-1.20", "4.2.7", Automated),
    ("cis-1.23", "4.2.7", Automated),
    ("cis-1.24-microk8s", "4.2.7", Automated),
    ("cis-1.24", "4.2.7", Automated),
    ("cis-1.5", "4.2.7", Automated),
    ("cis-1.6-k3s", "4.2.7", Automated),
    ("cis-1.6", "4.2.7", Automated),
    ("cis-1.7", "4.2.6", Automated),
    ("cis-1.8", "4.2.6", Automated),
    ("cis-1.9", "4.2.6", Automated),
    ("eks-1.0.1", "3.2.7", Automated),
    ("eks-1.1.0", "3.2.7", Automated),
    ("eks-1.2.0", "3.2.7", Automated),
    ("eks-1.5.0", "3.2.6", Automated),
    ("eks-1.7.0", "3.2.6", Automated),
    ("eks-1.8.0", "3.2.6", Automated),
    ("gke-1.0", "4.2.7", Automated),
    ("gke-1.2.0", "3.2.7", Automated),
    ("gke-1.6.0", "3.2.6", Automated),
    ("k3s-cis-1.23", "4.2.7", Automated),
    ("k3s-cis-1.24", "4.2.7", Automated),
    ("k3s-cis-1.7", "4.2.6", Automated),
    ("k3s-cis-1.8", "4.2.6", Automated),
    ("k3s-cis-1.9", "4.2.6", Automated),
    ("rh-0.7", "7.8", Automated),
    ("rh-1.0", "4.2.7", Manual),
    ("rh-1.4", "4.2.7", Manual),
    ("rh-1.8", "4.2.7", Manual),
    ("rke-cis-1.23", "4.2.7", Automated),
    ("rke-cis-1.24", "4.2.7", Automated),
    ("rke-cis-1.7", "4.2.6", Automated),
    ("rke2-cis-1.23", "4.2.7", Automated),
    ("rke2-cis-1.24", "4.2.7", Automated),
    ("rke2-cis-1.7", "4.2.6", Automated),
    ("rke2-cis-1.8", "4.2.6", Automated),
    ("tkgi-1.2.53", "4.2.7", Automated),
];
