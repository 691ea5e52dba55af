//! What a reader should know of a change beside the change itself: how the platform has it written where it lasts, and how to
//! see afterwards that it took effect.

use alloc::vec::Vec;

use super::Case;
use super::edit::Change;
use super::setting::shown;
use crate::HAS_EDITS;
use crate::kubelet::surface::field;
use crate::message::{Said, Text, message};
use crate::model::{Decided, Origin};
use crate::platform::{Platform, form};

/// What to know of a change of a setting that this source decided.
pub fn notes(case: &Case, change: &Change, decided: &Decided) -> Vec<Said> {
    let by_flag = decided.by.origin == Origin::Flag;
    let form = (HAS_EDITS && form::are_known(case.platform)).then(|| of_platform(case.platform, change, by_flag));
    form.into_iter().chain([message("proof", proof(case, change))]).collect()
}

/// How the platform has the change written where it lasts.
fn of_platform(platform: &Platform, change: &Change, by_flag: bool) -> Said {
    let platform_name = platform.name;
    match form::of(platform, change, by_flag) {
        Some(form) => message(
            "lasting",
            text!(
                "where it lasts on {platform}, it is written `{form}`",
                "{platform} で恒久的に設定する場合の書き方: `{form}`",
                platform = platform_name,
                form
            ),
        ),
        None => message(
            "no-lasting-form",
            text!(
                "{platform} has no place for this where a change lasts",
                "{platform} には、これを恒久的に変更できる設定項目がありません",
                platform = platform_name
            ),
        ),
    }
}

/// How to see that the change took effect.
fn proof(case: &Case, change: &Change) -> Text {
    let Change { path, value, .. } = *change;
    let field = field(path, case.kubelet.version);
    let is_omitted = change.is_zero() && field.is_some_and(|field| field.omit_empty && !field.pointer);
    match (path.is_empty(), is_omitted) {
        (true, _) => words!(
            "to see that it took effect: `kubevet scan` on the node",
            "反映の確認方法: ノードで `kubevet scan` を実行します"
        )
        .into(),
        (_, true) => text!(
            "to see that it took effect: `{command}` no longer shows `{path}`",
            "反映の確認方法: `{command}` に `{path}` が表示されなくなります",
            command = CONFIGZ,
            path
        ),
        (_, false) if matches!(value.as_bytes(), [b'[' | b'{', ..]) => text!(
            "to see that it took effect: `{command}` shows the new `{path}`",
            "反映の確認方法: `{command}` で新しい `{path}` が表示されます",
            command = CONFIGZ,
            path
        ),
        (_, false) => text!(
            "to see that it took effect: `{command}` shows `{path}` as {value}",
            "反映の確認方法: `{command}` で `{path}` が {value} と表示されます",
            command = CONFIGZ,
            path,
            value = shown(value)
        ),
    }
}

/// The live configuration, through the API server.
const CONFIGZ: &str = "kubectl get --raw /api/v1/nodes/NODE/proxy/configz";
