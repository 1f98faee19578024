//! Which changes to a file must leave the findings as they are, and which must change them.

use proptest::prelude::*;
use samegoal_schema::csv::FaultKind;

use crate::faults::{FAULTS, Planted, with_more_records};
use crate::soup;
use crate::students::{Cell, Dice, Table, quote, student, students};
use crate::support::{Reported, cases, check, shown};
use crate::twin::{self, Width};

const LINE_ENDS: [&str; 2] = ["csv/mixed-line-ends", "csv/bare-carriage-return"];

/// A file of students with one fault or none, and the clean table behind it.
fn with_fault(kind: usize, dice: &mut Dice) -> (Vec<u8>, Table) {
    let records = dice.within(5..12);
    let table = students(records, dice);
    let file = match FAULTS.get(kind) {
        Some((.., plant)) => plant(&mut table.clone(), dice).bytes,
        None => table.write().bytes,
    };
    (file, table)
}

/// A file with LF for all line ends.
fn with_lf(file: &[u8]) -> Vec<u8> {
    let text = replace(file, b"\r\n", b"\n");
    replace(&text, b"\r", b"\n")
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(after) = rest.strip_prefix(from) {
            replaced.extend(to);
            rest = after;
        } else {
            replaced.push(*first);
            rest = &rest[1..];
        }
    }
    replaced
}

/// Everything that other line ends must not change.
fn places(found: &[Reported]) -> Vec<String> {
    let others = found.iter().filter(|reported| !LINE_ENDS.contains(&reported.rule));
    let place = |reported: &Reported| {
        let place = reported.place.clone().map(|mut place| {
            place.byte_offset = 0;
            place
        });
        format!("{} {place:?}", reported.rule)
    };
    others.map(place).collect()
}

fn other_line_ends_change_nothing(name: &str, file: &[u8]) {
    let file = with_lf(file);
    let expected = places(&check(name, &file));
    for end in ["\r\n", "\r"] {
        let found = places(&check(name, &replace(&file, b"\n", end.as_bytes())));
        assert_eq!(found, expected, "{end:?} in {}", shown(&file));
    }
}

/// Each finding with its place moved.
fn moved(found: &[Reported], lines: u64, records: u64, bytes: u64) -> Vec<String> {
    let place = |reported: &Reported| {
        let place = reported.place.clone().map(|mut place| {
            // Findings about the header, and about the file, stay where they are.
            if place.line > 1 {
                place.line += lines;
                place.record = place.record.map(|record| record + records);
                place.cell = place.cell.map(|(row, column)| (row + records, column));
                place.byte_offset += bytes;
            }
            place
        });
        format!("{} {place:?}", reported.rule)
    };
    found.iter().map(place).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn other_line_ends(kind in 0..=FAULTS.len(), seed in any::<u64>()) {
        let (file, _) = with_fault(kind, &mut Dice(seed));
        other_line_ends_change_nothing("students.csv", &file);
    }

    #[test]
    fn other_line_ends_in_anything(file in soup::anything(), has_header in any::<bool>()) {
        let head: &[u8] = if has_header { b"Student Id,Name,Note\n" } else { b"" };
        other_line_ends_change_nothing("guardians.csv", &[head, &file].concat());
    }

    #[test]
    fn quotes_round_every_field(kind in 0..=FAULTS.len(), seed in any::<u64>()) {
        let (file, _) = with_fault(kind, &mut Dice(seed));
        let records = twin::read(&file, Width::Header);
        // More quotes cannot fix broken ones.
        let mut faults = records.iter().flat_map(|record| &record.faults);
        if faults.any(|fault| fault.kind != FaultKind::LongField) {
            return Ok(());
        }
        let mut quoted = file[..twin::first_byte(&file)].to_vec();
        for record in &records {
            let fields = record.fields.iter();
            let values: Vec<_> = fields.map(|field| quote(&twin::value(&file, *field))).collect();
            quoted.extend(values.join(&b','));
            quoted.extend(&file[record.end..record.next]);
        }
        let lines = |file: &[u8]| -> Vec<_> {
            check("students.csv", file).iter().map(|reported| (reported.at().0, reported.at().1)).collect()
        };
        prop_assert_eq!(lines(&quoted), lines(&file), "{}", shown(&file));
    }

    #[test]
    fn one_more_record_above(kind in 0..=FAULTS.len(), seed in any::<u64>()) {
        let dice = &mut Dice(seed);
        let (file, table) = with_fault(kind, dice);
        let header = &twin::read(&file, Width::Header)[0];
        // The file's own header: it may have different columns than the clean one.
        let names = header.fields.iter().map(|field| twin::value(&file, *field));
        let clean = student(40_000, &table, dice);
        let cell = |name: Vec<u8>| -> Cell {
            let named = |cell: &Cell| cell.value == name;
            let column = table.records[0].iter().position(named);
            match column {
                Some(column) => Cell { value: lines_joined(&clean[column].value), quoted: true },
                None => Cell { value: Vec::new(), quoted: false },
            }
        };
        let record: Vec<Cell> = names.map(cell).collect();
        // A column with another name is still required.
        if is_renamed(kind) && record.iter().any(|cell| !cell.quoted) {
            return Ok(());
        }
        let mut added = Vec::new();
        for (index, cell) in record.iter().enumerate() {
            let value = if cell.quoted { quote(&cell.value) } else { Vec::new() };
            added.extend(if index > 0 { [b",", &value[..]].concat() } else { value });
        }
        added.extend(&file[header.end..header.next]);
        let longer = [&file[..header.next], &added, &file[header.next..]].concat();
        let (found, expected) = (check("students.csv", &longer), check("students.csv", &file));
        prop_assert_eq!(
            moved(&found, 0, 0, 0),
            moved(&expected, 1, 1, added.len() as u64),
            "{}", shown(&longer)
        );
    }

    #[test]
    fn a_mark(kind in 0..=FAULTS.len(), seed in any::<u64>()) {
        let (file, _) = with_fault(kind, &mut Dice(seed));
        let found = check("students.csv", &file);
        if file.starts_with("\u{feff}".as_bytes()) {
            return Ok(());
        }
        let mut marked = check("students.csv", &["\u{feff}".as_bytes(), &file].concat());
        prop_assert_eq!(marked.remove(0).at(), ("csv/byte-order-mark", 1, 1));
        for reported in &mut marked {
            let place = reported.place.as_mut().unwrap();
            place.byte_offset -= 3;
        }
        // In full, with the words and the excerpts.
        prop_assert_eq!(marked, found);
    }

    #[test]
    fn more_records_below(kind in 0..=FAULTS.len(), seed in any::<u64>()) {
        let dice = &mut Dice(seed);
        let mut table = students(6, dice);
        table.ends = true;
        let before = table.write().bytes.len();
        let added = with_more_records(&table, dice).write().bytes.split_off(before);
        let file = match FAULTS.get(kind) {
            // A changed header needs different records.
            Some((_, rule, _)) if rule.starts_with("header/") => return Ok(()),
            Some((.., plant)) => { let Planted { bytes, .. } = plant(&mut table, dice); bytes }
            None => table.write().bytes,
        };
        let longer = check("students.csv", &[&file[..], &added].concat());
        prop_assert_eq!(longer, check("students.csv", &file), "{}", shown(&file));
    }
}

/// Whether the fault gives a column a name that the clean table does not have.
fn is_renamed(kind: usize) -> bool {
    FAULTS.get(kind).is_some_and(|(_, rule, _)| *rule == "header/misnamed-column")
}

/// A value on one line.
fn lines_joined(value: &[u8]) -> Vec<u8> {
    value.iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect()
}
