//! Every dependency has a stated reason, and `docs/dependencies.md` shows what each one brings.

use std::collections::BTreeSet;
use std::fs;

use toml::Table;

use crate::docs::root;

/// What is written of a direct dependency in the workspace's manifest.
struct Reason {
    name: String,
    purpose: String,
    why: String,
}

fn manifest(directory: &str) -> Table {
    fs::read_to_string(root().join(directory).join("Cargo.toml")).unwrap().parse().unwrap()
}

fn reasons() -> Vec<Reason> {
    let manifest = manifest("");
    let reasons = manifest["workspace"]["metadata"]["dependencies"].as_table().unwrap();
    reasons
        .iter()
        .map(|(name, reason)| {
            let text = |key| reason[key].as_str().unwrap().to_owned();
            Reason { name: name.clone(), purpose: text("for"), why: text("why") }
        })
        .collect()
}

#[test]
fn every_direct_dependency_has_a_reason() {
    let workspace = manifest("");
    let named: Vec<_> = workspace["workspace"]["dependencies"]
        .as_table()
        .unwrap()
        .iter()
        .filter(|(_, it)| it.get("path").is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    let reasons = reasons();
    let with_reason: Vec<_> = reasons.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(named, with_reason, "Cargo.toml: [workspace.metadata.dependencies] must list these");
    assert!(named.is_sorted(), "{named:?}");
}

/// So that the workspace's list is complete, and without names that no crate uses.
#[test]
fn both_crates_take_their_dependencies_from_the_workspace() {
    let mut used = BTreeSet::new();
    for directory in ["samegoal-schema", "samegoal-lint"] {
        let manifest = manifest(directory);
        let targets = manifest.get("target").and_then(|it| it.as_table()).into_iter().flatten();
        for table in targets.map(|(_, it)| it.as_table().unwrap()).chain([&manifest]) {
            for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let listed = table.get(kind).and_then(|it| it.as_table()).into_iter().flatten();
                for (name, dependency) in listed {
                    let is_inherited = dependency.get("workspace").is_some();
                    assert!(is_inherited, "{directory}: {name} must have `workspace = true`");
                    used.insert(name.clone());
                }
            }
        }
    }
    used.remove("samegoal-schema");
    assert_eq!(used, reasons().into_iter().map(|it| it.name).collect());
}

/// What comes with the dependencies differs between systems. The page is about one.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod page {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fmt::Write;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use samegoal_schema::thousands;
    use serde_json::Value;

    use super::{Reason, reasons};
    use crate::docs::{assert_current, root};

    /// Name and version.
    type Crate = (String, String);
    /// Crates, with the direct dependencies that bring them.
    type Crates = BTreeMap<Crate, BTreeSet<String>>;

    /// What cargo prints. The crates that it needs were downloaded to compile this test.
    fn cargo(arguments: &str) -> String {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments.split(' ')).args(["--locked", "--offline"]).current_dir(root());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The crates of others that the program reaches by edges of these kinds.
    fn reached(edges: &str) -> Crates {
        let tree = "tree -p samegoal-lint --target x86_64-unknown-linux-gnu --no-dedupe --prefix depth \
                    --format {p} --edges";
        let mut crates = Crates::new();
        let mut direct = (usize::MAX, String::new());
        for line in cargo(&format!("{tree} {edges}")).lines() {
            let (depth, line) = line.split_at(line.find(|c: char| !c.is_ascii_digit()).unwrap());
            let depth = depth.parse().unwrap();
            let mut words = line.split(' ');
            let (name, version) = (words.next().unwrap(), &words.next().unwrap()[1..]);
            if name.starts_with("samegoal-") {
                direct.0 = usize::MAX;
                continue;
            }
            if depth <= direct.0 {
                direct = (depth, name.to_owned());
            }
            let brought = crates.entry((name.to_owned(), version.to_owned())).or_default();
            brought.insert(direct.1.clone());
        }
        crates
    }

    /// How much code a crate has, and how much of it the compiler does not check.
    #[derive(Default)]
    struct Source {
        lines: u64,
        with_unsafe: u64,
    }

    impl Source {
        fn read(directory: &Path) -> Self {
            let mut source = Self::default();
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    let Self { lines, with_unsafe } = Self::read(&path);
                    source.lines += lines;
                    source.with_unsafe += with_unsafe;
                } else if path.extension().is_some_and(|it| it == "rs") {
                    let text = fs::read_to_string(path).unwrap();
                    for line in text.lines() {
                        source.lines += 1;
                        source.with_unsafe += u64::from(has_unsafe(line));
                    }
                }
            }
            source
        }
    }

    /// Whether the keyword stands in a line, outside its comment. `unsafe_code` is a word of its own.
    fn has_unsafe(line: &str) -> bool {
        let code = line.split("//").next().unwrap_or_default();
        code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "unsafe")
    }

    /// The directory with the source of every crate.
    fn directories() -> BTreeMap<Crate, PathBuf> {
        let target = "metadata --format-version 1 --filter-platform x86_64-unknown-linux-gnu";
        let metadata: Value = serde_json::from_str(&cargo(target)).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let packages = metadata["packages"].as_array().unwrap().iter();
        let source = |package: &Value| {
            let targets = package["targets"].as_array().unwrap();
            let kinds = ["lib", "rlib", "proc-macro"];
            let is_library = |it: &&Value| kinds.iter().any(|kind| it["kind"][0] == *kind);
            let file = targets.iter().find(is_library)?["src_path"].as_str()?;
            Some(Path::new(file).parent()?.to_owned())
        };
        packages
            .filter_map(|it| Some(((text(&it["name"]), text(&it["version"])), source(it)?)))
            .collect()
    }

    /// The rows of the direct dependencies among these crates.
    fn rows(crates: &Crates, end: impl Fn(&Crate) -> String) -> String {
        let mut rows = String::new();
        for Reason { name, purpose, why } in reasons() {
            for it in crates.keys().filter(|it| it.0 == name && crates[*it].contains(&name)) {
                writeln!(rows, "| `{name}` | {} | {purpose} | {why} |{}", it.1, end(it)).unwrap();
            }
        }
        rows
    }

    #[test]
    fn it_shows_what_comes_with_the_program() {
        let linked = reached("normal,no-proc-macro");
        let mut compiling = reached("normal,build");
        compiling.retain(|it, _| !linked.contains_key(it));
        let mut testing = reached("normal,build,dev");
        testing.retain(|it, _| !linked.contains_key(it) && !compiling.contains_key(it));

        let directories = directories();
        let sources: BTreeMap<_, _> =
            linked.keys().map(|it| (it, Source::read(&directories[it]))).collect();
        let size = |it: &Crate| {
            let Source { lines, with_unsafe } = sources[it];
            format!(" {} | {} |", thousands(lines), thousands(with_unsafe))
        };
        let lines = thousands(sources.values().map(|it| it.lines).sum());
        let with_unsafe = thousands(sources.values().map(|it| it.with_unsafe).sum());

        let direct = rows(&linked, size);
        let testing_direct = rows(&testing, |_| String::new());
        let mut indirect = String::new();
        for (it, brought) in &linked {
            if !direct.contains(&format!("| `{}` | {} |", it.0, it.1)) {
                let brought = brought.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                writeln!(indirect, "| `{}` | {} | {brought} |{}", it.0, it.1, size(it)).unwrap();
            }
        }
        let compiling_names: Vec<_> =
            compiling.keys().map(|(name, _)| format!("`{name}`")).collect();
        let page = format!(
            "# Dependencies

<!-- `SAMEGOAL_LINT_UPDATE=1 cargo test -p samegoal-lint --test it` writes this page. -->

The program for Linux contains {} crates of others: {lines} lines of Rust, {with_unsafe} of them with the
keyword `unsafe`. {} more crates run only while it is compiled, and {} more only in tests and benchmarks.
`Cargo.lock` has the version and the digest of each. Windows and macOS need a few others instead.

Lines include comments, and code for other systems and features. The crates of this repository contain no
`unsafe` code.

## Named by the program

| crate | version | what for | why this one | lines | `unsafe` |
|---|---|---|---|--:|--:|
{direct}
## Brought by these

| crate | version | by | lines | `unsafe` |
|---|---|---|--:|--:|
{indirect}
## Only while compiling

{}.

## Named by tests and benchmarks

| crate | version | what for | why this one |
|---|---|---|---|
{testing_direct}
They bring {} more.
",
            linked.len(),
            compiling.len(),
            testing.len(),
            compiling_names.join(", "),
            testing.len() - testing_direct.lines().count(),
        );
        assert_current(&root().join("docs/dependencies.md"), &page);
    }
}
