//! Writes an epoch of any size, for benchmarks: the same bytes for the same options, and no real
//! data.
//!
//! ```text
//! cargo run --release --example generate_epoch -- --students 1000000 DIR
//! ```

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use samegoal_schema::schema::api::COMPLETE;

mod epoch;

use epoch::{Epoch, Name};

/// Writes students.csv, guardians.csv and absences.csv of a district that does not exist, and
/// COMPLETE.
#[derive(Parser)]
struct Options {
    /// Where to write; made if it is not there
    dir: PathBuf,
    /// Only these files, without COMPLETE
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FILE")]
    only: Vec<Name>,
    /// How many students
    #[arg(long, default_value_t = 2_000)]
    students: u64,
    /// How many guardians a student has; 0 leaves the file out
    #[arg(long, default_value_t = 2)]
    guardians: u64,
    /// How many absences a student has; 0 leaves the file out
    #[arg(long, default_value_t = 10)]
    absences: u64,
    /// How many of 100 addresses have a comma, and quotes for it
    #[arg(long, default_value_t = 10, value_name = "PERCENT")]
    quoted: u64,
    /// Quote every field of every file
    #[arg(long)]
    quote_all: bool,
    /// Whether guardians and absences follow the students or nothing
    #[arg(long, value_enum, default_value_t)]
    order: Order,
    /// End records with CRLF rather than LF
    #[arg(long)]
    crlf: bool,
    /// How many of 100 records of students.csv have a fault each; without a number, all
    #[arg(long, default_value_t = 0, default_missing_value = "100", num_args = 0..=1, value_name = "PERCENT", require_equals = true)]
    faults: u64,
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
    let epoch = Epoch {
        students: options.students,
        guardians: options.guardians,
        absences: options.absences,
        quoted: options.quoted,
        quote_all: options.quote_all,
        is_random: options.order == Order::Random,
        crlf: options.crlf,
        faults: options.faults,
    };
    fs::create_dir_all(&options.dir)?;
    for &name in Name::value_variants() {
        let is_wanted = options.only.is_empty() || options.only.contains(&name);
        if !is_wanted || epoch.records(name) == 0 && name != Name::Students {
            continue;
        }
        let file = File::create(options.dir.join(name.file()))?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        epoch.write(name, &mut out)?;
        out.flush()?;
    }
    if options.only.is_empty() {
        File::create(options.dir.join(COMPLETE))?;
    }
    Ok(())
}
