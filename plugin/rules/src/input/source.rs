//! The texts of a file: its documents, and texts that stand in their values, all with the places of the file.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::{hcl, toml, tree};
use crate::message::Words;
use crate::text::{self, Format, Node, SyntaxError, Text, Value};

/// A document of a repository is not nested deeper than this; what is, is not looked into.
const MAX_DEPTH: usize = 100;

/// How many documents of a file are looked at.
const MAX_DOCUMENTS: usize = 1_000;

/// How many values they hold together: no file that people write has more.
const MAX_VALUES: usize = 50_000;

/// Where the bytes of a text stand in the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Places {
    /// The text is the file.
    Same,
    /// Runs of bytes: where each begins in the text, and in the file; in order, the first at 0.
    Runs(Vec<(usize, usize)>),
    /// Somewhere in here.
    Within(Range<usize>),
}

impl Places {
    /// The place in the file.
    pub fn of(&self, span: &Range<usize>) -> Range<usize> {
        match self {
            Places::Same => span.clone(),
            Places::Within(range) => range.clone(),
            Places::Runs(runs) => {
                let start = place(runs, span.start);
                // The end is that of the last byte: what follows it may stand elsewhere.
                let end = if span.end > span.start { place(runs, span.end - 1) + 1 } else { start };
                start..end
            }
        }
    }
}

fn place(runs: &[(usize, usize)], at: usize) -> usize {
    let run = runs.partition_point(|(start, _)| *start <= at).saturating_sub(1);
    runs.get(run).map_or(at, |(start, outer)| outer + (at - start))
}

/// A text in which inputs are looked for: a file, or a text that was unpacked from one.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
    /// Where they stand.
    pub places: Places,
}

/// A document of a text.
#[derive(Debug)]
pub struct Doc {
    /// What it holds, with the places of the file; or why it cannot be read.
    pub text: Result<Text, SyntaxError>,
    /// Where it stands in the file.
    pub range: Range<usize>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether its bytes are those of the file, so that it can be edited there.
    pub is_plain: bool,
}

impl<'a> Source<'a> {
    /// A file.
    pub fn file(bytes: &'a [u8]) -> Source<'a> {
        Source { bytes: Cow::Borrowed(bytes), places: Places::Same }
    }

    /// The text that a scalar of this text holds. `node` has the places of this text.
    pub fn of_scalar(file: &[u8], node: &Node) -> Option<Source<'static>> {
        let inner = tree::string(node)?.as_bytes().to_owned();
        let written = file.get(node.span.clone()).unwrap_or_default();
        let runs = runs(written, &inner);
        let places = match runs {
            Some(runs) => Places::Runs(runs.into_iter().map(|(at, outer)| (at, outer + node.span.start)).collect()),
            None => Places::Within(node.span.clone()),
        };
        Some(Source { bytes: Cow::Owned(inner), places })
    }

    /// Its documents.
    pub fn docs(&self) -> Vec<Doc> {
        if self.is_hcl() {
            return vec![self.whole(hcl::read(&self.bytes))];
        }
        if self.places == Places::Same && hcl::bicep::is_one(&self.bytes) {
            return vec![self.whole(hcl::bicep::read(&self.bytes))];
        }
        if toml::is_bottlerocket(&self.bytes) {
            return vec![self.toml()];
        }
        let chunks = chunks(&self.bytes);
        let single = chunks.len() == 1;
        let mut docs = vec![];
        let mut room = MAX_VALUES;
        for range in chunks {
            let bytes = &self.bytes[range.clone()];
            let doc = Doc {
                text: self.read(bytes, range.start, single, &mut room),
                range: self.places.of(&range),
                bytes: bytes.to_owned(),
                is_plain: self.places == Places::Same,
            };
            doc.flattened(&mut docs);
            if docs.len() > MAX_DOCUMENTS {
                break;
            }
        }
        docs
    }

    /// Whether it is a file of HCL.
    pub fn is_hcl(&self) -> bool {
        self.places == Places::Same && hcl::is_one(&self.bytes)
    }

    /// The one document of a file in another language.
    fn whole(&self, read: Result<Text, SyntaxError>) -> Doc {
        let text = read.and_then(|text| match tree::count(&text.root, MAX_VALUES, MAX_DEPTH * 2) {
            Some(_) => Ok(text),
            None => Err(SyntaxError { span: 0..1, words: TOO_MUCH }),
        });
        Doc { text, range: 0..self.bytes.len(), bytes: self.bytes.to_vec(), is_plain: false }
    }

    /// Its one document, where it is TOML.
    pub fn toml(&self) -> Doc {
        let whole = 0..self.bytes.len();
        let text = match toml::read(&self.bytes) {
            Ok(mut text) => {
                tree::relocate(&mut text.root, &|span| self.places.of(span));
                Ok(text)
            }
            Err(error) => Err(SyntaxError { span: self.places.of(&error.span), ..error }),
        };
        Doc { text, range: self.places.of(&whole), bytes: self.bytes.to_vec(), is_plain: false }
    }

    fn read(&self, bytes: &[u8], start: usize, single: bool, room: &mut usize) -> Result<Text, SyntaxError> {
        let read = match text::read(bytes) {
            // A brace begins YAML, too, except for the kubelet itself.
            Err(error) if single && bytes.trim_ascii_start().starts_with(b"{") => {
                text::read_yaml(bytes).map_err(|_| error)
            }
            read => read,
        };
        let place = |span: &Range<usize>| self.places.of(&(span.start + start..span.end + start));
        match read {
            Ok(Text { mut root, format, set_twice }) => {
                let Some(values) = tree::count(&root, *room, MAX_DEPTH) else {
                    return Err(SyntaxError { words: TOO_MUCH, span: place(&(0..bytes.len().min(1))) });
                };
                *room -= values;
                if format == Format::Yaml {
                    fill_in(&mut root, bytes);
                }
                tree::relocate(&mut root, &place);
                Ok(Text { root, format, set_twice: set_twice.iter().map(place).collect() })
            }
            Err(error) => Err(SyntaxError { span: place(&error.span), words: error.words }),
        }
    }
}

const TOO_MUCH: Words = words!(
    "it is nested too deeply, or holds too many values, for a file that people write",
    "人が書くファイルとしては入れ子が深すぎるか、値が多すぎます"
);

impl Doc {
    /// The outermost value.
    pub fn root(&self) -> Option<&Node> {
        self.text.as_ref().ok().map(|text| &text.root)
    }

    /// Its format.
    pub fn format(&self) -> Format {
        self.text.as_ref().map_or(Format::Yaml, |text| text.format)
    }

    /// The kind, where the document is of this group of the API, with its version.
    pub fn kind_of(&self, group: &str) -> Option<(&str, &str)> {
        let root = self.root()?;
        let version = tree::text(root, "apiVersion")?.strip_prefix(group)?.strip_prefix('/')?;
        Some((tree::text(root, "kind")?, version))
    }

    /// Where it says what it is.
    pub fn head(&self) -> Range<usize> {
        let kind = self.root().and_then(|root| tree::member(root, "kind").or(tree::members(root).first()));
        kind.map_or(self.range.start..self.range.start, |member| match tree::string(&member.value) {
            Some(_) => tree::span(member),
            None => member.key_span.clone(),
        })
    }

    /// A list of objects is its items.
    fn flattened(self, docs: &mut Vec<Doc>) {
        let items = self.root().filter(|root| tree::text(root, "kind") == Some("List"));
        let Some(items) = items.and_then(|root| root.get("items")) else {
            docs.push(self);
            return;
        };
        for item in tree::items(items).iter().take(MAX_DOCUMENTS) {
            let text = Text { root: item.clone(), format: self.format(), set_twice: vec![] };
            let range = item.span.clone();
            docs.push(Doc { text: Ok(text), range, bytes: vec![], is_plain: self.is_plain });
        }
    }

    /// Where secrets may stand: nodes have tokens and keys beside their settings. A document that cannot be read is one as a
    /// whole, if it has any.
    pub fn secrets(&self) -> Vec<Range<usize>> {
        let Some(root) = self.root() else {
            let small = self.bytes.to_ascii_lowercase();
            let has_any = SECRETS.iter().any(|word| mentions(&small, word));
            return if has_any { vec![self.range.clone()] } else { vec![] };
        };
        let mut secrets = vec![];
        // What is there, and the key that it is told by.
        let mut pending = vec![(root, "")];
        while let Some((node, key)) = pending.pop() {
            if matches!(&node.value, Value::String(value) if may_be_secret(key, value)) {
                secrets.push(node.span.clone());
            }
            pending.extend(tree::items(node).iter().map(|item| (item, key)));
            for member in tree::members(node) {
                // Of a variable of Terraform.
                let told_by = if member.key == "default" { key } else { &member.key };
                pending.push((&member.value, told_by));
            }
        }
        secrets
    }

    /// Whether a word stands in it.
    pub fn mentions(&self, word: &str) -> bool {
        mentions(&self.bytes, word)
    }
}

/// Whether a word stands in bytes.
pub fn mentions(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|part| part == word.as_bytes())
}

/// Parts of keys whose values are secrets.
const SECRETS: [&str; 6] = ["token", "password", "secret", "privatekey", "certificatekey", "certificate-key"];

/// Whether a value may be a secret, by its key or by itself.
pub fn may_be_secret(key: &str, value: &str) -> bool {
    is_secret(key) || has_credentials(value)
}

/// Whether there is a URL with a user in it, as proxies and databases have it.
fn has_credentials(value: &str) -> bool {
    let mut after_schemes = value.split("://").skip(1);
    let ends = |c: char| "/?#\"' ".contains(c);
    after_schemes.any(|rest| rest.split(ends).next().is_some_and(|authority| has(authority, "@")))
}

/// Whether a key's value may be a secret; what is asked of a token is none, nor how changes of secrets are detected.
pub fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let is_setting = ["webhook", "detection"].iter().any(|part| has(&key, part));
    key == "key" || SECRETS.iter().any(|part| has(&key, part)) && !is_setting
}

/// The documents of a YAML text, split where a line begins with `---`; JSON is one document.
fn chunks(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut starts = vec![0];
    let is_json = bytes.trim_ascii_start().starts_with(b"{") && text::read_json(bytes).is_ok();
    let mut at = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let ends = matches!(line, [b'-', b'-', b'-'] | [b'-', b'-', b'-', b' ' | b'\t' | b'\r' | b'\n', ..]);
        if ends && at > 0 && !is_json {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([bytes.len()]);
    let ranges: Vec<_> = starts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    let holds = |range: &Range<usize>| {
        let lines = bytes[range.clone()].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        lines.into_iter().any(|line| !line.is_empty() && !line.starts_with(b"#") && line != b"---")
    };
    let filled: Vec<_> = ranges.iter().filter(|range| holds(range)).cloned().collect();
    if filled.is_empty() { ranges.into_iter().take(1).collect() } else { filled }
}

/// Where the bytes of a scalar's value stand in what is written; none where that cannot be told.
fn runs(written: &[u8], value: &[u8]) -> Option<Vec<(usize, usize)>> {
    match written {
        [b'|', ..] => literal(written, value),
        [b'"', ..] => escaped(written, value),
        [b'>', ..] => None,
        [b'\'', rest @ ..] => (rest.strip_suffix(b"'") == Some(value)).then(|| vec![(0, 1)]),
        [b'<', b'<', ..] => hcl::runs(written, value),
        plain => (plain == value).then(|| vec![(0, 0)]),
    }
}

/// A literal block: lines without their indentation.
fn literal(written: &[u8], value: &[u8]) -> Option<Vec<(usize, usize)>> {
    let mut outer = written.iter().position(|byte| *byte == b'\n')? + 1;
    let mut runs = vec![];
    let mut at = 0;
    let indent = {
        let rest = written[outer..].split(|byte| *byte == b'\n');
        let first = rest.into_iter().find(|line| !line.trim_ascii().is_empty())?;
        let spaces = first.iter().take_while(|byte| **byte == b' ').count();
        let given = value.iter().position(|byte| *byte != b'\n').unwrap_or(0);
        // Where the indentation is given, the first line may have more than that.
        spaces - value[given..].iter().take_while(|byte| **byte == b' ').count().min(spaces)
    };
    for line in value.split_inclusive(|byte| *byte == b'\n') {
        let rest = written.get(outer..)?;
        let length = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |newline| newline + 1);
        let shown = &rest[..length];
        let skip = indent.min(shown.iter().take_while(|byte| **byte == b' ').count());
        let text = line.trim_ascii_end();
        if shown[skip..].trim_ascii_end() != text {
            return None;
        }
        runs.push((at, outer + skip));
        at += line.len();
        outer += length;
    }
    Some(runs)
}

/// A text in double quotes, on one line, with escapes.
fn escaped(written: &[u8], value: &[u8]) -> Option<Vec<(usize, usize)>> {
    let mut runs = vec![(0, 1)];
    let (mut at, mut outer) = (0, 1);
    while at < value.len() {
        let byte = *written.get(outer)?;
        if byte != b'\\' {
            if byte != value[at] {
                return None;
            }
            (at, outer) = (at + 1, outer + 1);
            continue;
        }
        let width = match written.get(outer + 1)? {
            b'u' => 6,
            b'x' => 4,
            b'U' => 10,
            b'\n' | b'\r' => return None,
            _ => 2,
        };
        let length =
            value[at..].utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()).map_or(1, char::len_utf8);
        (at, outer) = (at + length, outer + width);
        runs.push((at, outer));
    }
    Some(runs)
}

/// A name that may be any bytes, for people.
pub fn shown(name: &[u8]) -> String {
    crate::kubelet::values::text(name)
}

/// Whether a value is filled in elsewhere, or a part of it: a template.
pub fn is_template(node: &Node) -> bool {
    tree::string(node).is_some_and(is_templated) || tree::items(node).iter().any(is_template)
}

/// The same for a text: templates of Helm, Ansible, Terraform, Kustomize, shells and Azure.
pub fn is_templated(text: &str) -> bool {
    let is_variable = text.strip_prefix('$').is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_expression = text.starts_with('[') && text.ends_with(")]");
    is_variable || is_expression || ["{{", "${", "$("].iter().any(|part| has(text, part))
}

/// Stands for a value with a tag of its own, such as `!vault` or `!Ref`: something else makes a value of it.
pub const FILLED_IN: &str = "{{ }}";

/// Whether a value as a whole is filled in elsewhere.
pub fn is_filled_in(node: &Node) -> bool {
    tree::string(node) == Some(FILLED_IN)
}

/// Values with tags that are not YAML's are filled in elsewhere.
fn fill_in(root: &mut Node, written: &[u8]) {
    if !written.contains(&b'!') {
        return;
    }
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if matches!(written.get(node.span.start..), Some([b'!', next, ..]) if !matches!(next, b'!' | b'<' | b' ')) {
            node.value = Value::String(FILLED_IN.to_owned());
        }
        match &mut node.value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => pending.extend(members.iter_mut().map(|member| &mut member.value)),
            _ => {}
        }
    }
}

fn has(text: &str, part: &str) -> bool {
    crate::kubelet::values::cut(text, part).is_some()
}
