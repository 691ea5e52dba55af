//! Makes random cases. Most of them start, so that a wrong one among their many parts shows.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::flags;
use super::surface::{Field, Surface};
use super::values::{self, Node, chance, pick};
use super::{inside, json_text, yaml_text};
use crate::case::Case;

/// How often a value is out of the ordinary.
const STRANGE: f64 = 0.05;

/// Settings of which the validation looks at several together, with the gates that they need. A name with a capital
/// is a gate.
const TOGETHER: [&[&str]; 17] = [
    &[
        "enforceNodeAllocatable",
        "systemReservedCgroup",
        "kubeReservedCgroup",
        "cgroupsPerQOS",
        "systemReserved",
        "reservedSystemCPUs",
    ],
    &[
        "imageGCHighThresholdPercent",
        "imageGCLowThresholdPercent",
        "imageMinimumGCAge",
        "imageMaximumGCAge",
        "ImageMaximumGCAge",
    ],
    &["serializeImagePulls", "maxParallelImagePulls"],
    &[
        "shutdownGracePeriod",
        "shutdownGracePeriodCriticalPods",
        "shutdownGracePeriodByPodPriority",
        "GracefulNodeShutdown",
        "GracefulNodeShutdownBasedOnPodPriority",
    ],
    &[
        "evictionHard",
        "evictionSoft",
        "evictionSoftGracePeriod",
        "evictionMinimumReclaim",
        "mergeDefaultEvictionSettings",
    ],
    &["memoryThrottlingFactor", "memoryReservationPolicy", "MemoryQoS"],
    &[
        "logging.format",
        "logging.vmodule",
        "logging.options.text.splitStream",
        "logging.options.json.infoBufferSize",
        "LoggingAlphaOptions",
        "LoggingBetaOptions",
    ],
    &["reservedMemory", "memoryManagerPolicy", "kubeReserved", "systemReserved", "evictionHard"],
    &["tracing.endpoint", "tracing.samplingRatePerMillion", "KubeletTracing"],
    &["crashLoopBackOff.maxContainerRestartPeriod", "KubeletCrashLoopBackOffMax", "ReduceDefaultCrashLoopBackOffDecay"],
    &[
        "imagePullCredentialsVerificationPolicy",
        "preloadedImagesVerificationAllowlist",
        "KubeletEnsureSecretPulledImages",
    ],
    &["enableSystemLogQuery", "enableSystemLogHandler", "NodeLogQuery"],
    &["memorySwap.swapBehavior", "failSwapOn", "NodeSwap"],
    &["nodeStatusUpdateFrequency", "nodeStatusReportFrequency", "cpuManagerReconcilePeriod"],
    &["cpuCFSQuotaPeriod", "cpuCFSQuota", "CustomCPUCFSQuotaPeriod"],
    &["serverTLSBootstrap", "rotateCertificates", "tlsCertFile", "RotateKubeletServerCertificate"],
    &["systemCgroups", "cgroupRoot", "defaultPodSysctls", "DefaultPodSysctls"],
];

/// Settings that are set more often than others: of every kind, at every depth.
const OFTEN: [&str; 8] = [
    "makeIPTablesUtilChains",
    "readOnlyPort",
    "eventRecordQPS",
    "streamingConnectionIdleTimeout",
    "tlsCipherSuites",
    "evictionHard",
    "authorization.mode",
    "authentication.anonymous.enabled",
];

/// The version that the kubelet has inside.
const INTERNAL: &str = "kubelet.config.k8s.io/__internal";

/// Makes cases for one version.
pub struct Generator<'a> {
    pub surface: &'a Surface,
    pub rng: Rng,
}

impl<'a> Generator<'a> {
    /// A case.
    pub fn case(&mut self, id: String) -> Case {
        let mut case = Case { id, ..Case::default() };
        let mut words: Vec<Vec<String>> = vec![];
        if chance(&mut self.rng, 0.8) {
            self.config_file(&mut case, &mut words);
        }
        if chance(&mut self.rng, 0.35) {
            self.drop_ins(&mut case, &mut words);
        }
        for _ in 0..*self.rng.choice(&[0, 0, 1, 1, 2, 3, 5]).unwrap_or(&0) {
            words.push(flags::words(self));
        }
        self.rng.shuffle(&mut words);
        case.args = words.concat();
        if chance(&mut self.rng, 0.02) {
            let at = self.rng.usize(..=case.args.len());
            case.args.insert(at, pick(&mut self.rng, &flags::STRAY).to_owned());
        }
        if !chance(&mut self.rng, 0.05) {
            case.env.push("KUBELET_CONFIG_DROPIN_DIR_ALPHA".into());
        }
        case
    }

    fn config_file(&mut self, case: &mut Case, words: &mut Vec<Vec<String>>) {
        let paths = ["/etc/kubernetes/kubelet-config.json", "/var/lib/kubelet/config.yaml", "/k"];
        let path = pick(&mut self.rng, &paths);
        let written = match self.rng.u8(..40) {
            0 => path.trim_start_matches('/').to_owned(),
            1 => format!("/etc/../{path}"),
            2 => {
                case.links.insert("/link".into(), path.into());
                "/link".into()
            }
            _ => path.to_owned(),
        };
        if !chance(&mut self.rng, 0.01) {
            case.files.insert(path.into(), self.document(false));
        }
        let name = flags::spelt(&mut self.rng, "config");
        words.push(if chance(&mut self.rng, 0.7) {
            vec![format!("--{name}={written}")]
        } else {
            vec![format!("--{name}"), written]
        });
    }

    fn drop_ins(&mut self, case: &mut Case, words: &mut Vec<Vec<String>>) {
        const FOLDER: &str = "/etc/kubelet.conf.d";
        const NAMES: [&str; 14] = [
            "10-a.conf",
            "9.conf",
            "20-b.conf",
            "sub/05.conf",
            "a.yaml",
            "B.conf",
            "b.conf",
            ".hidden.conf",
            "z.CONF",
            ".conf",
            "30.conf.bak",
            "sub.conf/1.conf",
            "sub/sub/1.conf",
            "é.conf",
        ];
        let mut names: Vec<&str> = NAMES.to_vec();
        self.rng.shuffle(&mut names);
        for name in names.into_iter().take(self.rng.usize(..4)) {
            let text = self.document(true);
            let path = format!("{FOLDER}/{name}");
            if chance(&mut self.rng, 0.03) {
                let target = format!("/data/{}", name.replace('/', "-"));
                case.files.insert(target.clone(), text);
                case.links.insert(path, target);
            } else {
                case.files.insert(path, text);
            }
        }
        case.dirs.push(FOLDER.into());
        let written = match self.rng.u8(..40) {
            0 => format!("{FOLDER}/"),
            1 => FOLDER.trim_start_matches('/').to_owned(),
            2 => "/none".to_owned(),
            3 => {
                case.links.insert("/d".into(), FOLDER.into());
                pick(&mut self.rng, &["/d", "/d/"]).to_owned()
            }
            4 => {
                case.links.insert(format!("{FOLDER}/dir.conf"), "/tmp".into());
                case.dirs.push("/tmp".into());
                FOLDER.to_owned()
            }
            5 => format!("{FOLDER}/10-a.conf"),
            _ => FOLDER.to_owned(),
        };
        words.push(vec![format!("--{}={written}", flags::spelt(&mut self.rng, "config-dir"))]);
    }

    /// The text of a file.
    fn document(&mut self, drop_in: bool) -> Vec<u8> {
        if chance(&mut self.rng, 0.006) {
            let texts: [&[u8]; 8] = [b"", b" \n", b"null\n", b"[]\n", b"x\n", b"{}", b"---\n", b"\xff\xfe{\0}\0"];
            return self.rng.choice(texts).unwrap_or_default().to_vec();
        }
        let tree = Node::Map(self.tree(drop_in));
        if chance(&mut self.rng, 0.4) {
            json_text::write(&mut self.rng, &tree)
        } else {
            yaml_text::write(&mut self.rng, &tree)
        }
    }

    fn tree(&mut self, drop_in: bool) -> Vec<(String, Node)> {
        let mut tree = vec![];
        for (path, value) in self.settings(drop_in) {
            put(&mut tree, &path, value);
        }
        if chance(&mut self.rng, 0.12) {
            self.misspell(&mut tree);
        }
        if chance(&mut self.rng, 0.06) {
            self.repeat(&mut tree);
        }
        let mut head = vec![
            ("kind".to_owned(), Node::text("KubeletConfiguration")),
            ("apiVersion".to_owned(), Node::text("kubelet.config.k8s.io/v1beta1")),
        ];
        if chance(&mut self.rng, 0.04) {
            self.behead(&mut head);
        } else if chance(&mut self.rng, 0.015) {
            head[1].1 = Node::text(INTERNAL);
            self.fill_in(&mut tree);
            inside::renamed(&mut tree);
        }
        head.append(&mut tree);
        if chance(&mut self.rng, 0.4) {
            self.rng.shuffle(&mut head);
        }
        head
    }

    /// Nothing gets a default inside: without these a kubelet refuses the file.
    fn fill_in(&mut self, tree: &mut Vec<(String, Node)>) {
        let Node::Map(defaults) = inside::node(&self.surface.defaults) else { return };
        let all = chance(&mut self.rng, 0.7);
        for (key, value) in defaults {
            if !tree.iter().any(|(known, _)| *known == key) && (all || self.rng.bool()) {
                tree.push((key, value));
            }
        }
    }

    fn settings(&mut self, drop_in: bool) -> BTreeMap<String, Node> {
        let mut settings = BTreeMap::new();
        for _ in 0..self.rng.usize(..6) {
            let field = self.field();
            let value = match &*field.path {
                "featureGates" => self.gates(),
                _ => self.value_or_null(field, if drop_in { 0.1 } else { 0.02 }),
            };
            settings.insert(field.path.clone(), value);
        }
        if chance(&mut self.rng, 0.3) {
            self.together(&mut settings);
        }
        if chance(&mut self.rng, 0.1) {
            settings.insert("featureGates".into(), self.gates());
        }
        if chance(&mut self.rng, 0.02) && !self.surface.structs.is_empty() {
            let path = &self.surface.structs[self.rng.usize(..self.surface.structs.len())];
            let value = [Node::Null, Node::Map(vec![]), Node::List(vec![]), Node::text(""), Node::Bool(true)];
            settings.insert(path.clone(), self.rng.choice(value).unwrap_or(Node::Null));
        }
        settings
    }

    /// Some of the settings that belong together.
    fn together(&mut self, settings: &mut BTreeMap<String, Node>) {
        let names = TOGETHER[self.rng.usize(..TOGETHER.len())];
        let mut gates = vec![];
        for name in names.iter().filter(|_| self.rng.u8(..3) > 0).collect::<Vec<_>>() {
            if name.starts_with(|c: char| c.is_uppercase()) {
                gates.push(((*name).to_owned(), Node::Bool(chance(&mut self.rng, 0.7))));
            } else if let Some(field) = self.surface.fields.iter().find(|field| field.path == *name) {
                settings.insert(field.path.clone(), values::value(&mut self.rng, name, &field.kind, 0.3));
            }
        }
        gates.retain(|(name, value)| {
            let gate = self.surface.gates.iter().find(|gate| gate.name == *name);
            gate.is_some_and(|gate| !gate.locked || *value == Node::Bool(gate.default))
        });
        if !gates.is_empty() {
            settings.insert("featureGates".into(), Node::Map(gates));
        }
    }

    fn gates(&mut self) -> Node {
        let mut gates = vec![];
        for _ in 0..self.rng.usize(..4) {
            gates.push(self.gate());
        }
        Node::Map(gates)
    }

    /// A feature gate and its state.
    pub fn gate(&mut self) -> (String, Node) {
        let value = Node::Bool(self.rng.bool());
        match self.rng.u8(..40) {
            0 => (pick(&mut self.rng, &["Nope", "nodeSwap", "", "AllGamma"]).to_owned(), value),
            1 => ("AllAlpha".into(), value),
            2..4 => ("AllBeta".into(), value),
            4 => {
                let values = [Node::Null, Node::text("true"), Node::Number("1".into())];
                ("NodeSwap".into(), self.rng.choice(values).unwrap_or(Node::Null))
            }
            _ => {
                let gate = &self.surface.gates[self.rng.usize(..self.surface.gates.len())];
                let free = !gate.locked || chance(&mut self.rng, 0.03);
                (gate.name.clone(), if free { value } else { Node::Bool(gate.default) })
            }
        }
    }

    /// A key in another case, an unknown one, or one in the wrong place.
    fn misspell(&mut self, tree: &mut Vec<(String, Node)>) {
        let unknown = [
            "unknownField",
            "make-iptables-util-chains",
            "enabled",
            "Authentication",
            "x509",
            "a.b",
            "é",
            "ſyncFrequency",
        ];
        match self.rng.u8(..5) {
            0 => {
                let key = pick(&mut self.rng, &unknown).to_owned();
                tree.push((key, Node::Bool(true)));
            }
            1 => {
                let field = &self.surface.fields[self.rng.usize(..self.surface.fields.len())];
                let last = field.path.rsplit('.').next().unwrap_or_default().to_owned();
                let value = values::value(&mut self.rng, &field.path, &field.kind, STRANGE);
                tree.push((last, value));
            }
            _ => {
                let field = self.field();
                let value = self.value_or_null(field, 0.2);
                let path: Vec<String> = field.path.split('.').map(|key| self.recase(key)).collect();
                put(tree, &path.join("."), value);
            }
        }
    }

    /// A field: often one of few, so that several files of a case have it, and several spellings.
    fn field(&mut self) -> &'a Field {
        let fields = &self.surface.fields;
        let often = chance(&mut self.rng, 0.3).then(|| pick(&mut self.rng, &OFTEN));
        let often = often.and_then(|path| fields.iter().find(|field| field.path == path));
        often.unwrap_or_else(|| &fields[self.rng.usize(..fields.len())])
    }

    /// A value of a field, or a `null`.
    fn value_or_null(&mut self, field: &Field, null: f64) -> Node {
        match chance(&mut self.rng, null) {
            true => Node::Null,
            false => values::value(&mut self.rng, &field.path, &field.kind, STRANGE),
        }
    }

    /// The key in another case: as Go names the field, in small letters, or with one letter changed.
    fn recase(&mut self, key: &str) -> String {
        let mut letters: Vec<char> = key.chars().collect();
        let at = self.rng.usize(..letters.len());
        match self.rng.u8(..5) {
            0 => return key.to_lowercase(),
            1 => return key.to_uppercase(),
            2 => letters[0] = letters[0].to_ascii_uppercase(),
            3 if letters[at].is_uppercase() => letters[at] = letters[at].to_ascii_lowercase(),
            3 => letters[at] = letters[at].to_ascii_uppercase(),
            // Go folds these two as well.
            _ => return key.replacen('s', "ſ", 1).replacen('k', "\u{212a}", 1),
        }
        letters.into_iter().collect()
    }

    /// A key twice, with the same value or another.
    fn repeat(&mut self, tree: &mut Vec<(String, Node)>) {
        if tree.is_empty() {
            return;
        }
        let (key, mut value) = tree[self.rng.usize(..tree.len())].clone();
        if let Node::Map(members) = &mut value
            && let Some((key, first)) = members.first().cloned()
        {
            let again = if self.rng.bool() { first } else { Node::Null };
            members.push((key, again));
        }
        if let Some(field) = self.surface.fields.iter().find(|field| field.path == key) {
            value = values::value(&mut self.rng, &field.path, &field.kind, 0.3);
        }
        let at = self.rng.usize(..=tree.len());
        tree.insert(at, (key, value));
    }

    /// Kind and version that are not as they should be.
    fn behead(&mut self, head: &mut Vec<(String, Node)>) {
        let at = self.rng.usize(..2);
        let kinds = ["Kubeletconfiguration", "CredentialProviderConfig", "", "SerializedNodeConfigSource"];
        let versions = ["kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v1alpha1", "v1", "", INTERNAL, "a/b/c"];
        match self.rng.u8(..6) {
            0 => drop(head.remove(at)),
            1 => head[0].1 = Node::text(pick(&mut self.rng, &kinds)),
            2 => head[1].1 = Node::text(pick(&mut self.rng, &versions)),
            3 => head[at].0 = self.recase(&head[at].0.clone()),
            4 => head[at].1 = [Node::Null, Node::Number("1".into()), Node::Bool(true)][self.rng.usize(..3)].clone(),
            _ => {
                let again = head[at].clone();
                head.push(again);
            }
        }
    }
}

/// Puts a value where the path says; what is no map there is left as it is.
fn put(tree: &mut Vec<(String, Node)>, path: &str, value: Node) {
    let Some((first, rest)) = path.split_once('.') else {
        tree.push((path.to_owned(), value));
        return;
    };
    let at = tree.iter().position(|(key, _)| key == first).unwrap_or_else(|| {
        tree.push((first.to_owned(), Node::Map(vec![])));
        tree.len() - 1
    });
    if let Node::Map(below) = &mut tree[at].1 {
        put(below, rest, value);
    }
}
