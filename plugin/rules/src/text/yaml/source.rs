//! From bytes to characters, as go-yaml's `readerc.go` does it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::message::Words;
use crate::text::SyntaxError;
use alloc::borrow::Cow;
use core::ops::Range;

/// go-yaml reads this many bytes at a time and refuses them all for one bad character, unless that is cut off by the end; it
/// never looks at a part that it does not need for the first document.
const CHUNK: usize = 512;

/// The text as UTF-8, and the way back to the places in the original.
pub(super) struct Source<'a> {
    /// All characters before the first one that is not allowed.
    text: Cow<'a, str>,
    /// What is not allowed where `text` ends.
    broken: Option<Broken>,
    offsets: Offsets,
}

/// A character that is not allowed.
#[derive(Clone, Copy)]
struct Broken {
    message: Words,
    /// How many bytes it has, as [`Offsets`] counts them.
    width: usize,
    /// Where the part that contains it begins.
    chunk: usize,
}

/// Where the bytes of `Source::text` stand in the original.
enum Offsets {
    /// All of them this much later: behind a byte order mark.
    Shifted(usize),
    /// Each at a place of its own, and the end: UTF-16.
    Listed(Vec<u32>),
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        match bytes {
            [0xff, 0xfe, ..] => Self::utf16(bytes, u16::from_le_bytes),
            [0xfe, 0xff, ..] => Self::utf16(bytes, u16::from_be_bytes),
            [0xef, 0xbb, 0xbf, rest @ ..] => Self::utf8(rest, 3),
            _ => Self::utf8(bytes, 0),
        }
    }

    /// The part that can be read without an error.
    pub(super) fn text(&self) -> &str {
        match self.broken {
            Some(broken) => &self.text[..broken.chunk],
            None => &self.text,
        }
    }

    /// What is wrong behind [`Self::text`], if it is not simply the end.
    pub(super) fn broken(&self) -> Option<Box<SyntaxError>> {
        let end = self.text.len();
        self.broken.map(|broken| SyntaxError::new(broken.message, end..end + broken.width))
    }

    /// The original's bytes for bytes of the text.
    pub(super) fn original(&self, span: &Range<usize>) -> Range<usize> {
        self.offset(span.start)..self.offset(span.end)
    }

    fn offset(&self, at: usize) -> usize {
        match &self.offsets {
            Offsets::Shifted(by) => at + by,
            Offsets::Listed(offsets) => offsets.get(at).or(offsets.last()).map_or(0, |&offset| offset as usize),
        }
    }

    fn utf8(bytes: &'a [u8], shift: usize) -> Self {
        let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        let end = valid.find(|character| !is_allowed(character)).unwrap_or(valid.len());
        let broken = bytes.get(end).map(|&first| {
            let is_cut_off = end + width(first) > bytes.len();
            let chunk = if is_cut_off { end } else { last_chunk(valid, end, width(first), shift) };
            match end < valid.len() {
                true => Broken { message: CONTROL, width: width(first), chunk },
                false => {
                    Broken { message: words!("this is not UTF-8", "UTF-8 ではありません"), width: 1, chunk }
                }
            }
        });
        Self { text: Cow::Borrowed(&valid[..end]), broken, offsets: Offsets::Shifted(shift) }
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let units = || bytes.chunks(2).skip(1).map(|pair| pair.try_into().map_or(LONE_SURROGATE, unit));
        let (mut text, mut offsets) = (String::new(), Vec::new());
        let (mut at, mut chunk, mut chunk_in_text) = (2, 0, 0);
        let mut broken = None;
        for decoded in char::decode_utf16(units()) {
            let width = decoded.as_ref().map_or(2, |character| 2 * character.len_utf16());
            let is_cut_off = decoded.is_err() && bytes.len() < at + 4;
            if at + width > chunk + CHUNK || is_cut_off {
                (chunk, chunk_in_text) = (at, text.len());
            }
            match decoded {
                Ok(character) if is_allowed(character) => text.push(character),
                Ok(_) => broken = Some(Broken { message: CONTROL, width: 1, chunk: chunk_in_text }),
                Err(_) => {
                    broken = Some(Broken {
                        message: words!("this is not UTF-16", "UTF-16 ではありません"),
                        width: 1,
                        chunk: chunk_in_text,
                    })
                }
            }
            offsets.resize(text.len(), at as u32);
            if broken.is_some() {
                offsets.push(at as u32);
                at += width;
                break;
            }
            at += width;
        }
        offsets.push(bytes.len().min(at) as u32);
        Self { text: Cow::Owned(text), broken, offsets: Offsets::Listed(offsets) }
    }
}

const CONTROL: Words = words!("control characters are not allowed", "制御文字は使えません");

/// Stands for half a code unit at the end: the first one of a pair, so that it cannot be the second one of the unit before.
const LONE_SURROGATE: u16 = 0xd800;

fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..)
}

/// Where the chunk begins that has the character of `width` bytes at `at`.
fn last_chunk(text: &str, at: usize, width: usize, shift: usize) -> usize {
    let mut start = 0;
    let mut end = CHUNK - shift;
    while end < at + width {
        start = text[..at].floor_char_boundary(end);
        end = start + CHUNK;
    }
    start
}

/// How many bytes a character has, by the first of them.
fn width(first: u8) -> usize {
    match first {
        0xf0..0xf8 => 4,
        0xe0..0xf0 => 3,
        0xc0..0xe0 => 2,
        _ => 1,
    }
}
