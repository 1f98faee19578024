//! The ways to read a header: without what exports put around the name of a column.

use crate::schema::{ColumnSpec, Content};
use crate::text::lookalike;

/// A header is not split up if its normal form is longer than this: no name is.
pub(super) const LONGEST: usize = 80;

/// One way to read a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The name that remains, in normal form; `table.name` if a table shows what it is.
    pub(super) name: String,
    /// The columns that it can be the name of.
    pub(super) scope: Scope,
}

/// What kind of column the remaining name can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Any column: nothing was removed.
    Whole,
    /// Any column: what was removed does not change the meaning.
    Any,
    /// A column about the student. An id may now be someone else's.
    Student,
    /// A column of an address.
    Address,
    /// A column of a birth certificate.
    Legal,
    /// A column about the school.
    School,
}

impl Scope {
    /// Whether a remaining name can stand for a column.
    pub(super) fn has(self, column: &ColumnSpec) -> bool {
        let is_school = column.name == "Building" || column.code_of.is_some();
        match self {
            Self::Whole | Self::Any => true,
            Self::Student => {
                let is_key = column.key || column.references.is_some();
                !is_key && column.code_of.is_none() && column.internal_for.is_none()
            }
            Self::Address => column.content == Content::Address,
            Self::Legal => {
                matches!(column.content, Content::Name | Content::Date | Content::Category)
            }
            Self::School => is_school,
        }
    }
}

/// The form in which headers and names are compared: the [normal form](lookalike::normal), with `#`
/// after a name as the word "number" that it stands for, and `table.name` for a name with a table.
pub(super) fn key(name: &str) -> String {
    match split_table(name) {
        Some((table, field)) => format!("{}.{}", lookalike::normal(table), numbered(field)),
        None => numbered(name),
    }
}

/// What the UTF-8 byte-order mark becomes in a program that reads it as Windows-1252, Mac Roman,
/// Windows-1251 or the code page of a terminal.
const MISREAD_MARKS: &[&str] = &["\u{EF}\u{BB}\u{BF}", "\u{D4}\u{AA}\u{F8}", "п»ї", "∩╗┐", "´╗┐"];

/// Whether a name begins with a byte-order mark that was read as text.
pub(super) fn has_misread_mark(name: &str) -> bool {
    without_misread_mark(name).len() < name.len()
}

fn without_misread_mark(name: &str) -> &str {
    MISREAD_MARKS.iter().find_map(|mark| name.strip_prefix(mark)).unwrap_or(name)
}

/// The normal form of a name without a table.
fn numbered(name: &str) -> String {
    let name = without_misread_mark(name);
    match name.trim_start_matches(|c: char| !c.is_alphanumeric()).split_once('#') {
        Some((before, after)) => {
            format!("{}number{}", lookalike::normal(before), lookalike::normal(after))
        }
        None => lookalike::normal(name),
    }
}

/// The ways to read a header, the most literal first.
pub(super) fn readings(header: &str) -> Vec<Reading> {
    let mut found = Readings(Vec::new());
    let whole = numbered(header);
    if whole.is_empty() || whole.len() > LONGEST {
        return found.0;
    }
    let table = split_table(header);
    if table.is_some() {
        found.add(key(header), Scope::Whole);
    }
    found.add(whole.clone(), Scope::Whole);
    let core = match table {
        None => core(header),
        Some((table, field)) => {
            let field = core(field);
            match Owner::of(&lookalike::normal(table)) {
                Some(Owner::Student) if is_specific(&field) => field,
                Some(Owner::School) => {
                    found.add(format!("school{field}"), Scope::School);
                    found.add(field, Scope::School);
                    return found.0;
                }
                // The number of a row, or a parent's value, is not a student's.
                Some(Owner::Student) | None => return found.0,
            }
        }
    };
    found.add(core.clone(), Scope::Any);
    for name in [&whole, &core] {
        found.parts_of(name);
    }
    found.0
}

/// A name without a note about the form of its values, in normal form. Any other text in
/// parentheses comes first, as if it were written there: `Address (Home)`.
fn core(name: &str) -> String {
    let name = lookalike::trim(name).trim_end_matches(['*', ':']).trim_end();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((before, inside)) =
            name.strip_suffix(close).and_then(|name| name.rsplit_once(open))
            && !before.trim().is_empty()
        {
            return match lookalike::normal(inside) {
                // An abbreviation that says more than the name.
                inside if matches!(&*inside, "lasid" | "sasid" | "ssid") => inside,
                _ if says_form(inside) => numbered(before),
                inside => inside + &numbered(before),
            };
        }
    }
    // `Date of Birth MM/DD/YYYY`, `Gender: M/F`
    match name.rsplit_once([' ', ':', '_']) {
        Some((before, last)) if is_pattern(last) => numbered(before),
        _ => numbered(name),
    }
}

struct Readings(Vec<Reading>);

impl Readings {
    /// Adds what remains of a name without the words around it.
    fn parts_of(&mut self, name: &str) {
        const NUMBER: &[&str] = &["num", "nbr", "nmbr", "nr", "no"];
        for stem in NUMBER.iter().filter_map(|number| name.strip_suffix(number)) {
            self.add(format!("{stem}number"), Scope::Any);
        }
        self.kinds_of(name);
        let suffixes = ["ofstudent", "student"];
        let before = ENTITIES.iter().filter_map(|entity| name.strip_prefix(entity));
        let after = suffixes.iter().filter_map(|entity| name.strip_suffix(entity));
        for own in before.chain(after).filter(|own| own.len() > 2 && is_specific(own)) {
            self.add(own.to_owned(), Scope::Student);
            self.kinds_of(own);
        }
    }

    /// Adds what remains of a name without the word that selects one of several.
    fn kinds_of(&mut self, name: &str) {
        for rest in KINDS_OF_ADDRESS.iter().filter_map(|kind| name.strip_prefix(kind)) {
            self.add(rest.to_owned(), Scope::Address);
        }
        for legal in ["pscorelegal", "legal"] {
            if let Some(rest) = name.strip_prefix(legal) {
                self.add(rest.to_owned(), Scope::Legal);
            }
        }
    }

    fn add(&mut self, name: String, scope: Scope) {
        let reading = Reading { name, scope };
        if reading.name.chars().count() > 1 && !self.0.contains(&reading) {
            self.0.push(reading);
        }
    }
}

/// Whom the records of a table are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Student,
    School,
}

impl Owner {
    /// Whom a table is about, by its name in normal form; `None` for other and unknown tables.
    fn of(table: &str) -> Option<Self> {
        const STUDENT: &[&str] = &[
            "01",
            "address",
            "addresses",
            "demographic",
            "demographics",
            "enrollment",
            "enrollments",
            "epcstu",
            "epcstuschyr",
            "identity",
            "person",
            "persons",
            "pupil",
            "pupils",
            "reg",
            "regpersonal",
            "reglegalinfo",
            "revperson",
            "std",
            "stu",
            "stud",
            "psn",
        ];
        const SCHOOL: &[&str] = &[
            "39",
            "building",
            "buildings",
            "campus",
            "organization",
            "regbuilding",
            "sch",
            "school",
            "schools",
            "site",
            "sites",
            "skl",
        ];
        const OTHERS: &[&str] = &[
            "parent",
            "guardian",
            "contact",
            "teacher",
            "staff",
            "user",
            "emergency",
            "counselor",
            "mother",
            "father",
            "account",
        ];
        if OTHERS.iter().any(|other| table.contains(other)) {
            None
        } else if SCHOOL.contains(&table) {
            Some(Self::School)
        } else if STUDENT.contains(&table) || table.contains("student") || is_extension(table) {
            Some(Self::Student)
        } else {
            None
        }
    }
}

/// PowerSchool's tables for what a state or district adds to a student: `S_OH_STU_X`.
fn is_extension(table: &str) -> bool {
    table.starts_with('s') && table.ends_with('x') && table.contains("stu")
}

/// Splits `Table.Field` and `[Table]Field`. A dot next to a space ends a sentence or an
/// abbreviation.
fn split_table(name: &str) -> Option<(&str, &str)> {
    let name = lookalike::trim(name);
    if let Some((table, field)) = name.strip_prefix('[').and_then(|name| name.split_once(']')) {
        return (!field.is_empty()).then_some((table, field.trim_start_matches('.')));
    }
    let (tables, field) = name.rsplit_once('.')?;
    let table = tables.rsplit_once('.').map_or(tables, |(_, table)| table);
    let is_table = lookalike::normal(table).len() > 1 && !table.contains(char::is_whitespace);
    let is_field = lookalike::normal(field).len() > 1 && !field.starts_with(char::is_whitespace);
    (is_table && is_field).then_some((table, field))
}

/// Whether a name after a table means the same without it. `ID` and `Number` do not.
fn is_specific(name: &str) -> bool {
    !matches!(name, "id" | "number" | "idnumber" | "no" | "num" | "code" | "status" | "active")
}

/// The words for a student that exports put before a name.
const ENTITIES: &[&str] =
    &["students", "student", "studs", "stud", "stu", "std", "psn", "pupils", "pupil", "learner"];

/// The words for a kind of address or name that exports put before it.
const KINDS_OF_ADDRESS: &[&str] = &[
    "home",
    "mailing",
    "mail",
    "residential",
    "residence",
    "resident",
    "physical",
    "primary",
    "legal",
    "permanent",
    "street",
];

/// Whether a parenthesis describes the form of the values or states the obvious. One that says
/// whose values they are does neither.
fn says_form(inside: &str) -> bool {
    const PLAIN: &[&str] = &[
        "12",
        "2letter",
        "abbreviation",
        "alphanumeric",
        "char",
        "current",
        "date",
        "digits",
        "dob",
        "femalemale",
        "fm",
        "ifany",
        "ifapplicable",
        "ifavailable",
        "irn",
        "k12",
        "kg12",
        "legal",
        "legalname",
        "local",
        "maleorfemale",
        "malefemale",
        "mandatory",
        "mf",
        "mfx",
        "morf",
        "nodashes",
        "numeric",
        "optional",
        "opt",
        "pk12",
        "prek12",
        "req",
        "required",
        "string",
        "student",
        "students",
        "text",
        "twoletter",
        "us",
        "usa",
        "varchar",
        "zip4",
        "zip5",
    ];
    let normal = lookalike::normal(inside);
    let words = normal.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_length = words.len() < normal.len()
        && matches!(
            words,
            "digit" | "digits" | "characters" | "chars" | "char" | "letters" | "max"
        );
    is_pattern(inside) || is_length || PLAIN.contains(&&*normal)
}

/// Whether a text is a pattern for dates, or the letters for the genders: `MM/DD/YYYY`, `M/F`.
fn is_pattern(text: &str) -> bool {
    let normal = lookalike::normal(text);
    let is_date = normal.len() >= 6
        && normal.bytes().all(|byte| matches!(byte, b'm' | b'd' | b'y' | b'c'))
        && normal.contains("yy");
    is_date || (matches!(&*normal, "mf" | "fm") && text.contains('/'))
}
