//! Where instances live. Memory stays reserved between calls, since to reserve it and to give it back takes longer than
//! most calls; what a call has written there is wiped before the next one.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig};

use super::budget::GUEST_MEMORY;

/// How many calls there may be at a time; others wait. Each may need `GUEST_MEMORY`, and has a slot of 4 GiB of addresses.
pub(super) const SLOTS: u32 = 8;

/// How much written memory is wiped by hand. The rest goes back to the operating system, which is slower for little.
const WIPED: usize = 4 << 20;

/// An engine with room for the instances of all slots; where so many addresses are not to be had, every instance takes
/// its own.
pub(super) fn engine(config: Config) -> wasmtime::Result<Engine> {
    Engine::new(config.clone().allocation_strategy(pool())).or_else(|_| Engine::new(&config))
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(SLOTS).total_core_instances(SLOTS).total_memories(SLOTS).total_tables(SLOTS);
    pool.max_memory_size(GUEST_MEMORY).max_unused_warm_slots(SLOTS);
    // The kernel says which pages were written. Without its answer, the first pages would be wiped, written or not.
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes).linear_memory_keep_resident(WIPED).table_keep_resident(WIPED);
    }
    pool
}

/// Counts the calls, so that none comes upon a full pool.
#[derive(Default)]
pub(super) struct Slots {
    taken: Mutex<u32>,
    given_back: Condvar,
}

/// The right to have an instance.
pub(super) struct Slot<'a>(&'a Slots);

impl Slots {
    /// Waits until there is a slot.
    pub(super) fn take(&self) -> Slot<'_> {
        let full = |taken: &mut u32| *taken >= SLOTS;
        let mut taken = self.given_back.wait_while(self.count(), full).unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Slot(self)
    }

    /// A number is whole even if a thread died that held it.
    fn count(&self) -> MutexGuard<'_, u32> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut taken = self.0.count();
        // Nobody waits unless all were taken. All who wait are woken, since the next to be given back wakes nobody.
        if *taken == SLOTS {
            self.0.given_back.notify_all();
        }
        *taken -= 1;
    }
}
