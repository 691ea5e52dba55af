//! Words in every language that the rules speak, as they are kept.
//!
//! With Japanese, both texts of each are kept as they are, one after the other. Without, what counts is how small the rules are:
//! there is English alone, [`packed`].

#[cfg(any(test, not(feature = "japanese")))]
mod packed;

use core::ops::Deref;

#[cfg(not(feature = "japanese"))]
pub use packed::Packed;

/// A language that the rules speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English; also what every other tag stands for.
    #[default]
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// The tags of all languages.
    pub const TAGS: &[&str] = if cfg!(feature = "japanese") { &["en", "ja"] } else { &["en"] };

    /// The language of a tag such as `ja`.
    pub fn of(tag: &str) -> Language {
        if tag == "ja" { Language::Japanese } else { Language::English }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Japanese => "ja",
        }
    }

    /// One of two texts, for what is said outside of the rules.
    pub fn choose<T>(self, en: T, ja: T) -> T {
        match self {
            Language::English => en,
            Language::Japanese => ja,
        }
    }
}

/// A text in every language, with parameters in braces. [`words!`] writes it: the length of the English text as a character, that
/// text and the Japanese one. There are many, of which a pointer and a length each would be as long as some of the texts.
#[cfg(feature = "japanese")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(&'static str);

/// A text in English, with parameters in braces. [`words!`] writes it.
#[cfg(not(feature = "japanese"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(&'static [u8]);

impl Default for Words {
    fn default() -> Words {
        Words::NONE
    }
}

#[cfg(feature = "japanese")]
impl Words {
    /// Nothing to say.
    pub const NONE: Words = Words("");

    /// Words that are joined.
    pub const fn new(joined: &'static [u8]) -> Words {
        match core::str::from_utf8(joined) {
            Ok(joined) => Words(joined),
            Err(_) => panic!("texts that are no texts"),
        }
    }

    /// The text in a language.
    pub fn in_language(self, language: Language) -> impl Deref<Target = str> {
        let mut joined = self.0.chars();
        let length = joined.next().unwrap_or_default() as usize;
        let (en, ja) = joined.as_str().split_at_checked(length).unwrap_or_default();
        language.choose(en, ja)
    }

    /// Whether there is nothing to say.
    pub fn is_none(self) -> bool {
        self.0.is_empty()
    }
}

/// How many bytes two texts take, joined.
#[cfg(feature = "japanese")]
pub const fn joined_length(en: &str, ja: &str) -> usize {
    length(en).len_utf8() + en.len() + ja.len()
}

/// Two texts, joined; `N` is how many bytes they take.
#[cfg(feature = "japanese")]
pub const fn joined<const N: usize>(en: &str, ja: &str) -> [u8; N] {
    let mut bytes = [0; N];
    length(en).encode_utf8(&mut bytes);
    let (_, texts) = bytes.split_at_mut(length(en).len_utf8());
    let (first, second) = texts.split_at_mut(en.len());
    first.copy_from_slice(en.as_bytes());
    second.copy_from_slice(ja.as_bytes());
    bytes
}

#[cfg(feature = "japanese")]
const fn length(text: &str) -> char {
    char::from_u32(text.len() as u32).expect("a text as long as a character can tell")
}

#[cfg(not(feature = "japanese"))]
impl Words {
    /// Nothing to say.
    pub const NONE: Words = Words(&[]);

    /// Words that are packed.
    pub const fn new(packed: &'static [u8]) -> Words {
        Words(packed)
    }

    /// The text, whatever the language.
    pub fn in_language(self, _: Language) -> impl Deref<Target = str> {
        packed::unpack(self.0)
    }

    /// Whether there is nothing to say.
    pub fn is_none(self) -> bool {
        self.0.is_empty()
    }
}

/// Evaluated by the compiler, which refuses words where a language is missing or parameters differ.
pub const fn check(en: &str, ja: &str) {
    assert!(!en.is_empty() && !ja.is_empty(), "a text is missing in a language");
    assert!(has_parameters_of(en, ja) && has_parameters_of(ja, en), "the languages have different parameters");
}

/// Whether every parameter of `from` is one of `text`, too.
const fn has_parameters_of(text: &str, from: &str) -> bool {
    let (text, from) = (text.as_bytes(), from.as_bytes());
    let mut at = 0;
    while at < from.len() {
        if from[at] == b'{' && !has_parameter(text, from, at) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether the parameter whose brace opens at `at` of `from` is in `text`.
const fn has_parameter(text: &[u8], from: &[u8], at: usize) -> bool {
    let mut start = 0;
    while start < text.len() {
        let mut length = 0;
        while start + length < text.len() && at + length < from.len() && text[start + length] == from[at + length] {
            if from[at + length] == b'}' {
                return true;
            }
            length += 1;
        }
        start += 1;
    }
    false
}

/// A text in every language: `words!("the file is empty", "ファイルが空です")`.
#[cfg(feature = "japanese")]
macro_rules! words {
    ($en:expr, $ja:expr $(,)?) => {
        const {
            $crate::words::check($en, $ja);
            const JOINED: [u8; $crate::words::joined_length($en, $ja)] = $crate::words::joined($en, $ja);
            $crate::words::Words::new(&JOINED)
        }
    };
}

/// A text in every language, of which English is kept.
#[cfg(not(feature = "japanese"))]
macro_rules! words {
    ($en:expr, $ja:expr $(,)?) => {
        const {
            $crate::words::check($en, $ja);
            const PACKED: $crate::words::Packed = $crate::words::Packed::of($en);
            const BYTES: [u8; PACKED.length()] = PACKED.bytes();
            $crate::words::Words::new(&BYTES)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_the_same_parameters() {
        assert!(has_parameters_of("{a} and {b}", "{b} {a} {a}"));
        assert!(!has_parameters_of("{ab}", "{a}") && !has_parameters_of("", "{a}") && !has_parameters_of("{a", "{a}"));
    }
}
