//! A delivery beside the one before it, on the command line.

use std::fs;

use crate::config::{district, err, lint, out};

const HEADER: &str = "Student Id,Last Name\n";

#[test]
fn guardians_cut_to_the_header_are_reported_in_plain_words() {
    let directory = district(&[
        ("20260104-020000/students.csv", "Student Id\n1001\n1002\n"),
        ("20260104-020000/guardians.csv", "Student Id,Last Name\n1001,Okafor\n1002,Nguyen\n"),
        ("20260104-020000/COMPLETE", ""),
    ]);
    fs::write(directory.path().join("20260105-020000/guardians.csv"), HEADER).unwrap();
    for previous in ["20260104-020000", "."] {
        let output = lint(
            directory.path(),
            &["20260105-020000", "--previous", previous, "--format", "plain"],
        );
        let text = out(&output);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            text.contains(
                "guardians.csv: error[csv/no-records] guardians.csv has a header but no records; \
                 the previous epoch had guardians of 2 students: SameGoal would delete the \
                 guardians it has\n"
            ),
            "{text}"
        );
        let named = if previous == "." { "./20260104-020000" } else { previous };
        assert!(text.contains(&format!("Compared with {named}.")), "{text}");
    }
    let output = lint(
        directory.path(),
        &["20260105-020000", "--previous", "20260104-020000", "--format", "json"],
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["targets"][0]["previous"], "20260104-020000");
}

#[test]
fn without_a_previous_epoch_that_can_be_used_the_run_goes_on() {
    let directory = district(&[
        ("incomplete/students.csv", "Student Id\n1001\n"),
        ("archive/20260104-020000/students.csv", "Student Id\n1001\n"),
    ]);
    for (previous, why) in [
        ("incomplete", "`incomplete` has no COMPLETE file, so SameGoal did not process it"),
        ("archive", "`archive` has no complete epoch before it"),
    ] {
        let output = lint(
            directory.path(),
            &["20260105-020000", "--previous", previous, "--format", "plain"],
        );
        let text = out(&output);
        assert_eq!(output.status.code(), Some(0), "{text}");
        assert!(text.contains(&format!("drift of 20260105-020000 ({why})")), "{text}");
    }
    for previous in ["20260105-020000", "./20260105-020000/"] {
        let output = lint(directory.path(), &["20260105-020000", "--previous", previous]);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains("is the PATH itself"), "{}", err(&output));
    }
    let output = lint(directory.path(), &["20260105-020000", "--previous", "archiv"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "error: there is no `archiv`; did you mean `archive`?\n");
}
