//! Files that are none of the API's: what they probably are, and what to do about them.

use samegoal_schema::Finding;
use samegoal_schema::rule::layout as rules;

use super::names::{extension, is_workbook};
use super::noun;
use crate::listing::Kind;

const SYSTEM: &[&str] =
    &[".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", ".localized", ".directory", "icon\r"];
const UNFINISHED: &[&str] =
    &["filepart", "part", "partial", "tmp", "temp", "crdownload", "download"];
const EDITOR: &[&str] = &["swp", "swo", "swx"];
const ARCHIVES: &[&str] = &["zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"];
const ENCRYPTED: &[&str] = &["gpg", "pgp", "asc", "age"];
/// Further files whose beginning need not be read to know that it is no header.
const NO_TEXT: &[&str] = &[
    "pdf", "doc", "docx", "ppt", "pptx", "rtf", "png", "jpg", "jpeg", "gif", "heic", "mp3", "mp4",
    "mov", "exe", "dll", "db", "mdb", "accdb", "sqlite", "html", "htm", "xml", "json", "log",
    "ini", "toml", "yaml", "yml", "bat", "cmd", "ps1", "sh", "py", "sql", "lnk", "url", "eml",
    "msg",
];

/// What programs leave behind, told by the name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leftover {
    /// A file manager's notes.
    System,
    /// What macOS keeps about another file: `._students.csv`.
    Twin,
    /// The mark of an office program that has a file open: `~$students.xlsx`.
    Lock,
    /// A transfer or download that has not ended: `students.csv.filepart`.
    Unfinished,
    /// An editor's working copy.
    Editor,
}

/// The leftover that a file of this name is.
pub(super) fn leftover(name: &str) -> Option<Leftover> {
    let extension = extension(name).unwrap_or_default();
    let is = |list: &[&str]| list.contains(&extension.as_str());
    if name.starts_with("._") {
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

/// The finding about a file that is none of the API's.
pub(super) fn unknown(name: &str, kind: Kind, beside: &Beside<'_>) -> Finding {
    let extension = extension(name).unwrap_or_default();
    let is = |list: &[&str]| list.contains(&extension.as_str());
    let help = match beside {
        Beside::SameHeader(other) => format!(
            "It has the header of `{other}`, which is here as well. It was not checked. Remove it, \
             or, if it is the current one, let it take that name."
        ),
        Beside::Workbook(other) => format!(
            "SameGoal loads CSV files, and `{other}` is here. Remove the workbook, so that the two \
             cannot be mixed up."
        ),
        Beside::Marker(marker) => format!("`{marker}` is here. Remove this one."),
        Beside::Nothing if kind != Kind::File => {
            format!("It is {}, and was not looked into. Remove it.", noun(kind))
        }
        Beside::Nothing => match leftover(name) {
            Some(Leftover::System) => {
                "The file manager of the computer made it. Remove it, and let the job upload files \
                 by name."
                    .to_owned()
            }
            Some(Leftover::Twin) => "macOS made it beside the real file, to keep what only a Mac \
                                     knows of. Remove it."
                .to_owned(),
            Some(Leftover::Lock) => "An office program makes it while it has a file open, and may \
                                     write to that file yet. Close it there; then this file goes."
                .to_owned(),
            Some(Leftover::Unfinished) => "A transfer that has not ended, or was broken off, left \
                                           it. Wait for it to end, or remove it and transfer the \
                                           file again."
                .to_owned(),
            Some(Leftover::Editor) => {
                "An editor keeps it while a file is open. Save and close the \
                                       file there."
                    .to_owned()
            }
            None if is(ARCHIVES) => "SameGoal loads plain CSV files. Unpack it, if there are any \
                                     in it, and remove the archive."
                .to_owned(),
            None if is(ENCRYPTED) => "SameGoal loads plain CSV files. If one is in it, it must be \
                                      decrypted; the transfer itself is encrypted anyway."
                .to_owned(),
            None if is_workbook(name) => "SameGoal loads CSV files. If it holds one of the API's, \
                                          save it as CSV under the exact name; else remove it."
                .to_owned(),
            None => "Its name is none of the API's and near none of them. Remove it; or, if it is \
                     one of them, give it the exact name."
                .to_owned(),
        },
    };
    rules::UNKNOWN_FILE.finding().message(format!("`{name}` is not a file of the API")).help(help)
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
