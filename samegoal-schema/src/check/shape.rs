//! Records whose shape differs from the header's.

use crate::check::binding::BoundHeader;
use crate::check::profile::Profile;
use crate::csv::{FaultKind, Place, Record};
use crate::finding::{Finding, Location, Sink, Variant, report, report_many, rules};
use crate::schema::FileSpec;
use crate::schema::api::MAY_BE_EMPTY;
use crate::text::wording::thousands;

rules! {
    /// A record has more or fewer fields than the header.
    ///
    /// ## Why it matters
    ///
    /// From the missing or extra field on, every value is in the wrong column: the address becomes
    /// the city, the city becomes the state. Nothing in this record can be trusted.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Address,City               wrong: the comma in the address is a delimiter
    /// 1001,12 Oak St, Apt 3,Dayton
    ///
    /// Student Id,Address,City               right
    /// 1001,"12 Oak St, Apt 3",Dayton
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Put fields that can contain a comma in quotes. Best, let a CSV library or the database's own
    /// CSV export write the file. If every record has one extra, empty field, the script writes a
    /// comma after the last field. If every record has the same wrong number of fields, someone
    /// added a column to the query but not to the header, or the other way around.
    FIELD_COUNT = "csv/field-count", Error, RecordLost;

    /// A line is blank, or a record has only empty fields.
    ///
    /// ## Why it matters
    ///
    /// A strict CSV reader takes a blank line as a record with one empty field. A lenient one takes
    /// it as a record without a `Student Id`. What SameGoal does with it is not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,Ada                       wrong: a blank line between
    ///
    /// 1002,Nguyen,Linh
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Remove the line in the export. If every second line is blank, the script writes the line end
    /// twice: in Python, open the file with `newline=""`. Rows of commas come from Excel cells that
    /// are empty but formatted: delete those rows, not just their contents.
    BLANK_LINE = "csv/blank-line", Warning, Suspicious
        ; "above the header": Error, FileIgnored
        ; "at the end of the file": Advice, Suspicious;

    /// The header appears again among the records.
    ///
    /// ## Why it matters
    ///
    /// Someone joined two exports without removing the second header. SameGoal reads that header as
    /// a student named `First Name Last Name`. One of the two parts may also be out of date.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name                  wrong: the header of the second school's file
    /// 1001,Okafor
    /// Student Id,Last Name
    /// 2001,Nguyen
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Skip the first line of every part except the first: `tail -n +2` on Unix,
    /// `Select-Object -Skip 1` in PowerShell. `Import-Csv a.csv, b.csv | Export-Csv students.csv`
    /// skips it for you.
    REPEATED_HEADER = "csv/repeated-header", Error, RecordLost;

    /// A record is longer than 1 MiB, or a field is longer than 64 KiB.
    ///
    /// ## Why it matters
    ///
    /// No student's data is that long. Either line ends are missing, or the file contains something
    /// other than text. This tool does not check the record and resumes at the next line.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,Ada,<70,000 characters>   wrong: a photo, encoded as text
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Open the file in an editor and look at the record. Do not export photos or documents. Check
    /// that the script writes a line end after each record.
    OVERSIZED_RECORD = "csv/oversized-record", Error, RecordLost;

    /// The file has a header but no records.
    ///
    /// ## Why it matters
    ///
    /// The query behind the file found nothing, which is rarely intended. In guardians.csv it is
    /// dangerous: SameGoal takes this file as the complete list for the students delivered with it.
    /// Without records, it says that none of them has a guardian, and SameGoal deletes the
    /// guardians it has.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name       wrong: nothing below
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Run the query by hand. Check its filter (a school year that is over, a school code that
    /// changed) and the permissions of the account that runs it. If there is nothing to deliver,
    /// leave the file out.
    NO_RECORDS = "csv/no-records", Warning, Suspicious
        ; "for students.csv, for guardians.csv delivered with a students.csv that has records, and where the previous epoch had records": Error, DataAtRisk;
}

/// From this many records on, if all have the same wrong width, the width is one fault of the file
/// and not a fault of each record.
const CASCADE: usize = 50;

#[derive(Default)]
pub(crate) struct WidthCheck {
    state: State,
    /// Findings about the first records, while all of them have the same wrong width.
    held_back: Vec<Finding>,
}

#[derive(Default)]
enum State {
    /// No records yet.
    #[default]
    Fresh,
    /// The file starts with records that all have the same wrong width.
    Uniform(Uniform),
    /// Each record is reported separately.
    Settled,
}

struct Uniform {
    width: usize,
    last_is_empty: bool,
    count: usize,
    last_line: u64,
}

impl WidthCheck {
    /// Checks a record; returns whether it has the header's width.
    pub(crate) fn record(
        &mut self,
        header: &BoundHeader<'_>,
        record: &Record<'_>,
        sink: &mut dyn Sink,
    ) -> bool {
        let width = record.len();
        if width == header.width() {
            self.pass(sink);
            return true;
        }
        match &mut self.state {
            State::Fresh => {
                self.state = State::Uniform(Uniform {
                    width,
                    last_is_empty: is_last_empty(record),
                    count: 1,
                    last_line: record.line(),
                });
                self.held_back.push(ragged(FIELD_COUNT.finding(), header, record));
                return false;
            }
            State::Uniform(uniform) if uniform.width == width => {
                uniform.count += 1;
                uniform.last_line = record.line();
                uniform.last_is_empty &= is_last_empty(record);
                if uniform.count < CASCADE {
                    self.held_back.push(ragged(FIELD_COUNT.finding(), header, record));
                }
                return false;
            }
            State::Uniform(uniform) if uniform.count >= CASCADE => {}
            State::Uniform(_) | State::Settled => self.settle(sink),
        }
        report(sink, &FIELD_COUNT, false, |finding| ragged(finding, header, record));
        false
    }

    /// The expected number of fields in the next record, where the header has `header`: the width
    /// of all records so far, if they share one wrong width.
    pub(crate) fn expected(&self, header: usize) -> usize {
        match &self.state {
            State::Uniform(uniform) => uniform.width.min(header),
            State::Fresh | State::Settled => header,
        }
    }

    /// Counts records that have the header's width.
    pub(crate) fn pass(&mut self, sink: &mut dyn Sink) {
        match &self.state {
            State::Settled => {}
            // The fault of the file is already reported, whatever follows.
            State::Uniform(uniform) if uniform.count >= CASCADE => {}
            State::Fresh | State::Uniform(_) => self.settle(sink),
        }
    }

    /// Reports the findings that are held back, one by one.
    pub(crate) fn settle(&mut self, sink: &mut dyn Sink) {
        self.state = State::Settled;
        for held_back in self.held_back.drain(..) {
            report(sink, &FIELD_COUNT, false, |_| held_back);
        }
    }

    /// Reports the findings that are held back, as one if they have one cause.
    pub(crate) fn finish(&mut self, header: &BoundHeader<'_>, sink: &mut dyn Sink) {
        let uniform = match std::mem::take(&mut self.state) {
            State::Uniform(uniform) if uniform.count > 1 => uniform,
            _ => return self.settle(sink),
        };
        let Some(first) = self.held_back.drain(..).next() else { return };
        let (columns, width) = (header.width(), uniform.width);
        let range = format!(
            "{} records, lines {} to {}",
            thousands(uniform.count as u64),
            thousands(first.location.as_ref().map_or(0, |place| place.line)),
            thousands(uniform.last_line)
        );
        report(sink, &FIELD_COUNT, false, |_| {
            if width == columns + 1 && uniform.last_is_empty {
                first
                    .message(format!(
                        "every record ends with an extra comma; the header does not ({range})"
                    ))
                    .help(
                        "The script writes a comma after the last field of each record. Write \
                         commas only between fields. Values in this file are not checked until \
                         this is fixed.",
                    )
            } else {
                first.message(format!(
                    "every record has {}, but the header has {columns} ({range})",
                    fields(width)
                )).help(
                    "Someone added a column to the query but not to the header, or the other way \
                     around, or the header is missing a comma. Make both match. Values in this \
                     file are not checked until this is fixed.",
                )
            }
        });
    }
}

fn is_last_empty(record: &Record<'_>) -> bool {
    record.fields().last().is_some_and(|field| field.raw().is_empty())
}

fn ragged(finding: Finding, header: &BoundHeader<'_>, record: &Record<'_>) -> Finding {
    let (width, columns) = (record.len(), header.width());
    let (location, excerpt) = header.locate(record, 0..record.bytes().len(), None);
    let help = if width > columns {
        "From the extra field on, every value is in the wrong column. Most often, a value that \
         contains a comma is not in quotes. Write \"12 Oak St, Apt 3\" with the quotes."
    } else {
        "From the missing field on, every value is in the wrong column. Look for a line break \
         inside a value that is not in quotes, or for an empty value whose comma is missing too."
    };
    finding
        .at(location)
        .excerpt(excerpt)
        .message(format!("this record has {}, but the header has {columns}", fields(width)))
        .label(fields(width))
        .help(help)
}

fn fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

const ABOVE_HEADER: Variant = Variant::exception(0);
const AT_END: Variant = Variant::exception(1);

/// Blank lines, until it is known whether records follow.
#[derive(Default)]
pub(crate) struct BlankLines {
    held: Vec<Finding>,
    /// How many follow these.
    more: u64,
    /// Whether what is above them explains them.
    is_explained: bool,
}

impl BlankLines {
    /// How many findings to hold back.
    const MOST: usize = 1024;

    pub(crate) fn take(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) {
        if self.is_explained {
            return;
        }
        if self.held.len() < Self::MOST {
            self.held.push(blank_line(header, record));
        } else {
            self.more += 1;
        }
    }

    /// Drops the blank lines above and below a line that explains them.
    pub(crate) fn explain(&mut self) {
        *self = Self { is_explained: true, ..Self::default() };
    }

    /// Reports the blank lines above a record.
    #[inline]
    pub(crate) fn pass(&mut self, sink: &mut dyn Sink) {
        self.is_explained = false;
        if !self.held.is_empty() {
            self.report(sink);
        }
    }

    #[cold]
    fn report(&mut self, sink: &mut dyn Sink) {
        let (last, more) = (self.held.len(), std::mem::take(&mut self.more));
        for (nth, finding) in (1..).zip(self.held.drain(..)) {
            let count = if nth == last { 1 + more } else { 1 };
            report_many(sink, &BLANK_LINE, false, count, |_| finding.count(count));
        }
    }

    /// Reports the blank lines at the end of the file, as one finding.
    pub(crate) fn finish(&mut self, sink: &mut dyn Sink) {
        let count = self.held.len() as u64 + self.more;
        let Some(first) = self.held.drain(..).next() else { return };
        report_many(sink, &BLANK_LINE, AT_END, count, |_| first.variant(AT_END).count(count));
    }
}

fn blank_line(header: &BoundHeader<'_>, record: &Record<'_>) -> Finding {
    let (message, help) = if record.len() > 1 {
        (
            "this record has only empty fields",
            "Rows like this come from Excel cells that are empty but formatted. Delete the rows, \
             not just their contents.",
        )
    } else {
        (
            "this line is blank",
            "A strict CSV reader takes it as a record with one empty field. Remove it in the \
             export. If every second line is blank, the script writes the line end twice.",
        )
    };
    let (location, excerpt) = header.place_of_bytes(record, 0..record.bytes().len());
    let finding = BLANK_LINE.finding().at(location).excerpt(excerpt);
    finding.message(message).label("empty").help(help)
}

/// Reports a blank line when only its place is known.
pub(crate) fn blank_line_before_header(place: Place, sink: &mut dyn Sink) {
    let Place { line, column, end_column, byte_offset } = place;
    report(sink, &BLANK_LINE, ABOVE_HEADER, |finding| {
        finding
            .at(Location {
                line,
                column,
                end_column,
                byte_offset,
                is_public: true,
                ..Location::default()
            })
            .message("there is a blank line before the header")
            .help(
                "SameGoal looks for the header in the first line. Remove this line in the export.",
            )
    });
}

pub(crate) fn repeated_header(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    header.at_bytes(sink, &REPEATED_HEADER, false, record, 0..record.bytes().len(), |finding| {
        let (_, excerpt) = header.locate(&record.numbered(Some(0)), 0..0, None);
        finding
            .excerpt(excerpt)
            .message("the header appears again here, as a record")
            .label("a second header")
            .help(
                "Someone joined two exports, and SameGoal reads this line as a student. Skip the \
                 first line of every part except the first.",
            )
    });
}

pub(crate) fn oversized(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    let Some(fault) = record.faults().first() else { return };
    let message = match fault.kind {
        FaultKind::LongRecord => "this record is longer than 1 MiB",
        FaultKind::LongField => "this record has a field longer than 64 KiB",
        _ => return,
    };
    header.at_bytes(sink, &OVERSIZED_RECORD, false, record, 0..0, |finding| {
        finding.message(message).label("too long").help(
            "No student's data is that long. Either line ends are missing, or the file contains \
             something other than text. This record is not checked.",
        )
    });
}

/// Reports a file without records, in relation to the one delivered before.
pub(crate) fn no_records(
    spec: &FileSpec,
    is_at_risk: bool,
    previous: Option<&Profile>,
    sink: &mut dyn Sink,
) {
    if MAY_BE_EMPTY.contains(&&*spec.name) {
        return;
    }
    let previous = previous.filter(|previous| previous.records > 0);
    let has_keys = spec.columns().any(|column| column.key);
    report(sink, &NO_RECORDS, has_keys || is_at_risk || previous.is_some(), |finding| {
        let mut message = format!("{} has a header but no records", spec.name);
        if let Some(previous) = previous {
            let before = match previous.named() {
                Some(students) if is_at_risk => {
                    format!("guardians of {} students", thousands(students))
                }
                _ => thousands(previous.records),
            };
            let least = if previous.is_cut_off { "at least " } else { "" };
            message = format!("{message}; the previous epoch had {least}{before}");
        }
        if is_at_risk {
            finding.message(message + ": SameGoal would delete the guardians it has").help(
                "SameGoal takes this file as the complete list for the students delivered with it, \
                 and it says that none of them has a guardian. If there is nothing to deliver, \
                 leave the file out.",
            )
        } else {
            finding.message(message).help(
                "The query behind the file found nothing. Check its filter, such as a school year \
                 that is over, and the permissions of the account that runs it.",
            )
        }
    });
}
