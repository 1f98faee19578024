use std::fmt::Write as _;

use samegoal_schema::{Consequence, generic_api};

use crate::config::Loaded;
use crate::listing::Memory;
use crate::report::Report;
use crate::run::{Request, RunError, run};
use samegoal_schema::finding::{Masker, Values};

mod damage;
mod days;
mod district;

const STUDENTS: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,\
    Building Reporting Id,SIS Internal ID\n";

fn students(ids: impl IntoIterator<Item = u32>) -> String {
    let mut text = STUDENTS.to_owned();
    for id in ids {
        let (month, day) = (id % 12 + 1, id / 12 % 28 + 1);
        let born = format!("2012-{month:02}-{day:02}");
        let _ = writeln!(text, "S{id},Okafor,,Ada,{born},F,ENROLLED,7,,,,,,,,,,Lincoln,LI,");
    }
    text
}

fn guardians(ids: impl IntoIterator<Item = u32>) -> String {
    let mut text = "Student Id,Last Name,Phone\n".to_owned();
    for id in ids {
        let _ = writeln!(text, "S{id},Nguyen,555-0100\nS{id},Okafor,555-0101");
    }
    text
}

fn with_epoch(tree: Memory, path: &str, files: &[(&str, String)]) -> Memory {
    let tree = tree.file(format!("{path}/COMPLETE"), "");
    files.iter().fold(tree, |tree, (name, text)| tree.file(format!("{path}/{name}"), text))
}

const BEFORE: &str = "20260104-020000";
const NOW: &str = "20260105-020000";

fn before() -> Vec<(&'static str, String)> {
    vec![("students.csv", students(1..101)), ("guardians.csv", guardians(1..101))]
}

fn request(path: &str, previous: &str) -> Request {
    Request { paths: vec![path.into()], previous: Some(previous.into()), ..Request::default() }
}

fn run_in(tree: &Memory, request: &Request) -> Report {
    run(tree, &generic_api(), request, &mut std::io::empty()).unwrap()
}

/// The findings of an epoch beside [`before`], but for those about its layout.
fn compared(now: &[(&str, String)]) -> Vec<(String, String)> {
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &before()), NOW, now);
    findings(&run_in(&tree, &request(NOW, BEFORE)))
}

fn findings(report: &Report) -> Vec<(String, String)> {
    let masker = Masker::new(Values::Mask);
    let findings = report.found.findings.iter();
    findings
        .map(|it| {
            let (rule, path) = (it.finding.rule.name, &it.path);
            (format!("{path}: {}[{rule}]", it.severity), masker.message(&it.finding.message))
        })
        .collect()
}

fn names(findings: &[(String, String)]) -> Vec<&str> {
    findings.iter().map(|(name, _)| &**name).collect()
}

#[test]
fn a_delivery_like_the_one_before_is_clean() {
    let now = [("students.csv", students(4..104)), ("guardians.csv", guardians(4..104))];
    assert_eq!(compared(&now), []);
}

/// What is in the rest of a file that is cut off is unknown: no one is gone because of that, and it is
/// said that it was not compared.
#[test]
fn a_file_that_is_cut_off_is_not_compared_as_a_whole() {
    // It ends within an id.
    let start = |text: &str, part: usize| {
        let lines: Vec<_> = text.lines().take(text.lines().count() / part).collect();
        format!("{}\nS1", lines.join("\n"))
    };
    let cut = |name: &str, part| -> Vec<_> {
        let cut =
            |(it, text): (_, String)| (it, if it == name { start(&text, part) } else { text });
        before().into_iter().map(cut).collect()
    };
    for name in ["students.csv", "guardians.csv"] {
        for (was, is, why) in [
            (before(), cut(name, 2), "it is incomplete, so"),
            (cut(name, 2), before(), "the previous epoch's file is incomplete, so"),
            (cut(name, 2), cut(name, 3), "it is incomplete, so"),
        ] {
            let case = format!("{name}: {why}");
            let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &was), NOW, &is);
            let report = run_in(&tree, &request(NOW, BEFORE));
            let found = findings(&report);
            assert!(!found.iter().any(|(it, _)| it.contains("drift/")), "{case}: {found:?}");
            let said = report.not_checked.iter().filter(|it| {
                it.what == "drift" && it.path == format!("{NOW}/{name}") && it.why.starts_with(why)
            });
            assert_eq!(said.count(), 1, "{case}: {:?}", report.not_checked);
            assert_eq!(report.compared[0].changes.is_none(), name == "students.csv", "{case}");
        }
    }
}

#[test]
fn what_is_left_of_a_file_is_still_compared() {
    let others = students(1..101).replace("Okafor,,Ada,2012", "Nguyen,,Linh,2013");
    let others = others.get(..others.len() - 30).unwrap().to_owned();
    let found = compared(&[("students.csv", others), ("guardians.csv", guardians(1..101))]);
    let is_identity = |it: &(String, String)| it.0.contains("error[drift/changed-identity]");
    assert!(found.iter().any(is_identity), "{found:?}");
}

/// The previous epoch is read on as many threads as the run, and says the same.
#[test]
fn the_number_of_threads_makes_no_difference() {
    let many = || vec![("students.csv", students(1..9001)), ("guardians.csv", guardians(1..9001))];
    let now = [("students.csv", students(500..9001)), ("guardians.csv", guardians(900..9001))];
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &many()), NOW, &now);
    let on = |threads| findings(&run_in(&tree, &Request { threads, ..request(NOW, BEFORE) }));
    assert!(on(1).iter().any(|(it, _)| it.contains("drift/")), "{:?}", on(1));
    assert_eq!(on(1), on(4));
}

/// One file that is missing is one finding, with the weight of the others that it stands for.
#[test]
fn missing_students_are_one_finding() {
    let now = || vec![("guardians.csv", guardians(1..101))];
    let alone = [("guardians.csv", guardians(1..101))];
    let expected = "expected-files = ['students.csv']";
    for (was, toml, consequence) in [
        (before(), "", Consequence::DataAtRisk),
        (before(), expected, Consequence::DataAtRisk),
        (alone.to_vec(), "", Consequence::RecordLost),
        (alone.to_vec(), expected, Consequence::DataAtRisk),
    ] {
        let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &was), NOW, &now());
        let config = Loaded::parse(&generic_api(), "samegoal-lint.toml", toml.to_owned()).unwrap();
        let request = Request { config: Some(config.into()), ..request(NOW, BEFORE) };
        let report = run_in(&tree, &request);
        let about: Vec<_> = report
            .found
            .findings
            .iter()
            .map(|it| (it.finding.rule.name, it.finding.consequence()))
            .filter(|(rule, _)| *rule != "drift/unchanged")
            .collect();
        assert_eq!(about, [("layout/missing-students", consequence)], "{toml}");
    }
    // Without guardians, the rule that knows of it reports it.
    let users = [("users.csv", "Name\nAda Okafor\n".to_owned())];
    for (toml, rule) in [("", "drift/missing-file"), (expected, "layout/missing-expected-file")] {
        let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &before()), NOW, &users);
        let config = Loaded::parse(&generic_api(), "samegoal-lint.toml", toml.to_owned()).unwrap();
        let request = Request { config: Some(config.into()), ..request(NOW, BEFORE) };
        let found = run_in(&tree, &request).found.findings;
        let students = found.iter().filter(|it| {
            Masker::new(Values::Mask).message(&it.finding.message).contains("students.csv")
        });
        assert_eq!(students.map(|it| it.finding.rule.name).collect::<Vec<_>>(), [rule]);
    }
}

#[test]
fn losses_weigh_by_their_size() {
    for (left, severity) in
        [(95, None), (94, Some("warning")), (80, Some("warning")), (79, Some("error"))]
    {
        let now = [("students.csv", students(1..=left)), ("guardians.csv", guardians(1..=left))];
        let found = compared(&now);
        let expected: Vec<_> = severity
            .map(|severity| format!("{NOW}/students.csv: {severity}[drift/vanished-students]"))
            .into_iter()
            .collect();
        assert_eq!(names(&found), expected, "{left}");
    }
}

#[test]
fn thresholds_come_from_the_configuration() {
    let now = [("students.csv", students(1..91)), ("guardians.csv", guardians(1..91))];
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &before()), NOW, &now);
    for (toml, severity) in [
        ("", Some("warning")),
        ("[drift]\nerror-over = 9", Some("error")),
        ("[drift]\nwarning-over = 10", None),
    ] {
        let config = Loaded::parse(&generic_api(), "samegoal-lint.toml", toml.to_owned()).unwrap();
        let request = Request { config: Some(config.into()), ..request(NOW, BEFORE) };
        let found = findings(&run_in(&tree, &request));
        assert_eq!(found.len(), usize::from(severity.is_some()), "{toml}");
        if let (Some(severity), Some((name, _))) = (severity, found.first()) {
            assert!(name.contains(severity), "{name}");
        }
    }
}

#[test]
fn guardians_cut_to_the_header_are_reported_in_plain_words() {
    let now = [("students.csv", students(1..101)), ("guardians.csv", guardians([]))];
    assert_eq!(
        compared(&now),
        [(
            format!("{NOW}/guardians.csv: error[csv/no-records]"),
            "guardians.csv has a header but no records; the previous epoch had guardians of 100 \
             students: SameGoal would delete the guardians it has"
                .to_owned()
        )]
    );
}

#[test]
fn students_cut_to_the_header_are_an_error() {
    let now = [("students.csv", students([])), ("guardians.csv", guardians(1..101))];
    let found = compared(&now);
    assert_eq!(
        found.iter().find(|(name, _)| name.contains("students.csv")).unwrap(),
        &(
            format!("{NOW}/students.csv: error[csv/no-records]"),
            "students.csv has a header but no records; the previous epoch had 100".to_owned()
        )
    );
    assert!(!names(&found).iter().any(|name| name.contains("drift")), "{found:?}");
}

#[test]
fn guardians_who_vanish_count_for_students_who_are_still_there() {
    let now = [("students.csv", students(1..101)), ("guardians.csv", guardians(1..61))];
    let found = compared(&now);
    let vanished: Vec<_> = found.iter().filter(|(name, _)| name.contains("drift")).collect();
    assert_eq!(
        vanished,
        [&(
            format!("{NOW}/guardians.csv: error[drift/vanished-guardians]"),
            "40 of 100 students who had a guardian in the previous epoch have none in guardians.csv \
             (40 %): SameGoal would delete their guardians"
                .to_owned()
        )]
    );
    // Half of the students have left, and every one who stays has a guardian.
    let now = [("students.csv", students(1..51)), ("guardians.csv", guardians(1..51))];
    assert_eq!(
        names(&compared(&now)),
        [format!("{NOW}/students.csv: error[drift/vanished-students]")]
    );
}

#[test]
fn fewer_records_are_reported_where_no_student_is_missing() {
    let one_each = guardians(1..101)
        .lines()
        .enumerate()
        .filter(|(line, _)| line % 2 == 0)
        .fold(String::new(), |text, (_, line)| text + line + "\n");
    let now = [("students.csv", students(1..101)), ("guardians.csv", one_each)];
    assert_eq!(
        compared(&now),
        [(
            format!("{NOW}/guardians.csv: error[drift/fewer-records]"),
            "guardians.csv has 100 records; the previous epoch had 200 (50 % fewer)".to_owned()
        )]
    );
}

#[test]
fn changed_ids_are_known_by_as_many_new_ones() {
    let now = [("students.csv", students(1001..1101)), ("guardians.csv", guardians(1001..1101))];
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &before()), NOW, &now);
    let report = run_in(&tree, &request(NOW, BEFORE));
    assert_eq!(
        names(&findings(&report)),
        [format!("{NOW}/students.csv: error[drift/vanished-students]")]
    );
    let help = Masker::new(Values::Mask).message(&report.found.findings[0].finding.help);
    assert!(help.starts_with("There are about as many new students"), "{help}");
}

#[test]
fn a_column_that_is_gone_is_reported_once() {
    let without = |text: &str, position: usize| {
        text.lines().fold(String::new(), |text, line| {
            let fields = line.split(',').enumerate().filter(|(at, _)| *at != position);
            text + &fields.map(|(_, field)| field).collect::<Vec<_>>().join(",") + "\n"
        })
    };
    let (all, ones) = (students(1..101), guardians(1..101));
    for (now, expected) in [
        // Race is optional: its absence is not reported as well.
        ((without(&all, 12), ones.clone()), "students.csv: error[drift/missing-column]"),
        // Building is required: that it is missing is enough.
        ((without(&all, 17), ones.clone()), "students.csv: error[header/missing-column]"),
        ((all.clone(), without(&ones, 2)), "guardians.csv: error[drift/missing-column]"),
        (
            (all.clone(), ones.replace("Phone", "Telephone")),
            "guardians.csv: error[drift/missing-column]",
        ),
    ] {
        let found = compared(&[("students.csv", now.0), ("guardians.csv", now.1)]);
        assert_eq!(names(&found), [format!("{NOW}/{expected}")]);
        assert!(!found[0].1.contains("Phone"), "{}", found[0].1);
    }
}

#[test]
fn a_file_that_is_gone_is_reported_once() {
    let found = compared(&[("students.csv", students(1..101))]);
    assert_eq!(
        found,
        [(
            format!("{NOW}: error[drift/missing-file]"),
            "`guardians.csv` is missing; the previous epoch had it".to_owned()
        )]
    );
    let found =
        compared(&[("students.csv", students(2..102)), ("Guardians.csv", guardians(2..102))]);
    assert_eq!(names(&found), [format!("{NOW}/Guardians.csv: error[layout/misnamed-file]")]);
}

#[test]
fn the_same_bytes_are_a_stale_export() {
    assert_eq!(names(&compared(&before())), [format!("{NOW}: advice[drift/unchanged]")]);
    let mut now = before();
    now[1].1.push_str("S1,Baker,555-0102\n");
    assert_eq!(compared(&now), []);
}

#[test]
fn broken_records_are_no_students_who_vanished() {
    let broken = students(1..101).replace("S7,", "S7").replace("S17,", "S17");
    let mut lines: Vec<_> = broken.lines().map(str::to_owned).collect();
    for line in lines.iter_mut().skip(30).take(30) {
        line.push_str(",x");
    }
    let now = [("students.csv", lines.join("\n") + "\n"), ("guardians.csv", guardians(1..101))];
    assert!(!names(&compared(&now)).iter().any(|name| name.contains("drift")));
}

fn not_checked(tree: &Memory, request: &Request) -> Vec<String> {
    let report = run_in(tree, request);
    assert!(report.compared.is_empty());
    let skipped = report.not_checked.iter().filter(|it| it.what == "drift");
    skipped.map(|it| it.why.to_string()).collect()
}

#[test]
fn where_nothing_can_be_compared_the_run_goes_on_and_says_so() {
    let tree = with_epoch(Memory::new(), NOW, &before())
        .file("incomplete/students.csv", students(1..3))
        .file("empty/COMPLETE", "")
        .directory(format!("archive/{NOW}"))
        .directory("archive/20260103-020000")
        .file("old.csv", "");
    for (previous, why) in [
        ("incomplete", "`incomplete` has no COMPLETE file, so SameGoal did not process it"),
        ("empty", "there is no API file in `empty`"),
        ("archive", "`archive` has no complete epoch before it"),
    ] {
        assert_eq!(not_checked(&tree, &request(NOW, previous)), [why], "{previous}");
    }
    for itself in [NOW, "./20260105-020000"] {
        let error = run(&tree, &generic_api(), &request(NOW, itself), &mut std::io::empty());
        assert!(matches!(error, Err(RunError::Itself(_))), "{itself}");
    }
    let error = run(&tree, &generic_api(), &request(NOW, "old.csv"), &mut std::io::empty());
    assert!(matches!(error, Err(RunError::PreviousFile(_))));
    let error = run(&tree, &generic_api(), &request(NOW, "archiv"), &mut std::io::empty());
    assert!(
        matches!(error, Err(RunError::NotFound { nearest: Some(name), .. }) if name == "archive")
    );
}

#[test]
fn a_broken_file_of_the_previous_epoch_leaves_the_others() {
    let mut previous = before();
    previous[0].1 = "PK\u{3}\u{4}".to_owned();
    let now = [("students.csv", students(1..11)), ("guardians.csv", guardians(1..11))];
    let tree = with_epoch(with_epoch(Memory::new(), BEFORE, &previous), NOW, &now);
    let report = run_in(&tree, &request(NOW, BEFORE));
    let skipped: Vec<_> = report.not_checked.iter().filter(|it| it.what == "drift").collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].path, format!("{NOW}/students.csv"));
    assert_eq!(
        names(&findings(&report)),
        [format!("{NOW}/guardians.csv: error[drift/fewer-records]")]
    );
}

#[test]
fn of_many_epochs_the_newest_complete_one_before_counts() {
    let mut tree = Memory::new().file("up/20260104-120000/students.csv", students(1..3));
    for name in ["20260102-020000", "20260103-020000", NOW, "20260106-020000"] {
        tree = with_epoch(tree, &format!("up/{name}"), &before());
    }
    let tree = with_epoch(tree, "epoch", &before());
    for (path, expected) in [
        ("up/20260105-020000", "up/20260103-020000"),
        ("up/20260106-020000", "up/20260105-020000"),
        // A folder of another name is newer than all.
        ("epoch", "up/20260106-020000"),
    ] {
        let report = run_in(&tree, &request(path, "up"));
        let compared: Vec<_> =
            report.compared.iter().map(|it| (&*it.target, &*it.previous)).collect();
        assert_eq!(compared, [(path, expected)]);
        let found = findings(&report);
        let stale = format!("{path}: advice[drift/unchanged]");
        assert!(names(&found).contains(&&*stale), "{found:?}");
    }
    let report = run_in(&tree, &request("up", "up"));
    assert_eq!(report.compared.len(), 4);
    let skipped: Vec<_> = report.not_checked.iter().filter(|it| it.what == "drift").collect();
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].path, "up/20260102-020000");
}

#[test]
fn auto_files_and_single_files_are_compared_as_well() {
    let auto = [("students_auto.csv", students(1..51)), ("guardians_auto.csv", guardians(1..51))];
    let tree = with_epoch(Memory::new(), BEFORE, &before());
    let tree =
        auto.iter().fold(tree, |tree, (name, text)| tree.file(format!("upload/{name}"), text));
    let report = run_in(&tree, &request("upload", BEFORE));
    assert_eq!(
        names(&findings(&report)),
        ["upload/students_auto.csv: error[drift/vanished-students]"]
    );
    let report = run_in(&tree, &request("upload/students_auto.csv", BEFORE));
    assert_eq!(names(&findings(&report)).len(), 1);
}
