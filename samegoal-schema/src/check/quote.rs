//! Quotes that violate RFC 4180.

use crate::check::binding::BoundHeader;
use crate::check::bytes::is_all_unseen;
use crate::csv::{Fault, FaultKind, Record};
use crate::finding::{Sink, rules};

rules! {
    /// A field starts with a quote but does not end with one.
    ///
    /// ## Why it matters
    ///
    /// A CSV reader takes everything up to the next quote, or to the end of the file, as part of
    /// this field, line breaks included. The records in between are lost without any message. This
    /// tool resumes where the records resume, so its findings about the rest of the file are
    /// reliable.
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
    /// Let a CSV library or the database's own CSV export write the quotes, not a script that joins
    /// strings. Check for values that are cut to a fixed length after they are quoted, and for
    /// quotes inside a value that are not doubled.
    UNCLOSED = "csv/unclosed-quote", Error, RecordLost;

    /// There is a quote inside a field that does not start with one.
    ///
    /// ## Why it matters
    ///
    /// RFC 4180 allows quotes only around a whole field. What SameGoal does with any other quote is
    /// not published. A CSV reader may keep it, drop it, or reject the file.
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
    /// Make the export quote every text field and double the quotes inside. In a script, use a CSV
    /// library (Python's `csv`, PowerShell's `Export-Csv`). In SQL, use
    /// `'"' + REPLACE(name, '"', '""') + '"'`. A space between the delimiter and the quote causes
    /// the same error: write `,"` and not `, "`.
    STRAY = "csv/stray-quote", Error, RecordLost;

    /// There is text after the quote that closes a field.
    ///
    /// ## Why it matters
    ///
    /// The closing quote must be the last character of its field. Most often, a quote inside the
    /// value is not doubled, so the field seems to end in the middle.
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
    /// Double every quote inside a quoted field. CSV has no backslash escapes: write `""` instead
    /// of `\"`. Remove any space between the closing quote and the comma.
    TEXT_AFTER = "csv/text-after-quote", Error, RecordLost;
}

pub(crate) fn check(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    let mut is_open = false;
    for fault in record.faults() {
        let (before, rest) = parts(record, fault);
        match fault.kind {
            FaultKind::UnclosedQuote => unclosed(header, record, fault, sink),
            // The byte-order mark of a joined file: reported as an invisible character.
            FaultKind::StrayQuote if is_all_unseen(before) => {}
            // The other end of a quote that is already reported.
            FaultKind::StrayQuote if is_open && rest == b"\"" => is_open = false,
            FaultKind::StrayQuote => {
                let is_closed = rest.len() > 1 && rest.ends_with(b"\"");
                is_open = is_behind_blank(record, fault) && !is_closed;
                stray(header, record, fault, sink);
            }
            FaultKind::TextAfterQuote => text_after(header, record, fault, sink),
            FaultKind::LongField | FaultKind::LongRecord => {}
        }
    }
}

/// What the field of a fault holds before the fault, and from there on.
fn parts<'a>(record: &Record<'a>, fault: &Fault) -> (&'a [u8], &'a [u8]) {
    let field = record.field(fault.field);
    let parts = field
        .and_then(|field| field.raw().split_at_checked(fault.at.checked_sub(field.range().start)?));
    parts.unwrap_or_default()
}

/// Whether there are only spaces between the delimiter and a quote.
fn is_behind_blank(record: &Record<'_>, fault: &Fault) -> bool {
    parts(record, fault).0.trim_ascii().is_empty()
}

fn unclosed(header: &BoundHeader<'_>, record: &Record<'_>, fault: &Fault, sink: &mut dyn Sink) {
    header.at_bytes(sink, &UNCLOSED, false, record, fault.at..fault.at + 1, |finding| {
        finding.message("this quote opens a field and is never closed").label("opened here").help(
            "Everything after this quote is read as one field, so the records below are lost. \
             Close the quote, and double any quote inside the value. Let a CSV library write the \
             file if you can.",
        )
    });
}

fn stray(header: &BoundHeader<'_>, record: &Record<'_>, fault: &Fault, sink: &mut dyn Sink) {
    header.at_bytes(sink, &STRAY, false, record, fault.at..fault.at + 1, |finding| {
        let (message, help) = if is_behind_blank(record, fault) {
            (
                "there is a space before the quote that opens a field",
                "Because of the space, the quote becomes part of the value, and commas inside the \
                 field split it. Write `,\"` without a space.",
            )
        } else {
            (
                "there is a quote inside a field that does not start with one",
                "What SameGoal does with this quote is not published. Put the whole field in \
                 quotes and double the quotes inside: \"Robert \"\"Bob\"\"\".",
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
                "there is a backslash before a quote, and more text after it",
                "CSV has no backslash escapes: this quote closes the field. Write `\"\"` instead \
                 of `\\\"`. MySQL: FIELDS ESCAPED BY '\"'; Python: doublequote=True.",
            )
        } else if is_blank {
            (
                "there is a space after the quote that closes a field",
                "Nothing may come between the closing quote and the comma. Remove the space: trim \
                 the value before you quote it.",
            )
        } else {
            (
                "there is text after the quote that closes a field",
                "This quote closes the field in the middle, and what SameGoal does with the rest \
                 is not published. Double the quotes inside a value: \"Robert \"\"Bob\"\" Lee\".",
            )
        };
        finding.message(message).label("outside the quotes").help(help)
    });
}
