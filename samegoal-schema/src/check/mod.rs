//! The checks. Each file holds one rule, or a few that examine the same thing: manual, wording,
//! logic.
//!
//! Records and their header come in; findings go out. Imports `finding`, `csv`, `schema` and
//! `text`.

use crate::finding::{Rule, joined};

pub(crate) mod binding;
pub mod bytes;
pub(crate) mod context;
pub mod foreign;
pub mod header;
pub mod key;
pub(crate) mod keys;
pub mod line_end;
pub mod opening;
pub(crate) mod prescreen;
mod printed;
pub mod profile;
pub mod quote;
pub(crate) mod sample;
pub mod shape;
pub mod tool_output;
pub mod truncated;
pub mod value;

/// The rules of this crate, by group and in the order of the manual.
pub static RULES: &[&Rule] = &joined::<COUNT>(&[FORM, &value::rules::RULES, KEYS]);

const COUNT: usize = FORM.len() + value::rules::RULES.len() + KEYS.len();

/// The rules about the form of a file and its header.
const FORM: &[&Rule] = &[
    &foreign::EMPTY_FILE,
    &foreign::NOT_CSV,
    &foreign::UTF16,
    &bytes::INVALID_UTF8,
    &bytes::BOM,
    &bytes::NUL,
    &bytes::CONTROL_CHARACTER,
    &quote::UNCLOSED,
    &quote::STRAY,
    &quote::TEXT_AFTER,
    &shape::FIELD_COUNT,
    &shape::BLANK_LINE,
    &opening::PREAMBLE,
    &tool_output::TOOL_OUTPUT,
    &truncated::TRUNCATED,
    &line_end::MIXED,
    &line_end::BARE_RETURN,
    &foreign::WRONG_DELIMITER,
    &shape::NO_RECORDS,
    &foreign::MISSING_HEADER,
    &shape::REPEATED_HEADER,
    &shape::OVERSIZED_RECORD,
    &header::MISSING_COLUMN,
    &header::MISSING_OPTIONAL_COLUMNS,
    &header::OTHER_FILE,
    &header::MISNAMED_COLUMN,
    &header::DUPLICATE_COLUMN,
    &header::BLANK_COLUMN,
    &header::UNKNOWN_COLUMN,
];

/// The rules about keys and references to them.
const KEYS: &[&Rule] =
    &[&key::DUPLICATE, &key::NEAR_DUPLICATE, &key::UNKNOWN_STUDENT, &key::NO_GUARDIANS];

/// The rule with that name.
///
/// ```
/// assert!(samegoal_schema::rule("csv/unclosed-quote").is_some());
/// assert!(samegoal_schema::rule("unclosed-quote").is_none());
/// ```
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
