//! Keys that do not fit into a number: names with spaces, GUIDs, and whatever else a file has for a key.

use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::First;

/// Keys of any length and where each was first, in the order of the file.
#[derive(Default)]
pub(super) struct LongKeys {
    store: Store,
    /// The positions of the first of the keys that are alike, by their folded form.
    firsts: HashTable<u32>,
    /// The positions of the others, by all their bytes. All keys of a file may be alike: each must be
    /// found without a search through the others.
    others: HashTable<u32>,
    hasher: RandomState,
}

#[derive(Default)]
struct Store {
    /// One behind the other.
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

struct Entry {
    end: usize,
    first: First,
}

/// What there is of a key; positions are those of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    Same(u32),
    /// The first that differs only in case or leading zeros.
    Alike(u32),
    None,
}

impl LongKeys {
    pub(super) fn len(&self) -> usize {
        self.store.entries.len()
    }

    /// The positions of the keys of active students.
    pub(super) fn active(&self) -> impl Iterator<Item = usize> {
        let entries = self.store.entries.iter().enumerate();
        entries.filter(|(_, entry)| !entry.first.has_left).map(|(position, _)| position)
    }

    pub(super) fn first(&self, position: u32) -> First {
        self.store.entries.get(position as usize).map_or_else(First::default, |entry| entry.first)
    }

    pub(super) fn find(&self, key: &[u8]) -> Probe {
        let Self { store, firsts, others, hasher } = self;
        if firsts.is_empty() {
            return Probe::None;
        }
        let is_alike = |position: &u32| folded(store.key(*position)).eq(folded(key));
        let Some(first) = firsts.find(hash_of_folded(hasher, key), is_alike).copied() else {
            return Probe::None;
        };
        if store.key(first) == key {
            return Probe::Same(first);
        }
        let is_same = |position: &u32| store.key(*position) == key;
        match others.find(hasher.hash_one(key), is_same) {
            Some(other) => Probe::Same(*other),
            None => Probe::Alike(first),
        }
    }

    pub(super) fn insert(&mut self, key: &[u8], first: First) -> Probe {
        let found = self.find(key);
        let Ok(position) = u32::try_from(self.len()) else { return found };
        let Self { store, firsts, others, hasher } = self;
        match found {
            Probe::Same(_) => return found,
            Probe::Alike(_) => {
                store.push(key, first);
                others.insert_unique(hasher.hash_one(key), position, |position| {
                    hasher.hash_one(store.key(*position))
                });
            }
            Probe::None => {
                store.push(key, first);
                firsts.insert_unique(hash_of_folded(hasher, key), position, |position| {
                    hash_of_folded(hasher, store.key(*position))
                });
            }
        }
        found
    }
}

impl Store {
    fn key(&self, position: u32) -> &[u8] {
        let position = position as usize;
        let before = position.checked_sub(1).and_then(|before| self.entries.get(before));
        let end = self.entries.get(position).map_or(0, |entry| entry.end);
        self.bytes.get(before.map_or(0, |before| before.end)..end).unwrap_or_default()
    }

    fn push(&mut self, key: &[u8], first: First) {
        self.bytes.extend_from_slice(key);
        self.entries.push(Entry { end: self.bytes.len(), first });
    }
}

/// The key in capitals and without leading zeros, but for the last character.
pub(super) fn folded(key: &[u8]) -> impl Iterator<Item = u8> {
    let zeros = key.iter().take_while(|byte| **byte == b'0').count();
    let start = zeros.min(key.len().saturating_sub(1));
    key.iter().skip(start).map(u8::to_ascii_uppercase)
}

fn hash_of_folded(hasher: &RandomState, key: &[u8]) -> u64 {
    let mut state = hasher.build_hasher();
    folded(key).for_each(|byte| state.write_u8(byte));
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u64) -> First {
        First { line, column: 1, ..First::default() }
    }

    /// However many keys are alike, only one of them is where all of them belong.
    #[test]
    fn of_keys_that_are_alike_one_is_compared() {
        let cases = (0..1_u32 << 12).map(|cases| {
            let letter = |place: u32| {
                let letter = b'a' + u8::try_from(place).unwrap();
                if cases >> place & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            };
            (0..17).map(letter).collect::<Vec<_>>()
        });
        let zeros = (20..1020).map(|zeros| [vec![b'0'; zeros], b"1-".to_vec()].concat());
        let keys: Vec<_> = cases.chain(zeros).collect();
        let mut index = LongKeys::default();
        for (line, key) in (2..).zip(&keys) {
            let expected = match line {
                2 | 4098 => Probe::None,
                3..4098 => Probe::Alike(0),
                _ => Probe::Alike(4096),
            };
            assert_eq!(index.insert(key, at(line)), expected, "{line}");
        }
        assert_eq!((index.firsts.len(), index.others.len()), (2, keys.len() - 2));
        for (position, key) in (0..).zip(&keys) {
            assert_eq!(index.find(key), Probe::Same(position));
            assert_eq!(index.first(position), at(u64::from(position) + 2));
        }
    }
}
