//! What is at the start of a file, before a line is taken as the header.

use std::borrow::Cow;
use std::iter;

use super::printed::{self, Printed};
use super::shape::FIELD_COUNT;
use crate::check::header;
use crate::csv::{Scanner, bom};
use crate::finding::{Location, Sink, report, rules};
use crate::schema::{Completeness, FileSpec};

mod line;

use line::{Line, lines};

rules! {
    /// There are lines above the header.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks for the header in the first line. If a title or a program's message is there,
    /// it finds none of the columns and may ignore the file.
    ///
    /// This tool looks for the header in the first 20 lines and checks the file from there. In a
    /// file whose columns are not all published, it recognizes lines above the header in three
    /// ways: by text that programs are known to print, by a published column in a later line, or by
    /// the number of fields.
    ///
    /// ## Example
    ///
    /// ```text
    /// #TYPE System.Data.DataRow             wrong: written by Windows PowerShell
    /// Student Id,Last Name,First Name
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Change the export, not the file. Otherwise the line comes back with the next export:
    ///
    /// - `#TYPE`: add `-NoTypeInformation` to `Export-Csv` or `ConvertTo-Csv` in Windows PowerShell
    ///   5.1.
    /// - `sep=,`: turn off the option that adds this line. Only Excel reads it.
    /// - `Changed database context`: remove `USE` from the script, and name the database with
    ///   `sqlcmd -d`.
    /// - A warning from PHP, Python or the MySQL client: remove `2>&1` from the command. In PHP,
    ///   also turn off `display_errors`.
    /// - The name of a table: clear "Include table names" when you export from Numbers.
    /// - A title or a date: delete those rows in the report's template.
    PREAMBLE = "csv/preamble", Error, FileIgnored;
}

/// How many bytes are examined.
pub(crate) const HEAD: usize = 64 << 10;

/// What a file starts with.
pub(crate) enum Opening {
    /// The header, or the line that is used as one.
    Header,
    /// Lines above the header.
    Preamble(Preamble),
    /// The header and the first record are in the same line, at this place.
    Glued(Location),
}

pub(crate) struct Preamble {
    pub(crate) bytes: usize,
    pub(crate) lines: u64,
    /// What one of them is, if a known program prints it.
    printed: Option<&'static Printed>,
}

/// Examines the first bytes of a file, up to [`HEAD`].
pub(crate) fn look(spec: &FileSpec, head: &[u8]) -> Opening {
    let text = head.get(bom::boms(head).len()..).unwrap_or_default();
    let lines = || lines(text, head.len() < HEAD);
    let first = (1..).zip(lines()).find(|(_, line)| !line.is_blank());
    let Some((line, first)) = first else { return Opening::Header };
    if is_glued(spec, &first, text) {
        let byte_offset = (head.len() - text.len() + first.start) as u64;
        return Opening::Glued(Location { line, byte_offset, ..Location::start() });
    }
    if names_columns(spec, &first) {
        return Opening::Header;
    }
    let lines: Vec<Line> = lines().collect();
    let is_below = |line: &&Line| line.start > first.start;
    let named = || lines.iter().filter(is_below).find(|line| names_columns(spec, line));
    let header = named()
        .or_else(|| below_printed(&lines))
        .or_else(|| by_width(spec, &lines, text))
        .filter(is_below);
    let Some(header) = header else { return Opening::Header };
    let above = || lines.iter().take_while(|line| line.start < header.start);
    let is_data = |line: &Line| {
        line.filled() * 2 >= header.cells.len() && header::looks_like_data(spec, &line.cells)
    };
    if above().any(is_data) {
        // That is a different defect: the header is in the wrong place.
        return Opening::Header;
    }
    Opening::Preamble(Preamble {
        bytes: header.start,
        lines: above().count() as u64,
        printed: above().find_map(|line| printed::find(&line.text)),
    })
}

/// Whether a line can only be the header: it has names that are never values.
fn names_columns(spec: &FileSpec, line: &Line) -> bool {
    !line.is_torn && header::is_certain(spec, &line.cells)
}

/// The first line below those that known programs print.
fn below_printed(lines: &[Line]) -> Option<&Line> {
    let is_printed = |line: &Line| printed::find(&line.text).is_some();
    let below = lines.iter().find(|line| !line.is_blank() && !is_printed(line))?;
    let is_above = |line: &&Line| line.start < below.start && !line.is_blank();
    lines.iter().any(|line| is_above(&line)).then_some(below)
}

/// The first line with several fields below lines with one, if the records below it have the same
/// width. Two fields prove too little: a name may contain a comma.
fn by_width<'l>(spec: &FileSpec, lines: &'l [Line], text: &[u8]) -> Option<&'l Line> {
    let header = lines.iter().find(|line| line.filled() > 1)?;
    let width = header.cells.len();
    let mut above = lines.iter().take_while(|line| line.start < header.start);
    if spec.completeness == Completeness::Complete
        || width < 3
        || above.any(|line| line.text.contains([';', '\t', '|', '~', '^']))
        || header.is_torn
        || header::looks_like_data(spec, &header.cells)
    {
        return None;
    }
    let widths: Vec<usize> = widths(text.get(header.next..)?, width).collect();
    let as_wide = widths.iter().filter(|it| **it == width).count();
    (as_wide > 0 && as_wide * 10 >= widths.len() * 9).then_some(header)
}

/// Whether the header and the first record are in one line, so that the last name and the first
/// value form one field.
fn is_glued(spec: &FileSpec, line: &Line, text: &[u8]) -> bool {
    let width = line.cells.len().div_ceil(2);
    let Some((names, values)) = line.cells.split_at_checked(width) else { return false };
    let is_joint = |cell: &Cow<'_, [u8]>| {
        let is_longer = |name: &[u8]| cell.strip_prefix(name).is_some_and(|it| !it.is_empty());
        spec.columns().any(|column| is_longer(column.name.as_bytes()))
    };
    let has_values = || header::looks_like_data(spec, values) || names.last().is_some_and(is_joint);
    if width < 2
        || values.len() + 1 != width
        || header::looks_like_data(spec, names)
        || !has_values()
    {
        return false;
    }
    let rest = text.get(line.next..).unwrap_or_default();
    let mut below = widths(rest, width).take(3).peekable();
    // If nothing follows, the names alone must be enough.
    let is_known =
        || spec.completeness == Completeness::Complete && header::is_certain(spec, names);
    (below.peek().is_some() || is_known()) && below.all(|it| it == width)
}

/// How many fields each record that is not blank has; a record that is cut off may have too few.
fn widths(text: &[u8], width: usize) -> impl Iterator<Item = usize> {
    let mut scanner = Scanner::new(text);
    scanner.set_width(width);
    iter::from_fn(move || {
        loop {
            // Reading from a slice never fails.
            let record = scanner.read_record().ok()??;
            if !record.is_blank() {
                return Some(record.len());
            }
        }
    })
}

pub(crate) fn preamble(preamble: &Preamble, sink: &mut dyn Sink) {
    let header = preamble.lines + 1;
    report(sink, &PREAMBLE, false, |finding| {
        let message = match (preamble.printed, preamble.lines) {
            (Some(printed), _) => {
                format!("{} is above the header, which is on line {header}", printed.what)
            }
            (None, 1) => format!("there is a line above the header, which is on line {header}"),
            (None, lines) => {
                format!("there are {lines} lines above the header, which is on line {header}")
            }
        };
        let stop = preamble.printed.map_or(
            "Change the export so that it does not write a title, date or message above the header.",
            |printed| printed.stop,
        );
        finding
            .at(Location::start())
            .message(message)
            .help(format!("SameGoal looks for the header in the first line. {stop}"))
    });
}

pub(crate) fn glued(place: Location, sink: &mut dyn Sink) {
    report(sink, &FIELD_COUNT, false, |finding| {
        finding.at(place).message("the header and the first record are on the same line").help(
            "The line end after the header is missing, so SameGoal reads the first record as \
                 column names. If a script writes the header, or reads it from a separate file, \
                 end the header with a line end.",
        )
    });
}

#[cfg(test)]
mod tests;
