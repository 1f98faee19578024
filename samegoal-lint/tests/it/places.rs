//! Issue 15: what a run writes is compared with what it reads by identity, before it starts.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::case;
use crate::cli::{Ran, program, run};
use crate::special_files::{end, make_pipe};

const EPOCH: &str = "20260105-020000";
const BEFORE: &str = "20260104-020000";

/// A district: an export, an epoch and one before it, an upload folder, a configuration, old reports.
struct District {
    dir: tempfile::TempDir,
}

impl District {
    fn new() -> Self {
        let district = Self { dir: tempfile::tempdir().unwrap() };
        let clean = case::root().join("epochs/clean").join(EPOCH);
        for dir in ["export", EPOCH, BEFORE, "upload/20260101-000000"] {
            fs::create_dir_all(district.at(dir)).unwrap();
            for name in ["students.csv", "guardians.csv"] {
                fs::copy(clean.join(name), district.at(dir).join(name)).unwrap();
            }
            fs::write(district.at(dir).join("COMPLETE"), "").unwrap();
        }
        fs::copy(clean.join("students.csv"), district.at("upload/students_auto.csv")).unwrap();
        fs::create_dir(district.at("out")).unwrap();
        for name in ["district.toml", "out/report.json"] {
            fs::write(district.at(name), "").unwrap();
        }
        district
    }

    fn at(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program, which is killed when it waits for somebody.
    fn run(&self, args: &[String], summary: Option<&Path>) -> Ran {
        let mut command = program(self.dir.path());
        command.args(args);
        if let Some(summary) = summary {
            command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", summary);
        }
        waited_for(&mut command)
    }

    /// Everything there is, and what it is.
    fn all(&self) -> BTreeMap<PathBuf, (u64, u32, Vec<u8>)> {
        let mut found = BTreeMap::new();
        let mut dirs = vec![self.dir.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                let it = path.symlink_metadata().unwrap();
                let bytes = if it.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
                found.insert(path.clone(), (it.ino(), it.mode(), bytes));
                if it.is_dir() {
                    dirs.push(path);
                }
            }
        }
        found
    }
}

fn waited_for(command: &mut Command) -> Ran {
    crate::cli::ran(end(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()))
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// The ways to name a file other than by its path.
fn names(district: &District, file: &str) -> Vec<PathBuf> {
    let path = district.at(file);
    let (dir, name) = (path.parent().unwrap(), path.file_name().unwrap());
    let beside = district.at("beside");
    fs::create_dir(&beside).unwrap();
    // The name of a configuration ends so.
    let (link, twin) = (beside.join("link.toml"), beside.join("twin.toml"));
    symlink(&path, &link).unwrap();
    fs::hard_link(&path, &twin).unwrap();
    symlink(dir, beside.join("dir")).unwrap();
    let (dir, own) = (dir.to_owned(), dir.file_name().unwrap());
    let spelled = dir.join("..").join(own).join(".").join(name);
    let relative = Path::new(".").join(file);
    vec![path.clone(), relative, spelled, beside.join("dir").join(name), link, twin]
}

/// Each command with something that it writes, `OUT`, and what it reads or writes beside.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "20260105-020000 --previous 20260104-020000 --config district.toml \
         --report csv=out/report.json --report json=OUT",
        &[
            "20260105-020000/students.csv",
            "20260105-020000/COMPLETE",
            "20260104-020000/guardians.csv",
            "20260104-020000/COMPLETE",
            "district.toml",
            "out/report.json",
        ],
    ),
    ("20260105-020000/students.csv --report json=OUT", &["20260105-020000/students.csv"]),
    (
        "upload --report json=OUT",
        &["upload/students_auto.csv", "upload/20260101-000000/students.csv"],
    ),
    (
        "stage export --upload upload --previous 20260104-020000 --config district.toml \
         --report csv=out/report.json --report json=OUT",
        &[
            "export/students.csv",
            "export/COMPLETE",
            "20260104-020000/guardians.csv",
            "upload/20260101-000000/students.csv",
            "upload/students_auto.csv",
            "district.toml",
            "out/report.json",
        ],
    ),
    (
        "stage export --upload upload --auto --report json=OUT",
        &["export/guardians.csv", "upload/students_auto.csv"],
    ),
    (
        "learn 20260105-020000 --force --output OUT",
        &["20260105-020000/students.csv", "20260105-020000/COMPLETE"],
    ),
    (
        "baseline 20260105-020000 --config district.toml --force --output OUT",
        &["20260105-020000/students.csv", "20260105-020000/COMPLETE", "district.toml"],
    ),
    // An empty file is a configuration.
    ("baseline 20260105-020000 --write --config OUT", &["20260105-020000/COMPLETE"]),
    (
        "upload-script 20260105-020000 --for sftp --force --output OUT",
        &["20260105-020000/guardians.csv", "20260105-020000/COMPLETE"],
    ),
];

#[test]
fn nothing_that_is_written_is_anything_that_is_read() {
    let mut tried = 0;
    for (command, others) in COMMANDS {
        for other in *others {
            let ways = names(&District::new(), other).len();
            for way in 0..ways {
                for as_summary in [false, true] {
                    let district = District::new();
                    let out = names(&district, other)[way].clone();
                    let before = district.all();
                    let args: Vec<_> = words(command)
                        .iter()
                        .map(|word| word.replace("OUT", out.to_str().unwrap()))
                        .collect();
                    let (args, summary) = match args.split_last() {
                        Some((last, rest)) if as_summary && last.starts_with("json=") => {
                            (&rest[..rest.len() - 1], Some(&*out))
                        }
                        _ if as_summary => continue,
                        _ => (&args[..], None),
                    };
                    let ran = district.run(args, summary);
                    assert_eq!(ran.status, Some(2), "{args:?} {summary:?}: {}{}", ran.out, ran.err);
                    assert_eq!(ran.out, "", "{args:?}");
                    assert!(district.all() == before, "{args:?} {summary:?}: something changed");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// A copy takes the place of an earlier auto file, which is none of what is read.
#[test]
fn no_copy_takes_the_place_of_what_is_read() {
    for other in ["export/students.csv", "20260104-020000/students.csv", "district.toml"] {
        for is_link in [false, true] {
            let district = District::new();
            let auto = district.at("upload/students_auto.csv");
            fs::remove_file(&auto).unwrap();
            if is_link {
                symlink(district.at(other), &auto).unwrap();
            } else {
                fs::hard_link(district.at(other), &auto).unwrap();
            }
            let before = district.all();
            let args = "stage export --upload upload --auto --previous 20260104-020000 --config \
                        district.toml";
            let ran = district.run(&words(args), None);
            assert_eq!(ran.status, Some(2), "{other} {is_link}: {}{}", ran.out, ran.err);
            assert!(district.all() == before, "{other} {is_link}: something changed");
        }
    }
}

#[test]
fn nothing_is_compared_with_itself() {
    let district = District::new();
    fs::create_dir(district.at("twins")).unwrap();
    symlink(EPOCH, district.at("link")).unwrap();
    symlink("export", district.at("link-to-export")).unwrap();
    fs::hard_link(district.at(EPOCH).join("students.csv"), district.at("twins/students.csv"))
        .unwrap();
    symlink(district.at(EPOCH).join("students.csv"), district.at("twins/link.csv")).unwrap();
    let before = district.all();
    for (target, others) in [
        (EPOCH, &["20260105-020000", "./20260105-020000/", "out/../20260105-020000", "link"][..]),
        ("link", &["20260105-020000", "link", "./link/"]),
        (
            "20260105-020000/students.csv",
            &[
                "20260105-020000",
                "20260105-020000/students.csv",
                "./20260105-020000/../20260105-020000/students.csv",
                "link/students.csv",
                "twins/students.csv",
                "twins/link.csv",
            ],
        ),
        (EPOCH, &["20260105-020000/students.csv", "twins/students.csv"]),
        (
            "stage export --upload upload",
            &["export", "./export/", "out/../export", "link-to-export", "export/students.csv"],
        ),
        ("stage export --upload upload --auto --dry-run", &["export"]),
    ] {
        for other in others {
            let ran = district.run(&words(&format!("{target} --previous {other}")), None);
            assert_eq!(ran.status, Some(2), "{target} {other}: {}{}", ran.out, ran.err);
            assert!(district.all() == before, "{target} {other}: something changed");
        }
    }
}

#[test]
fn what_is_only_read_may_be_one_file() {
    let district = District::new();
    let twins = district.at("20260103-020000");
    fs::create_dir(&twins).unwrap();
    for name in ["students.csv", "guardians.csv", "COMPLETE"] {
        fs::hard_link(district.at(EPOCH).join(name), twins.join(name)).unwrap();
    }
    fs::hard_link(district.at("district.toml"), district.at("other.toml")).unwrap();
    for args in [
        "20260105-020000 20260105-020000 --previous 20260103-020000 --config other.toml",
        "20260105-020000 --previous 20260103-020000 --report json=out/report.json",
    ] {
        let ran = district.run(&words(args), None);
        assert_eq!(ran.status, Some(0), "{args}: {}{}", ran.out, ran.err);
    }
}

/// Whoever opens a pipe waits for somebody, and a device may never end.
#[test]
fn what_would_be_waited_for_is_refused() {
    let district = District::new();
    let pipe = district.at("pipe");
    make_pipe(&pipe);
    for out in [&*pipe, Path::new("/dev/zero"), Path::new("/dev/null")] {
        let out_text = out.to_str().unwrap();
        for (args, summary) in [
            (format!("{EPOCH} --report json={out_text}"), None),
            (format!("stage export --upload upload --report json={out_text}"), None),
            (format!("schema --force --output {out_text}"), None),
            (format!("learn {EPOCH} --force --output {out_text}"), None),
            (EPOCH.to_owned(), Some(out)),
            ("stage export --upload upload".to_owned(), Some(out)),
        ] {
            let ran = district.run(&words(&args), summary);
            assert_eq!(ran.status, Some(2), "{args}: {}", ran.err);
            assert!(ran.err.contains("is not a regular file"), "{args}: {}", ran.err);
        }
        for args in [EPOCH, "stage export --upload upload"] {
            for zone in [out_text.to_owned(), format!(":{out_text}")] {
                let mut command = program(district.dir.path());
                let ran = waited_for(command.args(words(args)).env("TZ", zone));
                assert_eq!(ran.status, Some(2), "{args}: {}", ran.err);
                assert!(ran.err.contains("`TZ` names"), "{args}: {}", ran.err);
            }
        }
    }
    let mut command = program(district.dir.path());
    let ran = run(command.arg(EPOCH).env("TZ", "America/New_York"));
    assert_eq!(ran.status, Some(0), "{}", ran.err);
}

/// Issue 15, 6: who could not read the old report cannot read the new one.
#[test]
fn a_report_with_values_is_its_owners() {
    use std::os::unix::fs::PermissionsExt;
    let district = District::new();
    let path = district.at("out/new.json");
    for (mask, values, old, expected) in [
        ("022", "mask", None, 0o644),
        ("002", "mask", None, 0o664),
        ("077", "mask", None, 0o600),
        ("000", "show", None, 0o600),
        ("022", "mask", Some(0o600), 0o600),
        ("077", "mask", Some(0o640), 0o640),
        ("022", "show", Some(0o600), 0o600),
        ("022", "show", Some(0o640), 0o640),
        ("022", "show", Some(0o644), 0o600),
    ] {
        for as_summary in [false, true] {
            let _ = fs::remove_file(&path);
            if let Some(mode) = old {
                fs::write(&path, "").unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
            let report = if as_summary { "" } else { "--report json=out/new.json" };
            let script = format!(
                "umask {mask}; exec '{}' {EPOCH} --values {values} {report}",
                env!("CARGO_BIN_EXE_samegoal-lint")
            );
            let mut command = Command::new("sh");
            command.args(["-c", &script]).current_dir(district.dir.path());
            command.env_remove("GITHUB_ACTIONS");
            if as_summary {
                command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &path);
            }
            let ran = run(&mut command);
            assert_eq!(ran.status, Some(0), "{}", ran.err);
            let mode = path.metadata().unwrap().mode() & 0o777;
            // GitHub's own file is appended to, and stays whose it is.
            let expected = old.filter(|_| as_summary).unwrap_or(expected);
            assert_eq!(mode, expected, "{mask} {values} {old:?} {as_summary}: {mode:o}");
        }
    }
}

/// A report that a killed run began may hold values.
#[test]
fn what_a_killed_run_left_beside_a_report_is_removed() {
    let district = District::new();
    let [left, held, other] = [".samegoal-lint-a.tmp", ".samegoal-lint-b.tmp", "c.tmp"]
        .map(|name| district.at("out").join(name));
    for path in [&left, &held, &other] {
        fs::write(path, "Okafor").unwrap();
    }
    let lock = fs::File::open(&held).unwrap();
    lock.lock().unwrap();
    let pipe = district.at("out/.samegoal-lint-d.tmp");
    make_pipe(&pipe);
    let ran = district.run(&words(&format!("{EPOCH} --report json=out/report.json")), None);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let are_there = [left, held, other, pipe].map(|path| path.exists());
    assert_eq!(are_there, [false, true, true, true]);
}
