use super::*;
use crate::generic_api;
use crate::testing::{findings, students, summary};

fn found(file: &str, csv: &str) -> Vec<String> {
    findings(&[(file, csv)]).iter().map(summary).collect()
}

fn rules(file: &str, csv: &str) -> Vec<String> {
    let first = |text: String| text.split([' ', '@']).next().unwrap_or_default().to_owned();
    found(file, csv).into_iter().map(first).collect()
}

fn lines_above(file: &str, csv: &str) -> Option<u64> {
    let api = generic_api();
    match look(api.file(file).unwrap(), csv.as_bytes()) {
        Opening::Preamble(preamble) => {
            let boms = bom::boms(csv.as_bytes()).len();
            let above = &csv.as_bytes()[boms..boms + preamble.bytes];
            assert!(matches!(above.last(), Some(b'\n' | b'\r')), "{csv:?}");
            Some(preamble.lines)
        }
        Opening::Header | Opening::Glued(_) => None,
    }
}

const GUARDIANS: &str =
    "Student Id,Last Name,Phone\n1,Okafor,937-555-0101\n2,Nguyen,937-555-0102\n";

/// No value here shows by itself that it cannot be a header.
const USERS: &str = "Last Name,First Name,Buildings\nLee,Ann,North\nKim,Bo,South\n";

/// A file with no known columns.
const ROLES: &str = "Form,Group,Default\nReport,Teacher,Edit\nReport,Intern,View\n";

#[test]
fn the_header_is_found_below_other_lines() {
    let students = students(&[&[], &[]]);
    for (file, csv) in
        [("students.csv", &*students), ("guardians.csv", GUARDIANS), ("user_roles.csv", ROLES)]
    {
        assert_eq!(lines_above(file, csv), None, "{file}");
        for (above, lines) in [
            ("sep=,\n", 1),
            ("\"sep=,\"\r\n", 1),
            ("#TYPE System.Data.DataRow\n", 1),
            ("\n#TYPE System.Data.DataRow\n\n", 3),
            ("PHP Notice:  Undefined variable: x in e.php on line 12\r\n", 1),
            ("PHP Warning:  \"a in e.php on line 12\n\n", 2),
            ("List of 2026\n", 1),
            ("List of 2026,,\n,,\n", 2),
            ("List of 2026\r\rPrinted today\r", 3),
            ("\u{feff}\u{feff}List of 2026\n", 1),
        ] {
            let csv = format!("{above}{csv}");
            assert_eq!(lines_above(file, &csv), Some(lines), "{csv}");
        }
    }
}

#[test]
fn what_may_be_the_header_stays_it() {
    let students = students(&[&[], &[]]);
    let (header, records) = students.split_once('\n').unwrap();
    for (file, csv) in [
        // Blank lines alone are a different defect, and so is data above the header.
        ("students.csv", format!("\n,,\n{students}")),
        ("students.csv", format!("{records}{header}\n")),
        ("students.csv", records.to_owned()),
        // The header a second time.
        ("students.csv", format!("{students}{students}")),
        ("guardians.csv", format!("{GUARDIANS}{GUARDIANS}")),
        // Too few columns, or none, are known by their names.
        ("students.csv", "Student Id,Name\n1,Ada\n".into()),
        ("guardians.csv", "Pupil,Last Name,Phone\n1,Okafor,937-555-0101\n".into()),
        // A value that equals the name of one column.
        ("users.csv", "Name,State\nAda,Deleted\n".into()),
        // Wider records: the header is missing a name.
        ("user_roles.csv", "Form\nReport,Intern\nReport,Teacher\n".into()),
        ("user_roles.csv", "Form,Group\nReport,Teacher,Edit\nReport,Intern,View\n".into()),
        ("absences.csv", "Student Id\n1,a,b\n2,a,b\n".into()),
        // Data below a single name.
        ("user_roles.csv", "Form\n1,2026-01-05,b\n2,2026-01-05,b\n".into()),
        // Another delimiter, with commas in the values.
        ("user_roles.csv", "Form;Group\na, b, c;d\na, b, c;d\n".into()),
        ("guardians.csv", String::new()),
    ] {
        assert_eq!(lines_above(file, &csv), None, "{csv}");
        let api = generic_api();
        let opening = look(api.file(file).unwrap(), csv.as_bytes());
        assert!(matches!(opening, Opening::Header), "{csv}");
    }
}

#[test]
fn the_rest_is_checked_at_its_places() {
    let csv = students(&[&[], &[("Gender", "Q")]]);
    let usual = findings(&[("students.csv", &csv)]);
    let above = "Students\nof today\n";
    let below = findings(&[("students.csv", &format!("{above}{csv}"))]);
    let (preamble, below) = below.split_first().unwrap();
    assert_eq!(preamble.rule.name, "csv/preamble");
    assert_eq!(usual.len(), below.len());
    for (usual, below) in usual.iter().zip(below) {
        let (usual_at, at) = (usual.location.as_ref(), below.location.as_ref());
        let moved = usual_at.zip(at).is_some_and(|(usual, at)| {
            at.line == usual.line + 2
                && at.byte_offset == usual.byte_offset + above.len() as u64
                && (at.column, at.record) == (usual.column, usual.record)
        });
        assert!(moved && usual.rule.name == below.rule.name, "{}", summary(below));
    }
}

#[test]
fn a_header_and_a_record_in_one_line() {
    let students = students(&[&[], &[]]);
    let quoted = |csv: &str| -> String {
        let line = |line: &str| format!("\"{}\"\n", line.replace(',', "\",\""));
        csv.lines().map(line).collect()
    };
    for (file, csv) in
        [("students.csv", &*students), ("guardians.csv", GUARDIANS), ("users.csv", USERS)]
    {
        for csv in [csv.to_owned(), quoted(csv)] {
            assert_eq!(rules(file, &csv.replacen('\n', "", 1)), ["csv/field-count"], "{csv}");
            // A header of its own, without quotes.
            let (header, records) = csv.split_once('\n').unwrap();
            let header = header.replace('"', "");
            assert_eq!(rules(file, &format!("{header}{records}")), ["csv/field-count"], "{csv}");
        }
    }
    let one = students.lines().take(2).collect::<String>();
    assert_eq!(rules("students.csv", &one), ["csv/field-count"]);
    for csv in [
        // A header that has too many names.
        "Student Id,Last Name,Phone,Email,Language\n1,Okafor,937-555-0101\n",
        // Columns that are called by days.
        "Student Id,2026-01-05,2026-01-06\n1,x,\n",
        "Student Id,2026-01-05,2026-01-06\n",
    ] {
        let api = generic_api();
        let opening = look(api.file("guardians.csv").unwrap(), csv.as_bytes());
        assert!(matches!(opening, Opening::Header), "{csv}");
    }
}
