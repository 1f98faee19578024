//! Faults in the header.

use crate::faults::{Planted, at_field};
use crate::students::{Cell, Dice, REQUIRED, Table};

/// Inserts a column at some position.
fn insert_column(table: &mut Table, at: usize, mut cell: impl FnMut(&[Cell], usize) -> Cell) {
    for (record, cells) in table.records.iter_mut().enumerate() {
        let cell = cell(cells, record);
        cells.insert(at, cell);
    }
}

fn remove_column(table: &mut Table, name: &str) {
    let column = table.column(name);
    for cells in &mut table.records {
        cells.remove(column);
    }
}

pub(crate) fn misnamed(table: &mut Table, dice: &mut Dice) -> Planted {
    const OTHERS: &[(&str, &str)] = &[
        ("Date of Birth", "DOB"),
        ("Student Id", "Student Number"),
        ("Gender", "Sex"),
        ("Building", "School"),
        ("Zip", "Zip Code"),
        ("Building Reporting Id", "Building IRN"),
        ("City", "\u{421}ity"),
        ("Last Name", "Last Nmae"),
        ("SIS Internal ID", "SIS Internal Id"),
    ];
    let (field, name) = if dice.one_in(2) {
        let (right, wrong) = dice.pick(OTHERS);
        (table.column(right), wrong.to_owned())
    } else {
        let field = dice.below(table.records[0].len());
        let right = String::from_utf8(table.records[0][field].value.clone()).unwrap();
        let wrong = match dice.below(4) {
            0 => right.to_lowercase(),
            1 => format!(" {right}"),
            2 => format!("{right}\u{a0}"),
            _ => right.replace(' ', "_").to_uppercase(),
        };
        (field, wrong)
    };
    table.records[0][field] = Cell::new(&name, dice);
    at_field(table, 0, field)
}

pub(crate) fn missing(table: &mut Table, dice: &mut Dice) -> Planted {
    remove_column(table, dice.pick(&REQUIRED));
    at_field(table, 0, 0)
}

pub(crate) fn missing_optional(table: &mut Table, dice: &mut Dice) -> Planted {
    for name in ["Middle Name", "Grade", "Zip"].iter().take(dice.within(1..4)) {
        remove_column(table, name);
    }
    at_field(table, 0, 0)
}

pub(crate) fn duplicate(table: &mut Table, dice: &mut Dice) -> Planted {
    let width = table.records[0].len();
    let (first, at) = (dice.below(width), dice.within(0..width + 1));
    insert_column(table, at, |cells, _| cells[first].clone());
    // The one on the left gets the column.
    let second = if at > first { at } else { first + 1 };
    at_field(table, 0, second)
}

pub(crate) fn blank(table: &mut Table, dice: &mut Dice) -> Planted {
    let at = dice.within(0..table.records[0].len() + 1);
    let name = dice.pick(&["", " ", "\u{a0}"]);
    let value = dice.pick(&["", "x"]);
    insert_column(table, at, |_, record| Cell::new(if record == 0 { name } else { value }, dice));
    at_field(table, 0, at)
}

pub(crate) fn unknown(table: &mut Table, dice: &mut Dice) -> Planted {
    let at = dice.within(0..table.records[0].len() + 1);
    insert_column(table, at, |_, record| {
        Cell::new(if record == 0 { "Locker" } else { "17" }, dice)
    });
    at_field(table, 0, at)
}
