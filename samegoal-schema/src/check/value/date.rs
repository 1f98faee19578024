//! Dates, one by one.

pub(super) mod column;

use super::held::Held;
use super::{Value, name};
use crate::finding::{Cure, Finding, Message, PAD_DATE, Sink, cured, rules};
use crate::schema::ColumnSpec;
use crate::text::calendar::{Date, DateForm};
use crate::text::wording::thousands;

rules! {
    /// A date is not in any of the four accepted forms.
    ///
    /// ## Why it matters
    ///
    /// SameGoal reads dates as `MM/DD/YYYY`, `MM-DD-YYYY`, `YYYY/MM/DD` or `YYYY-MM-DD`. A date in
    /// any other form is lost. Without it, SameGoal does not know the student's age, which
    /// deadlines depend on.
    ///
    /// ## Example
    ///
    /// ```text
    /// 5-Jan-12                             wrong: Excel's short form
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Format the date in the export:
    ///
    /// - SQL Server: `CONVERT(char(10), dob, 23)`.
    /// - Oracle: `TO_CHAR(dob, 'YYYY-MM-DD')`.
    /// - MySQL: `DATE_FORMAT(dob, '%Y-%m-%d')`.
    /// - Excel: give the column the custom format `yyyy-mm-dd` before you save as CSV.
    BAD_DATE = "value/bad-date", Error, ValueLost;

    /// A date has an accepted form but does not exist in the calendar.
    ///
    /// ## Why it matters
    ///
    /// `02/30/2012` cannot be stored as a date. If the export writes the day before the month
    /// (`13/05/2012`), the other dates in the column are wrong too, but they do not show it.
    ///
    /// ## Example
    ///
    /// ```text
    /// 02/30/2012                           wrong: February has no 30th
    /// 02/29/2012                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Correct the date in the student information system. If many dates have a month over 12, the
    /// export writes the day first: change its date format to `MM/DD/YYYY` or `YYYY-MM-DD`.
    IMPOSSIBLE_DATE = "value/impossible-date", Error, ValueLost;

    /// The month or day of a date has only one digit.
    ///
    /// ## Why it matters
    ///
    /// The published forms have two digits for month and day. Whether SameGoal accepts one digit is
    /// not published; it may work today and fail after an update.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1/5/2012                             doubtful
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Use a date format with leading zeros in the export: `MM/dd/yyyy` in most systems,
    /// `mm/dd/yyyy` in Excel.
    UNPADDED_DATE = "value/unpadded-date", Warning, Suspicious;

    /// A date of birth is not plausible for a student.
    ///
    /// ## Why it matters
    ///
    /// It is a valid date, but probably not the right one. The export may take the enrollment date
    /// or a guardian's birthday instead, a year may have two digits, or a system may fill in
    /// `01/01/1900` for an unknown date. SameGoal computes ages and deadlines from it.
    ///
    /// The rule reports dates after today, less than two years ago, or before 1920. It allows one
    /// child born today. A student over 30 who is `PRE_ENROLLED` or `ENROLLED` is advice only:
    /// adult learners are that old. Students over 30 who are not active are not reported. These
    /// limits are this tool's assumption, not SameGoal's.
    ///
    /// If more than 5 % of the dates in a column are reported, they are one finding.
    ///
    /// ## Example
    ///
    /// ```text
    /// 01/01/1900                           wrong: the date is not known
    /// 01/05/2012                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Correct the date in the student information system. If most records have such a date, the
    /// export uses the wrong column.
    IMPLAUSIBLE_DATE = "value/implausible-date", Warning, Suspicious
        ; "for an active student over 30": Advice, Suspicious;
}

/// The minimum age of a student, in years, and the year before which no student was born. These
/// limits are ours, not the vendor's.
const YOUNGEST: u16 = 2;
const FIRST_YEAR: u16 = 1920;

/// The days on which students may be born.
#[derive(Clone, Copy)]
pub(crate) struct Plausible {
    years: u16,
    /// Not always a day of the calendar, but good enough to compare with.
    earliest: Date,
    latest: Date,
    today: Date,
}

/// Why a date of birth is not plausible.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    Future,
    /// Today: one may be a newborn, two are a default value.
    Newborn,
    TooYoung,
    LongAgo,
    /// The student is older than most.
    Old,
}

impl Plausible {
    /// The limits of a column, if it has any and today is known.
    pub(crate) fn of(spec: &ColumnSpec, today: Option<Date>) -> Option<Self> {
        let (years, today) = spec.max_age.zip(today)?;
        let before = |years: u16| Date { year: today.year.saturating_sub(years), ..today };
        Some(Self { years, earliest: before(years), latest: before(YOUNGEST), today })
    }

    #[inline]
    pub(crate) fn holds(self, date: Date) -> bool {
        self.earliest <= date && date <= self.latest
    }

    fn doubt(self, date: Date) -> Option<Doubt> {
        if date > self.today {
            Some(Doubt::Future)
        } else if date == self.today {
            Some(Doubt::Newborn)
        } else if date > self.latest {
            Some(Doubt::TooYoung)
        } else if date.year < FIRST_YEAR {
            Some(Doubt::LongAgo)
        } else {
            (date < self.earliest).then_some(Doubt::Old)
        }
    }
}

/// Dates of birth that are not plausible: impossible for a student, or of a student older than
/// most.
#[derive(Default)]
pub(super) struct Implausible {
    impossible: Held,
    newborn: Held,
    old: Held,
}

impl Implausible {
    /// Checks a date of birth.
    pub(super) fn record(&mut self, value: &Value<'_>, date: Date, plausible: Plausible) {
        match plausible.doubt(date) {
            None => {}
            Some(Doubt::Old) if !value.is_of_active() => {}
            Some(Doubt::Old) => {
                self.old.push(|| implausible(value, Doubt::Old, plausible.years).variant(true));
            }
            Some(Doubt::Newborn) => {
                self.newborn.push(|| implausible(value, Doubt::Newborn, plausible.years));
            }
            Some(doubt) => self.impossible.push(|| implausible(value, doubt, plausible.years)),
        }
    }

    /// Reports them when the number of dates is known.
    pub(super) fn finish(self, spec: &ColumnSpec, dates: u64, sink: &mut dyn Sink) {
        let Self { impossible, newborn, old } = self;
        for (mut held, why, at_least) in [
            (impossible, "in the future, less than 2 years ago or before 1920", 1),
            (newborn, "today's date", 2),
            (old, "over 30 years ago", 1),
        ] {
            let count = held.count();
            if count < at_least {
                continue;
            }
            if count * 20 <= dates {
                held.release(sink);
                continue;
            }
            held.unite(sink, |first| {
                first.message(name(spec).text(format!(
                    " is {why} in {} of {} records",
                    thousands(count),
                    thousands(dates)
                )))
            });
        }
    }
}

/// Reports a date that is written without leading zeros.
pub(super) fn unpadded(value: &Value<'_>, date: Date, form: DateForm, sink: &mut dyn Sink) {
    let cure = value.is_fixable().then(|| Cure::in_column(&PAD_DATE, &value.spec.name));
    cured(sink, cure, |sink| report_unpadded(value, date, form, sink));
}

fn report_unpadded(value: &Value<'_>, date: Date, form: DateForm, sink: &mut dyn Sink) {
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
                "The published form is {}, with two digits for month and day. Whether SameGoal \
                 accepts one digit is not published. Use a date format with leading zeros in the \
                 export.",
                form.as_str()
            ))
    });
}

fn implausible(value: &Value<'_>, doubt: Doubt, years: u16) -> Finding {
    let (location, excerpt) = value.place();
    let label = match doubt {
        Doubt::Future => "in the future".to_owned(),
        Doubt::Newborn => "today".to_owned(),
        Doubt::TooYoung => format!("less than {YOUNGEST} years ago"),
        Doubt::LongAgo => format!("before {FIRST_YEAR}"),
        Doubt::Old => format!("more than {years} years ago"),
    };
    let message =
        value.name().text(" is `").cell(value.cell()).text(format!("`, which is {label}"));
    IMPLAUSIBLE_DATE.finding().at(location).excerpt(excerpt).message(message).label(label).help(
        "Check this record in the student information system. If many records have such a date, \
         the export uses the wrong column, or fills in a date where it knows none.",
    )
}

/// Starts a finding about a date that has an accepted form but is not in the calendar.
pub(super) fn impossible(
    finding: Finding,
    value: &Value<'_>,
    form: DateForm,
    is_day_first: bool,
) -> Finding {
    let (location, excerpt) = value.place();
    let help = if is_day_first {
        "SameGoal loses the value. With the day before the month, it would be a date. If the \
         export writes dates that way, all of them are wrong: change its date format."
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
                .text(format!("`, which is not a real date (read as {})", form.as_str())),
        )
        .label("no such date")
        .help(help)
}

/// Reports a value that is not in any of the accepted forms.
pub(super) fn bad(value: &Value<'_>, sink: &mut dyn Sink) {
    value.report(sink, &BAD_DATE, |finding| {
        let text = value.text;
        let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        let short_year = text
            .rsplit(|byte| matches!(byte, b'/' | b'-'))
            .next()
            .is_some_and(|year| year.len() == 2 && digits(year) && text.len() > 4);
        let help = if text.contains(&b':') {
            "SameGoal loses the value: it accepts a date only without a time of day. In SQL: CAST(dob \
             AS date), then format it as YYYY-MM-DD."
        } else if text.len() == 8 && digits(text) {
            "SameGoal loses the value: it accepts a date only with separators, as in YYYY-MM-DD."
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
                    .text("`, which is not MM/DD/YYYY, MM-DD-YYYY, YYYY/MM/DD or YYYY-MM-DD"),
            )
            .label("not a date in an accepted form")
            .help(help)
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings_in, in_column, students, summary};
    use crate::text::calendar::Date;
    use crate::{Session, generic_api};

    #[test]
    fn reports_what_is_wrong_with_a_date() {
        for (value, expected) in [
            ("05/21/2012", ""),
            ("2012-05-21", ""),
            ("5/21/2012", "value/unpadded-date"),
            ("5-Jan-12", "value/bad-date"),
            ("20120105", "value/bad-date"),
            ("01/05/12", "value/bad-date"),
            ("2012-01-05 00:00:00", "value/bad-date"),
            ("02/30/2012", "value/impossible-date"),
            ("21/05/2012", "value/day-month-swapped"),
            ("", "value/required-empty"),
        ] {
            let found = in_column("Date of Birth", &[value]);
            let found = found.first().map(|one| one.split('@').next().unwrap());
            assert_eq!(found.unwrap_or_default(), expected, "{value}");
        }
    }

    #[test]
    fn knows_which_births_are_plausible() {
        const IT: &str = "value/implausible-date@2 Date of Birth";
        const ADVICE: &str = "value/implausible-date!@2 Date of Birth";
        let api = generic_api();
        let today = Date { year: 2024, month: 2, day: 29 };
        for (value, state, expected) in [
            ("03/01/2024", "ENROLLED", IT),
            ("02/29/2024", "ENROLLED", ""),
            ("02/28/2024", "ENROLLED", IT),
            ("03/01/2022", "ENROLLED", IT),
            ("02/28/2022", "ENROLLED", ""),
            ("03/01/1994", "ENROLLED", ""),
            ("02/28/1994", "ENROLLED", ADVICE),
            ("02/28/1994", "PRE_ENROLLED", ADVICE),
            ("02/28/1994", "GRADUATED", ""),
            ("01/01/1920", "GRADUATED", ""),
            ("12/31/1919", "GRADUATED", IT),
            ("01/01/1900", "ENROLLED", IT),
            ("1/1/1900", "ENROLLED", IT),
            ("05/21/0012", "ENROLLED", IT),
            ("12/31/9999", "ENROLLED", IT),
        ] {
            let csv = students(&[&[("Date of Birth", value), ("District Enrollment", state)]]);
            let files = [("students.csv", &*csv)];
            let found = findings_in(Session::new(&api).with_today(today), &files);
            let found: Vec<_> = found.iter().map(summary).collect();
            let is_reported = |found: &[String]| found.iter().any(|one| one == IT || one == ADVICE);
            assert_eq!(is_reported(&found), !expected.is_empty(), "{value} {state}");
            assert!(expected.is_empty() || found.iter().any(|one| one == expected), "{value}");
            let found = findings_in(Session::new(&api), &files);
            assert!(!is_reported(&found.iter().map(summary).collect::<Vec<_>>()));
        }
    }

    #[test]
    fn unites_many_implausible_births() {
        let api = generic_api();
        let today = Date { year: 2024, month: 2, day: 29 };
        for (count, others, expected) in [
            (1, 0, vec![1]),
            (2, 0, vec![2]),
            (1, 19, vec![1]),
            (2, 38, vec![1; 2]),
            (300, 0, vec![300]),
        ] {
            let default = [("Date of Birth", "01/01/1900")];
            let mut rows = vec![&default[..]; count];
            rows.resize(count + others, &[]);
            let csv = students(&rows);
            let session = Session::new(&api).with_today(today);
            let found = findings_in(session, &[("students.csv", &csv)]);
            let counts: Vec<_> = found.iter().map(|one| one.count).collect();
            assert_eq!(counts, expected, "{count} {others}");
        }
    }
}
