//! Judges the records of a file whose header is known.

use crate::batch::Batch;
use crate::check::bytes::{self, ByteCheck};
use crate::check::key::{KeyCheck, LinkCheck};
use crate::check::line_end::LineEndCheck;
use crate::check::shape::{self, WidthCheck};
use crate::check::value::ValueCheck;
use crate::check::{foreign, quote};
use crate::finding::Sink;
use crate::keys::KeyIndex;
use crate::model::Text;
use crate::scan::{self, Field, Record};
use crate::sheet::{Row, Sheet};

/// How many records are looked up together: while one waits for memory, the others do too.
const TOGETHER: usize = 64;

/// What is asked of each record, and what was seen so far.
pub(crate) struct Judge<'r, 's, 'k> {
    pub(crate) sheet: &'r Sheet<'s>,
    /// What the header says, to know it again among the records.
    pub(crate) header: &'r [Box<[u8]>],
    pub(crate) line_ends: &'r mut LineEndCheck,
    pub(crate) bytes: &'r mut ByteCheck,
    pub(crate) widths: WidthCheck,
    pub(crate) values: ValueCheck<'s, 'r>,
    /// The key column and its check.
    pub(crate) keys: Option<(Text, KeyCheck)>,
    pub(crate) links: Vec<LinkCheck<'s, 'k>>,
    pub(crate) sink: &'r mut dyn Sink,
    pub(crate) seen: Seen,
}

/// What there was.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    /// Records, blank lines not counted.
    pub(crate) records: u64,
    /// Those of them that could not be taken apart.
    pub(crate) broken: u64,
    /// Whether the sink closed before the end.
    pub(crate) is_cut_short: bool,
}

impl Judge<'_, '_, '_> {
    /// Judges the records of a batch from `first` on; answers whether to go on.
    pub(crate) fn batch(&mut self, batch: &Batch, first: usize) -> bool {
        let mut from = first;
        while from < batch.len() {
            let to = batch.len().min(from + TOGETHER);
            let records = || (from..to).filter_map(|index| batch.record(index));
            if let Some((_, keys)) = &self.keys {
                keys.expect(records());
            }
            for link in &self.links {
                link.expect(records());
            }
            for record in records() {
                if self.sink.is_closed() {
                    self.seen.is_cut_short = true;
                    return false;
                }
                self.record(record);
            }
            from = to;
        }
        true
    }

    fn record(&mut self, record: Record<'_>) {
        let sheet = self.sheet;
        if record.is_blank() {
            let row = Row { record, number: None };
            if !self.line_ends.is_half_of_end(&row) {
                shape::blank_line(sheet, &row, self.sink);
            }
            self.line_ends.record(sheet, &row, self.sink);
            return;
        }
        if !record.is_plain() && bytes::is_all_unseen(record.bytes()) {
            let row = Row { record, number: None };
            self.line_ends.record(sheet, &row, self.sink);
            self.bytes.record(sheet, &row, self.sink);
            return;
        }
        self.seen.records += 1;
        let row = Row { record, number: Some(self.seen.records) };
        self.line_ends.record(sheet, &row, self.sink);
        if is_header(&record, self.header) {
            shape::repeated_header(sheet, &row, self.sink);
            return;
        }
        let mut spoilt = self.bytes.record(sheet, &row, self.sink);
        let is_sound = if !record.faults().is_empty() {
            quote::check(sheet, &row, self.sink);
            if !spoilt.has_nul {
                shape::oversized(sheet, &row, self.sink);
            }
            false
        } else if spoilt.has_nul && record.len() != sheet.width() {
            false
        } else {
            self.widths.record(sheet, &row, self.sink)
        };
        if !is_sound {
            self.seen.broken += 1;
            if let Some((_, keys)) = &mut self.keys {
                keys.excuse(&row);
            }
            for link in &mut self.links {
                link.excuse(&row);
            }
            return;
        }
        self.values.record(sheet, &row, &mut spoilt, self.sink);
        if let Some((_, keys)) = &mut self.keys {
            keys.record(sheet, &row, &spoilt, self.sink);
        }
        for link in &mut self.links {
            link.record(sheet, &row, &spoilt, self.sink);
        }
    }

    /// Reports what can be told of the whole file only; answers what there was, and the keys.
    pub(crate) fn finish(mut self) -> (Seen, Option<(Text, KeyIndex)>) {
        self.widths.finish(self.sheet, self.sink);
        self.values.finish(self.sink);
        if self.seen.records > 0 && !self.seen.is_cut_short {
            for link in self.links {
                link.finish(self.sink);
            }
        }
        (self.seen, self.keys.map(|(column, keys)| (column, keys.index)))
    }
}

/// Whether a record says what the header says, the mark of a file that was joined to it aside.
fn is_header(record: &Record<'_>, header: &[Box<[u8]>]) -> bool {
    let is_name = |field: Field<'_>, name: &[u8]| {
        let value = field.value();
        // Behind a mark the quotes are no longer those of a field.
        let joined = value.strip_prefix(scan::MARK).map(foreign::unquoted);
        *value == *name || joined == Some(name)
    };
    record.len() == header.len()
        && record.fields().zip(header).all(|(field, name)| is_name(field, name))
}
