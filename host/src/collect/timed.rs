//! A dead network file system can keep a read waiting for ever: these waits end.

use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use kubevet_rules::model::{Outcome, Want};

use super::Source;

/// A source that has a limited time for all its answers together. When it is over, every want fails, and says so.
pub struct Timed {
    source: Arc<dyn Source + Send + Sync>,
    allowed: Duration,
    until: OnceLock<Instant>,
}

impl Timed {
    /// The clock starts with the first want: other targets may come before this one.
    #[must_use]
    pub fn new(source: Arc<dyn Source + Send + Sync>, allowed: Duration) -> Self {
        Self { source, allowed, until: OnceLock::new() }
    }
}

impl Source for Timed {
    fn answer(&self, want: &Want) -> Outcome {
        let until = self.until.get_or_init(|| Instant::now() + self.allowed);
        let left = until.saturating_duration_since(Instant::now());
        let (source, want) = (Arc::clone(&self.source), want.clone());
        within(left, move || source.answer(&want)).unwrap_or_else(|| {
            Outcome::Failed(format!("no answer: the time for this target, {:?}, is over", self.allowed))
        })
    }
}

/// The result of `work`, or nothing when it takes longer than that. The thread that hangs is left behind: nothing can
/// end a read that waits in the kernel, but it does not keep the program from ending.
pub(super) fn within<T: Send + 'static>(time: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    if time.is_zero() {
        return None;
    }
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new().spawn(move || sender.send(work())).ok()?;
    receiver.recv_timeout(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Never answers a file, and everything else at once.
    struct Stuck;

    impl Source for Stuck {
        fn answer(&self, want: &Want) -> Outcome {
            if matches!(want, Want::File(_)) {
                loop {
                    thread::park();
                }
            }
            Outcome::Absent
        }
    }

    #[test]
    fn a_source_that_hangs_fails_in_time_and_does_not_make_each_want_wait() {
        let start = Instant::now();
        let source = Timed::new(Arc::new(Stuck), Duration::from_millis(200));
        assert_eq!(source.answer(&Want::LiveConfiguration), Outcome::Absent);
        for _ in 0..100 {
            let Outcome::Failed(reason) = source.answer(&Want::File(b"/hangs".to_vec())) else { panic!("answered") };
            assert!(reason.contains("200ms"), "{reason}");
        }
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}
