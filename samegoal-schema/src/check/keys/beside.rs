//! The other columns of ids in a file with keys, and a sample of their values.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

use crate::check::binding::BoundHeader;
use crate::csv::Record;
use crate::schema::{Content, Text};
use crate::text::whitespace::trim;

/// How many columns are remembered at most, and how many values of each.
const MOST_COLUMNS: usize = 4;
const MOST_VALUES: usize = 1024;

/// The columns of ids beside the key. A bounded sample of each shows whether another file refers to
/// that column instead.
#[derive(Default)]
pub(crate) struct Beside {
    hasher: RandomState,
    columns: Vec<Column>,
    /// How many records there were, and how many of them are in the sample.
    records: u64,
    pub(super) sampled: u64,
}

struct Column {
    name: Text,
    position: usize,
    sample: Sample,
}

/// The values whose hashes end in so many zero bits. Two files sample the same values.
#[derive(Default)]
struct Sample {
    zeros: u32,
    /// Some twice until they are [`settled`](Self::settle), then in order.
    hashes: Vec<u64>,
}

impl Beside {
    /// The columns of a header whose key is at this position.
    pub(crate) fn new(header: &BoundHeader<'_>, key: usize) -> Self {
        let ids = header
            .known()
            .filter(|(position, spec)| *position != key && spec.content == Content::Identifier);
        let columns = ids.map(|(position, spec)| Column {
            name: spec.name.clone(),
            position,
            sample: Sample::default(),
        });
        Self { columns: columns.take(MOST_COLUMNS).collect(), ..Self::default() }
    }

    /// Sets how many records there were.
    pub(crate) fn count(&mut self, records: u64) {
        self.records = records;
    }

    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// Adds a record to the sample.
    pub(crate) fn record(&mut self, record: &Record<'_>) {
        self.sampled += 1;
        let Self { hasher, columns, .. } = self;
        for column in columns {
            let value = record.field(column.position).map(|field| field.value());
            match value.as_deref().map(trim) {
                None | Some(b"") => {}
                Some(value) => column.sample.insert(hasher.hash_one(value)),
            }
        }
    }

    /// Ends the sample: there are no more records.
    pub(crate) fn settle(&mut self) {
        self.columns.iter_mut().for_each(|column| column.sample.settle());
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Text> {
        self.columns.iter().map(|column| &column.name)
    }

    /// Whether the value is in each column, if its sample can show that.
    pub(crate) fn find(&self, value: &[u8]) -> impl Iterator<Item = Option<bool>> {
        let hash = self.hasher.hash_one(value);
        self.columns.iter().map(move |column| column.sample.find(hash))
    }
}

impl Sample {
    fn takes(&self, hash: u64) -> bool {
        hash.trailing_zeros() >= self.zeros
    }

    fn insert(&mut self, hash: u64) {
        if !self.takes(hash) {
            return;
        }
        self.hashes.push(hash);
        if self.hashes.len() >= 2 * MOST_VALUES {
            self.settle();
        }
    }

    /// Removes repeated hashes, and halves the sample until it is small enough.
    fn settle(&mut self) {
        self.hashes.sort_unstable();
        self.hashes.dedup();
        while self.hashes.len() > MOST_VALUES {
            self.zeros += 1;
            let zeros = self.zeros;
            self.hashes.retain(|hash| hash.trailing_zeros() >= zeros);
        }
    }

    fn find(&self, hash: u64) -> Option<bool> {
        self.takes(hash).then(|| self.hashes.binary_search(&hash).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_bounded_and_of_two_files_the_same() {
        let hasher = RandomState::default();
        let mut sample = Sample::default();
        let hash = |number: u64| hasher.hash_one(number);
        (0..1_000_000).map(hash).for_each(|hash| sample.insert(hash));
        sample.settle();
        assert!((MOST_VALUES / 3..=MOST_VALUES).contains(&sample.hashes.len()));
        let found = |numbers: std::ops::Range<u64>| {
            let found = numbers.filter_map(|number| sample.find(hash(number)));
            let found: Vec<_> = found.collect();
            (found.iter().filter(|found| **found).count(), found.len())
        };
        let (hits, asked) = found(500_000..600_000);
        assert!(hits == asked && asked > 20, "{hits} of {asked}");
        assert_eq!(found(2_000_000..2_100_000).0, 0);
    }
}
