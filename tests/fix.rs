//! `kubevet fix`: what it shows and writes, and that nothing else changes, whatever happens.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Instant;

use kubevet_rules::text;
use serde_json::Value;
use tempfile::TempDir;

#[path = "common/odd.rs"]
mod odd;

use odd::{Odd, odd};

/// How many configurations are generated.
const CASES: u64 = 300;

fn kubevet(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kubevet")).args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a person sees, and the exit status.
fn shown(output: &Output) -> String {
    let (out, err) = (text_of(&output.stdout), text_of(&output.stderr));
    format!("{out}{err}exit {}", output.status.code().unwrap())
}

/// A folder with a generated configuration.
struct Case {
    folder: TempDir,
    odd: Odd,
    number: u64,
}

impl Case {
    fn new(number: u64) -> Case {
        let case = Case { folder: tempfile::tempdir().unwrap(), odd: odd(number), number };
        case.reset();
        case
    }

    /// The files as they were.
    fn reset(&self) {
        for (path, text) in self.files() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn files(&self) -> Vec<(PathBuf, &str)> {
        let Odd { file: (name, text), drop_ins } = &self.odd;
        let drop_ins = drop_ins.iter().map(|(name, text)| (self.folder.path().join("d").join(name), &**text));
        [(self.folder.path().join(name), &**text)].into_iter().chain(drop_ins).collect()
    }

    fn run(&self, verb: &str, more: &[&str]) -> Output {
        let mut args = vec![verb, self.odd.file.0, "--kubelet-version=1.34"];
        if !self.odd.drop_ins.is_empty() {
            args.push("--config-dir=d");
        }
        args.extend_from_slice(more);
        kubevet(self.folder.path(), &args)
    }

    /// The number, and the texts, where something is wrong.
    fn describe(&self) -> String {
        let files = self
            .files()
            .into_iter()
            .map(|(path, _)| format!("{}:\n{}", path.display(), fs::read_to_string(&path).unwrap()));
        format!("case {}\n{}", self.number, files.collect::<Vec<_>>().join("\n"))
    }
}

/// The settings that an edit may change.
const FIXED: [&str; 11] = [
    "authentication.anonymous.enabled",
    "authorization.mode",
    "readOnlyPort",
    "makeIPTablesUtilChains",
    "seccompDefault",
    "rotateCertificates",
    "podPidsLimit",
    "eventRecordQPS",
    "tlsCipherSuites",
    "serverTLSBootstrap",
    "streamingConnectionIdleTimeout",
];

/// The settings with their values, but for those that an edit may change.
fn other_settings(output: &Output) -> BTreeMap<String, Value> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let settings = report["settings"].as_object().unwrap();
    let others = settings.iter().filter(|(name, _)| !FIXED.contains(&name.as_str()));
    others.map(|(name, setting)| (name.clone(), setting["value"].clone())).collect()
}

/// The comments of a text, which these configurations number.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| Some(&line[line.find('#')?..])).collect()
}

/// A diff applied to the text that it was made from.
fn patched(old: &str, diff: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut new, mut at) = (String::new(), 0);
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        let unended = lines.next_if(|next| next.starts_with("\\ No newline")).is_some();
        let text = if unended { line[1..].strip_suffix('\n').unwrap() } else { &line[1..] };
        match line.as_bytes()[0] {
            b'@' => {
                let start: usize = line[4..].split([',', ' ']).next().unwrap().parse().unwrap();
                new.extend(old[at..start - 1].iter().copied());
                at = start - 1;
            }
            b'+' => new += text,
            sign => {
                assert_eq!(old[at], text);
                new += if sign == b' ' { text } else { "" };
                at += 1;
            }
        }
    }
    new.extend(old[at..].iter().copied());
    new
}

/// What no kubelet reads is in the configurations so that others read the same anchors.
fn unknown_keys(bytes: &[u8]) -> Vec<(String, String)> {
    let parsed = text::read(bytes).unwrap();
    let text::Value::Object(members) = &parsed.root.value else { panic!() };
    let unknown = members.iter().filter(|member| member.key.starts_with("x-"));
    unknown.map(|member| (member.key.clone(), member.value.to_json())).collect()
}

#[test]
fn odd_configurations_pass_afterwards_and_nothing_else_changes() {
    let mut written = 0;
    for number in 0..CASES {
        let case = Case::new(number);
        let explicit: &[&str] = if number % 2 == 0 { &["--require-explicit"] } else { &[] };
        let before = case.run("effective", &["--format=json"]);
        assert_eq!(before.status.code(), Some(0), "{}{}", case.describe(), text_of(&before.stderr));
        let preview = case.run("fix", explicit);
        assert!(case.files().iter().all(|(path, text)| fs::read(path).unwrap() == text.as_bytes()));
        let output = case.run("fix", &[explicit, &["--write"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}\n{}", case.describe(), shown(&output));
        assert_eq!(output.stdout, preview.stdout, "{}", case.describe());
        assert_eq!(case.run("check", explicit).status.code(), Some(0), "{}", case.describe());
        let after = case.run("effective", &["--format=json"]);
        assert_eq!(other_settings(&after), other_settings(&before), "{}", case.describe());
        let diffs = text_of(&output.stdout);
        for (path, old) in case.files() {
            let new = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            let diff = diffs.split("--- ").find(|diff| diff.lines().next().is_some_and(|line| line.ends_with(name)));
            match diff {
                Some(diff) => assert_eq!(patched(old, &format!("--- {diff}")), new, "{}\n{diffs}", case.describe()),
                None => assert_eq!(old, new),
            }
            written += usize::from(old != new);
            assert_eq!(comments(&new), comments(old), "{}\n{old}", case.describe());
            assert_eq!(unknown_keys(new.as_bytes()), unknown_keys(old.as_bytes()), "{}\n{old}", case.describe());
            assert_eq!(new.contains("\r\n"), old.contains("\r\n"));
            assert_eq!(
                new.matches('\n').count() - new.matches("\r\n").count(),
                if old.contains("\r\n") { 0 } else { new.matches('\n').count() }
            );
            assert_eq!(new.ends_with('\n'), old.ends_with('\n'), "{}\n{old}", case.describe());
        }
        // What is fixed needs no more: nothing is shown.
        let again = case.run("fix", explicit);
        assert_eq!((again.status.code(), &*again.stdout), (Some(0), &b""[..]), "{}", case.describe());
    }
    assert!(written > CASES as usize, "{written}");
}

/// The edits of a finding as `check` reports them, applied to a text.
fn spliced(old: &str, edits: &[Value], path: &str) -> String {
    let mut new = old.as_bytes().to_vec();
    let number = |edit: &Value, key: &str| edit[key].as_u64().unwrap() as usize;
    for edit in edits.iter().rev().filter(|edit| edit["path"] == path) {
        let replacement = edit["replacement"].as_str().unwrap().bytes();
        new.splice(number(edit, "start")..number(edit, "end"), replacement);
    }
    text_of(&new)
}

#[test]
fn what_is_written_is_the_file_with_the_reported_splices() {
    const CHECK: &str = "--check=authorization-mode";
    let mut edited = 0;
    for number in 0..CASES / 3 {
        let case = Case::new(number);
        let report = case.run("check", &[CHECK, "--require-explicit", "--format=json"]);
        let report: Value = serde_json::from_slice(&report.stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["check"] == "authorization-mode").unwrap();
        let edits = finding["remedies"][0]["edits"].as_array().cloned().unwrap_or_default();
        assert_eq!(case.run("fix", &[CHECK, "--require-explicit", "--write"]).status.code(), Some(0));
        for (path, old) in case.files() {
            let shown = path.strip_prefix(case.folder.path()).unwrap().to_str().unwrap();
            let new = fs::read_to_string(&path).unwrap();
            edited += usize::from(new != old);
            assert_eq!(new, spliced(old, &edits, shown), "{}", case.describe());
        }
    }
    assert!(edited > 50, "{edited}");
}

/// The finding of a check on each of these bundles, which are in order, of a version or of all.
fn findings(bundles: &[Value], check: &str, version: Option<&str>) -> Vec<Value> {
    let lines: String = bundles.iter().map(|bundle| format!("{bundle}\n")).collect();
    let folder = folder_with("b.jsonl", &lines);
    let mut args = vec!["check", "--bundle=b.jsonl", "--check", check, "--format=json"];
    args.extend(version.into_iter().flat_map(|version| ["--kubelet-version", version]));
    let output = text_of(&kubevet(folder.path(), &args).stdout);
    let reports = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let finding = |report: Value| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["check"] == check).unwrap().clone()
    };
    reports.map(finding).collect()
}

/// In 1.28 a drop-in sets what it leaves out to its default, and a zero in it counts as not set: the edit goes where it helps,
/// and where none does there is none.
#[test]
fn what_is_advised_beside_drop_ins_of_1_28_helps() {
    const FILES: [&str; 3] = ["/k.yaml", "/d/1.conf", "/d/2.conf"];
    const SETTINGS: [(&str, &str, [&str; 2]); 5] = [
        ("authorization-mode", "authorization", ["{mode: Webhook}", "{mode: AlwaysAllow}"]),
        ("anonymous-auth", "authentication", ["{anonymous: {enabled: false}}", "{anonymous: {enabled: true}}"]),
        ("read-only-port", "readOnlyPort", ["0", "10255"]),
        ("make-iptables-util-chains", "makeIPTablesUtilChains", ["true", "false"]),
        ("protect-kernel-defaults", "protectKernelDefaults", ["true", "false"]),
    ];
    let (mut helped, mut blocked) = (0, 0);
    for (check, key, [good, bad]) in SETTINGS {
        let bundle = |number: usize| {
            let line = |digit| match number / 3_usize.pow(digit) % 3 {
                0 => String::new(),
                way => format!("{key}: {}\n", [good, bad][way - 1]),
            };
            let files: BTreeMap<_, _> = FILES.into_iter().zip((0..).map(|at| [HEAD, &line(at)].concat())).collect();
            // The last ones have no file, but drop-ins alone.
            let args = &["--config-dir=/d", "--config=/k.yaml"][..1 + usize::from(number < 27)];
            serde_json::json!({"id": number.to_string(), "args": args, "env": ["KUBELET_CONFIG_DROPIN_DIR_ALPHA"], "files": files})
        };
        let mut bundles: Vec<Value> = (0..54).map(bundle).collect();
        let before = findings(&bundles, check, Some("1.28.15"));
        for (finding, bundle) in before.iter().zip(&mut bundles).filter(|(finding, _)| finding["status"] == "fail") {
            let remedy = &finding["remedies"][0];
            match remedy["edits"].as_array() {
                Some(edits) => {
                    helped += 1;
                    for name in FILES {
                        let file = &mut bundle["files"][name];
                        *file = spliced(file.as_str().unwrap(), edits, name).into();
                    }
                }
                None => {
                    blocked += 1;
                    let blocked = remedy["blocked"].as_str().unwrap();
                    assert!(blocked.contains("it has to be made by hand"), "{bundle}: {remedy}");
                }
            }
        }
        for ((before, after), bundle) in before.iter().zip(findings(&bundles, check, Some("1.28.15"))).zip(&bundles) {
            let is_blocked = before["status"] == "fail" && before["remedies"][0]["edits"].is_null();
            assert_eq!(after["status"], if is_blocked { "fail" } else { "pass" }, "{bundle}");
        }
    }
    assert_eq!((helped, blocked), (63, 68));
}

/// Under 1.28 it has to be the last drop-in, and under later versions it may be any file.
#[test]
fn an_edit_that_depends_on_the_version_is_left_to_a_person() {
    let files = ["/k.yaml", "/d/1.conf"].map(|name| (name, HEAD));
    let args = ["--config=/k.yaml", "--config-dir=/d"];
    let bundle = serde_json::json!({
        "id": "node", "args": args, "env": ["KUBELET_CONFIG_DROPIN_DIR_ALPHA"], "files": BTreeMap::from(files),
    });
    let blocked = |version| {
        findings(std::slice::from_ref(&bundle), "pod-pids-limit", version)[0]["remedies"][0]["blocked"].clone()
    };
    assert_eq!(blocked(None), "which edit helps depends on the kubelet's version, which is not given");
    assert_eq!((blocked(Some("1.28")), blocked(Some("1.34"))), (Value::Null, Value::Null));
}

/// Gate and setting are both needed, and the place for both may be the end of the file.
#[test]
fn edits_at_one_place_are_one() {
    let config = [HEAD, "featureGates:\n  RotateKubeletServerCertificate:"].concat();
    let bundle =
        |config: &str| serde_json::json!({"id": "node", "args": ["--config=/k.yaml"], "files": {"/k.yaml": config}});
    let finding =
        |config: &str| findings(&[bundle(config)], "rotate-kubelet-server-certificate", Some("1.34")).remove(0);
    let edits = finding(&config)["remedies"][0]["edits"].as_array().unwrap().clone();
    assert_eq!(edits.len(), 1);
    let edited = spliced(&config, &edits, "/k.yaml");
    assert_eq!(edited, [&*config, " true\nserverTLSBootstrap: true"].concat());
    assert_eq!(finding(&edited)["status"], "pass");
}

const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// One check that most of these are about.
const PORT: &str = "--check=read-only-port";

fn folder_with(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    folder
}

fn config(text: &str) -> TempDir {
    folder_with("k.yaml", &format!("{HEAD}{text}"))
}

/// Long enough that it takes a while to write.
fn long() -> String {
    format!("{HEAD}readOnlyPort: 10255\n{}", "# filler\n".repeat(90_000))
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn whenever_it_is_killed_the_file_is_the_old_or_the_new_one() {
    let old = long();
    let new = old.replacen("10255", "0", 1);
    let folder = folder_with("k.yaml", &old);
    let path = folder.path().join("k.yaml");
    // Only root can give a file away.
    let _ = std::os::unix::fs::chown(&path, Some(1234), Some(5678));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let owner = |path: &Path| fs::metadata(path).map(|data| (data.uid(), data.gid(), data.mode())).unwrap();
    let before = owner(&path);
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
        let command = command.args(["fix", "k.yaml", "--write", PORT]).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let started = Instant::now();
    assert!(run().wait().unwrap().success());
    let whole = started.elapsed();
    assert_eq!(fs::read_to_string(&path).unwrap(), new);
    let mut rng = fastrand::Rng::with_seed(7);
    let (mut killed, mut finished, mut left) = (0, 0, 0);
    for _ in 0..150 {
        fs::write(&path, &old).unwrap();
        let mut child = run();
        thread::sleep(whole.mul_f64(rng.f64() * 1.3));
        child.kill().unwrap();
        child.wait().unwrap();
        match fs::read_to_string(&path).unwrap() {
            text if text == old => killed += 1,
            text if text == new => finished += 1,
            text => panic!("neither the old nor the new text: {} bytes", text.len()),
        }
        assert_eq!(owner(&path), before);
        // The new file has a name of its own for a moment only.
        for name in names(folder.path()).iter().filter(|name| *name != "k.yaml") {
            assert!(name.starts_with(".k.yaml.kubevet-"), "{name}");
            fs::remove_file(folder.path().join(name)).unwrap();
            left += 1;
        }
    }
    assert!(killed > 10 && finished > 10, "{killed} killed before, {finished} after");
    assert!(left < 5, "{left} temporary files were left");
}

#[test]
fn without_room_the_file_stays_and_nothing_is_left() {
    let folder = folder_with("k.yaml", &long());
    let kubevet = env!("CARGO_BIN_EXE_kubevet");
    // In units of 512 bytes: less than the file has, and more than anything else that is written.
    let limit = long().len() / 512 - 10;
    let fix = format!("ulimit -f {limit}; exec {kubevet} fix k.yaml --write {PORT}");
    // As a signal that ends the process, and as an error.
    for (script, says) in [(fix.clone(), false), (format!("trap '' XFSZ; {fix}"), true)] {
        let output = Command::new("sh").args(["-c", &script]).current_dir(folder.path()).output().unwrap();
        assert_ne!(output.status.code(), Some(0));
        if says {
            assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
            assert!(text_of(&output.stderr).contains("k.yaml: cannot be replaced"), "{}", shown(&output));
            assert!(output.stdout.is_empty(), "what is not written is not shown");
        }
        assert_eq!(fs::read_to_string(folder.path().join("k.yaml")).unwrap(), long());
        assert_eq!(names(folder.path()), ["k.yaml"]);
    }
}

/// On a file system that is full; only root can mount one.
#[test]
fn on_a_full_disk_the_file_stays_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size=1200k none . && cd \"$PWD\" && cat > k.yaml && {} fix k.yaml --write {PORT}; code=$?; \
         ls -A; cat k.yaml; exit $code",
        env!("CARGO_BIN_EXE_kubevet")
    );
    let mut command = Command::new("unshare");
    let command = command.args(["-m", "sh", "-c", &script]).current_dir(folder.path());
    let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn() else {
        return;
    };
    let _ = child.stdin.take().unwrap().write_all(long().as_bytes());
    let output = child.wait_with_output().unwrap();
    if !text_of(&output.stderr).contains("kubevet") && !text_of(&output.stderr).contains("k.yaml") {
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{}", text_of(&output.stderr));
    assert!(text_of(&output.stderr).contains("No space left"), "{}", text_of(&output.stderr));
    assert_eq!(text_of(&output.stdout), format!("k.yaml\n{}", long()));
}

#[test]
fn what_a_person_sees() {
    let folder = config(
        "# the node's own\nreadOnlyPort: 10255 # for the old dashboard\nauthentication:\n  x509: {clientCAFile: /ca.crt}\nauthorization:\n  mode: AlwaysAllow\n",
    );
    let args = ["fix", "k.yaml", "--kubelet-version=1.34", "--platform=kubeadm", "--lang=en"];
    insta::assert_snapshot!("diff", shown(&kubevet(folder.path(), &args)));
    insta::assert_snapshot!("written", shown(&kubevet(folder.path(), &[&args[..], &["--write", PORT]].concat())));
    insta::assert_snapshot!("help", text_of(&kubevet(folder.path(), &["fix", "--help"]).stdout));
}

/// The gate's edit turns on what the certificate needs, too.
#[test]
fn what_an_edit_for_another_check_mends_is_counted() {
    let text =
        "authentication: {x509: {clientCAFile: /ca.crt}}\nfeatureGates: {RotateKubeletServerCertificate: false}\n";
    let args = |more: &[&'static str]| {
        let args = ["fix", "k.yaml", "--kubelet-version=1.34", "--lang=en", "--benchmark=cis-1.12"];
        let checks = ["--check=tls-cert-and-key", "--check=rotate-kubelet-server-certificate"];
        [&args[..], &checks, more].concat()
    };
    let folder = config(text);
    let said = text_of(&kubevet(folder.path(), &args(&[])).stderr);
    assert!(said.contains("\nfixable[tls-cert-and-key]: by an edit for another check\n"), "{said}");
    assert!(said.ends_with("2 would be fixed, and nothing was written: `--write` does it; 0 left, 0 undetermined\n"));
    let said = text_of(&kubevet(folder.path(), &args(&["--write"])).stderr);
    assert!(said.contains("\nfixed[tls-cert-and-key]: by an edit for another check\n"), "{said}");
    assert!(said.ends_with("2 fixed; 0 left, 0 undetermined\n"), "{said}");
}

#[test]
fn what_could_not_be_written_is_not_fixed() {
    let folder = config("readOnlyPort: 1\n");
    fs::create_dir(folder.path().join("d")).unwrap();
    let drop_in =
        |name: &str, text: &str| fs::write(folder.path().join("d").join(name), [HEAD, text].concat()).unwrap();
    drop_in("10.conf", "authorization: {mode: AlwaysAllow}\n");
    fs::hard_link(folder.path().join("d/10.conf"), folder.path().join("second")).unwrap();
    let args = ["fix", "k.yaml", "--config-dir=d", "--kubelet-version=1.34", "--lang=en", "--write", PORT];
    let output = kubevet(folder.path(), &[&args[..], &["--check=authorization-mode"]].concat());
    let said = text_of(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(text_of(&output.stdout).contains("+readOnlyPort: 0") && !text_of(&output.stdout).contains("Webhook"));
    assert!(said.contains("\nfixed[read-only-port]: ") && !said.contains("fixed[authorization-mode]"), "{said}");
    assert!(said.contains("\nleft[authorization-mode]: the edit could not be written\n"), "{said}");
    assert!(said.ends_with("1 fixed, and not everything could be written; 1 left, 0 undetermined\n"), "{said}");
    // Nothing at all.
    let output = kubevet(folder.path(), &["fix", "second", "--write", "--check=authorization-mode", "--lang=en"]);
    let said = text_of(&output.stderr);
    assert!(said.ends_with("0 fixed, and not everything could be written; 1 left, 0 undetermined\n"), "{said}");
}

#[test]
fn what_is_asked_for_and_skipped_is_no_pass() {
    let folder = config("readOnlyPort: 1\n");
    let skipped = ["k.yaml", "--benchmark=cis-1.12", "--check=4.2.4", "--skip=read-only-port", "--lang=en"];
    let why = "error: k.yaml: not judged: `4.2.4` is asked for by --check and left out by --skip\n";
    for verb in ["check", "fix"] {
        let output = kubevet(folder.path(), &[&[verb], &skipped[..]].concat());
        assert_eq!((output.status.code(), &*text_of(&output.stderr)), (Some(2), why), "{verb}");
    }
}

/// What it says inside of another file.
#[test]
fn a_cloud_config_is_to_be_edited_by_hand() {
    let indented = format!("{HEAD}readOnlyPort: 10255\n").replace('\n', "\n    ");
    let text = format!(
        "#cloud-config\nwrite_files:\n- path: /etc/k.yaml\n  content: |\n    {indented}\nruncmd:\n- [kubelet, --config=/etc/k.yaml]\n"
    );
    let folder = folder_with("user-data.yaml", &text);
    let args = ["fix", "user-data.yaml", "--kubelet-version=1.34", "--lang=en", PORT, "--check=pod-pids-limit"];
    insta::assert_snapshot!("cloud_config", shown(&kubevet(folder.path(), &args)));
}

#[test]
fn what_configures_no_kubelet_is_told() {
    let folder = folder_with("x.sh", "echo hello\n");
    let output = kubevet(folder.path(), &["fix", "x.sh"]);
    assert_eq!(output.status.code(), Some(2));
    let said = "error: x.sh: nothing to fix: the file is in no form that configures a kubelet\n";
    assert!(text_of(&output.stderr).starts_with(said), "{}", shown(&output));
}

#[test]
fn a_failing_node_of_aks_is_told_what_lasts() {
    let folder = folder_with(
        "kubeletconfig.json",
        "{\n  \"kind\": \"KubeletConfiguration\",\n  \"apiVersion\": \"kubelet.config.k8s.io/v1beta1\",\n  \"authentication\": {\"x509\": {\"clientCAFile\": \"/etc/kubernetes/certs/ca.crt\"}, \"anonymous\": {\"enabled\": true}},\n  \"podPidsLimit\": -1\n}\n",
    );
    let args = [
        "kubeletconfig.json",
        "--kubelet-version=1.34",
        "--lang=en",
        "--flags=--read-only-port=10255 --node-labels=kubernetes.azure.com/cluster=c",
        "--check=anonymous-auth",
        "--check=pod-pids-limit",
        PORT,
    ];
    insta::assert_snapshot!("aks_check", shown(&kubevet(folder.path(), &[&["check"], &args[..]].concat())));
    insta::assert_snapshot!("aks_fix", shown(&kubevet(folder.path(), &[&["fix"], &args[..]].concat())));
}

#[test]
fn what_overrides_a_file_is_told_and_not_written() {
    let folder = config("readOnlyPort: 10255\n");
    let path = folder.path().join("k.yaml");
    let old = fs::read(&path).unwrap();
    for more in [&["--flags=--read-only-port=10255"][..], &["--flags=--read-only-port=10255", "--write"]] {
        let output = kubevet(folder.path(), &[&["fix", "k.yaml", PORT, "--lang=en"], more].concat());
        assert_eq!((output.status.code(), &*output.stdout), (Some(1), &b""[..]));
        let said = text_of(&output.stderr);
        assert!(said.contains("left[read-only-port]: `--read-only-port` is among the kubelet's arguments"), "{said}");
        assert!(said.contains("= help: set `--read-only-port=0` in the kubelet's arguments"), "{said}");
        assert_eq!(fs::read(&path).unwrap(), old);
    }
    // A drop-in that wins is edited, and the file below it is not.
    fs::create_dir(folder.path().join("d")).unwrap();
    let drop_in = |name: &str, port: u32| {
        fs::write(folder.path().join("d").join(name), format!("{HEAD}readOnlyPort: {port}\n")).unwrap()
    };
    drop_in("10.conf", 1);
    drop_in("20.conf", 2);
    let args = ["fix", "k.yaml", "--config-dir=d", "--kubelet-version=1.34", PORT, "--write"];
    assert_eq!(kubevet(folder.path(), &args).status.code(), Some(0));
    assert_eq!(fs::read(&path).unwrap(), old);
    let read = |name: &str| fs::read_to_string(folder.path().join("d").join(name)).unwrap();
    assert_eq!(read("10.conf"), format!("{HEAD}readOnlyPort: 1\n"));
    assert_eq!(read("20.conf"), format!("{HEAD}readOnlyPort: 0\n"));
    // Flags alone have no file.
    let output = kubevet(folder.path(), &["fix", "--flags=--v=2", PORT, "--lang=en"]);
    assert!(text_of(&output.stderr).contains("reads no configuration file"), "{}", shown(&output));
}

/// The threshold must be above the other one, or the kubelet does not start.
#[test]
fn an_edit_that_makes_things_worse_is_not_made() {
    let folder = config("imageGCHighThresholdPercent: 100\nimageGCLowThresholdPercent: 90\n");
    let args = ["fix", "k.yaml", "--write", "--check=image-gc-and-eviction", "--kubelet-version=1.34", "--lang=en"];
    let output = kubevet(folder.path(), &args);
    assert!(text_of(&output.stderr).contains("the kubelet would not start with the edit"), "{}", shown(&output));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn standard_input_is_shown_or_passed_on() {
    let run = |input: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
        let command = command.args(["fix", "-", PORT]).args(more).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let (open, closed) = (format!("{HEAD}readOnlyPort: 1 # x"), format!("{HEAD}readOnlyPort: 0 # x"));
    let diff = run(&open, &[]);
    assert!(text_of(&diff.stdout).contains("\n-readOnlyPort: 1 # x\n"), "{}", shown(&diff));
    assert_eq!(diff.status.code(), Some(1));
    for input in [&open, &closed] {
        let passed = run(input, &["--write"]);
        assert_eq!((passed.status.code(), text_of(&passed.stdout)), (Some(0), closed.clone()));
    }
    // What is of another kind may be anybody's secret.
    let secret = run("apiVersion: v1\nkind: Secret\ndata: {password: hunter2}\nreadOnlyPort: 1\n", &["--write"]);
    assert_eq!(secret.status.code(), Some(1));
    assert!(!shown(&secret).contains("hunter2"), "{}", shown(&secret));
}

#[test]
fn secrets_are_not_shown_and_stay() {
    let folder = config("staticPodURLHeader:\n  Authorization: [Bearer hunter2]\nreadOnlyPort: 1\n");
    let output = kubevet(folder.path(), &["fix", "k.yaml", "--write", PORT]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(text_of(&output.stdout).contains("+readOnlyPort: 0"));
    assert!(!shown(&output).contains("hunter2"), "{}", shown(&output));
    let written = fs::read_to_string(folder.path().join("k.yaml")).unwrap();
    assert!(written.contains("[Bearer hunter2]\nreadOnlyPort: 0\n"), "{written}");
}

#[test]
fn what_a_terminal_would_obey_is_shown_as_it_is_and_stays() {
    let folder = config("clusterDomain: \"\u{202e}\\e[2J\" # \u{200b}\nreadOnlyPort: 1\n");
    let output = kubevet(folder.path(), &["fix", "k.yaml", "--write", PORT]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    assert!(
        text_of(&output.stdout).contains(" clusterDomain: \"\\u{202e}\\e[2J\" # \\u{200b}\n"),
        "{}",
        shown(&output)
    );
    assert!(fs::read_to_string(folder.path().join("k.yaml")).unwrap().contains("\u{202e}\\e[2J\" # \u{200b}\n"));
}

#[test]
fn a_bundle_is_shown_and_never_written() {
    let folder = config("readOnlyPort: 1\n");
    kubevet(folder.path(), &["check", "k.yaml", "--save-bundle=b.json"]);
    let bundle = fs::read(folder.path().join("b.json")).unwrap();
    let output = kubevet(folder.path(), &["fix", "--bundle=b.json", PORT]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(text_of(&output.stdout).contains("-readOnlyPort: 1\n+readOnlyPort: 0\n"), "{}", shown(&output));
    let output = kubevet(folder.path(), &["fix", "--bundle=b.json", "--write", PORT]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
    assert_eq!(fs::read(folder.path().join("b.json")).unwrap(), bundle);
}

#[test]
fn links_are_followed_and_shared_files_left_alone() {
    let folder = config("readOnlyPort: 1\n");
    let link = folder.path().join("link.yaml");
    std::os::unix::fs::symlink("k.yaml", &link).unwrap();
    assert_eq!(kubevet(folder.path(), &["fix", "link.yaml", "--write", PORT]).status.code(), Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&link).unwrap(), format!("{HEAD}readOnlyPort: 0\n"));
    fs::write(&link, format!("{HEAD}readOnlyPort: 1\n")).unwrap();
    fs::hard_link(folder.path().join("k.yaml"), folder.path().join("second")).unwrap();
    let output = kubevet(folder.path(), &["fix", "k.yaml", "--write", PORT]);
    assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]), "{}", shown(&output));
    assert!(text_of(&output.stderr).contains("hard links"), "{}", shown(&output));
}
