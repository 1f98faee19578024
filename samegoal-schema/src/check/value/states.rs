//! Whether anybody in the file is served now.

use super::Value;
use crate::finding::rules;
use crate::finding::{Sink, report_many};
use crate::text::wording::thousands;

rules! {
    /// No student in the file is enrolled.
    ///
    /// ## Why it matters
    ///
    /// Only students who are `PRE_ENROLLED` or `ENROLLED` are active. A file without one takes everybody
    /// out of service: each student whom SameGoal has as active is set to another state.
    ///
    /// At least ten students must have a state for it. If every tenth state or more is missing or not
    /// allowed, those are the cause and are reported instead.
    ///
    /// ## Example
    ///
    /// ```text
    /// INACTIVE                             wrong: for every student
    /// ENROLLED                             right: for those who attend now
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Look at the translation of states in the export. Often the school year in the query is the last
    /// one, or a code for active students is missing from the translation.
    NO_ACTIVE_STUDENT = "value/no-active-student", Error, DataAtRisk;
}

/// How many students make a file that should have an active one.
const ENOUGH: u64 = 10;

/// What was seen of the states of students, as long as none is active.
#[derive(Default)]
pub(super) struct StateColumn {
    is_settled: bool,
    others: u64,
    unsound: u64,
}

impl StateColumn {
    /// Whether an active student was seen, so that the other states say nothing.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Takes in a state.
    pub(super) fn record(&mut self, value: &Value<'_>) {
        if value.is_active_state() {
            self.is_settled = true;
        } else if value.is_allowed() {
            self.others += 1;
        } else {
            self.unsound();
        }
    }

    /// Takes in that there is no state, or one that is none.
    pub(super) fn unsound(&mut self) {
        self.unsound += 1;
    }

    /// Reports that nobody is active.
    pub(super) fn finish(self, sink: &mut dyn Sink) {
        let Self { is_settled, others, unsound } = self;
        if is_settled || others < ENOUGH || unsound * 10 >= others + unsound {
            return;
        }
        report_many(sink, &NO_ACTIVE_STUDENT, false, others, |finding| {
            finding
                .message(format!(
                    "none of {} students is PRE_ENROLLED or ENROLLED",
                    thousands(others + unsound)
                ))
                .help(
                    "SameGoal would take every student for one who does not attend any more. Look at \
                     the translation of states in the export, and at the school year in its query.",
                )
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::in_column;

    #[test]
    fn demands_one_active_student_of_ten() {
        const IT: &str = "value/no-active-student";
        let column = "District Enrollment";
        for (count, other, expected) in [
            (9, None, false),
            (10, None, true),
            (300, None, true),
            (300, Some("ENROLLED"), false),
            (300, Some("PRE_ENROLLED"), false),
            (300, Some("Active"), true),
            (300, Some(""), true),
            (9, Some("Active"), false),
        ] {
            let mut values = vec!["GRADUATED"; count];
            values.extend(other);
            let found = in_column(column, &values);
            assert_eq!(found.iter().any(|one| one == IT), expected, "{count} {other:?}");
        }
        // What is not allowed is the cause.
        assert!(!in_column(column, &["Active"; 30]).iter().any(|one| one == IT));
    }
}
