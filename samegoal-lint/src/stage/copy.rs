//! SOURCE as it is to be delivered: the trees in which it and the copies are linted.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use samegoal_schema::fix::Plan;
use samegoal_schema::schema::api::COMPLETE;

use crate::layout;
use crate::listing::{Disk, Entry, Identity, Kind, Source, Stamp, Tree};
use crate::run::{RunError, unreachable_path};

/// SOURCE as it was listed once, with copies in place of files and with the marker that it will
/// have.
pub(super) struct Copy<'s> {
    dir: PathBuf,
    entries: Vec<Entry>,
    /// The files by their names in SOURCE or, renamed, in the copy.
    copies: Vec<(OsString, Arc<File>)>,
    /// The files that are read in UTF-8, by their names, and from what.
    converted: Vec<(OsString, Plan<'s>)>,
}

impl<'s> Copy<'s> {
    /// SOURCE before anything is copied.
    pub(super) fn of(dir: &Path) -> Result<Self, RunError> {
        let mut entries = Disk.list(dir).map_err(|error| unreachable_path(&Disk, dir, error))?;
        // What is staged has a marker of its own.
        entries.retain(|entry| !layout::is_marker(entry));
        entries.push(Entry { name: COMPLETE.into(), kind: Kind::File, len: 0, modified: None });
        let (copies, converted) = (Vec::new(), Vec::new());
        let mut tree = Self { dir: dir.to_owned(), entries, copies, converted };
        tree.sort();
        Ok(tree)
    }

    /// SOURCE as it was listed.
    pub(super) fn unchanged(&self) -> Self {
        let (dir, entries) = (self.dir.clone(), self.entries.clone());
        Self { dir, entries, copies: Vec::new(), converted: Vec::new() }
    }

    /// Reads the file at `from` in UTF-8: what is wrong with its text shows only so.
    pub(super) fn convert(&mut self, from: &Path, plan: Plan<'s>) {
        self.converted.extend(from.file_name().map(|name| (name.to_owned(), plan)));
    }

    /// Puts a copy in the place of the file at `from`, under a new name if there is one.
    pub(super) fn replace(&mut self, from: &Path, copy: Arc<File>, name: Option<&str>) {
        let Some(old) = from.file_name() else { return };
        let new = name.map_or_else(|| old.to_owned(), OsString::from);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == old) {
            entry.name.clone_from(&new);
        }
        self.copies.push((new, copy));
        self.sort();
    }

    /// The copy of a file, if there is one.
    fn copy_of(&self, path: &Path) -> Option<&Arc<File>> {
        self.name(path).and_then(|name| find(&self.copies, name))
    }

    /// The name of something that lies in SOURCE itself.
    fn name<'p>(&self, path: &'p Path) -> Option<&'p OsStr> {
        path.file_name().filter(|_| path.parent() == Some(&*self.dir))
    }

    fn sort(&mut self) {
        self.entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
    }
}

impl Tree for Copy<'_> {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Disk.kind(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        if dir == self.dir { Ok(self.entries.clone()) } else { Disk.list(dir) }
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        if let Some(file) = self.copy_of(path) {
            return Ok(Box::new(Made { file: Arc::clone(file), at: 0 }));
        }
        let file = Disk.open(path)?;
        match self.name(path).and_then(|name| find(&self.converted, name)) {
            None => Ok(file),
            Some(plan) => Ok(Box::new(Converted { text: plan.readable(Disk.open(path)?), file })),
        }
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.copy_of(path).map_or_else(|| Disk.stamp(path), |file| Disk::stamp_of(file))
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        Disk.name_of(dir)
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        Disk.entry_name(path)
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        Disk.distrusted(file, path)
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        Disk.identity(path)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.absolute(path)
    }
}

fn find<'a, T>(list: &'a [(OsString, T)], name: &OsStr) -> Option<&'a T> {
    list.iter().find(|(known, _)| known == name).map(|(_, found)| found)
}

/// A copy that is read by one reader at a time, each from the beginning.
struct Made {
    file: Arc<File>,
    at: u64,
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Source for Made {
    fn stamp(&self) -> io::Result<Stamp> {
        Disk::stamp_of(&self.file)
    }
}

/// The text of a file in UTF-8.
struct Converted {
    text: Box<dyn Read + Send>,
    /// The file itself, to see whether it changes.
    file: Box<dyn Source>,
}

impl Read for Converted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
    }
}

impl Source for Converted {
    fn stamp(&self) -> io::Result<Stamp> {
        self.file.stamp()
    }
}
