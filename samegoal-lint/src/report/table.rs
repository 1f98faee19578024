//! The table of deliveries with which a report on several of them begins.

use std::io::{self, Write};

use samegoal_schema::Severity;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::order::Order;
use super::part::Part;
use super::words::{NO_DELIVERY, outcome};
use super::{Drawing, Options, Report};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::{self, visible};

/// A delivery in a line.
pub(super) struct Row {
    pub(super) path: String,
    /// How bad it is; `None` if nothing was found.
    pub(super) severity: Option<Severity>,
    pub(super) verdict: &'static str,
    pub(super) counts: String,
    /// What is wrong first of all.
    pub(super) cause: String,
}

impl Row {
    pub(super) fn grade(&self) -> &'static str {
        self.severity.map_or("clean", Severity::as_str)
    }
}

/// A row for each delivery; none if there is only one.
pub(super) fn rows(report: &Report, options: &Options) -> Vec<Row> {
    let masker = Masker::new(options.values);
    let order = Order::new(report);
    let row = |part: &Part<'_>| {
        let weightiest = part.weightiest();
        let cause = order.first(part.findings.iter().copied());
        Row {
            path: part.target.map(|it| visible(&it.path).into_owned()).unwrap_or_default(),
            severity: weightiest.map(|(severity, _)| severity),
            verdict: match weightiest {
                Some(_) if cause.is_some_and(|it| report.says_no_delivery(it)) => NO_DELIVERY,
                None => "nothing found",
                Some((Severity::Advice, _)) => "advice only",
                Some((severity, consequence)) => outcome(severity, consequence),
            },
            counts: part.counts(),
            cause: cause.map(|it| masker.message(&it.finding.message)).unwrap_or_default(),
        }
    };
    Part::deliveries(report).iter().map(row).collect()
}

/// Writes the table as columns, or in words for those who listen to it, and a blank line.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report, options);
    if rows.is_empty() {
        return Ok(());
    }
    let width =
        |text: fn(&Row) -> &str| rows.iter().map(|row| text(row).width()).max().unwrap_or(0);
    let widths = [width(|row| &row.path), width(|row| row.verdict), width(|row| &row.counts)];
    for row in &rows {
        let line = match options.drawing {
            Drawing::Narrated => in_words(row),
            drawing => in_columns(row, widths, options.width, drawing.ellipsis()),
        };
        writeln!(out, "{line}")?;
    }
    writeln!(out)
}

/// Writes the table as sentences, without a blank line.
pub(super) fn write_plain(
    report: &Report,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    rows(report, options).iter().try_for_each(|row| writeln!(out, "{}", in_words(row)))
}

fn in_words(row: &Row) -> String {
    let mut line = row.path.clone();
    escape::push(&mut line, &format!(": {}", row.verdict));
    if !row.counts.is_empty() {
        line.extend(["; ", &row.counts, "; first: "]);
        escape::push(&mut line, &row.cause);
    }
    line
}

fn in_columns(row: &Row, widths: [usize; 3], room: usize, dots: &str) -> String {
    /// So much of a cause is shown however narrow the terminal is.
    const LEAST: usize = 20;
    let mut line = String::new();
    let mut start = 0;
    for (text, width) in [&*row.path, row.verdict, &*row.counts].into_iter().zip(widths) {
        escape::push(&mut line, text);
        start += width + 2;
        // What is escaped where two texts meet takes room of the gap.
        let gap = start.saturating_sub(line.width()).max(1);
        line.extend(std::iter::repeat_n(' ', gap));
    }
    let room = room.saturating_sub(start).max(LEAST);
    if row.cause.width() <= room {
        escape::push(&mut line, &row.cause);
    } else {
        let mut left = room.saturating_sub(dots.width());
        let fits = |c: &char| {
            let width = c.width().unwrap_or(0);
            let fits = width <= left;
            left = left.saturating_sub(if fits { width } else { left });
            fits
        };
        let cause: String = row.cause.chars().take_while(fits).collect();
        escape::push(&mut line, &(cause + dots));
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, MISSING_COMPLETE, at};

    fn several() -> Report {
        let mut report = sample::with_findings(vec![
            ("up/a", MISSING_COMPLETE.finding().message("there is no COMPLETE file in a")),
            ("up/b/students.csv", FIELD_COUNT.finding().message("x".repeat(80)).at(at(2, 1))),
        ]);
        report.targets = ["up/a", "up/b", "up/long"].map(sample::epoch).into();
        report
    }

    #[test]
    fn a_delivery_is_a_row() {
        let options = Options { width: 90, ..Options::default() };
        let mut out = Vec::new();
        write(&several(), &options, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\
up/a     the delivery would be ignored  1 error  there is no COMPLETE file in a
up/b     records would be lost          1 error  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
up/long  nothing found

"
        );
        let mut out = Vec::new();
        write_plain(&several(), &options, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with(
            "up/a: the delivery would be ignored; 1 error; first: there is no COMPLETE file in a\n"
        ));
        assert!(text.ends_with("\nup/long: nothing found\n"));
    }

    #[test]
    fn one_delivery_is_no_table() {
        let mut report = several();
        report.targets.truncate(1);
        assert!(rows(&report, &Options::default()).is_empty());
        // Nor is one in a directory that has nothing else in it.
        let mut root = sample::epoch("up");
        root.kind = crate::report::Kind::Upload;
        root.files.clear();
        report.targets.insert(0, root);
        report.found = crate::policy::Found::default();
        assert!(rows(&report, &Options::default()).is_empty());
    }
}
