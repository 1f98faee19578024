//! The rules about a directory as it would be uploaded: their manuals. The checks are beside this file.

use samegoal_schema::{Rule, rules};

rules! {
    /// An epoch directory has no `COMPLETE` file.
    ///
    /// ## Why it matters
    ///
    /// The empty file `COMPLETE` says that an upload is final. SameGoal does not process an epoch
    /// without it, and nobody is told: the files lie there and nothing happens.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students.csv
    ///
    /// right:  20260105-020000/students.csv
    ///         20260105-020000/COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Put an empty file named `COMPLETE` (capitals, no extension) into the epoch directory, after
    /// every CSV file has been uploaded. A local folder from which a script uploads may do without,
    /// if the script creates the marker: then switch this rule off.
    MISSING_COMPLETE = "layout/missing-complete", Error, DeliveryIgnored;

    /// The `COMPLETE` marker has almost the right name.
    ///
    /// ## Why it matters
    ///
    /// The name counts letter for letter. With `complete` or `COMPLETE.txt` the epoch is one
    /// without a marker, and SameGoal does not process it.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/COMPLETE.txt
    ///
    /// right:  20260105-020000/COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Rename it to `COMPLETE`. Windows hides extensions and adds `.txt` to what a text editor
    /// saves; in PowerShell, `New-Item COMPLETE -ItemType File` makes the file as it should be.
    MISNAMED_COMPLETE = "layout/misnamed-complete", Error, DeliveryIgnored;

    /// `COMPLETE` is a directory, a link or a device instead of a file.
    ///
    /// ## Why it matters
    ///
    /// The marker is an empty regular file. A directory of that name is none, and most uploaders
    /// leave out a link or send something else in its place: the epoch may never count as final.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/COMPLETE/
    ///
    /// right:  20260105-020000/COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Give it another name, and create an empty file named `COMPLETE`.
    COMPLETE_NOT_A_FILE = "layout/complete-not-a-file", Error, DeliveryIgnored;

    /// The `COMPLETE` marker has bytes in it.
    ///
    /// ## Why it matters
    ///
    /// The marker is specified as an empty file. What SameGoal makes of one with contents is not
    /// published.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  echo done > COMPLETE
    ///
    /// right:  : > COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Create it empty. `echo` writes a line end even when it is given no words; use `: > COMPLETE`
    /// in a shell, `type nul > COMPLETE` in a command prompt, or `New-Item COMPLETE -ItemType File`
    /// in PowerShell.
    COMPLETE_NOT_EMPTY = "layout/complete-not-empty", Warning, Suspicious;

    /// A CSV file was changed after the `COMPLETE` marker was made.
    ///
    /// ## Why it matters
    ///
    /// From the moment the marker is there, SameGoal may start to read. A file that is still being
    /// written then may be loaded in part, and guardians who are missing from it may be deleted.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  02:00:05  COMPLETE
    ///         02:03:40  guardians.csv
    ///
    /// right:  02:03:40  guardians.csv
    ///         02:03:41  COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Let the job create `COMPLETE` last, and upload it last. Up to 2 seconds are let pass, since
    /// some file systems keep no finer time. Editing a file of an old epoch by hand is another
    /// cause: then touch `COMPLETE` again.
    COMPLETE_TOO_EARLY = "layout/complete-too-early", Advice, DataAtRisk;

    /// A file is meant for a file of the API, but its name is not exactly right.
    ///
    /// ## Why it matters
    ///
    /// SameGoal knows its files by their exact names, in lower case. A misnamed file is one of the
    /// most frequent reasons for a delivery, or a part of it, being ignored.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/Students.csv
    ///         20260105-020000/guardians_20260105.csv
    ///
    /// right:  20260105-020000/students.csv
    ///         20260105-020000/guardians.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Give it the name that the finding suggests, in the job that writes it. Its contents are
    /// checked as if it had that name already. In the upload root itself the names end in
    /// `_auto.csv`.
    MISNAMED_FILE = "layout/misnamed-file", Error, FileIgnored;

    /// A spreadsheet lies where the CSV file of that name should be.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads CSV files. A workbook is not one, even after its extension was changed.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students.xlsx
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Save it as CSV under the exact name; in Excel choose "CSV UTF-8". Better, let the student
    /// information system export CSV by itself: a spreadsheet drops leading zeros and rewrites
    /// dates.
    WORKBOOK = "layout/workbook", Error, FileIgnored;

    /// A file is none of the API's and near none of them.
    ///
    /// ## Why it matters
    ///
    /// What SameGoal does not recognize stays where it is until somebody there looks at it. Often
    /// such a file is a leftover of the operating system, a spreadsheet or a broken transfer; it
    /// may hold data that was never meant to leave the district.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students.csv
    ///         20260105-020000/.DS_Store
    ///         20260105-020000/staff photos.zip
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Let the job upload the API files by name instead of everything that lies in the folder. If
    /// one of the files is meant for an API file, give it the exact name. More than 20 files of
    /// which nothing is known are one finding, which counts them.
    UNKNOWN_FILE = "layout/unknown-file", Warning, Suspicious;

    /// API files lie in a folder directly below the epoch directory.
    ///
    /// ## Why it matters
    ///
    /// The files belong directly into the epoch directory. One folder further down they may be
    /// ignored. It happens when a whole folder is uploaded or a ZIP archive unpacked.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/export/students.csv
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Move the files up into the epoch directory. In an uploader, send what is in the folder and not
    /// the folder. If the folder itself is the delivery, give it as the PATH.
    NESTED_FILE = "layout/nested-file", Error, FileIgnored;

    /// A directory has no API file.
    ///
    /// ## Why it matters
    ///
    /// There is nothing to load, so SameGoal has nothing to do. The export failed, or wrote to
    /// another folder, and the upload went on regardless. Or the PATH names another folder than that
    /// of the delivery: then nothing is wrong with what lies there.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/COMPLETE
    ///
    /// right:  20260105-020000/students.csv
    ///         20260105-020000/COMPLETE
    /// ```
    ///
    /// ## How to fix it
    ///
    /// If deliveries lie below the folder, the finding names them and the command that checks them.
    /// Otherwise look into the log of the export, and let the job stop before the upload when the
    /// export fails.
    NO_DATA_FILE = "layout/no-data-file", Error, DeliveryIgnored;

    /// Guardians are delivered without students.
    ///
    /// ## Why it matters
    ///
    /// Students and guardians are loaded together. SameGoal does not load a guardian whose student
    /// is not in the same delivery; without `students.csv` that is every one of them.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/guardians.csv
    ///
    /// right:  20260105-020000/students.csv
    ///         20260105-020000/guardians.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Deliver `students.csv` beside it, with every student who has a guardian in the file. In the
    /// upload root the two are `students_auto.csv` and `guardians_auto.csv`.
    MISSING_STUDENTS = "layout/missing-students", Error, RecordLost
        ; "where the configuration expects students.csv, or the previous epoch had it": Error, DataAtRisk;

    /// A file that the configuration expects is not in the delivery.
    ///
    /// ## Why it matters
    ///
    /// Only the district knows what it delivers every night. If an export fails and the others do
    /// not, the delivery looks right, and what SameGoal has of that kind grows old without a word.
    ///
    /// ## Example
    ///
    /// With `expected-files = ["students.csv", "guardians.csv"]` in `samegoal-lint.toml`:
    ///
    /// ```text
    /// wrong:  20260105-020000/students.csv
    ///
    /// right:  20260105-020000/students.csv
    ///         20260105-020000/guardians.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Look into the log of the export that writes the file. If it is no longer delivered on
    /// purpose, take it out of `expected-files`.
    MISSING_EXPECTED_FILE = "layout/missing-expected-file", Error, DataAtRisk;

    /// Files of the API lie directly in the upload root.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks for them in epoch directories. In the upload root itself it takes only files
    /// whose names end in `_auto.csv`.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  upload/students.csv
    ///
    /// right:  upload/20260105-020000/students.csv
    ///         upload/20260105-020000/COMPLETE
    ///
    /// right:  upload/students_auto.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Either put them into an epoch directory with a `COMPLETE` file, or rename each of them to
    /// the `_auto.csv` form.
    NO_EPOCH = "layout/no-epoch", Error, DeliveryIgnored;

    /// A file of the API was exported in parts.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads one file of each name. If only one part is delivered under it, the students of
    /// the other parts are missing, and their guardians may be deleted.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students_elementary.csv
    ///         20260105-020000/students_hs.csv
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Let the export write all records into one file, with one header. A part is known by its
    /// header, or by its name where the columns of the file are not known. Files whose names differ
    /// by a date, a number or a copy mark only are copies: see `layout/duplicate-file`.
    SPLIT_FILE = "layout/split-file", Error, FileIgnored;

    /// The name of a directory is not that of an epoch.
    ///
    /// ## Why it matters
    ///
    /// An epoch directory is named with the date and the time, `YYYYMMDD-HHMMSS`. In the upload
    /// root SameGoal does not process another one. A folder that was itself given to be checked may
    /// have any name, for it may get its final one only when it is uploaded: then this is advice.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  upload/2026-01-05_0200/
    ///
    /// right:  upload/20260105-020000/
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Name it with eight digits for the date, a hyphen, and six digits for the time, seconds
    /// included.
    BAD_EPOCH_NAME = "layout/bad-epoch-name", Error, DeliveryIgnored;
        "where the directory was itself the argument": Advice, DeliveryIgnored;

    /// The name of an epoch has the right shape, but there is no such date or time.
    ///
    /// ## Why it matters
    ///
    /// The shape is what is required, and an example of the vendor's own has minute 90. But a job
    /// that writes such a name gets its clock or its format wrong, and its epochs may sort in the
    /// wrong order.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  01052026-020000
    ///         20260105-026000
    ///
    /// right:  20260105-020000
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Write year, month, day, hyphen, hour, minute, second: `date +%Y%m%d-%H%M%S` in a shell,
    /// `Get-Date -Format yyyyMMdd-HHmmss` in PowerShell, where `MM` is the month and `mm` the
    /// minute.
    IMPOSSIBLE_EPOCH_TIME = "layout/impossible-epoch-time", Warning, Suspicious;

    /// A file with the suffix `_auto.csv` lies in an epoch directory.
    ///
    /// ## Why it matters
    ///
    /// The suffix belongs to files that are dropped straight into the upload root. In an epoch
    /// directory `students_auto.csv` is not the exact name, and the file may be ignored.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students_auto.csv
    ///
    /// right:  20260105-020000/students.csv
    ///
    /// right:  upload/students_auto.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Rename it to the form without the suffix; or upload it into the upload root, without an
    /// epoch directory and without `COMPLETE`.
    AUTO_FILE_IN_EPOCH = "layout/auto-file-in-epoch", Error, FileIgnored;

    /// Two files stand for the same file of the API.
    ///
    /// ## Why it matters
    ///
    /// Only one of them can be loaded, and it may be the old one. On a file system that ignores
    /// case one even overwrites the other, and which one is left depends on the order of the
    /// upload.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students.csv
    ///         20260105-020000/students (1).csv
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Find out which one is current. Move the other out of the folder, and give the current one the
    /// exact name. Only the
    /// one with the exact name, or else the first, was checked.
    DUPLICATE_FILE = "layout/duplicate-file", Error, Suspicious;

    /// A `COMPLETE` marker lies directly in the upload root.
    ///
    /// ## Why it matters
    ///
    /// The marker belongs into an epoch directory. Files with the suffix `_auto.csv` need none:
    /// SameGoal moves them into an epoch and marks it by itself. So the job may have put it a
    /// folder too high, and the epoch has none.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  upload/students_auto.csv
    ///         upload/COMPLETE
    ///
    /// right:  upload/students_auto.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// If it was meant for an epoch, it must be in the folder of that epoch. Auto files need none.
    COMPLETE_IN_UPLOAD_ROOT = "layout/complete-in-upload-root", Advice, Suspicious;

    /// A file of the API is a link, a directory, a pipe, a socket or a device.
    ///
    /// ## Why it matters
    ///
    /// Such a thing is neither opened nor followed here, so that nothing outside the directory is
    /// read; its contents are not checked. Uploaders treat it differently: many leave it out.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  20260105-020000/students.csv -> /exports/current/students.csv
    ///
    /// right:  20260105-020000/students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Put a copy of the file there instead of the link.
    NOT_A_REGULAR_FILE = "layout/not-a-regular-file", Error, FileIgnored;

    /// A file or directory cannot be read.
    ///
    /// ## Why it matters
    ///
    /// What cannot be read here was not checked, and an upload by the same account would fail or
    /// leave it out.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  -rw-------  root     students.csv
    ///
    /// right:  -rw-r-----  exports  students.csv
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Give the account that runs the job the right to read it. If somebody has it open in Excel, close
    /// it there: a file named `~$students.xlsx` beside it shows that. If it vanished in between, another
    /// job is at work in the same folder: let one begin only when the other has ended.
    UNREADABLE_FILE = "layout/unreadable-file", Error, FileIgnored;

    /// A file changed, was replaced or was removed while it was read.
    ///
    /// ## Why it matters
    ///
    /// The export was still writing. What was checked is not what will be uploaded, and an upload
    /// at the same moment may be cut short: guardians who are missing from it may be deleted.
    ///
    /// ## Example
    ///
    /// ```text
    /// wrong:  02:00  the export starts
    ///         02:01  the check starts
    ///         02:03  the export ends
    ///
    /// right:  02:00  the export starts
    ///         02:03  the export ends
    ///         02:03  the check starts
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Let the check wait for the end of the export: as the next step of one job, not as a second
    /// job at a fixed time.
    CHANGED_WHILE_READ = "layout/changed-while-read", Error, DataAtRisk;

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
    /// ## How to fix it
    ///
    /// Move it to the folder that holds the upload folder or the export folder. Every delivery below
    /// that folder is then checked with it.
    INSIDE_DELIVERY = "config/inside-delivery", Error, DeliveryIgnored;
}

/// These rules, in the order of the manual.
pub(crate) const RULES: &[&Rule] = &[
    &MISSING_COMPLETE,
    &MISNAMED_COMPLETE,
    &COMPLETE_NOT_A_FILE,
    &COMPLETE_NOT_EMPTY,
    &COMPLETE_TOO_EARLY,
    &MISNAMED_FILE,
    &WORKBOOK,
    &UNKNOWN_FILE,
    &NESTED_FILE,
    &NO_DATA_FILE,
    &MISSING_STUDENTS,
    &SPLIT_FILE,
    &MISSING_EXPECTED_FILE,
    &NO_EPOCH,
    &BAD_EPOCH_NAME,
    &IMPOSSIBLE_EPOCH_TIME,
    &AUTO_FILE_IN_EPOCH,
    &DUPLICATE_FILE,
    &COMPLETE_IN_UPLOAD_ROOT,
    &NOT_A_REGULAR_FILE,
    &UNREADABLE_FILE,
    &CHANGED_WHILE_READ,
];
