//! The steps of `action.yml`, run as they stand on a repository that holds every form of input.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use kubevet_rules::text;
use serde_json::Value;
use tempfile::TempDir;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/sample-repository");

/// What a runner does with a composite action: no more than these steps need.
struct Runner {
    action: Value,
    folder: TempDir,
    /// The values of expressions, such as `inputs.paths`.
    values: BTreeMap<String, String>,
}

/// What came of it.
struct Ended {
    output: Output,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Runner {
    fn new(inputs: &[(&str, &str)]) -> Runner {
        let bytes = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../action.yml")).unwrap();
        let action: Value = serde_json::from_str(&text::read(&bytes).unwrap().root.to_json()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        copy(Path::new(SAMPLE), &folder.path().join("repository"));
        fs::create_dir(folder.path().join("repository/.git")).unwrap();
        let mut values = BTreeMap::from([("github.action_path".to_owned(), "/nowhere".to_owned())]);
        for (name, input) in action["inputs"].as_object().unwrap() {
            values.insert(format!("inputs.{name}"), input["default"].as_str().unwrap().to_owned());
        }
        for (name, value) in inputs {
            assert!(values.insert(format!("inputs.{name}"), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        Runner { action, folder, values }
    }

    /// `${{ … }}` stands for whole values alone: none is ever put into a script.
    fn value(&self, text: &str) -> String {
        match text.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) {
            Some(expression) => self.values.get(expression).unwrap_or_else(|| panic!("{expression}")).clone(),
            None => text.to_owned(),
        }
    }

    fn run(mut self) -> Ended {
        let path = |name: &str| self.folder.path().join(name);
        let (outputs, summary) = (path("outputs"), path("summary"));
        let command = Path::new(env!("CARGO_BIN_EXE_kubevet"));
        let search = format!("{}:{}", command.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut last = None;
        for step in self.action["runs"]["steps"].as_array().unwrap().clone() {
            let script = step["run"].as_str().unwrap();
            assert!(!script.contains("${{"), "a value in a script is read as shell: {script}");
            fs::write(&outputs, "").unwrap();
            let mut shell = Command::new("bash");
            shell.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
            shell.env_clear().env("PATH", &search).current_dir(self.folder.path().join("repository"));
            shell.env("GITHUB_WORKSPACE", self.folder.path().join("repository")).env("RUNNER_TEMP", self.folder.path());
            shell.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary);
            for (name, value) in step["env"].as_object().unwrap() {
                shell.env(name, self.value(value.as_str().unwrap()));
            }
            let output = shell.stdin(Stdio::null()).output().unwrap();
            let id = step["id"].as_str().unwrap();
            for line in fs::read_to_string(&outputs).unwrap().lines() {
                let (name, value) = line.split_once('=').unwrap();
                self.values.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
            let failed = !output.status.success();
            last = Some(output);
            if failed {
                break;
            }
        }
        let declared = self.action["outputs"].as_object().unwrap();
        let outputs =
            declared.iter().map(|(name, output)| (name.clone(), self.value(output["value"].as_str().unwrap())));
        let summary = fs::read_to_string(&summary).unwrap_or_default();
        Ended { output: last.unwrap(), outputs: outputs.collect(), summary }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => assert!(fs::copy(entry.path(), target).is_ok()),
        }
    }
}

impl Ended {
    fn text(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap() + std::str::from_utf8(&self.output.stderr).unwrap()
    }
}

/// The first words of each annotation: all of it is a test of the format.
fn annotations(text: &str) -> String {
    let first = |line: &str| line.split("%0A").next().unwrap().to_owned() + "\n";
    text.lines().map(first).collect()
}

#[test]
fn every_form_is_annotated() {
    let ended = Runner::new(&[("benchmark", "cis-1.11"), ("level", "1")]).run();
    assert_eq!(ended.output.status.code(), Some(1), "{}", ended.text());
    let ports: String = annotations(&ended.text())
        .lines()
        .filter(|line| is_about_settings(line))
        .map(|line| format!("{line}\n"))
        .collect();
    insta::assert_snapshot!("annotations", ports);
    assert_eq!(ended.outputs["result"], "failed");
    assert!(ended.outputs["findings"].parse::<usize>().unwrap() > 20, "{:?}", ended.outputs);
    assert_eq!(ended.outputs["sarif"], "kubevet.sarif");
    assert!(ended.summary.contains("kubeadm/init.yaml"), "{}", ended.summary);
}

/// Of the many findings, those that the files say something about.
fn is_about_settings(line: &str) -> bool {
    ["make-iptables-util-chains", "read-only-port", "anonymous-auth", "no-such-key"]
        .iter()
        .any(|check| line.contains(check))
}

#[test]
fn paths_are_words_and_never_shell() {
    let ended = Runner::new(&[
        ("paths", "kubelet/config.json\n$(touch broken-out)\n--strict\n"),
        ("kubernetes-version", "1.34"),
    ])
    .run();
    let text = ended.text();
    for name in ["$(touch broken-out)", "--strict"] {
        assert!(text.contains(&format!("error: {name}: not judged: there is no such file")), "{text}");
    }
    assert_eq!(ended.outputs["result"], "failed", "what is there is judged: {text}");
}

#[test]
fn what_ends_the_step_is_chosen() {
    let run = |paths, fail_on| Runner::new(&[("paths", paths), ("fail-on", fail_on)]).run().output.status.code();
    assert_eq!(run("talos", "never"), Some(0));
    assert_eq!(run("talos", "failed"), Some(1));
    assert_eq!(run("no-such-file", "never"), Some(2), "an error is never a pass");
}
