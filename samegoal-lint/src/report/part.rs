//! What was found in all of a run, or in one delivery of it.

use samegoal_schema::{Consequence, Severity, thousands};

use super::order::{Order, Targets, weight};
use super::{FileEntry, Kind, Report, Target, plural};
use crate::policy::{FileTotal, Reported, SEVERITIES};

/// A part of a report that has sums of its own.
pub(super) struct Part<'a> {
    /// The delivery; `None` for the whole run.
    pub(super) target: Option<&'a Target>,
    pub(super) files: Vec<&'a FileEntry>,
    /// The findings that were kept.
    pub(super) findings: Vec<&'a Reported>,
    pub(super) totals: Vec<&'a FileTotal>,
}

impl<'a> Part<'a> {
    pub(super) fn whole(report: &'a Report) -> Self {
        Self {
            target: None,
            files: report.files().collect(),
            findings: report.found.findings.iter().collect(),
            totals: report.found.files.iter().collect(),
        }
    }

    /// Each target by itself, in their order.
    pub(super) fn each(report: &'a Report) -> Vec<Self> {
        let part = |target: &'a Target| Self {
            target: Some(target),
            files: target.files.iter().collect(),
            findings: Vec::new(),
            totals: Vec::new(),
        };
        let mut parts: Vec<_> = report.targets.iter().map(part).collect();
        let targets = Targets::new(&report.targets);
        for reported in &report.found.findings {
            if let Some(part) = targets.of(&reported.path).and_then(|it| parts.get_mut(it)) {
                part.findings.push(reported);
            }
        }
        for total in &report.found.files {
            if let Some(part) = targets.of(&total.path).and_then(|it| parts.get_mut(it)) {
                part.totals.push(total);
            }
        }
        parts
    }

    /// The deliveries by themselves, if there are several. A directory that holds only epochs
    /// is not one.
    pub(super) fn deliveries(report: &'a Report) -> Vec<Self> {
        let mut parts = Self::each(report);
        let is_root = |target: &Target| target.kind == Kind::Upload && target.files.is_empty();
        parts.retain(|part| !(part.target.is_some_and(is_root) && part.totals.is_empty()));
        if parts.len() > 1 { parts } else { Vec::new() }
    }

    pub(super) fn count(&self, severity: Severity) -> u64 {
        self.totals.iter().map(|total| total.count(severity)).sum()
    }

    /// The highest severity, and the farthest-reaching consequence of it.
    pub(super) fn weightiest(&self) -> Option<(Severity, Consequence)> {
        self.weights().min_by_key(|(severity, consequence)| weight(*severity, *consequence))
    }

    /// The farthest-reaching consequence of all, whatever its severity.
    pub(super) fn worst(&self) -> Option<Consequence> {
        self.weights().map(|(_, consequence)| consequence).min()
    }

    fn weights(&self) -> impl Iterator<Item = (Severity, Consequence)> {
        self.totals
            .iter()
            .flat_map(|total| SEVERITIES.into_iter().filter_map(|it| Some((it, total.worst(it)?))))
    }

    /// What was found of that weight, by rule and file.
    pub(super) fn of_weight(
        &self,
        severity: Severity,
        consequence: Consequence,
    ) -> impl Iterator<Item = &'a FileTotal> {
        let totals = self.totals.iter().copied();
        totals.filter(move |total| total.worst(severity) == Some(consequence))
    }

    /// The first finding of that weight that was kept.
    pub(super) fn first(
        &self,
        order: &Order<'a>,
        severity: Severity,
        consequence: Consequence,
    ) -> Option<&'a Reported> {
        let findings = self.findings.iter().copied();
        order.first(findings.filter(|reported| {
            reported.severity == severity && reported.finding.consequence() == consequence
        }))
    }

    /// `2 errors, 1 warning`
    pub(super) fn counts(&self) -> String {
        let [errors, warnings, advice] = SEVERITIES.map(|it| self.count(it));
        let mut counts = Vec::new();
        if errors > 0 {
            counts.push(plural(errors, "error"));
        }
        if warnings > 0 {
            counts.push(plural(warnings, "warning"));
        }
        if advice > 0 {
            let pieces = if advice == 1 { "piece of advice" } else { "pieces of advice" };
            counts.push(format!("{} {pieces}", thousands(advice)));
        }
        counts.join(", ")
    }
}
