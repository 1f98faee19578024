//! The findings about a header.

use super::*;
use crate::finding::{Excerpt, Finding, Location, Message, Part};

fn findings(spec: &FileSpec, line: &str) -> Vec<Finding> {
    let headers = cells(line);
    let place = |position: Option<usize>| {
        let column = position.map_or(0, |position| u64::try_from(position).unwrap() + 1);
        (Location { line: 1, column, ..Location::default() }, None::<Excerpt>)
    };
    let mut found: Vec<Finding> = Vec::new();
    let binding = bind_line(spec, &headers);
    check(spec, &headers, &binding, &place, &mut found);
    found
}

/// A message with private cells in angle brackets.
fn shown(message: &Message) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.to_string(),
        Part::Hint { shown: message, .. } => shown(message),
        Part::Cell(cell) => {
            let text = String::from_utf8_lossy(cell.expose()).into_owned();
            if cell.privacy() == Privacy::Public { text } else { format!("<{text}>") }
        }
    };
    message.parts.iter().map(part).collect()
}

/// `place rule severity: message`, one per line.
fn reported(file: &str, line: &str) -> String {
    let describe = |finding: &Finding| {
        let place = finding.location.as_ref().unwrap().column;
        let (rule, severity) = (finding.rule.name, finding.severity());
        format!("{place} {rule} {severity}: {}\n", shown(&finding.message))
    };
    findings(&spec(file), line).iter().map(describe).collect()
}

#[test]
fn reports() {
    assert_eq!(reported("students.csv", STUDENTS), "");
    let line = STUDENTS
        .replace("Date of Birth", "DOB")
        .replace("City", "\u{421}ity")
        .replace("Gender", "Gender,,Shoe Size,Shoe Size")
        .replace("Building,", "")
        .replace("Race,", "")
        .replace("Grade,", "");
    assert_eq!(
        reported("students.csv", &(line + ",Student Id,LAST NAME,, ")),
        "\
5 header/misnamed-column error: the required column `Date of Birth` is missing, and `DOB` looks like it
7 header/blank-column error: column 7 has no name
8 header/unknown-column advice: the API has no column `<Shoe Size>` in students.csv
9 header/duplicate-column error: the column `<Shoe Size>` appears twice
12 header/misnamed-column warning: the optional column `City` is missing, and `Сity` looks like it
21 header/duplicate-column error: the column `Student Id` appears twice
22 header/duplicate-column error: `LAST NAME` is `Last Name`, written differently
23 header/blank-column error: the header ends with 2 commas: its last 2 columns have no name
0 header/missing-column error: the required column `Building` is missing
0 header/missing-optional-columns advice: 2 optional columns are missing: `Grade` and `Race`
"
    );
}

#[test]
fn reports_of_partial_files() {
    assert_eq!(
        reported("guardians.csv", "Name,Phone,Phone"),
        "\
3 header/duplicate-column error: the column `<Phone>` appears twice
0 header/missing-column error: the required column `Student Id` is missing
"
    );
    assert_eq!(
        reported("users.csv", "role,Name"),
        "1 header/misnamed-column warning: the column `Role` is missing, and `<role>` looks like it\n"
    );
    assert_eq!(reported("absences.csv", "Day,Reason"), "");
    assert_eq!(
        reported("user_roles.csv", ","),
        "1 header/blank-column error: no column has a name\n"
    );
}

#[test]
fn one_column_and_several_headers() {
    let line = |ids: &str| reported("students.csv", &STUDENTS.replace("Student Id", ids));
    for (ids, expected) in [
        (
            "StudentNumber,StudentID",
            "2 header/misnamed-column error: the required column `Student Id` is missing, and \
             `StudentID` or `StudentNumber` may be it\n",
        ),
        (
            "Local Student Number,Person ID",
            "1 header/misnamed-column error: the required column `Student Id` is missing, and \
             `Local Student Number` may be it; `Person ID` is usually an internal key\n",
        ),
        (
            "STUDENTS.Student_Number,STUDENTS.ID",
            "1 header/misnamed-column error: the required column `Student Id` is missing, and \
             `STUDENTS.Student_Number` may be it; `STUDENTS.ID` is usually an internal key\n",
        ),
        (
            "STUDENT_GU",
            "1 header/misnamed-column error: the required column `Student Id` is missing, and \
             `STUDENT_GU` is usually an internal key, not this\n",
        ),
        (
            "Perm ID",
            "1 header/misnamed-column error: the required column `Student Id` is missing, and \
             `Perm ID` may be it\n",
        ),
    ] {
        assert_eq!(line(ids), expected, "{ids}");
    }
    // The internal key has its own column if that column is free.
    let line =
        STUDENTS.replace("Student Id", "SIS_NUMBER").replace("SIS Internal ID", "STUDENT_GU");
    assert_eq!(
        reported("students.csv", &line),
        "\
1 header/misnamed-column error: the required column `Student Id` is missing, and `SIS_NUMBER` may be it; `STUDENT_GU` is usually an internal key
20 header/misnamed-column warning: the optional column `SIS Internal ID` is missing, and `STUDENT_GU` looks like it
"
    );
    let many: Vec<String> = (0..9).map(|n| format!("S_X{n}_STU_X.Student_Number")).collect();
    let line = STUDENTS.replace("Student Id", &many.join(","));
    assert!(reported("students.csv", &line).contains("or one of 5 more may be it"));
}

#[test]
fn help_says_what_differs() {
    let students = spec("students.csv");
    for (column, header, expected) in [
        ("Student Id", "Student Id\u{A0}", "It contains U+00A0 (no-break space)"),
        ("Student Id", "Student Id ", "There is a space before or after the name."),
        ("Student Id", "Student\u{200B} Id", "It contains U+200B (zero-width space)"),
        ("City", "\u{421}ity", "It contains U+0421, a Cyrillic character that looks like `C`"),
        ("City", "Cíty", "It has an accented letter"),
        ("Gender", "Gendr", "One letter is wrong"),
        ("Date of Birth", "DOB", "`AS \"Date of Birth\"` in SQL"),
    ] {
        let line = STUDENTS.replace(column, header);
        let found = findings(&students, &line);
        let [finding] = &found[..] else { panic!("{found:?}") };
        assert!(shown(&finding.help).contains(expected), "{}", shown(&finding.help));
        assert_eq!(shown(&finding.label), format!("rename to `{column}`"));
        let field = finding.location.as_ref().unwrap().field.as_ref().unwrap();
        assert_eq!(shown(field), column);
    }
}
