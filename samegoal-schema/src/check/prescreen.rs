//! Looks at the records of a block before they are judged: which of them are right beyond doubt.
//!
//! It only looks: what it sees depends on nothing but the block, the header and the files before. So
//! several blocks may be looked at side by side, on as many threads as there are, and are judged in
//! their order afterwards.

mod columns;

use std::collections::VecDeque;

use fearless_simd::{Level, Simd, dispatch};

use crate::check::key::{LeftScreen, LinkScreen, ScreenedLinks};
use crate::check::keys::{HashedKeys, KeyHasher};
use crate::check::value::building::{PairHasher, PairHashes};
use crate::check::value::tally::ScreenedColumn;
use crate::csv::Batch;
use crate::csv::Terminator;
use crate::csv::bits;
use crate::csv::block::{Block, FieldEnds, Sampled};
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
    pub(crate) irregular: u64,
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
    pub(crate) fn screen(&self, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        dispatch!(Level::new(), simd => self.screen_with(simd, block, ends))
    }

    /// As [`look`](Self::look), with such instructions as the processor has.
    #[inline(always)]
    fn screen_with<S: Simd>(&self, simd: S, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        let well_formed = ends.take(block, self.width);
        let irregular = self.irregular(block, ends) | (!well_formed & block.all());
        let unclean = block.unclean();
        let screen = |column: &ColumnScreen| column.screen(simd, block, ends, irregular, unclean);
        let hashed = |(position, hasher): &(usize, KeyHasher)| {
            Box::new(HashedKeys::new(&ends.column(block, *position), hasher))
        };
        Screened {
            irregular,
            columns: self.columns.iter().map(screen).collect(),
            sampled: if self.has_texts { block.sample(simd) } else { Sampled::default() },
            keys: self.key.as_ref().map(hashed),
            left: self.left.map_or(0, |left| left.screen(block, ends)),
            links: self.links.iter().map(|link| link.screen(block, ends, irregular)).collect(),
            pairs: self.pairs.iter().map(|pairs| pairs.screen(simd, block, ends)).collect(),
        }
    }

    /// What is seen of the blocks of a batch, one after the other.
    pub(crate) fn screen_batch(&self, batch: &Batch) -> VecDeque<Screened> {
        let mut ends = FieldEnds::default();
        batch.blocks(0).map(|block| self.screen(&block, &mut ends)).collect()
    }

    #[inline(always)]
    fn irregular(&self, block: &Block<'_>, ends: &FieldEnds) -> u64 {
        let first = ends.column(block, 0);
        bits::of(block.records().iter().zip(first.values()).map(|(record, value)| {
            !record.is_western
                || self.end != Some(record.ends_in)
                || !value.text().first().is_some_and(u8::is_ascii_alphanumeric)
                || value.text() == self.name
        }))
    }
}
