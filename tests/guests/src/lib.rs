//! Plugins for the tests of the sandbox, compiled ahead of time: the compiler that this takes stays in the build script,
//! and does not slip into the host that is tested.

/// The plugin of `hostile/`: it does what the value of the option `attack` says.
pub const HOSTILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hostile.cwasm"));
