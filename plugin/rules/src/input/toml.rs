//! TOML, which only Bottlerocket's user data is written in: read by events into the trees of all other forms.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::mem::take;
use core::ops::Range;

use toml_parser::decoder::{Encoding, IntegerRadix, ScalarKind};
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw, Source, Span};

use crate::message::Words;
use crate::text::{Format, Member, Node, SyntaxError, Text, Value};

/// How long user data may be: clouds allow far less.
const MAX_LENGTH: usize = 256 << 10;

/// Whether a text is user data of Bottlerocket, by the first line that says something, and by the table of the kubelet's
/// settings. Other files cost no more than a look at that line.
pub fn is_bottlerocket(bytes: &[u8]) -> bool {
    let lines = || bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines().find(|line| !line.is_empty() && !line.starts_with(b"#"));
    bytes.len() <= MAX_LENGTH
        && first.is_some_and(|line| names(line, b"settings"))
        && lines().any(|line| names(line, b"settings.kubernetes"))
}

/// Whether a line opens this table, or begins with it as a dotted key.
fn names(line: &[u8], table: &[u8]) -> bool {
    let brackets = line.iter().take_while(|byte| **byte == b'[').count();
    let rest = line.get(brackets..).and_then(|rest| rest.strip_prefix(table));
    rest.is_some_and(|rest| matches!(rest.first(), Some(b'.' | b']' | b'=' | b' ')))
}

/// How deep lists and inline tables may be nested, and how many keys a dotted key may have.
const MAX_DEPTH: usize = 30;

/// How many values a text may hold: people write far fewer.
const MAX_VALUES: usize = 5_000;

const NO_TOML: Words = words!("this is not TOML", "TOML ではありません");
const TWICE: Words = words!("TOML allows no key to be set twice", "TOML では同じキーを 2 度設定できません");
const NO_NUMBER: Words = words!("this is no number that TOML knows", "TOML の数値ではありません");
const TOO_MUCH: Words = words!(
    "it is nested too deeply, or holds too many values, for a file that people write",
    "人が書くファイルとしては入れ子が深すぎるか、値が多すぎます"
);

/// Reads TOML. What a template fills in is a text here.
///
/// # Errors
/// It is something else.
pub fn read(bytes: &[u8]) -> Result<Text, SyntaxError> {
    let filled = quoted_templates(bytes);
    let text = match core::str::from_utf8(&filled) {
        Ok(text) => text,
        Err(error) => return Err(SyntaxError { words: NO_TOML, span: error.valid_up_to()..error.valid_up_to() }),
    };
    let source = Source::new(text);
    let root = Table { kind: Kind::Named, span: 0..text.len(), entries: vec![] };
    let mut tree =
        Tree { source, root, header: vec![], keys: vec![], open: vec![], start: 0, room: MAX_VALUES, error: None };
    let mut wrong: Option<ParseError> = None;
    let tokens = source.lex().into_vec();
    let mut bounded = RecursionGuard::new(&mut tree, MAX_DEPTH as u32);
    parse_document(&tokens, &mut ValidateWhitespace::new(&mut bounded, source), &mut wrong);
    // What is said of keys is said after everything before it was read without an error.
    let wrong = wrong.map(|error| (NO_TOML, range(error.unexpected().or(error.context()).unwrap_or_default())));
    let first = [wrong, tree.error].into_iter().flatten().min_by_key(|(_, span)| span.start);
    match first {
        Some((words, span)) => Err(SyntaxError { words, span }),
        None => Ok(Text { root: tree.root.into_node(), format: Format::Yaml, set_twice: vec![] }),
    }
}

/// The text with values in quotes that a template fills in: TOML knows none. Nothing moves.
fn quoted_templates(bytes: &[u8]) -> Vec<u8> {
    let mut filled = bytes.to_owned();
    for line in filled.split_mut(|byte| *byte == b'\n') {
        let start = line.iter().position(|byte| *byte == b'=').map_or(line.len(), |at| at + 1);
        let skipped = line.len() - line[start..].trim_ascii_start().len();
        let end = line.trim_ascii_end().len();
        if let Some([first, second, third, rest @ .., last]) = line.get_mut(skipped..end.max(skipped))
            && matches!([*first, *second], [b'$' | b'{', b'{'])
        {
            (*first, *second, *third, *last) = (b'\'', b'{', b'{', b'\'');
            rest.fill(b' ');
        }
    }
    filled
}

fn range(span: Span) -> Range<usize> {
    span.start()..span.end().max(span.start())
}

type Key = (String, Range<usize>);

/// How a table came about: this decides who may add to it.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// By a header below it.
    Implied,
    /// By its header, or by braces.
    Named,
    /// By a dotted key.
    Dotted,
}

struct Table {
    kind: Kind,
    span: Range<usize>,
    entries: Vec<Entry>,
}

struct Entry {
    key: Key,
    item: Item,
}

enum Item {
    Value(Node),
    Table(Table),
    Tables(Vec<Table>),
}

/// A value that is not yet complete.
enum Open {
    List(Vec<Node>, usize),
    /// A table in braces, and the key that it will stand at.
    Inline(Table, Vec<Key>),
}

/// The tree as far as it was read.
struct Tree<'a> {
    source: Source<'a>,
    root: Table,
    /// The table that lines now add to.
    header: Vec<Key>,
    /// The keys of what is being read.
    keys: Vec<Key>,
    open: Vec<Open>,
    /// Where the header that is being read begins.
    start: usize,
    /// How many more values there may be.
    room: usize,
    error: Option<(Words, Range<usize>)>,
}

impl Table {
    fn into_node(self) -> Node {
        let member = |Entry { key: (key, key_span), item }: Entry| {
            let value = match item {
                Item::Value(node) => node,
                Item::Table(table) => table.into_node(),
                Item::Tables(tables) => {
                    let value = Value::Array(tables.into_iter().map(Table::into_node).collect());
                    Node { value, span: key_span.clone() }
                }
            };
            Member { key, key_span, value, shadowed: false }
        };
        Node { value: Value::Object(self.entries.into_iter().map(member).collect()), span: self.span }
    }

    /// The table at a key, which comes about where there is none; none where something else stands there.
    fn below(&mut self, key: &Key, kind: Kind) -> Option<&mut Table> {
        let at = self.entries.iter().position(|entry| entry.key.0 == key.0);
        let at = at.unwrap_or_else(|| {
            let table = Table { kind, span: key.1.clone(), entries: vec![] };
            self.entries.push(Entry { key: key.clone(), item: Item::Table(table) });
            self.entries.len() - 1
        });
        match &mut self.entries.get_mut(at)?.item {
            Item::Table(table) if kind == Kind::Implied || table.kind == kind => Some(table),
            Item::Tables(tables) if kind == Kind::Implied => tables.last_mut(),
            _ => None,
        }
    }

    /// The table at keys.
    fn at(&mut self, keys: &[Key], kind: Kind) -> Option<&mut Table> {
        keys.iter().try_fold(self, |table, key| table.below(key, kind))
    }

    fn entry(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key.0 == key)
    }

    /// Sets the value at a dotted key, if nothing stands there.
    fn set(&mut self, keys: &[Key], value: Node) -> Option<()> {
        let (last, before) = keys.split_last()?;
        let table = self.at(before, Kind::Dotted)?;
        match table.entry(&last.0) {
            Some(_) => None,
            None => {
                table.entries.push(Entry { key: last.clone(), item: Item::Value(value) });
                Some(())
            }
        }
    }

    /// Opens the table of a header, or one more of a list of tables.
    fn open(&mut self, keys: &[Key], span: Range<usize>, is_list: bool) -> Option<()> {
        let (last, before) = keys.split_last()?;
        let table = self.at(before, Kind::Implied)?;
        let new = Table { kind: Kind::Named, span, entries: vec![] };
        match (table.entry(&last.0).map(|entry| &mut entry.item), is_list) {
            (None, false) => table.entries.push(Entry { key: last.clone(), item: Item::Table(new) }),
            (None, true) => table.entries.push(Entry { key: last.clone(), item: Item::Tables(vec![new]) }),
            (Some(Item::Tables(tables)), true) => tables.push(new),
            (Some(Item::Table(table)), false) if table.kind == Kind::Implied => {
                (table.kind, table.span) = (new.kind, new.span);
            }
            _ => return None,
        }
        Some(())
    }
}

impl Tree<'_> {
    fn fail(&mut self, words: Words, span: Range<usize>) {
        self.error.get_or_insert((words, span));
    }

    /// Counts one more value.
    fn count(&mut self, span: &Range<usize>) {
        match self.room.checked_sub(1) {
            Some(room) => self.room = room,
            None => self.fail(TOO_MUCH, span.clone()),
        }
    }

    fn header(&mut self, end: usize, is_list: bool) {
        let keys = take(&mut self.keys);
        let span = self.start..end;
        self.count(&span);
        if self.error.is_none() && self.root.open(&keys, span, is_list).is_none() {
            self.fail(TWICE, place(&keys));
        }
        self.header = keys;
    }

    /// A value is complete: it goes where it belongs.
    fn value(&mut self, value: Node) {
        self.count(&value.span);
        if self.error.is_some() {
            return;
        }
        let table = match self.open.last_mut() {
            Some(Open::List(items, _)) => {
                items.push(value);
                return;
            }
            Some(Open::Inline(table, _)) => Some(table),
            None => self.root.at(&self.header, Kind::Implied),
        };
        let keys = take(&mut self.keys);
        if table.and_then(|table| table.set(&keys, value)).is_none() {
            self.fail(TWICE, place(&keys));
        }
    }
}

fn place(keys: &[Key]) -> Range<usize> {
    keys.first().zip(keys.last()).map_or(0..0, |(first, last)| first.1.start..last.1.end)
}

impl EventReceiver for Tree<'_> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.start = span.start();
        self.keys.clear();
    }

    fn std_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.header(span.end(), false);
    }

    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.start = span.start();
        self.keys.clear();
    }

    fn array_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.header(span.end(), true);
    }

    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        let table = Table { kind: Kind::Named, span: range(span), entries: vec![] };
        let keys = take(&mut self.keys);
        self.open.push(Open::Inline(table, keys));
        self.error.is_none()
    }

    fn inline_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        if let Some(Open::Inline(mut table, keys)) = self.open.pop() {
            table.span.end = span.end();
            self.keys = keys;
            self.value(table.into_node());
        }
    }

    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.open.push(Open::List(vec![], span.start()));
        self.error.is_none()
    }

    fn array_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        if let Some(Open::List(items, start)) = self.open.pop() {
            self.value(Node { value: Value::Array(items), span: start..span.end() });
        }
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut key = String::new();
        let written = self.source.input().get(range(span)).unwrap_or_default();
        Raw::new_unchecked(written, encoding, span).decode_key(&mut key, error);
        if self.keys.len() >= MAX_DEPTH {
            self.fail(TOO_MUCH, range(span));
        } else {
            self.keys.push((key, range(span)));
        }
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = String::new();
        let written = self.source.input().get(range(span)).unwrap_or_default();
        let kind = Raw::new_unchecked(written, encoding, span).decode_scalar(&mut text, error);
        match value(kind, text) {
            Some(value) => self.value(Node { value, span: range(span) }),
            None => self.fail(NO_NUMBER, range(span)),
        }
    }
}

/// Dates, infinity and what is no number are texts: no setting is one.
fn value(kind: ScalarKind, text: String) -> Option<Value> {
    Some(match kind {
        ScalarKind::Boolean(value) => Value::Bool(value),
        ScalarKind::Integer(radix) => Value::Number(integer(&text, radix)?.to_string()),
        ScalarKind::Float if text.ends_with(|last: char| last.is_ascii_digit()) => {
            Value::Number(text.trim_start_matches('+').to_owned())
        }
        ScalarKind::Float | ScalarKind::String | ScalarKind::DateTime => Value::String(text),
    })
}

fn integer(text: &str, radix: IntegerRadix) -> Option<i64> {
    i64::from_str_radix(text, radix.value()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as JSON; none where it is refused, and where.
    fn json(text: &str) -> Result<alloc::string::String, core::ops::Range<usize>> {
        read(text.as_bytes()).map(|text| text.root.to_json()).map_err(|error| error.span)
    }

    #[test]
    fn values() {
        let cases = [
            ("", "{}"),
            ("a = 1_000\nb = 0x1F\nc = -0\nd = +5\ne = 0b11\n", r#"{"a":1000,"b":31,"c":0,"d":5,"e":3}"#),
            ("a = 1.5\nb = +2e3\nc = inf\nd = 1979-05-27\n", r#"{"a":1.5,"b":2e3,"c":"inf","d":"1979-05-27"}"#),
            ("a = \"x\\u0041\\n\"\nb = '\\n'\nc = \"\"\"\n1\\\n  2\"\"\"\n", r#"{"a":"xA\n","b":"\\n","c":"12"}"#),
            ("a = [1, [true, 'x'], {b = 2, c.d = 3}, ]\n", r#"{"a":[1,[true,"x"],{"b":2,"c":{"d":3}}]}"#),
            ("a.b = 1\na.c = 2\n'd e'.\"f\" = 3\n", r#"{"a":{"b":1,"c":2},"d e":{"f":3}}"#),
            ("[a.b]\nc = 1\n[a]\nd = 2\n[a.e]\n", r#"{"a":{"b":{"c":1},"d":2,"e":{}}}"#),
            ("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n", r#"{"a":[{"b":1},{"c":{"d":2}}]}"#),
            ("a = ${x}\nb = {{ y }}\nc = \"${z}\"\n", r#"{"a":"{{","b":"{{   ","c":"${z}"}"#),
            ("[a]\nb.c = 1\n[a.b.d]\n", r#"{"a":{"b":{"c":1,"d":{}}}}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(json(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_toml_refuses() {
        let cases = [
            ("a = 1\na = 2\n", 6..7),
            ("a = 1\na.b = 2\n", 6..9),
            ("a = {b = 1}\na.c = 2\n", 12..15),
            ("a = {b = 1, b = 2}\n", 12..13),
            ("a = {b = 1}\n[a.c]\n", 13..16),
            ("[a]\n[a]\n", 5..6),
            ("[a]\nb.c = 1\n[a.b]\n", 13..16),
            ("[a.b]\n[a]\nb.c = 1\n", 10..13),
            ("[a]\n[[a]]\n", 6..7),
            ("[[a]]\n[a]\n", 7..8),
            ("a = [1]\n[[a]]\n", 10..11),
            ("a = 99999999999999999999\n", 4..24),
            ("a = yes\n", 4..7),
            ("a = 1 b = 2\n", 4..7),
            ("a = 'x\n", 6..6),
            ("a\u{0}", 1..2),
        ];
        for (text, expected) in cases {
            assert_eq!(json(text), Err(expected), "{text}");
        }
        assert_eq!(read(b"a = '\xff'").map_err(|error| error.span).err(), Some(5..5));
    }

    #[test]
    fn limits() {
        let deep = ["a = ", &"[".repeat(40), &"]".repeat(40)].concat();
        assert_eq!(json(&deep), Err(34..35));
        let keys = ["a", &".a".repeat(40), " = 1"].concat();
        assert_eq!(json(&keys), Err(60..61));
        assert!(json(&["a = [", &"1,".repeat(6_000), "]"].concat()).is_err());
    }

    #[test]
    fn only_user_data_is_tried() {
        for text in
            ["[settings.kubernetes]", "# x\n\n [settings]\nsettings.kubernetes = 1", "settings.kubernetes.a = 1"]
        {
            assert!(is_bottlerocket(text.as_bytes()), "{text}");
        }
        for text in ["", "[settings.kubernetesx]", "a: 1\n[settings.kubernetes]", "[settings.motd]", "settings: {}"] {
            assert!(!is_bottlerocket(text.as_bytes()), "{text}");
        }
    }
}
