//! The header: which column each name stands for, and what is wrong with the names.

use crate::finding::rules;

mod difference;
mod fixable;
mod guess;
mod inferred;
mod matching;
mod names;
mod other_file;
mod reading;
mod report;
mod typing;

pub(crate) use fixable::{added, is_renamed};
pub(crate) use guess::{bind_line, is_certain, looks_like_data, recognize};
pub use inferred::inferred;
pub(crate) use matching::{Binding, bind};
pub use other_file::OTHER_FILE;
pub(crate) use other_file::{other_file, report_other_file};
pub(crate) use report::{check, foreign, is_foreign, reports_bytes};

#[cfg(test)]
mod tests;

rules! {
    /// A required column is missing, and no header in the file resembles it.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks up columns by their exact names. A missing column is one of the common
    /// reasons why a delivery fails: SameGoal may ignore the whole file.
    ///
    /// ## Example
    ///
    /// A `students.csv` without `Building`:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building Reporting Id
    /// ```
    ///
    /// With the column; columns may be in any order:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building,Building Reporting Id
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Add the column in the export, with a value in every record: in the `SELECT` list, or in the
    /// export template of the student information system. If the column is there under the
    /// district's own name, rename it.
    MISSING_COLUMN = "header/missing-column", Error, FileIgnored;

    /// Published optional columns are missing.
    ///
    /// ## Why it matters
    ///
    /// SameGoal publishes which columns may be empty, but not whether a file may leave out their
    /// headers. A complete header is right in either case. If a column was in last year's file and
    /// is missing now, that is rarely on purpose.
    ///
    /// ## Example
    ///
    /// A list of students without some of the optional columns:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Address
    /// S1001,Lovelace,Ada,12 Byron Ave
    /// ```
    ///
    /// The same list with the optional columns, which may stay empty:
    ///
    /// ```text
    /// Student Id,Last Name,Middle Name,First Name,Address,City,State,Zip
    /// S1001,Lovelace,,Ada,12 Byron Ave,,,
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Add the columns to the export, empty where you have no values: `'' AS "Middle Name"` in SQL.
    /// If SameGoal has loaded the file without them, turn this rule off in the configuration.
    MISSING_OPTIONAL_COLUMNS = "header/missing-optional-columns", Advice, Suspicious;

    /// A column is missing, and a header resembles its name.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks up columns by their exact names. To a program, `DOB`, `date_of_birth` and
    /// `Date of Birth` are three different columns. So are two names that differ only in a no-break
    /// space or a Cyrillic letter pasted from a document. SameGoal may ignore the whole file or,
    /// for an optional column, the values of that column.
    ///
    /// This tool compares headers without regard to case, spaces, punctuation and look-alike
    /// letters. It also knows names from older editions of the API, names that other systems use,
    /// and common typing errors. If a file's columns are not all published, it guesses much less.
    ///
    /// Sometimes two headers could be the same column, such as `StudentNumber` and `StudentID`.
    /// Then one finding names both and picks neither. Systems differ in which of them is the
    /// district's student number and which is an internal key. An internal key in place of the
    /// `Student Id` would make every student a new one.
    ///
    /// ## Example
    ///
    /// Names from a student information system:
    ///
    /// ```text
    /// STUDENT_NUMBER,LAST_NAME,FIRST_NAME,DOB,School
    /// ```
    ///
    /// The same columns with the API's names:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Building
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Rename the column in the export: `SELECT dob AS "Date of Birth"` in SQL, or the heading in
    /// the export template. If the name already looks right, retype it; do not paste it.
    MISNAMED_COLUMN = "header/misnamed-column", Error, FileIgnored;
        "for an optional column": Warning, FileIgnored;

    /// Two columns have the same name.
    ///
    /// ## Why it matters
    ///
    /// Which of the two SameGoal reads is not published. Some programs take the first, some take
    /// the last, and some reject the file. Names that differ only in case, spaces or punctuation
    /// are also reported if one of them is the name of a column.
    ///
    /// ## Example
    ///
    /// A join that returns the key twice:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Student Id
    /// ```
    ///
    /// Each name once:
    ///
    /// ```text
    /// Student Id,Last Name,First Name
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Find out which of the two columns has the right values, and take the other one out of the
    /// export. In SQL, name the columns one by one: `SELECT *` over a join repeats them.
    DUPLICATE_COLUMN = "header/duplicate-column", Error, FileIgnored;

    /// A column has no name.
    ///
    /// ## Why it matters
    ///
    /// The API has no column without a name, so its values are lost. More often there is no column
    /// at all, just an extra comma. A comma in the middle moves every value after it into the wrong
    /// column.
    ///
    /// ## Example
    ///
    /// A comma at the end, as some export templates write it:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,
    /// ```
    ///
    /// Commas only between names:
    ///
    /// ```text
    /// Student Id,Last Name,First Name
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Remove the comma in the export template, so that it disappears from the header and from the
    /// records. In a spreadsheet, delete the empty columns; clearing them is not enough.
    BLANK_COLUMN = "header/blank-column", Error, Suspicious;

    /// The API does not have this column, and it resembles none that is missing.
    ///
    /// ## Why it matters
    ///
    /// What SameGoal does with extra columns is not published. It may ignore them, and then
    /// personal data leaves the district for no reason. An extra column may also mean that someone
    /// renamed a column. This rule does not apply to files whose columns are not all published.
    ///
    /// ## Example
    ///
    /// A column that the API does not have:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Locker
    /// ```
    ///
    /// Without it:
    ///
    /// ```text
    /// Student Id,Last Name,First Name
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the column out of the export. If it holds the values of a missing API column, give it
    /// that name.
    UNKNOWN_COLUMN = "header/unknown-column", Advice, Suspicious;
}
