//! The report as text without decoration: one line a finding, causes first, then the verdict.
//!
//! The line is `path:line:column: severity[rule] message`, which editors and log viewers know how
//! to jump from; `path:line: …` where the column is masked, and without a place `path: …`.

use std::io::{self, Write};

use super::order::Order;
use super::words::stands_for;
use super::{Options, Report, place, table, verdict};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape;

/// Writes the report. Color and width make no difference.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let masker = Masker::new(options.values);
    table::write_plain(report, options, out)?;
    for reported in Order::new(report).sorted(report.found.shown(options.max_findings)) {
        let finding = &reported.finding;
        let mut line = place(&reported.path, finding.location.as_ref(), masker);
        let kind = format!(": {}[{}] ", reported.severity, finding.rule.name);
        escape::push(&mut line, &kind);
        line.push_str(&masker.message(&finding.message));
        line.push_str(&stands_for(finding).unwrap_or_default());
        writeln!(out, "{line}")?;
    }
    let left_out = verdict::left_out(report, options.max_findings);
    for line in
        left_out.chain(verdict::read(report, options)).chain(verdict::lines(report, options))
    {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, at};
    use samegoal_schema::finding::Values;

    fn written(report: &Report, values: Values) -> String {
        sample::written(write, report, &Options { values, ..Options::default() })
    }

    #[test]
    fn a_finding_is_a_line() {
        let text = written(&sample::mixed(), Values::Mask);
        let lines: Vec<_> = text.lines().take(4).collect();
        assert_eq!(
            lines[0],
            "epoch: error[layout/missing-complete] there is no COMPLETE file in epoch"
        );
        assert!(
            lines[1].starts_with("epoch/students.csv:1:33: error[header/misnamed-column] the ")
        );
        assert_eq!(
            lines[2],
            "epoch/guardians.csv:7: error[csv/field-count] the record of ‹…› has 3 fields, not 2"
        );
        assert!(
            lines[3].starts_with(r"epoch/:\u{3a}x\u{1b}\n:\u{3a}error:\u{3a}y.csv:9: warning[")
        );
        sample::assert_safe(&text);
    }

    #[test]
    fn a_path_that_looks_like_a_command_begins_no_line() {
        for path in ["::error::x", ":", "\n::error::x"] {
            for place in [None, Some(at(1, 1))] {
                let mut finding = FIELD_COUNT.finding().message("x");
                finding.location = place;
                let report = sample::with_findings(vec![(path, finding)]);
                sample::assert_safe(&written(&report, Values::Show));
            }
        }
    }

    #[test]
    fn repeats_beyond_the_cap_are_a_line() {
        let many = || ("epoch/students.csv", FIELD_COUNT.finding().message("x").at(at(2, 1)));
        let text = written(&sample::capped((0..1300).map(|_| many()).collect(), 2), Values::Show);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[2], "… and 1,298 more csv/field-count in epoch/students.csv");
    }

    #[test]
    fn a_finding_that_is_many_says_so() {
        let finding = FIELD_COUNT.finding().message("x").count(42);
        let text =
            written(&sample::with_findings(vec![("epoch/students.csv", finding)]), Values::Mask);
        let line = "epoch/students.csv: error[csv/field-count] x (stands for 42 records)\n";
        assert!(text.starts_with(line), "{text}");
        assert!(text.contains("\n42 errors in 2 files"), "{text}");
    }

    #[test]
    fn an_empty_report_is_two_lines() {
        assert_eq!(written(&Report::default(), Values::Mask).lines().count(), 2);
    }
}
