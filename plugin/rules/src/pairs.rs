//! Texts in about half of their bytes: what often stands side by side is one byte that no text has. ("Byte pair encoding".)

use core::slice::Iter;

/// The first byte that stands for a pair. Those of further pairs follow, after 255 from 0 on.
pub const FIRST: u8 = 0x80;

/// How deep pairs may be made of pairs.
const MAX_DEPTH: usize = 16;

/// The bytes of a packed text.
pub struct Expanded<'a> {
    packed: Iter<'a, u8>,
    pairs: &'static [[u8; 2]],
    /// What comes after the byte that is expanded, the next one last.
    pending: [u8; MAX_DEPTH],
    depth: usize,
}

/// Expands a text with pairs that [`is_sound`].
pub fn expand<'a>(packed: &'a [u8], pairs: &'static [[u8; 2]]) -> Expanded<'a> {
    Expanded { packed: packed.iter(), pairs, pending: [0; MAX_DEPTH], depth: 0 }
}

impl Iterator for Expanded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let mut byte = match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                self.pending[depth]
            }
            None => *self.packed.next()?,
        };
        while let Some([first, second]) = self.pairs.get(number(byte)) {
            self.pending[self.depth] = *second;
            self.depth += 1;
            byte = *first;
        }
        Some(byte)
    }
}

/// The number of the pair that a byte stands for, if there are so many.
const fn number(byte: u8) -> usize {
    byte.wrapping_sub(FIRST) as usize
}

/// Whether each pair is made of bytes and of pairs before it, and not too deep.
pub const fn is_sound(pairs: &[[u8; 2]]) -> bool {
    let mut depths = [0; 256];
    let mut at = 0;
    while at < pairs.len() {
        let [first, second] = [number(pairs[at][0]), number(pairs[at][1])];
        if first < pairs.len() && first >= at || second < pairs.len() && second >= at {
            return false;
        }
        let deepest = if depths[first] > depths[second] { depths[first] } else { depths[second] };
        depths[at] = deepest + 1;
        if depths[at] > MAX_DEPTH {
            return false;
        }
        at += 1;
    }
    true
}
