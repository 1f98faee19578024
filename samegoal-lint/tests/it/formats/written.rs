//! Where reports go, and what happens when they cannot.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use clap::ValueEnum;
use samegoal_lint::report::Format;

use super::{EPOCH, Scenario, many, name, nothing, one};
use crate::cli::{Ran, program, ran, run};

fn lint(scenario: &Scenario, args: &[&str]) -> Command {
    let mut command = program("");
    command.current_dir(scenario.dir.path()).arg(EPOCH).args(args);
    command
}

fn names(scenario: &Scenario) -> Vec<String> {
    let entries = fs::read_dir(scenario.dir.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_report_that_cannot_be_written_ends_in_2_and_leaves_nothing() {
    for (report, message) in [
        ("json=no/such/directory.json", "cannot write to `no/such/directory.json`"),
        ("json=.", "cannot write to `.`: it is not a regular file"),
        ("json=20260105-020000", "it is not a regular file"),
        ("json=20260105-020000/students.csv", "would be in `20260105-020000`"),
        ("json=COMPLETE", "is the name of the marker"),
        #[cfg(unix)]
        ("json=/dev/null", "cannot write to `/dev/null`"),
    ] {
        let scenario = one();
        let before = fs::read(scenario.dir.path().join(EPOCH).join("students.csv")).unwrap();
        let Ran { status, err, .. } = run(&mut lint(&scenario, &["--report", report]));
        assert_eq!(status, Some(2), "{report}");
        assert!(err.contains(message), "{report}: {err}");
        assert_eq!(names(&scenario), [EPOCH], "{report}");
        let after = fs::read(scenario.dir.path().join(EPOCH).join("students.csv")).unwrap();
        assert!(before == after);
    }
}

/// A limit on the size of files does what a full disk does, and needs no disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_report() {
    for &format in Format::value_variants() {
        let scenario = one();
        let report = scenario.dir.path().join("report");
        fs::write(&report, "old").unwrap();
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
        let mut command = Command::new("sh");
        let program = env!("CARGO_BIN_EXE_samegoal-lint");
        command.args(["-c", script, "sh", program, EPOCH, "--report"]);
        command.arg(format!("{}=report", name(format))).current_dir(scenario.dir.path());
        let ran = ran(command.output().unwrap());
        assert_eq!(ran.status, Some(2), "{format:?}: {}", ran.err);
        assert!(ran.err.contains("cannot write the report `report`"), "{format:?}: {}", ran.err);
        assert_eq!(fs::read_to_string(&report).unwrap(), "old", "{format:?}");
        assert_eq!(names(&scenario), [EPOCH, "report"], "{format:?}");
    }
}

#[test]
fn two_reports_are_not_one_file() {
    let scenario = one();
    let args = ["--report", "json=x", "--report", "csv=x"];
    let Ran { status, out, err } = run(&mut lint(&scenario, &args));
    assert_eq!((status, out.as_str()), (Some(2), ""));
    assert!(err.contains("`x` and `x` are the same file"), "{err}");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_report_stays_a_link() {
    use std::os::unix::fs::symlink;
    let scenario = one();
    let dir = scenario.dir.path();
    fs::write(dir.join("target"), "old").unwrap();
    symlink("target", dir.join("link")).unwrap();
    let args = ["--report", "json=link"];
    let ran = run(&mut lint(&scenario, &args));
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(dir.join("link").symlink_metadata().unwrap().is_symlink());
    assert!(fs::read_to_string(dir.join("target")).unwrap().starts_with('{'));
}

#[test]
fn quiet_silences_standard_output_and_not_the_files() {
    let scenario = nothing();
    let args = ["--quiet", "--report", "html=report.html"];
    let ran = run(&mut lint(&scenario, &args));
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""));
    assert!(scenario.dir.path().join("report.html").exists());
}

#[test]
fn github_actions_gets_annotations_and_a_summary() {
    let scenario = one();
    let summary = scenario.dir.path().join("summary");
    fs::write(&summary, "# Before\n").unwrap();
    let github = |args: &[&str]| {
        let mut command = lint(&scenario, args);
        run(command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary))
    };
    let ran = github(&[]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.out.starts_with("::error file=20260105-020000,title=layout/missing-complete::"));
    let text = fs::read_to_string(&summary).unwrap();
    assert!(text.starts_with("# Before\n\n## SameGoal would ignore this delivery"), "{text}");
    assert!(github(&["--format=plain"]).out.starts_with("20260105-020000: error["));

    // GitHub drops a summary of 1 MiB as a whole.
    for before in [999_000, 999_990, 1_048_000, 2_000_000] {
        fs::write(&summary, "x".repeat(before)).unwrap();
        assert_eq!(github(&[]).status, Some(1));
        let length = fs::metadata(&summary).unwrap().len();
        assert!(length < 1_048_576 || length == 2_000_000, "{length}");
    }
    fs::remove_file(&summary).unwrap();
    fs::create_dir(&summary).unwrap();
    assert_eq!(github(&[]).status, Some(2));
}

#[test]
fn a_summary_is_for_github_actions_alone() {
    let scenario = one();
    let summary = scenario.dir.path().join("summary");
    run(lint(&scenario, &[]).env("GITHUB_STEP_SUMMARY", &summary));
    assert!(!summary.exists());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure_in_any_format() {
    let many = many();
    for &format in Format::value_variants() {
        let mut child = lint(&many, &["--max-findings=2000", "--format", &name(format)])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ran { status, err, .. } = ran(child.wait_with_output().unwrap());
        assert_eq!((status, err.as_str()), (Some(1), ""), "{format:?}");
        assert!(!line.is_empty(), "{format:?}");
    }
}

#[test]
fn a_report_without_drawings_is_asked_for_in_three_ways() {
    let scenario = one();
    let drawn = run(&mut lint(&scenario, &[])).out;
    assert!(drawn.contains('×'));
    let narrated = run(&mut lint(&scenario, &["--accessible"])).out;
    assert!(narrated.contains("\nFinding 1 of 1.\nError: ") && narrated.is_ascii());
    for variable in ["ACCESSIBLE", "NO_GRAPHICS"] {
        assert_eq!(run(lint(&scenario, &[]).env(variable, "1")).out, narrated);
    }
}

/// Not a test by itself: what the next one starts.
#[test]
#[ignore = "ends the process"]
fn at_fault() {
    samegoal_lint::fault::end_quietly();
    panic!("the cell is {}", ["Lovelace"].concat());
}

#[test]
fn a_fault_of_the_program_names_its_place_and_no_cell() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "formats::written::at_fault", "--ignored", "--nocapture"])
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let Ran { status, out, err } = ran(output);
    assert_eq!(status, Some(2), "{out}{err}");
    assert!(err.starts_with("error: internal error (") && err.lines().count() == 1, "{err}");
    assert!(!out.contains("Lovelace") && !err.contains("Lovelace"), "{out}{err}");
}
