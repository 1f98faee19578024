//! The place in DIR where an epoch is put together.
//!
//! It lies beside the place that the epoch will have, so that it gets there by being renamed, and
//! has a name that is no epoch's. One run at a time works in DIR: it holds a lock on a file there,
//! which the system lets go of when the run ends, however it ends. Whoever has the lock knows that
//! every other workspace is one that a dead run left behind.
//!
//! The file itself stays. To remove it would be to let two runs lock two files of the same name.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::{io, process};

use super::{Into, StageError};
use crate::layout;

/// The prefix of all names that a run gives to what is not finished.
const PREFIX: &str = layout::STAGE_PREFIX;

/// A lock on DIR and, once it is open, a directory in it. Dropping removes the directory.
pub(super) struct Workspace {
    upload: PathBuf,
    dir: Option<PathBuf>,
    /// Held until the end.
    _lock: File,
}

impl Workspace {
    /// Takes the lock, and removes what dead runs have left.
    pub(super) fn claim(upload: &Path) -> Result<Self, StageError> {
        let path = upload.join(format!("{PREFIX}.lock"));
        let failed = |source| StageError::Upload { path: upload.to_owned(), source };
        let lock =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StageError::Busy(upload.to_owned())),
            Err(TryLockError::Error(source)) => return Err(StageError::Upload { path, source }),
        }
        let workspace = Self { upload: upload.to_owned(), dir: None, _lock: lock };
        workspace.clean().map_err(failed)?;
        Ok(workspace)
    }

    fn clean(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.upload)? {
            let entry = entry?;
            let is_left_behind = entry.file_name().to_str().is_some_and(|name| {
                name.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('-'))
            });
            // This does not follow links.
            if is_left_behind && entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// Makes the directory.
    pub(super) fn open(&mut self, into: Into) -> Result<(), StageError> {
        let what = match into {
            Into::Epoch { name, .. } => name.to_string(),
            Into::AutoFiles => "auto".to_owned(),
        };
        let dir = self.upload.join(format!("{PREFIX}-{}-{what}", process::id()));
        fs::create_dir(&dir)
            .map_err(|source| StageError::Upload { path: self.upload.clone(), source })?;
        self.dir = Some(dir);
        Ok(())
    }

    /// The directory itself.
    pub(super) fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(&self.upload)
    }

    /// Leaves the directory where it is, for the next run to remove.
    pub(super) fn keep(mut self) -> PathBuf {
        self.dir.take().unwrap_or_default()
    }

    /// The place of a file in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        if let Some(dir) = &self.dir {
            // What cannot be removed now the next run removes.
            let _ = fs::remove_dir_all(dir);
        }
    }
}
