//! One planted fault is found by its own rule, at its own place, and nothing else is.

use proptest::prelude::*;

use crate::faults::{FAULTS, Planted};
use crate::students::{Dice, students};
use crate::support::{Reported, cases, check, shown};
use crate::twin::{Lines, first_byte};

/// How many records a file has, usually few.
fn records() -> impl Strategy<Value = usize> {
    prop_oneof![6 => 5..20_usize, 1 => 20..200_usize]
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_clean_file_has_no_findings(records in records(), seed in any::<u64>()) {
        let file = students(records, &mut Dice(seed)).write().bytes;
        prop_assert!(check("students.csv", &file).is_empty(), "{}", shown(&file));
    }

    #[test]
    fn a_planted_fault_is_the_only_one(records in records(), seed in any::<u64>()) {
        for (kind, rule, plant) in FAULTS {
            let dice = &mut Dice(seed);
            let Planted { bytes, at } = plant(&mut students(records, dice), dice);
            let found = check("students.csv", &bytes);
            // A mark is not a character of the first line.
            let start = at.max(first_byte(&bytes));
            let place = Lines::new(&bytes).place(start..start);
            let reported: Vec<_> = found.iter().map(Reported::at).collect();
            prop_assert_eq!(
                &reported, &[(*rule, place.line, place.column)],
                "{}\n{}\n{:?}", kind, shown(&bytes), found
            );
            let offset = found[0].place.as_ref().unwrap().byte_offset;
            prop_assert_eq!(offset, at as u64, "{}", kind);
        }
    }
}
