//! SARIF 2.1.0, within the limits of GitHub's code scanning: a run with a rule for each check and each kind of problem.
//!
//! Results are written as they come; what stands around them is written behind them, where it is known.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use kubevet_rules::Language;
use kubevet_rules::model::{Check, Edit, Message, Place, Severity};
use serde::Serialize;

use crate::entry::{Entry, Level, NOT_JUDGED, UNMET, entries};
use crate::format::Error;
use crate::places::{Name, Places, Spot};
use crate::site::{self, File, Site};
use crate::{Context, Judged, Notice, Reporter, Standing, escape, json, words};

/// GitHub takes no more results of a run; it shows the worst 5,000.
const MAX_RESULTS: usize = 25_000;

/// Notes leave this much room for what is worse.
const MAX_NOTES: usize = 5_000;

/// Kinds of problems that have a rule each; there are some dozens.
const MAX_PROBLEM_RULES: usize = 1_000;

/// The rule of all others.
const OTHER_PROBLEM: &str = "other-problem";

/// Notices that are given one by one.
const MAX_NOTICES: usize = 1_000;

/// GitHub takes no more places beside the first of a result.
const MAX_RELATED: usize = 100;

/// GitHub takes no more tags of a rule.
const MAX_TAGS: usize = 20;

/// The name of the root of the project, as GitHub knows it.
const PROJECT_ROOT: &str = "%SRCROOT%";

/// The name of the root directory of a node.
const NODE_ROOT: &str = "NODEROOT";

/// The id of the message on a target that the plugin failed to judge.
const PLUGIN_FAILED: &str = "not-judged";

/// The report.
pub(crate) struct Sarif<'c> {
    context: Context<'c>,
    results: usize,
    notes: usize,
    left_out: usize,
    problems: BTreeSet<String>,
    failed: usize,
}

impl<'c> Sarif<'c> {
    pub(crate) fn new(context: Context<'c>) -> Sarif<'c> {
        Sarif { context, results: 0, notes: 0, left_out: 0, problems: BTreeSet::new(), failed: 0 }
    }

    /// Whether there is room for one more result.
    fn has_room(&mut self, level: Level) -> bool {
        let has_room = self.results < MAX_RESULTS && (level > Level::Note || self.notes < MAX_NOTES);
        if has_room {
            self.results += 1;
            self.notes += usize::from(level == Level::Note);
        } else {
            self.left_out += 1;
        }
        has_room
    }

    /// Remembers that a rule is needed for a result; its id.
    fn rule<'a>(&mut self, entry: &Entry<'a>) -> &'a str {
        if entry.finding.is_some() || self.problems.contains(entry.rule) {
            return entry.rule;
        }
        let rule = if self.problems.len() < MAX_PROBLEM_RULES { entry.rule } else { OTHER_PROBLEM };
        self.problems.insert(rule.to_owned());
        rule
    }
}

impl Reporter for Sarif<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
        Ok(write!(out, r#"{{"$schema":"{schema}","version":"2.1.0","runs":[{{"results":["#)?)
    }

    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        let failed = |finding: &kubevet_rules::model::Finding| finding.message.id == PLUGIN_FAILED;
        self.failed += usize::from(judged.report.findings.is_empty() || judged.report.findings.iter().any(failed));
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(self.context.language());
        for entry in entries(&self.context, judged) {
            if self.has_room(entry.level) {
                let rule_id = self.rule(&entry);
                let target = Target { context: &self.context, judged, places: &places };
                let between = if self.results == 1 { "\n" } else { ",\n" };
                write!(out, "{between}{}", json::line(&target.result(rule_id, &entry))?)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        let (language, version) = (self.context.language(), self.context.version);
        let checks = self.context.checks.iter().map(|check| check_rule(check, language));
        let known: BTreeSet<_> = self.context.checks.iter().map(|check| check.id.as_str()).collect();
        let problems = self.problems.iter().filter(|id| !known.contains(id.as_str()));
        let rules = checks.chain(problems.map(|id| problem_rule(id, language))).collect();
        let driver = Driver { name: "kubevet", semantic_version: version, language: language.tag(), rules };
        let execution_successful = self.failed == 0 && !notices.iter().any(Notice::is_error);
        let invocation = Invocation { execution_successful, notifications: self.notifications(notices) };
        write!(
            out,
            "\n],\"tool\":{},\n\"invocations\":{},\n\"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":{}",
            json::line(&Tool { driver })?,
            json::line(&[invocation])?,
            json::line(&roots(language))?
        )?;
        Ok(out.write_all(b"}]}\n")?)
    }
}

impl Sarif<'_> {
    /// What is to be said of the run as a whole.
    fn notifications<'a>(&self, notices: &'a [Notice]) -> Vec<Notification<'a>> {
        let shown = notices.iter().take(MAX_NOTICES).map(|notice| Notification {
            descriptor: Descriptor { id: notice.id },
            level: level_name(Level::of_notice(notice, self.context.strict)),
            message: Text::new(&escape::text(&notice.message)),
            locations: notice.path.iter().filter_map(|path| self.notice_location(path, notice.line)).collect(),
        });
        let mut notifications: Vec<_> = shown.collect();
        let left_out = self.left_out + notices.len().saturating_sub(MAX_NOTICES);
        let counts =
            [(left_out, "left-out", self.say_left_out(left_out)), (self.failed, PLUGIN_FAILED, self.say_failed())];
        notifications.extend(counts.into_iter().filter(|(count, ..)| *count > 0).map(|(_, id, text)| Notification {
            descriptor: Descriptor { id },
            level: level_name(Level::Error),
            message: Text::new(&text),
            locations: vec![],
        }));
        notifications
    }

    fn say_left_out(&self, count: usize) -> String {
        self.context.language().choose(
            format!("{count} results are left out here: GitHub takes {MAX_RESULTS} of a run, {MAX_NOTES} of them notes"),
            format!("{count} 件をこのファイルから省きました。GitHub の上限は 1 回につき {MAX_RESULTS} 件（うち注記は {MAX_NOTES} 件まで）です"),
        )
    }

    fn say_failed(&self) -> String {
        let count = self.failed;
        let language = self.context.language();
        language.choose(
            format!("{} could not be judged", words::count(language, count, "target", "")),
            format!("{count} 件の対象を判定できませんでした"),
        )
    }

    fn notice_location(&self, path: &str, line: Option<usize>) -> Option<LocationJson> {
        let region = Region { start_line: line.unwrap_or(1), start_column: None, end_line: None, end_column: None };
        let physical = Physical::new(&site::file(&self.context, path.as_bytes())?, Some(region));
        Some(LocationJson { physical: Some(physical), ..LocationJson::default() })
    }
}

/// What the results of one target share.
struct Target<'t, 'a> {
    context: &'t Context<'t>,
    judged: &'t Judged<'a>,
    places: &'t Places<'a>,
}

impl<'a> Target<'_, 'a> {
    fn result<'e>(&self, rule_id: &'e str, entry: &'e Entry<'a>) -> ResultJson<'e> {
        let language = self.context.language();
        let site = self.site(&entry.place);
        let mut lines = vec![escape::text(&entry.message).into_owned()];
        lines.extend(entry.details(language, self.places, &site));
        let related = entry.finding.iter().flat_map(|finding| &finding.related).take(MAX_RELATED);
        let related = related.enumerate().map(|(at, evidence)| LocationJson {
            id: Some(at + 1),
            message: (!evidence.label.text.is_empty()).then(|| Text::new(&escape::text(&evidence.label.text))),
            ..self.location(&evidence.place)
        });
        let sections = entry.finding.iter().flat_map(|finding| &finding.sections);
        ResultJson {
            rule_id,
            level: level_name(entry.level),
            message: Text::new(&lines.join("\n")),
            locations: vec![self.location(&entry.place)],
            related_locations: related.collect(),
            fingerprints: BTreeMap::from([("kubevet/v1", entry.fingerprint.as_str())]),
            baseline_state: baseline_state(entry.standing, self.context.baseline),
            suppressions: suppressions(entry.standing, language),
            fixes: self.fixes(entry),
            properties: ResultProperties {
                target: self.judged.id.into(),
                status: entry.finding.map_or("problem", |finding| words::status(finding.status)),
                severity: words::severity(entry.severity),
                sections: sections.map(|section| format!("{} {}", section.benchmark, section.number)).collect(),
            },
        }
    }

    fn site(&self, place: &Place) -> Site<'a> {
        Site::of(self.context, self.judged, self.places, place)
    }

    /// Where something is: in a file, in what is no file, or both.
    fn location(&self, place: &Place) -> LocationJson {
        let site = self.site(place);
        let physical = site.file.as_ref().map(|file| Physical::new(file, site.spot.as_ref().map(Region::of)));
        let is_file = matches!(site.location.name, Some(Name::Path(_)));
        let logical = (!is_file || physical.is_none()).then(|| {
            let kind = match (&site.location.name, site.location.spot.as_ref().map(|spot| spot.argument)) {
                (Some(Name::Variable(_)), _) => "variable",
                (Some(Name::Arguments { .. }), Some(Some(_))) => "parameter",
                _ => "resource",
            };
            let name = site.location.to_string();
            let full = format!("{}/{name}", escape::text(self.judged.id));
            Logical { name, fully_qualified_name: full, kind }
        });
        LocationJson { physical, logical: logical.into_iter().collect(), ..LocationJson::default() }
    }

    /// The edits that mend it, where they are of files and in text, and would help.
    fn fixes(&self, entry: &Entry<'_>) -> Vec<Fix> {
        let remedies = entry.finding.iter().flat_map(|finding| &finding.remedies);
        let open = remedies.filter(|remedy| remedy.blocked.is_none());
        let described = open.map(|remedy| (escape::text(&remedy.text.text), remedy.edits.as_slice()));
        let suggested = self.context.language().choose("suggested edit", "修正案");
        let problem = std::iter::once((Cow::Borrowed(suggested), entry.edits));
        let fix = |(description, edits): (Cow<'_, str>, &[Edit])| {
            Some(Fix { description: Text::new(&description), changes: self.changes(edits)? })
        };
        described.chain(problem).filter_map(fix).collect()
    }

    /// The edits, file by file; none unless all of them can be given.
    fn changes(&self, edits: &[Edit]) -> Option<Vec<Change>> {
        let mut changes: Vec<(File, Change)> = vec![];
        for edit in edits {
            let site = self.site(&Place::At(edit.span));
            let (file, spot) = (site.file?, site.spot?);
            // What is no text has no columns in a viewer.
            std::str::from_utf8(spot.bytes).ok()?;
            let inserted = Inserted { text: String::from_utf8(edit.text.clone()).ok()? };
            let replacement = Replacement { deleted_region: Region::of(&spot), inserted_content: inserted };
            match changes.iter_mut().find(|(known, _)| *known == file) {
                Some((_, change)) => change.replacements.push(replacement),
                None => {
                    let artifact = Artifact::new(&file);
                    changes.push((file, Change { artifact, replacements: vec![replacement] }));
                }
            }
        }
        (!changes.is_empty()).then(|| changes.into_iter().map(|(_, change)| change).collect())
    }
}

/// With a baseline, every result says whether it is in it.
fn baseline_state(standing: Standing<'_>, baseline: bool) -> Option<&'static str> {
    match standing {
        Standing::Known => Some("unchanged"),
        Standing::Open | Standing::Waived(_) => baseline.then_some("new"),
    }
}

fn suppressions(standing: Standing<'_>, language: Language) -> Vec<Suppression> {
    let Standing::Waived(waiver) = standing else { return vec![] };
    vec![Suppression { kind: "external", status: "accepted", justification: words::waiver(language, waiver) }]
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// A number of the scale that GitHub makes low, medium, high and critical of.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "3.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

fn check_rule(check: &Check, language: Language) -> Rule<'_> {
    let explanation = &check.explanation.text;
    let first = explanation.split("\n\n").next().unwrap_or_default();
    let benchmarks: BTreeSet<_> = check.sections.iter().map(|section| platform(&section.benchmark)).collect();
    let tags = ["security", "kubernetes", "kubelet"].into_iter().chain(benchmarks).take(MAX_TAGS);
    Rule {
        id: &check.id,
        short: Text::plain(&check.title.text),
        full: Text::plain(if first.is_empty() { &check.title.text } else { first }),
        configuration: Configuration {
            level: level_name(if check.severity == Severity::Low { Level::Warning } else { Level::Error }),
        },
        help: Help { text: help(check, language, false), markdown: help(check, language, true) },
        properties: RuleProperties { tags: tags.map(str::to_owned).collect(), score: Some(score(check.severity)) },
    }
}

/// `aks` of `aks-1.8`.
fn platform(benchmark: &str) -> &str {
    benchmark.rsplit_once('-').map_or(benchmark, |(platform, _)| platform)
}

/// Why, which numbers it has, and what to do. Texts of checks are the plugin's, and Markdown as they are.
fn help(check: &Check, language: Language, markdown: bool) -> String {
    let heading = |en, ja| {
        let title = language.choose(en, ja);
        if markdown { format!("\n\n### {title}\n") } else { format!("\n\n{title}:\n") }
    };
    let mut text = check.explanation.text.clone();
    if !check.remedies.is_empty() {
        text += &heading("Remedy", "対処");
        for Message { id, text: remedy, .. } in &check.remedies {
            text += &if id == "any" { format!("\n- {remedy}") } else { format!("\n- {id}: {remedy}") };
        }
    }
    if !check.sections.is_empty() {
        text += &heading("Sections", "項番");
        let sections = check.sections.iter().map(|section| format!("{} {}", section.benchmark, section.number));
        text += &format!("\n{}", sections.collect::<Vec<_>>().join(", "));
    }
    escape::lines(&text)
}

fn problem_rule(id: &str, language: Language) -> Rule<'_> {
    let (title, severity) = match id {
        UNMET => (
            language.choose("Something that was wanted could not be read", "必要な情報を取得できませんでした"),
            Severity::Medium,
        ),
        NOT_JUDGED => (language.choose("Nothing was judged", "判定できませんでした"), Severity::High),
        _ => (
            language.choose(
                "The configuration is not what its author meant, although the kubelet takes it",
                "kubelet は受け付けますが、設定が作成者の意図と異なる可能性があります",
            ),
            Severity::Low,
        ),
    };
    let level = if severity == Severity::Low { Level::Note } else { Level::Warning };
    let text = format!("{title} ({})", escape::text(id));
    Rule {
        id,
        short: Text::plain(&text),
        full: Text::plain(title),
        configuration: Configuration { level: level_name(level) },
        help: Help { text: title.to_owned(), markdown: title.to_owned() },
        properties: RuleProperties { tags: vec!["kubernetes".into(), "kubelet".into()], score: None },
    }
}

fn roots(language: Language) -> BTreeMap<&'static str, Root> {
    let project = language.choose("the project's root directory", "プロジェクトのルートディレクトリ");
    let node = language.choose("the root directory of the node", "ノードのルートディレクトリ");
    BTreeMap::from([
        (PROJECT_ROOT, Root { uri: None, description: Text::plain(project) }),
        (NODE_ROOT, Root { uri: Some("file:///"), description: Text::plain(node) }),
    ])
}

/// A path as a relative reference: all bytes but the harmless ones are percent-encoded.
fn uri(path: &[u8]) -> String {
    path.iter().fold(String::with_capacity(path.len()), |mut uri, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
        uri
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultJson<'a> {
    rule_id: &'a str,
    level: &'static str,
    message: Text,
    locations: Vec<LocationJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<LocationJson>,
    #[serde(rename = "partialFingerprints")]
    fingerprints: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    /// There in all results or in none (3.27.23); empty where nothing is suppressed.
    suppressions: Vec<Suppression>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    properties: ResultProperties,
}

#[derive(Serialize)]
struct ResultProperties {
    target: String,
    status: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sections: Vec<String>,
}

#[derive(Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

impl Text {
    /// A text of a result, in which nothing is a link (`[words](address)`) or a place for an argument (`{0}`).
    fn new(text: &str) -> Text {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            shown.push(character);
            match (character, rest.peek()) {
                (']', Some('(')) => shown.push(' '),
                ('{', Some('0'..='9')) => shown.push('{'),
                _ => {}
            }
        }
        Text { text: shown }
    }

    /// A text of the plugin or of this module.
    fn plain(text: &str) -> Text {
        Text { text: text.to_owned() }
    }
}

#[derive(Default, Serialize)]
struct LocationJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation", skip_serializing_if = "Option::is_none")]
    physical: Option<Physical>,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Vec::is_empty")]
    logical: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
struct Physical {
    #[serde(rename = "artifactLocation")]
    artifact: Artifact,
    region: Region,
}

impl Physical {
    /// GitHub wants a line; of a file as a whole, that is the first.
    fn new(file: &File, region: Option<Region>) -> Physical {
        let first = Region { start_line: 1, start_column: None, end_line: None, end_column: None };
        Physical { artifact: Artifact::new(file), region: region.unwrap_or(first) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    uri_base_id: &'static str,
}

impl Artifact {
    fn new(file: &File) -> Artifact {
        let uri_base_id = match file {
            File::OfProject(_) => PROJECT_ROOT,
            File::OfNode(_) => NODE_ROOT,
        };
        Artifact { uri: uri(file.path()), uri_base_id }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

impl Region {
    fn of(spot: &Spot<'_>) -> Region {
        Region {
            start_line: spot.line,
            start_column: Some(spot.column),
            end_line: Some(spot.end_line),
            end_column: Some(spot.end_column),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    name: String,
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
struct Fix {
    description: Text,
    #[serde(rename = "artifactChanges")]
    changes: Vec<Change>,
}

#[derive(Serialize)]
struct Change {
    #[serde(rename = "artifactLocation")]
    artifact: Artifact,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: Inserted,
}

/// What an edit writes, as it is.
#[derive(Serialize)]
struct Inserted {
    text: String,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    semantic_version: &'a str,
    language: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    id: &'a str,
    #[serde(rename = "shortDescription")]
    short: Text,
    #[serde(rename = "fullDescription")]
    full: Text,
    #[serde(rename = "defaultConfiguration")]
    configuration: Configuration,
    help: Help,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<String>,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    score: Option<&'static str>,
}

#[derive(Serialize)]
struct Invocation<'a> {
    #[serde(rename = "executionSuccessful")]
    execution_successful: bool,
    #[serde(rename = "toolExecutionNotifications", skip_serializing_if = "Vec::is_empty")]
    notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    descriptor: Descriptor<'a>,
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<LocationJson>,
}

#[derive(Serialize)]
struct Descriptor<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Root {
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'static str>,
    description: Text,
}
