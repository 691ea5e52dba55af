//! The host of kubevet: it collects a target's documents, runs the plugin in a sandbox, and reports.

pub mod collect;
pub mod command;
mod configz;
#[cfg(any(test, not(target_os = "linux")))]
mod elsewhere;
mod fix;
pub mod inquiry;
mod named;
pub mod offline;
mod output;
mod paths;
pub mod policy;
#[cfg(target_os = "linux")]
mod replace;
pub mod repository;
pub mod sandbox;
#[cfg(target_os = "linux")]
mod scan;
mod search;
pub mod target;
mod workers;

pub use kubevet_judge::bundle;

#[cfg(not(target_os = "linux"))]
use elsewhere::{replace, scan};
