//! Threads that read, prescreen and check the batches of one file.
//!
//! On one thread the three steps take turns. On several, each idle thread reads the next batch or
//! prescreens one that was read. Only the first thread checks, in the order of the file. So the
//! findings are the same for any number of threads.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::check::prescreen::{Prescreen, Screened};
use crate::csv::block::{Block, FieldEnds};
use crate::csv::{Batch, Batcher};

/// More threads would be idle, since only one checks.
const MOST_THREADS: usize = 8;

/// Checks a batch, and asks for the prescreen of its blocks in order; returns whether to go on.
pub(crate) type CheckBatch<'j> =
    dyn FnMut(&Batch, &mut dyn FnMut(&Block<'_>) -> Screened) -> bool + 'j;

/// Hands the batches to `check` on up to so many threads, until it stops or there are no more.
/// `first` was read already.
pub(crate) fn run<R: Read + Send>(
    threads: NonZeroUsize,
    batcher: &mut Batcher<R>,
    first: Batch,
    prescreen: &Prescreen<'_>,
    check: &mut CheckBatch<'_>,
) -> io::Result<()> {
    // A file that is read already is not worth a thread.
    if threads == NonZeroUsize::MIN || batcher.is_done() {
        let (mut batch, mut ends) = (first, FieldEnds::default());
        while check(&batch, &mut |block| prescreen.screen(block, &mut ends)) {
            if !batcher.next_batch(&mut batch)? {
                break;
            }
        }
        return Ok(());
    }
    if !check(&first, &mut |block| prescreen.screen(block, &mut FieldEnds::default())) {
        return Ok(());
    }
    let threads = threads.get().min(MOST_THREADS);
    let helpers = threads - 1;
    let queue = Queue {
        source: Some(Source { batcher, given: 0 }),
        unscreened: VecDeque::new(),
        screened: BTreeMap::new(),
        spare: vec![first],
        total: None,
        waiting: 0,
        is_closed: false,
    };
    let workers =
        Workers { queue: Mutex::new(queue), changed: Condvar::new(), prescreen, ahead: threads };
    thread::scope(|scope| {
        // The other threads end when they see this.
        let _closing = AtEnd(|| workers.change(|queue| queue.is_closed = true));
        for _ in 0..helpers {
            // A limit on threads is no fault of the file: the threads that started do the work.
            if thread::Builder::new().spawn_scoped(scope, || workers.help()).is_err() {
                break;
            }
        }
        workers.check(check)
    })
}

/// The threads that share the work on one file.
struct Workers<'c, R> {
    queue: Mutex<Queue<'c, R>>,
    changed: Condvar,
    prescreen: &'c Prescreen<'c>,
    /// How many batches may wait for the prescreen, and as many again for the checks.
    ahead: usize,
}

struct Queue<'c, R> {
    /// The source of batches, while no thread reads from it.
    source: Option<Source<'c, R>>,
    /// Batches that wait for the prescreen, with their numbers.
    unscreened: VecDeque<(u64, Batch)>,
    /// Batches that wait for the checks, by number.
    screened: BTreeMap<u64, io::Result<(Batch, VecDeque<Screened>)>>,
    /// Checked batches, to be used again.
    spare: Vec<Batch>,
    /// The number of all batches, once the last one was read.
    total: Option<u64>,
    /// How many threads wait for a change. To wake threads takes time, even if none sleeps.
    waiting: usize,
    /// Whether the threads must stop.
    is_closed: bool,
}

struct Source<'c, R> {
    batcher: &'c mut Batcher<R>,
    /// How many batches were read.
    given: u64,
}

/// What a thread can do by itself.
enum Task<'c, R> {
    Read(Source<'c, R>, Batch),
    Screen(u64, Batch),
}

impl<'c, R> Queue<'c, R> {
    /// The next task, if there is one. Batches are read ahead, so that no thread has to wait for one.
    fn task(&mut self, ahead: usize) -> Option<Task<'c, R>> {
        let is_short = self.unscreened.len() < ahead
            && self.unscreened.len() + self.screened.len() < 2 * ahead;
        if is_short && let Some(source) = self.source.take() {
            return Some(Task::Read(source, self.spare.pop().unwrap_or_default()));
        }
        let (number, batch) = self.unscreened.pop_front()?;
        Some(Task::Screen(number, batch))
    }
}

impl<'c, R: Read> Workers<'c, R> {
    /// Reads and prescreens batches until there are no more.
    fn help(&self) {
        // The other threads cannot go on with what a panic leaves.
        let _leaving = AtEnd(|| {
            if thread::panicking() {
                self.change(|queue| queue.is_closed = true);
            }
        });
        let mut queue = self.lock();
        while !(queue.is_closed || queue.total.is_some() && queue.unscreened.is_empty()) {
            queue = match queue.task(self.ahead) {
                Some(task) => {
                    drop(queue);
                    self.perform(task);
                    self.lock()
                }
                None => self.wait(queue),
            };
        }
    }

    /// Checks the batches in order, and helps while the next one is not ready.
    fn check(&self, check: &mut CheckBatch<'_>) -> io::Result<()> {
        let mut number = 0;
        let mut queue = self.lock();
        while !queue.is_closed {
            queue = if let Some(screened) = queue.screened.remove(&number) {
                if queue.waiting > 0 {
                    self.changed.notify_all();
                }
                drop(queue);
                let (batch, mut screened) = screened?;
                let mut screen = |block: &Block<'_>| {
                    let screened = screened.pop_front();
                    screened
                        .unwrap_or_else(|| self.prescreen.screen(block, &mut FieldEnds::default()))
                };
                if !check(&batch, &mut screen) {
                    break;
                }
                number += 1;
                let mut queue = self.lock();
                queue.spare.push(batch);
                queue
            } else if let Some(task) = queue.task(self.ahead) {
                drop(queue);
                self.perform(task);
                self.lock()
            } else if queue.total == Some(number) {
                break;
            } else {
                self.wait(queue)
            };
        }
        Ok(())
    }

    fn perform(&self, task: Task<'c, R>) {
        match task {
            Task::Read(mut source, mut batch) => {
                let read = source.batcher.next_batch(&mut batch);
                self.change(|queue| match read {
                    Ok(true) => {
                        queue.unscreened.push_back((source.given, batch));
                        source.given += 1;
                        queue.source = Some(source);
                    }
                    Ok(false) => queue.total = Some(source.given),
                    Err(error) => {
                        queue.screened.insert(source.given, Err(error));
                        queue.total = Some(source.given + 1);
                    }
                });
            }
            Task::Screen(number, batch) => {
                let screened = self.prescreen.screen_batch(&batch);
                self.change(|queue| queue.screened.insert(number, Ok((batch, screened))));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue<'c, R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'q>(&self, mut queue: MutexGuard<'q, Queue<'c, R>>) -> MutexGuard<'q, Queue<'c, R>> {
        queue.waiting += 1;
        let mut queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        queue
    }

    fn change<T>(&self, change: impl FnOnce(&mut Queue<'c, R>) -> T) {
        let mut queue = self.lock();
        change(&mut queue);
        if queue.waiting > 0 {
            self.changed.notify_all();
        }
    }
}

/// Does something at the end of a scope, even after a panic.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
