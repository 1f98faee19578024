//! Manuals of the rules about names and directories. The checks are beside this file.

use samegoal_schema::rules;

rules! {
    RULES;

    /// An epoch directory has no `COMPLETE` file.
    ///
    /// ## Why it matters
    ///
    /// The empty file `COMPLETE` marks an upload as finished. SameGoal does not process an epoch without
    /// it, and sends no message: the files stay there and nothing happens.
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
    /// every CSV file has been uploaded. If your upload script creates the marker on the server, the
    /// local folder does not need one: switch this rule off.
    MISSING_COMPLETE = "layout/missing-complete", Error, DeliveryIgnored;

    /// The marker file is not named exactly `COMPLETE`.
    ///
    /// ## Why it matters
    ///
    /// The name must match letter for letter. `complete` or `COMPLETE.txt` is not the marker, so
    /// SameGoal does not process the epoch.
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
    /// Rename it to `COMPLETE`. On Windows, text editors add `.txt` and the Explorer hides it. In
    /// PowerShell, `New-Item COMPLETE -ItemType File` creates the file correctly.
    MISNAMED_COMPLETE = "layout/misnamed-complete", Error, DeliveryIgnored;

    /// `COMPLETE` is a directory, a link or a device instead of a file.
    ///
    /// ## Why it matters
    ///
    /// The marker is an empty regular file. A directory with that name is not the marker, and most
    /// uploaders skip a link or send something else instead. SameGoal may never process the epoch.
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
    /// Rename it, and create an empty file named `COMPLETE`.
    COMPLETE_NOT_A_FILE = "layout/complete-not-a-file", Error, DeliveryIgnored;

    /// The `COMPLETE` marker is not empty.
    ///
    /// ## Why it matters
    ///
    /// SameGoal specifies the marker as an empty file. It does not publish what happens if the file
    /// has contents.
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
    /// Create an empty file. `echo` always writes a line end. Use `: > COMPLETE` in a shell,
    /// `type nul > COMPLETE` in a command prompt, or `New-Item COMPLETE -ItemType File` in PowerShell.
    COMPLETE_NOT_EMPTY = "layout/complete-not-empty", Warning, Suspicious;

    /// A CSV file changed after the `COMPLETE` marker was created.
    ///
    /// ## Why it matters
    ///
    /// SameGoal may start to read as soon as the marker exists. If a file is still being written, only
    /// part of it may be loaded, and guardians who are missing from that part may be deleted.
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
    /// Make the job create `COMPLETE` last and upload it last. If you edited a file of an old epoch by
    /// hand, `touch COMPLETE` afterwards. The rule allows 2 seconds, because some file systems record
    /// time no more exactly.
    COMPLETE_TOO_EARLY = "layout/complete-too-early", Advice, DataAtRisk;

    /// A file looks like one of the API files, but its name is not exact.
    ///
    /// ## Why it matters
    ///
    /// SameGoal finds files by their exact names, in lower case. A misnamed file is one of the most
    /// common reasons why SameGoal ignores a delivery or a part of it.
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
    /// Use the name that the finding suggests, in the job that writes the file. The contents are
    /// checked as if the file already had that name. Directly in the upload root, names end in
    /// `_auto.csv`.
    MISNAMED_FILE = "layout/misnamed-file", Error, FileIgnored;

    /// A spreadsheet was delivered instead of a CSV file.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads CSV files. A workbook is not a CSV file, even if you change its extension.
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
    /// Save it as CSV under the exact name; in Excel choose "CSV UTF-8". It is better to export CSV
    /// directly from the student information system, because a spreadsheet drops leading zeros and
    /// rewrites dates.
    WORKBOOK = "layout/workbook", Error, FileIgnored;

    /// A file is not an API file, and does not look like one.
    ///
    /// ## Why it matters
    ///
    /// SameGoal leaves a file it does not recognize until a person looks at it. Such a file is often
    /// left over from the operating system, a spreadsheet or a broken transfer. It may contain data
    /// that should never leave the district.
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
    /// Make the job upload the API files by name instead of the whole folder. If the file is an API
    /// file after all, give it the exact name. More than 20 unknown files are one finding with a
    /// count.
    UNKNOWN_FILE = "layout/unknown-file", Warning, Suspicious;

    /// API files are in a folder inside the epoch directory.
    ///
    /// ## Why it matters
    ///
    /// The files must be directly in the epoch directory. SameGoal may ignore them one folder deeper.
    /// This happens when someone uploads a whole folder or unpacks a ZIP archive.
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
    /// Move the files up into the epoch directory. Upload the contents of the folder, not the folder.
    /// If the inner folder is the delivery, pass that folder as the PATH.
    NESTED_FILE = "layout/nested-file", Error, FileIgnored;

    /// A directory contains no API file.
    ///
    /// ## Why it matters
    ///
    /// SameGoal has nothing to load. Either the export failed or wrote to another folder, and the
    /// upload continued anyway. Or the PATH is not the folder of the delivery: then nothing is wrong
    /// with its contents.
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
    /// If there are deliveries below the folder, the finding names them and the command that checks
    /// them. Otherwise read the log of the export, and make the job stop before the upload if the
    /// export fails.
    NO_DATA_FILE = "layout/no-data-file", Error, DeliveryIgnored;

    /// Guardians are delivered without students.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads students and guardians together. It does not load a guardian whose student is
    /// not in the same delivery. Without `students.csv` it loads no guardian at all.
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
    /// Deliver `students.csv` too, with every student who has a guardian in the file. In the upload
    /// root the two files are `students_auto.csv` and `guardians_auto.csv`.
    MISSING_STUDENTS = "layout/missing-students", Error, RecordLost
        ; "if the configuration expects students.csv, or the previous epoch had it": Error, DataAtRisk;

    /// An API file was exported in several parts.
    ///
    /// ## Why it matters
    ///
    /// SameGoal loads one file of each name. If it gets only one part, the students in the other parts
    /// are missing, and their guardians may be deleted.
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
    /// Export all records into one file with one header. The rule recognizes a part by its header, or
    /// by its name if the columns of the file are not known. Files whose names differ only by a date, a
    /// number or "copy" are copies: see `layout/duplicate-file`.
    SPLIT_FILE = "layout/split-file", Error, FileIgnored;

    /// A file that the configuration expects is not in the delivery.
    ///
    /// ## Why it matters
    ///
    /// Only the district knows what it delivers every night. If one export fails, the rest of the
    /// delivery looks right, and SameGoal's data from that file goes out of date without a message.
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
    /// Read the log of the export that writes the file. If you no longer deliver the file on purpose,
    /// remove it from `expected-files`.
    MISSING_EXPECTED_FILE = "layout/missing-expected-file", Error, DataAtRisk;

    /// API files are directly in the upload root.
    ///
    /// ## Why it matters
    ///
    /// SameGoal looks for them in epoch directories. Directly in the upload root, it processes only
    /// files whose names end in `_auto.csv`.
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
    /// Put them into an epoch directory with a `COMPLETE` file, or rename each one to end in
    /// `_auto.csv`.
    NO_EPOCH = "layout/no-epoch", Error, DeliveryIgnored;

    /// A directory name is not a valid epoch name.
    ///
    /// ## Why it matters
    ///
    /// The name of an epoch directory is a date and a time, `YYYYMMDD-HHMMSS`. SameGoal does not
    /// process other directories in the upload root. If you lint a folder by its own PATH, this is
    /// advice: the folder may get its final name during the upload.
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
    /// Use eight digits for the date, a hyphen, and six digits for the time, including seconds.
    BAD_EPOCH_NAME = "layout/bad-epoch-name", Error, DeliveryIgnored;
        "if the directory itself is the PATH": Advice, DeliveryIgnored;

    /// An epoch name has the right form, but the date or time does not exist.
    ///
    /// ## Why it matters
    ///
    /// SameGoal requires only the form; one of its own examples has minute 90. But a job that writes
    /// such a name has a wrong clock or a wrong format, and its epochs may sort in the wrong order.
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

    /// An `_auto.csv` file is in an epoch directory.
    ///
    /// ## Why it matters
    ///
    /// The suffix is for files that go directly into the upload root. In an epoch directory,
    /// `students_auto.csv` is not the exact name, and SameGoal may ignore the file.
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
    /// Rename it without the suffix. Or upload it to the upload root, without an epoch directory and
    /// without `COMPLETE`.
    AUTO_FILE_IN_EPOCH = "layout/auto-file-in-epoch", Error, FileIgnored;

    /// Two files look like the same API file.
    ///
    /// ## Why it matters
    ///
    /// SameGoal can load only one of them, and it may be the old one. On a file system that ignores
    /// case, one overwrites the other, depending on the order of the upload.
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
    /// exact name. Only one of them was checked: the one with the exact name, or else the first.
    DUPLICATE_FILE = "layout/duplicate-file", Error, Suspicious;

    /// A `COMPLETE` marker is directly in the upload root.
    ///
    /// ## Why it matters
    ///
    /// The marker belongs in an epoch directory. Files that end in `_auto.csv` do not need it: SameGoal
    /// moves them into an epoch and marks that epoch itself. The job may have put the marker one folder
    /// too high, so the epoch has no marker.
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
    /// If the marker is for an epoch, move it into that epoch directory. Auto files need no marker.
    COMPLETE_IN_UPLOAD_ROOT = "layout/complete-in-upload-root", Advice, Suspicious;

    /// An API file is a link, a directory, a pipe, a socket or a device.
    ///
    /// ## Why it matters
    ///
    /// The linter does not open or follow it, because that could read files outside the directory. So
    /// its contents are not checked. Uploaders treat such files differently; many skip them.
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
    /// It was not checked, and an upload by the same account would fail or skip it.
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
    /// Give the account that runs the job permission to read it. If someone has it open in Excel, close
    /// it there; a file named `~$students.xlsx` next to it is the sign. If it disappeared during the
    /// run, another job works in the same folder: start one job after the other ends.
    UNREADABLE_FILE = "layout/unreadable-file", Error, FileIgnored;

    /// A file was changed, replaced or removed while it was being read.
    ///
    /// ## Why it matters
    ///
    /// The export was still writing. The file that was checked is not the file that will be uploaded.
    /// An upload at the same moment may be incomplete, and guardians who are missing from it may be
    /// deleted.
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
    /// Start the check when the export has ended: as the next step of the same job, not as a second
    /// job at a fixed time.
    CHANGED_WHILE_READ = "layout/changed-while-read", Error, DataAtRisk;
}

rules! {
    /// A `samegoal-lint.toml` is inside the delivery.
    ///
    /// ## Why it matters
    ///
    /// A configuration decides what is reported. A configuration that comes with the data could switch
    /// off every rule, so it is ignored unless `--config` names it. It would also be uploaded.
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
    /// Move it to the folder that contains the upload folder or the export folder. It then applies to
    /// every delivery below that folder.
    INSIDE_DELIVERY = "config/inside-delivery", Error, DeliveryIgnored;
}
