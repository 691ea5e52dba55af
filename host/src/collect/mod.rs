//! Everything that touches the node or the disk: how the documents that the plugin wants are read safely.

#[cfg(target_os = "linux")]
pub mod files;
#[cfg(target_os = "linux")]
pub mod node;
#[cfg(target_os = "linux")]
pub mod package;
#[cfg(target_os = "linux")]
pub mod process;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod testing;
mod timed;

pub use kubevet_judge::arguments;
pub use kubevet_judge::collect::{
    MAX_DOCUMENTS, MAX_ENTRIES, MAX_FILE, MAX_ROUNDS, MAX_TOTAL_BYTES, Source, documents,
};
pub use timed::Timed;

#[cfg(not(target_os = "linux"))]
pub use crate::elsewhere::files;
