//! Records of one batch that stand side by side: what is asked of them is asked column by column,
//! which costs far less than record by record.

use crate::batch::{Batch, Entry, FieldEnd};
use crate::bits;
use crate::keys::{First, Packed};
use crate::record::{Quoting, Record};
use crate::word::Word;

/// How many records there are in a stretch at most: a bit for each fits into a number.
pub(crate) const LONGEST: usize = 64;

/// Some records, whatever they are like.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    batch: &'a Batch,
    /// Which record of the batch is the first.
    first: usize,
    records: &'a [Entry],
}

impl Batch {
    /// The records from `first` on, as many at a time as a stretch takes.
    pub(crate) fn stretches(&self, first: usize) -> impl Iterator<Item = Stretch<'_>> {
        let records = self.records.get(first..).unwrap_or_default().chunks(LONGEST);
        let starts = (first..).step_by(LONGEST);
        starts.zip(records).map(|(first, records)| Stretch { batch: self, first, records })
    }
}

impl<'a> Stretch<'a> {
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The records, and whether each has `width` fields and no faults.
    pub(crate) fn records(&self, width: usize) -> impl Iterator<Item = (&'a Entry, bool)> {
        let mut before = self.before(0);
        self.records.iter().map(move |record| {
            let (fields, faults) = before;
            before = (record.fields, record.faults);
            (record, record.fields as usize == fields as usize + width && record.faults == faults)
        })
    }

    /// The records of which it did not show that each value begins and ends as texts do: a bit for each.
    pub(crate) fn untidy(&self) -> u64 {
        bits::of(self.records.iter().map(|record| !record.is_neat))
    }

    /// The value of a column in one record; see [`column`](Self::column).
    pub(crate) fn value(&self, record: usize, index: usize) -> Value<'a> {
        let records = self.records.get(record..).unwrap_or_default();
        let behind = Self { first: self.first + record, records, ..*self };
        behind.column(index).next().unwrap_or_default()
    }

    /// How many fields and faults of the batch are before a record.
    #[inline]
    fn before(&self, record: usize) -> (u32, u32) {
        let before = (self.first + record).checked_sub(1);
        let before = before.and_then(|before| self.batch.records.get(before));
        before.map_or((0, 0), |before| (before.fields, before.faults))
    }

    pub(crate) fn record(&self, index: usize) -> Option<Record<'a>> {
        self.records.get(index).and_then(|_| self.batch.record(self.first + index))
    }

    /// Where a field of a record is, if that shows without looking at what stands before it.
    #[inline]
    pub(crate) fn first(&self, record: usize, index: usize) -> Option<First> {
        let entry = self.records.get(record)?;
        let column = if index == 0 {
            1
        } else {
            let field = self.batch.fields.get(self.before(record).0 as usize + index - 1)?;
            let before = (field.end() + 1).checked_sub(entry.start as usize)?;
            (entry.is_plain && entry.is_one_line).then(|| u32::try_from(before + 1).ok())??
        };
        Some(First { line: entry.line, column })
    }

    /// The values of a column, anything where a record has no such field. One with doubled quotes
    /// inside stays as it stands in the file, so it looks like no value that is right.
    #[inline]
    pub(crate) fn column(&self, index: usize) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let (bytes, fields) = (&*self.batch.bytes, &*self.batch.fields);
        let mut first = self.before(0).0 as usize;
        self.records.iter().map(move |record| {
            let at = first + index;
            first = record.fields as usize;
            let Some(field) = fields.get(at) else { return Value::default() };
            let before = if index == 0 { None } else { fields.get(at.wrapping_sub(1)) };
            let start = before.map_or(record.start as usize, |before| before.end() + 1);
            Value::new(bytes, start, *field)
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
    /// That of a field, which starts at a place of the bytes.
    #[inline]
    fn new(bytes: &'a [u8], start: usize, field: FieldEnd) -> Self {
        let quotes = usize::from(field.quoting() == Quoting::Plain);
        Self { bytes, start: start + quotes, end: field.end() - quotes }
    }

    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.end.saturating_sub(self.start)
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
        Packed::of(self.word()?, || self.text())
    }

    /// Itself as a word, if it is short enough.
    #[inline]
    pub(crate) fn word(self) -> Option<Word> {
        Word::at_start(self.bytes.get(self.start..)?, self.len())
    }
}
