//! The kinds of arguments, and single files.

use super::*;

#[test]
fn kinds_of_targets() {
    let api = generic_api();
    let tree = Memory::new()
        .file("epoch/students.csv", "")
        .file("upload/students.csv", "")
        .file("root/20260105-020000/students.csv", "")
        .file("auto/students_auto.csv", "")
        .file("both/students_auto.csv", "")
        .file("both/users.csv", "")
        .file("20260105-020000/students_auto.csv", "")
        .file("linked/x", "")
        .link("linked/20260105-020000")
        .link("link")
        .other("pipe")
        .directory("empty")
        .unreadable("closed/x")
        .unreadable("closed");
    let kind = |path: &str| target_kind(&tree, Path::new(path), &api);
    for (path, expected) in [
        ("epoch", TargetKind::Epoch),
        ("./epoch/", TargetKind::Epoch),
        ("upload", TargetKind::Upload),
        ("root", TargetKind::Upload),
        ("auto", TargetKind::Upload),
        ("both", TargetKind::Epoch),
        ("20260105-020000", TargetKind::Epoch),
        ("linked", TargetKind::Epoch),
        ("empty", TargetKind::Epoch),
        ("closed", TargetKind::Epoch),
        ("epoch/students.csv", TargetKind::File),
        ("link", TargetKind::File),
        ("pipe", TargetKind::File),
    ] {
        assert_eq!(kind(path).unwrap(), expected, "{path}");
    }
    assert_eq!(kind("missing").unwrap_err().kind(), io::ErrorKind::NotFound);
    let here = Memory::new().file("x", "");
    assert_eq!(target_kind(&here, Path::new("."), &api).unwrap(), TargetKind::Epoch);
}

#[test]
fn single_files() {
    let api = generic_api();
    let tree = tree(&[
        "students.csv",
        "users_auto.csv",
        "Students.csv",
        "a = header of users.csv",
        "b.csv = x",
        "students.xlsx",
        "._students.csv = x",
        "d/",
    ])
    .link("e/guardians.csv");
    let survey = Survey { tree: &tree, api: &api, recognize: &recognize };
    let target = |name: &str, as_name| file_target(&survey, &Path::new("e").join(name), as_name);
    for (name, as_name, found, planned) in [
        ("students.csv", None, None, Some("students.csv")),
        ("users_auto.csv", None, None, Some("users.csv (auto)")),
        ("Students.csv", None, Some("misnamed-file"), Some("students.csv")),
        ("a", None, Some("misnamed-file"), Some("users.csv")),
        ("b.csv", Some("users.csv"), None, Some("users.csv")),
        ("b.csv", Some("users_auto.csv"), None, Some("users.csv")),
        ("students.csv", Some("users.csv"), None, Some("users.csv")),
        ("students.xlsx", None, Some("workbook"), None),
        ("guardians.csv", None, Some("not-a-regular-file"), None),
        ("d", Some("users.csv"), Some("not-a-regular-file"), None),
        ("gone.csv", None, Some("unreadable-file"), None),
    ] {
        let layout = target(name, as_name).unwrap();
        let found: Vec<_> = found.map(|rule| format!("{rule} e/{name}")).into_iter().collect();
        let planned: Vec<_> =
            planned.map(|file| format!("e/{name} as {file}")).into_iter().collect();
        assert_eq!(findings(&layout), found, "{name}");
        assert_eq!(files(&layout), planned, "{name}");
    }
    for (name, as_name) in [("b.csv", None), ("._students.csv", None), ("b.csv", Some("x.csv"))] {
        assert!(target(name, as_name).is_none(), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn an_argument_may_be_a_link_and_nothing_below_it() {
    use std::fs;
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir_all(root.join("real/20260105-020000")).unwrap();
    fs::write(root.join("real/20260105-020000/users.csv"), "").unwrap();
    symlink("20260105-020000", root.join("real/20260106-020000")).unwrap();
    symlink("real", root.join("link")).unwrap();
    symlink("real/20260105-020000/users.csv", root.join("users.csv")).unwrap();
    let api = generic_api();
    let survey = Survey { tree: &crate::listing::Disk, api: &api, recognize: &recognize };
    let kind = |path: &str| target_kind(survey.tree, &root.join(path), &api).unwrap();
    assert_eq!(kind("link"), TargetKind::Upload);
    assert_eq!(kind("users.csv"), TargetKind::File);
    let layout = check(&survey, &root.join("link"), Place::UploadRoot);
    assert_eq!(layout.epochs, [root.join("link/20260105-020000")]);
    assert_eq!(layout.findings[0].1.rule.name, "layout/unknown-file");
}
