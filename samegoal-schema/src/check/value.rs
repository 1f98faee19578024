//! Values, one by one, by what their column declares.

use crate::blank::{is_blank, trim};
use crate::check::bytes::Unseen;
use crate::date::{self, Date, DateForm, Reading};
use crate::finding::{Message, Sink};
use crate::model::{ColumnSpec, Format, Presence, Text};
use crate::record::count_characters;
use crate::rule::rules;
use crate::sheet::{Row, Sheet};
use crate::text;
use crate::words;

rules! {
    /// A required column is empty in a record.
    ///
    /// ## Why it matters
    ///
    /// A record without one of the required values cannot be loaded. The student keeps the data of
    /// the last load, or is not there at all if new.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id,Last Name,First Name      wrong: no first name
    /// 1001,Okafor,
    ///
    /// Student Id,Last Name,First Name      right
    /// 1001,Okafor,Ada
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Fill in the value in the student information system. If it is there and only the export lacks
    /// it, look at the join that brings it in: a join to a table that has no row for this student
    /// leaves the value empty.
    REQUIRED_EMPTY = "value/required-empty", Error, RecordLost;

    /// A value is longer than its column allows.
    ///
    /// ## Why it matters
    ///
    /// The published limit of `Student Id` is 20 characters. A longer id cannot be stored as it is,
    /// and one that is cut off would be another student's.
    ///
    /// ## Example
    ///
    /// ```text
    /// 100000000000000000000001             wrong: 24 characters
    /// 1000000001                           right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Export the id that the district uses, not an internal one such as a GUID. In SQL, look for
    /// padding: `TRIM(student_id)`.
    TOO_LONG = "value/too-long", Error, RecordLost;

    /// A `Student Id` has a character that is neither a letter nor a digit.
    ///
    /// ## Why it matters
    ///
    /// A student's id may hold letters and digits only. A record with any other character in its key
    /// cannot be loaded.
    ///
    /// ## Example
    ///
    /// ```text
    /// 10-01                                wrong: a hyphen
    /// 1001                                 right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Export the bare id. In SQL: `REPLACE(student_id, '-', '')`; take care that two ids do not become
    /// one. guardians.csv and absences.csv must then use the same bare id.
    BAD_CHARACTER = "value/bad-character", Error, RecordLost;

    /// A value is not one of those that its column allows.
    ///
    /// ## Why it matters
    ///
    /// `Gender` and `District Enrollment` take a short published list of values, letter for letter. Any
    /// other value is not understood, and the student's state or gender is not set.
    ///
    /// ## Example
    ///
    /// ```text
    /// Active                               wrong: the system's own code
    /// ENROLLED                             right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Translate your codes in the export. In SQL:
    /// `CASE status WHEN 'A' THEN 'ENROLLED' WHEN 'W' THEN 'WITHDREW' END`.
    NOT_ALLOWED = "value/not-allowed", Error, ValueLost;

    /// A date is in none of the four accepted forms.
    ///
    /// ## Why it matters
    ///
    /// Dates are read as `MM/DD/YYYY`, `MM-DD-YYYY`, `YYYY/MM/DD` or `YYYY-MM-DD`. A date in any other
    /// form is lost, and with it the student's age, which deadlines depend on.
    ///
    /// ## Example
    ///
    /// ```text
    /// 5-Jan-12                             wrong: Excel's short form
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Format the date in the export. SQL Server: `CONVERT(char(10), dob, 23)`; Oracle:
    /// `TO_CHAR(dob, 'YYYY-MM-DD')`; MySQL: `DATE_FORMAT(dob, '%Y-%m-%d')`. In Excel, give the column
    /// the custom format `yyyy-mm-dd` before you save as CSV.
    BAD_DATE = "value/bad-date", Error, ValueLost;

    /// A date has an accepted form but is no day of the calendar.
    ///
    /// ## Why it matters
    ///
    /// `02/30/2012` cannot be stored as a date. Where the day stands before the month
    /// (`13/05/2012`), the other dates of the column are wrong too, without showing it.
    ///
    /// ## Example
    ///
    /// ```text
    /// 02/30/2012                           wrong: February has no 30th
    /// 02/29/2012                           right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Correct the date in the student information system. If many dates have a month over 12, the
    /// export writes the day first: change its date format to `MM/DD/YYYY` or `YYYY-MM-DD`.
    IMPOSSIBLE_DATE = "value/impossible-date", Error, ValueLost;

    /// The month or the day of a date has one digit.
    ///
    /// ## Why it matters
    ///
    /// The published forms have two digits for month and day. Whether one digit is taken is not
    /// published; it may work today and fail after an update.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1/5/2012                             doubtful
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Use a format with leading zeros in the export: `MM/dd/yyyy` in most systems, `mm/dd/yyyy` in
    /// Excel.
    UNPADDED_DATE = "value/unpadded-date", Warning, Suspicious;

    /// A value has white space before or after it.
    ///
    /// ## Why it matters
    ///
    /// Blanks are part of a value in CSV. An id or a building name with a blank behind it looks right
    /// and equals nothing.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001 ,Okafor                         wrong: a blank behind the id
    /// 1001,Okafor                          right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Trim the value in the export: `TRIM(student_id)`, or `RTRIM` where the database column has a
    /// fixed width (`CHAR`). A no-break space, often pasted from a web page, has to be replaced by name:
    /// `REPLACE(name, NCHAR(160), '')`.
    PADDED = "value/padded", Warning, Suspicious;
}

/// Judges the values of one file.
pub(crate) struct ValueCheck<'s> {
    columns: Vec<(usize, &'s ColumnSpec)>,
}

impl<'s> ValueCheck<'s> {
    pub(crate) fn new(sheet: &Sheet<'s>) -> Self {
        Self { columns: sheet.known().collect() }
    }

    /// Judges every value of a record that has the header's width.
    pub(crate) fn record(
        &self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        unseen: &Unseen,
        sink: &mut dyn Sink,
    ) {
        for &(index, spec) in &self.columns {
            if unseen.fields.contains(&index) {
                continue;
            }
            if let Some(field) = row.record.field(index) {
                Value { sheet, row, index, spec }.judge(&field.value(), sink);
            }
        }
    }
}

/// One value and where it is.
struct Value<'a> {
    sheet: &'a Sheet<'a>,
    row: &'a Row<'a>,
    index: usize,
    spec: &'a ColumnSpec,
}

impl Value<'_> {
    fn judge(&self, whole: &[u8], sink: &mut dyn Sink) {
        if is_blank(whole) {
            if self.spec.presence == Presence::Required {
                self.required_empty(sink);
            }
            return;
        }
        let value = trim(whole);
        if value.len() < whole.len() {
            self.padded(whole, value, sink);
        }
        if let Some(most) = self.spec.max_length
            && value.len() > most as usize
        {
            self.too_long(value, most, sink);
        }
        match &self.spec.format {
            Format::Alphanumeric => self.bad_character(value, sink),
            Format::Date => self.date(value, sink),
            Format::OneOf(allowed) => self.not_allowed(value, allowed, sink),
            Format::Text | Format::Groups => {}
        }
    }

    fn name(&self) -> Message {
        Message::from("`").text(self.spec.name.clone()).text("`")
    }

    fn cell(&self, value: &[u8]) -> crate::Cell {
        self.sheet.cell(self.index, value)
    }

    fn required_empty(&self, sink: &mut dyn Sink) {
        self.sheet.at_field(sink, &REQUIRED_EMPTY, false, self.row, self.index, |finding| {
            finding
                .message(self.name().text(" is empty, and it is required"))
                .label("needs a value")
                .help(
                    "SameGoal cannot load a record without it. Fill it in in the student \
                     information system, or look at the join of the export that brings it in.",
                )
        });
    }

    fn padded(&self, whole: &[u8], value: &[u8], sink: &mut dyn Sink) {
        let is_plain = whole.is_ascii();
        self.sheet.at_field(sink, &PADDED, false, self.row, self.index, |finding| {
            let kind = if is_plain { "white space" } else { "a no-break or other special space" };
            let before = whole.iter().zip(value).next().is_some_and(|(a, b)| a != b);
            let side = if before { " before" } else { " after" };
            finding
                .message(self.name().text(" has ").text(kind).text(side).text(" its value"))
                .label("trim")
                .help(
                    "Blanks are part of a value in CSV, so this one equals nothing that it should \
                     equal. Use TRIM() in the export's query.",
                )
        });
    }

    fn too_long(&self, value: &[u8], most: u32, sink: &mut dyn Sink) {
        let characters = count_characters(value);
        if characters <= u64::from(most) {
            return;
        }
        self.sheet.at_field(sink, &TOO_LONG, false, self.row, self.index, |finding| {
            finding
                .message(
                    self.name()
                        .text(format!(" has {characters} characters, and may have {most} at most")),
                )
                .label(format!("{characters} characters"))
                .help(
                    "SameGoal cannot store the record under this id. Export the id that the \
                     district uses rather than an internal one, and trim padding.",
                )
        });
    }

    fn bad_character(&self, value: &[u8], sink: &mut dyn Sink) {
        if value.iter().all(u8::is_ascii_alphanumeric) {
            return;
        }
        // Bytes that are no text at all are the encoding's fault, and reported as that.
        let mut characters = value.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
        let Some(bad) = characters.find(|character| !character.is_alphanumeric()) else {
            return;
        };
        self.sheet.at_field(sink, &BAD_CHARACTER, false, self.row, self.index, |finding| {
            finding
                .message(self.name().text(format!(
                    " has {} in it, and may have letters and digits only",
                    words::describe(bad)
                )))
                .label("letters and digits only")
                .help(
                    "SameGoal cannot load the record. Export the bare id, the same in every file; \
                     in SQL: REPLACE(student_id, '-', '').",
                )
        });
    }

    fn not_allowed(&self, value: &[u8], allowed: &[Text], sink: &mut dyn Sink) {
        if allowed.iter().any(|one| one.as_bytes() == value) {
            return;
        }
        self.sheet.at_field(sink, &NOT_ALLOWED, false, self.row, self.index, |finding| {
            let nearest = std::str::from_utf8(value)
                .ok()
                .and_then(|value| text::nearest(value, allowed.iter().map(AsRef::as_ref)));
            let message =
                self.name().text(" is `").cell(self.cell(value)).text("`, which is not allowed");
            let (message, label) = match nearest {
                Some(near) => {
                    (message.text(format!("; did you mean `{near}`?")), format!("use `{near}`"))
                }
                None => (message, "not one of the published values".to_owned()),
            };
            finding.message(message).label(label).help(format!(
                "SameGoal takes exactly one of {}, and does not understand anything else. \
                 Translate your codes in the export's query.",
                words::list(allowed)
            ))
        });
    }

    fn date(&self, value: &[u8], sink: &mut dyn Sink) {
        match date::read(value) {
            Reading::Date { is_padded: true, .. } => {}
            Reading::Date { date, form, .. } => self.unpadded_date(value, date, form, sink),
            Reading::Impossible { form, is_day_first } => {
                self.impossible_date(value, form, is_day_first, sink);
            }
            Reading::Other => self.bad_date(value, sink),
        }
    }

    fn unpadded_date(&self, value: &[u8], date: Date, form: DateForm, sink: &mut dyn Sink) {
        self.sheet.at_field(sink, &UNPADDED_DATE, false, self.row, self.index, |finding| {
            let Date { year, month, day } = date;
            let padded = match form {
                DateForm::MonthFirstSlash => format!("{month:02}/{day:02}/{year:04}"),
                DateForm::MonthFirstDash => format!("{month:02}-{day:02}-{year:04}"),
                DateForm::YearFirstSlash => format!("{year:04}/{month:02}/{day:02}"),
                DateForm::YearFirstDash => format!("{year:04}-{month:02}-{day:02}"),
            };
            finding
                .message(
                    self.name()
                        .text(" is `")
                        .cell(self.cell(value))
                        .text("`, without leading zeros"),
                )
                .label(
                    Message::from("write `").cell(self.cell(padded.as_bytes())).text("`"),
                )
                .help(format!(
                    "The published form is {}, with two digits for month and day; whether SameGoal \
                     takes one digit is not published. Use a format with leading zeros in the export.",
                    form.as_str()
                ))
        });
    }

    fn impossible_date(
        &self,
        value: &[u8],
        form: DateForm,
        is_day_first: bool,
        sink: &mut dyn Sink,
    ) {
        self.sheet.at_field(sink, &IMPOSSIBLE_DATE, false, self.row, self.index, |finding| {
            let help = if is_day_first {
                "SameGoal loses the value. As day before month it would be a date: if that is how \
                 the export writes dates, all of them are wrong; change its date format."
            } else {
                "SameGoal loses the value. Correct the date in the student information system."
            };
            finding
                .message(
                    self.name()
                        .text(" is `")
                        .cell(self.cell(value))
                        .text(format!("`, which is no day of the calendar as {}", form.as_str())),
                )
                .label("no such day")
                .help(help)
        });
    }

    fn bad_date(&self, value: &[u8], sink: &mut dyn Sink) {
        self.sheet.at_field(sink, &BAD_DATE, false, self.row, self.index, |finding| {
            let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
            let short_year = value
                .rsplit(|byte| matches!(byte, b'/' | b'-'))
                .next()
                .is_some_and(|year| year.len() == 2 && digits(year) && value.len() > 4);
            let help = if value.contains(&b':') {
                "SameGoal loses the value: it takes a date without a time of day. In SQL: \
                 CAST(dob AS date), then format it as YYYY-MM-DD."
            } else if value.len() == 8 && digits(value) {
                "SameGoal loses the value: it takes a date only with separators, as in YYYY-MM-DD."
            } else if value.len() == 5 && digits(value) {
                "SameGoal loses the value: this looks like Excel's number for a day. Give the \
                 column the format yyyy-mm-dd before you save as CSV."
            } else if short_year {
                "SameGoal loses the value: the year needs four digits, as in YYYY-MM-DD."
            } else {
                "SameGoal loses the value. Format the date in the export, for example as YYYY-MM-DD."
            };
            finding
                .message(
                    self.name().text(" is `").cell(self.cell(value)).text(
                        "`, which is none of MM/DD/YYYY, MM-DD-YYYY, YYYY/MM/DD and YYYY-MM-DD",
                    ),
                )
                .label("not a date in an accepted form")
                .help(help)
        });
    }
}
