//! What the paths of a command line lead to: the deliveries below a folder, and what a pattern
//! matches.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use samegoal_schema::Schema;

use super::{RunError, unreachable_path};
use crate::layout::{self, Survey, TargetKind};
use crate::listing::{Kind, STDIN, Tree, display, display_name, is_too_many};

/// How many entries of directories a search for deliveries looks at.
const ENTRIES: usize = 1_000_000;

/// A path that is linted, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The path.
    pub path: PathBuf,
    /// What it is; found out by its looks without.
    pub kind: Option<TargetKind>,
}

/// What the paths of a command line lead to, in their order. A path with `*` or `?` that names
/// nothing is a pattern, for not every shell expands them. If the search is `recursive`, a folder
/// that is no delivery stands for the deliveries below it.
///
/// # Errors
///
/// [`RunError`], if nothing is at a path or matches it, or a folder has too much in it.
///
/// ```
/// use samegoal_lint::listing::Memory;
/// use samegoal_lint::run::targets;
///
/// let tree = Memory::new().file("a/epoch/students.csv", "").file("b/epoch/students.csv", "");
/// let api = samegoal_schema::generic_api();
/// let found = targets(&tree, &api, &["*/epoch".into()], None, false)?;
/// assert_eq!(found[1].path.to_str(), Some("b/epoch"));
/// assert_eq!(targets(&tree, &api, &[".".into()], None, true)?.len(), 2);
/// # Ok::<(), samegoal_lint::run::RunError>(())
/// ```
pub fn targets(
    tree: &dyn Tree,
    api: &Schema,
    paths: &[PathBuf],
    kind: Option<TargetKind>,
    recursive: bool,
) -> Result<Vec<Given>, RunError> {
    let survey = Survey { tree, api, recognize: &|_| None };
    let mut found = Vec::new();
    for path in paths {
        for path in expand(tree, path)? {
            if recursive && path.as_os_str() != STDIN {
                found.extend(below(&survey, path, kind)?);
            } else {
                found.push(Given { path, kind });
            }
        }
    }
    Ok(found)
}

/// The deliveries at `path` and below it; the path itself if there are none.
fn below(
    survey: &Survey<'_>,
    path: PathBuf,
    kind: Option<TargetKind>,
) -> Result<Vec<Given>, RunError> {
    let found =
        survey.tree.kind(&path).map_err(|error| unreachable_path(survey.tree, &path, error))?;
    if matches!(found, Kind::File | Kind::Other) {
        return Ok(vec![Given { path, kind }]);
    }
    if let Some(own) = layout::delivery_at(survey, &path) {
        return Ok(vec![Given { path, kind: kind.or(Some(own)) }]);
    }
    let below = layout::deliveries_below(survey, &path, ENTRIES);
    if below.is_cut {
        return Err(RunError::TooMuch(display(&path)));
    }
    if below.deliveries.is_empty() {
        return Ok(vec![Given { path, kind }]);
    }
    let mut found: Vec<_> = below
        .deliveries
        .into_iter()
        .map(|(path, own)| Given { path, kind: kind.or(Some(own)) })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn expand(tree: &dyn Tree, path: &Path) -> Result<Vec<PathBuf>, RunError> {
    if !is_pattern(&display(path)) || tree.kind(path).is_ok() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = vec![PathBuf::new()];
    for part in path.components() {
        let pattern = display_name(part.as_os_str());
        if !matches!(part, Component::Normal(_)) || !is_pattern(&pattern) {
            for path in &mut found {
                path.push(part);
            }
            found.retain(|path| path.as_os_str().is_empty() || tree.kind(path).is_ok());
            continue;
        }
        let mut within = Vec::new();
        for dir in found {
            within.extend(matching(tree, &dir, &pattern)?.into_iter().map(|name| dir.join(name)));
        }
        found = within;
    }
    if found.is_empty() { Err(RunError::NoMatch(display(path))) } else { Ok(found) }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// The names in `dir` that match, sorted. A hidden one must be asked for.
fn matching(tree: &dyn Tree, dir: &Path, pattern: &str) -> Result<Vec<OsString>, RunError> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let entries = match tree.list(dir) {
        Err(error) if is_too_many(&error) => return Err(RunError::TooMuch(display(dir))),
        // What may not be listed has nothing that matches, as in a shell.
        listed => listed.unwrap_or_default(),
    };
    let names = entries.into_iter().map(|entry| entry.name).filter(|name| {
        let name = display_name(name);
        (!name.starts_with('.') || pattern.starts_with('.')) && matches(&name, pattern)
    });
    Ok(names.collect())
}

/// Whether a name matches a pattern, in which `*` stands for any letters and `?` for one. Case makes
/// a difference where it does for the names themselves.
fn matches(name: &str, pattern: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        if cfg!(windows) { text.to_lowercase().chars().collect() } else { text.chars().collect() }
    };
    let (name, pattern) = (letters(name), letters(pattern));
    let (mut at, mut next) = (0, 0);
    // Where the last `*` is, and up to where it reaches: on a mismatch it takes one letter more.
    let mut star = None;
    while let Some(letter) = name.get(at) {
        match pattern.get(next) {
            Some('*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((place, reach)) = star else { return false };
                star = Some((place, reach + 1));
                at = reach + 1;
                next = place + 1;
            }
        }
    }
    pattern.iter().skip(next).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::Memory;

    #[test]
    fn patterns() {
        for (name, pattern, expected) in [
            ("students.csv", "*", true),
            ("students.csv", "*.csv", true),
            ("students.csv", "s*t?x.csv", false),
            ("students.csv", "s*t?.*v", true),
            ("students.csv", "????????.csv", true),
            ("students.csv", "*.txt", false),
            ("", "*", true),
            ("", "?", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*c", false),
        ] {
            assert_eq!(matches(name, pattern), expected, "{name} {pattern}");
        }
    }

    fn found(tree: &Memory, path: &str, recursive: bool) -> Vec<String> {
        let api = samegoal_schema::generic_api();
        let found = targets(tree, &api, &[path.into()], None, recursive).unwrap();
        found.iter().map(|given| format!("{} {:?}", display(&given.path), given.kind)).collect()
    }

    #[test]
    fn a_pattern_names_what_matches() {
        let tree = Memory::new()
            .file("a/upload/x", "")
            .file("b/upload/x", "")
            .file("c/other/x", "")
            .file(".d/upload/x", "")
            .file("what?.csv", "");
        assert_eq!(found(&tree, "*/upload", false), ["a/upload None", "b/upload None"]);
        assert_eq!(found(&tree, "./?/*", false).len(), 3);
        assert_eq!(found(&tree, "what?.csv", false), ["what?.csv None"]);
        let api = samegoal_schema::generic_api();
        let error = targets(&tree, &api, &["*/none".into()], None, false).unwrap_err();
        assert_eq!(error.to_string(), "nothing matches `*/none`");
    }

    #[test]
    fn a_search_finds_every_kind_of_delivery_and_nothing_in_one() {
        let tree = Memory::new()
            .file("d/one/upload/20260105-020000/students.csv", "")
            .file("d/two/upload/students_auto.csv", "")
            .file("d/three/20260105-020000.bak/students.csv", "")
            .file("d/four/export/Students.csv", "")
            .file("d/five/staging/students.csv", "")
            .file("d/five/staging/COMPLETE", "")
            .file("d/five/staging/old/students.csv", "")
            .file("d/six/a/b/c/d/e/f/students.csv", "")
            .file("d/seven/.git/students.csv", "")
            .file("d/eight/www/upload/photo.jpg", "")
            .directory("d/nine/upload")
            .link("d/ten");
        assert_eq!(
            found(&tree, "d", true),
            [
                "d/five/staging Some(Epoch)",
                "d/four/export Some(Export)",
                "d/nine/upload Some(Upload)",
                "d/one/upload Some(Upload)",
                "d/three/20260105-020000.bak Some(Export)",
                "d/two/upload Some(Upload)",
            ]
        );
        assert_eq!(found(&tree, "d/five/staging", true), ["d/five/staging Some(Epoch)"]);
        assert_eq!(found(&tree, "d/eight", true), ["d/eight None"]);
    }
}
