//! Quotes that are not as RFC 4180 has them.

use crate::check::binding::BoundHeader;
use crate::check::bytes::is_all_unseen;
use crate::csv::Record;
use crate::csv::{Fault, FaultKind};
use crate::finding::rules;
use crate::finding::{Message, Sink};

rules! {
    /// A field starts with a quote and has none at its end.
    ///
    /// ## Why it matters
    ///
    /// To a reader of CSV all that follows is part of the field, line ends included, up to the next
    /// quote or the end of the file: records vanish without a word. This tool goes on where records
    /// go on, so what it says of the rest of the file holds.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,"12 Oak St, Apt 3,Dayton         wrong: no quote at the end
    /// 1001,"12 Oak St, Apt 3",Dayton        right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Let a CSV library or the database's own CSV export do the quoting rather than a script that
    /// joins strings. Look for values that are cut off at a fixed length after quotes were put round
    /// them, and for a quote within the value that was not doubled.
    UNCLOSED = "csv/unclosed-quote", Error, RecordLost;

    /// There is a quote in a field that does not start with one.
    ///
    /// ## Why it matters
    ///
    /// RFC 4180 allows quotes only round a whole field. What a reader makes of any other one is up to
    /// the reader: it may keep it, drop it, or take the file for broken.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Robert "Bob",Okafor              wrong
    /// 1001,"Robert ""Bob""",Okafor          right: the field in quotes, the inner ones doubled
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Have the export quote every text field and double the quotes inside: in a script, by a CSV
    /// library (Python's `csv`, PowerShell's `Export-Csv`), in SQL by
    /// `'"' + REPLACE(name, '"', '""') + '"'`. A blank between the delimiter and the quote has the same
    /// effect: write `,"` and not `, "`.
    STRAY = "csv/stray-quote", Error, RecordLost;

    /// There is text between the quote that closes a field and the end of the field.
    ///
    /// ## Why it matters
    ///
    /// The closing quote has to be the last character of its field. Most often a quote within the
    /// value was not doubled, so the field seems to end in its middle.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,"Robert "Bob" Lee",Okafor        wrong
    /// 1001,"Robert ""Bob"" Lee",Okafor      right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Double every quote within a quoted field. CSV knows no backslash: `\"` has to be `""`. A blank
    /// between the closing quote and the comma has to go.
    TEXT_AFTER = "csv/text-after-quote", Error, RecordLost;
}

/// Reports the quoting faults of a record.
pub(crate) fn check(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    let mut is_open = false;
    for fault in record.faults() {
        match fault.kind {
            FaultKind::UnclosedQuote => unclosed(header, record, fault, sink),
            // Told as what cannot be seen: the mark of a file that was joined as it was.
            FaultKind::StrayQuote if is_behind_unseen(record, fault) => {}
            // The other end of a quote that was told already.
            FaultKind::StrayQuote if is_open && is_last_of_field(record, fault) => is_open = false,
            FaultKind::StrayQuote => {
                is_open = is_behind_blank(record, fault) && !is_closed_in_field(record, fault);
                stray(header, record, fault, sink);
            }
            FaultKind::TextAfterQuote => text_after(header, record, fault, sink),
            FaultKind::LongField | FaultKind::LongRecord => {}
        }
    }
}

/// What the field of a fault holds before the fault, and from there on.
fn parts<'a>(record: &Record<'a>, fault: &Fault) -> Option<(&'a [u8], &'a [u8])> {
    let field = record.field(fault.field)?;
    field.raw().split_at_checked(fault.at.checked_sub(field.range().start)?)
}

/// Whether nothing but blanks stands between the delimiter and a quote.
fn is_behind_blank(record: &Record<'_>, fault: &Fault) -> bool {
    parts(record, fault).is_some_and(|(before, _)| before.trim_ascii().is_empty())
}

fn is_behind_unseen(record: &Record<'_>, fault: &Fault) -> bool {
    parts(record, fault).is_some_and(|(before, _)| is_all_unseen(before))
}

fn is_closed_in_field(record: &Record<'_>, fault: &Fault) -> bool {
    parts(record, fault).is_some_and(|(_, rest)| rest.len() > 1 && rest.ends_with(b"\""))
}

fn is_last_of_field(record: &Record<'_>, fault: &Fault) -> bool {
    parts(record, fault).is_some_and(|(_, rest)| rest == b"\"")
}

fn unclosed(header: &BoundHeader<'_>, record: &Record<'_>, fault: &Fault, sink: &mut dyn Sink) {
    header.at_bytes(sink, &UNCLOSED, false, record, fault.at..fault.at + 1, |finding| {
        finding.message("this quote opens a field and is never closed").label("opened here").help(
            "A reader of CSV takes everything that follows for this one field, so records \
                 vanish. Close the quote, and double any quote within the value; best let a CSV \
                 library write the file.",
        )
    });
}

fn stray(header: &BoundHeader<'_>, record: &Record<'_>, fault: &Fault, sink: &mut dyn Sink) {
    header.at_bytes(sink, &STRAY, false, record, fault.at..fault.at + 1, |finding| {
        let (message, help) = if is_behind_blank(record, fault) {
            (
                "there is a blank before the quote that opens a field",
                "With a blank before it the quote is part of the value, and the commas inside the \
                 field part it. Write `,\"` without a blank between.",
            )
        } else {
            (
                "there is a quote within a field that does not start with one",
                "What SameGoal makes of it is not published. Put the whole field in quotes and \
                 double the ones inside: \"Robert \"\"Bob\"\"\".",
            )
        };
        finding.message(message).label("stray quote").help(help)
    });
}

fn text_after(header: &BoundHeader<'_>, record: &Record<'_>, fault: &Fault, sink: &mut dyn Sink) {
    let bytes = record.bytes();
    let rest = bytes.get(fault.at..).unwrap_or_default();
    let width = std::str::from_utf8(rest.get(..rest.len().min(4)).unwrap_or_default()).map_or_else(
        |error| if error.valid_up_to() > 0 { 1 } else { error.error_len().unwrap_or(1) },
        |text| text.chars().next().map_or(1, char::len_utf8),
    );
    header.at_bytes(sink, &TEXT_AFTER, false, record, fault.at..fault.at + width, |finding| {
        let is_escape = fault.at >= 2 && bytes.get(fault.at - 2) == Some(&b'\\');
        let is_blank = rest.first() == Some(&b' ');
        let (message, help) = if is_escape {
            (
                "there is a backslash before a quote, and the field goes on after it",
                "CSV knows no backslash: the quote closes the field. Double it instead: `\"\"` for \
                 `\\\"`. MySQL: FIELDS ESCAPED BY '\"'; Python: doublequote=True.",
            )
        } else if is_blank {
            (
                "there is a blank after the quote that closes a field",
                "Nothing may stand between the closing quote and the comma. Remove the blank; \
                 trim the value before it is put in quotes.",
            )
        } else {
            (
                "there is text after the quote that closes a field",
                "The quote closes the field in its middle, and what SameGoal makes of the rest is \
                 not published. Double the quotes within a value: \"Robert \"\"Bob\"\" Lee\".",
            )
        };
        finding.message(Message::from(message)).label("not in quotes any more").help(help)
    });
}
