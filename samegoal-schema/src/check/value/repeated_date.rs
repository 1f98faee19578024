//! One date of birth that too many students have.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::date::Plausible;
use super::name;
use crate::check::binding::BoundHeader;
use crate::check::sample;
use crate::csv::Record;
use crate::finding::{Cell, Location, Privacy, Sink, report, rules};
use crate::schema::ColumnSpec;
use crate::text::calendar::{Date, Reading, read};
use crate::text::whitespace::trim;
use crate::text::wording::thousands;

rules! {
    /// Many students have the same date of birth.
    ///
    /// ## Why it matters
    ///
    /// A system that must have a date enters a default, such as January 1, 2000. SameGoal takes it
    /// as the student's birthday, and deadlines follow from it.
    ///
    /// The rule reports a date that at least ten students and 5 % of the file have. It looks at the
    /// first 512 records and at every 64th record after them. A date that no student can have is a
    /// `value/implausible-date` instead.
    ///
    /// ## Example
    ///
    /// ```text
    /// 01/01/2000                           wrong: for one student in ten
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Find these students in the student information system and enter their dates of birth. If the
    /// export writes the default for an empty date, write nothing instead: in SQL, remove the
    /// `COALESCE` or `ISNULL` around the date.
    REPEATED_DATE = "value/repeated-date", Warning, Suspicious;
}

/// How many students must have the date, and what part of all: one in so many.
const ENOUGH: u64 = 10;
const ONE_IN: u64 = 20;

/// How many different dates are remembered at most. A common one is among the first.
const MOST_DATES: usize = 4096;

/// The dates of birth of the sampled students.
pub(super) struct BirthDates<'s> {
    index: usize,
    spec: &'s ColumnSpec,
    plausible: Option<Plausible>,
    filled: u64,
    dates: HashMap<Date, (u64, Location), RandomState>,
}

impl<'s> BirthDates<'s> {
    /// The dates of a column, if it has dates of birth.
    pub(super) fn new(index: usize, spec: &'s ColumnSpec, today: Option<Date>) -> Option<Self> {
        spec.max_age?;
        let plausible = Plausible::of(spec, today);
        Some(Self { index, spec, plausible, filled: 0, dates: HashMap::default() })
    }

    /// Counts the date of a sampled record.
    pub(super) fn sample(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) {
        let Some(field) = record.field(self.index) else { return };
        let Reading::Date { date, .. } = read(trim(&field.value())) else { return };
        self.filled += 1;
        if let Some((count, _)) = self.dates.get_mut(&date) {
            *count += 1;
        } else if self.dates.len() < MOST_DATES {
            let first = header.location(record, field.range(), Some(self.index));
            self.dates.insert(date, (1, first));
        }
    }

    /// Reports the most common date if too many students have it.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        let Self { spec, plausible, filled, dates, .. } = self;
        let common = dates
            .into_iter()
            .filter(|(_, (count, _))| *count >= ENOUGH && count * ONE_IN >= filled);
        // Of several, the one that comes first in the file.
        let Some((date, (count, first))) =
            common.max_by_key(|(_, (count, first))| (*count, Reverse(first.byte_offset)))
        else {
            return;
        };
        if plausible.is_some_and(|plausible| !plausible.holds(date)) {
            return;
        }
        report(sink, &REPEATED_DATE, false, |finding| {
            let Date { year, month, day } = date;
            let shown = format!("{month:02}/{day:02}/{year:04}");
            let of = if filled <= sample::ALL_UP_TO { "students" } else { "sampled students" };
            finding
                .at(first)
                .message(
                    name(spec)
                        .text(" is `")
                        .cell(Cell::new(shown.as_bytes(), Privacy::Private(spec.content)))
                        .text(format!("` for {} of {} {of}", thousands(count), thousands(filled))),
                )
                .label("the same date for many students")
                .help(
                    "A system that must have a date enters a default. Find these students in the \
                     student information system and enter their dates of birth.",
                )
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, shown, students, summary};

    fn found(same: usize, others: usize) -> Vec<String> {
        let days: Vec<_> = (0..others)
            .map(|it| format!("{:02}/{:02}/{}", it % 12 + 1, it / 12 % 28 + 1, 2008 + it / 336 % 9))
            .collect();
        let same = vec!["01/01/2010"; same];
        let rows: Vec<_> =
            days.iter().map(String::as_str).chain(same).map(|it| [("Date of Birth", it)]).collect();
        let csv = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
        findings(&[("students.csv", &csv)])
            .iter()
            .filter(|it| it.rule.name == "value/repeated-date")
            .map(|it| summary(it) + ": " + &shown(&it.message))
            .collect()
    }

    #[test]
    fn reports_a_date_of_ten_students_and_one_in_twenty() {
        assert_eq!(found(9, 0), [""; 0]);
        assert_eq!(found(10, 191), [""; 0]);
        assert_eq!(found(0, 400), [""; 0]);
        assert_eq!(
            found(10, 190),
            [
                "value/repeated-date@192 Date of Birth: `Date of Birth` is `01/01/2010` for 10 of 200 students"
            ]
        );
        assert_eq!(found(3000, 3000).len(), 1);
        assert_eq!(found(60, 6000), [""; 0]);
    }
}
