//! What goes wrong: in spreadsheets, in queries, in scripts, on the way.

use super::How::{Cells, File, Files, Gone, Header, Lines, Records};
use super::{Damage, How, Weight};

const STUDENTS: &str = "students.csv";
const GUARDIANS: &str = "guardians.csv";
const ABSENCES: &str = "absences.csv";

/// Every kind of damage; each has a name of its own.
pub(crate) fn kinds() -> Vec<Damage> {
    let mut kinds = Vec::new();
    for (file, columns) in COLUMNS {
        for column in *columns {
            for (what, change) in ANYWHERE {
                let (name, how) = (format!("{column}: {what}"), Cells(column, *change));
                kinds.push(damage(&name, file, how, weight(file, column, what)));
            }
        }
    }
    for (list, weight) in
        [(FATAL, Weight::Fatal), (PLAIN, Weight::Plain), (BY_CONTRAST, Weight::ByContrast)]
    {
        kinds.extend(list.iter().map(|(what, file, how)| damage(what, file, *how, weight)));
    }
    for file in [STUDENTS, GUARDIANS, ABSENCES] {
        let whole = |(what, how): &(&str, How)| damage(what, file, *how, Weight::ByContrast);
        kinds.extend(WHOLE_FILES.iter().map(whole));
    }
    kinds
}

fn damage(what: &str, file: &'static str, how: How, weight: Weight) -> Damage {
    Damage { name: format!("{file}: {what}"), file, how, weight }
}

/// How [`ANYWHERE`] weighs in a column.
fn weight(file: &str, column: &str, what: &str) -> Weight {
    let is_nothing = ["empty", "blank", "N/A", "#REF!", r"\N", "formula", "reference"];
    let is_word = ["NULL", "nan"].contains(&what);
    let may_pass = ["padded", "no-break space", "tab", "one value for all"];
    let is_fatal = match (file, column) {
        // Absences may have none.
        (ABSENCES, "Student Id") if ["empty", "blank"].contains(&what) => false,
        (_, "Date of Birth" | "Gender" | "District Enrollment" | "Student Id") => {
            !may_pass.contains(&what)
        }
        (STUDENTS, "Last Name") => is_nothing.contains(&what),
        (_, "Building") => is_nothing.contains(&what) || is_word,
        (_, "Building Reporting Id") => {
            is_nothing.contains(&what) || is_word || what == "apostrophe before"
        }
        _ => false,
    };
    match column {
        _ if is_fatal => Weight::Fatal,
        // Names of buildings are compared with those of the others.
        "Building" | "Building Reporting Id" => Weight::ByContrast,
        _ => Weight::Plain,
    }
}

/// The columns in which [`ANYWHERE`] happens.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        STUDENTS,
        &[
            "Student Id",
            "Last Name",
            "Date of Birth",
            "Gender",
            "District Enrollment",
            "Grade",
            "Zip",
            "Building",
            "Building Reporting Id",
            "SIS Internal ID",
        ],
    ),
    (GUARDIANS, &["Student Id", "Last Name"]),
    (ABSENCES, &["Student Id", "Date"]),
];

type Change = fn(&str) -> String;

/// What happens to values of all kinds.
const ANYWHERE: &[(&str, Change)] = &[
    ("empty", |_| String::new()),
    ("blank", |_| "  ".to_owned()),
    ("NULL", |_| "NULL".to_owned()),
    ("nan", |_| "nan".to_owned()),
    ("N/A", |_| "N/A".to_owned()),
    ("#REF!", |_| "#REF!".to_owned()),
    (r"\N", |_| r"\N".to_owned()),
    ("####", |_| "########".to_owned()),
    ("formula", |value| format!("=\"{value}\"")),
    ("reference", |_| "=A1".to_owned()),
    ("apostrophe before", |value| format!("'{value}")),
    ("padded", |value| format!(" {value}  ")),
    ("no-break space", |value| format!("{value}\u{a0}")),
    ("mojibake", |value| format!("{value}Ã©")),
    ("replacement", |value| format!("{value}\u{fffd}")),
    ("control", |value| format!("{value}\u{1}")),
    ("a zero-width character", |value| format!("{value}\u{200b}")),
    ("tab", |value| format!("{value}\t")),
    ("two lines", |value| format!("{value}\nx")),
    ("entity", |value| format!("{value}&amp;x")),
    ("object", |_| "[object Object]".to_owned()),
    ("question mark", |value| format!("{value}?")),
    ("one value for all", |_| "7777777".to_owned()),
];

/// What one value shows by itself, and what fails a run.
const FATAL: &[(&str, &str, How)] = &[
    (
        "building id with a fraction",
        STUDENTS,
        Cells("Building Reporting Id", |id| format!("{id}.0")),
    ),
    ("id in scientific form", STUDENTS, Cells("Student Id", scientific)),
    ("id with a fraction", STUDENTS, Cells("Student Id", |id| format!("{id}.0"))),
    ("id with thousands", STUDENTS, Cells("Student Id", thousands)),
    ("id too long", STUDENTS, Cells("Student Id", |id| format!("{id:X<24}"))),
    ("id with a hyphen", STUDENTS, Cells("Student Id", |id| format!("{id}-01"))),
    ("id that is a date", STUDENTS, Cells("Student Id", |_| "2026-01-05".to_owned())),
    ("birth as a serial number", STUDENTS, Cells("Date of Birth", |_| "40000".to_owned())),
    ("birth that is no day", STUDENTS, Cells("Date of Birth", |_| "02/30/2012".to_owned())),
    ("birth in no month", STUDENTS, Cells("Date of Birth", |_| "13/45/2012".to_owned())),
    ("birth with a time", STUDENTS, Cells("Date of Birth", |date| format!("{date} 00:00:00"))),
    ("birth in words", STUDENTS, Cells("Date of Birth", |_| "Jan 5, 2012".to_owned())),
    ("birth without hyphens", STUDENTS, Cells("Date of Birth", |_| "20120105".to_owned())),
    ("birth of nought", STUDENTS, Cells("Date of Birth", |_| "0000-00-00".to_owned())),
    ("birth of the year 12", STUDENTS, Cells("Date of Birth", |_| "01/05/12".to_owned())),
    ("gender in a word", STUDENTS, Cells("Gender", |_| "Unknown".to_owned())),
    ("gender by number", STUDENTS, Cells("Gender", |_| "1".to_owned())),
    ("gender in capitals", STUDENTS, Cells("Gender", |_| "FEMALE".to_owned())),
    ("enrollment in words", STUDENTS, Cells("District Enrollment", |_| "Active".to_owned())),
    ("enrollment by number", STUDENTS, Cells("District Enrollment", |_| "0".to_owned())),
    ("enrollment in small letters", STUDENTS, Cells("District Enrollment", str::to_lowercase)),
    ("guardian of an unknown student", GUARDIANS, Cells("Student Id", |_| "31415926".to_owned())),
    ("guardian's id in scientific form", GUARDIANS, Cells("Student Id", scientific)),
    ("guardian's id with a fraction", GUARDIANS, Cells("Student Id", |id| format!("{id}.0"))),
    ("guardian's id of another column", GUARDIANS, Cells("Student Id", |id| format!("9{id}"))),
    ("absence of an unknown student", ABSENCES, Cells("Student Id", |_| "31415926".to_owned())),
    ("a comma at the end", STUDENTS, Records(|record| record.push(String::new()))),
    ("a field too many", STUDENTS, Records(|record| record.insert(9, "Apt 4".to_owned()))),
    ("a field too few", STUDENTS, Records(|record| drop(record.pop()))),
    ("a field too many", GUARDIANS, Records(|record| record.insert(2, "Jr.".to_owned()))),
    ("a field too few", GUARDIANS, Records(|record| drop(record.pop()))),
    ("a stray quote", STUDENTS, Lines(|line| line.replacen(',', ",x\"y", 1))),
    ("a quote left open", STUDENTS, Lines(|line| line.replacen(',', ",\"", 1))),
    ("text after a quote", STUDENTS, Lines(|line| line.replacen(',', ",\"a\"b", 1))),
    ("a backslash before a quote", STUDENTS, Lines(|line| line.replacen(',', ",\"a\\\"b", 1))),
    ("a quote left open", GUARDIANS, Lines(|line| line.replacen(',', ",\"", 1))),
    ("a line twice", STUDENTS, Lines(|line| format!("{line}\n{line}"))),
    ("a NUL", STUDENTS, Lines(|line| format!("{line}\0"))),
    ("a line cut off", STUDENTS, Lines(|line| line.chars().take(20).collect())),
    ("the header again", STUDENTS, Lines(|line| format!("{line}\nStudent Id,Last Name"))),
    ("a line of a tool", STUDENTS, Lines(|line| format!("{line}\n(300 rows affected)"))),
    ("a rule of dashes", STUDENTS, Lines(|line| format!("---,---\n{line}"))),
];

/// What one value shows by itself.
const PLAIN: &[(&str, &str, How)] = &[
    ("reporting id in scientific form", STUDENTS, Cells("Student Reporting Id", scientific)),
    ("birth with the day first", STUDENTS, Cells("Date of Birth", day_first)),
    ("birth unpadded", STUDENTS, Cells("Date of Birth", |_| "1/5/2012".to_owned())),
    ("birth to come", STUDENTS, Cells("Date of Birth", |_| "01/05/2090".to_owned())),
    ("birth in 1900", STUDENTS, Cells("Date of Birth", |_| "01/01/1900".to_owned())),
    ("grade as a day", STUDENTS, Cells("Grade", |_| "12-Sep".to_owned())),
    ("zip in scientific form", STUDENTS, Cells("Zip", scientific)),
    ("zip with a fraction", STUDENTS, Cells("Zip", |zip| format!("{zip}.0"))),
    ("nothing but commas", STUDENTS, Records(|record| record.iter_mut().for_each(String::clear))),
    ("a blank line", STUDENTS, Lines(|line| format!("{line}\n\n"))),
    ("a lone return", STUDENTS, Lines(|line| line.replacen(',', ",\r", 1))),
    ("a semicolon for each comma", STUDENTS, Lines(|line| line.replace(',', ";"))),
    ("a line in quotes", STUDENTS, Lines(|line| format!("\"{}\"", line.replace('"', "\"\"")))),
    ("students left out", STUDENTS, Gone),
    ("guardians left out", GUARDIANS, Gone),
];

/// What only shows beside values that are right.
const BY_CONTRAST: &[(&str, &str, How)] = &[
    ("id without zeros", STUDENTS, Cells("Student Id", without_zeros)),
    ("zip without zeros", STUDENTS, Cells("Zip", without_zeros)),
    ("guardian's id without zeros", GUARDIANS, Cells("Student Id", without_zeros)),
    ("birth with the year first", STUDENTS, Cells("Date of Birth", |_| "2012-01-05".to_owned())),
    ("one birth for all", STUDENTS, Cells("Date of Birth", |_| "01/01/2012".to_owned())),
    ("building misspelt", STUDENTS, Cells("Building", |name| name.replacen('e', "", 1))),
    ("building by number", STUDENTS, Cells("Building", |_| "104101".to_owned())),
    ("city in the state", STUDENTS, Cells("State", |_| "Dayton".to_owned())),
    ("no student is active", STUDENTS, Cells("District Enrollment", |_| "INACTIVE".to_owned())),
    ("letters lost", STUDENTS, Cells("Last Name", |_| "Mu?oz".to_owned())),
    ("somebody called None", STUDENTS, Cells("Last Name", |_| "None".to_owned())),
    ("columns moved", STUDENTS, Records(|record| record[1..].rotate_left(1))),
    ("names exchanged", STUDENTS, Records(|record| record.swap(1, 3))),
    ("id in capitals", STUDENTS, Cells("Student Id", str::to_uppercase)),
];

/// What happens to a file once.
const WHOLE_FILES: &[(&str, How)] = &[
    ("cut off", File(|bytes| bytes[..bytes.len() / 3].to_vec())),
    ("cut off behind a comma", File(|bytes| cut_behind(&bytes, b','))),
    ("cut off behind a line", File(|bytes| cut_behind(&bytes, b'\n'))),
    ("only the header", File(|bytes| first_line(&bytes).to_vec())),
    ("no header", File(|bytes| bytes[first_line(&bytes).len()..].to_vec())),
    ("nothing", File(|_| Vec::new())),
    ("a mark", File(|bytes| [b"\xEF\xBB\xBF", &bytes[..]].concat())),
    ("two marks", File(|bytes| [b"\xEF\xBB\xBF\xEF\xBB\xBF", &bytes[..]].concat())),
    ("UTF-16", File(|bytes| bytes.iter().flat_map(|byte| [*byte, 0]).collect())),
    ("semicolons", File(|bytes| replaced(&bytes, b',', b";"))),
    ("tabs", File(|bytes| replaced(&bytes, b',', b"\t"))),
    ("bars", File(|bytes| replaced(&bytes, b',', b"|"))),
    ("returns", File(|bytes| replaced(&bytes, b'\n', b"\r"))),
    ("blank lines", File(|bytes| replaced(&bytes, b'\n', b"\n\n"))),
    ("commas at the ends", File(|bytes| replaced(&bytes, b'\n', b",\n"))),
    ("a line on top", File(|bytes| [b"Student Export 01/05/2026\n", &bytes[..]].concat())),
    ("sep=", File(|bytes| [b"sep=,\r\n", &bytes[..]].concat())),
    ("a blank line on top", File(|bytes| [b"\n", &bytes[..]].concat())),
    ("a count below", File(|bytes| [&bytes[..], b"\n(300 rows affected)\n"].concat())),
    ("an end of file", File(|bytes| [&bytes[..], b"\x1A"].concat())),
    ("NULs at the end", File(|bytes| [&bytes[..], &[0; 512]].concat())),
    ("twice", File(|bytes| [&bytes[..], &bytes[..]].concat())),
    ("records twice", File(|bytes| [&bytes[..], &bytes[first_line(&bytes).len()..]].concat())),
    (
        "a page of a proxy",
        File(|_| b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n".to_vec()),
    ),
    ("an archive", File(|_| b"PK\x03\x04\x14\0\0\0\x08\0students.xml".to_vec())),
    ("Latin letters", File(|bytes| replaced(&bytes, b'a', b"\xE9"))),
    ("the header joined to a record", File(|bytes| without_first(&bytes, b'\n'))),
    ("header in small letters", Header(|header| each(header, str::to_lowercase))),
    ("header with underscores", Header(|header| each(header, |name| name.replace(' ', "_")))),
    ("header padded", Header(|header| each(header, |name| format!(" {name} ")))),
    ("header of a query", Header(|header| each(header, |name| format!("STUDENTS.{name}")))),
    ("header unknown", Header(|header| each(header, |name| name.chars().rev().collect()))),
    ("header without the id", Header(|header| header[0] = "Number".into())),
    ("header with the id twice", Header(|header| header[1] = "Student Id".into())),
    ("header with two ids", Header(|header| header[1] = "StudentNumber".into())),
    ("header with a blank name", Header(|header| header[1].clear())),
    ("header with two names exchanged", Header(|header| header.swap(0, 1))),
    ("header too short", Header(|header| drop(header.pop()))),
    ("header too long", Header(|header| header.push("Homeroom".to_owned()))),
    ("no COMPLETE", Files(|files| files.retain(|(name, _)| name != "COMPLETE"))),
    ("small COMPLETE", Files(|files| rename(files, "COMPLETE", "complete"))),
    ("no students", Files(|files| files.retain(|(name, _)| name != STUDENTS))),
    ("capital Students", Files(|files| rename(files, STUDENTS, "Students.csv"))),
    ("a copy of the guardians", Files(|files| rename(files, GUARDIANS, "guardians (1).csv"))),
    ("folder in the epoch", Files(|files| rename(files, GUARDIANS, "export/guardians.csv"))),
    ("students and guardians exchanged", Files(exchange)),
];

fn scientific(value: &str) -> String {
    let digits: Vec<_> = value.bytes().filter(u8::is_ascii_digit).map(char::from).collect();
    match digits[..] {
        [first, second, third, ..] => format!("{first}.{second}{third}E+{:02}", digits.len() - 1),
        _ => "1.00E+05".to_owned(),
    }
}

fn thousands(value: &str) -> String {
    let (head, tail) = value.split_at(value.len().saturating_sub(3));
    format!("{head},{tail}")
}

fn without_zeros(value: &str) -> String {
    value.trim_start_matches('0').to_owned()
}

/// `25/12/2012` of `12/25/2012`
fn day_first(date: &str) -> String {
    match date.split('/').collect::<Vec<_>>()[..] {
        [month, day, year] => format!("{day}/{month}/{year}"),
        _ => date.to_owned(),
    }
}

fn first_line(bytes: &[u8]) -> &[u8] {
    bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default()
}

fn cut_behind(bytes: &[u8], last: u8) -> Vec<u8> {
    let middle = bytes.len() / 2;
    let at = bytes[middle..].iter().position(|byte| *byte == last);
    bytes[..at.map_or(middle, |at| middle + at + 1)].to_vec()
}

fn replaced(bytes: &[u8], from: u8, to: &[u8]) -> Vec<u8> {
    let each = |byte: &u8| if *byte == from { to.to_vec() } else { vec![*byte] };
    bytes.iter().flat_map(each).collect()
}

fn without_first(bytes: &[u8], what: u8) -> Vec<u8> {
    let mut parts = bytes.splitn(2, |byte| *byte == what);
    [parts.next().unwrap_or_default(), parts.next().unwrap_or_default()].concat()
}

fn each(header: &mut [String], change: impl Fn(&str) -> String) {
    for name in header {
        *name = change(name);
    }
}

fn rename(files: &mut [(String, Vec<u8>)], from: &str, to: &str) {
    for (name, _) in files.iter_mut().filter(|(name, _)| name == from) {
        to.clone_into(name);
    }
}

fn exchange(files: &mut Vec<(String, Vec<u8>)>) {
    for (name, _) in files {
        *name = match &**name {
            STUDENTS => GUARDIANS.to_owned(),
            GUARDIANS => STUDENTS.to_owned(),
            other => other.to_owned(),
        };
    }
}
