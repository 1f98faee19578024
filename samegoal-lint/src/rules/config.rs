//! The rules about a district's configuration: their manuals. They are judged once the run has ended, in `run`; `layout` has the one
//! about where the file lies.

use samegoal_schema::{Rule, rules};

use crate::layout;

rules! {
    /// The configuration is laxer than what is published.
    ///
    /// ## Why it matters
    ///
    /// The configuration counts: what it allows is not reported. But SameGoal goes by its own
    /// description of the files, so a record that passes here may still be lost there.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  [files."students.csv".columns]
    ///         "Building" = { required = false }
    ///
    /// right:  [[override]]
    ///         rule = "value/required-empty"
    ///         file = "students.csv"
    ///         column = "Building"
    ///         severity = "warning"
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the statement out. To be told of the defect in a lower voice, change the severity of the
    /// rule instead, for that file and column only. If SameGoal has told you that its description is
    /// wrong, switch this rule off.
    CONTRADICTS_API = "config/contradicts-api", Advice, Suspicious;

    /// Findings are accepted that there are none of any more.
    ///
    /// ## Why it matters
    ///
    /// The defect was mended, and the entry stays behind. If the defect comes back one day, the entry
    /// hides it.
    ///
    /// ## Example
    ///
    /// Every student has a `Grade` now:
    ///
    /// ```text
    /// wrong:  [[accept]]
    ///         rule = "value/padded"
    ///         file = "students.csv"
    ///         column = "Grade"
    ///         count = 14
    ///
    /// right:  nothing
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the entry out of `samegoal-lint.toml`, or write all entries anew with
    /// `samegoal-lint baseline`.
    STALE_ACCEPT = "config/stale-accept", Advice, Suspicious;
}

/// These rules, in the order of the manual.
pub(crate) const RULES: &[&Rule] =
    &[&layout::rules::INSIDE_DELIVERY, &CONTRADICTS_API, &STALE_ACCEPT];
