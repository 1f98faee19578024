//! The report for programs: one JSON document, version 1.
//!
//! The document is made of the types in this file and of nothing else; their comments are the
//! descriptions in its [`schema`]. A field that does not apply is left out, never null.

use std::borrow::Cow;
use std::io::{self, Write};
use std::iter;

use samegoal_schema::{Consequence, Location, Related, Severity};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::order::Order;
use super::part::Part;
use super::{Changes, Kind, Options, Report};
use crate::policy::Reported;
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::escape::visible;

mod sums;

pub(super) use sums::{Summary, Verdict};

use sums::TargetSummary;

pub(super) const FORMAT_VERSION: u32 = 1;

/// This program.
pub(super) const TOOL: Tool =
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

const CONSEQUENCES: [&str; 6] =
    ["data-at-risk", "delivery-ignored", "file-ignored", "record-lost", "value-lost", "suspicious"];

/// Writes the report, with two blanks of indentation and a line feed at the end.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(report, options))?;
    out.write_all(b"\n")
}

/// The JSON Schema of the report.
///
/// ```
/// let schema = samegoal_lint::report::json::schema();
/// assert_eq!(schema["title"], "samegoal-lint report");
/// ```
pub fn schema() -> serde_json::Value {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Document<'_>>()
        .to_value()
}

/// What samegoal-lint found in a run.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "samegoal-lint report")]
struct Document<'a> {
    /// The version of this format. A field that is added does not change it.
    #[schemars(extend("const" = 1))]
    format_version: u32,
    /// The program that wrote the report.
    tool: Tool,
    /// The configuration that was used. Absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    config: Option<Cow<'a, str>>,
    /// What was looked at, in the order of the arguments.
    targets: Vec<Target<'a>>,
    /// What SameGoal would do.
    verdict: Verdict,
    /// The sums.
    summary: Summary<'a>,
    /// What was fixed in the copies of files, by file. Absent where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fixed<'a>>,
    /// The epoch or the auto files that were staged. Absent where nothing was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    staged: Vec<Cow<'a, str>>,
    /// What was found, by path, line (findings without one first), column and rule.
    findings: Vec<Finding<'a>>,
}

/// A fix that was made in the copy of a file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Fixed<'a> {
    /// The file, not the copy.
    path: Cow<'a, str>,
    /// The name of the fix.
    fix: &'static str,
    /// How far it can be relied on: `safe`.
    level: String,
    /// How often it was made.
    count: u64,
    /// The line of the first place, from 1. Absent where it was made to the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    line: Option<u64>,
}

/// The program that wrote the report.
#[derive(Serialize, JsonSchema)]
pub(super) struct Tool {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// One argument of the run.
#[derive(Serialize, JsonSchema)]
pub(super) struct Target<'a> {
    /// The directory or file, as the user typed it, with `/`; what is not visible is escaped.
    path: Cow<'a, str>,
    /// What it was taken for.
    kind: Kind,
    /// The earlier delivery that it was compared with. Absent if it was not compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    previous: Option<Cow<'a, str>>,
    /// How many students came and went since then. Absent if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Changes")]
    changes: Option<Changes>,
    /// The API files in it that were read.
    files: Vec<File<'a>>,
    /// What was found in it. Absent where it is the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TargetSummary")]
    summary: Option<TargetSummary>,
}

/// A file that was read.
#[derive(Serialize, JsonSchema)]
struct File<'a> {
    /// The file, as the user would type it, with `/`.
    path: Cow<'a, str>,
    /// The API file that it was taken for, such as `students.csv`.
    r#as: Cow<'a, str>,
    /// Its size in bytes.
    bytes: u64,
    /// How many records it has, without the header. Absent if they could not be told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    records: Option<u64>,
    /// The SHA-256 of what was read of it, in hexadecimal digits. Absent unless asked for, and for
    /// fewer than 100 records when values are masked: they could be guessed and compared with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    sha256: Option<&'a str>,
}

/// One defect at one place.
#[derive(Serialize, JsonSchema)]
pub(super) struct Finding<'a> {
    /// The name of the rule; `samegoal-lint explain` tells more about it.
    rule: &'static str,
    /// How bad it is, with the configuration applied.
    #[schemars(with = "String", extend("enum" = ["error", "warning", "advice"]))]
    severity: Severity,
    /// What SameGoal does with it, the worst first.
    #[schemars(with = "String", extend("enum" = CONSEQUENCES))]
    consequence: Consequence,
    /// What is wrong.
    message: String,
    /// What SameGoal does with it, and how to fix it. Absent if there is nothing to add.
    #[serde(skip_serializing_if = "String::is_empty")]
    help: String,
    /// The file or directory.
    path: Cow<'a, str>,
    /// How many values or records it stands for. Absent where it is one.
    #[serde(skip_serializing_if = "is_one")]
    #[schemars(with = "u64", default = "one")]
    count: u64,
    /// The name of the fix with which `stage` cures it in a copy. Absent if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    fix: Option<&'static str>,
    /// The place in it. All of its fields are absent where it is the file as a whole.
    #[serde(flatten)]
    place: Place,
    /// Second places that the finding depends on. Absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Second<'a>>,
}

/// A place in a file.
#[derive(Default, Serialize, JsonSchema)]
struct Place {
    /// The physical line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    line: Option<u64>,
    /// The character in the line, from 1. Absent in a record when values are masked: it would say how
    /// long the values before it are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    column: Option<u64>,
    /// One past the last character, in the same line. Absent as `column` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    end_column: Option<u64>,
    /// The byte in the file as it lies on disk, from 0. Absent as `column` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    byte_offset: Option<u64>,
    /// The record, from 1; 0 is the header. Absent where the place is not one of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    record: Option<u64>,
    /// The cell of a spreadsheet that opened the file, such as `F1043`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    cell: Option<String>,
    /// The name of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    field: Option<String>,
}

/// A second place that a finding depends on.
#[derive(Serialize, JsonSchema)]
struct Second<'a> {
    /// The file. Where the file was not read, the name of the API file.
    path: Cow<'a, str>,
    /// The physical line, from 1. Absent where it is the file as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    line: Option<u64>,
    /// The character in the line, from 1. Absent where it is the file as a whole, and in a record
    /// when values are masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    column: Option<u64>,
    /// What is there.
    message: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(number: &u64) -> bool {
    *number == 1
}

fn one() -> u64 {
    1
}

impl<'a> Document<'a> {
    fn new(report: &'a Report, options: &Options) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            tool: TOOL,
            config: report.config.as_deref().map(visible),
            targets: targets(report, options),
            verdict: Verdict::new(report, options),
            summary: Summary::new(report, options),
            fixes: report.fixes.iter().map(Fixed::new).collect(),
            staged: report.staged.iter().map(|path| visible(path)).collect(),
            findings: findings(report, options).collect(),
        }
    }
}

/// The findings that are shown.
pub(super) fn findings<'a>(
    report: &'a Report,
    options: &Options,
) -> impl Iterator<Item = Finding<'a>> {
    let masker = Masker::new(options.values);
    let shown = report.found.shown(options.max_findings);
    shown.map(move |reported| Finding::new(report, reported, masker))
}

impl<'a> Fixed<'a> {
    pub(super) fn new(fixed: &'a super::Fixed) -> Self {
        let super::Fixed { path, fix, count, line } = fixed;
        let level = fix.level.to_string();
        Self { path: visible(path), fix: fix.name, level, count: *count, line: *line }
    }
}

/// The targets, each with its sums if they are several.
pub(super) fn targets<'a>(report: &'a Report, options: &Options) -> Vec<Target<'a>> {
    let masker = Masker::new(options.values);
    let order = Order::new(report);
    let parts = if report.targets.len() > 1 { Part::each(report) } else { Vec::new() };
    let summaries = parts
        .iter()
        .map(|part| Some(TargetSummary::new(report, part, &order, masker)))
        .chain(iter::repeat_with(|| None));
    let targets = report.targets.iter().zip(summaries);
    targets.map(|(target, summary)| Target::new(report, target, summary, options.values)).collect()
}

impl<'a> Target<'a> {
    fn new(
        report: &'a Report,
        target: &'a super::Target,
        summary: Option<TargetSummary>,
        values: Values,
    ) -> Self {
        let file = |file: &'a super::FileEntry| File {
            path: visible(&file.path),
            r#as: visible(&file.as_name),
            bytes: file.bytes,
            records: file.records,
            sha256: file.digest(values),
        };
        let compared = report.compared.iter().find(|it| it.target == target.path);
        Self {
            path: visible(&target.path),
            kind: target.kind,
            previous: compared.map(|it| visible(&it.previous)),
            changes: compared.and_then(|it| it.changes),
            files: target.files.iter().map(file).collect(),
            summary,
        }
    }
}

impl<'a> Finding<'a> {
    fn new(report: &'a Report, reported: &'a Reported, masker: Masker) -> Self {
        let finding = &reported.finding;
        let second = |related: &'a Related| Second {
            path: report.related_path(&reported.path, related),
            line: related.location.as_ref().map(|place| place.line),
            column: related
                .location
                .as_ref()
                .filter(|place| masker.shows_columns_of(place))
                .map(|place| place.column),
            message: masker.message(&related.message),
        };
        Self {
            rule: finding.rule.name,
            severity: reported.severity,
            consequence: finding.consequence(),
            message: masker.message(&finding.message),
            help: masker.message(&finding.help),
            path: visible(&reported.path),
            count: finding.count,
            fix: finding.fix,
            place: Place::new(finding.location.as_ref(), masker),
            related: finding.related.iter().map(second).collect(),
        }
    }
}

impl Place {
    fn new(location: Option<&Location>, masker: Masker) -> Self {
        let Some(place) = location else { return Self::default() };
        let shown = masker.shows_columns_of(place);
        Self {
            line: Some(place.line),
            column: shown.then_some(place.column),
            end_column: shown.then_some(place.end_column),
            byte_offset: shown.then_some(place.byte_offset),
            record: place.record,
            cell: place.cell_name(),
            field: place.field.as_ref().map(|field| masker.message(field)),
        }
    }
}

#[cfg(test)]
mod tests;
