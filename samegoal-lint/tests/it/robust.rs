//! Any bytes, under any names: findings in order and in place, and never a panic.

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use samegoal_lint::listing::{Memory, display};
use samegoal_lint::policy::Policy;
use samegoal_lint::report::{Options, Report, json, plain, pretty};
use samegoal_lint::run::{Request, run};
use samegoal_schema::finding::Values;

use crate::tree::{Node, What, in_memory};

const NAMES: &[&str] = &[
    "students.csv",
    "Students.csv",
    "students.csv ",
    "students_auto.csv",
    "students (1).csv",
    "students.xlsx",
    "guardians.csv",
    "guardians_auto.csv",
    "gaurdians.csv",
    "users.csv",
    "user_roles.csv",
    "user_groups.csv",
    "absences.csv",
    "COMPLETE",
    "complete",
    "COMPLETE.txt",
    "export.csv",
    ".DS_Store",
    "students.csv.filepart",
];
const FOLDERS: &[&str] =
    &["20260105-020000", "20260105_020000", "20261399-020000", "export", "upload"];
const PIECES: &[&str] = &[
    "Student Id",
    "Last Name",
    "First Name",
    "Date of Birth",
    "Gender",
    "District Enrollment",
    "Building",
    "Building Reporting Id",
    "Roles",
    "DOB",
    "1001",
    "1002",
    "01/05/2012",
    "1/5/2012",
    "13/40/2012",
    "ENROLLED",
    "F",
    "Okafor",
    "李",
    "Zoë",
    " ",
    ",",
    ",",
    ",",
    ",",
    "\"",
    "\"\"",
    "\n",
    "\n",
    "\r\n",
    "\r\n",
    "\r",
    ";",
    "\t",
    "|",
    "\u{feff}",
    "\u{200b}",
    "\0",
    "\u{1a}",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(NAMES).prop_map(str::to_owned),
        1 => "[sS]tudents?[ ._(1)-]{0,3}\\.[a-z]{2,4}",
        1 => "[^/\\\\\0]{1,12}".prop_filter("a name", |name| name != "." && name != ".."),
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        9 => prop::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => any::<[u8; 2]>().prop_map(|bytes| bytes.to_vec()),
    ];
    prop_oneof![
        8 => prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat()),
        1 => any::<Vec<u8>>(),
    ]
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        16 => bytes().prop_map(What::File),
        1 => bytes().prop_map(What::Growing),
        1 => bytes().prop_map(What::Unreadable),
        1 => Just(What::Directory),
        1 => Just(What::Closed),
        1 => Just(What::Link),
        1 => Just(What::Other),
    ]
}

fn nodes() -> impl Strategy<Value = Vec<Node>> {
    let folder = prop::option::weighted(0.6, prop::sample::select(FOLDERS));
    let node = (folder, name(), what()).prop_map(|(folder, name, what)| {
        let path = Path::new("root").join(folder.unwrap_or_default()).join(name);
        Node { path, what, modified: None }
    });
    prop::collection::vec(node, 1..8)
}

/// The lengths of the physical lines of a file, in characters; the last one has no end.
fn lines(bytes: &[u8]) -> Vec<u64> {
    let mark = b"\xEF\xBB\xBF";
    let bytes = bytes.strip_prefix(mark).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(mark).unwrap_or(bytes);
    let mut lines = vec![0];
    let mut after_return = false;
    for chunk in bytes.utf8_chunks() {
        let bad = chunk.invalid().iter().map(|_| '?');
        for c in chunk.valid().chars().chain(bad) {
            match c {
                '\n' if after_return => {}
                '\n' | '\r' => lines.push(0),
                _ => *lines.last_mut().unwrap() += 1,
            }
            after_return = c == '\r';
        }
    }
    lines
}

fn check_places(report: &Report, nodes: &[Node]) {
    let mut before = None;
    for reported in &report.found.findings {
        let finding = &reported.finding;
        let at = finding.location.as_ref();
        let here = (&reported.path, at.map(|at| (at.line, at.column)), finding.rule.name);
        assert!(before.is_none_or(|before| before <= here), "{before:?} before {here:?}");
        before = Some(here);
        let Some(at) = at else { continue };
        // Of nodes with one path the last is in the tree.
        let is_there = |node: &&Node| display(&node.path) == *reported.path;
        let bytes = nodes.iter().rev().find(is_there).and_then(Node::bytes).unwrap();
        let lines = lines(bytes);
        let line = usize::try_from(at.line).unwrap();
        assert!((1..=lines.len()).contains(&line), "{here:?} in {} lines", lines.len());
        let length = lines[line - 1];
        assert!(1 <= at.column && at.column <= at.end_column, "{here:?}");
        assert!(at.end_column <= length + 1, "{here:?} to {} of {length}", at.end_column);
        assert!(at.byte_offset <= bytes.len() as u64, "{here:?}");
    }
}

fn lint(nodes: &[Node], path: &str) -> Report {
    let policy = Policy { max_findings: 0, ..Policy::default() };
    let request = Request { paths: vec![path.into()], policy, ..Request::default() };
    let api = samegoal_schema::generic_api();
    run(&in_memory(nodes), &api, &request, &mut std::io::empty()).unwrap()
}

fn write_all(report: &Report) {
    for values in [Values::Show, Values::Mask] {
        for width in [20, 100] {
            let options = Options { values, width, ..Options::default() };
            let mut out = Vec::new();
            pretty::write(report, &options, &mut out).unwrap();
            plain::write(report, &options, &mut out).unwrap();
            json::write(report, &options, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_directory_gives_findings_in_order_and_in_place(nodes in nodes()) {
        let report = lint(&nodes, "root");
        check_places(&report, &nodes);
        write_all(&report);
    }

    #[test]
    fn any_bytes_give_findings_in_order_and_in_place(
        file in prop::sample::select(&["students.csv", "guardians.csv", "users.csv"][..]),
        bytes in bytes(),
    ) {
        let nodes = [Node::file(file, bytes)];
        let report = lint(&nodes, file);
        check_places(&report, &nodes);
        write_all(&report);
    }
}

#[test]
fn an_empty_directory_is_reported() {
    let report =
        lint(&[Node { path: "epoch".into(), what: What::Directory, modified: None }], "epoch");
    assert!(report.found.rules.contains_key("layout/no-data-file"));
    let tree = Memory::new();
    let request = Request { paths: vec![".".into()], ..Request::default() };
    let api = samegoal_schema::generic_api();
    assert!(run(&tree, &api, &request, &mut std::io::empty()).unwrap().found.failed);
}

/// Issue 15, 10: that is said, and neither a signal nor a file with the whole memory ends the run.
#[cfg(unix)]
#[test]
fn too_little_memory_ends_in_2() {
    let program = env!("CARGO_BIN_EXE_samegoal-lint");
    let dir = tempfile::tempdir().unwrap();
    let students = std::fs::read_to_string(crate::case::root().join("parts/students.csv")).unwrap();
    let mut text = format!("{}\n", students.lines().next().unwrap());
    for number in 0..400_000 {
        writeln!(text, "{number},x,,y,01/15/2012,F,ENROLLED,,,,,,,,,,,Oak,1,").unwrap();
    }
    std::fs::write(dir.path().join("students.csv"), text).unwrap();
    let mut found = std::collections::BTreeSet::new();
    for kilobytes in (14_000..40_000).step_by(2000) {
        let script = format!(
            "ulimit -c unlimited; ulimit -v {kilobytes}; exec '{program}' --threads 1 students.csv"
        );
        let mut command = std::process::Command::new("sh");
        let ran = crate::cli::run(command.args(["-c", &script]).current_dir(dir.path()));
        assert!(ran.status.is_some_and(|it| it <= 2), "{kilobytes}: {:?} {}", ran.status, ran.err);
        if ran.status == Some(2) && ran.err.contains("memory allocation of") {
            found.insert(kilobytes);
        }
    }
    assert!(!found.is_empty(), "memory never ran out");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "a core file");
}
