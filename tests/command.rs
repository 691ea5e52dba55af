//! The built command, as its users run it.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Runs kubevet in a folder.
fn kubevet(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kubevet")).args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// What a person sees, and the exit status.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

const HEAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

/// For what is not about benchmarks.
const ONE: &str = "--check=make-iptables-util-chains";

fn config(text: &str) -> String {
    format!("{HEAD}{text}")
}

fn status_of(report: &Output, check: &str) -> String {
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["check"] == check).unwrap()["status"].as_str().unwrap().to_owned()
}

#[test]
fn the_readme_example_fails_by_the_flag() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let output =
        kubevet(root, &["check", "examples/kubelet-config.json", "--flags", "--make-iptables-util-chains=false"]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn a_version_that_is_not_given_matters_where_only_some_start() {
    let folder = folder();
    let output = kubevet(folder.path(), &["check", ONE, "--flags", "--feature-gates=KubeletPSI=true"]);
    insta::assert_snapshot!(shown(&output));
    let known = ["check", ONE, "--flags", "--feature-gates=KubeletPSI=true", "--kubelet-version=1.36"];
    assert_eq!(kubevet(folder.path(), &known).status.code(), Some(0));
}

#[test]
fn what_ends_a_kubelet_after_validation() {
    let folder = folder();
    let ended = |flags: &str, version: &str| {
        let version = format!("--kubelet-version={version}");
        let output = kubevet(folder.path(), &["effective", "--format=json", "--flags", flags, &version]);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["outcome"], "starts", "{flags}");
        assert!(report["settings"]["maxPods"].is_object(), "settings stand beside it: {flags}");
        report["laterRefusal"]["message"].as_str().map(str::to_owned)
    };
    for (flags, setting) in [
        ("--authorization-mode=RBAC", "authorization.mode"),
        ("--authorization-mode=", "authorization.mode"),
        ("--tls-cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256,TLS_NONE", "tlsCipherSuites"),
        ("--tls-min-version=TLS1.2", "tlsMinVersion"),
        ("--tls-cert-file=/c", "tlsCertFile"),
        ("--tls-private-key-file=/k", "tlsPrivateKeyFile"),
        ("--exit-on-lock-contention", "exit-on-lock-contention"),
        ("--kube-reserved=gpu=1", "kubeReserved"),
        ("--system-reserved=cpu=-1", "systemReserved"),
    ] {
        let message = ended(flags, "1.34").unwrap_or_default();
        assert!(message.contains(setting), "{flags}: {message}");
    }
    for flags in [
        "--authorization-mode=Webhook --tls-min-version=VersionTLS13 --tls-cipher-suites=TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
        "--tls-cert-file=/c --tls-private-key-file=/k --exit-on-lock-contention --lock-file=/l",
        "--tls-cert-file=/c --rotate-server-certificates",
        "--kube-reserved=cpu=100m,pid=10,memory=1Gi",
    ] {
        assert_eq!(ended(flags, "1.34"), None, "{flags}");
    }
    // From 1.36 on, a server without its key goes on and answers nobody: that is a problem, not an end.
    assert_eq!(ended("--tls-cert-file=/c", "1.36"), None);
    let flags = ["check", "--flags", "--tls-cert-file=/c", "--kubelet-version=1.36", "--strict", "--show=all"];
    let output = kubevet(folder.path(), &flags);
    assert!(shown(&output).contains("answers no connection") && output.status.code() == Some(1), "{}", shown(&output));
    let output =
        kubevet(folder.path(), &["check", ONE, "--flags", "--authorization-mode=RBAC", "--kubelet-version=1.34"]);
    insta::assert_snapshot!(shown(&output));
}

/// The header says which file is meant, and that nothing is known of it.
#[test]
fn a_file_that_was_not_read_is_not_flags_alone() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("")).unwrap();
    for (args, said) in [
        (&["--flags=--v=2"][..], "flags alone"),
        (&["k.yaml"], "k.yaml"),
        (&["--flags=--config=/etc/k.yaml"], "/etc/k.yaml (not read)"),
        (&["--flags=--config=/etc/k.yaml --no-such-flag"], "/etc/k.yaml (not read)"),
        (&["--flags=--no-such-flag --config=/etc/k.yaml"], "no file was read"),
        (&["k.yaml", "--kubelet-version=1.20"], "k.yaml (not read)"),
        (&["k.yaml", "--flags=--v=x"], "k.yaml (not read)"),
        (&["--flags=--config-dir=/etc/d"], "no file was read"),
    ] {
        let args = [&["check", ONE, "--lang=en"], args].concat();
        let human = shown(&kubevet(folder.path(), &args));
        let header = human.lines().find(|line| line.contains("   config: ")).unwrap();
        assert!(header.ends_with(&format!("   config: {said}")), "{args:?}: {header}");
        let report = kubevet(folder.path(), &[&args[..], &["--format=json"]].concat());
        let report: Value = serde_json::from_slice(&report.stdout).unwrap();
        let context = report["context"].as_array().unwrap();
        assert_eq!(context.iter().find(|said| said["id"] == "sources").unwrap()["message"], said, "{args:?}");
    }
}

#[test]
fn only_formats_that_have_a_form_for_settings_are_offered() {
    let folder = folder();
    let help = shown(&kubevet(folder.path(), &["effective", "--help"]));
    assert!(help.contains("How to write [default: human] [possible values: human, json]"), "{help}");
    let wrong = kubevet(folder.path(), &["effective", "--flags=--v=2", "--format=sarif"]);
    assert!(wrong.status.code() == Some(2) && shown(&wrong).contains("possible values: human, json"));
    let help = shown(&kubevet(folder.path(), &["check", "--help"]));
    assert!(help.contains("possible values: human, json, sarif"), "{help}");
}

#[test]
fn a_wrong_word_is_told_what_there_is() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("")).unwrap();
    for (args, said) in [
        (
            &["check", "k.yaml", "--kubelet-version=banana"][..],
            "(1.24 to 1.37)\n  = help: `kubevet list --versions` shows",
        ),
        (&["check", "k.yaml", "--platform=banana"], "there is no platform `banana`; there are aks, "),
        (&["check", "k.yaml", "--benchmark=banana"], "there is no benchmark `banana`; there are auto, "),
        (&["check", "k.yaml", "--check=banana"], "section `banana`\n  = help: `kubevet list` shows the checks"),
        (
            &["check", "k.yaml", "--check=3.2.6"],
            "undetermined[kubelet-starts]: there is no section `3.2.6` in cis-1.12: name a benchmark that has it: aks-1.0, ",
        ),
        (
            &["explain", "banana"],
            "there is no check and no section `banana`\n  = help: `kubevet list` shows the checks",
        ),
        (&["explain", "4.2.7"], "cis-1.12, cis-1.7, cis-1.8, cis-1.9, k3s-cis-1.7, k3s-cis-1.8, k3s-cis-1.9, "),
        (&["explain", "4.2.7"], ": kubevet explain hostname-override\n"),
        (&["explain", "4.2.14"], "seccomp-default (medium)\n"),
    ] {
        let output = shown(&kubevet(folder.path(), args));
        assert!(output.contains(said), "{args:?}: {output}");
    }
}

#[test]
fn settings_are_given_by_version_where_versions_differ() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("")).unwrap();
    let output = kubevet(folder.path(), &["effective", "k.yaml", "--format=json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let factor = &report["settings"]["memoryThrottlingFactor"]["byVersion"];
    let newest = factor.as_array().unwrap().last().unwrap();
    assert_eq!((&newest["versions"], &newest["value"]), (&serde_json::json!(["1.37"]), &Value::Null));
    assert_eq!(factor[factor.as_array().unwrap().len() - 2]["value"], 0.9);
    assert_eq!(report["settings"]["maxPods"]["value"], 110, "the same in all");
    let curves = &report["settings"]["tlsCurvePreferences"];
    assert!(curves["value"].is_array() && curves["versions"].is_array(), "not in all: {curves}");
}

#[test]
fn bad_input_ends_in_a_clear_message() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("directory")).unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("binary"), [0x7f, b'E', b'L', b'F', 0, 1, 2, 255]).unwrap();
    fs::write(at("large.json"), vec![b' '; 12 << 20]).unwrap();
    fs::write(at("deep.json"), "[".repeat(200_000)).unwrap();
    fs::write(at("deep.yaml"), format!("a: {}", "[".repeat(200_000))).unwrap();
    let bomb: String = (1..30)
        .map(|n| format!("b{n}: &a{n} [*a{p},*a{p},*a{p},*a{p},*a{p},*a{p},*a{p},*a{p}]\n", p = n - 1))
        .collect();
    fs::write(at("bomb.yaml"), config(&format!("b0: &a0 [x,x]\n{bomb}"))).unwrap();
    fs::write(at("broken.json"), "{\"kind\": \"KubeletConfiguration\",\n \"maxPods\": 110,\n}").unwrap();
    fs::write(at("kind.yaml"), "apiVersion: v1\nkind: Secret\ndata: {password: aHVudGVyMg==}\n").unwrap();
    fs::write(at("azure.json"), "{\"tenantId\": \"t\", \"aadClientSecret\": \"hunter2\"}").unwrap();
    fs::write(at("good.yaml"), config("")).unwrap();
    fs::write(at("wrong-type.yaml"), config("makeIPTablesUtilChains: \"true\"\n")).unwrap();
    let made = Command::new("mkfifo").arg(at("fifo")).status().unwrap();
    assert!(made.success());
    for (name, args) in [
        ("no such file", &["nope.json"][..]),
        ("directory", &["directory"]),
        ("fifo", &["fifo"]),
        ("empty", &["empty"]),
        ("binary", &["binary"]),
        ("12 MB", &["large.json"]),
        ("200,000 deep JSON", &["deep.json"]),
        ("200,000 deep YAML", &["deep.yaml"]),
        ("alias bomb", &["bomb.yaml"]),
        ("broken JSON", &["broken.json"]),
        ("wrong kind", &["kind.yaml"]),
        ("a cloud provider's file with a secret", &["azure.json"]),
        ("wrong type", &["wrong-type.yaml"]),
        ("unknown flag", &["good.yaml", "--flags", "--no-such-flag=1"]),
        ("missing drop-in directory", &["good.yaml", "--config-dir", "nope.d"]),
        ("missing drop-in directory of a flag", &["good.yaml", "--flags", "--config-dir=/nope.d"]),
        ("open quotation", &["--flags", "--node-labels='a"]),
        ("nothing", &[]),
    ] {
        let output = kubevet(folder.path(), &[&["check", "--kubelet-version=1.37"], args].concat());
        let text = shown(&output);
        assert!(!text.contains("hunter2") && !text.contains("aHVudGVyMg"), "{text}");
        insta::assert_snapshot!(name.replace([' ', ','], "_").replace('\'', ""), text);
    }
}

#[test]
fn arguments_need_not_be_unicode() {
    let folder = folder();
    fs::write(folder.path().join("args"), b"--hostname-override=\xff\xfe\0--make-iptables-util-chains=false\0")
        .unwrap();
    let output = kubevet(folder.path(), &["check", ONE, "--kubelet-version=1.37", "--args-file", "args"]);
    insta::assert_snapshot!(shown(&output));
    let name = std::ffi::OsString::from_vec(b"\xff.json".to_vec());
    fs::write(folder.path().join(&name), config("")).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_kubevet")).args(["check", ONE]).arg(folder.path().join(&name)).output();
    assert_eq!(output.unwrap().status.code(), Some(0));
}

#[test]
fn an_unreadable_file_is_never_a_default() {
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let bundle = r#"{"schema":1,"id":"node","version":"1.37.2","args":["--config=/k.json"],"denied":["/k.json"]}"#;
    fs::write(folder.path().join("bundle"), bundle).unwrap();
    let output = kubevet(folder.path(), &["check", "--bundle", "bundle"]);
    insta::assert_snapshot!(shown(&output));
}

/// And not where the member stands that is first by its name: names are masked in bundles, and with them their order.
#[test]
fn a_problem_stands_where_the_first_member_of_a_key_stands() {
    let folder = folder();
    fs::create_dir(folder.path().join("d")).unwrap();
    fs::write(folder.path().join("d/1.conf"), config("EvictionHard:\n  b: 1%\n  a: 2%\n")).unwrap();
    let args = ["check", "--config-dir=d", "--kubelet-version=1.36", "--format=json"];
    let report: Value = serde_json::from_slice(&kubevet(folder.path(), &args).stdout).unwrap();
    let problem = &report["problems"][0];
    assert!(problem["message"].as_str().unwrap().starts_with("`EvictionHard` is read as `evictionHard`"), "{problem}");
    assert_eq!(problem["line"], 4, "{problem}");
}

/// The rows that kube-bench was run on; what the kubelet really means.
#[test]
fn rows_on_which_other_scanners_are_wrong() {
    let no_file: Option<&str> = None;
    for (row, file, flags, status) in [
        ("A", no_file, "--make-iptables-util-chains=true --make-iptables-util-chains=false", "fail"),
        ("B", no_file, "--make-iptables-util-chains=0", "fail"),
        ("C", no_file, "--make-iptables-util-chains=T", "pass"),
        ("D", Some("makeIPTablesUtilChains: off\n"), "", "fail"),
        ("E", Some("makeIPTablesUtilChains: false\n"), "--config=/opt/anywhere/k.yaml", "fail"),
        ("H", Some("makeIPTablesUtilChains: null\n"), "", "pass"),
        ("J", Some("makeIPTablesUtilChains: [true\n"), "", "undetermined"),
        ("K", Some("makeIPTablesUtilChains: \"true\"\n"), "", "undetermined"),
        ("L", Some("makeIptablesUtilChains: false\n"), "", "pass"),
    ] {
        let folder = folder();
        let mut args = vec!["check", "--format", "json", "--kubelet-version", "1.37"];
        if let Some(text) = file {
            fs::write(folder.path().join("k.yaml"), config(text)).unwrap();
            args.push("k.yaml");
        }
        if file.is_none() || !flags.is_empty() {
            args.extend(["--flags", flags]);
        }
        let output = kubevet(folder.path(), &args);
        assert_eq!(status_of(&output, "make-iptables-util-chains"), status, "row {row}: {}", shown(&output));
        let starts = if status == "undetermined" { "fail" } else { "pass" };
        assert_eq!(status_of(&output, "kubelet-starts"), starts, "row {row}");
        let problems = String::from_utf8(output.stdout).unwrap();
        assert_eq!(problems.contains("did you mean `makeIPTablesUtilChains`?"), row == "L", "row {row}");
    }
}

#[test]
fn row_f_a_drop_in_overrides_the_file() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("makeIPTablesUtilChains: true\n")).unwrap();
    fs::create_dir(folder.path().join("conf.d")).unwrap();
    fs::write(folder.path().join("conf.d/10-a.conf"), config("makeIPTablesUtilChains: false\n")).unwrap();
    let output = kubevet(folder.path(), &["check", ONE, "k.yaml", "--config-dir", "conf.d", "--kubelet-version=1.37"]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn row_g_a_file_of_another_kind_is_named_and_never_quoted() {
    let folder = folder();
    fs::write(folder.path().join("azure.json"), "{\"aadClientSecret\": \"hunter2\"}").unwrap();
    for format in ["human", "json"] {
        let output = kubevet(folder.path(), &["check", "azure.json", "--format", format, "--save-bundle", "bundle"]);
        assert_eq!(output.status.code(), Some(1));
        let text = shown(&output) + &fs::read_to_string(folder.path().join("bundle")).unwrap();
        assert!(text.contains("azure.json") && !text.contains("hunter2"), "{text}");
    }
}

/// Kubelets of 1.29 to 1.31 take drop-ins of any kind, and of these what they know.
#[test]
fn of_a_drop_in_of_another_kind_what_the_kubelet_knows_is_shown() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("")).unwrap();
    fs::create_dir(folder.path().join("conf.d")).unwrap();
    let secret = "kind: Secret\ndata: {hunter1: hunter2}\nauthentication:\n  hunter3: {hunter4: hunter5}\n  anonymous: {enabled: true}\n";
    fs::write(folder.path().join("conf.d/1.conf"), secret).unwrap();
    for format in ["human", "json"] {
        let inputs = ["k.yaml", "--config-dir=conf.d", "--kubelet-version=1.31", "--save-bundle=bundle"];
        let judged = kubevet(folder.path(), &[&["check", "--format", format], &inputs[..]].concat());
        let text = shown(&judged);
        let all = text.clone() + &fs::read_to_string(folder.path().join("bundle")).unwrap();
        assert!(all.contains("anonymous: {enabled: true}") && !all.contains("hunter"), "{all}");
        let replayed = kubevet(folder.path(), &["check", "--format", format, "--bundle=bundle"]);
        assert_eq!(text, shown(&replayed));
    }
}

#[test]
fn a_saved_bundle_replays_to_the_same_report() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("makeIptablesUtilChains: false\ntlsCertFile: a.crt\n")).unwrap();
    let recorded =
        kubevet(folder.path(), &["check", "k.yaml", "--format=json", "--kubelet-version=1.36", "--save-bundle=b"]);
    let replayed = kubevet(folder.path(), &["check", "--bundle=b", "--format=json"]);
    assert_eq!(shown(&recorded), shown(&replayed));
    let mode = fs::metadata(folder.path().join("b")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// The configuration of k3s holds the secrets of a whole cluster.
#[test]
fn a_saved_bundle_has_nothing_of_k3s_but_what_the_kubelet_gets() {
    let secrets = "token: hunter1\ndatastore-endpoint: postgres://u:hunter2@db/k\netcd-s3-secret-key: hunter3\n";
    let flags = "kubelet-arg:\n- anonymous-auth=true\n- \"manifest-url-header=Authorization:hunter4\"\n";
    let configurations =
        [format!("{secrets}{flags}"), format!("{{a: 'hunter1', {flags}"), format!("{secrets}{flags}- [")];
    let folder = folder();
    let unit =
        "[Service]\nExecStart=/usr/local/bin/k3s \\\n  server --token hunter6 \\\n  '--kubelet-arg=max-pods=9'\n";
    let lines: [&[&str]; 3] = [&[], &["server", "--token=hunter7"], &["server", "--kubelet-arg", "v=2"]];
    let statuses = ["fail", "undetermined", "undetermined"];
    for ((configuration, line), status) in configurations.iter().zip(lines).zip(statuses) {
        let drop_in = config("authentication: {anonymous: {enabled: false}}\n");
        let bundle = serde_json::json!({
            "schema": 1, "id": "k3s", "version": "1.34.4", "args": line,
            "facts": {"embeds": "k3s-server", "pid": "9"}, "env": [],
            "files": {
                "/etc/systemd/system/k3s.service": unit,
                "/etc/rancher/k3s/config.yaml": configuration,
                "/etc/rancher/k3s/config.yaml.d/1.yml": "agent-token: hunter5\n",
                "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf": drop_in,
            },
        });
        fs::write(folder.path().join("given"), bundle.to_string()).unwrap();
        let check = |bundle: &str, format: &str| {
            let format = format!("--format={format}");
            kubevet(folder.path(), &["check", "--bundle", bundle, &format, "--show=all", "--save-bundle=saved"])
        };
        assert_eq!(status_of(&check("given", "json"), "anonymous-auth"), status, "{configuration}");
        for format in ["human", "json"] {
            let text = shown(&check("given", format));
            let saved = fs::read_to_string(folder.path().join("saved")).unwrap();
            assert!(!text.contains("hunter") && !saved.contains("hunter"), "{text}{saved}");
            fs::write(folder.path().join("masked"), saved).unwrap();
            assert_eq!(shown(&check("masked", format)), text);
        }
    }
}

/// As root, it could be taken away from a whole node.
#[test]
fn a_bundle_takes_the_place_of_nothing_but_a_file() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("k.yaml"), config("")).unwrap();
    fs::write(at("file"), "old").unwrap();
    fs::create_dir(at("directory")).unwrap();
    assert!(Command::new("mkfifo").arg(at("fifo")).status().unwrap().success());
    for (link, target) in [("of-fifo", "fifo"), ("of-file", "file"), ("of-null", "/dev/null"), ("of-nothing", "nope")] {
        symlink(target, at(link)).unwrap();
    }
    // Only root can make a device.
    let made = Command::new("mknod").arg(at("null")).args(["c", "1", "3"]).output().unwrap();
    let names = ["directory", "fifo", "of-fifo", "of-null"].into_iter().chain(made.status.success().then_some("null"));
    let save = |name: &str| kubevet(folder.path(), &["check", "k.yaml", ONE, "--save-bundle", name]);
    for name in names {
        let before = fs::symlink_metadata(at(name)).unwrap().file_type();
        let text = shown(&save(name));
        assert!(text.ends_with("exit 2") && text.contains(&format!("error: {name}: is no regular file")), "{text}");
        assert_eq!(fs::symlink_metadata(at(name)).unwrap().file_type(), before, "{name}");
    }
    for name in ["file", "of-file", "of-nothing", "new"] {
        assert_eq!(save(name).status.code(), Some(0), "{name}");
        assert!(fs::symlink_metadata(at(name)).unwrap().is_file(), "{name}");
    }
    assert!(!at("nope").exists(), "a link is not followed");
}

#[test]
fn the_source_of_a_version_is_shown_with_that_version_only() {
    let folder = folder();
    let facts = r#"{"version":"1.36.3","version-source":"package kubelet 1.36.3-1.1"}"#;
    let bundle = format!(r#"{{"id":"node","version":"1.36.3","args":[],"facts":{facts}}}"#);
    fs::write(folder.path().join("b"), bundle).unwrap();
    for (args, header) in [
        (&["--bundle=b"][..], "node   v1.36 (package kubelet 1.36.3-1.1)   config: flags alone\n"),
        (&["--bundle=b", "--kubelet-version=1.35"], "node   v1.35   config: flags alone\n"),
    ] {
        let output = kubevet(folder.path(), &[&["check"], args].concat());
        assert!(shown(&output).starts_with(header), "{}", shown(&output));
    }
}

#[test]
fn exit_statuses_follow_the_table() {
    let folder = folder();
    fs::write(folder.path().join("odd.yaml"), config("makeIptablesUtilChains: false\n")).unwrap();
    fs::write(folder.path().join("bad.yaml"), config("makeIPTablesUtilChains: false\n")).unwrap();
    let bundles = [
        r#"{"id":"fine","version":"1.37","args":[]}"#,
        "not json",
        r#"{"id":"denied","version":"1.37","args":["--config=/k"],"denied":["/k"]}"#,
    ];
    fs::write(folder.path().join("bundles"), bundles.join("\n")).unwrap();
    fs::write(folder.path().join("good"), bundles[0]).unwrap();
    for (args, status) in [
        (&["odd.yaml"][..], 0),
        (&["odd.yaml", "--strict"], 1),
        (&["bad.yaml"], 1),
        (&["bad.yaml", "--exit-zero"], 0),
        (&["bad.yaml", "--skip", "make-iptables-util-chains"], 2),
        (&["bad.yaml", "--benchmark", "cis-1.12", "--skip", "4.2.6"], 2),
        (&["bad.yaml", "--benchmark", "cis-1.12", "--skip", "4.2.4"], 1),
        (&["bad.yaml", "--check", "nope"], 2),
        (&["odd.yaml", "--benchmark", "cis-1.12", "--check", "4.2.6"], 0),
        (&["odd.yaml", "--benchmark", "cis-1.12", "--check", "3.2.6"], 2),
        (&["odd.yaml", "--benchmark", "cis-1.12", "--check", "4.2.8", "--level", "1"], 2),
        (&["bad.yaml", "--kubelet-version", "banana"], 2),
        (&["--bundle", "good"], 0),
        (&["--bundle", "good", "--require-explicit"], 1),
        (&["--bundle", "bundles"], 2),
        (&["--no-such-option"], 2),
    ] {
        let output = kubevet(folder.path(), &[&["check", ONE], args].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?}: {}", shown(&output));
    }
}

#[test]
fn what_is_asked_for_and_skipped_is_no_pass() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("")).unwrap();
    let skip = "--skip=make-iptables-util-chains";
    let both = "`make-iptables-util-chains` is asked for by --check and left out by --skip";
    let section = "k.yaml: not judged: `4.2.6` is asked for by --check and left out by --skip";
    for (args, said) in [
        (&["check", "k.yaml", ONE, skip][..], both),
        (&["check", "k.yaml", ONE, "--check=event-qps", skip], both),
        (&["fix", "k.yaml", ONE, skip], both),
        (&["scan", ONE, skip], both),
        (&["check", "k.yaml", "--benchmark=cis-1.12", "--check=4.2.6", skip], section),
        (&["check", "k.yaml", "--benchmark=cis-1.12", "--check=4.2.6", "--check=4.2.4", skip, "--exit-zero"], section),
        (&["check", "k.yaml", "--benchmark=cis-1.12", ONE, "--check=4.2.4", "--skip=4.2.6"], both),
    ] {
        let text = shown(&kubevet(folder.path(), args));
        assert!(text.contains(said) && text.ends_with("exit 2"), "{args:?}: {text}");
    }
    let starts = ["check", "k.yaml", "--check=kubelet-starts", skip];
    assert_eq!(kubevet(folder.path(), &starts).status.code(), Some(0));
    let all = kubevet(folder.path(), &["list", "--format=json"]);
    let all: Value = serde_json::from_slice(&all.stdout).unwrap();
    let skips = all.as_array().unwrap().iter().map(|check| format!("--skip={}", check["check"].as_str().unwrap()));
    let skips: Vec<String> = skips.collect();
    let args: Vec<&str> = ["check", "k.yaml"].into_iter().chain(skips.iter().map(String::as_str)).collect();
    let text = shown(&kubevet(folder.path(), &args));
    assert!(text.ends_with("error: k.yaml: not judged: all checks are skipped\nexit 2"), "{text}");
}

#[test]
fn tens_of_thousands_of_unknown_keys_are_judged_in_time() {
    let folder = folder();
    let keys: String = (0..80_000).map(|n| format!("k{n}: 1\n")).collect();
    fs::write(folder.path().join("k.yaml"), config(&keys)).unwrap();
    let output = kubevet(folder.path(), &["check", ONE, "k.yaml", "--format=json", "--kubelet-version=1.37"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(report["problems"].as_array().unwrap().len(), 101);
}

#[test]
fn the_effective_configuration_names_its_sources() {
    let folder = folder();
    fs::write(folder.path().join("k.json"), "{\"kind\":\"KubeletConfiguration\",\n \"apiVersion\":\"kubelet.config.k8s.io/v1beta1\",\n \"makeIPTablesUtilChains\": false, \"featureGates\":{\"AllAlpha\":false}}").unwrap();
    let flags = "--v=2 --make-iptables-util-chains=true --feature-gates=AllBeta=false --hostname-override=n1";
    let output =
        kubevet(folder.path(), &["effective", "k.json", "--format=json", "--kubelet-version=1.36", "--flags", flags]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let setting = &report["settings"]["makeIPTablesUtilChains"];
    assert_eq!(setting["value"], true);
    assert_eq!(setting["source"]["argument"], 1);
    assert_eq!(setting["source"]["text"], "--make-iptables-util-chains=true");
    let file = &setting["overridden"][0];
    assert_eq!(
        (&file["path"], &file["line"], &file["column"], &file["value"]),
        (&"k.json".into(), &3.into(), &28.into(), &false.into())
    );
    assert_eq!(report["settings"]["featureGates"]["value"], serde_json::json!({"AllAlpha": false, "AllBeta": false}));
    assert_eq!(report["flags"]["hostnameOverride"], "n1");
}

#[test]
fn a_kubelet_older_than_all_that_are_known_is_not_judged() {
    let output = kubevet(folder().path(), &["check", "--kubelet-version=1.23.9", "--flags=--read-only-port=0"]);
    let text = shown(&output);
    assert!(text.contains("kubelet 1.23 is older than what kubevet knows (1.24 to 1.37)"), "{text}");
    assert!(text.contains("for every kubelet 1.24, the oldest that is judged"), "{text}");
    assert_eq!(output.status.code(), Some(3), "{text}");
}

#[test]
fn drop_ins_of_1_28_need_a_variable_in_the_environment() {
    let folder = folder();
    let dropin = config("makeIPTablesUtilChains: true\n");
    let exit = |environment: &str| {
        let dropin = serde_json::to_string(&dropin).unwrap();
        let bundle = format!(
            r#"{{"id":"x","version":"1.28.15","args":["--config-dir=/d"],"files":{{"/d/a.conf":{dropin}}}{environment}}}"#
        );
        fs::write(folder.path().join("bundle"), bundle).unwrap();
        kubevet(folder.path(), &["check", "--bundle=bundle", "--format=json"])
    };
    let status = |environment: &str| status_of(&exit(environment), "kubelet-starts");
    assert_eq!(status(r#","env":["KUBELET_CONFIG_DROPIN_DIR_ALPHA"]"#), "pass");
    assert_eq!(status(r#","env":[]"#), "fail");
    assert_eq!(status(""), "undetermined");
}

#[test]
fn the_known_versions_say_how_well_they_are_known() {
    let output = kubevet(folder().path(), &["list", "--versions"]);
    let text = shown(&output);
    let proven = text.lines().filter(|line| line.contains("proven")).count();
    let derived: Vec<_> = text.lines().filter(|line| line.contains("derived")).map(|line| &line[..4]).collect();
    assert_eq!((proven, derived), (12, vec!["1.24", "1.25"]), "{text}");
}

#[test]
fn what_reads_otherwise_than_it_looks_is_a_problem() {
    let folder = folder();
    fs::write(folder.path().join("k.yaml"), config("makeIPTablesUtilChains: on\nmaxPods: 0156\n")).unwrap();
    fs::create_dir(folder.path().join("d")).unwrap();
    fs::write(folder.path().join("d/a.conf"), config("protectKernelDefaults: No\n")).unwrap();
    fs::write(folder.path().join("d/b.yaml"), config("protectKernelDefaults: true\n")).unwrap();
    fs::create_dir(folder.path().join("d/..data")).unwrap();
    let flags = "--node-ip --anonymous-auth=false --feature-gates=AnyVolumeDataSource=true";
    let args = ["check", ONE, "k.yaml", "--config-dir", "d", "--flags", flags, "--kubelet-version=1.34"];
    insta::assert_snapshot!(shown(&kubevet(folder.path(), &args)));
}
