//! The report for people who listen to it: every finding in a few plain lines, in which nothing is
//! said by a drawing, a color or a place on the screen.

use std::fmt::Write as _;
use std::io::{self, Write};

use samegoal_schema::Location;

use super::fold::{Folded, Repeated};
use super::words::label;
use super::{Options, Report, place, table, verdict};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// Writes the report. The verdict comes first: a listener cannot skip to the end.
///
/// # Errors
///
/// Those of `out`.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    table::write(report, options, out)?;
    for line in verdict::lines(report, options).into_iter().chain(verdict::read(report, options)) {
        writeln!(out, "{line}")?;
    }
    let folded = Folded::new(report, options);
    let count = folded.groups.len();
    for (number, group) in folded.groups.iter().enumerate() {
        writeln!(out, "\nFinding {} of {count}.", number + 1)?;
        narrate(report, group, Masker::new(options.values), out)?;
        for line in group.members().into_iter().chain(group.commands()) {
            writeln!(out, "{line}")?;
        }
        if let Some(line) = group.rest() {
            writeln!(out, "Repeats: {}.", plainly(&line))?;
        }
    }
    for (number, line) in folded.left_out.iter().enumerate() {
        writeln!(out, "{}Not listed: {}.", if number == 0 { "\n" } else { "" }, plainly(line))?;
    }
    Ok(())
}

fn narrate(
    report: &Report,
    group: &Repeated<'_>,
    masker: Masker,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reported = group.first;
    let finding = &reported.finding;
    writeln!(out, "{}: {}", label(reported.severity), group.message(masker))?;
    writeln!(out, "Place: {}", in_words(&reported.path, finding.location.as_ref(), masker))?;
    writeln!(out, "Rule: {}", finding.rule.name)?;
    let help = group.help(masker);
    if !help.is_empty() {
        writeln!(out, "Help: {help}")?;
    }
    for related in &finding.related {
        let path = report.related_path(&reported.path, related);
        let place = place(&path, related.location.as_ref(), masker);
        writeln!(out, "See also: {place}: {}", masker.message(&related.message))?;
    }
    Ok(())
}

fn in_words(path: &str, place: Option<&Location>, masker: Masker) -> String {
    let mut words = visible(path).into_owned();
    let Some(place) = place else { return words };
    let _ = write!(words, ", line {}", place.line);
    if masker.shows_columns_of(place) {
        let _ = write!(words, ", character {}", place.column);
    }
    if let Some(cell) = place.cell_name() {
        let _ = write!(words, ", cell {cell}");
    }
    if let Some(field) = &place.field {
        let _ = write!(words, ", column {}", masker.message(field));
    }
    words
}

/// Without what is read out as punctuation.
fn plainly(line: &str) -> String {
    line.trim_start_matches("… ").replace('–', " to ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, at};

    #[test]
    fn a_finding_is_put_in_words() {
        let report = sample::with_findings(vec![("epoch/students.csv", sample::misnamed())]);
        let text = sample::written(write, &report, &Options::default());
        let (verdict, finding) = text.split_once("\n\n").unwrap();
        assert!(verdict.starts_with("SameGoal would ignore epoch/students.csv (1,200 records): "));
        assert_eq!(
            finding,
            "Finding 1 of 1.
Error: the required column `Date of Birth` is missing, and `DOB` looks like it
Place: epoch/students.csv, line 1, character 33, cell D1, column Date of Birth
Rule: header/misnamed-column
Help: SameGoal finds columns by their exact names. Rename the header.
"
        );
    }

    #[test]
    fn repeats_are_put_in_words() {
        let finding = |line| ("x.csv", FIELD_COUNT.finding().at(at(line, 1)));
        let report = sample::capped((1..=30).map(finding).collect(), 1000);
        let text = sample::written(write, &report, &Options::default());
        assert!(text.ends_with("Repeats: and 29 more like this in lines 2 to 30.\n"), "{text}");
        let text = sample::written(
            write,
            &report,
            &Options { verbose: true, max_findings: 2, ..Options::default() },
        );
        assert!(text.ends_with("\nNot listed: and 28 more csv/field-count in x.csv.\n"), "{text}");
    }

    #[test]
    fn nothing_is_drawn() {
        let text = sample::written(write, &sample::mixed(), &Options::default());
        sample::assert_safe(&text);
        assert!(!text.contains(|c| "│╭╰─×⚠–".contains(c)), "{text}");
    }
}
