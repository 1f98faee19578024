//! A district that does not exist, of any size. The benchmarks make their files with it, too.

use std::io::{self, Write};

use clap::ValueEnum;

#[path = "../shared/numbers.rs"]
mod numbers;

use numbers::{Rng, pick};

/// What the files will be like.
#[derive(Clone, Copy)]
pub(crate) struct Epoch {
    pub(crate) students: u64,
    /// How many a student has.
    pub(crate) guardians: u64,
    /// How many a student has.
    pub(crate) absences: u64,
    /// How many of 100 addresses have a comma.
    pub(crate) quoted: u64,
    /// Whether every field is in quotes.
    pub(crate) quote_all: bool,
    /// Whether guardians and absences come in no order.
    pub(crate) is_random: bool,
    pub(crate) crlf: bool,
    /// How many of 100 students have a fault.
    pub(crate) faults: u64,
}

/// A file of an epoch.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Name {
    Students,
    Guardians,
    Absences,
}

impl Name {
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Students => "students.csv",
            Self::Guardians => "guardians.csv",
            Self::Absences => "absences.csv",
        }
    }

    fn header(self) -> &'static str {
        match self {
            Self::Students => {
                "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
                 District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
                 County of Residence,District of Service,Student Reporting Id,Building,\
                 Building Reporting Id,SIS Internal ID"
            }
            Self::Guardians => "Student Id,Name,Relationship,Phone",
            Self::Absences => "Student Id,Date,Kind",
        }
    }
}

const FIRST: &[&str] =
    &["Ada", "Linh", "Maria", "José", "Yusuf", "Noor", "Zoë", "Ben", "Aiyana", "Wei"];
const LAST: &[&str] =
    &["Okafor", "Nguyen", "Smith", "Muñoz", "O'Neill", "Haddad", "Lee", "Van der Berg"];
const STREETS: &[&str] =
    &["Oak St", "Main St", "Maple Ave", "2nd Street", "Hillcrest Dr", "Lake Rd"];
const CITIES: &[&str] = &["Dayton", "Lima", "Athens", "Kent", "Berea"];

impl Epoch {
    /// How many records a file has, its header not counted.
    pub(crate) fn records(&self, name: Name) -> u64 {
        self.students
            * match name {
                Name::Students => 1,
                Name::Guardians => self.guardians,
                Name::Absences => self.absences,
            }
    }

    /// Writes one file.
    pub(crate) fn write(&self, name: Name, out: &mut impl Write) -> io::Result<()> {
        let mut table = Table { epoch: self, out, row: name.header().into(), quoted: Vec::new() };
        table.end()?;
        match name {
            Name::Students => self.students(&mut table),
            Name::Guardians | Name::Absences => self.related(name, &mut table),
        }
    }

    fn students<W: Write>(&self, table: &mut Table<'_, W>) -> io::Result<()> {
        let mut rng = Rng(1);
        for number in 0..self.students {
            let rng = &mut rng;
            let (house, street) = (rng.below(9_000) + 1, pick(rng, STREETS));
            let address = if rng.below(100) < self.quoted {
                format!("\"{house} {street}, Apt {}\"", rng.below(30) + 1)
            } else {
                format!("{house} {street}")
            };
            let building = rng.below(40);
            // Each record that has a fault has another one of these than the one before.
            let fault = if number % 100 < self.faults { number % 4 } else { 4 };
            let birth = if fault == 0 { "02/30/2012".to_owned() } else { date(rng, 2008) };
            let gender = if fault == 1 { "X" } else { pick(rng, &["M", "F"]) };
            let last = if fault == 2 { "" } else { pick(rng, LAST) };
            let extra = if fault == 3 { "," } else { "" };
            write!(
                table.row,
                "{},{last},{},{},{birth},{gender},ENROLLED,{},{address},{},OH,{:05},,Example City,\
                 Example County,Example City,OH{:07},School {building:02},{:06},{}{extra}",
                id(number),
                pick(rng, &["", "J", "Lee"]),
                pick(rng, FIRST),
                rng.below(12) + 1,
                pick(rng, CITIES),
                45_000 + rng.below(900),
                number,
                1_000 + building,
                900_000_000 + number,
            )?;
            table.end()?;
        }
        Ok(())
    }

    /// A file with so many records a student.
    fn related<W: Write>(&self, name: Name, table: &mut Table<'_, W>) -> io::Result<()> {
        let total = self.records(name);
        let each = total / self.students.max(1);
        let mut rng = Rng(each);
        for number in 0..total {
            let place = if self.is_random { scattered(number, total) } else { number };
            let rng = &mut rng;
            write!(table.row, "{},", id(place / each))?;
            match name {
                Name::Guardians => {
                    let (first, last) = (pick(rng, FIRST), pick(rng, LAST));
                    write!(table.row, "{first} {last},Guardian,555-01{:02}", rng.below(100))?;
                }
                Name::Students | Name::Absences => write!(table.row, "{},FULL", date(rng, 2025))?,
            }
            table.end()?;
        }
        Ok(())
    }
}

/// The number that stands at `place` when `0..total` are mixed: each comes once.
fn scattered(place: u64, total: u64) -> u64 {
    // A Feistel network of four rounds mixes the numbers of an even count of bits. Whoever comes out
    // beyond the total goes in again, until he does not.
    let half = (u64::BITS - total.saturating_sub(1).leading_zeros()).div_ceil(2).max(1);
    let low = (1 << half) - 1;
    let mut mixed = place;
    loop {
        let (mut left, mut right) = (mixed >> half, mixed & low);
        for round in 0..4 {
            (left, right) = (right, left ^ (Rng(right << 2 | round).below(u64::MAX) & low));
        }
        mixed = left << half | right;
        if mixed < total {
            return mixed;
        }
    }
}

fn id(student: u64) -> u64 {
    1_000_000 + student
}

fn date(rng: &mut Rng, from: u64) -> String {
    format!("{:02}/{:02}/{}", rng.below(12) + 1, rng.below(28) + 1, from + rng.below(12))
}

/// A file that is written record by record.
struct Table<'a, W> {
    epoch: &'a Epoch,
    out: &'a mut W,
    row: Vec<u8>,
    quoted: Vec<u8>,
}

impl<W: Write> Table<'_, W> {
    fn end(&mut self) -> io::Result<()> {
        if self.epoch.quote_all {
            // No value has a quote in it.
            let mut inside = false;
            self.quoted.clear();
            self.quoted.push(b'"');
            for &byte in &self.row {
                match byte {
                    b'"' => inside = !inside,
                    b',' if !inside => self.quoted.extend_from_slice(b"\",\""),
                    _ => self.quoted.push(byte),
                }
            }
            self.quoted.push(b'"');
            std::mem::swap(&mut self.row, &mut self.quoted);
        }
        self.row.extend_from_slice(if self.epoch.crlf { b"\r\n" } else { b"\n" });
        self.out.write_all(&self.row)?;
        self.row.clear();
        Ok(())
    }
}
