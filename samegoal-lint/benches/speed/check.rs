//! The checks of what is in a file, and between files.

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use samegoal_schema::fix::Cure;
use samegoal_schema::{
    Admission, Error, Finding, Folded, Rule, Schema, Session, Sink, Variant, generic_api,
};

use crate::epoch::{Epoch, Name};
use crate::files::{clean, file, with_fault};

const STUDENTS: u64 = 20_000;
/// Enough that their keys do not fit into the caches next to the core.
const KEYS: u64 = 200_000;

pub(crate) fn benches(criterion: &mut Criterion) {
    let usual = clean(STUDENTS);
    let students = file(&usual, Name::Students);
    let open = with_fault(&students, b",School", b",\"School");

    let mut group = criterion.benchmark_group("check");
    delivery(&mut group, "clean", &[(Name::Students, students)]);
    for faults in [1, 100] {
        let dirty = file(&Epoch { faults, ..usual }, Name::Students);
        let name = format!("a fault in {faults} % of the records");
        delivery(&mut group, &name, &[(Name::Students, dirty)]);
    }
    delivery(&mut group, "quote left open", &[(Name::Students, open)]);
    group.finish();

    let many = clean(KEYS);
    let students = file(&many, Name::Students);
    let mut group = criterion.benchmark_group("links");
    for (name, is_random) in [("in order", false), ("in no order", true)] {
        let guardians = file(&Epoch { is_random, ..many }, Name::Guardians);
        let files = [(Name::Students, students.clone()), (Name::Guardians, guardians)];
        delivery(&mut group, name, &files);
    }
    group.finish();
}

/// Checks all files in one session. Findings are counted, as in a report that has enough of them.
fn delivery(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, files: &[(Name, Vec<u8>)]) {
    let api = generic_api();
    let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(name, |bencher| bencher.iter(|| checked(&api, black_box(files))));
}

fn checked(api: &Schema, files: &[(Name, Vec<u8>)]) -> Result<u64, Error> {
    let mut session = Session::new(api);
    let mut count = Count(0);
    for (name, bytes) in files {
        session.check(name.file(), bytes.as_slice(), &mut count)?;
    }
    Ok(count.0)
}

struct Count(u64);

impl Sink for Count {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64, _: Option<Cure<'_>>) -> Admission {
        self.0 += 1;
        Admission::Count
    }

    fn push(&mut self, _: Finding) {}

    fn fold(&mut self, _: Folded) {}

    fn is_closed(&self) -> bool {
        false
    }
}
