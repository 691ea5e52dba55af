//! The edit of a file that makes a setting what is asked for, or why there is none.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::Case;
use crate::HAS_EDITS;
use crate::kubelet::laid_out::is_nowhere;
use crate::kubelet::surface::field;
use crate::kubelet::{AskedEdit, Kubelet, effective};
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

impl Change<'_> {
    /// Whether Go takes the value for zero, which it leaves out where a type says so.
    pub fn is_zero(&self) -> bool {
        matches!(self.value, "0" | "false" | "\"\"" | "[]" | "{}")
    }
}

/// A remedy with the edit that it asks for: where the value stands that decided, or else where the file has a place for it.
pub fn with_edit(case: &Case, change: &Change, decided: &Decided, remedy: Remedy) -> Remedy {
    match edits(case, change, decided) {
        Ok(edits) => Remedy { edits, ..remedy },
        Err(why) => Remedy { blocked: Some(why.message(change.flag)), ..remedy },
    }
}

/// Adds to a remedy what another asks for. An edit that begins where the one before it ends becomes part of it, so that it does not
/// matter in which order they are made.
pub fn join(remedy: &mut Remedy, also: Remedy) {
    remedy.edits.extend(also.edits);
    remedy.edits.dedup_by(|next, last| {
        let touch = (next.span.document, next.span.start) == (last.span.document, last.span.end);
        if touch {
            last.span.end = next.span.end;
            last.text.append(&mut next.text);
        }
        touch
    });
    remedy.blocked = remedy.blocked.take().or(also.blocked);
}

/// Why no edit of a file helps.
enum Blocked {
    ByFlag,
    FlagAlone,
    NoFile,
    OtherForm,
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
            Blocked::OtherForm => message(
                "other-form",
                words!(
                    "what stands in a file of this form is not edited: it has to be changed by hand",
                    "この形式のファイルの内容は編集できないため、手作業で変更する必要があります"
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
            // It may well read a file, inside of one that is not its own.
            let none = if case.kubelet.sources.documents.is_empty() { Blocked::NoFile } else { Blocked::OtherForm };
            (place_for(case, change).ok_or(none)?, None)
        }
        _ => return Ok(vec![]),
    };
    if !HAS_EDITS {
        return Ok(vec![]);
    }
    if !case.documents.is_editable(document) {
        return Err(Blocked::OtherForm);
    }
    let helps = match (change.is_zero(), case.kubelet.drop_ins_reset(change.path)) {
        (true, true) => zero_counts(case, change, decided, document),
        (true, false) => !hides_a_spelling(case, decided, document),
        _ => true,
    };
    if !helps {
        return Err(Blocked::NoSafeEdit);
    }
    // Edits are shown: where something of a document is withheld, they must not bring it elsewhere.
    let copies = !case.kubelet.withheld.iter().any(|span| span.document == document);
    let (path, value) = (change.path.to_owned(), change.value.to_owned());
    let asked = AskedEdit { document, path, value, near, copies };
    let splices = case.documents.edit(asked).ok_or(Blocked::NoSafeEdit)?;
    let edit = |Splice { span, text }: Splice| Edit {
        span: Span { document, part: 0, start: span.start as u32, end: span.end as u32 },
        text: text.into_bytes(),
    };
    Ok(splices.into_iter().map(edit).collect())
}

/// The file for a setting that none of them sets: the last that has its key, without a value, or else the first.
fn place_for(case: &Case, change: &Change) -> Option<u32> {
    let files = || case.kubelet.sources.documents.iter().filter(|document| case.documents.is_editable(**document));
    let names_it =
        |document: &&u32| case.documents.text(**document).is_some_and(|(_, text)| names(&text.root, change.path));
    let found = match (case.kubelet.drop_ins_reset(change.path), change.is_zero()) {
        (false, _) => files().rfind(names_it).or(files().next()),
        (true, false) => files().next_back(),
        (true, true) => files().next(),
    };
    found.copied()
}

/// Whether a zero in a document has an effect, where drop-ins reset.
fn zero_counts(case: &Case, change: &Change, decided: &Decided, document: u32) -> bool {
    let is_zero = |value: &str| value == change.value;
    // Without a file, what drop-ins are laid over has the defaults of flags alone.
    let Kubelet { version, sources, .. } = case.kubelet;
    let legacy = field(change.path, *version).and_then(|field| field.legacy(*version));
    let legacy = legacy.filter(|_| sources.config.is_empty());
    let mut defaults = legacy.into_iter().chain(effective::default_value(case.kubelet, change.path));
    let default_is_zero = defaults.all(|value| is_zero(&value.to_json()));
    let in_drop_in = sources.is_drop_in(document);
    match decided.by.origin {
        // Nothing is laid over it now, and nothing will be.
        Origin::ConfigFile => !in_drop_in,
        // What is below comes to light.
        Origin::DropIn => {
            let below_is_zero = decided.overridden.iter().all(|below| is_zero(&below.value));
            default_is_zero && below_is_zero && !case.options.require_explicit
        }
        _ => default_is_zero && !in_drop_in,
    }
}

/// Whether something later has the setting in another spelling, which comes to light where a zero is left out before drop-ins are
/// merged.
fn hides_a_spelling(case: &Case, decided: &Decided, document: u32) -> bool {
    let documents = &case.kubelet.sources.documents;
    let is_later = |place| match place {
        Place::At(span) => documents.iter().rev().take_while(|id| **id != document).any(|id| *id == span.document),
        _ => false,
    };
    decided.overridden.iter().any(|source| source.origin == Origin::DropIn && is_later(source.place))
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
