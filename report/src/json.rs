//! The reports for machines: a public, versioned shape, which mirrors the report rather than dumping it. One line a target.

use crate::places::{Location, Name, Places};
use crate::{Judged, Notice, Reporter, Standing, Tally, escape, format, words};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use kubevet_rules::Known;
use kubevet_rules::model::{
    self, Branch, Content, Decided, Effective, Evidence, Finding, Origin, Outcome, Place, Problem, Refusal, Remedy,
    Setting, Source, Stage, Want,
};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

/// The version of both shapes.
const SCHEMA: u32 = 1;

/// The deciding text is given up to this many characters: a value that is longer is not read in a report.
const LONGEST_TEXT: usize = 200;

/// Why there is no JSON of a report: only a faulty plugin brings it about.
#[derive(Debug)]
pub struct Error {
    setting: String,
    cause: serde_json::Error,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the plugin's value of `{}` is not JSON: {}", escape::text(&self.setting), self.cause)
    }
}

impl std::error::Error for Error {}

/// The report on findings.
pub(crate) struct Findings;

/// The report on settings.
pub(crate) struct Settings;

impl Reporter for Findings {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), format::Error> {
        Ok(writeln!(out, "{}", check(judged)?)?)
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), format::Error> {
        end(notices, out)
    }
}

impl Reporter for Settings {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), format::Error> {
        Ok(writeln!(out, "{}", effective(judged)?)?)
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), format::Error> {
        end(notices, out)
    }
}

/// The last line: what is to be said of the run as a whole, if there is anything.
fn end(notices: &[Notice], out: &mut dyn Write) -> Result<(), format::Error> {
    if !notices.is_empty() {
        writeln!(out, "{}", self::notices(notices)?)?;
    }
    Ok(())
}

/// What is to be said of a run as a whole, as a line, without the line feed.
pub fn notices(notices: &[Notice]) -> Result<String, Error> {
    line(&NoticesJson { schema: SCHEMA, notices: notices.iter().map(notice_json).collect() })
}

/// The settings of a target as a line, without the line feed.
pub fn effective(judged: &Judged<'_>) -> Result<String, Error> {
    let places = Places::new(judged.documents, &judged.report.withheld);
    let report = judged.report;
    let refusals = |later: bool| report.refusals.iter().find(move |refusal| (refusal.stage == Stage::Run) == later);
    let refuses = |version: &String| {
        report.refusals.iter().any(|r| r.stage != Stage::Run && (r.versions.is_empty() || r.versions.contains(version)))
    };
    // A target that starts under some of the versions is judged under those.
    let starts = refusals(false).is_none() || !report.versions.iter().all(refuses);
    // A setting that all of these versions have, with one value, is given without versions.
    let all: Vec<&String> = report.versions.iter().filter(|version| !starts || !refuses(version)).collect();
    let (settings, flags): (Vec<_>, Vec<_>) = report.settings.iter().partition(|setting| setting.in_file);
    let settings =
        settings.into_iter().map(|setting| Ok((setting.name.as_str(), setting_json(&places, &all, setting)?)));
    let flags = flags.into_iter().map(|flag| Ok((flag.name.as_str(), flag_json(&places, &all, flag)?)));
    line(&EffectiveJson {
        schema: SCHEMA,
        id: judged.id,
        versions: &report.versions,
        outcome: if starts { "starts" } else { "refuses" },
        refusal: refusals(false).map(|refusal| refusal_json(&places, refusal, &report.versions)),
        later_refusal: refusals(true).map(|refusal| refusal_json(&places, refusal, &report.versions)),
        settings: InOrder(settings.collect::<Result<_, _>>()?),
        flags: InOrder(flags.collect::<Result<_, _>>()?),
    })
}

/// The findings and problems of a target as a line, without the line feed.
pub fn check(judged: &Judged<'_>) -> Result<String, Error> {
    let places = Places::new(judged.documents, &judged.report.withheld);
    let report = judged.report;
    line(&CheckJson {
        schema: SCHEMA,
        id: judged.id,
        identity: judged.identity.filter(|identity| *identity != judged.id),
        target: target_json(judged),
        versions: &report.versions,
        context: report.context.iter().map(context_json).collect(),
        refusals: report.refusals.iter().map(|refusal| refusal_json(&places, refusal, &report.versions)).collect(),
        findings: judged.findings().map(|(finding, standing)| finding_json(&places, finding, standing)).collect(),
        problems: report.problems.iter().map(|problem| problem_json(&places, problem)).collect(),
        unmet: report.unmet.iter().map(want_json).collect(),
        summary: summary_json(&Tally::of(judged)),
    })
}

/// The checks that a plugin has, as an array.
pub fn list(checks: &[model::Check]) -> String {
    let checks: Vec<_> = checks.iter().map(listed_json).collect();
    // Texts and numbers always have a JSON form.
    serde_json::to_string(&checks).map(escape::json).unwrap_or_default()
}

/// What a plugin is and can do, and what else it knows, as an object.
pub fn describe(description: &model::Description, known: &Known) -> String {
    let json = DescriptionJson {
        schema: SCHEMA,
        id: &description.id,
        version: &description.version,
        languages: &description.languages,
        checks: description.checks.iter().map(explained_json).collect(),
        options: InOrder(description.options.iter().map(|(key, said)| (key.as_str(), said.text.as_str())).collect()),
        versions: known.versions.iter().map(|known| known.version.as_str()).collect(),
        platforms: InOrder(known.platforms.clone()),
        benchmarks: InOrder(known.benchmarks.iter().map(|(name, title)| (*name, title.as_str())).collect()),
    };
    serde_json::to_string(&json).map(escape::json).unwrap_or_default()
}

/// Wants, as an array.
pub fn wants<'a>(wants: impl Iterator<Item = &'a Want>) -> String {
    let wants: Vec<_> = wants.map(want_json).collect();
    serde_json::to_string(&wants).map(escape::json).unwrap_or_default()
}

/// A JSON text in one line, with nothing deceptive in it.
pub(crate) fn line(json: &impl Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(json).map_err(|cause| Error { setting: "report".into(), cause })?;
    Ok(escape::json(text))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EffectiveJson<'a> {
    schema: u32,
    id: &'a str,
    versions: &'a [String],
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    later_refusal: Option<RefusalJson<'a>>,
    settings: InOrder<'a, SettingJson<'a>>,
    flags: InOrder<'a, FlagJson<'a>>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    schema: u32,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<&'a str>,
    target: TargetJson<'a>,
    versions: &'a [String],
    /// What was found out about the target, and what follows.
    context: Vec<ContextJson<'a>>,
    refusals: Vec<RefusalJson<'a>>,
    findings: Vec<FindingJson<'a>>,
    problems: Vec<ProblemJson<'a>>,
    unmet: Vec<WantJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct NoticesJson<'a> {
    schema: u32,
    notices: Vec<NoticeJson<'a>>,
}

#[derive(Serialize)]
struct NoticeJson<'a> {
    severity: &'static str,
    id: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
}

fn notice_json(notice: &Notice) -> NoticeJson<'_> {
    NoticeJson {
        severity: words::severity(notice.severity),
        id: notice.id,
        message: &notice.message,
        path: notice.path.as_deref(),
        line: notice.line,
    }
}

#[derive(Serialize)]
struct ContextJson<'a> {
    id: &'a str,
    message: &'a str,
    #[serde(flatten)]
    params: InOrder<'a, &'a str>,
}

fn context_json(message: &model::Message) -> ContextJson<'_> {
    let params = message.params.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    ContextJson { id: &message.id, message: &message.text, params: InOrder(params) }
}

/// A check that a plugin has.
#[derive(Serialize)]
struct ListedJson<'a> {
    check: &'a str,
    kind: &'static str,
    title: &'a str,
    severity: &'static str,
    sections: Vec<ListedSectionJson<'a>>,
}

#[derive(Serialize)]
struct ListedSectionJson<'a> {
    #[serde(flatten)]
    section: SectionJson<'a>,
    mode: &'static str,
}

fn listed_json(check: &model::Check) -> ListedJson<'_> {
    let section = |section| ListedSectionJson { section: section_json(section), mode: words::mode(section) };
    ListedJson {
        check: &check.id,
        kind: words::kind(check.kind),
        title: &check.title.text,
        severity: words::severity(check.severity),
        sections: check.sections.iter().map(section).collect(),
    }
}

#[derive(Serialize)]
struct DescriptionJson<'a> {
    schema: u32,
    id: &'a str,
    version: &'a str,
    languages: &'a [String],
    checks: Vec<ExplainedJson<'a>>,
    options: InOrder<'a, &'a str>,
    /// Oldest first.
    versions: Vec<&'a str>,
    /// With their names for people.
    platforms: InOrder<'a, &'a str>,
    benchmarks: InOrder<'a, &'a str>,
}

#[derive(Serialize)]
struct ExplainedJson<'a> {
    #[serde(flatten)]
    listed: ListedJson<'a>,
    /// Paragraphs, parted by an empty line.
    explanation: &'a str,
    /// By platform; `any` stands for all.
    remedies: InOrder<'a, &'a str>,
}

fn explained_json(check: &model::Check) -> ExplainedJson<'_> {
    let remedies = check.remedies.iter().map(|remedy| (remedy.id.as_str(), remedy.text.as_str()));
    ExplainedJson {
        listed: listed_json(check),
        explanation: &check.explanation.text,
        remedies: InOrder(remedies.collect()),
    }
}

/// An object whose keys keep their order.
struct InOrder<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for InOrder<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<T> InOrder<'_, T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value that the plugin gave as JSON.
type Value = Box<RawValue>;

/// Checks a plugin's JSON and makes it compact, so that a line stays a line.
fn value(setting: &str, json: &str) -> Result<Value, Error> {
    let error = |cause| Error { setting: setting.to_owned(), cause };
    serde_json::from_str::<&RawValue>(json).map_err(error)?;
    RawValue::from_string(compact(json)).map_err(error)
}

/// A JSON text without the white space between its tokens.
pub(crate) fn compact(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if in_string || !character.is_ascii_whitespace() {
            compact.push(character);
        }
        if escaped {
            escaped = false;
        } else if character == '"' {
            in_string = !in_string;
        } else {
            escaped = in_string && character == '\\';
        }
    }
    compact
}

#[derive(Serialize)]
#[serde(untagged)]
enum SettingJson<'a> {
    One(BranchJson<'a>),
    ByVersion {
        #[serde(rename = "byVersion")]
        by_version: Vec<BranchJson<'a>>,
    },
}

#[derive(Serialize)]
struct BranchJson<'a> {
    /// Absent where these are all versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<&'a [String]>,
    #[serde(flatten)]
    effective: ValueJson<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValueJson<'a> {
    Known(Box<DecidedJson<'a>>),
    Unknown { unknown: UnknownJson<'a> },
}

#[derive(Serialize)]
struct DecidedJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// In place of `value`.
    #[serde(skip_serializing_if = "is_false")]
    withheld: bool,
    #[serde(skip_serializing_if = "is_false")]
    omitted: bool,
    source: SourceJson<'a>,
    #[serde(skip_serializing_if = "InOrder::is_empty")]
    keys: InOrder<'a, SourceJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    overridden: Vec<SourceJson<'a>>,
}

#[derive(Serialize)]
struct UnknownJson<'a> {
    id: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    origin: &'static str,
    #[serde(flatten)]
    place: PlaceJson<'a>,
    /// A default: which set of defaults.
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(skip_serializing_if = "is_false")]
    withheld: bool,
}

/// A flag that has no place in a configuration file: its plain value.
#[derive(Serialize)]
#[serde(untagged)]
enum FlagJson<'a> {
    Known(Value),
    Withheld { withheld: bool },
    Other(SettingJson<'a>),
}

/// A place; the target as a whole is an empty object.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceJson<'a> {
    /// What it is, where that is neither a path nor an argument.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<&'a str>,
    #[serde(flatten)]
    path: Option<PathJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    argument: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
}

/// A path; in base64, too, where it is not UTF-8.
#[derive(Serialize)]
struct PathJson<'a> {
    path: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path64: Option<String>,
}

impl<'a> PathJson<'a> {
    fn new(path: &'a [u8]) -> PathJson<'a> {
        let text = String::from_utf8_lossy(path);
        let path64 = matches!(text, Cow::Owned(_)).then(|| BASE64_STANDARD.encode(path));
        PathJson { path: text, path64 }
    }
}

#[derive(Serialize)]
struct RefusalJson<'a> {
    stage: &'static str,
    id: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: PlaceJson<'a>,
    /// Where it is not all that were judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<&'a [String]>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    check: &'a str,
    status: &'static str,
    severity: &'static str,
    /// Why the project bears with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    waived: Option<WaiverJson<'a>>,
    /// Whether the baseline has it.
    #[serde(skip_serializing_if = "is_false")]
    known: bool,
    message: &'a str,
    primary: EvidenceJson<'a>,
    related: Vec<EvidenceJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<&'a str>,
    remedies: Vec<RemedyJson<'a>>,
    sections: Vec<SectionJson<'a>>,
}

#[derive(Serialize)]
struct WaiverJson<'a> {
    reason: &'a str,
    owner: &'a str,
    expires: &'a str,
}

#[derive(Serialize)]
struct EvidenceJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
}

#[derive(Serialize)]
struct RemedyJson<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<EditJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<&'a str>,
}

/// A splice: the bytes `start..end` of the file are replaced.
#[derive(Serialize)]
struct EditJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    start: u32,
    end: u32,
    replacement: Cow<'a, str>,
}

#[derive(Serialize)]
struct SectionJson<'a> {
    benchmark: &'a str,
    section: &'a str,
    level: u8,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: PlaceJson<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<EditJson<'a>>,
}

#[derive(Serialize)]
struct WantJson<'a> {
    want: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(flatten)]
    path: Option<PathJson<'a>>,
}

/// What was judged.
#[derive(Serialize)]
struct TargetJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<&'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: BTreeMap<&'a str, &'a str>,
    /// The files that were read.
    files: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct SummaryJson {
    fail: usize,
    pass: usize,
    undetermined: usize,
    manual: usize,
    not_applicable: usize,
    /// What is waived is counted here alone.
    #[serde(skip_serializing_if = "is_zero")]
    waived: usize,
    /// What the baseline has is counted here alone.
    #[serde(skip_serializing_if = "is_zero")]
    known: usize,
    problems: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_false(value: &bool) -> bool {
    !value
}

fn setting_json<'a>(places: &Places<'a>, all: &[&String], setting: &'a Setting) -> Result<SettingJson<'a>, Error> {
    let branch = |branch: &'a Branch| {
        let is_all = branch.versions.iter().eq(all.iter().copied());
        let effective = match &branch.effective {
            Effective::Known(decided) => ValueJson::Known(Box::new(decided_json(places, &setting.name, decided)?)),
            Effective::Unknown(message) => {
                ValueJson::Unknown { unknown: UnknownJson { id: &message.id, message: &message.text } }
            }
        };
        Ok(BranchJson { versions: (!is_all).then_some(&branch.versions), effective })
    };
    Ok(match setting.branches.as_slice() {
        [one] => SettingJson::One(branch(one)?),
        several => SettingJson::ByVersion { by_version: several.iter().map(branch).collect::<Result<_, _>>()? },
    })
}

fn flag_json<'a>(places: &Places<'a>, all: &[&String], flag: &'a Setting) -> Result<FlagJson<'a>, Error> {
    Ok(match setting_json(places, all, flag)? {
        SettingJson::One(BranchJson { versions: None, effective: ValueJson::Known(decided) }) => match decided.value {
            Some(value) => FlagJson::Known(value),
            None => FlagJson::Withheld { withheld: true },
        },
        other => FlagJson::Other(other),
    })
}

fn decided_json<'a>(places: &Places<'a>, name: &str, decided: &'a Decided) -> Result<DecidedJson<'a>, Error> {
    let mut sources = std::iter::once(&decided.by).chain(decided.keys.iter().map(|(_, source)| source));
    let withheld = sources.any(|source| places.is_withheld(&source.place));
    // A key is withheld with its value: a header that somebody wrote in one piece is all key.
    let keys = decided.keys.iter().filter(|(_, source)| !places.is_withheld(&source.place));
    let keys = keys.map(|(key, source)| Ok((key.as_str(), source_json(places, name, source, false)?)));
    let overridden = decided.overridden.iter().map(|source| source_json(places, name, source, true));
    Ok(DecidedJson {
        value: (!withheld).then(|| value(name, &decided.value)).transpose()?,
        withheld,
        omitted: decided.omitted,
        source: source_json(places, name, &decided.by, false)?,
        keys: InOrder(keys.collect::<Result<_, _>>()?),
        overridden: overridden.collect::<Result<_, _>>()?,
    })
}

/// A source. What a flag gives stands in its text already, unless it was overridden.
fn source_json<'a>(
    places: &Places<'a>,
    name: &str,
    source: &'a Source,
    overridden: bool,
) -> Result<SourceJson<'a>, Error> {
    let withheld = places.is_withheld(&source.place);
    let is_flag = source.origin == Origin::Flag;
    let has_value = overridden || !(is_flag || source.origin == Origin::Default);
    let location = places.locate(&source.place);
    let mut place = start_json(&location);
    if is_flag && !withheld {
        place.text = Some(source.detail.as_str().into());
    }
    Ok(SourceJson {
        origin: words::origin(source.origin),
        place,
        detail: if is_flag || withheld { "" } else { &source.detail },
        value: (has_value && !withheld).then(|| value(name, &source.value)).transpose()?,
        withheld,
    })
}

/// Where a place begins.
fn start_json<'a>(location: &Location<'a>) -> PlaceJson<'a> {
    let spot = location.spot.as_ref();
    let mut json = PlaceJson { argument: spot.and_then(|spot| spot.argument), ..PlaceJson::default() };
    match location.name {
        Some(Name::Path(path)) => json.path = Some(PathJson::new(path)),
        Some(Name::Variable(name)) => json.variable = Some(name),
        Some(Name::Live) => json.document = Some("live-configuration"),
        Some(Name::Arguments { .. }) if spot.is_none() => json.document = Some("arguments"),
        Some(Name::Arguments { .. }) | None => {}
    }
    if json.argument.is_none() {
        json.line = spot.map(|spot| spot.line);
        json.column = spot.map(|spot| spot.column);
    }
    json
}

/// A place with its end and its text.
fn place_json<'a>(places: &Places<'a>, place: &Place) -> PlaceJson<'a> {
    let location = places.locate(place);
    let spot = location.spot.as_ref();
    let in_file = spot.filter(|spot| spot.argument.is_none());
    PlaceJson {
        end_line: in_file.map(|spot| spot.end_line),
        end_column: in_file.map(|spot| spot.end_column),
        text: spot.and_then(|spot| spot.text).map(clipped),
        ..start_json(&location)
    }
}

/// The beginning of a text that is long.
pub(crate) fn clipped(text: &[u8]) -> Cow<'_, str> {
    // No character takes more than four bytes.
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * LONGEST_TEXT + 4)]);
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text,
    }
}

fn refusal_json<'a>(places: &Places<'a>, refusal: &'a Refusal, judged: &[String]) -> RefusalJson<'a> {
    RefusalJson {
        stage: words::stage(refusal.stage),
        id: &refusal.message.id,
        message: &refusal.message.text,
        place: place_json(places, &refusal.place),
        versions: (!refusal.versions.is_empty() && refusal.versions != judged).then_some(&refusal.versions),
    }
}

fn finding_json<'a>(places: &Places<'a>, finding: &'a Finding, standing: Standing<'a>) -> FindingJson<'a> {
    FindingJson {
        check: &finding.check,
        status: words::status(finding.status),
        severity: words::severity(finding.severity),
        waived: waiver_json(standing),
        known: standing == Standing::Known,
        message: &finding.message.text,
        primary: evidence_json(places, &finding.primary),
        related: finding.related.iter().map(|evidence| evidence_json(places, evidence)).collect(),
        notes: finding.notes.iter().map(|note| note.text.as_str()).collect(),
        remedies: finding.remedies.iter().map(|remedy| remedy_json(places, remedy)).collect(),
        sections: finding.sections.iter().map(section_json).collect(),
    }
}

fn waiver_json(standing: Standing<'_>) -> Option<WaiverJson<'_>> {
    let Standing::Waived(waiver) = standing else { return None };
    Some(WaiverJson { reason: &waiver.reason, owner: &waiver.owner, expires: &waiver.expires })
}

fn evidence_json<'a>(places: &Places<'a>, evidence: &'a Evidence) -> EvidenceJson<'a> {
    EvidenceJson { place: place_json(places, &evidence.place), label: &evidence.label.text }
}

fn remedy_json<'a>(places: &Places<'a>, remedy: &'a Remedy) -> RemedyJson<'a> {
    RemedyJson {
        message: &remedy.text.text,
        edits: edits_json(places, &remedy.edits),
        blocked: remedy.blocked.as_ref().map(|message| message.text.as_str()),
    }
}

fn edits_json<'a>(places: &Places<'a>, edits: &'a [model::Edit]) -> Vec<EditJson<'a>> {
    let edit = |edit: &'a model::Edit| EditJson {
        place: PlaceJson { text: None, ..place_json(places, &Place::At(edit.span)) },
        start: edit.span.start,
        end: edit.span.end,
        replacement: String::from_utf8_lossy(&edit.text),
    };
    edits.iter().map(edit).collect()
}

fn section_json(section: &model::Section) -> SectionJson<'_> {
    SectionJson { benchmark: &section.benchmark, section: &section.number, level: section.level }
}

fn problem_json<'a>(places: &Places<'a>, problem: &'a Problem) -> ProblemJson<'a> {
    ProblemJson {
        severity: words::severity(problem.severity),
        message: &problem.message.text,
        place: place_json(places, &problem.place),
        edits: edits_json(places, &problem.edits),
    }
}

fn want_json(want: &Want) -> WantJson<'_> {
    let (want, name, path) = match want {
        Want::Processes(name) => ("processes", Some(name.as_str()), None),
        Want::File(path) => ("file", None, Some(PathJson::new(path))),
        Want::Directory(path) => ("directory", None, Some(PathJson::new(path))),
        Want::Metadata(path) => ("metadata", None, Some(PathJson::new(path))),
        Want::EnvironmentHas(name) => ("environment-has", Some(name.as_str()), None),
        Want::LiveConfiguration => ("live-configuration", None, None),
    };
    WantJson { want, name, path }
}

fn target_json<'a>(judged: &Judged<'a>) -> TargetJson<'a> {
    let mut json = TargetJson { process: None, facts: BTreeMap::new(), files: vec![] };
    for document in judged.documents {
        match (&document.answers, &document.outcome) {
            (Want::Processes(name), Outcome::Found(Content::Process(process))) => {
                json.process = Some(name);
                json.facts.extend(process.facts.iter().map(|(key, value)| (key.as_str(), value.as_str())));
            }
            (Want::File(path), Outcome::Found(Content::File(_))) => json.files.push(String::from_utf8_lossy(path)),
            _ => {}
        }
    }
    json
}

fn summary_json(tally: &Tally) -> SummaryJson {
    SummaryJson {
        fail: tally.fail,
        pass: tally.pass,
        undetermined: tally.undetermined,
        manual: tally.manual,
        not_applicable: tally.not_applicable,
        waived: tally.waived,
        known: tally.known,
        problems: tally.problems,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;
    use kubevet_rules::model::{Document, Report, Severity, Span};

    fn judged<'a>(documents: &'a [Document], report: &'a Report) -> Judged<'a> {
        Judged::new("n", documents, report)
    }

    #[test]
    fn the_settings_of_the_design() {
        let text = "{\n\n\n\n\n  \"makeIPTablesUtilChains\": false,\n}";
        let documents =
            [process(0, &["a", "b", "c", "--make-iptables-util-chains=true"]), file(1, "/etc/k.json", text)];
        let by = source(Origin::Flag, "true", argument(&documents, 0, 3), "--make-iptables-util-chains=true");
        let overridden = source(Origin::ConfigFile, "false", span(&documents, 1, "false"), "");
        let chains = Decided { overridden: vec![overridden], ..decided(by) };
        let report = Report {
            settings: vec![
                setting("makeIPTablesUtilChains", Effective::Known(chains)),
                flag("hostnameOverride", decided(source(Origin::Flag, "\"n1\"", Place::Target, "x"))),
            ],
            ..report()
        };
        assert_eq!(
            effective(&judged(&documents, &report)).unwrap(),
            concat!(
                r#"{"schema":1,"id":"n","versions":["1.37"],"outcome":"starts","settings":{"makeIPTablesUtilChains":{"#,
                r#""value":true,"source":{"origin":"flag","argument":3,"text":"--make-iptables-util-chains=true"},"#,
                r#""overridden":[{"origin":"config-file","path":"/etc/k.json","line":6,"column":29,"value":false}]}},"#,
                r#""flags":{"hostnameOverride":"n1"}}"#
            )
        );
    }

    #[test]
    fn a_value_that_is_no_json_is_an_error() {
        for bad in ["", "{", "1 2", "NaN", "tru", "\"a"] {
            let by = source(Origin::Default, bad, Place::Target, "");
            let report = Report { settings: vec![setting("s", Effective::Known(decided(by)))], ..report() };
            let error = effective(&judged(&[], &report)).unwrap_err().to_string();
            assert!(error.contains("value of `s`"), "{bad}: {error}");
        }
    }

    #[test]
    fn values_become_compact_and_stay_the_same() {
        let compact = value("s", " { \"a b\\\" \\\\\" : [ 1e400 , 2.50 ] }\n").unwrap();
        assert_eq!(compact.get(), "{\"a b\\\" \\\\\":[1e400,2.50]}");
    }

    #[test]
    fn outcomes() {
        let refusal = |stage, versions: &[&str]| Refusal {
            versions: versions.iter().map(|version| version.to_string()).collect(),
            stage,
            message: message("no"),
            place: Place::Target,
        };
        let judge = |refusals: Vec<Refusal>| {
            let report = Report { versions: vec!["1.36".into(), "1.37".into()], refusals, ..report() };
            effective(&judged(&[], &report)).unwrap()
        };
        let all = judge(vec![refusal(Stage::Flags, &["1.36"]), refusal(Stage::Load, &["1.37"])]);
        assert!(all.contains(
            r#""outcome":"refuses","refusal":{"stage":"flags","id":"test","message":"no","versions":["1.36"]},"#
        ));
        let some = judge(vec![refusal(Stage::Flags, &["1.36"])]);
        assert!(some.contains(r#""outcome":"starts","refusal":{"stage":"flags""#), "{some}");
        let later = judge(vec![refusal(Stage::Run, &["1.36", "1.37"])]);
        assert!(
            later.contains(r#""outcome":"starts","laterRefusal":{"stage":"run","id":"test","message":"no"},"#),
            "{later}"
        );
    }

    #[test]
    fn edits_are_exact() {
        let documents = [file(1, "/k", "a: yes\nb: 1\n")];
        let Place::At(span) = span(&documents, 1, "1") else { panic!() };
        let edits = vec![model::Edit { span, text: b"2".to_vec() }];
        let problem = Problem { severity: Severity::Low, edits, ..problem("p", Place::Whole(1)) };
        let report = Report { problems: vec![problem], ..report() };
        let line = check(&judged(&documents, &report)).unwrap();
        let edit = r#""edits":[{"path":"/k","line":2,"column":4,"endLine":2,"endColumn":5,"start":10,"end":11,"replacement":"2"}]"#;
        assert!(line.contains(edit), "{line}");
    }

    #[test]
    fn a_long_text_is_clipped_at_a_character() {
        assert_eq!(clipped("ü".repeat(300).as_bytes()), "ü".repeat(200) + "…");
        assert_eq!(clipped("ü".repeat(200).as_bytes()), "ü".repeat(200));
    }

    #[test]
    fn withheld_text_is_nowhere() {
        let documents = [file(1, "/k", "secret")];
        let by = source(Origin::ConfigFile, "\"secret\"", span(&documents, 1, "secret"), "secret");
        let by_keys = Decided { keys: vec![("secret".into(), by.clone())], ..decided(by.clone()) };
        let report = Report {
            settings: vec![setting("s", Effective::Known(by_keys)), flag("f", decided(by))],
            withheld: vec![Span { document: 1, part: 0, start: 2, end: 3 }],
            ..report()
        };
        let line = effective(&judged(&documents, &report)).unwrap();
        let source = r#"{"origin":"config-file","path":"/k","line":1,"column":1,"withheld":true}"#;
        assert!(line.contains(&format!(r#"{{"s":{{"withheld":true,"source":{source}}}}}"#)), "{line}");
        assert!(line.contains(r#""flags":{"f":{"withheld":true}}"#) && !line.contains("secret"), "{line}");
    }
}
