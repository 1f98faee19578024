//! Findings do not depend on how the bytes arrive.

use proptest::prelude::*;

use crate::faults::FAULTS;
use crate::readers::Trickle;
use crate::soup;
use crate::students::{Dice, students};
use crate::support::{cases, check, check_blocks};

const USUAL: usize = 256 << 10;
const BLOCKS: [usize; 11] = [1, 2, 3, 7, 10, 11, 12, 13, 14, 15, 4096];

fn same_in_all_blocks(name: &str, file: &[u8], blocks: &[usize]) {
    let whole = check(name, file);
    for block in blocks {
        for (most, threads) in [(1, 1), (usize::MAX, 1), (usize::MAX, 3)] {
            let reader = Trickle { bytes: file, most };
            let (found, bytes) =
                check_blocks(name, reader, *block, threads).expect("the reader never fails");
            assert_eq!(found, whole, "blocks of {block}, reads of {most}, {threads} threads");
            assert_eq!(bytes, file.len() as u64);
        }
    }
    let (found, _) = check_blocks(name, Trickle { bytes: file, most: 1 }, USUAL, 1).unwrap();
    assert_eq!(found, whole, "the usual blocks, reads of 1");
}

/// Several batches for each thread, with a fault in one of them.
#[test]
fn several_threads_find_the_same() {
    for (number, (name, _, plant)) in (0..).zip(FAULTS) {
        let dice = &mut Dice(number);
        let mut table = students(300, dice);
        let file = plant(&mut table, dice).bytes;
        let whole = check("students.csv", &file);
        for threads in [1, 2, 3, 8] {
            let (found, _) = check_blocks("students.csv", &*file, 2000, threads).unwrap();
            assert_eq!(found, whole, "{name}, {threads} threads");
        }
    }
}

/// A suspect that is resolved only many bytes later: looking ahead while bytes arrive must not
/// change the result.
#[test]
fn a_long_look_ahead_costs_the_same() {
    let long = "x".repeat(12 << 10);
    let file = format!("Id,Note\n1,\"a\nb\n2,{long}\n3,{long}\n4,\"x\"\n");
    same_in_all_blocks("users.csv", file.as_bytes(), &[64, 1000]);
}

/// The longest record, with and without a block that ends at its end.
#[test]
fn the_longest_record_is_found_alike() {
    for length in [(1 << 20) - 8, (1 << 20) - 7] {
        let file = format!("Id,Note\n1,2\n345678,{}", "x".repeat(length));
        same_in_all_blocks("users.csv", file.as_bytes(), &[(1 << 18) + 3, 1 << 18]);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn of_planted_faults(
        (kind, seed) in (0..FAULTS.len(), any::<u64>()),
        block in prop::sample::select(&BLOCKS[..]),
    ) {
        let dice = &mut Dice(seed);
        let mut table = students(5, dice);
        let (name, _, plant) = FAULTS[kind];
        // Only the very long field is too much for the smallest blocks.
        let block = if name == "a very long field" { 4096 } else { block };
        same_in_all_blocks("students.csv", &plant(&mut table, dice).bytes, &[block]);
    }

    #[test]
    fn of_anything(file in soup::anything(), has_header in any::<bool>()) {
        let head: &[u8] = if has_header { b"Student Id,Name,Note\n" } else { b"" };
        same_in_all_blocks("guardians.csv", &[head, &file].concat(), &BLOCKS);
    }
}
