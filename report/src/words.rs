//! The names that machines and people read, written once.

use crate::{Standing, Waiver, escape};
use kubevet_rules::Language;
use kubevet_rules::model::{CheckKind, Origin, Section, Severity, Stage, Status, Want};

pub(crate) fn status(status: Status) -> &'static str {
    match status {
        Status::Pass => "pass",
        Status::Fail => "fail",
        Status::Manual => "manual",
        Status::NotApplicable => "not-applicable",
        Status::Undetermined => "undetermined",
    }
}

pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}

pub(crate) fn kind(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Setting => "setting",
        CheckKind::File => "file",
        CheckKind::Target => "target",
    }
}

/// Who decides, as the benchmark has it.
pub(crate) fn mode(section: &Section) -> &'static str {
    if section.automated { "automated" } else { "manual" }
}

/// Who decides, for people.
pub(crate) fn who_decides(language: Language, automated: bool) -> &'static str {
    match automated {
        true => language.choose("automated", "自動"),
        false => language.choose("manual", "手動"),
    }
}

pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Input => "input",
        Stage::Flags => "flags",
        Stage::Load => "load",
        Stage::Dropin => "dropin",
        Stage::Precedence => "precedence",
        Stage::Validate => "validate",
        Stage::Exit => "exit",
        Stage::Run => "run",
    }
}

pub(crate) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Flag => "flag",
        Origin::DropIn => "drop-in",
        Origin::ConfigFile => "config-file",
        Origin::Live => "live",
        Origin::Default => "default",
    }
}

/// `1 problem`, `2 problems`; in Japanese `問題 2 件`.
pub(crate) fn count(language: Language, number: usize, noun: &str, in_japanese: &str) -> String {
    match language {
        Language::English => format!("{number} {noun}{}", if number == 1 { "" } else { "s" }),
        Language::Japanese => format!("{in_japanese} {number} 件"),
    }
}

/// Why the project bears with a finding, who answers for it, and until when.
pub(crate) fn waiver(language: Language, waiver: &Waiver) -> String {
    let (reason, owner) = (escape::text(&waiver.reason), escape::text(&waiver.owner));
    let expires = escape::text(&waiver.expires);
    match language {
        Language::English => format!("waived until {expires} by {owner}: {reason}"),
        Language::Japanese => format!("{expires} まで許容 (担当: {owner}): {reason}"),
    }
}

/// What a finding that the baseline has is.
pub(crate) fn known(language: Language) -> &'static str {
    language.choose("the baseline has it", "ベースラインに記録済みです")
}

/// How the project bears with a finding, if it does.
pub(crate) fn standing(standing: Standing<'_>) -> Option<&'static str> {
    match standing {
        Standing::Open => None,
        Standing::Waived(_) => Some("waived"),
        Standing::Known => Some("known"),
    }
}

/// What was wanted, for people.
pub(crate) fn want(want: &Want, language: Language) -> String {
    let (what, name) = match want {
        Want::Processes(name) => (language.choose("the processes called", "次の名前のプロセス:"), name.into()),
        Want::File(path) => (language.choose("file", "ファイル"), escape::bytes(path)),
        Want::Directory(path) => (language.choose("directory", "ディレクトリ"), escape::bytes(path)),
        Want::Metadata(path) => (language.choose("mode and owner of", "パーミッションと所有者:"), escape::bytes(path)),
        Want::EnvironmentHas(name) => {
            (language.choose("whether the environment has", "次の環境変数の有無:"), name.into())
        }
        Want::LiveConfiguration => return language.choose("the live configuration", "稼働中の設定").into(),
    };
    format!("{what} {name}")
}
