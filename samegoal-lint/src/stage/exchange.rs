//! Renames that are made all or not at all, as far as the file system lets them be.

use std::io;
use std::path::{Path, PathBuf};

/// A file that gets another place.
pub(super) struct Move {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

/// Why the moves were not made.
#[derive(Debug)]
pub(super) struct Failure {
    /// The file in DIR that could not be moved.
    pub(super) path: PathBuf,
    pub(super) source: io::Error,
    /// Whether all is where it was.
    pub(super) is_undone: bool,
}

/// Makes moves one after the other, and brings each to the disk before the next. If one fails, those
/// before it are undone, the last one first. If that fails, the rest stays as it is: no order of moves
/// is ever seen but this one and its reverse.
pub(super) fn all_or_none(
    moves: &[Move],
    rename: &mut dyn FnMut(&Path, &Path) -> io::Result<()>,
    sync: &mut dyn FnMut() -> io::Result<()>,
) -> Result<(), Failure> {
    let mut made = Vec::new();
    for step in moves {
        let outcome = rename(&step.from, &step.to);
        if outcome.is_ok() {
            made.push(step);
        }
        if let Err(source) = outcome.and_then(|()| sync()) {
            let is_undone = made.iter().rev().all(|step| rename(&step.to, &step.from).is_ok());
            // Whether this reaches the disk matters less than that it is done.
            let _ = sync();
            return Err(Failure { path: step.to.clone(), source, is_undone });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;

    fn files(dir: &Path) -> BTreeMap<String, String> {
        let text = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read_to_string(entry.path()).unwrap())
        };
        fs::read_dir(dir).unwrap().map(|entry| text(entry.unwrap())).collect()
    }

    /// A directory with two old files, and one with two new ones and room for the old.
    fn place(dir: &Path) -> (PathBuf, Vec<Move>) {
        let (upload, new, old) = (dir.join("upload"), dir.join("new"), dir.join("old"));
        for dir in [&upload, &new, &old] {
            fs::create_dir(dir).unwrap();
        }
        let names = ["students", "guardians"];
        for name in names {
            fs::write(upload.join(name), "old").unwrap();
            fs::write(new.join(name), "new").unwrap();
        }
        let away = names.map(|name| Move { from: upload.join(name), to: old.join(name) });
        let in_place = names.map(|name| Move { from: new.join(name), to: upload.join(name) });
        let moves = away.into_iter().chain(in_place.into_iter().rev()).collect();
        (upload, moves)
    }

    #[test]
    fn a_move_that_fails_leaves_all_as_it_was() {
        for failing in 0..4 {
            for fails_later in [false, true] {
                let dir = tempfile::tempdir().unwrap();
                let (upload, moves) = place(dir.path());
                let before = files(&upload);
                let count = Cell::new(0);
                let fail = || -> io::Result<()> {
                    count.set(count.get() + 1);
                    if count.get() == failing + 1 {
                        Err(io::ErrorKind::Other.into())
                    } else {
                        Ok(())
                    }
                };
                let rename = &mut |from: &Path, to: &Path| {
                    if !fails_later {
                        fail()?;
                    }
                    fs::rename(from, to)
                };
                let sync = &mut || if fails_later { fail() } else { Ok(()) };
                let failure = all_or_none(&moves, rename, sync).unwrap_err();
                assert!(failure.is_undone && files(&upload) == before, "{failing}");
            }
        }
        let dir = tempfile::tempdir().unwrap();
        let (upload, moves) = place(dir.path());
        all_or_none(&moves, &mut |from, to| fs::rename(from, to), &mut || Ok(())).unwrap();
        assert!(files(&upload).values().all(|text| text == "new"));
    }

    /// New guardians are never beside old students, not even then.
    #[test]
    fn what_cannot_be_undone_is_reported() {
        for failing in 1..4 {
            let dir = tempfile::tempdir().unwrap();
            let (upload, moves) = place(dir.path());
            let mut count = 0;
            let rename = &mut |from: &Path, to: &Path| {
                count += 1;
                if count > failing {
                    Err(io::ErrorKind::Other.into())
                } else {
                    fs::rename(from, to)
                }
            };
            let failure = all_or_none(&moves, rename, &mut || Ok(())).unwrap_err();
            assert!(!failure.is_undone);
            let left = files(&upload);
            assert!(left.get("students").is_none_or(|text| text == "new"), "{left:?}");
        }
    }
}
