//! Looks at the records of a block before they are judged: which of them are right beyond doubt.
//!
//! It only looks: what it sees depends on nothing but the block, the header and the files before. So
//! several blocks may be looked at side by side, on as many threads as there are, and are judged in
//! their order afterwards.

mod columns;

use std::collections::VecDeque;

use fearless_simd::{Level, Simd, dispatch};

use crate::check::key::{LeftScreen, LinkScreen, ScreenedLinks};
use crate::check::keys::{KeyHasher, HashedKeys};
use crate::check::value::building::{PairHasher, PairHashes};
use crate::check::value::tally::ScreenedColumn;
use crate::csv::Batch;
use crate::csv::Terminator;
use crate::csv::bits;
use crate::csv::block::{FieldEnds, Sampled, Block};
pub(crate) use columns::ColumnScreen;
#[cfg(test)]
pub(crate) use columns::is_text;

/// What is known of the file beforehand.
pub(crate) struct Prescreen<'r> {
    /// The name of the first column.
    pub(crate) name: &'r [u8],
    /// How records end, as far as it is known.
    pub(crate) end: Option<Terminator>,
    /// How many fields the header has.
    pub(crate) width: usize,
    pub(crate) columns: Vec<ColumnScreen>,
    /// Whether there are columns of texts.
    pub(crate) has_texts: bool,
    /// The position of the key.
    pub(crate) key: Option<(usize, KeyHasher)>,
    /// Who tells whose keys nothing is expected of.
    pub(crate) left: Option<LeftScreen<'r>>,
    pub(crate) links: Vec<LinkScreen<'r>>,
    pub(crate) pairs: Vec<PairHasher>,
}

/// What was seen of a block.
pub(crate) struct Screened {
    /// The records that are odd as a whole, a bit for each.
    pub(crate) odd: u64,
    pub(crate) columns: Vec<ScreenedColumn>,
    pub(crate) sampled: Sampled,
    /// They are many, and most files have none.
    pub(crate) keys: Option<Box<HashedKeys>>,
    /// The records of those who have left, a bit for each.
    pub(crate) left: u64,
    pub(crate) links: Vec<ScreenedLinks>,
    pub(crate) pairs: Vec<PairHashes>,
}

impl Prescreen<'_> {
    /// What is seen of a block. In `ends` there may be anything.
    pub(crate) fn look(&self, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        dispatch!(Level::new(), simd => self.look_with(simd, block, ends))
    }

    /// As [`look`](Self::look), with such instructions as the processor has.
    #[inline(always)]
    fn look_with<S: Simd>(&self, simd: S, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        let sound = ends.take(block, self.width);
        let odd = self.odd(block, ends) | (!sound & block.all());
        let untidy = block.untidy();
        let glance = |column: &ColumnScreen| column.glance(simd, block, ends, odd, untidy);
        let hashed = |(position, hasher): &(usize, KeyHasher)| {
            Box::new(HashedKeys::new(&ends.column(block, *position), hasher))
        };
        Screened {
            odd,
            columns: self.columns.iter().map(glance).collect(),
            sampled: if self.has_texts { block.sample(simd) } else { Sampled::default() },
            keys: self.key.as_ref().map(hashed),
            left: self.left.map_or(0, |left| left.look(block, ends)),
            links: self.links.iter().map(|link| link.look(block, ends, odd)).collect(),
            pairs: self.pairs.iter().map(|pairs| pairs.look(simd, block, ends)).collect(),
        }
    }

    /// What is seen of the blocks of a batch, one after the other.
    pub(crate) fn looks(&self, batch: &Batch) -> VecDeque<Screened> {
        let mut ends = FieldEnds::default();
        batch.blocks(0).map(|block| self.look(&block, &mut ends)).collect()
    }

    #[inline(always)]
    fn odd(&self, block: &Block<'_>, ends: &FieldEnds) -> u64 {
        let first = ends.column(block, 0);
        bits::of(block.records().iter().zip(first.values()).map(|(record, value)| {
            !record.is_harmless
                || self.end != Some(record.ends_in)
                || !value.text().first().is_some_and(u8::is_ascii_alphanumeric)
                || value.text() == self.name
        }))
    }
}
