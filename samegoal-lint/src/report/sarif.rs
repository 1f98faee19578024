//! The report for code scanning: SARIF 2.1.0.
//!
//! Only the part of the format that is needed here is modelled. The crate that models all of it
//! makes its types from the JSON Schema while it is built, which takes two more versions of the
//! same parser.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::rules::RULES;
use samegoal_schema::{Consequence, Location as Place, Related, Rule as Known, Severity};
use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::order::Order;
use super::uri::uri;
use super::{Options, Report, plural};
use crate::explain;
use crate::policy::Reported;
use samegoal_schema::finding::{Masker, Values};
use samegoal_schema::text::escape::visible;

/// The most results that a log has: code scanning shows no more of them. What weighs most is in.
pub const MOST: usize = 5000;

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Log::new(report, options))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    artifacts: Vec<Artifact<'a>>,
    results: Vec<Outcome>,
    column_kind: &'static str,
    properties: Totals,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Tags,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Tags {
    tags: [&'static str; 1],
    consequence: Consequence,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Artifact<'a> {
    location: ArtifactLocation,
    length: u64,
    roles: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    hashes: Option<Hashes<'a>>,
}

#[derive(Serialize)]
struct Hashes<'a> {
    #[serde(rename = "sha-256")]
    sha256: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    properties: Details,
}

#[derive(Serialize)]
struct Details {
    consequence: Consequence,
    /// How many values or records it stands for, if more than itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// The fix of `stage` that cures it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the format has these names")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
}

/// The sums of the run, also of what is not among the results.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    errors: u64,
    warnings: u64,
    advice: u64,
    /// How many of them a fix of `stage` cures.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixable: Option<u64>,
    by_rule: BTreeMap<&'static str, u64>,
}

impl<'a> Log<'a> {
    fn new(report: &'a Report, options: &Options) -> Self {
        let found = &report.found;
        let by_rule = found.rules.iter().map(|(name, sum)| (*name, sum.total)).collect();
        let run = Run {
            tool: Tool { driver: driver() },
            invocations: [invocation(report)],
            artifacts: report.files().map(|file| artifact(file, options.values)).collect(),
            results: results(report, options),
            column_kind: "unicodeCodePoints",
            properties: Totals {
                errors: found.errors,
                warnings: found.warnings,
                advice: found.advice,
                fixable: Some(found.fixable()).filter(|fixable| *fixable > 0),
                by_rule,
            },
        };
        Self {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

fn driver() -> Driver {
    Driver {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules: RULES.iter().map(|rule| Rule::new(rule)).collect(),
    }
}

impl Rule {
    fn new(rule: &Known) -> Self {
        Self {
            id: rule.name,
            short_description: Text { text: rule.manual.summary.to_owned() },
            help: Help { text: explain::plain(rule), markdown: explain::markdown(rule) },
            help_uri: explain::page(rule),
            default_configuration: Configuration { level: level(rule.severity) },
            properties: Tags { tags: [rule.group()], consequence: rule.consequence },
        }
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn invocation(report: &Report) -> Invocation {
    let notification = |it: &super::NotChecked| Notification {
        level: "note",
        message: text(format!("not checked: {}: {}", visible(&it.what), visible(&it.why))),
        locations: vec![Location::file(&it.path)],
    };
    let off = report.found.off.iter().map(|off| {
        let rules = visible(&off.rules.join(", ")).into_owned();
        let count = off.count.map(|count| format!(" ({})", plural(count, "finding")));
        let count = count.unwrap_or_default();
        let message = text(format!("{}{count}: {rules}", visible(&off.why())));
        let level = if off.is_serious() { "warning" } else { "note" };
        Notification { level, message, locations: Vec::new() }
    });
    let fixed = report.fixes.iter().map(|it| Notification {
        level: "note",
        message: text(format!("fixed in the copy: {} {}", it.count, it.fix.name)),
        locations: vec![Location::file(&it.path)],
    });
    let not_checked = report.not_checked.iter().map(notification);
    Invocation {
        execution_successful: true,
        tool_execution_notifications: off.chain(not_checked).chain(fixed).collect(),
    }
}

fn artifact(file: &super::FileEntry, values: Values) -> Artifact<'_> {
    Artifact {
        location: ArtifactLocation { uri: uri(&file.path) },
        length: file.bytes,
        roles: ["analysisTarget"],
        hashes: file.digest(values).map(|sha256| Hashes { sha256 }),
    }
}

fn results(report: &Report, options: &Options) -> Vec<Outcome> {
    let masker = Masker::new(options.values);
    let mut fingerprints = Fingerprints::default();
    let mut shown: Vec<_> = report
        .found
        .shown(options.max_findings)
        .map(|reported| (reported, fingerprints.next(reported)))
        .collect();
    if shown.len() > MOST {
        let order = Order::new(report);
        shown
            .sort_by_cached_key(|&(reported, _)| (Reverse(reported.severity), order.key(reported)));
        shown.truncate(MOST);
    }
    shown
        .into_iter()
        .map(|(reported, fingerprint)| outcome(report, reported, fingerprint, masker))
        .collect()
}

fn outcome(report: &Report, reported: &Reported, fingerprint: String, masker: Masker) -> Outcome {
    let finding = &reported.finding;
    let place = finding.location.as_ref();
    let mut message = masker.message(&finding.message);
    if !finding.help.is_empty() {
        message.push('\n');
        message.push_str(&masker.message(&finding.help));
    }
    let related = |(number, related): (usize, &Related)| Location {
        id: Some(number + 1),
        message: Some(text(masker.message(&related.message))),
        ..Location::new(report.place_of(&reported.path, related), related.location.as_ref(), masker)
    };
    Outcome {
        rule_id: finding.rule.name,
        rule_index: RULES.iter().position(|rule| rule.name == finding.rule.name),
        level: level(reported.severity),
        message: text(message),
        locations: [Location::new(&reported.path, place, masker)],
        related_locations: finding.related.iter().enumerate().map(related).collect(),
        partial_fingerprints: [("samegoalLint/v1", fingerprint)].into(),
        properties: Details {
            consequence: finding.consequence(),
            count: Some(finding.count).filter(|count| *count > 1),
            fix: finding.fix,
            record: place.and_then(|place| place.record),
            cell: place.and_then(Place::cell_name),
            field: place.and_then(|it| it.field.as_ref()).map(|field| masker.message(field)),
        },
    }
}

/// A message in which nothing is a link: viewers make one of `[words](target)`.
fn text(message: String) -> Text {
    let text = if message.contains("](") { message.replace("](", "] (") } else { message };
    Text { text }
}

impl Location {
    fn file(path: &str) -> Self {
        Self::new(path, None, Masker::new(Values::Mask))
    }

    fn new(path: &str, place: Option<&Place>, masker: Masker) -> Self {
        let region = |place: &Place| {
            let column = masker.shows_columns_of(place).then(|| place.column.max(1));
            Region {
                start_line: place.line.max(1),
                start_column: column,
                end_column: column.map(|column| place.end_column.max(column)),
            }
        };
        Self {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: uri(path) },
                region: place.map(region),
            },
            message: None,
        }
    }
}

#[cfg(test)]
mod tests;
