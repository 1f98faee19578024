//! Upload roots, and what holds of every directory.

use samegoal_schema::{Severity, Variant};

use super::*;

#[test]
fn only_regular_files_are_planned() {
    for odd in [
        Memory::new().link("e/students.csv"),
        Memory::new().other("e/students.csv"),
        Memory::new().file("e/students.csv/students.csv", ""),
    ] {
        let odd = odd.file("e/COMPLETE", "").file("e/guardians.csv", "");
        assert_layout(
            Place::InUploadRoot,
            &odd,
            &["not-a-regular-file e/students.csv"],
            &["e/guardians.csv as guardians.csv"],
        );
    }
    let auto = Memory::new().link("e/students_auto.csv");
    let found = ["not-a-regular-file e/students_auto.csv"];
    assert_layout(Place::UploadRoot, &auto, &found, &[]);
    let twin = tree(&["COMPLETE", "Students.csv"]).link("e/students.csv");
    let found = ["duplicate-file e/Students.csv", "not-a-regular-file e/students.csv"];
    assert_layout(Place::InUploadRoot, &twin, &found, &[]);
}

#[test]
fn upload_roots() {
    upload(
        &["students_auto.csv", "guardians_auto.csv"],
        &[],
        &[
            "e/students_auto.csv as students.csv (auto)",
            "e/guardians_auto.csv as guardians.csv (auto)",
        ],
    );
    upload(
        &["users.csv", "guardians.csv", "students.csv"],
        &["no-epoch e/students.csv"],
        &[STUDENTS, "e/guardians.csv as guardians.csv", "e/users.csv as users.csv"],
    );
    upload(
        &["students.csv", "students_auto.csv"],
        &["no-epoch e/students.csv"],
        &["e/students_auto.csv as students.csv (auto)"],
    );
    upload(
        &["students_auto.csv", "COMPLETE"],
        &["complete-in-upload-root e/COMPLETE"],
        &["e/students_auto.csv as students.csv (auto)"],
    );
    upload(&["COMPLETE"], &["no-data-file e"], &[]);
    // Where an epoch has none, that finding says which to move where.
    upload(&["20260105-020000/students.csv", "COMPLETE"], &[], &[]);
    let root = tree(&["20260105-020000/students.csv", "COMPLETE"]);
    let layout = run(&root, "e/20260105-020000", Place::InUploadRoot);
    assert_eq!(findings(&layout), ["missing-complete e/20260105-020000"]);
    let help = text(&layout.findings[0].1.help);
    assert!(help.ends_with("move it to `e/20260105-020000/COMPLETE`."), "{help}");
}

#[test]
fn epochs_of_an_upload_root() {
    let root = tree(&[
        "20260105-020000/",
        "20260106-026000/",
        "20260107_020000/Students.csv",
        "day/COMPLETE.txt",
        "logs/job.log",
    ]);
    let layout = run(&root.link("e/20260108-020000"), "e", Place::UploadRoot);
    assert_eq!(
        findings(&layout),
        [
            "impossible-epoch-time e/20260106-026000",
            "bad-epoch-name e/20260107_020000",
            "unknown-file e/20260108-020000",
            "bad-epoch-name e/day",
            "bad-epoch-name e/logs",
        ]
    );
    assert!(layout.findings.iter().all(|(_, finding)| finding.variant == Variant::USUAL));
    let epochs: Vec<_> = layout.epochs.iter().map(|path| display(path)).collect();
    assert_eq!(epochs, ["e/20260105-020000", "e/20260106-026000", "e/20260107_020000", "e/day",]);
    upload(&["logs/job.log"], &["no-data-file e"], &[]);
}

#[test]
fn the_name_of_an_argument() {
    let tree = Memory::new()
        .file("staging/users.csv", "")
        .file("staging/COMPLETE", "")
        .file("20260105-020000/users.csv", "")
        .file("20260105-020000/COMPLETE", "")
        .file("20260105-029000/users.csv", "")
        .file("20260105-029000/COMPLETE", "")
        .file("users.csv", "")
        .file("COMPLETE", "");
    let found = |path| findings(&run(&tree, path, Place::Argument));
    assert_eq!(found("./staging"), ["bad-epoch-name ./staging"]);
    assert_eq!(found("20260105-029000/"), ["impossible-epoch-time 20260105-029000/"]);
    assert!(found("20260105-020000").is_empty());
    assert!(!found(".").iter().any(|line| line.ends_with(" .")));
    let layout = run(&tree, "staging", Place::Argument);
    assert_eq!(layout.findings[0].1.severity(), Severity::Advice);
}

#[test]
fn an_unreadable_directory_is_one_finding() {
    for place in [Place::UploadRoot, Place::InUploadRoot, Place::Argument] {
        let closed = Memory::new().file("e/students.csv", "").unreadable("e");
        assert_layout(place, &closed, &["unreadable-file e"], &[]);
        assert_layout(place, &Memory::new(), &["unreadable-file e"], &[]);
    }
}

#[test]
fn every_directory_is_checked_the_same_way_twice() {
    let names =
        ["Students.csv", "STUDENTS.csv", "x/a.csv", "b", "COMPLETED", "complete", "user.csv"];
    let shown = |names: &[&str]| {
        let layout = run(&tree(names), "e", Place::InUploadRoot);
        (findings(&layout), files(&layout), layout.not_checked)
    };
    let mut backwards = names;
    backwards.reverse();
    assert_eq!(shown(&names), shown(&backwards));
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let name = OsStr::from_bytes(b"stud\xFFents.csv");
    let tree = tree(&["COMPLETE"]).file(Path::new("e").join(name), "");
    let found = ["misnamed-file e/stud\\xFFents.csv"];
    let planned = ["e/stud\\xFFents.csv as students.csv"];
    assert_layout(Place::InUploadRoot, &tree, &found, &planned);
    // Not even escaped does a name become one of the API's.
    let tree = tree.file(Path::new("e").join(OsStr::from_bytes(b"\xFF")), "");
    assert_eq!(run(&tree, "e", Place::InUploadRoot).findings.len(), 2);
}
