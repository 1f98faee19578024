//! Which configuration is in force.

use std::path::{Component, Path, PathBuf};

use samegoal_schema::Schema;

use super::{ConfigError, Loaded};
use crate::layout::CONFIG_FILE;
use crate::listing::{Kind, STDIN, Tree, display};

/// Which configuration the user wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The one that lies nearest to the paths.
    #[default]
    Nearest,
    /// This one.
    File(PathBuf),
    /// None at all.
    None,
}

/// Finds the configuration of what is linted at `path`, if there is one.
///
/// It is looked for in the directory above the epoch, upload root or export folder that `path` is;
/// for a file above the directory that it lies in; for standard input in the current directory; and
/// from there upward to the root of the file system. What lies in a delivery itself may come from
/// anybody who writes to it, and must not say what is reported of it.
///
/// # Errors
///
/// [`ConfigError::Distrusted`].
///
/// ```
/// use samegoal_lint::config::{Choice, locate};
/// use samegoal_lint::listing::Memory;
///
/// let tree = Memory::new()
///     .file("district/samegoal-lint.toml", "expected-files = ['guardians.csv']")
///     .directory("district/upload/20260105-020000");
/// let config = locate(&tree, "district/upload".as_ref(), &Choice::Nearest)?;
/// assert_eq!(config, Some("district/samegoal-lint.toml".into()));
/// # Ok::<(), samegoal_lint::config::ConfigError>(())
/// ```
pub fn locate(
    tree: &dyn Tree,
    path: &Path,
    choice: &Choice,
) -> Result<Option<PathBuf>, ConfigError> {
    match choice {
        Choice::None => Ok(None),
        Choice::File(file) => Ok(Some(file.clone())),
        Choice::Nearest => nearest(tree, path),
    }
}

/// The configuration beside a file that is linted by itself, which [`locate`] passes over: one must
/// lie above the folder. None where the user says which one counts.
pub(crate) fn passed_over(tree: &dyn Tree, path: &Path, choice: &Choice) -> Option<PathBuf> {
    let is_asked = *choice == Choice::Nearest && path.as_os_str() != STDIN;
    let beside = path.with_file_name(CONFIG_FILE);
    let is = |path: &Path, kinds: &[Kind]| tree.kind(path).is_ok_and(|it| kinds.contains(&it));
    let is_there = is_asked && is(path, &[Kind::File]) && is(&beside, &[Kind::File, Kind::Link]);
    is_there.then_some(beside)
}

/// Reads what [`locate`] finds.
///
/// # Errors
///
/// [`ConfigError`].
pub fn in_force(
    tree: &dyn Tree,
    api: &Schema,
    path: &Path,
    choice: &Choice,
) -> Result<Option<Loaded>, ConfigError> {
    locate(tree, path, choice)?.map(|file| Loaded::read(tree, api, &file, choice)).transpose()
}

fn nearest(tree: &dyn Tree, path: &Path) -> Result<Option<PathBuf>, ConfigError> {
    let Some(found) = above(tree, path) else { return Ok(None) };
    let typed = match tree.absolute(Path::new(".")) {
        Ok(base) => relative(&base, &found),
        Err(_) => found.clone(),
    };
    match tree.distrusted(&found, path) {
        Some(why) => Err(ConfigError::Distrusted { path: display(&typed), why }),
        None => Ok(Some(typed)),
    }
}

/// The nearest configuration above what is linted, by its absolute path.
fn above(tree: &dyn Tree, path: &Path) -> Option<PathBuf> {
    let is_input = path.as_os_str() == STDIN;
    let path = if is_input { Path::new(".") } else { path };
    // A path that does not exist has its own message.
    let path = tree.absolute(path).ok()?;
    let delivery = match tree.kind(&path) {
        _ if is_input => 0,
        Ok(Kind::File) => 2,
        _ => 1,
    };
    // Where a path may be relative, `.` is nothing more to go up from.
    let path: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    path.ancestors()
        .skip(delivery)
        .map(|directory| directory.join(CONFIG_FILE))
        .find(|file| matches!(tree.kind(file), Ok(Kind::File | Kind::Link)))
}

/// The way from a directory to a file, as a user would type it; both are absolute.
fn relative(base: &Path, file: &Path) -> PathBuf {
    let shared = base.components().zip(file.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return file.to_owned();
    }
    let up = base.components().skip(shared).map(|_| "..".as_ref());
    up.chain(file.components().skip(shared).map(Component::as_os_str)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Memory;

    #[test]
    fn the_way_to_a_file_is_the_shortest() {
        for (base, file, expected) in [
            ("/a/b", "/a/b/c.toml", "c.toml"),
            ("/a/b", "/a/c.toml", "../c.toml"),
            ("/a/b", "/c/d.toml", "../../c/d.toml"),
            ("/", "/c.toml", "c.toml"),
        ] {
            assert_eq!(relative(Path::new(base), Path::new(file)), Path::new(expected));
        }
    }

    fn found(tree: &Memory, path: &str) -> Option<PathBuf> {
        nearest(tree, Path::new(path)).unwrap()
    }

    #[test]
    fn the_nearest_one_above_what_is_linted_counts() {
        let tree = Memory::new()
            .file("a/samegoal-lint.toml", "")
            .file("a/b/samegoal-lint.toml", "")
            .file("a/b/epoch/students.csv", "")
            .file("a/b/epoch/samegoal-lint.toml", "")
            .file("a/c/students.csv", "")
            .directory("d");
        for (path, expected) in [
            ("a/b/epoch", Some("a/b/samegoal-lint.toml")),
            ("a/b/epoch/", Some("a/b/samegoal-lint.toml")),
            ("a/b/epoch/students.csv", Some("a/b/samegoal-lint.toml")),
            ("a/b", Some("a/samegoal-lint.toml")),
            ("a/c/students.csv", Some("a/samegoal-lint.toml")),
            ("a", None),
            ("d", None),
            (".", None),
            ("-", None),
        ] {
            assert_eq!(found(&tree, path).as_deref(), expected.map(Path::new), "{path}");
        }
        let here = Memory::new().file("samegoal-lint.toml", "").file("students.csv", "");
        assert_eq!(found(&here, "-"), Some("samegoal-lint.toml".into()));
        assert_eq!(found(&here, "."), None);
        assert_eq!(found(&here, "students.csv"), None);
    }

    #[test]
    fn a_directory_of_that_name_is_none() {
        let tree = Memory::new().directory("a/samegoal-lint.toml").directory("a/x");
        assert_eq!(found(&tree, "a/x"), None);
    }
}
