//! A table of packed keys: twelve bytes a slot, and three slots a key at most.
//!
//! A general map would need twice that, and more than one look into memory for each question: a
//! delivery asks once for every guardian and every absence, in no order, and memory is what it
//! waits for. It is in parts, so that when it grows it is a small one that is gone over, which is near
//! and, should it have to be moved, is there twice only for a moment.

use std::hash::BuildHasher;
use std::mem;

use foldhash::quality::RandomState;

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
    asker: Asker,
}

impl Default for Table {
    fn default() -> Self {
        let parts = std::array::from_fn(|_| Part::default());
        Self { parts, starts: [0; PARTS], asker: Asker::default() }
    }
}

/// A key and where it is to be looked for.
#[derive(Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) key: Packed,
    form: u64,
    hash: u64,
}

impl Ask {
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

/// Tells where keys are to be looked for in one table.
#[derive(Clone, Default)]
pub(crate) struct Asker {
    /// Keyed anew in each run, so that nobody can write a file that makes it slow.
    hasher: RandomState,
}

impl Asker {
    #[inline]
    pub(crate) fn ask(&self, key: Packed) -> Ask {
        let form = key.folded();
        Ask { key, form, hash: self.hash(form) }
    }

    /// The hash of a folded form: keys that are alike have the same. Numbers that follow one another
    /// stand side by side, since most often that is how they come.
    #[inline]
    fn hash(&self, form: u64) -> u64 {
        self.hasher.hash_one(form / NEIGHBORS as u64)
    }
}

/// Where a key is in the table. It stays there until another key is taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
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

impl Probe {
    fn new(found: Found, part: usize) -> Self {
        match found {
            Found { same: Some(at), .. } => Self::Same(Slot { part, at }),
            Found { alike: Some(at), .. } => Self::Alike(Slot { part, at }),
            Found { .. } => Self::None,
        }
    }
}

impl Table {
    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.parts.iter().map(Part::slots).sum()
    }

    /// The numbers of the slots with a key of which something is expected.
    pub(super) fn active(&self) -> impl Iterator<Item = usize> {
        let parts = self.parts.iter().zip(&self.starts);
        parts.flat_map(|(part, start)| part.active().map(move |slot| start + slot))
    }

    /// The number of a slot, below [`slots`](Self::slots).
    #[inline]
    pub(super) fn number(&self, slot: Slot) -> usize {
        self.starts.get(slot.part).copied().unwrap_or_default() + slot.at
    }

    /// Where the key of a slot was first.
    pub(super) fn first(&self, slot: Slot) -> First {
        self.parts.get(slot.part).map_or_else(First::default, |part| part.first(slot.at))
    }

    pub(super) fn asker(&self) -> &Asker {
        &self.asker
    }

    /// Reads what stands at the places of keys, for no other end than to have it at hand.
    #[inline]
    pub(super) fn touch<'a>(&self, asks: impl Iterator<Item = &'a Ask>) -> u64 {
        let mut last = None;
        asks.fold(0, |touched, ask| {
            // What stands beside it comes with it.
            let fetched = Some(ask.form / FETCHED);
            if mem::replace(&mut last, fetched) == fetched {
                return touched;
            }
            let (part, hash) = ask.place();
            touched ^ self.parts.get(part).map_or(0, |part| part.touch(ask.form, hash))
        })
    }

    /// Looks a key up.
    #[inline]
    pub(super) fn find(&self, ask: &Ask) -> Probe {
        let Ask { key, form, .. } = *ask;
        let (index, hash) = ask.place();
        let found = self.parts.get(index).map(|part| part.probe(key.get(), form, hash));
        found.map_or(Probe::None, |found| Probe::new(found, index))
    }

    /// Takes a key in that is not the same as another; answers what was there before.
    pub(super) fn insert(&mut self, ask: &Ask, first: First) -> Probe {
        self.insert_unless(ask, first, |found| found.same.is_some())
    }

    /// Takes a key in that is neither the same as another nor alike; answers whether it is.
    #[inline]
    pub(super) fn insert_new(&mut self, ask: &Ask, first: First) -> bool {
        let Ask { key, form, .. } = *ask;
        let (index, hash) = ask.place();
        if let Some(part) = self.parts.get_mut(index)
            && !part.is_full()
            && part.add_first(key.get(), form, hash, first)
        {
            return true;
        }
        let is_known = |found: Found| found.same.is_some() || found.alike.is_some();
        self.insert_unless(ask, first, is_known) == Probe::None
    }

    #[inline]
    fn insert_unless(
        &mut self,
        ask: &Ask,
        first: First,
        is_known: impl Fn(Found) -> bool,
    ) -> Probe {
        let Ask { key, form, .. } = *ask;
        let (index, hash) = ask.place();
        if self.parts.get(index).is_some_and(Part::is_full) {
            self.grow(index);
        }
        let Some(part) = self.parts.get_mut(index) else { return Probe::None };
        let found = part.probe(key.get(), form, hash);
        if !is_known(found) {
            part.add(found, key.get(), first);
        }
        Probe::new(found, index)
    }

    #[cold]
    fn grow(&mut self, index: usize) {
        let Self { parts, starts, asker, .. } = self;
        if let Some(part) = parts.get_mut(index) {
            part.grow(|form| place(asker.hash(form)).1);
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
        First { line: line.into(), column: 1 + line % 20_000 / 10_000, has_left: line % 3 == 0 }
    }

    #[test]
    fn keeps_every_key_while_it_grows() {
        // Side by side, apart, and all at the same place of their rows.
        for step in [1, 7, 8, 64, 640, 1009] {
            let mut table = Table::default();
            let find = |table: &Table, key| table.find(&table.asker().ask(key));
            assert_eq!(find(&table, key(0)), Probe::None);
            let numbers = || (0..20_000).map(|number| number * step);
            for number in numbers() {
                let ask = table.asker().ask(key(number));
                assert_eq!(table.insert(&ask, at(number)), Probe::None);
                assert!(matches!(table.insert(&ask, at(0)), Probe::Same(_)));
                assert!(!table.insert_new(&ask, at(0)));
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
            table.insert(&table.asker().ask(form), at(line));
        }
        let ask = table.asker().ask(Packed::new(b"000a1").unwrap());
        let Probe::Alike(slot) = table.find(&ask) else { panic!() };
        assert_eq!(table.first(slot), at(7));
        assert!(!table.insert_new(&ask, at(12)));
        assert!(matches!(table.find(&ask), Probe::Alike(_)));
    }
}
