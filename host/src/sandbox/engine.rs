//! How plugins are compiled and run. The build scripts compile ahead of time and the sandbox runs, both with this file:
//! an artefact loads only into an engine of the configuration that it was compiled for.

use wasmtime::Config;

/// The most machine stack a plugin may use. Documents nest up to 10,000 deep, as Go allows, and that many calls fit in.
pub const GUEST_STACK: usize = 8 << 20;

/// The configuration of the engine; on Windows no code runs without the tables that say how to unwind its stack.
pub fn config(is_windows: bool) -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    // wasmtime wants the second to be no smaller, although nothing here is asynchronous.
    config.max_wasm_stack(GUEST_STACK).async_stack_size(GUEST_STACK);
    // What a plugin broke off with matters, not where. Debuggers alone need the tables that say how to unwind its stack.
    config.generate_address_map(false).wasm_backtrace_max_frames(None).native_unwind_info(is_windows);
    // The plugin's data is copied into its memory: as fast as mapping it, and some sandboxes forbid files in memory.
    config.memory_init_cow(false);
    config
}
