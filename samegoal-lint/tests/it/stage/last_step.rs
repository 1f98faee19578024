//! Issue 13: nothing is published before everything that can fail is done, and nothing that is wrong.

use std::fs;

use super::{EPOCH, GUARDIANS, Place, STUDENTS, files, names};
use crate::cli::{rules, run};

/// Without `City`, which is optional, and with a record that has one comma too many.
fn unquoted_comma() -> Place {
    let drop_city = |(number, line): (usize, &str)| {
        let mut fields: Vec<_> = line.split(',').collect();
        fields.remove(9);
        if number == 1 {
            fields.splice(8..9, ["310 Main St", "Apt 4"]);
        }
        fields.join(",")
    };
    let students: Vec<_> = STUDENTS.lines().enumerate().map(drop_city).collect();
    let students = format!("{}\n", students.join("\n"));
    Place::new(&[("students.csv", &students), ("guardians.csv", GUARDIANS)])
}

#[test]
fn what_a_fix_would_hide_is_not_published() {
    let place = unquoted_comma();
    let ran = place.stage(&["--format", "json"]);
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    assert!(rules(&ran.out).iter().any(|rule| rule == "csv/field-count"), "{}", ran.out);
    assert_eq!(names(&place.files()), [""; 0]);
    for (value, rule) in [
        ("EN\0ROLLED", "csv/nul-byte"),
        ("ENROLLED\0", "csv/nul-byte"),
        ("\"=\"\"ENROLLED\"\"\"", "value/spreadsheet-damage"),
    ] {
        let students = STUDENTS.replacen("ENROLLED", value, 1);
        let place = Place::new(&[("students.csv", &students)]);
        let severity = format!("{rule}=error");
        let ran = place.stage(&["--format", "json", "--severity", &severity]);
        assert_eq!(ran.status, Some(1), "{rule}: {}{}", ran.out, ran.err);
        assert_eq!(rules(&ran.out)[0], rule);
        assert_eq!(names(&place.files()), [""; 0]);
    }
}

#[test]
fn places_are_those_of_the_export_and_what_is_cured_is_not_told() {
    let students = STUDENTS
        .replace("1001,Okafor", "  1001  ,  Okafor  ")
        .replace(",F,ENROLLED", ",FEMALE,Somewhere")
        .replace('\n', "\r\r\n");
    let place = Place::new(&[("students.csv", &students)]);
    let staged = place.stage(&["--format", "json"]);
    assert_eq!(staged.status, Some(1));
    let linted = run(crate::cli::program(&place.source).args(["--format", "json", "."]));
    let place_of = |json: &str| {
        let report: serde_json::Value = serde_json::from_str(json).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        let found: Vec<_> = findings
            .iter()
            .filter(|it| it["rule"] == "value/not-allowed")
            .map(|it| (it["line"].clone(), it["column"].clone(), it["fix"].clone()))
            .collect();
        found
    };
    let (staged, linted) = (place_of(&staged.out), place_of(&linted.out));
    assert_eq!(linted.len(), 2, "{linted:?}");
    assert_eq!(linted[0].2, "write-allowed-value");
    // Only what is left, and where it is.
    assert_eq!(staged, linted[1..]);
}

#[test]
fn a_report_that_cannot_be_written_leaves_nothing_published() {
    let place = Place::good();
    let nowhere = place.source.join("no/such/report.json");
    for auto in [&[][..], &["--auto"]] {
        let report = format!("json={}", nowhere.display());
        let ran = place.stage(&[&["--report", &report], auto].concat());
        assert_eq!(ran.status, Some(2), "{}{}", ran.out, ran.err);
        assert_eq!(names(&place.files()), [""; 0]);
        if cfg!(target_os = "linux") {
            let full = fs::File::options().write(true).open("/dev/full").unwrap();
            let ran = place.command(auto).stdout(full).status().unwrap();
            assert_eq!(ran.code(), Some(2));
            assert_eq!(names(&place.files()), [""; 0]);
        }
    }
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    if !cfg!(unix) {
        return;
    }
    let place = Place::good();
    let script = format!(
        "'{}' stage '{}' --upload '{}' --epoch {EPOCH} | true; exit ${{PIPESTATUS[0]:-0}}",
        env!("CARGO_BIN_EXE_samegoal-lint"),
        place.source.display(),
        place.upload.display()
    );
    run(std::process::Command::new("sh").args(["-c", &script]));
    assert_eq!(place.files().len(), 4);
}

#[test]
fn an_epoch_of_the_clock_gets_the_next_free_name() {
    let place = Place::good();
    for count in 1..=4 {
        let ran = place.stage(&[]);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        assert_eq!(files(&place.upload).len(), count * 4);
    }
}

#[test]
fn lint_says_what_stage_would_fix() {
    let students = STUDENTS
        .replace("Student Id,", "\u{FEFF}STUDENT_ID,")
        .replace("Gender", "Sex")
        .replace(",City,", ",")
        .replace(",,,,,,,,,,Oak", ",,,,,,,,,Oak")
        .replace("Okafor,", " Okafor,")
        .replacen("ENROLLED", "enrolled", 1)
        .replacen('\n', "\r\n", 1)
        .replace("02/05/2013", "2/5/2013");
    let fixed = |students: &str| {
        let place = Place::new(&[("Students.csv", students), ("guardians.csv", GUARDIANS)]);
        let ran = run(crate::cli::program(&place.source).args(["--format", "json", "."]));
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let findings = report["findings"].as_array().unwrap().clone();
        let fixed: std::collections::BTreeMap<String, Option<String>> = findings
            .iter()
            .map(|it| (it["rule"].to_string(), it["fix"].as_str().map(String::from)))
            .collect();
        fixed
    };
    let of = |found: &std::collections::BTreeMap<String, Option<String>>, rule: &str| {
        found.get(&format!("\"{rule}\"")).unwrap_or_else(|| panic!("{found:?}")).clone()
    };
    let found = fixed(&students.replace("Sex", "GENDER"));
    for (rule, fix) in [
        ("layout/misnamed-file", "rename-file"),
        ("csv/byte-order-mark", "drop-mark"),
        ("header/misnamed-column", "rename-column"),
        ("header/missing-optional-columns", "add-columns"),
        ("csv/mixed-line-ends", "unify-line-ends"),
        ("value/padded", "trim-value"),
        ("value/not-allowed", "write-allowed-value"),
        ("value/unpadded-date", "pad-date"),
    ] {
        assert_eq!(of(&found, rule).as_deref(), Some(fix), "{rule}");
    }
    // Not where the dates do not show it, nor where a record does not fit, nor a synonym.
    let found =
        fixed(&students.replace("01/15/2012", "01/05/2012").replace("STUDENT_ID", "Student Id"));
    assert_eq!(of(&found, "value/unpadded-date"), None);
    assert_eq!(of(&found, "header/misnamed-column"), None);
    let found = fixed(&students.replace("Linh,", "Linh,,"));
    assert_eq!(of(&found, "header/missing-optional-columns"), None);
    let latin = STUDENTS.replace("Okafor", "#");
    let latin = |name: &[u8]| -> Vec<u8> {
        let parts: Vec<_> = latin.split('#').map(str::as_bytes).collect();
        parts.join(name)
    };
    for (name, fix) in [(&b"Jos\xE9"[..], Some("convert-encoding")), (b"Jos\x82", None)] {
        let place = Place::new(&[]);
        fs::write(place.source.join("students.csv"), latin(name)).unwrap();
        let ran = run(crate::cli::program(&place.source).args(["--format", "json", "."]));
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|it| it["rule"] == "csv/invalid-utf8").unwrap();
        assert_eq!(found["fix"].as_str(), fix);
    }
}
