//! What is in an epoch.

use std::time::{Duration, SystemTime};

use super::*;

#[test]
fn clean_epochs() {
    epoch(&["students.csv", "COMPLETE"], &[], &[STUDENTS]);
    epoch(&["users.csv", "COMPLETE"], &[], &["e/users.csv as users.csv"]);
    epoch(
        &[
            "users.csv",
            "students.csv",
            "guardians.csv",
            "user_roles.csv",
            "absences.csv",
            "COMPLETE",
        ],
        &[],
        &[
            STUDENTS,
            "e/guardians.csv as guardians.csv",
            "e/users.csv as users.csv",
            "e/user_roles.csv as user_roles.csv",
            "e/absences.csv as absences.csv",
        ],
    );
    epoch(&["students.csv", "COMPLETE", "logs/job.log", "empty/"], &[], &[STUDENTS]);
}

#[test]
fn markers() {
    epoch(&["students.csv"], &["missing-complete e"], &[STUDENTS]);
    epoch(&[], &["missing-complete e", "no-data-file e"], &[]);
    for name in ["complete", "Complete", "COMPLETE.txt", "COMPLETED", "COMPLETE ", "COMPLETE.csv"] {
        epoch(&["students.csv", name], &[&format!("misnamed-complete e/{name}")], &[STUDENTS]);
        epoch(
            &["students.csv", "COMPLETE", name],
            &[&format!("unknown-file e/{name}")],
            &[STUDENTS],
        );
    }
    epoch(
        &["students.csv", "COMPLETE.txt", "complete", "COMPLETED"],
        &["misnamed-complete e/complete"],
        &[STUDENTS],
    );
    epoch(&["students.csv", "COMPLETE/a.csv"], &["complete-not-a-file e/COMPLETE"], &[STUDENTS]);
    let link = tree(&["students.csv"]).link("e/COMPLETE");
    assert_layout(Place::InUploadRoot, &link, &["complete-not-a-file e/COMPLETE"], &[STUDENTS]);
    epoch(&["students.csv", "COMPLETE = done"], &["complete-not-empty e/COMPLETE"], &[STUDENTS]);
    epoch(
        &["students.csv", "COMPLETE.filepart"],
        &["missing-complete e", "unknown-file e/COMPLETE.filepart"],
        &[STUDENTS],
    );
}

#[test]
fn a_marker_that_came_too_early() {
    let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let epoch = |students, guardians| {
        let tree = tree(&["students.csv", "guardians.csv", "COMPLETE"])
            .modified("e/COMPLETE", at(100))
            .modified("e/students.csv", at(students))
            .modified("e/guardians.csv", at(guardians));
        run(&tree, "e", Place::InUploadRoot)
    };
    assert!(findings(&epoch(102, 50)).is_empty());
    let layout = epoch(103, 160);
    assert_eq!(findings(&layout), ["complete-too-early e/COMPLETE"]);
    let message = text(&layout.findings[0].1.message);
    assert_eq!(message, "`guardians.csv` was written to 60 s after `COMPLETE` was made");
    // Without a time nothing is said.
    let unknown = tree(&["students.csv", "COMPLETE"]).modified("e/students.csv", at(900));
    assert!(findings(&run(&unknown, "e", Place::InUploadRoot)).is_empty());
}

#[test]
fn misnamed_files() {
    for name in
        ["Students.csv", "students.csv.txt", "students (1).csv", "students.csv ", "students"]
    {
        let found = format!("misnamed-file e/{name}");
        let planned = format!("e/{name} as students.csv");
        epoch(
            &[name, "guardians.csv", "COMPLETE"],
            &[&found],
            &[&planned, "e/guardians.csv as guardians.csv"],
        );
        upload(&[name], &[&found], &[&planned]);
        let found = format!("duplicate-file e/{name}");
        epoch(&[name, "students.csv", "COMPLETE"], &[&found], &[STUDENTS]);
    }
    epoch(
        &["user_groups.csv", "COMPLETE"],
        &["misnamed-file e/user_groups.csv"],
        &["e/user_groups.csv as user_roles.csv"],
    );
    epoch(
        &["Students_auto.csv", "COMPLETE"],
        &["misnamed-file e/Students_auto.csv"],
        &["e/Students_auto.csv as students.csv (auto)"],
    );
    epoch(
        &["Students.csv", "STUDENTS.csv", "COMPLETE"],
        &["misnamed-file e/STUDENTS.csv", "duplicate-file e/Students.csv"],
        &["e/STUDENTS.csv as students.csv"],
    );
    upload(
        &["Students_auto.csv", "students_auto.csv"],
        &["duplicate-file e/Students_auto.csv"],
        &["e/students_auto.csv as students.csv (auto)"],
    );
}

#[test]
fn the_name_to_take_depends_on_the_place() {
    let label = |place| {
        let layout = run(&tree(&["Students.csv", "COMPLETE"]), "e", place);
        let found = layout.findings.iter().find(|(_, f)| f.rule.name == "layout/misnamed-file");
        text(&found.unwrap().1.label)
    };
    assert_eq!(label(Place::InUploadRoot), "rename to `students.csv`");
    assert_eq!(label(Place::UploadRoot), "rename to `students_auto.csv`");
}

#[test]
fn files_told_by_their_headers() {
    const EXPORT: &str = "export.csv = header of students.csv";
    epoch(
        &[EXPORT, "guardians.csv", "COMPLETE"],
        &["misnamed-file e/export.csv"],
        &["e/export.csv as students.csv", "e/guardians.csv as guardians.csv"],
    );
    epoch(&[EXPORT, "students.csv", "COMPLETE"], &["unknown-file e/export.csv"], &[STUDENTS]);
    epoch(
        &["a.txt = header of students.csv", "b = header of students.csv", "COMPLETE"],
        &["misnamed-file e/a.txt", "unknown-file e/b"],
        &["e/a.txt as students.csv"],
    );
    // Neither what is plainly something else is opened, nor a file that the API does not have.
    epoch(
        &["students.csv", "a.pdf = header of users.csv", "b.csv = header of x.csv", "COMPLETE"],
        &["unknown-file e/a.pdf", "unknown-file e/b.csv"],
        &[STUDENTS],
    );
    let unreadable = tree(&["students.csv", "COMPLETE", EXPORT]).unreadable("e/export.csv");
    assert_layout(Place::InUploadRoot, &unreadable, &["unknown-file e/export.csv"], &[STUDENTS]);
}

#[test]
fn only_so_many_headers_are_read() {
    let many = (0..70).fold(tree(&["users.csv", "COMPLETE"]), |tree, number| {
        tree.file(format!("e/{number:02}"), "x")
    });
    let layout = run(&many.file("e/99", "header of students.csv"), "e", Place::InUploadRoot);
    assert_eq!(files(&layout), ["e/users.csv as users.csv"]);
    assert_eq!(layout.not_checked.len(), 1);
}

#[test]
fn workbooks() {
    for name in ["students.xlsx", "Students.XLS", "students.ods", "students.numbers"] {
        epoch(
            &[name, "guardians.csv", "COMPLETE"],
            &[&format!("workbook e/{name}")],
            &["e/guardians.csv as guardians.csv"],
        );
        let found = format!("unknown-file e/{name}");
        epoch(&[name, "students.csv", "COMPLETE"], &[&found], &[STUDENTS]);
        upload(&[name], &[&format!("workbook e/{name}")], &[]);
    }
    epoch(
        &["students.xls", "students.xlsx", "COMPLETE"],
        &["workbook e/students.xls", "unknown-file e/students.xlsx"],
        &[],
    );
}

#[test]
fn unknown_files_are_told_apart() {
    let help = |name: &str| {
        let layout = run(&tree(&["students.csv", "COMPLETE", name]), "e", Place::InUploadRoot);
        assert_eq!(findings(&layout), [format!("unknown-file e/{name}")]);
        text(&layout.findings[0].1.help)
    };
    let names = [
        ".DS_Store",
        "._students.csv",
        "~$students.xlsx",
        "students.csv.filepart",
        "photos.zip",
        ".students.csv.swp",
        "students.csv.gpg",
        "Book1.xlsx",
        "notes.txt",
        "students.xlsx",
        "complete",
    ];
    let mut helps: Vec<_> = names.into_iter().map(help).collect();
    helps.sort();
    helps.dedup();
    assert_eq!(helps.len(), names.len(), "{helps:#?}");
    let link = tree(&["students.csv", "COMPLETE"]).link("e/Students.csv").other("e/pipe");
    let found = ["unknown-file e/Students.csv", "unknown-file e/pipe"];
    assert_layout(Place::InUploadRoot, &link, &found, &[STUDENTS]);
}

#[test]
fn nested_files() {
    epoch(
        &["export/students.csv", "export/a.csv", "export/deep/Guardians.csv", "COMPLETE"],
        &["nested-file e/export/students.csv"],
        &[],
    );
    // One finding a folder; and what is in them explains what is missing.
    epoch(
        &["a/students.csv", "b/x/y/z.csv", "guardians.csv", "COMPLETE"],
        &["nested-file e/a/students.csv", "nested-file e/b/x/y/z.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    epoch(
        &["a/users.csv", "guardians.csv", "COMPLETE"],
        &["nested-file e/a/users.csv", "missing-students e/guardians.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    epoch(&["students.csv", "__MACOSX/._students.csv", "COMPLETE"], &[], &[STUDENTS]);
    epoch(
        &["students.csv", "a/b/c/d/e/f/x.csv", "COMPLETE"],
        &["nested-file e/a/b/c/d/e/f/x.csv"],
        &[STUDENTS],
    );
    let deep = tree(&["students.csv", "a/b/c/d/e/f/g/x.csv", "COMPLETE"]);
    let layout = run(&deep, "e", Place::InUploadRoot);
    assert!(layout.findings.is_empty());
    assert_eq!(layout.not_checked.len(), 1);
    let message =
        |names: &[&str]| text(&run(&tree(names), "e", Place::InUploadRoot).findings[0].1.message);
    assert_eq!(message(&["a/x.csv", "COMPLETE"]), "a CSV file lies in the folder `a`");
    let two = message(&["a/x.csv", "a/b/students.txt", "COMPLETE"]);
    assert_eq!(two, "2 CSV files lie in the folder `a`");
    let closed = tree(&["students.csv", "a/x.csv", "COMPLETE"]).unreadable("e/a");
    assert_layout(Place::InUploadRoot, &closed, &["unreadable-file e/a"], &[STUDENTS]);
    let link = tree(&["students.csv", "a/", "COMPLETE"]).link("e/a/x.csv");
    assert_layout(Place::InUploadRoot, &link, &[], &[STUDENTS]);
}

#[test]
fn the_search_for_nested_files_ends() {
    let full = (0..10_001).fold(tree(&["students.csv", "COMPLETE"]), |tree, number| {
        tree.file(format!("e/a/{number:05}.log"), "")
    });
    let layout = run(&full.file("e/a/x.csv", ""), "e", Place::InUploadRoot);
    assert!(layout.findings.is_empty());
    assert_eq!(layout.not_checked.len(), 1);
}

#[test]
fn missing_files() {
    epoch(&["COMPLETE"], &["no-data-file e"], &[]);
    epoch(&["COMPLETE", "notes.txt"], &["no-data-file e", "unknown-file e/notes.txt"], &[]);
    epoch(
        &["guardians.csv", "COMPLETE"],
        &["missing-students e/guardians.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    epoch(
        &["Guardians.csv", "COMPLETE"],
        &["misnamed-file e/Guardians.csv", "missing-students e/Guardians.csv"],
        &["e/Guardians.csv as guardians.csv"],
    );
    upload(
        &["guardians_auto.csv"],
        &["missing-students e/guardians_auto.csv"],
        &["e/guardians_auto.csv as guardians.csv (auto)"],
    );
    upload(&[], &["no-data-file e"], &[]);
}

#[test]
fn auto_files_in_an_epoch() {
    const AUTO: &str = "auto-file-in-epoch e/students_auto.csv";
    epoch(
        &["students_auto.csv", "guardians.csv", "COMPLETE"],
        &[AUTO],
        &["e/students_auto.csv as students.csv (auto)", "e/guardians.csv as guardians.csv"],
    );
    epoch(&["students_auto.csv", "students.csv", "COMPLETE"], &[AUTO], &[STUDENTS]);
    epoch(
        &["students_auto.csv", "Students.csv", "COMPLETE"],
        &["duplicate-file e/Students.csv", AUTO],
        &["e/students_auto.csv as students.csv (auto)"],
    );
}
