//! The second reader's own way to resume after an open quote.

use samegoal_schema::csv::{FaultKind, MAX_RECORD, Quoting};

use super::{
    Ends, Field, Record, after_line_end, close, ended, faults_of_open_quote, is_line_end, parse,
    pieces_of_first_line,
};

/// How many records in a row show that records resume.
const ENOUGH: usize = 4;

/// The record with a quoted field ended where it should have ended, if there is such a field and a
/// place that shows it.
pub(super) fn recover(
    file: &[u8],
    record: &Record,
    ends: Ends,
    width: Option<usize>,
) -> Option<Record> {
    let is_ragged = width.is_some_and(|width| width != record.fields.len());
    let width = width.unwrap_or_else(|| pieces_of_first_line(&file[record.start..record.end]));
    // The first field whose closing quote, with text after it, may belong to another field.
    for fault in &record.faults {
        if fault.kind != FaultKind::TextAfterQuote {
            continue;
        }
        let field = record.fields[fault.field];
        let quote = record.start + fault.at - 1;
        let inside = &file[field.start + 1..quote];
        let mut reopens = quote;
        while file[reopens - 1] == b'"' && reopens > field.start + 1 {
            reopens -= 1;
        }
        let may_reopen = file[reopens - 1] == b',' && reopens > field.start + 1;
        if !may_reopen && !inside.iter().any(|byte| is_line_end(*byte)) {
            continue;
        }
        let range = field.start + 1..quote;
        if let Some(end) = line_that_ends(file, range, Some(quote), width) {
            return Some(close(file, record, fault.field, end));
        }
        if may_reopen && let Some(whole) = opened_later(file, record, fault.field, reopens, width) {
            return Some(whole);
        }
        break;
    }
    if ends == Ends::Open {
        let index = record.fields.len() - 1;
        let field = record.fields[index];
        let end = line_that_ends(file, field.start + 1..field.end, None, width)?;
        return Some(close(file, record, index, end));
    }
    if ends == Ends::Well && is_ragged && record.faults.is_empty() {
        let goes_over = |field: &Field| {
            let inside = field.start + 1..field.end.max(field.start + 1) - 1;
            field.quoting != Quoting::None && file[inside].iter().any(|byte| is_line_end(*byte))
        };
        let index = record.fields.iter().position(goes_over)?;
        let (open, quote) = (record.fields[index].start, record.fields[index].end - 1);
        let end = line_that_ends(file, open + 1..quote, Some(quote), width)?;
        return Some(close(file, record, index, end));
    }
    None
}

/// The first line end in a range after which records resume.
fn line_that_ends(
    file: &[u8],
    range: std::ops::Range<usize>,
    quote: Option<usize>,
    width: usize,
) -> Option<usize> {
    let is_first_half = |at: usize| file[at..].starts_with(b"\r\n");
    range
        .clone()
        .filter(|at| is_line_end(file[*at]))
        .filter(|at| *at == range.start || !is_first_half(at - 1))
        .find(|at| goes_on(file, after_line_end(file, *at), quote, width))
}

/// Whether records of that width resume at a place: one, if the quote is never closed; otherwise
/// enough to reach the closing quote, or four.
fn goes_on(file: &[u8], mut at: usize, quote: Option<usize>, width: usize) -> bool {
    let mut found = 0;
    while at < file.len() {
        if is_line_end(file[at]) {
            at = after_line_end(file, at);
            continue;
        }
        let (record, ends) = parse(file, at, false);
        let is_clean = ends == Ends::Well && record.faults.is_empty();
        if is_clean && record.fields.len() == width {
            at = record.next;
        } else if let Some(next) = line_with_open_quotes(file, at, width) {
            at = next;
        } else {
            return false;
        }
        found += 1;
        match quote {
            None => return true,
            Some(_) if width < 2 => return false,
            Some(quote) if at > quote || found == ENOUGH => return true,
            Some(_) => {}
        }
    }
    false
}

/// The end of a line that forms a record if opening quotes are ignored where their field does not
/// close, or closes with text after it. All other quotes belong to quoted fields; a quote with
/// nothing after it is rather a closing one.
fn line_with_open_quotes(file: &[u8], start: usize, width: usize) -> Option<usize> {
    let mut end = start;
    while end < file.len() && !is_line_end(file[end]) {
        end += 1;
    }
    let mut at = start;
    let mut count = 1;
    while at < end {
        let (rest, _) = parse(&file[..end], at, false);
        let first = rest.fields[0];
        let is_quoted = matches!(first.quoting, Quoting::Plain | Quoting::Escaped);
        if is_quoted {
            at = first.end;
        } else {
            if file[at] == b'"' {
                at += 1;
                if at == end || file[at] == b',' {
                    return None;
                }
            }
            while at < end && file[at] != b',' {
                if file[at] == b'"' {
                    return None;
                }
                at += 1;
            }
        }
        if at < end {
            at += 1;
            count += 1;
        }
    }
    (count == width).then(|| after_line_end(file, end))
}

/// The record with a field that ends before a later field of the same record opens.
fn opened_later(
    file: &[u8],
    record: &Record,
    index: usize,
    reopens: usize,
    width: usize,
) -> Option<Record> {
    let (rest, ends) = parse(file, reopens, false);
    let open = record.fields[index].start;
    // The value may contain commas, and so may other values that the quote swallowed.
    let pieces = file[open..reopens - 1].split(|byte| *byte == b',').count();
    let most = index + pieces + rest.fields.len();
    let least = index + 1 + rest.fields.len();
    let is_sound = ends == Ends::Well && rest.faults.is_empty();
    if !is_sound || width < least || width > most || rest.end - record.start > MAX_RECORD {
        return None;
    }
    let mut fields = record.fields[..index].to_vec();
    fields.push(Field { start: open, end: reopens - 1, quoting: Quoting::Broken });
    fields.extend(rest.fields);
    Some(ended(file, record.start, rest.end, fields, faults_of_open_quote(record, index)))
}
