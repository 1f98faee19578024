//! Every format against every scenario: the exit status is right, a parser that is none of ours
//! takes what was written apart, and nothing in it is forged.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use samegoal_lint::report::Format;
use samegoal_schema::text::escape::visible;

use crate::case;
use crate::cli::{program, ran};

mod parsed;
mod written;

/// A directory with something in it to lint.
struct Scenario {
    name: &'static str,
    dir: tempfile::TempDir,
    paths: Vec<String>,
    /// What it is linted with.
    options: Vec<&'static str>,
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
    let options = vec!["--no-config"];
    Scenario { name, dir, paths: vec![EPOCH.to_owned()], options, status }
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
    // The fixtures have configurations of their own.
    Scenario { name: "everything", dir, paths, options: vec!["--no-config"], status: 1 }
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

/// A clean delivery but for a date that there is not.
fn impossible(name: &'static str, options: Vec<&'static str>) -> Scenario {
    let header = clean().lines().next().unwrap().to_owned();
    let students = format!("{header}\n{}\n", record(4, "02/30/2014"));
    let files: [(&str, &[u8]); 2] = [("students.csv", students.as_bytes()), ("COMPLETE", b"")];
    Scenario { options, ..scenario(name, 0, &files) }
}

const IMPOSSIBLE: &str = "value/impossible-date";

fn off() -> Scenario {
    impossible("off", vec!["--no-config", "--ignore", IMPOSSIBLE])
}

fn lowered() -> Scenario {
    impossible("lowered", vec!["--no-config", "--severity", "value/impossible-date=advice"])
}

fn configured(name: &'static str, text: &str) -> Scenario {
    let scenario = impossible(name, vec!["--config", "district.toml"]);
    fs::write(scenario.dir.path().join("district.toml"), text).unwrap();
    scenario
}

fn accepted() -> Scenario {
    configured(
        "accepted",
        "[[accept]]\nrule = \"value/impossible-date\"\ncount = 1\nreason = \"x\"\n",
    )
}

fn configured_off() -> Scenario {
    configured("configured off", "[severity]\n\"value/impossible-date\" = \"off\"\n")
}

fn several() -> Scenario {
    let scenario =
        scenario("several", 1, &[("students.csv", clean().as_bytes()), ("COMPLETE", b"")]);
    let mut paths = scenario.paths.clone();
    for name in ["20260106-020000", "20260107-020000"] {
        fs::create_dir(scenario.dir.path().join(name)).unwrap();
        fs::write(scenario.dir.path().join(name).join("students.csv"), clean()).unwrap();
        paths.push(name.to_owned());
    }
    Scenario { paths, ..scenario }
}

fn scenarios() -> [Scenario; 11] {
    [
        nothing(),
        one(),
        many(),
        unreadable(),
        hostile(),
        everything(),
        off(),
        lowered(),
        accepted(),
        configured_off(),
        several(),
    ]
}

/// Every format reports what is off, and never says that all is well.
#[test]
fn what_does_not_count_is_said_in_every_format() {
    for scenario in [off(), lowered(), accepted(), configured_off()] {
        let out = tempfile::tempdir().unwrap();
        for (format, file) in reports(&scenario, out.path(), &[]) {
            let text = fs::read_to_string(file).unwrap();
            let what = format!("{} in {format}: {text}", scenario.name);
            let is_told = text.contains(IMPOSSIBLE) || text.contains("1 finding is accepted");
            assert!(is_told, "{what}");
            if scenario.name.contains("off") {
                assert!(!text.contains("Nothing was found"), "{what}");
                assert!(!text.contains("Everything that can be checked"), "{what}");
            }
        }
    }
}

#[test]
fn a_report_on_several_deliveries_begins_with_a_table() {
    let out = tempfile::tempdir().unwrap();
    let files = reports(&several(), out.path(), &[]);
    let text = |format: &str| fs::read_to_string(&files[format]).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text("json")).unwrap();
    let sentence =
        |target: usize| json["targets"][target]["summary"]["verdict"]["sentence"].clone();
    assert!(sentence(0).as_str().unwrap().starts_with("Nothing was found"));
    assert!(sentence(2).as_str().unwrap().starts_with("SameGoal would ignore 20260107-020000: "));
    for format in ["pretty", "plain"] {
        let text = text(format);
        let paths: Vec<_> = text.lines().take(3).map(|line| &line[..EPOCH.len()]).collect();
        assert_eq!(paths, [EPOCH, "20260106-020000", "20260107-020000"], "{text}");
    }
    assert!(text("markdown").starts_with("| Delivery | Verdict | Found | First |\n"));
    assert!(text("html").contains("<table class=\"deliveries\">"));
    assert!(text("plain").contains("\n2 errors in 2 of 3 deliveries, 3 files, "));
}

fn name(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

/// All formats in one run, as files.
fn reports(scenario: &Scenario, into: &Path, options: &[&str]) -> BTreeMap<String, PathBuf> {
    let mut command = program("");
    command.current_dir(scenario.dir.path()).args(&scenario.options);
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
