//! Manuals of the rules about a district's configuration. `run` checks them at its end; `layout` has the
//! rule about the place of the file.

use samegoal_schema::{Rule, rules};

use crate::layout;

rules! {
    /// The configuration allows what SameGoal's published description does not.
    ///
    /// ## Why it matters
    ///
    /// What the configuration allows is not reported. But SameGoal follows its own description of the
    /// files, so a record that passes here may still be lost there.
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
    /// Remove the setting. To see the defect with less weight, change the severity of the rule for that
    /// file and column instead. If SameGoal confirmed that its description is wrong, switch this rule
    /// off.
    CONTRADICTS_API = "config/contradicts-api", Advice, Suspicious;

    /// An `accept` entry no longer matches any finding.
    ///
    /// ## Why it matters
    ///
    /// The defect was fixed, but the entry is still there. If the defect comes back, the entry hides
    /// it.
    ///
    /// ## Example
    ///
    /// No `Grade` has spaces around it any more:
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
    /// Remove the entry from `samegoal-lint.toml`, or rewrite all entries with `samegoal-lint baseline`.
    STALE_ACCEPT = "config/stale-accept", Advice, Suspicious;
}

/// These rules, in the order of the manual.
pub(crate) const RULES: &[&Rule] =
    &[&layout::rules::INSIDE_DELIVERY, &CONTRADICTS_API, &STALE_ACCEPT];
