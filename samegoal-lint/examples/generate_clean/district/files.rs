//! The tables of a delivery, and how they are written.

use super::numbers::{Rng, pick};
use super::students::Student;
use super::{Columns, Day, Delivery, Guardians, Quotes, Season, Shape, people};

/// A file as its cells.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

const STUDENT_COLUMNS: [&str; 20] = [
    "Student Id",
    "Last Name",
    "Middle Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "District Enrollment",
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
    "Building",
    "Building Reporting Id",
    "SIS Internal ID",
];
const REQUIRED: [&str; 8] = [
    "Student Id",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "District Enrollment",
    "Building",
    "Building Reporting Id",
];

/// Columns of guardians, which are the district's own.
const SHORT: [&str; 5] = ["Student Id", "Last Name", "First Name", "Relationship", "Phone"];
const LONG: [&str; 11] = [
    "Student Id",
    "Guardian Number",
    "Guardian Last Name",
    "Guardian First Name",
    "Address",
    "City",
    "State",
    "Zip",
    "Home Phone",
    "Email",
    "Language",
];
const LIKE_STUDENTS: [&str; 10] = [
    "Student Id",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "Address",
    "City",
    "State",
    "Zip",
    "Relationship",
];

impl Delivery {
    pub(super) fn student_table(&self, students: &[Student]) -> Table {
        let mut columns = match self.columns {
            Columns::Required => REQUIRED.to_vec(),
            _ => STUDENT_COLUMNS.to_vec(),
        };
        match self.columns {
            Columns::WithoutMiddleName => columns.retain(|it| *it != "Middle Name"),
            Columns::WithoutRace => columns.retain(|it| *it != "Race"),
            Columns::Backwards => columns.reverse(),
            Columns::OneMore => columns.push("Homeroom"),
            Columns::All | Columns::Required => {}
        }
        let row = |student: &Student| {
            columns.iter().map(|column| self.student_cell(student, column)).collect()
        };
        let rows = students.iter().map(row).collect();
        Table { header: columns.iter().map(|it| (*it).to_owned()).collect(), rows }
    }

    fn student_cell(&self, student: &Student, column: &str) -> String {
        let (city, state, zip, county) = student.place;
        let (building, reporting) = student.building;
        match column {
            "Student Id" => student.id.clone(),
            "Last Name" => student.last.clone(),
            "Middle Name" => student.middle.clone(),
            "First Name" => student.first.clone(),
            "Date of Birth" => student.birth.clone(),
            "Gender" => student.gender.to_owned(),
            "District Enrollment" => student.enrollment.to_owned(),
            "Grade" => student.grade.clone(),
            "Address" => student.address.clone(),
            "City" => self.letters(city),
            "State" => self.letters(state),
            "Zip" => zip.to_owned(),
            "Race" => self.letters(student.race),
            "District of Residence" if county.is_empty() => String::new(),
            "District of Residence" => self.letters(&format!("{city} City Schools")),
            "County of Residence" => self.letters(county),
            "District of Service" => self.letters("Riverbend Local"),
            "Student Reporting Id" => format!("RB{:07}", 5_501_001 + student.number * 7),
            "Building" => building.to_owned(),
            "Building Reporting Id" => reporting.to_owned(),
            "SIS Internal ID" => (88_201 + student.number).to_string(),
            _ => format!("Room {}", 100 + student.number % 40),
        }
    }

    pub(super) fn guardian_table(&self, students: &[Student]) -> Table {
        let (columns, share) = match self.guardians {
            Guardians::Long(share) => (&LONG[..], share),
            Guardians::LikeStudents(share) => (&LIKE_STUDENTS[..], share),
            Guardians::Short(share) => (&SHORT[..], share),
            Guardians::NoFile => (&SHORT[..], 0),
        };
        let mut rows = Vec::new();
        for student in students {
            let rng = &mut Rng(student.number | 1 << 40);
            if student.number * 37 % 100 >= share {
                continue;
            }
            for number in 0..=rng.below(3).min(1) {
                let cell = |column: &&str| self.guardian_cell(student, number, rng, column);
                rows.push(columns.iter().map(cell).collect());
            }
        }
        Table { header: columns.iter().map(|it| (*it).to_owned()).collect(), rows }
    }

    fn guardian_cell(&self, student: &Student, nth: u64, rng: &mut Rng, column: &str) -> String {
        let names = self.names.first().unwrap_or(&people::ENGLISH);
        let (city, state, zip, _) = student.place;
        match column {
            "Student Id" => student.id.clone(),
            "Guardian Number" => (nth + 1).to_string(),
            "Last Name" | "Guardian Last Name" if nth == 0 => student.last.clone(),
            "Last Name" | "Guardian Last Name" => self.letters(pick(rng, names.last)),
            "First Name" | "Guardian First Name" => self.letters(pick(rng, names.first)),
            "Relationship" => self.letters(pick(rng, &["Mother", "Father", "Grandparent"])),
            "Date of Birth" => {
                self.date(1960 + rng.below(40), 1 + rng.below(12), 1 + rng.below(28))
            }
            "Gender" => pick(rng, &["M", "F"]).to_owned(),
            "Address" => student.address.clone(),
            "City" => self.letters(city),
            "State" => self.letters(state),
            "Zip" => zip.to_owned(),
            "Email" => format!("family{}.{nth}@example.org", student.number),
            "Language" => self.letters(pick(rng, &["English", "Spanish", "Af-Soomaali", ""])),
            _ => match rng.below(3) {
                0 => format!("(937) 555-01{:02}", rng.below(100)),
                1 => format!("937-555-01{:02} x{}", rng.below(100), 1 + rng.below(300)),
                _ => format!("937.555.01{:02}", rng.below(100)),
            },
        }
    }

    /// The absences of the days before: one in three students has some.
    pub(super) fn absence_table(&self, students: &[Student], day: Day) -> Table {
        let begins_anew = match self.season {
            Season::Summer => true,
            Season::Restart | Season::Rollover => day == Day::Today,
            Season::Usual | Season::Weekend | Season::NewVersion => false,
        };
        let mut rows = Vec::new();
        for student in students.iter().filter(|it| !begins_anew && it.number % 3 == 0) {
            let rng = &mut Rng(student.number | 1 << 41);
            for nth in 0..=rng.below(4) {
                let date = self.date(2025, 9 + nth % 4, 1 + rng.below(28));
                let reason = pick(rng, &["Illness", "Excused", "Family emergency", ""]);
                rows.push(vec![student.id.clone(), date, reason.to_owned()]);
            }
        }
        table(&["Student Id", "Date", "Reason"], rows)
    }

    pub(super) fn user_table(&self, day: Day) -> Table {
        let hired = u64::from(day == Day::Today && self.season != Season::Weekend);
        let building = |number: usize| {
            self.buildings.get(number % self.buildings.len()).map_or("", |(name, _)| *name)
        };
        let row = |number: u64| {
            let index = usize::try_from(number).unwrap_or_default();
            let (one, other) = (building(index), building(index + 1));
            let (roles, buildings) = match number % 5 {
                0 => ("Principal", one.to_owned()),
                1 if one != other => ("Nurse;Teacher", format!("{one},{other};{other}")),
                2 => ("Case Manager; Teacher", format!("{one}; {other}")),
                _ => ("Teacher", one.to_owned()),
            };
            let rng = &mut Rng(number);
            vec![
                format!("user{number}"),
                self.letters(pick(rng, people::WEST_EUROPEAN.last)),
                self.letters(pick(rng, people::ENGLISH.first)),
                format!("user{number}@example.org"),
                roles.to_owned(),
                buildings,
            ]
        };
        let rows = (0..20 + hired).map(row).collect();
        let roles = if self.shape == Shape::Staff { "Role" } else { "Roles" };
        table(&["User Name", "Last Name", "First Name", "Email", roles, "Buildings"], rows)
    }
}

pub(super) fn user_roles() -> Table {
    let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
    let rows = [
        ["Teacher", "IEP", "view", "edit"],
        ["Teacher", "Health Plan", "none", "view"],
        ["Case Manager", "IEP", "edit", "owner"],
        ["Nurse", "Health Plan", "owner", "owner"],
        ["Principal", "IEP", "view", "view"],
    ];
    table(&["Role", "Form", "Default", "Maximum"], rows.map(row).to_vec())
}

fn table(header: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { header: header.iter().map(|it| (*it).to_owned()).collect(), rows }
}

impl Table {
    /// The table as CSV.
    pub(super) fn write(&self, quotes: Quotes, line_end: &str) -> Vec<u8> {
        let mut out = String::new();
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (position, cell) in row.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                let needs = cell.contains(['"', ',', '\n', '\r']);
                let is_text = !cell.is_empty() && !cell.bytes().all(|byte| byte.is_ascii_digit());
                if needs || quotes == Quotes::All || quotes == Quotes::Text && is_text {
                    out.push('"');
                    out.push_str(&cell.replace('"', "\"\""));
                    out.push('"');
                } else {
                    out.push_str(cell);
                }
            }
            out.push_str(line_end);
        }
        out.into_bytes()
    }
}
