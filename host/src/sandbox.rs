//! Runs the plugin, which is embedded as machine code, with nothing but the documents that it is given, and within bounds.
//!
//! Every call has an instance of its own, so nothing is left over from the call before; and a thread of its own, so that
//! the bound on the stack does not hang on the caller's, and the caller is free to watch the clock.

mod budget;
mod engine;
mod error;

pub use budget::{GUEST_MEMORY, GUEST_OUTPUT, GUEST_TIME};
pub use engine::GUEST_STACK;
pub use error::{Limit, SandboxError};

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use kubevet_rules::model::{Description, Document, Options, Report, Want};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};

use bindings::exports::kubevet::scanner::scan;
use bindings::{Plugin, PluginPre};
use budget::Budget;
use convert::Convert;

#[allow(missing_docs, reason = "generated from wit/scanner.wit")]
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit", world: "plugin" });
}

mod convert {
    kubevet_rules::wit_conversions!(super::bindings::exports::kubevet::scanner::scan);
}

/// The stack of a call's thread: the plugin's, and room for the host's own work on the way in and out.
const CALL_STACK: usize = GUEST_STACK + (1 << 20);

/// How often the clock is told on to a plugin that is beyond its time.
const TICK: Duration = Duration::from_millis(10);

/// Machine code that a build script compiled from a plugin.
#[derive(Clone, Copy)]
struct Artefact(&'static [u8]);

const PLUGIN: Artefact = Artefact(include_bytes!(concat!(env!("OUT_DIR"), "/component.cwasm")));

/// The plugin, loaded once and ready for calls.
pub struct Sandbox {
    engine: Engine,
    plugin: PluginPre<Budget>,
    time: Duration,
}

impl Sandbox {
    /// Loads the embedded plugin.
    pub fn new() -> Result<Self, SandboxError> {
        Self::load(PLUGIN).map_err(SandboxError::loading)
    }

    /// What the plugin is and can do; texts in the given language, English where it is not known.
    pub fn describe(&self, language: &str) -> Result<Description, SandboxError> {
        self.call(|scan, store| scan.call_describe(store, language)).map(Convert::convert)
    }

    /// What the plugin wants beside these documents; empty when nothing is wanted.
    pub fn plan(&self, documents: &[Document], options: &Options) -> Result<Vec<Want>, SandboxError> {
        let (documents, options) = (documents.to_vec().convert(), options.clone().convert());
        let wants = self.call(|scan, store| scan.call_plan(store, &documents, &options))?;
        wants.map(Convert::convert).map_err(SandboxError::declined)
    }

    /// The judgement on these documents.
    pub fn evaluate(&self, documents: &[Document], options: &Options) -> Result<Report, SandboxError> {
        let (documents, options) = (documents.to_vec().convert(), options.clone().convert());
        let report = self.call(|scan, store| scan.call_evaluate(store, &documents, &options))?;
        report.map(Convert::convert).map_err(SandboxError::declined)
    }

    fn load(artefact: Artefact) -> wasmtime::Result<Self> {
        let engine = Engine::new(&engine::config())?;
        let component = deserialize(&engine, artefact)?;
        // The linker is empty: a plugin that imports anything does not load.
        let plugin = PluginPre::new(Linker::new(&engine).instantiate_pre(&component)?)?;
        Ok(Self { engine, plugin, time: GUEST_TIME })
    }

    /// Asks a fresh instance in a thread of its own, and ends it when its time is over.
    fn call<T: Send>(
        &self,
        ask: impl FnOnce(&scan::Guest, &mut Store<Budget>) -> wasmtime::Result<T> + Send,
    ) -> Result<T, SandboxError> {
        let deadline = Instant::now() + self.time;
        thread::scope(|scope| {
            let (ending, ended) = mpsc::channel();
            let run = move || {
                let _ending = ending;
                self.run(deadline, ask)
            };
            let call = thread::Builder::new().name("plugin".into()).stack_size(CALL_STACK).spawn_scoped(scope, run);
            let call = call.map_err(SandboxError::no_thread)?;
            self.watch(deadline, &ended);
            call.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    fn run<T>(
        &self,
        deadline: Instant,
        ask: impl FnOnce(&scan::Guest, &mut Store<Budget>) -> wasmtime::Result<T>,
    ) -> Result<T, SandboxError> {
        let mut store = Store::new(&self.engine, Budget::default());
        store.limiter(|budget| budget);
        store.set_hostcall_fuel(GUEST_OUTPUT);
        store.set_epoch_deadline(1);
        // The clock is the engine's, and another call's end may be what it tells.
        store.epoch_deadline_callback(move |_| {
            Ok(if Instant::now() < deadline { UpdateDeadline::Continue(1) } else { UpdateDeadline::Interrupt })
        });
        let answer = self.plugin.instantiate(&mut store);
        let answer = answer.and_then(|plugin: Plugin| ask(plugin.kubevet_scanner_scan(), &mut store));
        answer.map_err(|error| SandboxError::broken_off(&error, store.data()))
    }

    /// Waits until the call has ended, which drops the channel's other end. From the deadline on it tells the time.
    fn watch(&self, deadline: Instant, ended: &Receiver<()>) {
        loop {
            let patience = deadline.saturating_duration_since(Instant::now()).max(TICK);
            match ended.recv_timeout(patience) {
                Err(RecvTimeoutError::Timeout) => self.engine.increment_epoch(),
                _ => return,
            }
        }
    }
}

/// Makes a component of machine code.
#[allow(unsafe_code, reason = "the one place where machine code is taken on trust")]
fn deserialize(engine: &Engine, artefact: Artefact) -> wasmtime::Result<Component> {
    // SAFETY: the bytes must be what wasmtime's compiler made, unaltered. An `Artefact` is made in this module only, of
    // bytes that a build script compiled with this version of wasmtime and that are part of this program.
    unsafe { Component::deserialize(engine, artefact.0) }
}

#[cfg(test)]
mod tests;
