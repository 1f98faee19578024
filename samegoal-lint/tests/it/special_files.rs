//! Pipes and links where files should be.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::cli::{program, ran, rules};

pub(crate) fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

/// Waits for the end of a program, but not for ever.
pub(crate) fn end(mut child: Child) -> Output {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(20) {
            child.kill().unwrap();
            panic!("it waits for somebody");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// Whoever opens the pipe, or the link to it, waits for a writer that never comes.
#[test]
fn nothing_but_a_regular_file_is_opened() {
    let dir = tempfile::tempdir().unwrap();
    let (epoch, pipe) = (dir.path().join("20260105-020000"), dir.path().join("pipe"));
    fs::create_dir(&epoch).unwrap();
    make_pipe(&pipe);
    make_pipe(&epoch.join("students.csv"));
    for name in ["guardians.csv", "Users.csv", "export.csv", "COMPLETE"] {
        symlink(&pipe, epoch.join(name)).unwrap();
    }
    for args in
        [&["."][..], &["students.csv"], &["export.csv"], &["export.csv", "--as", "users.csv"]]
    {
        let child = program(&epoch)
            .args(args)
            .args(["--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let ran = ran(end(child));
        assert_eq!(ran.status, Some(1), "{args:?}: {}", ran.err);
        let found = rules(&ran.out);
        assert!(
            found.iter().any(|rule| rule == "layout/not-a-regular-file"),
            "{args:?}: {found:?}"
        );
        assert!(found.iter().all(|rule| rule.starts_with("layout/")), "{args:?}: {found:?}");
    }
}
