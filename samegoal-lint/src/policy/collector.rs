//! Findings as they come in, and what is left of them at the end.

use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;
use samegoal_schema::{Admission, Consequence, Finding, Rule, Severity, Sink};

use super::{Level, Policy};

/// Takes findings, weighs and counts them, and keeps as many as the policy allows.
///
/// ```
/// use samegoal_lint::policy::{Collector, Policy};
///
/// let mut collector = Collector::new(Policy::default());
/// collector.file("epoch/students.csv".into());
/// // ... checks report into the collector ...
/// let found = collector.finish();
/// assert!(found.findings.is_empty() && !found.failed);
/// ```
#[derive(Debug)]
pub struct Collector {
    policy: Policy,
    /// By the rule's name.
    tallies: IndexMap<&'static str, Tally>,
    /// For each path the counts of the rules, in the order of `tallies`.
    files: IndexMap<Arc<str>, Vec<Count>>,
    current: usize,
    findings: Vec<Reported>,
}

#[derive(Debug)]
struct Tally {
    rule: &'static Rule,
    usual: Weighed,
    exceptional: Weighed,
    shown: u64,
}

#[derive(Debug)]
struct Weighed {
    level: Level,
    consequence: Consequence,
    total: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    total: u64,
    shown: u64,
}

impl Collector {
    /// Starts without a finding. Until [`file`](Self::file) is called, findings belong to the
    /// empty path.
    pub fn new(policy: Policy) -> Self {
        let mut collector = Self {
            policy,
            tallies: IndexMap::new(),
            files: IndexMap::new(),
            current: 0,
            findings: Vec::new(),
        };
        collector.file(String::new());
        collector
    }

    /// Sets the path to which the next findings belong: as the user would type it, with `/`. A
    /// path may come again; its counts go on.
    pub fn file(&mut self, path: String) {
        let entry = self.files.entry(path.into());
        self.current = entry.index();
        entry.or_default();
    }

    /// Ends the collection: puts the findings in order and sums up.
    pub fn finish(mut self) -> Found {
        self.findings.sort_by(|a, b| a.place().cmp(&b.place()));
        let mut found = Found { findings: self.findings, ..Found::default() };
        for tally in self.tallies.values() {
            for weighed in [&tally.usual, &tally.exceptional] {
                match weighed.level {
                    Level::At(Severity::Error) => found.errors += weighed.total,
                    Level::At(Severity::Warning) => found.warnings += weighed.total,
                    Level::At(Severity::Advice) => found.advice += weighed.total,
                    Level::Off => {}
                }
            }
            found.rules.extend(tally.sum().map(|total| (tally.rule.name, total)));
        }
        for (path, counts) in &self.files {
            for (tally, count) in self.tallies.values().zip(counts) {
                let (rule, count) = (tally.rule, count.total - count.shown);
                if count > 0 {
                    found.left_out.push(LeftOut { path: Arc::clone(path), rule, count });
                }
            }
        }
        found.left_out.sort_by(|a, b| (&a.path, a.rule.name).cmp(&(&b.path, b.rule.name)));
        found.failed = self
            .policy
            .fail_on
            .is_some_and(|threshold| found.rules.values().any(|total| total.severity >= threshold));
        found
    }
}

impl Sink for Collector {
    fn admit(&mut self, rule: &'static Rule, exceptional: bool) -> Admission {
        let entry = self.tallies.entry(rule.name);
        let index = entry.index();
        let tally = match entry {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Tally::new(rule, &self.policy)),
        };
        let weighed = tally.weighed(exceptional);
        if weighed.level == Level::Off {
            return Admission::Count;
        }
        weighed.total += 1;
        let Some((_, counts)) = self.files.get_index_mut(self.current) else {
            return Admission::Count;
        };
        if counts.len() <= index {
            counts.resize(index + 1, Count::default());
        }
        let Some(count) = counts.get_mut(index) else { return Admission::Count };
        count.total += 1;
        let most = u64::try_from(self.policy.max_findings).unwrap_or(u64::MAX);
        if most != 0 && count.shown >= most {
            return Admission::Count;
        }
        count.shown += 1;
        tally.shown += 1;
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        let level = self.policy.level(finding.rule, finding.exceptional);
        if let (Level::At(severity), Some((path, _))) = (level, self.files.get_index(self.current))
        {
            self.findings.push(Reported { path: Arc::clone(path), severity, finding });
        }
    }
}

impl Tally {
    fn new(rule: &'static Rule, policy: &Policy) -> Self {
        let exception = rule.exception.as_ref();
        let weigh = |exceptional, consequence| Weighed {
            level: policy.level(rule, exceptional),
            consequence,
            total: 0,
        };
        Self {
            rule,
            usual: weigh(false, rule.consequence),
            exceptional: weigh(true, exception.map_or(rule.consequence, |it| it.consequence)),
            shown: 0,
        }
    }

    fn weighed(&mut self, exceptional: bool) -> &mut Weighed {
        if exceptional { &mut self.exceptional } else { &mut self.usual }
    }

    fn sum(&self) -> Option<RuleTotal> {
        let met = || {
            [&self.usual, &self.exceptional].into_iter().filter_map(|weighed| match weighed.level {
                Level::At(severity) if weighed.total > 0 => Some((severity, weighed)),
                _ => None,
            })
        };
        let severity = met().map(|(severity, _)| severity).max()?;
        let weightiest = met().filter(|(level, _)| *level == severity);
        Some(RuleTotal {
            rule: self.rule,
            severity,
            consequence: weightiest.map(|(_, weighed)| weighed.consequence).min()?,
            total: met().map(|(_, weighed)| weighed.total).sum(),
            shown: self.shown,
        })
    }
}

/// What was found in a run.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings that were kept, by path, line (those without one first), column, name of the
    /// rule and byte.
    pub findings: Vec<Reported>,
    /// The rules that were broken, by their names, in the order in which they were met.
    pub rules: IndexMap<&'static str, RuleTotal>,
    /// How many findings were counted but not kept, by path and name of the rule.
    pub left_out: Vec<LeftOut>,
    /// All findings at the level of an error, also those that were not kept.
    pub errors: u64,
    /// All findings at the level of a warning, also those that were not kept.
    pub warnings: u64,
    /// All findings at the level of advice, also those that were not kept.
    pub advice: u64,
    /// Whether a finding reaches [`Policy::fail_on`].
    pub failed: bool,
}

impl Found {
    /// How many findings there are, also those that were not kept.
    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.advice
    }
}

/// A finding with what only the run knows of it.
#[derive(Debug)]
pub struct Reported {
    /// The file or directory, as the user would type it, with `/`.
    pub path: Arc<str>,
    /// How bad it is, with the policy applied.
    pub severity: Severity,
    /// The finding itself.
    pub finding: Finding,
}

impl Reported {
    fn place(&self) -> impl Ord {
        let location = self.finding.location.as_ref();
        (
            &*self.path,
            location.map(|place| (place.line, place.column)),
            self.finding.rule.name,
            location.map(|place| place.byte_offset),
        )
    }
}

/// The sum of a rule's findings.
#[derive(Debug)]
pub struct RuleTotal {
    /// The rule.
    pub rule: &'static Rule,
    /// The highest severity that one of the findings has, with the policy applied.
    pub severity: Severity,
    /// The farthest-reaching consequence of the findings of that severity.
    pub consequence: Consequence,
    /// How many there are.
    pub total: u64,
    /// How many of them were kept.
    pub shown: u64,
}

/// Findings that were counted but not kept.
#[derive(Debug)]
pub struct LeftOut {
    /// The file or directory.
    pub path: Arc<str>,
    /// The rule.
    pub rule: &'static Rule,
    /// How many.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Selector;
    use crate::report::sample::{BLANK_LINE, FIELD_COUNT, RULES, VANISHED, at};

    fn report(collector: &mut Collector, rule: &'static Rule, exceptional: bool, line: u64) {
        if collector.admit(rule, exceptional) == Admission::Keep {
            collector.push(rule.finding().exceptional(exceptional).at(at(line, 1)));
        }
    }

    fn capped(max_findings: usize) -> Collector {
        Collector::new(Policy { max_findings, ..Policy::default() })
    }

    #[test]
    fn the_cap_counts_by_rule_and_file() {
        let mut collector = capped(2);
        for path in ["b.csv", "a.csv", "b.csv"] {
            collector.file(path.into());
            for line in 1..=5 {
                report(&mut collector, &FIELD_COUNT, false, line);
            }
            report(&mut collector, &BLANK_LINE, false, 9);
        }
        let found = collector.finish();
        assert_eq!((found.errors, found.warnings, found.advice), (15, 3, 0));
        assert_eq!(found.findings.len(), 2 + 2 + 1 + 2);
        let total = &found.rules[FIELD_COUNT.name];
        assert_eq!((total.total, total.shown), (15, 4));
        let left: Vec<_> =
            found.left_out.iter().map(|left| (&*left.path, left.rule.name, left.count)).collect();
        assert_eq!(left, [("a.csv", FIELD_COUNT.name, 3), ("b.csv", FIELD_COUNT.name, 8)]);
    }

    #[test]
    fn a_cap_of_zero_keeps_everything() {
        let mut collector = capped(0);
        for line in 1..=5000 {
            report(&mut collector, &FIELD_COUNT, false, line);
        }
        let found = collector.finish();
        assert_eq!(found.findings.len(), 5000);
        assert!(found.left_out.is_empty());
    }

    #[test]
    fn findings_end_up_in_order() {
        let mut collector = capped(0);
        for path in ["b", "a"] {
            collector.file(path.into());
            report(&mut collector, &FIELD_COUNT, false, 10);
            report(&mut collector, &FIELD_COUNT, false, 9);
            report(&mut collector, &BLANK_LINE, false, 9);
            assert_eq!(collector.admit(&VANISHED, false), Admission::Keep);
            collector.push(VANISHED.finding());
        }
        let found = collector.finish();
        let order: Vec<_> = found
            .findings
            .iter()
            .map(|it| {
                (&*it.path, it.finding.location.as_ref().map(|at| at.line), it.finding.rule.name)
            })
            .collect();
        let of = |path| {
            [
                (path, None, VANISHED.name),
                (path, Some(9), BLANK_LINE.name),
                (path, Some(9), FIELD_COUNT.name),
                (path, Some(10), FIELD_COUNT.name),
            ]
        };
        assert_eq!(order, [of("a"), of("b")].concat());
    }

    #[test]
    fn what_is_off_is_not_counted() {
        let mut collector = Collector::new(Policy {
            overrides: vec![(Selector::among(RULES, "csv").unwrap(), Level::Off)],
            ..Policy::default()
        });
        report(&mut collector, &FIELD_COUNT, false, 1);
        collector.push(FIELD_COUNT.finding());
        let found = collector.finish();
        assert_eq!(found.total(), 0);
        assert!(found.rules.is_empty() && found.findings.is_empty() && !found.failed);
    }

    #[test]
    fn an_exception_is_counted_at_its_own_severity() {
        let mut collector = capped(1);
        report(&mut collector, &VANISHED, true, 1);
        report(&mut collector, &VANISHED, false, 2);
        let found = collector.finish();
        assert_eq!((found.errors, found.warnings), (1, 1));
        assert_eq!(found.findings[0].severity, Severity::Warning);
        let total = &found.rules[VANISHED.name];
        assert_eq!((total.severity, total.consequence), (Severity::Error, VANISHED.consequence));
    }

    #[test]
    fn the_threshold_decides_what_fails() {
        for (fail_on, fails) in [
            (None, false),
            (Some(Severity::Error), false),
            (Some(Severity::Warning), true),
            (Some(Severity::Advice), true),
        ] {
            let mut collector = Collector::new(Policy { fail_on, ..Policy::default() });
            report(&mut collector, &BLANK_LINE, false, 1);
            assert_eq!(collector.finish().failed, fails, "{fail_on:?}");
        }
    }
}
