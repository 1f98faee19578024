//! Made-up districts, as they are on one day and on another.

use std::fmt::Write as _;

use super::{BEFORE, NOW, findings, request, run_in, with_epoch};
use crate::listing::Memory;
use crate::report::Report;

pub(super) const COLUMNS: [&str; 20] = [
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

/// Numbers that look like chance, and are the same each time.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from(mixed >> 33).unwrap() % end
    }

    pub(super) fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    /// Whether something happens that happens so often in a thousand times.
    pub(super) fn happens(&mut self, in_a_thousand: usize) -> bool {
        self.below(1000) < in_a_thousand
    }
}

const LAST: [&str; 24] = [
    "Okafor",
    "Nguyen",
    "García",
    "Smith-Jones",
    "O'Hara",
    "Müller",
    "Lee",
    "Brown",
    "Ibn Said",
    "Zhou",
    "de la Cruz",
    "Washington",
    "Kowalski",
    "Haddad",
    "Nuñez",
    "Tanaka",
    "Silva",
    "Novák",
    "Ahmed",
    "Larsen",
    "Moreau",
    "Ivanov",
    "Mensah",
    "Delgado",
];
const FIRST: [&str; 20] = [
    "Ada", "Linh", "José", "Emma", "Jan", "Layla", "Zoë", "Yuki", "Sofia", "Marcus", "Kofi",
    "Bruno", "Petra", "Omar", "Greta", "Lars", "Chloe", "Rui", "Elena", "D'Andre",
];
const STREETS: [&str; 6] = ["Oak St", "Cedar Ln", "Elm Ave", "Maple Ct", "Birch Rd", "2nd St."];
const RACES: [&str; 5] = ["White", "Black", "Asian", "Hispanic", "Two or More"];
pub(super) const GRADES: [&str; 13] =
    ["KG", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

/// A student and how many guardians there are.
#[derive(Clone)]
pub(super) struct Pupil {
    pub(super) values: [String; 20],
    pub(super) guardians: usize,
}

impl Pupil {
    pub(super) fn new(number: usize, grade: usize, dice: &mut Dice) -> Self {
        let building =
            [("Oak Elementary", "104101"), ("Cedar Middle", "104102"), ("High", "104103")];
        let (building, code) = building[usize::from(grade > 5) + usize::from(grade > 8)];
        let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
        let is_served_elsewhere = dice.happens(40);
        let values = [
            (10_001 + 7 * number).to_string(),
            dice.of(&LAST).to_owned(),
            String::new(),
            dice.of(&FIRST).to_owned(),
            format!("{month:02}/{day:02}/{}", 2020 - grade),
            dice.of(&["F", "M"]).to_owned(),
            "ENROLLED".to_owned(),
            GRADES[grade].to_owned(),
            format!("{} {}", 1 + dice.below(900), dice.of(&STREETS)),
            dice.of(&["Dayton", "Kettering", "Oakwood"]).to_owned(),
            "OH".to_owned(),
            dice.of(&["45402", "45429", "45419"]).to_owned(),
            dice.of(&RACES).to_owned(),
            "Riverbend Local".to_owned(),
            "Montgomery".to_owned(),
            if is_served_elsewhere { "County ESC" } else { "Riverbend Local" }.to_owned(),
            format!("RB{}", 550_001 + number),
            building.to_owned(),
            code.to_owned(),
            (88_001 + 3 * number).to_string(),
        ];
        Self { values, guardians: 1 + dice.below(2) }
    }

    pub(super) fn get(&self, column: &str) -> &str {
        &self.values[at(column)]
    }

    pub(super) fn set(&mut self, column: &str, value: impl Into<String>) {
        self.values[at(column)] = value.into();
    }

    pub(super) fn grade(&self) -> usize {
        GRADES.iter().position(|grade| *grade == self.get("Grade")).unwrap()
    }
}

pub(super) fn at(column: &str) -> usize {
    COLUMNS.iter().position(|other| *other == column).unwrap()
}

/// So many students, as many in each grade.
pub(super) fn district(count: usize, seed: u64) -> Vec<Pupil> {
    let dice = &mut Dice::new(seed + 1);
    (0..count).map(|number| Pupil::new(number, (number + dice.below(3)) % 13, dice)).collect()
}

pub(super) fn students(pupils: &[Pupil]) -> String {
    let lines = pupils.iter().map(|pupil| pupil.values.join(",") + "\n");
    COLUMNS.join(",") + "\n" + &lines.collect::<String>()
}

pub(super) fn guardians(pupils: &[Pupil]) -> String {
    let mut text = "Student Id,Last Name,Phone\n".to_owned();
    for pupil in pupils {
        for number in 0..pupil.guardians {
            let (id, name) = (pupil.get("Student Id"), pupil.get("Last Name"));
            let _ = writeln!(text, "{id},{name},937-555-010{number}");
        }
    }
    text
}

pub(super) fn delivery(pupils: &[Pupil]) -> Vec<(&'static str, String)> {
    vec![("students.csv", students(pupils)), ("guardians.csv", guardians(pupils))]
}

/// What is reported of one delivery after another.
pub(super) fn compare(before: &[(&str, String)], now: &[(&str, String)]) -> Report {
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, before), NOW, now);
    run_in(&tree, &request(NOW, BEFORE))
}

/// The errors and warnings, `error[drift/changed-identity] Gender`, the column only if there is one.
pub(super) fn serious(report: &Report) -> Vec<String> {
    let columns = report.found.findings.iter().map(|it| {
        let place = it.finding.location.as_ref();
        place.and_then(|place| place.known_field().map(str::to_owned))
    });
    let found = findings(report).into_iter().zip(columns).map(|((name, _), column)| {
        let (_, name) = name.split_once(": ").unwrap();
        format!("{name} {}", column.unwrap_or_default()).trim_end().to_owned()
    });
    found.filter(|name| !name.starts_with("advice")).collect()
}
