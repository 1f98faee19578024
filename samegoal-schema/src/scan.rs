//! Bytes into records and fields that know where they are.
//!
//! The reader for CSV files that are to be *judged*. It differs from a reader for CSV files that
//! are to be *used* in four ways: every field keeps its span and its quoting; lines are the
//! physical ones, whatever ends them; a fault is told and reading goes on; and one wrong quote never
//! swallows the rest of the file.
//!
//! Memory is bounded by one buffer, whatever the file holds. A clean record costs no allocation:
//! its fields are slices of the buffer.

use std::borrow::Cow;
use std::io::{self, Read};
use std::ops::Range;

use memchr::{memchr, memchr2};

use crate::blank::is_blank;
use crate::recover::{self, Suspect, Verdict};
use crate::split::{Split, split};

/// A record longer than this, in bytes, is not taken apart.
pub const MAX_RECORD: usize = 1 << 20;

/// A field longer than this, in bytes, is a fault of its record.
pub const MAX_FIELD: usize = 64 << 10;

/// How far past the longest record the reader may look to see whether records go on there.
const LOOK_AHEAD: usize = recover::LOOK_AHEAD;

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
    source: R,
    buffer: Vec<u8>,
    /// Where in the buffer the next record starts.
    start: usize,
    /// Where in the file `start` is.
    offset: u64,
    block: usize,
    at_end: bool,
    begun: bool,
    /// Whether the rest of a record that was too long is still to be thrown away.
    discarding: bool,
    line: u64,
    row: u64,
    width: Option<usize>,
    /// How many bytes were looked at twice to find where records go on after a wrong quote.
    effort: u64,
    spans: Vec<Span>,
    faults: Vec<Fault>,
}

impl<R: Read> Scanner<R> {
    /// A scanner over all that `source` gives.
    pub fn new(source: R) -> Self {
        Self::with_block(source, BLOCK)
    }

    /// A scanner that asks `source` for about `block` bytes at a time. What is read is the same
    /// for any size; small ones are for tests.
    pub fn with_block(source: R, block: usize) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            block: block.max(1),
            at_end: false,
            begun: false,
            discarding: false,
            line: 1,
            row: 1,
            width: None,
            effort: 0,
            spans: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Tells how many fields a record should have: those of the header. It is used only to find
    /// where records go on after a quote that was left open.
    pub fn set_width(&mut self, fields: usize) {
        self.width = Some(fields);
    }

    /// The first bytes of what is still to be read, up to `length`; fewer only at the end.
    ///
    /// # Errors
    ///
    /// What the reader says, other than [`io::ErrorKind::Interrupted`].
    pub fn peek(&mut self, length: usize) -> io::Result<&[u8]> {
        while self.unread().len() < length && !self.at_end {
            self.fill()?;
        }
        let unread = self.unread();
        Ok(unread.get(..length.min(unread.len())).unwrap_or_default())
    }

    /// How many bytes of the file were taken in so far, those that are only looked ahead at among
    /// them.
    pub fn bytes_read(&self) -> u64 {
        self.offset + self.unread().len() as u64
    }

    /// The next record, or `None` at the end. A blank line is a record of one empty field.
    ///
    /// # Errors
    ///
    /// What the reader says, other than [`io::ErrorKind::Interrupted`].
    pub fn read_record(&mut self) -> io::Result<Option<Record<'_>>> {
        if !self.begun {
            self.begin()?;
        }
        if self.discarding {
            self.discard()?;
        }
        let cut = loop {
            if self.unread().is_empty() && self.at_end {
                return Ok(None);
            }
            match self.cut() {
                Some(cut) => break cut,
                None => self.fill()?,
            }
        };
        Ok(Some(self.take(&cut)))
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.peek(MARK.len())? == MARK {
            self.start += MARK.len();
            self.offset += MARK.len() as u64;
        }
        self.begun = true;
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads until there is one more block or the end is reached.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let wanted = self.buffer.len() + self.block;
        let mut filled = self.buffer.len();
        self.buffer.resize(wanted, 0);
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
                Err(error) => break Err(error),
            }
        };
        self.buffer.truncate(filled);
        outcome
    }

    /// Throws away the rest of the physical line.
    fn discard(&mut self) -> io::Result<()> {
        loop {
            let unread = self.unread();
            if let Some(end) = memchr2(b'\n', b'\r', unread) {
                let is_pair = unread.get(end..) == Some(b"\r");
                if is_pair && !self.at_end {
                    self.consume(end);
                    self.fill()?;
                    continue;
                }
                let length = line_end(unread, end);
                self.consume(end + length);
                break;
            }
            self.consume(unread.len());
            if self.at_end {
                break;
            }
            self.fill()?;
        }
        self.line += 1;
        self.discarding = false;
        Ok(())
    }

    fn consume(&mut self, length: usize) {
        self.start += length;
        self.offset += length as u64;
    }

    /// Finds the next record in the buffer; `None` when more bytes are needed to tell its end.
    fn cut(&mut self) -> Option<Cut> {
        let unread = self.buffer.get(self.start..).unwrap_or_default();
        let window = unread.get(..MAX_RECORD.min(unread.len())).unwrap_or_default();
        let is_last = self.at_end && window.len() == unread.len();
        let outcome = split(window, is_last, &mut self.spans, &mut self.faults);
        let suspect = match outcome {
            Split::Whole { end, next } => {
                match Suspect::in_record(window, &self.spans, &self.faults, self.width) {
                    None => return Some(Cut { end, next, is_long: false }),
                    Some(suspect) => suspect,
                }
            }
            Split::Short if window.len() < MAX_RECORD && !is_last => return None,
            Split::Short => match Suspect::open_at_end(&self.spans, window.len()) {
                Some(suspect) => suspect,
                None => return Some(Cut { end: window.len(), next: window.len(), is_long: true }),
            },
        };
        let far = unread.get(..(MAX_RECORD + LOOK_AHEAD).min(unread.len())).unwrap_or_default();
        let is_all = self.at_end || far.len() == MAX_RECORD + LOOK_AHEAD;
        // Looking twice must stay in proportion to the file, whatever it holds.
        let spent = self.effort > 16 * self.offset + (64 << 20);
        let width = self.width.unwrap_or_else(|| recover::width_of_first_line(window));
        let verdict = if spent {
            Verdict::NotFound
        } else {
            recover::find_end(far, is_all, width, &suspect, &mut self.effort)
        };
        match (verdict, outcome) {
            (Verdict::More, _) => None,
            (Verdict::Within(spans), Split::Whole { end, next }) => {
                self.spans = spans;
                self.faults.clear();
                self.faults.push(suspect.fault());
                Some(Cut { end, next, is_long: false })
            }
            (Verdict::EndsAt(end), _) => Some(self.close_at(&suspect, unread_end(far, end))),
            (_, Split::Whole { end, next }) => Some(Cut { end, next, is_long: false }),
            (_, Split::Short) => match memchr2(b'\n', b'\r', window.get(suspect.open..)?) {
                Some(end) => {
                    let end = suspect.open + end;
                    Some(self.close_at(&suspect, unread_end(window, end)))
                }
                None if is_last => Some(self.close_at(&suspect, (window.len(), window.len()))),
                None => Some(Cut { end: window.len(), next: window.len(), is_long: true }),
            },
        }
    }

    /// Ends the record at a line end within a quoted field, as if its quote had been closed there.
    fn close_at(&mut self, suspect: &Suspect, (end, next): (usize, usize)) -> Cut {
        self.spans.truncate(suspect.field);
        self.spans.push(Span { start: suspect.open, end, quoting: Quoting::Broken });
        self.faults.retain(|fault| fault.at < suspect.open);
        self.faults.push(suspect.fault());
        Cut { end, next, is_long: false }
    }

    fn take(&mut self, cut: &Cut) -> Record<'_> {
        if cut.is_long {
            self.faults.clear();
            self.faults.push(Fault { kind: FaultKind::LongRecord, field: 0, at: 0 });
            self.discarding = true;
        } else if let Some(field) =
            self.spans.iter().position(|span| span.end - span.start > MAX_FIELD)
            && self.faults.is_empty()
        {
            self.faults.push(Fault { kind: FaultKind::LongField, field, at: 0 });
        }
        let (start, line, row, offset) = (self.start, self.line, self.row, self.offset);
        self.consume(cut.next);
        self.row += 1;
        let whole = self.buffer.get(start..start + cut.next).unwrap_or_default();
        let bytes = whole.get(..cut.end).unwrap_or_default();
        let quoted = self.spans.iter().filter(|span| span.quoting != Quoting::None);
        self.line += quoted
            .map(|span| count_line_ends(bytes.get(span.start..span.end).unwrap_or_default()))
            .sum::<u64>();
        self.line += u64::from(!cut.is_long);
        let end = match whole.get(cut.end..).unwrap_or_default() {
            b"\n" => RecordEnd::Lf,
            b"\r\n" => RecordEnd::CrLf,
            b"\r" => RecordEnd::Cr,
            _ => RecordEnd::None,
        };
        Record { bytes, spans: &self.spans, faults: &self.faults, line, row, offset, end }
    }
}

/// Where a record ends and the next one starts, in the buffer.
struct Cut {
    end: usize,
    next: usize,
    is_long: bool,
}

/// How many bytes the line end at `at` has.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        _ => 1,
    }
}

fn unread_end(bytes: &[u8], end: usize) -> (usize, usize) {
    (end, end + line_end(bytes, end))
}

fn count_line_ends(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut rest = bytes;
    while let Some(at) = memchr2(b'\n', b'\r', rest) {
        count += 1;
        rest = rest.get(at + line_end(rest, at)..).unwrap_or_default();
    }
    count
}

/// Where a field is in its record, its quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
}

/// How a field is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    None,
    /// In quotes, with none inside.
    Plain,
    /// In quotes, with doubled quotes inside.
    Escaped,
    /// It starts with a quote, but does not end as it should.
    Broken,
}

/// What is wrong with the form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub kind: FaultKind,
    /// The field that it is in, from 0.
    pub field: usize,
    /// The byte that it is at, from the start of the record.
    pub at: usize,
}

/// The kinds of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// A quote within a field that does not start with one.
    StrayQuote,
    /// Text between a closing quote and the end of the field.
    TextAfterQuote,
    /// A field that starts with a quote and has none at its end. The record ends where records
    /// of the header's width go on.
    UnclosedQuote,
    /// A field of more than [`MAX_FIELD`] bytes.
    LongField,
    /// A record of more than [`MAX_RECORD`] bytes. The rest of its line is thrown away.
    LongRecord,
}

/// What ends a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordEnd {
    /// A line feed, as on Unix.
    Lf,
    /// A carriage return and a line feed, as on Windows and in RFC 4180.
    CrLf,
    /// A carriage return alone, as on the classic Mac OS.
    Cr,
    /// The end of the file, or of what is read of a record that is too long.
    None,
}

impl RecordEnd {
    /// The bytes of it.
    pub fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::Cr => b"\r",
            Self::None => b"",
        }
    }
}

/// One record, borrowed from the scanner's buffer.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    bytes: &'a [u8],
    spans: &'a [Span],
    faults: &'a [Fault],
    line: u64,
    row: u64,
    offset: u64,
    end: RecordEnd,
}

impl<'a> Record<'a> {
    /// How many fields there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a record always has a field")]
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// The field at that position, from 0.
    pub fn field(&self, index: usize) -> Option<Field<'a>> {
        self.spans.get(index).map(|span| self.at(span))
    }

    /// The fields in order.
    pub fn fields(
        &self,
    ) -> impl DoubleEndedIterator<Item = Field<'a>> + ExactSizeIterator + use<'a> {
        let record = *self;
        self.spans.iter().map(move |span| record.at(span))
    }

    fn at(&self, span: &Span) -> Field<'a> {
        Field {
            raw: self.bytes.get(span.start..span.end).unwrap_or_default(),
            start: span.start,
            quoting: span.quoting,
        }
    }

    /// The bytes of the record as they lie in the file, without the line end.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What is wrong with its form, in the order of the places.
    pub fn faults(&self) -> &'a [Fault] {
        self.faults
    }

    /// The physical line that it starts on, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The row that a spreadsheet shows it in, from 1.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The byte of the file that it starts at, from 0.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// What ends it.
    pub fn end(&self) -> RecordEnd {
        self.end
    }

    /// Whether it is nothing but blank fields: a blank line, or delimiters only.
    pub fn is_blank(&self) -> bool {
        // Nearly every record shows by its first byte that it is not.
        match self.bytes.first() {
            Some(byte) if byte.is_ascii_alphanumeric() => false,
            _ => self.fields().all(|field| {
                let inner = match field.quoting {
                    Quoting::None | Quoting::Broken => field.raw,
                    Quoting::Plain | Quoting::Escaped => field.inner(),
                };
                is_blank(inner)
            }),
        }
    }

    /// Where some bytes of the record are; a range that goes over a line end stops there.
    ///
    /// Counts from the start of the record, so it costs time only when there is something to say.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = range.start.min(self.bytes.len());
        if start == 0 && range.is_empty() {
            let (line, byte_offset) = (self.line, self.offset);
            return Place { line, column: 1, end_column: 1, byte_offset };
        }
        let end = range.end.clamp(start, self.bytes.len());
        let before = self.bytes.get(..start).unwrap_or_default();
        let line = self.line_of(start);
        let head = before.get(line.start..).unwrap_or_default();
        let marked = self.bytes.get(start..end.min(line.end.max(start))).unwrap_or_default();
        let column = count_characters(head) + 1;
        Place {
            line: self.line + count_line_ends(before.get(..line.start).unwrap_or_default()),
            column,
            end_column: column + count_characters(marked),
            byte_offset: self.offset + start as u64,
        }
    }

    /// The bytes of the physical line that holds the byte at `at`, without its line end.
    pub(crate) fn line_of(&self, at: usize) -> Range<usize> {
        let before = self.bytes.get(..at).unwrap_or_default();
        let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |end| at + end);
        start..end
    }
}

/// How many characters there are; a byte that is not UTF-8 counts as one.
pub(crate) fn count_characters(bytes: &[u8]) -> u64 {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum::<usize>() as u64
}

/// A place in a file; see [`Location`](crate::Location) for the units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The physical line, from 1.
    pub line: u64,
    /// The character within the line, from 1.
    pub column: u64,
    /// One past the last character.
    pub end_column: u64,
    /// The byte within the file, from 0.
    pub byte_offset: u64,
}

/// One field, borrowed from the scanner's buffer.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    raw: &'a [u8],
    start: usize,
    quoting: Quoting,
}

impl<'a> Field<'a> {
    /// The bytes as they lie in the file, quotes included.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Where the bytes lie in the record.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// How it is quoted.
    pub fn quoting(&self) -> Quoting {
        self.quoting
    }

    /// What the field says: without quotes, doubled ones undone.
    pub fn value(&self) -> Cow<'a, [u8]> {
        match self.quoting {
            Quoting::None => Cow::Borrowed(self.raw),
            Quoting::Plain => Cow::Borrowed(self.inner()),
            Quoting::Broken => Cow::Borrowed(self.raw.get(1..).unwrap_or_default()),
            Quoting::Escaped => {
                let mut value = Vec::with_capacity(self.raw.len());
                let mut rest = self.inner();
                while let Some(quote) = memchr(b'"', rest) {
                    value.extend_from_slice(rest.get(..=quote).unwrap_or_default());
                    rest = rest.get(quote + 2..).unwrap_or_default();
                }
                value.extend_from_slice(rest);
                Cow::Owned(value)
            }
        }
    }

    fn inner(&self) -> &'a [u8] {
        self.raw.get(1..self.raw.len().saturating_sub(1)).unwrap_or_default()
    }
}
