//! Bytes that no exporter writes: nothing panics, everything ends, and the work is proportional to
//! the file.

use proptest::prelude::*;
use samegoal_schema::csv::Scanner;
use samegoal_schema::fix::Cure;
use samegoal_schema::{Admission, Finding, Folded, Rule, Session, Sink, Variant};

use crate::faults::FAULTS;
use crate::readers::Endless;
use crate::soup;
use crate::students::{Dice, students};
use crate::support::{API, cases, check, number, shown};

/// Counts findings like a cap: it keeps the first few.
#[derive(Default)]
struct Counter {
    total: u64,
    kept: Vec<Finding>,
}

impl Sink for Counter {
    fn admit(&mut self, _: &'static Rule, _: Variant, _: u64, _: Option<Cure<'_>>) -> Admission {
        self.total += 1;
        if self.total < 20 { Admission::Keep } else { Admission::Count }
    }

    fn push(&mut self, finding: Finding) {
        self.kept.push(finding);
    }

    fn fold(&mut self, _: Folded) {}

    fn is_closed(&self) -> bool {
        false
    }
}

/// What is repeated throughout a file.
const PATTERNS: &[&str] = &[
    "\"",
    "\"\n",
    "\"\r\n\r",
    "\"a\n",
    "\"a,\n",
    "\"\"\n",
    "\"\"\"\n",
    "\"\"\"a\"\n",
    "\"\"\"\",\n",
    "\0",
    "\0,",
    "\0,\n",
    "\u{1},",
    ",",
    ",\n",
    "\n",
    "\r",
    "\r\n",
    ",\"",
    "\",",
    "\"a\",",
    "\"a\"b,",
    "a\"b,",
    "\"a,\"b,",
    "\"a,\"b\n",
    "\"a\",\"b\n",
    "\"a\"x,\"b\n",
    "x\",\"b\n",
    "\"a\",\"b,\"c\n",
    "\"\n\"\",",
    "\"a\"b\nc\"\n",
    "a",
    "a,",
    "a,b\n",
    "\"a\nb\",\"c\n",
    "1,\"a\n\n\n\n\n\n\n",
    "\u{feff}",
    "\u{301}",
];

/// How a file starts: with nothing, with a header of several columns, with a header of one column,
/// and with an open quote under either.
const HEADS: &[&str] = &["", "a,b\n", "a\n", "a,b\n1,\"", "a\n\"", "a,b\n1,\"x\n\n\n"];

/// The size of a file: enough for records that are too long, if there are any.
fn size(pattern: &str) -> u64 {
    let usual = if pattern.contains(['\n', '\r']) { 100_000 } else { 1_200_000 };
    number("SAMEGOAL_LINT_BYTES").unwrap_or(usual)
}

/// This many bytes are compared at once, however short the record at their start is.
const CHUNK: u64 = 64;

/// Every byte is read a few times at most: once, once more for each block of a long record, and as
/// part of the few records after a suspect.
#[test]
fn the_work_is_in_proportion_to_the_file() {
    for head in HEADS {
        for pattern in PATTERNS {
            let size = size(pattern);
            let mut scanner = Scanner::new(Endless::new(head.as_bytes(), pattern.as_bytes(), size));
            scanner.set_width(head.split('\n').next().unwrap_or_default().split(',').count());
            let (mut length, mut records) = (0, 0);
            while let Some(record) = scanner.read_record().unwrap() {
                length += record.bytes().len() as u64;
                records += 1;
            }
            assert!(length <= size);
            assert_eq!(scanner.bytes_read(), size);
            let work = scanner.work();
            assert!(work <= 12 * size + CHUNK * records, "{work} for {head:?} {pattern:?}");
        }
    }
}

/// A long run after an open quote, again and again.
#[test]
fn the_work_after_a_long_run_is_in_proportion() {
    for run in ["\n", "\r\n", " \n", ",\n", "x\n", "x,y\n", "\"\"\n", "\"\",\"\"\n", "x"] {
        for (head, tail) in [("\"", ""), ("\"", "\"x\n"), ("1,\"a\n", "2,\"b\"\n"), ("\"\n", ",\"")]
        {
            let pattern = format!("{head}{}{tail}", run.repeat(300_000 / run.len()));
            let size = size("");
            let mut scanner = Scanner::new(Endless::new(b"a,b\n", pattern.as_bytes(), size));
            scanner.set_width(2);
            let mut records = 0;
            while scanner.read_record().unwrap().is_some() {
                records += 1;
            }
            let work = scanner.work();
            assert!(work <= 12 * size + CHUNK * records, "{work} for {head:?} {run:?} {tail:?}");
        }
    }
}

/// Checks a file of each kind to its end. The cost of a record must not depend on how many fields
/// and faults it has, or this would take hours.
#[test]
fn every_file_is_checked_to_its_end() {
    for (name, head) in [
        ("students.csv", ""),
        ("users.csv", "Student Id,Last Name,Role\n"),
        ("students.csv", "Student Id,Last Name\n1,\""),
    ] {
        for pattern in PATTERNS {
            let start = std::time::Instant::now();
            let size = size(pattern);
            let reader = Endless::new(head.as_bytes(), pattern.as_bytes(), size);
            let mut sink = Counter::default();
            let summary = Session::new(&API).check(name, reader, &mut sink).unwrap();
            let findings = sink.total;
            assert!(summary.bytes <= size && findings <= 2 * size + 100);
            assert!(findings > 0 || name == "users.csv", "{head:?} {pattern:?}");
            assert!(sink.kept.len() < 20);
            if number("SAMEGOAL_LINT_BYTES").is_some() {
                println!("{:?} {name} {head:?} {pattern:?} {findings}", start.elapsed());
            }
        }
    }
}

/// Checks a file as each file of the API. All places of findings must be in the file.
fn survives(file: &[u8]) {
    for name in API.files.keys() {
        for reported in check(name, file) {
            let Some(place) = reported.place else { continue };
            assert!(place.line >= 1 && place.column >= 1, "{}", shown(file));
            assert!(place.end_column >= place.column, "{}", shown(file));
            assert!(place.byte_offset <= file.len() as u64, "{}", shown(file));
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn no_bytes_are_too_odd(file in soup::anything()) {
        survives(&file);
    }

    #[test]
    fn no_damage_is_too_odd(
        kind in 0..FAULTS.len(),
        seed in any::<u64>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 0..6),
        moved in any::<[prop::sample::Index; 3]>(),
    ) {
        let dice = &mut Dice(seed);
        let mut table = students(5, dice);
        let mut file = FAULTS[kind].2(&mut table, dice).bytes;
        for (place, kind) in damages {
            soup::damage(&mut file, place, kind);
        }
        // A piece of it again, anywhere.
        let places = moved.map(|place| place.index(file.len() + 1));
        let piece = file[places[0].min(places[1])..places[0].max(places[1])].to_vec();
        file.splice(places[2]..places[2], piece);
        survives(&file);
    }
}
