//! One record, with regard for what follows it: too long, left open, or both.

use std::io::Read;

use memchr::memchr2;

use super::Batcher;
use crate::csv::field::{
    Fault, FaultKind, FieldEnd, Parsed, Quoting, RecordEnd, line_end, parse_until, spans,
};
use crate::csv::limits::{MAX_FIELD, MAX_RECORD};
use crate::csv::record::Record;

use crate::csv::recover::{self, LOOK_AHEAD, Suspect, Verdict};

/// Enough bytes to see that a record is too long: the longest record and its line end.
const WINDOW: usize = MAX_RECORD + 2;

/// Where the next record ends.
pub(super) struct Next {
    pub(super) end: RecordEnd,
    /// Whether it is too long, so that the rest of its line is skipped.
    pub(super) is_long: bool,
}

/// The end of the record takes more bytes.
struct TooFewBytes;

impl<R: Read> Batcher<R> {
    /// Reads the next record into `fields` and `faults`, with regard for what follows it; `None` if
    /// its end takes more bytes.
    pub(super) fn next_record(&mut self) -> Option<Next> {
        let next = self.end_of_record()?;
        if next.is_long {
            self.faults.clear();
            self.faults.push(Fault { kind: FaultKind::LongRecord, field: 0, at: 0 });
        } else if let Some(field) =
            spans(&self.fields, 0).position(|(range, _)| range.len() > MAX_FIELD)
            && self.faults.is_empty()
        {
            self.faults.push(Fault { kind: FaultKind::LongField, field, at: 0 });
        }
        Some(next)
    }

    fn end_of_record(&mut self) -> Option<Next> {
        let parsed = match self.parse(WINDOW, true) {
            Ok(parsed) => parsed,
            Err(suspect) => match self.recover(&suspect).ok()? {
                Some(next) => return Some(next),
                None => self.parse(WINDOW, false).ok()?,
            },
        };
        let unread = self.unread().len();
        match parsed {
            Parsed::Whole(end) if end.end <= MAX_RECORD => {
                let whole = Next { end, is_long: false };
                // Only a field that goes over a line end can have swallowed records.
                let is_ragged = self.width.is_some_and(|width| width != self.fields.len());
                let suspect = if is_ragged && self.faults.is_empty() {
                    Suspect::in_ragged(self.unread(), &self.fields)
                } else {
                    None
                };
                return match suspect {
                    None => Some(whole),
                    Some(suspect) => self.recover(&suspect).ok()?.or(Some(whole)),
                };
            }
            Parsed::Incomplete if unread < WINDOW && !self.at_end => return None,
            // Too long: the rest does not count.
            _ if unread > MAX_RECORD => drop(self.parse(MAX_RECORD, false)),
            _ => {}
        }
        let length = unread.min(MAX_RECORD);
        let long = Next { end: RecordEnd { end: length, next: length }, is_long: true };
        let Some(suspect) = Suspect::open_at_end(&self.fields, &self.faults, length) else {
            return Some(long);
        };
        if let Some(next) = self.recover(&suspect).ok()? {
            return Some(next);
        }
        let rest = self.unread().get(suspect.open..length).unwrap_or_default();
        // If the file ends within a line, it was most likely truncated in this field.
        let is_truncated = length == unread && !matches!(rest.last(), Some(b'\n' | b'\r'));
        match memchr2(b'\n', b'\r', rest).filter(|_| !is_truncated) {
            Some(end) => Some(self.close_at(&suspect, suspect.open + end)),
            None if length == unread => Some(self.close_at(&suspect, length)),
            None => Some(long),
        }
    }

    /// Parses the next record as far as it lies in the next `length` bytes.
    ///
    /// `Err` if it stops `at_suspect`. By the letter such a record may go on far beyond its line,
    /// and so may one on each of the lines. To read each to its end would take quadratic time.
    fn parse(&mut self, length: usize, at_suspect: bool) -> Result<Parsed, Suspect> {
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let window = unread.get(..length.min(unread.len())).unwrap_or_default();
        let is_last = self.at_end && window.len() == unread.len();
        let (fields, faults) = (&mut self.fields, &mut self.faults);
        let mut suspect = None;
        let parsed = parse_until(window, is_last, fields, faults, |start, fault| {
            if at_suspect && fault.at < MAX_RECORD {
                suspect = Suspect::before_text(window, start, fault);
            }
            suspect.is_some()
        });
        self.work += recover::looked_at(parsed, window, fields);
        suspect.map_or(Ok(parsed), Err)
    }

    /// Ends the record within a suspect field, if something shows that it should have ended there.
    fn recover(&mut self, suspect: &Suspect) -> Result<Option<Next>, TooFewBytes> {
        // If reading ahead takes out of proportion long, the record ends by the letter.
        let offset = self.taken - self.unread().len() as u64;
        if self.effort > 16 * offset + (64 << 20) {
            return Ok(None);
        }
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let far = unread.get(..(MAX_RECORD + LOOK_AHEAD).min(unread.len())).unwrap_or_default();
        let is_all = self.at_end || far.len() == MAX_RECORD + LOOK_AHEAD;
        let width = self.width.unwrap_or_else(|| recover::width_of_first_line(far));
        let mut effort = 0;
        let verdict = recover::find_end(far, is_all, width, suspect, &mut effort);
        self.work += effort;
        if matches!(verdict, Verdict::More) {
            // How often this happens depends on the size of the reads, so it does not count.
            return Err(TooFewBytes);
        }
        self.effort += effort;
        Ok(match verdict {
            Verdict::EndsAt(end) => Some(self.close_at(suspect, end)),
            Verdict::Within { fields, end } => {
                let next = self.close_at(suspect, end);
                self.fields = fields;
                Some(next)
            }
            Verdict::NotFound | Verdict::More => None,
        })
    }

    /// Ends the record at `end`, which is a line end or the end of the file, with the suspect as its
    /// last field.
    fn close_at(&mut self, suspect: &Suspect, end: usize) -> Next {
        self.fields.truncate(suspect.field);
        self.fields.push(FieldEnd::new(end, Quoting::Broken));
        self.faults.retain(|fault| fault.at < suspect.open);
        self.faults.push(suspect.fault());
        let unread = self.unread();
        let next = unread.len().min(end + line_end(unread, end));
        Next { end: RecordEnd { end, next }, is_long: false }
    }
}

/// How many fields the records should have by their header; `None` if it is a blank line.
pub(super) fn width_of(header: &Record<'_>) -> Option<usize> {
    if header.is_blank() {
        return None;
    }
    Some(match header.fields.last() {
        // An unclosed field has swallowed the others.
        Some(last) if last.quoting() == Quoting::Broken => {
            recover::width_of_first_line(header.bytes)
        }
        _ => header.len(),
    })
}
