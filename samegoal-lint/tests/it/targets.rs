//! What a PATH leads to on the command line: patterns, searches, a wrong PATH, and which
//! configuration is obeyed.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::config::{district, err, lint, out};

/// Two districts side by side, each with an epoch and, the second, a configuration.
fn districts() -> TempDir {
    let epoch = district(&[]);
    let read =
        |name: &str| fs::read_to_string(epoch.path().join("20260105-020000").join(name)).unwrap();
    let (students, guardians) = (read("students.csv"), read("guardians.csv"));
    let directory = tempfile::tempdir().unwrap();
    for name in ["adams", "brown", "notes"] {
        let upload = directory.path().join(name).join("upload");
        let epoch = upload.join("20260105-020000");
        fs::create_dir_all(if name == "notes" { &upload } else { &epoch }).unwrap();
        if name != "notes" {
            fs::write(epoch.join("students.csv"), &students).unwrap();
            fs::write(epoch.join("guardians.csv"), &guardians).unwrap();
            fs::write(epoch.join("COMPLETE"), "").unwrap();
        }
    }
    fs::write(directory.path().join("notes/upload/letter.txt"), "Dear parents").unwrap();
    let config = "expected-files = ['absences.csv']\n";
    fs::write(directory.path().join("brown/samegoal-lint.toml"), config).unwrap();
    directory
}

fn json(directory: &TempDir, arguments: &[&str]) -> (Option<i32>, Value) {
    let output = lint(directory.path(), &[arguments, &["--format", "json"]].concat());
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code(), report.unwrap_or_else(|_| panic!("{}", err(&output))))
}

fn paths(report: &Value) -> Vec<&str> {
    let targets = report["targets"].as_array().unwrap();
    targets.iter().map(|target| target["path"].as_str().unwrap()).collect()
}

fn found(report: &Value) -> Vec<(&str, &str)> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|it| (it["rule"].as_str().unwrap(), it["path"].as_str().unwrap())).collect()
}

/// No shell is between the test and the program, which so has to expand the patterns by itself.
#[test]
fn a_pattern_stands_for_what_it_matches() {
    let directory = districts();
    let epochs = ["adams/upload/20260105-020000", "brown/upload/20260105-020000"];
    for pattern in ["*/upload/2026*", "?????/upload/20260105-02000?"] {
        let (code, report) = json(&directory, &[pattern]);
        assert_eq!((code, paths(&report)), (Some(1), epochs.to_vec()), "{pattern}");
        // Each delivery has the configuration that is its own.
        assert_eq!(found(&report), [("layout/missing-expected-file", epochs[1])], "{pattern}");
    }
    let (code, report) = json(&directory, &["adams/upload/*/*s.csv"]);
    let files = ["guardians.csv", "students.csv"].map(|it| format!("{}/{it}", epochs[0]));
    assert_eq!((code, paths(&report)), (Some(0), files.iter().map(|it| &**it).collect()));
    let output = lint(directory.path(), &["*/upload/2027*"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(err(&output), "error: nothing matches `*/upload/2027*`\n");
}

#[test]
fn a_search_lints_what_lies_below_with_its_own_configuration() {
    let directory = districts();
    let (code, report) = json(&directory, &["--recursive", "."]);
    let roots = ["./adams/upload", "./brown/upload"];
    let epochs = roots.map(|root| format!("{root}/20260105-020000"));
    assert_eq!(paths(&report), [roots[0], &epochs[0], roots[1], &epochs[1]]);
    assert_eq!(code, Some(1));
    assert_eq!(found(&report), [("layout/missing-expected-file", &*epochs[1])]);
    let (code, report) = json(&directory, &["--recursive", "adams"]);
    assert_eq!((code, found(&report)), (Some(0), vec![]));
    let text = out(&lint(directory.path(), &["--recursive", "."]));
    let rows: Vec<_> = text.lines().take(2).collect();
    assert!(rows[0].starts_with(&epochs[0]) && rows[0].ends_with("nothing found"), "{text}");
    assert!(rows[1].starts_with(&epochs[1]) && rows[1].contains("1 error"), "{text}");
}

const FORMATS: [&str; 12] = [
    "pretty", "plain", "summary", "markdown", "html", "github", "json", "jsonl", "csv", "junit",
    "sarif", "gitlab",
];

/// A folder of letters is not a delivery that SameGoal would ignore, in any format.
#[test]
fn a_wrong_path_is_said_to_be_no_delivery() {
    let directory = districts();
    fs::create_dir(directory.path().join("home")).unwrap();
    fs::write(directory.path().join("home/letter.txt"), "Dear parents").unwrap();
    for path in ["home", ".", "notes/upload"] {
        for format in FORMATS {
            let output = lint(directory.path(), &[path, "--format", format]);
            assert_eq!(output.status.code(), Some(1), "{path}");
            let text = out(&output);
            for wrong in ["ignore this delivery", "Everything that can be checked"] {
                assert!(!text.contains(wrong), "{path} {format}: {text}");
            }
            assert!(text.contains("is not a delivery"), "{path} {format}: {text}");
        }
    }
    let (_, report) = json(&directory, &["home"]);
    let sentence =
        "The PATH `home` is not a delivery: there is no API file in it, only 1 other file.";
    let said = report["verdict"]["sentence"].as_str().unwrap();
    assert!(said.starts_with(sentence), "{said}");
    assert_eq!(report["verdict"]["consequence"], "delivery-ignored");
    assert_eq!(report["summary"]["not_checked"][0]["why"], "it is not a delivery");
    let text = out(&lint(directory.path(), &["home", "adams/upload/20260105-020000"]));
    assert!(text.lines().next().unwrap().contains("not a delivery"), "{text}");
    assert!(text.contains("\nThe PATH `home` is not a delivery: "), "{text}");
}

/// What lies beside a file that is linted by itself lies in the delivery, and is not obeyed.
#[test]
fn a_configuration_beside_a_file_is_said_to_be_passed_over() {
    let off = "[severity]\n\"value\" = \"off\"\n";
    let directory = district(&[("20260105-020000/samegoal-lint.toml", off)]);
    let file = "20260105-020000/students.csv";
    let config = "20260105-020000/samegoal-lint.toml";
    let said = |arguments: &[&str]| {
        let (code, report) = json(&directory, arguments);
        assert_eq!(code, Some(0));
        let not_checked = report["summary"]["not_checked"].as_array().unwrap().clone();
        not_checked.iter().any(|it| it["path"] == config && it["what"] == "settings")
    };
    assert!(said(&[file]));
    assert!(said(&[file, "20260105-020000/guardians.csv"]));
    for arguments in [&[file, "--config", config][..], &[file, "--no-config"]] {
        assert!(!said(arguments), "{arguments:?}");
    }
    let text = out(&lint(directory.path(), &[file]));
    assert!(text.contains(&format!("Not checked: settings of {config} (")), "{text}");
    assert!(text.contains(&format!("`--config {config}` uses it")), "{text}");
}

#[cfg(unix)]
mod distrusted {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    use super::*;

    /// That the one that is found is not taken, and the same one is where it is named.
    fn refused(directory: &TempDir, why: &str) {
        for arguments in [&["20260105-020000"][..], &["stage", "20260105-020000", "--upload", "up"]]
        {
            let output = lint(directory.path(), arguments);
            assert_eq!((output.status.code(), &*out(&output)), (Some(2), ""), "{why}");
            let text = err(&output);
            assert!(text.contains("samegoal-lint.toml") && text.contains(why), "{text}");
        }
        assert!(!directory.path().join("up").exists());
        for arguments in [
            &["20260105-020000", "--config", "samegoal-lint.toml"][..],
            &["20260105-020000", "--no-config"],
        ] {
            let output = lint(directory.path(), arguments);
            assert_eq!(output.status.code(), Some(0), "{why}: {}", err(&output));
        }
    }

    #[test]
    fn a_link_is_refused() {
        let directory = district(&[("elsewhere.toml", "")]);
        symlink("elsewhere.toml", directory.path().join("samegoal-lint.toml")).unwrap();
        refused(&directory, "it is a link");
    }

    #[test]
    fn what_everybody_may_write_to_is_refused() {
        let directory = district(&[("samegoal-lint.toml", "")]);
        let file = directory.path().join("samegoal-lint.toml");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        refused(&directory, "every user may write to it");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o664)).unwrap();
        assert_eq!(lint(directory.path(), &["20260105-020000"]).status.code(), Some(0));
    }

    /// Only root can give a file away; elsewhere there is nothing to try.
    #[test]
    fn what_belongs_to_another_user_is_refused() {
        const OTHER: u32 = 4242;
        let directory = district(&[("samegoal-lint.toml", "")]);
        let file = directory.path().join("samegoal-lint.toml");
        if chown(&file, Some(OTHER), None).is_err() {
            return;
        }
        refused(&directory, "it belongs to another user");
        // The owner of the delivery may say what is expected of it.
        chown(directory.path().join("20260105-020000"), Some(OTHER), None).unwrap();
        assert_eq!(lint(directory.path(), &["20260105-020000"]).status.code(), Some(0));
    }
}
