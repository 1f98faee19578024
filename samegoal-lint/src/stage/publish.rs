//! The last steps, in an order in which none can be seen half done.
//!
//! **An epoch.** Every file is on the disk before this begins. Then, in the workspace:
//!
//! 1. the directory with their names is brought to the disk;
//! 2. COMPLETE is made in it, and both are brought to the disk;
//! 3. the directory is renamed to the epoch's name, and DIR is brought to the disk.
//!
//! The first two are done before the reports are written, and the third after it.
//!
//! So COMPLETE is never there before every byte of the others is, and an epoch never without
//! COMPLETE: before the third step there is none, and a directory is renamed at once or not at all.
//! Were COMPLETE made after the renaming, a kill between the two would leave an epoch that no one
//! could tell from one that another program is still writing.
//!
//! A rename must not take the place of something. The name is looked at just before it, under the
//! lock; and a directory that has something in it is never replaced by a rename, on any system. What
//! remains is an empty directory of that name which another program makes in that very moment.
//!
//! **Auto files.** There is no marker, and the server may take what it finds. It must never find new
//! guardians beside old students: guardians of students whose rows are missing may be deleted. So
//! what is there of an earlier run goes into the workspace first, students before the others; then the
//! new files are renamed into their places, students last. If one of these steps fails, those before
//! it are undone, the last one first.

use std::fs;
#[cfg(unix)]
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use samegoal_schema::schema::api::COMPLETE;
use samegoal_schema::{FileSpec, Schema};

use super::access::Access;
use super::exchange::{self, Failure, Move};
use super::workspace::Workspace;
use super::{EpochName, Into, StageError};
use crate::layout;
use crate::listing::{Disk, Entry, Kind, Tree, display_name};

/// What is made, under a name that nothing has yet.
///
/// Two runs in one second would have the same name from the clock: the later one gets the next.
pub(super) fn free_name(upload: &Path, into: Into) -> Result<Into, StageError> {
    let Into::Epoch { mut name, by_clock } = into else { return Ok(into) };
    let path = |name: EpochName| upload.join(name.to_string());
    if !by_clock {
        return if is_there(&path(name))? { Err(StageError::Taken(path(name))) } else { Ok(into) };
    }
    while is_there(&path(name))? {
        name = name.next();
    }
    let failed = |source| StageError::Upload { path: upload.to_owned(), source };
    let entries = Disk.list(upload).map_err(failed)?;
    let names = entries.iter().map(|entry| display_name(&entry.name));
    match names.filter(|name| layout::is_epoch_name(name)).max() {
        Some(latest) if latest > name.to_string() => {
            Err(StageError::Later { latest: upload.join(latest), now: name })
        }
        _ => Ok(Into::Epoch { name, by_clock }),
    }
}

fn is_there(path: &Path) -> Result<bool, StageError> {
    match Disk.kind(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StageError::Upload { path: path.to_owned(), source }),
    }
}

/// What is in DIR under the name of an auto file, students first. The server may take one in another
/// case for it, so that is replaced like the others.
pub(super) fn earlier(upload: &Path, api: &Schema) -> io::Result<Vec<PathBuf>> {
    let entries = Disk.list(upload)?;
    let named = |spec: &FileSpec| {
        let name = spec.auto_name();
        let is = |entry: &&Entry| entry.name.eq_ignore_ascii_case(&*name);
        entries.iter().filter(is).map(|entry| upload.join(&entry.name)).collect::<Vec<_>>()
    };
    Ok(api.files().flat_map(named).collect())
}

/// What lacks nothing but its place in DIR.
pub(super) struct Ready {
    workspace: Workspace,
    upload: PathBuf,
    what: What,
}

enum What {
    /// What is in the workspace, under this path.
    Epoch(PathBuf),
    /// The new files, students last, and what an earlier run may have left in DIR, students first.
    AutoFiles { new: Vec<Move>, earlier: Vec<PathBuf> },
}

impl Ready {
    /// Does all that can be done before; the files are in the workspace and on the disk.
    pub(super) fn new(
        workspace: Workspace,
        access: &Access,
        upload: &Path,
        into: Into,
        files: &[&FileSpec],
        api: &Schema,
    ) -> Result<Self, StageError> {
        let dir = workspace.dir();
        let failed = |source| StageError::Upload { path: dir.clone(), source };
        sync(&dir).map_err(failed)?;
        let what = match into {
            Into::Epoch { name, .. } => {
                let marked = || access.marker(&dir.join(COMPLETE))?.sync_all();
                marked().and_then(|()| sync(&dir)).map_err(failed)?;
                What::Epoch(upload.join(name.to_string()))
            }
            Into::AutoFiles => {
                let place = |spec: &FileSpec| upload.join(spec.auto_name());
                // The schema has a file before those that refer to it.
                let new = files
                    .iter()
                    .rev()
                    .map(|spec| Move { from: workspace.path(&spec.name), to: place(spec) });
                let new = new.collect();
                What::AutoFiles { new, earlier: earlier(upload, api).map_err(failed)? }
            }
        };
        let ready = Self { workspace, upload: upload.to_owned(), what };
        ready.check_places()?;
        Ok(ready)
    }

    /// What will be there.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        match &self.what {
            What::Epoch(path) => vec![path.clone()],
            What::AutoFiles { new, .. } => new.iter().map(|it| it.to.clone()).collect(),
        }
    }

    /// Nothing but an earlier auto file is replaced.
    fn check_places(&self) -> Result<(), StageError> {
        let places = match &self.what {
            What::Epoch(path) if is_there(path)? => return Err(StageError::Taken(path.clone())),
            What::Epoch(_) => return Ok(()),
            What::AutoFiles { earlier, .. } => earlier,
        };
        for path in places {
            if is_there(path)? && Disk.kind(path).ok() != Some(Kind::File) {
                return Err(StageError::Taken(path.clone()));
            }
        }
        Ok(())
    }

    /// Puts it in its place.
    pub(super) fn publish(self) -> Result<(), StageError> {
        self.check_places()?;
        let Self { workspace, upload, what } = self;
        match what {
            What::Epoch(path) => {
                fs::rename(workspace.dir(), &path)
                    .map_err(|source| StageError::Upload { path: path.clone(), source })?;
                sync(&upload).map_err(|source| StageError::Unsynced { path, upload, source })
            }
            What::AutoFiles { new, earlier } => {
                let mut moves = Vec::new();
                for path in earlier {
                    if is_there(&path)? {
                        let name = path.file_name().unwrap_or_default();
                        moves.push(Move { to: workspace.dir().join(name), from: path });
                    }
                }
                moves.extend(new);
                let rename = &mut |from: &Path, to: &Path| fs::rename(from, to);
                match exchange::all_or_none(&moves, rename, &mut || sync(&upload)) {
                    Ok(()) => Ok(()),
                    Err(Failure { path, source, is_undone: true }) => {
                        Err(StageError::Upload { path, source })
                    }
                    Err(Failure { path, source, is_undone: false }) => {
                        Err(StageError::Stranded { path, source, workspace: workspace.keep() })
                    }
                }
            }
        }
    }
}

/// Brings the names in a directory to the disk.
#[cfg(unix)]
fn sync(dir: &Path) -> io::Result<()> {
    bearable(File::open(dir)?.sync_all())
}

/// Elsewhere a directory cannot be opened for that, and the file system keeps its own order.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

/// That a file system, such as one over a network, cannot do it for a directory is no failure.
#[cfg(unix)]
fn bearable(synced: io::Result<()>) -> io::Result<()> {
    match synced {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
        {
            Ok(())
        }
        other => other,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_cannot_be_synced_is_no_failure() {
        for (code, expected) in [(22, true), (95, true), (5, false), (28, false)] {
            let result = bearable(Err(io::Error::from_raw_os_error(code)));
            assert_eq!(result.is_ok(), expected || cfg!(not(target_os = "linux")), "{code}");
        }
    }

    #[test]
    fn a_name_of_the_clock_that_is_taken_is_followed_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let name = |text: &str| -> EpochName { text.parse().unwrap() };
        let clock = Into::Epoch { name: name("20251231-235959"), by_clock: true };
        for expected in ["20251231-235959", "20260101-000000", "20260101-000001"] {
            let free = free_name(dir.path(), clock).unwrap();
            assert_eq!(free, Into::Epoch { name: name(expected), by_clock: true });
            fs::create_dir(dir.path().join(expected)).unwrap();
        }
        let given = Into::Epoch { name: name("20260101-000000"), by_clock: false };
        assert!(matches!(free_name(dir.path(), given), Err(StageError::Taken(_))));
        let back = Into::Epoch { name: name("20251231-120000"), by_clock: true };
        assert!(matches!(free_name(dir.path(), back), Err(StageError::Later { .. })));
    }
}
