//! The real file system.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{
    Entry, Identity, Kind, MOST_ENTRIES, Source, Stamp, Tree, display_name, not_regular, sort,
    too_many,
};

/// The file system of this machine.
///
/// ```no_run
/// use samegoal_lint::listing::{Disk, Tree};
/// for entry in Disk.list("epoch".as_ref())? {
///     println!("{} has {} bytes", entry.name.display(), entry.len);
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Disk {
    /// The stamp of a file that is open.
    pub(crate) fn stamp_of(file: &File) -> io::Result<Stamp> {
        file.metadata().map(|metadata| stamp(&metadata))
    }
}

impl Tree for Disk {
    fn kind(&self, path: &Path) -> io::Result<Kind> {
        fs::symlink_metadata(path).map(|metadata| kind(&metadata))
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = gathered(fs::read_dir(dir)?.map(|found| Ok(entry(&found?))))?;
        sort(&mut entries);
        Ok(entries)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Source>> {
        // Before opening, because opening a device can already do something; and again after it,
        // because another file may have taken the name in between.
        if self.kind(path)? != Kind::File {
            return Err(not_regular());
        }
        let mut options = OpenOptions::new();
        options.read(true);
        neither_follow_nor_wait(&mut options);
        let file = options.open(path)?;
        if kind(&file.metadata()?) != Kind::File {
            return Err(not_regular());
        }
        Ok(Box::new(Opened(file)))
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        fs::symlink_metadata(path).map(|metadata| stamp(&metadata))
    }

    fn name_of(&self, dir: &Path) -> Option<String> {
        fs::canonicalize(dir).ok()?.file_name().map(display_name)
    }

    fn entry_name(&self, path: &Path) -> Option<OsString> {
        let name = path.file_name()?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let names = fs::read_dir(parent.unwrap_or(Path::new("."))).into_iter().flatten();
        let mut same = None;
        for entry in names.flatten() {
            let other = entry.file_name();
            if other == name {
                return Some(other);
            }
            if display_name(&other).to_lowercase() == display_name(name).to_lowercase() {
                same = Some(other);
            }
        }
        same.or_else(|| Some(name.to_owned()))
    }

    fn distrusted(&self, file: &Path, path: &Path) -> Option<&'static str> {
        distrusted(file, path)
    }

    fn identity(&self, path: &Path) -> io::Result<Identity> {
        fs::symlink_metadata(path)?;
        Identity::of(path)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        if cfg!(windows) {
            // What `canonicalize` gives there begins with `\\?\`, which no one writes.
            fs::symlink_metadata(path)?;
            std::path::absolute(path)
        } else {
            fs::canonicalize(path)
        }
    }
}

/// All of them, as long as they are no more than [`MOST_ENTRIES`]: they are held in memory.
fn gathered(found: impl Iterator<Item = io::Result<Entry>>) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in found {
        if entries.len() == MOST_ENTRIES {
            return Err(too_many());
        }
        entries.push(entry?);
    }
    Ok(entries)
}

struct Opened(File);

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Source for Opened {
    fn stamp(&self) -> io::Result<Stamp> {
        Disk::stamp_of(&self.0)
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    let (changed, identity) = beyond_contents(metadata);
    Stamp { len: metadata.len(), modified: metadata.modified().ok(), changed, identity }
}

/// What a [`Stamp`] has from the platform: when anything about a file changed, and its identity.
type BeyondContents = (Option<(i64, i64)>, Option<(u64, u64)>);

#[cfg(unix)]
fn beyond_contents(metadata: &Metadata) -> BeyondContents {
    use std::os::unix::fs::MetadataExt;
    let changed = (metadata.ctime(), metadata.ctime_nsec());
    (Some(changed), Some((metadata.dev(), metadata.ino())))
}

/// Volume and index of a file are not to be had in stable Rust.
#[cfg(windows)]
fn beyond_contents(metadata: &Metadata) -> BeyondContents {
    use std::os::windows::fs::MetadataExt;
    (None, Some((metadata.creation_time(), 0)))
}

#[cfg(not(any(unix, windows)))]
fn beyond_contents(_: &Metadata) -> BeyondContents {
    (None, None)
}

fn entry(found: &DirEntry) -> Entry {
    // `DirEntry::metadata` does not follow links.
    let metadata = found.metadata().ok();
    let kind = match &metadata {
        Some(metadata) => kind(metadata),
        // It vanished, or the directory may be read but not searched. Taken for a file it is
        // opened, and the opening gives the reason.
        None => Kind::File,
    };
    Entry {
        name: found.file_name(),
        kind,
        len: metadata.as_ref().map_or(0, Metadata::len),
        modified: metadata.and_then(|metadata| metadata.modified().ok()),
    }
}

fn kind(metadata: &Metadata) -> Kind {
    let kind = metadata.file_type();
    // On Windows this holds of junctions too.
    if kind.is_symlink() {
        Kind::Link
    } else if kind.is_dir() {
        Kind::Directory
    } else if kind.is_file() {
        Kind::File
    } else {
        Kind::Other
    }
}

#[cfg(unix)]
pub(crate) fn neither_follow_nor_wait(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    // O_NONBLOCK: opening a pipe without a writer would wait forever.
    options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC);
}

/// Windows has no such pipes in its directories, and a flag against following would also keep files
/// from being read that a cloud drive or deduplication stores elsewhere: those are no links.
#[cfg(not(unix))]
pub(crate) fn neither_follow_nor_wait(_: &mut OpenOptions) {}

fn distrusted(file: &Path, path: &Path) -> Option<&'static str> {
    let found = fs::symlink_metadata(file).ok()?;
    if kind(&found) == Kind::Link {
        return Some("it is a link");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        const EVERYBODY_WRITES: u32 = 0o002;
        const ROOT: u32 = 0;
        let owner = fs::metadata(path).ok().map(|it| it.uid());
        let user = rustix::process::geteuid().as_raw();
        if ![Some(ROOT), Some(user), owner].contains(&Some(found.uid())) {
            return Some("it belongs to another user");
        }
        if found.mode() & EVERYBODY_WRITES != 0 {
            return Some("every user may write to it");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    None
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::is_too_many;
    use super::*;

    #[test]
    fn lists_by_the_bytes_of_the_names() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b.csv", "a.csv", "Z.csv"] {
            fs::write(dir.path().join(name), name).unwrap();
        }
        fs::create_dir(dir.path().join("c")).unwrap();
        let listed = Disk.list(dir.path()).unwrap();
        let names: Vec<_> = listed.iter().map(|entry| entry.name.to_str().unwrap()).collect();
        assert_eq!(names, ["Z.csv", "a.csv", "b.csv", "c"]);
        assert_eq!((listed[0].kind, listed[0].len), (Kind::File, 5));
        assert_eq!(listed[3].kind, Kind::Directory);
        assert!(listed[0].modified.is_some());
    }

    #[test]
    fn a_directory_without_end_is_refused_and_a_large_one_is_not() {
        let entry =
            || Entry { name: "letter.pdf".into(), kind: Kind::File, len: 1, modified: None };
        let large = std::iter::repeat_with(|| Ok(entry())).take(MOST_ENTRIES);
        assert_eq!(gathered(large).unwrap().len(), MOST_ENTRIES);
        let mut asked = 0;
        let endless = std::iter::repeat_with(|| {
            asked += 1;
            Ok(entry())
        });
        let error = gathered(endless).unwrap_err();
        assert!(is_too_many(&error));
        assert_eq!(error.to_string(), "it has more than 250,000 entries, so it is not a delivery");
        assert_eq!(asked, MOST_ENTRIES + 1);
    }

    #[test]
    fn a_stamp_tells_that_the_file_grew() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("students.csv");
        fs::write(&path, "a").unwrap();
        let mut source = Disk.open(&path).unwrap();
        let before = source.stamp().unwrap();
        assert_eq!(before, source.stamp().unwrap());
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"b").unwrap();
        assert_ne!(before, source.stamp().unwrap());
        let mut text = String::new();
        source.read_to_string(&mut text).unwrap();
        assert_eq!(text, "ab");
    }

    #[test]
    fn a_stamp_shows_what_became_of_the_name() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("students.csv");
        fs::write(&path, "a").unwrap();
        let source = Disk.open(&path).unwrap();
        assert_eq!(source.stamp().unwrap(), Disk.stamp(&path).unwrap());
        // The same size and time, and another file all the same.
        let modified = source.stamp().unwrap().modified.unwrap();
        let other = dir.path().join("other");
        fs::write(&other, "b").unwrap();
        File::options().write(true).open(&other).unwrap().set_modified(modified).unwrap();
        // Windows keeps an open file from being replaced, or gives its time of creation to the next.
        if cfg!(unix) {
            fs::rename(&other, &path).unwrap();
            assert_ne!(source.stamp().unwrap().identity, Disk.stamp(&path).unwrap().identity);
            fs::remove_file(&path).unwrap();
            assert_eq!(Disk.stamp(&path).unwrap_err().kind(), io::ErrorKind::NotFound);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_stamp_shows_what_was_written_and_dated_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("students.csv");
        fs::write(&path, "a").unwrap();
        let before = Disk.stamp(&path).unwrap();
        // Clocks of file systems tick some hundred times a second.
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::write(&path, "b").unwrap();
        let file = File::options().write(true).open(&path).unwrap();
        file.set_modified(before.modified.unwrap()).unwrap();
        let after = Disk.stamp(&path).unwrap();
        assert_eq!((after.len, after.modified), (before.len, before.modified));
        assert_ne!(after, before);
    }

    #[test]
    fn opens_nothing_but_files() {
        let dir = tempfile::tempdir().unwrap();
        let refused = Disk.open(dir.path()).err().unwrap();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        let missing = Disk.open(&dir.path().join("students.csv")).err().unwrap();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn follows_no_link_but_the_directory_that_is_listed() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let epoch = dir.path().join("epoch");
        fs::create_dir(&epoch).unwrap();
        fs::write(dir.path().join("secret"), "x").unwrap();
        symlink("../secret", epoch.join("students.csv")).unwrap();
        symlink("epoch", dir.path().join("link")).unwrap();
        assert_eq!(Disk.kind(&dir.path().join("link")).unwrap(), Kind::Link);
        assert_eq!(Disk.list(&dir.path().join("link")).unwrap()[0].kind, Kind::Link);
        assert!(Disk.open(&epoch.join("students.csv")).is_err());
        // The flag alone must refuse as well: the check before it can be overtaken.
        let mut options = OpenOptions::new();
        neither_follow_nor_wait(options.read(true));
        assert!(options.open(epoch.join("students.csv")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn does_not_wait_for_a_device_or_socket() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("students.csv");
        let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
        assert_eq!(Disk.kind(&path).unwrap(), Kind::Other);
        assert!(Disk.open(&path).is_err());
        assert!(Disk.open(Path::new("/dev/zero")).is_err());
    }
}
