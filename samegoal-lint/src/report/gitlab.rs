//! The report for merge requests in GitLab: a code quality report.

use std::io::{self, Write};

use samegoal_schema::{Consequence, Severity};
use serde::Serialize;

use super::fingerprint::{Fingerprints, fingerprint_of};
use super::uri::relative;
use super::words::stands_for;
use super::{Options, Report, plural};
use crate::policy::{Off, Reported};
use samegoal_schema::finding::Masker;
use samegoal_schema::text::escape::visible;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// Writes the report.
///
/// # Errors
///
/// Those of `out`.
pub fn write(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let masker = Masker::new(options.values);
    let mut fingerprints = Fingerprints::default();
    let shown = report.found.shown(options.max_findings);
    let issues = shown.map(|reported| Issue::new(reported, fingerprints.next(reported), masker));
    let off = report.found.off.iter().map(|off| Issue::off(report, off));
    let issues: Vec<_> = issues.chain(off).collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    out.write_all(b"\n")
}

impl Issue {
    /// What is out of force, at the first of what was looked at: a place is required.
    fn off(report: &Report, off: &Off) -> Self {
        let count = off.count.map(|count| format!(" ({})", plural(count, "finding")));
        let names = off.rules.join(", ");
        let description = format!("{}{}: {names}", off.why(), count.unwrap_or_default());
        let path = report.targets.first().map_or(".", |target| relative(&target.path));
        Self {
            fingerprint: fingerprint_of(&[off.what.as_str(), &off.why()]),
            description: visible(&description).into_owned(),
            check_name: "samegoal-lint/off",
            severity: if off.is_serious() { "major" } else { "info" },
            location: Location { path: visible(path).into_owned(), lines: Lines { begin: 1 } },
        }
    }

    fn new(reported: &Reported, fingerprint: String, masker: Masker) -> Self {
        let finding = &reported.finding;
        // A line is required; that of a whole file is its first.
        let line = finding.location.as_ref().map_or(1, |place| place.line.max(1));
        Self {
            description: masker.message(&finding.message)
                + &stands_for(finding).unwrap_or_default(),
            check_name: finding.rule.name,
            fingerprint,
            severity: severity(reported.severity, finding.consequence()),
            location: Location {
                path: visible(relative(&reported.path)).into_owned(),
                lines: Lines { begin: line },
            },
        }
    }
}

fn severity(severity: Severity, consequence: Consequence) -> &'static str {
    match (severity, consequence) {
        (Severity::Error, Consequence::DeliveryIgnored) => "blocker",
        (Severity::Error, Consequence::FileIgnored | Consequence::DataAtRisk) => "critical",
        (Severity::Error, _) => "major",
        (Severity::Warning, _) => "minor",
        (Severity::Advice, _) => "info",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::report::sample;

    fn written(report: &Report) -> Vec<Value> {
        let text = sample::written(write, report, &Options::default());
        sample::assert_safe(&text);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn every_finding_is_an_issue_of_its_own() {
        let issues = written(&sample::mixed());
        assert_eq!(issues.len(), 4);
        let fingerprints: BTreeSet<_> =
            issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(fingerprints.len(), 4);
        let severities: Vec<_> = issues.iter().map(|it| it["severity"].as_str().unwrap()).collect();
        assert_eq!(severities, ["blocker", "minor", "major", "critical"]);
        assert_eq!(issues[0]["location"]["lines"]["begin"], 1);
        assert_eq!(issues[3]["location"]["path"], "epoch/students.csv");
    }

    #[test]
    fn nothing_found_is_an_empty_list() {
        assert!(written(&Report::default()).is_empty());
    }
}
