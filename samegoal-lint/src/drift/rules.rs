//! Manuals of the rules that compare a delivery with the previous one. The checks are beside this file;
//! `samegoal_schema::check::profile` collects what they compare.

use samegoal_schema::rules;

rules! {
    RULES;

    /// A file that the previous epoch had is not in this one.
    ///
    /// ## Why it matters
    ///
    /// One of the exports probably failed. SameGoal keeps the old data from that file and sends no
    /// message.
    ///
    /// For files other than students.csv and guardians.csv this is advice: there may be no more absences
    /// this year, for example. If the configuration expects the file, `layout/missing-expected-file` is
    /// reported instead.
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
    /// Read the log of the export that writes the file. If you no longer deliver the file on purpose, do
    /// nothing: the next epoch is compared with this one.
    MISSING_FILE = "drift/missing-file", Error, DataAtRisk
        ; "for files other than students.csv and guardians.csv": Advice, DataAtRisk;

    /// A column that the file had in the previous epoch is gone.
    ///
    /// ## Why it matters
    ///
    /// Someone changed a template or a query, or a system was updated. SameGoal's data in that column
    /// may go out of date or be erased. A missing required column is reported by `header/missing-column`
    /// instead, and a misnamed one by `header/misnamed-column`.
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
    /// Add the column to the export again, under the same name. If you removed it on purpose, do nothing:
    /// the next epoch is compared with this one.
    MISSING_COLUMN = "drift/missing-column", Error, DataAtRisk;

    /// A file has far fewer records than in the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// A query that lost a school, a grade or a status still writes a valid file. SameGoal deletes
    /// guardians who are missing from guardians.csv, and does not update students who are missing from
    /// students.csv. It keeps what the other files leave out, so this rule does not count those files.
    ///
    /// More than 20 % and at least 10 records are an error; more than 5 % and at least 5 are a warning.
    /// `[drift]` in the configuration sets other limits. If the comparison shows which students are
    /// missing, those are reported instead.
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
    /// Compare the query with last night's: its filter, its school year, its joins. An inner join with a
    /// table that lacks rows drops records silently. After the rollover to a new school year the drop may
    /// be correct: then lint once without `--previous`.
    FEWER_RECORDS = "drift/fewer-records", Error, DataAtRisk
        ; "for at most 20 % of the records, or for fewer than 10": Warning, DataAtRisk;

    /// Students of the previous epoch are not in this one.
    ///
    /// ## Why it matters
    ///
    /// SameGoal does not update students who are left out: they do not become inactive, and their data
    /// goes out of date. If the ids changed, for example because leading zeros were lost, SameGoal takes
    /// every student for a new one.
    ///
    /// More than 20 % and at least 10 students are an error; more than 5 % and at least 5 are a warning.
    /// `[drift]` in the configuration sets other limits. If most of the students were in one grade, and
    /// that grade is now almost empty, they look like a class that graduated: that is at most a warning.
    ///
    /// Students are compared by their `Student Id`. The program keeps only a hash of it, and only while it
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
    /// Look up a few of the missing students in this epoch. If they have another id, fix the id. If one
    /// school or one grade is missing, fix the filter of the export. Deliver students who left, with a
    /// `District Enrollment` that says so.
    VANISHED_STUDENTS = "drift/vanished-students", Error, DataAtRisk
        ; "for at most 20 % of the students, for fewer than 10, or for a class that graduated":
            Warning, DataAtRisk;

    /// The same student ids now belong to other people.
    ///
    /// ## Why it matters
    ///
    /// SameGoal identifies a student by the `Student Id`. If another name or date of birth comes with
    /// that id, it overwrites the student's own, and plans and records then belong to someone else. Common
    /// causes are columns that moved, columns that were sorted without the others, and dates that a time
    /// zone shifted by a day. Each value looks right; only the previous epoch shows the change.
    ///
    /// Each column is compared where both epochs have a value. Dates are compared as days, so another
    /// format is no change. `Gender` is compared by its meaning, and names without case, accents and
    /// punctuation. More than 20 % and at least 10 students are an error. At least 5 students and more than
    /// 5 % are a warning, or more than 2 % for `Date of Birth`. `SIS Internal ID` is at most a warning.
    /// `[drift]` in the configuration sets other limits.
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
    /// Compare a few of the students with the student information system. If columns moved, fix their
    /// order in the query. If a spreadsheet sorted some columns, export again and do not open the file in
    /// a spreadsheet. If dates are off by a day, export them as text, without a time.
    CHANGED_IDENTITY = "drift/changed-identity", Error, DataAtRisk
        ; "for at most 20 % of the students, for fewer than 10, or for `SIS Internal ID`":
            Warning, DataAtRisk;

    /// Most values of a column in students.csv changed or disappeared since the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// Few families move in one night. If most students have another address, race or district than
    /// before, a join or a table probably changed, and SameGoal would overwrite correct data.
    ///
    /// Values are compared without case, accents and punctuation, and ZIP codes by their first five digits.
    /// The rule reports a column if more than half of the students in both epochs, and at least 10, have
    /// another value, or lost the value they had.
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
    /// Check the table and the join that the column comes from. If the district corrected the column on
    /// purpose, do nothing: the next epoch is compared with this one.
    REWRITTEN_COLUMN = "drift/rewritten-column", Warning, DataAtRisk;

    /// Students who had a guardian in the previous epoch have none in this one.
    ///
    /// ## Why it matters
    ///
    /// SameGoal replaces all guardians of the delivered students: it deletes a guardian who is no longer
    /// in guardians.csv.
    ///
    /// The rule counts only students who are still delivered. More than 20 % and at least 10 of them are an
    /// error; more than 5 % and at least 5 are a warning. `[drift]` in the configuration sets other limits.
    /// It is also an error if `link/no-guardians` would be an error; that rule then reports nothing. A
    /// guardians.csv without records is reported by `csv/no-records` instead.
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
    /// Do not upload the epoch. Compare the query of guardians.csv with last night's. The usual cause is a
    /// filter such as "primary contact", or a join that fails for one school.
    VANISHED_GUARDIANS = "drift/vanished-guardians", Error, DataAtRisk
        ; "for at most 20 % of the students, or for fewer than 10": Warning, DataAtRisk;

    /// Every file is identical to the one in the previous epoch.
    ///
    /// ## Why it matters
    ///
    /// On a school day, something changes in every district. Identical files mean that the export did not
    /// run and that old files were delivered again. On a weekend this is normal.
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
    /// Check whether the export ran, and whether it wrote to the folder that is delivered. On weekends and
    /// holidays, do nothing.
    UNCHANGED = "drift/unchanged", Advice, Suspicious;
}
