//! Configurations on the command line: which one counts, what is said of a wrong one, and that the
//! pages about them are current.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use samegoal_lint::config::{self, Loaded};
use samegoal_schema::generic_api;
use tempfile::TempDir;

use crate::cli::program;
use crate::docs::{assert_current, root};

const STUDENTS: &str = "Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,\
    District Enrollment,Grade,Address,City,State,Zip,Race,District of Residence,\
    County of Residence,District of Service,Student Reporting Id,Building,\
    Building Reporting Id,SIS Internal ID\n\
    1001,Okafor,,Ada,2012-01-05,F,ENROLLED,7,,,,,,,,,,Lincoln,LI,\n\
    1002,Nguyen,,Linh,2012-02-06,M,ENROLLED,7,,,,,,,,,,Lincoln,LI,\n";

/// A directory with an epoch, and whatever else is put into it.
pub(crate) fn district(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let epoch = [
        ("20260105-020000/students.csv", STUDENTS),
        ("20260105-020000/guardians.csv", "Student Id,Last Name\n1001,Okafor\n1002,Nguyen\n"),
        ("20260105-020000/COMPLETE", ""),
    ];
    for (path, text) in epoch.iter().chain(files) {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

pub(crate) fn lint(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_samegoal-lint"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("GITHUB_ACTIONS")
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn the_nearest_configuration_counts_and_is_named() {
    let config = "expected-files = ['absences.csv']\n";
    let directory = district(&[("samegoal-lint.toml", config), ("other.toml", "")]);
    let run = |more: &[&str]| {
        let arguments = [&["20260105-020000", "--format", "plain"], more].concat();
        let output = lint(directory.path(), &arguments);
        (output.status.code(), out(&output))
    };
    let (code, text) = run(&[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("error[layout/missing-expected-file] `absences.csv` is not in"),
        "{text}"
    );
    assert!(text.contains(" Configuration: samegoal-lint.toml."), "{text}");
    let (code, text) = run(&["--no-config"]);
    assert_eq!((code, text.lines().count()), (Some(0), 2), "{text}");
    assert!(!text.contains("Configuration"), "{text}");
    let (code, text) = run(&["--config", "other.toml"]);
    assert_eq!((code, text.lines().count()), (Some(0), 2), "{text}");
    assert!(text.contains(" Configuration: other.toml."), "{text}");

    let below = directory.path().join("20260105-020000");
    let output = lint(&below, &[".", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["config"], "../samegoal-lint.toml");
}

#[test]
fn an_expected_file_that_is_misnamed_is_reported_once() {
    let directory = district(&[
        ("samegoal-lint.toml", "expected-files = ['absences.csv', 'guardians.csv']\n"),
        ("20260105-020000/Absences.csv", "Student Id\n1001\n"),
    ]);
    let output = lint(directory.path(), &["20260105-020000", "--format", "plain"]);
    let text = out(&output);
    assert!(text.contains("layout/misnamed-file") && !text.contains("expected-file"), "{text}");
}

#[test]
fn a_wrong_configuration_ends_the_run_with_its_place() {
    let directory =
        district(&[("samegoal-lint.toml", "[severity]\n\"csv/blank-lines\" = \"off\"\n")]);
    let output = lint(directory.path(), &["20260105-020000"]);
    assert_eq!((output.status.code(), &*out(&output)), (Some(2), ""));
    assert!(err(&output).starts_with("error: samegoal-lint.toml:2:1: there is no rule or group"));
    let output = lint(directory.path(), &["20260105-020000", "--values", "show"]);
    let text = err(&output);
    for expected in [
        "there is no rule or group `csv/blank-lines` (did you mean `csv/blank-line`",
        "[samegoal-lint.toml:2:1]",
        " 2 │ \"csv/blank-lines\" = \"off\"",
        "─",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[test]
fn nothing_in_a_wrong_configuration_reaches_the_terminal_as_it_is() {
    let config = "\"::error::\u{1b}[31m\u{202e}\" = 1\n";
    let directory = district(&[("samegoal-lint.toml", config)]);
    for values in ["show", "mask"] {
        let text = err(&lint(directory.path(), &["20260105-020000", "--values", values]));
        assert!(text.contains("samegoal-lint.toml:1"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && !text.contains("::"), "{text}");
    }
}

#[test]
fn a_delivered_file_is_never_shown_as_a_configuration() {
    let directory = district(&[]);
    let output =
        lint(directory.path(), &["20260105-020000", "--config", "20260105-020000/students.csv"]);
    assert_eq!(output.status.code(), Some(2));
    let text = err(&output);
    assert!(text.contains("its name must end in .toml") && !text.contains("Okafor"), "{text}");
}

/// Issue 15, 4: what others put above a delivery rules nothing, and shows nothing of what it leads to.
#[cfg(unix)]
#[test]
fn a_configuration_that_may_be_planted_is_refused() {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};
    let good = "severity = { layout = 'off' }\n";
    for planted in ["link", "dangling link", "link to data", "twin of data", "writable", "foreign"]
    {
        let directory = district(&[("20260105-020000/COMPLETE", "")]);
        let at = |name: &str| directory.path().join(name);
        let (config, data) = (at("samegoal-lint.toml"), at("20260105-020000/students.csv"));
        fs::write(at("other.toml"), good).unwrap();
        match planted {
            "link" => symlink("other.toml", &config).unwrap(),
            "dangling link" => symlink("nothing.toml", &config).unwrap(),
            "link to data" => symlink(&data, &config).unwrap(),
            "twin of data" => fs::hard_link(&data, &config).unwrap(),
            _ => fs::write(&config, good).unwrap(),
        }
        if planted == "writable" {
            fs::set_permissions(&config, fs::Permissions::from_mode(0o646)).unwrap();
        }
        // Only root can give a file away.
        if planted == "foreign" && chown(&config, Some(4711), None).is_err() {
            continue;
        }
        for arguments in [
            &["20260105-020000"][..],
            &["20260105-020000/students.csv"],
            &["stage", "20260105-020000", "--upload", "up"],
            &["baseline", "20260105-020000"],
            &["baseline", "20260105-020000", "--write"],
        ] {
            let output = lint(directory.path(), arguments);
            let text = err(&output);
            assert_eq!(output.status.code(), Some(2), "{planted} {arguments:?}: {text}");
            assert_eq!(out(&output), "");
            assert!(text.contains("samegoal-lint.toml"), "{text}");
            for cell in ["Okafor", "Ada", "Student", "1001", "2012"] {
                assert!(!text.contains(cell), "{planted} {arguments:?}: {text}");
            }
        }
        let named = ["20260105-020000", "--config", "samegoal-lint.toml"];
        let output = lint(directory.path(), &named);
        let is_good = !planted.ends_with("data") && !planted.starts_with("dangling");
        assert_eq!(output.status.code(), Some(if is_good { 0 } else { 2 }), "{planted}");
        assert!(!err(&output).contains("Okafor") && !err(&output).contains("Student Id"));
    }
}

/// What a container does, and a mask that lets a group write.
#[cfg(unix)]
#[test]
fn the_configuration_of_the_deliverys_owner_is_in_force() {
    use std::os::unix::fs::{PermissionsExt, chown};
    let directory = district(&[("samegoal-lint.toml", "expected-files = ['absences.csv']\n")]);
    let config = directory.path().join("samegoal-lint.toml");
    let run = || lint(directory.path(), &["20260105-020000"]).status.code();
    fs::set_permissions(&config, fs::Permissions::from_mode(0o664)).unwrap();
    assert_eq!(run(), Some(1));
    if chown(&config, Some(4711), Some(4711)).is_ok() {
        assert_eq!(run(), Some(2));
        chown(directory.path().join("20260105-020000"), Some(4711), None).unwrap();
        assert_eq!(run(), Some(1));
    }
}

#[test]
fn a_contradiction_is_reported_where_it_is_made() {
    let config = "[files.\"students.csv\".columns]\n\"Building\" = { required = false }\n";
    let directory = district(&[("samegoal-lint.toml", config)]);
    let output = lint(directory.path(), &["20260105-020000", "--format", "plain"]);
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        text.starts_with(
            "samegoal-lint.toml:2:16: advice[config/contradicts-api] `Building` of students.csv is \
             published as required, in every record\n"
        ),
        "{text}"
    );
}

#[test]
fn what_was_learned_from_an_epoch_keeps_it_clean_and_finds_a_renamed_column() {
    let directory = district(&[]);
    let learned = lint(directory.path(), &["learn", "20260105-020000"]);
    assert_eq!(learned.status.code(), Some(0), "{}", err(&learned));
    fs::write(directory.path().join("samegoal-lint.toml"), learned.stdout).unwrap();
    let run = || out(&lint(directory.path(), &["20260105-020000", "--format", "plain"]));
    let clean = run();
    assert_eq!(clean.lines().count(), 2, "{clean}");
    assert!(clean.contains("Everything that can be checked was checked."), "{clean}");
    let guardians = directory.path().join("20260105-020000/guardians.csv");
    fs::write(guardians, "Student Id,LastName\n1001,Okafor\n1002,Nguyen\n").unwrap();
    let text = run();
    assert!(text.contains("guardians.csv:1:12: error[header/misnamed-column]"), "{text}");
}

#[test]
fn the_schema_of_the_configuration_is_current() {
    let expected = format!("{:#}\n", config::schema());
    assert_current(&root().join("docs/samegoal-lint.schema.json"), &expected);
    assert_eq!(out(&lint(Path::new("."), &["schema", "--config"])), expected);
}

#[test]
fn every_example_of_the_page_on_configuration_is_right() {
    let page =
        fs::read_to_string(root().join("docs/configuration.md")).unwrap().replace("\r\n", "\n");
    let validator = jsonschema::validator_for(&config::schema()).unwrap();
    let mut examples = 0;
    for block in page.split("```toml\n").skip(1) {
        let (example, _) = block.split_once("```").unwrap();
        examples += 1;
        if let Err(error) = Loaded::parse(&generic_api(), "configuration.md", example.to_owned()) {
            panic!("{error}\n{example}");
        }
        // Editors must find it right as well.
        let value: serde_json::Value = toml::from_str(example).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{example}");
    }
    assert!(examples >= 5);
}

#[test]
fn a_baseline_is_added_to_the_configuration_in_force() {
    let before = "# Ours.\nexpected-files = ['guardians.csv']\n\n[[accept]]\nrule = 'value/padded'\n\
                  file = 'guardians.csv'\ncolumn = 'Student Id'\ncount = 2 # since May\n";
    let directory = district(&[]);
    let file = directory.path().join("samegoal-lint.toml");
    let write = |padded: usize| {
        let records = "1001 ,Okafor\n".repeat(padded) + "\n1001,Okafor\n";
        let text = format!("Student Id,Last Name\n1002,Nguyen\n{records}");
        fs::write(directory.path().join("20260105-020000/guardians.csv"), text).unwrap();
    };
    let baseline = || lint(directory.path(), &["baseline", "20260105-020000", "--write"]);
    write(3);
    let output = baseline();
    assert_eq!((output.status.code(), &*out(&output)), (Some(2), ""));
    assert!(err(&output).contains("no configuration is in force"), "{}", err(&output));
    for line_end in ["\n", "\r\n"] {
        fs::write(&file, before.replace('\n', line_end)).unwrap();
        let output = baseline();
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert_eq!(out(&output), "2 entries added to samegoal-lint.toml.\n");
        let after = fs::read_to_string(&file).unwrap();
        let kept = before.replace("count = 2", "count = 3").replace('\n', line_end);
        assert!(after.starts_with(&kept), "{after}");
        assert!(after.contains("rule = \"csv/blank-line\""), "{after}");
        assert!(!after.replace("\r\n", "").contains('\r'), "{after}");
        let arguments = ["20260105-020000", "--fail-on", "warning"];
        assert_eq!(lint(directory.path(), &arguments).status.code(), Some(0));
        // Once more, and of less, there is nothing to add.
        write(1);
        assert_eq!(out(&baseline()), "0 entries added to samegoal-lint.toml.\n");
        assert_eq!(fs::read_to_string(&file).unwrap(), after);
        write(3);
    }
    // Into an array of one line no entry can be put: the file stays as it is.
    let inline = "accept = [{ rule = 'csv/byte-order-mark', count = 1 }]\n";
    fs::write(&file, inline).unwrap();
    assert_eq!(baseline().status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).unwrap(), inline);
}

#[test]
fn what_is_accepted_stays_green_until_there_is_more_of_it() {
    let directory = district(&[]);
    let guardians = directory.path().join("20260105-020000/guardians.csv");
    let write = |padded: usize| {
        let records = "1001 ,Okafor\n".repeat(padded);
        fs::write(&guardians, format!("Student Id,Last Name\n1002,Nguyen\n1001,Okafor\n{records}"))
            .unwrap();
    };
    let run = || {
        let arguments = ["20260105-020000", "--format", "plain", "--fail-on", "warning"];
        let output = lint(directory.path(), &arguments);
        (output.status.code(), out(&output))
    };
    write(14);
    assert_eq!(run().0, Some(1));
    let baseline = lint(directory.path(), &["baseline", "20260105-020000"]);
    fs::write(directory.path().join("samegoal-lint.toml"), baseline.stdout).unwrap();
    let (code, text) = run();
    assert_eq!((code, text.lines().count()), (Some(0), 2), "{text}");
    assert!(text.ends_with("14 findings are accepted.\n"), "{text}");
    write(15);
    let (code, text) = run();
    assert_eq!(code, Some(1));
    assert_eq!(text.matches("(14 accepted, 15 found)").count(), 16, "{text}");
    write(0);
    let (code, text) = run();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("advice[config/stale-accept] `value/padded`"), "{text}");
}

/// Issue 15.
#[test]
fn a_site_can_rule_out_that_values_are_shown() {
    let shows = |config: &str, variable: &str| {
        let directory = district(&[
            ("samegoal-lint.toml", config),
            ("20260105-020000/guardians.csv", "Student Id,Name\nZ9999,Ada\n"),
        ]);
        let ran = program(directory.path())
            .args(["20260105-020000", "--values=show"])
            .env("SAMEGOAL_LINT_VALUES", variable)
            .output()
            .unwrap();
        assert_eq!(ran.status.code(), Some(1), "{}", err(&ran));
        let text = out(&ran);
        assert!(text.contains("link/unknown-student"), "{text}");
        assert!(text.contains("Z9999") || text.contains("Values are masked, as the"), "{text}");
        text.contains("Z9999")
    };
    assert!(shows("", ""));
    assert!(!shows("values = 'mask'", ""));
    assert!(!shows("", "mask"));
    assert!(!shows("", "msak"));
    let directory = district(&[("samegoal-lint.toml", "values = 'show'")]);
    assert_eq!(lint(directory.path(), &["20260105-020000"]).status.code(), Some(2));
}
