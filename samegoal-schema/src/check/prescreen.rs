//! The fast path: which values of a block of records need a check.
//!
//! # Two paths
//!
//! Nearly every value of nearly every file is right. So a record takes one of two paths:
//!
//! ```text
//! bytes ─► SIMD records ─► blocks of 64 ─► prescreen ──┬─► right ───► counted, done
//!      └─► grammar ───────┘                            └─► suspect ─► checked, reported
//! ```
//!
//! - The *prescreen* looks at a block column by column, with a few instructions a value. It returns
//!   a bit for each record: 1 if the value is suspect.
//! - The *checks* look at the suspect values only, one record after the other.
//!
//! The prescreen may be too suspicious, never too trusting. A suspect value that is right costs some
//! time. A wrong value that passes is never seen again. So whoever gives a rule something new to
//! report makes the prescreen suspect it.
//!
//! The prescreen depends on nothing but the block, the header and the files before. So blocks are
//! screened on all threads, in any order; the checks run on one thread, in the order of the file.
//! What a column counts comes as a [tally](ScreenedColumn) with the bits. The findings are the same
//! for any number of threads.
//!
//! # From bytes to suspects
//!
//! 1. [`simd_records`](crate::csv) compares 64 bytes at once and gets a bit for each byte. Its page
//!    draws a chunk. The result is where fields and records end, and the
//!    [state](crate::csv::batch::Entry) of each record.
//! 2. [`FieldEnds`] turns the ends of the fields of a block on their side: a column of 64 starts and
//!    64 lengths. A question about lengths takes four comparisons of 16.
//! 3. A record whose state is [irregular](Screened::irregular) is checked as a whole.
//! 4. In the other records each [`ColumnScreen`] asks what its kind of column needs. A text with clean
//!    edges needs no question at all.
//!
//! # What each trick brings
//!
//! Seconds differ from run to run, so small changes are counted in instructions: here those of a lint of
//! an epoch of 5 MB, as `.ci/instructions.sh` does it.
//!
//! | Trick | Reason | Figure |
//! |---|---|---|
//! | the best vector instructions at run time, 16 chunks compared ahead, columns on their side | no branch on what the bytes are | students.csv, one thread: 1.33 to 0.80 times a bare `csv` loop |
//! | blocks screened on all threads | only the checks must keep the order | two threads: 0.50 times the bare loop, one thread: 0.82 |
//! | characters that hardly any value has are searched in the first 1,024 lines, then in one line of 16 | they show in a sample | 109.0 to 106.2 million |
//! | pairs of buildings are hashed here, and looked up in order | hashing needs no order | 104.0 to 103.2 million |
//! | what the SIMD reader leaves goes to the grammar, not to a second reader | one way less to read a record | −0.4 %; +2.8 % with many line breaks in quotes |
//!
//! The price: a file with a fault in each record takes 1.8 times as long as a clean one.

mod columns;

use std::collections::VecDeque;

use fearless_simd::{Level, Simd, dispatch};

use crate::check::key::{LeftScreen, LinkScreen, ScreenedLinks};
use crate::check::keys::{HashedKeys, KeyHasher};
use crate::check::printed;
use crate::check::value::building::{PairHasher, PairHashes};
use crate::check::value::tally::ScreenedColumn;
use crate::check::value::{PYTHON, UNUSUAL};
use crate::csv::block::{Block, FieldEnds, Sampled};
use crate::csv::{Batch, Terminator, bits};
pub(crate) use columns::ColumnScreen;
#[cfg(test)]
pub(crate) use columns::is_text;

/// What is known of a file before its records.
pub(crate) struct Prescreen<'r> {
    /// The name of the first column.
    pub(crate) name: &'r [u8],
    /// How records end, as far as it is known.
    pub(crate) end: Option<Terminator>,
    /// How many fields the header has.
    pub(crate) width: usize,
    pub(crate) columns: Vec<ColumnScreen>,
    /// Whether there are text columns.
    pub(crate) has_texts: bool,
    /// The position of the key.
    pub(crate) key: Option<(usize, KeyHasher)>,
    /// Finds the students who have left. Nothing must refer to their keys.
    pub(crate) left: Option<LeftScreen<'r>>,
    pub(crate) links: Vec<LinkScreen<'r>>,
    pub(crate) pairs: Vec<PairHasher>,
}

/// The result for one block.
pub(crate) struct Screened {
    /// The records that need a check as a whole, a bit for each: another width or line end, a fault, a
    /// character beyond western Europe, an unusual first byte, or the header again.
    pub(crate) irregular: u64,
    pub(crate) columns: Vec<ScreenedColumn>,
    pub(crate) sampled: Sampled,
    /// In a box: they are large, and most files have none.
    pub(crate) keys: Option<Box<HashedKeys>>,
    /// The records of students who have left, a bit for each.
    pub(crate) left: u64,
    pub(crate) links: Vec<ScreenedLinks>,
    pub(crate) pairs: Vec<PairHashes>,
}

impl Prescreen<'_> {
    /// Screens a block. `ends` is room that is used again.
    pub(crate) fn screen(&self, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        dispatch!(Level::new(), simd => self.screen_with(simd, block, ends))
    }

    /// As [`screen`](Self::screen), with the best instructions of the processor.
    #[inline(always)]
    fn screen_with<S: Simd>(&self, simd: S, block: &Block<'_>, ends: &mut FieldEnds) -> Screened {
        let well_formed = ends.take(block, self.width);
        let irregular = self.irregular(block, ends) | (!well_formed & block.all());
        let unclean = block.unclean();
        // In loops and not in closures: only what is inlined here gets these instructions.
        let mut columns = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            columns.push(column.screen(simd, block, ends, irregular, unclean));
        }
        let mut sampled = Sampled::default();
        if self.has_texts {
            sampled = block.sample(simd, UNUSUAL, PYTHON);
        }
        let hashed = |(position, hasher): &(usize, KeyHasher)| {
            Box::new(HashedKeys::new(&ends.column(block, *position), hasher))
        };
        Screened {
            irregular,
            columns,
            sampled,
            keys: self.key.as_ref().map(hashed),
            left: self.left.map_or(0, |left| left.screen(block, ends)),
            links: self.links.iter().map(|link| link.screen(block, ends, irregular)).collect(),
            pairs: self.pairs.iter().map(|pairs| pairs.screen(simd, block, ends)).collect(),
        }
    }

    /// Screens the blocks of a batch in order.
    pub(crate) fn screen_batch(&self, batch: &Batch) -> VecDeque<Screened> {
        let mut ends = FieldEnds::default();
        batch.blocks(0).map(|block| self.screen(&block, &mut ends)).collect()
    }

    #[inline(always)]
    fn irregular(&self, block: &Block<'_>, ends: &FieldEnds) -> u64 {
        let first = ends.column(block, 0);
        bits::of(block.records().iter().zip(first.values()).map(|(record, value)| {
            let text = value.text();
            !record.is_western
                || self.end != Some(record.ends_in)
                || !text.first().is_some_and(u8::is_ascii_alphanumeric)
                || text == self.name
                || printed::may_be_printed(text)
        }))
    }
}
