//! Issue 15, 5: a file is known by the entry of its folder, however it was typed.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use samegoal_lint::listing::{Disk, Entry, Identity, Kind, Memory, Source, Stamp, Tree};
use samegoal_lint::progress::Watched;
use samegoal_lint::run::{Request, run};
use samegoal_schema::generic_api;

/// A file system that takes no notice of case, as those of Windows and macOS.
struct Insensitive(Memory);

impl Insensitive {
    fn real(&self, path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or_default();
        let dir = path.parent().unwrap_or(Path::new(""));
        let entries = self.0.list(dir).unwrap_or_default();
        let same = entries.into_iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        same.map_or(path.to_owned(), |entry| dir.join(entry.name))
    }
}

impl Tree for Insensitive {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        self.0.kind(&self.real(path))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.0.list(&self.real(dir))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        self.0.open(&self.real(path))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.0.stamp(&self.real(path))
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        self.0.name_of(&self.real(dir))
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        self.0.entry_name(&self.real(path))
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        self.0.distrusted(&self.real(file), &self.real(path))
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        self.0.identity(&self.real(path))
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        self.0.absolute(&self.real(path))
    }
}

/// The rules that find something in the file that is typed so, through what wraps the tree too.
fn found(entry: &str, typed: &str) -> Vec<&'static str> {
    let tree = || Insensitive(Memory::new().file(entry, "Student Id,Last Name\n1,x\n"));
    let rules = |tree: &dyn Tree| {
        let request = Request { paths: vec![typed.into()], ..Request::default() };
        let report = run(tree, &generic_api(), &request, &mut io::empty()).unwrap();
        report.found.rules.keys().copied().collect::<Vec<_>>()
    };
    let bare = rules(&tree());
    assert_eq!(rules(&Watched::new(tree(), false)), bare, "{entry} {typed}");
    bare
}

#[test]
fn a_file_has_the_name_that_its_folder_gives_it() {
    for entry in ["a/guardians.csv", "guardians.csv"] {
        assert_eq!(found(entry, entry), [""; 0]);
        assert_eq!(found(entry, &entry.replace("guardians", "Guardians")), [""; 0]);
    }
    for typed in ["a/guardians.csv", "a/Guardians.csv", "a/GUARDIANS.CSV"] {
        assert_eq!(found("a/Guardians.csv", typed), ["layout/misnamed-file"], "{typed}");
    }
}

#[test]
fn a_disk_gives_the_name_of_the_entry() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("Guardians.csv");
    std::fs::write(&path, "").unwrap();
    // Where case makes a difference, only its own name is that of the file; its folder is asked all
    // the same.
    for typed in ["Guardians.csv", "guardians.csv", "GUARDIANS.CSV"] {
        let name = Disk.entry_name(&dir.path().join(typed));
        assert_eq!(name.unwrap(), "Guardians.csv", "{typed}");
    }
}
