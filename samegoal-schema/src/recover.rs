//! Where reading goes on after a quote that was left open.
//!
//! By the letter of RFC 4180 such a quote makes a field of all that follows, up to the next quote
//! or the end of the file. People see at a glance that it was meant to end with its line, because
//! records go on below; so does this module, by the one thing that it knows of a record: how many
//! fields the header has.
//!
//! A quoted field is *suspect* when it never closes; when it closes with text behind the quote; or
//! when it goes over a line end in a record of the wrong width. Only then is anything looked at
//! twice, so clean files with long notes in them pay nothing and lose nothing.

use memchr::{memchr_iter, memchr2};

use crate::record::{Fault, FaultKind, Quoting, line_end};
use crate::scan::MAX_RECORD;
use crate::split::{Span, Split, Whole, split_one};

/// How far, in bytes, one look ahead reaches.
pub(crate) const LOOK_AHEAD: usize = 16 << 10;

/// How many records of the right width are enough to believe that records go on.
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
    /// The record's fields before it and after it, if it does not go over a line end.
    on_one_line: Option<usize>,
}

impl Suspect {
    /// The fault, if it is one.
    pub(crate) fn fault(&self) -> Fault {
        Fault { kind: FaultKind::UnclosedQuote, field: self.field, at: self.open }
    }

    /// The field at the end of the bytes, if it has an opening quote and no closing one.
    pub(crate) fn open_at_end(spans: &[Span], faults: &[Fault], length: usize) -> Option<Self> {
        let (field, span) = spans.iter().enumerate().next_back()?;
        let is_closed = faults.last().is_some_and(|fault| fault.field == field);
        (span.quoting == Quoting::Broken && !is_closed).then_some(Self {
            field,
            open: span.start,
            close: length,
            closes: false,
            on_one_line: None,
        })
    }

    /// The first suspect field of a record that ends.
    pub(crate) fn in_record(
        bytes: &[u8],
        spans: &[Span],
        faults: &[Fault],
        width: Option<usize>,
    ) -> Option<Self> {
        let is_ragged = width.is_some_and(|width| width != spans.len());
        if faults.is_empty() && !is_ragged {
            return None;
        }
        let quoted = spans.iter().enumerate().filter(|(_, span)| span.quoting != Quoting::None);
        // Both are in the order of the fields; a record may have very many of either.
        let mut texts =
            faults.iter().filter(|fault| fault.kind == FaultKind::TextAfterQuote).peekable();
        for (field, span) in quoted {
            let after = texts.next_if(|fault| fault.field == field);
            let close = match after {
                Some(fault) => fault.at - 1,
                None if is_ragged && faults.is_empty() => span.end - 1,
                None => continue,
            };
            let inside = bytes.get(span.start + 1..close).unwrap_or_default();
            let on_one_line = if memchr2(b'\n', b'\r', inside).is_some() {
                None
            } else if after.is_some() && inside.ends_with(b",") {
                Some(memchr_iter(b',', inside).count())
            } else {
                continue;
            };
            return Some(Self { field, open: span.start, close, closes: true, on_one_line });
        }
        None
    }
}

/// What became of a suspect.
pub(crate) enum Verdict {
    /// It was left open, and the record ends at this line end.
    EndsAt(usize),
    /// It was left open, but only as far as a later field of the same record, which ends at `end`.
    Within { spans: Vec<Span>, end: usize },
    /// Nothing shows that it was left open, or where it should have ended.
    NotFound,
    /// It takes more bytes to tell.
    More,
}

/// Finds where a suspect field should have ended.
///
/// `bytes` start with the record; `is_all` says that no more of them can be had. `effort` counts
/// the bytes looked at, which stay in proportion to the suspect: a line inside it is the start of at
/// most [`BELIEVED`] looked-at records, and blank lines between them are passed over once.
pub(crate) fn find_end(
    bytes: &[u8],
    is_all: bool,
    width: usize,
    suspect: &Suspect,
    effort: &mut u64,
) -> Verdict {
    if let Some(delimiters) = suspect.on_one_line {
        return within_line(bytes, is_all, width, suspect, delimiters, effort);
    }
    let mut looker = Looker { bytes, is_all, width, effort, spans: Vec::new(), faults: Vec::new() };
    let mut from = suspect.open + 1;
    let mut judged = 0;
    while let Some(found) =
        bytes.get(from..suspect.close).and_then(|rest| memchr2(b'\n', b'\r', rest))
    {
        let end = from + found;
        from = end + line_end(bytes, end);
        // Only blank lines lie before the place that the last look started from.
        if from <= judged {
            continue;
        }
        let through = if suspect.closes { Some(suspect.close) } else { None };
        judged = match looker.skip_blank_lines(from) {
            Some(place) => place,
            None => return Verdict::More,
        };
        match looker.goes_on(judged, through) {
            Some(true) => return Verdict::EndsAt(end),
            Some(false) => {}
            None => return Verdict::More,
        }
    }
    Verdict::NotFound
}

/// How many fields the first line has when every delimiter counts: what is taken for the width
/// while there is no header.
pub(crate) fn width_of_first_line(bytes: &[u8]) -> usize {
    let end = memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
    let line = bytes.get(..end).unwrap_or_default();
    memchr_iter(b',', line).count() + 1
}

/// A quote left open that the opening quote of a later field on the line closes:
/// `"1","Ada,"Lovelace"`.
fn within_line(
    bytes: &[u8],
    is_all: bool,
    width: usize,
    suspect: &Suspect,
    delimiters: usize,
    effort: &mut u64,
) -> Verdict {
    let (mut spans, mut faults) = (Vec::new(), Vec::new());
    let rest = bytes.get(suspect.close..).unwrap_or_default();
    let near = rest.get(..LOOK_AHEAD.min(rest.len())).unwrap_or_default();
    let is_last = is_all && near.len() == rest.len();
    let outcome = split_one(near, is_last, &mut spans, &mut faults);
    *effort += looked_at(outcome, near);
    let end = match outcome {
        Split::Whole(Whole { end, .. }) => suspect.close + end,
        Split::Short if !is_last && near.len() < LOOK_AHEAD => return Verdict::More,
        Split::Short => return Verdict::NotFound,
    };
    let before = suspect.field;
    let fits = (before + 1 + spans.len()..=before + delimiters + spans.len()).contains(&width);
    if !(faults.is_empty() && fits && end <= MAX_RECORD) {
        return Verdict::NotFound;
    }
    let shift = |span: &Span| Span {
        start: span.start + suspect.close,
        end: span.end + suspect.close,
        quoting: span.quoting,
    };
    let (mut head, mut ignored) = (Vec::new(), Vec::new());
    split_one(bytes.get(..suspect.open).unwrap_or_default(), true, &mut head, &mut ignored);
    head.truncate(before);
    head.push(Span { start: suspect.open, end: suspect.close - 1, quoting: Quoting::Broken });
    head.extend(spans.iter().map(shift));
    Verdict::Within { spans: head, end }
}

/// How many bytes one [`split`] has looked at.
pub(crate) fn looked_at(outcome: Split, bytes: &[u8]) -> u64 {
    match outcome {
        Split::Whole(Whole { next, .. }) => next as u64,
        Split::Short => bytes.len() as u64,
    }
}

struct Looker<'a> {
    bytes: &'a [u8],
    is_all: bool,
    width: usize,
    effort: &'a mut u64,
    spans: Vec<Span>,
    faults: Vec<Fault>,
}

impl Looker<'_> {
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
    /// Where the suspect does close, its closing quote must turn out to be part of such a record,
    /// unless enough of them come before it: a note of several lines is not to be taken apart
    /// because one of its lines happens to have a record's number of commas.
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
            let outcome = split_one(near, is_last, &mut self.spans, &mut self.faults);
            *self.effort += looked_at(outcome, near);
            let next = match outcome {
                Split::Short if !is_last && near.len() < LOOK_AHEAD => return None,
                Split::Whole(Whole { next, .. })
                    if self.faults.is_empty() && self.spans.len() == self.width =>
                {
                    next
                }
                _ => match self.fits_without_quotes(near, is_last) {
                    Some(next) => next,
                    None => return Some(false),
                },
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

    /// A line that has the right width only if its quotes count for nothing: one with a quote
    /// left open itself. Its quotes must be where those of a field would be.
    fn fits_without_quotes(&self, near: &[u8], is_last: bool) -> Option<usize> {
        let end = memchr2(b'\n', b'\r', near).or(is_last.then_some(near.len()))?;
        let line = near.get(..end)?;
        let mut fields = 0;
        for field in line.split(|byte| *byte == b',') {
            let inner = field.strip_prefix(b"\"").unwrap_or(field);
            let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
            if inner.contains(&b'"') {
                return None;
            }
            fields += 1;
        }
        (fields == self.width).then(|| (end + line_end(near, end)).min(near.len()))
    }
}
