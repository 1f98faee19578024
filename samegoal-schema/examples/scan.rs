//! The cost of splitting files into records: reads them with the scanner and touches every field.
//! `.ci/instructions.sh` counts its instructions.

use std::fs::File;
use std::io;
use std::path::Path;

use samegoal_schema::csv::Scanner;

fn main() -> io::Result<()> {
    let mut bytes = 0;
    for path in std::env::args_os().skip(1) {
        bytes += scan(Path::new(&path))?;
    }
    // The optimizer must not remove what no one uses.
    std::hint::black_box(bytes);
    Ok(())
}

fn scan(path: &Path) -> io::Result<usize> {
    let mut scanner = Scanner::new(File::open(path)?);
    let mut bytes = 0;
    while let Some(record) = scanner.read_record()? {
        bytes += record.fields().map(|field| field.raw().len()).sum::<usize>();
    }
    Ok(bytes)
}
