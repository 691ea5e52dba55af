//! The way from a target to its report.

use kubevet_report::{Context, Format, Judged, human, json, mask};
use kubevet_rules::model::{
    Branch, Content, Document, Edit, Effective, Error, Evidence, Finding, Options, Outcome, Place, Problem, Report,
    Source, Span, Stage, Status, Want,
};

use kubevet_rules::text::read;

use crate::bounds::within;
use crate::case::{CANARY, Case, documents};
use crate::texts::{check_span, is_json};

/// What any target may take, what every byte of it may, and what aliases may take beyond that. Without a version there are
/// as many configurations as versions, and each version's findings and problems may quote a line.
const MEMORY: usize = 8 << 20;
const MEMORY_BY_BYTE: usize = 4_000;
const MEMORY_OF_ALIASES: usize = 512 << 20;

/// What has to hold for a target.
pub fn judge(case: &Case) {
    let options = case.options();
    let most = MEMORY + MEMORY_BY_BYTE * case.length() + if case.has_aliases() { MEMORY_OF_ALIASES } else { 0 };
    let answer = within(most, || evaluate(case, &options));
    // What takes another judgement is asked in turn: that is as good for many inputs, and faster.
    let turn = case.length();
    if turn.is_multiple_of(4) {
        assert_eq!(answer, evaluate(case, &options));
    }
    let Ok((documents, report)) = answer else { return };
    check_places(&documents, &report);
    check_statuses(&report);
    let written = Written::new(&documents, &report, turn.is_multiple_of(3));
    check_secrets(&documents, &report, &written);
    check_masked(&documents, &options, &report, &written);
    check_remedies(&documents, &options, &report);
    if turn % 4 == 1 {
        check_version(&documents, &options, &report, turn / 4);
    }
}

/// Names of files that are more than names.
const NAMES: [&str; 5] = [
    "input.yaml",
    "kubeletconfiguration0+merge.yaml",
    "kubeletconfiguration+json.json",
    "args/kubelet",
    "kubelet.service.d/10.conf",
];

/// What a file may take: its values are trees, and every input has a part of them.
const MEMORY_OF_INPUTS: usize = 64 << 20;

/// What has to hold for a file of a repository, and for each of its inputs.
pub fn inputs(bytes: &[u8]) {
    let name = NAMES[bytes.len() % NAMES.len()].as_bytes();
    let most = MEMORY + MEMORY_OF_INPUTS + MEMORY_BY_BYTE * bytes.len();
    let found = within(most, || kubevet_rules::recognise(name, bytes, "ja"));
    for (at, input) in found.iter().enumerate() {
        check_span(&(input.span.start as usize..input.span.end as usize), bytes);
        assert!(found[..at].iter().all(|earlier| earlier.id != input.id), "{} is there twice", input.id);
    }
    for input in found.iter().take(3) {
        let answers = Want::File(name.to_vec());
        let documents = [Document { id: 3, answers, outcome: Outcome::Found(Content::File(bytes.to_vec())) }];
        let values = vec![("input".to_owned(), input.id.clone()), ("version".to_owned(), "1.34".to_owned())];
        let options = Options { list_settings: true, values, ..Options::default() };
        assert_eq!(kubevet_rules::plan(&documents, &options), Ok(vec![]));
        let report = within(2 * most, || kubevet_rules::evaluate(&documents, &options)).unwrap();
        assert!(report.unmet.is_empty(), "{:?}", report.unmet);
        check_places(&documents, &report);
        check_statuses(&report);
        Written::new(&documents, &report, true);
        check_home(&documents, &report);
        check_remedies(&documents, &options, &report);
    }
}

/// No place is that of a document that stands nowhere.
fn check_home(documents: &[Document], report: &Report) {
    for finding in &report.findings {
        assert!(matches!(finding.primary.place, Place::At(span) if span.document == documents[0].id));
    }
}

/// The documents that are wanted, and the report on them; or why the options are not understood.
fn evaluate(case: &Case, options: &Options) -> Result<(Vec<Document>, Report), Error> {
    kubevet_rules::plan(&[], options)?;
    let documents = documents(case, |known| kubevet_rules::plan(known, options).unwrap());
    let report = kubevet_rules::evaluate(&documents, options).unwrap();
    let is_unusable = |want: &Want| *want == Want::LiveConfiguration && case.answer(want) != Outcome::Unavailable;
    assert!(report.unmet.iter().all(is_unusable), "wanted, and not there: {:?}", report.unmet);
    Ok((documents, report))
}

/// Every place is one of these documents.
fn check_places(documents: &[Document], report: &Report) {
    let check = |place: &Place| check_place(documents, place);
    let check_edits = |edits: &[Edit]| edits.iter().for_each(|edit| check(&Place::At(edit.span)));
    let check_evidence = |evidence: &Evidence| check(&evidence.place);
    for Finding { primary, related, remedies, .. } in &report.findings {
        check_evidence(primary);
        related.iter().for_each(check_evidence);
        remedies.iter().for_each(|remedy| check_edits(&remedy.edits));
    }
    for problem in &report.problems {
        check(&problem.place);
        check_edits(&problem.edits);
    }
    report.refusals.iter().for_each(|refusal| check(&refusal.place));
    report.withheld.iter().for_each(|span| check(&Place::At(*span)));
    for Branch { effective, .. } in report.settings.iter().flat_map(|setting| &setting.branches) {
        if let Effective::Known(decided) = effective {
            assert!(is_json(decided.value.as_bytes()), "{} is not JSON", decided.value);
            let keys = decided.keys.iter().map(|(_, source)| source);
            for Source { place, value, .. } in decided.overridden.iter().chain(keys).chain([&decided.by]) {
                check(place);
                assert!(is_json(value.as_bytes()), "{value} is not JSON");
            }
        }
    }
}

fn check_place(documents: &[Document], place: &Place) {
    match place {
        Place::Target => {}
        Place::Whole(id) => assert!(documents.iter().any(|document| document.id == *id), "there is no document {id}"),
        Place::At(span) => {
            let bytes = part(documents, *span).unwrap_or_else(|| panic!("{span:?} is nowhere"));
            check_span(&(span.start as usize..span.end as usize), bytes);
        }
    }
}

/// The file or the argument that a span stands in.
fn part(documents: &[Document], span: Span) -> Option<&[u8]> {
    match &documents.iter().find(|document| document.id == span.document)?.outcome {
        Outcome::Found(Content::File(bytes)) => (span.part == 0).then_some(bytes),
        Outcome::Found(Content::Process(process)) => process.arguments.get(span.part as usize).map(Vec::as_slice),
        _ => None,
    }
}

/// A kubelet that does not start is told from one that does, and one without a configuration passes nothing.
fn check_statuses(report: &Report) {
    let refused = |version: &String, later: bool| {
        let refusals = report.refusals.iter().filter(|refusal| later || refusal.stage != Stage::Run);
        refusals.flat_map(|refusal| &refusal.versions).any(|refused| refused == version)
    };
    let starts = report.findings.iter().find(|finding| finding.check == "kubelet-starts").unwrap().status;
    let all_refuse = report.versions.iter().all(|version| refused(version, true));
    assert_eq!(starts == Status::Fail, all_refuse, "{:?}", report.refusals);
    if report.versions.iter().all(|version| refused(version, false)) {
        assert!(report.findings.iter().all(|finding| finding.status != Status::Pass));
    }
}

/// The report in all its forms, and whether those for people are coloured.
struct Written {
    forms: Vec<String>,
    color: bool,
}

impl Written {
    /// Writes it. JSON is JSON in a line, and nothing moves a terminal's cursor.
    fn new(documents: &[Document], report: &Report, color: bool) -> Written {
        let judged = Judged::new("a target", documents, report);
        let show = vec![Status::Pass, Status::Fail, Status::Manual, Status::NotApplicable, Status::Undetermined];
        let options = human::Options { color, show, show_borne: true, ..Default::default() };
        let lines = [json::check(&judged).unwrap(), json::effective(&judged).unwrap()];
        for line in &lines {
            assert!(is_json(line.as_bytes()) && !line.contains(char::is_control), "{line}");
        }
        let texts = [human::check(&judged, &options), human::effective(&judged, &options)];
        for text in &texts {
            let plain = without_colors(text);
            assert!(!plain.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
        }
        let in_formats = Format::ALL.iter().map(|format| in_format(*format, &judged));
        Written { forms: lines.into_iter().chain(texts).chain(in_formats).collect(), color }
    }

    fn shows(&self, text: &str) -> bool {
        self.forms.iter().any(|written| written.contains(text))
    }
}

/// A whole report in one format: nothing moves a terminal's cursor, and JSON is JSON.
fn in_format(format: Format, judged: &Judged<'_>) -> String {
    let mut reporter = format.reporter(Context::default());
    let mut out = vec![];
    reporter.begin(&mut out).unwrap();
    reporter.target(judged, &mut out).unwrap();
    reporter.end(&[], &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains(|character: char| character.is_control() && character != '\n'), "{text:?}");
    assert!(
        !matches!(format, Format::Sarif | Format::Gitlab | Format::KubeBench) || is_json(text.trim_end().as_bytes())
    );
    text
}

/// A text without the escape sequences that colour it.
fn without_colors(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    let colored = |piece: &str| {
        let (numbers, rest) = piece.split_once('m').unwrap_or_else(|| panic!("no colour: {piece:?}"));
        assert!(numbers.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "no colour: {piece:?}");
        rest.to_owned()
    };
    first + &pieces.map(colored).collect::<String>()
}

/// What is withheld is not shown, and what is no KubeletConfiguration is withheld.
fn check_secrets(documents: &[Document], report: &Report, written: &Written) {
    let may_be_shown = |document: &Document, part: u32, bytes: &[u8]| {
        let word = match (&document.answers, &document.outcome) {
            (Want::LiveConfiguration, _) => Some("kubeletconfig"),
            (_, Outcome::Found(Content::File(_))) => Some("KubeletConfiguration"),
            _ => None,
        };
        let is_other = word.is_some_and(|word| is_of_another_kind(bytes, word)) && !counts(report, document);
        let mut bytes = if is_other { vec![] } else { bytes.to_vec() };
        for span in report.withheld.iter().filter(|span| (span.document, span.part) == (document.id, part)) {
            let end = bytes.len().min(span.end as usize);
            bytes[..end].iter_mut().skip(span.start as usize).for_each(|byte| *byte = b' ');
        }
        // A byte order mark is not shown, so that what stands around it may read as one word.
        String::from_utf8_lossy(&bytes).replace('\u{feff}', "").contains(CANARY)
    };
    let shown_somewhere = documents.iter().any(|document| match &document.outcome {
        Outcome::Found(Content::File(bytes)) => may_be_shown(document, 0, bytes),
        Outcome::Found(Content::Process(process)) => {
            process.arguments.iter().zip(0..).any(|(argument, part)| may_be_shown(document, part, argument))
        }
        _ => false,
    });
    assert!(shown_somewhere || !written.shows(CANARY), "a secret is shown: {:?}", written.forms);
}

/// Whether this is a drop-in of another kind of which some versions take the kubelet's keys: these may be shown.
fn counts(report: &Report, document: &Document) -> bool {
    let says_so = |problem: &Problem| {
        problem.message.id == "drop-in-of-another-kind" && problem.place == Place::Whole(document.id)
    };
    report.problems.iter().any(says_so)
}

/// Whether a document cannot be what has this word in it, whatever is made of it: the word is not there, and there is no
/// other way to write it.
fn is_of_another_kind(bytes: &[u8], word: &str) -> bool {
    let is_plain = std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(|byte| matches!(byte, b'\\' | b'!'));
    is_plain && !contains(bytes, word)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A recorded target, in which what is withheld is masked, is judged as the true one was: with the same words and places, in
/// all forms of the report.
fn check_masked(documents: &[Document], options: &Options, report: &Report, written: &Written) {
    if report.withheld.is_empty() || documents.iter().any(is_masked_otherwise) {
        return;
    }
    let mut masked = documents.to_vec();
    mask(&mut masked, &report.withheld);
    let replayed = kubevet_rules::evaluate(&masked, options).unwrap();
    let again = Written::new(&masked, &replayed, written.color);
    for (now, before) in again.forms.iter().zip(&written.forms) {
        let parts = |text: &str| text.split_inclusive([',', '\n']).map(str::to_owned).collect::<Vec<_>>();
        let (now, before) = (parts(now), parts(before));
        let differs = (0..now.len().max(before.len())).find(|at| now.get(*at) != before.get(*at));
        let around = |parts: &[String]| {
            differs.map(|at| parts.iter().skip(at.saturating_sub(3)).take(6).cloned().collect::<String>())
        };
        assert!(differs.is_none(), "masked: {:?}\nbefore: {:?}\n{}", around(&now), around(&before), shown(&masked));
    }
}

/// Whether a file may have what masking does not keep (docs/fidelity.md): a point in time, columns in UTF-16 beyond ASCII.
fn is_masked_otherwise(document: &Document) -> bool {
    let Outcome::Found(Content::File(bytes)) = &document.outcome else { return false };
    let is_utf16 = matches!(&**bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    contains(bytes, "timestamp") || is_utf16 && bytes[2..].chunks(2).any(|unit| !unit.contains(&0))
}

/// Documents for people.
fn shown(documents: &[Document]) -> String {
    let text = |document: &Document| match &document.outcome {
        Outcome::Found(Content::File(bytes)) => format!("{}: {}", document.id, bytes.escape_ascii()),
        other => format!("{}: {other:?}", document.id),
    };
    documents.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// With its version given, a kubelet has the settings that it has among all versions.
fn check_version(documents: &[Document], options: &Options, report: &Report, turn: usize) {
    if report.versions.len() == 1 {
        return;
    }
    let version = &report.versions[turn % report.versions.len()];
    let mut options = options.clone();
    options.values.push(("version".into(), version.clone()));
    let alone = kubevet_rules::evaluate(documents, &options).unwrap();
    let refused = |report: &Report| {
        let refusal = report.refusals.iter().find(|refusal| refusal.versions.contains(version)).cloned();
        refusal.map(|refusal| (refusal.stage, refusal.message, refusal.place))
    };
    assert_eq!(refused(&alone), refused(report));
    if !report.refusals.is_empty() {
        // Only the versions that start have settings.
        return;
    }
    let settings = |report: &Report| {
        let branch = |branch: &&Branch| branch.versions.contains(version);
        let settings = report.settings.iter();
        let settings = settings.filter_map(|setting| {
            let branch = setting.branches.iter().find(branch)?;
            Some((setting.name.clone(), branch.effective.clone()))
        });
        let mut settings: Vec<_> = settings.collect();
        settings.sort_by(|(a, _), (b, _)| a.cmp(b));
        settings
    };
    assert_eq!(settings(&alone), settings(report));
}

/// What is advised helps, where nothing is said to stand in the way: after a restart, so that what runs is not known.
fn check_remedies(documents: &[Document], options: &Options, report: &Report) {
    for finding in report.findings.iter().filter(|finding| finding.status == Status::Fail) {
        for remedy in finding.remedies.iter().filter(|remedy| !remedy.edits.is_empty() && remedy.blocked.is_none()) {
            let mut edited = edited(documents, &remedy.edits);
            edited.retain(|document| document.answers != Want::LiveConfiguration);
            let after = kubevet_rules::evaluate(&edited, options).unwrap();
            let after = after.findings.iter().find(|after| after.check == finding.check).unwrap();
            assert_eq!(after.status, Status::Pass, "{:?} does not help: {after:?}", remedy.edits);
        }
    }
    for problem in report.problems.iter().filter(|problem| !problem.edits.is_empty()) {
        let edited = edited(documents, &problem.edits);
        let readable = |documents: &[Document]| documents.iter().map(is_readable).collect::<Vec<_>>();
        assert_eq!(readable(&edited), readable(documents), "{:?} breaks it", problem.edits);
    }
}

fn is_readable(document: &Document) -> bool {
    matches!(&document.outcome, Outcome::Found(Content::File(bytes)) if read(bytes).is_ok())
}

fn edited(documents: &[Document], edits: &[Edit]) -> Vec<Document> {
    let mut documents = documents.to_vec();
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
    for Edit { span, text } in edits {
        let document = documents.iter_mut().find(|document| document.id == span.document);
        if let Some(Outcome::Found(Content::File(bytes))) = document.map(|document| &mut document.outcome) {
            bytes.splice(span.start as usize..span.end as usize, text.iter().copied());
        }
    }
    documents
}
