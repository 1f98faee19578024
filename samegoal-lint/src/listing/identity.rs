//! When two paths lead to one file.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// What a path leads to, however it is spelled: through links, with another case where case makes no
/// difference, or by another name of the same file. What is not there yet is known by the directory
/// that it would be in.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Without links.
    real: PathBuf,
    /// What the file system knows it by, if it is there and that can be asked.
    node: Option<Node>,
}

type Node = (u64, u64);

impl Identity {
    /// That of a path.
    ///
    /// # Errors
    ///
    /// When neither it nor a directory above it is there, or a link leads nowhere.
    pub fn of(path: &Path) -> io::Result<Self> {
        match fs::canonicalize(path) {
            Ok(real) => Ok(Self { node: node(&real), real }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A link that leads nowhere is there, and says nothing of where a file would be.
                if fs::symlink_metadata(path).is_ok() {
                    return Err(error);
                }
                let name = path.file_name().ok_or(error)?;
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
                let above = Self::of(parent.unwrap_or(Path::new(".")))?;
                Ok(Self { real: above.real.join(folded(Path::new(name))), node: None })
            }
            Err(error) => Err(error),
        }
    }

    /// That of a path without links in a tree that has no other names for anything.
    pub(super) fn named(real: PathBuf) -> Self {
        Self { real, node: None }
    }

    /// Whether both are one file or directory.
    pub fn is(&self, other: &Self) -> bool {
        match (self.node, other.node) {
            (Some(one), Some(other)) => one == other,
            (None, None) => folded(&self.real) == folded(&other.real),
            _ => false,
        }
    }

    /// Whether it lies in a directory, however deep.
    pub fn is_in(&self, dir: &Self) -> bool {
        self.real.ancestors().skip(1).any(|above| {
            let above = Self { node: node(above), real: above.to_owned() };
            above.is(dir)
        })
    }

    /// The file within `dir` that is this one by another name, a hard link. It is looked for as deep as
    /// deliveries lie in a directory.
    pub fn twin_in(&self, dir: &Path) -> Option<PathBuf> {
        const DEPTH: usize = 3;
        let node = self.node.filter(|_| has_other_names(&self.real))?;
        let mut dirs = vec![(dir.to_owned(), 0)];
        while let Some((dir, depth)) = dirs.pop() {
            // What cannot be listed cannot be read either.
            for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() && depth < DEPTH => {
                        dirs.push((entry.path(), depth + 1));
                    }
                    Ok(kind) if kind.is_file() && self::node(&entry.path()) == Some(node) => {
                        return Some(entry.path());
                    }
                    _ => {}
                }
            }
        }
        None
    }

    /// The path without links.
    pub fn path(&self) -> &Path {
        &self.real
    }
}

#[cfg(unix)]
fn node(path: &Path) -> Option<Node> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|it| (it.dev(), it.ino()))
}

#[cfg(unix)]
fn has_other_names(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|it| it.is_file() && it.nlink() > 1)
}

#[cfg(not(unix))]
fn has_other_names(_: &Path) -> bool {
    false
}

/// Windows tells it only of an open file. Its canonical paths have the case that the directory has.
#[cfg(not(unix))]
fn node(_: &Path) -> Option<Node> {
    None
}

/// The path as file systems compare it that take no notice of case.
fn folded(path: &Path) -> PathBuf {
    if cfg!(any(windows, target_os = "macos")) {
        path.to_string_lossy().to_lowercase().into()
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_under_many_names() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("epoch")).unwrap();
        fs::write(at("epoch/students.csv"), "").unwrap();
        let of = |name: &str| Identity::of(&at(name)).unwrap();
        assert!(of("epoch/../epoch/students.csv").is(&of("epoch/students.csv")));
        assert!(of("epoch/./new.json").is(&of("epoch/new.json")));
        assert!(!of("epoch/new.json").is(&of("new.json")));
        assert!(of("epoch/new.json").is_in(&of("epoch")));
        assert!(of("epoch/a/b/new.json").is_in(&of("epoch")));
        assert!(!of("epochs.json").is_in(&of("epoch")));
        assert!(!of("epoch").is_in(&of("epoch")));
        assert_eq!(of("new.json").path().file_name().unwrap(), "new.json");
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_what_they_point_to() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("epoch")).unwrap();
        fs::write(at("epoch/students.csv"), "").unwrap();
        symlink("epoch", at("current")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        fs::hard_link(at("epoch/students.csv"), at("twin.csv")).unwrap();
        let of = |name: &str| Identity::of(&at(name)).unwrap();
        assert!(of("current/new.json").is(&of("epoch/new.json")));
        assert!(of("current/new.json").is_in(&of("epoch")));
        assert!(of("twin.csv").is(&of("epoch/students.csv")));
        let twin = of("twin.csv").twin_in(dir.path()).unwrap();
        assert!(twin.ends_with("twin.csv") || twin.ends_with("students.csv"));
        assert_eq!(of("twin.csv").twin_in(&at("epoch")), Some(at("epoch/students.csv")));
        assert_eq!(of("epoch").twin_in(dir.path()), None);
        assert!(Identity::of(&at("broken")).is_err());
    }
}
