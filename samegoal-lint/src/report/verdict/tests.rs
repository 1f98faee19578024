use samegoal_schema::{Content, Finding, Message};

use super::*;
use crate::report::NotChecked;
use crate::report::sample::*;

fn lines(report: &Report, values: Values) -> Vec<String> {
    super::lines(report, &Options { values, ..Options::default() })
}

fn verdict(findings: Vec<(&str, Finding)>) -> Vec<String> {
    lines(&with_findings(findings), Values::Show)
}

#[test]
fn a_clean_run_is_two_lines() {
    let mut report = with_findings(Vec::new());
    let elapsed = Some(Duration::from_millis(12));
    assert_eq!(
        super::lines(&report, &Options { elapsed, ..Options::default() }),
        [
            "Nothing was found that would keep SameGoal from loading this delivery: 2 files, \
             1,204 records (12 ms).",
            "Everything that can be checked was checked.",
        ]
    );
    report.not_checked = ["a", "b", "c", "d", "e"].map(NotChecked::columns).into();
    report.not_checked.push(NotChecked {
        path: "a\n::x".into(),
        what: "records".into(),
        why: "it is a workbook".into(),
        remedy: "".into(),
    });
    let [_, not_checked] = &lines(&report, Values::Mask)[..] else { panic!() };
    assert_eq!(
        not_checked,
        "Not checked: columns of a, b, c, 2 more (the column list is not published; \
         `samegoal-lint learn` takes it from an epoch that SameGoal has processed); records of \
         a\\n:\\u{3a}x (it is a workbook)."
    );
}

#[test]
fn what_the_run_went_by_is_named() {
    let mut report = with_findings(Vec::new());
    report.config = Some("district/samegoal-lint.toml".to_owned());
    report.found.accepted = 14;
    assert_eq!(
        super::lines(&report, &Options::default()),
        [
            "Nothing was found in this delivery but what the configuration accepts: 2 files, \
             1,204 records.",
            "Everything that can be checked was checked. Configuration: \
             district/samegoal-lint.toml. 14 findings are accepted.",
        ]
    );
}

#[test]
fn a_single_file_is_no_delivery() {
    let mut report = with_findings(Vec::new());
    report.targets[0].kind = Kind::File;
    assert!(lines(&report, Values::Mask)[0].contains("from loading this file: "));
}

#[test]
fn the_weightiest_error_gives_the_verdict() {
    let lost = || ("epoch/students.csv", FIELD_COUNT.finding().message("too short.").at(at(3, 1)));
    let ignored = || ("epoch/students.csv", misnamed());
    let complete = || ("epoch", MISSING_COMPLETE.finding().message("there is no COMPLETE file"));
    let blank = || ("epoch/guardians.csv", BLANK_LINE.finding().message("blank").at(at(2, 1)));
    let advice = || ("epoch", NO_GUARDIANS.finding().message("12 students have none"));
    for (findings, first, second) in [
        (
            vec![lost(), ignored(), complete(), blank()],
            "SameGoal would ignore this delivery: there is no COMPLETE file.",
            "3 errors, 1 warning in 2 files, 1,204 records. Mend epoch/students.csv:1:33 first: \
             `samegoal-lint explain header/misnamed-column` tells how.",
        ),
        (
            vec![lost(), ignored()],
            "SameGoal would leave out epoch/students.csv: the required column `Date of Birth` \
             is missing, and `DOB` looks like it.",
            "2 errors in 2 files, 1,204 records. Mend epoch/students.csv:1:33 first: \
             `samegoal-lint explain header/misnamed-column` tells how.",
        ),
        (
            vec![blank(), lost(), advice()],
            "Some records would be lost: too short.",
            "1 error, 1 warning, 1 piece of advice in 2 files, 1,204 records. Mend \
             epoch/students.csv:3:1 first: `samegoal-lint explain csv/field-count` tells how.",
        ),
        (
            vec![blank()],
            "Nothing would be lost, but this is seldom meant: blank.",
            "1 warning in 2 files, 1,204 records. Mend epoch/guardians.csv:2:1 first: \
             `samegoal-lint explain csv/blank-line` tells how.",
        ),
        (
            vec![blank(), advice()],
            "This is seldom meant: blank.",
            "1 warning, 1 piece of advice in 2 files, 1,204 records. Mend \
             epoch/guardians.csv:2:1 first: `samegoal-lint explain csv/blank-line` tells how.",
        ),
        (
            vec![advice()],
            "Nothing was found that would keep SameGoal from loading this delivery, but there \
             is advice: 12 students have none.",
            "1 piece of advice in 2 files, 1,204 records. Mend epoch first: `samegoal-lint \
             explain link/no-guardians` tells how.",
        ),
    ] {
        let told = verdict(findings);
        assert_eq!(told[..2], [first, second]);
        assert_eq!(told.len(), 3);
    }
}

#[test]
fn a_lowered_severity_lowers_the_voice() {
    let mut report = with_findings(vec![("epoch", MISSING_COMPLETE.finding().message("none"))]);
    report.found.rules[0].severity = Severity::Warning;
    report.found.findings[0].severity = Severity::Warning;
    assert_eq!(lines(&report, Values::Show)[0], "SameGoal may ignore this delivery: none.");
}

#[test]
fn a_finding_that_was_not_kept_still_gives_the_verdict() {
    let vanished = |exceptional| VANISHED.finding().variant(exceptional).message("gone");
    let report = capped(vec![("epoch", vanished(true)), ("epoch", vanished(false))], 1);
    let told = lines(&report, Values::Show);
    assert_eq!(told[0], "Data that SameGoal already has may be deleted or overwritten.");
    assert_eq!(
        left_out(&report, 0).collect::<Vec<_>>(),
        ["… and 1 more drift/vanished-students in epoch"]
    );
}

#[test]
fn masked_values_are_said_to_be_masked() {
    let message = Message::from("no such date: ").cell(private("13/31/2012", Content::Date));
    let report = with_findings(vec![("epoch", FIELD_COUNT.finding().message(message))]);
    let masked = lines(&report, Values::Mask);
    assert_eq!(masked[0], "Some records would be lost: no such date: 99/99/9999.");
    assert_eq!(masked[3], "Values are masked; `--values show` shows them.");
    let shown = lines(&report, Values::Show);
    assert_eq!(shown[0], "Some records would be lost: no such date: 13/31/2012.");
    assert_eq!(shown.len(), 3);
}

#[test]
fn a_second_is_told_in_seconds() {
    for (elapsed, expected) in [(0, "(1 ms)"), (999, "(999 ms)"), (1234, "(1.2 s)")] {
        let elapsed = Some(Duration::from_millis(elapsed));
        assert_eq!(checked(&Report::default(), elapsed), format!("0 files, 0 records {expected}"));
    }
}

#[test]
fn what_was_read_is_told_on_request() {
    let mut report = with_findings(Vec::new());
    report.targets[0].files[0].records = None;
    let told =
        |verbose| read(&report, &Options { verbose, ..Options::default() }).collect::<Vec<_>>();
    assert_eq!(
        told(true),
        [
            "Read epoch/guardians.csv as guardians.csv: 2,170 bytes, records not told apart.",
            "Read epoch/students.csv as students.csv: 2,170 bytes, 1,200 records.",
        ]
    );
    assert_eq!(told(false), Vec::<String>::new());
}

#[test]
fn masked_is_the_default() {
    assert_eq!(Options::default().values, Values::Mask);
}
