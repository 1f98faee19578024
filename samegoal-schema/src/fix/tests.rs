use proptest::prelude::*;

use super::*;
use crate::{Severity, generic_api};

const HEADER: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,Building Reporting Id,\
    SIS Internal ID";

/// A record of students.csv with that id, date of birth and gender.
fn record(id: &str, birth: &str, gender: &str) -> String {
    format!("{id},Okafor,,Ada,{birth},{gender},ENROLLED,,,,,,,,,,,Oak School,1,")
}

/// The copy, the names of the fixes, and their lines.
fn fixed(file: &str, source: &[u8]) -> (Vec<u8>, Vec<(u64, &'static str)>) {
    struct Kept(Vec<(u64, &'static str)>);
    impl Edits for Kept {
        fn edit(&mut self, edit: &Edit<'_>) {
            self.0.extend(edit.fixes().iter().map(|fix| (edit.line(), fix.name)));
        }
    }
    let api = generic_api();
    let plan = Plan::survey(api.file(file).unwrap(), source).unwrap();
    let (mut copy, mut kept) = (Vec::new(), Kept(Vec::new()));
    plan.apply(source, &mut copy, &mut kept).unwrap();
    (copy, kept.0)
}

#[track_caller]
fn assert_fixed(file: &str, source: &[u8], expected: &[u8], fixes: &[(u64, &str)]) {
    let (copy, found) = fixed(file, source);
    assert_eq!(copy.escape_ascii().to_string(), expected.escape_ascii().to_string());
    assert_eq!(found, fixes);
    let (again, none) = fixed(file, &copy);
    assert!(again == copy && none.is_empty(), "a fixed file is fixed again: {none:?}");
}

/// A file, its bytes, the expected copy, and the fixes with their lines.
type Case<'a> = (&'a str, Vec<u8>, Vec<u8>, &'a [(u64, &'a str)]);

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
fn each_fix_changes_what_it_is_for_and_nothing_else() {
    let students = |records: &[String]| format!("{HEADER}\n{}\n", records.join("\n")).into_bytes();
    let guardians = |text: &str| text.as_bytes().to_vec();
    let cases: [Case<'_>; 20] = [
        (
            "guardians.csv",
            guardians("\u{FEFF}Student Id,X\n1, a \n"),
            guardians("Student Id,X\n1, a \n"),
            &[(1, "drop-mark")],
        ),
        (
            "guardians.csv",
            guardians("Student Id,X\r\n1,a\n2,\"b\nc\"\r\n3,d"),
            guardians("Student Id,X\r\n1,a\r\n2,\"b\nc\"\r\n3,d"),
            &[(2, "unify-line-ends")],
        ),
        (
            "guardians.csv",
            guardians("Student Id,X\r1,a\r"),
            guardians("Student Id,X\r\n1,a\r\n"),
            &[(1, "unify-line-ends"), (2, "unify-line-ends")],
        ),
        (
            "guardians.csv",
            guardians("Student Id,X\r\r\n1,a\r\r\n2,b\r\r\n"),
            guardians("Student Id,X\r\n1,a\r\n2,b\r\n"),
            &[(1, "unify-line-ends"), (3, "unify-line-ends"), (5, "unify-line-ends")],
        ),
        (
            "guardians.csv",
            guardians("Student Id,X\n1,a\n\n2,b\r\n"),
            guardians("Student Id,X\n1,a\n\n2,b\n"),
            &[(4, "unify-line-ends")],
        ),
        (
            "guardians.csv",
            guardians("\n\"STUDENT_ID\", X\n1,a\n"),
            guardians("\n\"Student Id\", X\n1,a\n"),
            &[(2, "rename-column")],
        ),
        // A synonym or a typing error is only a guess.
        (
            "guardians.csv",
            guardians("Pupil Id,X\n1 ,a\n"),
            guardians("Pupil Id,X\n1,a\n"),
            &[(2, "trim-value")],
        ),
        (
            "guardians.csv",
            b"Student Id,X\n1,Jos\xE9\n2,Mu\xF1oz\n".to_vec(),
            guardians("Student Id,X\n1,José\n2,Muñoz\n"),
            &[(2, "convert-encoding"), (3, "convert-encoding")],
        ),
        (
            "guardians.csv",
            b"Student Id,X\n\"\xA0 1\",Jos\xE9\n".to_vec(),
            b"Student Id,X\n\"\xA0 1\",Jos\xE9\n".to_vec().replace(b"\"\xA0 1\"", "\"1\""),
            &[(2, "convert-encoding"), (2, "convert-encoding"), (2, "trim-value")],
        ),
        (
            "students.csv",
            students(&[record("\" 1 \"", "01/05/2012", " M"), record("2", "\u{a0}", "F")]),
            students(&[record("\"1\"", "01/05/2012", "M"), record("2", "\u{a0}", "F")]),
            &[(2, "trim-value"), (2, "trim-value")],
        ),
        // A line end is not just a space, and lines stay where they are.
        (
            "students.csv",
            students(&[record("\"1\n\"", "01/05/2012", "M")]),
            students(&[record("\"1\n\"", "01/05/2012", "M")]),
            &[],
        ),
        (
            "students.csv",
            students(&[record("1", "01/05/2012", "FEMALE"), record("2", "01/05/2012", "woman")]),
            students(&[record("1", "01/05/2012", "F"), record("2", "01/05/2012", "woman")]),
            &[(2, "write-allowed-value")],
        ),
        (
            "students.csv",
            students(&[record("1", "1/5/2012", "F"), record("2", "\" 1/13/2012\"", "F")]),
            students(&[record("1", "01/05/2012", "F"), record("2", "\"01/13/2012\"", "F")]),
            &[(2, "pad-date"), (3, "trim-value"), (3, "pad-date")],
        ),
        // Nothing shows that the month comes first.
        (
            "students.csv",
            students(&[record("1", "1/5/2012", "F"), record("2", "1/12/2012", "F")]),
            students(&[record("1", "1/5/2012", "F"), record("2", "1/12/2012", "F")]),
            &[],
        ),
        // One date shows that it does not.
        (
            "students.csv",
            students(&[record("1", "1/15/2012", "F"), record("2", "13/5/2012", "F")]),
            students(&[record("1", "1/15/2012", "F"), record("2", "13/5/2012", "F")]),
            &[],
        ),
        // Dates with the year first prove nothing about the others; and dates that need no zeros
        // prove nothing and need no proof.
        (
            "students.csv",
            students(&[record("1", "1/5/2012", "F"), record("2", "2012-1-15", "F")]),
            students(&[record("1", "1/5/2012", "F"), record("2", "2012-1-15", "F")]),
            &[],
        ),
        (
            "students.csv",
            students(&[record("1", "01/05/2012", "F"), record("2", "2012-1-15", "F")]),
            students(&[record("1", "01/05/2012", "F"), record("2", "2012-01-15", "F")]),
            &[(3, "pad-date")],
        ),
        (
            "students.csv",
            format!("{REQUIRED},Building IRN\n1,a,b,c,d,e,f,2\n\n,,,,,,,\n").into_bytes(),
            format!(
                "{REQUIRED},Building Reporting Id,{}\n1,a,b,c,d,e,f,2{c}\n\n,,,,,,,{c}\n",
                OPTIONAL.join(","),
                c = ",".repeat(OPTIONAL.len())
            )
            .into_bytes(),
            &[],
        ),
        (
            "guardians.csv",
            guardians("\u{FEFF}\u{FEFF}Student Id,X\n"),
            guardians("Student Id,X\n"),
            &[(1, "drop-mark")],
        ),
        (
            "guardians.csv",
            guardians("\u{FEFF}\u{FEFF}\u{FEFF}Student Id,X\n"),
            guardians("Student Id,X\n"),
            &[(1, "drop-mark"), (1, "rename-column")],
        ),
    ];
    for (file, source, expected, fixes) in cases {
        if fixes.is_empty() && source != expected {
            assert_eq!(fixed(file, &source).0, expected);
        } else {
            assert_fixed(file, &source, &expected, fixes);
        }
    }
}

trait Replace {
    fn replace(self, from: &[u8], to: &str) -> Vec<u8>;
}

impl Replace for Vec<u8> {
    /// In UTF-8, with this replacement.
    fn replace(self, from: &[u8], to: &str) -> Vec<u8> {
        let at = self.windows(from.len()).position(|window| window == from).unwrap();
        let whole = [&self[..at], to.as_bytes(), &self[at + from.len()..]].concat();
        doubt::decode(&whole)
    }
}

const REQUIRED: &str =
    "Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building";

const OPTIONAL: [&str; 12] = [
    "Middle Name",
    "Grade",
    "Address",
    "City",
    "State",
    "Zip",
    "Race",
    "District of Residence",
    "County of Residence",
    "District of Service",
    "Student Reporting Id",
    "SIS Internal ID",
];

#[test]
fn utf16_becomes_utf8_and_is_fixed_as_that() {
    let text = "\u{FEFF}student_id,X\r\n1,Zoë\r\n";
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (copy, fixes) = fixed("guardians.csv", &wide);
    assert_eq!(String::from_utf8(copy).unwrap(), "Student Id,X\r\n1,Zoë\r\n");
    assert_eq!(fixes, [(1, "rename-column")]);
    let api = generic_api();
    let plan = Plan::survey(api.file("guardians.csv").unwrap(), wide.as_slice()).unwrap();
    assert_eq!(plan.converts_from(), Some("UTF-16 (little endian)"));
    // Half a character at the end: what it was is unknown.
    let cut = &wide[..wide.len() - 1];
    assert_eq!(fixed("guardians.csv", cut), (cut.to_vec(), Vec::new()));
}

#[test]
fn what_cannot_be_relied_on_is_copied_as_it_is() {
    let long = format!("Student Id,X\n1 ,a\n2,{}\n3,\"{}\n", "x".repeat(3 << 20), "y,\n".repeat(9));
    for source in [
        &b""[..],
        b"\xEF\xBB\xBF",
        b"\r\n\n",
        b"PK\x03\x04\r\n\n",
        b"student_id;last_name;gender\r\n1 ;a;F\n",
        b"1001,Okafor,Ada,01/05/2012,ENROLLED,F\n1002,Nguyen,Linh,01/05/2012,ENROLLED,F\n",
        b"\"Student Id,X\n1 ,a\r\n",
        long.as_bytes(),
    ] {
        for file in ["students.csv", "guardians.csv"] {
            let (copy, fixes) = fixed(file, source);
            let start = source.get(..40).unwrap_or(source).escape_ascii();
            assert!(copy == source && fixes.is_empty(), "{fixes:?} in {file}: {start}");
        }
    }
}

#[test]
fn a_broken_record_is_left_alone() {
    let source = b"STUDENT ID,X\n 1 ,a,b\n 2 ,\"a\"b\n 3 ,c\n4,\"open\n 5 ,d\n";
    let expected = b"Student Id,X\n 1 ,a,b\n 2 ,\"a\"b\n3,c\n4,\"open\n5,d\n";
    let fixes = [(1, "rename-column"), (4, "trim-value"), (6, "trim-value")];
    assert_fixed("guardians.csv", source, expected, &fixes);
}

/// Issue 13: a fix does not change what it does not claim to cure.
#[test]
fn nothing_is_cured_by_the_way() {
    let required = |records: &str| format!("{REQUIRED},Building Reporting Id\n{records}");
    let full = |id: &str, birth: &str, gender: &str| {
        format!("{HEADER}\n{}\n{}\n", record("1", "12/31/2012", "M"), record(id, birth, gender))
    };
    for source in [
        // A record with one field too many, or too few, and columns that could be added.
        required("1,a,b,01/05/2012,F,ENROLLED,Oak,1,x\n2,a,b,01/05/2012,F,ENROLLED,Oak,1\n"),
        required("2,a,b,01/05/2012,F,ENROLLED,Oak,1\n1,a,b,01/05/2012,F,ENROLLED,Oak\n"),
        required("2,a,b,01/05/2012,F,ENROLLED,Oak,1\n1,a,\"b\"x,01/05/2012,F,ENROLLED,Oak,1\n"),
        // Invisible characters, inside a value and around it.
        full("2", "01/05/2012", "FEM\0ALE"),
        full("2", "01/05/2012", "FEMALE\u{1a}"),
        full("2", "01/05/2012", "FEMALE\u{200b}"),
        full("\u{c}2", "01/05/2012", "F"),
        full("2\u{85}", "01/05/2012", "F"),
        full("2", "1/5/2012\u{b}", "F"),
        // A formula, letters in the wrong encoding, a lost letter.
        full("2", "01/05/2012", "\"=\"\"F\"\"\""),
        full("OkaforÂ\u{a0}", "01/05/2012", "F"),
        full("2", "01/05/2012", "FEMALE\u{fffd}"),
        // A line end inside a value.
        full("2", "01/05/2012", "\"FEMALE\n\""),
        full("2", "\"1/5/2012\n\"", "F"),
        // Control characters in a name.
        "Student\0Id,X\n1,a\n".into(),
        "Student Id\u{1a},X\n1,a\n".into(),
        // More marks than belong at the start of a file, and no header after them.
        "\u{FEFF}\u{FEFF}\u{FEFF}\nstudent_id,X\n1 ,a\n".into(),
    ] {
        let file =
            if source.starts_with("Student Id,Last") { "students.csv" } else { "guardians.csv" };
        let (copy, fixes) = fixed(file, source.as_bytes());
        assert!(copy == source.as_bytes() && fixes.is_empty(), "{fixes:?}: {source:?}");
    }
    // A repeated header stays a repeated header.
    let source = b"student_id,X\n1,a\nstudent_id,X\n\xEF\xBB\xBFstudent_id,X\n";
    let expected = b"Student Id,X\n1,a\nStudent Id,X\n\xEF\xBB\xBFStudent Id,X\n";
    let fixes = [1, 3, 4].map(|line| (line, "rename-column"));
    assert_fixed("guardians.csv", source, expected, &fixes);
}

/// Issue 13: what shows only in the text that the copy is in.
#[test]
fn what_is_converted_is_fixed_as_what_it_becomes() {
    let students = |records: &[String]| format!("{HEADER}\n{}\n", records.join("\n"));
    let dates = |padding: &str| {
        let birth = format!("{padding}1/5/2012");
        students(&[record("Jos#", "1/15/2012", "F"), record("2", &birth, "F")])
    };
    let bytes = |text: &str, nbsp: &str| {
        let at = text.replace('#', "\u{1}").replace(nbsp, "\u{2}").into_bytes();
        let byte = |byte: u8| match byte {
            1 => 0xE9,
            2 => 0xA0,
            _ => byte,
        };
        at.into_iter().map(byte).collect::<Vec<_>>()
    };
    for (file, source) in [
        ("students.csv", bytes(&dates("~"), "~")),
        ("guardians.csv", bytes("Student Id~,X\n1,Jos#\n", "~")),
        ("guardians.csv", bytes("Student Id~,X\n1,J\u{2}os\n", "~")),
        ("guardians.csv", bytes("\u{FEFF}\u{FEFF}Student Id,X\n1,Jos#\n", "~")),
        ("guardians.csv", bytes("\u{FEFF}\u{FEFF}\u{FEFF}Student Id,X\n1,Jos#\n", "~")),
        ("guardians.csv", b"Student Id\xFF,X\n1,Jos\xE9\n".to_vec()),
    ] {
        let (copy, _) = fixed(file, &source);
        let (again, fixes) = fixed(file, &copy);
        assert!(again == copy && fixes.is_empty(), "{fixes:?}: {}", source.escape_ascii());
    }
}

#[test]
fn an_edit_shows_both_sides() {
    struct Shown(Vec<[String; 2]>);
    impl Edits for Shown {
        fn edit(&mut self, edit: &Edit<'_>) {
            let text = |cells: Vec<Cell>| -> String {
                cells.iter().map(|cell| cell.expose().escape_ascii().to_string()).collect()
            };
            self.0.push([text(edit.before()), text(edit.after())]);
        }
    }
    let api = generic_api();
    for boms in ["\u{FEFF}", "\u{FEFF}\u{FEFF}"] {
        let source = format!("{boms}STUDENT ID,X\n1,a\n2 ,\"b\"\r\n");
        let source = source.as_bytes();
        let plan = Plan::survey(api.file("guardians.csv").unwrap(), source).unwrap();
        let mut shown = Shown(Vec::new());
        plan.apply(source, &mut io::sink(), &mut shown).unwrap();
        let before = format!("{}STUDENT ID,X", boms.as_bytes().escape_ascii());
        assert_eq!(
            shown.0,
            [
                [before, "Student Id,X".to_owned()],
                [r#"2 ,\"b\"\r\n"#, r#"2,\"b\"\n"#].map(String::from),
            ]
        );
    }
}

#[test]
fn each_fix_has_a_name_of_its_own() {
    let mut names: Vec<_> = FIXES.iter().map(|fix| fix.name).collect();
    assert_eq!(
        names,
        [
            "rename-file",
            "convert-encoding",
            "drop-mark",
            "unify-line-ends",
            "rename-column",
            "add-columns",
            "trim-value",
            "write-allowed-value",
            "pad-date"
        ]
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FIXES.len());
}

/// Pieces that make files with something to fix in them.
fn piece() -> impl Strategy<Value = &'static [u8]> {
    let bytes: &[&[u8]] =
        &[b"\xE9", b"Jos\xE9", b"\xA0", b"\xFF", b"1/5/2012\xA0", b"Student Id\xA0"];
    let texts = texts().iter().map(|text| text.as_bytes());
    prop::sample::select(texts.chain(bytes.iter().copied()).collect::<Vec<_>>())
}

fn texts() -> &'static [&'static str] {
    &[
        "Student Id",
        "STUDENT_ID",
        "Gender",
        "Date of Birth",
        "1001",
        " 1002",
        "FEMALE",
        "M",
        "1/5/2012",
        "1/13/2012",
        "13/1/2012",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        "\u{FEFF}",
        "é",
        "\u{a0}",
        "\0",
        "\u{200b}",
        "\u{1a}",
        " ",
        "x",
    ]
}

proptest! {
    #[test]
    fn fixing_twice_is_fixing_once_and_makes_nothing_worse(
        pieces in prop::collection::vec(piece(), 0..60),
    ) {
        let source: &[u8] = &pieces.concat();
        let api = generic_api();
        let errors = |csv: &[u8]| {
            let mut findings = Vec::new();
            crate::check("guardians.csv", csv, &mut findings).unwrap();
            findings.iter().filter(|finding| finding.severity() == Severity::Error).count()
        };
        let lines = |csv: &[u8]| {
            let mut scanner = crate::csv::Scanner::new(csv);
            let mut lines = Vec::new();
            while let Some(record) = scanner.read_record().unwrap() {
                lines.push(record.line());
            }
            lines
        };
        let (copy, fixes) = fixed("guardians.csv", source);
        if fixes.is_empty() {
            prop_assert_eq!(&*copy, source);
        }
        let plan = Plan::survey(api.file("guardians.csv").unwrap(), source).unwrap();
        // In another encoding there may be more to find.
        prop_assert!(plan.converts_from().is_some() || errors(&copy) <= errors(source));
        if !source.windows(3).any(|bytes| bytes == b"\r\r\n") {
            prop_assert_eq!(lines(&copy), lines(source));
        }
        let (again, fixes) = fixed("guardians.csv", &copy);
        prop_assert!(again == copy && fixes.is_empty(), "{:?}", fixes);
        let students = api.file("students.csv").unwrap();
        let plan = Plan::survey(students, source).unwrap();
        plan.apply(source, &mut Vec::new(), &mut NoEdits).unwrap();
    }

    #[test]
    fn no_bytes_are_lost(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (copy, fixes) = fixed("guardians.csv", &bytes);
                let api = generic_api();
        let plan = Plan::survey(api.file("guardians.csv").unwrap(), &*bytes).unwrap();
        let is_converted = plan.converts_from().is_some();
        prop_assert!(is_converted || !fixes.is_empty() || copy == bytes);
    }
}
