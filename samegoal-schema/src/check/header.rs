//! The header: which column each name stands for, and what is wrong with the names.

use crate::finding::rules;

mod difference;
mod fixable;
mod guess;
mod inferred;
mod matching;
mod names;
mod reading;
mod report;
mod typing;

pub(crate) use fixable::{added, is_renamed};
pub(crate) use guess::{is_certain, looks_like_data, recognize};
pub use inferred::inferred;
pub(crate) use matching::{Binding, bind, privacy};
pub(crate) use report::{check, foreign, has_told_bytes, is_foreign};

#[cfg(test)]
mod tests;

rules! {
    /// A required column is missing, and no header of the file resembles it.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks columns up by their exact names. A missing column is one of the usual reasons
    /// why a delivery fails: the file may be ignored as a whole.
    ///
    /// ## Example
    ///
    /// A `students.csv` without `Building`:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building Reporting Id
    /// ```
    ///
    /// With it; the order of the columns is free:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Gender,District Enrollment,Building,Building Reporting Id
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Add the column, with a value in every record, where the export is made: to the `SELECT` list,
    /// or to the export template of the student information system. If the column is there under a
    /// name of the district's own, rename it.
    MISSING_COLUMN = "header/missing-column", Error, FileIgnored;

    /// Published optional columns are left out.
    ///
    /// ## Why it matters
    ///
    /// It is published which columns need no value, but not whether a file may do without their
    /// headers. A full header is right in either case. A column that was there last year and is
    /// missing now is seldom left out on purpose.
    ///
    /// ## Example
    ///
    /// A list of students whose names and addresses stop short:
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
    /// Add the columns to the export, without values where there are none: `'' AS "Middle Name"` in
    /// SQL. If SameGoal has loaded the file as it is, switch this rule off in the configuration.
    MISSING_OPTIONAL_COLUMNS = "header/missing-optional-columns", Advice, Suspicious;

    /// A column is missing, and a header resembles its name.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks columns up by their exact names. To a program `DOB`, `date_of_birth` and
    /// `Date of Birth` are three columns, and so are two names that differ only in a no-break space
    /// or a Cyrillic letter that came along from a document. The file may be ignored as a whole; if
    /// the column is optional, its values may be.
    ///
    /// Headers are compared without their case, blanks and punctuation, by look-alike letters, with
    /// names from older editions of the API, with the names that other systems use, and by typing
    /// errors. Where the list of a file's columns is not published in full, far less is guessed.
    ///
    /// Where two headers could be one column, such as `StudentNumber` and `StudentID`, one finding
    /// names both, and neither is chosen: which of them is the district's number, and which a key of
    /// the student information system, differs from system to system. Such a key in place of the
    /// `Student Id` would make every student a new one.
    ///
    /// ## Example
    ///
    /// Names as a student information system has them:
    ///
    /// ```text
    /// STUDENT_NUMBER,LAST_NAME,FIRST_NAME,DOB,School
    /// ```
    ///
    /// The same columns by the names of the API:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,Date of Birth,Building
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Rename the column where the export is made: `SELECT dob AS "Date of Birth"` in SQL, or the
    /// heading in the export template. If the name looks right already, type it anew; do not paste
    /// it.
    MISNAMED_COLUMN = "header/misnamed-column", Error, FileIgnored;
        "for an optional column": Warning, FileIgnored;

    /// Two columns have the same name.
    ///
    /// ## Why it matters
    ///
    /// Which of the two SameGoal would read is not published. Some programs take the first, some
    /// the last, and some reject the file. Names that differ only in case, blanks or punctuation
    /// are reported, too, if one of them is a column's.
    ///
    /// ## Example
    ///
    /// A join that brings the key along twice:
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
    /// Find out which of the columns has the right values and take the other one out of the export.
    /// In SQL name the columns one by one; `SELECT *` over a join repeats them.
    DUPLICATE_COLUMN = "header/duplicate-column", Error, FileIgnored;

    /// A column has no name.
    ///
    /// ## Why it matters
    ///
    /// A column without a name is none of the API's, so its values are lost. More often there is no
    /// column at all, only a comma too many; and if that comma is in the middle, it moves every
    /// value behind it into the wrong column.
    ///
    /// ## Example
    ///
    /// A comma at the end, as some export templates write it:
    ///
    /// ```text
    /// Student Id,Last Name,First Name,
    /// ```
    ///
    /// Commas between names only:
    ///
    /// ```text
    /// Student Id,Last Name,First Name
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the comma out of the template, so that it leaves the records as well as the header. In
    /// a spreadsheet delete the empty columns; it is not enough to clear them.
    BLANK_COLUMN = "header/blank-column", Error, Suspicious;

    /// A column is none of the API's and resembles none that is missing.
    ///
    /// ## Why it matters
    ///
    /// What SameGoal does with further columns is not published; it may ignore them. Then they are
    /// personal data that leaves the district for nothing. They may also be a sign that a column was
    /// renamed. Of a file whose columns are not all published nothing is said.
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
    /// Take the column out of the export. If it holds what a missing column of the API should, give
    /// it that name.
    UNKNOWN_COLUMN = "header/unknown-column", Advice, Suspicious;
}
