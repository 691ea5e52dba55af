//! Reports of kubevet: places become lines and columns, findings become text and JSON.
//!
//! Pure: no I/O, no clock, no environment. Everything that comes from a target or a plugin is taken for hostile: it is
//! escaped before it is shown, shown only in small pieces, and not at all where the report withholds it.

pub mod diff;
pub mod escape;
pub mod exit;
pub mod fixes;
pub mod human;
pub mod json;
pub mod mask;
pub mod places;
pub mod snippet;
mod words;

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod scenes;

pub use exit::Exit;
pub use mask::mask;

use kubevet_rules::model::{Document, Report};

/// What was judged, and the judgement: all that a report is made from.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// What the target is called: the identity of its bundle, or words such as `kubelet on node-7`.
    pub id: &'a str,
    /// The documents that were judged; the places of the report point into them.
    pub documents: &'a [Document],
    /// The judgement.
    pub report: &'a Report,
}
