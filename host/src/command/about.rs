//! What the plugin says of itself: its checks, and the versions that it knows.

use std::io::{self, Write};

use kubevet_report::{Exit, human, json};
use kubevet_rules::Language;
use kubevet_rules::model::Check;

use super::arguments::ListFormat;
use super::{Fatal, accept_closed_pipe};
use crate::sandbox::Sandbox;

pub fn checks(sandbox: &Sandbox, language: Language) -> Result<Vec<Check>, Fatal> {
    sandbox
        .describe(language.tag())
        .map(|description| description.checks)
        .map_err(|error| Fatal::new(error.to_string()))
}

pub fn list(sandbox: &Sandbox, format: ListFormat, language: Language) -> Result<Exit, Fatal> {
    let checks = checks(sandbox, language)?;
    let text = match format {
        ListFormat::Human => human::list(&checks),
        ListFormat::Json => json::list(&checks) + "\n",
    };
    accept_closed_pipe(io::stdout().write_all(text.as_bytes()))?;
    Ok(Exit::Passed)
}

pub fn list_versions() -> Result<Exit, Fatal> {
    let line = |known: kubevet_rules::KnownVersion| {
        let how = match known.proven {
            true => "proven   agrees with the answers of this kubelet's own code",
            false => "derived  from this kubelet's sources: there are no answers of its code to hold it against",
        };
        format!("{}  {how}\n", known.version)
    };
    let lines: String = kubevet_rules::versions().into_iter().map(line).collect();
    accept_closed_pipe(io::stdout().write_all(lines.as_bytes()))?;
    Ok(Exit::Passed)
}

pub fn explain(sandbox: &Sandbox, name: &str, language: Language) -> Result<Exit, Fatal> {
    let check =
        checks(sandbox, language)?.into_iter().find(|check| check.id == name).ok_or_else(|| unknown_check(name))?;
    accept_closed_pipe(io::stdout().write_all(human::explain(&check, language).as_bytes()))?;
    Ok(Exit::Passed)
}

fn unknown_check(name: &str) -> Fatal {
    Fatal::new(format!("there is no check `{name}`")).help("`kubevet list` shows the checks")
}
