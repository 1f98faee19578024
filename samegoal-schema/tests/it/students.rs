//! Clean files of students, as varied as the API allows.

use std::ops::Range;

use crate::support::API;

/// Random choices derived from one number.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // SplitMix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    /// A number from a range.
    pub(crate) fn within(&mut self, range: Range<usize>) -> usize {
        range.start + self.below(range.len())
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// True in one of this many cases.
    pub(crate) fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }
}

/// One field: its value, and whether it is in quotes.
#[derive(Clone)]
pub(crate) struct Cell {
    pub(crate) value: Vec<u8>,
    pub(crate) quoted: bool,
}

impl Cell {
    /// A value that is in quotes if necessary, and sometimes otherwise.
    pub(crate) fn new(value: &str, dice: &mut Dice) -> Self {
        let value = value.as_bytes().to_vec();
        let quoted = !is_plain(&value) || dice.one_in(5);
        Self { value, quoted }
    }

    /// The field as it is in the file.
    fn raw(&self) -> Vec<u8> {
        if self.quoted { quote(&self.value) } else { self.value.clone() }
    }
}

/// Whether a value needs no quotes.
pub(crate) fn is_plain(value: &[u8]) -> bool {
    !value.iter().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
}

/// A value in quotes.
pub(crate) fn quote(value: &[u8]) -> Vec<u8> {
    let mut raw = vec![b'"'];
    for byte in value {
        raw.push(*byte);
        if *byte == b'"' {
            raw.push(b'"');
        }
    }
    raw.push(b'"');
    raw
}

/// A file before it is written. The first record is the header.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) records: Vec<Vec<Cell>>,
    pub(crate) line_end: &'static str,
    /// Whether the last record has a line end.
    pub(crate) ends: bool,
    /// The form of its dates.
    pub(crate) date: fn(u16, u8, u8) -> String,
}

/// A file, and where the fields of each record are.
pub(crate) struct Written {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fields: Vec<Vec<Range<usize>>>,
}

impl Written {
    /// Where a record starts; the line end before it is not part of it.
    pub(crate) fn start(&self, record: usize) -> usize {
        self.fields[record][0].start
    }

    /// Where a record's line end starts.
    pub(crate) fn end(&self, record: usize) -> usize {
        self.fields[record].last().unwrap().end
    }
}

impl Table {
    pub(crate) fn write(&self) -> Written {
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        for (index, record) in self.records.iter().enumerate() {
            let mut ranges = Vec::new();
            for (column, cell) in record.iter().enumerate() {
                if column > 0 {
                    bytes.push(b',');
                }
                let start = bytes.len();
                bytes.extend(cell.raw());
                ranges.push(start..bytes.len());
            }
            fields.push(ranges);
            if index + 1 < self.records.len() || self.ends {
                bytes.extend(self.line_end.bytes());
            }
        }
        Written { bytes, fields }
    }

    /// The position of the column with that name.
    pub(crate) fn column(&self, name: &str) -> usize {
        let of_that_name = |cell: &Cell| cell.value == name.as_bytes();
        self.records[0].iter().position(of_that_name).unwrap()
    }

    /// One of the records after the header.
    pub(crate) fn any_record(&self, dice: &mut Dice) -> usize {
        dice.within(1..self.records.len())
    }

    /// The positions of the columns that must be filled.
    pub(crate) fn required(&self) -> Vec<usize> {
        REQUIRED.iter().map(|name| self.column(name)).collect()
    }
}

/// The required columns; a separate list, so that this tests the schema's as well.
pub(crate) const REQUIRED: [&str; 8] = [
    "Student Id",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "District Enrollment",
    "Building",
    "Building Reporting Id",
];

const LAST: &[&str] = &[
    "Okafor",
    "Nguyễn",
    "O'Brien",
    "李",
    "Müller",
    "Иванова",
    "محمد",
    "Παπαδόπουλος",
    "Smith-Jones",
    "de la Cruz",
    "Ōtani",
    "𐐜𐐬𐐻𐐰",
    "Ng, Jr.",
    "Quirk \"Q\" Lee",
];
const FIRST: &[&str] =
    &["Ada", "Zoë", "José", "小明", "Ольга", "שרה", "Robert \"Bob\"", "\"Al\" Alan", "Mary Ann"];
const ADDRESS: &[&str] = &[
    "12 Oak St",
    "12 Oak St, Apt 3",
    "Box 7\nRural Route 2",
    "The \"Old\" Mill",
    "4 Elm Rd,",
    "\"Hilltop\", 4 Mill Rd",
    "Flat 2,\n9 High St, West",
    "",
    "7 Rue de l'Église",
];
const CITY: &[&str] = &["Dayton", "Cañon City", "", "St. Mary's"];
const RACE: &[&str] = &["", "Asian", "Black, Hispanic", "white\nAsian"];
const DISTRICT: &[&str] = &["", "Oakwood City", "Trotwood \"TM\" District", "Mad River, Local"];
const BUILDINGS: &[(&str, &str)] =
    &[("Oak Elementary", "112233"), ("Lincoln, North", "112234"), ("Łukasz High", "112235")];
const GENDERS: &[&str] = &["M", "F", "m", "f", "male", "female", "Male", "Female"];
const ENROLLMENTS: &[&str] = &[
    "PRE_ENROLLED",
    "ENROLLED",
    "TRANSFERRED",
    "WITHDREW",
    "DROPPED_OUT",
    "GRADUATED",
    "INACTIVE",
    "HISTORICAL_IDLE",
];
const DATES: &[fn(u16, u8, u8) -> String] = &[
    |year, month, day| format!("{month:02}/{day:02}/{year}"),
    |year, month, day| format!("{month:02}-{day:02}-{year}"),
    |year, month, day| format!("{year}/{month:02}/{day:02}"),
    |year, month, day| format!("{year}-{month:02}-{day:02}"),
];

/// A clean students.csv with that many records.
pub(crate) fn students(records: usize, dice: &mut Dice) -> Table {
    let mut columns: Vec<&str> =
        API.file("students.csv").unwrap().columns().map(|column| &*column.name).collect();
    if dice.one_in(3) {
        for index in (1..columns.len()).rev() {
            columns.swap(index, dice.below(index + 1));
        }
    }
    let header = columns.iter().map(|name| Cell::new(name, dice)).collect();
    let mut table = Table {
        records: vec![header],
        line_end: dice.pick(&["\n", "\r\n"]),
        ends: !dice.one_in(4),
        date: dice.pick(DATES),
    };
    for number in 0..records {
        let student = student(number, &table, dice);
        table.records.push(student);
    }
    table
}

/// A student who is not in the table, if the number is unused.
pub(crate) fn student(number: usize, table: &Table, dice: &mut Dice) -> Vec<Cell> {
    let (building, reporting) = dice.pick(BUILDINGS);
    let header = table.records[0].iter().map(|cell| std::str::from_utf8(&cell.value).unwrap());
    let mut value = |name: &str| match name {
        "Student Id" => format!("S{:05}", 10_000 + number),
        "Last Name" | "Middle Name" => dice.pick(LAST).to_owned(),
        "First Name" => dice.pick(FIRST).to_owned(),
        "Date of Birth" => {
            let year = u16::try_from(dice.within(2007..2019)).unwrap();
            let month = u8::try_from(dice.within(1..13)).unwrap();
            let day = u8::try_from(dice.within(1..29)).unwrap();
            (table.date)(year, month, day)
        }
        "Gender" => dice.pick(GENDERS).to_owned(),
        // A school without any active student has its own finding.
        "District Enrollment" if number.is_multiple_of(7) => "ENROLLED".to_owned(),
        "District Enrollment" => dice.pick(ENROLLMENTS).to_owned(),
        "Grade" => dice.pick(&["", "K", "1", "12"]).to_owned(),
        "Address" => dice.pick(ADDRESS).replace('\n', table.line_end),
        "City" => dice.pick(CITY).to_owned(),
        "State" => dice.pick(&["", "OH"]).to_owned(),
        "Zip" => dice.pick(&["", "45402", "45419"]).to_owned(),
        "Race" => dice.pick(RACE).to_owned(),
        "Building" => building.to_owned(),
        "Building Reporting Id" => reporting.to_owned(),
        "Student Reporting Id" => format!("AB{:07}", 1_000_000 + number),
        "SIS Internal ID" => format!("{}", 300_000 + number),
        _ => dice.pick(DISTRICT).to_owned(),
    };
    let values: Vec<String> = header.map(&mut value).collect();
    values.iter().map(|value| Cell::new(value, dice)).collect()
}
