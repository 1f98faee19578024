//! A file system in memory.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::{Entry, Identity, Kind, Source, Stamp, Tree, display_name, not_regular, sort};

/// Files and directories in memory: for tests, and for programs that have what is to be linted
/// somewhere else than on a disk. It holds names that no disk might: `students.csv` beside
/// `Students.csv`, trailing blanks. Directories on the way to a path come into being by themselves.
///
/// ```
/// use samegoal_lint::listing::{Kind, Memory, Tree};
/// let tree = Memory::new().file("epoch/students.csv", "Student Id\n").file("epoch/COMPLETE", "");
/// let names: Vec<_> = tree.list("epoch".as_ref())?.into_iter().map(|entry| entry.name).collect();
/// assert_eq!(names, ["COMPLETE", "students.csv"]);
/// assert_eq!(tree.kind("./epoch".as_ref())?, Kind::Directory);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Memory {
    nodes: BTreeMap<PathBuf, Node>,
}

#[derive(Clone)]
struct Node {
    kind: Kind,
    bytes: Arc<[u8]>,
    modified: Option<SystemTime>,
    readable: bool,
}

impl Node {
    fn new(kind: Kind, bytes: &[u8]) -> Self {
        Self { kind, bytes: bytes.into(), modified: None, readable: true }
    }

    fn len(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }

    fn stamp(&self) -> Stamp {
        Stamp { len: self.len(), modified: self.modified, changed: None, identity: None }
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

impl Memory {
    /// An empty directory.
    pub fn new() -> Self {
        Self { nodes: BTreeMap::from([(PathBuf::new(), Node::new(Kind::Directory, b""))]) }
    }

    /// Adds a regular file.
    #[must_use]
    pub fn file(self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Self {
        self.with(path.as_ref(), Node::new(Kind::File, bytes.as_ref()))
    }

    /// Adds a directory.
    #[must_use]
    pub fn directory(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::new(Kind::Directory, b""))
    }

    /// Adds a link, which points nowhere.
    #[must_use]
    pub fn link(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::new(Kind::Link, b""))
    }

    /// Adds something that is neither file, directory nor link.
    #[must_use]
    pub fn other(self, path: impl AsRef<Path>) -> Self {
        self.with(path.as_ref(), Node::new(Kind::Other, b""))
    }

    /// Makes what is at `path` impossible to open or to list; a file if nothing is there yet.
    #[must_use]
    pub fn unreadable(self, path: impl AsRef<Path>) -> Self {
        self.change(path.as_ref(), |node| node.readable = false)
    }

    /// Sets when what is at `path` last changed, which is unknown without it; a file if nothing is
    /// there yet.
    #[must_use]
    pub fn modified(self, path: impl AsRef<Path>, time: SystemTime) -> Self {
        self.change(path.as_ref(), |node| node.modified = Some(time))
    }

    fn with(mut self, path: &Path, node: Node) -> Self {
        let path = plain(path);
        for parent in path.ancestors().skip(1) {
            self.nodes.entry(parent.to_owned()).or_insert_with(|| Node::new(Kind::Directory, b""));
        }
        self.nodes.insert(path, node);
        self
    }

    fn change(self, path: &Path, change: impl FnOnce(&mut Node)) -> Self {
        let found = self.nodes.get(&plain(path)).cloned();
        let mut node = found.unwrap_or_else(|| Node::new(Kind::File, b""));
        change(&mut node);
        self.with(path, node)
    }

    fn node(&self, path: &Path) -> io::Result<&Node> {
        self.nodes.get(&plain(path)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// The path without its `.`, so that `./epoch` is `epoch`.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

impl Tree for Memory {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        self.node(path).map(|node| node.kind)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let node = self.node(dir)?;
        if node.kind != Kind::Directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        if !node.readable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let dir = plain(dir);
        let mut entries: Vec<_> = self
            .nodes
            .iter()
            .filter(|(path, _)| path.parent() == Some(&dir))
            .filter_map(|(path, node)| {
                Some(Entry {
                    name: path.file_name()?.to_owned(),
                    kind: node.kind,
                    len: node.len(),
                    modified: node.modified,
                })
            })
            .collect();
        sort(&mut entries);
        Ok(entries)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        let node = self.node(path)?;
        if node.kind != Kind::File {
            return Err(not_regular());
        }
        if !node.readable {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Box::new(Opened { bytes: Cursor::new(Arc::clone(&node.bytes)), stamp: node.stamp() }))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.node(path).map(Node::stamp)
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        plain(dir).file_name().map(display_name)
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        path.file_name().map(OsStr::to_owned)
    }

    fn distrusted(&self, _: &Path, _: &Path) -> Option<&'static str> {
        None
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.absolute(path).map(Identity::named)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        self.node(path).map(|_| plain(path))
    }
}

struct Opened {
    bytes: Cursor<Arc<[u8]>>,
    stamp: Stamp,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl Source for Opened {
    fn stamp(&self) -> io::Result<Stamp> {
        Ok(self.stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_names_that_no_checkout_could() {
        let tree = Memory::new()
            .file("students.csv", "1")
            .file("Students.csv", "2")
            .file("students.csv ", "3")
            .link("users.csv")
            .other("pipe");
        let names: Vec<_> =
            tree.list(Path::new(".")).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["Students.csv", "pipe", "students.csv", "students.csv ", "users.csv"]);
        let mut text = String::new();
        tree.open(Path::new("students.csv ")).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "3");
        assert!(tree.open(Path::new("users.csv")).is_err());
    }

    #[test]
    fn refuses_as_a_disk_would() {
        let tree = Memory::new()
            .file("closed/students.csv", "")
            .unreadable("closed")
            .file("users.csv", "")
            .unreadable("users.csv");
        let kind = |result: io::Result<Vec<Entry>>| result.unwrap_err().kind();
        assert_eq!(kind(tree.list(Path::new("closed"))), io::ErrorKind::PermissionDenied);
        assert_eq!(kind(tree.list(Path::new("users.csv"))), io::ErrorKind::NotADirectory);
        assert_eq!(kind(tree.list(Path::new("none"))), io::ErrorKind::NotFound);
        let opened = tree.open(Path::new("users.csv")).err().unwrap();
        assert_eq!(opened.kind(), io::ErrorKind::PermissionDenied);
    }
}
