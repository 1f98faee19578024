//! Generated pages are current, and every promise has a test.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use samegoal_lint::explain::{api, rules_markdown};
use samegoal_lint::report::json;
use samegoal_schema::generic_api;

use crate::case::{is_update, same};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares a generated file with what it must be, or rewrites it and reports that it did.
pub(crate) fn current(path: &Path, expected: &str) -> Result<(), String> {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == expected {
        return Ok(());
    }
    if is_update() {
        fs::write(path, expected).unwrap();
        // The test runner would swallow what `eprintln!` prints.
        let mut stderr = io::stderr();
        writeln!(stderr, "rewrote {}", path.display()).unwrap();
        return Ok(());
    }
    same("the file", &found, expected)
}

/// Fails if a generated file is stale.
pub(crate) fn assert_current(path: &Path, expected: &str) {
    if let Err(difference) = current(path, expected) {
        panic!("{} is stale, run SAMEGOAL_LINT_UPDATE=1: {difference}", path.display());
    }
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
fn every_promise_names_a_test_that_exists() {
    let page = fs::read_to_string(root().join("docs/privacy.md")).unwrap();
    let named = page.split('`').skip(1).step_by(2).filter_map(|name| name.split_once("::"));
    let mut count = 0;
    for (file, test) in named {
        let file = root().join(format!("samegoal-lint/tests/it/{file}.rs"));
        let tests = fs::read_to_string(&file).unwrap();
        assert!(
            tests.contains(&format!("#[test]\nfn {test}()")),
            "{} has no {test}",
            file.display()
        );
        count += 1;
    }
    assert!(count > 5, "{count}");
}
