//! Machine code that a build script compiled from a plugin. This is the one place where machine code is taken on trust.

#![allow(unsafe_code, reason = "machine code can only be taken on trust")]

#[cfg(target_os = "linux")]
mod in_place;

use wasmtime::Engine;
use wasmtime::component::Component;

#[cfg(target_os = "linux")]
pub(super) use in_place::embedded;

/// A plugin, and the engine that runs it.
type Ready = (Engine, Component);

/// The plugin of this program.
static PLUGIN: &Pages<[u8]> = &Pages(*include_bytes!(concat!(env!("OUT_DIR"), "/component.cwasm")));

/// Memory changes its protection by the page, of which some processors have larger ones.
#[cfg_attr(target_arch = "x86_64", repr(C, align(4096)))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C, align(65536)))]
struct Pages<T: ?Sized>(T);

/// The plugin of this program, and the engine that runs it.
#[cfg(not(target_os = "linux"))]
pub(super) fn embedded() -> wasmtime::Result<Ready> {
    copied(&PLUGIN.0)
}

/// A plugin that a build script compiled, and its engine.
#[cfg(any(test, not(target_os = "linux")))]
pub(super) fn copied(artefact: &'static [u8]) -> wasmtime::Result<Ready> {
    let engine = super::slots::engine(super::engine::config(cfg!(windows)))?;
    // SAFETY: the bytes must be what wasmtime's compiler made. A build script compiled them with this version of wasmtime;
    // they are copied.
    let component = unsafe { Component::deserialize(&engine, artefact) }?;
    Ok((engine, component))
}
