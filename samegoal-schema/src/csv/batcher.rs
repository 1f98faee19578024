//! Bytes into batches of records: where each record ends.

use std::io::{self, Read};
use std::mem;

use memchr::memchr2;

use crate::csv::batch::{Batch, Entry};
use crate::csv::bom::{BOMS, boms};
use crate::csv::buffer::Buffer;
use crate::csv::grammar::{Span, Split, split_until};
use crate::csv::limits::{MAX_FIELD, MAX_RECORD};
use crate::csv::quick::{Clean, split_clean};
use crate::csv::record::FieldEnd;
use crate::csv::record::{
    Fault, FaultKind, Quoting, Record, Terminator, count_line_ends, is_western, line_end,
};
use crate::csv::recover::{self, LOOK_AHEAD, Suspect, Verdict};
use crate::csv::simd::Marks;
use crate::csv::simd_records::read_simple_records;

/// As much as shows whether a record is too long: the longest one and its line end.
const WINDOW: usize = MAX_RECORD + 2;

/// Cuts bytes into batches of records.
pub(crate) struct Batcher<R> {
    source: R,
    /// What was read and not cut yet, from `start` on.
    buffer: Buffer,
    /// Where in the buffer the next record starts.
    start: usize,
    /// How many bytes the source gave.
    taken: u64,
    block: usize,
    at_end: bool,
    /// What the reader said after it had given some bytes: told once these are used up, so that
    /// what is found before does not depend on the size of the blocks.
    failure: Option<io::Error>,
    begun: bool,
    /// Whether the rest of a record that was too long is still to be thrown away.
    discarding: bool,
    line: u64,
    row: u64,
    width: Option<usize>,
    /// How many bytes were looked at to find where records go on after a wrong quote.
    effort: u64,
    /// How many bytes were looked at in all.
    work: u64,
    spans: Vec<Span>,
    faults: Vec<Fault>,
}

impl<R: Read> Batcher<R> {
    pub(crate) fn new(source: R, block: usize) -> Self {
        Self {
            source,
            buffer: Buffer::default(),
            start: 0,
            taken: 0,
            block: block.max(1),
            at_end: false,
            failure: None,
            begun: false,
            discarding: false,
            line: 1,
            row: 1,
            width: None,
            effort: 0,
            work: 0,
            spans: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(crate) fn set_width(&mut self, fields: usize) {
        self.width = Some(fields);
    }

    pub(crate) fn head(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.unread().len() < length && !self.at_end && self.failure.is_none() {
            if let Err(failure) = self.fill() {
                self.failure = Some(failure);
            }
        }
        match self.failure.take_if(|_| self.buffer.len() == self.start) {
            Some(failure) => Err(failure),
            None => Ok(self.unread().get(..length.min(self.unread().len())).unwrap_or_default()),
        }
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.taken
    }

    pub(crate) fn work(&self) -> u64 {
        self.work
    }

    /// Whether all was cut.
    pub(crate) fn is_done(&self) -> bool {
        self.at_end && self.unread().is_empty()
    }

    /// Cuts the next records; answers whether there are any.
    pub(crate) fn next_batch(&mut self, batch: &mut Batch) -> io::Result<bool> {
        batch.clear();
        if !self.begun {
            self.begin()?;
        }
        if self.discarding {
            self.discard()?;
        }
        batch.row = self.row;
        loop {
            batch.offset = self.taken - self.buffer.len() as u64;
            self.cut_buffer(batch);
            if batch.len() > 0 {
                break;
            }
            if self.unread().is_empty() && self.at_end {
                return Ok(false);
            }
            self.fill()?;
        }
        // The batch takes the bytes along; what it has no record of starts the next buffer.
        let mut next = mem::take(&mut batch.bytes);
        next.restart(self.unread());
        batch.bytes = mem::replace(&mut self.buffer, next);
        self.start = 0;
        self.row += batch.len() as u64;
        Ok(true)
    }

    pub(crate) fn skip(&mut self, bytes: usize, lines: u64) -> io::Result<()> {
        self.begin()?;
        self.start = self.buffer.len().min(self.start + bytes);
        self.line += lines;
        self.row += lines;
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        // Nothing else is read before the first record: the source may fail behind it.
        let may_go_on = |unread: &[u8]| unread.len() < BOMS.len() && BOMS.starts_with(unread);
        while may_go_on(self.unread()) && !self.at_end {
            self.fill()?;
        }
        self.start += boms(self.unread()).len();
        self.begun = true;
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads until there is one more block, or less where the source ends or fails.
    fn fill(&mut self) -> io::Result<()> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.buffer.forget(self.start);
        self.start = 0;
        let (read, outcome) = self.buffer.fill(&mut self.source, self.block);
        self.taken += read as u64;
        match outcome {
            Ok(at_end) => self.at_end = at_end,
            Err(failure) if read > 0 => self.failure = Some(failure),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Throws away the rest of the physical line.
    fn discard(&mut self) -> io::Result<()> {
        loop {
            let unread = self.unread();
            if let Some(end) = memchr2(b'\n', b'\r', unread) {
                let is_cut = unread.get(end..) == Some(b"\r");
                if is_cut && !self.at_end {
                    self.start += end;
                    self.fill()?;
                    continue;
                }
                self.start += end + line_end(unread, end);
                break;
            }
            self.start = self.buffer.len();
            if self.at_end {
                break;
            }
            self.fill()?;
        }
        self.line += 1;
        self.discarding = false;
        Ok(())
    }

    /// Cuts as many records from the buffer as are whole.
    fn cut_buffer(&mut self, batch: &mut Batch) {
        // Behind a record with a fault there is most likely another.
        let mut was_clean = true;
        while self.start < self.buffer.len() && !self.discarding {
            // How wide records are is told by one of them.
            if self.width.is_some() && was_clean {
                let progress = read_simple_records(&self.buffer, self.start, self.line, batch);
                self.work += (progress.reached - self.start) as u64;
                (self.start, self.line) = (progress.start, progress.line);
                if self.start == self.buffer.len() {
                    break;
                }
            }
            let mut marks = Marks::at(self.start);
            let before = batch.fields.len();
            let (from, is_last) = (self.start, self.at_end);
            let clean = split_clean(&self.buffer, from, is_last, &mut marks, &mut batch.fields);
            // Only a field that goes over a line end can have swallowed records.
            let is_right = |clean: &Clean| {
                let has_width = |width: usize| width == batch.fields.len() - before;
                clean.end <= MAX_FIELD && (clean.line_ends == 0 || self.width.is_none_or(has_width))
            };
            if let Some(clean) = clean.filter(is_right) {
                self.work += clean.next as u64;
                self.push(batch, before, &clean, false);
                was_clean = true;
                continue;
            }
            was_clean = false;
            // It takes a closer look: something is wrong with it, or it goes on.
            batch.fields.truncate(before);
            self.work += (marks.reached() - from) as u64;
            let Some(cut) = self.cut_closely() else { break };
            let field = |span: &Span| FieldEnd::new(from + span.end, span.quoting);
            batch.fields.extend(self.spans.iter().map(field));
            batch.faults.append(&mut self.faults);
            let bytes = self.unread().get(..cut.end).unwrap_or_default();
            let quoted = self.spans.iter().filter(|span| span.quoting != Quoting::None);
            let line_ends = quoted
                .map(|span| count_line_ends(bytes.get(span.start..span.end).unwrap_or_default()));
            let is_ascii = |byte: &u8| matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r');
            let as_if_clean = Clean {
                end: cut.end,
                next: cut.next,
                line_ends: line_ends.sum(),
                is_ascii: bytes.iter().all(is_ascii),
            };
            self.push(batch, before, &as_if_clean, cut.is_long);
        }
    }

    /// Adds a record, the fields and faults of which are in the batch, the former from `fields` on.
    fn push(&mut self, batch: &mut Batch, fields: usize, record: &Clean, is_long: bool) {
        // A buffer is far smaller than this can count.
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let end = self.start + record.end;
        let next = self.start + record.next;
        let ends_in = match self.buffer.get(end..next) {
            Some(b"\n") => Terminator::Lf,
            Some(b"\r\n") => Terminator::CrLf,
            Some(b"\r") => Terminator::Cr,
            _ => Terminator::None,
        };
        let bytes = self.buffer.get(self.start..end).unwrap_or_default();
        batch.records.push(Entry {
            line: self.line,
            start: place(self.start),
            end: place(end),
            fields: place(batch.fields.len()),
            faults: place(batch.faults.len()),
            ends_in,
            is_ascii: record.is_ascii,
            is_western: record.is_ascii || is_western(bytes),
            has_clean_edges: false,
            is_one_line: record.line_ends == 0,
        });
        if self.width.is_none() {
            self.width = width_of(&Record {
                bytes,
                fields: batch.fields.get(fields..).unwrap_or_default(),
                start: self.start,
                faults: &[],
                line: self.line,
                row: self.row,
                number: None,
                offset: 0,
                end: ends_in,
                is_ascii: false,
                is_western: false,
                is_one_line: false,
            });
        }
        self.line += u64::from(record.line_ends) + u64::from(!is_long);
        self.start = next;
        self.discarding = is_long;
    }

    /// Cuts the next record with regard for what comes after it; `None` when more bytes are needed
    /// to tell its end. Its fields and faults are then in `spans` and `faults`.
    fn cut_closely(&mut self) -> Option<Cut> {
        let cut = self.end_of_record()?;
        if cut.is_long {
            self.faults.clear();
            self.faults.push(Fault { kind: FaultKind::LongRecord, field: 0, at: 0 });
        } else if let Some(field) =
            self.spans.iter().position(|span| span.end - span.start > MAX_FIELD)
            && self.faults.is_empty()
        {
            self.faults.push(Fault { kind: FaultKind::LongField, field, at: 0 });
        }
        Some(cut)
    }

    fn end_of_record(&mut self) -> Option<Cut> {
        let outcome = match self.split(WINDOW, true) {
            Ok(outcome) => outcome,
            Err(suspect) => match self.recover(&suspect).ok()? {
                Some(cut) => return Some(cut),
                None => self.split(WINDOW, false).ok()?,
            },
        };
        let unread = self.unread().len();
        match outcome {
            Split::Whole { end, next } if end <= MAX_RECORD => {
                let whole = Cut { end, next, is_long: false };
                let is_ragged = self.width.is_some_and(|width| width != self.spans.len());
                let suspect = if is_ragged && self.faults.is_empty() {
                    Suspect::in_ragged(self.unread(), &self.spans)
                } else {
                    None
                };
                return match suspect {
                    None => Some(whole),
                    Some(suspect) => self.recover(&suspect).ok()?.or(Some(whole)),
                };
            }
            Split::Short if unread < WINDOW && !self.at_end => return None,
            // Too long: what lies beyond counts for nothing.
            _ if unread > MAX_RECORD => drop(self.split(MAX_RECORD, false)),
            Split::Whole { .. } | Split::Short => {}
        }
        let length = unread.min(MAX_RECORD);
        let long = Cut { end: length, next: length, is_long: true };
        let Some(suspect) = Suspect::open_at_end(&self.spans, &self.faults, length) else {
            return Some(long);
        };
        if let Some(cut) = self.recover(&suspect).ok()? {
            return Some(cut);
        }
        let rest = self.unread().get(suspect.open..length).unwrap_or_default();
        // Where the file ends within a line, it was most likely cut off within this very field.
        let is_cut_off = length == unread && !matches!(rest.last(), Some(b'\n' | b'\r'));
        match memchr2(b'\n', b'\r', rest).filter(|_| !is_cut_off) {
            Some(end) => Some(self.close_at(&suspect, suspect.open + end)),
            None if length == unread => Some(self.close_at(&suspect, length)),
            None => Some(long),
        }
    }

    /// Takes the next record apart as far as it lies in the next `length` bytes.
    ///
    /// `Err` if it is given up `at_suspect`. By the letter such a record may go on far beyond its
    /// line, and so may one on each of the lines: they are not all to be read to their ends.
    fn split(&mut self, length: usize, at_suspect: bool) -> Result<Split, Suspect> {
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let window = unread.get(..length.min(unread.len())).unwrap_or_default();
        let is_last = self.at_end && window.len() == unread.len();
        let (spans, faults) = (&mut self.spans, &mut self.faults);
        let mut suspect = None;
        let outcome = split_until(window, is_last, spans, faults, |span, fault| {
            if at_suspect && fault.at < MAX_RECORD {
                suspect = Suspect::before_text(window, span, fault);
            }
            suspect.is_some()
        });
        self.work += recover::looked_at(outcome, window, spans);
        match suspect {
            Some(suspect) => Err(suspect),
            None => Ok(outcome.unwrap_or(Split::Short)),
        }
    }

    /// Ends the record within a suspect field, if something shows that it should have ended there.
    fn recover(&mut self, suspect: &Suspect) -> Result<Option<Cut>, TooFewBytes> {
        // Should looking ahead be out of proportion after all, reading goes on without it.
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
            // It was in vain, and how often it is depends on the blocks.
            return Err(TooFewBytes);
        }
        self.effort += effort;
        Ok(match verdict {
            Verdict::EndsAt(end) => Some(self.close_at(suspect, end)),
            Verdict::Within { spans, end } => {
                let cut = self.close_at(suspect, end);
                self.spans = spans;
                Some(cut)
            }
            Verdict::NotFound | Verdict::More => None,
        })
    }

    /// Ends the record at `end`, which is a line end or the end of the file, with the suspect as its
    /// last field.
    fn close_at(&mut self, suspect: &Suspect, end: usize) -> Cut {
        self.spans.truncate(suspect.field);
        self.spans.push(Span { start: suspect.open, end, quoting: Quoting::Broken });
        self.faults.retain(|fault| fault.at < suspect.open);
        self.faults.push(suspect.fault());
        let unread = self.unread();
        Cut { end, next: unread.len().min(end + line_end(unread, end)), is_long: false }
    }
}

/// Where a record ends and the next one starts.
struct Cut {
    end: usize,
    next: usize,
    is_long: bool,
}

/// More bytes are needed to tell.
struct TooFewBytes;

/// How many fields the records should have by their header; `None` if it is a blank line.
fn width_of(header: &Record<'_>) -> Option<usize> {
    if header.is_blank() {
        return None;
    }
    Some(match header.fields.last() {
        // One that was left open has swallowed the others.
        Some(last) if last.quoting() == Quoting::Broken => {
            recover::width_of_first_line(header.bytes)
        }
        _ => header.len(),
    })
}
