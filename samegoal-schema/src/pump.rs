//! Carries batches of records from who cuts them to who judges them: one after the other, or each
//! on a thread of its own. Either way the batches come in the order of the file, so what is found
//! is the same.

use std::io::{self, Read};
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::batch::Batch;
use crate::scan::Cutter;

/// How many batches may wait to be judged.
const WAITING: usize = 2;

/// Hands the batches to `judge`, until it has had enough or there are no more. `first` was cut
/// already.
pub(crate) fn alone<R: Read>(
    cutter: &mut Cutter<R>,
    first: Batch,
    mut judge: impl FnMut(&Batch) -> bool,
) -> io::Result<()> {
    let mut batch = first;
    while judge(&batch) {
        if !cutter.cut(&mut batch)? {
            break;
        }
    }
    Ok(())
}

/// As [`alone`], with the cutting on another thread.
pub(crate) fn aside<R: Read + Send>(
    cutter: &mut Cutter<R>,
    first: Batch,
    mut judge: impl FnMut(&Batch) -> bool,
) -> io::Result<()> {
    // A file that is cut already is not worth a thread.
    if cutter.is_done() {
        return alone(cutter, first, judge);
    }
    thread::scope(|scope| {
        let (cut, to_judge) = sync_channel::<io::Result<Batch>>(WAITING);
        let (judged, to_cut) = sync_channel::<Batch>(WAITING + 2);
        scope.spawn(move || {
            loop {
                // One that was judged is used again; in the beginning there is none.
                let mut batch = to_cut.try_recv().unwrap_or_default();
                let next = match cutter.cut(&mut batch) {
                    Ok(true) => Ok(batch),
                    Ok(false) => return,
                    Err(error) => Err(error),
                };
                let is_last = next.is_err();
                // Whoever judges has hung up: nobody wants the rest.
                if cut.send(next).is_err() || is_last {
                    return;
                }
            }
        });
        let mut batch = first;
        while judge(&batch) {
            // If the other thread is gone it does not matter what becomes of the batch.
            let _ = judged.try_send(batch);
            batch = match to_judge.recv() {
                Ok(next) => next?,
                Err(_) => break,
            };
        }
        Ok(())
    })
}
