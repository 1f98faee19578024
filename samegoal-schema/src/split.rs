//! One record taken apart by the grammar of RFC 4180, without regard for what comes after it.

use crate::marks::Marks;
use crate::scan::{Fault, FaultKind, Quoting};

/// Where a field ends, and how it is quoted. It starts behind the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldEnd(u32);

/// As many bits as a place in a record takes; the others say how the field is quoted.
const PLACE_BITS: u32 = 30;

impl FieldEnd {
    #[inline]
    pub(crate) fn new(end: usize, quoting: Quoting) -> Self {
        // A record is cut off long before a place no longer fits.
        #[expect(clippy::cast_possible_truncation, reason = "records are far shorter")]
        Self(end as u32 | (quoting as u32) << PLACE_BITS)
    }

    #[inline]
    pub(crate) fn end(self) -> usize {
        (self.0 & ((1 << PLACE_BITS) - 1)) as usize
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

/// Where a field starts, ends, and how it is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
}

/// The fields of a record that starts at 0.
pub(crate) fn spans(fields: &[FieldEnd]) -> impl Iterator<Item = Span> {
    let starts = std::iter::once(0).chain(fields.iter().map(|field| field.end() + 1));
    starts.zip(fields).map(|(start, field)| Span {
        start,
        end: field.end(),
        quoting: field.quoting(),
    })
}

/// As [`split`], for a record at the start of `bytes` that is looked at by itself.
pub(crate) fn split_one(
    bytes: &[u8],
    is_last: bool,
    found: &mut Vec<Span>,
    faults: &mut Vec<Fault>,
) -> Split {
    let mut fields = Vec::new();
    found.clear();
    faults.clear();
    let outcome = split(bytes, 0, is_last, &mut Marks::default(), &mut fields, faults);
    found.extend(spans(&fields));
    outcome
}

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// It ends.
    Whole(Whole),
    /// The bytes end before it does. The last field is the one that is cut off.
    Short,
}

/// A record that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Where.
    pub(crate) end: usize,
    /// Where the next one starts.
    pub(crate) next: usize,
    /// How many line ends are in its quoted fields.
    pub(crate) line_ends: u32,
    /// Whether it is ASCII without control characters, but for tabs and line ends.
    pub(crate) is_plain: bool,
}

/// Takes the record that starts at `from` apart. What is found is added to `fields` and `faults`;
/// their places, and those of the result, count from the record's start.
///
/// `marks` are at that start, and at that of the next record if this one ends. If `is_last`, the end
/// of the bytes ends an unquoted field and its record.
#[inline]
pub(crate) fn split(
    bytes: &[u8],
    from: usize,
    is_last: bool,
    marks: &mut Marks,
    fields: &mut Vec<FieldEnd>,
    faults: &mut Vec<Fault>,
) -> Split {
    let first = fields.len();
    let mut start = from;
    let mut quoting = Quoting::None;
    let mut has_fault = false;
    let mut is_plain = true;
    let mut line_ends = 0;
    loop {
        let Some((at, byte)) = marks.next(bytes) else {
            let end = bytes.len() - from;
            fields.push(FieldEnd::new(end, quoting));
            if !is_last {
                return Split::Short;
            }
            return Split::Whole(Whole { end, next: end, line_ends, is_plain });
        };
        match byte {
            b',' => {
                fields.push(FieldEnd::new(at - from, quoting));
                start = at + 1;
                quoting = Quoting::None;
                has_fault = false;
            }
            b'\n' | b'\r' => {
                fields.push(FieldEnd::new(at - from, quoting));
                let is_pair = byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
                // A carriage return may still be the first half of a line end.
                if byte == b'\r' && at + 1 == bytes.len() && !is_last {
                    return Split::Short;
                }
                if is_pair {
                    marks.skip(bytes);
                }
                let end = at - from;
                let next = end + 1 + usize::from(is_pair);
                return Split::Whole(Whole { end, next, line_ends, is_plain });
            }
            b'"' if at == start => {
                let Some(quoted) = quoted(bytes, is_last, marks) else {
                    fields.push(FieldEnd::new(bytes.len() - from, Quoting::Broken));
                    return Split::Short;
                };
                line_ends += quoted.line_ends;
                is_plain &= quoted.is_plain;
                quoting = quoted.quoting;
                let after = quoted.close + 1;
                if !matches!(bytes.get(after), None | Some(b',' | b'\n' | b'\r')) {
                    let field = fields.len() - first;
                    faults.push(Fault { kind: FaultKind::TextAfterQuote, field, at: after - from });
                    quoting = Quoting::Broken;
                    has_fault = true;
                }
            }
            b'"' if !has_fault => {
                let field = fields.len() - first;
                faults.push(Fault { kind: FaultKind::StrayQuote, field, at: at - from });
                has_fault = true;
            }
            b'"' | b'\t' => {}
            _ => is_plain = false,
        }
    }
}

/// The inside of a quoted field.
struct Quoted {
    /// The quote that closes it.
    close: usize,
    quoting: Quoting,
    line_ends: u32,
    is_plain: bool,
}

/// Reads on from behind an opening quote; `None` if the bytes end first.
#[inline]
fn quoted(bytes: &[u8], is_last: bool, marks: &mut Marks) -> Option<Quoted> {
    let mut quoted = Quoted { close: 0, quoting: Quoting::Plain, line_ends: 0, is_plain: true };
    loop {
        let (at, byte) = marks.next(bytes)?;
        match byte {
            b'"' => match bytes.get(at + 1) {
                Some(b'"') => {
                    quoted.quoting = Quoting::Escaped;
                    marks.skip(bytes);
                }
                None if !is_last => return None,
                _ => {
                    quoted.close = at;
                    return Some(quoted);
                }
            },
            b'\n' => quoted.line_ends += 1,
            // Of a pair the line feed counts.
            b'\r' => quoted.line_ends += u32::from(bytes.get(at + 1) != Some(&b'\n')),
            b',' | b'\t' => {}
            _ => quoted.is_plain = false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_of(bytes: &[u8]) -> (Split, Vec<Span>, Vec<Fault>) {
        let (mut fields, mut faults) = (Vec::new(), Vec::new());
        let outcome = split(bytes, 0, true, &mut Marks::default(), &mut fields, &mut faults);
        (outcome, spans(&fields).collect(), faults)
    }

    #[test]
    fn a_place_and_a_quoting_fit_together() {
        for quoting in [Quoting::None, Quoting::Plain, Quoting::Escaped, Quoting::Broken] {
            let field = FieldEnd::new(crate::scan::MAX_RECORD * 2, quoting);
            assert_eq!((field.end(), field.quoting()), (crate::scan::MAX_RECORD * 2, quoting));
        }
    }

    #[test]
    fn takes_records_apart_by_the_letter() {
        use FaultKind::{StrayQuote, TextAfterQuote};
        use Quoting::{Broken, Escaped, None, Plain};
        for (text, expected, faults) in [
            ("a,b\n", &[(0, 1, None), (2, 3, None)][..], &[][..]),
            ("\"a\",\"\"\r\n", &[(0, 3, Plain), (4, 6, Plain)], &[]),
            ("\"a\"\"b\"\r", &[(0, 6, Escaped)], &[]),
            ("a\"b\"c,", &[(0, 5, None), (6, 6, None)], &[(StrayQuote, 0, 1)]),
            ("x,\"a\"b\"c", &[(0, 1, None), (2, 8, Broken)], &[(TextAfterQuote, 1, 5)]),
            ("\"a\nb\",c", &[(0, 5, Plain), (6, 7, None)], &[]),
            ("", &[(0, 0, None)], &[]),
        ] {
            let (outcome, found, found_faults) = fields_of(text.as_bytes());
            let found: Vec<_> =
                found.iter().map(|span| (span.start, span.end, span.quoting)).collect();
            let found_faults: Vec<_> =
                found_faults.iter().map(|fault| (fault.kind, fault.field, fault.at)).collect();
            assert_eq!((&found[..], &found_faults[..]), (expected, faults), "{text:?}");
            assert!(matches!(outcome, Split::Whole(Whole { next, .. }) if next == text.len()));
        }
    }

    #[test]
    fn a_record_may_not_end_yet() {
        for text in ["", "a", "a\r", "\"a", "\"a\"", "\"a\"\"", "\"a\n"] {
            let (mut fields, mut faults) = (Vec::new(), Vec::new());
            let mut marks = Marks::default();
            let outcome = split(text.as_bytes(), 0, false, &mut marks, &mut fields, &mut faults);
            assert_eq!(outcome, Split::Short, "{text:?}");
        }
    }
}
