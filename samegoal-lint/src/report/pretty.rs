//! The report for people: each finding with the line that it is about, then the verdict.
//!
//! miette draws. It never sees a file, only a [`Snippet`]: it looks for the line of every label
//! from the first byte of a source, ends with a panic at a label beyond the end, and passes escape
//! sequences on to the terminal.

use std::fmt;
use std::io::{self, Write};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use samegoal_schema::Severity;
use textwrap::{WordSeparator, WordSplitter};

use super::fold::{Folded, Repeated};
use super::snippet::Snippet;
use super::{Drawing, Options, Report, narrated, place, table, verdict};
use crate::config::Mistake;
use crate::explain;
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

/// The least width at which lines are still worth fitting.
const NARROW: usize = 40;

/// Writes the report. What to fix first comes first: with it, much else may go away. A
/// defect that a column has again and again is drawn once.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if options.drawing == Drawing::Narrated {
        return narrated::write(report, options, out);
    }
    let masker = Masker::new(options.values);
    let handler = handler(options);
    let folded = Folded::new(report, options);
    let mut text = String::new();
    table::write(report, options, out)?;
    for group in &folded.groups {
        text.clear();
        let drawn = Drawn::new(report, group, masker, options);
        handler.render_report(&mut text, &drawn).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())?;
        for line in group.members() {
            let indented = textwrap::Options::new(options.width.max(NARROW))
                .initial_indent("  ")
                .subsequent_indent("    ")
                .word_separator(WordSeparator::AsciiSpace)
                .word_splitter(WordSplitter::NoHyphenation);
            writeln!(out, "{}", textwrap::fill(&line, indented))?;
        }
        for line in group.commands() {
            writeln!(out, "  {line}")?;
        }
        if let Some(line) = group.rest() {
            writeln!(out, "  {}", plainly(line, options))?;
        }
        writeln!(out)?;
    }
    for line in &folded.left_out {
        writeln!(out, "{}", plainly(line.clone(), options))?;
    }
    let read = verdict::read(report, options).collect::<Vec<_>>();
    for line in &read {
        writeln!(out, "{line}")?;
    }
    if !(folded.left_out.is_empty() && read.is_empty()) {
        writeln!(out)?;
    }
    for (number, line) in verdict::lines(report, options).iter().enumerate() {
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
        page: None,
        severity: Severity::Error,
        message: visible(&mistake.message).into_owned(),
        help: visible(&mistake.help).into_owned(),
        label: String::new(),
        snippet: Some(snippet.fitted(width, "", options.drawing.ellipsis())),
    };
    let mut text = String::new();
    match handler(options).render_report(&mut text, &drawn) {
        Ok(()) => text,
        Err(_) => format!("{mistake}\n"),
    }
}

/// A line of the program's own with what can be drawn.
fn plainly(line: String, options: &Options) -> String {
    match options.drawing {
        Drawing::Unicode => line,
        Drawing::Ascii | Drawing::Narrated => line.replace('…', "...").replace('–', "-"),
    }
}

fn handler(options: &Options) -> GraphicalReportHandler {
    let theme = match (options.drawing, options.color) {
        (Drawing::Unicode, true) => GraphicalTheme::unicode(),
        (Drawing::Unicode, false) => GraphicalTheme::unicode_nocolor(),
        (_, true) => GraphicalTheme::ascii(),
        (_, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(NARROW))
        .with_context_lines(0)
        .with_links(options.links)
        .with_link_display_text("")
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
    /// Where the manual is, if it is linked.
    page: Option<String>,
    severity: Severity,
    message: String,
    help: String,
    label: String,
    snippet: Option<Snippet>,
}

impl Drawn {
    fn new(report: &Report, group: &Repeated<'_>, masker: Masker, options: &Options) -> Self {
        let reported = group.first;
        let finding = &reported.finding;
        let mut help = group.help(masker);
        for related in &finding.related {
            if !help.is_empty() {
                help.push('\n');
            }
            let path = report.related_path(&reported.path, related);
            let place = place(&path, related.location.as_ref(), masker);
            help.extend(["see ", &place, ": ", &masker.message(&related.message)]);
        }
        let label = masker.message(&finding.label);
        let snippet =
            finding.location.as_ref().zip(finding.excerpt.as_ref()).map(|(location, excerpt)| {
                let name = visible(&reported.path).into_owned();
                let width = options.width.max(NARROW);
                let snippet = Snippet::new(name, location, excerpt, masker);
                snippet.fitted(width, &label, options.drawing.ellipsis())
            });
        let rule = finding.rule.name;
        let code = match &snippet {
            Some(_) => rule.to_owned(),
            None => format!("{rule}: {}", place(&reported.path, finding.location.as_ref(), masker)),
        };
        let message = group.message(masker);
        let page = options.links.then(|| explain::page(finding.rule));
        Self { code, page, severity: reported.severity, message, help, label, snippet }
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

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.page.as_ref().map(|page| Box::new(page) as Box<dyn fmt::Display>)
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
mod tests;
