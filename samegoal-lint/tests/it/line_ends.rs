//! The same file with other line ends: what is found in it, and where, stays the same.

use std::fmt::Write;

use samegoal_lint::layout;
use samegoal_lint::report::Report;

use crate::case::{self, Case, each, same};

/// The rules that are about the line ends themselves.
const ABOUT_LINE_ENDS: [&str; 2] = ["csv/mixed-line-ends", "csv/bare-carriage-return"];

/// Files in which a byte is not a character: there the bytes of a line end are no line end.
const NOT_LINES: [&str; 2] = ["csv/utf16", "csv/not-csv"];

#[test]
fn the_kind_of_line_end_moves_no_finding() {
    let cases = case::all();
    each(&cases, |case| {
        let report = case.run(&case.memory());
        let places = |end| {
            let twin = with_line_ends(case, &report, end);
            places(&twin.run(&twin.memory()))
        };
        let expected = places("\n");
        same("CRLF", &places("\r\n"), &expected)?;
        same("CR", &places("\r"), &expected)
    });
}

/// The case with one kind of line end throughout, also in values: that is how programs convert them.
fn with_line_ends(case: &Case, report: &Report, end: &str) -> Case {
    let is_lines = |path: &str| {
        // A lone CR ends no line of TOML.
        !path.ends_with(layout::CONFIG_FILE)
            && !report.found.findings.iter().any(|reported| {
                *reported.path == *path && NOT_LINES.contains(&reported.finding.rule.name)
            })
    };
    let mut twin = case.clone();
    for node in &mut twin.nodes {
        let path = samegoal_lint::listing::display(&node.path);
        if let Some(bytes) = node.bytes_mut()
            && is_lines(&path)
        {
            *bytes = convert(bytes, end.as_bytes());
        }
    }
    twin
}

fn convert(bytes: &[u8], end: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' => {
                rest.next_if_eq(&b'\n');
                out.extend_from_slice(end);
            }
            b'\n' => out.extend_from_slice(end),
            _ => out.push(byte),
        }
    }
    out
}

#[test]
fn line_ends_are_converted() {
    assert_eq!(convert(b"a\r\nb\nc\rd\r\r\n\n\r", b"\r\n"), b"a\r\nb\r\nc\r\nd\r\n\r\n\r\n\r\n");
}

/// The findings in full, but for those about line ends and for the bytes that these add.
fn places(report: &Report) -> String {
    let mut text = String::new();
    for reported in &report.found.findings {
        let finding = &reported.finding;
        if ABOUT_LINE_ENDS.contains(&finding.rule.name) {
            continue;
        }
        let place = finding
            .location
            .as_ref()
            .map(|at| (at.line, at.column, at.end_column, at.record, at.cell_name()));
        let second = finding
            .related
            .iter()
            .map(|related| related.location.as_ref().map(|at| (at.line, at.column)));
        let second: Vec<_> = second.collect();
        let (path, rule) = (&reported.path, finding.rule.name);
        writeln!(text, "{path} {place:?} {}[{rule}] {second:?}", reported.severity).unwrap();
    }
    for skipped in &report.not_checked {
        writeln!(text, "{} {} {}", skipped.path, skipped.what, skipped.why).unwrap();
    }
    text
}
