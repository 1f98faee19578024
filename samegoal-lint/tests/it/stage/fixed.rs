//! What is fixed in the copy, and that nothing else changes.

use std::cell::RefCell;
use std::fs;

use samegoal_schema::fix::{Edit, Edits, Plan};
use samegoal_schema::{Schema, generic_api};

use super::{EPOCH, GUARDIANS, Place, STUDENTS, files, names};
use crate::case::{self, Case, each};
use crate::cli::rules;

/// An export with everything that can be fixed.
fn faulty() -> Place {
    let students = STUDENTS
        .replace("Student Id,", "\u{FEFF}STUDENT_ID,")
        .replace("Building Reporting Id", "Building IRN")
        .replace(",City,", ",")
        .replace(",,,,,,,,,,Oak", ",,,,,,,,,Oak")
        .replace("Okafor,", "\" Okafor\",")
        .replace(",F,", ",FEMALE,")
        .replace("02/05/2013", "2/5/2013")
        .replacen('\n', "\r\n", 1);
    Place::new(&[("Students_20260105.CSV", &students), ("guardians.csv", GUARDIANS)])
}

#[test]
fn what_has_one_reading_is_mended_in_the_copy() {
    let place = faulty();
    let before = files(&place.source);
    let ran = place.stage(&["--epoch", EPOCH, "--format", "json"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(rules(&ran.out), [""; 0]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let told: Vec<_> = report["fixes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fix| (fix["fix"].as_str().unwrap(), fix["count"].as_u64().unwrap()))
        .collect();
    let expected = [
        ("rename-file", 1),
        ("drop-mark", 1),
        ("rename-column", 2),
        ("add-columns", 3),
        ("unify-line-ends", 1),
        ("trim-value", 1),
        ("write-allowed-value", 1),
        ("pad-date", 1),
    ];
    assert_eq!(told, expected);
    assert!(report["staged"][0].as_str().unwrap().ends_with(EPOCH));
    let made = place.files();
    let students = String::from_utf8(made[&format!("{EPOCH}/students.csv")].clone()).unwrap();
    let fixed = STUDENTS
        .replace("SIS Internal ID", "SIS Internal ID,City")
        .replace(",City,", ",")
        .replace(",,,,,,,,,,Oak", ",,,,,,,,,Oak")
        .replace("000123,", "000123,,")
        .replace("Okafor,", "\"Okafor\",");
    assert_eq!(students, fixed);
    assert_eq!(made[&format!("{EPOCH}/guardians.csv")], GUARDIANS.as_bytes());
    assert_eq!(files(&place.source), before);
}

#[test]
fn without_fixes_nothing_is_mended() {
    let place = faulty();
    let ran = place.stage(&["--fix", "none", "--format", "json"]);
    assert_eq!(ran.status, Some(1));
    for rule in ["layout/misnamed-file", "header/misnamed-column", "value/not-allowed"] {
        assert!(rules(&ran.out).iter().any(|found| found == rule), "{rule}: {}", ran.out);
    }
    let bom = format!("\u{FEFF}{STUDENTS}");
    let place = Place::new(&[("students.csv", &bom)]);
    assert_eq!(place.stage(&["--fix", "none", "--epoch", EPOCH]).status, Some(0));
    assert_eq!(place.files()[&format!("{EPOCH}/students.csv")], bom.as_bytes());
}

#[test]
fn a_dry_run_shows_it_and_makes_nothing() {
    let place = faulty();
    let shown = place.stage(&["--dry-run", "--epoch", EPOCH, "--values", "show"]);
    assert_eq!(shown.status, Some(0), "{}", shown.err);
    let copy = format!("{}/{EPOCH}/students.csv", place.upload.display());
    for line in [
        "Students_20260105.CSV: rename-file (safe), to students.csv",
        &format!("+++ {copy}"),
        "@@ -1 +1 @@ drop-mark (safe), rename-column (safe), add-columns (safe), unify-line-ends (safe)",
        "@@ -3 +3 @@ pad-date (safe), add-columns (safe)",
        "-1002,Nguyen,,Linh,2/5/2013,M,ENROLLED,7,,,,,,,,,Oak School,000123,",
        "+1002,Nguyen,,Linh,02/05/2013,M,ENROLLED,7,,,,,,,,,Oak School,000123,,",
        "-1001,\" Okafor\",,Ada,01/15/2012,FEMALE,ENROLLED,8,,,,,,,,,Oak School,000123,",
    ] {
        assert!(shown.out.lines().any(|it| it.ends_with(line)), "{line}\n{}", shown.out);
    }
    assert!(!shown.out.contains("Staged"));
    let masked = place.stage(&["--dry-run", "--epoch", EPOCH]);
    for cell in ["Okafor", "Nguyen", "Linh", "1001", "2013", "Oak", "123"] {
        assert!(!masked.out.contains(cell), "{cell}\n{}", masked.out);
    }
    // Of what stays as it is, nothing shows.
    assert!(masked.out.contains("\n-‹…›,‹…›,‹…›,‹…›,‹9/9/9999›,‹…›,‹…›,"), "{}", masked.out);
    assert!(masked.out.contains("\n+‹…›,‹…›,‹…›,‹…›,‹99/99/9999›,‹…›,"), "{}", masked.out);
    let json = place.stage(&["--dry-run", "--epoch", EPOCH, "--format", "json"]);
    assert_eq!(rules(&json.out), [""; 0]);
    assert_eq!(names(&place.files()), [""; 0]);
    fs::write(place.source.join("users.csv"), "x\n\"").unwrap();
    assert_eq!(place.stage(&["--dry-run"]).status, Some(1));
}

/// Rules whose every finding goes away, wherever it is.
const ALWAYS: &[&str] = &[
    "csv/byte-order-mark",
    "csv/mixed-line-ends",
    "csv/bare-carriage-return",
    "header/missing-optional-columns",
    "value/padded",
];

/// Those of which it depends on the value, or on the rest of the file.
const SOMETIMES: &[&str] = &[
    "csv/utf16",
    "csv/invalid-utf8",
    "header/misnamed-column",
    "layout/auto-file-in-epoch",
    "layout/misnamed-file",
    "value/not-allowed",
    "value/unpadded-date",
];

#[test]
fn fixtures_with_safe_faults_are_clean_when_they_are_staged() {
    let cases = case::all();
    let counts = RefCell::new((0, 0));
    each(&cases, |case| {
        let Some(place) = laid_out(case) else { return Ok(()) };
        let before = place.stage(&["--fix", "none", "--dry-run", "--format", "json"]);
        let after = place.stage(&["--epoch", EPOCH, "--format", "json"]);
        let (Some(0 | 1), Some(0 | 1)) = (before.status, after.status) else {
            return Err(format!("{}{}", before.err, after.err));
        };
        let (before, left) = (rules(&before.out), rules(&after.out));
        let is = |list: &[&str], rules: &[String]| {
            !rules.is_empty() && rules.iter().all(|rule| list.contains(&&**rule))
        };
        let all = [ALWAYS, SOMETIMES].concat();
        if is(ALWAYS, &before) && !left.is_empty() {
            return Err(format!("{left:?} is left of {before:?}"));
        }
        if is(&all, &before) && !left.is_empty() {
            eprintln!("{}: {left:?} of {before:?}", case.name);
        }
        if is(&all, &before) {
            let mut counts = counts.borrow_mut();
            counts.0 += 1;
            counts.1 += usize::from(left.is_empty());
        }
        if after.status == Some(0) {
            for name in ["students.csv", "guardians.csv", "users.csv", "absences.csv"] {
                differs_as_told(&place, name)?;
            }
        }
        Ok(())
    });
    let (with_safe_faults, clean) = *counts.borrow();
    assert!(clean >= 20, "of {with_safe_faults} only {clean} are clean");
}

/// The epoch or the file of a fixture as an export; `None` for what is not made of files only.
pub(super) fn laid_out(case: &Case) -> Option<Place> {
    let path = case.args.iter().find(|arg| !arg.starts_with('-'))?;
    if case.args.len() > 1 || path.contains("upload") {
        return None;
    }
    let place = Place::new(&[]);
    for node in &case.nodes {
        let crate::tree::What::File(bytes) = &node.what else { return None };
        let name = match node.path.strip_prefix(path) {
            Ok(rest) if rest.as_os_str().is_empty() => node.path.file_name()?.as_ref(),
            Ok(rest) => rest,
            Err(_) => return None,
        };
        let to = place.source.join(name);
        fs::create_dir_all(to.parent()?).ok()?;
        fs::write(to, bytes).ok()?;
    }
    Some(place)
}

/// Whether a staged file is its source but for the records that a fix is told of.
fn differs_as_told(place: &Place, name: &str) -> Result<(), String> {
    struct Lines(Vec<u64>);
    impl Edits for Lines {
        fn edit(&mut self, edit: &Edit<'_>) {
            self.0.push(edit.line());
        }
    }
    let Ok(copy) = fs::read(place.upload.join(EPOCH).join(name)) else { return Ok(()) };
    // A file that got another name was looked at by its new one.
    let Ok(source) = fs::read(place.source.join(name)) else { return Ok(()) };
    let api: Schema = generic_api();
    let file = api.file(name).unwrap();
    let plan = Plan::survey(file, source.as_slice()).unwrap();
    if plan.converts_from().is_some_and(|encoding| encoding.contains("UTF-")) {
        return Ok(());
    }
    let (mut again, mut lines) = (Vec::new(), Lines(Vec::new()));
    plan.apply(source.as_slice(), &mut again, &mut lines).unwrap();
    if again != copy {
        return Err(format!("{name} was copied otherwise"));
    }
    let split = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let text = bytes.to_vec();
        text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    let (from, to) = (split(&source), split(&copy));
    if source.contains(&b'\r') && lines.0.len() * 2 > from.len() {
        // Carriage returns alone: there are other lines before and after.
        return Ok(());
    }
    for (number, (a, b)) in (1..).zip(from.iter().zip(&to)) {
        let is_told = lines.0.iter().rev().find(|line| **line <= number);
        if a != b && is_told.is_none() {
            return Err(format!("{name}:{number} differs, and no finding says so"));
        }
    }
    if from.len() != to.len() && !source.contains(&b'\r') {
        return Err(format!("{name} has other lines"));
    }
    Ok(())
}
