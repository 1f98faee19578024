//! Files to measure with, in memory.

use crate::epoch::{Epoch, Name};

/// A clean epoch.
pub(crate) fn clean(students: u64) -> Epoch {
    Epoch {
        students,
        guardians: 2,
        absences: 0,
        quoted: 10,
        quote_all: false,
        is_random: false,
        crlf: false,
        faults: 0,
    }
}

/// One file of an epoch.
pub(crate) fn file(epoch: &Epoch, name: Name) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = epoch.write(name, &mut bytes);
    assert!(written.is_ok(), "a vector takes everything");
    bytes
}

/// The file with one piece of a record replaced; the record is the first or last that has it.
pub(crate) fn with_fault(mut file: Vec<u8>, record: Record, from: &[u8], to: &[u8]) -> Vec<u8> {
    let place = match record {
        Record::First => memchr::memmem::find(&file, from),
        Record::Middle => {
            let half = file.len() / 2;
            file.get(half..).and_then(|rest| memchr::memmem::find(rest, from)).map(|at| half + at)
        }
        Record::Last => memchr::memmem::rfind(&file, from),
    };
    assert!(place.is_some(), "every record has it");
    if let Some(at) = place {
        file.splice(at..at + from.len(), to.iter().copied());
    }
    file
}

/// Which record is to have a fault.
#[derive(Clone, Copy)]
pub(crate) enum Record {
    First,
    Middle,
    Last,
}
