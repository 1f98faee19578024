//! The line ends of records.

use crate::check::binding::BoundHeader;
use crate::csv::{Record, Terminator};
use crate::finding::{Cure, Sink, UNIFY_LINE_ENDS, cured, rules};

rules! {
    /// The records end in different ways.
    ///
    /// ## Why it matters
    ///
    /// All records of a file must end the same way: LF or CRLF. If both occur, a program that
    /// expects one of them may keep a carriage return as part of the last value, or read two
    /// records as one.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor<CR><LF>                   wrong: two kinds
    /// 1002,Nguyen<LF>
    /// ```
    ///
    /// ## How to fix it
    ///
    /// The file was joined from parts, or edited on another system. Export it in one run, or
    /// rewrite its line ends: `unix2dos students.csv`, or in PowerShell 7
    /// `(Get-Content students.csv) | Set-Content students.csv`.
    MIXED = "csv/mixed-line-ends", Warning, Suspicious;

    /// A record ends with a carriage return alone.
    ///
    /// ## Why it matters
    ///
    /// RFC 4180 ends a record with CRLF. Most programs also accept LF, but hardly any accept CR
    /// alone. They read the whole file as one line.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name<CR>1001,Okafor<CR>          wrong
    /// Student Id,Last Name<CR><LF>1001,Okafor<CR><LF>  right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Excel for Mac writes these line ends as "CSV (Macintosh)": choose "CSV UTF-8" instead. In a
    /// script, write `\r\n`, not `\r`.
    BARE_RETURN = "csv/bare-carriage-return", Error, FileIgnored;
}

/// Checks line ends. Each defect is one finding per file, at its first place.
#[derive(Default)]
pub(crate) struct LineEndCheck {
    first: Option<Terminator>,
    pub(crate) last: Option<Terminator>,
    is_mixed: bool,
    is_bare: bool,
}

impl LineEndCheck {
    /// How records end, as the first one shows; others that end so are fine.
    pub(crate) fn usual(&self) -> Option<Terminator> {
        self.first
    }

    /// Counts a record that ends as [usual](Self::usual).
    pub(crate) fn pass(&mut self) {
        self.last = self.first;
    }

    pub(crate) fn record(
        &mut self,
        header: &BoundHeader<'_>,
        record: &Record<'_>,
        sink: &mut dyn Sink,
    ) {
        let end = record.end();
        self.last = Some(end);
        if self.first == Some(end) || end == Terminator::None {
            return;
        }
        let first = *self.first.get_or_insert(end);
        let cure = Some(Cure::of(&UNIFY_LINE_ENDS));
        if end == Terminator::Cr {
            if !self.is_bare {
                self.is_bare = true;
                cured(sink, cure, |sink| bare_return(header, record, sink));
            }
        } else if first != end && first != Terminator::Cr && !self.is_mixed {
            self.is_mixed = true;
            cured(sink, cure, |sink| mixed(header, record, first, sink));
        }
    }
}

fn bare_return(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    let end = record.bytes().len();
    header.at_bytes(sink, &BARE_RETURN, false, record, end..end, |finding| {
        finding
            .message("this record ends with a carriage return alone")
            .label("CR without LF")
            .help(
                "Most programs read a file with such line ends as one long line. Save it as \"CSV \
             UTF-8\" instead of \"CSV (Macintosh)\", or write \\r\\n in the script.",
            )
    });
}

fn mixed(header: &BoundHeader<'_>, record: &Record<'_>, first: Terminator, sink: &mut dyn Sink) {
    let name = |end| if end == Terminator::CrLf { "CRLF" } else { "LF" };
    let other = if first == Terminator::CrLf { Terminator::Lf } else { Terminator::CrLf };
    header.at_bytes(sink, &MIXED, false, record, 0..0, |finding| {
        finding
            .message(format!(
                "this record ends with {}, but the records before it end with {}",
                name(other),
                name(first)
            ))
            .label(format!("ends with {}", name(other)))
            .help(
                "A program that expects one kind may keep a carriage return as part of the last \
                 value. Export the file in one run, or rewrite its line ends.",
            )
    });
}
