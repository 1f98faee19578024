//! The scanner alone, beside the csv crate over the same bytes.

use std::hint::black_box;
use std::io;

use criterion::{Criterion, Throughput};
use samegoal_schema::csv::Scanner;

use crate::epoch::{Epoch, Name};
use crate::files::{clean, file, with_fault};

const STUDENTS: u64 = 20_000;

pub(crate) fn benches(criterion: &mut Criterion) {
    let usual = clean(STUDENTS);
    let unquoted = file(&usual, Name::Students);
    let inputs = [
        ("crlf", file(&Epoch { crlf: true, ..usual }, Name::Students)),
        ("all quoted", file(&Epoch { quote_all: true, ..usual }, Name::Students)),
        ("quote left open", with_fault(&unquoted, b",School", b",\"School")),
        ("lf", unquoted),
    ];
    let mut group = criterion.benchmark_group("scan");
    for (name, bytes) in &inputs {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(*name, |bencher| bencher.iter(|| scanned(black_box(bytes))));
    }
    for (name, bytes) in inputs.iter().filter(|(name, _)| *name != "quote left open") {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let name = format!("{name}, by the csv crate");
        group.bench_function(name, |bencher| bencher.iter(|| read(black_box(bytes))));
    }
    group.finish();
}

/// Touches every field, so that the compiler cannot skip one that is not used.
fn scanned(bytes: &[u8]) -> io::Result<usize> {
    let mut scanner = Scanner::new(bytes);
    let mut sum = 0;
    while let Some(record) = scanner.read_record()? {
        sum += record.fields().map(|field| field.raw().len()).sum::<usize>();
    }
    Ok(sum)
}

fn read(bytes: &[u8]) -> Result<usize, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut sum = 0;
    while reader.read_byte_record(&mut record)? {
        sum += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    Ok(sum)
}
