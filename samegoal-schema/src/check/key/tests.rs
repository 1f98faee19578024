//! Keys and references as districts have them.

use std::fmt::Write as _;

use crate::Severity;
use crate::testing::{findings, shown, students, summary};

/// The findings for students with these ids and the files delivered with them.
fn reported(ids: &[&str], others: &[(&str, &str)]) -> Vec<String> {
    let rows: Vec<_> = ids.iter().map(|id| [("Student Id", *id)]).collect();
    let students = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
    let files = [&[("students.csv", &*students)], others].concat();
    let found = findings(&files);
    found
        .iter()
        .map(|one| summary(one).trim_end_matches(" Student Id").trim_end().to_owned())
        .collect()
}

#[test]
fn keys_that_are_the_same_or_alike() {
    for (ids, expected) in [
        (&["1001", "1002"][..], &[][..]),
        (&["1001", "1001"], &["key/duplicate@3"]),
        (&["1001", "1001", "1001"], &["key/duplicate@3", "key/duplicate@4"]),
        (&["0123", "123"], &["key/near-duplicate@3"]),
        (&["123", "0123"], &["key/near-duplicate@3"]),
        (&["a1", "A1", "a1"], &["key/near-duplicate@3", "key/duplicate@4"]),
        (&["a1", "A1", "0A1"], &["key/near-duplicate@3", "key/near-duplicate@4"]),
        // A space is a space and nothing else.
        (&["123", "123 "], &["value/padded@3", "key/duplicate@3"]),
        (&["123", "124 "], &["value/padded@3"]),
        // A placeholder is not a key, so it is not a duplicate.
        (&["NULL", "NULL"], &["value/placeholder!@2", "value/placeholder!@3"]),
        (
            &["1.23E+11", "1.23E+11"],
            &["value/spreadsheet-damage!@2", "value/spreadsheet-damage!@3"],
        ),
        // A value that shows what it was stays a key.
        (
            &["'1001", "1001", "1001.0"],
            &[
                "value/spreadsheet-damage!@2",
                "key/duplicate@3",
                "value/spreadsheet-damage!@4",
                "key/duplicate@4",
            ],
        ),
        (&["", ""], &["value/required-empty@2", "value/required-empty@3"]),
    ] {
        assert_eq!(reported(ids, &[]), expected, "{ids:?}");
    }
}

#[test]
fn references_that_lead_nowhere() {
    for (ids, guardians, expected) in [
        (&["1001"][..], "1001\n1001\n", &[][..]),
        (&["1001"], "1001 \n", &["value/padded@2"]),
        (&["1001 "], "1001\n", &["value/padded@2"]),
        (&["1001"], "1002\n", &["link/unknown-student@2"]),
        (&["01001"], "1001\n", &["link/unknown-student@2"]),
        (&["1001"], "01001\n", &["link/unknown-student@2"]),
        (&["a1"], "A1\n", &["link/unknown-student@2"]),
        // The cause is reported in students.csv, or in the value itself.
        (&["'1001"], "1001\n", &["value/spreadsheet-damage!@2"]),
        (
            &["1001.0", "10,002"],
            "1001.0\n10002\n",
            &[
                "value/spreadsheet-damage!@2",
                "value/spreadsheet-damage!@3",
                "value/spreadsheet-damage!@2",
            ],
        ),
        // A reference may be to a record that lost its key.
        (&["9.00E+08", "1002"], "1002\n900000001\n", &["value/spreadsheet-damage!@2"]),
        (
            &["9.00E+08", "1002"],
            "1002\n1\n2\n3\n4\n5\n",
            &["value/spreadsheet-damage!@2", "link/unknown-student@7"],
        ),
        (&["1001\u{200b}"], "1001\n", &["csv/control-character!@2"]),
        (&["1001"], "'1001\n", &["value/spreadsheet-damage!@2"]),
        (&["1001"], "N/A\n", &["value/placeholder!@2"]),
        (&["1001"], "1001,x\n", &["csv/field-count@2"]),
    ] {
        let guardians = format!("Student Id\n{guardians}");
        assert_eq!(
            reported(ids, &[("guardians.csv", &guardians)]),
            expected,
            "{ids:?} {guardians}"
        );
    }
}

#[test]
fn references_to_a_file_without_records_belong_to_that() {
    let files =
        [("guardians.csv", "Student Id\n1001\n1002\n"), ("absences.csv", "Student Id\n1001\n")];
    assert_eq!(reported(&[], &files), ["csv/no-records!"]);
    let students = students(&[]);
    let found = findings(&[&[("students.csv", &*students)], &files[..]].concat());
    assert_eq!(found[0].count, 4);
    assert_eq!(found[0].count_here(), 1);
    assert!(shown(&found[0].help).ends_with(
        "2 records of guardians.csv refer to students who are not in this file. \
         1 record of absences.csv refers to a student who is not in this file."
    ));
}

#[test]
fn students_without_guardians() {
    const NONE: &str = "link/no-guardians";
    let many: Vec<String> = (1..=130).map(|id: u32| id.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let all = format!("Student Id\n{}\n", many.join("\n"));
    for (guardians, expected) in [
        (&*all, &[][..]),
        ("Student Id\n1\n", &[NONE]),
        // No records are a different defect; without the column, nothing is known.
        ("Student Id\n", &["csv/no-records!"]),
        ("Student Id,Name\n1\n", &["csv/field-count@2", NONE]),
    ] {
        assert_eq!(reported(&many, &[("guardians.csv", guardians)]), expected, "{guardians}");
    }
    assert_eq!(reported(&many, &[("absences.csv", "Student Id\n1\n")]), [""; 0]);
    assert_eq!(reported(&many, &[]), [""; 0]);
    let files =
        [("students.csv", &*students(&[&[], &[], &[]])), ("guardians.csv", "Student Id\n1002\n")];
    let found = findings(&files);
    let message = "2 of 3 active students in students.csv have no guardian here";
    assert_eq!((&*shown(&found[0].message), found[0].count), (message, 2));
}

/// The findings when this many of this many active students have no guardian, and others who have
/// left have none either.
fn unguarded(without: usize, of: usize, left: usize) -> Vec<(Severity, u64)> {
    let statuses = ["TRANSFERRED", "WITHDREW", "DROPPED_OUT", "GRADUATED", "INACTIVE "];
    let gone = (0..left).map(|it| vec![("District Enrollment", statuses[it % statuses.len()])]);
    // A status that is not published counts as active.
    let here = (0..of).map(|it| if it % 7 == 1 { vec![("Gender", "m")] } else { Vec::new() });
    let rows: Vec<_> = gone.chain(here).collect();
    let students = students(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let ids = 1001 + left + without..1001 + left + of;
    let guardians: Vec<_> = ids.map(|id| id.to_string()).collect();
    let guardians = format!("Student Id\n{}\n", guardians.join("\n"));
    let found = findings(&[("students.csv", &students), ("guardians.csv", &guardians)]);
    let found = found.iter().filter(|one| one.rule.name == "link/no-guardians");
    found.map(|one| (one.severity(), one.count)).collect()
}

#[test]
fn students_without_guardians_weigh_by_their_share() {
    use Severity::{Advice, Error, Warning};
    for (without, of, expected) in [
        (0, 150, None),
        (14, 150, None),
        (15, 150, Some(Advice)),
        (37, 150, Some(Advice)),
        (38, 150, Some(Warning)),
        (74, 150, Some(Warning)),
        (75, 150, Some(Error)),
        (149, 150, Some(Error)),
        // A few students prove little.
        (1, 3, Some(Advice)),
        (4, 5, Some(Advice)),
        (5, 6, Some(Error)),
        (5, 20, Some(Warning)),
        (5, 51, None),
    ] {
        for left in [0, 1, 70, 200] {
            let expected: Vec<_> =
                expected.map(|severity| (severity, without as u64)).into_iter().collect();
            assert_eq!(unguarded(without, of, left), expected, "{without} of {of}, {left} left");
        }
    }
    let weights = (0..60).map(|without| unguarded(without, 60, 3));
    assert!(weights.is_sorted_by_key(|found| found.first().map(|(severity, _)| *severity)));
}

#[test]
fn references_that_mostly_fail_are_the_cause() {
    let students = students(&[&[][..]; 100]);
    // Two records for each student; this many students have a wrong id, and this many have none.
    for (wrong, without, is_reported) in
        [(100, 0, false), (50, 0, false), (15, 60, true), (25, 60, false), (60, 20, false)]
    {
        let ids = (without..100)
            .map(|student| if student < without + wrong { 900_000 } else { 1001 } + student);
        let mut guardians = "Student Id\n".to_owned();
        for id in ids {
            let _ = writeln!(guardians, "{id}\n{id}");
        }
        let found = findings(&[("students.csv", &students), ("guardians.csv", &guardians)]);
        let has = |rule: &str| found.iter().any(|one| one.rule.name == rule);
        assert!(has("link/unknown-student"));
        assert_eq!(has("link/no-guardians"), is_reported, "{wrong} wrong, {without} without");
    }
}

#[test]
fn what_stands_for_students_without_guardians_weighs_as_much() {
    use crate::Consequence::{DataAtRisk, RecordLost};
    let students = students(&[&[][..]; 40]);
    // Records for unknown students, and students without a guardian: most, some, few.
    for (wrong, without, expected) in [
        (40, 40, DataAtRisk),
        (30, 30, DataAtRisk),
        (12, 12, DataAtRisk),
        (6, 6, RecordLost),
        (4, 4, RecordLost),
        (6, 0, RecordLost),
    ] {
        let ids = (without..40).map(|student| 1001 + student);
        let mut guardians = "Student Id\n".to_owned();
        for id in ids.chain((0..wrong).map(|student| 900_001 + student)) {
            let _ = writeln!(guardians, "{id}");
        }
        let found = findings(&[("students.csv", &students), ("guardians.csv", &guardians)]);
        let case = format!("{wrong} wrong, {without} without");
        assert!(found.iter().all(|one| one.rule.name == "link/unknown-student"), "{case}");
        assert!(found.iter().all(|one| one.consequence() == expected), "{case}");
        let note = format!(" SameGoal would delete the guardians it has for {without} of 40");
        let notes = found.iter().filter(|one| shown(&one.help).contains(&note));
        assert_eq!(notes.count(), usize::from(expected == DataAtRisk), "{case}");
    }
}

#[test]
fn near_misses_are_named() {
    let students = students(&[&[], &[("Student Id", "0A7")]]);
    let files = [("students.csv", &*students), ("guardians.csv", "Student Id\n1001\na7\n01001\n")];
    let found = findings(&files);
    let help = |line: u64| {
        let finding = found
            .iter()
            .find(|one| one.location.as_ref().is_some_and(|place| place.line == line))
            .unwrap();
        (shown(&finding.help), finding.related[0].location.as_ref().unwrap().line)
    };
    let (words, line) = help(3);
    assert!(words.contains("Line 3 of students.csv differs from `a7` only in case"), "{words}");
    assert_eq!(line, 3);
    let (words, line) = help(4);
    assert!(words.contains("differs from `01001` only in leading zeros"), "{words}");
    assert_eq!(line, 2);
}
