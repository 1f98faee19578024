//! The rules about a district's configuration. Only their manuals are here: the file is known to
//! the program only.

use super::rules;

rules! {
    /// A `samegoal-lint.toml` lies in what is delivered.
    ///
    /// ## Why it matters
    ///
    /// A configuration decides what is reported. One that comes with the data could switch every
    /// rule off, so it is not in force unless `--config` names it. It would also be uploaded.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  district/upload/samegoal-lint.toml
    ///
    /// right:  district/samegoal-lint.toml
    ///         district/upload/20260105-020000/students.csv
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Move it to the folder that holds the upload folder or the export folder. Every delivery below
    /// that folder is then checked with it.
    INSIDE_DELIVERY = "config/inside-delivery", Error, DeliveryIgnored;

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
    /// ## How to mend it
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
    /// ## How to mend it
    ///
    /// Take the entry out of `samegoal-lint.toml`, or write all entries anew with
    /// `samegoal-lint baseline`.
    STALE_ACCEPT = "config/stale-accept", Advice, Suspicious;
}
