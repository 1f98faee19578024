//! The students of a district on one day.

use super::numbers::{Rng, pick};
use super::places::Place;
use super::{Ages, Dates, Day, Delivery, Grades, Ids, Letters, Season, people};

pub(crate) struct Student {
    /// Which of the district's students it is, on all days the same.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) last: String,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) birth: String,
    pub(crate) gender: &'static str,
    pub(crate) enrollment: &'static str,
    pub(crate) grade: String,
    pub(crate) address: String,
    pub(crate) place: Place,
    pub(crate) race: &'static str,
    pub(crate) building: (&'static str, &'static str),
}

/// Years of age at which somebody is in the first grade.
const FIRST_GRADE: u64 = 6;
/// The last grade.
const LAST_GRADE: u64 = 12;

impl Delivery {
    /// Who is in the delivery of a day: from one day to the next about one in a hundred comes, and
    /// one goes.
    pub(super) fn students_of(&self, day: Day) -> Vec<Student> {
        let (count, moving) = (self.students as u64, self.students as u64 / 100);
        let from = match (day, self.season) {
            (Day::Before, _) | (_, Season::Weekend) => 0,
            (Day::Today, _) => moving,
        };
        let mut numbers: Vec<_> = (from..from + count).collect();
        if self.season == Season::NewVersion {
            numbers.sort_by_key(|number| Rng(*number).below(u64::MAX));
        }
        numbers.into_iter().map(|number| self.student(number, day)).collect()
    }

    fn student(&self, number: u64, day: Day) -> Student {
        let rng = &mut Rng(number ^ (self.name.len() as u64) << 32);
        let is_changed = day == Day::Today && self.season != Season::Weekend;
        let names =
            usize::try_from(number).ok().and_then(|it| self.names.get(it % self.names.len()));
        let names = names.unwrap_or(&people::ENGLISH);
        let (mut last, mut first) = (pick(rng, names.last), pick(rng, names.first));
        let middle = pick(rng, names.middle);
        if self.has_like_no_value && number % 61 == 7 {
            let index = usize::try_from(number / 61).unwrap_or_default();
            let rare = people::LIKE_NO_VALUE;
            last = rare.get(index % rare.len()).unwrap_or(&last);
        }
        if self.has_like_no_value && number % 71 == 9 {
            first = pick(&mut Rng(number), &["Nan", "Na", "True", "Nona"]);
        }
        if is_changed && number % 211 == 3 {
            // Somebody was adopted.
            last = pick(&mut Rng(number + 1), names.last);
        }
        let age = self.age(rng);
        let birth = self.birth(rng, age);
        let enrollment = self.enrollment(number, age, day);
        let gender = match self.letters {
            Letters::AsUsual => pick(rng, &["M", "F"]),
            Letters::Lower => pick(rng, &["m", "f"]),
            Letters::Upper => pick(rng, &["Male", "Female"]),
        };
        let mut house = 1 + rng.below(9_000);
        if is_changed && number % 97 == 13 {
            house += 12;
        }
        let place = self.places.get(below(rng, self.places.len()));
        let place = place.copied().unwrap_or_default();
        let address = if place.0.is_empty() { String::new() } else { self.address(rng, house) };
        let building = self.buildings.get(below(rng, self.buildings.len()));
        Student {
            number,
            id: self.id(number, age),
            last: self.letters(last),
            first: self.letters(first),
            middle: self.letters(middle),
            birth,
            gender,
            enrollment,
            grade: self.grade(age, day),
            address,
            place,
            race: pick(rng, &["White", "Black or African American", "Asian", "Two or More", ""]),
            building: building.copied().unwrap_or_default(),
        }
    }

    /// A text in the letters that the district uses.
    pub(super) fn letters(&self, text: &str) -> String {
        match self.letters {
            Letters::AsUsual => text.to_owned(),
            Letters::Lower => text.to_lowercase(),
            Letters::Upper => text.to_uppercase(),
        }
    }

    fn address(&self, rng: &mut Rng, house: u64) -> String {
        let street = pick(rng, &["Oak St", "Main St", "2nd Street", "Hillcrest Dr", "Rte. 9"]);
        self.letters(&match rng.below(12) {
            0 => format!("{house} {street}, Apt {}", 1 + rng.below(30)),
            1 => format!("PO Box {house}"),
            2 => format!("{house} \"Old\" {street} #{}", 1 + rng.below(9)),
            3 => format!("{house}½ {street} & 3rd Ave"),
            4 if self.has_line_breaks => format!("c/o Smith & Sons\n{house} {street}"),
            _ => format!("{house} {street}"),
        })
    }

    fn age(&self, rng: &mut Rng) -> u64 {
        match self.ages {
            Ages::School | Ages::BornOnNewYear => 5 + rng.below(13),
            Ages::Preschool => 3 + rng.below(3),
            Ages::Adults => 19 + rng.below(60),
            Ages::WithAlumni => match rng.below(3) {
                0 => 19 + rng.below(70),
                _ => 5 + rng.below(13),
            },
        }
    }

    /// The date of birth of somebody of that age.
    fn birth(&self, rng: &mut Rng, age: u64) -> String {
        let (month, day) = match self.ages {
            Ages::BornOnNewYear if rng.below(3) == 0 => (1, 1),
            _ => (1 + rng.below(12), 1 + rng.below(28)),
        };
        self.date(2025 - age, month, day)
    }

    /// A date as the district writes it.
    pub(super) fn date(&self, year: u64, month: u64, day: u64) -> String {
        match self.dates {
            Dates::MonthSlash => format!("{month:02}/{day:02}/{year}"),
            Dates::MonthHyphen => format!("{month:02}-{day:02}-{year}"),
            Dates::YearSlash => format!("{year}/{month:02}/{day:02}"),
            Dates::YearHyphen => format!("{year}-{month:02}-{day:02}"),
        }
    }

    fn enrollment(&self, number: u64, age: u64, day: Day) -> &'static str {
        const LEFT: [&str; 6] =
            ["TRANSFERRED", "WITHDREW", "INACTIVE", "DROPPED_OUT", "HISTORICAL_IDLE", "GRADUATED"];
        let left = usize::try_from(number / 23).unwrap_or_default() % LEFT.len();
        let left = LEFT.get(left).copied().unwrap_or_default();
        match self.season {
            Season::Summer if number.is_multiple_of(5) => "PRE_ENROLLED",
            Season::Rollover if day == Day::Today && age - 5 >= LAST_GRADE => "GRADUATED",
            _ if self.ages == Ages::WithAlumni && age > 18 => left,
            _ if number % 23 == 11 => left,
            _ if day == Day::Before && number % 89 == 7 => "PRE_ENROLLED",
            _ => "ENROLLED",
        }
    }

    fn grade(&self, age: u64, day: Day) -> String {
        let is_higher = self.season == Season::Rollover && day == Day::Today;
        let year = (age + 1 + u64::from(is_higher)).min(FIRST_GRADE + LAST_GRADE);
        match (self.grades, year.checked_sub(FIRST_GRADE)) {
            (Grades::Empty, _) => String::new(),
            (Grades::Words, None) => "Preschool".to_owned(),
            (_, None) => "PK".to_owned(),
            (Grades::Words, Some(0)) => "Kindergarten".to_owned(),
            (_, Some(0)) => "KG".to_owned(),
            (Grades::Words, Some(grade)) => format!("Grade {grade}"),
            (Grades::TwoDigits, Some(grade)) => format!("{grade:02}"),
            (Grades::Numbers, Some(grade)) => grade.to_string(),
        }
    }

    fn id(&self, number: u64, age: u64) -> String {
        // Ids are given in order, and some of those who had one have left.
        let spread = number * 3 + Rng(number).below(3);
        match self.ids {
            Ids::Counted => (number + 1).to_string(),
            Ids::Digits(digits) => (10_u64.pow(digits - 1) + spread).to_string(),
            Ids::Growing => (100_000_000 - self.students as u64 + spread).to_string(),
            Ids::AnyLength => {
                let digits = u32::try_from(number % 6).unwrap_or_default();
                (10_u64.pow(digits + 3) + spread).to_string()
            }
            Ids::Zeros(width) => format!("{:0width$}", number + 1),
            Ids::Lettered => format!("OH{:07}", 4_000_000 + spread),
            Ids::Hexadecimal => {
                let mut rng = Rng(number);
                let (high, low) = (rng.below(u64::MAX), rng.below(1 << 16));
                format!("{high:016x}{low:04x}")
            }
            Ids::Mixed => {
                let letter = pick(&mut Rng(number), &["A", "b", "K", "zz", "Q7"]);
                format!("{letter}{spread}x")
            }
            Ids::Year => format!("{}{number:04}", 2025 + 18 - age.min(18)),
        }
    }
}

fn below(rng: &mut Rng, bound: usize) -> usize {
    usize::try_from(rng.below(bound as u64)).unwrap_or_default()
}
