//! Keys that do not fit into a number: names with blanks, GUIDs, whatever a file has for a key.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::First;

/// Keys of any length and where each was first, in the order of the file.
#[derive(Default)]
pub(super) struct LongKeys {
    /// One behind the other.
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// The positions of the entries by their folded form.
    table: HashTable<u32>,
    hasher: RandomState,
}

struct Entry {
    end: usize,
    first: First,
}

/// What there is of a key; positions are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    Same(u32),
    Alike(u32),
    None,
}

impl LongKeys {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The positions of the keys of which something is expected.
    pub(super) fn active(&self) -> impl Iterator<Item = usize> {
        let entries = self.entries.iter().enumerate();
        entries.filter(|(_, entry)| !entry.first.has_left).map(|(position, _)| position)
    }

    pub(super) fn first(&self, position: u32) -> First {
        self.entries.get(position as usize).map_or_else(First::default, |entry| entry.first)
    }

    fn key(&self, position: u32) -> &[u8] {
        let position = position as usize;
        let before = position.checked_sub(1).and_then(|before| self.entries.get(before));
        let end = self.entries.get(position).map_or(0, |entry| entry.end);
        self.bytes.get(before.map_or(0, |before| before.end)..end).unwrap_or_default()
    }

    pub(super) fn find(&self, key: &[u8]) -> Probe {
        if self.entries.is_empty() {
            return Probe::None;
        }
        let alike = self
            .table
            .iter_hash(hash(&self.hasher, key))
            .copied()
            .filter(|position| folded(self.key(*position)).eq(folded(key)));
        // The same one before any that is alike; then the first in the file.
        match alike.min_by_key(|position| (self.key(*position) != key, *position)) {
            None => Probe::None,
            Some(position) if self.key(position) == key => Probe::Same(position),
            Some(position) => Probe::Alike(position),
        }
    }

    pub(super) fn insert(&mut self, key: &[u8], first: First) -> Probe {
        let found = self.find(key);
        let Ok(position) = u32::try_from(self.entries.len()) else { return found };
        if matches!(found, Probe::Same(_)) {
            return found;
        }
        self.bytes.extend_from_slice(key);
        self.entries.push(Entry { end: self.bytes.len(), first });
        let Self { bytes, entries, table, hasher } = self;
        table.insert_unique(hash(hasher, key), position, |position| {
            let position = *position as usize;
            let before = position.checked_sub(1).and_then(|before| entries.get(before));
            let end = entries.get(position).map_or(0, |entry| entry.end);
            let key = bytes.get(before.map_or(0, |before| before.end)..end);
            hash(hasher, key.unwrap_or_default())
        });
        found
    }
}

/// The key in capitals and without leading zeros, but for the last character.
pub(super) fn folded(key: &[u8]) -> impl Iterator<Item = u8> {
    let zeros = key.iter().take_while(|byte| **byte == b'0').count();
    let start = zeros.min(key.len().saturating_sub(1));
    key.iter().skip(start).map(u8::to_ascii_uppercase)
}

fn hash(hasher: &RandomState, key: &[u8]) -> u64 {
    let mut state = hasher.build_hasher();
    folded(key).for_each(|byte| state.write_u8(byte));
    state.finish()
}
