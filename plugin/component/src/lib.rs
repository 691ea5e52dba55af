//! The rules as a component: each door of the interface opens onto the same door of the rules.
//!
//! Without the standard library, whose messages for panics would be a good part of the component, and which nobody would
//! read: a panic is a trap, and the host says where.
#![cfg_attr(target_family = "wasm", no_std)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod runtime;

#[cfg(target_family = "wasm")]
#[allow(unsafe_code, reason = "the interface's own glue")]
mod abi;
