//! A directory as a list of entries: the only place that touches the file system, and the only
//! one where platforms differ.
//!
//! Everything else works on a [`Tree`], which is the [`Disk`] or, in tests and in programs that
//! embed the linter, a [`Memory`].

use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use samegoal_schema::thousands;

mod disk;
mod identity;
mod memory;

pub use disk::Disk;
pub(crate) use disk::neither_follow_nor_wait;
pub use identity::Identity;
pub use memory::Memory;

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// Something with directories and files in it. Several threads may use it at once.
///
/// No method has a default: whatever wraps a tree would forget to pass that one on.
pub trait Tree: Sync {
    /// What is at `path`. A link is a link, whatever it points to.
    ///
    /// # Errors
    ///
    /// When nothing is there, or it may not be looked at.
    fn kind(&self, path: &Path) -> io::Result<Kind>;

    /// What lies directly in `dir`, sorted by the bytes of the names. If `dir` itself is a link to
    /// a directory it is followed: whoever must not follow links asks [`kind`](Self::kind) before.
    ///
    /// # Errors
    ///
    /// When it is not a directory, may not be read, or has too much in it: more than 250,000 entries
    /// on a [`Disk`].
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;

    /// Opens a regular file for reading. It neither follows a link nor waits for anybody.
    ///
    /// # Errors
    ///
    /// When nothing is there, it is not a regular file, or it may not be read.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>>;

    /// The stamp of what has this name now: that of an open [`Source`], unless somebody wrote to the
    /// file or put another one in its place. A link is a link.
    ///
    /// # Errors
    ///
    /// When nothing is there, or it may not be looked at.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;

    /// The name of the directory that a path such as `.` stands for; `None` if it is unknown.
    fn name_of(&self, dir: &Path) -> Option<String>;

    /// The name that the directory of a file has for it: where case makes no difference, it may be
    /// another than the one in the path.
    fn entry_name(&self, path: &Path) -> Option<OsString>;

    /// Why a file that was found above `path` may have been put there by somebody else than the user
    /// or the owner of `path`, with "it" for the file.
    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str>;

    /// What the path leads to, to be compared with what others lead to.
    ///
    /// # Errors
    ///
    /// When nothing is there, or it may not be looked at.
    fn identity(&self, path: &Path) -> io::Result<Identity>;

    /// The path from the root.
    ///
    /// # Errors
    ///
    /// When nothing is there, or it may not be looked at.
    fn absolute(&self, path: &Path) -> io::Result<PathBuf>;
}

/// One thing in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name as the directory gives it, byte for byte.
    pub name: OsString,
    /// What it is.
    pub kind: Kind,
    /// How many bytes it has; of use for regular files only.
    pub len: u64,
    /// When its contents last changed, if that is known.
    pub modified: Option<SystemTime>,
}

/// What a name in a directory stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; on Windows also a junction.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

/// An open regular file.
pub trait Source: Read + Send {
    /// The stamp that the open file has now. Two stamps that differ show that somebody wrote to the
    /// file between them.
    ///
    /// # Errors
    ///
    /// When the file can no longer be asked.
    fn stamp(&self) -> io::Result<Stamp>;
}

/// What changes when a file is written to, or when another one takes its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its size in bytes.
    pub len: u64,
    /// When its contents last changed, if that is known.
    pub modified: Option<SystemTime>,
    /// When its contents or its attributes last changed, in seconds and nanoseconds, if that is known.
    /// A program can set [`modified`](Self::modified) back, but not this.
    pub changed: Option<(i64, i64)>,
    /// What only this file has, such as its device and inode, if there is something. On Windows it is
    /// the time of creation.
    pub identity: Option<(u64, u64)>,
}

/// A path for people to read: as it was typed, with `/` between names on every platform. Bytes that
/// are not UTF-8 are written `\xFF`; control characters stay, for whoever prints the text escapes
/// them there.
///
/// ```
/// use samegoal_lint::listing::display;
/// assert_eq!(display("./epoch/students.csv".as_ref()), "./epoch/students.csv");
/// ```
pub fn display(path: &Path) -> String {
    let text = display_name(path.as_os_str());
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// One name for people to read; see [`display`].
pub fn display_name(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    text
}

fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| a.name.as_encoded_bytes().cmp(b.name.as_encoded_bytes()));
}

/// How many entries of one directory are taken in at most.
const MOST_ENTRIES: usize = 250_000;

fn too_many() -> io::Error {
    let most = thousands(MOST_ENTRIES as u64);
    let why = format!("it has more than {most} entries, so it is not a delivery");
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}

/// Whether a directory could not be listed because there is too much in it.
pub(crate) fn is_too_many(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::FileTooLarge
}

fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_keeps_what_was_typed() {
        for path in [".", "..", "./epoch", "../a b/students.csv", "/upload/", "épreuve/Ж.csv"] {
            assert_eq!(display(Path::new(path)), path);
        }
    }

    #[cfg(unix)]
    #[test]
    fn display_escapes_what_is_not_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let name = OsStr::from_bytes(b"epoch/stud\xFFents\xC3.csv");
        assert_eq!(display(Path::new(name)), "epoch/stud\\xFFents\\xC3.csv");
    }
}
