//! One record by the grammar of RFC 4180, without regard for what comes after it.

use memchr::memchr;

use crate::csv::field::{FieldEnd, Quoting};

use crate::csv::record::{Fault, FaultKind, line_end};

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
/// Recovery tries many places. Thus a fault costs no more than the bytes before it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::field::spans;
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
}
