//! Which configuration is in force.

use std::path::{Component, Path, PathBuf};

use samegoal_schema::Schema;

use super::{ConfigError, FILE_NAME, Loaded};
use crate::listing::{Kind, Tree, display};
use crate::run::STDIN;

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

/// Finds and reads the configuration for a run over `paths`, if there is one.
///
/// It is looked for in the directory that a path is or lies in, and from there upward to the root
/// of the file system. One run has one configuration.
///
/// # Errors
///
/// [`ConfigError`].
///
/// ```
/// use samegoal_lint::config::{Choice, in_force};
/// use samegoal_lint::listing::Memory;
///
/// let tree = Memory::new()
///     .file("district/samegoal-lint.toml", "expected-files = ['guardians.csv']")
///     .directory("district/upload/20260105-020000");
/// let api = samegoal_schema::generic_api();
/// let path = "district/upload/20260105-020000".into();
/// let config = in_force(&tree, &api, &[path], &Choice::Nearest)?.unwrap();
/// assert_eq!(config.path, "district/samegoal-lint.toml");
/// # Ok::<(), samegoal_lint::config::ConfigError>(())
/// ```
pub fn in_force(
    tree: &dyn Tree,
    api: &Schema,
    paths: &[PathBuf],
    choice: &Choice,
) -> Result<Option<Loaded>, ConfigError> {
    let path = match choice {
        Choice::None => None,
        Choice::File(path) => Some(path.clone()),
        Choice::Nearest => nearest(tree, paths)?,
    };
    path.map(|path| Loaded::read(tree, api, &path)).transpose()
}

fn nearest(tree: &dyn Tree, paths: &[PathBuf]) -> Result<Option<PathBuf>, ConfigError> {
    let mut found: Option<(&Path, Option<PathBuf>)> = None;
    for path in paths {
        let here = above(tree, path);
        match &found {
            Some((first, there)) if *there != here => {
                return Err(ConfigError::Disagree { first: display(first), second: display(path) });
            }
            Some(_) => {}
            None => found = Some((path, here)),
        }
    }
    let Some(found) = found.and_then(|(_, found)| found) else { return Ok(None) };
    Ok(Some(match tree.absolute(Path::new(".")) {
        Ok(base) => relative(&base, &found),
        Err(_) => found,
    }))
}

/// The configuration in the directory of a path or the nearest one above it, by its absolute path.
fn above(tree: &dyn Tree, path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str() == STDIN { Path::new(".") } else { path };
    // A path that does not exist has its own message.
    let path = tree.absolute(path).ok()?;
    path.ancestors()
        .map(|directory| directory.join(FILE_NAME))
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

    fn found(tree: &Memory, paths: &[&str]) -> Result<Option<PathBuf>, ConfigError> {
        nearest(tree, &paths.iter().map(PathBuf::from).collect::<Vec<_>>())
    }

    #[test]
    fn the_nearest_one_counts() {
        let tree = Memory::new()
            .file("a/samegoal-lint.toml", "")
            .file("a/b/samegoal-lint.toml", "")
            .file("a/b/epoch/students.csv", "")
            .file("a/c/students.csv", "")
            .directory("d");
        for (path, expected) in [
            ("a/b/epoch", Some("a/b/samegoal-lint.toml")),
            ("a/b/epoch/students.csv", Some("a/b/samegoal-lint.toml")),
            ("a/b", Some("a/b/samegoal-lint.toml")),
            ("a/c/students.csv", Some("a/samegoal-lint.toml")),
            ("d", None),
            ("-", None),
        ] {
            assert_eq!(
                found(&tree, &[path]).unwrap().as_deref(),
                expected.map(Path::new),
                "{path}"
            );
        }
    }

    #[test]
    fn a_run_has_one_configuration() {
        let tree = Memory::new().file("a/samegoal-lint.toml", "").directory("a/x").directory("b");
        assert!(found(&tree, &["a", "a/x"]).unwrap().is_some());
        let error = found(&tree, &["a", "b"]).unwrap_err();
        assert!(error.to_string().starts_with("`a` and `b` are under different configurations"));
    }

    #[test]
    fn a_directory_of_that_name_is_none() {
        let tree = Memory::new().directory("a/samegoal-lint.toml").directory("a/x");
        assert_eq!(found(&tree, &["a/x"]).unwrap(), None);
    }
}
