//! Whether any student in the file is active.

use super::Value;
use crate::finding::{Sink, report_many, rules};
use crate::text::wording::thousands;

rules! {
    /// No student in the file is enrolled.
    ///
    /// ## Why it matters
    ///
    /// Only students who are `PRE_ENROLLED` or `ENROLLED` are active. A file without any takes
    /// every student out of service: SameGoal changes the state of each student it has as active.
    ///
    /// The rule needs at least ten students with a state. If a tenth or more of the states are
    /// missing or not allowed, those are the cause and are reported instead.
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
    /// Check how the export translates enrollment states. Often the query still uses last school
    /// year, or the code for active students is missing from the translation.
    NO_ACTIVE_STUDENT = "value/no-active-student", Error, DataAtRisk;
}

/// A file with this many students should have an active one.
const ENOUGH: u64 = 10;

/// What is known about the states of students, while none is active.
#[derive(Default)]
pub(super) struct StateColumn {
    is_settled: bool,
    others: u64,
    unsound: u64,
}

impl StateColumn {
    /// Whether there is an active student, so that the other states do not matter.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Counts a state.
    pub(super) fn record(&mut self, value: &Value<'_>) {
        if value.is_active_state() {
            self.is_settled = true;
        } else if value.is_allowed() {
            self.others += 1;
        } else {
            self.unsound();
        }
    }

    /// Counts an empty or unusable state.
    pub(super) fn unsound(&mut self) {
        self.unsound += 1;
    }

    /// Reports that no student is active.
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
                    "SameGoal would treat every student as no longer attending. Check how the \
                     export translates enrollment states, and which school year its query uses.",
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
        // The values that are not allowed are the cause.
        assert!(!in_column(column, &["Active"; 30]).iter().any(|one| one == IT));
    }
}
