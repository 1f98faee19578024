//! One record as it was read, and where it is.

use std::ops::Range;

use memchr::memchr2;

use crate::csv::field::{Fault, Field, FieldEnd, Quoting, line_end, spans};
use crate::text::whitespace::is_whitespace;

/// What ends a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminator {
    /// A line feed, as on Unix.
    Lf,
    /// A carriage return and a line feed, as on Windows and in RFC 4180.
    CrLf,
    /// A carriage return alone, as on the classic Mac OS.
    Cr,
    /// The end of the file, or the limit for a record that is too long.
    None,
}

impl Terminator {
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

/// One record, borrowed from what was read.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub(crate) bytes: &'a [u8],
    /// They count from the start of the batch, as does `start`.
    pub(crate) fields: &'a [FieldEnd],
    pub(crate) start: usize,
    pub(crate) faults: &'a [Fault],
    pub(crate) line: u64,
    pub(crate) row: u64,
    /// See [`numbered`](Self::numbered).
    pub(crate) number: Option<u64>,
    pub(crate) offset: u64,
    pub(crate) end: Terminator,
    pub(crate) is_ascii: bool,
    pub(crate) is_western: bool,
    pub(crate) is_one_line: bool,
}

impl<'a> Record<'a> {
    /// How many fields there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "a record always has a field")]
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// The field at that position, from 0.
    #[inline]
    pub fn field(&self, index: usize) -> Option<Field<'a>> {
        let field = *self.fields.get(index)?;
        let before = index.checked_sub(1).and_then(|before| self.fields.get(before));
        Some(self.at(before.map_or(0, |before| before.end() + 1 - self.start), field))
    }

    /// The fields in order.
    pub fn fields(&self) -> impl ExactSizeIterator<Item = Field<'a>> + use<'a> {
        let (bytes, first) = (self.bytes, self.start);
        spans(self.fields, first).map(move |(range, quoting)| {
            let start = range.start - first;
            let raw = bytes.get(start..range.end - first).unwrap_or_default();
            Field { raw, start, quoting }
        })
    }

    #[inline]
    fn at(&self, start: usize, field: FieldEnd) -> Field<'a> {
        let raw = self.bytes.get(start..field.end() - self.start).unwrap_or_default();
        Field { raw, start, quoting: field.quoting() }
    }

    /// The bytes of the record as they lie in the file, without the line end.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The faults of its form, in order.
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

    /// The same record with its number, from 1; 0 is the header, and blank lines have none.
    pub(crate) fn numbered(self, number: Option<u64>) -> Self {
        Self { number, ..self }
    }

    /// What ends it.
    pub fn end(&self) -> Terminator {
        self.end
    }

    /// Whether this blank line is only the second half of CR CR LF, which results when a program
    /// writes CRLF and another one turns its LF into CRLF. `before` ends the record before it.
    pub(crate) fn is_half_of_end(&self, before: Option<Terminator>) -> bool {
        before == Some(Terminator::Cr) && self.bytes.is_empty() && self.end == Terminator::CrLf
    }

    /// Whether it is nothing but blank fields: a blank line, or delimiters only.
    #[inline]
    pub fn is_blank(&self) -> bool {
        // The first byte of nearly every record shows that it is not.
        match self.bytes.first() {
            Some(byte) if byte.is_ascii_alphanumeric() => false,
            _ => self.fields().all(|field| {
                let inner = match field.quoting {
                    Quoting::None | Quoting::Broken => field.raw,
                    Quoting::Plain | Quoting::Escaped => field.inner(),
                };
                is_whitespace(inner)
            }),
        }
    }

    /// Where some bytes of the record are; a range that goes over a line end stops there.
    ///
    /// It counts characters from the start of the record: only findings pay for that.
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = range.start.min(self.bytes.len());
        let end = range.end.clamp(start, self.bytes.len());
        if self.is_ascii && self.is_one_line {
            return Place {
                line: self.line,
                column: start as u64 + 1,
                end_column: end as u64 + 1,
                byte_offset: self.offset + start as u64,
            };
        }
        let before = self.bytes.get(..start).unwrap_or_default();
        let line = self.line_of(start);
        let head = before.get(line.start..).unwrap_or_default();
        let marked = self.bytes.get(start..end.min(line.end.max(start))).unwrap_or_default();
        let column = count_characters(head) + 1;
        Place {
            line: self.line
                + u64::from(count_line_ends(before.get(..line.start).unwrap_or_default())),
            column,
            end_column: column + count_characters(marked),
            byte_offset: self.offset + start as u64,
        }
    }

    /// The bytes of the physical line that holds the byte at `at`, without its line end.
    pub(crate) fn line_of(&self, at: usize) -> Range<usize> {
        let mut at = at;
        let mut before = self.bytes.get(..at).unwrap_or_default();
        // Between the two bytes of a line end, the line is the one that they end.
        if let Some(line) = before.strip_suffix(b"\r")
            && self.bytes.get(at) == Some(&b'\n')
        {
            before = line;
            at -= 1;
        }
        let start = memchr::memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |end| at + end);
        start..end
    }
}

/// The first byte of the letters of western Europe. None of them is white space.
pub(crate) const FIRST_OF_LETTER: u8 = 0xC3;

/// Whether bytes are printable ASCII and single letters of western Europe only, as in `José`. Then
/// nothing is invisible, invalid or garbled.
pub(crate) fn is_western(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (0x20..=0x7E | b'\t' | b'\n' | b'\r', _) => after,
            (&FIRST_OF_LETTER, [0x80..=0xBF, after @ ..])
                if after.first().is_none_or(u8::is_ascii) =>
            {
                after
            }
            _ => return false,
        };
    }
    true
}

pub(crate) fn count_line_ends(bytes: &[u8]) -> u32 {
    let mut count = 0;
    let mut rest = bytes;
    while let Some(at) = memchr2(b'\n', b'\r', rest) {
        count += 1;
        rest = rest.get(at + line_end(rest, at)..).unwrap_or_default();
    }
    count
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
