//! A second reader: the whole file in memory, one byte at a time, no state kept.
//!
//! It ignores speed and shares no code with the scanner. A mistake goes unnoticed only if both make
//! it.

use std::ops::Range;

use samegoal_schema::csv::{Fault, FaultKind, MAX_FIELD, MAX_RECORD, Place, Quoting, Terminator};

mod recovery;

/// How many fields a record should have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Width {
    /// As many as the first record that is not blank.
    Header,
    /// Given before the first record.
    Fixed(usize),
}

/// A record; all places count from the start of the file.
pub(crate) struct Record {
    pub(crate) start: usize,
    /// Where its line end starts.
    pub(crate) end: usize,
    /// Where the next record starts.
    pub(crate) next: usize,
    pub(crate) fields: Vec<Field>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) ending: Terminator,
}

/// A field, its quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) quoting: Quoting,
}

/// The records of a file.
pub(crate) fn read(file: &[u8], width: Width) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    let mut at = first_byte(file);
    while at < file.len() {
        let width = match width {
            Width::Header => {
                let header = records.iter().find(|record| !is_blank(file, record));
                header.map(|header| width_of(file, header))
            }
            Width::Fixed(width) => Some(width),
        };
        let record = record(file, at, width);
        at = record.next;
        records.push(record);
    }
    records
}

fn is_blank(file: &[u8], record: &Record) -> bool {
    record.fields.iter().all(|field| {
        let shown = match field.quoting {
            Quoting::None | Quoting::Broken => file[field.start..field.end].to_vec(),
            Quoting::Plain | Quoting::Escaped => file[field.start + 1..field.end - 1].to_vec(),
        };
        String::from_utf8(shown).is_ok_and(|text| text.trim().is_empty())
    })
}

/// How many fields a header has; what a quote swallowed counts as it would without the quote.
fn width_of(file: &[u8], header: &Record) -> usize {
    let swallowed = header.fields.last().is_some_and(|last| last.quoting == Quoting::Broken);
    if !swallowed {
        return header.fields.len();
    }
    pieces_of_first_line(&file[header.start..header.end])
}

/// How many pieces a line has between its commas, ignoring quotes.
fn pieces_of_first_line(bytes: &[u8]) -> usize {
    let line = bytes.split(|byte| is_line_end(*byte)).next().unwrap();
    line.split(|byte| *byte == b',').count()
}

/// Where the first record starts: after the mark, or after two of them, if there are any.
pub(crate) fn first_byte(file: &[u8]) -> usize {
    let marks = ["\u{feff}\u{feff}", "\u{feff}"];
    marks.into_iter().find(|marks| file.starts_with(marks.as_bytes())).map_or(0, str::len)
}

/// How a record ends, by the letter of RFC 4180.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// With a line end, or at the end of the file.
    Well,
    /// Not at all: the last field has no closing quote.
    Open,
    /// It is too long.
    TooLong,
}

fn record(file: &[u8], start: usize, width: Option<usize>) -> Record {
    let (mut record, mut ends) = parse(file, start, false);
    if record.end - start > MAX_RECORD {
        (record, ends) = parse(&file[..start + MAX_RECORD], start, true);
    }
    if let Some(record) = recovery::recover(file, &record, ends, width) {
        return record;
    }
    if ends == Ends::Open {
        let field = record.fields.len() - 1;
        let open = record.fields[field].start;
        // A file that ends within a line was most likely cut off within this field.
        let is_cut_off = record.end == file.len() && !is_line_end(file[file.len() - 1]);
        let line_end = (open..record.end).find(|at| is_line_end(file[*at]));
        match line_end.filter(|_| !is_cut_off) {
            Some(end) => return close(file, &record, field, end),
            None if record.end == file.len() => return close(file, &record, field, file.len()),
            None => ends = Ends::TooLong,
        }
    }
    if ends == Ends::TooLong {
        let rest = (record.end..file.len()).find(|at| is_line_end(file[*at]));
        record.next = rest.map_or(file.len(), |end| after_line_end(file, end));
        record.ending = Terminator::None;
        record.faults = vec![Fault { kind: FaultKind::LongRecord, field: 0, at: 0 }];
    } else if record.faults.is_empty() {
        let long = |field: &Field| field.end - field.start > MAX_FIELD;
        if let Some(field) = record.fields.iter().position(long) {
            record.faults.push(Fault { kind: FaultKind::LongField, field, at: 0 });
        }
    }
    record
}

/// Ends a record at `end`, within a quoted field, as one with an open quote.
fn close(file: &[u8], record: &Record, field: usize, end: usize) -> Record {
    let open = record.fields[field].start;
    let mut fields = record.fields[..field].to_vec();
    fields.push(Field { start: open, end, quoting: Quoting::Broken });
    ended(file, record.start, end, fields, faults_of_open_quote(record, field))
}

/// The faults of a record before an open quote, and the open quote.
fn faults_of_open_quote(record: &Record, field: usize) -> Vec<Fault> {
    let at = record.fields[field].start - record.start;
    let mut faults = record.faults.clone();
    faults.retain(|fault| fault.at < at);
    faults.push(Fault { kind: FaultKind::UnclosedQuote, field, at });
    faults
}

fn ended(file: &[u8], start: usize, end: usize, fields: Vec<Field>, faults: Vec<Fault>) -> Record {
    let next = after_line_end(file, end);
    let ending = match &file[end..next] {
        b"\n" => Terminator::Lf,
        b"\r\n" => Terminator::CrLf,
        b"\r" => Terminator::Cr,
        _ => Terminator::None,
    };
    Record { start, end, next, fields, faults, ending }
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

/// The place after the line end at `at`; `None` at the end of the file.
fn after_line_end(file: &[u8], at: usize) -> usize {
    if file[at..].starts_with(b"\r\n") { at + 2 } else { file.len().min(at + 1) }
}

/// Reads a record by the grammar and nothing else. If it `is_cut`, the end of the bytes is not the
/// end of the file.
fn parse(file: &[u8], start: usize, is_cut: bool) -> (Record, Ends) {
    let (mut fields, mut faults) = (Vec::new(), Vec::new());
    let mut at = start;
    loop {
        let open = at;
        let mut quoting = Quoting::None;
        if file.get(at) == Some(&b'"') {
            quoting = Quoting::Plain;
            at += 1;
            loop {
                match (file.get(at), file.get(at + 1)) {
                    (Some(b'"'), Some(b'"')) => {
                        quoting = Quoting::Escaped;
                        at += 2;
                    }
                    (Some(b'"'), None) if !is_cut => break,
                    (Some(b'"'), Some(_)) => break,
                    (Some(_), _) if at + 1 < file.len() => at += 1,
                    _ => {
                        let end = file.len();
                        fields.push(Field { start: open, end, quoting: Quoting::Broken });
                        return (ended(file, start, end, fields, faults), Ends::Open);
                    }
                }
            }
            at += 1;
        }
        let text = at;
        let mut stray = None;
        while at < file.len() && file[at] != b',' && !is_line_end(file[at]) {
            if file[at] == b'"' && stray.is_none() {
                stray = Some(at);
            }
            at += 1;
        }
        let field = fields.len();
        if quoting != Quoting::None && at > text {
            faults.push(Fault { kind: FaultKind::TextAfterQuote, field, at: text - start });
            quoting = Quoting::Broken;
        }
        if let (Quoting::None, Some(stray)) = (quoting, stray) {
            faults.push(Fault { kind: FaultKind::StrayQuote, field, at: stray - start });
        }
        fields.push(Field { start: open, end: at, quoting });
        if file.get(at) == Some(&b',') {
            at += 1;
        } else {
            let is_reported = at < file.len() && !(is_cut && file[at..] == *b"\r");
            let ends = if is_reported || !is_cut { Ends::Well } else { Ends::TooLong };
            return (ended(file, start, at, fields, faults), ends);
        }
    }
}

/// The value of a field.
pub(crate) fn value(file: &[u8], field: Field) -> Vec<u8> {
    let raw = &file[field.start..field.end];
    match field.quoting {
        Quoting::None => raw.to_vec(),
        Quoting::Broken => raw[1..].to_vec(),
        Quoting::Plain | Quoting::Escaped => {
            let mut value = Vec::new();
            let mut bytes = raw[1..raw.len() - 1].iter();
            while let Some(byte) = bytes.next() {
                value.push(*byte);
                if *byte == b'"' {
                    bytes.next();
                }
            }
            value
        }
    }
}

/// The physical lines of a file.
pub(crate) struct Lines<'a> {
    file: &'a [u8],
    /// For each byte, and the end of the file: its line, and where that line starts.
    lines: Vec<(u64, usize)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(file: &'a [u8]) -> Self {
        let mut line = (1, first_byte(file));
        let mut lines = Vec::new();
        for at in 0..=file.len() {
            lines.push(line);
            let ends = match file.get(at) {
                Some(b'\n') => true,
                Some(b'\r') => file.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                line = (line.0 + 1, at + 1);
            }
        }
        Self { file, lines }
    }

    /// The place of some bytes, which stops at the end of the line.
    pub(crate) fn place(&self, range: Range<usize>) -> Place {
        let (line, start) = self.lines[range.start];
        let column = characters(&self.file[start..range.start]) + 1;
        let mut end = range.start;
        while end < range.end && !is_line_end(self.file[end]) {
            end += 1;
        }
        let end_column = column + characters(&self.file[range.start..end]);
        Place { line, column, end_column, byte_offset: range.start as u64 }
    }
}

/// How many characters there are; a byte that is not part of a character counts as one.
fn characters(bytes: &[u8]) -> u64 {
    let mut count = 0;
    let mut at = 0;
    while at < bytes.len() {
        let is_character = |length: &usize| {
            let character = bytes.get(at..at + length).map(std::str::from_utf8);
            matches!(character, Some(Ok(_)))
        };
        at += (1..=4).find(is_character).unwrap_or(1);
        count += 1;
    }
    count
}
