//! What students of both deliveries have that is other than before.

use super::rules;
use samegoal_schema::check::profile::{Changes, ColumnChange, Profile, Role};
use samegoal_schema::{Finding, Severity};

use super::share::{of, percent, weigh};
use super::thresholds::{Percent, Thresholds};

/// So many students must have another value, or none, for a column to count as rewritten.
const REWRITTEN_FROM: u64 = 10;

/// Reports the columns in which many students are other than before.
pub(super) fn changed(
    changes: &Changes,
    current: &Profile,
    thresholds: Thresholds,
) -> Vec<Finding> {
    // Who is another person has another address as well.
    let are_others = is_most(changes.others, changes.kept);
    let findings = changes.columns.iter().filter_map(|column| {
        let found = match column.role {
            Role::Data if are_others => None,
            Role::Data => rewritten(column),
            Role::Identity | Role::Birth | Role::Number => identity(column, changes, thresholds),
        }?;
        let place = current.column(column.name)?;
        Some(found.at(place.location.clone()))
    });
    findings.collect()
}

fn identity(column: &ColumnChange, changes: &Changes, thresholds: Thresholds) -> Option<Finding> {
    let &ColumnChange { role, compared, differing, .. } = column;
    let Thresholds { warning_over, error_over } = thresholds;
    let warning_over = match role {
        Role::Birth => of_birth(warning_over),
        _ => warning_over,
    };
    let severity = weigh(differing, compared, warning_over, error_over)?;
    let is_mild = severity == Severity::Warning || role == Role::Number;
    Some(
        rules::CHANGED_IDENTITY
            .finding()
            .variant(is_mild)
            .count(differing)
            .message(differs(column))
            .help(why(column, changes)),
    )
}

/// The share above which changed dates of birth are a warning: they are corrected far more rarely
/// than names, two where five of the others are.
fn of_birth(warning_over: Percent) -> Percent {
    Percent::new(u8::try_from(u16::from(warning_over.get()) * 2 / 5).unwrap_or(100))
}

fn why(column: &ColumnChange, changes: &Changes) -> &'static str {
    let is_most = |part: u64| is_most(part, column.differing);
    if column.role == Role::Number {
        "The numbers now seem to come from another system or another table. Check which column \
         the export takes them from."
    } else if is_most(column.a_day_off) {
        "Most of them are off by one day: the export treats the date as a time and converts the \
         time zone. Export the date as text, without a time."
    } else if is_most(changes.others) {
        "Most of these students now have another name and another date of birth. Either some \
         columns were sorted without the others, or the ids were given to other students. Do not \
         upload this epoch until you know which."
    } else if is_most(column.moved) {
        "Most of the values come from another name column: the columns were swapped. Check the \
         order of the columns in the query and in the header."
    } else {
        "SameGoal would overwrite its data. Compare a few of these students with the student \
         information system."
    }
}

fn rewritten(column: &ColumnChange) -> Option<Finding> {
    let &ColumnChange { name, filled, emptied, compared, differing, .. } = column;
    let (part, message) = if emptied >= REWRITTEN_FROM && is_most(emptied, filled) {
        let (part, share) = (of(emptied, filled), percent(emptied, filled));
        (emptied, format!("`{name}` is now empty for {part} students who had a value ({share})"))
    } else if differing >= REWRITTEN_FROM && is_most(differing, compared) {
        (differing, differs(column))
    } else {
        return None;
    };
    Some(rules::REWRITTEN_COLUMN.finding().count(part).message(message).help(
        "SameGoal would overwrite its data. Check the table and the join that the column comes \
         from. If the district changed it on purpose, do nothing.",
    ))
}

fn differs(&ColumnChange { name, compared, differing, .. }: &ColumnChange) -> String {
    let (part, share) = (of(differing, compared), percent(differing, compared));
    format!("the `{name}` of {part} students differs from the previous epoch ({share})")
}

fn is_most(part: u64, whole: u64) -> bool {
    part.saturating_mul(2) > whole
}
