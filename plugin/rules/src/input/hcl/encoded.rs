//! Texts with their places, and values that are encoded in them.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use super::Reader;
use super::text::SOMETHING;
use crate::input::source::{Places, Source};
use crate::text::{Node, Value};

/// How many encoded texts may stand in each other: every one doubles the backslashes.
const MAX_ENCODED: usize = 3;

/// What a function packs.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Packs {
    /// A value as a text.
    Value,
    /// A text in base64.
    Text,
    /// A text as it is, but for blanks around it.
    Same,
    /// What a text holds, as a value.
    Document,
}

/// The function that is called here, where it only packs what it is given.
pub(super) fn function(written: &[u8]) -> Option<Packs> {
    let length = written.iter().take(20).position(|byte| *byte == b'(')?;
    match &written[..length] {
        b"jsonencode" | b"yamlencode" => Some(Packs::Value),
        b"base64encode" | b"base64gzip" => Some(Packs::Text),
        b"chomp" | b"trimspace" | b"sensitive" | b"nonsensitive" => Some(Packs::Same),
        b"yamldecode" | b"jsondecode" => Some(Packs::Document),
        _ => None,
    }
}

/// A text with its places.
#[derive(Default)]
pub(super) struct Evaluated {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Where runs of them begin in it, and in the file.
    pub(super) runs: Vec<(usize, usize)>,
}

impl Evaluated {
    /// Adds bytes that stand at a place of the file.
    pub(super) fn push(&mut self, bytes: &[u8], outer: usize) {
        let goes_on = self.runs.last().is_some_and(|(at, start)| start + (self.bytes.len() - at) == outer);
        if !goes_on {
            self.runs.push((self.bytes.len(), outer));
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds bytes that stand for one of the file.
    pub(super) fn push_at(&mut self, bytes: &[u8], outer: usize) {
        bytes.iter().for_each(|byte| self.push(core::slice::from_ref(byte), outer));
    }

    /// Adds a text in quotes, as JSON writes it.
    pub(super) fn quote(&mut self, text: &Evaluated, span: &Range<usize>) {
        self.push(b"\"", span.start);
        let mut runs = text.runs.iter().peekable();
        let (mut from, mut outer) = (0, span.start);
        for (at, byte) in text.bytes.iter().enumerate() {
            if let Some((start, place)) = runs.next_if(|(start, _)| *start == at) {
                (from, outer) = (*start, *place);
            }
            let place = outer + (at - from);
            match byte {
                b'"' | b'\\' => self.push_at(&[b'\\', *byte], place),
                b'\n' => self.push_at(b"\\n", place),
                0..b' ' => {
                    let hexadecimal = |digit: u8| b"0123456789abcdef"[usize::from(digit & 15)];
                    self.push_at(&[b'\\', b'u', b'0', b'0', hexadecimal(byte >> 4), hexadecimal(*byte)], place);
                }
                _ => self.push(&[*byte], place),
            }
        }
        self.push(b"\"", span.end.saturating_sub(1));
    }

    pub(super) fn source(self) -> Source<'static> {
        let runs = if self.runs.is_empty() { vec![(0, 0)] } else { self.runs };
        Source { bytes: Cow::Owned(self.bytes), places: Places::Runs(runs) }
    }
}

impl Reader<'_> {
    /// The text that an expression is, so far in texts that are encoded; none where it is no text, or is computed.
    pub(super) fn evaluated(&mut self, depth: usize) -> Option<Evaluated> {
        let mut text = Evaluated::default();
        match function(self.rest()) {
            Some(packs) => {
                let mut whole = Reader::from(self.bytes, self.at);
                let is_known = whole.literal().ok()?.is_some() || packs == Packs::Document;
                if !is_known || depth >= MAX_ENCODED {
                    return None;
                }
                self.at += self.rest().iter().position(|byte| *byte == b'(')? + 1;
                self.skip_blank().ok()?;
                match packs {
                    Packs::Text | Packs::Same | Packs::Document => text = self.evaluated(depth)?,
                    Packs::Value => {
                        let argument = Reader::from(self.bytes, self.at).expression(false).ok()?;
                        self.encode(&argument, &mut text, depth + 1);
                    }
                }
                self.at = whole.at;
            }
            None => {
                if !self.string(&mut Some(&mut text), Some(depth)).ok()? {
                    return None;
                }
            }
        }
        Some(text)
    }

    /// A value as JSON, with the places of what it is made of.
    pub(super) fn encode(&self, node: &Node, out: &mut Evaluated, depth: usize) {
        let Range { start, end } = node.span;
        let called = function(self.bytes.get(node.span.clone()).unwrap_or_default());
        match &node.value {
            _ if called.is_some() => self.encode_text(node, called, out, depth),
            Value::String(_) => self.encode_text(node, called, out, depth),
            Value::Array(items) => {
                out.push(b"[", start);
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b",", item.span.start);
                    }
                    self.encode(item, out, depth);
                }
                out.push(b"]", end.saturating_sub(1));
            }
            Value::Object(members) => {
                out.push(b"{", start);
                for (at, member) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(b",", member.key_span.start);
                    }
                    let mut key = Evaluated::default();
                    let is_quoted = usize::from(self.bytes.get(member.key_span.start) == Some(&b'"'));
                    key.push(member.key.as_bytes(), member.key_span.start + is_quoted);
                    out.quote(&key, &member.key_span);
                    out.push(b":", member.value.span.start);
                    self.encode(&member.value, out, depth);
                }
                out.push(b"}", end.saturating_sub(1));
            }
            value => out.push(value.to_json().as_bytes(), start),
        }
    }

    pub(super) fn encode_text(&self, node: &Node, called: Option<Packs>, out: &mut Evaluated, depth: usize) {
        let text = Reader::from(self.bytes, node.span.start).evaluated(depth);
        let text = match text.filter(|_| called != Some(Packs::Document)) {
            Some(text) if called == Some(Packs::Text) => {
                let mut packed = Evaluated::default();
                // Never beyond the name of the function.
                base64(&text.bytes).chunks(8).for_each(|chunk| packed.push(chunk, node.span.start));
                packed
            }
            Some(text) => text,
            None => {
                let mut text = Evaluated::default();
                text.push(SOMETHING[0], node.span.start);
                text.push(SOMETHING[1], node.span.end.saturating_sub(2));
                text
            }
        };
        out.quote(&text, &node.span);
    }
}

/// A text in base64.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = vec![];
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(group.get(at).copied().unwrap_or(0)));
        let symbols = [18, 12, 6, 0].map(|shift| SYMBOLS[bits >> shift & 63]);
        let filled = group.len() + 1;
        out.extend_from_slice(&symbols[..filled]);
        out.extend((filled..4).map(|_| b'='));
    }
    out
}
