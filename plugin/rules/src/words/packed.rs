//! English texts, packed by the compiler: what often stands side by side is one byte beyond ASCII.

use alloc::string::String;

use crate::pairs::{FIRST, expand, is_sound};
use pairs::PAIRS;

mod pairs;

const _: () = assert!(is_sound(&PAIRS));

/// No text is longer, in bytes.
const LONGEST: usize = 2048;

/// The characters beyond ASCII that there are: their numbers, from 1 on, stand for them.
const BEYOND: [&str; 2] = ["…", "µ"];

/// No pair.
const NONE: u8 = 0;

/// By both its bytes, what stands for a pair. Only the compiler needs it.
static CODES: [[u8; 256]; 256] = {
    let mut codes = [[NONE; 256]; 256];
    let mut number = 0;
    while number < PAIRS.len() {
        let [first, second] = PAIRS[number];
        codes[first as usize][second as usize] = FIRST + number as u8;
        number += 1;
    }
    codes
};

/// A text while it is packed.
pub struct Packed {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Packed {
    /// Packs a text.
    pub const fn of(text: &str) -> Packed {
        assert!(text.len() <= LONGEST, "a text is too long to be packed");
        let text = text.as_bytes();
        let mut packed = Packed { bytes: [0; LONGEST], length: 0 };
        let mut at = 0;
        while at < text.len() {
            let number = beyond(text, at);
            packed.bytes[packed.length] = if number == 0 { text[at] } else { number as u8 };
            at += if number == 0 { 1 } else { BEYOND[number - 1].len() };
            packed.length += 1;
        }
        while packed.replace() {}
        packed
    }

    /// Replaces one pair wherever it stands: the first one of all, since later ones are made of earlier ones.
    const fn replace(&mut self) -> bool {
        let mut code = NONE;
        let mut at = 1;
        while at < self.length {
            let found = CODES[self.bytes[at - 1] as usize][self.bytes[at] as usize];
            if found != NONE && (code == NONE || found < code) {
                code = found;
            }
            at += 1;
        }
        if code == NONE {
            return false;
        }
        let [first, second] = PAIRS[(code - FIRST) as usize];
        let (mut from, mut to) = (0, 0);
        while from < self.length {
            let is_pair = self.bytes[from] == first && from + 1 < self.length && self.bytes[from + 1] == second;
            self.bytes[to] = if is_pair { code } else { self.bytes[from] };
            from += if is_pair { 2 } else { 1 };
            to += 1;
        }
        self.length = to;
        true
    }

    /// How many bytes it takes.
    pub const fn length(&self) -> usize {
        self.length
    }

    /// These bytes; `N` is the length.
    pub const fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        let mut at = 0;
        while at < N {
            bytes[at] = self.bytes[at];
            at += 1;
        }
        bytes
    }
}

/// The number of the character beyond ASCII that stands here; 0 for ASCII.
const fn beyond(text: &[u8], at: usize) -> usize {
    if text[at].is_ascii() {
        return 0;
    }
    let mut number = 0;
    loop {
        let known = BEYOND[number].as_bytes();
        let mut length = 0;
        while length < known.len() && text[at + length] == known[length] {
            length += 1;
        }
        number += 1;
        if length == known.len() {
            return number;
        }
    }
}

/// The text that was packed.
pub fn unpack(packed: &[u8]) -> String {
    let mut text = String::with_capacity(2 * packed.len());
    for byte in expand(packed, &PAIRS) {
        match usize::from(byte).checked_sub(1).and_then(|number| BEYOND.get(number)) {
            Some(character) => text.push_str(character),
            None => text.push(char::from(byte)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unpacked_is_what_was_packed() {
        const EMPTY: Packed = Packed::of("the kubelet does not start: the file is empty");
        const BYTES: [u8; EMPTY.length()] = EMPTY.bytes();
        assert!(BYTES.len() < 25, "{}", BYTES.len());
        assert_eq!(unpack(&BYTES), "the kubelet does not start: the file is empty");
        for text in ["", "a", "the kubelet does not start: `{path}` is no directory\n", "}{~~ ~", "    ", "1µs … 2µs"]
        {
            let packed = Packed::of(text);
            assert_eq!(unpack(&packed.bytes[..packed.length()]), text);
        }
    }
}
