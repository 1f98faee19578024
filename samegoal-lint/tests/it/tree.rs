//! Directories made of a description, in memory.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use samegoal_lint::listing::{Entry, Identity, Kind, Memory, Source, Stamp, Tree};

/// One thing in a directory.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) path: PathBuf,
    pub(crate) what: What,
    pub(crate) modified: Option<SystemTime>,
}

/// What a thing in a directory is.
#[derive(Clone, Debug)]
pub(crate) enum What {
    File(Vec<u8>),
    /// A file that is longer after it was read than before.
    Growing(Vec<u8>),
    /// A file whose name another one takes while it is read.
    Replaced(Vec<u8>),
    /// A file that is removed while it is read.
    Vanishing(Vec<u8>),
    /// A file that may not be opened.
    Unreadable(Vec<u8>),
    Directory,
    /// A directory that may not be listed.
    Closed,
    Link,
    /// A pipe.
    Other,
}

impl Node {
    pub(crate) fn file(path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), what: What::File(bytes.into()), modified: None }
    }

    /// The bytes of a file.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match &self.what {
            What::File(bytes)
            | What::Growing(bytes)
            | What::Replaced(bytes)
            | What::Vanishing(bytes)
            | What::Unreadable(bytes) => Some(bytes),
            What::Directory | What::Closed | What::Link | What::Other => None,
        }
    }

    pub(crate) fn bytes_mut(&mut self) -> Option<&mut Vec<u8>> {
        match &mut self.what {
            What::File(bytes)
            | What::Growing(bytes)
            | What::Replaced(bytes)
            | What::Vanishing(bytes)
            | What::Unreadable(bytes) => Some(bytes),
            What::Directory | What::Closed | What::Link | What::Other => None,
        }
    }
}

/// The directory `dir` as it is on the disk, but for the names that `is_part` refuses.
pub(crate) fn read(dir: &Path, is_part: &dyn Fn(&str) -> bool) -> Vec<Node> {
    let mut nodes = Vec::new();
    read_below(dir, Path::new(""), is_part, &mut nodes);
    nodes.sort_by(|a, b| a.path.cmp(&b.path));
    nodes
}

fn read_below(dir: &Path, below: &Path, is_part: &dyn Fn(&str) -> bool, nodes: &mut Vec<Node>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if below.as_os_str().is_empty() && !is_part(name.to_str().unwrap()) {
            continue;
        }
        let path = below.join(&name);
        if entry.file_type().unwrap().is_dir() {
            read_below(&entry.path(), &path, is_part, nodes);
        } else {
            nodes.push(Node::file(path, fs::read(entry.path()).unwrap()));
        }
    }
}

/// The directory that `text` describes, in the form that `fixtures/README.md` gives; `None` if this
/// platform has no such names.
pub(crate) fn parse(text: &str, part: &dyn Fn(&str) -> Vec<u8>) -> Option<Vec<Node>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| node(line, part)).collect()
}

fn node(line: &str, part: &dyn Fn(&str) -> Vec<u8>) -> Option<Node> {
    let (kind, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no path: {line}"));
    let (rest, modified) = match rest.split_once(" @ ") {
        Some((rest, time)) => (rest, Some(time_of_day(time.trim()))),
        None => (rest, None),
    };
    let (path, parts) = match rest.split_once(" = ") {
        Some((path, parts)) => (path, parts),
        None => (rest, ""),
    };
    let bytes = || parts.split_whitespace().flat_map(|word| content(word, part)).collect();
    let what = match kind {
        "file" => What::File(bytes()),
        "growing" => What::Growing(bytes()),
        "replaced" => What::Replaced(bytes()),
        "vanishing" => What::Vanishing(bytes()),
        "unreadable" => What::Unreadable(bytes()),
        "directory" => What::Directory,
        "closed" => What::Closed,
        "link" => What::Link,
        "other" => What::Other,
        _ => panic!("no such kind: {line}"),
    };
    Some(Node { path: name(path.trim())?.into(), what, modified })
}

/// `70000*A`, or the name of a part.
fn content(word: &str, part: &dyn Fn(&str) -> Vec<u8>) -> Vec<u8> {
    match word.split_once('*') {
        Some((times, text)) => text.repeat(times.parse().unwrap()).into_bytes(),
        None => part(word),
    }
}

pub(crate) fn time_of_day(text: &str) -> SystemTime {
    const SOME_DAY: u64 = 20_458 * 24 * 60 * 60;
    let seconds = text.split(':').map(|part| part.parse::<u64>().unwrap());
    let seconds = seconds.fold(0, |sum, part| sum * 60 + part);
    SystemTime::UNIX_EPOCH + Duration::from_secs(SOME_DAY + seconds)
}

/// A name in which `\xFF` stands for a byte.
fn name(text: &str) -> Option<OsString> {
    let mut pieces = text.split(r"\x");
    let mut bytes = pieces.next().unwrap().as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(&piece[..2], 16).unwrap());
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(error) => not_utf8(error.into_bytes()),
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there are no such names")]
fn not_utf8(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn not_utf8(_: Vec<u8>) -> Option<OsString> {
    None
}

/// A directory in memory, in which files may change while they are read.
pub(crate) struct InMemory {
    memory: Memory,
    growing: Vec<PathBuf>,
    replaced: Vec<PathBuf>,
    vanishing: Vec<PathBuf>,
}

pub(crate) fn in_memory(nodes: &[Node]) -> InMemory {
    let mut memory = Memory::new();
    let (mut growing, mut replaced, mut vanishing) = (Vec::new(), Vec::new(), Vec::new());
    for Node { path, what, modified } in nodes {
        memory = match what {
            What::File(bytes) => memory.file(path, bytes),
            What::Growing(bytes) => {
                growing.push(path.clone());
                memory.file(path, bytes)
            }
            What::Replaced(bytes) => {
                replaced.push(path.clone());
                memory.file(path, bytes)
            }
            What::Vanishing(bytes) => {
                vanishing.push(path.clone());
                memory.file(path, bytes)
            }
            What::Unreadable(bytes) => memory.file(path, bytes).unreadable(path),
            What::Directory => memory.directory(path),
            What::Closed => memory.directory(path).unreadable(path),
            What::Link => memory.link(path),
            What::Other => memory.other(path),
        };
        if let Some(time) = modified {
            memory = memory.modified(path, *time);
        }
    }
    InMemory { memory, growing, replaced, vanishing }
}

impl Tree for InMemory {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        self.memory.kind(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.memory.list(dir)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        let source = self.memory.open(path)?;
        if self.growing.iter().any(|growing| growing == path) {
            return Ok(Box::new(Growing { source, stamps: Arc::default() }));
        }
        Ok(source)
    }

    /// It is not asked for before a file was read.
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        if self.vanishing.iter().any(|vanishing| vanishing == path) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let stamp = self.memory.stamp(path)?;
        let is_replaced = self.replaced.iter().any(|replaced| replaced == path);
        Ok(Stamp { identity: is_replaced.then_some((0, 1)), ..stamp })
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        self.memory.name_of(dir)
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        self.memory.entry_name(path)
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        self.memory.distrusted(file, path)
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.memory.identity(path)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        self.memory.absolute(path)
    }
}

struct Growing {
    source: Box<dyn Source>,
    stamps: Arc<AtomicU64>,
}

impl Read for Growing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

impl Source for Growing {
    fn stamp(&self) -> io::Result<Stamp> {
        let stamp = self.source.stamp()?;
        Ok(Stamp { len: stamp.len + self.stamps.fetch_add(1, Ordering::Relaxed), ..stamp })
    }
}
