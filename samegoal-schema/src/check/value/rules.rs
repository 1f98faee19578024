//! The list of the rules about values: what each does with the values of a column, and which values
//! the prescreen must leave to it.

use super::screen::Part;
use super::{
    building, damage, date, declared, enrollment, escaped, groups, leading_zeros, mojibake,
    placeholder, repeated_date, wrong_column,
};
use crate::finding::Rule;
use crate::schema::ColumnSpec;

/// What a rule does in a column; empty if it does not apply to that column.
type PartIn = fn(&ColumnSpec) -> Part;

/// The rules about values, in the order of the manual, with what each does in a column.
const LIST: &[(&Rule, PartIn)] = &[
    (&declared::REQUIRED_EMPTY, declared::required),
    (&declared::TOO_LONG, declared::limited),
    (&declared::BAD_CHARACTER, declared::alphanumeric),
    (&declared::NOT_ALLOWED, declared::listed),
    (&date::BAD_DATE, none),
    (&date::IMPOSSIBLE_DATE, none),
    (&date::UNPADDED_DATE, none),
    (&date::column::MIXED_DATE_FORMS, none),
    (&date::column::DAY_MONTH_SWAPPED, none),
    (&date::IMPLAUSIBLE_DATE, none),
    (&repeated_date::REPEATED_DATE, none),
    (&damage::PADDED, none),
    (&placeholder::PLACEHOLDER, none),
    (&damage::SPREADSHEET_DAMAGE, damage::part),
    (&leading_zeros::LOST_LEADING_ZEROS, leading_zeros::part),
    (&mojibake::MOJIBAKE, none),
    (&escaped::ESCAPED_TEXT, none),
    (&wrong_column::WRONG_COLUMN, none),
    (&enrollment::NO_ACTIVE_STUDENT, none),
    (&building::BUILDING_MISMATCH, none),
    (&groups::ROLE_BUILDING_MISMATCH, none),
];

/// The part of a rule that looks at more than one value, or at what the kind of the column screens.
fn none(_: &ColumnSpec) -> Part {
    Part::default()
}

/// The parts of all rules in a column.
pub(crate) fn parts(spec: &ColumnSpec) -> impl Iterator<Item = Part> {
    LIST.iter().map(|(_, part)| part(spec))
}

/// The rules alone.
#[expect(clippy::indexing_slicing, reason = "an index out of bounds does not compile")]
pub(crate) const RULES: [&Rule; LIST.len()] = {
    let mut rules = [LIST[0].0; LIST.len()];
    let mut at = 0;
    while at < LIST.len() {
        rules[at] = LIST[at].0;
        at += 1;
    }
    rules
};
