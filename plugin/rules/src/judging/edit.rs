//! The edit of a file that makes a setting what is asked for, or why there is none.

use alloc::vec::Vec;

use super::Case;
use crate::HAS_EDITS;
use crate::kubelet::laid_out::is_nowhere;
use crate::kubelet::{Documents, Kubelet};
use crate::message::{Remedy, Said, message};
use crate::model::{Decided, Edit, Origin, Place, Span};
use crate::text::edit::Splice;
use crate::text::{Node, Value};

/// A change of a setting of the configuration.
pub struct Change<'a> {
    /// The path of the field, such as `authorization.mode`; empty for a flag that has no place in a file.
    pub path: &'a str,
    /// The flag without dashes.
    pub flag: &'a str,
    /// The value that it is to have, as JSON.
    pub value: &'a str,
}

/// A remedy with the edit that it asks for: where the value stands that decided, or else where the file has a place for it.
pub fn with_edit(case: &Case, change: &Change, decided: &Decided, remedy: Remedy) -> Remedy {
    match edits(case, change, decided) {
        Ok(edits) => Remedy { edits, ..remedy },
        Err(why) => Remedy { blocked: Some(why.message(change.flag)), ..remedy },
    }
}

/// Why no edit of a file helps.
enum Blocked {
    ByFlag,
    FlagAlone,
    NoFile,
    NoSafeEdit,
}

impl Blocked {
    fn message(&self, flag: &str) -> Said {
        match self {
            Blocked::ByFlag => message(
                "overridden-by-flag",
                text!(
                    "`--{flag}` is among the kubelet's arguments and overrides every file: it has to be changed there",
                    "kubelet の引数の `--{flag}` がすべてのファイルより優先されるため、引数を変更する必要があります",
                    flag
                ),
            ),
            Blocked::FlagAlone => message(
                "flag-alone",
                text!(
                    "no file has a place for `--{flag}`: it has to be changed among the kubelet's arguments",
                    "`--{flag}` はファイルでは設定できないため、kubelet の引数を変更する必要があります",
                    flag
                ),
            ),
            Blocked::NoFile => message(
                "no-file",
                words!(
                    "this kubelet reads no configuration file that could be edited",
                    "この kubelet が読み込む設定ファイルがなく、編集できるものがありません"
                ),
            ),
            Blocked::NoSafeEdit => message(
                "no-safe-edit",
                words!(
                    "no edit of this file is known that changes this and nothing else: it has to be made by hand",
                    "ほかに影響を与えずにこのファイルを編集する方法が見つからないため、手作業で編集する必要があります"
                ),
            ),
        }
    }
}

fn edits(case: &Case, change: &Change, decided: &Decided) -> Result<Vec<Edit>, Blocked> {
    let (document, near) = match (decided.by.origin, decided.by.place) {
        _ if change.path.is_empty() => return Err(Blocked::FlagAlone),
        (Origin::Flag, _) => return Err(Blocked::ByFlag),
        (Origin::ConfigFile | Origin::DropIn, place @ Place::At(span)) if !is_nowhere(place) => {
            (span.document, Some(span.start as usize..span.end as usize))
        }
        (Origin::Default | Origin::ConfigFile | Origin::DropIn, _) => {
            (place_for(case.documents, case.kubelet, change.path).ok_or(Blocked::NoFile)?, None)
        }
        _ => return Ok(vec![]),
    };
    if !HAS_EDITS {
        return Ok(vec![]);
    }
    let splices = case.documents.edit(document, change.path, change.value, near).ok_or(Blocked::NoSafeEdit)?;
    let edit = |Splice { span, text }: Splice| Edit {
        span: Span { document, part: 0, start: span.start as u32, end: span.end as u32 },
        text: text.into_bytes(),
    };
    Ok(splices.into_iter().map(edit).collect())
}

/// The file for a setting that none of them sets: the last that has its key, without a value, or else the first.
fn place_for(documents: Documents, kubelet: &Kubelet, path: &str) -> Option<u32> {
    let files = || kubelet.sources.documents.iter().filter(|document| documents.is_editable(**document));
    let names_it = |document: &&u32| documents.text(**document).is_some_and(|(_, text)| names(&text.root, path));
    files().rfind(names_it).or(files().next()).copied()
}

/// Whether a text has the keys of a path, as far as they have values.
fn names(root: &Node, path: &str) -> bool {
    let mut node = Some(root);
    for key in path.split('.') {
        node = match node {
            Some(Node { value: Value::Null, .. }) => return true,
            Some(object) => object.get(key),
            None => return false,
        };
    }
    node.is_some()
}
