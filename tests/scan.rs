//! Real processes called `kubelet`, found through the real `/proc`.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;

use common::{program, wait_for_arguments};

/// A process that ends with the test.
struct Kubelet(Child);

impl Kubelet {
    fn start(args: &[&str], cwd: &Path) -> Kubelet {
        let process = Command::new(program()).args(args).current_dir(cwd).spawn().unwrap();
        wait_for_arguments(process.id());
        Kubelet(process)
    }
}

impl Drop for Kubelet {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn scan(pid: u32) -> (Value, i32) {
    scan_with(pid, &["--kubelet-version=1.36.3"])
}

fn scan_with(pid: u32, options: &[&str]) -> (Value, i32) {
    let pid = pid.to_string();
    let args = [&["scan", "--format=json", "--check=make-iptables-util-chains", "--pid", &pid], options].concat();
    let output = Command::new(env!("CARGO_BIN_EXE_kubevet")).args(args).output().unwrap();
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    (report, output.status.code().unwrap())
}

/// What kubevet writes.
fn kubevet(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kubevet")).args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

fn finding<'a>(report: &'a Value, check: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|finding| finding["check"] == check).unwrap()
}

#[test]
fn an_aks_kubelet_with_flags_only() {
    let folder = tempfile::tempdir().unwrap();
    let args = [
        "--anonymous-auth=false",
        "--authorization-mode=Webhook",
        "--make-iptables-util-chains=false",
        "--node-labels=a=b",
        "--v=2",
    ];
    let kubelet = Kubelet::start(&args, folder.path());
    let (report, exit) = scan(kubelet.0.id());
    assert_eq!(exit, 1);
    let found = finding(&report, "make-iptables-util-chains");
    assert_eq!(found["status"], "fail");
    assert_eq!(found["primary"]["argument"], 2);
}

#[test]
fn a_kubeadm_kubelet_reads_its_file_where_it_works() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmakeIPTablesUtilChains: false\n";
    std::fs::write(folder.path().join("config.yaml"), text).unwrap();
    let kubelet = Kubelet::start(&["--kubeconfig=/etc/kubernetes/kubelet.conf", "--config=config.yaml"], folder.path());
    let (report, exit) = scan(kubelet.0.id());
    assert_eq!(exit, 1);
    let found = finding(&report, "make-iptables-util-chains");
    assert_eq!((&found["status"], &found["primary"]["line"]), (&"fail".into(), &3.into()));
}

#[test]
fn versions_that_would_refuse_a_running_kubelet_are_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let kubelet = Kubelet::start(&["--feature-gates=KubeletPSI=true"], folder.path());
    let (report, exit) = scan_with(kubelet.0.id(), &[]);
    let starts = finding(&report, "kubelet-starts");
    assert_eq!((exit, &starts["status"]), (0, &"pass".into()));
    assert!(starts["notes"][0].as_str().unwrap().contains("which would refuse this"), "{starts}");
    assert!(report["refusals"][0]["versions"].as_array().unwrap().contains(&"1.32".into()));
}

#[test]
fn a_running_kubelet_that_every_version_would_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let kubelet = Kubelet::start(&["--no-such-flag"], folder.path());
    let (report, exit) = scan_with(kubelet.0.id(), &[]);
    let starts = finding(&report, "kubelet-starts");
    assert_eq!((exit, &starts["status"]), (1, &"fail".into()));
    assert!(starts["notes"].to_string().contains("it runs all the same"), "{starts}");
}

/// `filepath.WalkDir` looks at its root with `Lstat`.
#[test]
fn a_linked_drop_in_directory_is_told_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("d")).unwrap();
    let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmakeIPTablesUtilChains: false\n";
    fs::write(folder.path().join("d/10.conf"), text).unwrap();
    std::os::unix::fs::symlink("d", folder.path().join("link")).unwrap();
    for (name, status) in [("d", "fail"), ("link", "pass")] {
        let kubelet = Kubelet::start(&[&format!("--config-dir={name}")], folder.path());
        let (report, _) = scan(kubelet.0.id());
        assert_eq!(finding(&report, "make-iptables-util-chains")["status"], status, "{name}");
        let problems = report["problems"].to_string();
        assert_eq!(problems.contains("is a symbolic link, which the kubelet does not follow"), name == "link");
        assert!(!problems.contains("only names that end in"), "{problems}");
    }
}

/// An upgrade without a restart.
#[test]
fn a_program_that_was_replaced_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubelet");
    fs::copy(program(), &path).unwrap();
    let process = Kubelet(Command::new(&path).arg("--v=2").current_dir(folder.path()).spawn().unwrap());
    wait_for_arguments(process.0.id());
    let is_told = || scan(process.0.id()).0["problems"].to_string().contains("its program was removed or replaced");
    assert!(!is_told());
    fs::remove_file(&path).unwrap();
    assert!(is_told());
}

#[test]
fn every_kubelet_is_a_target_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let first = Kubelet::start(&["--v=2"], folder.path());
    let second = Kubelet::start(&["--config=/no/such/file"], folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_kubevet"))
        .args(["scan", "--format=json", "--kubelet-version=1.36"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for (kubelet, starts) in [(&first, "pass"), (&second, "fail")] {
        let name = format!("kubelet {} on", kubelet.0.id());
        let line = text.lines().find(|line| line.contains(&name)).unwrap();
        assert_eq!(finding(&serde_json::from_str(line).unwrap(), "kubelet-starts")["status"], starts);
    }
    assert_eq!(output.status.code(), Some(1));
}

/// A node's root directory in which the kubelet runs: its program with its libraries, and a database of packages.
fn node(version: &str) -> TempDir {
    let node = tempfile::tempdir().unwrap();
    common::copy_with_libraries(&program(), node.path(), "/usr/bin/kubelet");
    let info = node.path().join("var/lib/dpkg/info");
    fs::create_dir_all(&info).unwrap();
    let package = format!("Package: kubelet\nStatus: install ok installed\nVersion: {version}\n");
    fs::write(info.with_file_name("status"), package).unwrap();
    fs::write(info.join("kubelet.list"), "/usr/bin/kubelet\n").unwrap();
    // A package's program is older than its installation.
    let built = SystemTime::now() - Duration::from_secs(3600);
    File::options().write(true).open(node.path().join("usr/bin/kubelet")).unwrap().set_modified(built).unwrap();
    node
}

/// Starts the kubelet of such a node.
fn start_in(node: &Path) -> Kubelet {
    let kubelet = Kubelet(Command::new("chroot").arg(node).args(["/usr/bin/kubelet", "--v=2"]).spawn().unwrap());
    let program = format!("/proc/{}/exe", kubelet.0.id());
    while fs::read_link(&program).unwrap() != node.canonicalize().unwrap().join("usr/bin/kubelet") {
        thread::sleep(Duration::from_millis(1));
    }
    wait_for_arguments(kubelet.0.id());
    kubelet
}

#[test]
fn the_version_is_that_of_the_package_unless_the_user_says_it() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root may change the root
    }
    let node = node("1.36.3-1.1");
    let kubelet = start_in(node.path());
    let pid = kubelet.0.id().to_string();
    let human = kubevet(&["scan", "--pid", &pid]);
    assert!(human.contains("   v1.36 (package kubelet 1.36.3-1.1)   config: flags alone\n"), "{human}");
    assert!(!human.contains("version not given"), "{human}");
    let json = kubevet(&["scan", "--format=json", "--pid", &pid]);
    assert!(json.contains(r#""versions":["1.36"]"#) && json.contains(r#""version-source":"package kub"#), "{json}");
    let told = kubevet(&["scan", "--kubelet-version=1.35", "--pid", &pid]);
    assert!(told.contains("   v1.35   config: flags alone\n"), "{told}");

    // An update that waits for a restart: the package is not what runs.
    fs::rename(node.path().join("usr/bin/kubelet"), node.path().join("usr/bin/old")).unwrap();
    fs::remove_file(node.path().join("usr/bin/old")).unwrap();
    fs::write(node.path().join("usr/bin/kubelet"), "the next one").unwrap();
    let replaced = kubevet(&["scan", "--pid", &pid]);
    assert!(replaced.contains("was removed or replaced since it started"), "{replaced}");
    assert!(replaced.contains("version not given"), "{replaced}");
}

#[test]
fn what_runs_counts_and_not_what_a_unit_says() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root may change the root
    }
    let node = node("1.36.3-1.1");
    for (path, text) in [
        (
            "etc/systemd/system/kubelet.service",
            "[Service]\nExecStart=/usr/bin/kubelet --make-iptables-util-chains=false\n",
        ),
        ("etc/default/kubelet", "KUBELET_EXTRA_ARGS=--make-iptables-util-chains=false\n"),
        ("var/lib/kubelet/config.yaml", "makeIPTablesUtilChains: false\n"),
    ] {
        fs::create_dir_all(node.path().join(path).parent().unwrap()).unwrap();
        fs::write(node.path().join(path), text).unwrap();
    }
    let (report, exit) = scan(start_in(node.path()).0.id());
    assert_eq!((&finding(&report, "make-iptables-util-chains")["status"], exit), (&"pass".into(), 0));
}

#[test]
fn every_drop_in_of_the_unit_is_looked_at() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return; // only root may change the root
    }
    let node = node("1.36.3-1.1");
    let drop_ins = node.path().join("etc/systemd/system/kubelet.service.d");
    fs::create_dir_all(&drop_ins).unwrap();
    let write = |name: &str, mode: u32| {
        fs::write(drop_ins.join(name), "[Service]\n").unwrap();
        fs::set_permissions(drop_ins.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    let kubelet = start_in(node.path());
    let judged = || {
        let options = ["--kubelet-version=1.36.3", "--check=kubelet-service-file-perms"];
        let (report, _) = scan_with(kubelet.0.id(), &options);
        let found = finding(&report, "kubelet-service-file-perms");
        (found["status"].clone(), found["message"].as_str().unwrap().to_owned())
    };
    assert_eq!(judged().0, "not-applicable");
    write("10-kubeadm.conf", 0o600);
    write("99-mine.conf", 0o600);
    write("README", 0o666);
    let (status, message) = judged();
    assert!(status == "pass" && message.contains("kubelet.service.d/99-mine.conf"), "{message}");
    write("99-mine.conf", 0o666);
    let (status, message) = judged();
    assert!(status == "fail" && message.contains("kubelet.service.d/99-mine.conf` has mode 0666"), "{message}");
}

/// The answer that a kubelet of this version gives to `/configz`, if it was told nothing.
fn answer() -> Value {
    let bundles = include_str!("live/1.36.3.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told_nothing = |bundle: &Value| bundle["args"] == json!([]) && bundle["files"] == json!({});
    bundles.into_iter().find(told_nothing).unwrap()["live"].clone()
}

#[test]
fn what_runs_is_held_against_what_the_next_start_gets() {
    let folder = tempfile::tempdir().unwrap();
    let live = folder.path().join("configz.json");
    fs::write(&live, answer().to_string()).unwrap();
    let configz = format!("--configz={}", live.display());
    let problems = |report: &Value| -> Vec<String> {
        let problems =
            report["problems"].as_array().unwrap().iter().map(|problem| problem["message"].as_str().unwrap());
        problems.filter(|message| message.contains("the running kubelet")).map(str::to_owned).collect()
    };
    let restarted = Kubelet::start(&["--v=0"], folder.path());
    let (report, exit) = scan_with(restarted.0.id(), &["--kubelet-version=1.36.3", &configz]);
    assert_eq!((problems(&report), exit), (vec![], 0));

    // A process has the flags that it was started with: the answer is another one's.
    let other = Kubelet::start(&["--make-iptables-util-chains=false"], folder.path());
    let (report, exit) = scan_with(other.0.id(), &["--kubelet-version=1.36.3", &configz]);
    let said = "`makeIPTablesUtilChains`: the flag says false, the running kubelet has true: this is not the answer of the kubelet that has this flag";
    assert_eq!((problems(&report), exit), (vec![said.to_owned()], 1));

    let both = kubevet(&["scan", &configz]);
    assert!(both.contains("--configz is the answer of one kubelet") && both.contains("--pid"), "{both}");
}

#[test]
fn a_pid_that_is_not_there_is_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_kubevet")).args(["scan", "--pid", "4194304"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
