//! Districts that do not exist, whose deliveries have nothing wrong with them.

mod deliveries;
mod files;
#[path = "../../shared/numbers.rs"]
pub(crate) mod numbers;
mod people;
mod places;
mod students;

pub(crate) use deliveries::deliveries;
pub(crate) use files::Table;

use people::Names;
use places::Place;

/// One of two deliveries that a district makes on successive days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    Before,
    Today,
}

/// What a district is like, and how its system writes files.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent of the others")]
pub(crate) struct Delivery {
    pub(crate) name: &'static str,
    /// The day on which dates are checked: its year, month and day.
    pub(crate) today: (u16, u8, u8),
    pub(crate) shape: Shape,
    students: usize,
    names: &'static [Names],
    /// Whether a few surnames look like no value.
    has_like_no_value: bool,
    letters: Letters,
    ids: Ids,
    dates: Dates,
    ages: Ages,
    grades: Grades,
    places: &'static [Place],
    buildings: &'static [(&'static str, &'static str)],
    season: Season,
    columns: Columns,
    guardians: Guardians,
    has_absences: bool,
    /// Whether some addresses have two lines.
    has_line_breaks: bool,
    has_users: bool,
    quotes: Quotes,
    crlf: bool,
    has_final_line_end: bool,
}

/// What lies where.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An epoch.
    Epoch,
    /// Files with the suffix `_auto.csv` in an upload folder, from which the server made an epoch
    /// the day before.
    Auto,
    /// An upload folder with the epochs of both days.
    Upload,
    /// An epoch of staff only.
    Staff,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letters {
    AsUsual,
    Lower,
    Upper,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// Counted from 1.
    Counted,
    /// Numbers of that many digits.
    Digits(u32),
    /// Numbers that have just grown from 8 to 9 digits.
    Growing,
    /// Numbers that were 4 to 9 digits long over the years.
    AnyLength,
    /// Numbers filled up with zeros to that width.
    Zeros(usize),
    /// Two letters of the state and a number.
    Lettered,
    /// 20 hexadecimal digits.
    Hexadecimal,
    /// Letters and digits in no order.
    Mixed,
    /// The year of graduation and a number.
    Year,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Dates {
    MonthSlash,
    MonthHyphen,
    YearSlash,
    YearHyphen,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ages {
    School,
    /// Pupils, of whom one in three has the first of January for a birthday, as refugees have.
    BornOnNewYear,
    Preschool,
    Adults,
    /// Pupils, and those who have left long ago.
    WithAlumni,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grades {
    Numbers,
    TwoDigits,
    Words,
    Empty,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Season {
    Usual,
    /// Between two years: some are enrolled for the next one, no one is absent.
    Summer,
    /// The first day of the new year: everybody is a grade higher.
    Rollover,
    /// The absences begin anew.
    Restart,
    /// Nothing has changed since the day before.
    Weekend,
    /// A new version of the system writes other letters and dates than the day before, and the
    /// records in another order.
    NewVersion,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    All,
    Required,
    WithoutMiddleName,
    WithoutRace,
    /// All of them, the last one first.
    Backwards,
    /// All of them and one of the district's own.
    OneMore,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Guardians {
    NoFile,
    /// A few columns; so many of 100 students have somebody.
    Short(u64),
    /// An address, a language and more.
    Long(u64),
    /// Columns that students have, too.
    LikeStudents(u64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Needed,
    All,
    /// Whatever is no number.
    Text,
}

impl Delivery {
    /// A middling district on an ordinary day.
    const fn new(name: &'static str, students: usize) -> Self {
        Self {
            name,
            today: (2026, 1, 5),
            shape: Shape::Epoch,
            students,
            names: &[people::ENGLISH, people::SPANISH],
            has_like_no_value: false,
            letters: Letters::AsUsual,
            ids: Ids::Digits(7),
            dates: Dates::MonthSlash,
            ages: Ages::School,
            grades: Grades::Numbers,
            places: places::OHIO,
            buildings: places::SCHOOLS,
            season: Season::Usual,
            columns: Columns::All,
            guardians: Guardians::Short(100),
            has_absences: true,
            has_line_breaks: false,
            has_users: false,
            quotes: Quotes::Needed,
            crlf: false,
            has_final_line_end: true,
        }
    }

    /// The epoch of that day; `today` is never the first of a month.
    fn epoch(&self, day: Day) -> String {
        let (year, month, of_month) = self.today;
        let of_month = if day == Day::Today { of_month } else { of_month - 1 };
        format!("{year}{month:02}{of_month:02}-020000")
    }

    /// Where the delivery of that day lies, and so the PATH to lint.
    pub(crate) fn path(&self, day: Day) -> String {
        match (self.shape, day) {
            (Shape::Auto, Day::Today) => "upload".to_owned(),
            (Shape::Upload, _) => format!("upload/{}", self.epoch(day)),
            _ => self.epoch(day),
        }
    }

    /// The files of that day with their paths.
    pub(crate) fn files(&self, day: Day) -> Vec<(String, Vec<u8>)> {
        let (path, is_auto) = (self.path(day), self.shape == Shape::Auto && day == Day::Today);
        let mut files = Vec::new();
        for (name, table) in self.tables(day) {
            let name = if is_auto { name.replace(".csv", "_auto.csv") } else { name.to_owned() };
            files.push((format!("{path}/{name}"), self.write(&table)));
        }
        if !is_auto {
            files.push((format!("{path}/COMPLETE"), Vec::new()));
        }
        files
    }

    /// The tables of that day by their names in the API.
    pub(crate) fn tables(&self, day: Day) -> Vec<(&'static str, Table)> {
        if self.season == Season::NewVersion && day == Day::Before {
            let (letters, dates) = (Letters::Upper, Dates::MonthSlash);
            return Self { letters, dates, season: Season::Usual, ..self.clone() }.tables(day);
        }
        let mut tables = Vec::new();
        if self.shape != Shape::Staff {
            let students = self.students_of(day);
            tables.push(("students.csv", self.student_table(&students)));
            if self.guardians != Guardians::NoFile {
                tables.push(("guardians.csv", self.guardian_table(&students)));
            }
            if self.has_absences {
                tables.push(("absences.csv", self.absence_table(&students, day)));
            }
        }
        if self.has_users || self.shape == Shape::Staff {
            tables.push(("users.csv", self.user_table(day)));
            tables.push(("user_roles.csv", files::user_roles()));
        }
        tables
    }

    /// The file that a table becomes.
    pub(crate) fn write(&self, table: &Table) -> Vec<u8> {
        let mut bytes = table.write(self.quotes, if self.crlf { "\r\n" } else { "\n" });
        if !self.has_final_line_end {
            bytes.pop();
            if self.crlf {
                bytes.pop();
            }
        }
        bytes
    }
}
