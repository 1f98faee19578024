//! A table of packed keys: twelve bytes a key, and as many again where the room for more is.
//!
//! A general map would need twice that, and more than one look into memory for each question: a
//! delivery asks once for every guardian and every absence, in no order, and memory is what it
//! waits for.

use std::hash::BuildHasher;
use std::mem;

use foldhash::quality::RandomState;

use super::First;
use super::packed::{Packed, folded};

/// Packed keys and where each was first.
#[derive(Default)]
pub(super) struct Table {
    /// The keys, each at or behind the place that its folded form is hashed to; 0 is free.
    keys: Vec<u64>,
    lines: Vec<u32>,
    /// The columns of the lines; nothing as long as all of them are 1.
    columns: Vec<u16>,
    count: usize,
    /// Keyed anew in each run, so that nobody can write a file that makes it slow.
    hasher: RandomState,
}

/// Where a key is in the table. It stays there until another key is taken in.
pub(super) type Slot = usize;

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

const SMALLEST: usize = 1024;

/// How many numbers in a row have their places side by side: as many as a line of the processor's
/// cache has room for. More would make long walks where two such rows come together.
const NEIGHBORS: u64 = 8;

impl Table {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.keys.len()
    }

    /// Where the key of a slot was first.
    pub(super) fn first(&self, slot: Slot) -> First {
        First {
            line: self.lines.get(slot).copied().unwrap_or_default().into(),
            column: self.columns.get(slot).copied().unwrap_or(1).into(),
        }
    }

    /// Reads what stands at a key's place, for no other end than to have it at hand.
    #[inline]
    pub(super) fn touch(&self, key: Packed) -> u64 {
        self.keys.get(self.place(key.folded())).copied().unwrap_or_default()
    }

    /// Looks a key up.
    #[inline]
    pub(super) fn find(&self, key: Packed) -> Probe {
        self.probe(key).0
    }

    /// Takes a key in that is not the same as another; answers what was there before.
    pub(super) fn insert(&mut self, key: Packed, first: First) -> Probe {
        self.make_room();
        let (found, free) = self.probe(key);
        if !matches!(found, Probe::Same(_)) {
            self.add(free, key, first);
        }
        found
    }

    /// Takes a key in that is neither the same as another nor alike; answers whether it is.
    #[inline]
    pub(super) fn insert_new(&mut self, key: Packed, first: First) -> bool {
        self.make_room();
        let (found, free) = self.probe(key);
        let is_new = found == Probe::None;
        if is_new {
            self.add(free, key, first);
        }
        is_new
    }

    #[inline]
    fn make_room(&mut self) {
        // Full to thirteen sixteenths at most: behind that the walks get long.
        if self.count * 16 >= self.keys.len() * 13 {
            self.grow();
        }
    }

    #[inline]
    fn add(&mut self, free: Slot, key: Packed, first: First) {
        if first.column != 1 && self.columns.is_empty() {
            self.columns = vec![1; self.keys.len()];
        }
        self.put(free, key.get(), first);
        self.count += 1;
    }

    fn put(&mut self, slot: Slot, key: u64, first: First) {
        if let (Some(to), Some(line)) = (self.keys.get_mut(slot), self.lines.get_mut(slot)) {
            *to = key;
            *line = u32::try_from(first.line).unwrap_or(u32::MAX);
        }
        if let Some(column) = self.columns.get_mut(slot) {
            *column = u16::try_from(first.column).unwrap_or(u16::MAX);
        }
    }

    /// What there is of a key, and the first free slot behind its place.
    #[inline]
    fn probe(&self, key: Packed) -> (Probe, Slot) {
        let form = key.folded();
        let mut alike: Option<Slot> = None;
        let mut slot = self.place(form);
        loop {
            match self.keys.get(slot).copied() {
                None if self.keys.is_empty() => return (Probe::None, 0),
                None => {
                    slot = 0;
                    continue;
                }
                Some(0) => return (alike.map_or(Probe::None, Probe::Alike), slot),
                Some(other) if other == key.get() => return (Probe::Same(slot), slot),
                Some(other) if folded(other) == form => {
                    let is_first =
                        alike.is_none_or(|alike| self.first(slot).line < self.first(alike).line);
                    if is_first {
                        alike = Some(slot);
                    }
                }
                Some(_) => {}
            }
            slot += 1;
        }
    }

    /// The slot that a folded form belongs to: keys that are alike have the same. Numbers that follow
    /// one another stand side by side, since most often that is how they come.
    #[inline]
    fn place(&self, form: u64) -> Slot {
        let hash = self.hasher.hash_one(form / NEIGHBORS) >> 32;
        // A part of the table in the proportion of the hash to all hashes.
        let group = (hash * (self.keys.len() as u64 / NEIGHBORS)) >> 32;
        usize::try_from(group * NEIGHBORS + form % NEIGHBORS).unwrap_or_default()
    }

    /// Makes room: half as much again, so that the old and the new table together stay small.
    fn grow(&mut self) {
        let slots = (self.keys.len() + self.keys.len() / 2).max(SMALLEST);
        let slots = slots.next_multiple_of(NEIGHBORS as usize);
        let old = Self {
            keys: mem::replace(&mut self.keys, vec![0; slots]),
            lines: mem::replace(&mut self.lines, vec![0; slots]),
            columns: mem::take(&mut self.columns),
            ..Self::default()
        };
        if !old.columns.is_empty() {
            self.columns = vec![1; slots];
        }
        for (from, key) in old.keys.iter().enumerate().filter(|(_, key)| **key != 0) {
            let mut slot = self.place(folded(*key));
            while self.keys.get(slot).is_some_and(|key| *key != 0) {
                slot += 1;
                if slot == slots {
                    slot = 0;
                }
            }
            self.put(slot, *key, old.first(from));
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
        First { line: line.into(), column: 1 + line / 10_000 }
    }

    #[test]
    fn keeps_every_key_while_it_grows() {
        let mut table = Table::default();
        assert_eq!(table.find(key(0)), Probe::None);
        for number in 0..20_000 {
            assert_eq!(table.insert(key(number), at(number)), Probe::None);
            assert!(matches!(table.insert(key(number), at(0)), Probe::Same(_)));
        }
        assert_eq!(table.len(), 20_000);
        for number in 0..20_000 {
            let Probe::Same(slot) = table.find(key(number)) else { panic!("{number} is gone") };
            assert_eq!(table.first(slot), at(number));
            let padded = Packed::new(format!("0{number}").as_bytes()).unwrap();
            assert_eq!(table.find(padded), Probe::Alike(slot));
        }
        assert_eq!(table.find(key(20_000)), Probe::None);
        assert!(table.slots() * 12 < 20_000 * 40);
    }

    #[test]
    fn of_keys_that_are_alike_the_first_counts() {
        let mut table = Table::default();
        let forms = ["a1", "A1", "0a1", "00A1"].map(|form| Packed::new(form.as_bytes()).unwrap());
        for (line, form) in (7..).zip(forms) {
            table.insert(form, at(line));
        }
        let Probe::Alike(slot) = table.find(Packed::new(b"000a1").unwrap()) else { panic!() };
        assert_eq!(table.first(slot), at(7));
    }
}
