//! The rules of kubevet: what a kubelet really runs with, and the checks on it.
//!
//! Pure: no I/O, no clock, no environment. [`describe`], [`plan`] and [`evaluate`] are the only doors.

mod conversions;
pub mod model;
pub mod text;

use model::{Description, Document, Error, Options, Report, Want};

/// What this plugin is and can do; texts in the given language, English where it is not known.
pub fn describe(_language: &str) -> Description {
    Description {
        id: "kubelet".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        languages: vec!["en".into()],
        checks: vec![],
        options: vec![],
    }
}

/// What is wanted beside these documents; empty when nothing is.
pub fn plan(documents: &[Document], _options: &Options) -> Result<Vec<Want>, Error> {
    if documents.is_empty() { Ok(vec![Want::Processes("kubelet".into())]) } else { Ok(vec![]) }
}

/// The judgement on these documents.
pub fn evaluate(_documents: &[Document], _options: &Options) -> Result<Report, Error> {
    Ok(Report {
        versions: vec!["1.37".into()],
        refusals: vec![],
        settings: vec![],
        flags: vec![],
        findings: vec![],
        problems: vec![],
        unmet: vec![],
        withheld: vec![],
    })
}
