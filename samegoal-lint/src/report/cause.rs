//! The findings by what causes them, in the order in which to mend them.

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Rule, Severity};

use super::{Report, urgency};
use crate::mask::Masker;
use crate::policy::{LeftOut, Reported};

/// A rule that was broken, with what is shown of its findings.
pub(super) struct Cause<'a> {
    pub(super) rule: &'static Rule,
    /// The highest severity of the findings.
    pub(super) severity: Severity,
    /// The farthest-reaching consequence of those.
    pub(super) consequence: Consequence,
    /// How many findings there are.
    pub(super) total: u64,
    /// Those that are shown, the weightiest first.
    pub(super) findings: Vec<&'a Reported>,
    /// Those that are not.
    pub(super) left_out: Vec<LeftOut<'a>>,
}

impl Cause<'_> {
    /// The help of all findings, if it is one and the same.
    pub(super) fn common_help(&self, masker: Masker) -> Option<String> {
        let help = |reported: &&Reported| masker.message(&reported.finding.help);
        let first = self.findings.first().map(help)?;
        self.findings.iter().all(|reported| help(reported) == first).then_some(first)
    }
}

/// The causes of what was found. The first is the one that the verdict says to mend first. At most
/// so many findings of one rule are shown for one file; 0 is all.
pub(super) fn causes(report: &Report, most: usize) -> Vec<Cause<'_>> {
    let found = &report.found;
    let mut causes: IndexMap<&str, Cause<'_>> = IndexMap::new();
    let mut sorted: Vec<_> = found.findings.iter().collect();
    sorted.sort_by_key(|reported| reported.urgency());
    let names = sorted.iter().map(|reported| reported.finding.rule.name);
    for name in names.chain(found.rules.keys().copied()) {
        if let Some(sum) = found.rules.get(name) {
            causes.entry(name).or_insert_with(|| Cause {
                rule: sum.rule,
                severity: sum.severity,
                consequence: sum.consequence,
                total: sum.total,
                findings: Vec::new(),
                left_out: Vec::new(),
            });
        }
    }
    let mut shown: Vec<_> = found.shown(most).collect();
    shown.sort_by_key(|reported| reported.urgency());
    for reported in shown {
        if let Some(cause) = causes.get_mut(reported.finding.rule.name) {
            cause.findings.push(reported);
        }
    }
    for left_out in found.left_out(most) {
        if let Some(cause) = causes.get_mut(left_out.rule.name) {
            cause.left_out.push(left_out);
        }
    }
    let mut causes: Vec<_> = causes.into_values().collect();
    causes.sort_by_key(|cause| urgency(cause.severity, cause.consequence));
    causes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, at};

    #[test]
    fn what_hides_other_defects_comes_first() {
        let report = sample::mixed();
        let names: Vec<_> = causes(&report, 0).iter().map(|cause| cause.rule.name).collect();
        assert_eq!(
            names,
            [
                "header/misnamed-column",
                "layout/missing-complete",
                "csv/field-count",
                "csv/blank-line"
            ]
        );
    }

    #[test]
    fn what_is_not_shown_is_counted() {
        let many = |path| (0..5).map(move |line| (path, FIELD_COUNT.finding().at(at(line + 1, 1))));
        let report = sample::with_findings(many("a").chain(many("b")).collect());
        let causes = causes(&report, 2);
        let [cause] = &causes[..] else { panic!() };
        assert_eq!((cause.total, cause.findings.len()), (10, 4));
        let left_out: Vec<_> = cause.left_out.iter().map(|it| (it.path, it.count)).collect();
        assert_eq!(left_out, [("a", 3), ("b", 3)]);
    }
}
