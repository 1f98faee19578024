//! The generic CSV API of SameGoal: every file and every column that is published.
//!
//! This is the only place that holds their names. What is not here is not known: the public pages
//! give the whole column list of `students.csv` and only parts of the other four.

use crate::schema::comparison::{Compared, Likeness, Role};
use crate::schema::model::{
    AddressPart, Code, ColumnSpec, Completeness, Content, FileSpec, Format, Presence, Schema,
    Source, Text,
};

use self::names::Names;

mod names;

/// The name of the empty file that says that an epoch is final; upper case, no extension.
pub const COMPLETE: &str = "COMPLETE";

/// The file and the column of it that tell the building of a student by its name.
pub const BUILDINGS: (&str, &str) = ("students.csv", "Building");

/// The columns by which a student of two deliveries is compared.
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

/// The column of a student that a new school year changes.
pub(crate) const GRADE: &str = "Grade";

const fn compared(name: &'static str, likeness: Likeness, role: Role, bits: u32) -> Compared {
    Compared { name, likeness, role, bits }
}

/// The generic CSV API as it is published.
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
        "One record a student. Students in the file are added or updated; students who are left \
         out stay as they are.",
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
                // Not the vendor's but ours: special education goes on to 21 in most states, and to
                // 26 in one; beyond 30 somebody else's date was exported, or none was known.
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
                "must equal a building name in the vendor's settings, letter for letter, for a \
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
        "One record a guardian of a student; a student may have several. The records are taken as \
         the whole truth for the students of the load: a guardian who is not in them any more is \
         deleted, and a record whose student is not in students.csv is not loaded.",
        [ColumnSpec::new("Student Id", Content::Identifier)
            .required()
            .references_each("students.csv", "Student Id")
            .code(Code::Id)
            .names(&names::STUDENT_ID_ELSEWHERE)
            .source(Source::Inferred)
            .note("the page says that a guardian belongs to a student of the load; the spelling is that of students.csv")],
    );
    spec.requires = Some("students.csv".into());
    spec
}

fn users() -> FileSpec {
    file(
        "users.csv",
        Completeness::Partial,
        "Staff accounts. Users are added, updated or deleted; users who are left out stay as they \
         are. May be delivered without students.csv.",
        [
            ColumnSpec::new("Role", Content::Category)
                .presence(Presence::Unknown)
                .format(Format::Groups)
                .spellings(&["Roles"])
                .note("the page prints Role as well as Roles; several roles are separated by `;`"),
            ColumnSpec::new("Buildings", Content::FreeText)
                .presence(Presence::Unknown)
                .format(Format::Groups)
                .groups_of("Role")
                .note("one group of building names for each role, in the same order, separated by `;`; several names of one group are separated by `,`"),
            ColumnSpec::new("Deleted", Content::Category)
                .note("deletes the user; the accepted values are not published"),
        ],
    )
}

fn user_roles() -> FileSpec {
    let mut spec = file(
        "user_roles.csv",
        Completeness::Partial,
        "Records of a role and a form with a default and a maximum permission. Records are added \
         and updated only. The exact headers are not published.",
        [],
    );
    spec.former_names = vec!["user_groups.csv".into()];
    spec
}

fn absences() -> FileSpec {
    file(
        "absences.csv",
        Completeness::Partial,
        "Full-day, non-funded absences; their dates adjust documents.",
        [ColumnSpec::new("Student Id", Content::Identifier)
            .presence(Presence::Unknown)
            .references("students.csv", "Student Id")
            .code(Code::Id)
            .source(Source::Inferred)
            .note("an absence is a student's; whether the column has this name is not published, so it is checked only where it is there")],
    )
}

impl ColumnSpec {
    /// Sets the names that the column has elsewhere.
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
