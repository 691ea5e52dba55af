//! Markdown for a review, or for the summary of a step of GitHub Actions: counts first, then what is wrong.
//!
//! The counts of all targets stand before the targets, so those wait until the end: as much of them as GitHub shows.

use std::fmt::Write as _;
use std::io::Write;

use kubevet_rules::model::{Place, Status};

use crate::entry::{self, Entry, Level, entries, open_entries};
use crate::format::Error;
use crate::places::Places;
use crate::site::{self, Site};
use crate::standing::NOTHING_JUDGED;
use crate::{Context, Judged, Notice, Reporter, Standing, Tally, escape, words};

/// GitHub shows no summary beyond 1 MiB; several steps may share one.
const MAX_DETAILS: usize = 512 * 1024;

/// The report.
pub(crate) struct Markdown<'c> {
    context: Context<'c>,
    tally: Tally,
    /// Problems that fail.
    failing: usize,
    targets: usize,
    /// The sections of targets, until it is full.
    details: String,
    left_out: usize,
}

impl<'c> Markdown<'c> {
    pub(crate) fn new(context: Context<'c>) -> Markdown<'c> {
        Markdown { context, tally: Tally::default(), failing: 0, targets: 0, details: String::new(), left_out: 0 }
    }
}

impl Reporter for Markdown<'_> {
    fn target(&mut self, judged: &Judged<'_>, _: &mut dyn Write) -> Result<(), Error> {
        self.targets += 1;
        self.tally += Tally::of(judged);
        self.failing += judged.report.problems.iter().filter(|problem| judged.fails(problem, &self.context)).count();
        let section = self.section(judged);
        if self.details.len() + section.len() <= MAX_DETAILS {
            self.details += &section;
        } else {
            self.left_out += 1;
        }
        Ok(())
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        let language = self.context.language();
        let targets = words::count(language, self.targets, "target", "対象");
        let fails =
            |notice: &&Notice| !notice.is_error() && Level::of_notice(notice, self.context.strict) == Level::Error;
        let failing = self.tally.fail + self.failing + notices.iter().filter(fails).count();
        let verdict = if failing > 0 {
            words::count(language, failing, "failure", "不合格")
        } else if notices.iter().any(|notice| notice.id == NOTHING_JUDGED) {
            self.say("nothing was judged", "何も判定されませんでした").into()
        } else if self.tally.undetermined > 0 || notices.iter().any(Notice::is_error) {
            self.say("nothing failed, but not all is determined", "不合格はありませんが、判定不能があります").into()
        } else {
            self.say("nothing failed", "不合格はありません").into()
        };
        write!(out, "## kubevet: {verdict} ({targets})\n\n{}", self.counts())?;
        if !notices.is_empty() {
            writeln!(out)?;
        }
        for notice in notices {
            let place = site::of_notice(&self.context, notice).map(|path| match notice.line {
                Some(line) => format!(" ({})", code(&format!("{path}:{line}"))),
                None => format!(" ({})", code(&path)),
            });
            let level = self.level(Level::of_notice(notice, self.context.strict));
            writeln!(out, "- **{level}** {}{}", prose(&notice.message), place.unwrap_or_default())?;
        }
        out.write_all(self.details.as_bytes())?;
        if self.left_out > 0 {
            let left_out = words::count(language, self.left_out, "more target", "ほかの対象");
            let why = self.say(
                "counted above, and left out here for their size",
                "上の件数に含まれますが、サイズのため省略しました",
            );
            writeln!(out, "\n_{left_out}: {why}_")?;
        }
        Ok(())
    }
}

impl Markdown<'_> {
    fn say(&self, en: &'static str, ja: &'static str) -> &'static str {
        self.context.language().choose(en, ja)
    }

    fn level(&self, level: Level) -> &'static str {
        match level {
            Level::Error => self.say("error", "エラー"),
            Level::Warning => self.say("warning", "警告"),
            Level::Note => self.say("note", "注記"),
        }
    }

    fn counts(&self) -> String {
        let tally = &self.tally;
        let columns = [
            (self.say("failed", "不合格"), tally.fail),
            (self.say("undetermined", "判定不能"), tally.undetermined),
            (self.say("manual", "要確認"), tally.manual),
            (self.say("passed", "合格"), tally.pass),
            (self.say("not applicable", "対象外"), tally.not_applicable),
            (self.say("waived", "許容済み"), tally.waived),
            (self.say("known", "既知"), tally.known),
            (self.say("problems", "問題"), tally.problems),
        ];
        let row = |cell: &dyn Fn(&(&str, usize)) -> String| {
            columns.iter().map(|column| format!("| {} ", cell(column))).collect::<String>() + "|\n"
        };
        row(&|(name, _)| (*name).to_owned()) + &row(&|_| "---:".into()) + &row(&|(_, count)| count.to_string())
    }

    /// What is wrong with a target; nothing where nothing is.
    fn section(&self, judged: &Judged<'_>) -> String {
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(self.context.language());
        let open = open_entries(&self.context, judged);
        let (failing, others): (Vec<_>, Vec<_>) = open.iter().partition(|entry| is_failing(entry));
        let all = entries(&self.context, judged);
        let borne: Vec<_> = all.iter().filter(|entry| entry.standing != Standing::Open).collect();
        if open.is_empty() && borne.is_empty() {
            return String::new();
        }
        let mut text = format!("\n### {}\n", code(judged.id));
        if !failing.is_empty() {
            let titles = [
                ("severity", "重大度"),
                ("check", "チェック"),
                ("finding", "結果"),
                ("place", "場所"),
                ("remedy", "対処"),
            ];
            let titles: Vec<_> = titles.iter().map(|(en, ja)| self.say(en, ja)).collect();
            let _ = writeln!(text, "\n| {} |\n|---|---|---|---|---|", titles.join(" | "));
            failing.iter().for_each(|entry| text += &self.row(judged, &places, entry));
        }
        let line = |entry: &&Entry<'_>| self.line(judged, &places, entry);
        text += &listed(&others.into_iter().map(|entry| line(&entry)).collect::<Vec<_>>(), None);
        let title = self.say("What the project bears with", "許容済み・既知の結果");
        text + &listed(&borne.iter().map(line).collect::<Vec<_>>(), Some(title))
    }

    fn row(&self, judged: &Judged<'_>, places: &Places<'_>, entry: &Entry<'_>) -> String {
        let remedies = entry.finding.iter().flat_map(|finding| &finding.remedies);
        let remedies: Vec<_> = remedies.map(|remedy| prose(&remedy.text.text)).collect();
        let (rule, message) = (code(entry.rule), prose(&entry.message));
        let place = code(&self.place(judged, places, entry));
        let severity = words::severity(entry.severity);
        format!("| {severity} | {rule} | {message} | {place} | {} |\n", remedies.join("<br>"))
    }

    fn line(&self, judged: &Judged<'_>, places: &Places<'_>, entry: &Entry<'_>) -> String {
        let language = self.context.language();
        let kind = match (words::standing(entry.standing), entry.finding) {
            (Some(standing), _) => standing,
            (None, Some(finding)) => words::status(finding.status),
            (None, None) => self.level(entry.level),
        };
        let name = match entry.names() {
            None => code(entry.rule),
            Some(names) => {
                let count = words::count(language, 1 + entry.others.len(), "check", "チェック");
                format!("{count} ({})", code(&names))
            }
        };
        let place = match entry.place {
            Place::Target => String::new(),
            _ => format!(" ({})", code(&self.place(judged, places, entry))),
        };
        let why = entry::standing(language, entry.standing).map(|why| format!("; {}", prose(&why))).unwrap_or_default();
        format!("- **{kind}** {name}: {}{place}{why}\n", prose(&entry.message))
    }

    /// The place, from the project's root on.
    fn place(&self, judged: &Judged<'_>, places: &Places<'_>, entry: &Entry<'_>) -> String {
        let site = Site::of(&self.context, judged, places, &entry.place);
        match (site.project_path().filter(|_| site.is_in_project()), &site.spot) {
            (Some(path), Some(spot)) => format!("{}:{}:{}", escape::bytes(path), spot.line, spot.column),
            (Some(path), None) => escape::bytes(path),
            (None, _) => site.location.to_string(),
        }
    }
}

fn is_failing(entry: &Entry<'_>) -> bool {
    entry.level == Level::Error || entry.finding.is_some_and(|finding| finding.status == Status::Fail)
}

/// Lines of a list, folded away under a title if there is one.
fn listed(lines: &[String], title: Option<&str>) -> String {
    match (lines, title) {
        ([], _) => String::new(),
        (lines, None) => format!("\n{}", lines.concat()),
        (lines, Some(title)) => {
            format!("\n<details><summary>{title}: {}</summary>\n\n{}\n</details>\n", lines.len(), lines.concat())
        }
    }
}

/// A text of a target or a plugin in which nothing is Markdown, HTML, a link or the name of somebody; what stands between
/// backticks is code.
fn prose(text: &str) -> String {
    let text = escape::text(text);
    let mut parts: Vec<&str> = text.split('`').collect();
    let unclosed = parts.len().is_multiple_of(2).then(|| parts.pop()).flatten();
    let mut shown = String::with_capacity(text.len());
    for (at, part) in parts.into_iter().enumerate() {
        match at % 2 {
            0 => plain(&mut shown, part),
            _ if part.is_empty() => shown.push_str("&#96;&#96;"),
            _ => shown += &code(part),
        }
    }
    if let Some(part) = unclosed {
        shown.push_str("&#96;");
        plain(&mut shown, part);
    }
    shown
}

/// A text of a target or a plugin as code.
fn code(text: &str) -> String {
    let mut shown = String::from("<code>");
    plain(&mut shown, &escape::text(text));
    shown + "</code>"
}

/// What a forge reads in plain words ends at an empty comment: `@name`, `#1`, `!1`, `www.`, `://`.
fn plain(shown: &mut String, text: &str) {
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        let ends_www = character == '.' && text[..at].to_ascii_lowercase().ends_with("www");
        if ends_www || (character == '/' && before == ':') {
            shown.push_str("<!-- -->");
        }
        entity(shown, character);
        if matches!(character, '@' | '#' | '!' | '$' | '%' | '&' | '~') {
            shown.push_str("<!-- -->");
        }
        before = character;
    }
}

/// A character, as an entity where it means something.
fn entity(shown: &mut String, character: char) {
    match character {
        '&' => shown.push_str("&amp;"),
        '<' => shown.push_str("&lt;"),
        '>' => shown.push_str("&gt;"),
        '"' => shown.push_str("&quot;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '#' | '@' | '!' | '$' | '{' | '}' | '+' | '=' => {
            let _ = write!(shown, "&#{};", character as u32);
        }
        _ => shown.push(character),
    }
}
