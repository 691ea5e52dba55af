//! Texts that carry others: user data, manifests of files, and how a text is packed in them.
//!
//! A carrier is a [`Form`](super::Form) like any other, a file here. What it carries is looked through as a text of its own, so
//! that every form is known wherever it stands. Places stay those of the file; of what is packed, it is where the packed text
//! stands.

pub mod ansible;
mod changes;
pub mod cloud_formation;
pub mod cloud_init;
pub mod commands;
pub mod ignition;
pub mod mime;
pub mod script;
pub mod shell;
pub mod terraform;
pub mod user_data;

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use super::Form;
use super::source::{Places, Source};
use crate::message::Words;
use crate::text::decode_base64;

/// A text that another carries.
#[derive(Clone, Debug)]
pub struct Carried {
    /// Its path on the node; where it has none, that of the text that carries it.
    pub name: String,
    /// The text.
    pub text: Source<'static>,
}

/// How much a packed text may grow to: the kubelet reads no file that is longer.
const MAX_UNPACKED: usize = 1 << 20;

/// What stands for texts that are not looked through, because there are too many.
pub static REST: Form = Form { id: "carried-text", sign: "", platform: "", find: |_, _| {} };

/// Whether a text is of its own kind, and no documents of YAML or JSON.
pub fn is_other(bytes: &[u8]) -> bool {
    script::is_one(bytes) || mime::is_one(bytes)
}

const NO_GZIP: Words = words!("this is not gzip, or far too long", "gzip ではないか、長すぎます");

impl Source<'_> {
    /// A part of it.
    pub fn part(&self, range: Range<usize>) -> Source<'static> {
        let places = match &self.places {
            Places::Same => Places::Runs(vec![(0, range.start)]),
            Places::Within(whole) => Places::Within(whole.clone()),
            Places::Runs(runs) => {
                let first = (0, self.places.of(&(range.start..range.start)).start);
                let rest = runs.iter().filter(|(at, _)| range.contains(at) && *at > range.start);
                Places::Runs([first].into_iter().chain(rest.map(|(at, outer)| (at - range.start, *outer))).collect())
            }
        };
        Source { bytes: Cow::Owned(self.bytes.get(range).unwrap_or_default().to_owned()), places }
    }

    /// A text that is put together from bytes of this one: where each run of them begins in it, and in this one.
    fn mapped(&self, bytes: Vec<u8>, runs: &[(usize, usize)]) -> Source<'static> {
        let places = match &self.places {
            Places::Same => Places::Runs(runs.to_owned()),
            Places::Within(whole) => Places::Within(whole.clone()),
            Places::Runs(outer) => {
                let ends = runs.iter().skip(1).map(|(at, _)| *at).chain([bytes.len()]);
                let mut mapped = vec![];
                for ((at, start), end) in runs.iter().copied().zip(ends) {
                    mapped.push((at, self.places.of(&(start..start)).start));
                    let first = outer.partition_point(|(begin, _)| *begin <= start);
                    let within = outer.get(first..).unwrap_or_default().iter();
                    let within = within.take_while(|(begin, _)| *begin < start + end.saturating_sub(at));
                    mapped.extend(within.map(|(begin, place)| (at + (begin - start), *place)));
                }
                Places::Runs(mapped)
            }
        };
        Source { bytes: Cow::Owned(bytes), places }
    }

    /// The same after a line that stands nowhere.
    pub fn after(&self, line: &[u8]) -> Source<'static> {
        let start = self.places.of(&(0..0)).start;
        Source::of_parts(&[Source::filled_in(line, start), self.part(0..self.bytes.len())], b"")
    }

    /// Bytes that stand for something else, which begins at a place.
    pub fn filled_in(bytes: &[u8], start: usize) -> Source<'static> {
        let runs = (0..bytes.len()).map(|at| (at, start)).collect();
        Source { bytes: Cow::Owned(bytes.to_owned()), places: Places::Runs(runs) }
    }

    /// Texts one after the other.
    pub fn of_parts(parts: &[Source], separator: &[u8]) -> Source<'static> {
        let (mut bytes, mut runs) = (vec![], vec![]);
        let mut hull: Option<Range<usize>> = None;
        for (number, part) in parts.iter().enumerate() {
            let between = Source::filled_in(separator, part.places.of(&(0..0)).start);
            for Source { bytes: own, places } in [&between, part].into_iter().skip(usize::from(number == 0)) {
                match places {
                    Places::Runs(own) => runs.extend(own.iter().map(|(at, outer)| (at + bytes.len(), *outer))),
                    Places::Same => runs.push((bytes.len(), 0)),
                    Places::Within(range) => hull = Some(hull.map_or(range.clone(), |hull| around(&hull, range))),
                }
                bytes.extend_from_slice(own);
            }
        }
        // Where one of them has no places of its own, the whole has none.
        let places = match hull {
            Some(hull) => {
                let outer = |(_, start): &(usize, usize)| *start..start + 1;
                Places::Within(runs.iter().map(outer).fold(hull, |hull, place| around(&hull, &place)))
            }
            None => Places::Runs(runs),
        };
        Source { bytes: Cow::Owned(bytes), places }
    }

    /// What is packed in base64.
    ///
    /// # Errors
    /// It is something else.
    pub fn base64(&self) -> Result<Source<'static>, Words> {
        let symbols: Vec<u8> = self.bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let bytes = decode_base64(core::str::from_utf8(&symbols).unwrap_or("?"))?;
        Ok(self.packed(bytes))
    }

    /// What is packed in gzip.
    ///
    /// # Errors
    /// It is something else, or longer than any file that a kubelet reads.
    pub fn gzip(&self) -> Result<Source<'static>, Words> {
        gunzip(&self.bytes).map(|bytes| self.packed(bytes)).ok_or(NO_GZIP)
    }

    /// Whether it begins as gzip does.
    pub fn is_gzip(&self) -> bool {
        self.bytes.starts_with(&[0x1f, 0x8b])
    }

    /// Another text that stands for all of it.
    pub fn packed(&self, bytes: Vec<u8>) -> Source<'static> {
        Source { places: Places::Within(self.places.of(&(0..self.bytes.len()))), bytes: Cow::Owned(bytes) }
    }
}

/// All between two places.
fn around(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    one.start.min(other.start)..one.end.max(other.end)
}

impl Source<'static> {
    /// What is packed in it, if it is gzip.
    pub fn unzipped(self) -> Source<'static> {
        if self.is_gzip() { self.gzip().unwrap_or(self) } else { self }
    }
}

/// The first member of a file of gzip (RFC 1952).
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else { return None };
    let mut rest = rest;
    if flags & 4 != 0 {
        let [low, high, after @ ..] = rest else { return None };
        rest = after.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    // A name, and a comment.
    for flag in [8, 16] {
        if flags & flag != 0 {
            rest = &rest[rest.iter().position(|byte| *byte == 0)? + 1..];
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    miniz_oxide::inflate::decompress_to_vec_with_limit(rest, MAX_UNPACKED).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Source<'_> {
        Source::file(bytes)
    }

    #[test]
    fn a_part_keeps_its_places() {
        let whole = text(b"one two three");
        let part = whole.part(4..13).part(4..9);
        assert_eq!((&*part.bytes, part.places.of(&(1..3))), (&b"three"[..], 9..11));
    }

    #[test]
    fn parts_keep_their_places() {
        let whole = text(b"one two three");
        let parts = [whole.part(8..13), whole.part(0..3)];
        let joined = Source::of_parts(&parts, b", ").after(b"# ");
        let places = [0..2, 2..7, 7..9, 9..12].map(|range| joined.places.of(&range));
        assert_eq!((&*joined.bytes, places), (&b"# three, one"[..], [8..9, 8..13, 0..1, 0..3]));
        // Where it is not known where a part stands, it is somewhere in all of them.
        let packed = whole.part(4..7).packed(b"2".to_vec());
        let joined = Source::of_parts(&[packed, whole.part(0..3)], b"");
        assert_eq!((&*joined.bytes, joined.places.of(&(1..2))), (&b"2one"[..], 0..7));
    }

    #[test]
    fn packed_texts_stand_where_they_are_packed() {
        // printf 'v: 1\n' | gzip -n | base64
        let packed = b"x: H4sIAAAAAAAAAyuzUjDkAgD7UuMxBQAAAA==";
        let unpacked = text(packed).part(3..packed.len()).base64().unwrap();
        assert!(unpacked.is_gzip());
        let unpacked = unpacked.gzip();
        assert_eq!(unpacked.as_ref().map(|text| &*text.bytes), Ok(&b"v: 1\n"[..]));
        assert_eq!(unpacked.map(|text| text.places.of(&(1..2))), Ok(3..packed.len()));
    }

    #[test]
    fn what_grows_beyond_every_limit_is_refused() {
        for bytes in
            [&b"\x1f\x8b\x08"[..], b"", b"\x1f\x8b\x08\x04\0\0\0\0\0\0\xff\xff", b"\x1f\x8b\x08\x08\0\0\0\0\0\0name"]
        {
            assert_eq!(gunzip(bytes), None);
        }
        let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; MAX_UNPACKED + 1], 6);
        assert_eq!(gunzip(&[b"\x1f\x8b\x08\0\0\0\0\0\0\0", &*zeros].concat()), None);
    }
}
