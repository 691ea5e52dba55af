//! Machine code that runs where the operating system has mapped it with the program: nothing is copied, and what is never run
//! is never read from the disk.

use std::ptr::NonNull;
use std::sync::Arc;

use rustix::mm::{MprotectFlags, mprotect};
use wasmtime::CustomCodeMemory;
use wasmtime::component::Component;

use super::{PLUGIN, Ready};
use crate::sandbox::{engine, slots};

/// The plugin of this program, and the engine that runs it. wasmtime panics at a second component of the same address, so
/// this must be made once only.
pub fn embedded() -> wasmtime::Result<Ready> {
    let mut config = engine::config(false);
    config.with_custom_code_memory(Some(Arc::new(InPlace)));
    let engine = slots::engine(config)?;
    // SAFETY: the bytes must be what wasmtime's compiler made, and nothing may change them. A build script compiled them
    // with this version of wasmtime; they are part of this program, where they are constant.
    let component = unsafe { Component::deserialize_raw(&engine, NonNull::from(&PLUGIN.0)) }?;
    Ok((engine, component))
}

/// Lets code run where it lies; by itself wasmtime would only run a copy.
struct InPlace;

impl CustomCodeMemory for InPlace {
    fn required_alignment(&self) -> usize {
        rustix::param::page_size()
    }

    fn publish_executable(&self, start: *const u8, length: usize) -> wasmtime::Result<()> {
        protect(start, length, MprotectFlags::READ | MprotectFlags::EXEC)
    }

    fn unpublish_executable(&self, start: *const u8, length: usize) -> wasmtime::Result<()> {
        protect(start, length, MprotectFlags::READ)
    }
}

/// Never writable: code that can be run cannot be changed.
fn protect(start: *const u8, length: usize, protection: MprotectFlags) -> wasmtime::Result<()> {
    // SAFETY: wasmtime gives the pages of the artefact above that hold its code, and no others. They stay readable, and
    // nobody ever writes to them, so that no processor can hold anything older of them either.
    Ok(unsafe { mprotect(start.cast_mut().cast(), length, protection) }?)
}
