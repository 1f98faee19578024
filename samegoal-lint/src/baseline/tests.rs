use samegoal_schema::generic_api;

use super::*;
use crate::config::Loaded;
use crate::listing::Memory;
use crate::report::Report;
use samegoal_schema::finding::{Masker, Values};

/// An epoch with so many padded ids of guardians, and a second defect in the same file.
fn epoch(padded: usize) -> Memory {
    let mut guardians = "Student Id,Note\n1001,a\n1001,\u{1}\n".to_owned();
    for _ in 0..padded {
        guardians.push_str(" 1001,b\n");
    }
    Memory::new()
        .file("20260105-020000/students.csv", "Student Id\n1001\n")
        .file("20260105-020000/guardians.csv", guardians)
        .file("20260105-020000/COMPLETE", "")
}

fn request(toml: &str) -> Request {
    let config = Loaded::parse(&generic_api(), "samegoal-lint.toml", toml.to_owned()).unwrap();
    Request {
        paths: vec!["20260105-020000".into()],
        config: Some(config.into()),
        ..Request::default()
    }
}

fn printed(tree: &Memory, toml: &str) -> String {
    baseline(tree, &generic_api(), &request(toml)).unwrap()
}

fn linted(tree: &Memory, toml: &str) -> Report {
    run(tree, &generic_api(), &request(toml), &mut std::io::empty()).unwrap()
}

fn messages(report: &Report, rule: &str) -> Vec<String> {
    let masker = Masker::new(Values::Mask);
    let findings = report.found.findings.iter().filter(|it| it.finding.rule.name == rule);
    findings.map(|it| masker.message(&it.finding.message)).collect()
}

#[test]
fn what_is_accepted_is_not_reported_until_there_is_more_of_it() {
    let toml = printed(&epoch(14), "");
    assert!(toml.contains("column = \"Student Id\"\ncount = 14\n"), "{toml}");
    assert!(!toml.contains("Note"), "{toml}");
    let green = linted(&epoch(14), &toml);
    assert_eq!((green.found.total(), green.found.failed), (0, false));
    assert_eq!(green.found.accepted, toml.matches("[[accept]]").count() as u64 + 13);
    let fewer = linted(&epoch(3), &toml);
    assert_eq!(fewer.found.total(), 0);

    let red = linted(&epoch(15), &toml);
    assert_eq!(red.found.total(), 15);
    let said = messages(&red, "value/padded");
    assert_eq!(said.len(), 15);
    assert!(said.iter().all(|it| it.ends_with("(14 accepted, 15 found)")), "{said:?}");
}

#[test]
fn the_totals_are_exact_beyond_the_cap() {
    let toml = printed(&epoch(1), "");
    let report = linted(&epoch(100), &toml);
    assert_eq!((report.found.warnings, report.found.findings.len()), (100, 20));
    let left: Vec<_> = report.found.left_out(0).map(|it| (it.rule.name, it.count)).collect();
    assert_eq!(left, [("value/padded", 80)]);
}

#[test]
fn the_entries_are_the_whole_of_it() {
    let toml = printed(&epoch(14), "");
    assert_eq!(printed(&epoch(14), &toml), toml);
    let off =
        printed(&epoch(14), "[severity]\ncsv = 'off'\nheader = 'off'\nvalue = 'off'\nlink='off'");
    assert_eq!(off, "# There is nothing to accept.\n");
}

#[test]
fn an_entry_that_accepts_nothing_is_reported() {
    let entry = |rule, file| format!("[[accept]]\nrule = '{rule}'\nfile = '{file}'\ncount = 1\n");
    for (toml, is_stale) in [
        (entry("csv/blank-line", "guardians.csv"), true),
        (entry("csv/control-character", "guardians.csv"), false),
        (entry("csv/blank-line", "users.csv"), false),
        (entry("layout/misnamed-file", "Students.csv"), true),
        (entry("csv/blank-line", "guardians.csv") + "[severity]\ncsv = 'off'\n", false),
        ("[[accept]]\nrule = 'layout/missing-complete'\ncount = 1\n".to_owned(), true),
    ] {
        let report = linted(&epoch(0), &toml);
        let said = messages(&report, "config/stale-accept");
        assert_eq!(!said.is_empty(), is_stale, "{toml}{said:?}");
    }
    let toml = "[[accept]]\nrule = 'value/padded'\nfile = 'guardians.csv'\ncolumn = 'Student Id'\ncount = 14\n";
    let report = linted(&epoch(0), toml);
    assert_eq!(
        messages(&report, "config/stale-accept"),
        ["`value/padded` in `Student Id` of guardians.csv is accepted, but it no longer occurs"]
    );
    let place =
        report.found.findings.iter().find(|it| it.finding.rule.group() == "config").unwrap();
    assert_eq!(
        (&*place.path, place.finding.location.as_ref().unwrap().line),
        ("samegoal-lint.toml", 2)
    );
}

#[test]
fn each_delivery_counts_by_itself() {
    let toml = printed(&epoch(14), "");
    let mut tree = Memory::new();
    for name in ["up/20260105-020000", "up/20260106-020000"] {
        tree = tree
            .file(format!("{name}/students.csv"), "Student Id\n1001\n")
            .file(
                format!("{name}/guardians.csv"),
                format!("Student Id,Note\n1001,\n{}", " 1001,b\n".repeat(14)),
            )
            .file(format!("{name}/COMPLETE"), "");
    }
    let request = Request { paths: vec!["up".into()], ..request(&toml) };
    let report = run(&tree, &generic_api(), &request, &mut std::io::empty()).unwrap();
    assert_eq!(messages(&report, "value/padded"), Vec::<String>::new());
}

#[test]
fn a_severity_can_hold_for_one_column() {
    let severity = |toml: &str| {
        let report = linted(&epoch(1), toml);
        let found = report.found.findings.iter().find(|it| it.finding.rule.name == "value/padded");
        found.map(|it| it.severity.as_str())
    };
    let over = |column: &str, severity| {
        format!(
            "[[override]]\nrule = 'value'\nfile = 'guardians.csv'\n{column}severity = '{severity}'\n"
        )
    };
    let column = "column = 'Student Id'\n";
    for (toml, expected) in [
        (String::new(), Some("warning")),
        (over("", "advice"), Some("advice")),
        (over(column, "off"), None),
        (over(column, "error") + &over("", "off"), Some("error")),
        ("[severity]\nvalue = 'off'\n".to_owned() + &over(column, "error"), Some("error")),
        (over(column, "error").replace("guardians.csv", "students.csv"), Some("warning")),
    ] {
        assert_eq!(severity(&toml), expected, "{toml}");
    }
}

#[test]
fn an_error_of_the_layout_is_not_accepted() {
    let tree = Memory::new()
        .file("20260105-020000/guardians.csv", "Student Id\n1001\n 1002\n")
        .file("20260105-020000/users.txt", "Role\n");
    let toml = printed(&tree, "");
    assert!(toml.contains("# Not accepted: layout/missing-complete (delivery-ignored)"), "{toml}");
    assert!(!toml.contains("rule = \"layout/missing-complete\""), "{toml}");
    assert!(toml.contains("rule = \"value/padded\""), "{toml}");
    let red = linted(&tree, &toml);
    assert!(red.found.failed);
}

#[test]
fn an_upload_folder_is_its_newest_complete_epoch() {
    let tree = Memory::new()
        .file("up/20260105-020000/users.csv", "Role,Buildings,Deleted\n A,B,\n")
        .file("up/20260105-020000/COMPLETE", "")
        .file("up/20260106-020000/users.csv", "Role,Buildings,Deleted\n A,B,\n C,D,\n");
    let request = Request { paths: vec!["up".into()], ..request("") };
    let toml = baseline(&tree, &generic_api(), &request).unwrap();
    assert!(toml.starts_with("# Found in up/20260105-020000, the newest complete epoch in up."));
    assert!(toml.contains("count = 1\n"), "{toml}");
}
