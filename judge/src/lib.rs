//! From what is handed over to a judgement: bundles and arguments, the turns of asking, and the edits that prove good.
//!
//! Pure: no I/O, no clock, no environment. Who answers what the plugin wants is a [`Source`](collect::Source), and who judges
//! is a [`Plugin`]: the command has a node and a sandbox for that, a page in a browser has text boxes and the rules themselves.

pub mod arguments;
pub mod bundle;
pub mod collect;
mod fix;
mod flags;
mod inquiry;
pub mod live;
pub mod offline;
mod target;

pub use fix::{Fixed, spliced};
pub use flags::Shortened;
pub use inquiry::Inquiry;
pub use target::{Judgement, Target};

use std::fmt;

use kubevet_rules::model::{Description, Document, Error, Input, Options, Report, Want};

/// The doors of a plugin (`wit/scanner.wit`), wherever it runs.
pub trait Plugin {
    /// Why there is no answer. Whatever was asked for is undetermined then.
    type Error: fmt::Display;

    /// What the plugin is and can do; texts in the given language, English where it is not known.
    ///
    /// # Errors
    /// Why there is no answer.
    fn describe(&self, language: &str) -> Result<Description, Self::Error>;

    /// The inputs that a file holds; texts in the given language.
    ///
    /// # Errors
    /// Why there is no answer.
    fn recognise(&self, name: &[u8], content: &[u8], language: &str) -> Result<Vec<Input>, Self::Error>;

    /// What is wanted beside these documents; empty when nothing is.
    ///
    /// # Errors
    /// Why there is no answer.
    fn plan(&self, documents: &[Document], options: &Options) -> Result<Vec<Want>, Self::Error>;

    /// The judgement on these documents.
    ///
    /// # Errors
    /// Why there is no answer.
    fn evaluate(&self, documents: &[Document], options: &Options) -> Result<Report, Self::Error>;

    /// What is wrong with an option, if that is why.
    fn bad_option(error: Self::Error) -> Option<String>;
}

/// The rules in this very program, without a sandbox.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules;

/// What the rules say to what they do not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined(pub Error);

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Error::BadOption(text) | Error::Internal(text) => write!(f, "{text}"),
            Error::BadDocument(id) => write!(f, "document {id} does not answer what was asked"),
        }
    }
}

impl std::error::Error for Declined {}

impl Plugin for Rules {
    type Error = Declined;

    fn describe(&self, language: &str) -> Result<Description, Declined> {
        Ok(kubevet_rules::describe(language))
    }

    fn recognise(&self, name: &[u8], content: &[u8], language: &str) -> Result<Vec<Input>, Declined> {
        Ok(kubevet_rules::recognise(name, content, language))
    }

    fn plan(&self, documents: &[Document], options: &Options) -> Result<Vec<Want>, Declined> {
        kubevet_rules::plan(documents, options).map_err(Declined)
    }

    fn evaluate(&self, documents: &[Document], options: &Options) -> Result<Report, Declined> {
        kubevet_rules::evaluate(documents, options).map_err(Declined)
    }

    fn bad_option(error: Declined) -> Option<String> {
        match error.0 {
            Error::BadOption(text) => Some(text),
            _ => None,
        }
    }
}
