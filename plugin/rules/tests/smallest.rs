//! The rules without what they can be built without, as in the smallest component:
//! `cargo test --package kubevet-rules --no-default-features --test smallest`.
#![cfg(not(any(
    feature = "edits",
    feature = "explanations",
    feature = "forms",
    feature = "japanese",
    feature = "live"
)))]
#![allow(clippy::unwrap_used, reason = "a test that has no answer has to stop")]

use kubevet_rules::model::{Content, Document, Finding, Options, Outcome, Place, Process, Status, Want};

/// What runs would pass, and says something that is nobody's business.
const LIVE: &[u8] =
    br#"{"kubeletconfig":{"makeIPTablesUtilChains":true,"staticPodURLHeader":{"Authorization":["token"]}}}"#;

fn document(id: u32, answers: Want, outcome: Outcome) -> Document {
    Document { id, answers, outcome }
}

fn process(outcome: Outcome) -> Document {
    document(0, Want::Processes("kubelet".into()), outcome)
}

/// A kubelet with this argument.
fn kubelet(argument: &str) -> Outcome {
    let arguments = vec![argument.as_bytes().to_vec()];
    Outcome::Found(Content::Process(Process { arguments, cwd: vec![], facts: vec![] }))
}

fn live() -> Document {
    document(1, Want::LiveConfiguration, Outcome::Found(Content::File(LIVE.to_vec())))
}

fn options() -> Options {
    Options { values: vec![("version".into(), "1.34".into())], ..Options::default() }
}

fn status(findings: &[Finding], check: &str) -> Status {
    findings.iter().find(|finding| finding.check == check).unwrap().status
}

#[test]
fn what_runs_is_not_asked_for() {
    let wants = kubevet_rules::plan(&[process(kubelet("--v=2"))], &options()).unwrap();
    assert!(!wants.contains(&Want::LiveConfiguration), "{wants:?}");
}

#[test]
fn what_runs_alone_decides_nothing_and_is_never_shown() {
    let report = kubevet_rules::evaluate(&[process(Outcome::Unavailable), live()], &options()).unwrap();
    let decided: Vec<_> =
        report.findings.iter().filter(|finding| matches!(finding.status, Status::Pass | Status::Fail)).collect();
    assert!(decided.is_empty(), "{decided:?}");
    assert_eq!(status(&report.findings, "make-iptables-util-chains"), Status::Undetermined);
    let withheld: Vec<_> = report.withheld.iter().map(|span| (span.document, span.start, span.end as usize)).collect();
    assert_eq!(withheld, [(1, 0, LIVE.len())]);
}

#[test]
fn beside_a_command_line_that_counts_and_it_is_said_that_what_runs_was_not_read() {
    let target = [process(kubelet("--make-iptables-util-chains=false")), live()];
    let report = kubevet_rules::evaluate(&target, &options()).unwrap();
    assert_eq!(status(&report.findings, "make-iptables-util-chains"), Status::Fail);
    let problem = report.problems.iter().find(|problem| problem.message.id == "live-unusable").unwrap();
    assert_eq!(problem.place, Place::Whole(1));
    assert_eq!(problem.message.text, "the live configuration is not read: these rules were built without that");
}

#[test]
fn it_speaks_english_and_advises_in_words() {
    let options = Options { language: "ja".into(), ..options() };
    let report = kubevet_rules::evaluate(&[process(kubelet("--make-iptables-util-chains=false"))], &options).unwrap();
    let failed = report.findings.iter().find(|finding| finding.check == "make-iptables-util-chains").unwrap();
    assert!(failed.message.text.is_ascii(), "{}", failed.message.text);
    let [remedy] = &*failed.remedies else { panic!("{:?}", failed.remedies) };
    assert!(remedy.text.text.is_ascii() && remedy.edits.is_empty(), "{remedy:?}");

    let description = kubevet_rules::describe("ja");
    assert_eq!(description.languages, ["en"]);
    assert!(description.checks.iter().all(|check| !check.title.text.is_empty() && check.explanation.text.is_empty()));
}

#[test]
fn no_file_holds_an_input() {
    let cluster =
        b"apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nnodeGroups: [{name: a, kubeletExtraConfig: {maxPods: 5}}]\n";
    assert_eq!(kubevet_rules::recognise(b"cluster.yaml", cluster, "en"), []);
}
