//! Platforms: how to recognise one, which benchmarks are for it, and where its settings live. A file for each family.
//!
//! Evidence is what the kubelet was given and what the host tells of its node. Nothing is guessed: a name that two platforms
//! use, or the cloud alone, is no evidence.

mod aks;
mod eks;
pub mod form;
mod gke;
mod kubeadm;
mod openshift;
mod rancher;
mod snaps;
mod talos;

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::kubelet::flags::{self, Pass};
use crate::kubelet::surface::Version;
use crate::kubelet::{Documents, Kubelet, values};
use crate::message::{Text, Words};
use crate::model::{Content, Outcome, Want};

/// A platform that starts kubelets in its own way.
pub struct Platform {
    /// Stable, kebab-case.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// The platform of the editions that are for it; see [`Edition`](crate::benchmarks::Edition).
    pub editions: &'static str,
    /// What tells it.
    clues: &'static [Clue],
    /// The files of the kubelet's service, as far as the platform has them.
    pub service_files: &'static [&'static str],
    /// Where kube-proxy has its kubeconfig, as far as that is a file of the node.
    pub proxy_kubeconfigs: &'static [&'static str],
    /// Where a flag and a setting of the file are changed so that it lasts, as the end of a sentence.
    pub lasting: Words,
    /// What speaks against a change of a file's mode or owner by hand, after "but"; nothing where it lasts.
    pub by_hand: Words,
    /// How the kubelet is restarted.
    pub restart: Words,
}

/// Commands alone, which are the same in every language.
macro_rules! same {
    ($commands:expr) => {
        words!($commands, $commands)
    };
}
use same;

/// How the service of a kubelet is restarted where systemd runs it.
const SYSTEMD: Words = same!("`systemctl daemon-reload && systemctl restart kubelet`");

/// What speaks against a change by hand where nodes are replaced by new ones.
const REPLACED: Words = words!("a node that is replaced does not have it", "ノードが置き換えられると失われます");

/// A kubelet that nothing is known of.
pub const UNKNOWN: Platform = Platform {
    id: "unknown",
    name: "unknown platform",
    editions: crate::benchmarks::ANY_PLATFORM,
    clues: &[],
    service_files: &[
        "/etc/systemd/system/kubelet.service",
        "/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
        "/lib/systemd/system/kubelet.service",
        "/usr/lib/systemd/system/kubelet.service",
        "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf",
    ],
    proxy_kubeconfigs: &["/etc/kubernetes/proxy.conf", "/var/lib/kube-proxy/kubeconfig"],
    lasting: Words::NONE,
    by_hand: Words::NONE,
    restart: SYSTEMD,
};

/// All platforms. Of two with equally good evidence the first one counts.
static PLATFORMS: &[&Platform] = &[
    &aks::AKS,
    &eks::AL2023,
    &eks::AL2,
    &eks::BOTTLEROCKET,
    &eks::EKS,
    &gke::GKE,
    &kubeadm::KIND,
    &kubeadm::MINIKUBE,
    &rancher::K3S,
    &rancher::RKE2,
    &rancher::RKE,
    &snaps::MICROK8S,
    &snaps::K0S,
    &openshift::OPENSHIFT,
    &talos::TALOS,
    &kubeadm::KOPS,
    &kubeadm::KUBESPRAY,
    &kubeadm::KUBEADM,
];

/// Something that only one platform has, unless it says otherwise; a text that ends in `*` is a beginning.
enum Clue {
    /// Something that others have as well: it tells nothing alone.
    Also(&'static Clue),
    /// The kubelet's program.
    Program(&'static str),
    /// The name of the process that started it.
    Parent(&'static str),
    /// The value of a flag.
    Flag(&'static str, &'static str),
    /// One of the node's labels.
    Label(&'static str),
    /// The value of a setting of the effective configuration.
    Setting(&'static str, &'static str),
    /// The `ID` of the operating system.
    System(&'static str),
    /// A path that exists.
    Path(&'static str),
}

impl Clue {
    /// How much it tells: a path may be left over, and a file can be put where another platform has it.
    fn weight(&self) -> u8 {
        match self {
            Clue::Also(clue) => clue.weight(),
            Clue::Path(_) => 1,
            Clue::Flag(..) | Clue::Setting(..) => 2,
            Clue::Program(_) | Clue::Parent(_) | Clue::Label(_) | Clue::System(_) => 3,
        }
    }
}

/// A platform and why it is taken for the one.
pub struct Recognised {
    /// The platform.
    pub platform: &'static Platform,
    /// What tells it, for people; `None` where nothing does.
    pub evidence: Option<Text>,
}

/// The platform of this name.
pub fn named(id: &str) -> Option<&'static Platform> {
    PLATFORMS.iter().copied().find(|platform| platform.id == id)
}

/// All platforms.
pub fn all() -> impl Iterator<Item = &'static Platform> {
    PLATFORMS.iter().copied()
}

/// What is wanted of a node to recognise its platform.
pub fn wants() -> Vec<Want> {
    let paths = PLATFORMS.iter().flat_map(|platform| platform.clues).filter_map(|clue| match clue {
        Clue::Path(path) => Some(Want::Metadata(path.as_bytes().to_vec())),
        _ => None,
    });
    [Want::File(OS_RELEASE.as_bytes().to_vec())].into_iter().chain(paths).collect()
}

/// What an operating system says of itself.
pub const OS_RELEASE: &str = "/etc/os-release";

/// The platform for which there is most evidence. Of an input there is less: its paths are mostly the custom of many, so that
/// one of them tells nothing.
pub fn recognise(documents: Documents, kubelet: Option<&Kubelet>, is_input: bool) -> Recognised {
    let node = Node::new(documents, kubelet);
    let mut best = Recognised { platform: &UNKNOWN, evidence: None };
    let mut most = if is_input { 2 } else { 0 };
    for platform in PLATFORMS {
        let seen: Vec<_> = platform.clues.iter().filter_map(|clue| Some((clue, node.shows(clue)?))).collect();
        let weight: u8 = seen.iter().map(|(clue, _)| clue.weight()).sum();
        if weight > most && seen.iter().any(|(clue, _)| !matches!(clue, Clue::Also(_))) {
            most = weight;
            let evidence = seen.into_iter().map(|(_, evidence)| evidence);
            let evidence = evidence.reduce(|all, next| text!("{all}, {next}", "{all}、{next}", all, next));
            best = Recognised { platform, evidence };
        }
    }
    best
}

/// What is known of a node.
struct Node<'a> {
    documents: Documents<'a>,
    kubelet: Option<&'a Kubelet>,
    /// The flags with their values, as far as they can be read.
    flags: Vec<(&'static str, String)>,
    system: Option<String>,
}

impl<'a> Node<'a> {
    fn new(documents: Documents<'a>, kubelet: Option<&'a Kubelet>) -> Node<'a> {
        let version = kubelet.map_or_else(Version::newest, |kubelet| kubelet.version);
        let parsed = flags::parse(documents.words(), version, Pass::First);
        let flags = parsed.flags.iter().map(|flag| (flag.flag.name(), flag.text())).collect();
        Node { documents, kubelet, flags, system: system(documents) }
    }

    /// The clue in words, where it is there.
    fn shows(&self, clue: &Clue) -> Option<Text> {
        match clue {
            Clue::Also(clue) => self.shows(clue),
            Clue::Program(wanted) => self.fact("exe", wanted).map(Text::from),
            Clue::Parent(wanted) => {
                self.fact("parent", wanted).map(|name| text!("started by {name}", "{name} が起動", name))
            }
            Clue::Flag(flag, wanted) => {
                let fits = |(name, value): &&(&str, String)| name == flag && is_like(value, wanted);
                self.flags.iter().find(fits).map(|(_, value)| ["--", flag, "=", value].concat().into())
            }
            Clue::Label(wanted) => {
                let lists = self.flags.iter().filter(|(name, _)| *name == "node-labels");
                let mut labels =
                    lists.flat_map(|(_, list)| list.split(',')).filter_map(|label| label.split('=').next());
                labels.find(|name| is_like(name, wanted)).map(|name| text!("label {name}", "ラベル {name}", name))
            }
            Clue::Setting(path, wanted) => {
                let value = self.kubelet?.config.as_ref()?.text(path)?;
                is_like(value, wanted).then(|| [path, ": ", value].concat().into())
            }
            Clue::System(wanted) => {
                let system = self.system.as_ref()?;
                is_like(system, wanted).then(|| text!("operating system {system}", "OS {system}", system = &**system))
            }
            Clue::Path(path) => {
                let metadata = self.documents.outcome(&Want::Metadata(path.as_bytes().to_vec()))?;
                matches!(metadata, Outcome::Found(_)).then(|| (*path).to_owned().into())
            }
        }
    }

    fn fact(&self, key: &str, wanted: &str) -> Option<String> {
        let fits = |(name, value): &&(String, String)| name == key && is_like(value, wanted);
        self.documents.process.facts.iter().find(fits).map(|(_, value)| value.clone())
    }
}

/// The `ID` in `/etc/os-release`.
fn system(documents: Documents) -> Option<String> {
    let outcome = documents.outcome(&Want::File(OS_RELEASE.as_bytes().to_vec()))?;
    let Outcome::Found(Content::File(bytes)) = outcome else { return None };
    let text = values::text(bytes);
    let id = text.lines().find_map(|line| line.strip_prefix("ID="))?;
    Some(id.trim().trim_matches(['"', '\'']).to_string())
}

fn is_like(value: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(beginning) => value.starts_with(beginning),
        None => value == wanted,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::Node;

    const CA: &str = "authentication: {x509: {clientCAFile: /etc/kubernetes/ca.pem}}";

    fn recognised(node: Node) -> String {
        let report = node.running().option("version", "1.34").report(&[]);
        let context = report.context.iter().find(|said| said.id == "platform").unwrap();
        context.params.iter().find(|(key, _)| key == "platform").unwrap().1.clone()
    }

    #[test]
    fn what_several_platforms_have_tells_none_of_them_alone() {
        let doks = "--config=/etc/kubernetes/kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.kubeconfig \
            --node-labels=doks.digitalocean.com/node-id=1";
        let doks = Node::new(doks).kubelet_file("/etc/kubernetes/kubelet.conf", CA);
        assert_eq!(recognised(doks.clone()), "unknown");
        let findings = doks.running().option("version", "1.34").report(&[]).findings;
        let sections: Vec<_> = findings.iter().flat_map(|finding| &finding.sections).collect();
        assert!(sections.iter().any(|section| section.benchmark == "cis-1.12"));
        let of_kubeadm = "--config=/var/lib/kubelet/config.yaml --kubeconfig=/etc/kubernetes/kubelet.conf";
        assert_eq!(recognised(Node::new(of_kubeadm).kubelet_file("/var/lib/kubelet/config.yaml", "")), "unknown");
    }

    #[test]
    fn what_several_platforms_have_counts_beside_what_only_one_has() {
        let config = "--config=/var/lib/kubelet/config.yaml";
        for (flags, platform) in [
            ("--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf", "kubeadm"),
            ("--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --provider-id=kind://docker/a/b", "kind"),
        ] {
            let node = Node::new(flags).argument(config).kubelet_file("/var/lib/kubelet/config.yaml", "");
            assert_eq!(recognised(node), platform);
        }
        let flags = "--config=/etc/kubernetes/kubelet.conf --node-labels=node.openshift.io/os_id=rhel";
        assert_eq!(recognised(Node::new(flags).kubelet_file("/etc/kubernetes/kubelet.conf", "")), "openshift");
    }

    #[test]
    fn a_label_of_eks_tells_no_operating_system() {
        let labels = "--node-labels=eks.amazonaws.com/nodegroup=a,alpha.eksctl.io/cluster-name=b";
        let node = Node::new(labels);
        assert_eq!(recognised(node.clone()), "eks");
        assert_eq!(recognised(node.clone().looks("/etc/eks/kubelet/environment 644 0:0")), "eks-al2023");
        assert_eq!(recognised(node.clone().file("/etc/os-release", "ID=bottlerocket\n")), "eks-bottlerocket");
        assert_eq!(recognised(node.clone().looks("/etc/eks/bootstrap.sh 755 0:0")), "eks-al2");
        let config = "/etc/kubernetes/kubelet/config.json";
        assert_eq!(recognised(node.argument(&["--config=", config].concat()).kubelet_file(config, "")), "eks-al2023");
    }
}
