//! The fields of a record: how they are read by the grammar of RFC 4180, where they are, how they are
//! quoted, and their values.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

/// How a field is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Not at all.
    None,
    /// In quotes, with none inside.
    Plain,
    /// In quotes, with doubled quotes inside.
    Escaped,
    /// It starts with a quote, but does not end with one.
    Broken,
}

/// One field, borrowed from the scanner's buffer.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub(super) raw: &'a [u8],
    pub(super) start: usize,
    pub(super) quoting: Quoting,
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

    /// The value of the field: without its quotes, and with doubled quotes as one.
    #[inline]
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

    pub(super) fn inner(&self) -> &'a [u8] {
        self.raw.get(1..self.raw.len().saturating_sub(1)).unwrap_or_default()
    }
}

/// Where in its batch a field ends, and how it is quoted. It starts after the field before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldEnd(u32);

/// The bits for the place. The others hold the quoting.
const PLACE_BITS: u32 = 30;

const PLACE: u32 = (1 << PLACE_BITS) - 1;

impl FieldEnd {
    #[inline]
    pub(crate) fn new(end: usize, quoting: Quoting) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        Self(end as u32 | (quoting as u32) << PLACE_BITS)
    }

    /// The same field in bytes that have `count` more in front.
    pub(crate) fn shifted(self, count: usize) -> Self {
        Self::new(self.end() + count, self.quoting())
    }

    /// The end of an imagined field before the one that starts here.
    #[inline]
    pub(crate) fn before(start: usize) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "a batch is far smaller")]
        Self((start as u32).wrapping_sub(1) & PLACE)
    }

    /// Where the value of this field starts, and its length, given the field before it.
    #[inline(always)]
    pub(crate) fn value_behind(self, before: Self) -> (u32, u32) {
        let quotes = u32::from(self.0 >> PLACE_BITS == Quoting::Plain as u32);
        let start = (before.0.wrapping_add(1) & PLACE) + quotes;
        (start, ((self.0 & PLACE) - quotes).saturating_sub(start))
    }

    #[inline]
    pub(crate) fn end(self) -> usize {
        (self.0 & PLACE) as usize
    }

    #[inline]
    pub(crate) fn quoting(self) -> Quoting {
        match self.0 >> PLACE_BITS {
            0 => Quoting::None,
            1 => Quoting::Plain,
            2 => Quoting::Escaped,
            _ => Quoting::Broken,
        }
    }
}

/// The ranges and the quoting of fields that follow one another. The first starts at `start`.
pub(crate) fn spans(
    fields: &[FieldEnd],
    start: usize,
) -> impl ExactSizeIterator<Item = (Range<usize>, Quoting)> {
    let mut start = start;
    fields.iter().map(move |field| {
        let range = start..field.end();
        start = range.end + 1;
        (range, field.quoting())
    })
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
    /// A field of more than [`MAX_FIELD`](crate::csv::MAX_FIELD) bytes.
    LongField,
    /// A record of more than [`MAX_RECORD`](crate::csv::MAX_RECORD) bytes. The rest of its line is skipped.
    LongRecord,
}

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordEnd {
    /// Behind its last field.
    pub(crate) end: usize,
    /// Behind its line end, where the next record starts.
    pub(crate) next: usize,
}

/// What became of the bytes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    Whole(RecordEnd),
    /// The bytes end before the record does. The last field is cut off.
    Incomplete,
    /// The caller stopped at a fault of the last field.
    Stopped,
}

/// Parses the first record of `bytes` into `fields` and `faults`; places count from its start.
///
/// If `is_last`, the end of the bytes ends an unquoted field and its record.
pub(crate) fn parse_record(
    bytes: &[u8],
    is_last: bool,
    fields: &mut Vec<FieldEnd>,
    faults: &mut Vec<Fault>,
) -> Parsed {
    parse_until(bytes, is_last, fields, faults, |_, _| false)
}

/// As [`parse_record`], but stops at a fault for which `stop` says so. `stop` also gets the start of
/// the field.
///
/// Recovery tries many places. So a fault costs no more than the bytes before it.
pub(crate) fn parse_until(
    bytes: &[u8],
    is_last: bool,
    fields: &mut Vec<FieldEnd>,
    faults: &mut Vec<Fault>,
    mut stop: impl FnMut(usize, &Fault) -> bool,
) -> Parsed {
    fields.clear();
    faults.clear();
    let mut start = 0;
    loop {
        let field = fields.len();
        let (from, mut quoting) = if bytes.get(start) == Some(&b'"') {
            let quoted = bytes.get(start..).unwrap_or_default();
            let Some((close, quoting)) = closing_quote(quoted, is_last) else {
                fields.push(FieldEnd::new(bytes.len(), Quoting::Broken));
                return Parsed::Incomplete;
            };
            (start + close + 1, quoting)
        } else {
            (start, Quoting::None)
        };
        let mut end = from;
        let mut quote = None;
        let after = loop {
            match bytes.get(end) {
                Some(b'"') => {
                    quote = quote.or(Some(end));
                    end += 1;
                }
                Some(after @ (b',' | b'\n' | b'\r')) => break Some(*after),
                Some(_) => end += 1,
                None => break None,
            }
        };
        if quoting != Quoting::None && end > from {
            faults.push(Fault { kind: FaultKind::TextAfterQuote, field, at: from });
            quoting = Quoting::Broken;
        } else if let (Quoting::None, Some(at)) = (quoting, quote) {
            faults.push(Fault { kind: FaultKind::StrayQuote, field, at });
        }
        fields.push(FieldEnd::new(end, quoting));
        if faults.last().is_some_and(|fault| fault.field == field && stop(start, fault)) {
            return Parsed::Stopped;
        }
        match after {
            Some(b',') => start = end + 1,
            // A carriage return may still be the first half of a line end.
            Some(b'\r') if end + 1 == bytes.len() && !is_last => return Parsed::Incomplete,
            Some(_) => return Parsed::Whole(RecordEnd { end, next: end + line_end(bytes, end) }),
            None if is_last => return Parsed::Whole(RecordEnd { end, next: end }),
            None => return Parsed::Incomplete,
        }
    }
}

/// The quote that closes the field that the first byte opens, if that is a quote.
pub(crate) fn closing_quote(bytes: &[u8], is_last: bool) -> Option<(usize, Quoting)> {
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let (mut from, mut quoting) = (1, Quoting::Plain);
    loop {
        let close = from + memchr(b'"', bytes.get(from..)?)?;
        match bytes.get(close + 1) {
            Some(b'"') => {
                quoting = Quoting::Escaped;
                from = close + 2;
            }
            None if !is_last => return None,
            _ => return Some((close, quoting)),
        }
    }
}

/// How many bytes the line end at `at` has.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..) {
        Some([b'\r', b'\n', ..]) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::limits::MAX_RECORD;
    use FaultKind::{StrayQuote, TextAfterQuote};
    use Quoting::{Broken, Escaped, None, Plain};

    fn parsed(bytes: &[u8], is_last: bool) -> (Parsed, Vec<FieldEnd>, Vec<Fault>) {
        let (mut fields, mut faults) = (Vec::new(), Vec::new());
        let outcome = parse_record(bytes, is_last, &mut fields, &mut faults);
        (outcome, fields, faults)
    }

    #[test]
    fn finds_the_quoting_and_the_faults() {
        type Fields<'a> = &'a [(&'a str, Quoting)];
        type Faults<'a> = &'a [(FaultKind, usize, usize)];
        let cases: &[(&str, Fields<'_>, Faults<'_>)] = &[
            ("", &[("", None)], &[]),
            (",", &[("", None), ("", None)], &[]),
            ("\"\",a", &[("\"\"", Plain), ("a", None)], &[]),
            ("\"\"\"\"", &[("\"\"\"\"", Escaped)], &[]),
            ("\"a,\n\r\"", &[("\"a,\n\r\"", Plain)], &[]),
            // Only a quote that is the first byte of its field opens one.
            (" \"a\",b", &[(" \"a\"", None), ("b", None)], &[(StrayQuote, 0, 1)]),
            ("a\"b\"", &[("a\"b\"", None)], &[(StrayQuote, 0, 1)]),
            // A field that closed does not open again: its comma counts.
            (
                "\"a\"b\"c,d\"e",
                &[("\"a\"b\"c", Broken), ("d\"e", None)],
                &[(TextAfterQuote, 0, 3), (StrayQuote, 1, 8)],
            ),
            ("\"a\\\"b\"", &[("\"a\\\"b\"", Broken)], &[(TextAfterQuote, 0, 4)]),
        ];
        for (text, fields, faults) in cases {
            let (outcome, ends, found) = parsed(text.as_bytes(), true);
            let shown: Vec<_> = spans(&ends, 0)
                .map(|(range, quoting)| (text.get(range).unwrap(), quoting))
                .collect();
            let found: Vec<_> = found.iter().map(|it| (it.kind, it.field, it.at)).collect();
            assert_eq!((&shown[..], &found[..]), (*fields, *faults), "{text:?}");
            let end = text.len();
            assert_eq!(outcome, Parsed::Whole(RecordEnd { end, next: end }), "{text:?}");
        }
    }

    /// The end of the bytes ends a record only if it is the end of the file, and a quoted field not
    /// even then.
    #[test]
    fn waits_for_what_may_still_come() {
        for (text, ends, ends_with_file) in [
            ("a", false, true),
            ("a,", false, true),
            ("\"a\"", false, true),
            ("a\r", false, true),
            ("\"a", false, false),
            ("\"\"\"a\"\"", false, false),
            ("a\rb", true, true),
            ("a\r\n", true, true),
            ("a\n", true, true),
            ("\"a\"\n", true, true),
        ] {
            for (is_last, expected) in [(false, ends), (true, ends_with_file)] {
                let (outcome, ..) = parsed(text.as_bytes(), is_last);
                assert_eq!(outcome != Parsed::Incomplete, expected, "{text:?} {is_last}");
            }
        }
    }

    #[test]
    fn stops_where_the_caller_says_so() {
        let (mut fields, mut faults) = (Vec::new(), Vec::new());
        let text = b"a\"b,\"c\"d,e\n";
        let outcome = parse_until(text, true, &mut fields, &mut faults, |start, fault| {
            start == 4 && fault.kind == TextAfterQuote
        });
        assert_eq!(outcome, Parsed::Stopped);
        assert_eq!(fields.last(), Some(&FieldEnd::new(8, Broken)));
        assert_eq!(faults.last(), Some(&Fault { kind: TextAfterQuote, field: 1, at: 7 }));
    }

    #[test]
    fn a_place_and_a_quoting_fit_together() {
        for quoting in [None, Plain, Escaped, Broken] {
            let field = FieldEnd::new(MAX_RECORD * 2, quoting);
            assert_eq!((field.end(), field.quoting()), (MAX_RECORD * 2, quoting));
        }
    }
}
