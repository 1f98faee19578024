//! What is reported of every fixture, whatever way it is read.

use std::process::Command;

use samegoal_lint::listing::Tree;
use samegoal_lint::report::{Options, json};

use crate::case::{self, Case, each, reported, same};
use crate::cli::program;
use crate::docs::current;

#[test]
fn every_fixture_gives_what_is_written_beside_it() {
    each(&case::all(), |case| current(&case.expected, &reported(&case.run(&case.memory()))));
}

pub(crate) fn document(case: &Case, tree: &dyn Tree) -> String {
    let mut out = Vec::new();
    json::write(&case.run(tree), &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_json_report_of_every_fixture_is_valid_and_the_same_twice() {
    let validator = jsonschema::validator_for(&json::schema()).unwrap();
    each(&case::all(), |case| {
        let document = document(case, &case.memory());
        same("the report", &self::document(case, &case.memory()), &document)?;
        let value = serde_json::from_str(&document).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|it| it.to_string()).collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
    });
}

#[test]
fn every_clean_fixture_passes() {
    let mut cases = case::all();
    cases.retain(Case::is_clean);
    each(&cases, |case| {
        let found = case.run(&case.memory()).found;
        if found.errors + found.warnings > 0 {
            return Err("it is not clean".to_owned());
        }
        if case.is_described {
            return Ok(());
        }
        let ran = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"))
            .args(case.command_line())
            .current_dir(&case.dir)
            .output()
            .unwrap();
        if ran.status.code() == Some(0) && ran.stderr.is_empty() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&[ran.stdout, ran.stderr].concat()).into_owned())
        }
    });
}

/// A rule, a path, and the line and column in it.
type Gotcha<'a> = (&'a str, &'a str, Option<(u64, u64)>);

/// The vendor's list of what keeps deliveries from being processed, and where the fixture shows it.
const GOTCHAS: [Gotcha<'_>; 6] = [
    ("layout/misnamed-file", "gotchas/20260105-020000/Guardians.csv", None),
    ("header/missing-column", "gotchas/20260105-020000/students.csv", Some((1, 1))),
    ("header/misnamed-column", "gotchas/20260106-020000/students.csv", Some((1, 45))),
    ("layout/no-epoch", "gotchas/users.csv", None),
    ("layout/missing-complete", "gotchas/20260106-020000", None),
    ("csv/unclosed-quote", "gotchas/20260106-020000/guardians.csv", Some((3, 19))),
];

#[test]
fn each_common_gotcha_is_named_once_at_its_place() {
    let ran = program("epochs")
        .args(["gotchas", "--format", "json", "--values", "show"])
        .output()
        .unwrap();
    assert_eq!((ran.status.code(), ran.stderr.as_slice()), (Some(1), &b""[..]));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let mut found: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            assert!(finding["help"].as_str().is_some(), "{finding}");
            let place = finding["line"].as_u64().zip(finding["column"].as_u64());
            (finding["rule"].as_str().unwrap(), finding["path"].as_str().unwrap(), place)
        })
        .collect();
    let mut gotchas = GOTCHAS;
    gotchas.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, gotchas);
}
