//! The one order in which findings are shown: causes before what follows from them.
//!
//! Whatever is for people follows it: all text, the verdict and what it says to fix first, and what
//! is kept where a format has room for some only. Data is ordered by path and line instead.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Finding, Severity, generic_api};

use super::{Report, Target};
use crate::policy::Reported;

/// How far from the root of all trouble a defect is. What stands earlier causes or hides what
/// stands later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// The configuration: everything else is checked by it.
    Configuration,
    /// The directory.
    Layout,
    /// What a file is as a whole.
    Form,
    /// The header.
    Header,
    /// Records, values and keys.
    Records,
    /// What refers to another file.
    Links,
    /// What differs from an earlier delivery.
    Drift,
}

impl Step {
    pub(super) fn of(finding: &Finding) -> Self {
        match finding.rule.group() {
            "config" => Self::Configuration,
            "layout" => Self::Layout,
            "csv" if is_form(finding) => Self::Form,
            "header" => Self::Header,
            "link" => Self::Links,
            "drift" => Self::Drift,
            _ => Self::Records,
        }
    }
}

/// Whether a finding about the bytes is about all of them, and not about some records.
fn is_form(finding: &Finding) -> bool {
    const WHOLE: [&str; 3] = ["csv/byte-order-mark", "csv/mixed-line-ends", "csv/no-records"];
    finding.location.is_none()
        || finding.consequence() == Consequence::FileIgnored
        || WHOLE.contains(&finding.rule.name)
}

/// Whether the finding is about the marker that is added when the rest is right.
pub(super) fn is_marker(finding: &Finding) -> bool {
    const MARKER: [&str; 3] =
        ["layout/missing-complete", "layout/misnamed-complete", "layout/complete-not-a-file"];
    MARKER.contains(&finding.rule.name)
}

pub(super) struct Order<'a> {
    targets: Targets<'a>,
    /// The files that others refer to.
    referred: BTreeSet<&'a str>,
}

impl<'a> Order<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        let api = generic_api();
        let columns = api.files().flat_map(|file| file.columns.values());
        let references = columns.filter_map(|column| column.references.as_ref());
        let names: BTreeSet<_> = references.map(|it| it.file.to_string()).collect();
        let files = report.files().filter(|file| names.contains(&file.as_name));
        let referred = files.map(|file| &*file.path).collect();
        Self { targets: Targets::new(&report.targets), referred }
    }

    pub(super) fn key<'f>(&self, reported: &'f Reported) -> impl Ord + use<'f> {
        let finding = &reported.finding;
        let step = Step::of(finding);
        let is_other = step > Step::Layout && !self.referred.contains(&*reported.path);
        let place = finding.location.as_ref().map(|place| (place.line, place.column));
        (
            self.targets.of(&reported.path).map_or(0, |target| target + 1),
            step,
            is_other,
            Reverse(reported.severity),
            finding.consequence(),
            &*reported.path,
            place,
            finding.rule.name,
        )
    }

    pub(super) fn sorted(&self, findings: impl Iterator<Item = &'a Reported>) -> Vec<&'a Reported> {
        let mut sorted: Vec<_> = findings.collect();
        sorted.sort_by_cached_key(|&reported| self.key(reported));
        sorted
    }

    /// The finding to fix first: of those that weigh most, the one that comes first. The marker
    /// comes after whatever is no mere advice, for with it a delivery is processed.
    pub(super) fn first(
        &self,
        findings: impl Iterator<Item = &'a Reported>,
    ) -> Option<&'a Reported> {
        findings.min_by_key(|&reported| {
            let is_late = match reported.severity {
                Severity::Advice => 2,
                _ => u8::from(is_marker(&reported.finding)),
            };
            (is_late, Reverse(reported.severity), self.key(reported))
        })
    }

    /// Whether two paths lie in the same target.
    pub(super) fn are_together(&self, one: &str, other: &str) -> bool {
        self.targets.of(one) == self.targets.of(other)
    }
}

/// Which target a path belongs to.
pub(super) struct Targets<'a> {
    positions: IndexMap<&'a str, usize>,
}

impl<'a> Targets<'a> {
    pub(super) fn new(targets: &'a [Target]) -> Self {
        let paths = targets.iter().map(|target| target.path.trim_end_matches('/'));
        let mut positions = IndexMap::new();
        for (position, path) in paths.enumerate() {
            positions.entry(path).or_insert(position);
        }
        Self { positions }
    }

    /// The innermost target that the path is or lies in.
    pub(super) fn of(&self, path: &str) -> Option<usize> {
        let mut rest = path.trim_end_matches('/');
        loop {
            if let Some(position) = self.positions.get(rest) {
                return Some(*position);
            }
            rest = rest.rsplit_once('/')?.0;
        }
    }
}

/// What weighs more comes first.
pub(super) fn weight(severity: Severity, consequence: Consequence) -> impl Ord + Copy {
    (Reverse(severity), consequence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{
        self, BLANK_LINE, FIELD_COUNT, MISSING_COMPLETE, NO_GUARDIANS, VANISHED, at,
    };

    fn sorted(report: &Report) -> Vec<(&str, &str)> {
        let sorted = Order::new(report).sorted(report.found.findings.iter());
        sorted.iter().map(|it| (it.finding.rule.name, &*it.path)).collect()
    }

    #[test]
    fn causes_come_before_what_follows_from_them() {
        let count = || FIELD_COUNT.finding().at(at(2, 1));
        let report = sample::with_findings(vec![
            ("epoch/absences.csv", count()),
            ("epoch/guardians.csv", NO_GUARDIANS.finding()),
            ("epoch/guardians.csv", FIELD_COUNT.finding()),
            ("epoch/guardians.csv", count()),
            ("epoch/students.csv", VANISHED.finding()),
            ("epoch/students.csv", BLANK_LINE.finding().at(at(1, 1))),
            ("epoch/students.csv", count()),
            ("epoch/students.csv", sample::misnamed()),
            ("epoch", MISSING_COMPLETE.finding()),
        ]);
        assert_eq!(
            sorted(&report),
            [
                (MISSING_COMPLETE.name, "epoch"),
                // Without a line it is the file as a whole.
                (FIELD_COUNT.name, "epoch/guardians.csv"),
                (sample::MISNAMED.name, "epoch/students.csv"),
                (FIELD_COUNT.name, "epoch/students.csv"),
                (BLANK_LINE.name, "epoch/students.csv"),
                (FIELD_COUNT.name, "epoch/absences.csv"),
                (FIELD_COUNT.name, "epoch/guardians.csv"),
                (NO_GUARDIANS.name, "epoch/guardians.csv"),
                (VANISHED.name, "epoch/students.csv"),
            ]
        );
        let first = Order::new(&report).first(report.found.findings.iter()).unwrap();
        assert_eq!(&*first.path, "epoch/guardians.csv");
    }

    #[test]
    fn a_path_belongs_to_the_innermost_target() {
        let targets = ["up", "up/a", ".", "/", "up/a/b/"].map(sample::epoch);
        let targets = Targets::new(&targets);
        for (path, expected) in [
            ("up", Some(0)),
            ("up/x.csv", Some(0)),
            ("up/a", Some(1)),
            ("up/a/students.csv", Some(1)),
            ("up/ab", Some(0)),
            ("up/a/b/c", Some(4)),
            ("./students.csv", Some(2)),
            ("/students.csv", Some(3)),
            ("elsewhere/x", None),
        ] {
            assert_eq!(targets.of(path), expected, "{path}");
        }
    }

    #[test]
    fn one_delivery_comes_after_the_other() {
        let mut report = sample::with_findings(vec![
            ("b", MISSING_COMPLETE.finding()),
            ("a/students.csv", FIELD_COUNT.finding().at(at(2, 1))),
            ("samegoal-lint.toml", BLANK_LINE.finding()),
        ]);
        report.targets = vec![sample::epoch("a"), sample::epoch("b")];
        let paths: Vec<_> = sorted(&report).into_iter().map(|(_, path)| path).collect();
        assert_eq!(paths, ["samegoal-lint.toml", "a/students.csv", "b"]);
    }
}
