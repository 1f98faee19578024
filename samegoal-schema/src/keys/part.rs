//! One part of a table of keys.

use std::mem;

use super::First;
use super::packed::{folded, is_alike};

/// Packed keys and where each was first: twelve bytes a slot.
#[derive(Default)]
pub(super) struct Part {
    /// The keys, each at or behind the place of its folded form; 0 is free.
    keys: Vec<u64>,
    lines: Vec<u32>,
    /// The columns of the lines; nothing as long as all of them are 1.
    columns: Vec<u16>,
    count: usize,
}

/// Where a key was found; see [`Probe`](super::table::Probe).
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// The key itself.
    pub(super) same: Option<usize>,
    /// One that differs only in case or leading zeros; of several, the first in the file.
    pub(super) alike: Option<usize>,
    /// The first free slot behind the key's place, if it was looked for to its end.
    free: usize,
}

const SMALLEST: usize = 2 * NEIGHBORS;

/// How many numbers in a row have their places side by side. More would make longer walks where two
/// such rows come together.
pub(super) const NEIGHBORS: usize = 8;

impl Part {
    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.keys.len()
    }

    /// Where the key of a slot was first.
    pub(super) fn first(&self, slot: usize) -> First {
        First {
            line: self.lines.get(slot).copied().unwrap_or_default().into(),
            column: self.columns.get(slot).copied().unwrap_or(1).into(),
        }
    }

    /// What stands at a key's place.
    #[inline]
    pub(super) fn touch(&self, form: u64, hash: u32) -> u64 {
        self.keys.get(self.place(form, hash)).copied().unwrap_or_default()
    }

    /// What there is of a key.
    #[inline]
    pub(super) fn probe(&self, key: u64, form: u64, hash: u32) -> Found {
        let mut found = Found { same: None, alike: None, free: 0 };
        if self.keys.is_empty() {
            return found;
        }
        let mut from = self.place(form, hash);
        loop {
            let walk = self.keys.get(from..).unwrap_or_default();
            for (slot, other) in (from..).zip(walk) {
                if *other == key {
                    found.same = Some(slot);
                    return found;
                }
                if *other == 0 {
                    found.free = slot;
                    return found;
                }
                if is_alike(*other, form) {
                    let line = |slot: usize| self.first(slot).line;
                    if found.alike.is_none_or(|alike| line(slot) < line(alike)) {
                        found.alike = Some(slot);
                    }
                }
            }
            from = 0;
        }
    }

    /// The slots in which a key may be: from its place on, and round again.
    #[inline]
    fn walk(&self, place: usize) -> impl Iterator<Item = usize> + use<> {
        (place..self.keys.len()).chain(0..place)
    }

    /// Whether there is to be [more room](Self::grow) before a key is added.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        // Two thirds at most: behind that the walks get long.
        self.count * 3 >= self.keys.len() * 2
    }

    /// Adds a key that was looked for and is not there.
    #[inline]
    pub(super) fn add(&mut self, found: Found, key: u64, first: First) {
        if first.column != 1 && self.columns.is_empty() {
            self.columns = vec![1; self.keys.len()];
        }
        self.put(found.free, key, first);
        self.count += 1;
    }

    #[inline]
    fn put(&mut self, slot: usize, key: u64, first: First) {
        if let (Some(to), Some(line)) = (self.keys.get_mut(slot), self.lines.get_mut(slot)) {
            *to = key;
            *line = u32::try_from(first.line).unwrap_or(u32::MAX);
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
        usize::try_from(group).unwrap_or_default() * NEIGHBORS
            + usize::try_from(form % NEIGHBORS as u64).unwrap_or_default()
    }

    /// Makes room for as many again. `hash` is that of a folded form.
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
