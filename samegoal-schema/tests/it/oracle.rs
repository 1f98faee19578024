//! If a file is well-formed, the csv crate reads the same from it.

use proptest::prelude::*;
use samegoal_schema::csv::Scanner;

use crate::faults::FAULTS;
use crate::soup;
use crate::students::{Dice, students};
use crate::support::{cases, check, shown};

/// Compares the fields of a file; returns whether it is well-formed, so that they could be
/// compared.
fn reads_alike(name: &str, file: &[u8]) -> bool {
    if check(name, file).iter().any(|reported| reported.rule.starts_with("csv/")) {
        return false;
    }
    let mut ours: Vec<Vec<Vec<u8>>> = Vec::new();
    let mut scanner = Scanner::new(file);
    while let Some(record) = scanner.read_record().unwrap() {
        ours.push(record.fields().map(|field| field.value().into_owned()).collect());
        if ours.len() == 1 {
            let width = record.len();
            scanner.set_width(width);
        }
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file);
    let theirs: Vec<Vec<Vec<u8>>> = reader
        .byte_records()
        .map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect())
        .collect();
    assert_eq!(ours, theirs, "{}", shown(file));
    true
}

#[test]
fn of_clean_files_there_are_enough() {
    let alike = |seed| {
        let file = students(5, &mut Dice(seed)).write().bytes;
        reads_alike("students.csv", &file)
    };
    assert!((0..50).all(alike));
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn of_tables(table in soup::table()) {
        reads_alike("users.csv", &table);
    }

    #[test]
    fn of_tables_under_a_header(table in soup::table(), width in 2..6_usize) {
        let header = ["Id", "Name", "Note", "Tel", "Mail"][..width].join(",");
        reads_alike("users.csv", &[header.as_bytes(), b"\n", &table].concat());
    }

    #[test]
    fn of_anything(file in soup::anything()) {
        reads_alike("absences.csv", &file);
    }

    #[test]
    fn of_files_with_a_fault(kind in 0..FAULTS.len(), seed in any::<u64>()) {
        let dice = &mut Dice(seed);
        let mut table = students(8, dice);
        reads_alike("students.csv", &FAULTS[kind].2(&mut table, dice).bytes);
    }
}
