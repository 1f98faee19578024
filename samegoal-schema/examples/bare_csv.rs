//! The cost of parsing alone: reads files with the csv crate and touches every field. The baseline
//! of `docs/benchmarks.md`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut bytes = 0;
    for path in std::env::args_os().skip(1) {
        bytes += parse(Path::new(&path))?;
    }
    // The optimizer must not remove what no one uses.
    std::hint::black_box(bytes);
    Ok(())
}

fn parse(path: &Path) -> Result<usize, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(256 << 10).from_path(path)?;
    let mut record = csv::ByteRecord::new();
    let mut bytes = 0;
    while reader.read_byte_record(&mut record)? {
        bytes += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    Ok(bytes)
}
