//! Hostile files, directories, arguments and processes, through the whole command. `docs/attack-cases.md` names the case
//! of each test.

#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const KUBEVET: &str = env!("CARGO_BIN_EXE_kubevet");
const CHECK: &str = "make-iptables-util-chains";
const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// No judgement may take longer, whatever it is given; a debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(20);

fn config(text: &str) -> String {
    format!("{HEAD}{text}")
}

/// A folder that everybody may enter.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// A report, and how the command ended.
struct Judged {
    report: Value,
    text: String,
    exit: i32,
}

impl Judged {
    fn of(command: &mut Command) -> Judged {
        let start = Instant::now();
        // What is not about benchmarks looks at one check.
        if command.get_args().next() != Some(OsStr::new("effective")) {
            command.args(["--check", CHECK]);
        }
        let Output { stdout, stderr, status } =
            command.args(["--format=json", "--kubelet-version=1.37"]).stdin(Stdio::null()).output().unwrap();
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
        let text = String::from_utf8(stdout).unwrap();
        let report = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&stderr)));
        Judged { report, text, exit: status.code().unwrap() }
    }

    fn status(&self, check: &str) -> &str {
        let findings = self.report["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["check"] == check).unwrap()["status"].as_str().unwrap()
    }

    /// What became of `kubelet-starts` and of the check of a setting.
    fn statuses(&self) -> [&str; 2] {
        [self.status("kubelet-starts"), self.status(CHECK)]
    }
}

const FINE: [&str; 2] = ["pass", "pass"];
const BAD: [&str; 2] = ["pass", "fail"];
const REFUSED: [&str; 2] = ["fail", "undetermined"];
const UNKNOWN: [&str; 2] = ["undetermined", "undetermined"];

/// `kubevet check` with these arguments of a kubelet.
fn check(arguments: &[&[u8]]) -> Judged {
    let folder = folder();
    fs::write(folder.path().join("arguments"), [arguments.join(&0), vec![0]].concat()).unwrap();
    Judged::of(Command::new(KUBEVET).args(["check", "--args-file"]).arg(folder.path().join("arguments")))
}

/// A kubelet with drop-ins; the base turns the setting off.
struct DropIns(TempDir);

impl DropIns {
    fn new() -> DropIns {
        let folder = folder();
        fs::write(folder.path().join("k.yaml"), config("makeIPTablesUtilChains: false\n")).unwrap();
        fs::create_dir(folder.path().join("d")).unwrap();
        DropIns(folder)
    }

    fn with(self, name: impl AsRef<OsStr>, text: &str) -> DropIns {
        let path = self.0.path().join("d").join(name.as_ref());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, config(text)).unwrap();
        self
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(KUBEVET);
        command.args([verb, "k.yaml", "--config-dir", "d"]).current_dir(self.0.path());
        command
    }

    fn check(&self) -> Judged {
        Judged::of(&mut self.command("check"))
    }

    fn setting(&self, name: &str) -> Value {
        Judged::of(&mut self.command("effective")).report["settings"][name]["value"].clone()
    }
}

/// A process that ends with the test.
struct Kubelet {
    process: Child,
    _folder: TempDir,
}

impl Kubelet {
    /// Runs `tests/programs/kubelet.rs`, in a folder of its own.
    fn start<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Kubelet {
        Kubelet::start_in(folder(), |command| {
            command.args(arguments);
        })
    }

    fn start_in(folder: TempDir, change: impl FnOnce(&mut Command)) -> Kubelet {
        let program = folder.path().join("kubelet");
        let built = Path::new(KUBEVET).with_file_name("examples").join("kubelet");
        assert!(built.exists(), "cargo test builds {}; run it without --test", built.display());
        fs::copy(built, &program).unwrap();
        let mut command = Command::new(&program);
        change(command.current_dir(folder.path()));
        loop {
            match command.spawn() {
                // Another test that is just starting a process may hold our copy open for writing.
                Err(error) if error.kind() == std::io::ErrorKind::ExecutableFileBusy => std::thread::yield_now(),
                process => {
                    let process = process.unwrap();
                    common::wait_for_arguments(process.id());
                    return Kubelet { process, _folder: folder };
                }
            }
        }
    }

    fn scan(&self) -> Judged {
        Judged::of(Command::new(KUBEVET).args(["scan", "--pid", &self.process.id().to_string()]))
    }
}

impl Drop for Kubelet {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn path(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

// ---- files ----

#[test]
fn what_is_no_readable_file_is_never_taken_for_defaults() {
    let folder = folder();
    assert!(Command::new("mkfifo").arg(path(&folder, "fifo")).status().unwrap().success());
    let _socket = UnixListener::bind(path(&folder, "socket")).unwrap();
    File::create(path(&folder, "sparse")).unwrap().set_len(1 << 40).unwrap();
    fs::create_dir(path(&folder, "directory")).unwrap();
    symlink("loop", path(&folder, "loop")).unwrap();
    symlink("/no/such/file", path(&folder, "dangling")).unwrap();
    symlink("/dev/zero", path(&folder, "zero")).unwrap();
    symlink("/proc/self/environ", path(&folder, "environ")).unwrap();
    symlink(format!("/proc/{}/root/etc/passwd", std::process::id()), path(&folder, "magic")).unwrap();
    for (name, expected) in [
        ("fifo", UNKNOWN),
        ("socket", UNKNOWN),
        ("zero", UNKNOWN),
        ("sparse", UNKNOWN),
        ("loop", UNKNOWN),
        ("environ", UNKNOWN),
        ("magic", UNKNOWN),
        ("directory", REFUSED),
        ("dangling", REFUSED),
        ("missing", REFUSED),
    ] {
        let kubelet = Kubelet::start(["--config".into(), path(&folder, name)]);
        let judged = kubelet.scan();
        assert_eq!(judged.statuses(), expected, "{name}: {}", judged.text);
        assert_eq!(judged.exit, if expected == REFUSED { 1 } else { 3 }, "{name}");
        assert!(!judged.text.contains("root:"), "{name}: {}", judged.text);
    }
}

#[test]
fn names_full_of_control_characters_are_read_and_shown_harmlessly() {
    let odd = OsString::from_vec(b"we\x1b[31mird\n\xff\xe2\x80\xae::error::.yaml".to_vec());
    let folder = folder();
    fs::write(folder.path().join(&odd), config("makeIPTablesUtilChains: false\n")).unwrap();
    let up = folder.path().join("../").join(folder.path().file_name().unwrap()).join(&odd);
    let mut flag = OsString::from("--config=");
    flag.push(up);
    let kubelet = Kubelet::start([flag]);
    let judged = kubelet.scan();
    assert_eq!(judged.statuses(), BAD, "{}", judged.text);
    let pid = kubelet.process.id().to_string();
    let human = Command::new(KUBEVET).args(["scan", "--pid", &pid]).output().unwrap();
    for shown in [judged.text.trim_end(), &String::from_utf8(human.stdout).unwrap()] {
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\r']), "{shown:?}");
        assert!(!shown.lines().any(|line| line.trim_start().starts_with("::error")), "{shown}");
    }
}

#[test]
fn a_file_of_another_user_is_denied_and_not_absent() {
    if !is_root() {
        return; // only root can be somebody else
    }
    let folder = folder();
    fs::copy(KUBEVET, path(&folder, "kubevet")).unwrap();
    fs::write(path(&folder, "k.yaml"), config("")).unwrap();
    fs::set_permissions(path(&folder, "k.yaml"), fs::Permissions::from_mode(0o600)).unwrap();
    let as_nobody = || {
        let mut command = Command::new(path(&folder, "kubevet"));
        command.uid(65_534).gid(65_534).current_dir(folder.path());
        command
    };
    let kubelet = Kubelet::start(["--config".into(), path(&folder, "k.yaml")]);
    let judged = Judged::of(as_nobody().args(["scan", "--pid", &kubelet.process.id().to_string()]));
    assert_eq!((judged.statuses(), judged.exit), (UNKNOWN, 3), "{}", judged.text);
    let named = as_nobody().args(["check", "k.yaml"]).output().unwrap();
    assert_eq!(named.status.code(), Some(2), "the user's own word is wrong");
    assert!(String::from_utf8_lossy(&named.stderr).contains("permission denied"));
}

// ---- drop-ins ----

#[test]
fn drop_ins_are_chosen_and_ordered_as_the_kubelet_does() {
    let set = |value: bool| format!("makeIPTablesUtilChains: {value}\n");
    let ignored = DropIns::new().with("a.yaml", &set(true)).with("b.conf.bak", &set(true)).with("c", &set(true));
    assert_eq!(ignored.check().statuses(), BAD, "only `.conf` counts");
    assert_eq!(DropIns::new().with("nested/deep/a.conf", &set(true)).check().statuses(), FINE);
    // By the bytes of their names: digits, capitals, small letters; `10` before `9`.
    for (first, last) in [("10.conf", "9.conf"), ("9.conf", "Z.conf"), ("Z.conf", "a.conf"), ("a.conf", "\u{e9}.conf")]
    {
        assert_eq!(DropIns::new().with(last, &set(true)).with(first, &set(false)).check().statuses(), FINE, "{last}");
        assert_eq!(DropIns::new().with(last, &set(false)).with(first, &set(true)).check().statuses(), BAD, "{last}");
    }
    let linked = DropIns::new();
    fs::write(path(&linked.0, "real"), config(&set(true))).unwrap();
    symlink("../real", path(&linked.0, "d/a.conf")).unwrap();
    assert_eq!(linked.check().statuses(), FINE, "a link is followed");
}

#[test]
fn drop_ins_merge_as_the_kubelet_does() {
    let merged = DropIns::new().with("a.conf", "makeIPTablesUtilChains: null\nclusterDNS: [10.0.0.1]\n");
    assert_eq!(merged.check().statuses(), FINE, "null takes the base's word away, and the default is left");
    let merged = merged.with("b.conf", "clusterDNS: [10.0.0.2]\n");
    assert_eq!(merged.setting("clusterDNS"), serde_json::json!(["10.0.0.2"]), "a list is replaced");
}

#[test]
fn one_bad_drop_in_decides_everything() {
    for text in ["a: [\n", "makeIPTablesUtilChains: yes please\n", "kind: Secret\n"] {
        let judged = DropIns::new().with("a.conf", text).with("b.conf", "maxPods: 1\n").check();
        assert_eq!((judged.statuses(), judged.exit), (REFUSED, 1), "{text}: {}", judged.text);
    }
    let large = DropIns::new().with("a.conf", &" ".repeat(2 << 20)).check();
    assert_eq!((large.statuses(), large.exit), (UNKNOWN, 3), "{}", large.text);
}

#[test]
fn a_drop_in_that_cannot_be_read_leaves_everything_undetermined() {
    if !is_root() {
        return; // only root can be somebody else
    }
    let drop_ins = DropIns::new().with("a.conf", "makeIPTablesUtilChains: true\n");
    fs::set_permissions(path(&drop_ins.0, "d/a.conf"), fs::Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(drop_ins.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::copy(KUBEVET, path(&drop_ins.0, "kubevet")).unwrap();
    let mut command = Command::new(path(&drop_ins.0, "kubevet"));
    command.args(["check", "k.yaml", "--config-dir", "d"]).current_dir(drop_ins.0.path()).uid(65_534).gid(65_534);
    let judged = Judged::of(&mut command);
    assert_eq!((judged.statuses(), judged.exit), (UNKNOWN, 3), "{}", judged.text);
}

#[test]
fn a_hundred_thousand_drop_ins_are_too_many() {
    let folder = tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| folder());
    for number in 0..100_000 {
        File::create(folder.path().join(format!("{number}.conf"))).unwrap();
    }
    let judged = Judged::of(Command::new(KUBEVET).args(["check", "--config-dir"]).arg(folder.path()));
    assert_eq!((judged.statuses(), judged.exit), (UNKNOWN, 3));
    assert!(judged.text.contains("10000"), "{}", judged.text);
}

/// What versions disagree about in it is put together from all of them.
#[test]
fn a_drop_in_with_ten_thousands_of_secrets_is_judged_in_time() {
    let drop_ins = DropIns::new().with("a.conf", "");
    let keys: Vec<_> = (0..60_000).map(|number| format!(r#""maxPods":{number}"#)).collect();
    let text = format!(r#"{{"kind":"Pod","apiVersion":"v1",{}}}"#, keys.join(","));
    fs::write(path(&drop_ins.0, "d/a.conf"), text).unwrap();
    let output = drop_ins.command("check").args(["--format=json", "--check", "kubelet-starts"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("it depends on the kubelet's version") && text.contains("a key is given twice"), "{text}");
}

#[test]
fn drop_ins_count_without_a_configuration_file() {
    let drop_ins = DropIns::new().with("a.conf", "makeIPTablesUtilChains: false\n");
    let judged = Judged::of(Command::new(KUBEVET).args(["check", "--config-dir"]).arg(path(&drop_ins.0, "d")));
    assert_eq!(judged.statuses(), BAD, "{}", judged.text);
}

// ---- arguments ----

#[test]
fn arguments_mean_what_they_mean_to_the_kubelet() {
    let flag = |value: &str| format!("--{CHECK}{value}");
    for (arguments, expected) in [
        (vec![flag("=true"), flag("=false")], BAD),
        (vec![flag("=false"), flag("=true")], FINE),
        (vec![flag("=false"), flag("")], FINE),
        (vec![flag("=1")], FINE),
        (vec![flag("=t")], FINE),
        (vec![flag("=T")], FINE),
        (vec![flag("=TRUE")], FINE),
        (vec![flag("=True")], FINE),
        (vec![flag("=0")], BAD),
        (vec![flag("=f")], BAD),
        (vec![flag("=FALSE")], BAD),
        (vec![flag("=tRUE")], REFUSED),
        (vec![flag("=yes")], REFUSED),
        (vec![flag("=")], REFUSED),
        // A switch takes no word, and the kubelet takes no command.
        (vec![flag(""), "false".into()], REFUSED),
        (vec!["--".into(), flag("=false")], REFUSED),
        (vec![format!("-{CHECK}=false")], REFUSED),
        (vec![format!("--{}=false", CHECK.replace('-', "_"))], BAD),
        // What stands in another flag's value is that flag's, here one that is no label.
        (vec![format!("--node-labels=x={}", flag("=false"))], REFUSED),
        (vec!["--node-labels".into(), flag("=false")], REFUSED),
        (vec![format!("--provider-id=x={}", flag("=false"))], FINE),
        (vec!["--hostname-override".into(), flag("=false")], FINE),
        (vec!["--hostname-override=\u{1b}[2J\n\u{202e}".into(), flag("=false")], BAD),
        (vec![String::new()], REFUSED),
        (vec!["--no-such-flag".into()], REFUSED),
        (vec!["--help".into()], REFUSED),
    ] {
        let words: Vec<&[u8]> = arguments.iter().map(String::as_bytes).collect();
        let judged = check(&words);
        assert_eq!(judged.statuses(), expected, "{arguments:?}: {}", judged.text);
    }
    assert_eq!(check(&[b"--hostname-override=\xff\xfe", flag("=false").as_bytes()]).statuses(), BAD);
}

#[test]
fn two_mebibytes_of_arguments_are_judged_and_not_printed() {
    // Linux takes 128 KiB a word, and 2 MiB together.
    let labels = format!("--node-labels={}", "example.org/zone=a,".repeat(6_000));
    let mut words = vec![labels; 16];
    words.push(format!("--{CHECK}=false"));
    let kubelet = Kubelet::start(&words);
    let judged = kubelet.scan();
    assert_eq!(judged.statuses(), BAD);
    assert!(judged.text.len() < 100_000, "{} bytes", judged.text.len());
    let bytes: Vec<&[u8]> = words.iter().map(String::as_bytes).collect();
    assert_eq!(check(&bytes).statuses(), BAD);
}

// ---- processes ----

#[test]
fn a_fake_kubelet_is_judged_with_its_doubts() {
    if !is_root() {
        return; // only root can be somebody else
    }
    let fake = Kubelet::start_in(folder(), |command| {
        command.arg(format!("--{CHECK}=true")).uid(65_534).gid(65_534);
    });
    let judged = fake.scan();
    assert_eq!(judged.statuses(), FINE);
    assert!(judged.report["problems"].to_string().contains("runs as user 65534"), "{}", judged.text);
}

#[test]
fn a_process_that_ends_while_it_is_scanned_is_no_kubelet() {
    let mut kubelet = Kubelet::start(["--config=/no/such/file"]);
    kubelet.process.kill().unwrap();
    kubelet.process.wait().unwrap();
    let gone = Command::new(KUBEVET).args(["scan", "--pid", &kubelet.process.id().to_string()]).output().unwrap();
    assert_eq!(gone.status.code(), Some(2), "{}", String::from_utf8_lossy(&gone.stdout));
}

// ---- outputs ----

#[test]
fn words_that_are_wrong_are_shown_harmlessly() {
    let folder = folder();
    fs::write(path(&folder, "b\u{1b}[31m"), r#"{"id":"a\u001b[2J","args":[],"ke\u001by\n::error::":1}"#).unwrap();
    for args in [
        &["check\u{1b}[31m"][..],
        &["check", "a.yaml", "b\u{1b}[31m.yaml"],
        &["check", "\u{1b}[31m.yaml"],
        &["check", "--kubelet-version=\u{1b}[31m", "--flags=--v=2"],
        &["check", "--check=\u{1b}[31m", "--flags=--v=2"],
        &["check", "--flags='\u{1b}[31m"],
        &["check", "--bundle=b\u{1b}[31m"],
        &["explain", "\u{1b}[31m"],
        &["scan", "--root=\u{1b}[31m"],
    ] {
        let output = Command::new(KUBEVET).args(args).current_dir(folder.path()).output().unwrap();
        let shown = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!shown.is_empty() && !shown.contains('\u{1b}'), "{shown:?}");
        assert!(!shown.lines().any(|line| line.starts_with("::error")), "{shown}");
    }
    let help = Command::new(KUBEVET).args(["check", "--help"]).output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().lines().count() > 20);
}

/// What `check` prints in a folder, on both streams.
fn checked(folder: &TempDir, args: &[&str]) -> String {
    let output = Command::new(KUBEVET).arg("check").args(args).current_dir(folder.path()).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// What a document that cannot be read says may be a secret, if it speaks of headers.
#[test]
fn the_headers_of_a_broken_configuration_are_not_shown() {
    let folder = folder();
    for broken in [
        &b"staticPodURLHeader: {Authorization: [\"Bearer hunter2\"}\n"[..],
        b"STATICPODURLHEADER:\n  Authorization:\n  - 'Bearer hunter2\x85'\n",
        b"\"static\\u0050od\\x55RLHead\\x65r\": {Authorization: [Bearer hunter2}\n",
    ] {
        fs::write(path(&folder, "k.yaml"), [HEAD.as_bytes(), broken].concat()).unwrap();
        for format in ["human", "json", "sarif", "github", "markdown", "junit"] {
            let shown = checked(&folder, &["k.yaml", "--format", format, "--save-bundle", "saved"]);
            let saved = fs::read_to_string(path(&folder, "saved")).unwrap();
            fs::remove_file(path(&folder, "saved")).unwrap();
            assert!(shown.contains("does not start") && saved.contains("k.yaml"), "{shown}{saved}");
            assert!(!shown.contains("hunter2") && !saved.contains("hunter2"), "{format}: {shown}{saved}");
        }
    }
}

/// The kubelet ignores them; what they hold is a token all the same.
#[test]
fn misspelt_headers_are_not_shown() {
    let folder = folder();
    for misspelt in ["staticPodURLHeaders: {A: [hunter2]}\n", "manifestURLHeader: \"A:hunter2\"\n"] {
        fs::write(path(&folder, "k.yaml"), config(misspelt)).unwrap();
        let shown = checked(&folder, &["k.yaml", "--kubelet-version=1.34", "--save-bundle", "saved"]);
        let saved = fs::read_to_string(path(&folder, "saved")).unwrap();
        assert!(shown.contains("the kubelet ignores this key"), "{shown}");
        assert!(!shown.contains("hunter2") && !saved.contains("hunter2"), "{shown}{saved}");
    }
}

/// Where a static pod is fetched may name a user, or be signed. A header that a shell has taken apart is one all the same.
#[test]
fn what_fetches_static_pods_is_not_shown() {
    let folder = folder();
    fs::create_dir(path(&folder, "d")).unwrap();
    fs::write(path(&folder, "empty.yaml"), HEAD).unwrap();
    for (key, args) in [
        ("staticPodURL", &["--config-dir=d"][..]),
        ("staticPodURL", &["d/1.conf"]),
        ("staticPodURl", &["d/1.conf"]),
        ("x", &["--flags=--manifest-url=https://kubelet:hunter2@pods/a?sig=hunter2"]),
        ("x", &["empty.yaml", "--flags=--manifest-url https://kubelet:hunter2@pods/a"]),
        ("x", &["--flags=--manifest-url-header Authorization:Bearer hunter2 --v=1"]),
    ] {
        fs::write(path(&folder, "d/1.conf"), config(&format!("{key}: https://kubelet:hunter2@pods/a\n"))).unwrap();
        for format in ["human", "json", "sarif"] {
            let saving = ["--format", format, "--kubelet-version=1.34", "--save-bundle=saved"];
            let shown = checked(&folder, &[args, &saving].concat());
            let saved = fs::read_to_string(path(&folder, "saved")).unwrap();
            fs::remove_file(path(&folder, "saved")).unwrap();
            assert!(
                shown.contains("kubelet") && !shown.contains("hunter2") && !saved.contains("hunter2"),
                "{args:?}: {shown}{saved}"
            );
        }
        let effective = Command::new(KUBEVET).arg("effective").args(args).current_dir(folder.path()).output().unwrap();
        let shown = String::from_utf8_lossy(&effective.stdout);
        assert!(!shown.contains("hunter2"), "{args:?}: {shown}");
    }
}

/// What no version comes to read is stored all the same: files behind a refusal, documents behind the first one, and what nobody
/// has a name for.
#[test]
fn what_nobody_reads_is_masked_in_bundles() {
    let folder = folder();
    fs::create_dir(path(&folder, "d")).unwrap();
    let secret = "staticPodURLHeader: {A: [hunter2]}\nstaticPodURL: https://u:hunter2@pods/\n";
    fs::write(path(&folder, "d/10.conf"), config(secret)).unwrap();
    fs::write(path(&folder, "k.yaml"), config(secret)).unwrap();
    fs::write(path(&folder, "broken.yaml"), config("readOnlyPort: abc\n")).unwrap();
    let second = "---\nkind: Secret\nstringData: {password: hunter2}\n";
    fs::write(path(&folder, "two.yaml"), config(&["readOnlyPort: 0\n", second].concat())).unwrap();
    fs::write(path(&folder, "unknown.yaml"), config("password: hunter2\n")).unwrap();
    for args in [
        &["--flags=--config=/nope", "--config-dir=d"][..],
        &["broken.yaml", "--config-dir=d"],
        &["k.yaml", "--flags=--read-only-prt=0"],
        &["k.yaml", "--flags=--version"],
        &["k.yaml", "--config-dir=d", "--kubelet-version=1.26"],
        &["two.yaml", "--flags="],
        &["unknown.yaml"],
        &["--flags=--read-only-prt=0 --manifest-url-header A:hunter2 --manifest-url=https://u:hunter2@pods/"],
        &["--flags=--manifest-url-heading=A:hunter2"],
    ] {
        let first = checked(&folder, &[args, &["--format=json", "--save-bundle=saved"]].concat());
        let saved = fs::read_to_string(path(&folder, "saved")).unwrap();
        assert!(!first.contains("hunter2") && !saved.contains("hunter2"), "{args:?}: {first}{saved}");
        let replayed = checked(&folder, &["--bundle=saved", "--format=json"]);
        assert_eq!(replayed, first, "{args:?}");
        fs::remove_file(path(&folder, "saved")).unwrap();
    }
}

/// Who looks at a header's name alone may see its value, where somebody left out a colon.
#[test]
fn names_of_headers_are_in_no_refusal() {
    let folder = folder();
    fs::create_dir(path(&folder, "d")).unwrap();
    let headers = "staticPodURLHeader: {Authorization Bearer hunter2: {}}\n";
    fs::write(path(&folder, "d/1.conf"), config(headers)).unwrap();
    for version in ["1.31", "1.37"] {
        let shown = checked(&folder, &["--config-dir=d", "--format=json", "--kubelet-version", version]);
        assert!(shown.contains("does not start") && !shown.contains("hunter2"), "{version}: {shown}");
    }
}

/// What is merged (`<<`) would have to be written out, to change a part of it.
#[test]
fn an_edit_does_not_say_what_is_withheld() {
    let folder = folder();
    let merged = "&b {authorization: {mode: AlwaysAllow}, staticPodURLHeader: {Authorization: [hunter2]}}";
    fs::write(path(&folder, "k.yaml"), config(&format!("x: {merged}\n<<: *b\n"))).unwrap();
    let shown = checked(&folder, &["k.yaml", "--check=authorization-mode", "--kubelet-version=1.34", "--format=json"]);
    assert!(shown.contains("it has to be made by hand") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn a_byte_that_is_no_character_is_shown_as_one() {
    let folder = folder();
    fs::write(path(&folder, "k.yaml"), [HEAD.as_bytes(), b"clusterDomain: \"a\x85b\"\n"].concat()).unwrap();
    let output = Command::new(KUBEVET).arg("check").arg(path(&folder, "k.yaml")).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains(r#"clusterDomain: "a\x85b""#), "{shown}");
}

#[test]
fn a_full_disk_and_a_closed_pipe() {
    let folder = folder();
    fs::write(path(&folder, "k.yaml"), config("makeIPTablesUtilChains: false\n")).unwrap();
    let run = |args: &[&str], out: Stdio| {
        let mut command = Command::new(KUBEVET);
        command.args(args).current_dir(folder.path()).stdout(out).stderr(Stdio::piped());
        command.output().unwrap()
    };
    for (args, status) in [
        (&["check", "k.yaml"][..], 1),
        (&["fix", "k.yaml"], 1),
        (&["list"], 0),
        (&["list", "--versions"], 0),
        (&["explain", "read-only-port"], 0),
        (&["--help"], 0),
        (&["check", "--help"], 0),
        (&["--version"], 0),
    ] {
        let full = run(args, File::options().write(true).open("/dev/full").unwrap().into());
        assert_eq!(full.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&full.stderr).contains("cannot be written"), "{args:?}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let closed = run(args, writer.into());
        assert_eq!(closed.status.code(), Some(status), "a reader that has seen enough changes no verdict: {args:?}");
    }
}

#[test]
fn a_link_where_a_bundle_is_saved_is_not_followed() {
    let folder = folder();
    fs::write(path(&folder, "k.yaml"), config("")).unwrap();
    fs::write(path(&folder, "victim"), "untouched").unwrap();
    symlink("victim", path(&folder, "b")).unwrap();
    let saved = Command::new(KUBEVET)
        .args(["check", "k.yaml", "--check", CHECK, "--save-bundle=b"])
        .current_dir(folder.path())
        .output();
    assert_eq!(saved.unwrap().status.code(), Some(0));
    assert_eq!(fs::read_to_string(path(&folder, "victim")).unwrap(), "untouched");
    let metadata = fs::symlink_metadata(path(&folder, "b")).unwrap();
    assert!(metadata.is_file() && metadata.mode() & 0o777 == 0o600);
}

// ---- the tables ----

/// Every test that the tables name is there.
#[test]
fn the_tables_name_tests_that_exist() {
    assert!(named_tests("docs/attack-cases.md") > 40);
    assert!(named_tests("docs/other-scanners.md") > 60);
}

/// How many tests a table names; all of them exist.
fn named_tests(table: &str) -> usize {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let table = fs::read_to_string(root.join(table)).unwrap();
    let mut named = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`")) {
        let tests = line.rsplit('|').find(|cell| cell.contains(".rs`")).unwrap();
        let mut file = None;
        for word in tests.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                file = Some(fs::read_to_string(root.join(word)).unwrap_or_else(|error| panic!("{word}: {error}")));
            } else if let Some(text) = &file {
                assert!(
                    text.contains(&format!("#[test]\nfn {word}("))
                        || text.contains(&format!("#[test]\n    fn {word}(")),
                    "{line}"
                );
                named += 1;
            }
        }
    }
    named
}
