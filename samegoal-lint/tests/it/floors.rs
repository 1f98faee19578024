//! The floors of both crates, as docs/architecture.md draws them: code imports only what stands below it,
//! and no two files import each other, not by way of others either.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, iter};

/// From the ground up. Modules on one floor do not import each other.
const SCHEMA: &[&[&str]] = &[
    &["text"],
    &["schema"],
    &["csv"],
    &["finding"],
    &["check"],
    &["validate"],
    &["fix"],
    &["rows"],
];

/// The same of the program.
const LINT: &[&[&str]] = &[
    &["digest", "fault", "listing", "surroundings"],
    &["progress"],
    &["layout"],
    &["drift", "upload_script"],
    &["rules"],
    &["policy"],
    &["config", "explain"],
    &["report"],
    &["run"],
    &["baseline", "learn", "stage"],
    &["cli"],
    &["output"],
];

/// The module of each file of a crate, tests left out, and the paths that its code names.
fn modules(krate: &str) -> BTreeMap<String, BTreeSet<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(krate).join("src");
    let mut folders = vec![source.clone()];
    let files = iter::from_fn(|| {
        let entries = fs::read_dir(folders.pop()?).unwrap().map(|entry| entry.unwrap().path());
        let (below, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
        folders.extend(below);
        Some(files)
    });
    let is_test = |path: &PathBuf| {
        path.components().any(|part| {
            matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs" | "testing.rs"))
        })
    };
    let files: Vec<_> = files.flatten().filter(|path| !is_test(path)).collect();
    let module = |path: &Path| {
        let path = path.strip_prefix(&source).unwrap().with_extension("");
        let parts = path.iter().map(|part| part.to_str().unwrap());
        parts.filter(|part| !matches!(*part, "mod" | "lib" | "main")).collect::<Vec<_>>().join("::")
    };
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        (module(path), named(&code.collect::<Vec<_>>().join("\n"), &module(path)))
    };
    files.iter().map(read).collect()
}

/// The paths from the root of the crate that some code of a module names.
fn named(code: &str, module: &str) -> BTreeSet<String> {
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let starts = [("crate::", ""), ("super::", parent)];
    let mut paths = BTreeSet::new();
    for (start, base) in starts {
        for (at, _) in code.match_indices(start) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let rest = &code[at + start.len()..];
            let (path, behind) = rest.split_at(rest.find(|c| !is_of_path(c)).unwrap_or(rest.len()));
            // `a::{b, c::d}` are two paths.
            let group = behind.strip_prefix('{').and_then(|group| group.split('}').next());
            for member in group.unwrap_or_default().split(',').map(str::trim) {
                let member = member.split(|c| !is_of_path(c)).next().unwrap();
                let whole = [base, path.trim_end_matches(':'), member];
                let whole = whole.into_iter().filter(|part| !part.is_empty());
                paths.insert(whole.collect::<Vec<_>>().join("::").replace("::self", ""));
            }
        }
    }
    paths
}

/// The file that a path leads to: the longest beginning of it that is one, other than the file itself and
/// the faces above it.
fn file_of<'m>(
    modules: &'m BTreeMap<String, BTreeSet<String>>,
    path: &str,
    from: &str,
) -> Option<&'m str> {
    let file = modules.keys().filter(|file| {
        !file.is_empty() && (path == **file || path.starts_with(&format!("{file}::")))
    });
    let file = file.max_by_key(|file| file.len())?;
    let is_above = from == file || from.starts_with(&format!("{file}::"));
    (!is_above).then_some(file)
}

fn upward(krate: &str, floors: &[&[&str]]) -> Vec<String> {
    let floor = |path: &str| {
        let room = path.split("::").next().unwrap_or_default();
        floors.iter().position(|rooms| rooms.contains(&room)).map(|floor| (floor, room.to_owned()))
    };
    let modules = modules(krate);
    assert!(modules.len() > 60, "{krate} has {} files only", modules.len());
    let mut upward = Vec::new();
    for (module, paths) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        let (own, room) =
            floor(module).unwrap_or_else(|| panic!("`{module}` of {krate} is on no floor"));
        for path in paths {
            match floor(path) {
                Some((other, name)) if other < own || name == room => {}
                _ if path.is_empty() => {}
                _ => upward.push(format!("{krate}: {module} imports {path}")),
            }
        }
    }
    upward
}

fn circles(krate: &str) -> Vec<String> {
    let modules = modules(krate);
    let imports = |module: &str| -> BTreeSet<&str> {
        let paths = modules.get(module).into_iter().flatten();
        paths.filter_map(|path| file_of(&modules, path, module)).collect()
    };
    let reaches_itself = |start: &&String| {
        let (mut open, mut seen) = (imports(start), BTreeSet::new());
        while let Some(next) = open.pop_first() {
            if seen.insert(next) {
                open.extend(imports(next));
            }
        }
        seen.contains(start.as_str())
    };
    modules.keys().filter(reaches_itself).map(|module| format!("{krate}: {module}")).collect()
}

#[test]
fn nothing_is_imported_from_above() {
    let found = [upward("samegoal-schema", SCHEMA), upward("samegoal-lint", LINT)].concat();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn no_files_import_each_other() {
    let found = [circles("samegoal-schema"), circles("samegoal-lint")].concat();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn imports_are_seen() {
    let code = "use crate::text::{date, short};\nuse super::rule;\nlet x = crate::csv::Record;\nmycrate::a;";
    let expected = ["check::rule", "csv::Record", "text::date", "text::short"].map(str::to_owned);
    assert_eq!(named(code, "check::value"), BTreeSet::from(expected));
}
