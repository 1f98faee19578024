//! SOURCE as it is to be delivered: the tree in which the copies are linted.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use samegoal_schema::api::COMPLETE;

use crate::layout;
use crate::listing::{Disk, Entry, Kind, Source, Stamp, Tree};
use crate::run::{RunError, unreachable_path};

/// SOURCE as it was listed once, with copies in place of files and with the marker that it will
/// have.
pub(super) struct Copy {
    dir: PathBuf,
    entries: Vec<Entry>,
    /// The files by their names in SOURCE or, renamed, in the copy.
    copies: Vec<(OsString, PathBuf)>,
}

impl Copy {
    /// SOURCE before anything is copied.
    pub(super) fn of(dir: &Path) -> Result<Self, RunError> {
        let mut entries = Disk.list(dir).map_err(|error| unreachable_path(&Disk, dir, error))?;
        // What is staged has a marker of its own.
        entries.retain(|entry| !layout::is_marker(entry));
        entries.push(Entry { name: COMPLETE.into(), kind: Kind::File, len: 0, modified: None });
        let mut tree = Self { dir: dir.to_owned(), entries, copies: Vec::new() };
        tree.sort();
        Ok(tree)
    }

    /// Puts the copy at `to` in the place of the file at `from`, under a new name if there is one.
    pub(super) fn replace(&mut self, from: &Path, to: PathBuf, name: Option<&str>) {
        let Some(old) = from.file_name() else { return };
        let new = name.map_or_else(|| old.to_owned(), OsString::from);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == old) {
            entry.name.clone_from(&new);
        }
        self.copies.push((new, to));
        self.sort();
    }

    /// The copy of a file, or the file itself where there is none.
    fn copy_of<'a>(&'a self, path: &'a Path) -> &'a Path {
        let name = path.file_name().filter(|_| path.parent() == Some(&*self.dir));
        let copy = name.and_then(|name| self.copies.iter().find(|(known, _)| known == name));
        copy.map_or(path, |(_, copy)| copy)
    }

    fn sort(&mut self) {
        self.entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
    }
}

impl Tree for Copy {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Disk.kind(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        if dir == self.dir { Ok(self.entries.clone()) } else { Disk.list(dir) }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        Disk.open(self.copy_of(path))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Disk.stamp(self.copy_of(path))
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        Disk.name_of(dir)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.absolute(path)
    }
}
