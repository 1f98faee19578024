//! The report for people: each finding with the line that it is about, then the verdict.
//!
//! miette draws. It never sees a file, only a [`Snippet`]: it looks for the line of every label
//! from the first byte of a source, ends with a panic at a label beyond the end, and passes escape
//! sequences on to the terminal.

use std::cmp::Reverse;
use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use samegoal_schema::Severity;
use textwrap::{WordSeparator, WordSplitter};

use super::snippet::Snippet;
use super::{Options, Report, place, verdict};
use crate::config::Mistake;
use crate::escape::visible;
use crate::mask::Masker;
use crate::policy::Reported;

/// The least width at which lines are still worth fitting.
const NARROW: usize = 40;

/// Writes the report. Errors come before the rest, and among them what reaches farthest: with it,
/// much else may go away.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let masker = Masker::new(options.values);
    let handler = handler(options);
    let mut findings: Vec<&Reported> = report.found.findings.iter().collect();
    findings.sort_by_key(|reported| (Reverse(reported.severity), reported.finding.consequence()));
    let mut text = String::new();
    for reported in findings {
        text.clear();
        let drawn = Drawn::new(report, reported, masker, options);
        handler.render_report(&mut text, &drawn).map_err(io::Error::other)?;
        writeln!(out, "{text}")?;
    }
    let mut left_out = verdict::left_out(report).peekable();
    if left_out.peek().is_some() {
        for line in left_out {
            let line = if options.unicode { line } else { line.replace('…', "...") };
            writeln!(out, "{line}")?;
        }
        writeln!(out)?;
    }
    for (number, line) in verdict::lines(report, masker).iter().enumerate() {
        match number {
            0 if options.color => writeln!(out, "\u{1b}[1m{line}\u{1b}[0m")?,
            _ => writeln!(out, "{line}")?,
        }
    }
    Ok(())
}

/// What is wrong in a configuration, drawn in the same way.
pub fn mistake(mistake: &Mistake, options: &Options) -> String {
    let masker = Masker::new(options.values);
    let width = options.width.max(NARROW);
    let name = visible(&mistake.path).into_owned();
    let snippet = Snippet::new(name, &mistake.location, &mistake.excerpt, masker);
    let drawn = Drawn {
        code: "configuration".to_owned(),
        severity: Severity::Error,
        message: visible(&mistake.message).into_owned(),
        help: visible(&mistake.help).into_owned(),
        label: String::new(),
        snippet: Some(snippet.fitted(width, "", if options.unicode { "…" } else { "..." })),
    };
    let mut text = String::new();
    match handler(options).render_report(&mut text, &drawn) {
        Ok(()) => text,
        Err(_) => format!("{mistake}\n"),
    }
}

fn handler(options: &Options) -> GraphicalReportHandler {
    let theme = match (options.unicode, options.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(NARROW))
        .with_context_lines(0)
        .with_links(false)
        .without_syntax_highlighting()
        // A path or an option that is broken at a hyphen cannot be copied.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation)
}

/// A finding as miette wants it: text that may be seen, and nothing else.
#[derive(Debug)]
struct Drawn {
    /// The rule and, where no snippet says it, the place.
    code: String,
    severity: Severity,
    message: String,
    help: String,
    label: String,
    snippet: Option<Snippet>,
}

impl Drawn {
    fn new(report: &Report, reported: &Reported, masker: Masker, options: &Options) -> Self {
        let finding = &reported.finding;
        let mut help = masker.message(&finding.help);
        for related in &finding.related {
            if !help.is_empty() {
                help.push('\n');
            }
            let path = report.related_path(&reported.path, related);
            let place = place(&path, related.location.as_ref());
            help.extend(["see ", &place, ": ", &masker.message(&related.message)]);
        }
        let label = masker.message(&finding.label);
        let snippet =
            finding.location.as_ref().zip(finding.excerpt.as_ref()).map(|(location, excerpt)| {
                let name = visible(&reported.path).into_owned();
                let width = options.width.max(NARROW);
                Snippet::new(name, location, excerpt, masker).fitted(
                    width,
                    &label,
                    if options.unicode { "…" } else { "..." },
                )
            });
        let rule = finding.rule.name;
        let code = match &snippet {
            Some(_) => rule.to_owned(),
            None => format!("{rule}: {}", place(&reported.path, finding.location.as_ref())),
        };
        let message = masker.message(&finding.message);
        Self { code, severity: reported.severity, message, help, label, snippet }
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawn {}

impl Diagnostic for Drawn {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let snippet = self.snippet.as_ref()?;
        let label = (!self.label.is_empty()).then(|| self.label.clone());
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(label, snippet.mark()))))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;
    use samegoal_schema::{Cell, Excerpt, Location, Privacy};

    use super::*;
    use crate::mask::Values;
    use crate::report::sample::*;

    fn written(report: &Report, options: &Options) -> String {
        let mut out = Vec::new();
        write(report, options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn shown(report: &Report) -> String {
        written(report, &Options { values: Values::Show, ..Options::default() })
    }

    #[test]
    fn a_finding_is_drawn_with_its_line() {
        let text = shown(&with_findings(vec![("epoch/students.csv", misnamed())]));
        assert_eq!(
            text,
            "header/misnamed-column

  × the required column `Date of Birth` is missing, and `DOB` looks like it
   ╭─[epoch/students.csv:1:33]
 1 │ Student Id,Last Name,First Name,DOB,Gender
   ·                                 ─┬─
   ·                                  ╰── rename to `Date of Birth`
   ╰────
  help: SameGoal finds columns by their exact names. Rename the header.

SameGoal would leave out epoch/students.csv: the required column `Date of Birth` is missing, and `DOB` looks like it.
1 error in 2 files, 1,204 records. Mend epoch/students.csv:1:33 first: `samegoal-lint explain header/misnamed-column` tells how.
Everything that can be checked was checked.
"
        );
    }

    #[test]
    fn without_a_line_the_place_stands_by_the_rule() {
        let text = shown(&with_findings(vec![
            ("epoch", MISSING_COMPLETE.finding().message("there is no COMPLETE file")),
            ("epoch/students.csv", BLANK_LINE.finding().message("blank").at(at(4, 1))),
        ]));
        assert!(text.contains("layout/missing-complete: epoch\n\n  × there is no COMPLETE file\n"));
        assert!(text.contains("csv/blank-line: epoch/students.csv:4:1\n\n  ⚠ blank\n"));
    }

    #[test]
    fn masked_and_shown_differ_only_in_the_values() {
        let masked = written(&mixed(), &Options::default());
        assert!(masked.contains("7 │ 999,‹1-8›,x…\n"), "{masked}");
        assert!(!masked.contains("Lovelace") && masked.contains("--values show"));
        assert!(shown(&mixed()).contains("7 │ 123,Lovelace,x…\n"));
    }

    #[test]
    fn second_places_stand_below() {
        let text = shown(&mixed());
        let expected = "  help: see epoch/students.csv:1:1: the header\n        see epoch/guardians.csv: the file\n";
        assert!(text.contains(expected), "{text}");
    }

    #[test]
    fn root_causes_come_first() {
        let text = shown(&mixed());
        let order = [&MISSING_COMPLETE, &MISNAMED, &FIELD_COUNT, &BLANK_LINE];
        let places: Vec<_> = order.map(|rule| text.find(rule.name).unwrap()).into();
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn nothing_nasty_comes_through() {
        for values in [Values::Show, Values::Mask] {
            for width in [0, 20, 47, 80, 5000] {
                for unicode in [false, true] {
                    let options = Options { color: false, width, unicode, values };
                    assert_safe(&written(&mixed(), &options));
                }
            }
        }
    }

    #[test]
    fn color_is_the_only_escape_sequence() {
        let text = written(&mixed(), &Options { color: true, ..Options::default() });
        assert!(text.contains("\u{1b}[31m"));
        for sequence in text.split('\u{1b}').skip(1) {
            let (code, _) = sequence.split_once('m').unwrap();
            let mut digits = code.chars().skip(1);
            assert!(code.starts_with('[') && digits.all(|c| "0123456789;".contains(c)), "{code}");
        }
    }

    #[test]
    fn ascii_is_enough_if_need_be() {
        let report = with_findings(vec![("epoch/students.csv", misnamed())]);
        for width in [40, 100] {
            let text = written(&report, &Options { unicode: false, width, ..Options::default() });
            assert!(text.is_ascii(), "{text}");
        }
    }

    #[test]
    fn any_marked_range_is_drawn() {
        let pieces = ["a", ",", "", ",", "b"].map(public).to_vec();
        for pieces in [pieces, Vec::new()] {
            for from in 0..7 {
                for to in 0..7 {
                    let marked = (from, if to == 6 { usize::MAX } else { to });
                    let excerpt = Excerpt {
                        pieces: pieces.clone(),
                        first_column: 1,
                        marked,
                        cut: (from % 2 == 0, to % 2 == 0),
                    };
                    let finding = FIELD_COUNT.finding().label("here").at(at(3, 2));
                    let report = with_findings(vec![("x", finding.excerpt(Some(excerpt)))]);
                    let text = shown(&report);
                    assert!(text.contains("╭─[x:3:2]"), "{text}");
                    assert!(text.contains("╰── here"), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_place_deep_in_a_file_is_the_true_one() {
        let place = Location { line: 1_234_568, column: 4001, ..Location::default() };
        let mut excerpt = line(&["a", "b"], 1);
        excerpt.first_column = 3999;
        excerpt.cut = (true, true);
        let finding = FIELD_COUNT.finding().at(place).excerpt(Some(excerpt));
        let text = shown(&with_findings(vec![("x.csv", finding)]));
        assert!(text.contains("╭─[x.csv:1234568:4001]\n 1234568 │ …a,b…\n"), "{text}");
        let nowhere = FIELD_COUNT.finding().at(Location::default()).excerpt(Some(line(&["a"], 0)));
        shown(&with_findings(vec![("x.csv", nowhere)]));
    }

    #[test]
    fn eight_thousand_findings_are_drawn_at_once() {
        let name = "x".repeat(Cell::KEPT);
        let fields = ["1234567", &name, "DOB", &name, "F"];
        let finding = || {
            let cell = Cell::new(name.as_bytes(), Privacy::Public);
            let message =
                samegoal_schema::Message::from("the value `").cell(cell).text("` is long");
            let help = "SameGoal ignores it. Mend it in the export and send the file again.";
            FIELD_COUNT
                .finding()
                .message(message)
                .help(help)
                .label("here")
                .at(at(1_000_000, 300))
                .excerpt(Some(line(&fields, 2)))
        };
        let report = with_findings((0..8000).map(|_| ("students.csv", finding())).collect());
        let start = Instant::now();
        let text = shown(&report);
        let elapsed = start.elapsed();
        assert_eq!(text.matches("╭─[students.csv:1000000:300]").count(), 8000);
        // Without optimization on a busy machine; a search from the first byte takes minutes.
        assert!(elapsed.as_secs() < 30, "{elapsed:?}");
        println!("{:?} a finding", elapsed / 8000);
    }

    proptest! {
        #[test]
        fn anything_can_be_drawn(
            texts in prop::collection::vec(any::<String>(), 3),
            cells in prop::collection::vec(any::<Vec<u8>>(), 0..5),
            marked in (0_usize..6, 0_usize..6),
            width in 0_usize..100,
        ) {
            let [message, help, label] = texts.try_into().unwrap();
            let pieces = cells.iter().map(|cell| Cell::new(cell, Privacy::Public)).collect();
            let excerpt = Excerpt { pieces, first_column: 1, marked, cut: (false, false) };
            let finding = FIELD_COUNT.finding().message(message).help(help).label(label);
            let report =
                with_findings(vec![("x", finding.at(at(1, 1)).excerpt(Some(excerpt)))]);
            assert_safe(&written(&report, &Options { width, ..Options::default() }));
        }
    }
}
