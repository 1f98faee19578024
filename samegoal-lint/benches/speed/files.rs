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

/// The file with a piece of a record in its middle replaced.
pub(crate) fn with_fault(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    replaced(file, file.len() / 2, from, to)
}

/// The file with the first `from` after a place replaced.
pub(crate) fn replaced(file: &[u8], after: usize, from: &[u8], to: &[u8]) -> Vec<u8> {
    let (before, rest) = file.split_at(after);
    let found = memchr::memmem::find(rest, from);
    assert!(found.is_some(), "every record has it");
    let mut file = file.to_vec();
    if let Some(at) = found.map(|at| before.len() + at) {
        file.splice(at..at + from.len(), to.iter().copied());
    }
    file
}
