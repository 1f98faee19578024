//! Districts without a defect, which must have no findings.

use std::env;
use std::fmt::Write;

use crate::testing::{quoted, summary};
use crate::text::calendar::Date;
use crate::{Session, Severity, generic_api};

/// How many students a district has.
const STUDENTS: u64 = 2_000;

#[test]
fn clean_districts_give_no_error_and_no_warning() {
    let seeds = env::var("SAMEGOAL_LINT_SEEDS").map_or(20, |seeds| seeds.parse().unwrap());
    let api = generic_api();
    let today = Date { year: 2026, month: 1, day: 5 };
    for seed in 0..seeds {
        let district = District::new(seed);
        let buildings = BUILDINGS.iter().map(|(name, _)| (*name).to_owned());
        let mut session = Session::new(&api).with_today(today).with_buildings(buildings);
        let mut findings = Vec::new();
        for (name, csv) in [
            ("students.csv", district.students()),
            ("guardians.csv", district.guardians()),
            ("users.csv", district.users()),
        ] {
            let summary = session.check(name, csv.as_bytes(), &mut findings).unwrap();
            assert!(summary.records.is_some_and(|records| records > 0));
        }
        let bad: Vec<String> = findings
            .iter()
            .filter(|finding| finding.severity() >= Severity::Warning)
            .take(5)
            .map(summary)
            .collect();
        assert!(bad.is_empty(), "seed {seed}: {bad:?}");
    }
}

/// Numbers that look random but are the same every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.roll() % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}

/// A district, and how it writes things.
struct District {
    dice: Dice,
    ids: Vec<String>,
    dates: DateStyle,
    is_in_capitals: bool,
    reporting: Ids,
    zips: Zips,
}

type DateStyle = fn(Date) -> String;

const DATE_STYLES: [DateStyle; 4] = [
    |date| format!("{:02}/{:02}/{:04}", date.month, date.day, date.year),
    |date| format!("{:02}-{:02}-{:04}", date.month, date.day, date.year),
    |date| format!("{:04}/{:02}/{:02}", date.year, date.month, date.day),
    |date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
];

/// How ids are assigned.
#[derive(Clone, Copy)]
enum Ids {
    /// One after the other, past a power of ten.
    Growing { first: u64, step: u64 },
    /// Same length, with leading zeros.
    Padded { digits: usize },
    /// Same length and scattered, with leading zeros.
    Scattered { digits: usize },
    /// The year of entry and a number.
    ByYear,
    /// Letters and digits, the letters in one case.
    Lettered { prefix: &'static str },
    /// Three in four students have an id of ten digits, the others a local one.
    Mixed,
}

const IDS: [Ids; 12] = [
    Ids::Growing { first: 1, step: 1 },
    Ids::Growing { first: 9_000, step: 1 },
    Ids::Growing { first: 99_800, step: 7 },
    Ids::Growing { first: 9_990_000, step: 41 },
    Ids::Growing { first: 98_000_000, step: 1_543 },
    Ids::Padded { digits: 6 },
    Ids::Padded { digits: 9 },
    Ids::Scattered { digits: 9 },
    Ids::Scattered { digits: 10 },
    Ids::ByYear,
    Ids::Lettered { prefix: "S" },
    Ids::Mixed,
];

impl Ids {
    fn id(self, number: u64) -> String {
        let scattered = |digits: usize| {
            let power = 10_u64.pow(u32::try_from(digits).unwrap());
            // A factor without the divisors of a power of ten, so that all are different.
            let id = u128::from(number) * 7_919_000_000_003 % u128::from(power);
            format!("{id:0digits$}")
        };
        match self {
            Self::Growing { first, step } => (first + number * step).to_string(),
            Self::Padded { digits } => format!("{number:0digits$}"),
            Self::Scattered { digits } => scattered(digits),
            Self::ByYear => format!("{}{number:04}", 2012 + number % 14),
            Self::Lettered { prefix } => format!("{prefix}{}", number + 1),
            Self::Mixed if number.is_multiple_of(4) => (40_000 + number).to_string(),
            Self::Mixed => format!("1{}", scattered(9)),
        }
    }
}

/// Where a district is.
#[derive(Clone, Copy)]
enum Zips {
    Ohio,
    Massachusetts,
    NewYork,
    PuertoRico,
}

/// Five digits, five and four, and a few that are foreign or empty.
fn zip(zips: Zips, dice: &mut Dice) -> String {
    const ABROAD: &[&str] = &["K1A 0B1", "SW1A 1AA", "06100", "110001", "D02 AF30", "N2L 3G1"];
    let first = match zips {
        Zips::Ohio => 43_001,
        Zips::Massachusetts => 1_001,
        Zips::NewYork => dice.of(&[10_001, 10_001, 10_001, 6_801, 7_001]),
        Zips::PuertoRico => 601,
    };
    let zip = first + dice.below(390);
    match dice.below(1_000) {
        // Vienna, Zürich and Sydney are rare in a school's list.
        0 => dice.of(&["1010", "8001", "2000"]).to_owned(),
        1..20 => dice.of(ABROAD).to_owned(),
        20..50 => String::new(),
        50..300 => format!("{zip:05}-{:04}", dice.below(10_000)),
        _ => format!("{zip:05}"),
    }
}

const BUILDINGS: &[(&str, &str)] = &[
    ("North High School", "000012"),
    ("South High School", "062893"),
    ("St. Mary's", "12"),
    ("O’Neill Elementary", "62893"),
    ("Montañas K-8", "0A7"),
    ("P.S. 12", "112"),
    ("École Ste-Anne", "120"),
];

const LAST_NAMES: &[&str] = &[
    "Okafor",
    "Nguyễn",
    "O'Brien",
    "O’Connor",
    "Muñoz",
    "García-Pérez",
    "Van der Berg",
    "Null",
    "None",
    "Na",
    "Nan",
    "Test",
    "True",
    "Ng",
    "Ó Súilleabháin",
    "Łukaszewicz",
    "Kříž",
    "Šimůnek",
    "Öztürk",
    "İnan",
    "Ağaoğlu",
    "Åström",
    "Ærø",
    "Þórsdóttir",
    "Müller",
    "Groß",
    "D’André",
    "João Conceição",
    "Guimarães",
    "Ștefănescu",
    "Erdős",
    "Иванов",
    "Шевченко",
    "Παπαδόπουλος",
    "王",
    "김",
    "محمد",
    "כהן",
    "थापा",
    "ສີສຸກ",
    "Đặng",
    "Kekuʻokalani",
    "Smith Jr.",
    "Smith III",
    "Nakai Begay",
    "de la Cruz",
    "St. John",
    "Íñiguez",
    "Žižka",
    "ʻAkau",
    "Nuñez-O’Hara",
    "Á",
];

const FIRST_NAMES: &[&str] = &[
    "Ada",
    "Linh",
    "José",
    "María José",
    "Zoë",
    "Chloé",
    "X",
    "Ñ",
    "Anne-Marie",
    "D'Angelo",
    "J.",
    "Jean–Luc",
    "Seán",
    "Søren",
    "Ægir",
    "Łucja",
    "Ayşe",
    "Åsa",
    "Ömer",
    "Иван",
    "明",
    "지우",
    "فاطمة",
    "Ana Sofía",
    "Jean’e",
    "Mʼbala",
    "Thị",
    "João",
    "Noël",
    "TJ",
    "Mary \"May\"",
];

const ADDRESSES: &[&str] = &[
    "12 Oak St",
    "12 Oak St, Apt 3",
    "#4 – 120 Main St.",
    "P.O. Box 12",
    "c/o Ruth O’Hara",
    "1 ½ Elm Ave",
    "Calle 5 Nº 12, 3º Izq.",
    "221B Baker Street",
    "Straße des 17. Juni 135",
    "Rue de l’Église 5",
    "1234 N 500 W",
    "Hwy 7 & 5th",
    "5 Piñon “Upper” Rd",
    "12-34 56th Rd",
];

const ROLES: &[(&str, &str)] = &[
    ("Teacher", "North High School"),
    ("Teacher", "North High School,South High School"),
    ("Teacher;Coach", "North High School;South High School,P.S. 12"),
    ("Psychologist", ""),
    ("Admin;Teacher", ";P.S. 12"),
];

impl District {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let own = dice.of(&IDS);
        Self {
            ids: (0..STUDENTS).map(|number| own.id(number)).collect(),
            dates: dice.of(&DATE_STYLES),
            is_in_capitals: dice.one_in(3),
            reporting: dice.of(&IDS),
            zips: dice.of(&[Zips::Ohio, Zips::Massachusetts, Zips::NewYork, Zips::PuertoRico]),
            dice,
        }
    }

    fn dice(&self, salt: u64) -> Dice {
        Dice(self.dice.0 ^ salt)
    }

    fn name(&self, names: &[&str], dice: &mut Dice) -> String {
        let mut name = dice.of(names);
        // They are rare.
        while matches!(name, "Null" | "None" | "Na" | "Nan") && !dice.one_in(4) {
            name = dice.of(names);
        }
        if self.is_in_capitals { name.to_uppercase() } else { name.to_owned() }
    }

    fn students(&self) -> String {
        let mut dice = self.dice(1);
        let mut csv = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
            District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
            County of Residence,District of Service,Student Reporting Id,Building,\
            Building Reporting Id,SIS Internal ID\n"
            .to_owned();
        let mut before: Option<(String, String)> = None;
        for (number, id) in (0..).zip(&self.ids) {
            let born = Date {
                year: 2004 + u16::try_from(dice.below(18)).unwrap(),
                month: 1 + u8::try_from(dice.below(12)).unwrap(),
                day: 1 + u8::try_from(dice.below(28)).unwrap(),
            };
            // Twins have the last name and the day of the one before.
            let (last, born) = match before.take() {
                Some(twin) if dice.one_in(30) => twin,
                _ => (self.name(LAST_NAMES, &mut dice), (self.dates)(born)),
            };
            before = Some((last.clone(), born.clone()));
            let middle = match dice.below(4) {
                0 => String::new(),
                1 => dice.of(&["A", "N", "É", "O."]).to_owned(),
                _ => self.name(FIRST_NAMES, &mut dice),
            };
            let zip = zip(self.zips, &mut dice);
            // Foreign addresses have no state.
            let is_abroad = zip.split('-').next().is_none_or(|zip| zip.len() != 5);
            let states = if is_abroad { &["", "ON"][..] } else { &["OH", "MA", "NY", "PR", ""] };
            let state = dice.of(states);
            let (building, code) = dice.of(BUILDINGS);
            let reporting = if dice.one_in(9) { String::new() } else { self.reporting.id(number) };
            let fields = [
                id.clone(),
                last,
                middle,
                self.name(FIRST_NAMES, &mut dice),
                born,
                dice.of(&["M", "F", "male", "Female"]).to_owned(),
                dice.of(&["ENROLLED", "ENROLLED", "PRE_ENROLLED", "INACTIVE"]).to_owned(),
                dice.of(&["K", "PK", "-1", "01", "7", "12", "NA", "UG", ""]).to_owned(),
                dice.of(ADDRESSES).to_owned(),
                dice.of(&["Dayton", "Cañon City", "Nanuet", "Coeur d’Alene", ""]).to_owned(),
                state.to_owned(),
                zip,
                dice.of(&["W", "NA", "None", "Two or More", "5", ""]).to_owned(),
                dice.of(&["", "Dayton City", "043844"]).to_owned(),
                dice.of(&["", "Montgomery"]).to_owned(),
                String::new(),
                reporting,
                building.to_owned(),
                code.to_owned(),
                (9_000 + number).to_string(),
            ];
            writeln!(csv, "{}", fields.map(|field| quoted(&field)).join(",")).unwrap();
        }
        csv
    }

    /// One or two for each student, and none for a few.
    fn guardians(&self) -> String {
        let mut dice = self.dice(2);
        let mut csv = "Student Id,Guardian,Relation,Phone\n".to_owned();
        for id in &self.ids {
            let count = if dice.below(20) == 0 { 0 } else { 1 + dice.below(2) };
            for _ in 0..count {
                let name = [self.name(FIRST_NAMES, &mut dice), self.name(LAST_NAMES, &mut dice)];
                let relation = dice.of(&["Mother", "Father", "None", "N/A", ""]);
                let phone = dice.of(&["937-555-0100", "+1 937 555 0100", "", "9375550100"]);
                writeln!(csv, "{id},{},{relation},{phone}", quoted(&name.join(" "))).unwrap();
            }
        }
        csv
    }

    fn users(&self) -> String {
        let mut dice = self.dice(3);
        let mut csv = "User,Role,Buildings\n".to_owned();
        for number in 0..50 {
            let (roles, buildings) = dice.of(ROLES);
            writeln!(csv, "user{number},{},{}", quoted(roles), quoted(buildings)).unwrap();
        }
        csv
    }
}
