//! The rules about a delivery beside the one before it: their manuals. The checks are beside this file; what
//! they compare, `samegoal_schema::check::profile` collects.

use samegoal_schema::{Rule, rules};

rules! {
    /// A file that the previous epoch had is not in this one.
    ///
    /// ## Why it matters
    ///
    /// One of the exports has probably failed. What SameGoal has of that kind stays as it was the last
    /// time, without a word about it.
    ///
    /// The other files than students.csv and guardians.csv are advice: absences, for example, may be over
    /// for this year. Where the configuration expects the file, `layout/missing-expected-file` is reported
    /// instead.
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
    /// ## How to fix it
    ///
    /// Look into the log of the export that writes the file. If it is no longer delivered on purpose,
    /// this is reported once, and no more when the next epoch is compared with this one.
    MISSING_FILE = "drift/missing-file", Error, DataAtRisk
        ; "for another file than students.csv and guardians.csv": Advice, DataAtRisk;

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
    /// ## How to fix it
    ///
    /// Put the column back where the export is made, under the same name. If it was left out on
    /// purpose, this is reported once, and no more when the next epoch is compared with this one.
    MISSING_COLUMN = "drift/missing-column", Error, DataAtRisk;

    /// A file has far fewer records than in the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// A query that lost a school, a grade or a status still gives a good file. SameGoal deletes the
    /// guardians that are missing from guardians.csv, and keeps students who are missing from
    /// students.csv as they were. What the other files leave out stays there, so they are not counted.
    ///
    /// More than 20 % and at least 10 records are an error, more than 5 % and at least 5 a warning;
    /// `[drift]` in the configuration sets other shares. Where it shows which students are concerned, that
    /// is reported instead.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  guardians.csv with 812 records
    ///
    /// wrong:     guardians.csv with 496 records
    ///
    /// right:     guardians.csv with 807 records
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Compare the query with the one of last night: its filter, its school year, its joins. An inner
    /// join to a table that lacks rows drops records without a word. After a roll-over of the school
    /// year a drop may be right: then lint once without `--previous`.
    FEWER_RECORDS = "drift/fewer-records", Error, DataAtRisk
        ; "for no more than 20 % of the records, or for fewer than 10": Warning, DataAtRisk;

    /// Students of the previous epoch are not in this one.
    ///
    /// ## Why it matters
    ///
    /// SameGoal keeps students who are left out as they were: they do not become inactive, and their
    /// data grows old. And if the ids were changed, as by lost leading zeros, every student comes as a
    /// new one.
    ///
    /// More than 20 % and at least 10 students are an error, more than 5 % and at least 5 a warning;
    /// `[drift]` in the configuration sets other shares. If hardly anybody is left of the grade that most
    /// of them were in, they look like a class that has left: a new school year, and a warning at most.
    ///
    /// Students are compared by their `Student Id`, of which nothing is kept but a hash, while the program
    /// runs.
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
    /// ## How to fix it
    ///
    /// Look for students of the previous epoch in this one. Are they there under another id? Then mend
    /// the id. Are those of one school or one grade missing? Then mend the filter of the export. A
    /// student who left is to be delivered with a `District Enrollment` that says so.
    VANISHED_STUDENTS = "drift/vanished-students", Error, DataAtRisk
        ; "for no more than 20 % of the students, for fewer than 10, or for a class that has left":
            Warning, DataAtRisk;

    /// Students in both epochs are other people now.
    ///
    /// ## Why it matters
    ///
    /// SameGoal knows a student by the `Student Id`. If another name or date of birth stands beside the
    /// id, it overwrites that of the student: plans and records then belong to somebody else. Columns that
    /// moved, columns that were sorted without the others, and dates that a time zone shifted by a day
    /// look right one by one; only the previous epoch shows them.
    ///
    /// Columns are compared one by one, where both epochs have a value: dates as days, so another form is
    /// no change; `Gender` by its meaning; names without case, accents and punctuation. More than 20 % and
    /// at least 10 students are an error. From 5 students on, more than 5 % are a warning, and more than
    /// 2 % for `Date of Birth`. `SIS Internal ID` is a warning at most. `[drift]` in the configuration sets
    /// other shares.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  1001,Okafor,Ada,05/21/2012
    ///            1002,Nguyen,Linh,11/03/2013
    ///
    /// wrong:     1001,Okafor,Ada,05/20/2012
    ///            1002,Nguyen,Linh,11/02/2013
    ///
    /// right:     1001,Okafor,Ada,2012-05-21
    ///            1002,Nguyen,Linh,2013-11-03
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Compare a few of the students with the student information system. If columns moved, fix the order
    /// in the query. If a spreadsheet sorted some columns, export again and do not open the file in it. If
    /// dates are off by a day, export them as text, without a time.
    CHANGED_IDENTITY = "drift/changed-identity", Error, DataAtRisk
        ; "for no more than 20 % of the students, for fewer than 10, or for `SIS Internal ID`":
            Warning, DataAtRisk;

    /// A column of students.csv has other values than in the previous epoch, or none.
    ///
    /// ## Why it matters
    ///
    /// Few families move in one night. If most students have another address, race or district than
    /// before, a join or a table has changed, and SameGoal would overwrite what it has.
    ///
    /// Values are compared without case, accents and punctuation, and zips by their first five digits. More
    /// than half of the students in both epochs, and at least 10, must have another value, or no value
    /// although they had one.
    ///
    /// ## Example
    ///
    /// ```text
    /// previous:  1001,12 Oak St,Dayton
    ///            1002,7 Cedar Ln,Kettering
    ///
    /// wrong:     1001,,
    ///            1002,,
    ///
    /// right:     1001,12 Oak St,Dayton
    ///            1002,9 Elm Ave,Dayton
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Check the table and the join that the column comes from. If the district has corrected the column on
    /// purpose, there is nothing to do: the next epoch is compared with this one.
    REWRITTEN_COLUMN = "drift/rewritten-column", Warning, DataAtRisk;

    /// Students who had a guardian in the previous epoch have none in this one.
    ///
    /// ## Why it matters
    ///
    /// guardians.csv is the whole truth for the students beside it: SameGoal deletes the guardians that
    /// it has for a student and that are not in the file any more.
    ///
    /// Only students who are still delivered count. More than 20 % and at least 10 of them are an error,
    /// more than 5 % and at least 5 a warning; `[drift]` in the configuration sets other shares. It is an
    /// error, too, where `link/no-guardians` would be one, which is not reported beside it. A guardians.csv
    /// without any record is `csv/no-records` and not reported here again.
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
    /// ## How to fix it
    ///
    /// Do not upload the epoch. Compare the query of guardians.csv with the one of last night; a filter
    /// such as "primary contact", or a join that fails for one school, is the usual cause.
    VANISHED_GUARDIANS = "drift/vanished-guardians", Error, DataAtRisk
        ; "for no more than 20 % of the students, or for fewer than 10": Warning, DataAtRisk;

    /// Every file is byte for byte that of the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// On a school day something changes in every district. The same bytes then mean that the export has
    /// not run and that old files were delivered once more. On a weekend they are usual.
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
    /// ## How to fix it
    ///
    /// See whether the export ran, and whether it wrote to another folder than the one that is
    /// delivered. On a weekend and in the holidays there is nothing to do.
    UNCHANGED = "drift/unchanged", Advice, Suspicious;
}

/// These rules, in the order of the manual.
pub(crate) const RULES: &[&Rule] = &[
    &MISSING_FILE,
    &MISSING_COLUMN,
    &FEWER_RECORDS,
    &VANISHED_STUDENTS,
    &CHANGED_IDENTITY,
    &REWRITTEN_COLUMN,
    &VANISHED_GUARDIANS,
    &UNCHANGED,
];
