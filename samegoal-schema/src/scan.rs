//! Bytes into records and fields that know where they are.
//!
//! The reader for CSV files that are to be *judged*. It differs from a reader for CSV files that
//! are to be *used* in four ways: every field keeps its span and its quoting; lines are the
//! physical ones, whatever ends them; a fault is told and reading goes on; and one wrong quote never
//! swallows the rest of the file.
//!
//! Memory is bounded by a few buffers, whatever the file holds. A clean record costs no allocation:
//! its fields are slices of the buffer.

use std::io::{self, Read};
use std::mem;

use memchr::memchr2;

use crate::batch::{Batch, Entry};
use crate::marks::Marks;
use crate::record::{count_line_ends, line_end};
use crate::recover::{self, Suspect, Verdict};
use crate::split::{FieldEnd, Span, Split, Whole, split, split_one};

pub use crate::record::{Fault, FaultKind, Field, Place, Quoting, Record, RecordEnd};

/// A record longer than this, in bytes, its line end not counted, is not taken apart.
pub const MAX_RECORD: usize = 1 << 20;

/// A field longer than this, in bytes, is a fault of its record.
pub const MAX_FIELD: usize = 64 << 10;

/// How far past the longest record the reader may look to see whether records go on there.
const LOOK_AHEAD: usize = recover::LOOK_AHEAD;

/// As much as shows whether a record is too long: the longest one and its line end.
const WINDOW: usize = MAX_RECORD + 2;

const BLOCK: usize = 256 << 10;

/// The UTF-8 byte-order mark.
pub(crate) const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads records from bytes.
///
/// ```
/// use samegoal_schema::scan::Scanner;
///
/// let mut scanner = Scanner::new("Id,Name\r\n1,\"Ada \"\"A\"\"\"\r\n".as_bytes());
/// let header = scanner.read_record()?.unwrap();
/// assert_eq!(header.len(), 2);
/// let record = scanner.read_record()?.unwrap();
/// assert_eq!(record.line(), 2);
/// assert_eq!(record.field(1).unwrap().value().as_ref(), b"Ada \"A\"");
/// assert!(scanner.read_record()?.is_none());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Scanner<R> {
    cutter: Cutter<R>,
    batch: Batch,
    /// The next record of the batch.
    next: usize,
}

impl<R: Read> Scanner<R> {
    /// A scanner over all that `source` gives.
    pub fn new(source: R) -> Self {
        Self::with_block(source, BLOCK)
    }

    /// A scanner that asks `source` for about `block` bytes at a time. What is read is the same
    /// for any size; small ones are for tests.
    pub fn with_block(source: R, block: usize) -> Self {
        Self { cutter: Cutter::new(source, block), batch: Batch::default(), next: 0 }
    }

    /// Tells how many fields a record should have, if not as many as the first one that is not
    /// blank. It decides only where records go on after a quote that was left open. To be told
    /// before the first record.
    pub fn set_width(&mut self, fields: usize) {
        self.cutter.width = Some(fields);
    }

    /// The first bytes of the file, up to `length`; fewer only if it has no more, or where the
    /// reader fails: it is the next record then that tells. To be asked before the first record.
    ///
    /// # Errors
    ///
    /// What the reader says, other than [`io::ErrorKind::Interrupted`].
    pub fn head(&mut self, length: usize) -> io::Result<&[u8]> {
        self.cutter.head(length)
    }

    /// How many bytes of the file were taken in so far, those that are only looked ahead at among
    /// them.
    pub fn bytes_read(&self) -> u64 {
        self.cutter.taken
    }

    /// How many bytes were looked at so far, those that were looked at twice counted twice. It is
    /// in proportion to [`bytes_read`](Self::bytes_read), whatever these are; for tests.
    #[doc(hidden)]
    pub fn work(&self) -> u64 {
        self.cutter.work + self.cutter.effort
    }

    /// The next record, or `None` at the end. A blank line is a record of one empty field.
    ///
    /// # Errors
    ///
    /// What the reader says, other than [`io::ErrorKind::Interrupted`], once all records before
    /// that place were given. Nothing is lost by it: the next call asks the reader again.
    pub fn read_record(&mut self) -> io::Result<Option<Record<'_>>> {
        while self.next >= self.batch.len() {
            self.next = 0;
            if !self.cutter.cut(&mut self.batch)? {
                return Ok(None);
            }
        }
        self.next += 1;
        Ok(self.batch.record(self.next - 1))
    }

    /// What cuts the records, those that were cut already, and which of them is the next.
    pub(crate) fn parts(&mut self) -> (&mut Cutter<R>, Batch, usize) {
        (&mut self.cutter, mem::take(&mut self.batch), mem::take(&mut self.next))
    }
}

/// Cuts bytes into batches of records.
pub(crate) struct Cutter<R> {
    source: R,
    /// What was read and not cut yet, from `start` on.
    buffer: Vec<u8>,
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

impl<R: Read> Cutter<R> {
    fn new(source: R, block: usize) -> Self {
        Self {
            source,
            buffer: Vec::new(),
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

    fn head(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.unread().len() < length && !self.at_end && self.failure.is_none() {
            self.fill()?;
        }
        let unread = self.unread();
        Ok(unread.get(..length.min(unread.len())).unwrap_or_default())
    }

    /// Whether all was cut.
    pub(crate) fn is_done(&self) -> bool {
        self.at_end && self.unread().is_empty()
    }

    /// Cuts the next records; answers whether there are any.
    pub(crate) fn cut(&mut self, batch: &mut Batch) -> io::Result<bool> {
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
        next.clear();
        next.extend_from_slice(self.unread());
        batch.bytes = mem::replace(&mut self.buffer, next);
        self.start = 0;
        self.row += batch.len() as u64;
        Ok(true)
    }

    fn begin(&mut self) -> io::Result<()> {
        while self.unread().len() < MARK.len() && !self.at_end {
            self.fill()?;
        }
        if self.unread().starts_with(MARK) {
            self.start += MARK.len();
        }
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
        self.buffer.drain(..self.start);
        self.start = 0;
        let before = self.buffer.len();
        self.buffer.resize(before + self.block, 0);
        let mut filled = before;
        let outcome = loop {
            let room = self.buffer.get_mut(filled..).unwrap_or_default();
            if room.is_empty() {
                break Ok(());
            }
            match self.source.read(room) {
                Ok(0) => {
                    self.at_end = true;
                    break Ok(());
                }
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if filled > before => {
                    self.failure = Some(error);
                    break Ok(());
                }
                Err(error) => break Err(error),
            }
        };
        self.buffer.truncate(filled);
        self.taken += (filled - before) as u64;
        outcome
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
        let mut marks = Marks::at(self.start);
        while self.start < self.buffer.len() && !self.discarding {
            let fields = batch.fields.len();
            let faults = batch.faults.len();
            let bytes = &self.buffer;
            let whole = split(
                bytes,
                self.start,
                self.at_end,
                &mut marks,
                &mut batch.fields,
                &mut batch.faults,
            );
            if let Split::Whole(whole) = whole
                && batch.faults.len() == faults
                && whole.end <= MAX_FIELD
                // Only a field that goes over a line end can have swallowed records.
                && (whole.line_ends == 0
                    || self.width.is_none_or(|width| width == batch.fields.len() - fields))
            {
                self.work += whole.next as u64;
                self.push(batch, fields, &whole, false);
                continue;
            }
            // It takes a closer look: something is wrong with it, or it may go on.
            batch.fields.truncate(fields);
            batch.faults.truncate(faults);
            let Some(cut) = self.cut_one() else { break };
            batch.fields.extend(self.spans.iter().map(|it| FieldEnd::new(it.end, it.quoting)));
            batch.faults.append(&mut self.faults);
            self.push(batch, fields, &cut.whole, cut.is_long);
            marks = Marks::at(self.start);
        }
    }

    /// Adds a record, the fields and faults of which are in the batch, the former from `fields` on.
    fn push(&mut self, batch: &mut Batch, fields: usize, whole: &Whole, is_long: bool) {
        // A buffer is far smaller than this can count.
        let place = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let end = self.start + whole.end;
        let next = self.start + whole.next;
        let ends_in = match self.buffer.get(end..next) {
            Some(b"\n") => RecordEnd::Lf,
            Some(b"\r\n") => RecordEnd::CrLf,
            Some(b"\r") => RecordEnd::Cr,
            _ => RecordEnd::None,
        };
        batch.records.push(Entry {
            line: self.line,
            start: place(self.start),
            end: place(end),
            fields: place(batch.fields.len()),
            faults: place(batch.faults.len()),
            ends_in,
            is_plain: whole.is_plain,
            is_one_line: whole.line_ends == 0,
        });
        if self.width.is_none() {
            self.width = width_of(&Record {
                bytes: self.buffer.get(self.start..end).unwrap_or_default(),
                fields: batch.fields.get(fields..).unwrap_or_default(),
                faults: &[],
                line: self.line,
                row: self.row,
                offset: 0,
                end: ends_in,
                is_plain: whole.is_plain,
                is_one_line: false,
            });
        }
        self.line += u64::from(whole.line_ends) + u64::from(!is_long);
        self.start = next;
        self.discarding = is_long;
    }

    /// Cuts the next record with regard for what comes after it; `None` when more bytes are needed
    /// to tell its end. Its fields and faults are then in `spans` and `faults`.
    fn cut_one(&mut self) -> Option<Cut> {
        let mut cut = self.end_of_one()?;
        if cut.is_long {
            self.faults.clear();
            self.faults.push(Fault { kind: FaultKind::LongRecord, field: 0, at: 0 });
        } else if let Some(field) =
            self.spans.iter().position(|span| span.end - span.start > MAX_FIELD)
            && self.faults.is_empty()
        {
            self.faults.push(Fault { kind: FaultKind::LongField, field, at: 0 });
        }
        let bytes = self.unread().get(..cut.whole.end).unwrap_or_default();
        let quoted = self.spans.iter().filter(|span| span.quoting != Quoting::None);
        cut.whole.line_ends = quoted
            .map(|span| count_line_ends(bytes.get(span.start..span.end).unwrap_or_default()))
            .sum();
        cut.whole.is_plain =
            bytes.iter().all(|byte| matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r'));
        Some(cut)
    }

    fn end_of_one(&mut self) -> Option<Cut> {
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let mut window = unread.get(..WINDOW.min(unread.len())).unwrap_or_default();
        let mut is_last = self.at_end && window.len() == unread.len();
        let mut outcome = split_one(window, is_last, &mut self.spans, &mut self.faults);
        self.work += recover::looked_at(outcome, window);
        let end = match outcome {
            Split::Whole(whole) => whole.end,
            Split::Short if window.len() < WINDOW && !is_last => return None,
            Split::Short => window.len(),
        };
        if end > MAX_RECORD {
            window = window.get(..MAX_RECORD).unwrap_or_default();
            is_last = false;
            outcome = split_one(window, is_last, &mut self.spans, &mut self.faults);
            self.work += recover::looked_at(outcome, window);
        }
        let suspect = match outcome {
            Split::Whole(Whole { end, next, .. }) => {
                match Suspect::in_record(window, &self.spans, &self.faults, self.width) {
                    None => return Some(Cut::new(end, next)),
                    Some(suspect) => suspect,
                }
            }
            Split::Short => match Suspect::open_at_end(&self.spans, &self.faults, window.len()) {
                Some(suspect) => suspect,
                None => return Some(Cut::long(window.len())),
            },
        };
        let far = unread.get(..(MAX_RECORD + LOOK_AHEAD).min(unread.len())).unwrap_or_default();
        let is_all = self.at_end || far.len() == MAX_RECORD + LOOK_AHEAD;
        let width = self.width.unwrap_or_else(|| recover::width_of_first_line(window));
        // Should looking ahead be out of proportion after all, reading goes on without it.
        let offset = self.taken - unread.len() as u64;
        let spent = self.effort > 16 * offset + (64 << 20);
        let mut effort = 0;
        let verdict = if spent {
            Verdict::NotFound
        } else {
            recover::find_end(far, is_all, width, &suspect, &mut effort)
        };
        if matches!(verdict, Verdict::More) {
            // Looked at in vain, and to be looked at again: how often depends on the block.
            self.work += effort;
            return None;
        }
        self.effort += effort;
        let ends_at = match (verdict, outcome) {
            (Verdict::Within { spans, end }, _) => {
                self.spans = spans;
                self.faults.retain(|fault| fault.at < suspect.open);
                self.faults.push(suspect.fault());
                let next = (end + line_end(unread, end)).min(unread.len());
                return Some(Cut::new(end, next));
            }
            (Verdict::EndsAt(end), _) => end,
            (_, Split::Whole(Whole { end, next, .. })) => return Some(Cut::new(end, next)),
            (_, Split::Short) => match memchr2(b'\n', b'\r', window.get(suspect.open..)?) {
                Some(end) => suspect.open + end,
                None if is_last => window.len(),
                None => return Some(Cut::long(window.len())),
            },
        };
        // As if the quote had been closed there.
        self.spans.truncate(suspect.field);
        self.spans.push(Span { start: suspect.open, end: ends_at, quoting: Quoting::Broken });
        self.faults.retain(|fault| fault.at < suspect.open);
        self.faults.push(suspect.fault());
        let next = (ends_at + line_end(unread, ends_at)).min(unread.len());
        Some(Cut::new(ends_at, next))
    }
}

/// A record that takes a closer look. Its line ends and characters are still to be counted.
struct Cut {
    whole: Whole,
    is_long: bool,
}

impl Cut {
    fn new(end: usize, next: usize) -> Self {
        let whole = Whole { end, next, line_ends: 0, is_plain: false };
        Self { whole, is_long: false }
    }

    /// The beginning of a record that is too long.
    fn long(end: usize) -> Self {
        Self { is_long: true, ..Self::new(end, end) }
    }
}

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
