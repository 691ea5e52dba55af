//! What to do about a setting. It names the source that decided: an edit elsewhere would change nothing.

use alloc::string::String;

use super::Case;
use super::setting::{Setting, Wanted};
use crate::message::message;
use crate::model::{Decided, Edit, Origin, Place, Remedy, Source};
use crate::platform::Platform;

/// The change that makes a setting what is asked for.
pub fn of_setting(case: &Case, setting: &Setting, wanted: &Wanted, decided: &Decided, default_fits: bool) -> Remedy {
    let Source { origin, place, .. } = &decided.by;
    let (flag, path, flag_value) = (setting.flag, setting.path, wanted.flag_value());
    let or_remove = match origin {
        Origin::DropIn if below_fits(decided, wanted) => ", or remove it there",
        _ if default_fits => ", or remove it: the default is what is asked for",
        _ => "",
    };
    let text = match origin {
        Origin::Flag if below_fits(decided, wanted) => {
            format!(
                "remove `--{flag}` from the kubelet's arguments (the file already says {flag_value}), or set it to {flag_value}"
            )
        }
        Origin::Flag => format!("set `--{flag}={flag_value}` in the kubelet's arguments{or_remove}"),
        Origin::DropIn => format!("set `{path}` to {flag_value} in this drop-in{or_remove}"),
        Origin::ConfigFile | Origin::Live => format!("set `{path}` to {flag_value}{or_remove}"),
        Origin::Default => place_of(setting, flag_value),
    };
    let edits = match (origin, place) {
        (Origin::ConfigFile | Origin::DropIn, Place::At(span)) => {
            vec![Edit { span: *span, text: wanted.value.as_bytes().to_vec() }]
        }
        _ => vec![],
    };
    Remedy { edits, ..in_words(case.platform, text) }
}

fn place_of(setting: &Setting, value: &str) -> String {
    match (setting.path, setting.flag) {
        (path, "") => format!("set `{path}` to {value} in the configuration file"),
        ("", flag) => format!("pass `--{flag}={value}`"),
        (path, flag) => format!("set `{path}` to {value} in the configuration file, or pass `--{flag}={value}`"),
    }
}

/// A remedy in words alone, with where it lasts and the restart.
pub fn in_words(platform: &Platform, text: impl Into<String>) -> Remedy {
    plain(lasting(platform, text.into()))
}

/// With how a change takes effect, and where it lasts.
fn lasting(platform: &Platform, text: String) -> String {
    format!("{text}; then {}", place(platform))
}

/// How a change takes effect on a platform, and where it lasts.
pub fn place(platform: &Platform) -> String {
    let lasting = if platform.lasting.is_empty() { String::new() } else { format!("; {}", platform.lasting) };
    format!("restart the kubelet: {}{lasting}", platform.restart)
}

/// Whether the kubelet would have what is wanted without the flag or the drop-in that decided, as far as the files say.
fn below_fits(decided: &Decided, wanted: &Wanted) -> bool {
    let flag = decided.by.origin == Origin::Flag;
    let below = decided.overridden.iter().find(|source| !flag || source.origin != Origin::Flag);
    below.is_some_and(|source| source.value == wanted.value)
}

/// A remedy in words alone that needs no restart.
pub fn plain(text: impl Into<String>) -> Remedy {
    Remedy { text: message("remedy", &[], text), edits: vec![], blocked: None }
}
