//! Records of one batch that stand side by side and have the same number of fields: what is asked of
//! them is asked column by column, which costs far less than record by record.

use crate::batch::{Batch, Entry, FieldEnd};
use crate::keys::{First, Packed};
use crate::record::{Quoting, Record};
use crate::word::Word;

/// How many records there are in a stretch at most: a bit for each fits into a number.
pub(crate) const LONGEST: usize = 64;

/// Some records without faults, of one width.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    batch: &'a Batch,
    /// Which record of the batch is the first.
    first: usize,
    fields: &'a [FieldEnd],
    records: &'a [Entry],
    width: usize,
}

impl Batch {
    /// The records from `first` on that have `width` fields and no faults, as many as there are and
    /// as a stretch takes.
    pub(crate) fn stretch(&self, first: usize, width: usize) -> Stretch<'_> {
        let before = first.checked_sub(1).and_then(|before| self.records.get(before));
        let start = before.map_or(0, |before| before.fields as usize);
        let rest = self.records.get(first..).unwrap_or_default();
        let (mut fields, mut faults) = (start, before.map_or(0, |before| before.faults));
        let is_next = |record: &&Entry| {
            let is_right = record.fields as usize == fields + width && record.faults == faults;
            (fields, faults) = (record.fields as usize, record.faults);
            is_right
        };
        let length = rest.iter().take(LONGEST).take_while(is_next).count();
        Stretch {
            batch: self,
            first,
            fields: self.fields.get(start..start + length * width).unwrap_or_default(),
            records: rest.get(..length).unwrap_or_default(),
            width,
        }
    }
}

impl<'a> Stretch<'a> {
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn records(&self) -> &'a [Entry] {
        self.records
    }

    pub(crate) fn record(&self, index: usize) -> Option<Record<'a>> {
        self.records.get(index).and_then(|_| self.batch.record(self.first + index))
    }

    /// Where a field of a record is, if that shows without looking at what stands before it.
    #[inline]
    pub(crate) fn first(&self, record: usize, index: usize) -> Option<First> {
        let entry = self.records.get(record)?;
        let column = if let Some(before) = index.checked_sub(1) {
            let field = self.fields.get(record * self.width + before)?;
            let before = (field.end() + 1).checked_sub(entry.start as usize)?;
            (entry.is_plain && entry.is_one_line).then(|| u32::try_from(before + 1).ok())??
        } else {
            1
        };
        Some(First { line: entry.line, column })
    }

    /// The values of a column. One with doubled quotes inside stays as it stands in the file, so it
    /// looks like no value that is right.
    #[inline]
    pub(crate) fn column(&self, index: usize) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let bytes = &*self.batch.bytes;
        let records = self.fields.chunks_exact(self.width).zip(self.records);
        records.map(move |(fields, record)| {
            let before = index.checked_sub(1).and_then(|before| fields.get(before));
            let start = before.map_or(record.start as usize, |before| before.end() + 1);
            let Some(field) = fields.get(index) else { return Value::default() };
            let quotes = usize::from(field.quoting() == Quoting::Plain);
            Value { bytes, start: start + quotes, end: field.end() - quotes }
        })
    }
}

/// A value and where it is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Value<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Value<'a> {
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.end - self.start
    }

    /// Its bytes.
    #[inline]
    pub(crate) fn text(self) -> &'a [u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Its first byte and its last, if it is not empty.
    #[inline]
    pub(crate) fn ends(self) -> Option<(u8, u8)> {
        Some((*self.bytes.get(self.start)?, *self.bytes.get(self.end.checked_sub(1)?)?))
    }

    /// Itself as a key of a number's size, if it is one.
    #[inline]
    pub(crate) fn packed(self) -> Option<Packed> {
        match self.word()?.number() {
            Some(number) => Packed::of_digits(number, self.len()),
            None => Packed::new(self.text()),
        }
    }

    /// Itself as a word, if it is short enough.
    #[inline]
    pub(crate) fn word(self) -> Option<Word> {
        Word::at_start(self.bytes.get(self.start..)?, self.len())
    }
}
