//! Files for tests, and their findings.

use crate::{Cell, Finding, Message, Part, Session, Variant, generic_api};

/// A record of `students.csv` without defects.
pub(crate) const STUDENT: [(&str, &str); 20] = [
    ("Student Id", ""),
    ("Last Name", "Okafor"),
    ("Middle Name", ""),
    ("First Name", "Ada"),
    ("Date of Birth", "05/21/2012"),
    ("Gender", "F"),
    ("District Enrollment", "ENROLLED"),
    ("Grade", "7"),
    ("Address", "12 Oak St"),
    ("City", "Dayton"),
    ("State", "OH"),
    ("Zip", "45402"),
    ("Race", ""),
    ("District of Residence", ""),
    ("County of Residence", ""),
    ("District of Service", ""),
    ("Student Reporting Id", ""),
    ("Building", "North High"),
    ("Building Reporting Id", "062893"),
    ("SIS Internal ID", ""),
];

/// `students.csv` with a record for each of `rows`, which hold the differences from a clean record.
/// The id of a student is 1000 plus the number of the record, and few students have the same date of
/// birth, unless a row sets another one.
pub(crate) fn students(rows: &[&[(&str, &str)]]) -> String {
    let mut csv = STUDENT.map(|(name, _)| name).join(",") + "\n";
    for (number, row) in (1001..).zip(rows) {
        assert!(row.iter().all(|(name, _)| STUDENT.iter().any(|(other, _)| name == other)));
        let fields =
            STUDENT.map(|(name, value)| match row.iter().find(|(other, _)| *other == name) {
                Some((_, value)) => quoted(value),
                None if name == "Student Id" => number.to_string(),
                None if name == "Date of Birth" => {
                    let (month, day, year) = (number % 12, number / 12 % 16, number / 192 % 4);
                    format!("{:02}/{:02}/{}", month + 1, day + 13, year + 2010)
                }
                None => value.to_owned(),
            });
        csv += &(fields.join(",") + "\n");
    }
    csv
}

/// A value as a field.
pub(crate) fn quoted(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}

/// The findings in files that are checked one after the other.
pub(crate) fn findings(files: &[(&str, &str)]) -> Vec<Finding> {
    findings_in(Session::new(&generic_api()), files)
}

/// A session's findings in files that are checked one after the other.
pub(crate) fn findings_in(mut session: Session<'_>, files: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, csv) in files {
        session.check(name, csv.as_bytes(), &mut findings).unwrap();
    }
    findings
}

/// The findings in `students.csv`, as `rule@line column`.
pub(crate) fn in_students(rows: &[&[(&str, &str)]]) -> Vec<String> {
    findings(&[("students.csv", &students(rows))]).iter().map(summary).collect()
}

/// The findings in a `students.csv` whose records have these values in one column.
pub(crate) fn in_column(column: &str, values: &[&str]) -> Vec<String> {
    let rows: Vec<_> = values.iter().map(|value| [(column, *value)]).collect();
    let rows: Vec<&[_]> = rows.iter().map(|row| &row[..]).collect();
    in_students(&rows)
}

/// The rules that a value violates in a column of `students.csv`, without places.
pub(crate) fn rules_broken(column: &str, value: &str) -> String {
    let found = in_column(column, &[value]);
    let rules: Vec<_> = found.iter().filter_map(|one| one.split('@').next()).collect();
    rules.join(" ")
}

/// A finding as `rule@line column`, with `!` if an exception of its rule holds.
pub(crate) fn summary(finding: &Finding) -> String {
    let mark = if finding.variant == Variant::USUAL { "" } else { "!" };
    match &finding.location {
        Some(place) => {
            let field = place.field.as_ref().map(shown).unwrap_or_default();
            format!("{}{mark}@{} {field}", finding.rule.name, place.line)
        }
        None => format!("{}{mark}", finding.rule.name),
    }
}

/// A message with every cell in it shown.
pub(crate) fn shown(message: &Message) -> String {
    let text = |cell: &Cell| String::from_utf8_lossy(cell.expose()).into_owned();
    let parts = message.parts.iter().map(|part| match part {
        Part::Text(text) => text.to_string(),
        Part::Cell(cell) => text(cell),
        Part::Hint { shown: message, .. } => shown(message),
    });
    parts.collect()
}
