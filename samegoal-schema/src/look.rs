//! Looks at the records of a stretch before they are judged: which of them are right beyond doubt.
//!
//! It only looks: what it sees depends on nothing but the stretch, the header and the files before. So
//! several stretches may be looked at side by side, on as many threads as there are, and are judged in
//! their order afterwards.

use std::collections::VecDeque;

use crate::batch::Batch;
use crate::bits;
use crate::check::key::{LinkLooker, Links};
use crate::check::value::{Expectation, Glance};
use crate::keys::{Asker, Asks};
use crate::record::RecordEnd;
use crate::stretch::Stretch;

/// What is known of the file beforehand.
pub(crate) struct Looker<'r> {
    /// The name of the first column.
    pub(crate) name: &'r [u8],
    /// How records end, as far as it is known.
    pub(crate) end: Option<RecordEnd>,
    /// How many fields the header has.
    pub(crate) width: usize,
    pub(crate) columns: Vec<Expectation>,
    /// The position of the key.
    pub(crate) key: Option<(usize, Asker)>,
    pub(crate) links: Vec<LinkLooker<'r>>,
}

/// What was seen of a stretch.
pub(crate) struct Look {
    /// The records that are odd as a whole, a bit for each.
    pub(crate) odd: u64,
    pub(crate) columns: Vec<Glance>,
    /// They are many, and most files have none.
    pub(crate) keys: Option<Box<Asks>>,
    pub(crate) links: Vec<Links>,
}

impl Looker<'_> {
    pub(crate) fn look(&self, stretch: &Stretch<'_>) -> Look {
        let odd = self.odd(stretch);
        let untidy = stretch.untidy();
        let key = self.key.as_ref();
        Look {
            odd,
            columns: self
                .columns
                .iter()
                .map(|column| column.glance(stretch, odd, untidy))
                .collect(),
            keys: key.map(|(position, asker)| Box::new(Asks::new(stretch, *position, asker))),
            links: self.links.iter().map(|link| link.look(stretch, odd)).collect(),
        }
    }

    /// What is seen of the stretches of a batch, one after the other.
    pub(crate) fn looks(&self, batch: &Batch) -> VecDeque<Look> {
        batch.stretches(0).map(|stretch| self.look(&stretch)).collect()
    }

    fn odd(&self, stretch: &Stretch<'_>) -> u64 {
        let records = stretch.records(self.width).zip(stretch.column(0));
        bits::of(records.map(|((record, is_sound), value)| {
            !is_sound
                || !record.is_harmless
                || self.end != Some(record.ends_in)
                || !value.text().first().is_some_and(u8::is_ascii_alphanumeric)
                || value.text() == self.name
        }))
    }
}
