//! The report for a mail in the morning: at most ten plain lines, the first its subject.

use std::io::{self, Write};

use samegoal_schema::Location;

use super::fold::{Folded, Repeated};
use super::part::Part;
use super::{Options, Report, verdict};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::{self, visible};

/// How many causes are named.
const CAUSES: usize = 3;

/// The longest line, in characters; a mail is cut at about a thousand bytes.
const LONGEST: usize = 400;

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let options = Options { elapsed: None, verbose: false, max_findings: 0, ..*options };
    let opening = verdict::opening(report, &options);
    let mut lines = vec![subject(report)];
    lines.extend(opening);
    let masker = Masker::new(options.values);
    let folded = Folded::new(report, &options);
    for (number, group) in (1..=CAUSES).zip(&folded.groups) {
        lines.push(format!("{number}. {}", cause(group, masker)));
    }
    if let Some(rest) = folded.groups.len().checked_sub(CAUSES).filter(|rest| *rest > 0) {
        lines.push(format!("{rest} more causes are in the full report."));
    }
    lines.extend(verdict::closing(report, &options));
    for line in lines {
        writeln!(out, "{}", shortened(&line))?;
    }
    Ok(())
}

/// What stands in a list of mails.
fn subject(report: &Report) -> String {
    let part = Part::whole(report);
    let what = match part.counts() {
        counts if counts.is_empty() => "nothing found".to_owned(),
        counts => counts,
    };
    let failed = if report.found.failed { "FAILED" } else { "passed" };
    let mut line = format!("samegoal-lint {failed}: {what} in ");
    let paths: Vec<_> = report.targets.iter().map(|target| visible(&target.path)).collect();
    let named = match &paths[..] {
        [one] => one.to_string(),
        [first, others @ ..] => format!("{first} and {} more", others.len()),
        [] => "nothing".to_owned(),
    };
    escape::push(&mut line, &named);
    line
}

/// A cause with the row and the cell, by which it is found again however much is masked.
fn cause(group: &Repeated<'_>, masker: Masker) -> String {
    let mut line = visible(&group.first.path).into_owned();
    if let Some(place) = &group.first.finding.location {
        let cell = place.cell_name().map(|cell| format!(", cell {cell}")).unwrap_or_default();
        escape::push(&mut line, &format!(", {}{cell}", row(place)));
    }
    escape::push(&mut line, ": ");
    escape::push(&mut line, &group.message(masker));
    if let Some(rest) = group.rest() {
        line.extend([" ", &rest]);
    }
    line
}

fn row(place: &Location) -> String {
    match place.cell {
        Some((row, _)) => format!("row {row}"),
        None => format!("line {}", place.line),
    }
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, NASTY, at};

    fn written(report: &Report) -> String {
        sample::written(write, report, &Options::default())
    }

    #[test]
    fn a_mail_has_ten_lines_at_most() {
        let text = written(&sample::mixed());
        let lines: Vec<_> = text.lines().collect();
        assert!(lines.len() <= 10, "{text}");
        assert_eq!(lines[0], "samegoal-lint FAILED: 3 errors, 1 warning in epoch");
        assert!(lines[1].starts_with("SameGoal would ignore this delivery: "), "{text}");
        assert!(lines[2].contains("Fix the header of epoch/students.csv first, then add COMPLETE"));
        assert_eq!(lines[3], "1. epoch: there is no COMPLETE file in epoch");
        assert!(lines[4].starts_with("2. epoch/students.csv, row 1, cell D1: the required"));
        assert!(lines[6].starts_with("1 further") || lines[5].starts_with("3. "), "{text}");
        sample::assert_safe(&text);
        assert!(!text.contains("Lovelace"));
    }

    #[test]
    fn a_clean_run_is_three_lines() {
        let text = written(&sample::with_findings(Vec::new()));
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.starts_with("samegoal-lint passed: nothing found in epoch\n"), "{text}");
    }

    #[test]
    fn no_line_is_long_or_more_than_one() {
        let finding = |line| {
            let text = format!("{NASTY}{}", "x".repeat(5000));
            (NASTY, FIELD_COUNT.finding().message(text).at(at(line, 1)))
        };
        let text = written(&sample::with_findings((0..9).map(finding).collect()));
        assert!(text.lines().count() <= 10);
        assert!(text.lines().all(|line| line.chars().count() <= LONGEST + 1), "{text}");
        sample::assert_safe(&text);
    }
}
