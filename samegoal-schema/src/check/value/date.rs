//! Dates, one by one.

use super::Value;
use crate::date::{Date, DateForm};
use crate::finding::{Finding, Message, Sink};
use crate::model::ColumnSpec;
use crate::rule::rules;

rules! {
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

    /// A date of birth is in the future, or more than 30 years ago.
    ///
    /// ## Why it matters
    ///
    /// It is a date, and no pupil's: the enrollment date was exported in its place, a guardian's
    /// birthday, or the `01/01/1900` that some systems keep where they know no date. Ages and
    /// deadlines are computed from it. That a pupil is 30 at most is this program's assumption, not
    /// SameGoal's. Nothing is said where today's date is not known.
    ///
    /// ## Example
    ///
    /// ```text
    /// 01/01/1900                           wrong: nobody knows
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Correct the date in the student information system. If most records have such a date, the
    /// export takes the wrong column.
    IMPLAUSIBLE_DATE = "value/implausible-date", Warning, Suspicious;
}

/// The days of the last so many years.
#[derive(Clone, Copy)]
pub(super) struct Plausible {
    years: u16,
    /// Not always a day of the calendar, but good enough to compare with.
    earliest: Date,
    latest: Date,
}

impl Plausible {
    /// Those that a column demands, if it does and if today is known.
    pub(super) fn of(spec: &ColumnSpec, today: Option<Date>) -> Option<Self> {
        let (years, latest) = spec.max_age.zip(today)?;
        let earliest = Date { year: latest.year.saturating_sub(years), ..latest };
        Some(Self { years, earliest, latest })
    }

    #[inline]
    pub(super) fn holds(self, date: Date) -> bool {
        self.earliest <= date && date <= self.latest
    }
}

/// Judges a day of the calendar.
pub(super) fn check(
    value: &Value<'_>,
    date: Date,
    form: DateForm,
    is_padded: bool,
    plausible: Option<Plausible>,
    sink: &mut dyn Sink,
) {
    if !is_padded {
        unpadded(value, date, form, sink);
    }
    if let Some(plausible) = plausible.filter(|plausible| !plausible.holds(date)) {
        implausible(value, date, plausible, sink);
    }
}

fn unpadded(value: &Value<'_>, date: Date, form: DateForm, sink: &mut dyn Sink) {
    value.report(sink, &UNPADDED_DATE, |finding| {
        let Date { year, month, day } = date;
        let padded = match form {
            DateForm::MonthFirstSlash => format!("{month:02}/{day:02}/{year:04}"),
            DateForm::MonthFirstDash => format!("{month:02}-{day:02}-{year:04}"),
            DateForm::YearFirstSlash => format!("{year:04}/{month:02}/{day:02}"),
            DateForm::YearFirstDash => format!("{year:04}-{month:02}-{day:02}"),
        };
        finding
            .message(value.name().text(" is `").cell(value.cell()).text("`, without leading zeros"))
            .label(Message::from("write `").cell(value.cell_of(padded.as_bytes())).text("`"))
            .help(format!(
                "The published form is {}, with two digits for month and day; whether SameGoal \
                 takes one digit is not published. Use a format with leading zeros in the export.",
                form.as_str()
            ))
    });
}

fn implausible(value: &Value<'_>, date: Date, plausible: Plausible, sink: &mut dyn Sink) {
    let Plausible { years, latest, .. } = plausible;
    value.report(sink, &IMPLAUSIBLE_DATE, |finding| {
        let (why, label) = if date > latest {
            ("`, which is in the future".to_owned(), "in the future".to_owned())
        } else {
            (
                format!("`, which is more than {years} years ago"),
                format!("more than {years} years ago"),
            )
        };
        finding.message(value.name().text(" is `").cell(value.cell()).text(why)).label(label).help(
            "Look the record up in the student information system. If many records have such a \
             date, the export takes another column, or a placeholder where no date is known.",
        )
    });
}

/// Starts a finding about a date that has an accepted form and is no day of the calendar.
pub(super) fn impossible(
    finding: Finding,
    value: &Value<'_>,
    form: DateForm,
    is_day_first: bool,
) -> Finding {
    let (location, excerpt) = value.place();
    let help = if is_day_first {
        "SameGoal loses the value. As day before month it would be a date: if that is how the \
         export writes dates, all of them are wrong; change its date format."
    } else {
        "SameGoal loses the value. Correct the date in the student information system."
    };
    finding
        .at(location)
        .excerpt(excerpt)
        .message(
            value
                .name()
                .text(" is `")
                .cell(value.cell())
                .text(format!("`, which is no day of the calendar as {}", form.as_str())),
        )
        .label("no such day")
        .help(help)
}

/// Reports something that is in none of the accepted forms.
pub(super) fn bad(value: &Value<'_>, sink: &mut dyn Sink) {
    value.report(sink, &BAD_DATE, |finding| {
        let text = value.text;
        let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        let short_year = text
            .rsplit(|byte| matches!(byte, b'/' | b'-'))
            .next()
            .is_some_and(|year| year.len() == 2 && digits(year) && text.len() > 4);
        let help = if text.contains(&b':') {
            "SameGoal loses the value: it takes a date without a time of day. In SQL: \
             CAST(dob AS date), then format it as YYYY-MM-DD."
        } else if text.len() == 8 && digits(text) {
            "SameGoal loses the value: it takes a date only with separators, as in YYYY-MM-DD."
        } else if short_year {
            "SameGoal loses the value: the year needs four digits, as in YYYY-MM-DD."
        } else {
            "SameGoal loses the value. Format the date in the export, for example as YYYY-MM-DD."
        };
        finding
            .message(
                value
                    .name()
                    .text(" is `")
                    .cell(value.cell())
                    .text("`, which is none of MM/DD/YYYY, MM-DD-YYYY, YYYY/MM/DD and YYYY-MM-DD"),
            )
            .label("not a date in an accepted form")
            .help(help)
    });
}

#[cfg(test)]
mod tests {
    use crate::date::Date;
    use crate::testing::{findings_in, in_column, students, summary};
    use crate::{Session, generic_api};

    #[test]
    fn tells_what_is_wrong_with_a_date() {
        for (value, expected) in [
            ("05/21/2012", ""),
            ("2012-05-21", ""),
            ("5/21/2012", "value/unpadded-date"),
            ("5-Jan-12", "value/bad-date"),
            ("20120105", "value/bad-date"),
            ("01/05/12", "value/bad-date"),
            ("2012-01-05 00:00:00", "value/bad-date"),
            ("02/30/2012", "value/impossible-date"),
            ("21/05/2012", "value/impossible-date"),
            ("", "value/required-empty"),
        ] {
            let found = in_column("Date of Birth", &[value]);
            let found = found.first().map(|one| one.split('@').next().unwrap());
            assert_eq!(found.unwrap_or_default(), expected, "{value}");
        }
    }

    #[test]
    fn knows_which_births_are_plausible() {
        let api = generic_api();
        let today = Date { year: 2024, month: 2, day: 29 };
        for (value, expected) in [
            ("02/29/2024", false),
            ("03/01/2024", true),
            ("02/28/1994", true),
            ("03/01/1994", false),
            ("01/01/1900", true),
            ("1/1/1900", true),
            ("12/31/9999", true),
        ] {
            let csv = students(&[&[("Date of Birth", value)]]);
            let files = [("students.csv", &*csv)];
            let found = findings_in(Session::new(&api).with_today(today), &files);
            let found: Vec<_> = found.iter().map(summary).collect();
            let told = "value/implausible-date@2 Date of Birth".to_owned();
            assert_eq!(found.contains(&told), expected, "{value}");
            assert!(
                !findings_in(Session::new(&api), &files).iter().map(summary).any(|f| f == told)
            );
        }
    }
}
