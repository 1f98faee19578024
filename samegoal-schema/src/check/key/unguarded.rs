//! Active students without a guardian.

use crate::finding::{Admission, Finding, Related, Severity, Sink, Variant, rules};
use crate::schema::Text;
use crate::text::wording::thousands;

rules! {
    /// Many students have no guardian.
    ///
    /// ## Why it matters
    ///
    /// SameGoal takes guardians.csv as the complete list for the students delivered with it. It
    /// deletes a guardian it has for a student if the file has no record of that guardian.
    ///
    /// Only active students count: those whose `District Enrollment` is not `TRANSFERRED`,
    /// `WITHDREW`, `DROPPED_OUT`, `GRADUATED`, `INACTIVE` or `HISTORICAL_IDLE`. It is normal that a
    /// few active students have no guardian, such as those who are adults. Less than 10 % is not
    /// reported. From 10 % on it is advice, from 25 % a warning, and from 50 % an error. Fewer than
    /// 5 students are advice at most.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv     1001, 1002          wrong: 1002 has no guardian
    /// guardians.csv    1001
    ///
    /// students.csv     1001, 1002          right
    /// guardians.csv    1001, 1002
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Compare the number with the student information system. If it is too high, check the filter
    /// in the guardians query: one contact type only, one school only, an end date.
    NO_GUARDIANS = "link/no-guardians", Error, DataAtRisk
        ; "for less than half of the active students": Warning, DataAtRisk
        ; "for less than a quarter of the active students, or for fewer than 5": Advice, DataAtRisk;
}

/// Active students without a guardian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unguarded {
    /// How many there are.
    pub without: u64,
    /// How many active students there are in all.
    pub of: u64,
    /// The file with the students.
    pub(super) students: Text,
}

impl Unguarded {
    /// Fewer students are advice at most.
    const FLOOR: u64 = 5;

    /// How severe it is, if it is worth reporting.
    pub(super) fn weight(&self) -> Option<Variant> {
        let &Self { without, of, .. } = self;
        let is_from = |percent: u64| without.saturating_mul(100) >= of.saturating_mul(percent);
        let is_few = without < Self::FLOOR;
        match () {
            () if without == 0 || !is_from(10) => None,
            () if is_few || !is_from(25) => Some(Variant::exception(1)),
            () if !is_from(50) => Some(Variant::exception(0)),
            () => Some(Variant::USUAL),
        }
    }

    pub(crate) fn report(&self, sink: &mut dyn Sink) {
        if let Some(finding) = self.finding()
            && sink.admit(finding.rule, finding.variant, finding.count, None) == Admission::Keep
        {
            sink.push(finding);
        }
    }

    /// Whether it is more than advice.
    pub(super) fn is_heavy(&self) -> bool {
        self.weight().is_some_and(|variant| NO_GUARDIANS.weight(variant).0 > Severity::Advice)
    }

    /// A sentence about it for the help of the finding that is its cause.
    pub(super) fn note(&self) -> String {
        format!(
            " SameGoal would delete the guardians it has for {} of {} active students.",
            thousands(self.without),
            thousands(self.of)
        )
    }

    /// The finding, if it is worth reporting.
    pub fn finding(&self) -> Option<Finding> {
        let Self { without, of, students } = self;
        let (without, of) = (thousands(*without), thousands(*of));
        let finding = NO_GUARDIANS
            .finding()
            .variant(self.weight()?)
            .count(self.without)
            .message(format!(
                "{without} of {of} active students in {students} have no guardian here"
            ))
            .help(
                "SameGoal takes this file as the complete list and deletes the guardians it has \
                 for these students. Check whether the query leaves guardians out.",
            )
            .related(Related {
                file: Some(students.clone()),
                location: None,
                message: "the students are in this file".into(),
            });
        Some(finding)
    }
}
