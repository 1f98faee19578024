//! The place in DIR where an epoch is put together.
//!
//! It lies beside the place that the epoch will have, so that it gets there by being renamed, and has a
//! name that is no epoch's. There is one, for one run at a time: whoever works in it holds a lock on a file
//! in it, which the system lets go of when the run ends, however it ends. So what is in a workspace that
//! can be locked is what a dead run left behind.
//!
//! A run removes the workspace with the lock in it. Two runs could then hold locks on two files of the same
//! name, so whoever has got a lock looks whether its file is still the one that has the name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::StageError;
use crate::layout::STAGE_PREFIX;
use crate::listing::{Disk, Kind, Tree, display_name, neither_follow_nor_wait};

/// How often the workspace may be removed by others between its making and its locking.
const TURNS: u32 = 100;

/// The name of the file that is locked.
const LOCK: &str = "lock";

/// The name of the directory in which everything else is put together.
const EPOCH: &str = "epoch";

/// A directory in DIR and a lock on it. Dropping removes it.
pub(super) struct Workspace {
    dir: PathBuf,
    is_kept: bool,
    /// Held until the end.
    _lock: File,
}

impl Workspace {
    /// Makes and locks the workspace, and removes what dead runs have left.
    pub(super) fn claim(upload: &Path) -> Result<Self, StageError> {
        let dir = upload.join(format!("{STAGE_PREFIX}-workspace"));
        for _ in 0..TURNS {
            match lock(&dir) {
                Ok(Some(lock)) => {
                    let workspace = Self { dir, is_kept: false, _lock: lock };
                    return match clean(upload, &workspace.dir) {
                        Ok(()) => Ok(workspace),
                        Err(source) => Err(StageError::Upload { path: upload.to_owned(), source }),
                    };
                }
                Ok(None) => {}
                Err(TryLockError::WouldBlock) => return Err(StageError::Busy(upload.to_owned())),
                Err(TryLockError::Error(source)) => {
                    return Err(if dir.symlink_metadata().is_ok() {
                        StageError::Workspace { path: dir, source }
                    } else {
                        StageError::Upload { path: upload.to_owned(), source }
                    });
                }
            }
        }
        Err(StageError::Busy(upload.to_owned()))
    }

    /// The directory of what is made. It is not there before the copier makes it.
    pub(super) fn dir(&self) -> PathBuf {
        self.dir.join(EPOCH)
    }

    /// Leaves the directory where it is, for the next run to remove.
    pub(super) fn keep(mut self) -> PathBuf {
        self.is_kept = true;
        self.dir()
    }

    /// The place of a file in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed now the next run removes. Once the lock is gone, others may put
            // theirs there: a directory that is not empty stays.
            let _ = fs::remove_dir_all(self.dir());
            let _ = fs::remove_file(self.dir.join(LOCK));
            let _ = fs::remove_dir(&self.dir);
        }
    }
}

/// The lock on a workspace, which is made where there is none; `None` if it was removed meanwhile.
fn lock(dir: &Path) -> Result<Option<File>, TryLockError> {
    match make_private(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(TryLockError::Error(error));
        }
        _ => {}
    }
    let lock = match open_lock(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(TryLockError::Error)?,
    };
    lock.try_lock()?;
    let current = Disk.stamp(&dir.join(LOCK)).ok();
    let is_current = current
        .is_some_and(|it| Disk::stamp_of(&lock).is_ok_and(|own| own.identity == it.identity));
    Ok(is_current.then_some(lock))
}

fn open_lock(dir: &Path) -> io::Result<File> {
    check_own(&dir.symlink_metadata()?)?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    neither_follow_nor_wait(&mut options);
    options.open(dir.join(LOCK))
}

/// Makes a directory that only this user can open.
fn make_private(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "elsewhere it has no mode"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Refuses what another user can have put there, or can change.
fn check_own(found: &fs::Metadata) -> io::Result<()> {
    if !found.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        const OTHERS_WRITE: u32 = 0o022;
        if found.uid() != rustix::process::geteuid().as_raw() || found.mode() & OTHERS_WRITE != 0 {
            return Err(io::Error::other("it belongs to another user"));
        }
    }
    Ok(())
}

/// Removes what dead runs have left.
fn clean(upload: &Path, dir: &Path) -> io::Result<()> {
    for entry in Disk.list(upload)? {
        let path = upload.join(&entry.name);
        let name = display_name(&entry.name);
        let is_workspace = name.strip_prefix(STAGE_PREFIX).is_some_and(|it| it.starts_with('-'));
        if is_workspace && path != dir && entry.kind == Kind::Directory {
            fs::remove_dir_all(path)?;
        }
    }
    match fs::remove_dir_all(dir.join(EPOCH)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
