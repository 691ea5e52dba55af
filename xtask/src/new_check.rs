//! `new-check`: the stub of a check, and its line in the list.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

const FOLDER: &str = "plugin/rules/src/checks";

/// The list ends with this line.
const END: &str = "}\n\n/// What the files of the checks need.";

/// Makes the check of this name. It judges nothing until somebody says what.
pub fn run(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let name = arguments.next().context("which check? `cargo xtask new-check some-setting`")?;
    let is_kebab = name
        .split('-')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    ensure!(is_kebab, "`{name}` is no name in kebab-case, such as `make-iptables-util-chains`");
    let folder = crate::workspace().join(FOLDER);
    let module = name.replace('-', "_");
    let path = folder.join(&module).with_extension("rs");
    ensure!(!path.exists(), "{} exists already", path.display());
    let list = folder.join("mod.rs");
    let registered = registered(&fs::read_to_string(&list)?, &module)?;
    fs::write(&path, stub(&name))?;
    fs::write(&list, registered)?;
    println!("{FOLDER}/{module}.rs: say what it is, then add its sections to plugin/rules/src/benchmarks/editions");
    Ok(ExitCode::SUCCESS)
}

fn registered(list: &str, module: &str) -> Result<String> {
    let end = list.find(END).context("the list of checks does not end as expected")?;
    Ok(format!("{}    {module}\n{}", &list[..end], &list[end..]))
}

fn stub(name: &str) -> String {
    STUB.replace("NAME", name)
}

const STUB: &str = r#"//! `NAME`

use super::prelude::*;

pub const CHECK: Check = Check {
    id: "NAME",
    kind: CheckKind::Setting,
    title: words!("What is so where it passes, in one line", "合格の場合に成り立つこと（1 行）"),
    explanation: paragraphs![words!(
        "What is asked for, and why: honest about what it means today.\n\n\
        How the kubelet decides: defaults by version, with and without a file.",
        "求めていることとその理由。現在の意味を正確に書きます。\n\n\
        値の決まり方: バージョンごと、ファイルの有無ごとのデフォルト値。"
    )],
    remedy: words!(
        "set `path.of.the.field` to VALUE in the configuration file, or pass `--flag=VALUE`",
        "設定ファイルで `path.of.the.field` を VALUE にするか、`--flag=VALUE` を指定します"
    ),
    severity: Severity::Medium,
    always: false,
    expect: "",
    judge,
};

const SETTING: Setting = Setting { path: "path.of.the.field", flag: "flag", failing: words!("what is wrong where it fails", "不合格の場合に問題であること") };

fn judge(case: &Case) -> Verdict {
    SETTING.judge(case, &Wanted::TRUE)
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_registered_by_a_line_at_the_end() {
        let list = fs::read_to_string(crate::workspace().join(FOLDER).join("mod.rs")).unwrap();
        let registered = registered(&list, "some_setting").unwrap();
        let added: Vec<_> = registered.lines().filter(|line| !list.lines().any(|known| known == *line)).collect();
        assert_eq!(added, ["    some_setting"]);
    }
}
