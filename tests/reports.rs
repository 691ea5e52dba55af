//! Reports in all formats, as the built command writes them.

#![allow(missing_docs, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use jsonschema::Validator;
use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A configuration with something of each kind: a failure, a problem, and what only a person can decide.
const CONFIG: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication:\n  anonymous:\n    enabled: true\nreadOnlyport: 1\n";

/// Runs kubevet in a folder, and in no CI system.
fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kubevet"));
    command.args(args).current_dir(folder).stdin(Stdio::null());
    for variable in ["GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"] {
        command.env_remove(variable);
    }
    command
}

fn kubevet(folder: &Path, args: &[&str]) -> Output {
    command(folder, args).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A project with one file.
fn project(name: &str, config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, config).unwrap();
    folder
}

const FORMATS: [&str; 9] = ["human", "json", "sarif", "junit", "github", "gitlab", "azure", "markdown", "kube-bench"];

/// The reports on a file of a project in all formats, in files of their names; the exit status.
fn in_all_formats(folder: &Path, args: &[&str]) -> Option<i32> {
    let reports: Vec<_> = FORMATS.iter().map(|format| format!("--report={format}={format}")).collect();
    let args: Vec<_> = args.iter().copied().chain(reports.iter().map(String::as_str)).collect();
    kubevet(folder, &args).status.code()
}

fn read(folder: &Path, format: &str) -> String {
    fs::read_to_string(folder.join(format)).unwrap()
}

#[test]
fn one_run_writes_reports_in_all_formats() {
    let folder = project("deploy/kubelet.yaml", CONFIG);
    let alone = kubevet(folder.path(), &["check", "deploy/kubelet.yaml"]);
    assert_eq!(in_all_formats(folder.path(), &["check", "deploy/kubelet.yaml"]), alone.status.code());
    assert_eq!(alone.status.code(), Some(1));
    assert_eq!(read(folder.path(), "human"), text(&alone.stdout));
    for format in FORMATS {
        let report = read(folder.path(), format);
        assert!(report.contains("anonymous") && report.ends_with('\n'), "{format}: {report}");
        let to_stdout = kubevet(folder.path(), &["check", "deploy/kubelet.yaml", "--format", format]);
        assert_eq!(text(&to_stdout.stdout), report, "{format}");
    }
    let github = read(folder.path(), "github");
    let place = "::error file=deploy/kubelet.yaml,line=5,endLine=5,col=14,endColumn=18,title=anonymous-auth";
    assert!(github.starts_with(place), "{github}");
    let sarif: Value = serde_json::from_str(&read(folder.path(), "sarif")).unwrap();
    let first = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(first["artifactLocation"]["uri"], "deploy/kubelet.yaml");
    assert_eq!(first["region"]["startLine"], 5);
}

#[test]
fn reports_can_stand_beside_each_other_only_if_they_are_lines() {
    let folder = project("k.yaml", CONFIG);
    let both = kubevet(folder.path(), &["check", "k.yaml", "--report", "github=-"]);
    let shown = text(&both.stdout);
    assert!(shown.contains("error[anonymous-auth]") && shown.contains("\n::error file=k.yaml"), "{shown}");
    for (args, why) in [
        (&["--report", "sarif=-"][..], "a report in the format sarif cannot share standard output"),
        (&["--format=junit", "--report", "github=-"], "a report in the format junit cannot share standard output"),
        (&["--report", "sarif=a", "--report", "junit=a"], "a: two reports cannot be one file"),
        (&["--output=a", "--report", "junit=a"], "a: two reports cannot be one file"),
        (&["--report", "sarif"], "this is not FORMAT=FILE"),
        (&["--report", "yaml=a"], "there is no format `yaml`; there are human, json, sarif"),
        (&["--report", "sarif="], "the file has no name"),
        (&["--report", "sarif=no/such/folder"], "no/such/folder cannot be written"),
    ] {
        let output = kubevet(folder.path(), &[&["check", "k.yaml"], args].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(text(&output.stderr).contains(why) && output.stdout.is_empty(), "{}", text(&output.stderr));
    }
}

/// What is read is not written over, and nothing is written that something else is written over.
#[test]
fn one_file_is_not_named_twice() {
    let folder = project("k.yaml", CONFIG);
    let at = |name: &str| folder.path().join(name);
    let recorded = kubevet(folder.path(), &["check", "k.yaml", "--report=json=base", "--save-bundle=recorded"]);
    assert_eq!(recorded.status.code(), Some(1));
    fs::write(at("args"), "--v=2\n").unwrap();
    fs::write(at("live"), "{}").unwrap();
    fs::write(at("policy"), "").unwrap();
    fs::hard_link(at("k.yaml"), at("second")).unwrap();
    std::os::unix::fs::symlink("k.yaml", at("link")).unwrap();
    let names = || {
        let files = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        files.map(|path| (fs::read(&path).unwrap(), path)).collect::<std::collections::BTreeSet<_>>()
    };
    let before = names();
    for (args, why) in [
        (&["check", "k.yaml", "--output=./k.yaml"][..], "./k.yaml: FILE and a report cannot be one file"),
        (&["check", "k.yaml", "--output=link"], "FILE and a report"),
        (&["check", "k.yaml", "--output=second"], "FILE and a report"),
        (&["check", "k.yaml", "--report=json=k.yaml"], "FILE and a report"),
        (&["check", "k.yaml", "--save-bundle=k.yaml"], "FILE and --save-bundle"),
        (&["effective", "k.yaml", "--output=k.yaml"], "FILE and a report"),
        (&["check", "k.yaml", "--policy=policy", "--output=policy"], "--policy and a report"),
        (&["scan", "--policy=policy", "--output=policy"], "--policy and a report"),
        (&["check", "--args-file=args", "--save-bundle=args"], "--args-file and --save-bundle"),
        (&["check", "--configz=live", "--output=live"], "--configz and a report"),
        (&["scan", "--configz=live", "--output=live"], "--configz and a report"),
        (&["check", "k.yaml", "--baseline=base", "--report=json=base"], "--baseline and a report"),
        (&["check", "--bundle=recorded", "--save-bundle=recorded"], "--bundle and --save-bundle"),
        (&["check", "k.yaml", "--output=new", "--save-bundle=./new"], "a report and --save-bundle"),
        (&["check", "k.yaml", "--output=new", "--report=json=./new"], "two reports"),
    ] {
        let output = kubevet(folder.path(), args);
        let said = text(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains(why), "{args:?}: {said}");
    }
    assert_eq!(names(), before);
}

#[test]
fn standard_input_is_read_once() {
    let folder = project("k.yaml", CONFIG);
    for (args, why) in [
        (&["check", "-", "--args-file=-"][..], "FILE and --args-file"),
        (&["check", "-", "-"], "FILE and FILE"),
        (&["check", "-", "--configz=-"], "FILE and --configz"),
        (&["check", "-", "--baseline=-"], "FILE and --baseline"),
        (&["check", "--args-file=-", "--configz=-"], "--args-file and --configz"),
        (&["check", "--args-file=-", "--baseline=-"], "--args-file and --baseline"),
        (&["check", "--bundle=-", "--policy=-"], "--bundle and --policy"),
        (&["check", "k.yaml", "--baseline=-", "--policy=-"], "--policy and --baseline"),
        (&["scan", "--configz=-", "--policy=-"], "--policy and --configz"),
        (&["effective", "-", "--args-file=-"], "FILE and --args-file"),
        (&["fix", "-", "--args-file=-"], "FILE and --args-file"),
    ] {
        let output = kubevet(folder.path(), args);
        let said = text(&output.stderr);
        let why = format!("error: standard input cannot be both {why}\n");
        assert!(output.status.code() == Some(2) && said.starts_with(&why), "{args:?}: {said}");
    }
}

#[test]
fn a_dash_is_standard_output_and_no_file() {
    let folder = project("k.yaml", CONFIG);
    let run = |args: &[&str]| kubevet(folder.path(), &[&["check", "k.yaml"], args].concat());
    assert_eq!(run(&["--output", "-", "--format=json"]), run(&["--format=json"]));
    let both = run(&["--output=-", "--report=sarif=-"]);
    assert!(text(&both.stderr).contains("cannot share standard output"), "{}", text(&both.stderr));
    fs::write(folder.path().join("report"), "old").unwrap();
    let bundle = run(&["--save-bundle", "-", "--output=report"]);
    assert_eq!((bundle.status.code(), read(folder.path(), "report")), (Some(2), "old".into()));
    assert!(text(&bundle.stderr).contains("standard output is none"), "{}", text(&bundle.stderr));
    assert!(!folder.path().join("-").exists());
}

#[test]
fn settings_have_two_formats() {
    let folder = project("k.yaml", CONFIG);
    let output = kubevet(folder.path(), &["effective", "k.yaml", "--report", "json=a"]);
    assert!(text(&output.stdout).contains("readOnlyPort = "), "{}", text(&output.stdout));
    assert!(serde_json::from_str::<Value>(&read(folder.path(), "a")).unwrap()["settings"].is_object());
    let output = kubevet(folder.path(), &["effective", "k.yaml", "--report=sarif=b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("settings have no form in the format sarif"), "{}", text(&output.stderr));
}

#[test]
fn a_full_disk_is_no_pass() {
    let folder = project("k.yaml", CONFIG);
    for format in FORMATS {
        let output =
            kubevet(folder.path(), &["check", "k.yaml", "--exit-zero", &format!("--report={format}=/dev/full")]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(text(&output.stderr).contains("/dev/full cannot be written"), "{}", text(&output.stderr));
    }
}

/// Where the flags are not known, what runs may hide anything: no format says that all is well.
#[test]
fn kube_bench_is_told_what_is_incomplete() {
    let folder = project("k.json", r#"{"apiVersion":"kubelet.config.k8s.io/v1beta1","kind":"KubeletConfiguration"}"#);
    let live = r#"{"kubeletconfig":{"kind":"KubeletConfiguration","readOnlyPort":10255}}"#;
    fs::write(folder.path().join("cz.json"), live).unwrap();
    let args = ["check", "k.json", "--configz=cz.json", "--kubelet-version=1.34", "--report=kube-bench=report"];
    let human = kubevet(folder.path(), &args);
    let report: Value = serde_json::from_str(&read(folder.path(), "report")).unwrap();
    assert!(text(&human.stdout).contains("not answered, so this judgement is incomplete"), "{}", text(&human.stdout));
    let own = &report["Controls"][0]["tests"][0];
    let states = own["results"].as_array().unwrap().iter().map(|check| (&check["test_number"], &check["status"]));
    assert!(states.into_iter().any(|told| told == (&"unmet".into(), &"WARN".into())), "{own}");
    assert_eq!(own["warn"].as_u64().unwrap(), own["results"].as_array().unwrap().len() as u64);
}

#[test]
fn a_step_of_github_has_a_summary() {
    let folder = project("k.yaml", CONFIG);
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let run = |args: &[&str], summary: &Path| {
        command(folder.path(), args).env("GITHUB_STEP_SUMMARY", summary).output().unwrap()
    };
    run(&["check", "k.yaml"], &summary);
    assert_eq!(fs::read_to_string(&summary).unwrap(), "before\n");
    let output = run(&["check", "k.yaml", "--format=github"], &summary);
    assert_eq!(output.status.code(), Some(1));
    let shown = fs::read_to_string(&summary).unwrap();
    assert!(shown.starts_with("before\n## kubevet: ") && shown.contains("| <code>anonymous-auth</code> |"), "{shown}");
    // What is lost is no pass, whatever was judged, and keeps nothing else from being written.
    for more in [&[][..], &["--exit-zero"]] {
        let args = [&["check", "k.yaml", "--report=github=a"], more].concat();
        let output = run(&args, Path::new("/no/such/folder"));
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        let said = "error: /no/such/folder: the step's summary cannot be written: ";
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
        assert!(read(folder.path(), "a").starts_with("::error"), "{}", read(folder.path(), "a"));
        assert!(text(&output.stdout).contains("error[anonymous-auth]"), "{}", text(&output.stdout));
    }
}

#[test]
fn files_are_named_from_the_root_of_the_project() {
    let folder = project("sub/k.yaml", CONFIG);
    let root = folder.path().canonicalize().unwrap();
    let absolute = root.join("sub/k.yaml");
    for variable in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"] {
        for file in ["k.yaml", "../sub/k.yaml", absolute.to_str().unwrap()] {
            let mut command = command(&root.join("sub"), &["check", file, "--format=github"]);
            let output = command.env(variable, &root).output().unwrap();
            assert!(text(&output.stdout).starts_with("::error file=sub/k.yaml,line=5"), "{}", text(&output.stdout));
        }
    }
    // What another project's root is says nothing.
    let mut command = command(&root.join("sub"), &["check", "k.yaml", "--format=github"]);
    let output = command.env("GITHUB_WORKSPACE", "/somewhere/else").output().unwrap();
    assert!(text(&output.stdout).starts_with("::error file=k.yaml,line=5"), "{}", text(&output.stdout));
}

#[test]
fn hostile_names_and_texts_stay_texts() {
    let name = "a\n::error::x%0A ##vso[task.complete result=Succeeded] ]]> <b>|`\u{1b}[31m\u{202e}.yaml";
    let config = format!("{CONFIG}\"##vso[task.complete]\\u001b[31m\\u202e|<b>`@x\": 1\n");
    let folder = project(name, &config);
    assert_eq!(in_all_formats(folder.path(), &["check", name]), Some(1));
    for format in FORMATS {
        let report = read(folder.path(), format);
        assert!(
            !report.contains('\u{1b}') && !report.contains('\u{202e}') && !report.contains("\n::error::x"),
            "{format}"
        );
        let own = if format == "azure" { report.lines().filter(|line| line.starts_with("##vso[")).count() } else { 0 };
        assert_eq!(report.matches("##vso[").count(), own, "{format}: {report}");
    }
    for format in ["json", "sarif", "gitlab", "kube-bench"] {
        serde_json::from_str::<Value>(&read(folder.path(), format)).unwrap();
    }
    // What is told beside reports is read by the same systems.
    for args in [&["check", "no\n::error::##vso[task.complete]"][..], &["check", "--no-##vso[task.complete]"]] {
        let output = kubevet(folder.path(), args);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains("vso[task") && !said.contains("##vso[") && !said.contains("\n::error"), "{said}");
    }
}

/// The schema that is published.
fn schema() -> Validator {
    let text = fs::read_to_string(Path::new(ROOT).join("schemas/report-1.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// Some hundred targets of all kinds: a line each.
fn bundles() -> String {
    let mut bundles = String::new();
    for file in ["goldens/1.26.15.jsonl", "goldens/1.37.2.jsonl", "live/1.34.4.jsonl"] {
        let lines = fs::read_to_string(Path::new(ROOT).join("tests").join(file)).unwrap();
        lines.lines().step_by(7).for_each(|line| bundles.extend([line, "\n"]));
    }
    for node in fs::read_dir(Path::new(ROOT).join("tests/nodes")).unwrap() {
        let bundle: Value = serde_json::from_slice(&fs::read(node.unwrap().path()).unwrap()).unwrap();
        bundles += &format!("{bundle}\n");
    }
    bundles
}

#[test]
fn the_json_follows_the_published_schema() {
    let (schema, folder) = (schema(), tempfile::tempdir().unwrap());
    fs::write(folder.path().join("bundles"), bundles()).unwrap();
    let follows = |line: &str| {
        let value: Value = serde_json::from_str(line).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{line}");
        // It is strict: a key that nobody knows is none of the shape.
        if let Value::Object(mut line) = value {
            line.insert("unknown".into(), Value::Null);
            assert!(!schema.is_valid(&Value::Object(line)));
        }
    };
    for verb in ["check", "effective"] {
        let output = kubevet(folder.path(), &[verb, "--bundle=bundles", "--format=json"]);
        let lines: Vec<_> = text(&output.stdout).lines().collect();
        assert!(lines.len() > 150, "{verb}: {}", text(&output.stderr));
        lines.into_iter().for_each(follows);
    }
    follows(text(&kubevet(folder.path(), &["list", "--format=json"]).stdout));
    follows(include_str!("../report/src/snapshots/project_json.snap").lines().last().unwrap());
    follows(include_str!("../report/src/snapshots/project_json.snap").lines().nth(3).unwrap());
}

#[test]
fn a_target_is_told_in_all_formats_whatever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bundles"), bundles()).unwrap();
    assert_eq!(in_all_formats(folder.path(), &["check", "--bundle=bundles"]), Some(1));
    let lines: Vec<Value> =
        read(folder.path(), "json").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |status: &str| lines.iter().map(|line| line["summary"][status].as_u64().unwrap()).sum::<u64>();
    let sarif: Value = serde_json::from_str(&read(folder.path(), "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    for status in ["fail", "undetermined", "manual"] {
        let told = results.iter().filter(|result| result["properties"]["status"] == status).count();
        assert_eq!(told as u64, count(status), "{status}");
    }
    let github = read(folder.path(), "github");
    assert!(github.lines().filter(|line| line.starts_with("::error ")).count() as u64 >= count("fail") / 2);
    assert_eq!(read(folder.path(), "junit").matches("<failure ").count() as u64, count("fail"));
    let markdown = read(folder.path(), "markdown");
    assert!(markdown.starts_with(&format!("## kubevet: {} failures ({} targets)", count("fail"), lines.len())));
    follows_kube_bench(&read(folder.path(), "kube-bench"));
    follows_gitlab(&read(folder.path(), "gitlab"));
}

/// What kube-bench writes, by the names of its fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case)]
struct OverallControls {
    Controls: Vec<Controls>,
    Totals: Summary,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Controls {
    id: String,
    version: String,
    detected_version: Option<String>,
    #[serde(rename = "text")]
    _text: String,
    node_type: String,
    tests: Vec<Group>,
    total_pass: u64,
    total_fail: u64,
    total_warn: u64,
    total_info: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Summary {
    total_pass: u64,
    total_fail: u64,
    total_warn: u64,
    total_info: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    section: String,
    r#type: String,
    pass: u64,
    fail: u64,
    warn: u64,
    info: u64,
    desc: String,
    results: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case)]
struct Check {
    test_number: String,
    test_desc: String,
    audit: String,
    AuditEnv: String,
    AuditConfig: String,
    r#type: String,
    remediation: String,
    test_info: Vec<String>,
    status: State,
    actual_value: String,
    scored: bool,
    IsMultiple: bool,
    expected_result: String,
    reason: Option<String>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Pass,
    Fail,
    Warn,
    Info,
}

fn follows_kube_bench(report: &str) {
    assert_eq!(report.lines().count(), 1);
    let overall: OverallControls = serde_json::from_str(report).unwrap();
    let states = |checks: &[Check], state| checks.iter().filter(|check| check.status == state).count() as u64;
    let mut totals = [0; 4];
    for controls in &overall.Controls {
        let mut sums = [0; 4];
        for group in &controls.tests {
            let counts =
                [State::Pass, State::Fail, State::Warn, State::Info].map(|state| states(&group.results, state));
            assert_eq!([group.pass, group.fail, group.warn, group.info], counts);
            assert!(group.r#type.is_empty() && !group.desc.is_empty());
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            for check in &group.results {
                assert!(check.test_number.starts_with(&group.section) || group.section == "kubevet");
                assert!(!check.test_desc.is_empty() && check.test_info == [check.remediation.as_str()]);
                assert!([&check.audit, &check.AuditEnv, &check.AuditConfig].iter().all(|text| text.is_empty()));
                assert!(["", "manual", "skip"].contains(&check.r#type.as_str()) && !check.IsMultiple);
                assert!(check.actual_value.len() <= 804, "a value, and no file");
                assert_ne!((check.status == State::Pass, check.reason.is_none()), (false, true));
                assert!(check.scored || check.status != State::Fail);
                assert!(check.expected_result.is_empty() || check.status != State::Pass);
            }
        }
        assert_eq!([controls.total_pass, controls.total_fail, controls.total_warn, controls.total_info], sums);
        totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
        assert_eq!(controls.node_type, "node");
        assert!(!controls.version.is_empty() || controls.id.is_empty());
        assert!(controls.detected_version.as_ref().is_none_or(|version| version.starts_with("1.")));
    }
    let Summary { total_pass, total_fail, total_warn, total_info } = overall.Totals;
    assert_eq!([total_pass, total_fail, total_warn, total_info], totals);
    assert!(totals[..3].iter().all(|total| *total > 0));
}

/// What GitLab documents of a code quality report.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    #[serde(rename = "severity")]
    _severity: IssueSeverity,
    location: IssueLocation,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum IssueSeverity {
    Info,
    Minor,
    Major,
    Critical,
    Blocker,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueLocation {
    path: String,
    lines: IssueLines,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssueLines {
    begin: u64,
}

fn follows_gitlab(report: &str) {
    let issues: Vec<Issue> = serde_json::from_str(report).unwrap();
    assert!(issues.len() > 100);
    for issue in issues {
        assert!(!issue.description.is_empty() && !issue.check_name.is_empty() && issue.fingerprint.len() == 32);
        assert!(
            !issue.location.path.is_empty() && !issue.location.path.starts_with(['/', '.']),
            "{}",
            issue.location.path
        );
        assert!(issue.location.lines.begin > 0);
    }
}
