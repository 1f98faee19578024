//! What goes wrong while a file is read.

use std::io;
use std::path::Path;

use super::rules;
use samegoal_schema::Finding;

use super::strangers::is_lock_of;
use crate::listing::{Stamp, Tree, display_name};

/// The finding about a file or directory that cannot be read, for whoever opens one.
pub fn unreadable(error: &io::Error) -> Finding {
    unreadable_beside(error, None)
}

/// As [`unreadable`], of a file in `tree`: looks beside it for the mark of an office program that has
/// it open.
pub fn unreadable_file(tree: &dyn Tree, path: &Path, error: &io::Error) -> Finding {
    unreadable_beside(error, lock_beside(tree, path).as_deref())
}

/// The name of the mark that an office program has left beside a file, while it has that open.
fn lock_beside(tree: &dyn Tree, path: &Path) -> Option<String> {
    let (dir, name) = (path.parent()?, display_name(path.file_name()?));
    let entries = tree.list(dir).ok()?;
    entries.iter().map(|entry| display_name(&entry.name)).find(|beside| is_lock_of(beside, &name))
}

fn unreadable_beside(error: &io::Error, lock: Option<&str>) -> Finding {
    let is_held = is_held(error, cfg!(windows));
    let help = match (lock, error.kind()) {
        (_, io::ErrorKind::NotFound) => {
            "It disappeared after the directory was listed. Check again when no other job works \
             in this directory."
                .to_owned()
        }
        (Some(lock), _) => format!(
            "An office program such as Excel probably has it open: `{lock}` is next to it. Close \
             the file there, then check again."
        ),
        _ if is_held => {
            "Excel probably has it open, or a job is still writing it. Close it there, then check \
             again."
                .to_owned()
        }
        (None, io::ErrorKind::PermissionDenied) => {
            "Give the account that runs the check and the upload permission to read it.".to_owned()
        }
        _ => "You can rely on neither a check nor an upload until it can be read.".to_owned(),
    };
    let message = if is_held {
        format!("it cannot be read: another program has it open ({error})")
    } else {
        format!("it cannot be read: {error}")
    };
    rules::UNREADABLE_FILE.finding().message(message).help(help)
}

/// Whether the system refused a file because another program has it open. `is_windows` says whose
/// numbers the error has.
fn is_held(error: &io::Error, is_windows: bool) -> bool {
    const SHARING_VIOLATION: i32 = 32;
    const LOCK_VIOLATION: i32 = 33;
    if is_windows {
        matches!(error.raw_os_error(), Some(SHARING_VIOLATION | LOCK_VIOLATION))
    } else {
        // What Linux makes of the same on a share that a Windows server holds.
        matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy)
    }
}

/// The finding about a file that is not what it was when it was opened; `None` if it is. `open` is the
/// stamp of the open file at the end of the reading, and `named` that of what has its name then.
pub fn changed_while_read(
    before: Stamp,
    open: io::Result<Stamp>,
    named: io::Result<Stamp>,
) -> Option<Finding> {
    let how = match (open, named) {
        (Ok(open), Ok(named)) if open == before && named == before => return None,
        (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => {
            "it was removed while it was being read".to_owned()
        }
        (_, Err(error)) | (Err(error), _) => {
            format!("it could not be found again after it was read: {error}")
        }
        (Ok(_), Ok(named)) if named.identity != before.identity => {
            "another file replaced it while it was being read".to_owned()
        }
        (Ok(after), Ok(_)) if after.len != before.len => {
            format!(
                "its size changed from {} to {} bytes while it was being read",
                before.len, after.len
            )
        }
        (Ok(_), Ok(_)) => "it was written to while it was being read".to_owned(),
    };
    Some(rules::CHANGED_WHILE_READ.finding().message(how).help(
        "The file that was checked is not the file that would be uploaded. If the upload is \
         incomplete, guardians who are missing from it may be deleted. Check again when the \
         export is finished.",
    ))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::super::tests::text;
    use super::*;
    use crate::listing::Memory;

    fn stamp(len: u64, seconds: u64, inode: u64) -> Stamp {
        Stamp {
            len,
            modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)),
            changed: None,
            identity: Some((1, inode)),
        }
    }

    #[test]
    fn what_became_of_a_file_while_it_was_read() {
        let gone = || Err(io::ErrorKind::NotFound.into());
        let refused = || Err(io::ErrorKind::PermissionDenied.into());
        let before = stamp(1, 1, 1);
        for (open, named, expected) in [
            (Ok(before), Ok(before), None),
            (Ok(stamp(2, 1, 1)), Ok(stamp(2, 1, 1)), Some("its size changed from 1 to 2 bytes")),
            (Ok(stamp(1, 2, 1)), Ok(stamp(1, 2, 1)), Some("it was written to")),
            // Between the one look and the other.
            (Ok(before), Ok(stamp(1, 2, 1)), Some("it was written to")),
            (Ok(before), Ok(stamp(1, 1, 2)), Some("another file replaced it")),
            (Ok(stamp(2, 2, 1)), Ok(stamp(1, 1, 2)), Some("another file replaced it")),
            (Ok(before), gone(), Some("it was removed")),
            (gone(), gone(), Some("it was removed")),
            (Ok(before), refused(), Some("it could not be found again")),
            (refused(), Ok(before), Some("it could not be found again")),
        ] {
            let finding = changed_while_read(before, open, named);
            let said = finding.map(|finding| text(&finding.message));
            let is_expected = match (&said, expected) {
                (Some(said), Some(expected)) => said.starts_with(expected),
                (said, expected) => said.is_none() && expected.is_none(),
            };
            assert!(is_expected, "{said:?}, expected {expected:?}");
        }
    }

    #[test]
    fn a_file_that_is_held_open_is_known_by_the_error() {
        for (code, is_windows, expected) in [
            (32, true, true),
            (33, true, true),
            (5, true, false),
            (2, true, false),
            // EPIPE and EDOM.
            (32, false, false),
            (33, false, false),
        ] {
            let error = io::Error::from_raw_os_error(code);
            assert_eq!(is_held(&error, is_windows), expected, "{code} on Windows: {is_windows}");
        }
        for (kind, expected) in [
            (io::ErrorKind::ResourceBusy, true),
            (io::ErrorKind::ExecutableFileBusy, true),
            (io::ErrorKind::PermissionDenied, false),
        ] {
            assert_eq!(is_held(&kind.into(), false), expected, "{kind}");
        }
    }

    #[test]
    fn the_mark_of_an_office_program_says_who_has_the_file() {
        for (beside, expected) in [
            ("~$students.xlsx", true),
            ("~$students.csv", true),
            (".~lock.students.csv#", true),
            (".~lock.students.xlsx#", true),
            ("~$guardians.csv", false),
            ("students.xlsx", false),
        ] {
            let tree =
                Memory::new().file("e/students.csv", "").file(Path::new("e").join(beside), "");
            let refused = io::ErrorKind::PermissionDenied.into();
            let help = text(&unreadable_file(&tree, Path::new("e/students.csv"), &refused).help);
            assert_eq!(help.contains("has it open"), expected, "{beside}: {help}");
        }
    }
}
