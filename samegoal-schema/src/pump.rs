//! Carries batches of records from who cuts them to who judges them, by way of who looks at them.
//!
//! On one thread the three take turns. On several, whoever has nothing to do cuts the next batch and
//! looks at it, side by side with the others; only the first thread judges, one batch after the other
//! as they come in the file. So what is found is the same for any number of threads.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::batch::Batch;
use crate::cutter::Cutter;
use crate::look::{Look, Looker};
use crate::stretch::{Ends, Stretch};

/// More have nothing to do, since only one judges.
const MOST_THREADS: usize = 8;

/// Judges a batch, with what is seen of its stretches one after the other; answers whether to go on.
pub(crate) type Judging<'j> = dyn FnMut(&Batch, &mut dyn FnMut(&Stretch<'_>) -> Look) -> bool + 'j;

/// Hands the batches to `judge`, until it has had enough or there are no more. `first` was cut
/// already.
pub(crate) fn alone<R: Read>(
    cutter: &mut Cutter<R>,
    first: Batch,
    looker: &Looker<'_>,
    judge: &mut Judging<'_>,
) -> io::Result<()> {
    let (mut batch, mut ends) = (first, Ends::default());
    while judge(&batch, &mut |stretch| looker.look(stretch, &mut ends)) {
        if !cutter.cut(&mut batch)? {
            break;
        }
    }
    Ok(())
}

/// As [`alone`], on several threads.
pub(crate) fn together<R: Read + Send>(
    threads: NonZeroUsize,
    cutter: &mut Cutter<R>,
    first: Batch,
    looker: &Looker<'_>,
    judge: &mut Judging<'_>,
) -> io::Result<()> {
    // A file that is cut already is not worth a thread.
    if threads == NonZeroUsize::MIN || cutter.is_done() {
        return alone(cutter, first, looker, judge);
    }
    if !judge(&first, &mut |stretch| looker.look(stretch, &mut Ends::default())) {
        return Ok(());
    }
    let threads = threads.get().min(MOST_THREADS);
    let helpers = threads - 1;
    let crew = Crew {
        source: Mutex::new(Source { cutter, given: 0, is_dry: false }),
        queue: Mutex::new(Queue { helpers, spare: vec![first], ..Queue::default() }),
        changed: Condvar::new(),
        looker,
        most: 2 * threads,
    };
    thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|| crew.help());
        }
        // The helpers have to know, or nobody ever ends.
        let _closing = AtEnd(|| crew.change(|queue| queue.is_closed = true));
        crew.judge(judge)
    })
}

/// The threads that share the work on one file.
struct Crew<'c, R> {
    source: Mutex<Source<'c, R>>,
    queue: Mutex<Queue>,
    /// Something about the queue is other than before.
    changed: Condvar,
    looker: &'c Looker<'c>,
    /// How many batches may wait to be judged.
    most: usize,
}

struct Source<'c, R> {
    cutter: &'c mut Cutter<R>,
    /// How many batches were cut.
    given: u64,
    /// Whether there are no more.
    is_dry: bool,
}

#[derive(Default)]
struct Queue {
    /// What was looked at and waits to be judged, by its number.
    looked: BTreeMap<u64, io::Result<(Batch, VecDeque<Look>)>>,
    /// Batches that were judged, to be used again.
    spare: Vec<Batch>,
    /// How many helpers are still at work.
    helpers: usize,
    /// How many threads wait for a change. Waking costs time, also where nobody sleeps.
    waiting: usize,
    /// Whether nobody wants any more.
    is_closed: bool,
}

impl<R: Read> Crew<'_, R> {
    /// Cuts batches and looks at them as long as there are any.
    fn help(&self) {
        // The one who waits for its batch has to know.
        let _leaving = AtEnd(|| self.change(|queue| queue.helpers -= 1));
        loop {
            let is_full = |queue: &mut Queue| queue.looked.len() >= self.most && !queue.is_closed;
            if self.wait_while(is_full).is_closed || !self.look_at_next() {
                break;
            }
        }
    }

    /// Judges the batches in their order, and helps where none is ready.
    fn judge(&self, judge: &mut Judging<'_>) -> io::Result<()> {
        let mut number = 0;
        loop {
            let (looked, is_full) = self
                .change(|queue| (queue.looked.remove(&number), queue.looked.len() >= self.most));
            if let Some(looked) = looked {
                let (batch, mut looks) = looked?;
                let mut look = |stretch: &Stretch<'_>| {
                    let look = looks.pop_front();
                    look.unwrap_or_else(|| self.looker.look(stretch, &mut Ends::default()))
                };
                if !judge(&batch, &mut look) {
                    return Ok(());
                }
                self.lock().spare.push(batch);
                number += 1;
            } else if is_full || !self.look_at_next() {
                // Somebody else has it, unless it was the last.
                let is_awaited =
                    |queue: &mut Queue| !queue.looked.contains_key(&number) && queue.helpers > 0;
                if !self.wait_while(is_awaited).looked.contains_key(&number) {
                    return Ok(());
                }
            }
        }
    }

    /// Cuts the next batch and looks at it; answers whether there was one.
    fn look_at_next(&self) -> bool {
        let mut batch = self.lock().spare.pop().unwrap_or_default();
        let (number, cut) = {
            let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
            if source.is_dry {
                return false;
            }
            let cut = source.cutter.cut(&mut batch);
            source.is_dry = !matches!(cut, Ok(true));
            let number = source.given;
            source.given += 1;
            (number, cut)
        };
        let looked = match cut {
            Ok(false) => return false,
            Ok(true) => {
                let looks = self.looker.looks(&batch);
                Ok((batch, looks))
            }
            Err(error) => Err(error),
        };
        self.change(|queue| queue.looked.insert(number, looked));
        true
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, is: impl FnMut(&mut Queue) -> bool) -> MutexGuard<'_, Queue> {
        let mut queue = self.lock();
        queue.waiting += 1;
        let queue = self.changed.wait_while(queue, is);
        let mut queue = queue.unwrap_or_else(PoisonError::into_inner);
        queue.waiting -= 1;
        queue
    }

    fn change<T>(&self, change: impl FnOnce(&mut Queue) -> T) -> T {
        let mut queue = self.lock();
        let changed = change(&mut queue);
        if queue.waiting > 0 {
            self.changed.notify_all();
        }
        changed
    }
}

/// Does something in the end, also if the end is a panic.
struct AtEnd<F: Fn()>(F);

impl<F: Fn()> Drop for AtEnd<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
