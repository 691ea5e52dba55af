//! The live configuration: real answers of `/configz`, drift, and what asking for it can run into.
//!
//! `tests/live` holds bundles with the answer of the kubelet that they describe, as the kubelet's own code gave it:
//! `cargo xtask configz`.

#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;

use kubevet::bundle::Bundle;
use kubevet::collect;
use kubevet_report::{Judged, json};
use kubevet_rules::model::{Options, Problem, Report};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The recorded bundles, by the version of their kubelets.
fn recorded() -> BTreeMap<String, Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/live");
    let bundles = |path: &Path| -> Vec<Value> {
        fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let recorded: BTreeMap<_, _> =
        files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), bundles(&path))).collect();
    assert!(recorded.len() >= 10 && recorded.values().all(|bundles| bundles.len() >= 8));
    recorded
}

/// What the rules make of a bundle; with the settings as JSON.
fn judged(bundle: &Value) -> (Report, Value) {
    let parsed = Bundle::parse(&bundle.to_string()).unwrap();
    let values = parsed.version().map(|version| ("version".to_owned(), version.to_owned()));
    let options = Options { list_settings: true, values: values.into_iter().collect(), ..Options::default() };
    let documents = collect::documents(&parsed, |known| kubevet_rules::plan(known, &options)).unwrap();
    let report = kubevet_rules::evaluate(&documents, &options).unwrap();
    let text = json::effective(&Judged::new("x", &documents, &report)).unwrap();
    (report, serde_json::from_str(&text).unwrap())
}

fn parameter<'a>(problem: &'a Problem, name: &str) -> &'a str {
    problem.message.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap()
}

fn drifts(report: &Report) -> BTreeSet<String> {
    let drifts = report.problems.iter().filter(|problem| problem.message.id == "drift");
    drifts.map(|drift| parameter(drift, "setting").to_owned()).collect()
}

/// The value at `authentication.anonymous.enabled`; null where there is none.
fn at<'a>(config: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(config, |value, key| &value[key])
}

const OWN: [&str; 2] = ["tlsCertFile", "tlsPrivateKeyFile"];

#[test]
fn a_kubelet_that_was_restarted_does_not_drift() {
    for (version, bundles) in recorded() {
        for bundle in bundles {
            let (report, _) = judged(&bundle);
            assert_eq!(drifts(&report), BTreeSet::new(), "{version} {}", bundle["id"]);
            let live: Vec<_> =
                report.problems.iter().filter(|problem| problem.message.id.starts_with("live")).collect();
            assert!(live.is_empty() && report.unmet.is_empty(), "{version} {}: {live:?}", bundle["id"]);
            assert!(report.context.iter().any(|message| message.id == "live"));
        }
    }
}

#[test]
fn alone_every_setting_is_what_the_answer_says() {
    let mut settings = 0;
    for (version, bundles) in recorded() {
        for bundle in bundles {
            let alone = json!({"id": "alone", "version": version, "live": bundle["live"]});
            let (report, effective) = judged(&alone);
            assert_eq!(report.findings[0].message.id, "kubelet-runs");
            for (name, setting) in effective["settings"].as_object().unwrap() {
                let shown = if setting["omitted"] == true { &Value::Null } else { &setting["value"] };
                let answered = at(&bundle["live"]["kubeletconfig"], name);
                let is_own = OWN.contains(&name.as_str()) && shown.is_null();
                let is_secret = name.starts_with("staticPodURL") && setting["withheld"] == true && !answered.is_null();
                assert!(shown == answered || is_own || is_secret, "{version} {}: {name}: {setting}", bundle["id"]);
                assert_eq!(setting["source"]["origin"], "live");
                settings += 1;
            }
        }
    }
    assert!(settings > 9_000);
}

#[test]
fn an_answer_tells_its_version() {
    for (version, bundles) in recorded() {
        let minor = version.rsplit_once('.').unwrap().0;
        for bundle in bundles {
            let (report, _) = judged(&json!({"id": "alone", "live": bundle["live"]}));
            assert!(report.versions.iter().any(|known| known == minor), "{version}: {:?}", report.versions);
            assert!(report.versions.len() <= 4, "{version}: {:?}", report.versions);
        }
    }
}

/// What drifts is what differs between the answers of a kubelet before and after: here, of two that have nothing to do with
/// each other.
#[test]
fn what_differs_drifts_and_nothing_else() {
    let mut seen = BTreeSet::new();
    for (version, bundles) in recorded() {
        let shows_driver_of_runtime = version.as_str() >= "1.35";
        for (bundle, other) in bundles.iter().zip(bundles.iter().skip(1)) {
            let mut pending = bundle.clone();
            pending["live"] = other["live"].clone();
            let (report, effective) = judged(&pending);
            // What a kubelet fills in by itself follows from other settings.
            let is_own = |bundle: &Value| {
                let file = bundle["live"]["kubeletconfig"]["tlsCertFile"].as_str();
                file.is_some_and(|file| file.ends_with("kubelet.crt"))
            };
            let reserves = bundle["live"]["kubeletconfig"].get("reservedSystemCPUs").is_some();
            let own = if is_own(bundle) || is_own(other) { &OWN[..] } else { &[] };
            let moved = if reserves { &["kubeReserved", "systemReserved"][..] } else { &[] };
            let filled_in = [own, moved].concat();
            let body = |bundle: &Value, name: &str| at(&bundle["live"]["kubeletconfig"], name).clone();
            let names = effective["settings"].as_object().unwrap().keys();
            let differ = names.filter(|name| body(bundle, name) != body(other, name));
            let differ = differ.filter(|name| !(shows_driver_of_runtime && *name == "cgroupDriver"));
            let differ: BTreeSet<String> = differ.cloned().collect();
            let without = |set: &BTreeSet<String>| -> BTreeSet<String> {
                set.iter().filter(|name| !filled_in.contains(&name.as_str())).cloned().collect()
            };
            assert_eq!(without(&drifts(&report)), without(&differ), "{version} {} {}", bundle["id"], other["id"]);
            for drift in report.problems.iter().filter(|problem| problem.message.id == "drift") {
                let (next, now) = (parameter(drift, "configured"), parameter(drift, "live"));
                assert!(next != now || next.contains("(withheld)"), "{next}");
            }
            seen.extend(differ);
        }
    }
    assert!(seen.len() > 50, "{seen:?}");
}

/// Runs kubevet in a folder.
fn kubevet(folder: &Path, args: &[&str]) -> Output {
    let proxy = "http://127.0.0.1:1";
    // A proxy of the environment has no say: nobody listens there.
    let environment = [("http_proxy", proxy), ("HTTP_PROXY", proxy), ("ALL_PROXY", proxy)];
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
    command.args(args).current_dir(folder).envs(environment).stdin(Stdio::null()).output().unwrap()
}

/// What a person sees, and the exit status.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

fn exit(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn messages(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|item| item["message"].as_str().unwrap().to_owned()).collect()
}

fn status(report: &Value, check: &str) -> String {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["check"] == check).unwrap()["status"].as_str().unwrap().to_owned()
}

/// The answer of a kubelet 1.34 that was told nothing, with other settings; null takes one out.
fn answer(changes: &Value) -> Value {
    let bundles = &recorded()["1.34.4"];
    let told_nothing = |bundle: &&Value| bundle["args"] == json!([]) && bundle["files"] == json!({});
    let mut body = bundles.iter().find(told_nothing).unwrap()["live"].clone();
    change(&mut body["kubeletconfig"], changes);
    body
}

fn change(value: &mut Value, changes: &Value) {
    let Value::Object(members) = changes else { return value.clone_from(changes) };
    for (key, changed) in members {
        match changed {
            Value::Null => drop(value.as_object_mut().unwrap().remove(key)),
            _ => change(&mut value[key], changed),
        }
    }
}

/// What a configuration file that sets nothing changes for a kubelet that was told nothing.
fn with_file(changes: &Value) -> Value {
    let mut all = json!({
        "authentication": {"anonymous": {"enabled": false}, "webhook": {"enabled": true}},
        "authorization": {"mode": "Webhook"},
        "readOnlyPort": null,
        "evictionHard": {
            "imagefs.available": "15%", "imagefs.inodesFree": "5%", "memory.available": "100Mi",
            "nodefs.available": "10%", "nodefs.inodesFree": "5%",
        },
    });
    for (key, value) in changes.as_object().unwrap() {
        all[key] = value.clone();
    }
    answer(&all)
}

struct Node {
    folder: TempDir,
}

impl Node {
    fn new(live: &Value) -> Node {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("configz.json"), serde_json::to_string_pretty(live).unwrap()).unwrap();
        Node { folder }
    }

    fn file(self, name: &str, text: &str) -> Node {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
        fs::write(path, format!("{head}{text}\n")).unwrap();
        self
    }

    fn run(&self, args: &[&str]) -> Output {
        kubevet(self.folder.path(), &[args, &["--configz=configz.json", "--kubelet-version=1.34"]].concat())
    }

    fn report(&self, args: &[&str]) -> Value {
        let output = self.run(&[&["check", "--format=json"], args].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)))
    }
}

const CHAINS: &str = "make-iptables-util-chains";

/// A file, arguments, changes to what runs, and what is said; beside what a kubelet that was restarted has.
#[test]
fn drift_setting_by_setting() {
    let pending = "a restart is pending";
    for (file, flags, live, said) in [
        ("", "", json!({}), vec![]),
        (
            "makeIPTablesUtilChains: false",
            "",
            json!({}),
            vec![format!("`makeIPTablesUtilChains`: the file says false, the running kubelet has true: {pending}")],
        ),
        (
            "",
            "",
            json!({"makeIPTablesUtilChains": false}),
            vec![format!(
                "`makeIPTablesUtilChains`: nothing sets it, so the next start has true, the running kubelet has false: {pending}"
            )],
        ),
        (
            "makeIPTablesUtilChains: true",
            "--make-iptables-util-chains=false",
            json!({}),
            vec![format!("`makeIPTablesUtilChains`: the flag says false, the running kubelet has true: {pending}")],
        ),
        // A zero is left out of the answer, and so is what nothing sets.
        ("protectKernelDefaults: false\nclusterDNS: []\nreadOnlyPort: 0", "", json!({}), vec![]),
        (
            "clusterDNS: [10.0.0.10]",
            "",
            json!({"clusterDNS": ["10.0.0.2"]}),
            vec![format!(
                "`clusterDNS`: the file says [\"10.0.0.10\"], the running kubelet has [\"10.0.0.2\"]: {pending}"
            )],
        ),
        // The same in other words.
        ("streamingConnectionIdleTimeout: 90m", "", json!({"streamingConnectionIdleTimeout": "1h30m0s"}), vec![]),
        // Of a map, what differs.
        (
            "featureGates: {ContextualLogging: true, NodeSwap: true}",
            "",
            json!({"featureGates": {"ContextualLogging": true}}),
            vec![format!(
                "`featureGates`: the file says {{\"NodeSwap\":true}}, the running kubelet has {{}}: {pending}"
            )],
        ),
        (
            "evictionHard: {memory.available: 200Mi, nodefs.available: 10%}",
            "",
            json!({"evictionHard": {"memory.available": "100Mi", "nodefs.available": "10%"}}),
            vec![format!(
                "`evictionHard`: the file says {{\"memory.available\":\"200Mi\"}}, the running kubelet has {{\"memory.available\":\"100Mi\"}}: {pending}"
            )],
        ),
        // A certificate that the kubelet makes itself.
        (
            "",
            "--cert-dir=/srv/pki/",
            json!({"tlsCertFile": "/srv/pki/kubelet.crt", "tlsPrivateKeyFile": "/srv/pki/kubelet.key"}),
            vec![],
        ),
        (
            "",
            "--cert-dir=/srv/pki",
            json!({}),
            vec![
                format!(
                    "`tlsCertFile`: nothing sets it, so the next start has nothing, the running kubelet has \"/var/lib/kubelet/pki/kubelet.crt\": {pending}"
                ),
                format!(
                    "`tlsPrivateKeyFile`: nothing sets it, so the next start has nothing, the running kubelet has \"/var/lib/kubelet/pki/kubelet.key\": {pending}"
                ),
            ],
        ),
        // This version shows it as it was before the container runtime was asked.
        (
            "cgroupDriver: systemd",
            "",
            json!({}),
            vec![format!("`cgroupDriver`: the file says \"systemd\", the running kubelet has \"cgroupfs\": {pending}")],
        ),
        // The kubelet moves processors from one map to the other.
        (
            "reservedSystemCPUs: 0-1\nkubeReserved: {cpu: 100m, memory: 1Gi}\nsystemReserved: {memory: 1Gi}",
            "",
            json!({"reservedSystemCPUs": "0-1", "kubeReserved": {"memory": "1Gi"}, "systemReserved": {"cpu": "2", "memory": "1Gi"}}),
            vec![],
        ),
        (
            "kubeReserved: {cpu: 100m, memory: 1Gi}",
            "",
            json!({"kubeReserved": {"memory": "1Gi"}}),
            vec![format!(
                "`kubeReserved`: the file says {{\"cpu\":\"100m\"}}, the running kubelet has {{}}: {pending}"
            )],
        ),
        // What may be secret is not told.
        (
            "staticPodURL: http://pods\nstaticPodURLHeader: {Token: [hush]}",
            "",
            json!({"staticPodURL": "http://pods", "staticPodURLHeader": {"Token": ["hushhush"]}}),
            vec![format!(
                "`staticPodURLHeader`: the file says \"(withheld)\", the running kubelet has \"(withheld)\": {pending}"
            )],
        ),
    ] {
        let node = Node::new(&with_file(&live)).file("k.yaml", file);
        let output = node.run(&["check", "k.yaml", "--format=json", "--flags", flags]);
        let text = String::from_utf8(output.stdout).unwrap();
        let report: Value = serde_json::from_str(&text).unwrap();
        let drifts: Vec<_> = messages(&report["problems"])
            .into_iter()
            .filter(|message| message.contains("the running kubelet"))
            .collect();
        assert_eq!(drifts, said, "{file} {flags} {live}");
        assert!(!text.contains("hush"), "{text}");
    }
}

#[test]
fn a_flag_that_is_not_given_may_be_what_differs() {
    let node = Node::new(&with_file(&json!({"maxPods": 50}))).file("k.yaml", "maxPods: 100");
    let report = node.report(&["k.yaml"]);
    let said = "`maxPods`: the file says 100, the running kubelet has 50: a restart is pending, or a flag sets it, which is not given here";
    assert_eq!(messages(&report["problems"]), [said]);
    // Nor is it known where the kubelet lays its own certificate.
    let own = json!({"tlsCertFile": "/srv/kubelet.crt", "tlsPrivateKeyFile": "/srv/kubelet.key"});
    let node = Node::new(&with_file(&own)).file("k.yaml", "");
    assert_eq!(status(&node.report(&["k.yaml", "--check=tls-cert-and-key"]), "tls-cert-and-key"), "fail");
    assert_eq!(status(&node.report(&["--check=tls-cert-and-key"]), "tls-cert-and-key"), "undetermined");
}

#[test]
fn a_drop_in_drifts_where_it_stands() {
    let node = Node::new(&with_file(&json!({}))).file("k.yaml", "").file("d/10.conf", "maxPods: 50");
    let report = node.report(&["k.yaml", "--config-dir=d", "--flags="]);
    let problem = &report["problems"][0];
    assert_eq!(problem["message"], "`maxPods`: the drop-in says 50, the running kubelet has 110: a restart is pending");
    assert_eq!((&problem["path"], &problem["line"], &problem["column"]), (&json!("d/10.conf"), &json!(3), &json!(10)));
}

/// What runs, what the next start gets, and what comes of both.
#[test]
fn a_check_fails_if_either_fails() {
    let chains = |value: bool| json!({"makeIPTablesUtilChains": value});
    for (file, live, expected, said) in [
        ("makeIPTablesUtilChains: true", chains(true), "pass", ""),
        (
            "makeIPTablesUtilChains: false",
            chains(false),
            "fail",
            "the kubelet does not manage its iptables utility chains",
        ),
        ("makeIPTablesUtilChains: false", chains(true), "fail", "(after the next start)"),
        ("makeIPTablesUtilChains: true", chains(false), "fail", "(in the running kubelet)"),
        ("makeIPTablesUtilChains: maybe", chains(true), "undetermined", "does not start"),
        ("makeIPTablesUtilChains: maybe", chains(false), "fail", "(in the running kubelet)"),
    ] {
        let node = Node::new(&with_file(&live)).file("k.yaml", file);
        let report = node.report(&["k.yaml", "--flags=", "--check", CHAINS]);
        assert_eq!(status(&report, CHAINS), expected, "{file} {live}");
        let message = report["findings"][1]["message"].as_str().unwrap();
        assert!(message.contains(said), "{message}");
    }
    // Both pass, with another value.
    let node = Node::new(&with_file(&json!({"podPidsLimit": 100}))).file("k.yaml", "podPidsLimit: 200");
    let report = node.report(&["k.yaml", "--flags=", "--check=pod-pids-limit"]);
    assert_eq!(status(&report, "pod-pids-limit"), "pass");
    let note = &report["findings"][1]["notes"][0];
    assert_eq!(note, "the running kubelet passes: 100; a restart is pending");
    // Drift is a problem, which counts with `--strict`.
    let args = ["check", "k.yaml", "--flags=", "--check=pod-pids-limit"];
    assert_eq!(exit(&node.run(&args)), 0);
    assert_eq!(exit(&node.run(&[&args[..], &["--strict"]].concat())), 1);
}

#[test]
fn alone_what_the_answer_does_not_tell_is_undetermined() {
    let node = Node::new(&with_file(&json!({"seccompDefault": true})));
    let report = node.report(&["--benchmark=cis-1.12"]);
    for (check, expected) in [
        ("kubelet-starts", "pass"),
        ("anonymous-auth", "pass"),
        ("authorization-mode", "pass"),
        ("client-ca-file", "fail"),
        ("read-only-port", "pass"),
        (CHAINS, "pass"),
        // The kubelet's own certificate is none that was given.
        ("tls-cert-and-key", "fail"),
        ("seccomp-default", "pass"),
        // A flag, which is not shown.
        ("hostname-override", "undetermined"),
        // Accepted if nothing sets it.
        ("rotate-certificates", "undetermined"),
        ("kubelet-config-file-perms", "not-applicable"),
    ] {
        assert_eq!(status(&report, check), expected, "{check}");
    }
    let node = Node::new(&with_file(&json!({})));
    assert_eq!(status(&node.report(&["--check=seccomp-default"]), "seccomp-default"), "undetermined");
    assert_eq!(status(&node.report(&["--check", CHAINS, "--require-explicit"]), CHAINS), "undetermined");
}

#[test]
fn an_answer_that_is_none_is_undetermined() {
    let whole = with_file(&json!({})).to_string();
    let cut = &whole[..whole.len() - 40];
    let without = with_file(&json!({"makeIPTablesUtilChains": null})).to_string();
    let wrong_type = with_file(&json!({"readOnlyPort": "open"})).to_string();
    for (body, said) in [
        ("", "it is empty"),
        ("<html>secret-word", "it is not JSON"),
        ("404 page not found", "it is not JSON"),
        (cut, "it is cut off"),
        ("{\"kubeletconfig\": {\"staticPodURLHeader\": secret-word}}", "it is not JSON"),
        ("{\"secret-word\": 1}", "it has no `kubeletconfig`"),
        ("{\"kubeletconfig\": [\"secret-word\"]}", "it has no `kubeletconfig`"),
        ("{\"kubeletconfig\": {}}", "it has no `makeIPTablesUtilChains`"),
        ("{\"kind\": \"Status\", \"message\": \"secret-word\"}", "an error of the API server"),
        ("{\"kind\": \"KubeletConfiguration\", \"x\": \"secret-word\"}", "a configuration file"),
        (without.as_str(), "it has no `makeIPTablesUtilChains`"),
        (wrong_type.as_str(), "`readOnlyPort` must be a whole number"),
    ] {
        let node = Node::new(&Value::Null).file("k.yaml", "");
        fs::write(node.folder.path().join("configz.json"), body).unwrap();
        for version in ["--kubelet-version=1.34", "--kubelet-version=1.37"] {
            for (args, expected) in [(vec!["--check", CHAINS], 3), (vec!["k.yaml", "--check", CHAINS], 3)] {
                let output = kubevet(
                    node.folder.path(),
                    &[&["check", "--configz=configz.json", version], args.as_slice()].concat(),
                );
                let text = shown(&output);
                assert_eq!(exit(&output), expected, "{text}");
                assert!(text.contains(said), "{said}: {text}");
                assert!(!text.contains("secret-word"), "{text}");
            }
        }
    }
    // Without a version, one under which the answer can be read would do: there is none.
    let node = Node::new(&serde_json::from_str(&wrong_type).unwrap());
    let output = kubevet(node.folder.path(), &["check", "--configz=configz.json"]);
    assert_eq!(exit(&output), 3, "{}", shown(&output));
}

#[test]
fn what_people_read() {
    let live = with_file(&json!({"makeIPTablesUtilChains": false}));
    let node = Node::new(&live).file("k.yaml", "makeIPTablesUtilChains: true\nmaxPods: 250");
    let some = ["--check=make-iptables-util-chains", "--check=anonymous-auth"];
    insta::assert_snapshot!("drift", shown(&node.run(&[&["check", "k.yaml", "--flags="], &some[..]].concat())));
    insta::assert_snapshot!("live_alone", shown(&node.run(&[&["check", "--show=all"], &some[..]].concat())));
    let in_japanese = ["--lang=ja"];
    let drift = [&["check", "k.yaml", "--flags="], &some[..], &in_japanese].concat();
    insta::assert_snapshot!("drift_ja", shown(&node.run(&drift)));
    insta::assert_snapshot!(
        "live_alone_ja",
        shown(&node.run(&[&["check", "--show=all"], &some[..], &in_japanese].concat()))
    );
    // As a kubelet answers it, in one line.
    fs::write(node.folder.path().join("configz.json"), live.to_string()).unwrap();
    insta::assert_snapshot!("live_minified", shown(&node.run(&["check", some[0]])));
}

#[test]
fn a_bundle_replays_what_ran_and_keeps_no_secret() {
    let live =
        with_file(&json!({"staticPodURL": "http://pods", "staticPodURLHeader": {"Token": ["hush"]}, "maxPods": 50}));
    let mut process = live.clone();
    process["another-component"] = json!({"token": "hush"});
    let status = json!({"kind": "Status", "message": "hush"});
    let file = json!({"kind": "KubeletConfiguration", "clusterDomain": "hush"});
    for (body, args) in [
        (&live, vec!["check", "k.yaml", "--flags=--max-pods=60"]),
        (&live, vec!["check", "k.yaml"]),
        (&live, vec!["check", "--flags="]),
        (&process, vec!["check"]),
        (&status, vec!["check"]),
        (&file, vec!["check"]),
    ] {
        let node = Node::new(body).file("k.yaml", "");
        let saved = [&args[..], &["--format=json", "--save-bundle=b.json"]].concat();
        let first = node.run(&saved);
        let bundle = fs::read_to_string(node.folder.path().join("b.json")).unwrap();
        let replayed = kubevet(node.folder.path(), &["check", "--bundle=b.json", "--format=json"]);
        assert_eq!(shown(&replayed), shown(&first), "{bundle}");
        assert!(!shown(&first).contains("hush") && !bundle.contains("hush"), "{bundle}");
    }
}

#[test]
fn what_was_named_and_gives_no_answer_is_wrong_usage() {
    let node = Node::new(&answer(&json!({})));
    for (args, said) in [
        (vec!["--configz=missing.json"], "there is no such file"),
        (vec!["--configz=."], "is a directory"),
        (vec!["--configz=https://10.0.0.1:10250/configz"], "kubectl get --raw"),
        (vec!["--configz=HTTP://"], "is no address"),
        (vec!["-", "--configz=-"], "standard input cannot be both"),
        (vec!["--configz=configz.json", "--bundle=b.json"], "cannot be used with"),
    ] {
        let output = kubevet(node.folder.path(), &[&["check"], args.as_slice()].concat());
        let text = shown(&output);
        assert!(exit(&output) == 2 && text.contains(said), "{args:?}: {text}");
    }
}

/// An API server with one node, on a port of its own.
struct Server {
    port: u16,
}

const PATH: &str = "/api/v1/nodes/node-1/proxy/configz";

impl Server {
    fn new(body: &Value) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let body = body.to_string();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, body) = (stream.unwrap(), body.clone());
                thread::spawn(move || {
                    let mut request = vec![];
                    while !request.ends_with(b"\r\n\r\n") {
                        let mut byte = [0];
                        stream.read_exact(&mut byte).unwrap();
                        request.push(byte[0]);
                    }
                    let asked = String::from_utf8(request).unwrap();
                    let (status, body) = match asked.split(' ').nth(1).unwrap() {
                        PATH => ("200 OK", body),
                        "/api/v1/nodes/closed/proxy/configz" => ("404 Not Found", "404 page not found\n".to_owned()),
                        path => {
                            let message = format!("nodes \"{}\" not found", path.split('/').nth(4).unwrap_or_default());
                            ("404 Not Found", json!({"kind": "Status", "message": message}).to_string())
                        }
                    };
                    let length = body.len();
                    let head = "Content-Type: application/json\r\nConnection: close";
                    write!(stream, "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
                });
            }
        });
        Server { port }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

/// The report without what the target is called.
fn report_of(output: &Output) -> Value {
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(output)));
    report["id"] = Value::Null;
    report["target"] = Value::Null;
    report
}

#[test]
fn the_address_of_a_proxy_gives_what_a_saved_answer_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (version, bundles) in recorded() {
        for bundle in bundles.iter().take(2) {
            let server = Server::new(&bundle["live"]);
            fs::write(folder.join("configz.json"), bundle["live"].to_string()).unwrap();
            let version = format!("--kubelet-version={version}");
            let asked = kubevet(folder, &["check", "--format=json", &version, "--configz", &server.url(PATH)]);
            let saved = kubevet(folder, &["check", "--format=json", &version, "--configz=configz.json"]);
            assert_eq!((report_of(&asked), exit(&asked)), (report_of(&saved), exit(&saved)));
        }
    }
}

#[test]
fn through_a_real_kubectl_proxy() {
    let server = Server::new(&answer(&json!({})));
    let folder = tempfile::tempdir().unwrap();
    let kubeconfig = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": server.url("")}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        "users": [{"name": "u", "user": {}}],
    });
    fs::write(folder.path().join("kubeconfig"), kubeconfig.to_string()).unwrap();
    let mut command = Command::new("kubectl");
    command.args(["--kubeconfig=kubeconfig", "proxy", "--port=0"]).current_dir(folder.path());
    let Ok(mut proxy) = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn() else {
        println!("skipped: there is no kubectl here");
        return;
    };
    // `Starting to serve on 127.0.0.1:43210`
    let mut line = vec![];
    let stdout = proxy.stdout.as_mut().unwrap();
    while !line.ends_with(b"\n") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        line.push(byte[0]);
    }
    let address = String::from_utf8(line).unwrap().split_whitespace().last().unwrap().to_owned();
    let ask = |path: &str| {
        kubevet(
            folder.path(),
            &["check", "--kubelet-version=1.34", "--configz", &format!("http://{address}{path}"), "--check", CHAINS],
        )
    };
    let (found, other_node, closed, forbidden) = (
        ask(PATH),
        ask("/api/v1/nodes/node-2/proxy/configz"),
        ask("/api/v1/nodes/closed/proxy/configz"),
        // `kubectl proxy` itself refuses this path.
        ask("/api/v1/namespaces/x/pods/y/attach"),
    );
    proxy.kill().unwrap();
    proxy.wait().unwrap();
    assert_eq!(exit(&found), 0, "{}", shown(&found));
    for (output, said) in [
        (other_node, "is not there (404): nodes \"node-2\" not found"),
        (closed, "enableDebuggingHandlers"),
        (forbidden, "may not be read (403)"),
    ] {
        let text = shown(&output);
        assert!(exit(&output) == 2 && text.contains(said), "{said}: {text}");
    }
}
