//! Files that are none of the API's: what they probably are, and what to do about them.

use std::path::Path;

use super::rules;
use samegoal_schema::{Finding, thousands};

use super::names::{distance_from_complete, extension, is_workbook};
use super::{STAGE_PREFIX, noun, quoted, short};
use crate::listing::{Entry, Kind};

const SYSTEM: &[&str] =
    &[".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", ".directory", "icon\r"];
const UNFINISHED: &[&str] =
    &["filepart", "part", "partial", "tmp", "temp", "uploading", "crdownload", "download"];
const EDITOR: &[&str] = &["swp", "swo", "swx"];
const ARCHIVES: &[&str] = &["zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"];
const ENCRYPTED: &[&str] = &["gpg", "pgp", "asc", "age"];
/// Formats in which data is exported, other than CSV and workbooks.
const DATA: &[&str] = &["xml", "json", "html", "htm", "pdf", "mdb", "accdb"];
/// Further files whose beginning need not be read to know that it is no header.
const NO_TEXT: &[&str] = &[
    "pdf", "doc", "docx", "ppt", "pptx", "rtf", "png", "jpg", "jpeg", "gif", "heic", "mp3", "mp4",
    "mov", "exe", "dll", "db", "mdb", "accdb", "sqlite", "html", "htm", "xml", "json", "log",
    "ini", "toml", "yaml", "yml", "bat", "cmd", "ps1", "sh", "py", "sql", "lnk", "url", "eml",
    "msg",
];

/// What programs leave behind, known by name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leftover {
    /// A file manager's notes.
    System,
    /// What macOS keeps about another file: `._students.csv`.
    Twin,
    /// The mark of an office program that has a file open: `~$students.xlsx`.
    Lock,
    /// An unfinished transfer or download: `students.csv.filepart`.
    Unfinished,
    /// An editor's working copy.
    Editor,
    /// The folder that macOS puts into ZIP archives.
    Archiver,
    /// What `stage` works in until an epoch is finished.
    Workspace,
}

pub(super) fn leftover(name: &str) -> Option<Leftover> {
    let extension = extension(name).unwrap_or_default();
    let is = |list: &[&str]| list.contains(&extension.as_str());
    if name.strip_prefix(STAGE_PREFIX).is_some_and(|rest| rest.starts_with('-')) {
        Some(Leftover::Workspace)
    } else if name == "__MACOSX" {
        Some(Leftover::Archiver)
    } else if name.starts_with("._") {
        Some(Leftover::Twin)
    } else if name.starts_with("~$") || name.starts_with(".~lock.") {
        Some(Leftover::Lock)
    } else if SYSTEM.contains(&name.to_lowercase().as_str()) {
        Some(Leftover::System)
    } else if is(UNFINISHED) || is_rsync(name, &extension) {
        Some(Leftover::Unfinished)
    } else if is(EDITOR) {
        Some(Leftover::Editor)
    } else {
        None
    }
}

/// Whether a file of the name `mark` is the mark of an office program that has `name` open, or a
/// workbook of the same stem.
pub(super) fn is_lock_of(mark: &str, name: &str) -> bool {
    let microsoft = mark.strip_prefix("~$");
    let libre = || mark.strip_prefix(".~lock.").and_then(|mark| mark.strip_suffix('#'));
    let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    microsoft.or_else(libre).is_some_and(|open| stem(open) == stem(name))
}

/// `rsync` writes `students.csv` as `.students.csv.Ab12Cd` first.
fn is_rsync(name: &str, extension: &str) -> bool {
    name.starts_with('.') && name.contains(".csv.") && extension.chars().count() == 6
}

/// Whether a file of this name may be a CSV file under a wrong name.
pub(super) fn may_be_csv(name: &str) -> bool {
    let extension = extension(name).unwrap_or_default();
    leftover(name).is_none()
        && !is_workbook(name)
        && ![ARCHIVES, ENCRYPTED, NO_TEXT].iter().any(|list| list.contains(&extension.as_str()))
}

/// Whether a file of this name is an archive that may hold files of the API.
pub(super) fn is_archive(name: &str) -> bool {
    extension(name).is_some_and(|extension| extension == "zip")
}

pub(super) fn is_packed(name: &str) -> bool {
    extension(name).is_some_and(|extension| ARCHIVES.contains(&extension.as_str()))
}

pub(super) fn is_data(name: &str) -> bool {
    extension(name).is_some_and(|extension| DATA.contains(&extension.as_str()))
}

/// The name that a file has without being packed or in another format, if it is either.
pub(super) fn in_other_form(name: &str) -> Option<&str> {
    let (stem, _) = name.rsplit_once('.')?;
    let extension = extension(name)?;
    let is = |list: &[&str]| list.contains(&extension.as_str());
    // An archive of another name may hold anything.
    let is_packed = (is(ARCHIVES) || is(ENCRYPTED)) && self::extension(stem).is_some();
    (is_packed || is(DATA) || leftover(name) == Some(Leftover::Unfinished)).then_some(stem)
}

/// Why a file is superfluous, if that is known.
pub(super) enum Beside<'a> {
    /// Nothing is known of it.
    Nothing,
    /// It carries the header of the file that is there already, under this name.
    SameHeader(&'a str),
    /// It is a workbook of the file that is there already, under this name.
    Workbook(&'a str),
    /// It is nearly named like the marker, which is there already.
    Marker(&'a str),
}

/// The finding about a file that is not in the API.
pub(super) fn unknown(name: &str, kind: Kind, beside: &Beside<'_>) -> Finding {
    let extension = extension(name).unwrap_or_default();
    let is = |list: &[&str]| list.contains(&extension.as_str());
    let leave = "do not upload it";
    let help = match (beside, leftover(name)) {
        (Beside::SameHeader(other), _) => format!(
            "It has the header of `{other}`, which is here too, and was not checked. If this file \
             is the current one, give it that name; if not, {leave}."
        ),
        (Beside::Workbook(other), _) => {
            format!("SameGoal loads CSV files, and `{other}` is here. Do not upload the workbook.")
        }
        (Beside::Marker(marker), _) => format!(
            "`{marker}` is here, and only that name is the marker. Do not upload the other file."
        ),
        (_, Some(leftover)) => leftover.help().to_owned(),
        (Beside::Nothing, None) => match name {
            _ if kind != Kind::File => {
                format!("It is {}, and was not checked: {leave}.", noun(kind))
            }
            _ if is(ARCHIVES) => format!(
                "SameGoal does not unpack archives. If it contains API files, unpack it and \
                 deliver those; if not, {leave}."
            ),
            _ if is(ENCRYPTED) => "SameGoal loads plain CSV files. If it contains one, decrypt \
                 it; the transfer itself is encrypted anyway."
                .to_owned(),
            _ if is_workbook(name) => format!(
                "SameGoal loads CSV files. If it contains the data of an API file, save it as CSV \
                 under the exact name; if not, {leave}."
            ),
            _ => format!(
                "Its name is unlike that of any API file. If it is an API file, give it the exact \
                 name; if not, {leave}."
            ),
        },
    };
    rules::UNKNOWN_FILE.finding().message(format!("`{name}` is not an API file")).help(help)
}

impl Leftover {
    fn help(self) -> &'static str {
        match self {
            Self::System => {
                "The computer's file manager creates it. Make the job upload only the API files, \
                 by name."
            }
            Self::Twin => {
                "macOS creates it next to the real file, for Mac-only attributes. Make the job \
                 upload only the API files, by name."
            }
            Self::Lock => {
                "An office program creates it while it has a file open, and may still write to \
                 that file. Close the file there; this one then disappears."
            }
            Self::Unfinished => {
                "It belongs to a transfer that is still running or was interrupted. Wait until it \
                 ends, or transfer the file again."
            }
            Self::Editor => {
                "A text editor creates it while a file is open. Save and close the file there."
            }
            Self::Archiver => {
                "macOS adds this folder to ZIP archives, for Mac-only attributes. Do not upload \
                 it."
            }
            Self::Workspace => {
                "A run of `samegoal-lint stage` is working here, or was interrupted. The next run \
                 into this folder cleans up."
            }
        }
    }
}

/// The finding about the only thing that stands for a file, in another form than that of a CSV file.
pub(super) fn other_form(name: &str, wanted: &str) -> Finding {
    let finding = rules::MISNAMED_FILE.finding();
    let extension = extension(name).unwrap_or_default();
    match extension.as_str() {
        _ if leftover(name).is_some() => {
            finding.message(format!("`{name}` is an unfinished transfer of `{wanted}`")).help(
                "It gets its final name when the transfer ends. Wait for that, or transfer the \
                 file again: it may be incomplete.",
            )
        }
        extension if ARCHIVES.contains(&extension) => finding
            .message(format!("`{name}` is an archive; SameGoal needs `{wanted}`"))
            .help(format!("SameGoal does not unpack files. Unpack it, and deliver `{wanted}`.")),
        extension if ENCRYPTED.contains(&extension) => finding
            .message(format!("`{name}` is encrypted; SameGoal needs `{wanted}`"))
            .help(format!(
                "SameGoal loads plain CSV files; the transfer itself is encrypted anyway. Deliver \
                 `{wanted}` without encryption."
            )),
        _ => finding
            .message(format!("`{name}` is not a CSV file; SameGoal needs `{wanted}`"))
            .help(format!("SameGoal loads only CSV files. Make the export write `{wanted}`.")),
    }
}

/// The finding about files of `dir` that nothing is known of, where there are many.
pub(super) fn many_unknown(dir: &Path, entries: &[&Entry]) -> Finding {
    let count = entries.len();
    rules::UNKNOWN_FILE
        .finding()
        .count(u64::try_from(count).unwrap_or(u64::MAX))
        .message(format!(
            "{} files in `{}` are not API files: {}",
            thousands(u64::try_from(count).unwrap_or(u64::MAX)),
            short(dir),
            quoted(entries)
        ))
        .help(
            "If this is the folder of a delivery, make the job upload only the API files, by \
             name. If not, pass the folder of the delivery as the PATH.",
        )
}

/// How far a file's name is from that of the marker, if it is near.
pub(super) fn marker_distance(entry: &Entry) -> Option<usize> {
    let name = entry.name.to_string_lossy();
    let candidate = entry.kind == Kind::File && leftover(&name).is_none();
    candidate.then(|| distance_from_complete(&name)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers() {
        for (name, expected) in [
            (".DS_Store", Some(Leftover::System)),
            ("Thumbs.db", Some(Leftover::System)),
            ("Desktop.ini", Some(Leftover::System)),
            ("._students.csv", Some(Leftover::Twin)),
            ("~$students.xlsx", Some(Leftover::Lock)),
            (".~lock.students.csv#", Some(Leftover::Lock)),
            ("students.csv.filepart", Some(Leftover::Unfinished)),
            ("students.csv.part", Some(Leftover::Unfinished)),
            ("students.csv.tmp", Some(Leftover::Unfinished)),
            ("students.csv.crdownload", Some(Leftover::Unfinished)),
            (".students.csv.q1W2e3", Some(Leftover::Unfinished)),
            (".students.csv.swp", Some(Leftover::Editor)),
            ("students.csv", None),
            ("students.csv.txt", None),
            ("export.csv", None),
        ] {
            assert_eq!(leftover(name), expected, "{name}");
        }
    }

    #[test]
    fn only_what_may_be_text_is_read() {
        for name in ["export.csv", "export.txt", "export", "export.tsv", "export.sis", "a.b c"] {
            assert!(may_be_csv(name), "{name}");
        }
        for name in [".DS_Store", "photos.zip", "letter.PDF", "Book1.xlsx", "students.csv.gpg"] {
            assert!(!may_be_csv(name), "{name}");
        }
    }
}
