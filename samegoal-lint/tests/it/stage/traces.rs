//! Issue 15: what a run leaves behind, who may read it, and what others left in its way.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{EPOCH, GUARDIANS, Place, STUDENTS, WORKSPACE, names};
use crate::cli::{Ran, ran, rules, run};
use crate::special_files::{end, make_pipe};

fn mode(path: impl AsRef<Path>) -> u32 {
    path.as_ref().metadata().unwrap().mode() & 0o7777
}

fn set_mode(path: impl AsRef<Path>, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Stages with a mask of the process.
fn masked(place: &Place, mask: &str, args: &str) -> Ran {
    let script = format!(
        "umask {mask}; exec '{}' stage '{}' --upload '{}' {args}",
        env!("CARGO_BIN_EXE_samegoal-lint"),
        place.source.display(),
        place.upload.display()
    );
    run(Command::new("sh").args(["-c", &script]))
}

#[test]
fn a_copy_is_readable_by_no_more_people_than_the_file() {
    for (mask, dir, file, staged_dir, staged) in [
        ("022", 0o755, 0o644, 0o755, 0o644),
        ("022", 0o755, 0o600, 0o755, 0o600),
        ("000", 0o755, 0o640, 0o755, 0o640),
        ("000", 0o777, 0o666, 0o755, 0o644),
        ("000", 0o755, 0o604, 0o755, 0o604),
        ("077", 0o755, 0o644, 0o700, 0o600),
        // Who cannot get to the file cannot read it.
        ("000", 0o700, 0o644, 0o700, 0o600),
        ("000", 0o750, 0o644, 0o750, 0o640),
        ("000", 0o711, 0o644, 0o711, 0o644),
    ] {
        let place = Place::good();
        for name in ["students.csv", "guardians.csv"] {
            set_mode(place.source.join(name), file);
        }
        set_mode(&place.source, dir);
        let ran = masked(&place, mask, &format!("--epoch {EPOCH}"));
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let epoch = place.upload.join(EPOCH);
        let case = format!("{mask} {dir:o} {file:o}");
        assert_eq!(mode(&epoch), staged_dir, "{case}: {:o}", mode(&epoch));
        for name in ["students.csv", "guardians.csv"] {
            assert_eq!(mode(epoch.join(name)), staged, "{case}: {:o}", mode(epoch.join(name)));
        }
        assert_eq!(mode(epoch.join("COMPLETE")) & 0o044, staged_dir & 0o044, "{case}");
        assert_eq!(masked(&place, mask, "--auto").status, Some(0));
        assert_eq!(mode(place.upload.join("students_auto.csv")), staged, "{case}");
    }
}

#[test]
fn a_mode_that_is_given_is_that_of_the_copies() {
    let place = Place::good();
    set_mode(place.source.join("students.csv"), 0o600);
    for (number, (given, dir)) in
        [("640", 0o750), ("0644", 0o755), ("400", 0o700)].iter().enumerate()
    {
        let epoch = format!("20260105-02000{number}");
        let ran = masked(&place, "077", &format!("--epoch {epoch} --mode {given}"));
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let epoch = place.upload.join(epoch);
        let file = u32::from_str_radix(given, 8).unwrap();
        let modes =
            ["", "students.csv", "guardians.csv", "COMPLETE"].map(|it| mode(epoch.join(it)));
        assert_eq!(modes, [*dir, file, file, file], "{given}");
    }
    assert_eq!(place.stage(&["--mode", "rw"]).status, Some(2));
}

/// The group of the upload directory is other people than that of the export.
#[test]
fn a_copy_of_another_group_is_not_for_it() {
    let place = Place::good();
    let file = place.source.join("students.csv");
    set_mode(&file, 0o640);
    // Only root may belong to any group.
    if chown(&file, None, Some(4711)).is_err() {
        return;
    }
    assert_eq!(masked(&place, "000", &format!("--epoch {EPOCH}")).status, Some(0));
    assert_eq!(mode(place.upload.join(EPOCH).join("students.csv")), 0o600);
    // A directory may pass its group on.
    chown(&place.upload, None, Some(4711)).unwrap();
    set_mode(&place.upload, 0o2755);
    assert_eq!(masked(&place, "000", "--auto").status, Some(0));
    let staged = place.upload.join("students_auto.csv");
    assert_eq!((mode(&staged), staged.metadata().unwrap().gid()), (0o640, 4711));
    assert_eq!(mode(place.upload.join("guardians_auto.csv")) & 0o070, 0o040);
}

#[test]
fn nothing_stays_and_a_dry_run_makes_nothing() {
    let place = Place::good();
    set_mode(&place.upload, 0o555);
    let before = place.upload.metadata().unwrap().modified().unwrap();
    let ran = place.stage(&["--dry-run"]);
    assert_eq!((ran.status, &*ran.err), (Some(0), ""));
    assert_eq!(place.upload.metadata().unwrap().modified().unwrap(), before);
    set_mode(&place.upload, 0o755);
    fs::write(place.source.join("students.csv"), STUDENTS.replace(",M,", ",X,")).unwrap();
    assert_eq!(place.stage(&[]).status, Some(1));
    assert_eq!(names(&place.files()), [""; 0]);
    fs::write(place.source.join("students.csv"), STUDENTS).unwrap();
    assert_eq!(place.stage(&["--auto"]).status, Some(0));
    assert_eq!(names(&place.files()), ["guardians_auto.csv", "students_auto.csv"]);
}

/// A dry run of root once left a file that no one else could lock.
#[test]
fn what_lies_in_the_way_is_neither_followed_nor_waited_for() {
    for planted in ["pipe", "link", "file", "writable", "foreign", "pipe in it", "link in it"] {
        let place = Place::good();
        let workspace = place.upload.join(WORKSPACE);
        let elsewhere = place.source.parent().unwrap().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        match planted {
            "pipe" => make_pipe(&workspace),
            "link" => symlink(&elsewhere, &workspace).unwrap(),
            "file" => drop(File::create(&workspace).unwrap()),
            _ => {
                fs::create_dir(&workspace).unwrap();
                match planted {
                    "writable" => set_mode(&workspace, 0o777),
                    "foreign" if chown(&workspace, Some(4711), None).is_err() => continue,
                    "pipe in it" => make_pipe(&workspace.join("lock")),
                    "link in it" => symlink(elsewhere.join("x"), workspace.join("lock")).unwrap(),
                    _ => {}
                }
            }
        }
        assert_eq!(place.stage(&["--dry-run"]).status, Some(0), "{planted}");
        for args in [&[][..], &["--auto"]] {
            let mut command = place.command(args);
            let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let ran = ran(end(command.spawn().unwrap()));
            assert_eq!(ran.status, Some(2), "{planted}: {}", ran.err);
            assert!(ran.err.contains(WORKSPACE), "{planted}: {}", ran.err);
        }
        assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0, "{planted}");
        assert_eq!(fs::read_dir(&place.upload).unwrap().count(), 1, "{planted}");
    }
}

#[test]
fn what_a_killed_run_left_is_private_reported_and_removed() {
    let mut students = STUDENTS.to_owned();
    for number in 2000..60_000 {
        students += &STUDENTS.lines().nth(1).unwrap().replace("1001", &number.to_string());
        students.push('\n');
    }
    let place = Place::new(&[("students.csv", &students), ("guardians.csv", GUARDIANS)]);
    let mut child = place.command(&[]).stdout(Stdio::null()).spawn().unwrap();
    let copy = place.upload.join(WORKSPACE).join("epoch/students.csv");
    let start = Instant::now();
    while !copy.exists() {
        assert!(start.elapsed() < Duration::from_mins(1));
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(mode(place.upload.join(WORKSPACE)), 0o700);
    let program = env!("CARGO_BIN_EXE_samegoal-lint");
    let lint = || run(Command::new(program).args(["--format", "json"]).arg(&place.upload));
    fs::create_dir(place.upload.join(EPOCH)).unwrap();
    fs::write(place.upload.join(EPOCH).join("students.csv"), STUDENTS).unwrap();
    let found = lint().out;
    assert!(
        found.contains(WORKSPACE) && rules(&found).iter().any(|it| it == "layout/unknown-file")
    );
    fs::write(place.source.join("students.csv"), STUDENTS).unwrap();
    let ran = place.stage(&["--auto"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(!place.upload.join(WORKSPACE).exists());
    assert!(!lint().out.contains(WORKSPACE));
}

#[test]
fn an_archive_must_be_unpacked() {
    let place = Place::good();
    let archive = place.source.parent().unwrap().join("export.zip");
    fs::write(&archive, b"PK\x03\x04").unwrap();
    let program = || Command::new(env!("CARGO_BIN_EXE_samegoal-lint"));
    for (before, after) in [
        (&["stage"][..], &["--upload", place.upload.to_str().unwrap()][..]),
        (&["learn"], &[]),
        (&["baseline"], &[]),
        (&["upload-script"], &["--for", "sftp"]),
        (&["--kind", "epoch"], &[]),
        (&["--kind", "export"], &[]),
        (&[], &[]),
    ] {
        let ran = run(program().args(before).arg(&archive).args(after));
        assert_eq!((ran.status, &*ran.out), (Some(2), ""), "{before:?}");
        let case = ran.err.contains("archive") && ran.err.contains("unpack");
        assert!(case, "{before:?}: {}", ran.err);
    }
}
