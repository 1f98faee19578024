//! The report for spreadsheets: a row a finding.
//!
//! It has a byte-order mark and CRLF, by which Excel knows how to open it. No cell begins with
//! what a spreadsheet takes for a formula.

use std::borrow::Cow;
use std::io::{self, Write};

use samegoal_schema::Location;

use super::{Options, Report, plural};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

const HEADER: [&str; 12] = [
    "Severity",
    "Rule",
    "Consequence",
    "File",
    "Line",
    "Column",
    "Record",
    "Cell",
    "Field",
    "Message",
    "Help",
    "Findings",
];

/// Writes the report. The last column counts the findings that a row stands for: one for most, or in
/// the row that ends those of a rule and file all that are not listed. Its sum is the exact total.
/// The last rows say what was not checked and what is out of force.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let masker = Masker::new(options.values);
    out.write_all("\u{feff}".as_bytes())?;
    let mut rows =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut *out);
    rows.write_record(HEADER).map_err(of_writer)?;
    for reported in report.found.shown(options.max_findings) {
        let finding = &reported.finding;
        let place = finding.location.as_ref();
        let number = |number: Option<u64>| number.map_or(String::new(), |it| it.to_string());
        let field = place.and_then(|place| place.field.as_ref());
        rows.write_record([
            reported.severity.as_str(),
            finding.rule.name,
            finding.consequence().as_str(),
            &text(&visible(&reported.path)),
            &number(place.map(|place| place.line)),
            &number(place.filter(|it| masker.shows_columns_of(it)).map(|place| place.column)),
            &number(place.and_then(|place| place.record)),
            &place.and_then(Location::cell_name).unwrap_or_default(),
            &text(&field.map(|field| masker.message(field)).unwrap_or_default()),
            &text(&masker.message(&finding.message)),
            &text(&masker.message(&finding.help)),
            &finding.count.to_string(),
        ])
        .map_err(of_writer)?;
    }
    for left in report.found.left_out(options.max_findings) {
        let mut row = HEADER.map(|_| Cow::Borrowed(""));
        row[0] = left.severity.as_str().into();
        row[1] = left.rule.name.into();
        row[3] = text(&visible(left.path)).into_owned().into();
        row[9] = "more that are not listed".into();
        row[11] = left.count.to_string().into();
        rows.write_record(row.iter().map(|cell| cell.as_bytes())).map_err(of_writer)?;
    }
    for it in &report.not_checked {
        let message = format!("{}: {}", it.what, it.why);
        rows.write_record(unfound("not checked", "", &it.path, &message)).map_err(of_writer)?;
    }
    for off in &report.found.off {
        let count = off.count.map(|count| format!(" ({})", plural(count, "finding")));
        let message = off.why() + &count.unwrap_or_default();
        rows.write_record(unfound("off", &off.rules.join(" "), "", &message)).map_err(of_writer)?;
    }
    rows.flush()
}

/// A row that is no finding: it says what could not be found, and counts nothing.
fn unfound(kind: &str, rules: &str, path: &str, message: &str) -> [String; HEADER.len()] {
    let mut values = [
        kind.to_owned(),
        text(rules).into_owned(),
        text(&visible(path)).into_owned(),
        text(&visible(message)).into_owned(),
        "0".to_owned(),
    ]
    .into_iter();
    HEADER.map(|column| match column {
        "Severity" | "Rule" | "File" | "Message" | "Findings" => values.next().unwrap_or_default(),
        _ => String::new(),
    })
}

/// The error of the writer below: a closed pipe must still look like one.
fn of_writer(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("a row is not like the others"),
    }
}

/// Text that no spreadsheet runs. The apostrophe says so to most of them, and to the others it is
/// the first character of a text.
fn text(text: &str) -> Cow<'_, str> {
    // The wide forms count in some languages of Excel.
    let runs = |c: char| "=+-@＝＋－＠".contains(c);
    if text.trim_start().starts_with(runs) { format!("'{text}").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, at};

    fn written(report: &Report, max_findings: usize) -> String {
        sample::written(write, report, &Options { max_findings, ..Options::default() })
    }

    fn rows(text: &str) -> Vec<csv::StringRecord> {
        let text = text.strip_prefix('\u{feff}').unwrap();
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
    }

    #[test]
    fn a_finding_is_a_row() {
        let text = written(&sample::mixed(), 0);
        assert_eq!(text.matches("\r\n").count(), 6);
        assert_eq!(text.matches('\n').count(), 6);
        let rows = rows(&text);
        let expected = [
            "error",
            "header/misnamed-column",
            "file-ignored",
            "epoch/students.csv",
            "1",
            "33",
            "0",
            "D1",
            "Date of Birth",
            "the required column `Date of Birth` is missing, and `DOB` looks like it",
            "SameGoal finds columns by their exact names. Rename the header.",
            "1",
        ];
        assert_eq!(rows[3], expected[..]);
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let many = || ("=x.csv", FIELD_COUNT.finding().message("x").at(at(2, 1)));
        let rows = rows(&written(&sample::with_findings((0..30).map(|_| many()).collect()), 5));
        assert_eq!(rows.len(), 6);
        assert_eq!((&rows[5][3], &rows[5][11]), ("'=x.csv", "25"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            (" @SUM(A1)", "' @SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("＝1", "'＝1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(text(cell), expected);
        }
    }
}
