//! Runs the plugin, which is embedded as machine code, with nothing but the documents that it is given, and within bounds.
//!
//! Every call has an instance of its own, so nothing is left over from the call before. Calls are made in a room: a thread
//! whose stack has room for the plugin's, while the thread that opened it tells the time.

mod artefact;
mod budget;
mod convert;
mod engine;
mod error;
mod slots;

pub use budget::{GUEST_MEMORY, GUEST_OUTPUT, GUEST_TIME};
pub use engine::GUEST_STACK;
pub use error::{Limit, SandboxError};

use std::cell::Cell;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use kubevet_rules::model::{Description, Document, Input, Options, Report, Want};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store, UpdateDeadline};

use bindings::exports::kubevet::scanner::scan;
use bindings::{Plugin, PluginPre};
use budget::Budget;
use convert::Convert;
use slots::Slots;

#[allow(missing_docs, reason = "generated from wit/scanner.wit")]
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit", world: "plugin" });
}

/// The stack of a room: the plugin's, and room for the host's own work.
const ROOM_STACK: usize = GUEST_STACK + (2 << 20);

/// How often a plugin that runs is told the time.
const TICK: Duration = Duration::from_millis(10);

thread_local! {
    /// The sandbox in whose room this thread is, by its address; 0: none.
    static ROOM: Cell<usize> = const { Cell::new(0) };
}

/// The plugin of this program: there is one for all sandboxes.
static PLUGIN: OnceLock<Result<Loaded, SandboxError>> = OnceLock::new();

/// A plugin that is ready for calls.
#[derive(Clone)]
struct Loaded {
    engine: Engine,
    plugin: PluginPre<Budget>,
    slots: Arc<Slots>,
}

/// Where a plugin is asked.
pub struct Sandbox {
    loaded: Loaded,
    time: Duration,
}

impl Loaded {
    fn new((engine, component): (Engine, Component)) -> wasmtime::Result<Self> {
        // The linker is empty: a plugin that imports anything does not load.
        let plugin = PluginPre::new(Linker::new(&engine).instantiate_pre(&component)?)?;
        Ok(Self { engine, plugin, slots: Arc::default() })
    }
}

impl Sandbox {
    /// A sandbox for the embedded plugin.
    pub fn new() -> Result<Self, SandboxError> {
        let load = || artefact::embedded().and_then(Loaded::new).map_err(SandboxError::loading);
        let loaded = PLUGIN.get_or_init(load).clone()?;
        Ok(Self { loaded, time: GUEST_TIME })
    }

    /// What the plugin is and can do; texts in the given language, English where it is not known.
    pub fn describe(&self, language: &str) -> Result<Description, SandboxError> {
        self.call(|scan, store| scan.call_describe(store, language)).map(Convert::convert)
    }

    /// The inputs that a file holds.
    pub fn recognise(&self, name: &[u8], content: &[u8], language: &str) -> Result<Vec<Input>, SandboxError> {
        let (name, content) = (name.to_vec(), content.to_vec());
        self.call(|scan, store| scan.call_recognise(store, &name, &content, language)).map(Convert::convert)
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

    /// Does `work` in a room, where calls need no thread of their own. This thread tells the time meanwhile.
    pub fn room<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, SandboxError> {
        thread::scope(|scope| {
            let (leaving, left) = mpsc::channel();
            let work = move || {
                let _leaving = leaving;
                ROOM.set(self.address());
                work()
            };
            let room = thread::Builder::new().name("plugin".into()).stack_size(ROOM_STACK).spawn_scoped(scope, work);
            let room = room.map_err(SandboxError::no_thread)?;
            self.tell_time(&left);
            Ok(room.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    }

    /// A room is left before its sandbox goes, so no other sandbox has this address meanwhile.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Asks a fresh instance, and ends it when its time is over.
    fn call<T: Send>(
        &self,
        ask: impl FnOnce(&scan::Guest, &mut Store<Budget>) -> wasmtime::Result<T> + Send,
    ) -> Result<T, SandboxError> {
        if ROOM.get() == self.address() { self.run(ask) } else { self.room(|| self.run(ask))? }
    }

    fn run<T>(
        &self,
        ask: impl FnOnce(&scan::Guest, &mut Store<Budget>) -> wasmtime::Result<T>,
    ) -> Result<T, SandboxError> {
        let _slot = self.loaded.slots.take();
        let deadline = Instant::now() + self.time;
        let mut store = Store::new(&self.loaded.engine, Budget::default());
        store.limiter(|budget| budget);
        store.set_hostcall_fuel(GUEST_OUTPUT);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| {
            Ok(if Instant::now() < deadline { UpdateDeadline::Continue(1) } else { UpdateDeadline::Interrupt })
        });
        let answer = self.loaded.plugin.instantiate(&mut store);
        let answer = answer.and_then(|plugin: Plugin| ask(plugin.kubevet_scanner_scan(), &mut store));
        answer.map_err(|error| SandboxError::broken_off(&error, store.data()))
    }

    /// Until the room is left, which drops the channel's other end.
    fn tell_time(&self, left: &Receiver<()>) {
        while let Err(RecvTimeoutError::Timeout) = left.recv_timeout(TICK) {
            self.loaded.engine.increment_epoch();
        }
    }
}

#[cfg(test)]
mod tests;
