//! Reports.

use std::cell::LazyCell;
use std::hint::black_box;
use std::io;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use criterion::{BenchmarkId, Criterion};
use samegoal_lint::listing::Memory;
use samegoal_lint::policy::Policy;
use samegoal_lint::report::{Format, Options, Report};
use samegoal_lint::run::{Request, run};
use samegoal_schema::generic_api;

use crate::epoch::{Epoch, Name};
use crate::files::{clean, file, replaced};

/// So many make a file of 100 MB.
const BIG: u64 = 640_000;
const FAULTY: u64 = 8_000;

pub(crate) fn benches(criterion: &mut Criterion) {
    let many = LazyCell::new(|| {
        report(&file(&Epoch { faults: 100, ..clean(FAULTY) }, Name::Students), FAULTY)
    });
    let mut group = criterion.benchmark_group("render 8,000 findings");
    for &format in Format::value_variants() {
        let id = BenchmarkId::from_parameter(format!("{format:?}").to_lowercase());
        group.bench_function(id, |bencher| bencher.iter(|| written(&many, format)));
    }
    group.finish();

    // One finding costs the same wherever it is in the file. The two are measured in turns, each
    // first as often as the other, so that what else the machine does meets both.
    let places = LazyCell::new(|| {
        let mut big = file(&clean(BIG), Name::Students);
        // The last record is the first one under another id: what is drawn is the same.
        let first = big.split_inclusive(|&byte| byte == b'\n').nth(1).unwrap_or_default().to_vec();
        let last = big.len();
        big.extend(replaced(&first, 0, b"1000000,", b"9999999,"));
        assert!(big.len() >= 100_000_000, "{} bytes", big.len());
        [0, last].map(|after| report(&replaced(&big, after, b",ENROLLED,", b",XNROLLED,"), 1))
    });
    let mut group = criterion.benchmark_group("render 1 finding in 100 MB");
    for (at, name) in ["in the first record", "in the last record"].iter().enumerate() {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut taken = [Duration::ZERO; 2];
                let mut time = |(taken, report): (&mut Duration, &Report)| {
                    let start = Instant::now();
                    let _ = black_box(written(report, Format::Pretty));
                    *taken += start.elapsed();
                };
                for round in 0..rounds {
                    let pairs = taken.iter_mut().zip(&*places);
                    if round % 2 == 0 {
                        pairs.for_each(&mut time);
                    } else {
                        pairs.rev().for_each(&mut time);
                    }
                }
                taken.get(at).copied().unwrap_or_default()
            });
        });
    }
    group.finish();
}

/// What is found in one file, all of it kept.
fn report(students: &[u8], expected: u64) -> Report {
    let tree = Memory::new().file("students.csv", students);
    let policy = Policy { max_findings: 0, ..Policy::default() };
    let request = Request { paths: vec!["students.csv".into()], policy, ..Request::default() };
    let report = run(&tree, &generic_api(), &request, &mut io::empty()).unwrap_or_default();
    assert_eq!(report.found.errors, expected);
    report
}

fn written(report: &Report, format: Format) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    format.write(report, &Options::default(), &mut out)?;
    Ok(out)
}
