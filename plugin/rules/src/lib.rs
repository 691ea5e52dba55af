//! The rules of kubevet: what a kubelet really runs with, and the checks on it.
//!
//! Pure: no I/O, no clock, no environment, and no standard library through which to reach them. [`describe`], [`plan`]
//! and [`evaluate`] are the only doors.
#![cfg_attr(not(test), no_std)]

#[macro_use]
extern crate alloc;
#[cfg(test)]
extern crate self as kubevet_rules;

#[macro_use]
mod words;
#[macro_use]
mod message;
mod benchmarks;
mod by_version;
mod checks;
mod collections;
mod digits;
mod float;
mod input;
mod json;
mod judging;
mod kubelet;
mod natural;
mod pairs;
mod platform;
mod spelling;
#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;
pub mod text;

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use benchmarks::Edition;
use checks::CHECKS;
use judging::file;
use judging::selection::{AUTO, Selection, Selector};
use kubelet::surface::Version;
use kubelet::{Documents, Kubelet, Refused, Sources, Texts, effective, live};
use message::{Problem, Said, Words, message};
use model::{
    CheckKind, Content, Description, Document, Error, Input, Options, Outcome, Place, Refusal, Report, Severity, Span,
    Want,
};
use platform::{Platform, Recognised};

pub use kubelet::{FLAGS_UNKNOWN, STAND_IN};
pub use kubevet_contract::model;
pub use message::Language;

/// A minor version of the kubelet that the rules know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownVersion {
    /// Such as `1.37`.
    pub version: String,
    /// Whether the rules are held against answers of this kubelet's own code; where they are not, they follow its sources.
    pub proven: bool,
}

/// The versions that the rules know, oldest first.
pub fn versions() -> Vec<KnownVersion> {
    let known = |version: Version| KnownVersion { version: version.name(), proven: version.is_proven() };
    Version::all().map(known).collect()
}

/// What there is to choose from: platforms and benchmarks by their names for machines, with those for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Oldest first.
    pub versions: Vec<KnownVersion>,
    /// Such as `eks-al2023`.
    pub platforms: Vec<(&'static str, &'static str)>,
    /// Such as `aks-1.8`.
    pub benchmarks: Vec<(&'static str, String)>,
}

/// What the rules know.
pub fn known() -> Known {
    let title = |edition: &Edition| edition.title.in_language(Language::English).to_owned();
    Known {
        versions: versions(),
        platforms: platform::all().map(|platform| (platform.id, platform.name)).collect(),
        benchmarks: benchmarks::EDITIONS.iter().map(|edition| (edition.name, title(edition))).collect(),
    }
}

/// The option that names an input of a file.
const INPUT: &str = "input";

/// Whether the rules know the forms of inputs.
const HAS_FORMS: bool = cfg!(feature = "forms");

/// Whether remedies and problems come with edits.
const HAS_EDITS: bool = cfg!(feature = "edits");

/// Whether the rules read the live configuration.
const HAS_LIVE: bool = cfg!(feature = "live");

/// The options that `describe` declares, with their meaning.
const VALUES: [(&str, Words); 8] = [
    (
        "benchmark",
        words!(
            "an edition such as aks-1.8, or auto: by platform and version. May be given several times; without it, auto",
            "aks-1.8 などの版、または auto（プラットフォームとバージョンから選択）。複数指定可。省略時は auto"
        ),
    ),
    (
        INPUT,
        words!(
            "which input of the file is judged, by its id: the file is then the only document",
            "判定する入力の ID（文書はそのファイルのみ）"
        ),
    ),
    ("level", words!("1 or 2: the highest level whose sections count", "1 または 2: 対象とする最も高いレベル")),
    (
        "platform",
        words!(
            "the platform, such as aks, where it is not to be recognised",
            "自動判別しない場合のプラットフォーム（aks など）"
        ),
    ),
    (
        "require-explicit",
        words!(
            "true: a secure default is not enough, a source has to set the value",
            "true: 安全なデフォルト値では不十分とし、明示的な設定を求める"
        ),
    ),
    (
        "skip",
        words!(
            "a check or a section to leave out. May be given several times",
            "除外するチェックまたは項番。複数指定可"
        ),
    ),
    (
        "strict",
        words!(
            "true: a default that a benchmark accepts is not enough where it is weaker than what it asks for",
            "true: ベンチマークが許容するデフォルト値でも、要求より弱ければ不十分とする"
        ),
    ),
    (
        "version",
        words!(
            "the kubelet's version, such as 1.34.4; only the minor counts. Without it, all that are known are judged",
            "kubelet のバージョン（1.34.4 など）。マイナーバージョンのみ使用。省略時は既知の全バージョンを判定"
        ),
    ),
];

/// What this plugin is and can do.
pub fn describe(language: &str) -> Description {
    let language = Language::of(language);
    let option = |(key, words): &(&str, Words)| ((*key).to_owned(), message("option", *words).in_language(language));
    Description {
        id: "kubelet".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        languages: Language::TAGS.iter().map(|tag| (*tag).to_owned()).collect(),
        checks: CHECKS.iter().map(|check| check.description(language)).collect(),
        options: VALUES.iter().filter(|(key, _)| HAS_FORMS || *key != INPUT).map(option).collect(),
    }
}

/// The inputs that a file holds, by its content; its name counts only where a platform goes by it.
pub fn recognise(name: &[u8], content: &[u8], _language: &str) -> Vec<Input> {
    let inputs = if HAS_FORMS { input::recognise(name, content) } else { vec![] };
    inputs.iter().map(input::Input::described).collect()
}

/// What is wanted beside these documents; empty when nothing is.
///
/// # Errors
/// An option or a document that is not understood.
pub fn plan(documents: &[Document], options: &Options) -> Result<Vec<Want>, Error> {
    let chosen = Chosen::from(options)?;
    check_documents(documents)?;
    if chosen.input.is_some() {
        // The file that holds it is all that there is.
        return Ok(vec![]);
    }
    let texts = Texts::default();
    let Some(target) =
        Documents::new(documents, &texts).map(|target| target.of_version(chosen.patch, chosen.versions.len() == 1))
    else {
        return Ok(match documents {
            [] => vec![process_want()],
            [document] if matches!(document.answers, Want::Processes(_)) => live_want(),
            _ => vec![],
        });
    };
    let mut wants = union(chosen.versions.iter().map(|version| kubelet::wants(target, *version)));
    wants.extend(unanswered(live_want(), target));
    if target.is_running() {
        wants.extend(unanswered(platform::wants(), target));
        if wants.is_empty() {
            let kubelets: Vec<_> = chosen.versions.iter().map(|version| kubelet::run(target, *version)).collect();
            let kubelets: Vec<_> = kubelets.iter().collect();
            let chosen_checks = chosen.select(target, &kubelets)?;
            wants = chosen_checks.wants(target, &kubelets);
        }
    }
    Ok(wants)
}

/// The judgement on these documents. What is still wanted comes back in the report, and is never a pass.
///
/// # Errors
/// An option or a document that is not understood, or no document that describes the process.
pub fn evaluate(documents: &[Document], options: &Options) -> Result<Report, Error> {
    let language = Language::of(&options.language);
    let mut chosen = Chosen::from(options)?;
    check_documents(documents)?;
    let texts = Texts::default();
    let unpacked = match &chosen.input {
        Some(id) if HAS_FORMS => Some(input::unpack(documents, id)?),
        _ => None,
    };
    if let Some(unpacked) = &unpacked {
        chosen.take(unpacked)?;
    }
    let target = match &unpacked {
        Some(unpacked) => Documents::of_input(&unpacked.laid_out, &texts),
        None => Documents::new(documents, &texts),
    };
    let Some(target) = target.map(|target| target.of_version(chosen.patch, chosen.versions.len() == 1)) else {
        return Err(Error::BadDocument(documents.first().map_or(0, |document| document.id)));
    };
    let kubelets: Vec<_> = match &chosen.too_old {
        Some((_, message)) => {
            let mut kubelet = Kubelet::unknown(Version::oldest(), message.clone());
            kubelet.sources.named = kubelet::named_config(target, kubelet.version);
            vec![kubelet]
        }
        None => live::fitting(chosen.versions.iter().map(|version| kubelet::run(target, *version)).collect()),
    };
    let all: Vec<&Kubelet> = kubelets.iter().collect();
    // Versions under which the kubelet does not start say nothing about one that does; neither do those under which it
    // ends later, about one that runs.
    let starts = |kubelet: &&Kubelet| match target.is_running() {
        true => kubelet.refusal().is_none(),
        false => kubelet.refused.is_none(),
    };
    let starting: Vec<_> = all.iter().copied().filter(starts).collect();
    let judged = if starting.is_empty() { &all } else { &starting };
    let whether_it_starts = if target.is_running() { judged } else { &all };
    let refused = all.iter().filter_map(|kubelet| Some((kubelet.version, kubelet.refusal()?)));
    let refused = by_version::grouped(refused);
    let choice = chosen.select(target, judged)?;
    let mut unmet = union(kubelets.iter().map(|kubelet| kubelet.unmet.clone()));
    // Of a version that is not known, nothing was wanted.
    if unmet.is_empty() && target.is_running() && chosen.too_old.is_none() {
        unmet.extend(unanswered(platform::wants(), target));
        unmet.extend(choice.wants(target, judged));
    }
    let Choice { recognised, selection } = choice;
    let mut findings = vec![];
    for task in selection.tasks {
        let always = task.check.always;
        let kubelets = if always { whether_it_starts } else { judged };
        let check = task.check;
        let mut verdict = checks::verdict(&task, kubelets, target, recognised.platform, chosen.checks);
        if always && target.is_running() {
            verdict.notes.extend(running_notes(&refused, !starting.is_empty()));
        }
        findings.push(verdict.finding(check, task.sections, language));
    }
    let mut problems = chosen.problems;
    problems.extend(self::problems(judged));
    let live = judged.last().and_then(|kubelet| live::in_words(kubelet));
    if let Some(unpacked) = &unpacked {
        problems.extend(unpacked.problems.iter().cloned());
    }
    let in_words = unpacked.as_ref().map(input::Unpacked::in_words);
    let found = [platform_in_words(&recognised), sources(judged)];
    let context = in_words.into_iter().chain(found).chain(live).chain(selection.context);
    let report = Report {
        versions: match chosen.too_old {
            Some((version, _)) => vec![version],
            None => kubelets.iter().map(|kubelet| kubelet.version.name()).collect(),
        },
        context: context.map(|said| said.in_language(language)).collect(),
        refusals: refused.into_iter().map(|refused| refusal(refused, language)).collect(),
        settings: if options.list_settings { effective::settings(judged, language) } else { vec![] },
        findings,
        problems: problems.iter().map(|problem| problem.in_language(language)).collect(),
        unmet,
        withheld: withheld(&kubelets, target),
    };
    Ok(match unpacked {
        Some(unpacked) if HAS_FORMS => unpacked.brought_home(report, language),
        _ => report,
    })
}

fn platform_in_words(recognised: &Recognised) -> Said {
    let Recognised { platform, evidence } = recognised;
    let text = match evidence {
        None => words!("the platform is not recognised", "プラットフォームを判別できません").into(),
        Some(evidence) => {
            text!("{name}: {evidence}", "{name}: {evidence}", name = platform.name, evidence = evidence.clone())
        }
    };
    message("platform", text).with("platform", platform.id)
}

/// The files that the kubelet reads its configuration from, in words.
fn sources(kubelets: &[&Kubelet]) -> Said {
    let last = kubelets.last();
    let Sources { config, named, drop_ins, .. } = last.map(|kubelet| kubelet.sources.clone()).unwrap_or_default();
    // Without a configuration it has stopped before it read all that it is given.
    let has_stopped = last.is_some_and(|kubelet| kubelet.config.is_none() || kubelet.unknown.is_some());
    let number = digits::unsigned(drop_ins as u64);
    let count = &*number;
    let counted = match drop_ins {
        1 => text!("{count} drop-in", "ドロップイン {count} 件", count),
        _ => text!("{count} drop-ins", "ドロップイン {count} 件", count),
    };
    let text = match (config.is_empty(), drop_ins) {
        _ if last.is_some_and(|kubelet| kubelet.live.is_all) => {
            words!("the live configuration alone", "稼働中の設定のみ").into()
        }
        (true, 0) if !named.is_empty() => text!("{named} (not read)", "{named}（未読み込み）", named),
        (true, 0) if has_stopped => words!("no file was read", "ファイルは読み込まれていません").into(),
        (true, 0) => words!("flags alone", "フラグのみ").into(),
        (true, _) => counted,
        (false, 0) => config.clone().into(),
        (false, _) => text!("{file} + {counted}", "{file} + {counted}", file = &*config, counted),
    };
    message("sources", text).with("config", config).with("drop-ins", &*number)
}

/// What was found out about a target, and what follows for the checks.
struct Choice {
    recognised: Recognised,
    selection: Selection,
}

impl Choice {
    /// What is wanted beside the documents that the kubelet needs: only what its files look like from outside.
    fn wants(&self, target: Documents, kubelets: &[&Kubelet]) -> Vec<Want> {
        let tasks = || self.selection.tasks.iter();
        if !tasks().any(|task| task.check.kind == CheckKind::File) {
            return vec![];
        }
        let platform = self.recognised.platform;
        let wants = kubelets
            .iter()
            .map(|kubelet| file::wants(kubelet, target, platform, tasks().map(|task| task.asked.expect)));
        unanswered(union(wants), target).collect()
    }
}

/// What it means that a kubelet runs which would be refused.
fn running_notes(refused: &[(&Refused, Vec<Version>)], starts: bool) -> Vec<Said> {
    if !starts {
        let text = words!(
            "it runs all the same: it was started with other flags or files than these, or is of another version",
            "それでも動作しているため、これとは別のフラグやファイルで起動されたか、別のバージョンです"
        );
        return vec![message("runs-all-the-same", text)];
    }
    let left_out = |(refused, versions): &(&Refused, Vec<Version>)| {
        let text = text!(
            "it is none of {versions}, which would refuse this: {reason}",
            "{versions} であれば起動しないため、これらのバージョンではありません: {reason}",
            versions = versions.clone(),
            reason = refused.message.text.clone()
        );
        message("left-out", text)
    };
    refused.iter().map(left_out).collect()
}

fn process_want() -> Want {
    Want::Processes("kubelet".into())
}

fn live_want() -> Vec<Want> {
    if HAS_LIVE { vec![Want::LiveConfiguration] } else { vec![] }
}

/// The wants that no document answers.
fn unanswered(wants: Vec<Want>, target: Documents) -> impl Iterator<Item = Want> {
    wants.into_iter().filter(move |want| target.outcome(want).is_none())
}

/// The lists that differ; most of them are equal.
fn distinct<T: PartialEq>(lists: impl Iterator<Item = Vec<T>>) -> Vec<Vec<T>> {
    let mut seen: Vec<Vec<T>> = vec![];
    for list in lists {
        if !seen.contains(&list) {
            seen.push(list);
        }
    }
    seen
}

/// What is in any of these lists, which are short.
fn union<T: PartialEq>(lists: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    let mut lists = distinct(lists).into_iter();
    let mut all = lists.next().unwrap_or_default();
    for item in lists.flatten() {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    all
}

/// What must not be shown. Of a drop-in of another kind some versions take what they know, and the others nothing: what is
/// taken has to be there when the target is judged again.
fn withheld(kubelets: &[Kubelet], target: Documents) -> Vec<Span> {
    let takers: Vec<_> = kubelets.iter().filter(|kubelet| !kubelet.taken.is_empty()).collect();
    let is_of_taker = |span: &Span| takers.iter().any(|taker| taker.taken.contains(&span.document));
    let of_kubelets = kubelets.iter().map(|kubelet| {
        let spans = kubelet.withheld.iter();
        spans.filter(|span| kubelet.taken.contains(&span.document) || !is_of_taker(span)).copied().collect()
    });
    // Whatever the version, and whether it is known.
    let of_line = target.embedded.map(|line| line.withheld.clone());
    let of_unread = target.laid_out().is_none().then(|| target.withheld_unread());
    let lists = distinct(of_kubelets.chain(of_line).chain(of_unread));
    // A hostile document has very many.
    let spans = lists.concat();
    let key = |at: usize| (spans[at].document, spans[at].part, spans[at].start, spans[at].end);
    let repeated = collections::repeated(spans.len(), &|a, b| key(a).cmp(&key(b)));
    spans.iter().zip(repeated).filter(|(_, repeated)| !repeated).map(|(span, _)| *span).collect()
}

fn refusal((refused, versions): (&Refused, Vec<Version>), language: Language) -> Refusal {
    Refusal {
        versions: by_version::names(&versions),
        stage: refused.stage,
        message: refused.message.in_language(language),
        place: refused.place,
    }
}

/// The problems under all of these versions; one that only some of them have says so.
fn problems(kubelets: &[&Kubelet]) -> Vec<Problem> {
    let found = kubelets.iter().flat_map(|kubelet| kubelet.problems.iter().map(|problem| (kubelet.version, problem)));
    let problem = |(problem, versions): (&Problem, Vec<Version>)| {
        let mut problem = problem.clone();
        if versions.len() < kubelets.len() {
            problem.message.text = text!(
                "{what} (kubelet {versions})",
                "{what}（kubelet {versions}）",
                what = problem.message.text,
                versions
            );
        }
        problem
    };
    by_version::grouped(found).into_iter().map(problem).collect()
}

/// Documents have ids of their own, and answer what was asked.
fn check_documents(documents: &[Document]) -> Result<(), Error> {
    for (at, document) in documents.iter().enumerate() {
        let is_known = documents[..at].iter().any(|earlier| earlier.id == document.id);
        let answers = match (&document.answers, &document.outcome) {
            (Want::Processes(_), Outcome::Found(content)) => matches!(content, Content::Process(_)),
            (Want::File(_), Outcome::Found(content)) => matches!(content, Content::File(_) | Content::Metadata(_)),
            (Want::Directory(_), Outcome::Found(content)) => {
                matches!(content, Content::Directory(_) | Content::Metadata(_))
            }
            (Want::Metadata(_), Outcome::Found(content)) => matches!(content, Content::Metadata(_)),
            (Want::EnvironmentHas(_), Outcome::Found(content)) => matches!(content, Content::Present(_)),
            (Want::LiveConfiguration, Outcome::Found(content)) => matches!(content, Content::File(_)),
            _ => true,
        };
        if is_known || !answers {
            return Err(Error::BadDocument(document.id));
        }
    }
    Ok(())
}

/// The options, understood.
struct Chosen {
    /// All that are known, where the kubelet's is not; none, where it is too old.
    versions: Vec<Version>,
    /// The patch of that, where it is known.
    patch: Option<u64>,
    /// Whether the options name the version.
    version_is_given: bool,
    /// The version is older than all that are known: which it is, and that nothing is known of it.
    too_old: Option<(String, Said)>,
    selector: Selector,
    /// The platform, where it is given.
    platform: Option<&'static Platform>,
    /// Whether the input told it.
    platform_is_of_input: bool,
    /// The id of the input that is judged, where it is one.
    input: Option<String>,
    checks: judging::Options,
    /// What was not as the options asked.
    problems: Vec<Problem>,
}

impl Chosen {
    fn from(options: &Options) -> Result<Chosen, Error> {
        let mut chosen = Chosen {
            versions: Version::all().collect(),
            patch: None,
            version_is_given: false,
            too_old: None,
            selector: Selector { only: options.checks.clone(), ..Selector::default() },
            platform: None,
            platform_is_of_input: false,
            input: None,
            checks: judging::Options::default(),
            problems: vec![],
        };
        let mut version = None;
        for (key, value) in &options.values {
            let value = value.as_str();
            match (key.as_str(), value) {
                ("benchmark", AUTO) => chosen.selector.benchmarks.push(AUTO.into()),
                ("benchmark", name) if Edition::named(name).is_some() => chosen.selector.benchmarks.push(name.into()),
                (INPUT, id) if HAS_FORMS => chosen.input = Some(id.into()),
                ("level", "1" | "2") => chosen.selector.level = Some(if value == "1" { 1 } else { 2 }),
                ("platform", name) if platform::named(name).is_some() => chosen.platform = platform::named(name),
                ("require-explicit", "true" | "false") => chosen.checks.require_explicit = value == "true",
                ("skip", word) => chosen.selector.skip.push(word.into()),
                ("strict", "true" | "false") => chosen.checks.strict = value == "true",
                ("version", _) => version = Some(value),
                _ => return Err(Error::BadOption(bad_option(key, value))),
            }
        }
        if let Some(word) = chosen.selector.unknown_word() {
            return Err(Error::BadOption(["there is no check and no section `", word, "`"].concat()));
        }
        chosen.selector.check().map_err(Error::BadOption)?;
        chosen.choose_version(version)?;
        chosen.version_is_given = version.is_some();
        Ok(chosen)
    }

    /// What the input itself tells counts where the options do not.
    fn take(&mut self, unpacked: &input::Unpacked) -> Result<(), Error> {
        if self.platform.is_none() {
            self.platform = platform::named(unpacked.platform);
            self.platform_is_of_input = true;
        }
        if !self.version_is_given {
            self.choose_version(unpacked.version.as_deref())?;
        }
        Ok(())
    }

    /// What the target is, and which checks run on it. What it is shows best in the newest version that it may have.
    ///
    /// # Errors
    /// A word that selects nothing there.
    fn select(&self, target: Documents, kubelets: &[&Kubelet]) -> Result<Choice, Error> {
        let newest = kubelets.last().copied();
        let recognised = match self.platform {
            Some(platform) => {
                let evidence = match self.platform_is_of_input {
                    true => words!("the input is of a form for it", "このプラットフォーム用の形式の入力です"),
                    false => words!("as given", "指定どおり"),
                };
                Recognised { platform, evidence: Some(evidence.into()) }
            }
            None => platform::recognise(target, newest, self.input.is_some()),
        };
        let version = newest.map_or_else(Version::newest, |kubelet| kubelet.version);
        let selection =
            self.selector.select(&recognised, version, self.versions.len() == 1).map_err(Error::BadOption)?;
        Ok(Choice { recognised, selection })
    }

    /// Only the minor counts. Of what is older than is known, nothing is said. What is newer is judged as the newest that is
    /// known, and said so.
    fn choose_version(&mut self, words: Option<&str>) -> Result<(), Error> {
        let Some(words) = words else { return Ok(()) };
        let (oldest, newest) = (Version::oldest(), Version::newest());
        match Version::parse(words) {
            Ok(version) => {
                self.versions = vec![version];
                self.patch = Version::patch(words);
            }
            Err(Some(minor)) if minor > u32::from(newest.minor()) => {
                self.versions = vec![newest];
                let text = text!(
                    "kubelet `{given}` is newer than what kubevet knows; it is judged as {version}",
                    "kubelet `{given}` は kubevet が対応するバージョンより新しいため、{version} として判定します",
                    given = words,
                    version = newest.name()
                );
                let message = message("version-assumed", text);
                self.problems.push(Problem { severity: Severity::Low, message, place: Place::Target, edits: vec![] });
            }
            Err(Some(minor)) => {
                self.versions = vec![];
                let version = ["1.", &digits::unsigned(minor.into())].concat();
                let text = text!(
                    "kubelet {version} is older than what kubevet knows ({oldest} to {newest})",
                    "kubelet {version} は kubevet が対応するバージョン（{oldest}〜{newest}）より古いものです",
                    version = &*version,
                    oldest = oldest.name(),
                    newest = newest.name()
                );
                self.too_old = Some((version, message("version-too-old", text)));
            }
            Err(None) => {
                let (oldest, newest) = (oldest.name(), newest.name());
                let what =
                    ["`", words, "` is no version of the kubelet that kubevet knows (", &oldest, " to ", &newest, ")"];
                return Err(Error::BadOption(what.concat()));
            }
        }
        Ok(())
    }
}

/// What is wrong with an option; for a name that is not known, those that are.
fn bad_option(key: &str, value: &str) -> String {
    let list = |names: &mut dyn Iterator<Item = &'static str>| names.collect::<Vec<_>>().join(", ");
    match key {
        "benchmark" => {
            let known = list(&mut benchmarks::EDITIONS.iter().map(|edition| edition.name));
            ["there is no benchmark `", value, "`; there are ", AUTO, ", ", &known].concat()
        }
        "platform" => {
            let known = list(&mut platform::all().map(|platform| platform.id));
            ["there is no platform `", value, "`; there are ", &known].concat()
        }
        _ => ["`", key, "=", value, "` is no option of this plugin"].concat(),
    }
}
