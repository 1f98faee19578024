//! The report for wikis, pull requests and the summary of a step in GitHub Actions.
//!
//! Names and values stand in code spans or are escaped character by character, so that none of
//! them is a link, an element or a cell of a table.

use std::fmt::Write as _;
use std::io::{self, Write};

use samegoal_schema::thousands;

use super::cause::{Cause, causes};
use super::words::{Word, stands_for, times, words};
use super::{Options, Report, place, table, verdict};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// The most bytes of a report: GitHub drops a summary of 1 MiB or more.
pub const MOST: usize = 1_000_000;

/// Writes the report, in at most [`MOST`] bytes.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(fitted(report, options, MOST).as_bytes())
}

/// The report in at most so many bytes: with fewer findings a rule and file if need be, and cut
/// off at last.
pub fn fitted(report: &Report, options: &Options, bytes: usize) -> String {
    const CUT: &str = "\n\nThe report is longer than fits here.\n";
    let mut text = document(report, options);
    for fewer in [5, 1] {
        if text.len() > bytes && (options.max_findings == 0 || options.max_findings > fewer) {
            text = document(report, &Options { max_findings: fewer, ..*options });
        }
    }
    if text.len() > bytes {
        let room = bytes.saturating_sub(CUT.len());
        let end = text
            .char_indices()
            .take_while(|(byte, _)| *byte <= room)
            .filter(|(_, c)| *c == '\n')
            .map(|(byte, _)| byte)
            .last();
        text.truncate(end.unwrap_or(0));
        text.push_str(CUT);
        text.truncate(if text.len() > bytes { 0 } else { text.len() });
    }
    text
}

fn document(report: &Report, options: &Options) -> String {
    let masker = Masker::new(options.values);
    let mut out = String::new();
    deliveries(&mut out, report, options);
    for (number, line) in
        verdict::lines(report, &Options { elapsed: None, ..*options }).iter().enumerate()
    {
        let _ = writeln!(out, "{}{}\n", if number == 0 { "## " } else { "" }, markup(line));
    }
    let causes = causes(report, options.max_findings);
    if !causes.is_empty() {
        out.push_str("### What to fix, in this order\n\n");
    }
    for (number, cause) in causes.iter().enumerate() {
        section(&mut out, number + 1, cause, masker);
    }
    files(&mut out, report);
    let _ = writeln!(out, "\nsamegoal-lint {}", env!("CARGO_PKG_VERSION"));
    out
}

/// The table of deliveries, if there are several.
fn deliveries(out: &mut String, report: &Report, options: &Options) {
    let rows = table::rows(report, options);
    if rows.is_empty() {
        return;
    }
    out.push_str("| Delivery | Verdict | Found | First |\n| --- | --- | --- | --- |\n");
    for row in rows {
        let path = cell(&code(&row.path));
        let cause = cell(&markup(&row.cause));
        let _ = writeln!(out, "| {path} | {} | {} | {cause} |", row.verdict, row.counts);
    }
    out.push('\n');
}

fn section(out: &mut String, number: usize, cause: &Cause<'_>, masker: Masker) {
    let Cause { rule, severity, outcome, total, .. } = cause;
    let weight = format!("{severity}: {outcome}, {}", times(*total));
    let _ = writeln!(out, "#### {number}. {}\n", markup(rule.manual.summary));
    let _ = writeln!(out, "{} ({weight})\n", code(rule.name));
    for group in cause.by_help(masker) {
        if !group.help.is_empty() {
            let _ = writeln!(out, "{}\n", markup(&group.help));
        }
        out.push_str("| Place | What is wrong |\n| --- | --- |\n");
        for reported in group.findings {
            let at = place(&reported.path, reported.finding.location.as_ref(), masker);
            let finding = &reported.finding;
            let mut what = markup(&masker.message(&finding.message));
            what.push_str(&stands_for(finding).unwrap_or_default());
            if let Some(fix) = finding.fix {
                let _ = write!(what, " (`stage` fixes it: {})", code(fix));
            }
            if group.is_mixed {
                let help = markup(&masker.message(&reported.finding.help));
                what.extend(["<br>", &help]);
            }
            let _ = writeln!(out, "| {} | {} |", cell(&code(&at)), cell(&what));
        }
        out.push('\n');
    }
    for left in &cause.left_out {
        let _ = writeln!(
            out,
            "- … and {} more in {}",
            thousands(left.count),
            code(&visible(left.path))
        );
    }
    if !cause.left_out.is_empty() {
        out.push('\n');
    }
}

fn files(out: &mut String, report: &Report) {
    let rows: Vec<_> = report.by_file().collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "### By file\n\n| File | Records | Errors | Warnings | Advice |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for row in rows {
        let records = row.file.and_then(|file| file.records).map_or_else(String::new, thousands);
        let [errors, warnings, advice] = [row.errors, row.warnings, row.advice].map(thousands);
        let path = cell(&code(&visible(row.path)));
        let _ = writeln!(out, "| {path} | {records} | {errors} | {warnings} | {advice} |");
    }
}

/// A visible sentence in Markdown.
fn markup(sentence: &str) -> String {
    words(sentence)
        .into_iter()
        .map(|word| match word {
            Word::Text(text) => escaped(text),
            Word::Code(text) => code(text),
        })
        .collect()
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Neither an address nor somebody's name may become a link.
            '@' => out.push_str("&#64;"),
            '/' if before == '/' || before == ':' => out.push_str("&#47;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// Text as a code span, with more backticks round it than are in it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let blank = if longest > 0 || text.trim() != text || text.is_empty() { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Markdown as a cell of a table. In a code span, too, a bar needs its backslash.
fn cell(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut before = ' ';
    for c in markdown.chars() {
        if c == '|' && before != '\\' {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, NASTY, at};

    #[test]
    fn a_report_is_a_page() {
        let report = sample::with_findings(vec![("epoch/students.csv", sample::misnamed())]);
        assert_eq!(
            sample::written(write, &report, &Options::default()),
            format!(
                "## SameGoal would ignore epoch/students.csv (1,200 records): the required column `Date of \
                 Birth` is missing, and `DOB` looks like it.

1 error in 2 files, 1,204 records. Fix the header of epoch/students.csv first: `samegoal-lint \
                 explain header/misnamed-column` shows how.

Everything that can be checked was checked.

Values are masked; `--values show` shows them.

### What to fix, in this order

#### 1. A header that is nearly a column's name.

`header/misnamed-column` (error: the file would be ignored, once)

SameGoal finds columns by their exact names. Rename the header.

| Place | What is wrong |
| --- | --- |
| `epoch/students.csv:1:33` | the required column `Date of Birth` is missing, and `DOB` looks like it |

### By file

| File | Records | Errors | Warnings | Advice |
| --- | ---: | ---: | ---: | ---: |
| `epoch/guardians.csv` | 4 | 0 | 0 | 0 |
| `epoch/students.csv` | 1,200 | 1 | 0 | 0 |

samegoal-lint {}
",
                env!("CARGO_PKG_VERSION")
            )
        );
    }

    #[test]
    fn nothing_is_markup() {
        for (sentence, expected) in [
            ("a <b> & *c*", r"a &lt;b&gt; &amp; \*c\*"),
            ("[x](https://a)", r"\[x\](https:&#47;&#47;a)"),
            ("@all #1 a|b", r"&#64;all \#1 a\|b"),
            ("`DOB`", "`DOB`"),
            ("a ` b", r"a \` b"),
        ] {
            assert_eq!(markup(sentence), expected);
        }
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code(" a"), "`  a `");
        assert_eq!(cell(r"`a|b` c\|d"), r"`a\|b` c\|d");
    }

    #[test]
    fn nasty_text_makes_no_line_of_its_own() {
        let plain = sample::written(write, &sample::mixed(), &Options::default());
        sample::assert_safe(&plain);
        let finding = || FIELD_COUNT.finding().message(NASTY).help(NASTY).at(at(1, 1));
        let text = sample::written(
            write,
            &sample::with_findings(vec![(NASTY, finding())]),
            &Options::default(),
        );
        sample::assert_safe(&text);
        let tables = text.lines().filter(|line| line.starts_with('|'));
        assert_eq!(tables.count(), 2 + 1 + 2 + 3);
    }

    #[test]
    fn a_report_is_cut_to_fit() {
        let message = "x".repeat(300);
        let finding =
            |line| ("a.csv", FIELD_COUNT.finding().message(message.clone()).at(at(line, 1)));
        let report = sample::with_findings((1..30_000).map(finding).collect());
        let finding = |path| (path, FIELD_COUNT.finding().message("x").at(at(1, 1)));
        let paths: Vec<_> = (0..5000).map(|number| format!("{number}/students.csv")).collect();
        let wide = sample::with_findings(paths.iter().map(|path| finding(path.as_str())).collect());
        for (report, bytes) in [(&report, MOST), (&report, 1500), (&wide, 9000), (&wide, 30)] {
            let text = fitted(report, &Options::default(), bytes);
            assert!(text.len() <= bytes, "{}", text.len());
            assert!(
                bytes < 1000 || text.starts_with("## Some records would not be loaded"),
                "{text}"
            );
        }
        assert!(fitted(&report, &Options::default(), MOST).contains("… and 29,994 more"));
    }
}
