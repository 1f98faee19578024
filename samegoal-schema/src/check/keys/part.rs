//! One part of a table of keys.

use std::{iter, mem};

use super::First;
use super::packed::{folded, is_alike};

/// Packed keys and where each was first: twelve bytes a slot.
#[derive(Default)]
pub(super) struct Part {
    /// The keys, each at or behind the place of its folded form; 0 is free.
    keys: Vec<u64>,
    /// With [`LEFT`] in the highest bit.
    lines: Vec<u32>,
    /// The columns of the lines; nothing as long as all of them are 1.
    columns: Vec<u16>,
    count: usize,
}

/// What a part holds of a key. Of keys that are alike it holds one only.
#[derive(Clone, Copy)]
pub(super) enum Found {
    /// The key itself.
    Same(usize),
    /// One that differs only in case or leading zeros.
    Alike(usize),
    /// Nothing; this is the first free slot behind the key's place.
    Free(usize),
}

/// The slot after one that is taken: the same place in the next row, since the neighbors are most likely
/// taken as well. After the last row it is the next place in the first.
#[inline]
fn next(slot: usize, slots: usize) -> usize {
    let next = slot + NEIGHBORS;
    if next < slots { next } else { (next + 1) % NEIGHBORS }
}

/// The bit for a student who has left. So lines count up to two billion.
const LEFT: u32 = 1 << 31;

const SMALLEST: usize = 2 * NEIGHBORS;

/// How many consecutive numbers have their places side by side. Most files have them in order, so one
/// fetch from memory serves many of them.
pub(super) const NEIGHBORS: usize = 64;

impl Part {
    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.keys.len()
    }

    /// Where the key of a slot was first.
    pub(super) fn first(&self, slot: usize) -> First {
        let line = self.lines.get(slot).copied().unwrap_or_default();
        First {
            line: (line & !LEFT).into(),
            column: self.columns.get(slot).copied().unwrap_or(1).into(),
            has_left: line & LEFT != 0,
        }
    }

    /// The slots with the key of an active student.
    pub(super) fn active(&self) -> impl Iterator<Item = usize> {
        let slots = self.keys.iter().zip(&self.lines).enumerate();
        slots.filter(|(_, (key, line))| **key != 0 && **line & LEFT == 0).map(|(slot, _)| slot)
    }

    /// What stands at a key's place.
    #[inline]
    pub(super) fn touch(&self, form: u64, hash: u32) -> u64 {
        self.keys.get(self.place(form, hash)).copied().unwrap_or_default()
    }

    /// Adds a key if its own place is free, so that none is the same or alike; returns whether it did.
    #[inline]
    pub(super) fn add_first(&mut self, key: u64, form: u64, hash: u32, first: First) -> bool {
        let place = self.place(form, hash);
        let is_first = self.keys.get(place) == Some(&0);
        if is_first {
            self.add_at(place, key, first);
        }
        is_first
    }

    /// What there is of a key.
    #[inline]
    pub(super) fn probe(&self, key: u64, form: u64, hash: u32) -> Found {
        if self.keys.is_empty() {
            return Found::Free(0);
        }
        let keys = &*self.keys;
        let mut slot = self.place(form, hash);
        loop {
            let other = keys.get(slot).copied().unwrap_or_default();
            if other == key {
                return Found::Same(slot);
            }
            if other == 0 {
                return Found::Free(slot);
            }
            if is_alike(other, form) {
                return Found::Alike(slot);
            }
            slot = next(slot, keys.len());
        }
    }

    /// The slots in which a key may be.
    #[inline]
    fn walk(&self, place: usize) -> impl Iterator<Item = usize> + use<> {
        let slots = self.keys.len();
        iter::successors(Some(place), move |slot| Some(next(*slot, slots))).take(slots)
    }

    /// Whether the part must [grow](Self::grow) before a key is added.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        // Two thirds at most. Beyond that the walks get long.
        self.count * 3 >= self.keys.len() * 2
    }

    /// Adds a key at a free slot.
    #[inline]
    pub(super) fn add_at(&mut self, slot: usize, key: u64, first: First) {
        if first.column != 1 && self.columns.is_empty() {
            self.columns.resize(self.keys.len(), 1);
        }
        self.put(slot, key, first);
        self.count += 1;
    }

    #[inline]
    fn put(&mut self, slot: usize, key: u64, first: First) {
        if let (Some(to), Some(line)) = (self.keys.get_mut(slot), self.lines.get_mut(slot)) {
            *to = key;
            *line = u32::try_from(first.line).unwrap_or(u32::MAX).min(!LEFT)
                | if first.has_left { LEFT } else { 0 };
        }
        if let Some(column) = self.columns.get_mut(slot) {
            *column = u16::try_from(first.column).unwrap_or(u16::MAX);
        }
    }

    /// The slot that a folded form belongs to.
    #[inline]
    fn place(&self, form: u64, hash: u32) -> usize {
        // A part of the slots in the proportion of the hash to all hashes.
        let groups = (self.keys.len() / NEIGHBORS) as u64;
        let group = (u64::from(hash) * groups) >> u32::BITS;
        // The hash picks the first of a row. Otherwise the multiples of a number would collide.
        let neighbor = (form ^ u64::from(hash)) % NEIGHBORS as u64;
        usize::try_from(group * NEIGHBORS as u64 + neighbor).unwrap_or_default()
    }

    /// Doubles the slots. `hash` returns the hash of a folded form.
    ///
    /// A place is in proportion to a hash, so keys keep their order. From the last one on, most can be
    /// moved within the room that there is then, without a second table.
    #[cold]
    pub(super) fn grow(&mut self, hash: impl Fn(u64) -> u32) {
        let before = self.keys.len();
        let slots = (before * 2).max(SMALLEST);
        self.keys.resize(slots, 0);
        self.lines.resize(slots, 0);
        if !self.columns.is_empty() {
            self.columns.resize(slots, 1);
        }
        let mut left = Vec::new();
        for from in (0..before).rev() {
            let Some(key) = self.keys.get_mut(from).map(mem::take).filter(|key| *key != 0) else {
                continue;
            };
            let first = self.first(from);
            let form = folded(key);
            let place = self.place(form, hash(form));
            let is_free = |slot: &usize| *slot <= from || self.keys.get(*slot) == Some(&0);
            match self.walk(place).find(is_free) {
                // What is not moved yet may leave a gap on the way to here.
                Some(slot) if slot > from => self.put(slot, key, first),
                _ => left.push((place, key, first)),
            }
        }
        for (place, key, first) in left {
            let free = self.walk(place).find(|slot| self.keys.get(*slot) == Some(&0));
            self.put(free.unwrap_or_default(), key, first);
        }
    }
}
