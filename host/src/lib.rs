//! The host of kubevet: it collects a target's documents, runs the plugin in a sandbox, and reports.

pub mod bundle;
pub mod collect;
pub mod command;
mod configz;
mod fix;
pub mod inquiry;
mod named;
pub mod offline;
mod output;
pub mod policy;
mod replace;
pub mod repository;
pub mod sandbox;
mod scan;
mod search;
pub mod target;
mod workers;
