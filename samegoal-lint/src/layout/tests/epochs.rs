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
    epoch(&[], &["no-data-file e"], &[]);
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
    assert_eq!(message, "`guardians.csv` changed 60 s after `COMPLETE` was created");
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
fn files_recognized_by_their_headers() {
    const EXPORT: &str = "export.csv = header of students.csv";
    epoch(
        &[EXPORT, "guardians.csv", "COMPLETE"],
        &["misnamed-file e/export.csv"],
        &["e/export.csv as students.csv", "e/guardians.csv as guardians.csv"],
    );
    epoch(&[EXPORT, "students.csv", "COMPLETE"], &["unknown-file e/export.csv"], &[STUDENTS]);
    epoch(
        &[
            "export_1.txt = header of students.csv",
            "export (2) = header of students.csv",
            "COMPLETE",
        ],
        &["misnamed-file e/export (2)", "duplicate-file e/export_1.txt"],
        &["e/export (2) as students.csv"],
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
fn unknown_files_are_distinguished() {
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
        &["export/students.csv", "export/a.csv", "export/Guardians.csv", "COMPLETE"],
        &["nested-file e/export/students.csv"],
        &[],
    );
    // One finding a folder; and what is in them explains what is missing.
    epoch(
        &["a/students.csv", "b/x.csv = header of users.csv", "guardians.csv", "COMPLETE"],
        &["nested-file e/a/students.csv", "nested-file e/b/x.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    epoch(
        &["a/users.csv", "guardians.csv", "COMPLETE"],
        &["nested-file e/a/users.csv", "missing-students e/guardians.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    // What is deeper, or is no API file, is no part of anything.
    epoch(&["students.csv", "a/x.csv", "a/b/students.csv", "COMPLETE"], &[], &[STUDENTS]);
    epoch(&["a/b/students.csv", "COMPLETE"], &["no-data-file e"], &[]);
    epoch(
        &["students.csv", "__MACOSX/._students.csv", "COMPLETE"],
        &["unknown-file e/__MACOSX"],
        &[STUDENTS],
    );
    // The marker lies in the folder, too: that is one cause.
    epoch(&["a/students.csv", "a/COMPLETE"], &["nested-file e/a/students.csv"], &[]);
    epoch(&["a/students.csv"], &["missing-complete e", "nested-file e/a/students.csv"], &[]);
    let inner = Memory::new().file("20260105-020000/20260105-020000/students.csv", "");
    let inner = inner.file("20260105-020000/20260105-020000/COMPLETE", "");
    let layout = run(&inner, "20260105-020000", Place::InUploadRoot);
    let found = ["nested-file 20260105-020000/20260105-020000/students.csv"];
    assert_eq!(findings(&layout), found);
    let closed = tree(&["students.csv", "a/x.csv", "COMPLETE"]).unreadable("e/a");
    assert_layout(Place::InUploadRoot, &closed, &["unreadable-file e/a"], &[STUDENTS]);
    let link = tree(&["students.csv", "a/", "COMPLETE"]).link("e/a/students.csv");
    assert_layout(Place::InUploadRoot, &link, &["nested-file e/a/students.csv"], &[STUDENTS]);
}

#[test]
fn parts_of_a_file_are_joined_and_copies_are_not() {
    const HIGH: &str = "students_hs.csv = header of students.csv";
    const LOW: &str = "students_elementary.csv = header of students.csv";
    epoch(
        &[HIGH, LOW, "guardians.csv", "COMPLETE"],
        &["split-file e/students_elementary.csv"],
        &["e/guardians.csv as guardians.csv"],
    );
    epoch(
        &["guardians_hs.csv", "guardians_elementary.csv", "students.csv", "COMPLETE"],
        &["split-file e/guardians_elementary.csv"],
        &[STUDENTS],
    );
    // Where the file itself is there, the others are superfluous.
    epoch(
        &["students.csv", HIGH, LOW, "COMPLETE"],
        &["unknown-file e/students_elementary.csv", "duplicate-file e/students_hs.csv"],
        &[STUDENTS],
    );
    for names in [
        ["students_20260104.csv", "students_20260105.csv"],
        ["Copy of students.csv", "students (1).csv"],
        ["Students.csv", "student.csv"],
        ["students.txt", "students_old.csv"],
    ] {
        let [first, second] = names;
        epoch(
            &[first, second, "COMPLETE"],
            &[&format!("misnamed-file e/{first}"), &format!("duplicate-file e/{second}")],
            &[&format!("e/{first} as students.csv")],
        );
    }
}

#[test]
fn an_unfinished_transfer_stands_for_its_file() {
    for name in ["students.csv.part", "students.csv.tmp", ".students.csv.q1W2e3"] {
        epoch(&[name, "COMPLETE"], &[&format!("misnamed-file e/{name}")], &[]);
        epoch(
            &[name, "students.csv", "COMPLETE"],
            &[&format!("unknown-file e/{name}")],
            &[STUDENTS],
        );
    }
    epoch(
        &[".samegoal-lint-stage-12-20260105-020000/students.csv", "students.csv", "COMPLETE"],
        &["unknown-file e/.samegoal-lint-stage-12-20260105-020000"],
        &[STUDENTS],
    );
}

#[test]
fn a_configuration_is_not_delivered() {
    let help = |path, place| {
        let tree = Memory::new()
            .file("d/upload/20260105-020000/students.csv", "")
            .file("d/upload/20260105-020000/COMPLETE", "")
            .file("d/upload/20260105-020000/samegoal-lint.toml", "");
        let layout = run(&tree, path, place);
        assert_eq!(layout.findings.len(), 1);
        assert_eq!(layout.findings[0].1.rule.name, "config/inside-delivery");
        text(&layout.findings[0].1.help)
    };
    for place in [Place::InUploadRoot, Place::Argument] {
        let help = help("d/upload/20260105-020000", place);
        assert!(help.ends_with("Move it to the folder that contains `upload`."), "{help}");
    }
}

#[test]
fn what_is_no_delivery_is_one_finding() {
    let found = |tree: &Memory, path: &str| {
        let layout = run(tree, path, Place::Argument);
        let [(_, finding)] = layout.findings.as_slice() else { panic!("{:?}", layout.findings) };
        assert_eq!(finding.rule.name, "layout/no-data-file");
        assert!(layout.is_no_delivery && layout.absent.is_empty());
        let not_checked: Vec<_> =
            layout.not_checked.iter().map(|it| (&*it.what, &*it.why)).collect();
        assert_eq!(not_checked, [("contents", "it is not a delivery")]);
        let (message, help) = (text(&finding.message), text(&finding.help));
        assert!(!help.to_lowercase().contains("remove"), "{help}");
        (message, help)
    };
    let letters = (0..3000).fold(Memory::new(), |tree, number| {
        tree.file(format!("letters/{number}.txt"), "Dear parents")
    });
    let (message, _) = found(&letters, "letters");
    assert_eq!(
        message,
        "`letters` is not a delivery: there is no API file in it, only 3,000 other files"
    );
    let home = Memory::new().file("home/.bashrc", "").file("home/docs/letter.txt", "");
    assert_eq!(
        found(&home, "home").0,
        "`home` is not a delivery: there is no API file in it, only 1 other file and 1 folder"
    );
    let download = home.clone().file("home/Downloads/students (1).csv", "");
    assert!(found(&download, "home").1.starts_with("`home/Downloads` looks like an export."));
    let one = home.clone().file("home/d/upload/20260105-020000/students.csv", "");
    assert_eq!(
        found(&one, "home").1,
        "`home/d/upload` looks like an upload folder. Check with `samegoal-lint home/d/upload`."
    );
    let many = (0..50).fold(home.clone(), |tree, number| {
        tree.file(format!("home/district {number:02}/students.csv"), "")
    });
    let (_, help) = found(&many, "home");
    assert!(help.ends_with("and 45 more. Check with `samegoal-lint --recursive home`."), "{help}");
    let zip = b"PK\x03\x04......................\x0c\0\0\0students.csv";
    let (_, help) = found(&home.file("home/a b/out.zip", zip), "home");
    assert!(help.starts_with("The archive `home/a b/out.zip` contains `students.csv`."), "{help}");
}

#[test]
fn missing_files() {
    epoch(&["COMPLETE"], &["no-data-file e"], &[]);
    epoch(&["COMPLETE.txt", "notes.txt"], &["no-data-file e"], &[]);
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

/// A folder with the name or the marker of an epoch is one, whatever is missing in it.
#[test]
fn an_empty_epoch_is_a_delivery() {
    let tree = Memory::new()
        .directory("20260105-020000")
        .file("marked/COMPLETE", "")
        .file("nearly/complete.txt", "")
        .directory("empty");
    for (path, is_no_delivery, why) in [
        ("20260105-020000", false, "it has no API file"),
        ("marked", false, "it has no API file"),
        ("nearly", false, "it has no API file"),
        ("empty", true, "it is not a delivery"),
    ] {
        let layout = run(&tree, path, Place::Argument);
        assert_eq!((layout.is_no_delivery, &*layout.not_checked[0].why), (is_no_delivery, why));
    }
}
