//! One record taken apart by the grammar of RFC 4180, without regard for what comes after it.

use memchr::memchr;

use crate::record::{Fault, FaultKind, Quoting, line_end};

/// Where a field is in its record, its quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
}

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
    split_until(bytes, is_last, spans, faults, |_, _| false).unwrap_or(Split::Short)
}

/// As [`split`], but gives up at a fault for which `stop` says so; its field is the last span then.
///
/// Where much is to be tried, this keeps a fault from costing more than the bytes before it.
pub(crate) fn split_until(
    bytes: &[u8],
    is_last: bool,
    spans: &mut Vec<Span>,
    faults: &mut Vec<Fault>,
    mut stop: impl FnMut(&Span, &Fault) -> bool,
) -> Option<Split> {
    spans.clear();
    faults.clear();
    let mut start = 0;
    loop {
        let field = spans.len();
        let (from, mut quoting) = if bytes.get(start) == Some(&b'"') {
            let field = bytes.get(start..).unwrap_or_default();
            let Some((close, quoting)) = closing_quote(field, is_last) else {
                spans.push(Span { start, end: bytes.len(), quoting: Quoting::Broken });
                return Some(Split::Short);
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
        let span = Span { start, end, quoting };
        spans.push(span);
        if faults.last().is_some_and(|fault| fault.field == field && stop(&span, fault)) {
            return None;
        }
        match after {
            Some(b',') => start = end + 1,
            // A carriage return may still be the first half of a line end.
            Some(b'\r') if end + 1 == bytes.len() && !is_last => return Some(Split::Short),
            Some(_) => return Some(Split::Whole { end, next: end + line_end(bytes, end) }),
            None if is_last => return Some(Split::Whole { end, next: end }),
            None => return Some(Split::Short),
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
