//! `cargo xtask goldens`: fresh random cases, judged by the kubelet's own code and by kubevet.

mod flags;
mod generate;
mod inside;
mod json_text;
mod judge;
mod surface;
pub mod texts;
mod values;
mod yaml_text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::case::Case;
use crate::options::Options;
use crate::oracle::Oracle;
use crate::shrink;
use generate::Generator;
pub use judge::at;
use judge::{Differences, differences};
use surface::Surface;

/// How many cases of one kind of disagreement are shrunk: most are the same.
const SHRUNK_PER_KIND: usize = 2;

/// How many differences of one kind are shown as they were found.
const SHOWN_PER_KIND: usize = 5;

/// The settings that every golden holds.
const SETTINGS: [&str; 32] = [
    "authentication.anonymous.enabled",
    "authentication.webhook.enabled",
    "authentication.x509.clientCAFile",
    "authorization.mode",
    "readOnlyPort",
    "streamingConnectionIdleTimeout",
    "protectKernelDefaults",
    "makeIPTablesUtilChains",
    "eventRecordQPS",
    "eventBurst",
    "tlsCertFile",
    "tlsPrivateKeyFile",
    "rotateCertificates",
    "serverTLSBootstrap",
    "featureGates",
    "tlsCipherSuites",
    "tlsMinVersion",
    "podPidsLimit",
    "seccompDefault",
    "staticPodPath",
    "enableDebuggingHandlers",
    "enableProfilingHandler",
    "enableSystemLogHandler",
    "enableServer",
    "failSwapOn",
    "maxPods",
    "port",
    "healthzPort",
    "clusterDNS",
    "cgroupDriver",
    "containerLogMaxSize",
    "containerLogMaxFiles",
];

/// A case on which kubevet and the kubelet differ.
struct Disagreement {
    case: Case,
    answer: Value,
    differences: Differences,
}

/// Runs the chore.
pub fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let options = Options::parse(arguments, 1_000, &["--version", "--count", "--seed", "--keep"])?;
    let minor = options.minor()?;
    let surface = Surface::of(minor)?;
    let oracle = Oracle::build(&options.version, minor)?;
    println!("kubelet {}, seed {}, {} cases", options.version, options.seed, options.count);

    let (counts, found) = compare(&options, &surface, &oracle)?;
    let shown: Vec<String> = counts.iter().map(|(stage, count)| format!("{stage} {count}")).collect();
    println!("the kubelet says: {}", shown.join(", "));
    let agree = options.count - found.len();
    println!("{agree} of {} agree", options.count);
    let kinds = by_kind(found);
    for (kind, of_kind) in &kinds {
        let texts = of_kind.iter().filter_map(|disagreement| disagreement.differences.get(kind));
        let texts: BTreeSet<String> = texts.map(|text| text.chars().take(200).collect()).collect();
        println!("{kind}: {} cases", of_kind.len());
        texts.iter().take(SHOWN_PER_KIND).for_each(|text| println!("  {text}"));
    }
    for (kind, of_kind) in kinds {
        println!("\n{kind}, shrunk:");
        let mut shown = vec![];
        for disagreement in of_kind.into_iter().take(SHRUNK_PER_KIND) {
            let small = shrunk(&options, &oracle, &kind, disagreement);
            let bundle = small.golden(&options.version);
            if shown.contains(&bundle["files"]) && shown.contains(&bundle["args"]) {
                continue;
            }
            shown.extend([bundle["files"].clone(), bundle["args"].clone()]);
            println!("{}", small.case.bundle(&options.version));
            for difference in &small.differences {
                println!("  {}: {}", difference.0, difference.1);
            }
            if options.keep {
                keep(&options.version, &bundle)?;
            }
        }
    }
    Ok(crate::verdict(agree == options.count))
}

/// How often the kubelet said what, and where kubevet says something else.
fn compare(
    options: &Options,
    surface: &Surface,
    oracle: &Oracle,
) -> Result<(BTreeMap<String, usize>, Vec<Disagreement>)> {
    let done = Mutex::new((BTreeMap::new(), vec![]));
    in_parallel(options.count, |number| {
        let case = fresh_case(surface, options.seed, number);
        let answer = oracle.ask(&case)?;
        let differences = differences(&case, &options.version, &answer);
        let stage = answer["stage"].as_str().unwrap_or("starts").to_owned();
        let mut done = done.lock().map_err(|_| anyhow::anyhow!("a comparison panicked"))?;
        *done.0.entry(stage).or_insert(0) += 1;
        if done.0.values().sum::<usize>() % 1_000 == 0 {
            println!("{} cases, {} disagree", done.0.values().sum::<usize>(), done.1.len());
        }
        if !differences.is_empty() {
            done.1.push(Disagreement { case, answer, differences });
        }
        Ok(())
    })?;
    done.into_inner().context("a comparison panicked")
}

/// The cases of a version's goldens, with what they expect.
pub fn kept(version: &str) -> Result<Vec<(Case, Option<Value>)>> {
    let path = golden_file(version);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let golden = |line: &str| -> Result<_> {
        let golden: Value = serde_json::from_str(line)?;
        Ok((Case::of(&golden)?, Some(golden["expect"].clone())))
    };
    text.lines().map(golden).collect()
}

/// Fresh cases.
pub fn fresh(options: &Options) -> Result<Vec<(Case, Option<Value>)>> {
    let surface = Surface::of(options.minor()?)?;
    Ok((0..options.count).map(|number| (fresh_case(&surface, options.seed, number), None)).collect())
}

/// A case depends on its number only, not on what else is running.
fn fresh_case(surface: &Surface, seed: u64, number: usize) -> Case {
    let rng = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    Generator { surface, rng }.case(format!("g{seed}-{number}"))
}

/// Does something for each number, on all processors.
pub fn in_parallel(count: usize, each: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let worker = || -> Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(());
            }
            each(number)?;
        }
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..processors)
            // A kubevet that was not optimised needs more room for deep texts.
            .map(|_| std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, worker))
            .collect::<Result<_, _>>()?;
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => anyhow::bail!("a worker panicked"),
        })
    })
}

/// The disagreements by the first thing that differs.
fn by_kind(found: Vec<Disagreement>) -> BTreeMap<String, Vec<Disagreement>> {
    let mut kinds: BTreeMap<String, Vec<Disagreement>> = BTreeMap::new();
    for disagreement in found {
        let kind = disagreement.differences.keys().next().cloned().unwrap_or_default();
        kinds.entry(kind).or_default().push(disagreement);
    }
    kinds
}

/// The disagreement in a small case.
fn shrunk(options: &Options, oracle: &Oracle, kind: &str, found: Disagreement) -> Disagreement {
    let mut smallest = (found.answer, found.differences);
    let case = shrink::case(found.case, &mut |case| {
        // What cannot be written as files is no case.
        let Ok(answer) = oracle.ask(case) else { return false };
        let differences = differences(case, &options.version, &answer);
        let still = differences.contains_key(kind);
        if still {
            smallest = (answer, differences);
        }
        still
    });
    Disagreement { case, answer: smallest.0, differences: smallest.1 }
}

impl Disagreement {
    /// The case with the kubelet's answer.
    fn golden(&self, version: &str) -> Value {
        let mut golden = self.case.bundle(version);
        golden["why"] = json!(self.differences.keys().cloned().collect::<Vec<_>>().join(", "));
        golden["expect"] = json!({});
        if let Some(stage) = self.answer["stage"].as_str() {
            let message = self.answer["error"].as_str().unwrap_or_default();
            let message: String = message.split("\ngoroutine").next().unwrap_or_default().chars().take(300).collect();
            golden["expect"]["refusal"] = json!({"stage": stage, "message": message});
        }
        if !self.answer["config"].is_null() {
            let differing = self.differences.keys().filter_map(|kind| kind.strip_prefix("setting "));
            for path in SETTINGS.into_iter().chain(differing) {
                golden["expect"]["effective"][path] = judge::at(&self.answer["config"], path).clone();
            }
            golden["expect"]["flags"] = json!(judge::flags(&self.answer));
        }
        golden
    }
}

fn golden_file(version: &str) -> PathBuf {
    crate::workspace().join(format!("tests/goldens/{version}.jsonl"))
}

fn keep(version: &str, golden: &Value) -> Result<()> {
    let path = golden_file(version);
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    writeln!(file, "{golden}")?;
    println!("  kept in {}", path.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kubevet::bundle::Bundle;

    #[test]
    fn cases_can_be_made_again_and_are_bundles() {
        let surface = Surface::of(37).unwrap();
        let mut arguments = 0;
        for number in 0..300 {
            let case = fresh_case(&surface, 7, number);
            assert_eq!(case, fresh_case(&surface, 7, number));
            let bundle = case.bundle("1.37.2");
            assert_eq!(Case::of(&bundle).unwrap(), case);
            assert_eq!(Bundle::parse(&bundle.to_string()).unwrap().version(), Some("1.37.2"));
            arguments += case.args.len();
        }
        assert!(arguments > 300);
    }
}
