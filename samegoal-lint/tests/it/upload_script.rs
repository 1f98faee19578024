//! The batch that uploads an epoch, as it is printed. `.ci/sftp/run.sh` lets a real client run it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::cli::{Ran, run};

fn script(path: &Path, args: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_samegoal-lint")).arg("upload-script").arg(path).args(args))
}

/// Issue 15, 10: a link may lead to another epoch tomorrow, and has another name.
#[cfg(unix)]
#[test]
fn an_epoch_that_is_a_link_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let epoch = dir.path().join("20260105-020000");
    fs::create_dir(&epoch).unwrap();
    for name in ["students.csv", "COMPLETE"] {
        fs::write(epoch.join(name), "").unwrap();
    }
    std::os::unix::fs::symlink(&epoch, dir.path().join("20260106-020000")).unwrap();
    for path in ["20260106-020000", "20260106-020000/", "./20260106-020000/."] {
        let ran = script(&dir.path().join(path), &["--for", "sftp"]);
        assert_eq!((ran.status, &*ran.out), (Some(2), ""), "{path}");
        assert!(ran.err.contains("it is a link"), "{}", ran.err);
    }
    assert_eq!(script(&epoch, &["--for", "sftp"]).status, Some(0));
}

#[test]
fn a_batch_is_printed_or_a_reason_given() {
    let dir = tempfile::tempdir().unwrap();
    let epoch = dir.path().join("it's \"here\"/20260105-020000");
    fs::create_dir_all(&epoch).unwrap();
    fs::write(epoch.join("students.csv"), "Student Id\n").unwrap();
    let early = script(&epoch, &["--for", "sftp"]);
    assert_eq!((early.status, &*early.out), (Some(2), ""));
    assert!(early.err.contains("there is no `COMPLETE` file"), "{}", early.err);
    fs::write(epoch.join("COMPLETE"), "").unwrap();
    for (client, quoted) in [("sftp", "it's \\\"here\\\"/"), ("winscp", "it's \"\"here\"\"/")] {
        let ran = script(&epoch, &["--for", client, "--remote", "/in/up load"]);
        assert_eq!((ran.status, &*ran.err), (Some(0), ""));
        let puts: Vec<_> = ran.out.lines().filter(|line| line.starts_with("put ")).collect();
        assert_eq!(puts.len(), 2);
        assert!(puts[0].contains(quoted), "{}", puts[0]);
        assert!(puts[1].ends_with("\"/in/up load/20260105-020000/COMPLETE\""), "{}", puts[1]);
        assert!(ran.out.contains("\nmkdir \"/in/up load/20260105-020000\"\n"));
    }
    assert_eq!(script(&epoch, &[]).status, Some(2));
    assert_eq!(script(&epoch, &["--for", "scp"]).status, Some(2));
    assert_eq!(script(&epoch, &["--for", "sftp", "--auto"]).status, Some(2));
}
