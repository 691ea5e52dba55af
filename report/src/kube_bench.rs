//! The JSON of kube-bench, for what reads that already: the same keys in the same order, an object of `Controls` for each
//! target and benchmark. Words are kubevet's own; what reads them goes by `test_number`.
//!
//! What kube-bench has no state for is never a pass: what is undetermined is `WARN`; what does not apply or the project
//! bears with is `INFO`. A finding that no benchmark asks for, such as `kubelet-starts`, is there only if it is not fine. So is what
//! was wanted and not answered, without which the judgement is incomplete: `unmet`, which is `WARN`; and what else fails the run, such
//! as a problem where the run is strict: `FAIL`, by its id. What is only to be known has no room.

use std::collections::BTreeMap;
use std::io::Write;

use kubevet_rules::model::{Finding, Section, Status};
use serde::Serialize;

use crate::entry::{self, Entry, Level};
use crate::format::Error;
use crate::places::Places;
use crate::{Context, Judged, Notice, Reporter, Standing, json};

/// The group of what no benchmark asks for.
const OWN_GROUP: &str = "kubevet";

/// The report.
pub(crate) struct KubeBench<'c> {
    context: Context<'c>,
    is_begun: bool,
    totals: Counts,
}

impl<'c> KubeBench<'c> {
    pub(crate) fn new(context: Context<'c>) -> KubeBench<'c> {
        KubeBench { context, is_begun: false, totals: Counts::default() }
    }
}

impl Reporter for KubeBench<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        Ok(out.write_all(b"{\"Controls\":[")?)
    }

    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        self.controls(judged).iter().try_for_each(|controls| self.write(controls, out))
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        let strict = self.context.strict;
        let failing = notices.iter().filter(|notice| Level::of_notice(notice, strict) == Level::Error);
        let checks: Vec<_> = failing
            .map(|notice| {
                let path = notice.path.iter().map(|path| format!("{path}: ")).collect::<String>();
                let state = if notice.is_error() { State::Warn } else { State::Fail };
                beside(notice.id, &format!("{path}{}", notice.message), state)
            })
            .collect();
        if !checks.is_empty() {
            let controls =
                Controls::new(OWN_GROUP.into(), ("", ""), String::new(), vec![Group::new(OWN_GROUP, checks)]);
            self.write(&controls, out)?;
        }
        Ok(writeln!(out, "],\"Totals\":{}}}", json::line(&self.totals)?)?)
    }
}

impl KubeBench<'_> {
    fn write(&mut self, controls: &Controls, out: &mut dyn Write) -> Result<(), Error> {
        self.totals.add(&controls.totals);
        let between = if std::mem::replace(&mut self.is_begun, true) { "," } else { "" };
        Ok(write!(out, "{between}{}", json::line(controls)?)?)
    }

    /// Those of each benchmark, in its order.
    fn controls(&self, judged: &Judged<'_>) -> Vec<Controls> {
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(self.context.language());
        let mut by_benchmark: BTreeMap<(&str, &str), Vec<(&Section, CheckJson)>> = BTreeMap::new();
        let mut own = vec![];
        for (finding, standing) in judged.findings() {
            for section in &finding.sections {
                let chapter = section.number.split('.').next().unwrap_or_default();
                let check = self.check(&places, finding, standing, Some(section));
                by_benchmark.entry((&section.benchmark, chapter)).or_default().push((section, check));
            }
            if finding.sections.is_empty() && !matches!(finding.status, Status::Pass | Status::NotApplicable) {
                own.push(self.check(&places, finding, standing, None));
            }
        }
        let unmet = judged.report.unmet.iter().map(|want| Entry::of_want(want, self.context.language()));
        own.extend(unmet.map(|entry| beside(entry.rule, &entry.message, State::Warn)));
        let failing = judged.report.problems.iter().filter(|problem| judged.fails(problem, &self.context));
        own.extend(failing.map(|problem| beside(&problem.message.id, &problem.message.text, State::Fail)));
        let mut all: Vec<_> = by_benchmark
            .into_iter()
            .map(|((benchmark, chapter), checks)| self.benchmark(judged, benchmark, chapter, groups(checks)))
            .collect();
        if !own.is_empty() {
            let own = Group::new(OWN_GROUP, own);
            match all.first_mut() {
                Some(first) => {
                    first.totals.add_group(&own);
                    first.tests.insert(0, own);
                }
                None => all.push(self.benchmark(judged, "", "", vec![own])),
            }
        }
        all
    }

    fn benchmark(&self, judged: &Judged<'_>, benchmark: &str, chapter: &str, tests: Vec<Group>) -> Controls {
        let version = match judged.report.versions.as_slice() {
            [version] => version.clone(),
            _ => String::new(),
        };
        let text = format!("{}: {}", self.context.language().choose("Kubelet", "kubelet"), judged.id);
        Controls::new(text, (benchmark, chapter), version, tests)
    }

    fn check(
        &self,
        places: &Places<'_>,
        finding: &Finding,
        standing: Standing<'_>,
        section: Option<&Section>,
    ) -> CheckJson {
        let scored = section.is_none_or(|section| section.automated);
        let status = status(finding.status, standing, scored);
        let check = self.context.checks.iter().find(|check| check.id == finding.check);
        let remedies: Vec<_> = finding.remedies.iter().map(|remedy| remedy.text.text.as_str()).collect();
        let remediation = match (remedies.as_slice(), check) {
            ([], Some(check)) => {
                check.remedies.iter().find(|remedy| remedy.id == "any").map(|remedy| remedy.text.clone())
            }
            (remedies, _) => Some(remedies.join("\n")),
        };
        let remediation = remediation.unwrap_or_default();
        let label = &finding.primary.label.text;
        let why = entry::standing(self.context.language(), standing);
        let reason = match why {
            Some(why) => format!("{why} ({})", finding.message.text),
            None if status == State::Pass => String::new(),
            None => finding.message.text.clone(),
        };
        let spot = places.locate(&finding.primary.place).spot;
        CheckJson {
            test_number: section.map_or_else(|| finding.check.clone(), |section| section.number.clone()),
            test_desc: check.map_or_else(|| finding.check.clone(), |check| check.title.text.clone()),
            audit: String::new(),
            audit_env: String::new(),
            audit_config: String::new(),
            kind: match status {
                State::Info => "skip",
                _ if scored => "",
                _ => "manual",
            },
            test_info: vec![remediation.clone()],
            remediation,
            status,
            actual_value: spot
                .and_then(|spot| spot.text)
                .map(|text| json::clipped(text).into_owned())
                .unwrap_or_default(),
            scored,
            is_multiple: false,
            expected_result: if finding.status == Status::Fail { label.clone() } else { String::new() },
            reason,
        }
    }
}

/// What is no finding, as a check: there is no other room for it.
fn beside(id: &str, text: &str, status: State) -> CheckJson {
    CheckJson {
        test_number: id.to_owned(),
        test_desc: text.to_owned(),
        audit: String::new(),
        audit_env: String::new(),
        audit_config: String::new(),
        kind: "",
        remediation: String::new(),
        test_info: vec![String::new()],
        status,
        actual_value: String::new(),
        scored: true,
        is_multiple: false,
        expected_result: String::new(),
        reason: text.to_owned(),
    }
}

fn status(status: Status, standing: Standing<'_>, scored: bool) -> State {
    match (standing, status) {
        (Standing::Waived(_) | Standing::Known, _) | (_, Status::NotApplicable) => State::Info,
        (_, Status::Pass) => State::Pass,
        (_, Status::Fail) if scored => State::Fail,
        (_, Status::Fail | Status::Manual | Status::Undetermined) => State::Warn,
    }
}

/// The checks by the groups of their numbers, in the order of the numbers.
fn groups(checks: Vec<(&Section, CheckJson)>) -> Vec<Group> {
    let mut checks = checks;
    checks.sort_by_key(|(section, _)| ordinal(&section.number));
    let mut groups: Vec<(String, Vec<CheckJson>)> = vec![];
    for (section, check) in checks {
        let number = &section.number;
        let name = number.rsplit_once('.').map_or(number.as_str(), |(group, _)| group);
        match groups.last_mut() {
            Some((last, checks)) if last == name => checks.push(check),
            _ => groups.push((name.to_owned(), vec![check])),
        }
    }
    groups.into_iter().map(|(name, checks)| Group::new(&name, checks)).collect()
}

/// A number such as `4.2.10` in parts that have an order.
fn ordinal(number: &str) -> Vec<u32> {
    number.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}

#[derive(Serialize)]
struct Controls {
    id: String,
    version: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    detected_version: String,
    text: String,
    node_type: &'static str,
    tests: Vec<Group>,
    #[serde(flatten)]
    totals: Counts,
}

impl Controls {
    fn new(text: String, (benchmark, chapter): (&str, &str), detected_version: String, tests: Vec<Group>) -> Controls {
        let mut totals = Counts::default();
        tests.iter().for_each(|group| totals.add_group(group));
        let (id, version) = (chapter.to_owned(), benchmark.to_owned());
        Controls { id, version, detected_version, text, node_type: "node", tests, totals }
    }
}

#[derive(Default, Serialize)]
struct Counts {
    total_pass: usize,
    total_fail: usize,
    total_warn: usize,
    total_info: usize,
}

impl Counts {
    fn add(&mut self, other: &Counts) {
        self.total_pass += other.total_pass;
        self.total_fail += other.total_fail;
        self.total_warn += other.total_warn;
        self.total_info += other.total_info;
    }

    fn add_group(&mut self, group: &Group) {
        let Group { pass, fail, warn, info, .. } = *group;
        self.add(&Counts { total_pass: pass, total_fail: fail, total_warn: warn, total_info: info });
    }
}

#[derive(Serialize)]
struct Group {
    section: String,
    #[serde(rename = "type")]
    kind: &'static str,
    pass: usize,
    fail: usize,
    warn: usize,
    info: usize,
    desc: String,
    results: Vec<CheckJson>,
}

impl Group {
    fn new(section: &str, results: Vec<CheckJson>) -> Group {
        let count = |state| results.iter().filter(|check| check.status == state).count();
        Group {
            section: section.to_owned(),
            kind: "",
            pass: count(State::Pass),
            fail: count(State::Fail),
            warn: count(State::Warn),
            info: count(State::Info),
            desc: "Kubelet".to_owned(),
            results,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Pass,
    Fail,
    Warn,
    Info,
}

#[derive(Serialize)]
struct CheckJson {
    test_number: String,
    test_desc: String,
    audit: String,
    #[serde(rename = "AuditEnv")]
    audit_env: String,
    #[serde(rename = "AuditConfig")]
    audit_config: String,
    #[serde(rename = "type")]
    kind: &'static str,
    remediation: String,
    test_info: Vec<String>,
    status: State,
    actual_value: String,
    scored: bool,
    #[serde(rename = "IsMultiple")]
    is_multiple: bool,
    expected_result: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
}
