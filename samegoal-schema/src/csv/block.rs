//! Blocks of up to 64 records, for questions column by column.
//!
//! 64, because the answer for a block is then a number with a bit for each record. Whole columns are
//! combined by one `&` or `|`, and the records of interest are the set bits.
//!
//! ```text
//! batch.fields, one record after the other     FieldEnds, one column after the other
//! 1001| Okafor| Ada|                           1001| 1002| 1003| ...
//! 1002| Nguyen| Linh|                   ──►    Okafor| Nguyen| Ngo| ...
//! 1003| Ngo| Bao|                              Ada| Linh| Bao| ...
//! ```
//!
//! A field starts behind the end of the field before it. So each column is two lists of ends, its own
//! and that of the column before; in front of the first column stand the ends right before the records.

use std::ops::RangeInclusive;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u32x16};

use crate::csv::batch::{Batch, Entry};
use crate::csv::field::FieldEnd;
use crate::csv::record::Record;
use crate::csv::{bits, simd};
use crate::text::short::{self, ShortText};

/// How many records a block has at most: a bit for each fits into a number.
pub(crate) const BLOCK_LEN: usize = 64;

/// Some records that follow one another.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    batch: &'a Batch,
    /// Which record of the batch is the first.
    first: usize,
    records: &'a [Entry],
}

impl Batch {
    /// The records from `first` on, in blocks.
    pub(crate) fn blocks(&self, first: usize) -> impl Iterator<Item = Block<'_>> {
        let records = self.records.get(first..).unwrap_or_default().chunks(BLOCK_LEN);
        let starts = (first..).step_by(BLOCK_LEN);
        starts.zip(records).map(|(first, records)| Block { batch: self, first, records })
    }
}

impl<'a> Block<'a> {
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn records(&self) -> &'a [Entry] {
        self.records
    }

    /// A bit for each record.
    #[inline]
    pub(crate) fn all(&self) -> u64 {
        u64::MAX >> (BLOCK_LEN - self.records.len().clamp(1, BLOCK_LEN))
    }

    /// The records without clean edges, a bit for each.
    pub(crate) fn unclean(&self) -> u64 {
        bits::of(self.records.iter().map(|record| !record.has_clean_edges))
    }

    /// Searches the records of the sample for `unusual` bytes and an unusual `pair` of bytes.
    #[inline(always)]
    pub(crate) fn sample<S: Simd, const COUNT: usize>(
        &self,
        simd: S,
        unusual: [u8; COUNT],
        pair: [u8; 2],
    ) -> Sampled {
        let mut sampled = Sampled::default();
        for (index, record) in self.records.iter().enumerate() {
            if is_sampled(record.line) {
                let bytes = self.batch.bytes.get(record.start as usize..record.end as usize);
                let is_unusual = simd::has_any(simd, bytes.unwrap_or_default(), unusual, pair);
                sampled.unusual |= u64::from(is_unusual) << index;
                sampled.has_high |= !record.is_ascii;
            }
        }
        sampled
    }

    pub(crate) fn record(&self, index: usize) -> Option<Record<'a>> {
        self.records.get(index).and_then(|_| self.batch.record(self.first + index))
    }

    /// The line and the column of a field, if they show without a look at the bytes before it.
    #[inline]
    pub(crate) fn place(&self, record: usize, index: usize) -> Option<(u64, u32)> {
        let entry = self.records.get(record)?;
        let column = if index == 0 {
            1
        } else {
            let field = self
                .batch
                .fields
                .get(self.batch.before(self.first + record).0 as usize + index - 1)?;
            let before = (field.end() + 1).checked_sub(entry.start as usize)?;
            (entry.is_ascii && entry.is_one_line).then(|| u32::try_from(before + 1).ok())??
        };
        Some((entry.line, column))
    }
}

/// What the sample of a block shows.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sampled {
    /// The records with characters that hardly any value has, a bit for each.
    pub(crate) unusual: u64,
    /// Whether one has a character beyond ASCII.
    pub(crate) has_high: bool,
}

/// Where the fields of a block end, column by column. The room is used again.
#[derive(Default)]
pub(crate) struct FieldEnds {
    /// The first is that of a field that would end right before each record.
    columns: Vec<[FieldEnd; BLOCK_LEN]>,
}

impl FieldEnds {
    /// Takes in a block; returns which of its records have `width` fields and no faults, a bit for
    /// each. The fields of the others are empty.
    #[inline(always)]
    pub(crate) fn take(&mut self, block: &Block<'_>, width: usize) -> u64 {
        self.columns.resize(width + 1, [FieldEnd::default(); BLOCK_LEN]);
        let (mut first, mut faults) = block.batch.before(block.first);
        let mut well_formed = 0;
        for (index, record) in block.records.iter().enumerate().take(BLOCK_LEN) {
            let fields = block.batch.fields.get(first as usize..record.fields as usize);
            let fields = fields.filter(|fields| fields.len() == width && record.faults == faults);
            (first, faults) = (record.fields, record.faults);
            well_formed |= u64::from(fields.is_some()) << index;
            let mut columns = self.columns.iter_mut().filter_map(|column| column.get_mut(index));
            if let Some(before) = columns.next() {
                *before = FieldEnd::before(record.start as usize);
            }
            match fields {
                Some(fields) => columns.zip(fields).for_each(|(end, field)| *end = *field),
                None => columns.for_each(|end| *end = FieldEnd::default()),
            }
        }
        well_formed
    }

    /// Where the values of a column are.
    #[inline(always)]
    pub(crate) fn column<'a>(&self, block: &Block<'a>, index: usize) -> Column<'a> {
        let mut column =
            Column { bytes: &block.batch.bytes, starts: [0; BLOCK_LEN], lengths: [0; BLOCK_LEN] };
        let ends = self.columns.get(index).zip(self.columns.get(index + 1));
        let Some((before, ends)) = ends else { return column };
        let places = column.starts.iter_mut().zip(&mut column.lengths);
        for ((start, length), (before, end)) in places.zip(before.iter().zip(ends)) {
            (*start, *length) = end.value_behind(*before);
        }
        column
    }
}

/// Where the values of one column of a block are. Behind its last record there may be anything.
pub(crate) struct Column<'a> {
    bytes: &'a [u8],
    starts: [u32; BLOCK_LEN],
    lengths: [u32; BLOCK_LEN],
}

impl<'a> Column<'a> {
    /// The records whose value is longer than this, a bit for each.
    #[inline(always)]
    pub(crate) fn longer<S: Simd>(&self, simd: S, length: u32) -> u64 {
        let (lengths, _) = self.lengths.as_chunks::<16>();
        lengths.iter().rev().fold(0, |bits, lengths| {
            bits << 16 | u32x16::from_slice(simd, lengths).simd_gt(length).to_bitmask()
        })
    }

    /// The records whose value is as long as that, a bit for each.
    #[inline(always)]
    pub(crate) fn within<S: Simd>(&self, simd: S, lengths: &RangeInclusive<usize>) -> u64 {
        let longer = |length: usize| self.longer(simd, u32::try_from(length).unwrap_or(u32::MAX));
        let least = lengths.start().checked_sub(1).map_or(u64::MAX, longer);
        least & !longer(*lengths.end())
    }

    #[inline]
    pub(crate) fn length(&self, record: usize) -> u32 {
        self.lengths.get(record).copied().unwrap_or_default()
    }

    #[inline(always)]
    pub(crate) fn values(&self) -> impl Iterator<Item = Value<'a>> {
        let places = self.starts.iter().zip(&self.lengths);
        let bytes = self.bytes;
        places.map(move |(start, length)| Value::new(bytes, *start, *length))
    }

    #[inline(always)]
    pub(crate) fn value(&self, record: usize) -> Value<'a> {
        let place = self.starts.get(record).zip(self.lengths.get(record));
        place.map_or(Value::default(), |(start, length)| Value::new(self.bytes, *start, *length))
    }
}

/// A value and where it is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Value<'a> {
    bytes: &'a [u8],
    start: usize,
    length: usize,
}

impl<'a> Value<'a> {
    #[inline(always)]
    fn new(bytes: &'a [u8], start: u32, length: u32) -> Self {
        Self { bytes, start: start as usize, length: length as usize }
    }

    #[inline]
    pub(crate) fn text(self) -> &'a [u8] {
        self.bytes.get(self.start..self.start + self.length).unwrap_or_default()
    }

    /// Its first byte and its last, if it is not empty.
    #[inline]
    pub(crate) fn ends(self) -> Option<(u8, u8)> {
        Some((*self.text().first()?, *self.text().last()?))
    }

    /// Whether it has sixteen bytes at most, and `which` picks all of them.
    #[inline(always)]
    pub(crate) fn is_all(self, which: impl Fn([u8; short::LONGEST]) -> u64) -> bool {
        (!which(self.head())).trailing_zeros() as usize >= self.length
    }

    #[inline(always)]
    pub(crate) fn short_text(self) -> Option<ShortText> {
        ShortText::at_start(self.head(), self.length)
    }

    /// Its first bytes and whatever follows.
    #[inline(always)]
    fn head(self) -> [u8; short::LONGEST] {
        let head = self.bytes.get(self.start..self.start + short::LONGEST);
        match head.and_then(|head| head.first_chunk()) {
            Some(head) => *head,
            None => short::padded(self.bytes.get(self.start..).unwrap_or_default()),
        }
    }
}

/// Whether the record on a line is in the sample: by its line, so that it does not depend on how a
/// file is read.
fn is_sampled(line: u64) -> bool {
    /// How many lines are all in the sample. Behind them, it takes every 16th line.
    const WHOLE: u64 = 1024;
    line <= WHOLE || line.is_multiple_of(16)
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};

    use super::*;
    use crate::csv::batcher::Batcher;
    use crate::csv::field::Quoting;

    #[test]
    fn values_are_the_same_by_column_and_one_by_one() {
        let mut file = b"a,b,c\n".to_vec();
        for number in 0..200 {
            let record = match number % 7 {
                0 => format!("{number},\"x, y\",\n"),
                1 => format!(",\"\",{number}\r\n"),
                2 => "too,few\n".to_owned(),
                3 => format!("\"{number}\",a \"quote\",c\n"),
                4 => format!("\"{number}\"\"\",José,\"c\"\n"),
                _ => format!("{number},{},{}\n", "b".repeat(number), "c".repeat(number % 20)),
            };
            file.extend(record.as_bytes());
        }
        let mut batcher = Batcher::new(&*file, 1 << 20);
        let (mut batch, mut ends) = (Batch::default(), FieldEnds::default());
        assert!(batcher.next_batch(&mut batch).unwrap());
        for block in batch.blocks(0) {
            let well_formed = ends.take(&block, 3);
            for (column, length) in (0..3).zip([1, 70, 19]) {
                let values = ends.column(&block, column);
                let longer = |level| dispatch!(level, simd => values.longer(simd, length));
                assert_eq!(longer(Level::new()), longer(Level::baseline()));
                for record in 0..block.len() {
                    let is_well_formed = well_formed >> record & 1 == 1;
                    let whole = block.record(record).unwrap();
                    assert_eq!(is_well_formed, whole.len() == 3 && whole.faults.is_empty());
                    let alone = whole.field(column).filter(|_| is_well_formed);
                    let expected = alone.map_or(&b""[..], |field| match field.quoting() {
                        Quoting::Plain => &field.raw()[1..field.raw().len() - 1],
                        _ => field.raw(),
                    });
                    assert_eq!(values.value(record).text(), expected);
                    let is_longer = longer(Level::new()) >> record & 1 == 1;
                    assert_eq!(is_longer, expected.len() > length as usize);
                    assert_eq!(values.values().nth(record).unwrap().text(), expected);
                }
            }
        }
    }
}
