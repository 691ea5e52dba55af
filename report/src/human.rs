//! The reports for people.

use crate::places::Places;
use crate::words::count;
use crate::{Context, Exit, Judged, Notice, Reporter, Standing, Tally, entry, escape, format, json, snippet, words};
use annotate_snippets::renderer::{AnsiColor, DEFAULT_TERM_WIDTH, Effects, Style};
use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin as File, Renderer};
use kubevet_rules::Language;
use kubevet_rules::model::{
    Check, Content, Decided, Edit, Effective, Evidence, Finding, Message, Origin, Outcome, Place, Problem, Refusal,
    Remedy, Report, Section, Setting, Severity, Source, Stage, Status,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How a report is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether colours are wanted.
    pub color: bool,
    /// The language of what stands around the plugin's texts.
    pub language: Language,
    /// The statuses whose findings are shown; the others are only counted.
    pub show: Vec<Status>,
    /// Whether findings are shown, too, that the project bears with.
    pub show_borne: bool,
    /// Whether targets are left out that pass, and have no problem that matters.
    pub quiet: bool,
    /// Whether what was not judged is told elsewhere, so that it is left out here.
    pub errors_told: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            color: false,
            language: Language::English,
            show: vec![Status::Fail, Status::Manual, Status::Undetermined],
            show_borne: false,
            quiet: false,
            errors_told: false,
        }
    }
}

/// Editions that are named with a finding, if there are more than these: the newest of each platform.
const FEW_SECTIONS: usize = 3;

/// Edits that are shown with a remedy; more are left to the machine formats.
const FEW_EDITS: usize = 4;

/// What was found out about the files that were read: it stands in the first line.
const SOURCES: &str = "sources";

/// The widest column of settings and their values, and the longest value shown.
const WIDEST_ROW: usize = 60;

/// The report on findings.
pub(crate) struct Findings(Blocks);

/// The report on settings.
pub(crate) struct Settings(Blocks);

impl Findings {
    pub(crate) fn new(context: Context<'_>) -> Findings {
        Findings(Blocks::new(context))
    }
}

impl Settings {
    pub(crate) fn new(context: Context<'_>) -> Settings {
        Settings(Blocks::new(context))
    }
}

impl Reporter for Findings {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), format::Error> {
        if self.0.options.quiet && Exit::of(judged, true) == Exit::Passed {
            return Ok(());
        }
        self.0.write(&check(judged, &self.0.options), out)
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), format::Error> {
        let is_quiet = self.0.options.quiet;
        self.0.end(notices, is_quiet, out)
    }
}

impl Reporter for Settings {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), format::Error> {
        self.0.write(&effective(judged, &self.0.options), out)
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), format::Error> {
        self.0.end(notices, false, out)
    }
}

/// Texts with an empty line between them.
struct Blocks {
    options: Options,
    strict: bool,
    is_first: bool,
}

impl Blocks {
    fn new(context: Context<'_>) -> Blocks {
        Blocks { options: context.human, strict: context.strict, is_first: true }
    }

    fn write(&mut self, block: &str, out: &mut dyn Write) -> Result<(), format::Error> {
        let between = if std::mem::take(&mut self.is_first) { "" } else { "\n" };
        // Somebody may run this in a CI system, and show a file there that somebody else wrote.
        Ok(write!(out, "{between}{}", escape::commands(block))?)
    }

    /// Notes are left out where the report is to be quiet, and errors where they are told elsewhere.
    fn end(&mut self, notices: &[Notice], is_quiet: bool, out: &mut dyn Write) -> Result<(), format::Error> {
        let errors_told = self.options.errors_told;
        let is_left_out =
            |notice: &Notice| is_quiet && notice.severity == Severity::Low || errors_told && notice.is_error();
        let said: Vec<_> = notices.iter().filter(|notice| !is_left_out(notice)).cloned().collect();
        if said.is_empty() { Ok(()) } else { self.write(&self::notices(&said, self.options.color, self.strict), out) }
    }
}

/// What is to be said of a run as a whole. A problem is an error where it fails the run.
fn notices(notices: &[Notice], color: bool, strict: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let shown = |notice: &Notice| {
        let level = match notice.severity {
            _ if notice.is_error() => Level::ERROR,
            Severity::Low => Level::NOTE,
            _ if strict => Level::ERROR,
            _ => Level::WARNING,
        };
        let title = level.primary_title(escape::text(&notice.message)).id(notice.id);
        let place = notice.path.as_deref().map(|path| match notice.line {
            Some(line) => File::path(format!("{}:{line}", escape::text(path))),
            None => File::path(escape::text(path)),
        });
        renderer.render(&[title.elements(place)]) + "\n"
    };
    notices.iter().map(shown).collect::<Vec<_>>().join("\n")
}

/// The findings and problems of a target, and a line that counts them.
pub fn check(judged: &Judged<'_>, options: &Options) -> String {
    let writer = Writer::new(judged, options);
    let mut blocks = vec![writer.header() + &writer.context()];
    blocks.extend(writer.one_liners());
    blocks.extend(writer.borne());
    for status in [Status::Fail, Status::Undetermined, Status::Manual] {
        blocks.extend(writer.findings(status));
    }
    blocks.extend(judged.report.problems.iter().map(|problem| writer.problem(problem)));
    blocks.extend(writer.unmet());
    blocks.push(writer.summary());
    blocks.join("\n\n") + "\n"
}

/// Every setting with its value, what decided it, and what it overrode.
pub fn effective(judged: &Judged<'_>, options: &Options) -> String {
    let writer = Writer::new(judged, options);
    let report = judged.report;
    let mut blocks = vec![writer.header()];
    blocks.extend(report.refusals.iter().map(|refusal| writer.refusal(refusal)));
    let (settings, flags): (Vec<_>, Vec<_>) = report.settings.iter().partition(|setting| setting.in_file);
    let titles = (options.language.choose("settings", "設定"), options.language.choose("flags", "フラグ"));
    for (title, settings) in [(titles.0, settings), (titles.1, flags)] {
        if !settings.is_empty() {
            blocks.push(format!("{}\n{}", writer.bold(title), writer.table(&settings)));
        }
    }
    blocks.extend(report.problems.iter().map(|problem| writer.problem(problem)));
    blocks.extend(writer.unmet());
    blocks.join("\n\n") + "\n"
}

/// The checks that a plugin has, one a line.
pub fn list(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.id.width()).max().unwrap_or(0);
    let line = |check: &Check| {
        let (id, title) = (escape::text(&check.id), escape::text(&check.title.text));
        format!("{id:width$}  {:8}  {title}\n", words::severity(check.severity))
    };
    checks.iter().map(line).collect()
}

/// All that there is to know of a check: why, how it is decided, its numbers in all editions, and the remedy by platform.
pub fn explain(check: &Check, language: Language) -> String {
    let mut text = format!("{} ({})\n{}\n", check.id, words::severity(check.severity), check.title.text);
    for paragraph in check.explanation.text.split("\n\n") {
        text += &format!("\n{}\n", wrapped(paragraph));
    }
    if !check.sections.is_empty() {
        text += language.choose("\nSections:\n", "\n項番:\n");
        for section in &check.sections {
            let Section { benchmark, number, level, .. } = section;
            let who = words::who_decides(language, section.automated);
            text += &format!("  {benchmark:26} {number:10} {} {level}, {who}\n", language.choose("level", "レベル"));
        }
    }
    text += language.choose("\nRemedy:\n", "\n対処:\n");
    for Message { id, text: remedy, .. } in &check.remedies {
        let remedy = wrapped(remedy);
        text += &match id.as_str() {
            "any" => format!("  {}\n", remedy.replace('\n', "\n  ")),
            platform => format!("\n  {platform}: {}\n", remedy.replace('\n', "\n    ")),
        };
    }
    escape::lines(&text)
}

/// What all parts of one report share.
struct Writer<'a> {
    judged: &'a Judged<'a>,
    places: Places<'a>,
    options: &'a Options,
    renderer: Renderer,
}

impl<'a> Writer<'a> {
    fn new(judged: &'a Judged<'a>, options: &'a Options) -> Writer<'a> {
        let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
        // Excerpts are short already; a label beside one is never worth cutting the excerpt once more.
        let renderer = renderer.term_width(4 * DEFAULT_TERM_WIDTH);
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(options.language);
        Writer { judged, places, options, renderer }
    }

    fn say(&self, en: &'static str, ja: &'static str) -> &'static str {
        self.options.language.choose(en, ja)
    }

    fn count(&self, number: usize, noun: &str, in_japanese: &str) -> String {
        count(self.options.language, number, noun, in_japanese)
    }

    fn styled(&self, style: Style, text: &str) -> String {
        if self.options.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.styled(Style::new().effects(Effects::BOLD), text)
    }

    fn render(&self, groups: &[Group<'_>]) -> String {
        snippet::restore_locations(&self.renderer.render(groups))
    }

    /// `kubelet on node-7   v1.37   config: /etc/kubernetes/kubelet.json + 2 drop-ins`
    fn header(&self) -> String {
        let mut text = self.bold(&escape::text(self.judged.id));
        match versions(&self.judged.report.versions, self.options.language).as_str() {
            "" => text += self.say("   version unknown", "   バージョン不明"),
            versions if self.judged.report.versions.len() > 1 => {
                text += &format!("   {}: {versions}", self.say("version not given", "バージョン指定なし"));
            }
            version => text += &format!("   {version}"),
        }
        if let Some(source) = self.version_source() {
            text += &format!(" ({})", escape::text(source));
        }
        if let Some(sources) = self.judged.report.context.iter().find(|message| message.id == SOURCES) {
            text += &format!("   {}: {}", self.say("config", "設定"), escape::text(&sources.text));
        }
        if let Some(doubt) = self.fact("version-doubt") {
            let what = self.say(
                "no version is taken from the node's packages",
                "ノードのパッケージからはバージョンを取得しません",
            );
            text += &format!("\n{what}: {}", escape::text(doubt));
        }
        text
    }

    /// A line for each thing that was found out about the target: its platform, the benchmarks.
    fn context(&self) -> String {
        let line = |message: &Message| {
            let name = match message.id.as_str() {
                "platform" => self.say("platform", "環境"),
                "benchmark" => self.say("benchmark", "ベンチマーク"),
                "live" => self.say("live", "稼働中"),
                other => other,
            };
            let padding = " ".repeat(self.options.language.choose(9, 12_usize).saturating_sub(name.width()));
            format!("\n{}{padding}  {}", escape::text(name), escape::text(&message.text))
        };
        self.judged.report.context.iter().filter(|message| message.id != SOURCES).map(line).collect()
    }

    /// Where the version that was judged is from. The user may have said another one.
    fn version_source(&self) -> Option<&'a str> {
        let version = self.fact("version")?;
        let judged = |minor: &String| version.strip_prefix(minor).is_some_and(|patch| patch.starts_with('.'));
        self.fact("version-source").filter(|_| self.judged.report.versions.iter().any(judged))
    }

    /// What the host knows of the process, by its key.
    fn fact(&self, key: &str) -> Option<&'a str> {
        let facts = self.judged.documents.iter().find_map(|document| match &document.outcome {
            Outcome::Found(Content::Process(process)) => Some(&process.facts),
            _ => None,
        })?;
        facts.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// A line for each finding that needs no more than that.
    fn one_liners(&self) -> Option<String> {
        let mut lines = vec![];
        for status in [Status::Pass, Status::NotApplicable] {
            let style = Style::new().effects(Effects::BOLD);
            let style = if status == Status::Pass { style.fg_color(Some(AnsiColor::Green.into())) } else { style };
            for finding in self.shown(status) {
                let title = format!("{}[{}]", words::status(status), escape::text(&finding.check));
                let mut line = self.styled(style, &title) + &format!(": {}", escape::text(&finding.message.text));
                for section in &finding.sections {
                    line += &format!("   {} {}", escape::text(&section.benchmark), escape::text(&section.number));
                }
                if finding.primary.place != Place::Target {
                    line += &format!("   {}", self.say("from ", "決定元: "));
                    line += &self.places.locate(&finding.primary.place).to_string();
                }
                for note in &finding.notes {
                    line += &format!("\n = note: {}", wrapped(&escape::text(&note.text)).replace('\n', "\n         "));
                }
                lines.push(line);
            }
        }
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn shown(&self, status: Status) -> impl Iterator<Item = &'a Finding> {
        let shown = self.options.show.contains(&status);
        let open = self.judged.findings().filter(|(_, standing)| *standing == Standing::Open);
        open.map(|(finding, _)| finding).filter(move |finding| shown && finding.status == status)
    }

    /// A line for each finding that the project bears with, and why it does.
    fn borne(&self) -> Option<String> {
        let line = |(finding, standing): (&Finding, Standing<'_>)| {
            let name = words::standing(standing)?;
            let why = entry::standing(self.options.language, standing)?;
            let title = self.bold(&format!("{name}[{}]", escape::text(&finding.check)));
            let why = wrapped(&why).replace('\n', "\n         ");
            Some(format!("{title}: {}\n = note: {why}", escape::text(&finding.message.text)))
        };
        let lines: Vec<_> = self.judged.findings().filter(|_| self.options.show_borne).filter_map(line).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The findings of a status. Those that are undetermined for the same reason are shown as one.
    fn findings(&self, status: Status) -> Vec<String> {
        let mut alike: Vec<Vec<&Finding>> = vec![];
        for finding in self.shown(status) {
            let same = |first: &Finding| first.message == finding.message && first.primary == finding.primary;
            match alike.iter_mut().find(|group| status == Status::Undetermined && same(group[0])) {
                Some(group) => group.push(finding),
                None => alike.push(vec![finding]),
            }
        }
        alike.iter().map(|group| self.finding(group[0], group)).collect()
    }

    /// A finding that stands for others with the same reason.
    fn finding(&self, finding: &Finding, alike: &[&Finding]) -> String {
        let level = match finding.status {
            Status::Fail => Level::ERROR,
            status => Level::WARNING.with_name(words::status(status)),
        };
        let name = if alike.len() == 1 {
            escape::text(&finding.check).into()
        } else {
            self.count(alike.len(), "check", "チェック")
        };
        let follows = self.follows_from_refusal(finding);
        let evidence = if follows { vec![] } else { self.evidence(finding) };
        let mut group = level.primary_title(escape::text(&finding.message.text)).id(name).elements(evidence);
        if alike.len() > 1 {
            let names: Vec<_> = alike.iter().map(|finding| escape::text(&finding.check)).collect();
            group = group.element(Level::NOTE.message(wrapped(&names.join(", "))));
        } else if !follows {
            let sections = section_notes(&finding.sections, &finding.check, self.options.language);
            group = group.elements(sections.into_iter().map(|note| Level::NOTE.message(note)));
        }
        let mut groups = vec![group.elements(finding.notes.iter().map(note))];
        finding.remedies.iter().for_each(|remedy| self.remedy(remedy, &mut groups));
        self.render(&groups)
    }

    /// Whether it is undetermined only since the target refuses its configuration, at a place that was shown with that.
    fn follows_from_refusal(&self, finding: &Finding) -> bool {
        let same = |shown: &Finding| shown.primary.place == finding.primary.place;
        finding.status == Status::Undetermined
            && self.judged.report.refusals.iter().any(|refusal| refusal.place == finding.primary.place)
            && self.shown(Status::Fail).any(same)
    }

    /// The evidence: what decided, and beneath it what it overrode; then in words what cannot be shown.
    fn evidence<'f>(&self, finding: &'f Finding) -> Vec<Element<'f>> {
        let Evidence { place, label } = &finding.primary;
        // What the title says need not be said again.
        let label = if label.text == finding.message.text { "" } else { &label.text };
        let mut elements: Vec<Element<'f>> = vec![];
        let mut words: Vec<Element<'f>> = vec![];
        if *place != Place::Target {
            elements.push(snippet::element(&self.places, place, AnnotationKind::Primary, label));
        }
        if !snippet::is_shown(&self.places, place) && !finding.message.text.ends_with(label) {
            words.push(Level::NOTE.message(escape::text(label)).into());
        }
        for Evidence { place, label } in &finding.related {
            if snippet::is_shown(&self.places, place) {
                elements.push(snippet::element(&self.places, place, AnnotationKind::Context, &label.text));
            } else {
                let text = format!("{}: {}", escape::text(&label.text), self.places.locate(place));
                words.push(Level::NOTE.message(text).into());
            }
        }
        elements.into_iter().chain(words).collect()
    }

    /// A remedy: its words, and its edits where they can be shown and would help.
    fn remedy<'r>(&self, remedy: &'r Remedy, groups: &mut Vec<Group<'r>>) {
        let mut text = escape::text(&remedy.text.text);
        let is_open = remedy.blocked.is_none() && !remedy.edits.is_empty();
        let edits = if is_open { self.suggestions(&remedy.edits) } else { vec![] };
        if !edits.is_empty() {
            groups.push(Level::HELP.secondary_title(text).elements(edits));
            return;
        }
        if is_open {
            text += self
                .options
                .language
                .choose("; `kubevet fix` shows the edit", "（`kubevet fix` で編集内容を表示します）");
        }
        // What has no edit stands with the finding; there is always one group.
        if let Some(group) = groups.first_mut() {
            // Without edits, the words alone say what to do.
            let blocked = remedy.blocked.iter().filter(|_| !remedy.edits.is_empty()).map(note);
            let lines = std::iter::once(Level::HELP.message(text).into()).chain(blocked);
            *group = std::mem::replace(group, Group::with_level(Level::NOTE)).elements(lines);
        }
    }

    /// The edits as suggestions; none unless all can be shown.
    fn suggestions(&self, edits: &[Edit]) -> Vec<Element<'static>> {
        if edits.len() > FEW_EDITS {
            return vec![];
        }
        edits.iter().map(|edit| snippet::suggestion(&self.places, edit)).collect::<Option<_>>().unwrap_or_default()
    }

    fn problem(&self, problem: &Problem) -> String {
        // Where the command says nothing of it, as in a browser, no problem fails.
        let fails = self.judged.fails(problem, &Context::default());
        let level = if fails { Level::ERROR } else { Level::WARNING };
        let title = level.primary_title(escape::text(&problem.message.text));
        let mut groups = vec![title.elements(self.place(&problem.place))];
        let edits = self.suggestions(&problem.edits);
        if !edits.is_empty() {
            groups.push(Level::HELP.secondary_title(self.say("suggested edit", "修正案")).elements(edits));
        }
        self.render(&groups)
    }

    fn refusal(&self, refusal: &Refusal) -> String {
        let level = Level::ERROR.with_name("refuses");
        let title = level.primary_title(escape::text(&refusal.message.text)).id(words::stage(refusal.stage));
        let mut group = title.elements(self.place(&refusal.place));
        if !refusal.versions.is_empty() && refusal.versions != self.judged.report.versions {
            group = group.element(Level::NOTE.message(format!(
                "{}{}",
                self.say("under ", "対象: "),
                versions(&refusal.versions, self.options.language)
            )));
        }
        self.render(&[group])
    }

    fn place(&self, place: &Place) -> Option<Element<'static>> {
        (*place != Place::Target).then(|| snippet::element(&self.places, place, AnnotationKind::Primary, ""))
    }

    /// `1 failed, 30 passed, 0 undetermined, 2 manual; 1 problem`
    fn summary(&self) -> String {
        let tally = Tally::of(self.judged);
        let counted = |(name, number, color, always): &(&str, usize, AnsiColor, bool)| {
            let style = if *number > 0 { Style::new().fg_color(Some((*color).into())) } else { Style::new() };
            (*number > 0 || *always).then(|| {
                let text = match self.options.language {
                    Language::English => format!("{number} {name}"),
                    Language::Japanese => format!("{name} {number}"),
                };
                self.styled(style, &text)
            })
        };
        let counts = [
            (self.say("failed", "不合格"), tally.fail, AnsiColor::Red, true),
            (self.say("passed", "合格"), tally.pass, AnsiColor::Green, true),
            (self.say("undetermined", "判定不能"), tally.undetermined, AnsiColor::Yellow, true),
            (self.say("manual", "要確認"), tally.manual, AnsiColor::Yellow, false),
            (self.say("not applicable", "対象外"), tally.not_applicable, AnsiColor::White, false),
            (self.say("waived", "許容済み"), tally.waived, AnsiColor::Yellow, false),
            (self.say("known", "既知"), tally.known, AnsiColor::Yellow, false),
        ];
        let mut text = counts.iter().filter_map(counted).collect::<Vec<_>>().join(", ");
        if tally.problems > 0 {
            text += &format!("; {}", self.count(tally.problems, "problem", "問題"));
        }
        text
    }

    fn unmet(&self) -> Option<String> {
        let unmet = &self.judged.report.unmet;
        if unmet.is_empty() {
            return None;
        }
        let title = format!(
            "{}{}",
            self.count(unmet.len(), "want", "取得できなかった情報"),
            self.say(" not answered, so this judgement is incomplete", "。この判定は不完全です")
        );
        let wants = unmet
            .iter()
            .map(|want| Level::NOTE.message(escape::text(&words::want(want, self.options.language)).into_owned()));
        Some(self.render(&[Level::WARNING.primary_title(title).elements(wants)]))
    }

    /// The settings, one a line, with their sources in a column.
    fn table(&self, settings: &[&Setting]) -> String {
        let rows: Vec<Row> = settings.iter().flat_map(|setting| self.rows(setting)).collect();
        let width = rows.iter().map(|row| row.left.width()).filter(|width| *width <= WIDEST_ROW).max().unwrap_or(0);
        let lines = rows.iter().map(|row| {
            let padding = " ".repeat(width.saturating_sub(row.left.width()) + 3);
            let line = format!("{}{padding}{}", row.left, row.right);
            let style = if row.dim { Style::new().effects(Effects::DIMMED) } else { Style::new() };
            self.styled(style, line.trim_end())
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn rows(&self, setting: &Setting) -> Vec<Row> {
        let name = escape::text(&setting.name);
        match setting.branches.as_slice() {
            [branch] if self.is_all(&branch.versions) => self.branch_rows(&format!("  {name}"), &branch.effective),
            branches => {
                let right = match branches.len() {
                    1 => self.say("not in every version", "一部のバージョンのみ"),
                    _ => self.say("differs by version", "バージョンにより異なる"),
                };
                let head = Row { left: format!("  {name}"), right: right.into(), dim: branches.len() == 1 };
                let rows = branches.iter().flat_map(|b| {
                    self.branch_rows(&format!("    {}:", versions(&b.versions, self.options.language)), &b.effective)
                });
                std::iter::once(head).chain(rows).collect()
            }
        }
    }

    /// Whether these are all versions under which the target starts.
    fn is_all(&self, versions: &[String]) -> bool {
        let Report { versions: judged, refusals, .. } = self.judged.report;
        let left_out = |version: &String| {
            refusals.iter().any(|refusal| refusal.stage != Stage::Run && refusal.versions.contains(version))
        };
        judged.iter().all(|version| versions.contains(version) || left_out(version))
    }

    fn branch_rows(&self, name: &str, effective: &Effective) -> Vec<Row> {
        match effective {
            Effective::Known(decided) => self.decided_rows(name, decided),
            Effective::Unknown(message) => {
                let right = format!("{}: {}", self.say("unknown", "不明"), escape::text(&message.text));
                vec![Row { left: name.to_owned(), right, dim: false }]
            }
        }
    }

    /// A value, beneath it its keys, and what was overridden.
    fn decided_rows(&self, name: &str, decided: &Decided) -> Vec<Row> {
        let sign = if name.ends_with(':') { "" } else { " =" };
        let indent = " ".repeat(2 + name.len() - name.trim_start().len());
        let withheld = std::iter::once(&decided.by).chain(decided.keys.iter().map(|(_, source)| source));
        let withheld = withheld.clone().any(|source| self.places.is_withheld(&source.place));
        let value = if withheld {
            self.say("(withheld)", "（非表示）").to_owned()
        } else {
            clipped(&json::compact(&decided.value))
        };
        // A key is withheld with its value: a header that somebody wrote in one piece is all key.
        let keys: Vec<_> = decided.keys.iter().filter(|(_, source)| !self.places.is_withheld(&source.place)).collect();
        let by_keys = if keys.is_empty() {
            self.source(&decided.by)
        } else {
            self.say("key by key", "キーごとに決定").into()
        };
        let dim = decided.by.origin == Origin::Default && keys.is_empty();
        let head = Row { left: format!("{name}{sign} {value}"), right: by_keys, dim };
        let keys = keys.into_iter().map(|(key, source)| {
            let left = format!("{indent}{} = {}", escape::text(key), self.value(source));
            Row { left, right: self.source(source), dim: source.origin == Origin::Default }
        });
        let overridden = decided.overridden.iter().map(|source| {
            let left = format!("{indent}{} {}", self.say("overrides", "上書き:"), self.value(source));
            Row { left, right: self.source(source), dim: true }
        });
        std::iter::once(head).chain(keys).chain(overridden).collect()
    }

    fn value(&self, source: &Source) -> String {
        if self.places.is_withheld(&source.place) {
            self.say("(withheld)", "（非表示）").to_owned()
        } else {
            clipped(&json::compact(&source.value))
        }
    }

    /// Where a value comes from: `--v=2 (argument 3)`, `/etc/k.json:6:29`, `default`.
    fn source(&self, source: &Source) -> String {
        let withheld = self.places.is_withheld(&source.place);
        let detail = if withheld { String::new() } else { clipped(&source.detail) };
        let location = self.places.locate(&source.place);
        match source.origin {
            Origin::Default if detail.is_empty() => self.say("default", "デフォルト値").to_owned(),
            Origin::Default => format!("{} ({detail})", self.say("default", "デフォルト値")),
            Origin::Flag if !detail.is_empty() => match location.spot.as_ref().map(|spot| spot.argument) {
                Some(Some(argument)) => format!("{detail} ({} {argument})", self.say("argument", "引数")),
                // It stands in a file, from which the command line is put together.
                Some(None) => format!("{detail} ({location})"),
                None => detail,
            },
            Origin::DropIn | Origin::ConfigFile if !detail.is_empty() => format!("{detail} ({location})"),
            Origin::Flag | Origin::DropIn | Origin::ConfigFile | Origin::Live => location.to_string(),
        }
    }
}

/// A line of a table.
struct Row {
    left: String,
    right: String,
    dim: bool,
}

fn note<'m>(message: &'m Message) -> Element<'m> {
    Level::NOTE.message(escape::text(&message.text)).into()
}

/// A text of a target in one line, no longer than a column of the table.
fn clipped(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if shown.width() >= WIDEST_ROW - 20 {
            shown.push('…');
            break;
        }
        escape::push(&mut shown, character);
    }
    shown
}

/// `v1.37`; consecutive versions in short: `v1.24 to v1.28, v1.30`.
fn versions(versions: &[String], language: Language) -> String {
    let mut runs: Vec<Vec<&str>> = vec![];
    for version in versions {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| follows(last, version)) => run.push(version),
            _ => runs.push(vec![version]),
        }
    }
    let shown = runs.iter().flat_map(|run| match run.as_slice() {
        [first, _, .., last] => {
            let to = language.choose(" to ", "〜");
            vec![format!("v{}{to}v{}", escape::text(first), escape::text(last))]
        }
        few => few.iter().map(|version| format!("v{}", escape::text(version))).collect(),
    });
    shown.collect::<Vec<_>>().join(language.choose(", ", "、"))
}

/// Whether one minor version comes directly after the other.
fn follows(before: &str, version: &str) -> bool {
    let minor = |version: &str| {
        let (major, minor) = version.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    };
    matches!((minor(before), minor(version)), (Some((a, b)), Some((c, d))) if a == c && b.checked_add(1) == Some(d))
}

/// The sections that ask for a check, those of one level in a line: `aks-1.8 3.2.6, level 1, automated`. Of many, the
/// newest edition of each platform.
fn section_notes(sections: &[Section], check: &str, language: Language) -> Vec<String> {
    let few = if sections.len() <= FEW_SECTIONS { sections.iter().collect() } else { newest(sections) };
    let mut by_level: BTreeMap<(u8, bool), Vec<String>> = BTreeMap::new();
    for section in &few {
        let shown = format!("{} {}", escape::text(&section.benchmark), escape::text(&section.number));
        by_level.entry((section.level, !section.automated)).or_default().push(shown);
    }
    let mut notes: Vec<String> = vec![];
    for ((level, manual), sections) in by_level {
        let kind = words::who_decides(language, !manual);
        notes.push(format!("{}, {} {level}, {kind}", sections.join(", "), language.choose("level", "レベル")));
    }
    if let (Some(last), more @ 1..) = (notes.last_mut(), sections.len() - few.len()) {
        // Writing to a string cannot fail.
        let check = escape::text(check);
        let _ = match language {
            Language::English => write!(last, ", and {more} more (kubevet explain {check})"),
            Language::Japanese => write!(last, "、ほか {more} 件 (kubevet explain {check})"),
        };
    }
    notes.iter().map(|note| wrapped(note)).collect()
}

/// The sections of the newest edition of each platform, in the order of the platforms.
fn newest(sections: &[Section]) -> Vec<&Section> {
    let mut newest: BTreeMap<&str, (Vec<u32>, Vec<&Section>)> = BTreeMap::new();
    for section in sections {
        let (platform, edition) = section.benchmark.rsplit_once('-').unwrap_or((&section.benchmark, ""));
        let edition: Vec<u32> = edition.split('.').map(|part| part.parse().unwrap_or(0)).collect();
        let known = newest.entry(platform).or_default();
        if edition > known.0 {
            *known = (edition, vec![section]);
        } else if edition == known.0 {
            known.1.push(section);
        }
    }
    newest.into_values().flat_map(|(_, sections)| sections).collect()
}

/// A long text in lines of a comfortable width. Where words have no spaces, a line may end after any wide character, but
/// none begins with a mark that closes something.
fn wrapped(text: &str) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in pieces(text) {
        if column + word.width() > 90 && column > 0 {
            wrapped.truncate(wrapped.trim_end().len());
            wrapped.push('\n');
            column = 0;
        }
        wrapped.push_str(word);
        column += word.width();
    }
    wrapped
}

/// The parts of a text between which a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = vec![];
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let wide = |character: char| character.width() == Some(2);
        let ends = character == ' ' || wide(character) && next.is_some_and(|next| !"、。）」』".contains(next));
        if ends || next.is_none() {
            let end = at + character.len_utf8();
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces
}
