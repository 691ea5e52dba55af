//! `cargo xtask against-kubelet`: the oracle against the kubelet's own program, built from the same module.
//!
//! From 1.37 on the kubelet logs its effective configuration at start. It runs in a root folder of its own, without
//! `/proc`, `/sys` and a container runtime, and so soon ends.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kubevet_rules::text::read_yaml;
use serde_json::Value;
use tempfile::TempDir;

use crate::case::Case;
use crate::go;
use crate::goldens::{self, in_parallel};
use crate::options::Options;
use crate::oracle::{self, Oracle};

/// No kubelet that refuses takes longer; one that does not is ended.
const LONGEST_START: Duration = Duration::from_secs(20);

/// The first version that logs its configuration.
const FIRST_MINOR: u32 = 37;

/// Where the kubelet's own refusals come from (the wrapping texts of NewKubeletCommand), by the oracle's stages.
const STAGES: [(&str, &[&str]); 9] = [
    ("failed to parse kubelet flag", &["flags"]),
    ("unknown command", &["flags"]),
    ("failed to validate kubelet flags", &["flags"]),
    ("failed to set feature gates", &["flags", "precedence"]),
    ("failed to load kubelet config file", &["load"]),
    ("failed to merge kubelet configs", &["dropin"]),
    ("failed to precedence", &["precedence"]),
    ("initialize logging", &["validate"]),
    ("failed to merge global and in-flight", &["load", "dropin"]),
];

/// The kubelet believes itself on cgroup v1; the oracle assumes v2.
const CGROUP: &str = "cgroup v1";

/// Runs the chore.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let options = Options::parse(arguments, 300, &["--version", "--count", "--seed"])?;
    let minor = options.minor()?;
    if minor < FIRST_MINOR {
        bail!("only kubelets from 1.{FIRST_MINOR} on log their configuration");
    }
    oracle::need_root()?;
    let kubelet = go::build(&options.version, minor, "k8s.io/kubernetes/cmd/kubelet", "kubelet")?;
    let oracle = Oracle::build(&options.version, minor)?;
    let program = Program::new(kubelet)?;
    println!("kubelet {}, seed {}", options.version, options.seed);

    let goldens = goldens::kept(&options.version)?;
    let fresh = goldens::fresh(&options)?;
    for (what, cases) in [("goldens", goldens), ("fresh cases", fresh)] {
        let wrong = Mutex::new(vec![]);
        in_parallel(cases.len(), |number| {
            let (case, expect) = &cases[number];
            let told = oracle.ask(case)?;
            let logged = program.ask(case)?;
            let why =
                disagreement(&told, &logged).or_else(|| expect.as_ref().and_then(|expect| outdated(&told, expect)));
            if let (Some(why), Ok(mut wrong)) = (why, wrong.lock()) {
                wrong.push(format!("{}: {why}\n  {}", case.id, case.bundle(&options.version)));
            }
            Ok(())
        })?;
        let wrong = wrong.into_inner().unwrap_or_default();
        println!("{}", wrong.join("\n"));
        println!("{} of {} {what} agree with the kubelet's program", cases.len() - wrong.len(), cases.len());
        if !wrong.is_empty() {
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The kubelet's program with the shared libraries that it loads.
struct Program {
    program: PathBuf,
    /// Copies of the libraries with the paths that they belong to. Roots link them: what was just written may not be run
    /// while another thread starts a process.
    libraries: Vec<(PathBuf, PathBuf)>,
    /// Holds the copies, beside the program so that they can be linked, and all roots.
    folder: TempDir,
}

impl Program {
    fn new(program: PathBuf) -> Result<Program> {
        let output = Command::new("ldd").arg(&program).output().context("ldd does not run")?;
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        let folder = tempfile::tempdir_in(program.parent().context("the program is in no folder")?)?;
        let mut libraries = vec![];
        for library in output.split_whitespace().filter(|word| word.starts_with('/')) {
            let copy = folder.path().join(format!("library{}", libraries.len()));
            fs::copy(library, &copy)?;
            libraries.push((copy, PathBuf::from(library.trim_start_matches('/'))));
        }
        Ok(Program { program, libraries, folder })
    }

    /// What the kubelet writes until it has logged its configuration and validated it, or ends.
    fn ask(&self, case: &Case) -> Result<String> {
        let root = tempfile::tempdir_in(self.folder.path())?;
        for (library, path) in &self.libraries {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().context("a library is in no folder")?)?;
            fs::hard_link(library, path)?;
        }
        for folder in ["tmp", "dev"] {
            fs::create_dir_all(root.path().join(folder))?;
        }
        fs::hard_link(&self.program, root.path().join(".kubelet"))?;
        case.populate(root.path())?;
        let log = tempfile::NamedTempFile::new()?;
        let mut command = Command::new("chroot");
        command.arg(root.path()).arg("/.kubelet").args(&case.args).env_clear().env("PATH", "/usr/sbin:/usr/bin");
        command.stdin(Stdio::null()).stdout(log.reopen()?).stderr(log.reopen()?);
        let mut child = command.spawn().context("chroot does not run")?;
        let start = Instant::now();
        while child.try_wait()?.is_none() {
            if start.elapsed() > LONGEST_START {
                child.kill()?;
                child.wait()?;
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(String::from_utf8_lossy(&fs::read(log.path())?).into_owned())
    }
}

/// How what the kubelet wrote differs from what the oracle told.
fn disagreement(told: &Value, log: &str) -> Option<String> {
    let stage = told["stage"].as_str().unwrap_or("starts");
    if let Some(config) = config(log) {
        let refused = log.contains("failed to validate kubelet configuration") && !log.contains(CGROUP);
        return match stage {
            "starts" if refused => Some("the kubelet's validation refuses, the oracle starts".into()),
            "starts" | "validate" => settings(&told["config"], &config),
            _ => Some(format!("the kubelet goes on, the oracle says {stage}")),
        };
    }
    let known = STAGES.iter().find(|(text, _)| log.contains(text));
    match known {
        Some((_, stages)) if stages.contains(&stage) => None,
        None if stage == "exit" => None,
        _ => Some(format!("the oracle says {stage}, the kubelet {}", log.lines().last().unwrap_or("nothing"))),
    }
}

/// The configuration that was logged: as a block, in quotes, or in a line of JSON.
fn config(log: &str) -> Option<Value> {
    let (line, rest) = log.split_once("\"Effective KubeletConfiguration\"")?;
    let yaml = if line.rsplit('\n').next().is_some_and(|line| line.starts_with('{')) {
        let line = log.lines().find(|line| line.contains("\"Effective KubeletConfiguration\""))?;
        serde_json::from_str::<Value>(line).ok()?["config"].as_str()?.to_owned()
    } else if let Some(block) = rest.strip_prefix(" config=<\n") {
        let (block, _) = block.split_once("\n >")?;
        block.lines().map(|line| line.strip_prefix('\t').unwrap_or(line).to_owned() + "\n").collect()
    } else {
        serde_json::from_str(rest.strip_prefix(" config=")?.lines().next()?).ok()?
    };
    serde_json::from_str(&read_yaml(yaml.as_bytes()).ok()?.root.to_json()).ok()
}

/// The settings that differ. The program masks a header, and says of what kind the configuration is.
fn settings(told: &Value, logged: &Value) -> Option<String> {
    const ASIDE: [&str; 3] = ["staticPodURLHeader", "kind", "apiVersion"];
    let keys = |value: &Value| value.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect::<Vec<_>>();
    let mut all = keys(told);
    all.extend(keys(logged));
    let wrong = all.into_iter().find(|key| !ASIDE.contains(&key.as_str()) && told[key] != logged[key])?;
    Some(format!("{wrong}: the oracle says {}, the kubelet {}", told[&wrong], logged[&wrong]))
}

/// How a golden differs from what the oracle tells today.
fn outdated(told: &Value, expect: &Value) -> Option<String> {
    if expect["refusal"]["stage"] != told["stage"] {
        return Some(format!("the golden says {}, the oracle {}", expect["refusal"]["stage"], told["stage"]));
    }
    let wrong =
        expect["effective"].as_object()?.iter().find(|(path, value)| goldens::at(&told["config"], path) != *value)?;
    Some(format!("the golden says {} of {}, the oracle {}", wrong.1, wrong.0, goldens::at(&told["config"], wrong.0)))
}
