//! Dates, column by column: one column has one form.

use super::{Implausible, Plausible};
use crate::check::binding::Place;
use crate::check::value::held::Held;
use crate::check::value::tally::DateTally;
use crate::check::value::{Value, name};
use crate::finding::{Related, Sink, report, report_many, rules};
use crate::schema::ColumnSpec;
use crate::text::calendar::{Date, DateForm, Reading, read};
use crate::text::wording::thousands;

rules! {
    /// The dates in a column are written in more than one form.
    ///
    /// ## Why it matters
    ///
    /// SameGoal accepts each form. But one export writes one form. Two forms mean that the file was
    /// put together from several, or that a spreadsheet changed a part of it. Nothing shows what
    /// else differs between the parts. One date in another form is enough for a finding.
    ///
    /// Dates with and without leading zeros count as one form. A date that does not exist, such as
    /// the `0000-00-00` of some databases, is a `value/impossible-date` and does not count as
    /// another form.
    ///
    /// ## Example
    ///
    /// ```text
    /// 01/05/2012                           wrong: the second date is in another form
    /// 2012-01-06
    ///
    /// 01/05/2012                           right
    /// 01/06/2012
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Keep dates as dates until the export, and format them all the same way there. A system that
    /// stores dates as text may hold several forms: convert each of them first.
    MIXED_DATE_FORMS = "value/mixed-date-forms", Warning, Suspicious;

    /// A column has the day before the month.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loses `13/05/2012`, which you notice. `03/04/2012` is worse: SameGoal reads it as
    /// March 4th and stores the wrong birthday. So the rule reports the column once, not each date
    /// that shows it.
    ///
    /// It reports the column when at least one date works only with the day first, and none works
    /// only with the month first. If both occur, the dates with the day first are taken as typing
    /// errors, and each is a `value/impossible-date`.
    ///
    /// ## Example
    ///
    /// ```text
    /// 13/05/2012                           wrong: May 13th
    /// 05/13/2012                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Set the date format in the export instead of using the computer's language setting:
    /// `MM/dd/yyyy` or `yyyy-MM-dd`.
    DAY_MONTH_SWAPPED = "value/day-month-swapped", Error, ValueLost;
}

/// All forms, in the order of a [`DateTally`].
const FORMS: [DateForm; 4] = [
    DateForm::MonthFirstSlash,
    DateForm::MonthFirstDash,
    DateForm::YearFirstSlash,
    DateForm::YearFirstDash,
];

/// What is known about the dates of a column so far.
#[derive(Default)]
pub(in crate::check::value) struct DateColumn {
    plausible: Option<Plausible>,
    implausible: Implausible,
    /// Whether the day of some date shows that the month comes first.
    is_month_first: bool,
    /// Findings about dates that exist only with the day first, while the order is open.
    held: Held,
    month_first_slash: Form,
    month_first_dash: Form,
    year_first_slash: Form,
    year_first_dash: Form,
}

/// What is known about the dates in one form.
#[derive(Default)]
struct Form {
    /// How many exist in the calendar as written.
    days: u64,
    first: Option<Box<Place>>,
    /// How many exist only with the day first.
    day_first: u64,
    first_day_first: Option<Box<Place>>,
}

impl DateColumn {
    pub(in crate::check::value) fn new(spec: &ColumnSpec, today: Option<Date>) -> Self {
        Self { plausible: Plausible::of(spec, today), ..Self::default() }
    }

    /// Checks a value by itself, and counts it.
    pub(in crate::check::value) fn record(&mut self, value: &Value<'_>, sink: &mut dyn Sink) {
        match read(value.text) {
            Reading::Date { date, form, is_padded } => {
                self.form(form).day(value);
                if date.day > 12 && !self.is_month_first {
                    self.is_month_first = true;
                    self.held.release(sink);
                }
                if !is_padded {
                    super::unpadded(value, date, form, sink);
                }
                if let Some(plausible) = self.plausible {
                    self.implausible.record(value, date, plausible);
                }
            }
            Reading::Impossible { form, is_day_first: true } if !self.is_month_first => {
                self.form(form).day_first(value);
                let finding = || super::IMPOSSIBLE_DATE.finding();
                self.held.push(|| super::impossible(finding(), value, form, true));
            }
            Reading::Impossible { form, is_day_first } => {
                report(sink, &super::IMPOSSIBLE_DATE, false, |finding| {
                    super::impossible(finding, value, form, is_day_first)
                });
            }
            Reading::Other => super::bad(value, sink),
        }
    }

    /// Counts dates without defects at once, unless one of them decides something new; returns
    /// whether it did.
    pub(in crate::check::value) fn absorb(&mut self, tally: &DateTally) -> bool {
        let forms = || FORMS.iter().zip(&tally.0).filter(|(_, seen)| seen.days > 0);
        for (form, seen) in forms() {
            let is_first = self.form(*form).first.is_none();
            if is_first || seen.is_telling && !self.is_month_first {
                return false;
            }
        }
        for (form, seen) in forms() {
            self.form(*form).days += seen.days;
        }
        true
    }

    fn form(&mut self, form: DateForm) -> &mut Form {
        match form {
            DateForm::MonthFirstSlash => &mut self.month_first_slash,
            DateForm::MonthFirstDash => &mut self.month_first_dash,
            DateForm::YearFirstSlash => &mut self.year_first_slash,
            DateForm::YearFirstDash => &mut self.year_first_dash,
        }
    }

    /// Reports what is known now that all values are read.
    pub(in crate::check::value) fn finish(self, spec: &ColumnSpec, sink: &mut dyn Sink) {
        let mut forms = [
            (DateForm::MonthFirstSlash, self.month_first_slash),
            (DateForm::MonthFirstDash, self.month_first_dash),
            (DateForm::YearFirstSlash, self.year_first_slash),
            (DateForm::YearFirstDash, self.year_first_dash),
        ];
        if !self.is_month_first {
            for (_, form) in &mut forms {
                form.take_day_first_as_days();
            }
            swapped(spec, &mut forms, sink);
        }
        let dates = forms.iter().map(|(_, form)| form.days).sum();
        self.implausible.finish(spec, dates, sink);
        mixed(spec, forms, sink);
    }
}

impl Form {
    fn day(&mut self, value: &Value<'_>) {
        self.days += 1;
        self.first.get_or_insert_with(|| Box::new(value.place()));
    }

    fn day_first(&mut self, value: &Value<'_>) {
        self.day_first += 1;
        self.first_day_first.get_or_insert_with(|| Box::new(value.place()));
    }

    /// If the day comes first, the dates that show it count: each of them exists.
    fn take_day_first_as_days(&mut self) {
        self.days += self.day_first;
        let places = [self.first.take(), self.first_day_first.clone()];
        self.first = places.into_iter().flatten().min_by_key(|place| place.0.byte_offset);
    }
}

fn swapped(spec: &ColumnSpec, forms: &mut [(DateForm, Form)], sink: &mut dyn Sink) {
    let (mut day_first, mut dates) = (0, 0);
    let mut first: Option<(DateForm, Box<Place>)> = None;
    for (kind, form) in forms.iter_mut().filter(|(_, form)| form.day_first > 0) {
        day_first += form.day_first;
        dates += form.days;
        if let Some(place) = form.first_day_first.take()
            && first.as_ref().is_none_or(|(_, other)| place.0.byte_offset < other.0.byte_offset)
        {
            first = Some((*kind, place));
        }
    }
    let Some((kind, place)) = first else { return };
    let (location, excerpt) = *place;
    report_many(sink, &DAY_MONTH_SWAPPED, false, day_first, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(
                " has the day before the month: {} of {} dates work only that way",
                thousands(day_first),
                thousands(dates)
            )))
            .label(format!("no such date as {}", kind.as_str()))
            .help(
                "SameGoal loses these dates and reads the other dates in the column as wrong days. \
                 Set the date format in the export to MM/DD/YYYY or YYYY-MM-DD.",
            )
    });
}

fn mixed(
    spec: &ColumnSpec,
    forms: impl IntoIterator<Item = (DateForm, Form)>,
    sink: &mut dyn Sink,
) {
    let mut seen: Vec<_> =
        forms.into_iter().filter_map(|(kind, form)| Some((kind, form.days, form.first?))).collect();
    seen.sort_by_key(|(_, _, place)| place.0.byte_offset);
    let most = seen.iter().map(|(_, dates, _)| *dates).max().unwrap_or_default();
    let usual = seen.iter().position(|(_, dates, _)| *dates == most).unwrap_or_default();
    if seen.len() < 2 {
        return;
    }
    let (usual, _, usual_place) = seen.remove(usual);
    let counts: Vec<String> = seen
        .iter()
        .map(|(kind, dates, _)| format!("{} as {}", thousands(*dates), kind.as_str()))
        .collect();
    let Some((_, _, place)) = seen.into_iter().next() else { return };
    let (location, excerpt) = *place;
    report(sink, &MIXED_DATE_FORMS, false, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(
                " has {} dates as {}, and {}",
                thousands(most),
                usual.as_str(),
                counts.join(", ")
            )))
            .label(format!("not {}", usual.as_str()))
            .help(
                "SameGoal accepts each form, but one export writes one form. Check whether the \
                 file was put together from several, or partly edited in a spreadsheet.",
            )
            .related(Related {
                file: None,
                location: Some(usual_place.0),
                message: format!("the first date as {}", usual.as_str()).into(),
            })
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_column, shown, students};

    fn reported(values: &[&str]) -> Vec<String> {
        let strip = |found: String| found.trim_end_matches(" Date of Birth").to_owned();
        in_column("Date of Birth", values).into_iter().map(strip).collect()
    }

    #[test]
    fn reports_mixed_forms_once_at_the_first_that_differs() {
        const MIXED: &str = "value/mixed-date-forms";
        for (values, expected) in [
            (&["05/21/2012", "06/22/2012"][..], &[][..]),
            (&["05/21/2012", "2012-06-22", "07/23/2012"], &["value/mixed-date-forms@3"]),
            // The first ones are the exceptions.
            (&["2012-06-22", "05/21/2012", "07/23/2012"], &["value/mixed-date-forms@2"]),
            (&["05/21/2012", "05-21-2012"], &["value/mixed-date-forms@3"]),
            (&["2012/05/21", "2012-05-21"], &["value/mixed-date-forms@3"]),
            // The same form without leading zeros, and something in no form.
            (&["05/21/2012", "5/21/2012"], &["value/unpadded-date@3"]),
            (&["05/21/2012", "5-May-12"], &["value/bad-date@3"]),
            (&["05/21/2012", ""], &["value/required-empty@3"]),
            // A date that does not exist is not a date in another form.
            (&["05/21/2012", "02-30-2012"], &["value/impossible-date@3"]),
            (&["05/21/2012", "0000-00-00", "07/23/2012"], &["value/impossible-date@3"]),
            (&["05/21/2012", "2012-13-05"], &["value/impossible-date@3"]),
            (
                &["0000-00-00", "05/21/2012", "2012-06-22"],
                &["value/impossible-date@2", "value/mixed-date-forms@4"],
            ),
        ] {
            assert_eq!(reported(values), expected, "{values:?}");
        }
        let values = ["2012-06-22", "05/21/2012", "05-21-2012", "07/23/2012", "2012-01-13"];
        let csv =
            students(&values.map(|value| [("Date of Birth", value)]).each_ref().map(|r| &r[..]));
        let found = findings(&[("students.csv", &csv)]);
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert_eq!(finding.rule.name, MIXED);
        assert_eq!(
            shown(&finding.message),
            "`Date of Birth` has 2 dates as YYYY-MM-DD, and 2 as MM/DD/YYYY, 1 as MM-DD-YYYY"
        );
        assert_eq!(finding.location.as_ref().unwrap().line, 3);
        assert_eq!(finding.related[0].location.as_ref().unwrap().line, 2);
    }

    #[test]
    fn reports_swapped_columns_once() {
        for (values, expected) in [
            (&["13/05/2012", "14/05/2012", "15/05/2012"][..], &["value/day-month-swapped@2"][..]),
            (
                &["01/05/2012", "13/05/2012", "14/05/2012", "02/05/2012", "15/05/2012"],
                &["value/day-month-swapped@3"],
            ),
            (&["2012-13-05", "2012-14-05", "2012-15-05"], &["value/day-month-swapped@2"]),
            (&["13/05/2012"], &["value/day-month-swapped@2"]),
            (&["01/05/2012", "13/05/2012", "14/05/2012"], &["value/day-month-swapped@3"]),
            // One date proves the opposite: typing errors.
            (
                &["13/05/2012", "14/05/2012", "15/05/2012", "05/16/2012"],
                &["value/impossible-date@2", "value/impossible-date@3", "value/impossible-date@4"],
            ),
            (
                &["05/16/2012", "13/05/2012", "14/05/2012", "15/05/2012"],
                &["value/impossible-date@3", "value/impossible-date@4", "value/impossible-date@5"],
            ),
            // A date that exists in neither order stays what it is.
            (
                &["13/05/2012", "14/05/2012", "15/05/2012", "31/02/2012", "02/30/2012"],
                &[
                    "value/impossible-date@5",
                    "value/impossible-date@6",
                    "value/day-month-swapped@2",
                ],
            ),
            // Another form shows that the month comes first.
            (
                &["13/05/2012", "14/05/2012", "2012-05-16"],
                &["value/impossible-date@2", "value/impossible-date@3"],
            ),
            // Two forms, and neither shows the order.
            (
                &["13/05/2012", "14/05/2012", "2012-05-06"],
                &["value/day-month-swapped@2", "value/mixed-date-forms@4"],
            ),
        ] {
            assert_eq!(reported(values), expected, "{values:?}");
        }
    }

    #[test]
    fn counts_every_date_that_shows_it() {
        for (many, contrary, findings_of, expected) in [
            (1, 0, "value/day-month-swapped", vec![1]),
            (60, 0, "value/day-month-swapped", vec![60]),
            (50, 1, "value/impossible-date", vec![1; 50]),
            (60, 1, "value/impossible-date", [vec![1; 49], vec![11]].concat()),
        ] {
            let mut values = vec!["13/05/2012"; many];
            values.extend(vec!["05/14/2012"; contrary]);
            let rows: Vec<_> = values.iter().map(|value| [("Date of Birth", *value)]).collect();
            let csv = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
            let found = findings(&[("students.csv", &csv)]);
            assert!(found.iter().all(|one| one.rule.name == findings_of), "{many} {contrary}");
            let counts: Vec<_> = found.iter().map(|one| one.count).collect();
            assert_eq!(counts, expected, "{many} {contrary}");
        }
        let csv =
            students(&[&[("Date of Birth", "13/05/2012")], &[("Date of Birth", "01/05/2012")]]);
        assert_eq!(
            shown(&findings(&[("students.csv", &csv)])[0].message),
            "`Date of Birth` has the day before the month: 1 of 2 dates work only that way"
        );
    }
}
