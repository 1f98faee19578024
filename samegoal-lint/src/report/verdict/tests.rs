use samegoal_schema::{Content, Finding, Location, Message};

use super::*;
use crate::policy::{Policy, Selector, parse_override};
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
         `samegoal-lint learn` infers it from an epoch that SameGoal processed); records of \
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
            "Nothing was found in this delivery except what the configuration accepts: 2 files, \
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
            "3 errors, 1 warning in 2 files, 1,204 records. Fix the header of epoch/students.csv \
             first, then add COMPLETE: `samegoal-lint explain header/misnamed-column` shows how.",
        ),
        (
            vec![lost(), ignored()],
            "SameGoal would ignore epoch/students.csv (1,200 records): the required column \
             `Date of Birth` is missing, and `DOB` looks like it.",
            "2 errors in 2 files, 1,204 records. Fix the header of epoch/students.csv first: \
             `samegoal-lint explain header/misnamed-column` shows how.",
        ),
        (
            vec![blank(), lost(), advice()],
            "1 of 1,200 student records would not be loaded: too short.",
            "1 error, 1 warning, 1 piece of advice in 2 files, 1,204 records. Fix line 3 of \
             epoch/students.csv first: `samegoal-lint explain csv/field-count` shows how.",
        ),
        (
            vec![blank()],
            "Nothing would be lost, but something in this delivery looks wrong: blank.",
            "1 warning in 2 files, 1,204 records. Fix line 2 of epoch/guardians.csv first: \
             `samegoal-lint explain csv/blank-line` shows how.",
        ),
        (
            vec![blank(), advice()],
            "Something in this delivery looks wrong: blank.",
            "1 warning, 1 piece of advice in 2 files, 1,204 records. Fix line 2 of \
             epoch/guardians.csv first: `samegoal-lint explain csv/blank-line` shows how.",
        ),
        (
            vec![advice()],
            "Nothing was found that would keep SameGoal from loading this delivery, but there \
             is advice: 12 students have none.",
            "1 piece of advice in 2 files, 1,204 records. Fix epoch first: `samegoal-lint \
             explain link/no-guardians` shows how.",
        ),
    ] {
        let said = verdict(findings);
        assert_eq!(said[..2], [first, second]);
        assert_eq!(said.len(), 3);
    }
}

#[test]
fn a_lowered_severity_lowers_the_voice() {
    let mut policy = Policy::default();
    policy.overrides.push(parse_override("layout/missing-complete=warning").unwrap());
    let finding = MISSING_COMPLETE.finding().message("none");
    let report = weighed(vec![("epoch", finding)], policy);
    let said = lines(&report, Values::Show);
    assert_eq!(said[0], "SameGoal may ignore this delivery: none.");
    assert_eq!(
        said[2],
        "Everything that can be checked was checked. Severity of layout/missing-complete lowered \
         on the command line (1 finding)."
    );
}

#[test]
fn a_finding_that_was_not_kept_still_gives_the_verdict() {
    let vanished = |exceptional| VANISHED.finding().variant(exceptional).message("gone");
    let report = capped(vec![("epoch", vanished(true)), ("epoch", vanished(false))], 1);
    let said = lines(&report, Values::Show);
    assert_eq!(
        said[0],
        "This delivery would put data that SameGoal already has at risk of being deleted or \
         overwritten."
    );
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
    assert_eq!(masked[0], "Some records would not be loaded: no such date: ‹99/99/9999›.");
    assert_eq!(masked[3], "Values are masked; `--values show` shows them.");
    let shown = lines(&report, Values::Show);
    assert_eq!(shown[0], "Some records would not be loaded: no such date: 13/31/2012.");
    assert_eq!(shown.len(), 3);
}

#[test]
fn the_extent_is_reported_as_far_as_it_is_known() {
    let record = |line: u64, count| {
        let place = Location { record: Some(line - 1), ..at(line, 1) };
        ("epoch/guardians.csv", FIELD_COUNT.finding().message("x").at(place).count(count))
    };
    for (findings, cap, expected) in [
        (vec![record(2, 1)], 0, "1 of 4 guardian records would"),
        // Two defects of one record lose one record.
        (vec![record(2, 1), record(2, 1), record(3, 1)], 0, "2 of 4 guardian records would"),
        (vec![record(2, 4)], 0, "4 of 4 guardian records would"),
        (vec![record(2, 2), record(3, 1)], 0, "Up to 3 of 4 guardian records would"),
        (vec![record(2, 1), record(3, 1), record(3, 1)], 2, "Up to 3 of 4 guardian records would"),
        (vec![record(2, 900)], 0, "4 of 4 guardian records would"),
    ] {
        let said = lines(&capped(findings, cap), Values::Mask);
        assert!(said[0].starts_with(expected), "{}", said[0]);
    }
    let both = vec![record(2, 1), ("epoch/students.csv", FIELD_COUNT.finding().at(at(3, 1)))];
    assert_eq!(
        verdict(both)[0],
        "1 of 4 guardian records and 1 of 1,200 student records would not be loaded."
    );
}

#[test]
fn records_of_other_files_are_counted_as_theirs() {
    let folded = |folder: &str| {
        let place = Location { record: Some(36), ..at(37, 1) };
        let mut finding = FIELD_COUNT.finding().message("cut off").at(place).count(4);
        finding.elsewhere.push(("guardians.csv".into(), 3));
        lines(&with_findings(vec![(&format!("{folder}/students.csv"), finding)]), Values::Mask)
    };
    let said = folded("epoch");
    assert_eq!(
        said[0],
        "3 of 4 guardian records and 1 of 1,200 student records would not be loaded: cut off."
    );
    assert!(said[1].contains("4 errors in") && said[1].contains("Fix line 37 of"), "{}", said[1]);
    assert_eq!(folded("other")[0], "Some records would not be loaded: cut off.");
}

#[test]
fn a_file_that_is_wrong_as_a_whole_loses_all_its_records() {
    let alone = ("epoch/guardians.csv", FIELD_COUNT.finding().message("no students.csv"));
    assert_eq!(
        verdict(vec![alone])[0],
        "4 of 4 guardian records would not be loaded: no students.csv."
    );
}

#[test]
fn what_is_off_is_said_and_nothing_is_claimed_for_it() {
    let off = |name: &str| {
        let ignore = vec![Selector::parse(name).unwrap()];
        lines(&weighed(Vec::new(), Policy { ignore, ..Policy::default() }), Values::Mask)
    };
    assert_eq!(
        off("value/impossible-date"),
        [
            "The rules that are on found nothing that would keep SameGoal from loading this \
             delivery: 2 files, 1,204 records.",
            "Not checked: rule value/impossible-date (turned off on the command line).",
        ]
    );
    let said = off("value/padded");
    assert!(said[0].starts_with("Nothing was found that would keep"), "{said:?}");
    assert_eq!(said[1], "Not checked: rule value/padded (turned off on the command line).");
    let said = off("link");
    assert_eq!(said[1], "Not checked: rules link (turned off on the command line).");
}

#[test]
fn nothing_is_harmless_in_a_run_that_fails() {
    let blank = || vec![("epoch/students.csv", BLANK_LINE.finding().at(at(2, 1)))];
    let said = |fail_on| weighed(blank(), Policy { fail_on, ..Policy::default() });
    let first = |report: &Report| lines(report, Values::Mask).swap_remove(0);
    assert!(first(&said(Some(Severity::Error))).starts_with("Nothing would be lost"));
    assert!(first(&said(Some(Severity::Warning))).starts_with("Something in this delivery"));
}

#[test]
fn what_is_lowered_to_advice_is_lost_all_the_same() {
    let mut policy = Policy::default();
    policy.overrides.push(parse_override("csv/field-count=advice").unwrap());
    let finding = FIELD_COUNT.finding().message("x").at(at(2, 1));
    let said = lines(&weighed(vec![("epoch/students.csv", finding)], policy), Values::Mask);
    assert_eq!(said[0], "1 of 1,200 student records may not be loaded: x.");
}

#[test]
fn a_milder_error_does_not_hide_data_at_risk() {
    let vanished = VANISHED.finding().variant(true).message("gone");
    let mut report = with_findings(vec![
        ("epoch/students.csv", FIELD_COUNT.finding().at(at(2, 1))),
        ("epoch/students.csv", vanished),
    ]);
    // The exception of the sample is only suspicious.
    assert!(!lines(&report, Values::Mask)[0].contains("at risk"));
    let mut policy = Policy::default();
    policy.overrides.push(parse_override("drift/vanished-students=warning").unwrap());
    report = weighed(
        vec![
            ("epoch/students.csv", FIELD_COUNT.finding().at(at(2, 1))),
            ("epoch/students.csv", VANISHED.finding()),
        ],
        policy,
    );
    assert_eq!(
        lines(&report, Values::Mask)[0],
        "1 of 1,200 student records would not be loaded. Data that SameGoal already has may also \
         be at risk."
    );
}

#[test]
fn of_several_deliveries_the_worst_is_named() {
    let mut report = with_findings(vec![
        ("up/a/students.csv", FIELD_COUNT.finding().message("x").at(at(2, 1))),
        ("up/b", MISSING_COMPLETE.finding().message("there is none")),
    ]);
    report.targets = ["up/a", "up/b", "up/c"].map(epoch).into();
    let said = lines(&report, Values::Mask);
    assert_eq!(said[0], "SameGoal would ignore up/b: there is none.");
    assert_eq!(
        said[1],
        "2 errors in 2 of 3 deliveries, 6 files, 3,612 records. Fix line 2 of up/a/students.csv \
         first: `samegoal-lint explain csv/field-count` shows how."
    );
    report = Report { targets: report.targets, ..Report::default() };
    let said = lines(&report, Values::Mask);
    assert!(said[0].ends_with("from loading these deliveries: 6 files, 3,612 records."));
}

#[test]
fn what_stage_would_fix_is_counted() {
    let blank = |fix| {
        let finding = BLANK_LINE.finding().message("blank").at(at(2, 1));
        ("epoch/students.csv", if fix { finding.fix("remove-blank-line") } else { finding })
    };
    let said = verdict(vec![blank(true), blank(true), blank(false)]);
    assert!(said[1].starts_with("3 warnings in 2 files, 1,204 records; 2 are fixed by `stage`. "));
    let many = capped((0..30).map(|_| blank(true)).collect(), 5);
    assert!(lines(&many, Values::Mask)[1].contains("; 30 are fixed by `stage`. "));
    let said = verdict(vec![blank(true)]);
    assert!(said[1].contains("; 1 is fixed by `stage`. Fix line 2 of"), "{}", said[1]);
}

#[test]
fn a_second_is_shown_in_seconds() {
    for (elapsed, expected) in [(0, "(1 ms)"), (999, "(999 ms)"), (1234, "(1.2 s)")] {
        let elapsed = Some(Duration::from_millis(elapsed));
        assert_eq!(checked(&Report::default(), elapsed), format!("0 files, 0 records {expected}"));
    }
}

#[test]
fn what_was_read_is_listed_on_request() {
    let mut report = with_findings(Vec::new());
    report.targets[0].files[0].records = None;
    let said =
        |verbose| read(&report, &Options { verbose, ..Options::default() }).collect::<Vec<_>>();
    assert_eq!(
        said(true),
        [
            "Read epoch/guardians.csv as guardians.csv: 2,170 bytes, records not separated.",
            "Read epoch/students.csv as students.csv: 2,170 bytes, 1,200 records.",
        ]
    );
    assert_eq!(said(false), Vec::<String>::new());
}

#[test]
fn masked_is_the_default() {
    assert_eq!(Options::default().values, Values::Mask);
}
