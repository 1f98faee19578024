//! The last steps, in an order in which none can be seen half done.
//!
//! **An epoch.** Every file is on the disk before this begins. Then, in the workspace:
//!
//! 1. the directory with their names is brought to the disk;
//! 2. COMPLETE is made in it, and both are brought to the disk;
//! 3. the directory is renamed to the epoch's name, and DIR is brought to the disk.
//!
//! So COMPLETE is never there before every byte of the others is, and an epoch never without
//! COMPLETE: before the third step there is none, and a directory is renamed at once or not at all.
//! Were COMPLETE made after the renaming, a kill between the two would leave an epoch that nobody
//! could tell from one that another program is still writing.
//!
//! A rename must not take the place of something. The name is looked at just before it, under the
//! lock; and a directory that has something in it is never replaced by a rename, on any system. What
//! remains is an empty directory of that name which another program makes in that very moment.
//!
//! **Auto files.** There is no marker, and the server may take what it finds. It must never find new
//! guardians beside old students: guardians of students whose rows are missing may be deleted. So
//! what is there of an earlier run goes first, students before the others; then the new files are
//! renamed into their places, students last.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use samegoal_schema::api::COMPLETE;
use samegoal_schema::{FileSpec, Schema};

use super::workspace::Workspace;
use super::{Into, StageError};
use crate::layout;
use crate::listing::{Disk, Kind, Tree, display_name};

/// Holds the name that something is to get against what is there.
pub(super) fn check_name(upload: &Path, into: Into) -> Result<(), StageError> {
    let Into::Epoch { name, by_clock } = into else { return Ok(()) };
    let path = upload.join(name.to_string());
    if is_there(&path)? {
        return Err(StageError::Taken(path));
    }
    if !by_clock {
        return Ok(());
    }
    let failed = |source| StageError::Upload { path: upload.to_owned(), source };
    let entries = Disk.list(upload).map_err(failed)?;
    let names = entries.iter().map(|entry| display_name(&entry.name));
    match names.filter(|name| layout::has_epoch_shape(name)).max() {
        Some(latest) if latest > name.to_string() => {
            Err(StageError::Later { latest: upload.join(latest), now: name })
        }
        _ => Ok(()),
    }
}

fn is_there(path: &Path) -> Result<bool, StageError> {
    match Disk.kind(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StageError::Upload { path: path.to_owned(), source }),
    }
}

/// Puts what is in the workspace into its place; gives the paths of what was made.
pub(super) fn publish(
    workspace: &Workspace,
    upload: &Path,
    into: Into,
    files: &[&FileSpec],
    api: &Schema,
) -> Result<Vec<PathBuf>, StageError> {
    match into {
        Into::Epoch { name, .. } => {
            let path = upload.join(name.to_string());
            epoch(workspace, &path, upload)?;
            Ok(vec![path])
        }
        Into::AutoFiles => auto_files(workspace, upload, files, api),
    }
}

fn epoch(workspace: &Workspace, path: &Path, upload: &Path) -> Result<(), StageError> {
    let failed = |source| StageError::Upload { path: path.to_owned(), source };
    let dir = workspace.dir();
    let marked = || -> io::Result<()> {
        sync(dir)?;
        File::create_new(dir.join(COMPLETE))?.sync_all()?;
        sync(dir)
    };
    marked().map_err(failed)?;
    if is_there(path)? {
        return Err(StageError::Taken(path.to_owned()));
    }
    fs::rename(dir, path).and_then(|()| sync(upload)).map_err(failed)
}

fn auto_files(
    workspace: &Workspace,
    upload: &Path,
    files: &[&FileSpec],
    api: &Schema,
) -> Result<Vec<PathBuf>, StageError> {
    let place = |spec: &FileSpec| upload.join(spec.auto_name());
    for spec in api.files() {
        let path = place(spec);
        if is_there(&path)? && Disk.kind(&path).ok() != Some(Kind::File) {
            return Err(StageError::Taken(path));
        }
    }
    let failed = |path: &Path, source| StageError::Upload { path: path.to_owned(), source };
    // The schema has a file before those that refer to it.
    for spec in api.files() {
        let path = place(spec);
        if is_there(&path)? {
            fs::remove_file(&path)
                .and_then(|()| sync(upload))
                .map_err(|error| failed(&path, error))?;
        }
    }
    let mut made = Vec::new();
    for spec in files.iter().rev() {
        let path = place(spec);
        fs::rename(workspace.path(&spec.name), &path)
            .and_then(|()| sync(upload))
            .map_err(|error| failed(&path, error))?;
        made.push(path);
    }
    Ok(made)
}

/// Brings the names in a directory to the disk.
#[cfg(unix)]
fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Elsewhere a directory cannot be opened for that, and the file system keeps its own order.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
