//! How much time and memory an input may take.
//!
//! Both are counted by thread, so that tests can run beside each other and a busy machine makes no difference. The allocator
//! that counts belongs to every program that uses this crate.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The most processor time for an input, in a debug build as well.
pub const MOST_TIME: Duration = Duration::from_secs(2);

/// What work has taken.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// Processor time.
    pub time: Duration,
    /// The most bytes that were allocated at the same time, beyond those before.
    pub memory: usize,
}

/// Does some work, and measures it.
pub fn measured<T>(work: impl FnOnce() -> T) -> (T, Taken) {
    let (before, start) = (LIVE.get(), now());
    PEAK.set(before);
    let done = work();
    let memory = PEAK.get().saturating_sub(before).max(0);
    (done, Taken { time: now().saturating_sub(start), memory: memory.unsigned_abs() })
}

/// Does some work within these bounds.
///
/// # Panics
/// It took more.
pub fn within<T>(most_memory: usize, work: impl FnOnce() -> T) -> T {
    let (done, taken) = measured(work);
    assert!(taken.time <= MOST_TIME, "it took {:?} of processor time", taken.time);
    assert!(taken.memory <= most_memory, "it took {} bytes, and may take {most_memory}", taken.memory);
    done
}

/// The processor time of this thread.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

thread_local! {
    /// What this thread has allocated and not freed; less than nothing where it frees what others allocated.
    static LIVE: Cell<isize> = const { Cell::new(0) };
    /// The most that [`LIVE`] was.
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(change: isize) {
    let live = LIVE.get() + change;
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

#[allow(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: everything is handed on as it is. Counting neither allocates nor panics: sizes are at most `isize::MAX`, and the
// cells are initialized at compile time and never dropped.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_counted_at_its_peak() {
        let (kept, taken) = measured(|| {
            drop(vec![0u8; 3_000]);
            vec![0u8; 1_000]
        });
        assert_eq!((kept.len(), taken.memory), (1_000, 3_000));
    }

    #[test]
    #[should_panic(expected = "may take 999")]
    fn too_much_memory_is_told() {
        within(999, || vec![0u8; 1_000]);
    }

    #[test]
    #[should_panic(expected = "of processor time")]
    fn too_much_time_is_told() {
        within(0, || while now() <= MOST_TIME + Duration::from_millis(100) {});
    }
}
