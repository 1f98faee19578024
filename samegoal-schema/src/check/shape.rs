//! Records that have not the shape of the header.

use crate::check::binding::BoundHeader;
use crate::check::profile::Profile;
use crate::csv::Record;
use crate::csv::{FaultKind, Place};
use crate::finding::{Finding, Location, Sink, report, report_many};
use crate::finding::{Variant, rules};
use crate::schema::FileSpec;
use crate::schema::api::MAY_BE_EMPTY;
use crate::text::wording::thousands;

rules! {
    /// A record has more or fewer fields than the header.
    ///
    /// ## Why it matters
    ///
    /// From the place where a field is missing or too many, every value is in the wrong column: an
    /// address becomes a city, a city a state. The record cannot be trusted.
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
    /// Put fields that can hold a comma in quotes; best let a CSV library or the database's own CSV
    /// export write the file. If every record has one field too many and it is empty, the script
    /// writes a comma after the last field too. If every record has the same wrong number, a column
    /// was added to the query and not to the header, or the reverse.
    FIELD_COUNT = "csv/field-count", Error, RecordLost;

    /// A line is blank, or a record has empty fields only.
    ///
    /// ## Why it matters
    ///
    /// A blank line is a record of one empty field to a strict reader, and one without a `Student Id`
    /// to a lenient one. What SameGoal makes of it is not published.
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
    /// twice: in Python, open the file with `newline=""`. Rows of commas come from cells that are
    /// empty but formatted in Excel: delete those rows, not only their contents.
    BLANK_LINE = "csv/blank-line", Warning, Suspicious
        ; "above the header": Error, FileIgnored
        ; "at the end of the file": Advice, Suspicious;

    /// The header stands again among the records.
    ///
    /// ## Why it matters
    ///
    /// Two exports were joined as they were. The second header is taken for a student called
    /// `First Name Last Name`, and one of the two parts may be an old one.
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
    /// Skip the first line of every part but the first: `tail -n +2` on Unix; `Select-Object -Skip 1`
    /// in PowerShell; `Import-Csv a.csv, b.csv | Export-Csv students.csv` does it by itself.
    REPEATED_HEADER = "csv/repeated-header", Error, RecordLost;

    /// A record is longer than 1 MiB, or a field longer than 64 KiB.
    ///
    /// ## Why it matters
    ///
    /// No student's data is that long. The line ends got lost, or something else than text is in the
    /// file. The record is not judged, and reading goes on at the next line.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,Ada,<70,000 characters>   wrong: a photo, encoded as text
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Look at the record in an editor. Export no photos or documents, and check that the script
    /// writes a line end after each record.
    OVERSIZED_RECORD = "csv/oversized-record", Error, RecordLost;

    /// There is a header and no record after it.
    ///
    /// ## Why it matters
    ///
    /// The query behind the file found nothing, which is seldom meant. In guardians.csv it is
    /// dangerous: the file is the whole truth for the students beside it, so one without records says
    /// that none of them has a guardian, and SameGoal deletes those that it has.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name       wrong: nothing below
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Run the query by hand. Look at its filter (a school year that is over, a school code that
    /// changed) and at the rights of the account that runs it. If there is nothing to deliver, leave
    /// the file out.
    NO_RECORDS = "csv/no-records", Warning, Suspicious
        ; "for students.csv, for guardians.csv beside a students.csv with records, and where the previous epoch had some": Error, DataAtRisk;
}

/// From how many records of one and the same wrong width on, with no other before them, their
/// width is one fault of the file rather than a fault of each.
const CASCADE: usize = 50;

/// Judges the number of fields.
#[derive(Default)]
pub(crate) struct WidthCheck {
    state: State,
    /// Findings about the first records, as long as all have the same wrong width.
    held_back: Vec<Finding>,
}

#[derive(Default)]
enum State {
    /// No record yet.
    #[default]
    Fresh,
    /// The file began with records of one and the same wrong width.
    Uniform(Uniform),
    /// Each record stands for itself.
    Settled,
}

struct Uniform {
    width: usize,
    last_is_empty: bool,
    count: usize,
    last_line: u64,
}

impl WidthCheck {
    /// Judges a record; answers whether it has the header's width.
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

    /// How many fields the next record should have, where the header has `header`: as many as all
    /// before it, if these have one and the same wrong width.
    pub(crate) fn expected(&self, header: usize) -> usize {
        match &self.state {
            State::Uniform(uniform) => uniform.width.min(header),
            State::Fresh | State::Settled => header,
        }
    }

    /// Takes records in that have the header's width.
    pub(crate) fn pass(&mut self, sink: &mut dyn Sink) {
        match &self.state {
            State::Settled => {}
            // It goes on as one fault, whatever else comes.
            State::Uniform(uniform) if uniform.count >= CASCADE => {}
            State::Fresh | State::Uniform(_) => self.settle(sink),
        }
    }

    /// Reports what was held back, each for itself.
    fn settle(&mut self, sink: &mut dyn Sink) {
        self.state = State::Settled;
        for held_back in self.held_back.drain(..) {
            report(sink, &FIELD_COUNT, false, |_| held_back);
        }
    }

    /// Reports what was held back of a file of which only a part is known.
    pub(crate) fn abandon(&mut self, sink: &mut dyn Sink) {
        self.settle(sink);
    }

    /// Reports what was held back, as one if it is one.
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
                        "every record ends in a comma that the header has not ({range})"
                    ))
                    .help(
                        "The script writes a comma after the last field of a record too. Write it \
                     between fields only; values are not judged before that.",
                    )
            } else {
                first.message(format!(
                    "every record has {}, and the header has {columns} ({range})",
                    fields(width)
                )).help(
                    "A column was added to the query and not to the header, or the reverse; or the \
                     header has lost a comma. Make both the same; values are not judged before that.",
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
        "From the extra field on, every value is in the wrong column. Most often a comma stands in \
         a value that is not in quotes: \"12 Oak St, Apt 3\"."
    } else {
        "From the missing field on, every value is in the wrong column. Look for a line break within \
         a value that is not in quotes, and for an empty value that was left out with its comma."
    };
    finding
        .at(location)
        .excerpt(excerpt)
        .message(format!("this record has {}, and the header has {columns}", fields(width)))
        .label(fields(width))
        .help(help)
}

fn fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

const ABOVE_HEADER: Variant = Variant::exception(0);
const AT_END: Variant = Variant::exception(1);

/// Blank lines, until it is known whether records follow on them.
#[derive(Default)]
pub(crate) struct BlankLines {
    held: Vec<Finding>,
    /// How many came behind these.
    more: u64,
}

impl BlankLines {
    /// How many findings wait.
    const MOST: usize = 1024;

    /// Takes in a line without anything on it.
    pub(crate) fn take(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) {
        if self.held.len() < Self::MOST {
            self.held.push(blank_line(header, record));
        } else {
            self.more += 1;
        }
    }

    /// Reports them where a record follows on them.
    #[inline]
    pub(crate) fn pass(&mut self, sink: &mut dyn Sink) {
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

    /// Reports those at the end of the file, as one.
    pub(crate) fn finish(&mut self, sink: &mut dyn Sink) {
        let count = self.held.len() as u64 + self.more;
        let Some(first) = self.held.drain(..).next() else { return };
        report_many(sink, &BLANK_LINE, AT_END, count, |_| first.variant(AT_END).count(count));
    }
}

/// The finding about a line without anything on it.
fn blank_line(header: &BoundHeader<'_>, record: &Record<'_>) -> Finding {
    let (message, help) = if record.len() > 1 {
        (
            "this record has empty fields only",
            "Rows like this come from cells that are empty but formatted in Excel: delete the \
             rows, not only what is in them.",
        )
    } else {
        (
            "this line is blank",
            "A strict reader takes it for a record of one empty field. Remove it in the export; \
             if every second line is blank, the script writes the line end twice.",
        )
    };
    let (location, excerpt) = header.place_of_bytes(record, 0..record.bytes().len());
    let finding = BLANK_LINE.finding().at(location).excerpt(excerpt);
    finding.message(message).label("nothing here").help(help)
}

/// Reports a blank line of which only the place is left.
pub(crate) fn blank_line_before_header(place: Place, sink: &mut dyn Sink) {
    let Place { line, column, end_column, byte_offset } = place;
    report(sink, &BLANK_LINE, ABOVE_HEADER, |finding| {
        finding
            .at(Location { line, column, end_column, byte_offset, ..Location::default() })
            .message("there is a blank line before the header")
            .help("SameGoal looks for the header in the first line. Remove the line in the export.")
    });
}

/// Reports the header among the records.
pub(crate) fn repeated_header(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    header.at_bytes(sink, &REPEATED_HEADER, false, record, 0..record.bytes().len(), |finding| {
        let (_, excerpt) = header.locate(&record.numbered(Some(0)), 0..0, None);
        finding
            .excerpt(excerpt)
            .message("the header stands here again, as a record")
            .label("a second header")
            .help(
                "Two exports were joined as they were, and this line is taken for a student. Skip \
                 the first line of every part but the first.",
            )
    });
}

/// Reports a record or a field that is too long to be one.
pub(crate) fn oversized(header: &BoundHeader<'_>, record: &Record<'_>, sink: &mut dyn Sink) {
    let Some(fault) = record.faults().first() else { return };
    let message = match fault.kind {
        FaultKind::LongRecord => "this record is longer than 1 MiB",
        FaultKind::LongField => "this record has a field longer than 64 KiB",
        _ => return,
    };
    header.at_bytes(sink, &OVERSIZED_RECORD, false, record, 0..0, |finding| {
        finding.message(message).label("too long").help(
            "No student's data is that long: line ends got lost, or something else than text is in \
             the file. The record is not judged; reading goes on at the next line.",
        )
    });
}

/// Reports a file without records, beside the one that was delivered before.
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
        let mut message = format!("{} has a header and no records", spec.name);
        if let Some(previous) = previous {
            let before = match previous.named() {
                Some(students) if is_at_risk => {
                    format!("guardians of {} students", thousands(students))
                }
                _ => thousands(previous.records),
            };
            let least = if previous.is_cut_off { "at least " } else { "" };
            message = format!("{message}, and the previous epoch had {least}{before}");
        }
        if is_at_risk {
            finding.message(message + ": SameGoal would delete the guardians that it has").help(
                "The file is the whole truth for the students beside it, and says that none of them \
                 has a guardian. If there is nothing to deliver, leave the file out.",
            )
        } else {
            finding.message(message).help(
                "The query behind the file found nothing. Look at its filter, such as a school year \
                 that is over, and at the rights of the account that runs it.",
            )
        }
    });
}
