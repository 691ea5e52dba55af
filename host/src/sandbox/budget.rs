//! What a plugin may use up.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// The most memory that a plugin may have. Sixteen documents of 3 MiB take 48 MiB, and what is parsed of them several
/// times as much; a small container can still spare it.
pub const GUEST_MEMORY: usize = 256 << 20;

/// How long a call may take. It takes milliseconds; on a node that is short of processor time, seconds.
pub const GUEST_TIME: Duration = Duration::from_secs(10);

/// The most bytes of an answer, as they lie in the host's memory. A long report is a few megabytes.
pub const GUEST_OUTPUT: usize = 64 << 20;

/// How much of its memory a call has used.
#[derive(Default)]
pub(super) struct Budget {
    used: usize,
    /// Whether the plugin wanted more than it may have.
    pub(super) exceeded: bool,
}

impl Budget {
    fn spend(&mut self, bytes: usize) -> wasmtime::Result<bool> {
        self.used = self.used.saturating_add(bytes);
        self.exceeded |= self.used > GUEST_MEMORY;
        if self.exceeded { Err(wasmtime::Error::msg("GUEST_MEMORY is used up")) } else { Ok(true) }
    }
}

/// All memories and tables of an instance share one budget. An error ends the call at once: a plugin that is only refused
/// would go on, and might answer as if nothing had happened.
impl ResourceLimiter for Budget {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.spend(desired.saturating_sub(current))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.spend(desired.saturating_sub(current).saturating_mul(size_of::<usize>()))
    }
}
