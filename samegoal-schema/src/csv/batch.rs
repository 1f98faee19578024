//! Records that were read together.

use crate::csv::buffer::Buffer;
use crate::csv::field::{Fault, FieldEnd};
use crate::csv::record::{Record, Terminator};

/// Records and their bytes. It is used again and again, so that reading allocates nothing in the
/// long run.
#[derive(Default)]
pub(crate) struct Batch {
    pub(crate) bytes: Buffer,
    /// Where in the file the bytes start.
    pub(crate) offset: u64,
    /// The row of the first record.
    pub(crate) row: u64,
    pub(crate) fields: Vec<FieldEnd>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) records: Vec<Entry>,
}

/// One record of a batch. Its fields and faults start where those of the record before end.
///
/// The states of a record. Only the SIMD reader finds clean edges; a record from the grammar has none.
///
/// | State | True if | Then |
/// |---|---|---|
/// | `is_ascii` | all bytes are printable ASCII, tabs or line ends | bytes are characters |
/// | `is_western` | the same, or single letters of western Europe as in `José` | nothing is invisible, invalid or garbled |
/// | `has_clean_edges` | each value begins and ends like a text and is no null word | its texts need no question |
/// | `is_one_line` | no line end is in quotes | the line of a field is that of the record |
///
/// Two more depend on the header: a record is *well-formed* if it has the header's width and no
/// fault, and *irregular* if it must be [checked as a whole](crate::check::prescreen).
#[expect(clippy::struct_excessive_bools, reason = "each says something else")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) line: u64,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) fields: u32,
    pub(crate) faults: u32,
    pub(crate) ends_in: Terminator,
    pub(crate) is_ascii: bool,
    pub(crate) is_western: bool,
    pub(crate) has_clean_edges: bool,
    pub(crate) is_one_line: bool,
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn clear(&mut self) {
        self.fields.clear();
        self.faults.clear();
        self.records.clear();
    }

    /// How many fields and faults are before a record.
    #[inline]
    pub(crate) fn before(&self, index: usize) -> (u32, u32) {
        let before = index.checked_sub(1).and_then(|before| self.records.get(before));
        before.map_or((0, 0), |before| (before.fields, before.faults))
    }

    #[inline]
    pub(crate) fn record(&self, index: usize) -> Option<Record<'_>> {
        self.record_in(&self.bytes, index)
    }

    /// The same of a batch whose bytes are still in the reader.
    #[inline]
    pub(crate) fn record_in<'a>(&'a self, bytes: &'a [u8], index: usize) -> Option<Record<'a>> {
        let entry = self.records.get(index)?;
        let (fields, faults) = self.before(index);
        Some(Record {
            bytes: bytes.get(entry.start as usize..entry.end as usize)?,
            fields: self.fields.get(fields as usize..entry.fields as usize)?,
            faults: self.faults.get(faults as usize..entry.faults as usize)?,
            start: entry.start as usize,
            line: entry.line,
            row: self.row + index as u64,
            number: None,
            offset: self.offset + u64::from(entry.start),
            end: entry.ends_in,
            is_ascii: entry.is_ascii,
            is_western: entry.is_western,
            is_one_line: entry.is_one_line,
        })
    }
}
