//! Machine code that a build script compiled from a plugin. This is the one place where machine code is taken on trust.

#![allow(unsafe_code, reason = "machine code can only be taken on trust")]

use std::ptr::NonNull;
use std::sync::Arc;

use rustix::mm::{MprotectFlags, mprotect};
use wasmtime::component::Component;
use wasmtime::{CustomCodeMemory, Engine};

use super::{engine, slots};

/// The plugin of this program. It runs where the operating system has mapped it with the program: nothing is copied,
/// and what is never run is never read from the disk.
static PLUGIN: &Pages<[u8]> = &Pages(*include_bytes!(concat!(env!("OUT_DIR"), "/component.cwasm")));

/// Memory changes its protection by the page, of which some processors have larger ones.
#[cfg_attr(target_arch = "x86_64", repr(C, align(4096)))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C, align(65536)))]
struct Pages<T: ?Sized>(T);

/// The plugin of this program, and the engine that runs it. wasmtime panics at a second component of the same address, so
/// this must be made once only.
pub(super) fn embedded() -> wasmtime::Result<(Engine, Component)> {
    let mut config = engine::config();
    config.with_custom_code_memory(Some(Arc::new(InPlace)));
    let engine = slots::engine(config)?;
    // SAFETY: the bytes must be what wasmtime's compiler made, and nothing may change them. A build script compiled them
    // with this version of wasmtime; they are part of this program, where they are constant.
    let component = unsafe { Component::deserialize_raw(&engine, NonNull::from(&PLUGIN.0)) }?;
    Ok((engine, component))
}

/// Another plugin that a build script compiled, and its engine.
#[cfg(test)]
pub(super) fn copied(artefact: &'static [u8]) -> wasmtime::Result<(Engine, Component)> {
    let engine = slots::engine(engine::config())?;
    // SAFETY: as above; the bytes are copied.
    let component = unsafe { Component::deserialize(&engine, artefact) }?;
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
