//! What a CI system is told of a target, worst first, the same in all formats.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use kubevet_rules::Language;
use kubevet_rules::model::{Edit, Finding, Message, Place, Problem, Refusal, Severity, Status, Want};
use sha2::{Digest, Sha256};

use crate::places::Places;
use crate::site::Site;
use crate::{Context, Judged, Notice, Standing, escape, words};

/// The rule of what was wanted and not answered.
pub(crate) const UNMET: &str = "unmet";

/// The rule of a target on which there is no finding at all.
pub(crate) const NOT_JUDGED: &str = "not-judged";

/// The length of a fingerprint in bytes: none is met twice by chance, and none can be made to be.
const FINGERPRINT: usize = 16;

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Note,
    Warning,
    Error,
}

impl Level {
    /// That of what is wrong with a target although it works.
    pub(crate) fn of_severity(severity: Severity, strict: bool) -> Level {
        match severity {
            Severity::Low => Level::Note,
            _ if strict => Level::Error,
            _ => Level::Warning,
        }
    }

    /// That of what is to be said of a run as a whole.
    pub(crate) fn of_notice(notice: &Notice, strict: bool) -> Level {
        if notice.is_error() { Level::Error } else { Level::of_severity(notice.severity, strict) }
    }

    fn of_finding(finding: &Finding) -> Option<Level> {
        match (finding.status, finding.severity) {
            (Status::Fail, Severity::Low) | (Status::Undetermined, _) => Some(Level::Warning),
            (Status::Fail, _) => Some(Level::Error),
            (Status::Manual, _) => Some(Level::Note),
            (Status::Pass | Status::NotApplicable, _) => None,
        }
    }
}

/// Something that a CI system is told.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// The check, or the id of the message.
    pub rule: &'a str,
    pub level: Level,
    pub severity: Severity,
    pub standing: Standing<'a>,
    /// One sentence; untrusted.
    pub message: Cow<'a, str>,
    pub place: Place,
    /// The finding, if it is one.
    pub finding: Option<&'a Finding>,
    /// The edits that mend a problem.
    pub edits: &'a [Edit],
    /// The same for the same thing in the next run, wherever it stands in its file then.
    pub fingerprint: String,
    /// The other checks that are undetermined for this reason, if it stands for them, too.
    pub others: Vec<&'a str>,
}

impl<'a> Entry<'a> {
    fn new(rule: &'a str, severity: Severity, level: Level, message: impl Into<Cow<'a, str>>) -> Entry<'a> {
        Entry {
            rule,
            level,
            severity,
            standing: Standing::Open,
            message: message.into(),
            place: Place::Target,
            finding: None,
            edits: &[],
            fingerprint: String::new(),
            others: vec![],
        }
    }

    fn of_finding(finding: &'a Finding, standing: Standing<'a>) -> Option<Entry<'a>> {
        let level = Level::of_finding(finding)?;
        let entry = Entry::new(&finding.check, finding.severity, level, &finding.message.text);
        Some(Entry { standing, place: finding.primary.place, finding: Some(finding), ..entry })
    }

    fn of_problem(problem: &'a Problem, fails: bool) -> Entry<'a> {
        let Problem { severity, message, place, edits } = problem;
        let level = Level::of_severity(*severity, fails);
        Entry { place: *place, edits, ..Entry::new(&message.id, *severity, level, &message.text) }
    }

    fn of_refusal(refusal: &'a Refusal) -> Entry<'a> {
        let Refusal { message, place, .. } = refusal;
        Entry { place: *place, ..Entry::new(&message.id, Severity::High, Level::Warning, &message.text) }
    }

    /// What was wanted and not answered.
    pub(crate) fn of_want(want: &Want, language: Language) -> Entry<'a> {
        let want = words::want(want, language);
        let text = language.choose(format!("not answered: {want}"), format!("取得できませんでした: {want}"));
        Entry::new(UNMET, Severity::Medium, Level::Warning, text)
    }

    /// What it is, in a line: the check or the problem, and its sentence.
    pub(crate) fn title(&self, language: Language) -> String {
        let message = escape::text(&self.message);
        match self.others.len() {
            0 => format!("{}: {message}", escape::text(self.rule)),
            others => format!("{}: {message}", words::count(language, 1 + others, "check", "チェック")),
        }
    }

    /// The checks, if it stands for several.
    pub(crate) fn names(&self) -> Option<String> {
        let names = std::iter::once(&self.rule).chain(&self.others).map(|name| escape::text(name));
        (!self.others.is_empty()).then(|| names.collect::<Vec<_>>().join(", "))
    }

    /// All that there is to know beside its sentence, in lines: where, if that is not in a file of the project, why, and what to do.
    pub(crate) fn details(&self, language: Language, places: &Places<'_>, site: &Site<'_>) -> Vec<String> {
        let mut lines: Vec<_> = self.names().into_iter().collect();
        if !site.is_in_project() && self.place != Place::Target {
            lines.push(site.location.to_string());
        }
        let Some(finding) = self.finding else { return lines };
        let label = &finding.primary.label.text;
        if !label.is_empty() && *label != finding.message.text {
            lines.push(escape::text(label).into_owned());
        }
        for related in &finding.related {
            lines.push(format!("{}: {}", escape::text(&related.label.text), places.locate(&related.place)));
        }
        lines.extend(finding.notes.iter().map(|note| escape::text(&note.text).into_owned()));
        lines.extend(self.help(language));
        lines.extend(standing(language, self.standing));
        lines
    }

    /// What to do, in lines.
    pub(crate) fn help(&self, language: Language) -> Vec<String> {
        let remedies = self.finding.iter().flat_map(|finding| &finding.remedies);
        let help = language.choose("help", "対処");
        remedies.map(|remedy| format!("{help}: {}", escape::text(&remedy.text.text))).collect()
    }
}

/// Why the project bears with something, if it does.
pub(crate) fn standing(language: Language, standing: Standing<'_>) -> Option<String> {
    match standing {
        Standing::Open => None,
        Standing::Waived(waiver) => Some(words::waiver(language, waiver)),
        Standing::Known => Some(words::known(language).into()),
    }
}

/// What a CI system is told of a target, worst first; with what the project bears with.
pub(crate) fn entries<'a>(context: &Context<'_>, judged: &Judged<'a>) -> Vec<Entry<'a>> {
    let (report, language) = (judged.report, context.language());
    let mut entries: Vec<Entry<'a>> =
        judged.findings().filter_map(|(finding, standing)| Entry::of_finding(finding, standing)).collect();
    if report.findings.is_empty() {
        let text = language.choose("nothing was judged", "何も判定されませんでした");
        entries.push(Entry::new(NOT_JUDGED, Severity::High, Level::Error, text));
    }
    // What keeps the kubelet from starting is mostly told by a finding.
    let told =
        |refusal: &Refusal| entries.iter().any(|entry| entry.place == refusal.place && entry.level > Level::Note);
    let refusals: Vec<_> = report.refusals.iter().filter(|refusal| !told(refusal)).map(Entry::of_refusal).collect();
    entries.extend(refusals);
    entries.extend(report.problems.iter().map(|problem| Entry::of_problem(problem, judged.fails(problem, context))));
    entries.extend(report.unmet.iter().map(|want| Entry::of_want(want, language)));
    sign(context, judged, &mut entries);
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.level, entry.severity)));
    entries
}

/// As [`entries`], without what the project bears with; what is undetermined for one reason is one.
pub(crate) fn open_entries<'a>(context: &Context<'_>, judged: &Judged<'a>) -> Vec<Entry<'a>> {
    let mut together: Vec<Entry<'a>> = vec![];
    let mut reasons: HashMap<(&Message, Place), usize> = HashMap::new();
    for entry in entries(context, judged).into_iter().filter(|entry| entry.standing == Standing::Open) {
        if let Some(finding) = entry.finding.filter(|finding| finding.status == Status::Undetermined) {
            let reason = (&finding.message, finding.primary.place);
            if let Some(at) = reasons.get(&reason) {
                together[*at].others.push(entry.rule);
                continue;
            }
            reasons.insert(reason, together.len());
        }
        together.push(entry);
    }
    together
}

/// Gives each entry its fingerprint: that of its rule and file, and of the deciding text of a problem, which a file may
/// have many of. What is withheld leaves no trace in it.
fn sign(context: &Context<'_>, judged: &Judged<'_>, entries: &mut [Entry<'_>]) {
    let places = Places::new(judged.documents, &judged.report.withheld);
    let mut seen: HashMap<String, u32> = HashMap::new();
    for entry in entries {
        let site = Site::of(context, judged, &places, &entry.place);
        let path = site.file.as_ref().map(|file| file.path()).unwrap_or_default();
        let text = site.location.spot.as_ref().and_then(|spot| spot.text).filter(|_| entry.finding.is_none());
        // One that stands for a want is known by its words alone.
        let words = if entry.rule == UNMET { entry.message.as_bytes() } else { b"" };
        let parts = [judged.id.as_bytes(), entry.rule.as_bytes(), path, text.unwrap_or_default(), words];
        let fingerprint = fingerprint(&parts);
        let count = seen.entry(fingerprint.clone()).or_default();
        entry.fingerprint =
            if *count == 0 { fingerprint } else { self::fingerprint(&[fingerprint.as_bytes(), &count.to_le_bytes()]) };
        *count += 1;
    }
}

/// A fingerprint of some texts, in hexadecimal digits.
pub(crate) fn fingerprint(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()[..FINGERPRINT].iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;
    use kubevet_rules::model::Report;

    fn problems(text: &str, wrong: &[&str]) -> Vec<String> {
        let documents = [file(1, "k.json", text)];
        let problems = wrong.iter().map(|wrong| problem("no such key", span(&documents, 1, wrong))).collect();
        let report = Report { problems, findings: vec![finding("c", Status::Fail, "bad")], ..report() };
        let judged = Judged::new("k.json", &documents, &report);
        entries(&Context::default(), &judged).into_iter().map(|entry| entry.fingerprint).collect()
    }

    #[test]
    fn a_fingerprint_does_not_depend_on_the_line() {
        let (before, after) = (problems("a: 1\nb: 2", &["a", "b"]), problems("\n\n# x\nb: 2\n a: 1", &["a", "b"]));
        assert_eq!(before, after);
        let mut unique = before.clone();
        unique.sort();
        unique.dedup();
        assert_eq!((before.len(), unique.len()), (3, 3), "{before:?}");
    }

    #[test]
    fn the_same_thing_twice_has_two_fingerprints() {
        let twice = problems("a: 1", &["a", "a"]);
        assert_ne!(twice[1], twice[2]);
    }

    #[test]
    fn what_is_withheld_leaves_no_trace() {
        let sign = |secret: &str| {
            let documents = [file(1, "k.json", secret)];
            let withheld = vec![kubevet_rules::model::Span { document: 1, part: 0, start: 0, end: 3 }];
            let report = Report { withheld, problems: vec![problem("p", span(&documents, 1, secret))], ..report() };
            entries(&Context::default(), &Judged::new("k.json", &documents, &report)).pop().unwrap().fingerprint
        };
        assert_eq!(sign("abc"), sign("xyz"));
    }

    #[test]
    fn the_worst_is_first_and_what_is_undetermined_for_one_reason_is_one() {
        let mut findings = vec![finding("m", Status::Manual, "look"), finding("p", Status::Pass, "fine")];
        findings
            .extend(["a", "b", "c"].map(|check| finding(check, Status::Undetermined, "the kubelet would not start")));
        findings.push(Finding { severity: Severity::Low, ..finding("low", Status::Fail, "no") });
        findings.push(Finding { severity: Severity::Critical, ..finding("critical", Status::Fail, "no") });
        let report = Report { findings, unmet: vec![Want::LiveConfiguration], ..report() };
        let judged = Judged::new("n", &[], &report);
        let told = open_entries(&Context::default(), &judged);
        let told: Vec<_> = told.iter().map(|entry| (entry.rule, entry.others.len())).collect();
        assert_eq!(told, [("critical", 0), ("a", 2), (UNMET, 0), ("low", 0), ("m", 0)]);
        assert_eq!(open_entries(&Context::default(), &judged)[1].names().unwrap(), "a, b, c");
        assert_eq!(entries(&Context::default(), &judged).len(), 7);
    }

    #[test]
    fn a_target_on_which_nothing_was_found_is_told() {
        let report = report();
        let told = entries(&Context::default(), &Judged::new("n", &[], &report));
        assert_eq!((told[0].rule, told[0].level), (NOT_JUDGED, Level::Error));
    }

    #[test]
    fn a_refusal_is_told_once() {
        let refusal = |place| Refusal {
            versions: vec![],
            stage: kubevet_rules::model::Stage::Load,
            message: message("no"),
            place,
        };
        let documents = [file(1, "k.json", "a: 1")];
        let fail = Finding { primary: evidence(Place::Whole(1), ""), ..finding("kubelet-starts", Status::Fail, "no") };
        let refusals = vec![refusal(Place::Whole(1)), refusal(span(&documents, 1, "a"))];
        let report = Report { findings: vec![fail], refusals, ..report() };
        let told = entries(&Context::default(), &Judged::new("k.json", &documents, &report));
        assert_eq!(told.iter().map(|entry| entry.rule).collect::<Vec<_>>(), ["kubelet-starts", "test"]);
    }
}
