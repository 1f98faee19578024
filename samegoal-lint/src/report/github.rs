//! The report for the log of GitHub Actions: workflow commands that become annotations, then the
//! verdict.
//!
//! GitHub shows ten annotations of a kind for a step and drops the rest without a word. So the
//! weightiest are shown, each cause once before any is repeated, and the tenth says how many more
//! there are.

use std::collections::BTreeSet;
use std::io::{self, Write};

use samegoal_schema::Severity;

use super::order::Order;
use super::reason::Reason;
use super::uri::relative;
use super::words::stands_for;
use super::{Options, Report, plural, verdict};
use crate::policy::Reported;
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// How many annotations of a kind are shown.
const MOST: usize = 10;

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let masker = Masker::new(options.values);
    let found = &report.found;
    let order = Order::new(report);
    for (severity, total, command) in [
        (Severity::Error, found.errors, "error"),
        (Severity::Warning, found.warnings, "warning"),
        (Severity::Advice, found.advice, "notice"),
    ] {
        let findings = found.findings.iter().filter(|reported| reported.severity == severity);
        let mut findings = firsts(order.sorted(findings));
        let fits = usize::try_from(total).is_ok_and(|total| total <= MOST);
        findings.truncate(if fits { MOST } else { MOST - 1 });
        for reported in &findings {
            annotate(reported, command, masker, out)?;
        }
        let shown: u64 = findings.iter().map(|reported| reported.finding.count).sum();
        if total > shown {
            let rest = plural(total - shown, &format!("more {severity}"));
            let message = property(&format!("{rest}; see the report"));
            writeln!(out, "::{command} title=samegoal-lint::{message}")?;
        }
    }
    for line in verdict::lines(report, options) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The findings, those first that name a cause for the first time.
fn firsts(findings: Vec<&Reported>) -> Vec<&Reported> {
    let mut seen = BTreeSet::new();
    let (mut firsts, repeats): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|reported| seen.insert(Reason::of(reported)));
    firsts.extend(repeats);
    firsts
}

fn annotate(
    reported: &Reported,
    command: &str,
    masker: Masker,
    out: &mut dyn Write,
) -> io::Result<()> {
    let finding = &reported.finding;
    let file = property(&visible(relative(&reported.path)));
    write!(out, "::{command} file={file}")?;
    if let Some(place) = &finding.location {
        write!(out, ",line={}", place.line.max(1))?;
        if masker.shows_columns_of(place) {
            let column = place.column.max(1);
            write!(out, ",col={column},endColumn={}", place.end_column.max(column))?;
        }
    }
    let mut message = masker.message(&finding.message);
    message.push_str(&stands_for(finding).unwrap_or_default());
    let help = masker.message(&finding.help);
    let end = if help.is_empty() { "" } else { "%0A" };
    let (title, message, help) = (property(finding.rule.name), data(&message), data(&help));
    writeln!(out, ",title={title}::{message}{end}{help}")
}

/// Visible text as the message of a command. It has no line end.
fn data(text: &str) -> String {
    text.replace('%', "%25")
}

/// Visible text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, BLANK_LINE, FIELD_COUNT, NASTY, at};

    fn written(report: &Report) -> String {
        sample::written(write, report, &Options::default())
    }

    fn commands<'a>(text: &'a str, command: &str) -> Vec<&'a str> {
        let start = format!("::{command} ");
        text.lines().filter(|line| line.starts_with(&start)).collect()
    }

    #[test]
    fn a_finding_is_an_annotation() {
        let text = written(&sample::mixed());
        assert_eq!(
            commands(&text, "error")[1],
            "::error file=epoch/students.csv,line=1,col=33,endColumn=36,\
             title=header/misnamed-column::the required column `Date of Birth` is missing, and \
             `DOB` looks like it%0ASameGoal finds columns by their exact names. Rename the header."
        );
        assert_eq!((commands(&text, "error").len(), commands(&text, "warning").len()), (3, 1));
        assert!(text.lines().last().unwrap().starts_with("Values are masked"));
    }

    #[test]
    fn the_rest_is_summed_up() {
        for (count, lines, last) in [
            (10, 10, "::x"),
            (11, 10, "::2 more errors; see the report"),
            (30_000, 10, "::29,991 more errors; see the report"),
        ] {
            let finding = |line| ("a.csv", FIELD_COUNT.finding().message("x").at(at(line, 1)));
            let text = written(&sample::capped((1..=count).map(finding).collect(), 20));
            let errors = commands(&text, "error");
            assert_eq!(errors.len(), lines);
            let last = last.replace(',', "%2C");
            assert!(errors[9].ends_with(&last), "{}", errors[9]);
        }
    }

    #[test]
    fn each_cause_is_shown_once_before_any_is_repeated() {
        let finding = |line| ("a.csv", FIELD_COUNT.finding().message("x").at(at(line, 1)));
        let mut findings: Vec<_> = (1..=30).map(finding).collect();
        findings.push(("a.csv", FIELD_COUNT.finding().message("y").at(at(40, 1))));
        findings.push(("b.csv", sample::misnamed()));
        let text = written(&sample::with_findings(findings));
        let errors = commands(&text, "error");
        assert!(errors[0].contains("title=header/misnamed-column"), "{text}");
        assert!(errors[1].ends_with("::x") && errors[2].ends_with("::y"), "{text}");
        assert!(errors[9].ends_with("23 more errors; see the report"), "{text}");
    }

    #[test]
    fn no_name_makes_a_command_of_its_own() {
        for nasty in [NASTY, "a%0A::error::b", "x,line=9::y", "::add-mask::x"] {
            let finding = BLANK_LINE.finding().message(nasty).help(nasty).at(at(1, 1));
            let text = written(&sample::with_findings(vec![(nasty, finding)]));
            assert_eq!(text.lines().filter(|line| line.starts_with("::")).count(), 1, "{text}");
            let (start, message) = text.strip_prefix("::").unwrap().split_once("::").unwrap();
            assert!(!message.contains("::") && start.matches(",line=").count() == 1, "{text}");
        }
    }
}
