//! Bytes that know where they stand, so that places outlive whatever is made of a text.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

use crate::input::source::Source;
use crate::kubelet::values;

/// A byte, and where it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Letter {
    /// The byte.
    pub byte: u8,
    start: u32,
    end: u32,
}

impl Letter {
    /// The same place with another byte.
    pub fn with(self, byte: u8) -> Letter {
        Letter { byte, ..self }
    }

    /// Whether nothing stands between this and the next.
    pub fn is_next_to(&self, next: &Letter) -> bool {
        self.end == next.start
    }

    /// Whether it is blank, as systemd has it.
    pub fn is_blank(&self) -> bool {
        matches!(self.byte, b' ' | b'\t' | b'\n' | b'\r')
    }
}

/// The letters of a text.
pub fn of(text: &Source) -> Vec<Letter> {
    let letter = |(at, byte): (usize, &u8)| {
        let Range { start, end } = text.places.of(&(at..at + 1));
        Letter { byte: *byte, start: start as u32, end: end as u32 }
    };
    text.bytes.iter().enumerate().map(letter).collect()
}

/// Their bytes.
pub fn bytes(letters: &[Letter]) -> Vec<u8> {
    letters.iter().map(|letter| letter.byte).collect()
}

/// Their text.
pub fn string(letters: &[Letter]) -> String {
    values::text(&bytes(letters))
}

/// From the first to the last.
pub fn span(letters: &[Letter]) -> Range<usize> {
    let [first, .., last] = letters else {
        return letters.first().map_or(0..0, |only| only.start as usize..only.end as usize);
    };
    first.start as usize..last.end.max(first.end) as usize
}

/// Without blanks at both ends.
pub fn trimmed(letters: &[Letter]) -> &[Letter] {
    let start = letters.iter().position(|letter| !letter.is_blank()).unwrap_or(letters.len());
    let end = letters.iter().rposition(|letter| !letter.is_blank()).map_or(start, |last| last + 1);
    &letters[start..end]
}

/// Whether these bytes stand at the beginning.
pub fn begins(letters: &[Letter], with: &[u8]) -> bool {
    letters.len() >= with.len() && letters.iter().zip(with).all(|(letter, byte)| letter.byte == *byte)
}

/// What stands before and after the first `=`.
pub fn assignment(letters: &[Letter]) -> Option<(&[Letter], &[Letter])> {
    let at = letters.iter().position(|letter| letter.byte == b'=')?;
    Some((&letters[..at], &letters[at + 1..]))
}

/// No tag of a template is longer.
const MAX_TAG: usize = 300;

/// How long the tag of a template is that begins here: `{{ … }}`, `{% … %}`, `{# … #}`, `%{ … }`. None stands in another.
pub fn tag(letters: &[Letter]) -> Option<usize> {
    let end: &[u8] = match letters {
        [Letter { byte: b'{', .. }, Letter { byte: b'{', .. }, ..] => b"}}",
        [Letter { byte: b'{', .. }, Letter { byte: b'%', .. }, ..] => b"%}",
        [Letter { byte: b'{', .. }, Letter { byte: b'#', .. }, ..] => b"#}",
        [Letter { byte: b'%', .. }, Letter { byte: b'{', .. }, ..] => b"}",
        _ => return None,
    };
    let near = letters.get(2..letters.len().min(MAX_TAG))?;
    let begin = [letters[0].byte, letters[1].byte];
    let is_stop = |at: &usize| begins(&near[*at..], end) || begins(&near[*at..], &begin);
    let at = (0..near.len()).find(is_stop)?;
    begins(&near[at..], end).then_some(2 + at + end.len())
}

/// Whether nothing but a tag of a template stands here, which decides what becomes of what stands around it; not a value.
pub fn is_condition(letters: &[Letter]) -> bool {
    let text = string(letters);
    let is_tag = tag(letters) == Some(letters.len());
    let word = text.trim_start_matches(['{', '%', '-', '~', ' ']).split([' ', '}']).next().unwrap_or_default();
    is_tag
        && !text.starts_with("{#")
        && (!text.starts_with("{{") || matches!(word, "if" | "else" | "end" | "range" | "with"))
}

#[cfg(test)]
pub mod testing {
    use super::*;

    /// The letters of a file.
    pub fn letters(text: &str) -> Vec<Letter> {
        of(&Source::file(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::testing::letters;
    use super::*;

    #[test]
    fn places_are_those_of_the_file() {
        let all = letters("ab cd ");
        assert_eq!((span(trimmed(&all[2..])), string(trimmed(&all[2..]))), (3..5, "cd".into()));
        assert_eq!((span(&[]), span(trimmed(&all[5..])), span(&all[1..2])), (0..0, 0..0, 1..2));
    }

    #[test]
    fn conditions_are_told_from_values() {
        for (text, tag_length, is_condition_of_all) in [
            ("{{ x }}", Some(7), false),
            ("{{ x }}y", Some(7), false),
            ("{{- if .x }}", Some(12), true),
            ("{{end}}", Some(7), true),
            ("{% else %}", Some(10), true),
            ("%{ endif }", Some(10), true),
            ("{{ x", None, false),
            ("{{ x {{ y }}", None, false),
            ("{", None, false),
        ] {
            let all = letters(text);
            assert_eq!((tag(&all), is_condition(&all)), (tag_length, is_condition_of_all), "{text}");
        }
    }
}
