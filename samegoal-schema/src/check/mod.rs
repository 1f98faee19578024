//! The checks. Each file holds one rule, or a few that examine the same thing: manual, wording,
//! logic.
//!
//! Records and their header come in; findings go out. Imports `finding`, `csv`, `schema` and
//! `text`.

use crate::finding::Rule;

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
pub mod profile;
pub mod quote;
pub mod shape;
pub mod truncated;
pub mod value;

/// The rules of this crate, by group and in the order of the manual.
pub static RULES: &[&Rule] = &[
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
    &header::MISNAMED_COLUMN,
    &header::DUPLICATE_COLUMN,
    &header::BLANK_COLUMN,
    &header::UNKNOWN_COLUMN,
    &value::REQUIRED_EMPTY,
    &value::TOO_LONG,
    &value::BAD_CHARACTER,
    &value::NOT_ALLOWED,
    &value::BAD_DATE,
    &value::IMPOSSIBLE_DATE,
    &value::UNPADDED_DATE,
    &value::MIXED_DATE_FORMS,
    &value::DAY_MONTH_SWAPPED,
    &value::IMPLAUSIBLE_DATE,
    &value::PADDED,
    &value::PLACEHOLDER,
    &value::SPREADSHEET_DAMAGE,
    &value::LOST_LEADING_ZEROS,
    &value::MOJIBAKE,
    &value::ESCAPED_TEXT,
    &value::NO_ACTIVE_STUDENT,
    &value::BUILDING_MISMATCH,
    &value::ROLE_BUILDING_MISMATCH,
    &key::DUPLICATE,
    &key::NEAR_DUPLICATE,
    &key::UNKNOWN_STUDENT,
    &key::NO_GUARDIANS,
];

/// The rule with that name.
///
/// ```
/// assert!(samegoal_schema::rule("csv/unclosed-quote").is_some());
/// assert!(samegoal_schema::rule("unclosed-quote").is_none());
/// ```
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
