//! Work that is shared over threads. What comes out keeps the order of what goes in, and little is under way at a time, so
//! memory does not grow with how much there is to do.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// How many items wait for a thread, or are done and wait for those before them: enough for it not to be idle.
const AHEAD: usize = 8;

/// How many threads are worth their while.
#[must_use]
pub fn count() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Hands `items` to `count` threads in turn, and what they make of them to `take`, in order. Each runs `worker`, which sends
/// one result for each item that it receives, until there are no more. Whether all items were done: a worker may give up.
pub fn in_order<T: Send, R: Send>(
    count: usize,
    items: impl Iterator<Item = T>,
    worker: impl Fn(Receiver<T>, SyncSender<R>) + Sync,
    mut take: impl FnMut(R),
) -> bool {
    let worker = &worker;
    thread::scope(|scope| {
        let lanes: Vec<_> = (0..count.max(1))
            .map(|_| {
                let (items, received) = sync_channel(AHEAD);
                let (results, done) = sync_channel(AHEAD);
                scope.spawn(move || worker(received, results));
                (items, done)
            })
            .collect();
        let mut items = items.fuse();
        let (mut sent, mut taken) = (0, 0);
        loop {
            while sent < taken + lanes.len() * AHEAD {
                let Some(item) = items.next() else { break };
                if lanes[sent % lanes.len()].0.send(item).is_err() {
                    return false;
                }
                sent += 1;
            }
            if sent == taken {
                return true;
            }
            let Ok(result) = lanes[taken % lanes.len()].1.recv() else { return false };
            take(result);
            taken += 1;
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn order_is_kept_and_little_is_under_way() {
        let (begun, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut seen = vec![];
        let items = (0..500_usize).inspect(|_| {
            begun.fetch_add(1, Ordering::Relaxed);
        });
        let worker = |items: Receiver<usize>, results: SyncSender<usize>| {
            for item in items {
                thread::sleep(Duration::from_micros(if item % 3 == 0 { 300 } else { 10 }));
                results.send(item * 2).unwrap();
            }
        };
        let all = in_order(3, items, worker, |result| {
            most.fetch_max(begun.load(Ordering::Relaxed) - seen.len(), Ordering::Relaxed);
            seen.push(result);
        });
        assert!(all);
        assert_eq!(seen, (0..500).map(|item| item * 2).collect::<Vec<_>>());
        assert!(most.into_inner() <= 3 * AHEAD);
    }

    #[test]
    fn a_worker_that_gives_up_ends_the_work() {
        let mut taken = 0;
        let worker = |items: Receiver<u32>, results: SyncSender<u32>| {
            // The other one may have given up before, and then nobody takes the results.
            let _ = items.into_iter().take(2).try_for_each(|item| results.send(item));
        };
        assert!(!in_order(2, 0..100, worker, |_| taken += 1));
        assert!(taken <= 4);
    }
}
