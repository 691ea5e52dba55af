//! Every section of every benchmark: a kubelet that is fine, one that is not, and one that says nothing.
//!
//! What kubevet says is argued from what the kubelet does. Where kube-bench's definition says something else, the row
//! stands in `tests/benchmarks/deviations.md` with its reason; `KUBEVET_UPDATE=1` writes that file anew.
#![allow(missing_docs, clippy::unwrap_used, reason = "the helpers of tests are tests, too")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use kubevet_rules::describe;
use kubevet_rules::model::Status::{self, Fail, Manual, NotApplicable, Pass, Undetermined};
use serde_json::Value;
use support::Node;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/benchmarks");

/// What sections of some editions ask alike, by kube-bench.
struct Asking {
    check: String,
    facts: Value,
}

impl Asking {
    fn all() -> Vec<Asking> {
        let text = std::fs::read_to_string(format!("{FOLDER}/kube-bench.json")).unwrap();
        let mut facts: Value = serde_json::from_str(&text).unwrap();
        let checks = std::mem::take(facts["checks"].as_object_mut().unwrap());
        let askings = |(check, facts): (String, Value)| {
            let facts = facts.as_array().unwrap().clone();
            facts.into_iter().map(move |facts| Asking { check: check.clone(), facts })
        };
        checks.into_iter().flat_map(askings).collect()
    }

    /// Edition and number.
    fn sections(&self) -> impl Iterator<Item = (&str, &str)> {
        self.facts["sections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|section| section.as_str().unwrap().split_once(' ').unwrap())
    }

    fn text(&self, key: &str) -> &str {
        self.facts[key].as_str().unwrap_or_default()
    }

    /// Operators with their values.
    fn ops(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.facts["ops"].as_array().into_iter().flatten().map(|op| (op[0].as_str().unwrap(), &op[1]))
    }

    /// What an operator compares with.
    fn value_of(&self, op: &str) -> impl Iterator<Item = String> {
        self.ops().filter(move |(name, _)| *name == op).map(|(_, value)| plain(value))
    }

    /// What a known defect of the definition makes of it, whatever it reads.
    fn by_defect(&self, case: &Case) -> Option<&str> {
        let gives = |key: &str| self.facts["gives"][key].as_str();
        gives("always").or(gives(case.name.split(',').next().unwrap()))
    }

    /// What kube-bench's definition makes of it; what it reads is empty where nothing is set.
    fn kube_bench(&self, case: &Case) -> Option<&'static str> {
        let passes = match (self.text("eval"), self.by_defect(case)) {
            ("skip", _) => return Some("INFO"),
            ("manual" | "no-tests", _) => return Some("WARN"),
            (_, Some(given)) => given == "pass",
            _ if case.read.iter().all(Option::is_none) => match self.text("unset") {
                "live" => return None,
                unset => unset == "pass",
            },
            _ => {
                // Where all alternatives compare alike, each has a setting of its own.
                let alike = self.ops().all(|(op, _)| Some(op) == self.ops().next().map(|(first, _)| first));
                let read = |at: usize| case.read.get(at).filter(|_| alike).unwrap_or(&case.read[0]).as_deref();
                let mut results = self.ops().enumerate().map(|(at, (op, value))| holds(op, value, read(at)));
                if self.text("join") == "or" { results.any(|holds| holds) } else { results.all(|holds| holds) }
            }
        };
        Some(match (passes, self.facts["scored"] == true) {
            (true, _) => "PASS",
            (false, true) => "FAIL",
            (false, false) => "WARN",
        })
    }
}

/// One operator on what it reads.
fn holds(op: &str, value: &Value, read: Option<&str>) -> bool {
    let Some(read) = read else { return matches!(op, "absent" | "noteq" | "nothave") };
    let wanted = plain(value);
    // Of a gate, only what follows its name is compared.
    let compared = if read.starts_with("Rotate") { read.split('=').next_back().unwrap() } else { read };
    let mode = |text: &str| u32::from_str_radix(text, 8).unwrap();
    let suites = || value.as_array().unwrap().iter().map(plain);
    match op {
        "present" | "always_true_by_mistake" => true,
        "eq" => compared == wanted,
        "noteq" => compared != wanted,
        "gte" => compared.parse::<i64>().unwrap() >= wanted.parse().unwrap(),
        "has" => read.contains(&wanted),
        "nothave" => !read.contains(&wanted),
        "has-any" => suites().any(|suite| read.contains(&suite)),
        "subset" => read.split(',').all(|read| suites().any(|suite| suite == read)),
        "mode_at_most" => mode(read) & !mode(&wanted) == 0,
        "absent" | "file_missing_ok" | "noteqx" => false,
        _ => panic!("{op}"),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A kubelet before a section.
struct Case {
    /// `fine`, `bad` or `unset`, and how.
    name: &'static str,
    node: Node,
    /// What kube-bench reads of it.
    read: Vec<Option<String>>,
    /// What kubevet is to say.
    expected: Status,
}

/// A setting: what kube-bench reads of the flags; flags that are fine, if something has to be set for that; flags that
/// are not, and the verdict on them; and the verdicts on a kubelet with a file that says nothing, and on one without.
struct Setting {
    check: &'static str,
    /// The row is for sections that have this operator.
    op: &'static str,
    read: &'static [&'static str],
    fine: &'static str,
    bad: (&'static str, Status),
    unset: [Status; 2],
}

macro_rules! settings {
    ($($check:literal $op:literal, $read:tt: $fine:literal, $bad:literal $is:ident, $file:ident $flags:ident;)*) => {
        &[$(Setting { check: $check, op: $op, read: &$read, fine: $fine, bad: ($bad, $is), unset: [$file, $flags] }),*]
    };
}

/// `{}` is what the section compares with.
#[rustfmt::skip]
const SETTINGS: &[Setting] = settings! {
    "anonymous-auth" "", ["anonymous-auth"]: "--anonymous-auth=false", "--anonymous-auth=true" Fail, Pass Fail;
    "authorization-mode" "", ["authorization-mode"]: "--authorization-mode=Webhook", "--authorization-mode=AlwaysAllow" Fail, Pass Fail;
    "client-ca-file" "eq", ["client-ca-file"]: "--client-ca-file={}", "--client-ca-file=/ca.crt" Fail, Fail Fail;
    "client-ca-file" "", ["client-ca-file"]: "--client-ca-file=/ca.crt", "--client-ca-file=" Fail, Fail Fail;
    "read-only-port" "", ["read-only-port"]: "--read-only-port=0", "--read-only-port=10255" Fail, Pass Fail;
    "streaming-connection-idle-timeout" "eq 5m", ["streaming-connection-idle-timeout"]: "--streaming-connection-idle-timeout=5m", "--streaming-connection-idle-timeout=4h" Fail, Fail Fail;
    "streaming-connection-idle-timeout" "", ["streaming-connection-idle-timeout"]: "--streaming-connection-idle-timeout=4h", "--streaming-connection-idle-timeout=0s" Fail, Pass Pass;
    "protect-kernel-defaults" "", ["protect-kernel-defaults"]: "--protect-kernel-defaults=true", "--protect-kernel-defaults=false" Fail, Fail Fail;
    "make-iptables-util-chains" "", ["make-iptables-util-chains"]: "--make-iptables-util-chains=true", "--make-iptables-util-chains=false" Fail, Pass Pass;
    // Whether the name is needed, a person decides.
    "hostname-override" "", ["hostname-override"]: "", "--hostname-override=node-1" Manual, Pass Pass;
    // A negative number stops the kubelet, and 0 is no limit; the default is 50.
    "event-qps" "eq", ["event-qps"]: "--event-qps=0", "--event-qps=50" Fail, Fail Fail;
    "event-qps" "gte 1", ["event-qps"]: "--event-qps=50", "--event-qps=0" Fail, Pass Pass;
    "event-qps" "", ["event-qps"]: "--event-qps=50", "--event-qps=-1" Undetermined, Pass Pass;
    "tls-cert-and-key" "", ["tls-cert-file", "tls-private-key-file"]: "--tls-cert-file={} --tls-private-key-file={}", "--tls-cert-file=/c" Fail, Fail Fail;
    "rotate-certificates" "", ["rotate-certificates"]: "--rotate-certificates=true", "--rotate-certificates=false" Fail, Fail Fail;
    // The gate is on by default, and only allows what serverTLSBootstrap does.
    "rotate-kubelet-server-certificate" "", ["feature-gates", "rotate-server-certificates"]: "--feature-gates=RotateKubeletServerCertificate=true --rotate-server-certificates=true", "--feature-gates=RotateKubeletServerCertificate=false" Fail, Fail Fail;
    "tls-cipher-suites" "", ["tls-cipher-suites"]: "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA" Fail, Fail Fail;
    "pod-pids-limit" "", ["pod-max-pids"]: "--pod-max-pids=4096", "--pod-max-pids=-1" Fail, Fail Fail;
    "seccomp-default" "", ["seccomp-default"]: "--seccomp-default=true", "--seccomp-default=false" Fail, Fail Fail;
    // What is no setting of the kubelet is for a person.
    "ip-address-deny" "", [""]: "", "" Manual, Manual Manual;
    "proxy-metrics-bind-address" "", [""]: "", "" Manual, Manual Manual;
    "static-pod-path" "", ["pod-manifest-path"]: "", "--pod-manifest-path=/manifests" Fail, Pass Pass;
    // A kubelet does not start with a gate or a flag that it does not have.
    "feature-gate-dynamic-auditing" "", ["feature-gates"]: "", "--feature-gates=DynamicAuditing=true" Undetermined, Pass Pass;
    "feature-gate-dynamic-kubelet-config" "", ["feature-gates"]: "", "--feature-gates=DynamicKubeletConfig=true" Undetermined, Pass Pass;
    "rotate-kubelet-client-certificate-gate" "", ["feature-gates"]: "", "--feature-gates=RotateKubeletClientCertificate=false" Undetermined, Pass Pass;
    "cadvisor-port" "", ["cadvisor-port"]: "", "--cadvisor-port=4194" Undetermined, Pass Pass;
    "keep-terminated-pod-volumes" "", ["keep-terminated-pod-volumes"]: "--keep-terminated-pod-volumes=false", "--keep-terminated-pod-volumes=true" Fail, Pass Pass;
    "cert-dir" "", ["cert-dir"]: "--cert-dir=/etc/origin/node/certificates", "--cert-dir=/var/lib/kubelet/pki" Fail, Fail Fail;
    // Without a file there are no thresholds for eviction.
    "image-gc-and-eviction" "", [""]: "", "| imageGCHighThresholdPercent: 100" Fail, Pass Fail;
};

/// Defaults that are weaker than what is asked for, and that an edition may accept.
const ACCEPTED: [&str; 5] = [
    "client-ca-file",
    "event-qps",
    "protect-kernel-defaults",
    "rotate-certificates",
    "streaming-connection-idle-timeout",
];

impl Setting {
    fn of(asking: &Asking) -> &'static Setting {
        let has = |row: &Setting| match row.op.split_once(' ') {
            Some((op, wanted)) => asking.value_of(op).any(|value| value == wanted),
            None => row.op.is_empty() || asking.value_of(row.op).count() > 0,
        };
        SETTINGS.iter().find(|row| row.check == asking.check && has(row)).unwrap_or_else(|| panic!("{}", asking.check))
    }

    fn cases(&self, asking: &Asking) -> Vec<Case> {
        let accepted = |status| match ACCEPTED.contains(&self.check) && asking.text("unset") == "pass" {
            true => Pass,
            false => status,
        };
        let [file, flags] = self.unset.map(accepted);
        let mut values = asking.value_of("eq");
        let mut fine = self.fine.to_owned();
        while fine.contains("{}") {
            fine = fine.replacen("{}", &values.next().unwrap_or("/file".into()), 1);
        }
        [
            ("fine", &*fine, Pass),
            ("bad", self.bad.0, self.bad.1),
            ("unset, with a file", "|", file),
            ("unset, flags alone", "", flags),
        ]
        .into_iter()
        .filter(|(name, input, _)| name.starts_with("unset") || !input.is_empty())
        .map(|(name, input, expected)| self.case(name, input, expected))
        .collect()
    }

    fn case(&self, name: &'static str, input: &str, expected: Status) -> Case {
        let node = match input.split_once('|') {
            Some((flags, file)) => Node::new(flags).config(file.trim()),
            None => Node::new(input),
        };
        let value = |flag: &&str| {
            let value = |word: &str| Some(word.strip_prefix("--")?.strip_prefix(flag)?.strip_prefix('=')?.to_owned());
            input.split_whitespace().find_map(value)
        };
        Case { name, node, read: self.read.iter().map(value).collect(), expected }
    }
}

const FILES: [(&str, &str, bool); 5] = [
    ("kubelet-service-file", "/etc/systemd/system/kubelet.service", false),
    ("proxy-kubeconfig-file", "/var/lib/kube-proxy/kubeconfig", false),
    ("kubelet-kubeconfig-file", "/etc/kubernetes/kubelet.conf", true),
    ("client-ca-file", "/etc/kubernetes/ca.crt", true),
    ("kubelet-config-file", "/etc/kubelet.yaml", true),
];

/// A file as it should be, another, and none: that is a failure where the kubelet was told of it.
fn file_cases(asking: &Asking) -> Vec<Case> {
    let (check, of_owner) = match asking.check.strip_suffix("-owner") {
        Some(check) => (check, true),
        None => (asking.check.strip_suffix("-perms").unwrap(), false),
    };
    let (_, path, needed) = FILES.iter().find(|(name, ..)| *name == check).unwrap();
    let widest = asking.value_of("mode_at_most").chain(asking.value_of("eq")).next().unwrap_or("600".into());
    let flags = "--kubeconfig=/etc/kubernetes/kubelet.conf --client-ca-file=/etc/kubernetes/ca.crt";
    let node = Node::new(flags).config("").running();
    let (fine, bad) = if of_owner { ("600 0:0".into(), "600 1000:1000") } else { (format!("{widest} 0:0"), "666 0:0") };
    let case = |name, looks: &str, expected| {
        let (mode, owner) = looks.split_once(' ').unwrap();
        let owner = if owner == "0:0" { "root:root" } else { owner };
        let read = vec![Some(if of_owner { owner } else { mode }.to_owned())];
        Case { name, node: node.clone().looks(&format!("{path} {looks}")), read, expected }
    };
    let missing = if *needed { Fail } else { NotApplicable };
    let missing = Case { name: "unset, no such file", node: node.clone(), read: vec![None], expected: missing };
    vec![case("fine", &fine, Pass), case("bad", bad, Fail), missing]
}

fn cases(asking: &Asking) -> Vec<Case> {
    let is_file = asking.check.ends_with("-perms") || asking.check.ends_with("-owner");
    let mut cases = if is_file { file_cases(asking) } else { Setting::of(asking).cases(asking) };
    if asking.text("eval") == "no-tests" {
        cases.iter_mut().for_each(|case| case.expected = NotApplicable);
    }
    cases
}

/// Why kubevet says something else, where it is not a defect that the facts name: the check, the case, the reason.
const REASONS: &[(&str, &str, &str)] = &[
    ("anonymous-auth", "unset, with a file", "with a file the default is false"),
    ("anonymous-auth", "unset, flags", "without a file the default is true"),
    ("authorization-mode", "unset, with a file", "with a file the default is Webhook"),
    ("authorization-mode", "unset, flags", "without a file the default is AlwaysAllow"),
    ("read-only-port", "unset, with a file", "with a file the default is 0"),
    ("read-only-port", "unset, flags", "without a file the default is 10255, open to anybody"),
    ("read-only-port", "fine", "the API server's arguments are looked at there"),
    ("client-ca-file", "bad", "an empty path is no file"),
    ("client-ca-file", "fine", "the edition asks that nothing is set; a file is as good"),
    ("streaming-connection-idle-timeout", "bad", "0s is zero, too"),
    ("streaming-connection-idle-timeout", "fine", "the operator there does not exist, and is never true"),
    ("streaming-connection-idle-timeout", "unset", "the default is four hours"),
    ("protect-kernel-defaults", "fine", "the edition asks that nothing is set; what is asked of all others is as good"),
    ("make-iptables-util-chains", "unset", "the default is true"),
    ("hostname-override", "bad", "whether the name is needed, a person decides"),
    ("event-qps", "unset", "the default, 50, is a rate"),
    ("event-qps", "bad", "with a negative rate the kubelet does not start"),
    ("rotate-kubelet-server-certificate", "unset", "the gate alone does nothing, and nothing sets serverTLSBootstrap"),
    ("pod-pids-limit", "bad", "-1 is no limit"),
    ("seccomp-default", "bad", "false is set, too"),
    ("proxy-metrics-bind-address", "", "a setting of kube-proxy: a person looks"),
    ("feature-gate", "bad", "a kubelet that has no such gate does not start"),
    ("rotate-kubelet-client-certificate-gate", "bad", "a kubelet that has no such gate does not start"),
    ("rotate-kubelet-client-certificate-gate", "unset", "what the gate allowed is always possible"),
    ("cadvisor-port", "bad", "a kubelet that has no such flag does not start"),
    ("proxy-kubeconfig-file-", "bad", "an alternative there is always true"),
    ("-service-file-", "unset", "there is no such file to judge"),
    ("proxy-kubeconfig-file-", "unset", "there is no such file to judge"),
    ("-file-", "unset", "the kubelet is told to read a file that is not there"),
];

/// `None` where there is none, which fails.
fn reason<'a>(asking: &'a Asking, case: &Case, kube_bench: &str) -> Option<&'a str> {
    match (asking.text("eval"), kube_bench, case.expected) {
        ("skip", ..) => Some("skipped there; what can be decided is decided"),
        ("manual", ..) => Some("not looked at there; what can be decided is decided"),
        ("no-tests", ..) => Some("the edition itself says that it does not apply"),
        (_, "WARN", Fail) => Some("unscored there; what can be decided is decided"),
        _ if asking.by_defect(case).is_some() => Some(asking.text("defect")),
        _ => {
            let fits =
                |(check, name, _): &&(&str, &str, &str)| asking.check.contains(check) && case.name.starts_with(name);
            REASONS.iter().find(fits).map(|(.., why)| *why)
        }
    }
}

#[test]
fn every_section_of_every_edition_is_judged_as_the_kubelet_means_it() {
    let mut table: Table = BTreeMap::new();
    let (mut judged, mut unexplained) = (0, BTreeSet::new());
    for asking in Asking::all() {
        for case in cases(&asking) {
            let kube_bench = asking.kube_bench(&case);
            for (edition, number) in asking.sections() {
                let version = if asking.check == "keep-terminated-pod-volumes" { "1.30" } else { "1.34" };
                let node = case.node.clone().option("version", version).option("benchmark", edition);
                let finding = node.finding(&asking.check);
                let told = format!("{edition} {number}, {}, {}: {}", asking.check, case.name, finding.message.text);
                assert_eq!(finding.status, case.expected, "{told}");
                assert!(finding.sections.iter().any(|section| section.number == number), "{told}");
                judged += 1;
                let Some(kube_bench) = kube_bench else { continue };
                if matches!((kube_bench, case.expected), ("PASS", Pass) | ("FAIL", Fail) | ("WARN", Manual)) {
                    continue;
                }
                let why = reason(&asking, &case, kube_bench);
                let Some(why) = why else {
                    unexplained
                        .insert(format!("{}, {}: {kube_bench} there, {:?}", asking.check, case.name, case.expected));
                    continue;
                };
                let (name, kubevet) = match asking.text("eval") {
                    "run" => (case.name, shown(case.expected)),
                    "no-tests" => ("any", shown(NotApplicable)),
                    _ => ("any", "judged"),
                };
                let row = (asking.check.clone(), name, kube_bench, kubevet, why.to_owned());
                table.entry(row).or_default().insert(edition.to_owned());
            }
        }
    }
    assert!(unexplained.is_empty(), "no reason why kubevet says something else: {unexplained:#?}");
    assert!(judged > 3000, "{judged}");
    compare(&table);
}

/// Check, case, what kube-bench says and what kubevet, why, and the editions.
type Table = BTreeMap<(String, &'static str, &'static str, &'static str, String), BTreeSet<String>>;

fn shown(status: Status) -> &'static str {
    match status {
        Pass => "pass",
        Fail => "fail",
        Manual => "manual",
        NotApplicable => "not applicable",
        Undetermined => "undetermined",
    }
}

fn compare(table: &Table) {
    let mut text = "# Where kubevet says something else than kube-bench\n\n\
        Written by `plugin/rules/tests/benchmarks.rs`, for every section of every edition. A kubelet that is fine, one \
        that is bad, and one on which nothing is set, or whose file is missing; what kube-bench's definition says of it, \
        and what kubevet does. FAIL is scored, WARN is not, and INFO is a section that it skips.\n\n\
        | check | case | kube-bench | kubevet | why | editions |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for ((check, case, kube_bench, kubevet, why), editions) in table {
        let editions = editions.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        text += &format!("| {check} | {case} | {kube_bench} | {kubevet} | {why} | {editions} |\n");
    }
    let path = format!("{FOLDER}/deviations.md");
    if std::env::var_os("KUBEVET_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&path).unwrap_or_default() == text, "{path} is not what the tests say:\n{text}");
}

#[test]
fn no_section_is_lost() {
    let known = describe("en").checks.into_iter().flat_map(|check| {
        check.sections.into_iter().map(move |section| (section.benchmark, section.number, check.id.clone()))
    });
    let known: BTreeSet<_> = known.collect();
    let askings = Asking::all();
    let facts = askings.iter().flat_map(|asking| {
        asking.sections().map(|(edition, number)| (edition.to_owned(), number.to_owned(), asking.check.clone()))
    });
    let facts: BTreeSet<_> = facts.collect();
    assert_eq!(facts.len(), 911);
    assert_eq!(known, facts);
}
