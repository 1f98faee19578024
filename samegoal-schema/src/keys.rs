//! The keys of a file: which values there are, and where each was first.

use std::collections::{HashMap, HashSet};

/// How many values from unreadable records are remembered before links are given up.
const MOST_EXCUSED: usize = 100_000;

/// Where a key was first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) line: u64,
    pub(crate) column: u32,
}

/// The keys of one column.
#[derive(Default)]
pub(crate) struct KeyIndex {
    first: HashMap<Box<[u8]>, First>,
    /// What may be a key, from records that could not be taken apart.
    excused: HashSet<Box<[u8]>>,
    is_overrun: bool,
}

impl KeyIndex {
    /// Takes a key in; answers where it was before, if it was.
    pub(crate) fn insert(&mut self, key: &[u8], here: First) -> Option<First> {
        if let Some(first) = self.first.get(key) {
            return Some(*first);
        }
        self.first.insert(key.into(), here);
        None
    }

    /// Remembers something that may be a key but cannot be relied on.
    pub(crate) fn excuse(&mut self, value: &[u8]) {
        if self.excused.len() >= MOST_EXCUSED {
            self.is_overrun = true;
        } else if !value.is_empty() {
            self.excused.insert(value.into());
        }
    }

    /// Whether too many records were unreadable for links to be judged.
    pub(crate) fn is_overrun(&self) -> bool {
        self.is_overrun
    }

    /// Whether a reference to this value is right, or nothing can be said of it.
    pub(crate) fn covers(&self, value: &[u8]) -> bool {
        self.first.contains_key(value) || self.excused.contains(value)
    }
}
