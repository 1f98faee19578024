//! Where reading goes on after a quote that was left open.
//!
//! By RFC 4180 such a quote makes one field of everything up to the next quote or the end of the
//! file. People see that it was meant to end with its line, because records go on below. This module
//! sees it by the number of fields that the header has.
//!
//! A quoted field is *suspect* if it never closes, if it closes with text after the quote, or if it
//! goes over a line end in a record of the wrong width. Only then are bytes read twice. So right files
//! with long notes lose neither time nor notes.

use memchr::{memchr, memchr_iter, memchr2};

use crate::csv::field::{
    Fault, FaultKind, FieldEnd, Parsed, Quoting, closing_quote, line_end, parse_record,
    parse_until, spans,
};
use crate::csv::limits::MAX_RECORD;

/// How many bytes are read ahead for one record.
pub(crate) const LOOK_AHEAD: usize = 16 << 10;

/// How many records of the right width show that records go on.
const BELIEVED: usize = 4;

/// A quoted field that may have been left open.
pub(crate) struct Suspect {
    /// Its position in the record.
    pub(crate) field: usize,
    /// Its opening quote.
    pub(crate) open: usize,
    /// Its closing quote, or the end of the bytes.
    close: usize,
    /// Whether `close` is a quote.
    closes: bool,
    /// Where a later field of the record may open instead, if it closes with text behind it.
    reopens: Option<usize>,
}

impl Suspect {
    /// The fault, if it is one.
    pub(crate) fn fault(&self) -> Fault {
        Fault { kind: FaultKind::UnclosedQuote, field: self.field, at: self.open }
    }

    /// The field at the end of the bytes, if it has an opening quote and no closing one.
    pub(crate) fn open_at_end(
        fields: &[FieldEnd],
        faults: &[Fault],
        length: usize,
    ) -> Option<Self> {
        let (field, (range, quoting)) = spans(fields, 0).enumerate().last()?;
        let is_closed = faults.last().is_some_and(|fault| fault.field == field);
        (quoting == Quoting::Broken && !is_closed).then_some(Self {
            field,
            open: range.start,
            close: length,
            closes: false,
            reopens: None,
        })
    }

    /// A field that closes with text behind its closing quote, if that quote may be another
    /// field's: one further down, or one in the same record.
    pub(crate) fn before_text(bytes: &[u8], open: usize, fault: &Fault) -> Option<Self> {
        if fault.kind != FaultKind::TextAfterQuote {
            return None;
        }
        let close = fault.at.checked_sub(1)?;
        let inside = bytes.get(open + 1..close)?;
        // The value of the later field may itself start with quotes, which are doubled.
        let quotes = inside.iter().rev().take_while(|byte| **byte == b'"').count();
        let before = inside.get(..inside.len() - quotes)?;
        let reopens = before.ends_with(b",").then_some(close - quotes);
        let is_suspect = reopens.is_some() || memchr2(b'\n', b'\r', inside).is_some();
        is_suspect.then_some(Self { field: fault.field, open, close, closes: true, reopens })
    }

    /// The first quoted field that goes over a line end, in a record without faults that has the
    /// wrong width.
    pub(crate) fn in_ragged(bytes: &[u8], fields: &[FieldEnd]) -> Option<Self> {
        spans(fields, 0).enumerate().find_map(|(field, (range, quoting))| {
            let close = range.end.checked_sub(1)?;
            let inside = bytes.get(range.start + 1..close)?;
            let goes_over = quoting != Quoting::None && memchr2(b'\n', b'\r', inside).is_some();
            goes_over.then_some(Self {
                field,
                open: range.start,
                close,
                closes: true,
                reopens: None,
            })
        })
    }
}

pub(crate) enum Verdict {
    /// It was left open, and the record ends at this line end.
    EndsAt(usize),
    /// It was left open, but only as far as a later field of the same record, which ends at `end`.
    Within { fields: Vec<FieldEnd>, end: usize },
    /// Nothing shows that it was left open, or where it should have ended.
    NotFound,
    /// More bytes are needed.
    More,
}

/// Finds where a suspect field should have ended.
///
/// `bytes` start with the record; `is_all` says that there are no more. `effort` counts the bytes
/// that are read ahead. It stays in proportion to the suspect: each line in it starts at most
/// [`BELIEVED`] records that are read ahead, and blank lines are skipped once.
pub(crate) fn find_end(
    bytes: &[u8],
    is_all: bool,
    width: usize,
    suspect: &Suspect,
    effort: &mut u64,
) -> Verdict {
    let (fields, faults) = (Vec::new(), Vec::new());
    let mut ahead = LookAhead { bytes, is_all, width, effort, fields, faults };
    let mut from = suspect.open + 1;
    let mut tried = 0;
    while let Some(found) =
        bytes.get(from..suspect.close).and_then(|rest| memchr2(b'\n', b'\r', rest))
    {
        let end = from + found;
        from = end + line_end(bytes, end);
        // Only blank lines lie before the place that was tried last.
        if from <= tried {
            continue;
        }
        let through = if suspect.closes { Some(suspect.close) } else { None };
        tried = match ahead.skip_blank_lines(from) {
            Some(place) => place,
            None => return Verdict::More,
        };
        match ahead.goes_on(tried, through) {
            Some(true) => return Verdict::EndsAt(end),
            Some(false) => {}
            None => return Verdict::More,
        }
    }
    match suspect.reopens {
        Some(reopens) => within_record(bytes, is_all, width, suspect, reopens, effort),
        None => Verdict::NotFound,
    }
}

/// How many fields the first line has if every delimiter counts: the width while there is no header.
pub(crate) fn width_of_first_line(bytes: &[u8]) -> usize {
    let end = memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
    let line = bytes.get(..end).unwrap_or_default();
    memchr_iter(b',', line).count() + 1
}

/// A quote left open that the opening quote of a later field of the record closes:
/// `"1","Ada,"Lovelace"`.
fn within_record(
    bytes: &[u8],
    is_all: bool,
    width: usize,
    suspect: &Suspect,
    reopens: usize,
    effort: &mut u64,
) -> Verdict {
    let (mut later, mut faults) = (Vec::new(), Vec::new());
    let rest = bytes.get(reopens..).unwrap_or_default();
    let near = rest.get(..LOOK_AHEAD.min(rest.len())).unwrap_or_default();
    let is_last = is_all && near.len() == rest.len();
    let parsed = parse_until(near, is_last, &mut later, &mut faults, |_, _| true);
    *effort += looked_at(parsed, near, &later);
    let end = match parsed {
        Parsed::Whole(record) => reopens + record.end,
        Parsed::Incomplete if !is_last && near.len() < LOOK_AHEAD => return Verdict::More,
        _ => return Verdict::NotFound,
    };
    let before = suspect.field;
    let inside = bytes.get(suspect.open..reopens).unwrap_or_default();
    let delimiters = memchr_iter(b',', inside).count();
    let fits = (before + 1 + later.len()..=before + delimiters + later.len()).contains(&width);
    if !fits || end > MAX_RECORD {
        return Verdict::NotFound;
    }
    let mut fields = Vec::new();
    parse_record(bytes.get(..suspect.open).unwrap_or_default(), true, &mut fields, &mut faults);
    fields.truncate(before);
    fields.push(FieldEnd::new(reopens - 1, Quoting::Broken));
    fields.extend(later.iter().map(|field| field.shifted(reopens)));
    Verdict::Within { fields, end }
}

/// How many bytes it took to parse a record, or until the caller stopped.
pub(crate) fn looked_at(parsed: Parsed, bytes: &[u8], fields: &[FieldEnd]) -> u64 {
    let length = match parsed {
        Parsed::Whole(record) => record.next,
        Parsed::Incomplete => bytes.len(),
        Parsed::Stopped => fields.last().map_or(0, |field| field.end()),
    };
    length as u64
}

struct LookAhead<'a> {
    bytes: &'a [u8],
    is_all: bool,
    width: usize,
    effort: &'a mut u64,
    fields: Vec<FieldEnd>,
    faults: Vec<Fault>,
}

impl LookAhead<'_> {
    /// The first place from `from` on that is not the start of a blank line; `None` if it takes
    /// more bytes.
    fn skip_blank_lines(&mut self, from: usize) -> Option<usize> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        *self.effort += blank as u64;
        (blank < rest.len() || self.is_all).then_some(from + blank)
    }

    /// Whether records of the header's width go on at `from`; `None` if it takes more bytes.
    ///
    /// If the suspect closes, its closing quote must be part of such a record, unless enough records
    /// come before it. One line of a note may happen to have the right number of commas.
    fn goes_on(&mut self, from: usize, through: Option<usize>) -> Option<bool> {
        let mut from = from;
        let mut believed = 0;
        loop {
            from = self.skip_blank_lines(from)?;
            let rest = self.bytes.get(from..).unwrap_or_default();
            let near = rest.get(..LOOK_AHEAD.min(rest.len())).unwrap_or_default();
            let is_last = self.is_all && near.len() == rest.len();
            if near.is_empty() {
                return Some(false);
            }
            let (fields, faults) = (&mut self.fields, &mut self.faults);
            let parsed = parse_until(near, is_last, fields, faults, |_, _| true);
            *self.effort += looked_at(parsed, near, fields);
            let is_cut_off = !is_last && near.len() < LOOK_AHEAD;
            let next = match parsed {
                Parsed::Incomplete if is_cut_off => return None,
                Parsed::Whole(record) if self.fields.len() == self.width => record.next,
                _ => {
                    let found = memchr2(b'\n', b'\r', near);
                    let line = match found.or(is_last.then_some(near.len())) {
                        Some(end) => near.get(..end).unwrap_or_default(),
                        None if is_cut_off => return None,
                        None => return Some(false),
                    };
                    *self.effort += line.len() as u64;
                    if !fits_with_open_quotes(line, self.width) {
                        return Some(false);
                    }
                    line.len() + found.map_or(0, |end| line_end(near, end))
                }
            };
            from += next;
            believed += 1;
            match through {
                None => return Some(true),
                Some(_) if self.width < 2 => return Some(false),
                Some(close) if from > close || believed == BELIEVED => return Some(true),
                Some(_) => {}
            }
        }
    }
}

/// Whether a line has the right width if some opening quotes are ignored: it may have an unclosed quote
/// itself.
///
/// It must have no other quotes. Above all, a closing quote without an opening one ends a field of
/// several lines, not a record. So does a quote at the end of the line.
fn fits_with_open_quotes(line: &[u8], width: usize) -> bool {
    let mut rest = line;
    let mut fields = 1;
    loop {
        let quoted = closing_quote(rest, true)
            .map(|(close, _)| close + 1)
            .filter(|end| matches!(rest.get(*end), None | Some(b',')));
        let end = quoted.or_else(|| memchr(b',', rest)).unwrap_or(rest.len());
        let Some((field, behind)) = rest.split_at_checked(end) else { return false };
        let text = field.strip_prefix(b"\"").unwrap_or(field);
        if quoted.is_none() && (field == b"\"" || memchr(b'"', text).is_some()) {
            return false;
        }
        match behind.split_first() {
            Some((_, next)) => rest = next,
            None => return fields == width,
        }
        fields += 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::csv::{FaultKind, Scanner};

    /// The records of a file, each with its faults and where they are.
    fn records(file: &str) -> Vec<String> {
        let mut scanner = Scanner::new(file.as_bytes());
        let mut records = Vec::new();
        while let Some(record) = scanner.read_record().unwrap() {
            let faults = record.faults().iter().map(|fault| match fault.kind {
                FaultKind::UnclosedQuote => format!(" <unclosed {}>", fault.at),
                FaultKind::StrayQuote => format!(" <stray {}>", fault.at),
                FaultKind::TextAfterQuote => format!(" <text after {}>", fault.at),
                FaultKind::LongField | FaultKind::LongRecord => " <long>".to_owned(),
            });
            let text = std::str::from_utf8(record.bytes()).unwrap().to_owned();
            records.push(text + &faults.collect::<String>());
        }
        records
    }

    #[test]
    fn a_quote_left_open_ends_with_its_line() {
        let cases: &[(&str, &[&str])] = &[
            // The next quote is far away, or there is none.
            ("a,b\n1,\"x\n2,y\n3,\"z\"\n", &["a,b", "1,\"x <unclosed 2>", "2,y", "3,\"z\""]),
            ("a,b\n\"1,x\n2,y\n", &["a,b", "\"1,x <unclosed 0>", "2,y"]),
            ("a,b\r\n1,\"x\r\n\r\n2,y", &["a,b", "1,\"x <unclosed 2>", "", "2,y"]),
            // On every line; by the letter the whole file would be one record.
            (
                "a,b\n\"1\",\"x\n\"2\",\"y\n\"3\",\"z\n",
                &[
                    "a,b",
                    "\"1\",\"x <unclosed 4>",
                    "\"2\",\"y <unclosed 4>",
                    "\"3\",\"z <unclosed 4>",
                ],
            ),
            // In a value of several lines: with the one after which records go on.
            ("a,b,c\n1,\"x\ny,z\n2,x,z\n", &["a,b,c", "1,\"x\ny,z <unclosed 2>", "2,x,z"]),
            // In the header, where the width is that of its line.
            ("a,\"b\n1,x\n", &["a,\"b <unclosed 2>", "1,x"]),
            // Where nothing follows that would show it.
            ("a,b\n1,\"x\ny\n", &["a,b", "1,\"x <unclosed 2>", "y"]),
            ("a,b\n1,\"x", &["a,b", "1,\"x <unclosed 2>"]),
            // The faults before it are reported as well.
            (
                "a,b,c\nx\"y,\"1\"z,\"x\n1,2,3\n",
                &["a,b,c", "x\"y,\"1\"z,\"x <stray 1> <text after 7> <unclosed 9>", "1,2,3"],
            ),
        ];
        for (file, expected) in cases {
            assert_eq!(records(file), *expected, "{file:?}");
        }
    }

    #[test]
    fn a_quote_left_open_ends_before_a_later_field_of_its_record() {
        let cases: &[(&str, &[&str])] = &[
            ("a,b,c\n1,\"x,\"y\"\n", &["a,b,c", "1,\"x,\"y\" <unclosed 2>"]),
            ("a,b,c\n\"1,x,\"y\"\n", &["a,b,c", "\"1,x,\"y\" <unclosed 0>"]),
            // The later value starts with a quote, or has several lines; so may the one before it.
            ("a,b,c\n1,\"x,\"\"\"y\"\" z\"\n", &["a,b,c", "1,\"x,\"\"\"y\"\" z\" <unclosed 2>"]),
            ("a,b,c\n1,\"x,\"y\nz\"\n", &["a,b,c", "1,\"x,\"y\nz\" <unclosed 2>"]),
            ("a,b,c\n1,\"x\ny,\"z\"\n1,2,3", &["a,b,c", "1,\"x\ny,\"z\" <unclosed 2>", "1,2,3"]),
            ("a,b,c\nx\"y,\"x,\"z\"\n", &["a,b,c", "x\"y,\"x,\"z\" <stray 1> <unclosed 4>"]),
            // Not where that gives a record of another width.
            ("a,b\n1,\"x,\"y\",z\n", &["a,b", "1,\"x,\"y\",z <text after 6>"]),
        ];
        for (file, expected) in cases {
            assert_eq!(records(file), *expected, "{file:?}");
        }
    }

    /// A value of several lines stays whole, even if its record has another fault.
    #[test]
    fn a_closed_quote_is_left_alone() {
        let cases: &[(&str, &[&str])] = &[
            ("a,b\n1,\"x\ny,z\n\"\n", &["a,b", "1,\"x\ny,z\n\""]),
            // One line has a record's number of commas, but the last line of the value does not.
            (
                "a,b,c\n1,\"x\n2,y,z\nend\"!,3\n",
                &["a,b,c", "1,\"x\n2,y,z\nend\"!,3 <text after 15>"],
            ),
            // A comma too many, and the last line would make a record if its commas in quotes
            // counted, or if its closing quote were an opening one.
            ("a,b,c\n1,\"x\ny\",\"v, w\",\n", &["a,b,c", "1,\"x\ny\",\"v, w\","]),
            ("a,b\n1,\"x\n\",\n", &["a,b", "1,\"x\n\","]),
            // A single column: every line would do.
            ("a\n\"x\ny\"z\n1\n", &["a", "\"x\ny\"z <text after 5>", "1"]),
        ];
        for (file, expected) in cases {
            assert_eq!(records(file), *expected, "{file:?}");
        }
    }
}
