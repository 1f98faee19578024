//! A table of packed keys: twelve bytes a slot, and three slots a key at most.
//!
//! A general map needs twice that, and more than one access to memory for each question. A delivery
//! asks once for every guardian and every absence, in no order, so most of the time goes to memory.
//! The table has parts: when one grows, only that small part is moved, and is there twice.

use std::hash::BuildHasher;
use std::mem;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::First;
use super::packed::Packed;
use super::part::{Found, NEIGHBORS, Part};

/// How many neighbors are fetched from memory together.
const FETCHED: u64 = 8;

/// How many parts there are.
const PARTS: usize = 64;

/// Packed keys and where each was first.
pub(super) struct Table {
    parts: [Part; PARTS],
    /// How many slots are before each part.
    starts: [usize; PARTS],
    /// The keys that are like one in the parts.
    others: HashTable<Other>,
    hasher: KeyHasher,
}

/// A key that differs only in case or leading zeros from an earlier one. Very many may be alike, and all
/// have the same place in the parts: the walks there would take quadratic time.
struct Other {
    key: Packed,
    line: u32,
    column: u16,
    has_left: bool,
}

impl Default for Table {
    fn default() -> Self {
        let parts = std::array::from_fn(|_| Part::default());
        Self { parts, starts: [0; PARTS], others: HashTable::new(), hasher: KeyHasher::default() }
    }
}

/// A key and its place.
#[derive(Clone, Copy)]
pub(crate) struct HashedKey {
    pub(crate) key: Packed,
    form: u64,
    hash: u64,
}

impl HashedKey {
    /// The part of the table in which the key belongs, and its hash there.
    #[inline]
    fn place(&self) -> (usize, u32) {
        place(self.hash)
    }
}

#[inline]
fn place(hash: u64) -> (usize, u32) {
    #[expect(clippy::cast_possible_truncation, reason = "these bits are meant")]
    (hash as usize % PARTS, (hash >> u32::BITS) as u32)
}

/// Finds the places of keys in one table.
#[derive(Clone, Default)]
pub(crate) struct KeyHasher {
    /// With a new seed in each run, so that no file can be made that is slow.
    hasher: RandomState,
}

impl KeyHasher {
    #[inline]
    pub(crate) fn hashed(&self, key: Packed) -> HashedKey {
        let form = key.folded();
        HashedKey { key, form, hash: self.hash(form) }
    }

    /// The hash of a folded form; keys that are alike have the same. Consecutive numbers get places side
    /// by side, since most files have them in order.
    #[inline]
    fn hash(&self, form: u64) -> u64 {
        self.hasher.hash_one(form / NEIGHBORS as u64)
    }
}

/// Where a key is in the table, until another key is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    /// [`PARTS`] for the others.
    part: usize,
    at: usize,
}

/// What the table holds of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    /// The key itself.
    Same(Slot),
    /// One that differs only in case or leading zeros; of several, the first in the file.
    Alike(Slot),
    /// None.
    None,
}

impl Table {
    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.slots_of_parts() + self.others.num_buckets()
    }

    fn slots_of_parts(&self) -> usize {
        self.parts.iter().map(Part::slots).sum()
    }

    /// The numbers of the slots with the key of an active student.
    pub(super) fn active(&self) -> impl Iterator<Item = usize> {
        let parts = self.parts.iter().zip(&self.starts);
        let parts = parts.flat_map(|(part, start)| part.active().map(move |slot| start + slot));
        let is_active = |at: &usize| self.others.get_bucket(*at).is_some_and(|it| !it.has_left);
        let others = (0..self.others.num_buckets()).filter(is_active);
        let start = self.slots_of_parts();
        parts.chain(others.map(move |at| start + at))
    }

    /// The number of a slot, below [`slots`](Self::slots).
    #[inline]
    pub(super) fn number(&self, slot: Slot) -> usize {
        let start = self.starts.get(slot.part).copied();
        start.unwrap_or_else(|| self.slots_of_parts()) + slot.at
    }

    /// Where the key of a slot was first.
    pub(super) fn first(&self, slot: Slot) -> First {
        if let Some(part) = self.parts.get(slot.part) {
            return part.first(slot.at);
        }
        let other = self.others.get_bucket(slot.at);
        other.map_or_else(First::default, |other| First {
            line: other.line.into(),
            column: other.column.into(),
            has_left: other.has_left,
        })
    }

    pub(super) fn hasher(&self) -> &KeyHasher {
        &self.hasher
    }

    /// Reads the places of keys, only to bring them into the cache.
    #[inline]
    pub(super) fn touch<'a>(&self, keys: impl Iterator<Item = &'a HashedKey>) -> u64 {
        let mut last = None;
        keys.fold(0, |touched, hashed| {
            // One fetch brings its neighbors.
            let fetched = Some(hashed.form / FETCHED);
            if mem::replace(&mut last, fetched) == fetched {
                return touched;
            }
            let (part, hash) = hashed.place();
            touched ^ self.parts.get(part).map_or(0, |part| part.touch(hashed.form, hash))
        })
    }

    /// Looks a key up.
    #[inline]
    pub(super) fn find(&self, hashed: &HashedKey) -> Probe {
        let HashedKey { key, form, .. } = *hashed;
        let (part, hash) = hashed.place();
        match self.parts.get(part).map(|part| part.probe(key.get(), form, hash)) {
            Some(Found::Same(at)) => Probe::Same(Slot { part, at }),
            Some(Found::Alike(at)) => self.find_other(key, Slot { part, at }),
            Some(Found::Free(_)) | None => Probe::None,
        }
    }

    /// What the table holds of a key if one that is alike has a slot in the parts.
    #[cold]
    fn find_other(&self, key: Packed, alike: Slot) -> Probe {
        let hash = self.hasher.hasher.hash_one(key.get());
        match self.others.find_bucket_index(hash, |other| other.key == key) {
            Some(at) => Probe::Same(Slot { part: PARTS, at }),
            None => Probe::Alike(alike),
        }
    }

    /// Adds a key unless the same is there; returns what was there before.
    pub(super) fn insert(&mut self, hashed: &HashedKey, first: First) -> Probe {
        let found = self.insert_first(hashed, first);
        if matches!(found, Probe::Alike(_)) {
            let other = Other {
                key: hashed.key,
                line: u32::try_from(first.line).unwrap_or(u32::MAX),
                column: u16::try_from(first.column).unwrap_or(u16::MAX),
                has_left: first.has_left,
            };
            let Self { others, hasher: KeyHasher { hasher }, .. } = self;
            let hash = |other: &Other| hasher.hash_one(other.key.get());
            others.insert_unique(hash(&other), other, hash);
        }
        found
    }

    /// Adds a key if none is the same or alike; returns whether it did.
    #[inline]
    pub(super) fn insert_new(&mut self, hashed: &HashedKey, first: First) -> bool {
        let HashedKey { key, form, .. } = *hashed;
        let (index, hash) = hashed.place();
        if let Some(part) = self.parts.get_mut(index)
            && !part.is_full()
            && part.add_first(key.get(), form, hash, first)
        {
            return true;
        }
        self.insert_first(hashed, first) == Probe::None
    }

    /// Adds a key if none is alike; returns what was there before.
    #[inline]
    fn insert_first(&mut self, hashed: &HashedKey, first: First) -> Probe {
        let HashedKey { key, form, .. } = *hashed;
        let (index, hash) = hashed.place();
        if self.parts.get(index).is_some_and(Part::is_full) {
            self.grow(index);
        }
        let Some(part) = self.parts.get_mut(index) else { return Probe::None };
        match part.probe(key.get(), form, hash) {
            Found::Same(at) => Probe::Same(Slot { part: index, at }),
            Found::Alike(at) => self.find_other(key, Slot { part: index, at }),
            Found::Free(slot) => {
                part.add_at(slot, key.get(), first);
                Probe::None
            }
        }
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        let Self { parts, starts, hasher, .. } = self;
        if let Some(part) = parts.get_mut(index) {
            part.grow(|form| place(hasher.hash(form)).1);
        }
        let mut slots = 0;
        for (start, part) in starts.iter_mut().zip(parts) {
            *start = slots;
            slots += part.slots();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> Packed {
        Packed::new(number.to_string().as_bytes()).unwrap()
    }

    /// Half of them are not at the start of their line.
    fn at(line: u32) -> First {
        First {
            line: line.into(),
            column: 1 + line % 20_000 / 10_000,
            has_left: line.is_multiple_of(3),
        }
    }

    #[test]
    fn keeps_every_key_while_it_grows() {
        // Side by side, apart, and all at the same place of their rows.
        for step in [1, 7, 8, 64, 640, 1009] {
            let mut table = Table::default();
            let find = |table: &Table, key| table.find(&table.hasher().hashed(key));
            assert_eq!(find(&table, key(0)), Probe::None);
            let numbers = || (0..20_000).map(|number| number * step);
            for number in numbers() {
                let hashed = table.hasher().hashed(key(number));
                assert_eq!(table.insert(&hashed, at(number)), Probe::None);
                assert!(matches!(table.insert(&hashed, at(0)), Probe::Same(_)));
                assert!(!table.insert_new(&hashed, at(0)));
            }
            let expected = numbers().filter(|number| !at(*number).has_left).count();
            assert_eq!(table.active().count(), expected);
            let mut slots = Vec::new();
            for number in numbers() {
                let Probe::Same(slot) = find(&table, key(number)) else {
                    panic!("{number} is gone")
                };
                assert_eq!(table.first(slot), at(number));
                slots.push(table.number(slot));
                let padded = Packed::new(format!("0{number}").as_bytes()).unwrap();
                assert_eq!(find(&table, padded), Probe::Alike(slot));
            }
            assert_eq!(find(&table, key(20_000 * step)), Probe::None);
            assert!(table.slots() * 12 < 20_000 * 40);
            slots.sort_unstable();
            slots.dedup();
            assert_eq!(slots.len(), 20_000);
            assert!(slots.iter().all(|slot| *slot < table.slots()));
        }
    }

    #[test]
    fn of_keys_that_are_alike_the_first_counts() {
        let mut table = Table::default();
        let forms = ["a1", "A1", "0a1", "00A1"].map(|form| Packed::new(form.as_bytes()).unwrap());
        for (line, form) in (7..).zip(forms) {
            table.insert(&table.hasher().hashed(form), at(line));
        }
        let hashed = table.hasher().hashed(Packed::new(b"000a1").unwrap());
        let Probe::Alike(slot) = table.find(&hashed) else { panic!() };
        assert_eq!(table.first(slot), at(7));
        assert!(!table.insert_new(&hashed, at(12)));
        assert!(matches!(table.find(&hashed), Probe::Alike(_)));
    }

    /// However many keys are alike, only one of them is where all of them belong.
    #[test]
    fn of_keys_that_are_alike_one_is_compared() {
        let mut table = Table::default();
        let letters = |cases: u32| {
            let letters = "abcdefghij".chars().enumerate().map(|(place, letter)| {
                if cases >> place & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            });
            letters.collect::<String>()
        };
        let zeros = (0..16).map(|zeros| format!("{}7", "0".repeat(zeros)));
        let keys: Vec<_> = (0..1024).map(letters).chain(zeros).collect();
        for (line, key) in (1..).zip(&keys) {
            let hashed = table.hasher().hashed(Packed::new(key.as_bytes()).unwrap());
            let found = table.insert(&hashed, at(line));
            assert_eq!(found == Probe::None, line == 1 || line == 1025, "{line}: {found:?}");
        }
        assert_eq!(table.others.len(), 1038);
        assert_eq!(table.active().count(), (1..=1040).filter(|line| line % 3 != 0).count());
        let mut numbers = Vec::new();
        for (line, key) in (1..).zip(&keys) {
            let hashed = table.hasher().hashed(Packed::new(key.as_bytes()).unwrap());
            let Probe::Same(slot) = table.find(&hashed) else { panic!("{key} is gone") };
            assert_eq!(table.first(slot), at(line));
            numbers.push(table.number(slot));
        }
        assert!(numbers.iter().all(|number| *number < table.slots()));
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), keys.len());
    }
}
