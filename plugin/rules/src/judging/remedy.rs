//! What to do about a setting. It names the source that decided: an edit elsewhere would change nothing.

use super::Case;
use super::setting::{Setting, Wanted};
use crate::message::{Remedy, Text, Words, message};
use crate::model::{Decided, Origin};
use crate::platform::Platform;

/// The change that makes a setting what is asked for.
pub fn of_setting(case: &Case, setting: &Setting, wanted: &Wanted, decided: &Decided, default_fits: bool) -> Remedy {
    let origin = decided.by.origin;
    let (flag, path, value) = (setting.flag, setting.path, wanted.flag_value());
    let or_remove = match origin {
        Origin::DropIn if below_fits(decided, wanted) => {
            words!(", or remove it there", "（またはその行を削除します）")
        }
        // Which source it is, is not known.
        Origin::Live => Words::NONE,
        _ if default_fits => words!(
            ", or remove it: the default is what is asked for",
            "（または削除します: デフォルト値が要求どおりです）"
        ),
        _ => Words::NONE,
    };
    let text = match origin {
        Origin::Flag if below_fits(decided, wanted) => {
            text!(
                "remove `--{flag}` from the kubelet's arguments (the file already says {value}), or set it to {value}",
                "kubelet の引数から `--{flag}` を削除する（ファイルの値は既に {value} です）か、値を {value} にします",
                flag,
                value
            )
        }
        Origin::Flag => text!(
            "set `--{flag}={value}` in the kubelet's arguments{or_remove}",
            "kubelet の引数に `--{flag}={value}` を指定します{or_remove}",
            flag,
            value,
            or_remove
        ),
        Origin::DropIn => text!(
            "set `{path}` to {value} in this drop-in{or_remove}",
            "このドロップインで `{path}` を {value} にします{or_remove}",
            path,
            value = in_file(value),
            or_remove
        ),
        Origin::ConfigFile => {
            text!(
                "set `{path}` to {value}{or_remove}",
                "`{path}` を {value} にします{or_remove}",
                path,
                value = in_file(value),
                or_remove
            )
        }
        Origin::Default | Origin::Live => place_of(setting, value),
    };
    in_words(case.platform, text)
}

/// A value for people, where it stands in a file.
fn in_file(value: &str) -> &str {
    if value.is_empty() { "\"\"" } else { value }
}

fn place_of(setting: &Setting, value: &str) -> Text {
    match (setting.path, setting.flag) {
        (path, "") => text!(
            "set `{path}` to {value} in the configuration file",
            "設定ファイルで `{path}` を {value} にします",
            path,
            value = in_file(value)
        ),
        ("", flag) => text!("pass `--{flag}={value}`", "`--{flag}={value}` を指定します", flag, value),
        (path, flag) => text!(
            "set `{path}` to {value} in the configuration file, or pass `--{flag}={value}`",
            "設定ファイルで `{path}` を {value} にするか、`--{flag}={value}` を指定します",
            path,
            flag,
            value
        ),
    }
}

/// A remedy in words alone, with how it takes effect and where it lasts.
pub fn in_words(platform: &Platform, what: impl Into<Text>) -> Remedy {
    plain(text!("{what}; then {place}", "{what}。その後、{place}", what = what.into(), place = place(platform)))
}

/// How a change takes effect on a platform, and where it lasts.
pub fn place(platform: &Platform) -> Text {
    let Platform { restart, lasting, .. } = *platform;
    match lasting.is_none() {
        true => text!("restart the kubelet: {restart}", "kubelet を再起動します: {restart}", restart),
        false => text!(
            "restart the kubelet: {restart}; {lasting}",
            "kubelet を再起動します: {restart}。{lasting}",
            restart,
            lasting
        ),
    }
}

/// Whether the kubelet would have what is wanted without the flag or the drop-in that decided, as far as the files say.
fn below_fits(decided: &Decided, wanted: &Wanted) -> bool {
    let flag = decided.by.origin == Origin::Flag;
    let below = decided.overridden.iter().find(|source| !flag || source.origin != Origin::Flag);
    below.is_some_and(|source| source.value == wanted.value)
}

/// A remedy in words alone that needs no restart.
pub fn plain(text: impl Into<Text>) -> Remedy {
    Remedy { text: message("remedy", text), edits: vec![], blocked: None }
}
