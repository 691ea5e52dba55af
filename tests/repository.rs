//! `kubevet check` on a repository: what is found and recognised, the project's policy, what was known before, many files.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/sample-repository");

/// A repository, and kubevet in it.
struct Repository(TempDir);

impl Repository {
    fn new(files: &[(&str, &str)]) -> Repository {
        let repository = Repository(tempfile::tempdir().unwrap());
        fs::create_dir(repository.0.path().join(".git")).unwrap();
        files.iter().for_each(|(name, text)| repository.write(name, text));
        repository
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
        command.args(args).current_dir(self.0.path().join(folder)).stdin(Stdio::null()).output().unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        self.run_in("", args)
    }

    /// The targets of a run.
    fn reports(&self, args: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["check", "--format=json"], args].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["notices"].is_null()).collect()
    }
}

/// What a person sees, and the exit status.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}exit {}", text(&output.stdout), text(&output.stderr), output.status.code().unwrap())
}

fn ids(reports: &[Value]) -> Vec<&str> {
    reports.iter().map(|report| report["id"].as_str().unwrap()).collect()
}

const GOOD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 0\n";
const BAD: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nreadOnlyPort: 10255\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: kubelet}\n";
const JOIN: &str = "\
apiVersion: kubeadm.k8s.io/v1beta3
kind: JoinConfiguration
nodeRegistration: {kubeletExtraArgs: {read-only-port: \"10255\"}}
";

/// For what is not about checks.
const PORT: &str = "--check=read-only-port";

fn repository() -> Repository {
    Repository::new(&[("a/kubelet.yaml", GOOD), ("b/kubelet.yaml", BAD), ("b/join.yaml", JOIN), ("pod.yaml", POD)])
}

#[test]
fn a_repository_is_searched_for_what_configures_a_kubelet() {
    let repository = repository();
    assert_eq!(ids(&repository.reports(&[])), ["a/kubelet.yaml", "b/join.yaml", "b/kubelet.yaml"]);
    assert_eq!(ids(&repository.reports(&["b", "a/*.yaml"])), ["b/join.yaml", "b/kubelet.yaml", "a/kubelet.yaml"]);
    let quiet = shown(&repository.run(&["check", "--quiet", PORT]));
    assert!(!quiet.contains("a/kubelet.yaml") && quiet.contains("b/kubelet.yaml"), "{quiet}");
    insta::assert_snapshot!("a_person_sees_all_of_it", shown(&repository.run(&["check", PORT])));
    insta::assert_snapshot!(
        "what_is_not_recognised",
        shown(&repository.run(&["check", PORT, "pod.yaml", "a/kubelet.yaml"]))
    );
}

#[test]
fn hidden_files_are_searched_and_what_git_keeps_is_not() {
    let repository = Repository::new(&[
        (".github/node/k.yaml", GOOD),
        (".k.yaml", GOOD),
        (".git/k.yaml", BAD),
        (".cache/k.yaml", BAD),
        (".gitignore", ".cache/\n"),
    ]);
    assert_eq!(ids(&repository.reports(&[])), [".github/node/k.yaml", ".k.yaml"]);
    assert_eq!(ids(&repository.reports(&[".", ".git/k.yaml"])), [".github/node/k.yaml", ".k.yaml", ".git/k.yaml"]);
}

#[test]
fn nothing_to_judge_says_so() {
    let repository = Repository::new(&[("pod.yaml", POD), ("readme.md", "")]);
    for (name, args) in [
        ("nothing_in_a_repository", &["check"][..]),
        ("nothing_in_a_pattern", &["check", "*.toml"]),
        ("nothing_that_is_required", &["check", "--require-recognised", "pod.yaml"]),
    ] {
        let output = repository.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        insta::assert_snapshot!(name, shown(&output));
    }
    for name in ["pod.yaml", "."] {
        let skipped = repository.run(&["check", "--skip-unrecognised", "--quiet", name]);
        assert_eq!(shown(&skipped), "exit 0");
    }
    // Alone, it stands for the file of `--config`, and a kubelet would not start with it.
    assert_eq!(repository.run(&["check", "pod.yaml"]).status.code(), Some(1));
}

const POLICY: &str = r#"
[default]
version = "1.33"
skip = ["seccomp-default"]

[path."b/"]
version = "1.34"
benchmark = "cis-1.12"

[files]
exclude = ["a/**"]

[[waiver]]
check = "read-only-port"
path = "b/join.yaml"
reason = "an old agent reads metrics there"
owner = "team-net"
expires = 2999-12-31

[[waiver]]
check = "anonymous-auth"
reason = "for a test"
owner = "team-net"
expires = 2020-12-31
"#;

#[test]
fn the_policy_of_the_repository_counts() {
    let repository = repository();
    repository.write("kubevet.toml", POLICY);
    let reports = repository.reports(&[]);
    assert_eq!(ids(&reports), ["b/join.yaml", "b/kubelet.yaml"], "one folder is excluded");
    assert!(reports.iter().all(|report| report["versions"] == serde_json::json!(["1.34"])));
    let checks =
        |report: &Value| report["findings"].as_array().unwrap().iter().map(|f| f["check"].clone()).collect::<Vec<_>>();
    assert!(!checks(&reports[0]).contains(&"seccomp-default".into()), "it is skipped");
    assert_eq!(
        repository.reports(&["a/kubelet.yaml", "--kubelet-version=1.30"])[0]["versions"],
        serde_json::json!(["1.30"])
    );
    insta::assert_snapshot!("waived", shown(&repository.run(&["check", PORT, "b/join.yaml", "--show=all"])));
    let exit = |args: &[&str]| repository.run(args).status.code();
    assert_eq!(exit(&["check", PORT, "b/join.yaml"]), Some(0));
    assert_eq!(exit(&["check", PORT, "b/join.yaml", "--no-policy"]), Some(1));
    assert_eq!(exit(&["check", PORT, "b/join.yaml", "--strict"]), Some(1), "a waiver has expired");
    assert_eq!(repository.run_in("b", &["check", PORT, "join.yaml"]).status.code(), Some(0), "from another folder");
}

#[test]
fn what_the_command_line_asks_for_no_policy_skips() {
    let repository = Repository::new(&[("b/k.yaml", BAD)]);
    for table in ["[default]", "[path.\"b/\"]"] {
        repository.write(
            "kubevet.toml",
            format!("{table}\nbenchmark = \"cis-1.12\"\nskip = [\"read-only-port\", \"4.2.4\"]\n"),
        );
        for check in [PORT, "--check=4.2.4"] {
            for verb in ["check", "fix"] {
                let output = repository.run(&[verb, check, "b/k.yaml", "--kubelet-version=1.34"]);
                let text = shown(&output);
                assert!(text.contains("10255") && text.ends_with("exit 1"), "{table} {verb} {check}: {text}");
            }
        }
        let text = shown(&repository.run(&["check", "b/k.yaml", "--show=all"]));
        assert!(!text.contains("read-only-port"), "{table}: it is skipped otherwise: {text}");
    }
}

#[test]
fn where_no_check_applies_nothing_was_judged() {
    let repository = Repository::new(&[("k.yaml", BAD), ("l.yaml", BAD)]);
    let (gke, permissions) = ("--benchmark=gke-1.9.0", "--check=kubelet-config-file-perms");
    for args in [&["k.yaml", gke][..], &["k.yaml", permissions], &["k.yaml", "l.yaml", permissions], &[gke]] {
        let mut args = [&["check", "--kubelet-version=1.34", "--report=junit=j.xml"], args].concat();
        args.extend(["--report=markdown=m.md", "--report=sarif=s.json", "--report=kube-bench=k.json"]);
        let said = shown(&repository.run(&args));
        assert!(said.contains("error: nothing to judge: none of the checks") && said.ends_with("exit 2"), "{said}");
        for (report, expected) in [
            ("j.xml", "<error message=\"nothing to judge: "),
            ("m.md", "## kubevet: nothing was judged ("),
            ("s.json", "\"executionSuccessful\":false"),
            ("k.json", "\"test_number\":\"nothing-judged\""),
        ] {
            let text = fs::read_to_string(repository.0.path().join(report)).unwrap();
            assert!(text.contains(expected), "{report}: {text}");
        }
        args.push("--skip-unrecognised");
        assert!(shown(&repository.run(&args)).ends_with("exit 0"), "{args:?}");
    }
    // Beside another that is judged, and where nothing else is asked for.
    repository.write("gke.yaml", BAD);
    repository.write("kubevet.toml", "[path.'gke.yaml']\nbenchmark = 'gke-1.9.0'\n");
    let exit = |args: &[&str]| repository.run(&[&["check", "--kubelet-version=1.34"], args].concat()).status.code();
    repository.write("k.yaml", GOOD);
    assert_eq!(exit(&["gke.yaml"]), Some(2));
    assert_eq!(exit(&["gke.yaml", "k.yaml"]), Some(1));
    assert_eq!(exit(&["gke.yaml", "k.yaml", "--check=make-iptables-util-chains"]), Some(0));
    assert_eq!(exit(&["--check=kubelet-starts", "k.yaml"]), Some(0));
}

#[test]
fn what_fails_a_strict_run_fails_in_every_format() {
    let expired = waiver("path = 'k.yaml'").replace("2999", "2020").replace("read-only-port", "anonymous-auth");
    let policies = [
        (GOOD.to_owned(), format!("{expired}[default]\nstrict = true\n"), "waiver-expired"),
        (GOOD.to_owned(), format!("{}[default]\nstrict = true\n", waiver("path = 'k.yaml'")), "waiver-unused"),
        (format!("{GOOD}readOnlyPrt: 1\n"), "[path.'k.yaml']\nstrict = true\n".into(), "unknown-key"),
    ];
    for (text, policy, id) in policies {
        let repository = Repository::new(&[("k.yaml", &text), ("kubevet.toml", &policy)]);
        let report = |format: &str| {
            let args = ["check", PORT, "k.yaml", "--kubelet-version=1.34", "--format", format, "--lang=en"];
            let output = repository.run(&args);
            assert_eq!(output.status.code(), Some(1), "{id} {format}");
            String::from_utf8(output.stdout).unwrap()
        };
        for (format, expected) in [
            ("human", "error["),
            ("junit", "<failure "),
            ("github", "::error "),
            ("azure", "##vso[task.logissue type=error;"),
            ("markdown", "## kubevet: 1 failure (1 target)"),
            ("sarif", "\"level\":\"error\""),
            ("gitlab", "\"severity\":\"major\""),
            ("kube-bench", "\"status\":\"FAIL\""),
        ] {
            let (found, expected) =
                (report(format), if format == "human" && id == "unknown-key" { "error: " } else { expected });
            assert!(found.contains(expected), "{id} {format}: {found}");
        }
    }
}

/// A policy for what is below `legacy/`, and a file that is not.
fn legacy() -> Repository {
    let repository = Repository::new(&[("legacy/k.yaml", BAD), ("prod/k.yaml", BAD)]);
    repository.write("kubevet.toml", waiver("path = 'legacy/**'"));
    repository
}

fn waiver(of: &str) -> String {
    format!("[[waiver]]\ncheck = 'read-only-port'\n{of}\nreason = 'r'\nowner = 'o'\nexpires = 2999-01-01\n")
}

/// Every name of `prod/k.yaml`, with the folder that it starts from.
fn names_of_prod(repository: &Repository) -> Vec<(&'static str, String)> {
    let root = repository.0.path().canonicalize().unwrap();
    symlink("../prod", root.join("legacy/link")).unwrap();
    let absolute = root.join("prod/k.yaml").to_string_lossy().into_owned();
    let dotted = root.join("legacy/../prod/k.yaml").to_string_lossy().into_owned();
    let typed = [
        ("", "prod/k.yaml"),
        ("", "./prod/k.yaml"),
        ("", "legacy/../prod/k.yaml"),
        ("", "legacy/link/k.yaml"),
        ("", "legacy/link/../prod/k.yaml"),
        ("prod", "k.yaml"),
        ("legacy", "../prod/k.yaml"),
        ("legacy", "../legacy/../prod/k.yaml"),
    ];
    let typed = typed.into_iter().map(|(folder, name)| (folder, name.to_owned()));
    typed.chain([("legacy", absolute), ("prod", dotted)]).collect()
}

#[test]
fn what_a_policy_says_of_one_folder_is_not_for_another() {
    let repository = legacy();
    let names = names_of_prod(&repository);
    let run = |folder: &str, name: &str| shown(&repository.run_in(folder, &["check", PORT, name]));
    for (folder, name) in &names {
        let text = run(folder, name);
        assert!(text.ends_with("exit 1") && !text.contains("waived"), "{folder}: {name}: {text}");
    }
    for (folder, name) in [("legacy", "k.yaml"), ("prod", "../legacy/k.yaml"), ("", "prod/../legacy/k.yaml")] {
        let text = run(folder, name);
        assert!(text.ends_with("exit 0") && text.contains("1 waived"), "{folder}: {name}: {text}");
    }
    repository.write("kubevet.toml", waiver("path = 'prod/k.yaml'"));
    for (folder, name) in &names {
        assert!(run(folder, name).contains("1 waived"), "{folder}: {name}");
    }
    repository.write("kubevet.toml", "[path.'legacy/']\nversion = '1.30'\n[path.'prod/']\nversion = '1.34'\n");
    for (folder, name) in &names {
        assert!(run(folder, name).contains("v1.34"), "{folder}: {name}");
    }
    repository.write("kubevet.toml", "[files]\nexclude = ['legacy/**']\n");
    assert!(run("legacy", "../prod").ends_with("exit 1"), "a folder is searched");
    assert!(run("prod", "../legacy").ends_with("exit 2"), "and this one is left out");
}

#[test]
fn a_baseline_knows_a_file_by_all_its_names() {
    let repository = Repository::new(&[("k.yaml", BAD), ("legacy/k.yaml", GOOD), ("prod/k.yaml", BAD)]);
    let names = names_of_prod(&repository);
    let known = repository.0.path().join("known.jsonl");
    let run = |folder: &str, name: &str, more: &str| {
        let more = format!("{more}{}", known.to_string_lossy());
        shown(&repository.run_in(folder, &["check", PORT, "--kubelet-version=1.34", name, &more]))
    };
    for policy in [None, Some("")] {
        policy.iter().for_each(|policy| repository.write("kubevet.toml", policy));
        for (folder, name) in &names {
            run(folder, name, "--report=json=");
            for (other, again) in &names {
                let text = run(other, again, "--baseline=");
                assert!(
                    text.ends_with("exit 0") && text.contains("1 known"),
                    "{folder}: {name}; {other}: {again}: {text}"
                );
            }
            assert!(run("", "k.yaml", "--baseline=").ends_with("exit 1"), "{folder}: {name}: another file");
        }
    }
    // As an earlier version has written it, in the root of the repository.
    let old = r#"{"id":"./prod/k.yaml","findings":[{"check":"read-only-port","status":"fail"}]}"#;
    repository.write("known.jsonl", old);
    for (folder, name) in &names {
        assert!(run(folder, name, "--baseline=").ends_with("exit 0"), "{folder}: {name}");
    }
}

#[test]
fn a_waiver_is_told_as_unused_only_where_the_run_has_looked() {
    let files = [("a/k.yaml", GOOD), ("b/k.yaml", BAD), ("c/k.yaml", GOOD), ("out/k.yaml", BAD)];
    let repository = Repository::new(&files);
    let is_told = |folder: &str, args: &[&str]| {
        let args = [&["check", "--strict", "--kubelet-version=1.34"], args].concat();
        shown(&repository.run_in(folder, &args)).contains("is not needed")
    };
    for (policy, args, folder, expected) in [
        ("path = 'b/**'", &[][..], "", false),
        ("path = 'a/**'", &[], "", true),
        ("path = 'a/**'", &[PORT], "", true),
        ("path = 'a/**'", &["."], "", true),
        ("path = 'a/**'", &["--check=anonymous-auth"], "", false),
        ("path = 'a/**'", &["--skip=read-only-port"], "", false),
        ("path = 'a/**'", &["a/k.yaml"], "", false),
        ("path = 'a/k.yaml'", &["a/k.yaml"], "", true),
        ("path = 'a/k.yaml'", &["k.yaml"], "a", true),
        ("path = 'a/k.yaml'", &["c/k.yaml"], "", false),
        ("path = 'a/k.yaml'", &["--check=anonymous-auth", "a/k.yaml"], "", false),
        ("", &["a/k.yaml"], "", false),
        ("", &[], "a", false),
        ("", &["c"], "a/..", false),
        ("path = 'gone.yaml'", &[], "", true),
        ("path = 'gone.yaml'", &[PORT], "", true),
        ("path = 'gone.yaml'", &["--check=anonymous-auth"], "", false),
        ("path = 'gone.yaml'", &[], "a", false),
        ("path = 'out/**'", &[], "", false),
        ("node = 'node-1'", &[], "", false),
    ] {
        repository.write("kubevet.toml", format!("[files]\nexclude = ['out/']\n{}", waiver(policy)));
        assert_eq!(is_told(folder, args), expected, "{policy} {args:?} in `{folder}`");
    }
}

#[test]
fn fix_leaves_alone_what_the_project_bears_with() {
    let text = format!("{BAD}authentication: {{anonymous: {{enabled: true}}}}\n");
    let repository = Repository::new(&[("k.yaml", &text), ("other.yaml", &text)]);
    let checks = [PORT, "--check=anonymous-auth", "--kubelet-version=1.34"];
    let run = |args: &[&str]| repository.run(&[args, &checks].concat());
    let file = |name: &str| fs::read_to_string(repository.0.path().join(name)).unwrap();
    run(&["check", "k.yaml", "--report=json=known.jsonl"]);
    let known = ["fix", "k.yaml", "--write", "--baseline=known.jsonl"];
    let said = shown(&run(&known));
    assert_eq!(file("k.yaml"), text, "{said}");
    assert!(said.contains("left alone[read-only-port]: the baseline has it\n"), "{said}");
    assert!(said.ends_with("nothing to fix by an edit; 0 left, 0 undetermined, 2 waived or known\nexit 0"), "{said}");
    repository.write("kubevet.toml", waiver("path = 'k.yaml'"));
    let said = shown(&run(&["fix", "k.yaml"]));
    assert!(said.contains("left alone[read-only-port]: waived until 2999-01-01 by o: r\n"), "{said}");
    assert!(said.contains("1 would be fixed") && said.ends_with("exit 1"), "{said}");
    let said = shown(&run(&["fix", "k.yaml", "--write"]));
    assert!(file("k.yaml").contains("10255") && file("k.yaml").contains("enabled: false"), "{said}");
    assert!(said.ends_with("1 fixed; 0 left, 0 undetermined, 1 waived or known\nexit 0"), "{said}");
    assert!(shown(&run(&["fix", "k.yaml"])).ends_with("exit 0"), "nothing else is left");
    run(&["fix", "other.yaml", "--write"]);
    assert!(!file("other.yaml").contains("10255"), "the waiver is for the other one");
}

#[test]
fn a_policy_that_cannot_be_used_judges_nothing() {
    let repository = repository();
    for (name, policy) in [
        ("policy_with_an_unknown_key", "[default]\nbenchmarks = []\n"),
        ("policy_with_an_unknown_benchmark", "[path.\"b/\"]\nbenchmark = \"aks-9\"\n"),
        (
            "policy_with_an_unknown_check",
            "[[waiver]]\ncheck = \"no-such\"\nreason = \"r\"\nowner = \"o\"\nexpires = 2999-01-01\n",
        ),
    ] {
        repository.write("kubevet.toml", policy);
        let output = repository.run(&["check"]);
        assert_eq!(output.status.code(), Some(2));
        insta::assert_snapshot!(name, shown(&output));
    }
}

#[test]
fn a_policy_that_cannot_be_read_is_not_left_out() {
    let repository = repository();
    let path = repository.0.path().join("kubevet.toml");
    let refused = |why: &str| {
        for args in [&["check"][..], &["check", "a/kubelet.yaml"], &["fix", "a/kubelet.yaml"]] {
            let text = shown(&repository.run(args));
            assert!(text.contains(&format!("error: kubevet.toml: {why}")) && text.ends_with("exit 2"), "{text}");
        }
        assert_eq!(repository.run(&["check", "--no-policy", PORT, "a/kubelet.yaml"]).status.code(), Some(0), "{why}");
    };
    for (target, why) in [("nowhere", "there is no such file"), ("kubevet.toml", ""), ("a", "is a directory")] {
        symlink(target, &path).unwrap();
        refused(why);
        fs::remove_file(&path).unwrap();
    }
    fs::create_dir(&path).unwrap();
    refused("is a directory");
    fs::remove_dir(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    refused("is no regular file");
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let repository = repository();
    let report = repository.run(&["check", "--exit-zero", "--report", "json=known.jsonl"]);
    assert_eq!(report.status.code(), Some(0));
    let against = || repository.run(&["check", "--baseline=known.jsonl"]);
    assert_eq!(against().status.code(), Some(0), "{}", shown(&against()));
    repository.write("a/kubelet.yaml", BAD);
    insta::assert_snapshot!("new_since_the_baseline", shown(&against()));
    repository.write("known.jsonl", "{}");
    let output = against();
    assert_eq!(output.status.code(), Some(2));
    assert!(shown(&output).contains("known.jsonl: line 1 is no line of a JSON report"), "{}", shown(&output));
}

#[test]
fn fix_edits_other_forms_in_place() {
    let config = |port: &str| {
        format!(
            "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    # ports\n    config: {{readOnlyPort: {port}}}\n"
        )
    };
    let repository = Repository::new(&[("node.yaml", &config("10255"))]);
    let output = repository.run(&["fix", PORT, "--write", "--kubelet-version=1.34", "node.yaml"]);
    let text = fs::read_to_string(repository.0.path().join("node.yaml")).unwrap();
    assert_eq!((output.status.code(), text), (Some(0), config("0")), "{}", shown(&output));
}

/// Files whose names and texts would like to break out of a line, or to be followed.
#[test]
fn a_hostile_repository_is_judged_in_peace() {
    let hostile = "b/new\nline::error::\u{1b}[31m\u{202e}.yaml";
    let repository = Repository::new(&[(hostile, BAD), ("deep/ok.yaml", GOOD)]);
    let root = repository.0.path();
    symlink(".", root.join("loop")).unwrap();
    symlink("/etc/passwd", root.join("passwd.yaml")).unwrap();
    fs::File::create(root.join("sparse.yaml")).unwrap().set_len(1 << 30).unwrap();
    repository.write("deep/bomb.yaml", "a: &a [x,x]\nb: &b [*a,*a]\nkind: KubeletConfiguration\n");
    let output = repository.run(&["check", PORT, "--kubelet-version=1.34"]);
    let text = shown(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("line::error::\u{1b}"), "{text}");
    assert!(text.lines().all(|line| !line.starts_with("line::error::")), "{text}");
    assert!(!text.contains("root:"), "links are not followed: {text}");
    let named = repository.run(&["check", "sparse.yaml", "deep/ok.yaml", "--report=junit=out.xml"]);
    assert!(shown(&named).contains("sparse.yaml: not judged: has more than"), "{}", shown(&named));
    let report = fs::read_to_string(root.join("out.xml")).unwrap();
    assert!(report.contains("name=\"not-judged\" file=\"sparse.yaml\""), "{report}");
}

/// The sample repository holds every form that is documented, and no form is left without a word.
#[test]
fn every_form_has_a_sample_and_a_row_in_the_documentation() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
    let output = command.args(["check", ".", "--format=json"]).current_dir(SAMPLE).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let contexts: Vec<Value> = lines.flat_map(|line| line["context"].as_array().cloned().unwrap_or_default()).collect();
    let found: BTreeSet<&str> = contexts.iter().filter_map(|said| said["form"].as_str()).collect();
    let documentation = include_str!("../docs/input-forms.md");
    let rows = documentation.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let documented: BTreeSet<&str> = rows.flat_map(|row| row.split('`').step_by(2)).collect();
    assert_eq!(found, documented);
}

/// What is recorded of a repository replays without it.
#[test]
fn inputs_are_recorded_and_replay() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("bundle.jsonl");
    let run = |args: &[&str]| {
        let command = Command::new(env!("CARGO_BIN_EXE_kubevet")).args(args).current_dir(SAMPLE).output().unwrap();
        String::from_utf8(command.stdout).unwrap()
    };
    let bundle = bundle.to_str().unwrap();
    let judged = run(&["check", ".", "--no-policy", "--format=json", "--save-bundle", bundle]);
    let replayed = run(&["check", "--bundle", bundle, "--no-policy", "--format=json"]);
    assert!(judged.lines().count() > 20, "{judged}");
    // What a baseline knows a file by is not recorded.
    let lines = |text: &str| {
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let without = |mut line: Value| {
            line.as_object_mut().unwrap().remove("identity");
            line
        };
        lines.map(without).collect::<Vec<_>>()
    };
    assert!(lines(&judged) == lines(&replayed), "the report is another");
}

#[test]
fn what_is_wrong_with_a_policy_is_told_with_its_line() {
    let repository = repository();
    for (policy, said) in [
        ("[default]\nlevel = 5", "error: kubevet.toml:2: `level` is 1 or 2, not 5\n"),
        ("\n[default]\nversion = 'x'", "error: kubevet.toml:2: [default]: `x` is no version of the kubelet"),
        ("\n[path.'b/']\nskip = ['no']", "error: kubevet.toml:2: [path.\"b/\"]: there is no check and no section `no`"),
    ] {
        repository.write("kubevet.toml", policy);
        for verb in [&["check"][..], &["check", "b/kubelet.yaml"], &["fix", "b/kubelet.yaml"]] {
            let output = repository.run(verb);
            assert_eq!(output.status.code(), Some(2), "{verb:?}: {policy}");
            assert!(shown(&output).starts_with(said), "{verb:?}: {}", shown(&output));
        }
    }
}

/// A baseline that has the one does not know the other.
#[test]
fn names_that_are_not_unicode_are_two() {
    let repository = Repository::new(&[]);
    let write = |name: &[u8]| fs::write(repository.0.path().join(OsStr::from_bytes(name)), BAD).unwrap();
    write(b"caf\xe9.yaml");
    let args = ["check", ".", PORT, "--kubelet-version=1.34", "--benchmark=cis-1.12"];
    let run = |more: &[&str]| repository.run(&[&args[..], more].concat());
    assert_eq!(run(&["--report=json=known.json"]).status.code(), Some(1));
    assert_eq!(run(&["--baseline=known.json"]).status.code(), Some(0));
    write(b"caf\xe8.yaml");
    let output = run(&["--baseline=known.json"]);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    assert!(shown(&output).contains("caf\\xe8.yaml"), "{}", shown(&output));
}

/// The result of each file stands where the file stands, whichever thread has judged it.
#[test]
fn many_files_keep_their_order() {
    let repository = Repository::new(&[]);
    for index in 0..300 {
        repository.write(&format!("{index:03}.yaml"), if index % 3 == 0 { BAD } else { GOOD });
    }
    let reports = repository.reports(&[PORT, "--kubelet-version=1.34", "."]);
    assert_eq!(reports.len(), 300);
    for (index, report) in reports.iter().enumerate() {
        assert_eq!(report["id"], format!("{index:03}.yaml"));
        let port = report["findings"].as_array().unwrap().iter().find(|f| f["check"] == "read-only-port").unwrap();
        assert_eq!(port["status"], if index % 3 == 0 { "fail" } else { "pass" }, "{index}");
    }
}

/// A policy as the schema sees it.
fn policy_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.iter().map(policy_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), policy_json(value))).collect(),
        other => serde_json::to_value(other).unwrap(),
    }
}

#[test]
fn the_published_schema_takes_the_policies_that_kubevet_takes() {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/policy-1.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let repository = repository();
    let waiver = |rest: &str| format!("[[waiver]]\ncheck = 'read-only-port'\n{rest}");
    for (policy, is_taken) in [
        ("", true),
        (POLICY, true),
        ("baseline = 'known.jsonl'\n[files]\nrequire-recognised = true", true),
        ("[default]\nbenchmark = ['cis-1.12', 'aks-1.8']\nlevel = 2\nplatform = 'aks'\nrequire-explicit = true", true),
        ("[default]\nlevel = 3", false),
        ("[default]\nstrict = 'yes'", false),
        ("[defaults]", false),
        ("[path.'a/']\nverson = '1.34'", false),
        ("[files]\nexclude = 'a'", false),
        ("[files]\nexclude = ['']", false),
        ("[path.'']", false),
        (&waiver("path = ''\nreason = 'r'\nowner = 'o'\nexpires = 2999-01-01"), false),
        (&waiver("reason = 'r'\nowner = 'o'\nexpires = 2999-01-01"), true),
        (&waiver("reason = 'r'\nowner = 'o'"), false),
        (&waiver("reason = ''\nowner = 'o'\nexpires = 2999-01-01"), false),
        (&waiver("reason = 'r'\nowner = 'o'\nexpires = 2999-01-01T10:00:00"), false),
    ] {
        repository.write("kubevet.toml", policy);
        repository.write("known.jsonl", "");
        let output = repository.run(&["check", PORT]);
        assert_eq!(output.status.code() != Some(2), is_taken, "{policy}: {}", shown(&output));
        let json = policy_json(&toml::Value::Table(policy.parse().unwrap()));
        assert_eq!(schema.is_valid(&json), is_taken, "{policy}");
    }
}
