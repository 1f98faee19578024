//! Issue 13: `stage` beside lint. No error vanishes that no fix cures, what is staged is clean under
//! the same options, and a second fix changes nothing.
//!
//! `SAMEGOAL_LINT_CASES=10000 cargo test --release -p samegoal-lint --test it differential` is the
//! full run.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samegoal_lint::layout::TargetKind;
use samegoal_lint::listing::Disk;
use samegoal_lint::policy::{Policy, Selector};
use samegoal_lint::report::Report;
use samegoal_lint::run::{Request as Lint, run};
use samegoal_lint::stage::{self, EpochName, Into};
use samegoal_schema::fix::{Edit, Edits, FIXES, Plan};
use samegoal_schema::{Severity, generic_api};

use super::fixed::laid_out;
use super::{EPOCH, GUARDIANS, Place, STUDENTS};
use crate::case::{self, each};

/// The errors of a rule in a file: how many, how many of them no fix cures, and an order-free sum of
/// where they are.
#[derive(Debug, Default, PartialEq, Eq)]
struct Errors {
    count: u64,
    uncured: u64,
    places: u64,
}

fn lint(dir: &Path) -> Report {
    // The marker is made anew.
    let names = ["layout/bad-epoch-name", "layout/missing-complete", "layout/misnamed-complete"];
    let ignore = names.iter().filter_map(|name| Selector::parse(name).ok()).collect();
    let policy = Policy { max_findings: 0, ignore, ..Policy::default() };
    let kind = Some(TargetKind::Epoch);
    let request = Lint { paths: vec![dir.to_owned()], kind, policy, ..Lint::default() };
    run(&Disk, &generic_api(), &request, &mut std::io::empty()).unwrap()
}

/// The errors by API file, or by path where it is none, and rule.
fn errors(report: &Report) -> BTreeMap<(String, &'static str), Errors> {
    let mut found: BTreeMap<_, Errors> = BTreeMap::new();
    for it in report.found.findings.iter().filter(|it| it.severity == Severity::Error) {
        let files = report.targets.iter().flat_map(|target| &target.files);
        let file = files.clone().find(|file| file.path == *it.path);
        let name = file.map_or("", |file| &file.as_name);
        let errors = found.entry((name.to_owned(), it.finding.rule.name)).or_default();
        errors.count += it.finding.count;
        errors.uncured += if it.finding.fix.is_none() { it.finding.count } else { 0 };
        let place =
            it.finding.location.as_ref().map(|place| (place.record, place.cell.map(|it| it.1)));
        let mut hasher = DefaultHasher::new();
        place.hash(&mut hasher);
        errors.places = errors.places.wrapping_add(hasher.finish());
    }
    found
}

/// Stages, and holds what comes of it against the export.
fn check(place: &Place) -> Result<(), String> {
    let api = generic_api();
    let request = stage::Request {
        mode: None,
        source: place.source.clone(),
        upload: place.upload.clone(),
        into: Into::Epoch { name: EPOCH.parse::<EpochName>().unwrap(), by_clock: false },
        fix: true,
        dry_run: false,
        lint: Lint::default(),
    };
    let before = errors(&lint(&place.source));
    let staged = stage::stage(&api, &request, None).map_err(|error| error.to_string())?;
    let fixes: Vec<_> = staged.report.fixes.iter().map(|it| it.fix).collect();
    if staged.is_good() {
        staged.publish().map_err(|error| error.to_string())?;
        let epoch = place.upload.join(EPOCH);
        let linted = lint(&epoch);
        if linted.found.failed {
            return Err(format!("what is staged has {:?}", linted.found.findings));
        }
        for ((file, rule), errors) in &before {
            if errors.uncured > 0 || !fixes.iter().any(|fix| fix.cures.contains(rule)) {
                return Err(format!("{rule} in {file} vanished: {errors:?}"));
            }
        }
    }
    for entry in fs::read_dir(&place.source).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap_or_default();
        let (Some(spec), Ok(source)) = (api.file(name), fs::read(&path)) else { continue };
        let (copy, _) = fixed(spec, &source);
        let (again, fixes) = fixed(spec, &copy);
        if again != copy || !fixes.is_empty() {
            return Err(format!("{name} is fixed a second time: {fixes:?}"));
        }
        kept(name, &source, &copy)?;
    }
    Ok(())
}

fn fixed(spec: &samegoal_schema::FileSpec, source: &[u8]) -> (Vec<u8>, Vec<&'static str>) {
    struct Names(Vec<&'static str>);
    impl Edits for Names {
        fn edit(&mut self, edit: &Edit<'_>) {
            self.0.extend(edit.fixes().iter().map(|fix| fix.name));
        }
    }
    let plan = Plan::survey(spec, source).unwrap();
    let (mut copy, mut names) = (Vec::new(), Names(Vec::new()));
    plan.apply(source, &mut copy, &mut names).unwrap();
    (copy, names.0)
}

/// In a file by itself, the errors that no fix names are as many and where they were.
fn kept(name: &str, source: &[u8], copy: &[u8]) -> Result<(), String> {
    let api = generic_api();
    let plan = Plan::survey(api.file(name).unwrap(), source).unwrap();
    if plan.converts_from().is_some() {
        // There is more to find in its text.
        return Ok(());
    }
    let [before, after] = [source, copy].map(|bytes| {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(name), bytes).unwrap();
        errors(&lint(dir.path()))
    });
    let repeated = (name.to_owned(), "csv/repeated-header");
    if after.contains_key(&repeated) && !before.contains_key(&repeated) {
        // What was a record with errors is the header once more, now that this has its names.
        return Ok(());
    }
    for (key, found) in &before {
        let is_curable = FIXES.iter().any(|fix| fix.cures.contains(&key.1));
        let left = after.get(key);
        let is_kept = if is_curable {
            left.map_or(0, |left| left.count) == found.uncured
        } else {
            left == Some(found)
        };
        if !is_kept {
            return Err(format!("{key:?} was {found:?} and is {left:?}"));
        }
    }
    Ok(())
}

#[test]
fn no_error_of_a_fixture_vanishes() {
    each(&case::all(), |case| laid_out(case).map_or(Ok(()), |place| check(&place)));
}

/// A change of a file, at places that the numbers choose.
type Change = (u8, usize, usize);

/// What is put into a file.
const PIECES: &[&[u8]] = &[
    b",",
    b",",
    b"\"",
    b" ",
    b"\0",
    b"\xE9",
    b"\xA0",
    b"\xFF",
    b"\n",
    b"\r",
    b"\r\n",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\x8B",
    b"\x1A",
    b"\x0C",
    b"'",
    b"=",
    b"FEMALE",
    b"male ",
    b"1/5/2012",
    b"13/1/2012",
    b"N/A",
    b";",
    b"\t",
    b"_",
];

/// What stands in the header in place of a name.
const NAMES: &[&str] = &[
    "STUDENT_ID",
    "student id ",
    "Student Number",
    "StudentID",
    "Building IRN",
    "building_irn",
    "DOB",
    "Gender",
    "gender",
    "Sex",
    "First Name",
    "",
    "X",
    "Date\u{a0}of Birth",
    "\u{200b}Grade",
    "Zip",
];

fn changed(text: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> =
        text.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    for &(kind, line, at) in changes {
        let count = lines.len();
        let line = &mut lines[line % count];
        let fields = line.split(|byte| *byte == b',').count();
        let split = |line: &[u8]| -> Vec<Vec<u8>> {
            line.trim_ascii_end().split(|byte| *byte == b',').map(<[u8]>::to_vec).collect()
        };
        match kind % 10 {
            // A piece anywhere.
            0..=2 => {
                let piece = PIECES[at / 7 % PIECES.len()];
                let at = at % (line.len() + 1);
                line.splice(at..at, piece.iter().copied());
            }
            // A field less, in one record or in all.
            3 => *line = joined(&without(split(line), at % fields)),
            4 => lines = lines.iter().map(|it| joined(&without(split(it), at % fields))).collect(),
            // Another value, another line end, a line twice, the header once more.
            5 => {
                let mut all = split(line);
                let last = all.len() - 1;
                all[at % fields.min(last + 1)] = PIECES[at / 7 % PIECES.len()].to_vec();
                *line = joined(&all);
            }
            6 => *line = [line.trim_ascii_end(), [&b"\r\n"[..], b"\r", b"\r\r\n"][at % 3]].concat(),
            7 => {
                let again = line.clone();
                lines.push(again);
            }
            // Another name in the header.
            _ => {
                let mut header = split(&lines[0]);
                let position = at % header.len();
                header[position] = NAMES[at / 7 % NAMES.len()].as_bytes().to_vec();
                lines[0] = joined(&header);
            }
        }
    }
    lines.concat()
}

fn without(mut fields: Vec<Vec<u8>>, at: usize) -> Vec<Vec<u8>> {
    if fields.len() > 1 {
        fields.remove(at.min(fields.len() - 1));
    }
    fields
}

fn joined(fields: &[Vec<u8>]) -> Vec<u8> {
    [fields.join(&b","[..]), b"\n".to_vec()].concat()
}

/// No fix is promised where a byte that is not UTF-8 keeps the file from being copied, in a record whose
/// bytes no rule reports.
#[test]
fn no_fix_is_promised_where_none_is_made() {
    for end in [
        &b"\xE9"[..],
        b"1003,Jos\xC3",
        b"PHP Notice: \xFF in e.php on line 3\n",
        b"(2 rows)\n\xFF\n",
    ] {
        let place = Place::new(&[]);
        let header = "Stude;nt Id,Name\n1001,Ngozi Okafor\n1002,Maria Nguyen\n".as_bytes();
        fs::write(place.source.join("students.csv"), STUDENTS).unwrap();
        fs::write(place.source.join("guardians.csv"), [header, end].concat()).unwrap();
        check(&place).unwrap_or_else(|error| panic!("{}: {error}", end.escape_ascii()));
    }
}

#[test]
fn no_error_of_a_changed_export_vanishes() {
    let cases = std::env::var("SAMEGOAL_LINT_CASES").map_or(200, |cases| cases.parse().unwrap());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let change = (any::<u8>(), any::<usize>(), any::<usize>());
    let changes = || prop::collection::vec(change, 0..4);
    let names = prop::sample::select(&["students.csv", "Students.CSV", "students_auto.csv"][..]);
    TestRunner::new(config)
        .run(&(changes(), changes(), names), |(students, guardians, name)| {
            let place = Place::new(&[]);
            let write =
                |name: &str, bytes: &[u8]| fs::write(place.source.join(name), bytes).unwrap();
            write(name, &changed(STUDENTS.as_bytes(), &students));
            write("guardians.csv", &changed(GUARDIANS.as_bytes(), &guardians));
            check(&place).map_err(TestCaseError::fail)
        })
        .unwrap();
}
