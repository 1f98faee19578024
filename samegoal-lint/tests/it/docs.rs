//! Pages that are made from the program, and what the project says about itself.

use std::fs;
use std::path::{Path, PathBuf};

use samegoal_lint::explain::{api, rules_markdown};
use samegoal_lint::report::json;
use samegoal_schema::generic_api;

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether generated files are to be written rather than compared.
pub(crate) fn is_update() -> bool {
    std::env::var_os("SAMEGOAL_LINT_UPDATE").is_some()
}

/// Compares a generated file with what it should be, or writes it.
pub(crate) fn assert_current(path: &Path, expected: &str) {
    if is_update() {
        fs::write(path, expected).unwrap();
        return;
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is stale: SAMEGOAL_LINT_UPDATE=1 cargo test --workspace writes it anew",
        path.display()
    );
}

#[test]
fn generated_pages_are_current() {
    let docs = root().join("docs");
    let pages = [
        ("rules.md", rules_markdown()),
        ("generic-api.md", api::print(&generic_api(), None, api::Format::Markdown).unwrap()),
        ("report.schema.json", format!("{:#}\n", json::schema())),
    ];
    for (name, expected) in pages {
        assert_current(&docs.join(name), &expected);
    }
}

#[test]
fn every_direct_dependency_is_accounted_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let reasons = fs::read_to_string(root().join("deny.toml")).unwrap();
    let dependencies = manifest
        .lines()
        .skip_while(|line| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| *name != "samegoal-schema");
    let mut count = 0;
    for name in dependencies {
        count += 1;
        let is_named = reasons.lines().any(|line| line.starts_with(&format!("#   {name} ")));
        assert!(is_named, "deny.toml does not say what {name} is there for");
    }
    assert!(count > 10);
}
