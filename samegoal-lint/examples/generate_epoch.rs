//! Writes an epoch of any size, for benchmarks: the same bytes for the same options, and nobody's
//! data.
//!
//! ```text
//! cargo run --release --example generate_epoch -- --students 1000000 DIR
//! ```

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use samegoal_schema::api::COMPLETE;

/// Writes students.csv, guardians.csv and absences.csv of a district that does not exist, and
/// COMPLETE.
#[derive(Parser)]
struct Options {
    /// Where to write; made if it is not there
    dir: PathBuf,
    /// How many students
    #[arg(long, default_value_t = 2_000)]
    students: u64,
    /// How many guardians a student has; 0 leaves the file out
    #[arg(long, default_value_t = 2)]
    guardians: u64,
    /// How many absences a student has; 0 leaves the file out
    #[arg(long, default_value_t = 10)]
    absences: u64,
    /// How many of 100 addresses are in quotes
    #[arg(long, default_value_t = 10)]
    quoted: u64,
    /// Whether guardians and absences follow the students or nothing
    #[arg(long, value_enum, default_value_t)]
    order: Order,
    /// End records with CRLF rather than LF
    #[arg(long)]
    crlf: bool,
    /// Put one fault into every record of students.csv
    #[arg(long)]
    faults: bool,
}

#[derive(Clone, Copy, Default, PartialEq, ValueEnum)]
enum Order {
    /// In the order of students.csv
    #[default]
    Students,
    /// In no order, as a system exports them
    Random,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    fs::create_dir_all(&options.dir)?;
    students(&options)?;
    related(
        &options,
        "guardians.csv",
        options.guardians,
        "Student Id,Name,Relationship,Phone",
        |row, rng| {
            write!(
                row,
                "{} {},Guardian,555-01{:02}",
                pick(rng, FIRST),
                pick(rng, LAST),
                rng.below(100)
            )
        },
    )?;
    related(&options, "absences.csv", options.absences, "Student Id,Date,Kind", |row, rng| {
        write!(row, "{},FULL", date(rng, 2025))
    })?;
    File::create(options.dir.join(COMPLETE))?;
    Ok(())
}

const HEADER: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,Building Reporting Id,\
    SIS Internal ID";
const FIRST: &[&str] =
    &["Ada", "Linh", "Maria", "José", "Yusuf", "Noor", "Zoë", "Ben", "Aiyana", "Wei"];
const LAST: &[&str] =
    &["Okafor", "Nguyen", "Smith", "Muñoz", "O'Neill", "Haddad", "Lee", "Van der Berg"];
const STREETS: &[&str] =
    &["Oak St", "Main St", "Maple Ave", "2nd Street", "Hillcrest Dr", "Lake Rd"];
const CITIES: &[&str] = &["Dayton", "Lima", "Athens", "Kent", "Berea"];

fn students(options: &Options) -> io::Result<()> {
    let mut out = Table::create(&options.dir, "students.csv", HEADER, options.crlf)?;
    let mut rng = Rng(1);
    for number in 0..options.students {
        let rng = &mut rng;
        let (house, street) = (rng.below(9_000) + 1, pick(rng, STREETS));
        let address = if rng.below(100) < options.quoted {
            format!("\"{house} {street}, Apt {}\"", rng.below(30) + 1)
        } else {
            format!("{house} {street}")
        };
        let building = rng.below(40);
        // Every record has another one of these faults.
        let fault = if options.faults { number % 4 } else { 4 };
        let birth = if fault == 0 { "02/30/2012".to_owned() } else { date(rng, 2008) };
        let gender = if fault == 1 { "X" } else { pick(rng, &["M", "F"]) };
        let last = if fault == 2 { "" } else { pick(rng, LAST) };
        let extra = if fault == 3 { "," } else { "" };
        write!(
            out.row,
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
        out.end()?;
    }
    out.finish()
}

/// A file with so many records a student.
fn related(
    options: &Options,
    name: &str,
    each: u64,
    header: &str,
    rest: impl Fn(&mut Vec<u8>, &mut Rng) -> io::Result<()>,
) -> io::Result<()> {
    if each == 0 {
        return Ok(());
    }
    let mut out = Table::create(&options.dir, name, header, options.crlf)?;
    let mut rng = Rng(each);
    let total = options.students * each;
    for number in 0..total {
        let student = match options.order {
            Order::Students => number / each,
            Order::Random => scattered(number, total) / each,
        };
        write!(out.row, "{},", id(student))?;
        rest(&mut out.row, &mut rng)?;
        out.end()?;
    }
    out.finish()
}

/// The number that stands at `place` when `0..total` are mixed: each comes once.
fn scattered(place: u64, total: u64) -> u64 {
    // A prime that does not divide the total walks through all of it.
    let stride =
        [2_147_483_647, 2_147_483_629].into_iter().find(|prime| !total.is_multiple_of(*prime));
    let place = u128::from(place) * u128::from(stride.unwrap_or(1)) % u128::from(total);
    u64::try_from(place).unwrap_or_default()
}

fn id(student: u64) -> u64 {
    1_000_000 + student
}

fn date(rng: &mut Rng, from: u64) -> String {
    format!("{:02}/{:02}/{}", rng.below(12) + 1, rng.below(28) + 1, from + rng.below(12))
}

struct Table {
    out: BufWriter<File>,
    row: Vec<u8>,
    end: &'static [u8],
}

impl Table {
    fn create(dir: &Path, name: &str, header: &str, crlf: bool) -> io::Result<Self> {
        let out = BufWriter::with_capacity(1 << 20, File::create(dir.join(name))?);
        let end = if crlf { &b"\r\n"[..] } else { b"\n" };
        let mut table = Self { out, row: header.into(), end };
        table.end()?;
        Ok(table)
    }

    fn end(&mut self) -> io::Result<()> {
        self.row.extend_from_slice(self.end);
        self.out.write_all(&self.row)?;
        self.row.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A small generator of numbers that always gives the same ones.
struct Rng(u64);

impl Rng {
    /// A number below `bound`, by `SplitMix64`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    let index = usize::try_from(rng.below(from.len() as u64)).unwrap_or_default();
    from.get(index).copied().unwrap_or_default()
}
