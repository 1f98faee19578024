//! One record taken apart by the grammar of RFC 4180, without regard for what comes after it.

use memchr::memchr;

use crate::scan::{Fault, FaultKind, Quoting, Span, line_end};

/// Where a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// It ends at `end`, and the next one starts at `next`.
    Whole { end: usize, next: usize },
    /// The bytes end before it does. The last span is of the field that is cut off.
    Short,
}

/// Takes the first record of `bytes` apart into `spans` and `faults`.
///
/// If `is_last`, the end of the bytes ends an unquoted field and its record.
pub(crate) fn split(
    bytes: &[u8],
    is_last: bool,
    spans: &mut Vec<Span>,
    faults: &mut Vec<Fault>,
) -> Split {
    spans.clear();
    faults.clear();
    let mut start = 0;
    loop {
        let field = spans.len();
        let (from, mut quoting) = if bytes.get(start) == Some(&b'"') {
            let Some((close, quoting)) = closing_quote(bytes, start, is_last) else {
                spans.push(Span { start, end: bytes.len(), quoting: Quoting::Broken });
                return Split::Short;
            };
            (close + 1, quoting)
        } else {
            (start, Quoting::None)
        };
        let mut end = from;
        let mut quote = None;
        let stop = loop {
            match bytes.get(end) {
                Some(b'"') => {
                    quote = quote.or(Some(end));
                    end += 1;
                }
                Some(stop @ (b',' | b'\n' | b'\r')) => break Some(*stop),
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
        spans.push(Span { start, end, quoting });
        match stop {
            Some(b',') => start = end + 1,
            // A carriage return may still be the first half of a line end.
            Some(b'\r') if end + 1 == bytes.len() && !is_last => return Split::Short,
            Some(_) => return Split::Whole { end, next: end + line_end(bytes, end) },
            None if is_last => return Split::Whole { end, next: end },
            None => return Split::Short,
        }
    }
}

/// The quote that closes the field that the quote at `open` opens.
fn closing_quote(bytes: &[u8], open: usize, is_last: bool) -> Option<(usize, Quoting)> {
    let mut quoting = Quoting::Plain;
    let mut from = open + 1;
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
