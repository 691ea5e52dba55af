//! Runs as they occur, in every format; what is hostile stays a text in all of them.

use std::collections::HashSet;
use std::path::Path;

use kubevet_rules::Language;
use kubevet_rules::model::*;
use roxmltree::Node;
use serde_json::Value;

use crate::escape::is_deceptive;
use crate::fixtures::*;
use crate::scenes::{self, CONFIG_TEXT, Scene};
use crate::{Context, Format, Judged, Notice, Standing, Waiver, human};

fn context(checks: &[Check]) -> Context<'_> {
    let root = Some(Path::new("/ci/project"));
    Context { checks, version: "0.1.0", root, directory: root, ..Context::default() }
}

fn write(format: Format, context: Context<'_>, targets: &[Judged<'_>], notices: &[Notice]) -> String {
    let mut reporter = format.reporter(context);
    let mut out = vec![];
    reporter.begin(&mut out).unwrap();
    targets.iter().for_each(|target| reporter.target(target, &mut out).unwrap());
    reporter.end(notices, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A scene in all formats.
pub(crate) fn in_all(scene: &Scene) -> String {
    let target = scenes::judged(scene);
    Format::ALL.iter().map(|format| write(*format, context(&[]), &[target], &[])).collect()
}

fn check(id: &str, title: &str, sections: Vec<Section>) -> Check {
    Check {
        id: id.into(),
        kind: CheckKind::Setting,
        title: message(title),
        explanation: message("Requests without credentials are refused.\n\nOtherwise anybody may ask."),
        severity: Severity::High,
        sections,
        remedies: vec![Message { id: "any".into(), ..message("set `authentication.anonymous.enabled` to `false`") }],
    }
}

fn checks() -> Vec<Check> {
    let sections = vec![section("aks-1.8", "3.2.1"), section("cis-1.12", "4.2.1")];
    vec![
        check("kubelet-starts", "the kubelet starts", vec![]),
        check("anonymous-auth", "anonymous requests are refused", sections),
    ]
}

fn waiver() -> Waiver {
    Waiver { reason: "behind a proxy".into(), owner: "platform team".into(), expires: "2027-01-31".into() }
}

fn notices() -> Vec<Notice> {
    let path = Some("../project/.kubevet.yaml".to_owned());
    let expired = Notice {
        severity: Severity::Medium,
        id: "waiver-expired",
        message: "the waiver of `event-qps` ended on 2026-01-31".into(),
        path,
        line: Some(7),
    };
    let note = Notice {
        severity: Severity::Low,
        id: "not-recognised",
        message: "no kubelet configuration".into(),
        path: None,
        line: None,
    };
    let unread = Notice {
        severity: Severity::High,
        id: "not-judged",
        message: "not judged: permission denied".into(),
        path: Some("deploy/kubelet.yaml".into()),
        line: None,
    };
    vec![expired, note, unread]
}

/// A file of the project, judged with flags.
fn file_of_project() -> (Vec<Document>, Report) {
    let mut documents =
        vec![process(0, &["--read-only-port=10255"]), file(CONFIG, "deploy/node pool/kubelet.json", CONFIG_TEXT)];
    if let Outcome::Found(Content::Process(process)) = &mut documents[0].outcome {
        process.facts.clear();
    }
    let Place::At(span_of_true) = span(&documents, CONFIG, "true") else { unreachable!() };
    let remedy = Remedy {
        edits: vec![Edit { span: span_of_true, text: b"false".to_vec() }],
        ..remedy("set `authentication.anonymous.enabled` to `false`, then restart the kubelet")
    };
    let anonymous = Finding {
        severity: Severity::High,
        primary: evidence(Place::At(span_of_true), "must be `false`; nothing later overrides it"),
        remedies: vec![remedy],
        sections: vec![section("cis-1.12", "4.2.1")],
        ..finding("anonymous-auth", Status::Fail, "anonymous requests reach the kubelet API")
    };
    let port = Finding {
        primary: evidence(argument(&documents, 0, 0), "this flag wins; must be `0`"),
        related: vec![evidence(span(&documents, CONFIG, "\"readOnlyPort\": 0"), "overridden: would have passed")],
        notes: vec![message("flags are applied after the config file and all drop-ins")],
        sections: vec![section("cis-1.12", "4.2.10"), Section { automated: false, ..section("aks-1.8", "3.2.4") }],
        ..finding("read-only-port", Status::Fail, "the read-only port is open on 10255")
    };
    let passes = Finding {
        sections: vec![section("cis-1.12", "4.2.2")],
        ..finding("authorization-mode", Status::Pass, "Webhook")
    };
    let manual = Finding {
        sections: vec![section("cis-1.12", "4.3.1")],
        ..finding("hostname-override", Status::Manual, "a person has to decide")
    };
    let other = finding("kubeconfig-mode", Status::NotApplicable, "there is no kubeconfig");
    let borne = ["event-qps", "pod-pids-limit"].map(|check| Finding {
        primary: evidence(Place::Whole(CONFIG), ""),
        sections: vec![section("cis-1.12", "4.2.8")],
        ..finding(check, Status::Fail, "it is not set")
    });
    let unclear = ["client-ca-file", "tls-cipher-suites"]
        .map(|check| finding(check, Status::Undetermined, "the drop-in directory may not be read"));
    let misspelt = span(&documents, CONFIG, "makeIptablesUtilChains");
    let Place::At(misspelt_span) = misspelt else { unreachable!() };
    let problem = Problem {
        severity: Severity::Medium,
        message: Message {
            id: "unknown-key".into(),
            ..message("unknown key `makeIptablesUtilChains`, which the kubelet ignores")
        },
        place: misspelt,
        edits: vec![Edit { span: misspelt_span, text: b"makeIPTablesUtilChains".to_vec() }],
    };
    let findings = [anonymous, port, passes, manual, other].into_iter().chain(borne).chain(unclear).collect();
    let unmet = vec![Want::Directory(b"/etc/kubernetes/kubelet.conf.d".to_vec())];
    (documents, Report { findings, problems: vec![problem], unmet, ..report() })
}

/// What the project bears with of [`file_of_project`].
fn standings(waiver: &Waiver) -> Vec<Standing<'_>> {
    let mut standings = vec![Standing::Open; 5];
    standings.extend([Standing::Waived(waiver), Standing::Known]);
    standings
}

/// A file of the project and a node's kubelet, whose configuration is broken.
fn project(format: Format) -> String {
    let (checks, waiver) = (checks(), waiver());
    let (documents, report) = file_of_project();
    let standings = standings(&waiver);
    let file = Judged { standings: &standings, ..Judged::new("deploy/node pool/kubelet.json", &documents, &report) };
    let broken = scenes::all().into_iter().find(|scene| scene.name == "broken_json").unwrap();
    write(format, Context { baseline: true, ..context(&checks) }, &[file, scenes::judged(&broken)], &notices())
}

#[test]
fn snapshots() {
    for format in Format::ALL {
        insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(format!("project_{}", format.name()), readable(*format, &project(*format)));
        });
    }
}

/// JSON on lines of its own, for who reads the snapshot.
fn readable(format: Format, text: &str) -> String {
    match format {
        Format::Sarif | Format::KubeBench => {
            serde_json::to_string_pretty(&serde_json::from_str::<Value>(text).unwrap()).unwrap()
        }
        _ => text.to_owned(),
    }
}

#[test]
fn what_the_project_bears_with_is_shown_to_people_who_ask() {
    let (waiver, (documents, report)) = (waiver(), file_of_project());
    let standings = standings(&waiver);
    let target = Judged { standings: &standings, ..Judged::new("k", &documents, &report) };
    let shown = |show_borne, language| {
        let human = human::Options { show_borne, language, ..human::Options::default() };
        write(Format::Human, Context { human, ..context(&[]) }, &[target], &[])
    };
    let all = shown(true, Language::English);
    let why = "waived[event-qps]: it is not set\n = note: waived until 2027-01-31 by platform team: behind a proxy\n";
    assert!(all.contains(why) && all.contains("known[pod-pids-limit]: it is not set\n = note: the baseline"), "{all}");
    let few = shown(false, Language::English);
    assert!(!few.contains("event-qps") && few.contains("1 waived, 1 known"), "{few}");
    assert!(shown(true, Language::Japanese).contains("2027-01-31 まで許容"));
}

#[test]
fn a_plugin_that_fails_is_no_successful_run() {
    let message = Message { id: "not-judged".into(), ..message("the plugin took too long") };
    let failed = Report { findings: vec![Finding { message, ..finding("c", Status::Undetermined, "") }], ..report() };
    let fine = Report { findings: vec![finding("c", Status::Undetermined, "not readable")], ..report() };
    for (report, successful) in [(&failed, false), (&fine, true), (&report(), false)] {
        let shown = write(Format::Sarif, context(&[]), &[Judged::new("k", &[], report)], &[]);
        assert!(shown.contains(&format!("\"executionSuccessful\":{successful}")), "{shown}");
    }
}

#[test]
fn an_empty_run_is_a_whole_document() {
    for format in [Format::Sarif, Format::Gitlab, Format::KubeBench] {
        serde_json::from_str::<Value>(&write(format, context(&[]), &[], &[])).unwrap();
    }
    roxmltree::Document::parse(&write(Format::Junit, context(&[]), &[], &[])).unwrap();
    for format in [Format::Human, Format::Json, Format::Github, Format::Azure] {
        assert_eq!(write(format, context(&[]), &[], &[]), "");
    }
    assert!(write(Format::Markdown, context(&[]), &[], &[]).contains("0 targets"));
}

#[test]
fn every_format_speaks_japanese() {
    let (documents, report) = file_of_project();
    let target = Judged::new("deploy/node pool/kubelet.json", &documents, &report);
    for format in Format::ALL.iter().filter(|format| !matches!(format, Format::Json | Format::KubeBench)) {
        let human = human::Options { language: Language::Japanese, ..human::Options::default() };
        let shown = write(*format, Context { human, ..context(&[]) }, &[target], &[]);
        assert!(shown.contains(|c| ('\u{3040}'..'\u{3100}').contains(&c)), "{}: {shown}", format.name());
    }
}

/// All that could break out of one format or another.
const HOSTILE: &str = concat!(
    "::error::a\r\n  ::stop-commands::x\n##vso[task.complete result=Succeeded]ok##[add-mask]b%0A::warning::c",
    "\u{1b}[31m\u{202e}\u{0}\u{ffff}]]><!-- <script>alert(1)</script>\"'&amp; | ` **b** [l](javascript:1) ![i](//x) ",
    "@everyone #1 !2 https://evil.example www.evil.example {0} ;]=%25,:--> \\| ``` ~~~ ../ \u{2028}end"
);

/// A target with hostile texts wherever there are texts.
fn hostile() -> (Vec<Document>, Report) {
    let path = format!("../a b/%41/{HOSTILE}");
    let documents = vec![process(0, &[HOSTILE]), file(CONFIG, &path, HOSTILE)];
    let whole = span(&documents, CONFIG, HOSTILE);
    let Place::At(edit) = span(&documents, CONFIG, "javascript") else { unreachable!() };
    let edits = vec![Edit { span: edit, text: HOSTILE.into() }];
    let all = |status| Finding {
        primary: evidence(whole, HOSTILE),
        related: vec![evidence(argument(&documents, 0, 0), HOSTILE), evidence(Place::Whole(CONFIG), HOSTILE)],
        notes: vec![message(HOSTILE)],
        remedies: vec![
            Remedy { edits: edits.clone(), ..remedy(HOSTILE) },
            Remedy { blocked: Some(message(HOSTILE)), ..remedy(HOSTILE) },
        ],
        sections: vec![section(HOSTILE, HOSTILE)],
        ..finding(HOSTILE, status, HOSTILE)
    };
    let statuses =
        [Status::Fail, Status::Manual, Status::Undetermined, Status::Pass, Status::NotApplicable, Status::Fail];
    let problem = Problem {
        edits: edits.clone(),
        message: Message { id: HOSTILE.into(), ..message(HOSTILE) },
        ..problem(HOSTILE, whole)
    };
    let refusal = Refusal {
        versions: vec![HOSTILE.into()],
        stage: Stage::Load,
        message: message(HOSTILE),
        place: Place::Whole(0),
    };
    let report = Report {
        versions: vec![HOSTILE.into()],
        context: vec![message(HOSTILE)],
        refusals: vec![refusal],
        findings: statuses.map(all).into(),
        problems: vec![problem],
        unmet: vec![Want::File(HOSTILE.into()), Want::EnvironmentHas(HOSTILE.into())],
        ..report()
    };
    (documents, report)
}

fn hostile_in(format: Format) -> String {
    let waiver = Waiver { reason: HOSTILE.into(), owner: HOSTILE.into(), expires: HOSTILE.into() };
    let (documents, report) = hostile();
    let mut standings = vec![Standing::Open; 5];
    standings.push(Standing::Waived(&waiver));
    let target = Judged { standings: &standings, ..Judged::new(HOSTILE, &documents, &report) };
    let checks = [check(HOSTILE, HOSTILE, vec![section(HOSTILE, HOSTILE)])];
    let notice = Notice {
        severity: Severity::High,
        id: "odd",
        message: HOSTILE.into(),
        path: Some(HOSTILE.into()),
        line: Some(1),
    };
    let human = human::Options { show_borne: true, ..human::Options::default() };
    write(format, Context { human, ..context(&checks) }, &[target, target], &[notice])
}

#[test]
fn nothing_deceptive_or_withheld_is_in_any_format() {
    let scenes = scenes::all();
    let shown = Format::ALL.iter().map(|format| (format.name(), hostile_in(*format)));
    for (name, shown) in shown.chain(scenes.iter().map(|scene| (scene.name, in_all(scene)))) {
        assert!(!shown.contains(|c| c != '\n' && is_deceptive(c)), "{name}: {shown}");
        assert!(!shown.contains("CANARY") && !shown.contains("SECRET-NEIGHBOUR"), "{name}: {shown}");
    }
}

#[test]
fn no_format_has_commands_of_ci_systems_but_its_own() {
    for format in Format::ALL {
        for line in hostile_in(*format).lines() {
            let line = line.trim_start();
            let own = match format {
                Format::Github => {
                    line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice ")
                }
                Format::Azure => line.starts_with("##vso[task.logissue type="),
                _ => false,
            };
            let foreign = &line[if own { 2 } else { 0 }..];
            assert!(!foreign.starts_with("::") || foreign.starts_with(":::"), "{}: {line}", format.name());
            assert!(!foreign.contains("##vso[") && !foreign.contains("##["), "{}: {line}", format.name());
            let expected = matches!(format, Format::Github | Format::Azure);
            assert!(own || !expected || line.starts_with("note: "), "{}: {line}", format.name());
        }
    }
}

#[test]
fn a_workflow_command_has_one_end_of_its_properties() {
    let shown = hostile_in(Format::Github);
    // A failure, what is undetermined, a note, a problem, two wants, a refusal: of two targets; and a notice.
    assert_eq!(shown.lines().count(), 2 * 7 + 1, "{shown}");
    for line in shown.lines() {
        let (_, rest) = line[2..].split_once(' ').unwrap();
        let (properties, _) = rest.split_once("::").unwrap();
        let keys: Vec<_> = properties.split(',').map(|property| property.split_once('=').unwrap().0).collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len(), "{keys:?}");
        assert!(!properties.contains(':'), "{properties}");
    }
}

#[test]
fn an_azure_command_has_one_end_of_its_properties() {
    let shown = hostile_in(Format::Azure);
    assert_eq!(shown.lines().count(), 2 * 7 + 1, "{shown}");
    for line in shown.lines().filter(|line| line.starts_with('#')) {
        let (properties, _) = line.strip_prefix("##vso[task.logissue ").unwrap().split_once(']').unwrap();
        let keys: Vec<_> = properties.split(';').map(|property| property.split_once('=').unwrap().0).collect();
        let known = ["type", "sourcepath", "linenumber", "columnnumber", "code"];
        assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
    }
}

#[test]
fn xml_holds_every_text_and_nothing_else() {
    let text = hostile_in(Format::Junit);
    let document = roxmltree::Document::parse(&text).unwrap();
    let elements = |name: &'static str| document.descendants().filter(move |node| node.has_tag_name(name));
    let known = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"];
    assert!(document.descendants().filter(Node::is_element).all(|node| known.contains(&node.tag_name().name())));
    let number = |node: &Node<'_, '_>, name| node.attribute(name).unwrap().parse::<usize>().unwrap();
    for suite in elements("testsuite") {
        let count = |name| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        for (attribute, name) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            assert_eq!(number(&suite, attribute), count(name), "{attribute}");
        }
    }
    let shown = crate::escape::commands(&crate::escape::text(HOSTILE));
    assert!(elements("failure").all(|node| node.attribute("message") == Some(&*shown)), "{text}");
}

#[test]
fn sarif_has_no_links_and_clean_addresses() {
    let sarif: Value = serde_json::from_str(&hostile_in(Format::Sarif)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 2 * 8);
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    for result in results {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.contains("](") && text.contains("{{0}"), "{text}");
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        for location in result["locations"].as_array().unwrap() {
            let Some(uri) = location["physicalLocation"]["artifactLocation"]["uri"].as_str() else {
                assert!(!location["logicalLocations"].as_array().unwrap().is_empty());
                continue;
            };
            let clean = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            assert!(uri.chars().all(clean) && uri.split('/').all(|part| part != ".."), "{uri}");
            assert_eq!(location["physicalLocation"]["artifactLocation"]["uriBaseId"], "NODEROOT");
        }
    }
}

#[test]
fn markdown_has_no_markup_of_others() {
    let mut shown = hostile_in(Format::Markdown);
    for (line, expected) in shown.lines().filter(|line| line.starts_with("| medium |")).zip(std::iter::repeat(7)) {
        assert_eq!(line.split('|').count(), expected, "{line}");
    }
    assert!(shown.contains("| medium |"));
    for tag in ["code", "/code", "!-- --", "br", "details", "/details", "summary", "/summary"] {
        shown = shown.replace(&format!("<{tag}>"), if tag.starts_with('!') { "\u{b7}" } else { "" });
    }
    assert!(!shown.contains(['<', '>', '`', '[', '@']), "{shown}");
    assert!(!shown.contains("://") && !shown.contains("www.evil"), "{shown}");
    assert!(!shown.replace("**", "").replace("&#42;", "").contains('*'), "{shown}");
}

#[test]
fn fingerprints_of_gitlab_are_unique_in_a_target() {
    let issues: Value = serde_json::from_str(&project(Format::Gitlab)).unwrap();
    let issues = issues.as_array().unwrap();
    let unique: HashSet<_> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(unique.len(), issues.len());
    assert!(issues.iter().all(|issue| !issue["location"]["path"].as_str().unwrap().starts_with('/')));
}

#[test]
fn what_exceeds_github_s_limits_is_left_out_and_told() {
    let notes = (0..2_000).map(|number| finding(&format!("m{number}"), Status::Manual, "look"));
    let report_of_notes = Report { findings: notes.collect(), ..report() };
    let failures = (0..5_000).map(|number| finding(&format!("f{number}"), Status::Fail, "bad"));
    let report_of_failures = Report { findings: failures.collect(), ..report() };
    let (notes, failures) = (Judged::new("n", &[], &report_of_notes), Judged::new("f", &[], &report_of_failures));
    let targets = [notes, notes, notes, failures, failures, failures, failures, failures];
    let sarif: Value = serde_json::from_str(&write(Format::Sarif, context(&[]), &targets, &[])).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    let told = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(told.contains("left-out") && told.contains("6000 results"), "{told}");
}

#[test]
fn details_of_a_summary_are_bounded_and_counts_are_not() {
    let (documents, report) = file_of_project();
    let targets = vec![Judged::new("k", &documents, &report); 2_000];
    let shown = write(Format::Markdown, context(&[]), &targets, &[]);
    assert!(shown.len() < 600 * 1024 && shown.contains("8000 failures (2000 targets)"), "{}", &shown[..200]);
    assert!(shown.contains("more targets: counted above"), "{}", &shown[shown.len() - 200..]);
}

#[test]
fn a_want_without_an_answer_is_nowhere_a_pass() {
    let report =
        Report { findings: vec![finding("c", Status::Pass, "fine")], unmet: vec![Want::LiveConfiguration], ..report() };
    let target = Judged::new("k", &[], &report);
    for format in Format::ALL {
        let shown = write(*format, context(&[]), &[target], &[]);
        assert!(shown.contains("not answered") || shown.contains("unmet\":[{"), "{}: {shown}", format.name());
    }
}
