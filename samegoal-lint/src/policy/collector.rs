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
}

#[derive(Debug)]
struct Weighed {
    level: Level,
    consequence: Consequence,
    total: u64,
}

/// The findings of one rule in one file.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    usual: u64,
    exceptional: u64,
    kept: u64,
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
                found.files.extend(tally.in_file(path, count));
            }
        }
        found.files.sort_by(|a, b| (&a.path, a.rule.name).cmp(&(&b.path, b.rule.name)));
        found.policy = self.policy;
        found.failed = found.rules.values().any(|total| found.fails(total.severity));
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
        *if exceptional { &mut count.exceptional } else { &mut count.usual } += 1;
        if count.kept >= limit(self.policy.max_findings) {
            return Admission::Count;
        }
        count.kept += 1;
        Admission::Keep
    }

    fn push(&mut self, finding: Finding) {
        let level = self.policy.level(finding.rule, finding.exceptional);
        let index = self.tallies.get_index_of(finding.rule.name);
        if let (Level::At(severity), Some((path, counts))) =
            (level, self.files.get_index(self.current))
        {
            let count = index.and_then(|index| counts.get(index)).copied().unwrap_or_default();
            let path = Arc::clone(path);
            self.findings.push(Reported { path, severity, nth: count.kept, finding });
        }
    }
}

/// A number of findings, of which 0 is any.
fn limit(most: usize) -> u64 {
    if most == 0 { u64::MAX } else { u64::try_from(most).unwrap_or(u64::MAX) }
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
        }
    }

    fn in_file(&self, path: &Arc<str>, count: &Count) -> Option<FileTotal> {
        let mut total = FileTotal {
            path: Arc::clone(path),
            rule: self.rule,
            errors: 0,
            warnings: 0,
            advice: 0,
            kept: count.kept,
        };
        for (weighed, number) in
            [(&self.usual, count.usual), (&self.exceptional, count.exceptional)]
        {
            match weighed.level {
                Level::At(Severity::Error) => total.errors += number,
                Level::At(Severity::Warning) => total.warnings += number,
                Level::At(Severity::Advice) => total.advice += number,
                Level::Off => {}
            }
        }
        (total.total() > 0).then_some(total)
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
    /// What was found of each rule in each file, by path and name of the rule.
    pub files: Vec<FileTotal>,
    /// All findings at the level of an error, also those that were not kept.
    pub errors: u64,
    /// All findings at the level of a warning, also those that were not kept.
    pub warnings: u64,
    /// All findings at the level of advice, also those that were not kept.
    pub advice: u64,
    /// Whether a finding reaches [`Policy::fail_on`].
    pub failed: bool,
    policy: Policy,
}

impl Found {
    /// How many findings there are, also those that were not kept.
    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.advice
    }

    /// The findings that were kept, at most so many of one rule in one file; 0 is all.
    pub fn shown(&self, most: usize) -> impl Iterator<Item = &Reported> {
        self.findings.iter().filter(move |reported| reported.nth <= limit(most))
    }

    /// What [`shown`](Self::shown) does not show.
    pub fn left_out(&self, most: usize) -> impl Iterator<Item = LeftOut<'_>> {
        self.files.iter().filter_map(move |total| {
            let count = total.total() - total.shown(most);
            (count > 0).then_some(LeftOut { path: &total.path, rule: total.rule, count })
        })
    }

    /// Whether a finding of that severity fails the run.
    pub fn fails(&self, severity: Severity) -> bool {
        self.policy.fail_on.is_some_and(|threshold| severity >= threshold)
    }

    /// Whether findings of the rule are neither reported nor counted.
    pub fn is_off(&self, rule: &Rule) -> bool {
        self.policy.level(rule, false) == Level::Off
    }
}

/// A finding with what only the run knows of it.
#[derive(Debug)]
pub struct Reported {
    /// The file or directory, as the user would type it, with `/`.
    pub path: Arc<str>,
    /// How bad it is, with the policy applied.
    pub severity: Severity,
    /// Which it is of its rule's findings in its file, from 1, in the order in which they came.
    pub(crate) nth: u64,
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
}

/// What was found of one rule in one file.
#[derive(Debug)]
pub struct FileTotal {
    /// The file or directory.
    pub path: Arc<str>,
    /// The rule.
    pub rule: &'static Rule,
    /// How many findings are errors.
    pub errors: u64,
    /// How many are warnings.
    pub warnings: u64,
    /// How many are advice.
    pub advice: u64,
    /// How many of all of them were kept.
    pub kept: u64,
}

impl FileTotal {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.advice
    }

    /// How many of them [`Found::shown`] shows.
    pub fn shown(&self, most: usize) -> u64 {
        self.kept.min(limit(most))
    }

    /// The highest severity that one of them has.
    pub fn severity(&self) -> Severity {
        match self {
            Self { errors: 1.., .. } => Severity::Error,
            Self { warnings: 1.., .. } => Severity::Warning,
            _ => Severity::Advice,
        }
    }
}

/// Findings that were counted but are not shown.
#[derive(Debug)]
pub struct LeftOut<'a> {
    /// The file or directory.
    pub path: &'a str,
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
        assert_eq!(total.total, 15);
        let left = |most| {
            let left = found.left_out(most).map(|it| (it.path, it.rule.name, it.count));
            left.collect::<Vec<_>>()
        };
        let all = [("a.csv", FIELD_COUNT.name, 3), ("b.csv", FIELD_COUNT.name, 8)];
        for most in [0, 2, 9] {
            assert_eq!(left(most), all);
            assert_eq!(found.shown(most).count(), 7);
        }
        assert_eq!(left(1)[..1], [("a.csv", FIELD_COUNT.name, 4)]);
        assert_eq!(found.shown(1).count(), 1 + 1 + 1 + 1);
    }

    #[test]
    fn a_cap_of_zero_keeps_everything() {
        let mut collector = capped(0);
        for line in 1..=5000 {
            report(&mut collector, &FIELD_COUNT, false, line);
        }
        let found = collector.finish();
        assert_eq!(found.findings.len(), 5000);
        assert_eq!(found.left_out(0).count(), 0);
        assert_eq!((found.shown(7).count(), found.left_out(7).next().unwrap().count), (7, 4993));
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
        let [file] = &found.files[..] else { panic!() };
        assert_eq!((file.errors, file.warnings, file.kept), (1, 1, 1));
        assert_eq!(file.severity(), Severity::Error);
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
