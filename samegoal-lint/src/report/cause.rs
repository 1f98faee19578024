//! The findings by what causes them, in the order in which to fix them.

use indexmap::IndexMap;
use samegoal_schema::{Rule, Severity};

use super::Report;
use super::order::Order;
use super::words::{NO_DELIVERY, outcome};
use crate::policy::{LeftOut, Reported};
use samegoal_schema::finding::Masker;

/// A rule that was broken, with what is shown of its findings.
pub(super) struct Cause<'a> {
    pub(super) rule: &'static Rule,
    /// The highest severity of the findings.
    pub(super) severity: Severity,
    /// What comes of it, for people.
    pub(super) outcome: &'static str,
    pub(super) total: u64,
    /// Those that are shown, the weightiest first.
    pub(super) findings: Vec<&'a Reported>,
    /// Those that are not.
    pub(super) left_out: Vec<LeftOut<'a>>,
}

/// Findings that have the same help.
pub(super) struct Group<'a> {
    /// The help, made visible; empty if there is none, or every finding has its own.
    pub(super) help: String,
    /// Whether every finding has its own help.
    pub(super) is_mixed: bool,
    pub(super) findings: Vec<&'a Reported>,
}

impl<'a> Cause<'a> {
    /// The findings by their help, which is then shown only once.
    pub(super) fn by_help(&self, masker: Masker) -> Vec<Group<'a>> {
        const MOST: usize = 5;
        let mut groups: IndexMap<String, Vec<&'a Reported>> = IndexMap::new();
        for reported in &self.findings {
            groups.entry(masker.message(&reported.finding.help)).or_default().push(reported);
        }
        if groups.len() > MOST {
            let findings = self.findings.clone();
            return vec![Group { help: String::new(), is_mixed: true, findings }];
        }
        let group = |(help, findings)| Group { help, is_mixed: false, findings };
        groups.into_iter().map(group).collect()
    }
}

/// The causes of what was found, those first that cause or hide what follows. At most so many
/// findings of one rule are shown for one file; 0 is all.
pub(super) fn causes(report: &Report, most: usize) -> Vec<Cause<'_>> {
    let found = &report.found;
    let order = Order::new(report);
    let mut causes: IndexMap<&str, Cause<'_>> = IndexMap::new();
    let sorted = order.sorted(found.findings.iter());
    let names = sorted.iter().map(|reported| reported.finding.rule.name);
    for name in names.chain(found.rules.keys().copied()) {
        if let Some(sum) = found.rules.get(name) {
            causes.entry(name).or_insert_with(|| Cause {
                rule: sum.rule,
                severity: sum.severity,
                outcome: outcome(sum.severity, sum.consequence),
                total: sum.total,
                findings: Vec::new(),
                left_out: Vec::new(),
            });
        }
    }
    for reported in order.sorted(found.shown(most)) {
        if let Some(cause) = causes.get_mut(reported.finding.rule.name) {
            cause.findings.push(reported);
        }
    }
    for cause in causes.values_mut() {
        let mut findings = cause.findings.iter();
        if !cause.findings.is_empty() && findings.all(|it| report.says_no_delivery(it)) {
            cause.outcome = NO_DELIVERY;
        }
    }
    for left_out in found.left_out(most) {
        if let Some(cause) = causes.get_mut(left_out.rule.name) {
            cause.left_out.push(left_out);
        }
    }
    causes.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{self, FIELD_COUNT, at};
    use samegoal_schema::finding::Values;

    #[test]
    fn causes_come_first() {
        let report = sample::mixed();
        let names: Vec<_> = causes(&report, 0).iter().map(|cause| cause.rule.name).collect();
        assert_eq!(
            names,
            [
                "layout/missing-complete",
                "header/misnamed-column",
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

    #[test]
    fn the_same_help_is_shown_once() {
        let masker = Masker::new(Values::Mask);
        let groups = |helps: &[&'static str]| {
            let finding = |help: &&'static str| ("a", FIELD_COUNT.finding().help(*help));
            let report = sample::with_findings(helps.iter().map(finding).collect());
            let causes = causes(&report, 0);
            let groups = causes[0].by_help(masker).into_iter();
            groups.map(|it| (it.help, it.is_mixed, it.findings.len())).collect::<Vec<_>>()
        };
        assert_eq!(groups(&["x", "y", "x"]), [("x".into(), false, 2), ("y".into(), false, 1)]);
        assert_eq!(groups(&["1", "2", "3", "4", "5", "6"]), [(String::new(), true, 6)]);
    }
}
