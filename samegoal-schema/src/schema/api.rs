//! SameGoal's generic CSV API: every published file and column.
//!
//! Only this module contains their names. What is not here is not known: the public pages list all
//! columns of `students.csv` but only some of the other four files.

use crate::schema::comparison::{Compared, Likeness, Role};
use crate::schema::model::{
    AddressPart, Code, ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Schema,
    Source, Text,
};

use self::names::Names;

mod names;

/// The name of the empty file that says that an epoch is final; upper case, no extension.
pub const COMPLETE: &str = "COMPLETE";

/// The file and column with the name of a student's building.
pub const BUILDINGS: (&str, &str) = ("students.csv", "Building");

/// The columns used to compare a student between two deliveries.
pub(crate) const COMPARED: [Compared; 13] = [
    compared("Last Name", Likeness::Text, Role::Identity, 16),
    compared("First Name", Likeness::Text, Role::Identity, 16),
    compared("Date of Birth", Likeness::Day, Role::Birth, 16),
    compared("Gender", Likeness::Gender, Role::Identity, 2),
    compared("SIS Internal ID", Likeness::Code, Role::Number, 8),
    compared("Address", Likeness::Text, Role::Data, 6),
    compared("City", Likeness::Text, Role::Data, 6),
    compared("State", Likeness::Text, Role::Data, 6),
    compared("Zip", Likeness::Zip, Role::Data, 6),
    compared("Race", Likeness::Text, Role::Data, 6),
    compared("District of Residence", Likeness::Text, Role::Data, 6),
    compared("County of Residence", Likeness::Text, Role::Data, 6),
    compared("District of Service", Likeness::Text, Role::Data, 6),
];

/// The column that changes for a student with a new school year.
pub(crate) const GRADE: &str = "Grade";

const fn compared(name: &'static str, likeness: Likeness, role: Role, bits: u32) -> Compared {
    Compared { name, likeness, role, bits }
}

/// The generic CSV API as published.
///
/// ```
/// let api = samegoal_schema::generic_api();
/// let students = api.file("students.csv").unwrap();
/// assert_eq!(students.columns.len(), 20);
/// assert_eq!(students.columns.get_index_of("Date of Birth"), Some(4));
/// ```
pub fn generic_api() -> Schema {
    let files = [students(), guardians(), users(), user_roles(), absences()];
    Schema { files: files.into_iter().map(|file| (file.name.clone(), file)).collect() }
}

/// The files that may be empty on any day.
pub(crate) const MAY_BE_EMPTY: [&str; 3] = ["absences.csv", "users.csv", "user_roles.csv"];

fn students() -> FileSpec {
    use Content::{Address, Category, FreeText, Identifier, Name};
    file(
        "students.csv",
        Completeness::Complete,
        "One record per student. SameGoal adds or updates the students in the file; students who \
         are left out stay as they are.",
        [
            ColumnSpec::new("Student Id", Identifier)
                .required()
                .key()
                .format(Format::Alphanumeric)
                .max_length(20)
                .code(Code::Id)
                .names(&names::STUDENT_ID)
                .note("unique in the district"),
            ColumnSpec::new("Last Name", Name).required().names(&names::LAST_NAME),
            ColumnSpec::new("Middle Name", Name).names(&names::MIDDLE_NAME),
            ColumnSpec::new("First Name", Name).required().names(&names::FIRST_NAME),
            ColumnSpec::new("Date of Birth", Content::Date)
                .required()
                .format(Format::Date)
                // This limit is ours, not the vendor's: special education goes up to 21 in most states,
                // and to 26 in one. Over 30, the date belongs to someone else or was unknown.
                .max_age(30)
                .names(&names::DATE_OF_BIRTH)
                .note("optional in an older edition"),
            ColumnSpec::new("Gender", Category)
                .required()
                .format(Format::one_of(&["M", "F", "m", "f", "male", "female", "Male", "Female"]))
                .names(&names::GENDER)
                .value_synonyms(&[("Boy", "M"), ("Man", "M"), ("Girl", "F"), ("Woman", "F")]),
            ColumnSpec::new("District Enrollment", Category)
                .required()
                .format(Format::one_of(&[
                    "PRE_ENROLLED",
                    "ENROLLED",
                    "TRANSFERRED",
                    "WITHDREW",
                    "DROPPED_OUT",
                    "GRADUATED",
                    "INACTIVE",
                    "HISTORICAL_IDLE",
                ]))
                .active(&["PRE_ENROLLED", "ENROLLED"])
                .names(&names::DISTRICT_ENROLLMENT)
                .value_synonyms(&[
                    ("Active", "ENROLLED"),
                    ("Currently Enrolled", "ENROLLED"),
                    ("Preregistered", "PRE_ENROLLED"),
                    ("Transfer", "TRANSFERRED"),
                    ("Transferred Out", "TRANSFERRED"),
                    ("Withdrawn", "WITHDREW"),
                    ("Withdrawal", "WITHDREW"),
                    ("Dropout", "DROPPED_OUT"),
                    ("Graduate", "GRADUATED"),
                    ("Not Active", "INACTIVE"),
                ])
                .note(
                    "PRE_ENROLLED and ENROLLED are the active states; absent from an older edition",
                ),
            ColumnSpec::new("Grade", Category).names(&names::GRADE),
            ColumnSpec::new("Address", Address).names(&names::ADDRESS),
            ColumnSpec::new("City", Address).address_part(AddressPart::City).names(&names::CITY),
            ColumnSpec::new("State", Address).address_part(AddressPart::State).names(&names::STATE),
            ColumnSpec::new("Zip", Address).code(Code::Zip).names(&names::ZIP),
            ColumnSpec::new("Race", Category).names(&names::RACE),
            ColumnSpec::new("District of Residence", FreeText).names(&names::DISTRICT_OF_RESIDENCE),
            ColumnSpec::new("County of Residence", FreeText).names(&names::COUNTY_OF_RESIDENCE),
            ColumnSpec::new("District of Service", FreeText).names(&names::DISTRICT_OF_SERVICE),
            ColumnSpec::new("Student Reporting Id", Identifier)
                .code(Code::Id)
                .names(&names::STUDENT_REPORTING_ID),
            ColumnSpec::new("Building", FreeText).required().names(&names::BUILDING).note(
                "must match a building name in SameGoal's settings, letter for letter, for a \
                 student who is new there; optional in an older edition",
            ),
            ColumnSpec::new("Building Reporting Id", Identifier)
                .required()
                .code(Code::Id)
                .code_of("Building")
                .former_names(&["Building IRN"])
                .names(&names::BUILDING_REPORTING_ID)
                .note("called Building IRN, and optional, in an older edition"),
            ColumnSpec::new("SIS Internal ID", Identifier)
                .code(Code::Id)
                .names(&names::SIS_INTERNAL_ID)
                .internal_for("Student Id")
                .note("with a capital ID, unlike the other ids; absent from an older edition"),
        ],
    )
}

fn guardians() -> FileSpec {
    let mut spec = file(
        "guardians.csv",
        Completeness::Partial,
        "One record per guardian of a student; a student may have several. SameGoal takes the \
         records as the complete list for the students of the load. It deletes a guardian who is \
         no longer in the file, and does not load a record whose student is not in students.csv.",
        [ColumnSpec::new("Student Id", Content::Identifier)
            .required()
            .references_each("students.csv", "Student Id")
            .code(Code::Id)
            .names(&names::STUDENT_ID_ELSEWHERE)
            .source(Source::Inferred)
            .note("the page says that a guardian belongs to a student in the load; the spelling is taken from students.csv")],
    );
    spec.requires = Some("students.csv".into());
    spec
}

fn users() -> FileSpec {
    file(
        "users.csv",
        Completeness::Partial,
        "Staff accounts. SameGoal adds, updates or deletes users; users who are left out stay as \
         they are. This file may be delivered without students.csv.",
        [
            ColumnSpec::new("Role", Content::Category)
                .presence(Presence::Unknown)
                .format(Format::Groups)
                .spellings(&["Roles"])
                .note("the page prints both Role and Roles; several roles are separated by `;`"),
            ColumnSpec::new("Buildings", Content::FreeText)
                .presence(Presence::Unknown)
                .format(Format::Groups)
                .groups_of("Role")
                .note("one group of building names for each role, in the same order, separated by `;`; several names in one group are separated by `,`"),
            ColumnSpec::new("Deleted", Content::Category)
                .note("deletes the user; which values SameGoal accepts is not published"),
        ],
    )
}

fn user_roles() -> FileSpec {
    let mut spec = file(
        "user_roles.csv",
        Completeness::Partial,
        "Records of a role and a form with a default and a maximum permission. SameGoal only adds \
         and updates records. The exact headers are not published.",
        [],
    );
    spec.former_names = vec!["user_groups.csv".into()];
    spec
}

fn absences() -> FileSpec {
    file(
        "absences.csv",
        Completeness::Partial,
        "Full-day, non-funded absences. Their dates adjust documents.",
        [ColumnSpec::new("Student Id", Content::Identifier)
            .presence(Presence::Unknown)
            .references("students.csv", "Student Id")
            .code(Code::Id)
            .source(Source::Inferred)
            .note("an absence belongs to a student; whether the column has this name is not published, so it is checked only if it is there")],
    )
}

impl ColumnSpec {
    fn names(mut self, names: &Names) -> Self {
        let list = |names: &'static str| {
            names
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(Text::from)
                .collect()
        };
        self.synonyms = list(names.synonyms);
        self.doubtful = list(names.doubtful);
        self
    }
}

fn file<const N: usize>(
    name: &'static str,
    completeness: Completeness,
    note: &'static str,
    columns: [ColumnSpec; N],
) -> FileSpec {
    let presence = if name == "students.csv" { Presence::Required } else { Presence::Optional };
    FileSpec {
        name: Text::Borrowed(name),
        presence,
        completeness,
        requires: None,
        former_names: Vec::new(),
        source: if matches!(name, "students.csv" | "guardians.csv") {
            Source::Document
        } else {
            Source::Page
        },
        note: Text::Borrowed(note),
        columns: columns.into_iter().map(|column| (column.name.clone(), column)).collect(),
    }
}
