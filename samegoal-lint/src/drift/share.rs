//! How much of a whole is lost, in words and in weight.

use samegoal_schema::{Severity, thousands};

use super::thresholds::Percent;

/// So many must be gone for a warning, and so many for an error, whatever their share: in a school of
/// twenty, two are ten percent.
const WARNING_FROM: u64 = 5;
const ERROR_FROM: u64 = 10;

/// What the loss of a part of a whole is, over these shares.
pub(super) fn weigh(
    part: u64,
    whole: u64,
    warning_over: Percent,
    error_over: Percent,
) -> Option<Severity> {
    if part >= ERROR_FROM && error_over.is_exceeded(part, whole) {
        Some(Severity::Error)
    } else if part >= WARNING_FROM && warning_over.is_exceeded(part, whole) {
        Some(Severity::Warning)
    } else {
        None
    }
}

/// `1,012 of 1,204`
pub(super) fn of(part: u64, whole: u64) -> String {
    format!("{} of {}", thousands(part), thousands(whole))
}

pub(super) fn percent(part: u64, whole: u64) -> String {
    format!("{} %", share(100, part, whole))
}

/// So much of a number as `part` is of `whole`.
pub(super) fn share(number: u64, part: u64, whole: u64) -> u64 {
    let share = u128::from(number) * u128::from(part) / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(u64::MAX)
}
