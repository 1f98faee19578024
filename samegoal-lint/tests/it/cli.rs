//! The program as it is called: its exit status and where it writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use samegoal_lint::rules::RULES;
use samegoal_lint::surroundings::CI;
use samegoal_schema::text::escape::visible;

use crate::case;

/// The program, in a directory of the fixtures.
pub(crate) fn program(dir: impl AsRef<Path>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"));
    command.current_dir(case::root().join(dir)).stdin(Stdio::null());
    // The tests may themselves run in a build system.
    for name in ["GITHUB_STEP_SUMMARY", "ACCESSIBLE", "NO_GRAPHICS"].iter().chain(&CI) {
        command.env_remove(name);
    }
    command
}

pub(crate) struct Ran {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn run(command: &mut Command) -> Ran {
    ran(command.output().unwrap())
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn epochs(args: &[&str]) -> Ran {
    run(program("epochs").args(args))
}

/// The rules of the findings of a JSON report.
pub(crate) fn rules(json: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(json).unwrap();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_cannot_be_run_is_reported_and_ends_in_2() {
    for (args, message) in [
        (&["gotcha"][..], "there is no `gotcha`; did you mean `gotchas`?"),
        (
            &["clean/20260105-020000/student.csv"][..],
            "did you mean `clean/20260105-020000/students.csv`?",
        ),
        (&["./zzz"][..], "there is no `./zzz`\n"),
        (&["-"][..], "standard input has no file name; name the API file with --as"),
        (
            &["-", "--as", "student.csv"][..],
            "`student.csv` is not an API file; the API files are students.csv",
        ),
        (&["--as", "../students.csv", "clean"][..], "not an API file"),
        (&["--ignore", "csv/blank-lines"][..], "(did you mean `csv/blank-line` or "),
        (&["--select", "laoyut"][..], "(did you mean `layout`?)"),
        (&["--severity", "csv/blank-line"][..], "write RULE=error"),
        (&["--severity", "csv/blank-line=fatal"][..], "`fatal` is not a severity"),
        (&["--severity", "zzz=off"][..], "there is no rule or group `zzz`"),
        (&["--max-findings", "few"][..], "--max-findings"),
        (&["--format", "yaml"][..], "--format"),
        (
            &["--today", "2026-02-29", "clean"][..],
            "there is no such day; write year, month and day",
        ),
        (&["--today", "01/05/2026", "clean"][..], "write year, month and day, as in 2026-01-05"),
        (&["--today"][..], "--today <YYYY-MM-DD>"),
        (&["--no-such-option"][..], "--no-such-option"),
        (&["explain", "csv/unclosed-qoute"][..], "csv/unclosed-quote"),
        (&["schema", "student.csv"][..], "students.csv"),
    ] {
        let ran = epochs(args);
        assert_eq!(ran.status, Some(2), "{args:?}");
        assert_eq!(ran.out, "", "{args:?}");
        assert!(ran.err.contains(message), "{args:?}: {}", ran.err);
    }
}

#[test]
fn dates_are_checked_on_the_day_that_is_given_or_else_today() {
    let has_findings = |args: &[&str]| {
        let all = [&["clean", "--format", "json"], args].concat();
        rules(&epochs(&all).out).iter().any(|rule| rule == "value/implausible-date")
    };
    assert!(!has_findings(&["--today", "2026-01-05"]));
    assert!(has_findings(&["--today", "2009-01-05"]), "born later than that");
    assert!(has_findings(&["--today", "2050-01-05"]), "too old by then");

    let dir = tempfile::tempdir().unwrap();
    let students = fs::read_to_string(case::root().join("parts/students.csv")).unwrap();
    let date = students.split(',').find(|field| field.len() == 10 && field.contains('/')).unwrap();
    for born in ["01/01/1900", "01/01/2999"] {
        fs::write(dir.path().join("students.csv"), students.replacen(date, born, 1)).unwrap();
        let ran = run(program(dir.path()).args(["students.csv", "--format", "json"]));
        assert_eq!(rules(&ran.out), ["value/implausible-date"], "{born}");
    }
}

#[test]
fn one_path_that_does_not_exist_stops_the_run_before_anything_is_read() {
    let ran = epochs(&["gotchas", "nowhere"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""));
}

#[test]
fn without_a_path_it_is_the_current_directory() {
    let dir = tempfile::tempdir().unwrap();
    let students = fs::read(case::root().join("parts/students.csv")).unwrap();
    for (name, file, kind) in [
        ("upload", "students_auto.csv", "upload"),
        ("20260105-020000", "students.csv", "epoch"),
        ("staging", "students.csv", "epoch"),
        ("auto", "students_auto.csv", "upload"),
    ] {
        let own = dir.path().join(name);
        fs::create_dir(&own).unwrap();
        fs::write(own.join(file), &students).unwrap();
        if kind == "epoch" {
            fs::write(own.join("COMPLETE"), "").unwrap();
        }
        let ran = run(program(&own).args(["--format", "json"]));
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["targets"][0]["kind"], kind, "{name}");
        assert_eq!(report["targets"][0]["path"], ".", "{name}");
        assert_eq!(ran.status, Some(0), "{name}: {}", ran.out);
        let advice = if name == "staging" { &["layout/bad-epoch-name"][..] } else { &[] };
        assert_eq!(rules(&ran.out), advice, "{name}");
    }
}

#[test]
fn standard_input_is_linted_as_what_it_is_said_to_be() {
    let mut child = program("epochs")
        .args(["-", "--as", "students.csv", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let students = fs::read(case::root().join("parts/students.csv")).unwrap();
    let text = String::from_utf8(students).unwrap().replace(",ENROLLED,", ",Active,");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(rules(&ran.out).iter().all(|rule| rule == "value/not-allowed"), "{}", ran.out);
    assert!(ran.out.contains(r#""path": "-""#), "{}", ran.out);
}

/// One rule of each severity, and the fixture in which it is the heaviest.
const WEIGHTS: [(&str, &str); 4] = [
    ("error", "rules/csv/stray-quote/hand-typed-nickname/students.csv"),
    ("warning", "rules/csv/byte-order-mark/excel-csv-utf8/students.csv"),
    ("advice", "rules/header/unknown-column/locker-number/students.csv"),
    ("nothing", "epochs/clean"),
];

#[test]
fn the_exit_status_depends_on_the_threshold() {
    for (place, (severity, path)) in WEIGHTS.into_iter().enumerate() {
        for (threshold, fail_on) in ["error", "warning", "advice", "never"].into_iter().enumerate()
        {
            let ran = run(program("").args(["--fail-on", fail_on, path]));
            let expected = i32::from(place <= threshold && threshold < 3 && place < 3);
            assert_eq!(ran.status, Some(expected), "{severity} at --fail-on {fail_on}");
        }
        let ran = run(program("").arg(path));
        assert_eq!(ran.status, Some(i32::from(place == 0)), "{severity}");
    }
}

#[test]
fn quiet_says_nothing_of_what_passes() {
    for (severity, path) in WEIGHTS {
        let loud = run(program("").arg(path));
        let quiet = run(program("").args(["--quiet", path]));
        assert_eq!(quiet.status, loud.status, "{severity}");
        assert_eq!(quiet.out.is_empty(), severity != "error", "{severity}");
        assert!(!loud.out.is_empty() && quiet.err.is_empty(), "{severity}");
    }
}

#[test]
fn rules_are_chosen_and_weighed_by_name_and_by_group() {
    let all = [
        "layout/misnamed-file",
        "header/missing-column",
        "layout/missing-complete",
        "csv/unclosed-quote",
        "header/misnamed-column",
        "layout/no-epoch",
    ];
    for (args, left, status) in [
        (&[][..], &all[..], 1),
        (&["--select", "layout"][..], &[all[0], all[2], all[5]][..], 1),
        (&["--select", "layout", "--ignore", "layout/no-epoch"][..], &[all[0], all[2]][..], 1),
        (
            &["--select", "layout", "--select", "csv/unclosed-quote"][..],
            &[all[0], all[2], all[3], all[5]][..],
            1,
        ),
        (&["--ignore", "layout", "--ignore", "header"][..], &[all[3]][..], 1),
        (&["--select", "value"][..], &[][..], 0),
        (&["--severity", "layout=off"][..], &[all[1], all[3], all[4]][..], 1),
        (
            &["--severity", "layout=off", "--severity", "layout/no-epoch=error"][..],
            &[all[1], all[3], all[4], all[5]][..],
            1,
        ),
        (
            &[
                "--severity",
                "layout=warning",
                "--severity",
                "header=advice",
                "--severity",
                "csv/unclosed-quote=warning",
            ][..],
            &all[..],
            0,
        ),
    ] {
        let mut args = args.to_vec();
        args.extend(["gotchas", "--format", "json"]);
        let ran = epochs(&args);
        let (mut found, mut left) = (rules(&ran.out), left.to_vec());
        found.sort();
        left.sort_unstable();
        assert_eq!(found, left, "{args:?}");
        assert_eq!(ran.status, Some(status), "{args:?}");
    }
}

/// A file with this many bad dates, one a line from line 2 on.
fn bad_dates(dir: &Path, count: usize) -> PathBuf {
    let students = fs::read_to_string(case::root().join("parts/students.csv")).unwrap();
    let header = students.lines().next().unwrap();
    let record = students.lines().nth(1).unwrap();
    let (id, rest) = record.split_once(',').unwrap();
    let date = rest.split(',').nth(3).unwrap();
    let mut text = format!("{header}\n");
    for number in 0..count {
        writeln!(text, "{id}x{number},{}", rest.replacen(date, "5-Jan-12", 1)).unwrap();
    }
    let path = dir.join("students.csv");
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn what_the_cap_leaves_out_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let path = bad_dates(dir.path(), 1_200);
    for (cap, shown) in [(Some("5"), 5), (Some("0"), 1_200), (Some("2000"), 1_200), (None, 1_000)] {
        let cap = cap.map(|cap| ["--max-findings", cap]);
        let ran = run(program("").arg(&path).args(["--format", "json"]).args(cap.iter().flatten()));
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["summary"]["errors"], 1_200);
        let sum = &report["summary"]["by_rule"]["value/bad-date"];
        assert_eq!((&sum["total"], &sum["shown"]), (&1_200.into(), &shown.into()));
        assert_eq!(rules(&ran.out).len(), shown);
    }
    for (args, shown) in [(&[][..], 20), (&["--max-findings", "3"][..], 3)] {
        let ran = run(program("").arg(&path).args(["--format", "plain"]).args(args));
        let found = ran.out.lines().filter(|line| line.contains(": error[value/bad-date]"));
        assert_eq!(found.count(), shown);
        let rest = 1_200 - shown;
        let rest = format!("{},{:03} more value/bad-date", rest / 1000, rest % 1000);
        assert!(ran.out.contains(&rest) && ran.out.contains("1,200 errors"), "{}", ran.out);
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let path = bad_dates(dir.path(), 1_200);
    for (path, status) in [(path.as_path(), 1), (Path::new("epochs/clean"), 0)] {
        for format in ["pretty", "plain", "json"] {
            let mut child = program("")
                .arg(path)
                .args(["--max-findings", "0", "--format", format])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            drop(child.stdout.take());
            let ran = ran(child.wait_with_output().unwrap());
            assert_eq!((ran.status, ran.err.as_str()), (Some(status), ""), "{format}");
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_a_failure() {
    for args in [&["epochs/clean"][..], &["epochs/gotchas"], &["rules"], &["--help"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let child = program("").args(args).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        let ran = ran(child.wait_with_output().unwrap());
        assert_eq!(ran.status, Some(2), "{args:?}");
        assert!(ran.err.starts_with("error: cannot write the report: "), "{args:?}: {}", ran.err);
    }
}

fn snapshot(dir: &Path, into: &mut BTreeMap<PathBuf, (u64, SystemTime)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            snapshot(&path, into);
            continue;
        }
        let mut hasher = DefaultHasher::new();
        fs::read(&path).unwrap().hash(&mut hasher);
        let modified = path.metadata().unwrap().modified().unwrap();
        into.insert(path, (hasher.finish(), modified));
    }
}

#[test]
fn what_is_linted_stays_as_it_is() {
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    let dir = tempfile::tempdir().unwrap();
    let mut epochs = Vec::new();
    for (number, case) in case::all().iter().enumerate() {
        for node in &case.nodes {
            let Some(bytes) = node.bytes() else { continue };
            let path = dir.path().join(number.to_string()).join(&node.path);
            let made = fs::create_dir_all(path.parent().unwrap());
            let _ = made.and_then(|()| fs::write(path, bytes));
        }
        epochs.push(dir.path().join(number.to_string()));
    }
    epochs.retain(|path| path.exists());
    snapshot(dir.path(), &mut before);
    let ran = run(program("").args(&epochs).args(["--kind", "epoch", "--no-config"]));
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    let ran = run(program("").args(&epochs).args(["--kind", "upload", "--no-config"]));
    assert_eq!((ran.status, ran.err.as_str()), (Some(1), ""));
    snapshot(dir.path(), &mut after);
    assert!(before.len() > 100);
    assert_eq!(before, after);
}

/// No thread gets a stack of that size, as there is none where a system limits processes.
#[test]
fn without_further_threads_the_first_one_does_the_work() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = "Student Id,Last Name\n".to_owned();
    for number in 0..60_000 {
        writeln!(file, "{number},Okafor").unwrap();
    }
    fs::write(dir.path().join("students.csv"), file).unwrap();
    let lint = |threads: &str, stack: &str| {
        let file = dir.path().join("students.csv");
        let args = ["--no-config", "--format", "json", "--threads", threads];
        run(program("epochs").env("RUST_MIN_STACK", stack).args(args).arg(file))
    };
    let (without, with) = (lint("8", "1152921504606846976"), lint("8", "2097152"));
    assert_eq!((without.status, without.err), (Some(1), String::new()));
    assert_eq!(without.out, with.out);
}

/// Issue 15.
#[test]
fn arguments_are_escaped() {
    const NASTY: &str = "x\n::error::y\u{202e}\u{1b}[31m##[z]";
    for args in [
        &["--nasty"][..],
        &["N"],
        &["--format", "N"],
        &["--today=N"],
        &["--select", "N"],
        &["--report=N=N"],
        &["--report=json=N/N"],
        &["--config=N.toml"],
        &["stage", "N", "--upload", "N"],
        &["stage", "x", "--upload", "y", "--epoch", "N"],
        &["explain", "N"],
        &["explain", "x", "N"],
        &["schema", "N"],
        &["completions", "N"],
        &["learn", "N"],
        &["baseline", "N"],
        &["upload-script", "N", "--for", "sftp"],
        &["rules", "--output", "N/N"],
    ] {
        let nasty = |arg: &&str| match *arg {
            "--nasty" => format!("--{NASTY}"),
            arg => arg.replace('N', NASTY),
        };
        let ran = program("").args(args.iter().map(nasty)).output().unwrap();
        assert_eq!(ran.status.code(), Some(2), "{args:?}");
        assert_visible(&[ran.stdout, ran.stderr].concat(), args);
    }
}

/// Issue 15.
#[test]
fn what_the_program_knows_is_plainly_visible() {
    let shells = ["bash", "elvish", "fish", "powershell", "zsh"];
    let completions = shells.iter().map(|shell| vec!["completions", *shell]);
    let rules = RULES.iter().map(|rule| vec!["explain", rule.name]);
    let others = [vec!["--version"], vec!["--help"], vec!["stage", "--help"], vec!["rules"]];
    for args in completions.chain(rules).chain(others) {
        let ran = program("").args(&args).output().unwrap();
        assert_eq!(ran.status.code(), Some(0), "{args:?}");
        for line in String::from_utf8(ran.stdout).unwrap().lines() {
            // Two colons within a line are part of a script.
            assert_visible(line.replace(':', ";").as_bytes(), &args);
            assert!(!line.trim_start().starts_with("::"), "{args:?}: {line}");
        }
    }
}

fn assert_visible(printed: &[u8], args: &[&str]) {
    for line in String::from_utf8(printed.to_vec()).unwrap().lines() {
        assert_eq!(visible(line), line, "{args:?}");
    }
}

/// Issue 15.
#[test]
fn a_warning_says_that_values_are_shown_in_ci() {
    let warns = |values: &str, ci: &str| {
        let mut command = program("epochs/clean");
        command.args(["20260105-020000", "--quiet", values]).env(ci, "1");
        let ran = command.output().unwrap();
        assert_eq!(ran.status.code(), Some(0));
        String::from_utf8(ran.stderr).unwrap().starts_with("warning: values are shown")
    };
    for ci in ["CI", "GITLAB_CI", "JENKINS_URL", "bamboo_planKey"] {
        assert!(warns("--values=show", ci), "{ci}");
    }
    assert!(!warns("--values=show", "NO_CI"));
    assert!(!warns("--values=auto", "CI"));
}
