//! Every format against every scenario: the exit status is right, a parser that is none of ours
//! takes what was written apart, and nothing in it is forged.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use samegoal_lint::escape::visible;
use samegoal_lint::report::Format;

use crate::case;
use crate::cli::{program, ran};

mod parsed;
mod written;

/// A directory with something in it to lint.
struct Scenario {
    name: &'static str,
    dir: tempfile::TempDir,
    paths: Vec<String>,
    status: i32,
}

/// What stands in names, headers and cells of those who want out of them.
pub(crate) const HOSTILE: [&str; 12] = [
    "\u{1b}[31mred\u{1b}]8;;https://example.org\u{7}",
    "\u{202e}vsc.stneduts",
    "line\n::error::forged",
    "%0A::error::forged",
    "</script><script>alert(1)</script>",
    "]]><x>&amp;",
    "\"quotes\" 'both' `kinds`",
    "##[error]forged ##vso[task.complete]",
    "=HYPERLINK(\"https://example.org\")",
    "[link](https://example.org) | @all <b>",
    "\u{feff}\u{200b}\u{2028}\u{fffe}",
    "a,line=1::b",
];

const EPOCH: &str = "20260105-020000";

fn clean() -> String {
    let path = case::root().join("epochs/clean").join(EPOCH).join("students.csv");
    fs::read_to_string(path).unwrap()
}

/// A clean record with another value in one of its fields.
fn record(field: usize, value: &str) -> String {
    let text = clean();
    let record = text.lines().nth(1).unwrap();
    let quoted = format!("\"{}\"", value.replace('"', "\"\""));
    let mut fields: Vec<_> = record.split(',').collect();
    fields[field] = &quoted;
    fields.join(",")
}

fn scenario(name: &'static str, status: i32, files: &[(&str, &[u8])]) -> Scenario {
    let dir = tempfile::tempdir().unwrap();
    let epoch = dir.path().join(EPOCH);
    fs::create_dir(&epoch).unwrap();
    for (name, bytes) in files {
        fs::write(epoch.join(name), bytes).unwrap();
    }
    Scenario { name, dir, paths: vec![EPOCH.to_owned()], status }
}

fn hostile() -> Scenario {
    let header = clean().lines().next().unwrap().to_owned();
    let mut students = header.clone();
    for text in HOSTILE {
        let _ = write!(students, ",\"{}\"", text.replace('"', "\"\""));
    }
    students.push('\n');
    for field in 0..7 {
        for text in HOSTILE {
            students.push_str(&record(field, text));
            students.push_str(&",".repeat(HOSTILE.len()));
            students.push('\n');
        }
    }
    let scenario = scenario("hostile", 1, &[("students.csv", students.as_bytes())]);
    let epoch = scenario.dir.path().join(EPOCH);
    for text in HOSTILE {
        // Where the system has no such name there is one less.
        let _ = fs::write(epoch.join(format!("{}.csv", text.replace('/', "_"))), "x\n");
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"Stud\xff\xe9nts.csv");
        fs::write(epoch.join(name), "x\n").unwrap();
    }
    scenario
}

fn everything() -> Scenario {
    let dir = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, case) in case::all().iter().enumerate() {
        let [arg] = case.args.as_slice() else { continue };
        let own = dir.path().join(number.to_string());
        for node in &case.nodes {
            let path = own.join(&node.path);
            let Some(bytes) = node.bytes() else { continue };
            let _ =
                fs::create_dir_all(path.parent().unwrap()).and_then(|()| fs::write(path, bytes));
        }
        if own.join(arg).exists() {
            paths.push(format!("{number}/{arg}"));
        }
    }
    Scenario { name: "everything", dir, paths, status: 1 }
}

fn nothing() -> Scenario {
    scenario("clean", 0, &[("students.csv", clean().as_bytes()), ("COMPLETE", b"")])
}

fn one() -> Scenario {
    scenario("one", 1, &[("students.csv", clean().as_bytes())])
}

fn many() -> Scenario {
    let mut students = format!("{}\n", clean().lines().next().unwrap());
    let record = record(4, "13/31/2014");
    let (_, rest) = record.split_once(',').unwrap();
    for id in 0..30_000 {
        let _ = writeln!(students, "{id},{rest}");
    }
    scenario("many", 1, &[("students.csv", students.as_bytes()), ("COMPLETE", b"")])
}

fn unreadable() -> Scenario {
    let scenario = scenario("unreadable", 1, &[("COMPLETE", b"")]);
    fs::create_dir(scenario.dir.path().join(EPOCH).join("students.csv")).unwrap();
    scenario
}

fn scenarios() -> [Scenario; 6] {
    [nothing(), one(), many(), unreadable(), hostile(), everything()]
}

fn name(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

/// All formats in one run, as files.
fn reports(scenario: &Scenario, into: &Path, options: &[&str]) -> BTreeMap<String, PathBuf> {
    let mut command = program("");
    // The fixtures of one scenario have configurations of their own.
    command.current_dir(scenario.dir.path()).arg("--no-config");
    command.args(&scenario.paths).args(options);
    let mut files = BTreeMap::new();
    for &format in Format::value_variants() {
        let file = into.join(name(format));
        command.arg("--report").arg(format!("{}={}", name(format), file.display()));
        files.insert(name(format), file);
    }
    let ran = ran(command.output().unwrap());
    assert_eq!(ran.status, Some(scenario.status), "{}: {}", scenario.name, ran.err);
    assert_eq!(ran.err, "", "{}", scenario.name);
    files
}

/// Whether no character does more than to be seen.
fn assert_plain(text: &str, what: &str) {
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let hidden =
            line.chars().find(|c| c.is_control() || *visible(&c.to_string()) != *c.to_string());
        assert_eq!(hidden, None, "{what}: {line:?}");
        assert!(!line.contains("##[") && !line.contains("##vso["), "{what}: {line}");
    }
}

#[test]
fn every_format_holds_in_every_scenario() {
    for scenario in scenarios() {
        let out = tempfile::tempdir().unwrap();
        for options in [&["--values=mask"][..], &["--values=show", "--verbose", "--digest"]] {
            let files = reports(&scenario, out.path(), options);
            let texts: BTreeMap<_, _> = files
                .iter()
                .map(|(format, file)| (format.as_str(), fs::read_to_string(file).unwrap()))
                .collect();
            let summary = parsed::json(&texts["json"]);
            for (format, text) in &texts {
                let what = format!("{} in {format}, {options:?}", scenario.name);
                // Only the mark at the start of the CSV file is meant.
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                assert_plain(text, &what);
                if *format != "github" {
                    let forged = text.lines().find(|line| line.trim_start().starts_with("::"));
                    assert_eq!(forged, None, "{what}");
                }
            }
            parsed::check(&texts, &summary, scenario.name);
        }
    }
}

#[test]
fn every_report_is_the_same_twice_and_on_standard_output() {
    for scenario in [nothing(), one(), many(), unreadable(), hostile()] {
        let out = tempfile::tempdir().unwrap();
        let files = reports(&scenario, out.path(), &["--threads=2"]);
        // The same files, made in another order.
        let other = tempfile::tempdir().unwrap();
        let epoch = other.path().join(EPOCH);
        fs::create_dir(&epoch).unwrap();
        let mut entries: Vec<_> =
            fs::read_dir(scenario.dir.path().join(EPOCH)).unwrap().map(Result::unwrap).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
        for entry in entries {
            let to = epoch.join(entry.file_name());
            if entry.path().is_dir() {
                fs::create_dir(to).unwrap();
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
        for (format, file) in files {
            let printed = program("")
                .current_dir(other.path())
                .args(&scenario.paths)
                .args(["--threads=1", "--format", &format])
                .output()
                .unwrap();
            let saved = fs::read(file).unwrap();
            assert!(printed.stdout == saved, "{} in {format} differs", scenario.name);
        }
    }
}
