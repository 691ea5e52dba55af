//! Why a plugin gave no answer.

use std::fmt;
use std::io;

use kubevet_rules::model;
use wasmtime::Trap;

use super::bindings::exports::kubevet::scanner::scan;
use super::budget::{Budget, GUEST_MEMORY, GUEST_OUTPUT, GUEST_TIME};
use super::convert::Convert;
use super::engine::GUEST_STACK;

/// Why a plugin gave no answer. Whatever was asked for is undetermined then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The embedded plugin is not for this host.
    #[error("the plugin does not load: {0}")]
    Load(String),
    /// The operating system did not give what a call needs.
    #[error("the plugin cannot be run: {0}")]
    Run(String),
    /// The plugin wanted more than it may have.
    #[error("the plugin {0}")]
    Limit(Limit),
    /// The plugin has a defect.
    #[error("the plugin broke off: {0}")]
    Crash(String),
    /// The plugin answered that it cannot do what it was asked.
    #[error("{}", reason(.0))]
    Declined(model::Error),
}

/// What a plugin wanted too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// [`GUEST_MEMORY`]
    Memory,
    /// [`GUEST_TIME`]
    Time,
    /// [`GUEST_STACK`]
    Stack,
    /// [`GUEST_OUTPUT`]
    Output,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => write!(f, "needs more than {} MiB of memory (limit GUEST_MEMORY)", GUEST_MEMORY >> 20),
            Self::Time => write!(f, "takes longer than {} s (limit GUEST_TIME)", GUEST_TIME.as_secs()),
            Self::Stack => write!(f, "needs more than {} MiB of stack (limit GUEST_STACK)", GUEST_STACK >> 20),
            Self::Output => write!(f, "answers with more than {} MiB (limit GUEST_OUTPUT)", GUEST_OUTPUT >> 20),
        }
    }
}

impl SandboxError {
    pub(super) fn loading(error: wasmtime::Error) -> Self {
        Self::Load(format!("{error:#}"))
    }

    pub(super) fn no_thread(error: io::Error) -> Self {
        Self::Run(error.to_string())
    }

    pub(super) fn declined(error: scan::Error) -> Self {
        Self::Declined(error.convert())
    }

    /// What `error` says about a call that ended without an answer. Not every limit has a trap of its own.
    pub(super) fn broken_off(error: &wasmtime::Error, budget: &Budget) -> Self {
        if budget.exceeded {
            return Self::Limit(Limit::Memory);
        }
        match error.downcast_ref() {
            Some(Trap::Interrupt) => Self::Limit(Limit::Time),
            Some(Trap::StackOverflow) => Self::Limit(Limit::Stack),
            // A guest of Rust has its stack below its data, so that it runs out of the memory instead of into the data.
            Some(Trap::MemoryOutOfBounds) => Self::Crash("it left its memory, or its stack is full".into()),
            Some(trap) => Self::Crash(trap.to_string()),
            None if is_output_limit(error) => Self::Limit(Limit::Output),
            None => Self::Crash(error.root_cause().to_string()),
        }
    }
}

/// wasmtime has no public type for this error.
fn is_output_limit(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted")
}

fn reason(error: &model::Error) -> String {
    match error {
        // The option is the user's, and so the plugin speaks to the user.
        model::Error::BadOption(text) => text.clone(),
        model::Error::BadDocument(id) => {
            format!("the plugin declined: document {id} does not answer what it says, or is there twice")
        }
        model::Error::Internal(text) => format!("the plugin declined: {text}"),
    }
}
