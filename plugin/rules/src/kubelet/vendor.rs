//! What the kubelets of some vendors take beyond Kubernetes' own: builds with patches. Such a build is known by what else stands
//! on its command line; what its own flags do is not known, but that they stop it is not so.

use super::flags::Words;

/// A vendor's build of the kubelet.
pub struct Vendor {
    /// Whose it is.
    pub name: &'static str,
    /// Texts that stand only on the command lines of this build.
    signs: &'static [&'static str],
    /// Flags that only this build has; all of them take a value.
    flags: &'static [&'static str],
    /// Whether its nodes may give themselves labels of kubernetes.io that others may not.
    pub any_label: bool,
}

static VENDORS: [Vendor; 3] = [
    Vendor { name: "GKE", signs: &["cloud.google.com/gke-", "-gke."], flags: &["pod-sysctls"], any_label: false },
    Vendor { name: "OpenShift", signs: &["node.openshift.io/"], flags: &[], any_label: true },
    Vendor {
        name: "RKE2",
        // Its data may lie elsewhere; no other kubelet has its log there.
        signs: &["/var/lib/rancher/rke2/", "/agent/logs/kubelet.log"],
        flags: &["alsologtostderr", "log-file", "log-file-max-size", "logtostderr", "stderrthreshold"],
        any_label: false,
    },
];

/// The vendor whose build this command line is for, if it is not Kubernetes' own.
pub fn of(words: &Words) -> Option<&'static Vendor> {
    let has = |sign: &str| words.iter().any(|word| word.windows(sign.len()).any(|part| part == sign.as_bytes()));
    VENDORS.iter().find(|vendor| vendor.signs.iter().any(|sign| has(sign)))
}

/// Whether a vendor's build knows a flag that Kubernetes' own does not.
pub fn has_flag(words: &Words, name: &str) -> bool {
    VENDORS.iter().any(|vendor| vendor.flags.contains(&name))
        && of(words).is_some_and(|vendor| vendor.flags.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rke2_is_known_wherever_its_data_lies() {
        let words = |text: &str| text.split(' ').map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>();
        let elsewhere = words("--kubeconfig=/data/agent/kubelet.kubeconfig --log-file=/data/agent/logs/kubelet.log");
        assert!(has_flag(&elsewhere, "log-file") && !has_flag(&elsewhere, "pod-sysctls"));
        assert!(!has_flag(&words("--log-file=/var/log/kubelet.log"), "log-file"));
    }
}
