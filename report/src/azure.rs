//! Logging commands of Azure Pipelines: issues of the job, with file, line and column. What is only a note is a plain line:
//! Azure knows errors and warnings.

use std::io::Write;

use crate::entry::{Level, open_entries};
use crate::format::Error;
use crate::places::Places;
use crate::site::{self, Site};
use crate::{Context, Judged, Notice, Reporter, escape};

/// The report.
pub(crate) struct Azure<'c>(pub Context<'c>);

impl Reporter for Azure<'_> {
    fn target(&mut self, judged: &Judged<'_>, out: &mut dyn Write) -> Result<(), Error> {
        let language = self.0.language();
        let places = Places::new(judged.documents, &judged.report.withheld).in_language(language);
        for entry in open_entries(&self.0, judged) {
            let site = Site::of(&self.0, judged, &places, &entry.place);
            let mut properties = vec![];
            if let Some(path) = site.project_path() {
                properties.push(("sourcepath", escape::bytes(path)));
            }
            if let Some(spot) = site.spot.as_ref().filter(|_| site.is_in_project()) {
                properties.push(("linenumber", spot.line.to_string()));
                properties.push(("columnnumber", spot.column.to_string()));
            }
            properties.push(("code", escape::text(entry.rule).into_owned()));
            let mut parts = entry.details(language, &places, &site);
            parts.insert(0, format!("{}: {}", escape::text(judged.id), entry.title(language)));
            writeln!(out, "{}", command(entry.level, &properties, &parts.join(" | ")))?;
        }
        Ok(())
    }

    fn end(&mut self, notices: &[Notice], out: &mut dyn Write) -> Result<(), Error> {
        for notice in notices {
            let file = site::of_notice(&self.0, notice).map(|path| ("sourcepath", path));
            let line = notice.line.map(|line| ("linenumber", line.to_string()));
            let properties: Vec<_> = file.into_iter().chain(line).chain([("code", notice.id.to_owned())]).collect();
            let level = Level::of_notice(notice, self.0.strict);
            writeln!(out, "{}", command(level, &properties, &escape::text(&notice.message)))?;
        }
        Ok(())
    }
}

/// `##vso[task.logissue type=error;sourcepath=…;code=…]message`, in which nothing of the texts can be taken for a command.
fn command(level: Level, properties: &[(&str, String)], message: &str) -> String {
    let kind = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        // Azure looks for commands anywhere in a line.
        Level::Note => return format!("note: {}", escape::commands(message)),
    };
    let properties: String = properties.iter().map(|(key, value)| format!(";{key}={}", property(value))).collect();
    format!("##vso[task.logissue type={kind}{properties}]{}", data(message))
}

fn data(text: &str) -> String {
    escape::commands(text).replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(';', "%3B").replace(']', "%5D")
}
