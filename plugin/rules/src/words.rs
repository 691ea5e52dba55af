//! Words in every language that the rules speak, as they are kept.
//!
//! With Japanese, both texts of each are kept as they are. Without, what counts is how small the rules are: there is English
//! alone, [`packed`].

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

/// A text in every language, with parameters in braces. [`words!`] writes it. A plain pointer, as there are many.
#[cfg(feature = "japanese")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(&'static [&'static str; Language::TAGS.len()]);

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
    pub const NONE: Words = Words(&[""; Language::TAGS.len()]);

    /// Words in all languages, in the order of their tags.
    pub const fn new(texts: &'static [&'static str; Language::TAGS.len()]) -> Words {
        Words(texts)
    }

    /// The text in a language.
    pub fn in_language(self, language: Language) -> impl Deref<Target = str> {
        self.0[language as usize]
    }

    /// Whether there is nothing to say.
    pub fn is_none(self) -> bool {
        self.0[0].is_empty()
    }
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
            $crate::words::Words::new(&[$en, $ja])
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
