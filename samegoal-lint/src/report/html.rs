//! The report for those who open it in a browser and print it: one page that needs nothing else.
//!
//! The template escapes whatever it is given. The page may run its own style and its own script
//! and nothing else, which its security policy says by their hashes.

use std::io::{self, Write};

use askama::Template;
use indexmap::IndexMap;
use samegoal_schema::{Severity, thousands};

use super::cause::{self, Cause, causes};
use super::reason::{MANY as MANY_COLUMNS, is_misnamed};
use super::snippet::Snippet;
use super::words::{Word, label, stands_for, times, words};
use super::{ByFile, Options, Report, place, plural, rename, table, verdict};
use crate::explain::manual::{Block, Section, sections};
use crate::policy::{Off, Reported, SEVERITIES, Withheld};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

const STYLE: &str = include_str!("../../templates/report.css");
const SCRIPT: &str = include_str!("../../templates/report.js");
/// What the browser compares the style and the script with; a test prints the right values.
const STYLE_HASH: &str = "sha256-4O2ycIVYQkO2tgzXqJTs9fh9y+buIGrzmkXcbNpa3Ks=";
const SCRIPT_HASH: &str = "sha256-98jXQ7zL6nlw9m4Dj8xGL9i6j2NFCqmCpMLVo9XPZ6I=";

/// From so many causes on, a list of them stands before them.
const MANY: usize = 4;

/// So many findings of a cause that have the same help are in sight; the others are folded away.
const IN_SIGHT: usize = 5;

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let page = Page::new(report, options).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    style: &'static str,
    style_hash: &'static str,
    script: &'static str,
    script_hash: &'static str,
    version: &'static str,
    /// What was looked at.
    targets: Vec<String>,
    /// How bad it is, for the mark beside the verdict: a severity, or `clean`.
    grade: &'static str,
    verdict: String,
    sums: Option<String>,
    has_many: bool,
    /// Whether there is something to filter.
    has_filter: bool,
    causes: Vec<Entry>,
    severities: Vec<Choice>,
    files: Vec<Row>,
    deliveries: Vec<table::Row>,
    not_checked: Vec<NotChecked>,
    off: Vec<String>,
    staged: Vec<String>,
    is_masked: bool,
}

/// A severity that can be filtered by.
struct Choice {
    name: &'static str,
    label: &'static str,
}

/// A cause, as the page shows it.
struct Entry {
    number: usize,
    rule: &'static str,
    summary: &'static str,
    severity: &'static str,
    label: &'static str,
    outcome: &'static str,
    times: String,
    groups: Vec<Group>,
    left_out: Vec<More>,
    /// What renames the headers of a file, if that is it.
    commands: Vec<String>,
    fix: Section,
    background: [Section; 2],
}

struct Group {
    help: String,
    /// Those that are in sight, with their lines.
    findings: Vec<Finding>,
    repeats: Vec<Finding>,
}

struct Finding {
    severity: &'static str,
    file: usize,
    place: String,
    message: String,
    help: String,
    excerpt: Option<Excerpt>,
}

/// A line of a file with the piece that a finding is about.
struct Excerpt {
    line: String,
    before: String,
    marked: String,
    after: String,
    label: String,
}

struct More {
    file: usize,
    path: String,
    count: String,
}

/// A row of the table by file.
struct Row {
    path: String,
    records: String,
    size: String,
    counts: [Count; 3],
}

struct Count {
    severity: &'static str,
    number: String,
    is_none: bool,
}

struct NotChecked {
    path: String,
    what: String,
    why: String,
    remedy: String,
}

impl Page {
    fn new(report: &Report, options: &Options) -> Self {
        let masker = Masker::new(options.values);
        let causes = causes(report, options.max_findings);
        let rows: Vec<_> = report.by_file().collect();
        let file = |path: &str| rows.iter().position(|row| row.path == path).unwrap_or(usize::MAX);
        let mut opening = verdict::opening(report, options).into_iter();
        let found = &report.found;
        let counts = SEVERITIES.into_iter().zip([found.errors, found.warnings, found.advice]);
        let met = counts.filter(|(_, count)| *count > 0).map(|(it, _)| it);
        Self {
            style: STYLE,
            style_hash: STYLE_HASH,
            script: SCRIPT,
            script_hash: SCRIPT_HASH,
            version: env!("CARGO_PKG_VERSION"),
            targets: report.targets.iter().map(|it| visible(&it.path).into_owned()).collect(),
            grade: causes
                .iter()
                .map(|cause| cause.severity)
                .max()
                .map_or("clean", Severity::as_str),
            verdict: opening.next().unwrap_or_default(),
            sums: opening.next(),
            has_many: causes.len() >= MANY,
            has_filter: found.shown(options.max_findings).nth(1).is_some(),
            severities: met.map(|it| Choice { name: it.as_str(), label: label(it) }).collect(),
            causes: (1..)
                .zip(&causes)
                .map(|(number, cause)| Entry::new(number, report, cause, &file, masker))
                .collect(),
            files: rows.iter().map(Row::new).collect(),
            deliveries: table::rows(report, options),
            off: report.found.off.iter().map(off).collect(),
            not_checked: report.not_checked.iter().map(NotChecked::new).collect(),
            staged: verdict::staged(report),
            is_masked: verdict::masked(report, options).is_some(),
        }
    }
}

/// What is out of force, in a line.
fn off(off: &Off) -> String {
    let thing = match off.what {
        Withheld::Rules => "Rules",
        Withheld::Severities => "Severity of",
        Withheld::Findings => "Findings of",
    };
    let count = off.count.map(|count| format!(" ({})", plural(count, "finding")));
    let rules = off.rules.join("`, `");
    visible(&format!("{thing} `{rules}`: {}{}", off.why(), count.unwrap_or_default())).into_owned()
}

impl Entry {
    fn new(
        number: usize,
        report: &Report,
        cause: &Cause<'_>,
        file: &dyn Fn(&str) -> usize,
        masker: Masker,
    ) -> Self {
        let group = |group: cause::Group<'_>| {
            let finding = |reported: &&Reported| Finding {
                severity: reported.severity.as_str(),
                file: file(&reported.path),
                ..Finding::new(report, reported, group.is_mixed, masker)
            };
            let mut findings: Vec<_> = group.findings.iter().map(finding).collect();
            let mut repeats = findings.split_off(findings.len().min(IN_SIGHT));
            for repeat in &mut repeats {
                repeat.excerpt = None;
            }
            Group { help: group.help.clone(), findings, repeats }
        };
        let mut misnamed: IndexMap<&str, Vec<&Reported>> = IndexMap::new();
        for reported in cause.findings.iter().filter(|reported| is_misnamed(reported)) {
            misnamed.entry(&reported.path).or_default().push(reported);
        }
        misnamed.retain(|_, findings| findings.len() >= MANY_COLUMNS);
        let [why, example, fix] = sections(&cause.rule.manual);
        Self {
            number,
            rule: cause.rule.name,
            summary: cause.rule.manual.summary,
            severity: cause.severity.as_str(),
            label: label(cause.severity),
            outcome: cause.outcome,
            times: times(cause.total),
            groups: cause.by_help(masker).into_iter().map(group).collect(),
            left_out: cause
                .left_out
                .iter()
                .map(|left| More {
                    file: file(left.path),
                    path: visible(left.path).into_owned(),
                    count: thousands(left.count),
                })
                .collect(),
            commands: misnamed.values().map(|it| rename::lines(it).join("\n")).collect(),
            fix,
            background: [why, example],
        }
    }
}

impl Finding {
    fn new(report: &Report, reported: &Reported, with_help: bool, masker: Masker) -> Self {
        /// About as much as a page has room for.
        const WIDTH: usize = 100;
        let finding = &reported.finding;
        let mut help = Vec::new();
        if with_help && !finding.help.is_empty() {
            help.push(masker.message(&finding.help));
        }
        if let Some(fix) = finding.fix {
            help.push(format!("`samegoal-lint stage` fixes it in its copy (`{fix}`)."));
        }
        for related in &finding.related {
            let path = report.related_path(&reported.path, related);
            let place = place(&path, related.location.as_ref(), masker);
            help.push(format!("See {place}: {}", masker.message(&related.message)));
        }
        let excerpt =
            finding.location.as_ref().zip(finding.excerpt.as_ref()).map(|(location, excerpt)| {
                let label = masker.message(&finding.label);
                let snippet = Snippet::new(String::new(), location, excerpt, masker);
                let [before, marked, after] =
                    snippet.fitted(WIDTH, &label, "…").parts().map(str::to_owned);
                Excerpt { line: location.line.to_string(), before, marked, after, label }
            });
        Self {
            severity: "",
            file: 0,
            place: place(&reported.path, finding.location.as_ref(), masker),
            message: masker.message(&finding.message) + &stands_for(finding).unwrap_or_default(),
            help: help.join(" "),
            excerpt,
        }
    }
}

impl Row {
    fn new(row: &ByFile<'_>) -> Self {
        let counts = [
            (Severity::Error, row.errors),
            (Severity::Warning, row.warnings),
            (Severity::Advice, row.advice),
        ];
        let records = row.file.map(|file| file.records.map_or("unknown".to_owned(), thousands));
        Self {
            path: visible(row.path).into_owned(),
            records: records.unwrap_or_default(),
            size: row.file.map(|file| plural(file.bytes, "byte")).unwrap_or_default(),
            counts: counts.map(|(severity, number)| Count {
                severity: severity.as_str(),
                number: thousands(number),
                is_none: number == 0,
            }),
        }
    }
}

impl NotChecked {
    fn new(it: &super::NotChecked) -> Self {
        let [path, what, why, remedy] =
            [it.path.as_str(), &it.what, &it.why, &it.remedy].map(|it| visible(it).into_owned());
        Self { path, what, why, remedy }
    }
}

#[cfg(test)]
mod tests;
