//! Masks what must not be stored, before a target is recorded.

use kubevet_rules::model::{Content, Document, Outcome, Span};
use kubevet_rules::text::Value;
use std::collections::{BTreeMap, BTreeSet};
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

/// Words that JSON or YAML 1.1 reads as more than a string, or has a word of its own for, and the keys that say what a document
/// is: everybody knows them.
const WORDS: [&str; 18] = [
    "true",
    "false",
    "null",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "inf",
    "nan",
    "infinity",
    "none",
    "nil",
    "undefined",
    "kind",
    "apiversion",
    "kubeletconfig",
];

/// YAML's tags, which say how a value is read.
const TAGS: [&str; 9] = ["str", "int", "float", "bool", "null", "binary", "timestamp", "merge", "map"];

/// Before a tag in its long form.
const TAG_PREFIX: &[u8] = b"tag:yaml.org,2002:";

/// What letters are replaced by, in turn: nothing that makes a number or one of [`WORDS`] with digits or with each other.
const LETTERS: &[u8] = b"xzwvtsrqpkjhgXZWVTSRQPKJHG";

/// The same for a letter that stands alone: as many as there are, so that one letter never becomes another's.
const LONE_LETTERS: &[u8] = b"xzwvtsrqpkjhgdcbaefilmouXZWVTSRQPKJHGDCBAEFILMOU";

/// What stands for characters beyond ASCII, by their length in UTF-8.
const WIDE: [&str; 3] = ["é", "漢", "𝐱"];

/// Longer words are no numbers that anybody reads.
const LONGEST_NUMBER: usize = 1 << 10;

/// The fillers that are in use, by the word they stand for.
#[derive(Default)]
struct Fillers {
    by_word: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How many words of a shape there were; the first filler of a word tells its shape.
    used: BTreeMap<Vec<u8>, usize>,
    /// Names of anchors and aliases that stand outside of what is masked, too: these stay.
    names: BTreeSet<Vec<u8>>,
}

impl Fillers {
    fn mask<'s>(&mut self, bytes: &mut [u8], spans: impl Iterator<Item = &'s Span>) {
        let mut ranges: Vec<Range<usize>> = spans.map(|span| whole_characters(bytes, span)).collect();
        ranges.sort_unstable_by_key(|range| range.start);
        let unit: Option<fn([u8; 2]) -> u16> = match bytes {
            [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
            [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
            _ => None,
        };
        self.names = names_outside(bytes, &ranges);
        let mut offset = 0;
        for range in ranges {
            // What is masked already must not be masked once more.
            offset = range.start.max(offset);
            match unit {
                Some(unit) if offset < range.end => self.mask_utf16(bytes, offset..range.end, unit),
                _ => self.mask_range(bytes, offset..range.end),
            }
            offset = offset.max(range.end);
        }
    }

    /// Masks the code units of UTF-16 as if ASCII were written in bytes.
    fn mask_utf16(&mut self, bytes: &mut [u8], range: Range<usize>, unit: fn([u8; 2]) -> u16) {
        let start = range.start.next_multiple_of(2);
        let places = || (start..range.end.saturating_sub(1)).step_by(2);
        let units: Vec<u16> = places().map(|at| unit([bytes[at], bytes[at + 1]])).collect();
        let mut narrow: Vec<u8> = units.iter().map(|unit| if *unit < 0x80 { *unit as u8 } else { 0x1a }).collect();
        let whole = 0..narrow.len();
        self.mask_range(&mut narrow, whole);
        for ((at, unit), narrow) in places().zip(units).zip(narrow) {
            let masked = match unit {
                ..0x80 => u16::from(narrow),
                // Lines are counted in bytes, and columns in what these are in UTF-8.
                0xd800..0xe000 if unit & 0xff == 0x0a => unit & 0xdcff,
                0xd800..0xdc00 => 0xd835,
                0xdc00..0xe000 => 0xdc31,
                0x0a0a => unit,
                0x0a00..0x0b00 => 0x0a05,
                _ if unit & 0xff == 0x0a => 0x010a,
                _ if char::from_u32(unit.into()).is_some_and(stays) => unit,
                _ => match (unit >> 8 < 0x80, unit & 0xff < 0x80) {
                    (true, true) => 0x6f6f,
                    (true, false) => 0x6fe9,
                    (false, true) => 0xac6f,
                    (false, false) => 0xace9,
                },
            };
            let is_little = bytes[0] == 0xff;
            bytes[at..at + 2].copy_from_slice(&if is_little { masked.to_le_bytes() } else { masked.to_be_bytes() });
        }
    }

    fn mask_range(&mut self, bytes: &mut [u8], range: Range<usize>) {
        let mut offset = range.start;
        let behind = bytes.len() - range.end;
        // What is before this was looked through, and has no digit.
        let mut without_digits = offset;
        while offset < range.end {
            let (before, rest) = bytes.split_at_mut(offset);
            let rest = &mut rest[..range.end - offset];
            let is_word = before.last().is_some_and(|byte| is_of_word(*byte));
            let may_be_number = !is_word && begins_number(rest) && offset >= without_digits;
            let number = if may_be_number { number_length(rest) } else { 0 };
            let has_digit = rest[..number].iter().any(u8::is_ascii_digit);
            if !has_digit {
                without_digits = without_digits.max(offset + number);
            }
            offset += match rest[0] {
                b'\\' => mask_escape(rest),
                b'%' => mask_percent(before, rest),
                b'*' | b'&' if self.names.contains(name(&rest[1..])) => 1 + name(&rest[1..]).len(),
                b't' if rest.starts_with(TAG_PREFIX) => TAG_PREFIX.len(),
                _ if has_digit => self.mask_number(before, &mut rest[..number]),
                byte if byte.is_ascii_alphanumeric() => self.mask_word(before, rest),
                byte if byte.is_ascii() => 1,
                _ => mask_wide(rest, behind),
            };
        }
    }

    /// Masks a word at the beginning, and returns its length.
    fn mask_word(&mut self, before: &[u8], bytes: &mut [u8]) -> usize {
        let length = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = &mut bytes[..length];
        if !is_value(word) && !is_tag(before, word) && !is_indentation(before, word) {
            let filler = self.filler(word);
            word.copy_from_slice(&filler);
        }
        length
    }

    /// Masks what may be a number, so that it stays one of its kind, and returns its length.
    fn mask_number(&mut self, before: &[u8], bytes: &mut [u8]) -> usize {
        let length = bytes.len();
        let token = bytes.to_vec();
        let mut masked = token.clone();
        let mut offset = 0;
        while offset < length {
            offset += match masked[offset].is_ascii_alphanumeric() {
                true => {
                    let (inside, rest) = masked.split_at_mut(offset);
                    let before = if offset == 0 { before } else { inside };
                    self.mask_word(before, rest)
                }
                false => 1,
            };
        }
        let wanted = Class::of(&token);
        let others = [b'1', b'9', b'0'].map(|digit| with_digits(&token, digit));
        let candidates = std::iter::once(masked.clone()).chain(others);
        let masked = candidates.into_iter().find(|masked| Class::of(masked) == wanted).unwrap_or(masked);
        bytes.copy_from_slice(&masked);
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

/// The names of anchors and aliases outside of these ranges, which are sorted.
fn names_outside(bytes: &[u8], ranges: &[Range<usize>]) -> BTreeSet<Vec<u8>> {
    let mut names = BTreeSet::new();
    let mut start = 0;
    let end = bytes.len()..bytes.len();
    for range in ranges.iter().chain(std::iter::once(&end)) {
        for at in (start..range.start).filter(|at| matches!(bytes[*at], b'*' | b'&')) {
            let name = name(&bytes[at + 1..range.start]);
            if !name.is_empty() {
                names.insert(name.to_owned());
            }
        }
        start = start.max(range.end);
    }
    names
}

/// The name of an anchor at the beginning.
fn name(bytes: &[u8]) -> &[u8] {
    let length = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    &bytes[..length]
}

/// What a plain word is read as.
#[derive(PartialEq)]
enum Class {
    Whole,
    /// Beyond `i64`, which no key may be.
    Large,
    Fraction,
    /// More than a float holds.
    Infinite,
    Other,
    Text,
    Broken,
}

impl Class {
    fn of(token: &[u8]) -> Class {
        if token.len() > LONGEST_NUMBER {
            return Class::Text;
        }
        let Ok(text) = kubevet_rules::text::read_yaml(token) else { return Class::Broken };
        match &text.root.value {
            Value::Number(number) if number.parse::<i64>().is_ok() => Class::Whole,
            Value::Number(number) if number.parse::<u64>().is_ok() => Class::Large,
            Value::Number(number) if number.parse::<f64>().is_ok_and(f64::is_finite) => Class::Fraction,
            Value::Number(_) => Class::Infinite,
            // JSON has numbers that YAML takes for a text, since no float holds them.
            Value::String(text) if text.parse::<f64>().is_ok_and(f64::is_infinite) => Class::Infinite,
            Value::String(_) => Class::Text,
            _ => Class::Other,
        }
    }
}

/// A number with another digit for each of its mantissa; the exponent says how large it is, and stays.
fn with_digits(token: &[u8], digit: u8) -> Vec<u8> {
    let prefix = match token.iter().position(|byte| byte.is_ascii_digit()) {
        Some(at) if token[at] == b'0' && token.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => at + 2,
        Some(at) if token[at] == b'0' => at + 1,
        _ => 0,
    };
    let is_hexadecimal = matches!(token.get(prefix.saturating_sub(1)), Some(b'x' | b'X'));
    let is_exponent =
        |at: &usize| token[at + 1..].iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'));
    let exponent = token.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let exponent = exponent.filter(is_exponent).filter(|_| !is_hexadecimal);
    let mut masked = token.to_vec();
    for byte in &mut masked[prefix..exponent.unwrap_or(token.len()).max(prefix)] {
        match byte {
            b'0'..=b'9' => *byte = digit,
            b'a'..=b'f' | b'A'..=b'F' if is_hexadecimal => *byte = b'a',
            b'a'..=b'z' | b'A'..=b'Z' => *byte = b'x',
            _ => {}
        }
    }
    masked
}

/// Whether a word begins as numbers do.
fn begins_number(bytes: &[u8]) -> bool {
    matches!(bytes, [b'0'..=b'9', ..] | [b'+' | b'-' | b'.', b'0'..=b'9' | b'.', ..])
}

/// How long the word is that may be a number.
fn number_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| is_of_word(**byte) || matches!(byte, b'+' | b'-')).count()
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')
}

/// The filler with this number of a word's shape: its letters and digits count up, the last one first.
fn filler_number(word: &[u8], mut number: usize) -> Vec<u8> {
    let mut filler = word.to_owned();
    if let [letter] = word
        && letter.is_ascii_alphabetic()
    {
        return vec![LONE_LETTERS[number % LONE_LETTERS.len()]];
    }
    // A letter behind digits alone makes a number of its word, as in `1e9`, or `1e` before a sign.
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    for position in (0..word.len()).rev() {
        filler[position] = match word[position] {
            b'e' | b'E' if position > 0 && position == digits => word[position],
            b'x' | b'X' | b'b' | b'B' | b'o' | b'O' if position == 1 && word[0] == b'0' => word[position],
            // JSON has words of its own for a number in another base.
            b'a'..=b'z' | b'A'..=b'Z' if position == 1 && word[0] == b'0' => b'z',
            // No number but 0 itself begins with it in JSON, and YAML reads others then.
            b'0' if position == 0 => b'0',
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
    // No base is greater than 26.
    digit as u8
}

fn is_value(word: &[u8]) -> bool {
    WORDS.iter().any(|value| word.eq_ignore_ascii_case(value.as_bytes()))
}

/// Whether a word is the name of one of YAML's own tags, where one may stand.
fn is_tag(before: &[u8], word: &[u8]) -> bool {
    let may_stand = before.ends_with(b"!") || before.ends_with(TAG_PREFIX);
    may_stand && TAGS.iter().any(|tag| word == tag.as_bytes())
}

/// Whether a word is the indentation of a block scalar, as in `|2-`.
fn is_indentation(before: &[u8], word: &[u8]) -> bool {
    let header = before.strip_suffix(b"+").or(before.strip_suffix(b"-")).unwrap_or(before);
    matches!(word, [b'0'..=b'9']) && matches!(header.last(), Some(b'|' | b'>'))
}

/// Masks an escape at the beginning, and returns its length.
fn mask_escape(bytes: &mut [u8]) -> usize {
    let length = match bytes.get(1) {
        None => return 1,
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        // An escape that nothing knows must stay one.
        Some(byte) if byte.is_ascii_alphanumeric() && !b"abefnrtv0NLP".contains(byte) => {
            bytes[1] = b'q';
            0
        }
        Some(byte) if byte.is_ascii() => 0,
        Some(_) => return 1,
    };
    let digits = bytes[2..].iter().take(length).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let number = std::str::from_utf8(&bytes[2..2 + digits]).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
    let masked = match number {
        // One that is cut off ends where it ended.
        _ if digits < length => Some(0),
        Some(number) => masked_code(number),
        None => None,
    };
    if let Some(masked) = masked {
        bytes[2..2 + digits].copy_from_slice(&format!("{masked:08x}").as_bytes()[8 - digits..]);
    }
    2 + digits
}

/// What stands for a character that is written as a number; none if it stays.
fn masked_code(code: u32) -> Option<u32> {
    match char::from_u32(code) {
        Some(character) if character.is_ascii_alphabetic() => Some(u32::from('x')),
        Some(character) if character.is_ascii_digit() => Some(u32::from('1')),
        Some(character) if character.is_ascii() || stays(character) => None,
        Some(character) if character.len_utf8() == 2 => Some(0xe9),
        Some(character) if character.len_utf8() == 3 => Some(0x6f22),
        Some(_) => Some(0x1d431),
        None => Some(match code {
            0xd800..0xdc00 => 0xd835,
            0xdc00..0xe000 => 0xdc31,
            _ => u32::MAX,
        }),
    }
}

/// Masks a directive, a percent-encoded byte or a mere percent sign at the beginning, and returns its length.
fn mask_percent(before: &[u8], bytes: &mut [u8]) -> usize {
    if before.is_empty() || before.ends_with(b"\n") || before.ends_with(b"\r") || before == b"\xef\xbb\xbf" {
        if bytes.starts_with(b"%TAG") {
            return 4;
        }
        if bytes.starts_with(b"%YAML") {
            let version =
                bytes[5..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'.' | b'0'..=b'9')).count();
            return 5 + version;
        }
    }
    let number = bytes.get(1..3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let number = number.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
    let Some(number) = number else { return 1 };
    let masked = match number {
        b'a'..=b'z' | b'A'..=b'Z' => b'x',
        b'0'..=b'9' => b'1',
        0x80..0xc0 => 0xa9,
        0xc2..0xe0 => 0xc3,
        other => other,
    };
    bytes[1..3].copy_from_slice(format!("{masked:02x}").as_bytes());
    3
}

/// Masks a character beyond ASCII, or a byte that is not UTF-8, at the beginning, and returns its length. A character that the
/// end of the document cuts off stays one: what is left behind these bytes counts.
fn mask_wide(bytes: &mut [u8], behind: usize) -> usize {
    let Some(character) = crate::escape::first_character(bytes) else {
        bytes[0] = match (bytes[0], bytes.len() + behind) {
            (0xc0..0xe0, 1) => 0xc3,
            (0xe0..0xf0, 1..3) => 0xe6,
            (0xf0..0xf8, 1..4) => 0xf0,
            _ => 0xff,
        };
        return 1;
    };
    let length = character.len_utf8();
    if !stays(character) {
        bytes[..length].copy_from_slice(WIDE[length - 2].as_bytes());
    }
    length
}

/// White space and controls beyond ASCII end lines in YAML, or may not stand there at all.
fn stays(character: char) -> bool {
    character.is_whitespace() || character.is_control() || crate::escape::is_deceptive(character)
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
            ("a: [true, False, ~, null, yes]\r\n\tb: -12.50e+7", "x: [true, False, ~, null, yes]\r\n\tz: -11.11e+7"),
            (
                r#""a\nb\"\\\/c\u00e9 \ud83d\ude00 \xff \x41 \u0031\x0a""#,
                r#""x\nz\"\\\/w\u00e9 \ud835\udc31 \xe9 \x78 \u0031\x0a""#,
            ),
            (r"C:\Users \y \u12", r"x:\Uxxxx \q \u00"),
            ("0 0.5 10 1e9", "0 0.1 11 1e1"),
            // What is read otherwise than it looks is read so again: bases, what no key may be, what no float holds.
            ("0x1F 0b101 1_000 9223372036854775808 1e400", "0x1a 0b111 1_011 9999999999999999999 1e400"),
            // What tells the reader something stays.
            ("%YAML 1.1\n---\n!!int 7 !!str x !e!secret |2-\n", "%YAML 1.1\n---\n!!int 1 !!str x !z!xxxxxx |2-\n"),
            ("pässwörd 漢字 😀\u{a0}—", "xéxxxéxx 漢漢 𝐱\u{a0}漢"),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    /// Each of these would take minutes if a character were looked at again for each one before it.
    #[test]
    fn long_words_are_masked_in_one_go() {
        let digits = "1".repeat(200_000);
        for text in ["a", "-", "-.", "-..", "+1", "&", "&a", "%", "\\u", &(digits.clone() + &"e".repeat(200_000))] {
            let long = text.repeat(400_000 / text.len());
            assert_eq!(masked(&long).len(), long.len());
            let mut documents = [file(1, "/k", &(long + "b"))];
            mask(&mut documents, &[Span { document: 1, part: 0, start: 400_000, end: 400_001 }]);
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
    fn what_the_end_cuts_off_stays_cut_off() {
        for (bytes, expected) in [
            (&b"\xec"[..], &b"\xe6"[..]),
            (b"\xf3\x80\x80", b"\xf0\xff\xff"),
            (b"\xc5", b"\xc3"),
            (b"\xec\xbca\xff", b"\xff\xffx\xff"),
        ] {
            let mut documents = [file(1, "/k", bytes)];
            mask(&mut documents, &[Span { document: 1, part: 0, start: 0, end: bytes.len() as u32 }]);
            assert_eq!(documents, [file(1, "/k", expected)]);
        }
    }

    #[test]
    fn to_mask_twice_is_to_mask_once() {
        let once = masked("Bearer abc-1 abd-1, abc-2: 漢 \\u0041 y\n");
        assert_eq!(masked(&once), once);
    }
}
