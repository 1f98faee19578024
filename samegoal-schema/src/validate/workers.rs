//! Carries batches of records from who cuts them to who judges them, by way of who looks at them.
//!
//! On one thread the three take turns. On several, whoever has nothing to do cuts the next batch or
//! looks at one that was cut, side by side with the others; only the first thread judges, one batch
//! after the other as they come in the file. So what is found is the same for any number of threads.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::check::prescreen::{Prescreen, Screened};
use crate::csv::Batch;
use crate::csv::Batcher;
use crate::csv::block::{Block, FieldEnds};

/// More have nothing to do, since only one judges.
const MOST_THREADS: usize = 8;

/// Judges a batch, with what is seen of its blocks one after the other; answers whether to go on.
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
        cut: VecDeque::new(),
        screened: BTreeMap::new(),
        spare: vec![first],
        total: None,
        waiting: 0,
        is_closed: false,
    };
    let workers =
        Workers { queue: Mutex::new(queue), changed: Condvar::new(), prescreen, ahead: threads };
    thread::scope(|scope| {
        // The others have to know, or nobody ever ends.
        let _closing = AtEnd(|| workers.change(|queue| queue.is_closed = true));
        for _ in 0..helpers {
            // A limit on processes is no fault of the file: whoever is there does the work.
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
    /// Something about the queue is other than before.
    changed: Condvar,
    prescreen: &'c Prescreen<'c>,
    /// How many batches may wait to be looked at; as many again, to be judged.
    ahead: usize,
}

struct Queue<'c, R> {
    /// Where batches come from, while nobody cuts one.
    source: Option<Source<'c, R>>,
    /// What was cut and waits to be looked at, with its number.
    cut: VecDeque<(u64, Batch)>,
    /// What was looked at and waits to be judged, by its number.
    screened: BTreeMap<u64, io::Result<(Batch, VecDeque<Screened>)>>,
    /// Batches that were judged, to be used again.
    spare: Vec<Batch>,
    /// How many batches there are in all, once there are no more to be cut.
    total: Option<u64>,
    /// How many threads wait for a change. Waking costs time, also where nobody sleeps.
    waiting: usize,
    /// Whether nobody wants any more.
    is_closed: bool,
}

struct Source<'c, R> {
    batcher: &'c mut Batcher<R>,
    /// How many batches were cut.
    given: u64,
}

/// What a thread can do by itself.
enum Task<'c, R> {
    Cut(Source<'c, R>, Batch),
    Screen(u64, Batch),
}

impl<'c, R> Queue<'c, R> {
    /// What is to be done next, if anything is. Batches are cut ahead, so that nobody has to wait until
    /// another one is.
    fn task(&mut self, ahead: usize) -> Option<Task<'c, R>> {
        let is_short = self.cut.len() < ahead && self.cut.len() + self.screened.len() < 2 * ahead;
        if is_short && let Some(source) = self.source.take() {
            return Some(Task::Cut(source, self.spare.pop().unwrap_or_default()));
        }
        let (number, batch) = self.cut.pop_front()?;
        Some(Task::Screen(number, batch))
    }
}

impl<'c, R: Read> Workers<'c, R> {
    /// Cuts batches and looks at them as long as there are any.
    fn help(&self) {
        // What a panic leaves behind nobody can go on with.
        let _leaving = AtEnd(|| {
            if thread::panicking() {
                self.change(|queue| queue.is_closed = true);
            }
        });
        let mut queue = self.lock();
        while !(queue.is_closed || queue.total.is_some() && queue.cut.is_empty()) {
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

    /// Judges the batches in their order, and helps where none is ready.
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
            Task::Cut(mut source, mut batch) => {
                let cut = source.batcher.next_batch(&mut batch);
                self.change(|queue| match cut {
                    Ok(true) => {
                        queue.cut.push_back((source.given, batch));
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

    /// Waits until something has changed.
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

/// Does something in the end, also if the end is a panic.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
