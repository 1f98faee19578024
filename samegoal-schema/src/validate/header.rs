//! The header of a file: the first record, which says what the others hold.

use std::borrow::Cow;
use std::io::{self, Read};

use super::file::{Headed, Run, values};
use super::outcome::NotChecked;
use crate::check::header::{self, Binding};
use crate::check::{bytes, foreign, quote, shape, truncated};
use crate::csv::{Fault, FaultKind, Record, bom};
use crate::finding::Sink;
use crate::schema::FileSpec;

/// How many blank lines before the header are reported.
const MOST_BLANK_LINES: usize = 100;

impl<'s, R: Read + Send> Run<'_, 's, R> {
    /// Reads and checks the header; `None` if the rest of the file cannot be checked by it.
    pub(super) fn header(&mut self, boms: &[u8]) -> io::Result<Option<Headed<'s>>> {
        let Self { spec, scanner, line_ends, bytes: bytes_seen, sink, summary, previous, .. } =
            self;
        let mut blank_lines = Vec::new();
        let record = loop {
            let Some(record) = scanner.read_record()? else {
                foreign::empty(&spec.name, scanner.bytes_read(), *sink);
                return Ok(None);
            };
            if !record.is_blank() {
                break record;
            }
            if blank_lines.len() < MOST_BLANK_LINES {
                blank_lines.push(record.place(0..record.bytes().len()));
            }
        };
        let record = record.numbered(Some(0));
        let unchecked = &mut summary.not_checked;
        let mut not_checked = |what: &'static str, why: &'static str| {
            unchecked.push(NotChecked { what: what.into(), why: why.into() });
        };
        let values = values(&record);
        let mut binding = header::bind_line(spec, &values);
        if let Some(why) = no_header(spec, &record, &values, &binding, *sink) {
            not_checked("contents", why);
            return Ok(None);
        }
        let bound = binding.bound(spec, &values);
        if record.faults().iter().any(is_size_fault) {
            if memchr::memchr(0, record.bytes()).is_some() {
                bytes_seen.record(&bound, &record, *sink);
            } else {
                shape::oversized(&bound, &record, *sink);
            }
            not_checked("contents", "the first line is too long to be a header");
            return Ok(None);
        }
        if !boms.is_empty() {
            bytes_seen.has_bom = true;
            bytes::bom(boms, *sink);
        }
        for place in blank_lines {
            shape::blank_line_before_header(place, *sink);
        }
        line_ends.record(&bound, &record, *sink);
        if record.faults().is_empty() {
            let place = |position: Option<usize>| {
                let field = position.and_then(|position| record.field(position));
                bound.locate(&record, field.map_or(0..0, |field| field.range()), position)
            };
            if let Some(other) = header::other_file(self.schema, spec, &values, &binding) {
                let is_swapped = self
                    .others
                    .get(&other.name)
                    .is_some_and(|other| other.carries.as_ref() == Some(&spec.name));
                if !is_swapped {
                    header::report_other_file(spec, other, &place, *sink);
                }
                self.carries = Some(other.name.clone());
                not_checked("contents", "it has the header of another file");
                return Ok(None);
            }
            if header::is_foreign(spec, &binding) {
                header::foreign(spec, &place, *sink);
                not_checked("contents", "the first line is not the header");
                return Ok(None);
            }
            if let Some(previous) = previous {
                // A column that was there before is reported as gone, not as missing.
                let was_there = |column: &usize| {
                    let column = spec.columns.get_index(*column);
                    column.is_some_and(|(name, _)| previous.has_column(name))
                };
                binding.missing_optional.retain(|column| !was_there(column));
            }
            summary.cures.is_read = true;
            summary.cures.is_open = std::str::from_utf8(record.bytes()).is_err()
                || !boms.is_empty() && record.bytes().starts_with(bom::BOM);
            summary.cures.adds_columns = header::added(spec, &binding).next().is_some();
            header::check(spec, &values, &binding, &place, *sink);
            if !header::reports_bytes(&values, &binding) {
                bytes_seen.record(&bound, &record, *sink);
            }
        } else {
            if truncated::is_cut_off(&record, 0) {
                truncated::truncated(&bound, &record, *sink);
            } else {
                quote::check(&bound, &record, *sink);
            }
            not_checked("column names", "the quotes of the header are broken");
            if record.faults().iter().any(|fault| fault.kind == FaultKind::UnclosedQuote) {
                not_checked("contents", "the header is broken");
                return Ok(None);
            }
        }
        let place = bound.locate(&record, 0..record.bytes().len(), None).0;
        let columns = || bound.profile(&record);
        self.profiler = self.profiles.map(|profiles| profiles.profiler(place, columns(), &bound));
        let header = values.into_iter().map(|value| value.into_owned().into()).collect();
        Ok(Some(Headed { bound, header }))
    }
}

/// Reports a first record that is no header; returns why the contents cannot be checked then.
fn no_header(
    spec: &FileSpec,
    record: &Record<'_>,
    values: &[Cow<'_, [u8]>],
    binding: &Binding,
    sink: &mut dyn Sink,
) -> Option<&'static str> {
    if let Some(delimiter) = foreign::other_delimiter(spec, record.bytes(), binding) {
        foreign::wrong_delimiter(delimiter, record, sink);
        Some("the fields are not separated by commas")
    } else if foreign::is_fixed_width(spec, values) {
        foreign::fixed_width(record, sink);
        Some("the fields are not separated by commas")
    } else if header::looks_like_data(spec, values) {
        foreign::missing_header(record, sink);
        Some("the header is missing")
    } else {
        None
    }
}

fn is_size_fault(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::LongField | FaultKind::LongRecord)
}
