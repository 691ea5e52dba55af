//! How a value is written in the style of the text around it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::ops::Range;

use crate::text::resolve::{Resolved, resolve};
use crate::text::{Member, Value, push_quoted};

/// The style of an object in braces.
pub struct Flow {
    /// What stands between a comma and the next key.
    pub separator: String,
    /// What stands between the braces and the members of an object that has had none.
    opening: String,
    /// The same, at the end.
    closing: String,
    /// What stands between a key and its value.
    colon: String,
    /// Whether keys and strings have double quotes.
    is_quoted: bool,
    /// The indentation, where members have lines of their own.
    lines: Option<Lines>,
}

/// The style of members on lines of their own.
#[derive(Clone)]
struct Lines {
    eol: &'static str,
    indent: String,
    /// What the indentation of an object inside has besides.
    step: String,
}

/// The style of an object without braces.
pub struct Block {
    /// How lines end.
    pub eol: &'static str,
    /// What stands before each key.
    pub indent: String,
    /// How many spaces the keys of an object inside have besides.
    pub step: usize,
}

impl Flow {
    /// The style of the object in `bytes[start..end]`, inside of another one.
    pub fn of(bytes: &[u8], start: usize, end: usize, members: &[Member], outer: Option<&Flow>) -> Flow {
        let get = |range: Range<usize>| bytes.get(range).unwrap_or_default();
        let mut own = members.iter().filter(|member| start < member.key_span.start && member.key_span.end <= end);
        let Some(first) = own.next() else { return Flow::of_empty(outer) };
        let gap = get(start + 1..first.key_span.start);
        let lines = last_line(gap).map(|indent| {
            let close = get(start..end.saturating_sub(1));
            let outer_indent = last_line(close).unwrap_or_default();
            let step = indent.strip_prefix(&*outer_indent).filter(|step| !step.is_empty()).unwrap_or("  ").to_owned();
            Lines { eol: line_break(gap), indent, step }
        });
        let colon = get(first.key_span.end..first.value.span.start);
        let is_usual = colon.iter().all(|byte| matches!(byte, b' ' | b':')) && !colon.is_empty();
        let colon = if is_usual { text(colon) } else { ": ".to_owned() };
        let between = own.next().and_then(|second| {
            let gap = get(first.value.span.end..second.key_span.start);
            let comma = gap.iter().rposition(|byte| *byte == b',')?;
            let space = &gap[comma + 1..];
            space.iter().all(|byte| *byte == b' ').then(|| text(space))
        });
        let separator = match (&lines, between) {
            (Some(lines), _) => [lines.eol, &lines.indent].concat(),
            (None, Some(between)) => between,
            (None, None) if colon.ends_with(' ') => " ".to_owned(),
            (None, None) => String::new(),
        };
        let is_quoted = get(first.key_span.clone()).starts_with(b"\"");
        Flow { separator, opening: String::new(), closing: String::new(), colon, is_quoted, lines }
    }

    /// The style of an object without members: it can only be guessed from the one around it.
    fn of_empty(outer: Option<&Flow>) -> Flow {
        let lines = outer.and_then(|outer| outer.lines.as_ref()).map(|lines| lines.inside());
        let edge = |indent: &str| lines.as_ref().map_or(String::new(), |lines| [lines.eol, indent].concat());
        let outer_indent = outer.and_then(|outer| outer.lines.as_ref()).map_or("", |lines| &lines.indent);
        let inner_indent = lines.as_ref().map_or("", |lines| &lines.indent);
        let colon = outer.map_or(": ", |outer| &outer.colon).to_owned();
        let space = if colon.ends_with(' ') { " " } else { "" };
        Flow {
            separator: if lines.is_some() { edge(inner_indent) } else { space.to_owned() },
            opening: edge(inner_indent),
            closing: edge(outer_indent),
            colon,
            is_quoted: outer.is_some_and(|outer| outer.is_quoted),
            lines,
        }
    }

    /// A member, as the first one of an object that has had none.
    pub fn first_member(&self, key: &str, value: &Value) -> String {
        [&*self.opening, &self.member(key, value), &self.closing].concat()
    }

    /// A member.
    pub fn member(&self, key: &str, value: &Value) -> String {
        let mut out = String::new();
        self.push_member(key, value, self.lines.as_ref(), &mut out);
        out
    }

    /// A value of a member.
    pub fn inner(&self, value: &Value) -> String {
        let mut out = String::new();
        self.push(value, self.lines.as_ref(), &mut out);
        out
    }

    /// What stands before something on a line of its own.
    pub fn new_line(&self, bytes: &[u8]) -> String {
        match self.lines {
            Some(_) => self.separator.clone(),
            None => [line_break(bytes), " "].concat(),
        }
    }

    fn push_member(&self, key: &str, value: &Value, lines: Option<&Lines>, out: &mut String) {
        push_scalar(key, self.quote(), out);
        out.push_str(&self.colon);
        self.push(value, lines, out);
    }

    fn quote(&self) -> Option<u8> {
        self.is_quoted.then_some(b'"')
    }

    /// Writes a value of an object whose members have these lines.
    fn push(&self, value: &Value, lines: Option<&Lines>, out: &mut String) {
        if !has_lines(value) {
            out.push_str(&inline(value, self.quote()));
            return;
        }
        let inside = lines.map(Lines::inside);
        let (open, close) = if matches!(value, Value::Object(_)) { ('{', '}') } else { ('[', ']') };
        out.push(open);
        let mut push_separated = |push: &mut dyn FnMut(&mut String), first: bool| {
            match (&inside, first) {
                (Some(lines), true) => out.push_str(&[lines.eol, &lines.indent].concat()),
                (Some(lines), false) => out.push_str(&[",", lines.eol, &lines.indent].concat()),
                (None, true) => {}
                (None, false) => out.push_str(if self.colon.ends_with(' ') { ", " } else { "," }),
            }
            push(out);
        };
        match value {
            Value::Object(members) => {
                for (at, member) in members.iter().enumerate() {
                    let mut push =
                        |out: &mut String| self.push_member(&member.key, &member.value.value, inside.as_ref(), out);
                    push_separated(&mut push, at == 0);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    push_separated(&mut |out| self.push(&item.value, inside.as_ref(), out), at == 0);
                }
            }
            _ => {}
        }
        if let Some(lines) = lines {
            out.push_str(&[lines.eol, &lines.indent].concat());
        }
        out.push(close);
    }
}

impl Lines {
    /// Those of an object inside.
    fn inside(&self) -> Lines {
        Lines { indent: [&*self.indent, &self.step].concat(), ..self.clone() }
    }
}

impl Block {
    fn inside(&self) -> Block {
        Block { indent: [&*self.indent, &" ".repeat(self.step)].concat(), ..*self }
    }
}

/// Whether a value has lines of its own in a block.
pub fn has_lines(value: &Value) -> bool {
    match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

/// A member of a block, each of its lines behind a line break.
pub fn member(key: &str, value: &Value, block: &Block, out: &mut String) {
    out.push_str(&[block.eol, &block.indent].concat());
    push_scalar(key, None, out);
    out.push(':');
    if has_lines(value) {
        lines(value, block, out);
    } else {
        out.push(' ');
        out.push_str(&inline(value, None));
    }
}

/// The lines of a value behind its key, which stands in this block.
pub fn lines(value: &Value, block: &Block, out: &mut String) {
    match value {
        Value::Object(members) => {
            let inside = block.inside();
            for Member { key, value, .. } in members {
                member(key, &value.value, &inside, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push_str(&[block.eol, &block.indent, "- ", &inline(&item.value, None)].concat());
            }
        }
        _ => {}
    }
}

/// A value in YAML that needs no lines of its own; strings in these quotes, or without where they need none.
pub fn inline(value: &Value, quote: Option<u8>) -> String {
    let mut out = String::new();
    match value {
        Value::String(text) => push_scalar(text, quote, &mut out),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&inline(&item.value, quote));
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (at, member) in members.iter().filter(|member| !member.shadowed).enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                push_scalar(&member.key, quote, &mut out);
                out.push_str(": ");
                out.push_str(&inline(&member.value.value, quote));
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_json()),
    }
    out
}

/// The quotes of a scalar.
pub fn quotes(source: &[u8]) -> Option<u8> {
    source.first().copied().filter(|byte| matches!(byte, b'"' | b'\''))
}

fn push_scalar(text: &str, quote: Option<u8>, out: &mut String) {
    match quote {
        None if is_plain(text) => out.push_str(text),
        Some(b'\'') if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\'') => {
            out.push('\'');
            out.push_str(text);
            out.push('\'');
        }
        _ => push_quoted(out, text),
    }
}

/// Whether YAML takes a text for a string that stands without quotes, wherever it stands.
fn is_plain(text: &str) -> bool {
    let may_begin = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'/';
    let may_follow = |byte: u8| may_begin(byte) || matches!(byte, b'.' | b'_' | b'-' | b'%');
    text.bytes().next().is_some_and(may_begin)
        && text.bytes().all(may_follow)
        && matches!(resolve(text, None, true), Ok(Resolved::Text(_)))
}

/// How lines end in a text: as the first one does.
pub fn line_break(bytes: &[u8]) -> &'static str {
    let first = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    match first.map(|first| &bytes[first..]) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}

/// What stands on the last of several lines, where that is white space.
fn last_line(bytes: &[u8]) -> Option<String> {
    let line_break = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'))?;
    let line = &bytes[line_break + 1..];
    line.iter().all(|byte| matches!(byte, b' ' | b'\t')).then(|| text(line))
}

/// ASCII as a text.
fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
