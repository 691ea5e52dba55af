//! What the plugin says of itself: its checks, and the versions that it knows.

use kubevet_report::{Exit, human, json};
use kubevet_rules::Language;
use kubevet_rules::model::Check;

use super::arguments::ListFormat;
use super::{Fatal, write_out};
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
    write_out(text.as_bytes())?;
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
    write_out(lines.as_bytes())?;
    Ok(Exit::Passed)
}

/// Explains a check, by its name or by a section that means one check in every edition that has it.
pub fn explain(sandbox: &Sandbox, name: &str, language: Language) -> Result<Exit, Fatal> {
    let checks = checks(sandbox, language)?;
    let is_named = |check: &&Check| check.id == name;
    let has_section = |check: &&Check| check.sections.iter().any(|section| section.number == name);
    let named: Vec<_> = checks.iter().filter(is_named).collect();
    let meant = if named.is_empty() { checks.iter().filter(has_section).collect() } else { named };
    match *meant {
        [] => Err(unknown_check(name)),
        [check] => {
            write_out(human::explain(check, language).as_bytes())?;
            Ok(Exit::Passed)
        }
        _ => Err(several_checks(name, &meant)),
    }
}

fn unknown_check(name: &str) -> Fatal {
    Fatal::new(format!("there is no check and no section `{name}`")).help("`kubevet list` shows the checks")
}

fn several_checks(number: &str, checks: &[&Check]) -> Fatal {
    let fatal = Fatal::new(format!("section {number} is not the same check in every benchmark"));
    checks.iter().fold(fatal, |fatal, check| {
        let sections = check.sections.iter().filter(|section| section.number == number);
        let benchmarks: Vec<_> = sections.map(|section| section.benchmark.as_str()).collect();
        fatal.help(format!("in {}: kubevet explain {}", benchmarks.join(", "), check.id))
    })
}
