//! One record taken apart by the grammar of RFC 4180, without regard for what comes after it.

use memchr::memchr;

use crate::csv::record::{Fault, FaultKind, Quoting, line_end};

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

#[cfg(test)]
mod tests {
    use super::*;
    use FaultKind::{StrayQuote, TextAfterQuote};
    use Quoting::{Broken, Escaped, None, Plain};

    fn taken_apart(bytes: &[u8], is_last: bool) -> (Split, Vec<Span>, Vec<Fault>) {
        let (mut spans, mut faults) = (Vec::new(), Vec::new());
        let outcome = split(bytes, is_last, &mut spans, &mut faults);
        (outcome, spans, faults)
    }

    #[test]
    fn tells_the_quoting_and_the_faults() {
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
            let (outcome, spans, found) = taken_apart(text.as_bytes(), true);
            let shown: Vec<_> =
                spans.iter().map(|it| (text.get(it.start..it.end).unwrap(), it.quoting)).collect();
            let found: Vec<_> = found.iter().map(|it| (it.kind, it.field, it.at)).collect();
            assert_eq!((&shown[..], &found[..]), (*fields, *faults), "{text:?}");
            let end = text.len();
            assert_eq!(outcome, Split::Whole { end, next: end }, "{text:?}");
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
                let (outcome, ..) = taken_apart(text.as_bytes(), is_last);
                assert_eq!(outcome != Split::Short, expected, "{text:?} {is_last}");
            }
        }
    }

    #[test]
    fn gives_up_where_it_is_told_to() {
        let (mut spans, mut faults) = (Vec::new(), Vec::new());
        let text = b"a\"b,\"c\"d,e\n";
        let outcome = split_until(text, true, &mut spans, &mut faults, |_, fault| {
            fault.kind == TextAfterQuote
        });
        assert_eq!(outcome, Option::None);
        assert_eq!(spans.last(), Some(&Span { start: 4, end: 8, quoting: Broken }));
        assert_eq!(faults.last(), Some(&Fault { kind: TextAfterQuote, field: 1, at: 7 }));
    }
}
