//! Texts for people, in every language that the rules speak.
//!
//! A text is written in all of them where it is said, as [`Words`] with places for parameters such as `{path}`. Which
//! language is wanted is asked only at the door: until then a [`Text`] is its words and what they are about.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::by_version;
use crate::kubelet::surface::Version;
use crate::model::{self, Message};
pub use crate::words::{Language, Words};

/// Texts that only `describe` shows.
#[cfg(feature = "explanations")]
macro_rules! paragraphs {
    [$($words:expr),* $(,)?] => { &[$($words),*] };
}

/// The same where the rules are built without explanations: what is never called is not compiled, nor packed.
#[cfg(not(feature = "explanations"))]
macro_rules! paragraphs {
    [$($words:expr),* $(,)?] => {{
        $(const _: fn() -> $crate::message::Words = || $words;)*
        &[]
    }};
}

/// A text with parameters: `text!("no `{path}`", "`{path}` がありません", path)`, or `path = value` for each of them.
macro_rules! text {
    ($en:expr, $ja:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        #[allow(unused_mut, reason = "a text may have no parameters")]
        let mut text = $crate::message::Text::from(words!($en, $ja));
        $(text.put(stringify!($name), text!(@value $name $(= $value)?));)*
        text
    }};
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
}

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// The same in every language: a name, a path, a value.
    Name(String),
    /// A text of its own.
    Text(Text),
    /// Texts, one after the other.
    List(Vec<Text>),
    /// Versions of the kubelet.
    Versions(Vec<Version>),
}

impl From<String> for Parameter {
    fn from(name: String) -> Parameter {
        Parameter::Name(name)
    }
}

impl From<&str> for Parameter {
    fn from(name: &str) -> Parameter {
        Parameter::Name(name.to_owned())
    }
}

impl From<Text> for Parameter {
    fn from(text: Text) -> Parameter {
        Parameter::Text(text)
    }
}

impl From<Words> for Parameter {
    fn from(words: Words) -> Parameter {
        Parameter::Text(words.into())
    }
}

impl From<Vec<Text>> for Parameter {
    fn from(texts: Vec<Text>) -> Parameter {
        Parameter::List(texts)
    }
}

impl From<Vec<Version>> for Parameter {
    fn from(versions: Vec<Version>) -> Parameter {
        Parameter::Versions(versions)
    }
}

impl Parameter {
    fn in_language(&self, language: Language) -> String {
        match self {
            Parameter::Name(name) => name.clone(),
            Parameter::Text(text) => text.in_language(language),
            several => {
                let mut out = String::new();
                several.write(language, &mut out);
                out
            }
        }
    }

    fn write(&self, language: Language, out: &mut String) {
        match self {
            Parameter::Name(name) => out.push_str(name),
            Parameter::Text(text) => text.write(language, out),
            Parameter::List(texts) => {
                for (at, text) in texts.iter().enumerate() {
                    if at > 0 {
                        out.push_str(&words!("; ", "、").in_language(language));
                    }
                    text.write(language, out);
                }
            }
            Parameter::Versions(versions) => out.push_str(&by_version::ranges(versions, language)),
        }
    }
}

/// What is said, before it is known in which language.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    words: Words,
    parameters: Vec<(&'static str, Parameter)>,
}

impl From<Words> for Text {
    // Not inlined, as texts are made all over: the component is small.
    #[inline(never)]
    fn from(words: Words) -> Text {
        Text { words, parameters: vec![] }
    }
}

impl From<String> for Text {
    /// A name or a value alone.
    fn from(name: String) -> Text {
        text!("{value}", "{value}", value = name)
    }
}

impl Text {
    /// Nothing to say.
    pub const NONE: Text = Text { words: Words::NONE, parameters: vec![] };

    /// Says what a parameter stands for. Not inlined, as above.
    #[inline(never)]
    pub fn put(&mut self, name: &'static str, value: impl Into<Parameter>) {
        self.parameters.push((name, value.into()));
    }

    /// The text in a language.
    pub fn in_language(&self, language: Language) -> String {
        let template = self.words.in_language(language);
        let mut out = String::with_capacity(template.len() + 16 * self.parameters.len());
        self.fill(&template, language, &mut out);
        out
    }

    fn write(&self, language: Language, out: &mut String) {
        self.fill(&self.words.in_language(language), language, out);
    }

    /// Writes the words of a language with what the parameters stand for.
    fn fill(&self, template: &str, language: Language, out: &mut String) {
        let mut rest = template;
        while let Some(open) = rest.bytes().position(|byte| byte == b'{') {
            let close = open + rest[open..].bytes().position(|byte| byte == b'}').unwrap_or(0);
            out.push_str(&rest[..open]);
            let name = &rest[open + 1..close.max(open + 1)];
            let parameter = self.parameters.iter().find(|(known, _)| *known == name);
            debug_assert!(parameter.is_some(), "nothing stands for `{name}` in `{template}`");
            if let Some((_, parameter)) = parameter {
                parameter.write(language, out);
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
    }
}

/// A text with its stable id, kebab-case, for machines.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The id.
    pub id: &'static str,
    /// The text.
    pub text: Text,
}

/// A text with its stable id. Not inlined, as [`Text`]s are not.
#[inline(never)]
pub fn message(id: &'static str, text: impl Into<Text>) -> Said {
    Said { id, text: text.into() }
}

impl Said {
    /// With something more for machines, which the text does not name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Parameter>) -> Said {
        self.text.put(name, value);
        self
    }

    /// In other words, in which `{what}` stands for it. What it says to machines stays.
    #[must_use]
    pub fn within(self, words: Words) -> Said {
        let Said { id, text } = self;
        let mut parameters = vec![("what", Parameter::Text(text.clone()))];
        parameters.extend(text.parameters);
        Said { id, text: Text { words, parameters } }
    }

    /// The message in a language.
    pub fn in_language(&self, language: Language) -> Message {
        let parameter = |(name, parameter): &(&str, Parameter)| ((*name).to_owned(), parameter.in_language(language));
        Message {
            id: self.id.to_owned(),
            params: self.text.parameters.iter().map(parameter).collect(),
            text: self.text.in_language(language),
        }
    }
}

/// A labelled place, see [`model::Evidence`].
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Where.
    pub place: model::Place,
    /// What is to be seen there.
    pub label: Said,
}

impl Evidence {
    /// The evidence in a language.
    pub fn in_language(&self, language: Language) -> model::Evidence {
        model::Evidence { place: self.place, label: self.label.in_language(language) }
    }
}

/// What to do, see [`model::Remedy`].
#[derive(Clone, Debug)]
pub struct Remedy {
    /// In words.
    pub text: Said,
    /// The edits that do it.
    pub edits: Vec<model::Edit>,
    /// Why the edits alone would not help.
    pub blocked: Option<Said>,
}

impl Remedy {
    /// The remedy in a language.
    pub fn in_language(&self, language: Language) -> model::Remedy {
        let Remedy { text, edits, blocked } = self;
        let blocked = blocked.as_ref().map(|blocked| blocked.in_language(language));
        model::Remedy { text: text.in_language(language), edits: edits.clone(), blocked }
    }
}

/// Something that is not as its author meant it, see [`model::Problem`].
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// How bad it is.
    pub severity: model::Severity,
    /// What it is.
    pub message: Said,
    /// Where.
    pub place: model::Place,
    /// The edits that mend it.
    pub edits: Vec<model::Edit>,
}

impl Problem {
    /// The problem in a language.
    pub fn in_language(&self, language: Language) -> model::Problem {
        let Problem { severity, message, place, edits } = self;
        model::Problem {
            severity: *severity,
            message: message.in_language(language),
            place: *place,
            edits: edits.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_put_in_place() {
        let inner = text!("not {value}", "{value} ではない", value = "this");
        let text = text!("`{path}` is {what}, {path}", "{what}: `{path}`", path = "/k", what = inner);
        assert_eq!(text.in_language(Language::English), "`/k` is not this, /k");
        assert_eq!(text.in_language(Language::Japanese), "this ではない: `/k`");
    }

    #[test]
    fn parameters_are_not_read_again() {
        let text = text!("is `{value}`", "値は `{value}`", value = "{value}{other}");
        assert_eq!(text.in_language(Language::English), "is `{value}{other}`");
    }

    #[test]
    fn other_words_around_a_message_leave_what_it_says_to_machines() {
        let said = message("id", text!("`{path}` is wrong", "`{path}` が誤っています", path = "/k")).with("value", "1");
        let Message { id, params, text } =
            said.within(words!("{what} (now)", "{what}（現在）")).in_language(Language::Japanese);
        assert_eq!((&*id, &*text), ("id", "`/k` が誤っています（現在）"));
        let has = |name: &str, value: &str| params.contains(&(name.to_owned(), value.to_owned()));
        assert!(has("path", "/k") && has("value", "1"), "{params:?}");
    }
}
