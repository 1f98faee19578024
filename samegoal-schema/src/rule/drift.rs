//! The rules about a delivery beside the one before it. Only their manuals are here: which delivery
//! that is, this crate does not know.

use super::rules;

rules! {
    /// A file that the previous epoch had is not in this one.
    ///
    /// ## Why it matters
    ///
    /// One of the exports has probably failed. What SameGoal has of that kind stays as it was the last
    /// time, and nobody is told.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  20260104-020000/students.csv
    ///            20260104-020000/guardians.csv
    ///
    /// wrong:     20260105-020000/students.csv
    ///
    /// right:     20260105-020000/students.csv
    ///            20260105-020000/guardians.csv
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Look into the log of the export that writes the file. If it is no longer delivered on purpose,
    /// this is reported once, and no more when the next epoch is compared with this one.
    MISSING_FILE = "drift/missing-file", Error, DataAtRisk;

    /// A column that the file had in the previous epoch is gone.
    ///
    /// ## Why it matters
    ///
    /// A template or a query was changed, or a system was updated. What SameGoal has of that column may
    /// grow old, or be emptied. A required column that is missing is a matter of `header/missing-column`
    /// and not reported here again; nor is one that is misnamed.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  Student Id,Last Name,First Name,Phone
    ///
    /// wrong:     Student Id,Last Name,First Name
    ///
    /// right:     Student Id,Last Name,First Name,Phone
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Put the column back where the export is made, under the same name. If it was left out on
    /// purpose, this is reported once, and no more when the next epoch is compared with this one.
    MISSING_COLUMN = "drift/missing-column", Error, DataAtRisk;

    /// A file has far fewer records than in the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// A query that lost a school, a grade or a status still gives a good file. Where a file is the
    /// whole truth, what is missing from it is deleted at SameGoal; elsewhere it grows old.
    ///
    /// More than 20 % is an error, more than 5 % a warning; `[drift]` in the configuration sets other
    /// shares. Where it can be told which students are gone, that is reported instead.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  absences.csv with 812 records
    ///
    /// wrong:     absences.csv with 96 records
    ///
    /// right:     absences.csv with 807 records
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Compare the query with the one of last night: its filter, its school year, its joins. An inner
    /// join to a table that lacks rows drops records without a word. After a roll-over of the school
    /// year a drop may be right: then lint once without `--previous`.
    FEWER_RECORDS = "drift/fewer-records", Error, DataAtRisk
        ; "for no more than 20 % of the records": Warning, DataAtRisk;

    /// Students of the previous epoch are not in this one.
    ///
    /// ## Why it matters
    ///
    /// SameGoal keeps students who are left out as they were: they do not become inactive, and their
    /// data grows old. And if the ids were changed, as by lost leading zeros, every student comes as a
    /// new one.
    ///
    /// More than 20 % is an error, more than 5 % a warning; `[drift]` in the configuration sets other
    /// shares. Students are compared by their `Student Id`, of which nothing is kept but a hash, while
    /// the program runs.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  0104  0105  0106  0107
    ///
    /// wrong:     104   105   106   107
    ///
    /// right:     0104  0105  0106  0107
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Look for students of the previous epoch in this one. Are they there under another id? Then mend
    /// the id. Are those of one school or one grade missing? Then mend the filter of the export. A
    /// student who left is to be delivered with a `District Enrollment` that says so.
    VANISHED_STUDENTS = "drift/vanished-students", Error, DataAtRisk
        ; "for no more than 20 % of the students": Warning, DataAtRisk;

    /// Students who had a guardian in the previous epoch have none in this one.
    ///
    /// ## Why it matters
    ///
    /// guardians.csv is the whole truth for the students beside it: SameGoal deletes the guardians that
    /// it has for a student and that are not in the file any more.
    ///
    /// Only students who are still delivered count. More than 20 % of them is an error, more than 5 % a
    /// warning; `[drift]` in the configuration sets other shares. A guardians.csv without any record is
    /// `csv/no-records` and not reported here again.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  guardians of 1001, 1002, 1003, 1004
    ///
    /// wrong:     guardians of 1001
    ///
    /// right:     guardians of 1001, 1002, 1003, 1004
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Do not upload the epoch. Compare the query of guardians.csv with the one of last night; a filter
    /// such as "primary contact", or a join that fails for one school, is the usual cause.
    VANISHED_GUARDIANS = "drift/vanished-guardians", Error, DataAtRisk
        ; "for no more than 20 % of the students": Warning, DataAtRisk;

    /// Every file is byte for byte that of the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// In a district something changes every day. The same bytes mean that the export has not run and
    /// that old files were delivered once more.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  20260104-020000/students.csv, written on January 3
    ///
    /// wrong:     20260105-020000/students.csv, the same file
    ///
    /// right:     20260105-020000/students.csv, written on January 5
    /// ```
    ///
    /// ## How to mend it
    ///
    /// See whether the export ran, and whether it wrote to another folder than the one that is
    /// delivered. In the holidays it may be right: then lint without `--previous`.
    UNCHANGED = "drift/unchanged", Warning, Suspicious;
}
