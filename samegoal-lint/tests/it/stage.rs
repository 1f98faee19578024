//! From an export to an epoch, with the program as it is called.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::{Ran, ran, run};

mod differential;
mod fixed;
mod kills;
mod last_step;
#[cfg(unix)]
mod traces;

const STUDENTS: &str = "\
Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,District Enrollment,Grade,\
Address,City,State,Zip,Race,District of Residence,County of Residence,District of Service,\
Student Reporting Id,Building,Building Reporting Id,SIS Internal ID
1001,Okafor,,Ada,01/15/2012,F,ENROLLED,8,,,,,,,,,,Oak School,000123,
1002,Nguyen,,Linh,02/05/2013,M,ENROLLED,7,,,,,,,,,,Oak School,000123,
";
const GUARDIANS: &str = "Student Id,Name\n1001,Ngozi Okafor\n1002,Maria Nguyen\n";
const EPOCH: &str = "20260105-020000";
/// Where a run puts an epoch together.
const WORKSPACE: &str = ".samegoal-lint-stage-workspace";

/// An export and a directory to upload from.
struct Place {
    _dir: tempfile::TempDir,
    source: PathBuf,
    upload: PathBuf,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (source, upload) = (dir.path().join("export"), dir.path().join("upload"));
        fs::create_dir(&source).unwrap();
        fs::create_dir(&upload).unwrap();
        for (name, text) in files {
            fs::write(source.join(name), text).unwrap();
        }
        Self { _dir: dir, source, upload }
    }

    fn good() -> Self {
        Self::new(&[("students.csv", STUDENTS), ("guardians.csv", GUARDIANS)])
    }

    fn command(&self, args: &[&str]) -> Command {
        command(&self.source, &self.upload, args)
    }

    fn stage(&self, args: &[&str]) -> Ran {
        run(&mut self.command(args))
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.upload)
    }
}

fn command(source: &Path, upload: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_samegoal-lint"));
    command.arg("stage").arg(source).arg("--upload").arg(upload).args(args).stdin(Stdio::null());
    command
}

/// All files below a directory; directories end in `/`.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            for (below, bytes) in files(&entry.path()) {
                found.insert(format!("{name}/{below}"), bytes);
            }
            found.insert(format!("{name}/"), Vec::new());
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}

#[test]
fn an_export_becomes_an_epoch() {
    let place = Place::good();
    fs::write(place.source.join("COMPLETE"), "not empty").unwrap();
    fs::write(place.source.join("export.log"), "done").unwrap();
    let before = files(&place.source);
    let ran = place.stage(&["--epoch", EPOCH]);
    assert_eq!((ran.status, &*ran.err), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.contains(&format!("\nStaged: {}/{EPOCH}.\n", place.upload.display())));
    let made = place.files();
    let expected = ["", "COMPLETE", "guardians.csv", "students.csv"];
    assert_eq!(names(&made), expected.map(|name| format!("{EPOCH}/{name}")));
    assert!(made[&format!("{EPOCH}/COMPLETE")].is_empty());
    assert_eq!(made[&format!("{EPOCH}/students.csv")], STUDENTS.as_bytes());
    assert_eq!(made[&format!("{EPOCH}/guardians.csv")], GUARDIANS.as_bytes());
    assert_eq!(files(&place.source), before, "the export was changed");
    let linted = run(Command::new(env!("CARGO_BIN_EXE_samegoal-lint"))
        .args(["--format", "plain"])
        .arg(&place.upload));
    assert_eq!(linted.status, Some(0));
    assert!(linted.out.starts_with("Nothing was found"), "{}", linted.out);
}

#[test]
fn the_name_is_the_local_time() {
    let place = Place::good();
    let names = || -> Vec<String> {
        let made = place.files();
        made.keys().filter(|name| name.ends_with('/')).cloned().collect()
    };
    // Hours apart, whatever the time.
    for zone in ["XXX12", "XXX-12"] {
        assert_eq!(run(place.command(&[]).env("TZ", zone)).status, Some(0));
    }
    let names = names();
    assert_eq!(names.len(), 2);
    let day = |name: &str| name[..8].parse::<u32>().unwrap();
    assert!(day(&names[0]) < day(&names[1]), "{names:?}");
    // Now the clock is set back.
    let back = run(place.command(&[]).env("TZ", "XXX0"));
    assert_eq!(back.status, Some(2));
    assert!(back.err.contains("check the clock"), "{}", back.err);
    assert_eq!(place.stage(&["--epoch", EPOCH]).status, Some(0));
}

#[test]
fn errors_make_nothing() {
    let broken = STUDENTS.replace("1002,Nguyen", "1001,Nguyen").replace(",M,", ",MALE,");
    for (files, rule) in [
        (vec![("students.csv", &*broken)], "key/duplicate"),
        (vec![("guardians.csv", GUARDIANS)], "layout/missing-students"),
        (vec![], "layout/no-data-file"),
        (vec![("students.csv", STUDENTS), ("Students.csv", STUDENTS)], "layout/duplicate-file"),
        (vec![("students.csv", STUDENTS), ("export1.csv", "")], "layout/nested-file"),
        // Told by its header only: which one it is is a guess.
        (vec![("export.csv", STUDENTS)], "layout/misnamed-file"),
    ] {
        let place = Place::new(&files);
        if rule == "layout/nested-file" {
            fs::create_dir(place.source.join("more")).unwrap();
            fs::write(place.source.join("more/guardians.csv"), GUARDIANS).unwrap();
        }
        for args in [&["--format", "plain"][..], &["--format", "plain", "--auto"]] {
            let ran = place.stage(args);
            assert_eq!(ran.status, Some(1), "{rule}: {}{}", ran.out, ran.err);
            assert!(ran.out.contains(&format!("error[{rule}]")), "{rule}: {}", ran.out);
            assert_eq!(ran.err, "error: nothing was staged\n");
            assert_eq!(names(&place.files()), [""; 0]);
        }
    }
}

#[test]
fn a_severity_counts_as_it_does_in_linting() {
    let place = Place::new(&[("students.csv", STUDENTS), ("notes.txt", "x")]);
    assert_eq!(place.stage(&["--fail-on", "warning"]).status, Some(1));
    assert_eq!(place.stage(&["--severity", "layout/unknown-file=error"]).status, Some(1));
    assert_eq!(names(&place.files()), [""; 0]);
    assert_eq!(place.stage(&["--ignore", "layout/unknown-file", "--epoch", EPOCH]).status, Some(0));
}

#[test]
fn what_cannot_be_staged_is_told_and_nothing_is_lost() {
    let place = Place::good();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let dir = place.source.parent().unwrap();
    fs::create_dir(place.upload.join("in")).unwrap();
    fs::write(place.upload.join("in/students.csv"), STUDENTS).unwrap();
    fs::create_dir(place.source.join("up")).unwrap();
    fs::create_dir(place.upload.join(EPOCH)).unwrap();
    let before = files(dir);
    let (source, upload) = (text(&place.source), text(&place.upload));
    let join = |path: &str, name: &str| format!("{path}/{name}");
    for (source, upload, args, told) in [
        (join(&source, "x"), upload.clone(), &[][..], "there is no `"),
        (join(&source, "students.csv"), upload.clone(), &[], "is not a directory"),
        (source.clone(), join(&upload, "x"), &[], "cannot write to `"),
        (source.clone(), join(&source, "students.csv"), &[], "cannot write to `"),
        (join(&upload, "in"), upload.clone(), &[], "one contains the other"),
        (source.clone(), join(&source, "up"), &[], "one contains the other"),
        (source.clone(), source.clone(), &[], "are the same directory"),
        (source.clone(), upload.clone(), &["--epoch", EPOCH], "already exists"),
        (source.clone(), upload.clone(), &["--epoch", "20260105"], "YYYYMMDD-HHMMSS"),
        (source.clone(), upload.clone(), &["--epoch", "20260230-020000"], "YYYYMMDD-HHMMSS"),
        (source.clone(), upload.clone(), &["--epoch", EPOCH, "--auto"], "cannot be used with"),
        (source.clone(), "/proc".into(), &[], "cannot write to `/proc`"),
    ] {
        if upload == "/proc" && !cfg!(target_os = "linux") {
            continue;
        }
        let ran = run(&mut command(source.as_ref(), upload.as_ref(), args));
        assert_eq!(ran.status, Some(2), "{told}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(told) && ran.out.is_empty(), "{told}: {}", ran.err);
        assert_eq!(files(dir), before);
    }
}

#[test]
fn a_disk_that_is_full_leaves_nothing_behind() {
    if !cfg!(unix) {
        return;
    }
    let mut rows = String::new();
    for number in 0..20_000 {
        writeln!(rows, "{number},Okafor,,Ada,01/15/2012,F,ENROLLED,,,,,,,,,,,Oak,1,").unwrap();
    }
    let header = STUDENTS.lines().next().unwrap();
    let place = Place::new(&[("students.csv", &format!("{header}\n{rows}"))]);
    for args in ["", "--auto", "--fix none"] {
        // The system refuses to let a file grow beyond that.
        let script = format!(
            "trap '' XFSZ; ulimit -f 64; exec '{}' stage '{}' --upload '{}' {args}",
            env!("CARGO_BIN_EXE_samegoal-lint"),
            place.source.display(),
            place.upload.display()
        );
        let ran = run(Command::new("sh").args(["-c", &script]));
        assert_eq!(ran.status, Some(2), "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("cannot write to `"), "{}", ran.err);
        assert_eq!(names(&place.files()), [""; 0]);
    }
}

#[test]
fn one_run_at_a_time_works_in_a_directory() {
    let place = Place::good();
    let workspace = place.upload.join(WORKSPACE);
    let theirs = workspace.join("epoch");
    fs::create_dir_all(&theirs).unwrap();
    let lock = File::create(workspace.join("lock")).unwrap();
    lock.lock().unwrap();
    // Which makes nothing, needs no lock either.
    assert_eq!(place.stage(&["--dry-run"]).status, Some(0));
    let ran = place.stage(&["--epoch", EPOCH]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("another run is staging into `"), "{}", ran.err);
    assert!(theirs.is_dir(), "the workspace of a run that works was removed");
    // It was killed.
    drop(lock);
    fs::write(theirs.join("students.csv"), "half").unwrap();
    fs::create_dir(place.upload.join("keep")).unwrap();
    assert_eq!(place.stage(&["--epoch", EPOCH]).status, Some(0));
    assert!(!workspace.exists() && place.upload.join("keep").is_dir());
}

#[test]
fn runs_that_start_together_stage_once_or_tell() {
    let place = Place::good();
    let epochs: Vec<_> = (0..8).map(|second| format!("20260105-02000{second}")).collect();
    let runs: Vec<_> = epochs
        .iter()
        .map(|epoch| {
            let mut command = place.command(&["--epoch", epoch]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut staged = 0;
    for (child, epoch) in runs.into_iter().zip(&epochs) {
        let ran = ran(child.wait_with_output().unwrap());
        let is_there = place.upload.join(epoch).join("COMPLETE").is_file();
        match ran.status {
            Some(0) => staged += 1,
            _ => assert!(ran.err.contains("another run is staging"), "{}", ran.err),
        }
        assert_eq!(ran.status == Some(0), is_there);
    }
    assert!(staged > 0);
    assert_eq!(place.files().len(), staged * 4);
}

#[test]
fn auto_files_take_the_place_of_those_that_are_there() {
    let place = Place::good();
    fs::write(place.upload.join("users_auto.csv"), "old").unwrap();
    fs::write(place.upload.join("students_auto.csv"), "old").unwrap();
    // Another case may be the same to the server.
    fs::write(place.upload.join("Students_auto.csv"), "old").unwrap();
    fs::write(place.upload.join("GUARDIANS_AUTO.CSV"), "old").unwrap();
    fs::write(place.upload.join("students.csv"), "not ours").unwrap();
    let ran = place.stage(&["--auto"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.out.contains("guardians_auto.csv, "), "{}", ran.out);
    let made = place.files();
    assert_eq!(names(&made), ["guardians_auto.csv", "students.csv", "students_auto.csv"]);
    assert_eq!(made["students_auto.csv"], STUDENTS.as_bytes());
    assert_eq!(made["guardians_auto.csv"], GUARDIANS.as_bytes());
    fs::remove_file(place.upload.join("guardians_auto.csv")).unwrap();
    fs::create_dir(place.upload.join("guardians_auto.csv")).unwrap();
    let ran = place.stage(&["--auto"]);
    assert_eq!(ran.status, Some(2));
    assert!(ran.err.contains("already exists"), "{}", ran.err);
    fs::remove_dir(place.upload.join("guardians_auto.csv")).unwrap();
    fs::create_dir(place.upload.join("Guardians_auto.csv")).unwrap();
    assert_eq!(place.stage(&["--auto"]).status, Some(2));
    assert_eq!(place.files()["students_auto.csv"], STUDENTS.as_bytes());
}

#[test]
fn a_file_that_is_written_to_meanwhile_is_not_staged() {
    let place = Place::good();
    let path = place.source.join("students.csv");
    // Larger than can be read before it grows.
    let row = "\n1,Okafor,,Ada,01/15/2012,F,ENROLLED,,,,,,,,,,,Oak,1,";
    fs::write(&path, STUDENTS.lines().next().unwrap().to_owned() + &row.repeat(200_000)).unwrap();
    let mut child = place
        .command(&["--epoch", EPOCH])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        let mut file = File::options().append(true).open(&path).unwrap();
        std::io::Write::write_all(&mut file, row.as_bytes()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    let ran = ran(child.wait_with_output().unwrap());
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("was written to while it was being read"), "{}", ran.err);
    assert_eq!(names(&place.files()), [""; 0]);
}
