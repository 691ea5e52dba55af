//! Masks what must not be stored, before a target is recorded.

use kubevet_rules::model::{Content, Document, Outcome, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// Replaces the withheld bytes by filler of the same length that keeps the structure, so that the masked documents are judged
/// as the true ones were: letters become `x` and digits `1`; punctuation, quotes, white space, escapes and the words that are
/// values of their own stay. A word that occurs twice has the same filler twice and different words of one shape have
/// different ones, so that keys stay as equal and as different as they were.
pub fn mask(documents: &mut [Document], withheld: &[Span]) {
    let mut fillers = Fillers::default();
    for document in documents {
        let id = document.id;
        let spans = |part: u32| withheld.iter().filter(move |span| span.document == id && span.part == part);
        match &mut document.outcome {
            Outcome::Found(Content::File(bytes)) => fillers.mask(bytes, spans(0)),
            Outcome::Found(Content::Process(process)) => {
                for (argument, part) in process.arguments.iter_mut().zip(0..) {
                    fillers.mask(argument, spans(part));
                }
            }
            _ => {}
        }
    }
}

/// Words that JSON or YAML 1.1 reads as more than a string.
const WORDS: [&str; 11] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan"];

/// What letters are replaced by, in turn: nothing that makes a number or one of [`WORDS`] with digits or with each other.
const LETTERS: &[u8] = b"xzwvtsrqpkjhgdc";

/// What stands for characters beyond ASCII, by their length in UTF-8.
const WIDE: [&str; 3] = ["é", "漢", "𝐱"];

/// The fillers that are in use, by the word they stand for.
#[derive(Default)]
struct Fillers {
    by_word: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How many words of a shape there were; the first filler of a word tells its shape.
    used: BTreeMap<Vec<u8>, usize>,
}

impl Fillers {
    fn mask<'s>(&mut self, bytes: &mut [u8], spans: impl Iterator<Item = &'s Span>) {
        let mut ranges: Vec<Range<usize>> = spans.map(|span| whole_characters(bytes, span)).collect();
        ranges.sort_unstable_by_key(|range| range.start);
        let mut offset = 0;
        for range in ranges {
            // What is masked already must not be masked once more.
            offset = range.start.max(offset);
            while offset < range.end {
                let rest = &mut bytes[offset..range.end];
                offset += match rest[0] {
                    b'\\' => mask_escape(rest),
                    byte if byte.is_ascii_alphanumeric() => self.mask_word(rest),
                    byte if byte.is_ascii() => 1,
                    _ => mask_wide(rest),
                };
            }
        }
    }

    /// Masks a word at the beginning, and returns its length.
    fn mask_word(&mut self, bytes: &mut [u8]) -> usize {
        let length = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = &mut bytes[..length];
        if !is_value(word) {
            let filler = self.filler(word);
            word.copy_from_slice(&filler);
        }
        length
    }

    fn filler(&mut self, word: &[u8]) -> Vec<u8> {
        if let Some(filler) = self.by_word.get(word) {
            return filler.clone();
        }
        let used = self.used.entry(filler_number(word, 0)).or_default();
        let mut filler = filler_number(word, *used);
        while is_value(&filler) {
            *used += 1;
            filler = filler_number(word, *used);
        }
        *used += 1;
        self.by_word.insert(word.to_owned(), filler.clone());
        filler
    }
}

/// The filler with this number of a word's shape: its letters and digits count up, the last one first.
fn filler_number(word: &[u8], mut number: usize) -> Vec<u8> {
    let mut filler = word.to_owned();
    let is_number = word.iter().all(u8::is_ascii_digit);
    for position in (0..word.len()).rev() {
        filler[position] = match word[position] {
            b'e' | b'E' if is_exponent(word, position) => word[position],
            // No number but 0 itself begins with it in JSON, and YAML reads others then.
            b'0' if position == 0 && is_number => b'0',
            b'0'..=b'9' if position == 0 => b'1' + take(&mut number, 9),
            b'0'..=b'9' => b'0' + (1 + take(&mut number, 10)) % 10,
            _ => LETTERS[usize::from(take(&mut number, LETTERS.len()))],
        };
    }
    filler
}

/// The last digit of a number to this base, which it loses.
fn take(number: &mut usize, base: usize) -> u8 {
    let digit = *number % base;
    *number /= base;
    // No base is greater than 15.
    digit as u8
}

/// Whether the letter at a position makes a number of its word, as in `1e9`, or `1e` before a sign.
fn is_exponent(word: &[u8], position: usize) -> bool {
    let (before, after) = (&word[..position], &word[position + 1..]);
    !before.is_empty() && before.iter().chain(after).all(u8::is_ascii_digit)
}

fn is_value(word: &[u8]) -> bool {
    WORDS.iter().any(|value| word.eq_ignore_ascii_case(value.as_bytes()))
}

/// Masks an escape at the beginning, and returns its length. An escape with a number stands for an `x` afterwards.
fn mask_escape(bytes: &mut [u8]) -> usize {
    let number: &[u8] = match bytes.get(1) {
        None => return 1,
        Some(b'x') => b"78",
        Some(b'u') => b"0078",
        Some(b'U') => b"00000078",
        // An escape that nothing knows must stay one.
        Some(byte) if byte.is_ascii_alphanumeric() && !b"abefnrtv0NLP".contains(byte) => {
            bytes[1] = b'q';
            b""
        }
        Some(byte) if byte.is_ascii() => b"",
        Some(_) => return 1,
    };
    let digits = bytes[2..].iter().zip(number).take_while(|(byte, _)| byte.is_ascii_hexdigit()).count();
    bytes[2..2 + digits].copy_from_slice(&number[..digits]);
    2 + digits
}

/// Masks a character beyond ASCII, or a byte that is not UTF-8, at the beginning, and returns its length.
fn mask_wide(bytes: &mut [u8]) -> usize {
    let chunk = bytes[..bytes.len().min(4)].utf8_chunks().next();
    let Some(character) = chunk.and_then(|chunk| chunk.valid().chars().next()) else {
        bytes[0] = 0xff;
        return 1;
    };
    let length = character.len_utf8();
    // White space and controls beyond ASCII end lines in YAML, or may not stand there at all.
    if !(character.is_whitespace() || character.is_control() || crate::escape::is_deceptive(character)) {
        bytes[..length].copy_from_slice(WIDE[length - 2].as_bytes());
    }
    length
}

/// The bytes of a span that exist, with the whole of the characters at its ends.
fn whole_characters(bytes: &[u8], span: &Span) -> Range<usize> {
    let is_inside = |offset: usize| bytes.get(offset).is_some_and(|byte| byte & 0b1100_0000 == 0b1000_0000);
    let mut start = (span.start as usize).min(bytes.len());
    let mut end = (span.end as usize).clamp(start, bytes.len());
    // No character takes more than four bytes.
    for _ in 0..3 {
        start -= usize::from(start > 0 && start < end && is_inside(start));
        end += usize::from(start < end && is_inside(end));
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{file, process};

    fn masked(text: &str) -> String {
        let mut documents = [file(1, "/k", text)];
        mask(&mut documents, &[Span { document: 1, part: 0, start: 0, end: text.len() as u32 }]);
        let Outcome::Found(Content::File(bytes)) = &documents[0].outcome else { panic!() };
        assert_eq!(bytes.len(), text.len());
        String::from_utf8(bytes.clone()).unwrap()
    }

    #[test]
    fn letters_and_digits_go_and_structure_stays() {
        for (text, expected) in [
            ("{\"Authorization\": [\"Bearer aB-9_z\"]}\n", "{\"xxxxxxxxxxxxx\": [\"xxxxxx xx-1_x\"]}\n"),
            ("a: [true, False, ~, null, yes]\r\n\tb: -12.50e+7", "x: [true, False, ~, null, yes]\r\n\tz: -11.11e+1"),
            (r#""a\nb\"\\\/c\u00e9 \ud83d\ude00 \xff""#, r#""x\nz\"\\\/w\u0078 \u0078\u0078 \x78""#),
            (r"C:\Users \y \u12", r"x:\Uxxxx \q \u00"),
            ("0 0.5 10 1e9", "0 0.1 11 1e1"),
            ("pässwörd 漢字 😀\u{a0}—", "xéxxxéxx 漢漢 𝐱\u{a0}漢"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn keys_stay_as_equal_and_as_different_as_they_were() {
        let keys: Vec<String> = (0..300).map(|number| format!("k{number:03}")).collect();
        let masked = masked(&(keys.join(" ") + " " + &keys.join(" ")));
        let words: Vec<&str> = masked.split(' ').collect();
        assert_eq!(words[..300], words[300..]);
        assert_eq!(words[..300].iter().collect::<std::collections::BTreeSet<_>>().len(), 300);
        assert!(!words.contains(&"k000"));
    }

    #[test]
    fn valid_json_stays_valid_json_of_the_same_types() {
        let text = r#"{"a":[1,-2.5e-10,0,0.0,1E5,true,null,"\u00Ab\ttab \"q\" 0x1f"],"b":{"c":"","d":"é"},"e1":{}}"#;
        let masked = masked(text);
        let shape = |text: &str| {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            let kinds: Vec<_> = value["a"].as_array().into_iter().flatten().map(std::mem::discriminant).collect();
            (value.as_object().unwrap().len(), kinds)
        };
        let true_shape = shape(text);
        assert_eq!(true_shape.0, 3);
        assert_eq!(shape(&masked.replacen("\"x\":[", "\"a\":[", 1)), true_shape, "{masked}");
    }

    #[test]
    fn only_the_spans_are_masked_and_odd_spans_do_no_harm() {
        let mut documents = [process(0, &["--manifest-url-header=Authorization:öS3", "--v=2"]), file(1, "/k", "aöc")];
        let span = |document, part, start, end| Span { document, part, start, end };
        let withheld = [
            span(0, 0, 36, 500),
            span(0, 0, 37, 38),
            span(0, 9, 0, 1),
            span(1, 0, 2, 4),
            span(1, 0, 2, 3),
            span(1, 7, 0, 9),
            span(1, 0, 9, 1),
            span(5, 0, 0, 9),
        ];
        mask(&mut documents, &withheld);
        let expected = [process(0, &["--manifest-url-header=Authorization:éx1", "--v=2"]), file(1, "/k", "aéx")];
        assert_eq!(documents, expected);
    }

    #[test]
    fn to_mask_twice_is_to_mask_once() {
        let once = masked("Bearer abc-1 abd-1, abc-2: 漢 \\u0041 y\n");
        assert_eq!(masked(&once), once);
    }
}
