//! The keys of a file: which values there are, and where each was first.

use std::collections::HashMap;

use foldhash::quality::RandomState;

use crate::csv::block::{BLOCK_LEN, Column};
use crate::csv::{Field, Record};
use crate::finding::{Location, Rule};

mod beside;
mod long;
mod packed;
mod part;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use beside::Beside;
use long::LongKeys;
pub(crate) use packed::Packed;
use table::Table;
pub(crate) use table::{HashedKey, KeyHasher};

/// How many values from unreadable records are remembered before links are given up.
const MOST_EXCUSED: usize = 100_000;

/// Where a value was first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) line: u64,
    pub(crate) column: u32,
    /// Whether the record is about a student who has left.
    pub(crate) has_left: bool,
}

impl First {
    /// Where a field of a record is.
    pub(crate) fn of(record: &Record<'_>, field: &Field<'_>) -> Self {
        let place = record.place(field.range());
        let column = u32::try_from(place.column).unwrap_or(u32::MAX);
        Self { line: place.line, column, has_left: false }
    }

    /// The place, as far as it is remembered.
    pub(crate) fn location(self) -> Location {
        Location { line: self.line, column: self.column.into(), ..Location::default() }
    }
}

/// A key that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    /// A number of its own, below [`KeyIndex::numbers`]; good until another key is taken in.
    pub(crate) number: usize,
    pub(crate) first: First,
}

/// What became of a key that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Insertion {
    New,
    /// It is new, but differs from that one only in case or leading zeros.
    Alike(Key),
    /// It was there before.
    Same(Key),
}

/// What is known of a value that refers to a key.
#[derive(Clone, Copy)]
pub(crate) enum Reference {
    To(Key),
    /// It may refer to a record that could not be read. This rule has reported that.
    Excused(&'static Rule),
    /// To none, but one differs only in case or leading zeros.
    Alike(Key),
    Unknown,
}

/// The hashed keys of a block, as far as they fit into a number.
pub(crate) struct HashedKeys([Option<HashedKey>; BLOCK_LEN]);

impl HashedKeys {
    /// Those of a column.
    #[inline(always)]
    pub(crate) fn new(column: &Column<'_>, hasher: &KeyHasher) -> Self {
        let mut keys = Self([None; BLOCK_LEN]);
        for (hashed, value) in keys.0.iter_mut().zip(column.values()) {
            let key = value.short_text().and_then(|word| Packed::of(word, || value.text()));
            *hashed = key.map(|key| hasher.hashed(key));
        }
        keys
    }

    #[inline]
    pub(crate) fn get(&self, record: usize) -> Option<&HashedKey> {
        self.0.get(record).and_then(Option::as_ref)
    }
}

/// The keys of one column.
#[derive(Default)]
pub(crate) struct KeyIndex {
    short: Table,
    long: LongKeys,
    /// Possible keys from records that could not be separated into fields, with the rule that reported
    /// these.
    excused: HashMap<Box<[u8]>, &'static Rule, RandomState>,
    is_overrun: bool,
    /// The finding that explains why any key may be missing, if there is one.
    cut_off: Option<&'static Rule>,
    beside: Beside,
    /// How many keys a spreadsheet has rounded.
    damaged: u64,
    /// How many records have lost their key, and the rule that reported the last of them.
    lost: Option<(&'static Rule, u64)>,
}

impl KeyIndex {
    /// An empty index of a file with these other ids.
    pub(crate) fn new(beside: Beside) -> Self {
        Self { beside, ..Self::default() }
    }

    /// The other ids of the records.
    pub(crate) fn beside(&self) -> &Beside {
        &self.beside
    }

    pub(crate) fn beside_mut(&mut self) -> &mut Beside {
        &mut self.beside
    }

    /// The share of so many values that lies in the records sampled for [other ids](Self::beside).
    pub(crate) fn share_sampled(&self, values: u64) -> u64 {
        let all = self.beside.records().max(1);
        (u128::from(values) * u128::from(self.beside.sampled) / u128::from(all))
            .try_into()
            .unwrap_or(values)
            .min(values)
    }

    /// Whether a spreadsheet has rounded most of the keys.
    pub(crate) fn has_mostly_damaged(&self) -> bool {
        self.damaged * 2 > self.beside.records()
    }

    /// Adds a key.
    pub(crate) fn insert(&mut self, key: &[u8], here: First) -> Insertion {
        match Packed::new(key) {
            Some(packed) => match self.short.insert(&self.short.hasher().hashed(packed), here) {
                table::Probe::Same(slot) => Insertion::Same(self.short_key(slot)),
                table::Probe::Alike(slot) => Insertion::Alike(self.short_key(slot)),
                table::Probe::None => Insertion::New,
            },
            None => match self.insert_long(key, here) {
                long::Probe::Same(position) => Insertion::Same(self.long_key(position)),
                long::Probe::Alike(position) => Insertion::Alike(self.long_key(position)),
                long::Probe::None => Insertion::New,
            },
        }
    }

    fn insert_long(&mut self, key: &[u8], here: First) -> long::Probe {
        // A repeated one is one more damaged record.
        self.damaged += u64::from(is_rounded(key));
        self.long.insert(key, here)
    }

    /// Adds a key if none is the same or alike; returns whether it did.
    #[inline]
    pub(crate) fn insert_new(&mut self, key: &HashedKey, here: First) -> bool {
        self.short.insert_new(key, here)
    }

    /// The hasher that says where keys are.
    pub(crate) fn hasher(&self) -> &KeyHasher {
        self.short.hasher()
    }

    /// Touches the places of keys that will be looked up next. The processor then waits for memory once
    /// for all of them, not once for each.
    pub(crate) fn prefetch(&self, keys: &HashedKeys) {
        std::hint::black_box(self.short.touch(keys.0.iter().flatten()));
    }

    /// The numbers of the keys of active students.
    pub(crate) fn active(&self) -> impl Iterator<Item = usize> {
        let slots = self.short.slots();
        self.short.active().chain(self.long.active().map(move |position| slots + position))
    }

    /// All numbers of keys are below this.
    pub(crate) fn numbers(&self) -> usize {
        self.short.slots() + self.long.len()
    }

    /// Counts a record whose key is lost, as this rule has reported.
    pub(crate) fn count_lost(&mut self, rule: &'static Rule) {
        self.damaged += 1;
        let (last, count) = self.lost.get_or_insert((rule, 0));
        *last = rule;
        *count += 1;
    }

    /// How many records have lost their key, and why. References may be to them.
    pub(crate) fn lost(&self) -> Option<(&'static Rule, u64)> {
        self.lost
    }

    /// Remembers a possible key that is not certain, as this rule has reported.
    pub(crate) fn excuse(&mut self, value: &[u8], rule: &'static Rule) {
        if self.is_overrun || value.is_empty() || self.excused.contains_key(value) {
            return;
        }
        if self.excused.len() < MOST_EXCUSED {
            self.excused.insert(value.into(), rule);
        } else {
            self.is_overrun = true;
            // They are not used any more.
            self.excused = HashMap::default();
        }
    }

    /// Remembers that the last keys are missing, as this rule has reported.
    pub(crate) fn cut_off(&mut self, rule: &'static Rule) {
        self.cut_off = Some(rule);
    }

    /// Whether too many records were unreadable to check links.
    pub(crate) fn is_overrun(&self) -> bool {
        self.is_overrun
    }

    /// What a value refers to.
    pub(crate) fn find(&self, value: &[u8]) -> Reference {
        let found = match Packed::new(value) {
            Some(packed) => match self.short.find(&self.short.hasher().hashed(packed)) {
                table::Probe::Same(slot) => Reference::To(self.short_key(slot)),
                table::Probe::Alike(slot) => Reference::Alike(self.short_key(slot)),
                table::Probe::None => Reference::Unknown,
            },
            None => match self.long.find(value) {
                long::Probe::Same(position) => Reference::To(self.long_key(position)),
                long::Probe::Alike(position) => Reference::Alike(self.long_key(position)),
                long::Probe::None => Reference::Unknown,
            },
        };
        let found = match found {
            Reference::Unknown => self.find_across(value),
            found => found,
        };
        match (found, self.excused.get(value)) {
            (Reference::Alike(_) | Reference::Unknown, Some(rule)) => Reference::Excused(rule),
            (Reference::Unknown, None) => self.cut_off.map_or(found, Reference::Excused),
            (found, _) => found,
        }
    }

    /// As [`find`](Self::find), among the keys of the other size: with leading zeros a key may no longer
    /// fit into a number.
    fn find_across(&self, value: &[u8]) -> Reference {
        let zeros = value.iter().take_while(|byte| **byte == b'0').count();
        let bare = value.get(zeros.min(value.len().saturating_sub(1))..).unwrap_or_default();
        match (Packed::new(value), Packed::new(bare)) {
            (None, Some(bare)) => match self.short.find(&self.short.hasher().hashed(bare)) {
                table::Probe::Same(slot) | table::Probe::Alike(slot) => {
                    Reference::Alike(self.short_key(slot))
                }
                table::Probe::None => Reference::Unknown,
            },
            (Some(_), _) => match self.long.find(value) {
                long::Probe::Same(position) | long::Probe::Alike(position) => {
                    Reference::Alike(self.long_key(position))
                }
                long::Probe::None => Reference::Unknown,
            },
            (None, None) => Reference::Unknown,
        }
    }

    /// The number of a key, if it is there.
    #[inline]
    pub(crate) fn number_of(&self, key: &HashedKey) -> Option<usize> {
        match self.short.find(key) {
            table::Probe::Same(slot) => Some(self.short.number(slot)),
            table::Probe::Alike(_) | table::Probe::None => None,
        }
    }

    fn short_key(&self, slot: table::Slot) -> Key {
        Key { number: self.short.number(slot), first: self.short.first(slot) }
    }

    fn long_key(&self, position: u32) -> Key {
        let number = self.short.slots() + position as usize;
        Key { number, first: self.long.first(position) }
    }
}

/// Whether a spreadsheet has rounded a number: `9.00E+08`.
fn is_rounded(key: &[u8]) -> bool {
    let is_number = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let Some(exponent) = key.iter().position(|byte| matches!(byte, b'E' | b'e')) else {
        return false;
    };
    let (mantissa, exponent) = key.split_at(exponent);
    let exponent = exponent.get(1..).unwrap_or_default();
    let exponent = exponent.strip_prefix(b"+").unwrap_or(exponent);
    let mut parts = mantissa.splitn(2, |byte| matches!(byte, b'.' | b','));
    is_number(exponent) && parts.all(is_number)
}

/// Whether two values differ only in case or leading zeros, if at all.
pub(crate) fn are_alike(one: &[u8], other: &[u8]) -> bool {
    long::folded(one).eq(long::folded(other))
}
