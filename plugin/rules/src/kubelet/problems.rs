//! What is not as its author meant it, although the kubelet starts: keys that it ignores, or reads otherwise than they look.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use super::decode::fold;
use super::file::Source;
use super::surface::{FLAGS, Field, GateStage, GateState, Version, leaves};
use super::values;
use crate::message::message;
use crate::model::{Edit, Message, Place, Problem, Severity, Span};
use crate::spelling;
use crate::text::{Member, Node, Value};

/// A document with more problems than these is none that a person reads through; the rest are counted as one.
const MAX_PROBLEMS: usize = 100;

/// Problems found so far, and text that must not be shown.
#[derive(Default)]
pub struct Problems {
    /// The problems.
    pub found: Vec<Problem>,
    /// See [`Report`](crate::model::Report).
    pub withheld: Vec<Span>,
}

impl Problems {
    /// Adds a problem.
    pub fn add(&mut self, severity: Severity, message: Message, place: Place) {
        if self.has_room() {
            self.found.push(Problem { severity, message, place, edits: vec![] });
        }
    }

    /// Whether there is room for one more; where there is not, that is the last problem.
    fn has_room(&mut self) -> bool {
        if self.found.len() == MAX_PROBLEMS {
            let text = format!("there are more problems than these {MAX_PROBLEMS}; the rest are left out");
            let message = message("more-problems", &[], text);
            self.found.push(Problem { severity: Severity::Medium, message, place: Place::Target, edits: vec![] });
        }
        self.found.len() < MAX_PROBLEMS
    }

    /// A document must not be shown at all.
    pub fn withhold(&mut self, document: u32, length: usize) {
        self.withhold_span(document, &(0..length));
    }

    /// A part of a document must not be shown.
    pub fn withhold_span(&mut self, document: u32, span: &Range<usize>) {
        self.withheld.push(Span { document, part: 0, start: span.start as u32, end: span.end as u32 });
    }

    /// A key that the kubelet does not know here: it logs a line, and goes on without it.
    pub fn unknown_key(&mut self, source: &Source, fields: &'static [Field], member: &Member, version: Version) {
        if !self.has_room() {
            return;
        }
        let near = near(fields, &member.key, version);
        let place = source.at(&member.key_span);
        let edits = match (&near, place) {
            (Some(Near::Here(name)), Place::At(span)) => {
                vec![Edit { span, text: rewritten(source.bytes, &member.key_span, name) }]
            }
            _ => vec![],
        };
        let message = unknown(&member.key, near, "the kubelet ignores this key");
        self.found.push(Problem { severity: Severity::Medium, message, place, edits });
    }

    /// The same in a drop-in, which the kubelet drops without a word.
    pub fn unknown_in_drop_in(&mut self, fields: &'static [Field], key: &str, place: &Option<Place>, version: Version) {
        if !self.has_room() {
            return;
        }
        let near = near(fields, key, version);
        self.add(
            Severity::Medium,
            unknown(key, near, "the kubelet ignores this key in silence"),
            place.unwrap_or(Place::Target),
        );
    }

    /// A key of a drop-in whose case is wrong, and which counts all the same.
    pub fn folded_key(&mut self, field: &Field, key: &str, place: &Option<Place>) {
        let text = format!(
            "`{}` is read as `{}`: after drop-ins the case of keys does not count, and of several spellings the one that sorts last wins",
            shown(key),
            field.path()
        );
        let message = message("key-case", &[("key", key), ("setting", field.path())], text);
        self.add(Severity::Medium, message, place.unwrap_or(Place::Target));
    }

    /// A key that is given again later in the same object.
    pub fn duplicate_key(&mut self, source: &Source, member: &Member) {
        let text = format!("`{}` is given again below, and the last one counts", shown(&member.key));
        self.add(
            Severity::Medium,
            message("duplicate-key", &[("key", &member.key)], text),
            source.at(&member.key_span),
        );
    }

    /// Scalars that are read otherwise than they look: YAML 1.1 has more words for true and false, and more ways to write a
    /// number.
    pub fn odd_scalars(&mut self, source: &Source, node: &Node) {
        match &node.value {
            Value::Object(members) => {
                for member in members.iter().filter(|member| !member.shadowed) {
                    self.odd_scalar(source, &member.key, &member.value);
                    self.odd_scalars(source, &member.value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.odd_scalars(source, item)),
            _ => {}
        }
    }

    fn odd_scalar(&mut self, source: &Source, key: &str, node: &Node) {
        let written = source.bytes.get(node.span.clone()).and_then(|bytes| str::from_utf8(bytes).ok());
        let (Some(written), true) = (written, self.has_room()) else { return };
        let read = match &node.value {
            Value::Bool(value) if is_odd_bool(written) => value.to_string(),
            Value::Number(number) if is_odd_number(written) => number.clone(),
            _ => return,
        };
        let text = format!("`{}`: `{}` is read as {read}, as YAML 1.1 has it", shown(key), shown(written));
        self.add(Severity::Low, message("odd-scalar", &[("key", key), ("read", &read)], text), source.at(&node.span));
    }

    /// A flag that another one takes for its value.
    pub fn swallowed_word(&mut self, flag: &str, word: &str, place: Place) {
        let name = shown(word.split('=').next().unwrap_or_default());
        let text = format!("`--{flag}` takes the next word for its value, so `{name}` is not set");
        self.add(Severity::Medium, message("swallowed-word", &[("flag", flag)], text), place);
    }

    /// A gate that is set to no effect, or will soon be gone.
    pub fn idle_gate(&mut self, name: &str, state: GateState, place: Place) {
        let text = match state.stage {
            GateStage::Deprecated => format!("the feature gate `{name}` is deprecated"),
            _ if state.locked => {
                format!("the feature gate `{name}` cannot be set otherwise: to name it changes nothing")
            }
            _ => return,
        };
        self.add(Severity::Low, message("idle-gate", &[("gate", name)], text), place);
    }

    /// A `null`, which is the same as no key at all.
    pub fn null_key(&mut self, source: &Source, field: &Field, member: &Member) {
        let text = format!("`{}: null` is the same as leaving the key out: the default applies", field.path());
        self.add(Severity::Low, message("null-key", &[("setting", field.path())], text), source.at(&member.value.span));
    }
}

fn is_odd_bool(written: &str) -> bool {
    ["y", "yes", "on", "n", "no", "off"].into_iter().any(|word| word.eq_ignore_ascii_case(written))
}

/// Octal, hexadecimal or binary, or with underscores.
fn is_odd_number(written: &str) -> bool {
    let digits = written.trim_start_matches(['-', '+']);
    let prefixed = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    digits.starts_with(|c: char| c.is_ascii_digit()) && (prefixed || values::has(digits, b'_'))
}

/// A key that was probably meant.
enum Near {
    /// It belongs where the misspelt one stands.
    Here(&'static str),
    /// It belongs elsewhere; the path.
    Elsewhere(&'static str),
}

fn near(fields: &'static [Field], key: &str, version: Version) -> Option<Near> {
    if key.len() > 64 {
        return None;
    }
    let here = || fields.iter().filter(|field| version.is_in(field.versions));
    let folded = fold(key);
    if let Some(field) = here().find(|field| fold(field.name()) == folded) {
        return Some(Near::Here(field.name()));
    }
    let flag = key.trim_start_matches('-').replace('_', "-");
    if let Some(flag) =
        FLAGS.iter().find(|known| known.name() == flag && version.is_in(known.versions) && !known.field().is_empty())
    {
        return Some(match here().find(|field| field.path() == flag.field()) {
            Some(field) => Near::Here(field.name()),
            None => Near::Elsewhere(flag.field()),
        });
    }
    let most = if key.len() < 8 { 1 } else { 2 };
    if let Some(field) = spelling::nearest(&folded, most, here(), |field| fold(field.name())) {
        return Some(Near::Here(field.name()));
    }
    leaves(version).into_iter().find(|field| fold(field.name()) == folded).map(|field| Near::Elsewhere(field.path()))
}

fn unknown(key: &str, near: Option<Near>, consequence: &str) -> Message {
    let key = shown(key);
    let (hint, meant) = match near {
        Some(Near::Here(name)) => (format!("; did you mean `{name}`?"), name),
        Some(Near::Elsewhere(path)) => (format!("; its place is `{path}`"), path),
        None => (String::new(), ""),
    };
    message("unknown-key", &[("key", &key), ("meant", meant)], format!("`{key}`: {consequence}{hint}"))
}

/// A key for people: not longer than a line.
fn shown(key: &str) -> String {
    match key.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &key[..end]),
        None => key.to_owned(),
    }
}

/// A key's new text, with the quotes that it has.
fn rewritten(bytes: &[u8], span: &Range<usize>, name: &str) -> Vec<u8> {
    match bytes.get(span.start) {
        Some(quote @ (b'"' | b'\'')) => [&[*quote], name.as_bytes(), &[*quote]].concat(),
        _ => name.as_bytes().to_vec(),
    }
}
