//! The fixtures on a real disk. Only Linux can hold every one of them: names that differ in case,
//! that end in a blank, that are not UTF-8.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use samegoal_lint::listing::{Disk, Entry, Identity, Kind, Source, Stamp, Tree};

use crate::case::{self, Case, each, same};
use crate::fixtures::document;
use crate::special_files::make_pipe;
use crate::tree::{Node, What, time_of_day};

#[test]
fn every_fixture_is_the_same_on_a_disk_in_whatever_order_it_was_written() {
    each(&case::all(), |case| {
        let mut nodes: Vec<_> = case.nodes.iter().collect();
        let Some(forth) = found_on_disk(case, &nodes) else { return Ok(()) };
        nodes.reverse();
        let Some(back) = found_on_disk(case, &nodes) else { return Ok(()) };
        same("written backwards", &back, &forth)?;
        same("in memory", &without_reasons(&document(case, &case.memory())), &forth)
    });
}

/// The report on what a disk holds; `None` if it cannot hold that.
fn found_on_disk(case: &Case, nodes: &[&Node]) -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    let is_there = put(dir.path(), nodes);
    let found = is_there.then(|| document(case, &Rooted(dir.path().to_owned())));
    for node in nodes.iter().filter(|node| matches!(node.what, What::Closed)) {
        // So that it can be removed.
        fs::set_permissions(dir.path().join(&node.path), fs::Permissions::from_mode(0o700))
            .unwrap();
    }
    found.map(|found| without_reasons(&found))
}

/// Every system has its own words for what cannot be read.
fn without_reasons(document: &str) -> String {
    let is_reason = |line: &&str| line.contains("it cannot be read: ");
    document.lines().filter(|line| !is_reason(line)).collect::<Vec<_>>().join("\n")
}

/// The real file system, with a directory of it as the current one.
struct Rooted(PathBuf);

impl Tree for Rooted {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        Disk.kind(&self.0.join(path))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        Disk.list(&self.0.join(dir))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        Disk.open(&self.0.join(path))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        Disk.stamp(&self.0.join(path))
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        Disk.name_of(&self.0.join(dir))
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        Disk.entry_name(&self.0.join(path))
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        Disk.distrusted(&self.0.join(file), &self.0.join(path))
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        Disk.identity(&self.0.join(path))
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.absolute(&self.0.join(path))
    }
}

/// Makes the directory on the disk, in the order of `nodes`. Answers whether it can be had there:
/// a file that changes while it is read cannot, and one that may not be opened cannot by whoever may open everything.
fn put(dir: &Path, nodes: &[&Node]) -> bool {
    for Node { path, what, modified } in nodes {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match what {
            What::File(bytes) | What::Unreadable(bytes) => {
                fs::write(&path, bytes).unwrap();
                // All at one time, so that none is later than another.
                let time = modified.unwrap_or_else(|| time_of_day("02:00:00"));
                File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
            }
            What::Growing(_) | What::Replaced(_) | What::Vanishing(_) => return false,
            What::Directory | What::Closed => fs::create_dir_all(&path).unwrap(),
            What::Link => symlink("nowhere", &path).unwrap(),
            What::Other => make_pipe(&path),
        }
        if matches!(what, What::Unreadable(_) | What::Closed) {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
            if File::open(&path).is_ok() {
                return false;
            }
        }
    }
    true
}
