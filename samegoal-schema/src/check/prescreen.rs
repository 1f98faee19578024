//! Looks at the records of a stretch before they are judged: which of them are right beyond doubt.
//!
//! It only looks: what it sees depends on nothing but the stretch, the header and the files before. So
//! several stretches may be looked at side by side, on as many threads as there are, and are judged in
//! their order afterwards.

mod columns;

use std::collections::VecDeque;

use fearless_simd::{Level, Simd, dispatch};

use crate::check::key::{LeftLooker, LinkLooker, Links};
use crate::check::keys::{Asker, Asks};
use crate::check::value::building::{PairHasher, PairHashes};
use crate::check::value::tally::Glance;
use crate::csv::Batch;
use crate::csv::RecordEnd;
use crate::csv::bits;
use crate::csv::block::{Ends, Sampled, Stretch};
pub(crate) use columns::Expectation;
#[cfg(test)]
pub(crate) use columns::is_text;

/// What is known of the file beforehand.
pub(crate) struct Looker<'r> {
    /// The name of the first column.
    pub(crate) name: &'r [u8],
    /// How records end, as far as it is known.
    pub(crate) end: Option<RecordEnd>,
    /// How many fields the header has.
    pub(crate) width: usize,
    pub(crate) columns: Vec<Expectation>,
    /// Whether there are columns of texts.
    pub(crate) has_texts: bool,
    /// The position of the key.
    pub(crate) key: Option<(usize, Asker)>,
    /// Who tells whose keys nothing is expected of.
    pub(crate) left: Option<LeftLooker<'r>>,
    pub(crate) links: Vec<LinkLooker<'r>>,
    pub(crate) pairs: Vec<PairHasher>,
}

/// What was seen of a stretch.
pub(crate) struct Look {
    /// The records that are odd as a whole, a bit for each.
    pub(crate) odd: u64,
    pub(crate) columns: Vec<Glance>,
    pub(crate) sampled: Sampled,
    /// They are many, and most files have none.
    pub(crate) keys: Option<Box<Asks>>,
    /// The records of those who have left, a bit for each.
    pub(crate) left: u64,
    pub(crate) links: Vec<Links>,
    pub(crate) pairs: Vec<PairHashes>,
}

impl Looker<'_> {
    /// What is seen of a stretch. In `ends` there may be anything.
    pub(crate) fn look(&self, stretch: &Stretch<'_>, ends: &mut Ends) -> Look {
        dispatch!(Level::new(), simd => self.look_with(simd, stretch, ends))
    }

    /// As [`look`](Self::look), with such instructions as the processor has.
    #[inline(always)]
    fn look_with<S: Simd>(&self, simd: S, stretch: &Stretch<'_>, ends: &mut Ends) -> Look {
        let sound = ends.take(stretch, self.width);
        let odd = self.odd(stretch, ends) | (!sound & stretch.all());
        let untidy = stretch.untidy();
        let glance = |column: &Expectation| column.glance(simd, stretch, ends, odd, untidy);
        let asks = |(position, asker): &(usize, Asker)| {
            Box::new(Asks::new(&ends.column(stretch, *position), asker))
        };
        Look {
            odd,
            columns: self.columns.iter().map(glance).collect(),
            sampled: if self.has_texts { stretch.sample(simd) } else { Sampled::default() },
            keys: self.key.as_ref().map(asks),
            left: self.left.map_or(0, |left| left.look(stretch, ends)),
            links: self.links.iter().map(|link| link.look(stretch, ends, odd)).collect(),
            pairs: self.pairs.iter().map(|pairs| pairs.look(simd, stretch, ends)).collect(),
        }
    }

    /// What is seen of the stretches of a batch, one after the other.
    pub(crate) fn looks(&self, batch: &Batch) -> VecDeque<Look> {
        let mut ends = Ends::default();
        batch.stretches(0).map(|stretch| self.look(&stretch, &mut ends)).collect()
    }

    #[inline(always)]
    fn odd(&self, stretch: &Stretch<'_>, ends: &Ends) -> u64 {
        let first = ends.column(stretch, 0);
        bits::of(stretch.records().iter().zip(first.values()).map(|(record, value)| {
            !record.is_harmless
                || self.end != Some(record.ends_in)
                || !value.text().first().is_some_and(u8::is_ascii_alphanumeric)
                || value.text() == self.name
        }))
    }
}
