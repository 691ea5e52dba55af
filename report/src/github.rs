//! Workflow commands of GitHub Actions: annotations beside the lines of a change. GitHub shows about ten of each level in a
//! step, so the worst come first; the summary of the step (see [`crate::markdown`]) has them all.

use std::io::Write;

use crate::entry::{Entry, Level, open_entries};
use crate::format::Error;
use crate::places::Places;
use crate::site::{self, Site};
use crate::{Context, Judged, Notice, Reporter, escape};

/// The report.
pub(crate) struct Github<'c>(pub Context<'c>);

impl Reporter for Github<'_> {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        let language = self.0.language();
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(language);
        for entry in open_entries(&self.0, judged) {
            let site = Site::of(&self.0, judged, &places, &entry.place);
            let properties = properties(&site, &entry.title(language));
            writeln!(out, "{}", command(entry.level, &properties, &self.message(judged, &entry, &places, &site)))?;
        }
        Ok(())
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        for notice in notices {
            let file = site::of_notice(&self.0, notice).map(|path| ("file", path));
            let line = notice.line.map(|line| ("line", line.to_string()));
            let properties: Vec<_> = file.into_iter().chain(line).chain([("title", notice.id.to_owned())]).collect();
            let level = Level::of_notice(notice, self.0.strict);
            writeln!(out, "{}", command(level, &properties, &escape::text(&notice.message)))?;
        }
        Ok(())
    }
}

impl Github<'_> {
    fn message(&self, judged: &Judged<'_>, entry: &Entry<'_>, places: &Places<'_>, site: &Site<'_>) -> String {
        let mut lines = entry.details(self.0.language(), places, site);
        if lines.is_empty() {
            // GitHub takes no command without a message.
            lines.push(escape::text(&entry.message).into_owned());
        }
        if site.project_path() != Some(judged.id.as_bytes()) {
            lines.insert(0, escape::text(judged.id).into_owned());
        }
        lines.join("\n")
    }
}

fn properties(site: &Site<'_>, title: &str) -> Vec<(&'static str, String)> {
    let mut properties = vec![];
    if let Some(path) = site.project_path() {
        properties.push(("file", escape::bytes(path)));
        if let Some(spot) = &site.spot {
            properties.push(("line", spot.line.to_string()));
            properties.push(("endLine", spot.end_line.to_string()));
            // GitHub takes columns within one line only, and none that ends where it begins.
            if spot.line == spot.end_line && spot.column < spot.end_column {
                properties.push(("col", spot.column.to_string()));
                properties.push(("endColumn", spot.end_column.to_string()));
            }
        }
    }
    properties.push(("title", title.to_owned()));
    properties
}

/// `::error file=…,line=…,title=…::message`, in which nothing of the texts can be taken for a command.
fn command(level: Level, properties: &[(&str, String)], message: &str) -> String {
    let name = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let properties: Vec<_> = properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    format!("::{name} {}::{}", properties.join(","), data(message))
}

fn data(text: &str) -> String {
    escape::commands(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
