//! What is not as its author meant it, although the kubelet starts: keys that it ignores, or reads otherwise than they look.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::ops::Range;

use super::decode::{fold, folds_to};
use super::file::{self, Source};
use super::surface::{FLAGS, Field, GateStage, GateState, Version, leaves};
use super::values;
use crate::HAS_EDITS;
use crate::collections;
use crate::digits;
use crate::message::{Problem, Said, Text, Words, message};
use crate::model::{Edit, Place, Severity, Span};
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
    /// See [`Kubelet`](super::Kubelet).
    pub taken: Vec<u32>,
}

impl Problems {
    /// Adds a problem.
    pub fn add(&mut self, severity: Severity, message: Said, place: Place) {
        if self.has_room() {
            self.found.push(Problem { severity, message, place, edits: vec![] });
        }
    }

    /// Whether there is room for one more; where there is not, that is the last problem.
    fn has_room(&mut self) -> bool {
        if self.found.len() == MAX_PROBLEMS {
            let text = text!(
                "there are more problems than these {most}; the rest are left out",
                "これら {most} 件のほかにも問題がありますが、残りは省略します",
                most = digits::unsigned(MAX_PROBLEMS as u64)
            );
            let message = message("more-problems", text);
            self.found.push(Problem { severity: Severity::Medium, message, place: Place::Target, edits: vec![] });
        }
        self.found.len() < MAX_PROBLEMS
    }

    /// A document must not be shown at all.
    pub fn withhold(&mut self, document: u32, length: usize) {
        self.withhold_span(document, &(0..length));
    }

    /// Nothing of a document but these spans must be shown, and what stands between keys and values and says nothing.
    pub fn withhold_but(&mut self, document: u32, bytes: &[u8], shown: &[Range<usize>]) {
        let is_structure = |byte: &u8| b" \t\r\n:,-{}[]\"'".contains(byte);
        let order = collections::order(shown.len(), &|a, b| shown[a].start.cmp(&shown[b].start));
        let end = bytes.len()..bytes.len();
        let mut start = 0;
        for span in order.into_iter().map(|at| &shown[at]).chain([&end]) {
            if !bytes.get(start..span.start).unwrap_or_default().iter().all(is_structure) {
                self.withhold_span(document, &(start..span.start));
            }
            start = start.max(span.end);
        }
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
            (Some(Near::Here(name)), Place::At(span)) if HAS_EDITS => {
                vec![Edit { span, text: rewritten(source.bytes, &member.key_span, name) }]
            }
            _ => vec![],
        };
        let consequence = words!("the kubelet ignores this key", "kubelet はこのキーを無視します");
        let message = unknown(&member.key, near, consequence);
        self.found.push(Problem { severity: Severity::Medium, message, place, edits });
    }

    /// The same in the kubelet's internal form, whose keys are not those that are meant for files.
    pub fn unknown_inside(&mut self, source: &Source, member: &Member) {
        let consequence = words!("the kubelet ignores this key", "kubelet はこのキーを無視します");
        self.add(Severity::Medium, unknown(&member.key, None, consequence), source.at(&member.key_span));
    }

    /// The same in a drop-in, which the kubelet drops without a word.
    pub fn unknown_in_drop_in(&mut self, fields: &'static [Field], key: &str, place: &Option<Place>, version: Version) {
        if !self.has_room() {
            return;
        }
        let near = near(fields, key, version);
        let consequence = words!("the kubelet ignores this key in silence", "kubelet はこのキーを黙って無視します");
        self.add(Severity::Medium, unknown(key, near, consequence), place.unwrap_or(Place::Target));
    }

    /// A key of a drop-in whose case is wrong, and which counts all the same.
    pub fn folded_key(&mut self, field: &Field, key: &str, place: &Option<Place>) {
        let text = text!(
            "`{key}` is read as `{setting}`: after drop-ins the case of keys does not count, and of several spellings the one that sorts last wins",
            "`{key}` は `{setting}` として読み込まれます。ドロップインがあるとキーの大文字と小文字は区別されず、複数の表記のうちソート順で最後のものが優先されます",
            key = shown(key),
            setting = field.path()
        );
        self.add(Severity::Medium, message("key-case", text), place.unwrap_or(Place::Target));
    }

    /// A key that is given again later in the same object.
    pub fn duplicate_key(&mut self, source: &Source, member: &Member) {
        let text = text!(
            "`{key}` is given again below, and the last one counts",
            "`{key}` は後でもう一度指定されており、最後のものが有効です",
            key = shown(&member.key)
        );
        self.add(Severity::Medium, message("duplicate-key", text), source.at(&member.key_span));
    }

    /// Scalars that are read otherwise than they look: YAML 1.1 has more words for true and false, and more ways to write a
    /// number.
    pub fn odd_scalars(&mut self, source: &Source, node: &Node) {
        match &node.value {
            Value::Object(members) => {
                // Names of headers are withheld with them.
                for member in members.iter().filter(|member| !member.shadowed && !file::is_secret(member)) {
                    self.odd_scalar(source, &member.key, &member.value);
                    self.odd_scalars(source, &member.value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.odd_scalars(source, item)),
            _ => {}
        }
    }

    fn odd_scalar(&mut self, source: &Source, key: &str, node: &Node) {
        // What is not UTF-8 is neither a boolean nor a number.
        let written = source.bytes.get(node.span.clone()).and_then(|written| str::from_utf8(written).ok());
        let Some(written) = written else { return };
        let read = match &node.value {
            Value::Bool(value) if is_odd_bool(written) => value.to_string(),
            Value::Number(number) if is_odd_number(written) => number.clone(),
            _ => return,
        };
        if !self.has_room() {
            return;
        }
        let text = text!(
            "`{key}`: `{written}` is read as {read}, as YAML 1.1 has it",
            "`{key}`: `{written}` は YAML 1.1 の規則により {read} として読み込まれます",
            key = shown(key),
            written = shown(written),
            read
        );
        self.add(Severity::Low, message("odd-scalar", text), source.at(&node.span));
    }

    /// A flag that another one takes for its value.
    pub fn swallowed_word(&mut self, flag: &str, word: &str, place: Place) {
        let name = shown(word.split('=').next().unwrap_or_default());
        let text = text!(
            "`--{flag}` takes the next word for its value, so `{name}` is not set",
            "`--{flag}` が次の語を値として取り込むため、`{name}` は設定されません",
            flag,
            name
        );
        self.add(Severity::Medium, message("swallowed-word", text), place);
    }

    /// A gate that is set to no effect, or will soon be gone.
    pub fn idle_gate(&mut self, name: &str, state: GateState, place: Place) {
        let text = match state.stage {
            GateStage::Deprecated => {
                words!("the feature gate `{gate}` is deprecated", "フィーチャーゲート `{gate}` は非推奨です")
            }
            _ if state.locked => words!(
                "the feature gate `{gate}` cannot be set otherwise: to name it changes nothing",
                "フィーチャーゲート `{gate}` は変更できないため、指定しても何も変わりません"
            ),
            _ => return,
        };
        let mut text = Text::from(text);
        text.put("gate", name);
        self.add(Severity::Low, message("idle-gate", text), place);
    }

    /// A `null`, which is the same as no key at all.
    pub fn null_key(&mut self, source: &Source, field: &Field, member: &Member) {
        let text = text!(
            "`{setting}: null` is the same as leaving the key out: the default applies",
            "`{setting}: null` はキーを書かないのと同じで、デフォルト値が適用されます",
            setting = field.path()
        );
        self.add(Severity::Low, message("null-key", text), source.at(&member.value.span));
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
    /// It is right from this version on.
    From(Version),
}

fn near(fields: &'static [Field], key: &str, version: Version) -> Option<Near> {
    if key.len() > 64 {
        return None;
    }
    let here = || fields.iter().filter(|field| version.is_in(field.versions));
    if let Some(field) = here().find(|field| folds_to(key, field.name())) {
        return Some(Near::Here(field.name()));
    }
    if let Some(field) = fields.iter().find(|field| folds_to(key, field.name())) {
        return Version::all().find(|other| *other > version && other.is_in(field.versions)).map(Near::From);
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
    if let Some(field) = spelling::nearest(&fold(key), most, here(), |field| fold(field.name())) {
        return Some(Near::Here(field.name()));
    }
    let mut elsewhere = leaves(version).filter(|field| folds_to(key, field.name()));
    match (elsewhere.next(), elsewhere.next()) {
        (Some(field), None) => Some(Near::Elsewhere(field.path())),
        // It may be meant for any of them.
        _ => None,
    }
}

fn unknown(key: &str, near: Option<Near>, consequence: Words) -> Said {
    let (hint, meant) = match near {
        Some(Near::Here(name)) => {
            (text!("; did you mean `{name}`?", "。`{name}` の間違いではありませんか?", name), name)
        }
        Some(Near::Elsewhere(path)) => (text!("; its place is `{path}`", "。正しい場所は `{path}` です", path), path),
        Some(Near::From(version)) => {
            (text!("; known from {version} on", "。{version} 以降で使えます", version = version.name()), "")
        }
        None => (Text::NONE, ""),
    };
    let text =
        text!("`{key}`: {consequence}{hint}", "`{key}`: {consequence}{hint}", key = shown(key), consequence, hint);
    message("unknown-key", text).with("meant", meant)
}

/// A key for people: not longer than a line.
fn shown(key: &str) -> String {
    match key.char_indices().nth(80) {
        Some((end, _)) => [&key[..end], "…"].concat(),
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

#[cfg(test)]
mod tests {
    use crate::support::Node;

    /// What is said of a key that a kubelet does not take.
    fn said(version: &str, config: &str) -> String {
        let node = Node::new("--container-runtime-endpoint=unix:///run/c").option("version", version);
        let problems = node.config(config).report(&[]).problems;
        problems.iter().find(|problem| problem.message.id == "unknown-key").unwrap().message.text.clone()
    }

    #[test]
    fn a_key_with_several_places_has_none() {
        let alone = "`enabled`: the kubelet ignores this key";
        assert_eq!(said("1.37", "authentication: {enabled: false}"), alone);
        let elsewhere = "`clientCAFile`: the kubelet ignores this key; its place is `authentication.x509.clientCAFile`";
        assert_eq!(said("1.37", "clientCAFile: /ca"), elsewhere);
    }

    #[test]
    fn what_follows_the_first_document_is_told() {
        let problems = |config: &str| {
            let problems = Node::new("--container-runtime-endpoint=unix:///run/c").config(config).report(&[]).problems;
            problems.into_iter().map(|problem| problem.message.id).collect::<Vec<_>>()
        };
        assert!(problems("readOnlyPort: 0\n---\n# nothing\n\n---\n").is_empty());
        assert!(problems("clusterDomain: |\n  ---\n  a\n").is_empty());
        assert_eq!(problems("readOnlyPort: 0\n---\nreadOnlyPort: 1\n"), ["second-document"]);
    }

    #[test]
    fn a_key_of_another_version_is_no_misspelt_one() {
        let newer = "`imageMaximumGCAge`: the kubelet ignores this key; known from 1.29 on";
        assert_eq!(said("1.28", "imageMaximumGCAge: 720h"), newer);
        let misspelt = "`imageMaximumGCAges`: the kubelet ignores this key; did you mean `imageMaximumGCAge`?";
        assert_eq!(said("1.29", "imageMaximumGCAges: 720h"), misspelt);
    }
}
