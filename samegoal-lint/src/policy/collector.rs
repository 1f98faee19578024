//! Findings as they come in.

use std::ptr;
use std::sync::Arc;

use indexmap::IndexMap;
use samegoal_schema::fix::{Cure, Cures};
use samegoal_schema::{Admission, Consequence, Finding, Folded, Rule, Severity, Sink, Variant};

use super::accepting::{Accepting, Weight};
use super::{FileTotal, Found, Level, Off, Policy, Reported, RuleTotal, Scope};

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
    files: IndexMap<Arc<str>, File>,
    current: usize,
    findings: Vec<Reported>,
    accepting: Accepting,
    /// How many findings were accepted, by the rule.
    accepted: IndexMap<&'static str, u64>,
    /// How many findings weigh less than by themselves, by the rule.
    lowered: IndexMap<&'static str, u64>,
    fixing: Fixing,
    census: super::Census,
}

/// Which fixes are made in copies of files, by their paths.
pub type Fixing = IndexMap<String, Cures>;

/// A rule's findings in all files.
#[derive(Debug)]
struct Tally {
    rule: &'static Rule,
    weights: Vec<(Weight, u64)>,
}

#[derive(Debug, Default)]
struct File {
    /// Its name in a configuration, if it has one.
    name: Option<String>,
    /// The counts of the rules, in the order of `tallies`.
    counts: Vec<Option<Count>>,
    /// How many findings are cured by which fix.
    cured: IndexMap<Cured, u64>,
}

/// A fix and, for values, their column.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Cured {
    fix: &'static str,
    column: Option<String>,
}

impl Cured {
    fn cure(&self) -> Cure<'_> {
        Cure { fix: self.fix, column: self.column.as_deref() }
    }
}

impl From<Cure<'_>> for Cured {
    fn from(cure: Cure<'_>) -> Self {
        Self { fix: cure.fix, column: cure.column.map(str::to_owned) }
    }
}

/// The findings of one rule in one file.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// By the variant.
    levels: [Level; Variant::MOST + 1],
    /// Whether how much a finding weighs depends on more than its file.
    is_narrow: bool,
    errors: u64,
    warnings: u64,
    advice: u64,
    kept: u64,
    /// The farthest-reaching consequence of the findings of each severity, from advice on.
    worst: [Option<Consequence>; 3],
}

impl Collector {
    /// Starts without a finding. Until [`file`](Self::file) is called, findings belong to the
    /// empty path.
    pub fn new(policy: Policy) -> Self {
        let accepting = Accepting::new(policy.accepted.clone());
        let mut collector = Self {
            policy,
            tallies: IndexMap::new(),
            files: IndexMap::new(),
            current: 0,
            findings: Vec::new(),
            accepting,
            accepted: IndexMap::new(),
            lowered: IndexMap::new(),
            fixing: Fixing::default(),
            census: super::Census::new(),
        };
        collector.file(String::new());
        collector
    }

    /// Leaves out what `fixing` says is fixed in a copy: as if it were not there.
    #[must_use]
    pub fn without_fixed(mut self, fixing: Fixing) -> Self {
        self.fixing = fixing;
        self
    }

    /// Sets the path to which the next findings belong: as the user would type it, with `/`. A
    /// path may come again; its counts go on.
    pub fn file(&mut self, path: String) {
        let entry = self.files.entry(path.into());
        self.current = entry.index();
        entry.or_default();
    }

    /// As [`file`](Self::file), with the name that a configuration has for it: that of the API file,
    /// or the way to it from the delivery.
    pub fn named_file(&mut self, path: String, name: String) {
        self.file(path);
        if let Some((_, file)) = self.files.get_index_mut(self.current)
            && file.name.as_ref() != Some(&name)
        {
            file.name = Some(name);
            for count in file.counts.iter_mut().flatten() {
                // What was weighed under no name, or another, may weigh differently now.
                count.is_narrow = true;
            }
        }
    }

    /// Takes a finding that is there already.
    pub fn take(&mut self, finding: Finding) {
        let Finding { rule, variant, count, fix, .. } = finding;
        let column = finding.location.as_ref().and_then(|place| place.known_field());
        let cure = fix.map(|fix| Cure { fix, column });
        if self.admit(rule, variant, count, cure) == Admission::Keep {
            self.push(finding);
        }
    }

    /// Whether it takes a second look at the current file to know which of its findings are fixed.
    pub fn has_open_cures(&self) -> bool {
        self.cured().is_some_and(|cured| cured.keys().any(|key| key.cure().is_open()))
    }

    /// Settles which fixes are made in the current file: no finding of it names another. What the
    /// file's name is is settled already.
    pub fn settle(&mut self, cures: &Cures) {
        let cures = cures.clone().renaming_file(true);
        let Some((path, file)) = self.files.get_index_mut(self.current) else { return };
        file.cured.retain(|key, _| cures.hold(key.cure()));
        for reported in self.findings.iter_mut().filter(|it| Arc::ptr_eq(&it.path, path)) {
            let finding = &mut reported.finding;
            let column = finding.location.as_ref().and_then(|place| place.known_field());
            if finding.fix.is_some_and(|fix| !cures.hold(Cure { fix, column })) {
                finding.fix = None;
            }
        }
    }

    /// Ends a delivery: what is accepted counts for each by itself.
    pub fn end_delivery(&mut self) {
        for group in self.accepting.take() {
            if group.is_within() {
                *self.accepted.entry(group.rule.name).or_default() += group.total();
                continue;
            }
            for ((file, weight), count) in &group.counts {
                let slot = self.slot(*file, group.rule);
                self.count(*file, slot, *weight, *count);
            }
            for (file, severity, finding) in group.findings() {
                let slot = self.slot(file, finding.rule);
                if let Some(nth) = self.keep(file, slot) {
                    self.report(file, severity, nth, finding);
                }
            }
        }
    }

    /// How many findings each entry of [`Policy::accepted`] has met, in all deliveries.
    pub fn accepted(&self) -> &[u64] {
        self.accepting.met()
    }

    /// What the findings are weighed by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Ends the collection: puts the findings in order and sums up.
    pub fn finish(mut self) -> Found {
        self.end_delivery();
        self.findings.sort_by(|a, b| a.place().cmp(&b.place()));
        let accepted: u64 = self.accepted.values().sum();
        let mut found = Found {
            findings: self.findings,
            accepted,
            off: self.policy.off(
                &|name| self.files.values().any(|file| file.name.as_deref() == Some(name)),
                &self.lowered,
            ),
            census: self.census,
            ..Found::default()
        };
        if accepted > 0 {
            found.off.push(Off::accepted(self.accepted.keys().copied().collect(), accepted));
        }
        for tally in self.tallies.values() {
            for ((severity, _), total) in &tally.weights {
                *match severity {
                    Severity::Error => &mut found.errors,
                    Severity::Warning => &mut found.warnings,
                    Severity::Advice => &mut found.advice,
                } += total;
            }
            found.rules.extend(tally.sum().map(|total| (tally.rule.name, total)));
        }
        for (path, file) in &self.files {
            for (tally, count) in self.tallies.values().zip(&file.counts) {
                found.files.extend(count.and_then(|count| count.total(path, tally.rule)));
            }
        }
        found.fixable = self.files.values().flat_map(|file| file.cured.values()).sum();
        found.files.sort_by(|a, b| (&a.path, a.rule.name).cmp(&(&b.path, b.rule.name)));
        found.policy = self.policy;
        found.failed = found.rules.values().any(|total| found.fails(total.severity));
        found
    }

    /// Makes room for the count of a rule in a file; returns the position of the rule.
    fn slot(&mut self, file: usize, rule: &'static Rule) -> usize {
        // Few rules are broken, each of them often: that it is the same one shows at once.
        let known = self.tallies.values().position(|tally| ptr::eq(tally.rule, rule));
        let index = known.unwrap_or_else(|| {
            let entry = self.tallies.entry(rule.name);
            let index = entry.index();
            entry.or_insert(Tally { rule, weights: Vec::new() });
            index
        });
        if let Some((_, File { name, counts, .. })) = self.files.get_index_mut(file) {
            if counts.len() <= index {
                counts.resize(index + 1, None);
            }
            if let Some(count) = counts.get_mut(index) {
                count.get_or_insert_with(|| Count::new(rule, &self.policy, name.as_deref()));
            }
        }
        index
    }

    fn at(&mut self, file: usize, slot: usize) -> Option<&mut Count> {
        self.files.get_index_mut(file)?.1.counts.get_mut(slot)?.as_mut()
    }

    fn count(&mut self, file: usize, slot: usize, weight: Weight, number: u64) {
        if let Some(count) = self.at(file, slot) {
            *match weight.0 {
                Severity::Error => &mut count.errors,
                Severity::Warning => &mut count.warnings,
                Severity::Advice => &mut count.advice,
            } += number;
            if let Some(worst) = count.worst.get_mut(weight.0 as usize) {
                *worst = Some(worst.map_or(weight.1, |worst| worst.min(weight.1)));
            }
        }
        if let Some((_, tally)) = self.tallies.get_index_mut(slot) {
            match tally.weights.iter_mut().find(|(other, _)| *other == weight) {
                Some((_, total)) => *total += number,
                None => tally.weights.push((weight, number)),
            }
        }
    }

    fn cured(&self) -> Option<&IndexMap<Cured, u64>> {
        self.files.get_index(self.current).map(|(_, file)| &file.cured)
    }

    fn count_cured(&mut self, file: usize, cure: Cure<'_>, number: u64) {
        if let Some((_, file)) = self.files.get_index_mut(file) {
            *file.cured.entry(Cured::from(cure)).or_default() += number;
        }
    }

    /// Whether it is fixed in the copy that is made of the current file.
    fn is_fixed(&self, cure: Cure<'_>) -> bool {
        let path = self.files.get_index(self.current).map(|(path, _)| path);
        path.and_then(|path| self.fixing.get(&**path)).is_some_and(|cures| cures.hold(cure))
    }

    /// Which of the findings that are kept one more is, if it is.
    fn keep(&mut self, file: usize, slot: usize) -> Option<u64> {
        let most = limit(self.policy.max_findings);
        let count = self.at(file, slot).filter(|count| count.kept < most)?;
        count.kept += 1;
        Some(count.kept)
    }

    fn report(&mut self, file: usize, severity: Severity, nth: u64, finding: Finding) {
        if let Some((path, _)) = self.files.get_index(file) {
            self.findings.push(Reported { path: Arc::clone(path), severity, nth, finding });
        }
    }

    /// Takes a finding whose weight depends on its column, or that may be accepted.
    fn push_narrow(&mut self, finding: Finding) {
        let (rule, file) = (finding.rule, self.current);
        let name = self.files.get_index(file).and_then(|(_, file)| file.name.as_deref());
        let column = finding.location.as_ref().and_then(|place| place.known_field());
        let scope = Scope { file: name, column };
        let level = self.policy.level_in(rule, finding.variant, &scope);
        let Level::At(severity) = level else { return };
        let usual = rule.weight(finding.variant).0;
        note_lowered(&mut self.lowered, rule, usual, severity, finding.count);
        if self.policy.takes_census {
            let key = (rule.name, name.map(str::to_owned), column.map(str::to_owned));
            *self.census.entry(key).or_default() += finding.count;
        }
        let weight = (severity, finding.consequence());
        let most = limit(self.policy.max_findings);
        if let Some(index) = super::scope::accepting(&self.policy.accepted, rule, &scope) {
            self.accepting.push(index, file, weight, most, finding);
            return;
        }
        if let Some(fix) = finding.fix {
            let column = column.map(str::to_owned);
            self.count_cured(file, Cure { fix, column: column.as_deref() }, finding.count);
        }
        let slot = self.slot(file, rule);
        self.count(file, slot, weight, finding.count);
        if let Some(nth) = self.keep(file, slot) {
            self.report(file, severity, nth, finding);
        }
    }
}

impl Sink for Collector {
    fn admit(
        &mut self,
        rule: &'static Rule,
        variant: Variant,
        count: u64,
        cure: Option<Cure<'_>>,
    ) -> Admission {
        if cure.is_some_and(|cure| self.is_fixed(cure)) {
            return Admission::Count;
        }
        let file = self.current;
        let slot = self.slot(file, rule);
        let Some(counted) = self.at(file, slot) else { return Admission::Count };
        if counted.is_narrow {
            return Admission::Keep;
        }
        let Level::At(severity) = counted.level(variant) else { return Admission::Count };
        if let Some(cure) = cure {
            self.count_cured(file, cure, count);
        }
        note_lowered(&mut self.lowered, rule, rule.weight(variant).0, severity, count);
        self.count(file, slot, (severity, rule.weight(variant).1), count);
        match self.keep(file, slot) {
            Some(_) => Admission::Keep,
            None => Admission::Count,
        }
    }

    fn push(&mut self, finding: Finding) {
        let file = self.current;
        let slot = self.slot(file, finding.rule);
        let Some(count) = self.at(file, slot).copied() else { return };
        if count.is_narrow {
            self.push_narrow(finding);
        } else if let Level::At(severity) = count.level(finding.variant) {
            self.report(file, severity, count.kept, finding);
        }
    }

    fn fold(&mut self, folded: Folded) {
        // Of several deliveries, this one.
        let of_name = |file: &File| file.name.as_deref() == Some(&*folded.file);
        let Some(file) = self.files.values().rposition(of_name) else { return };
        let Some((path, _)) = self.files.get_index(file) else { return };
        let first = self
            .findings
            .iter_mut()
            .find(|reported| reported.path == *path && ptr::eq(reported.finding.rule, folded.rule));
        let Some(first) = first else { return };
        let weight = (first.severity, first.finding.consequence());
        let (rule, count) = (folded.rule, folded.count);
        folded.add_to(&mut first.finding);
        let slot = self.slot(file, rule);
        self.count(file, slot, weight, count);
    }

    fn is_closed(&self) -> bool {
        false
    }
}

/// Counts findings that weigh less than they usually do.
fn note_lowered(
    lowered: &mut IndexMap<&'static str, u64>,
    rule: &Rule,
    usual: Severity,
    severity: Severity,
    count: u64,
) {
    if severity < usual {
        *lowered.entry(rule.name).or_default() += count;
    }
}

/// A number of findings; 0 is any.
pub(super) fn limit(most: usize) -> u64 {
    if most == 0 { u64::MAX } else { u64::try_from(most).unwrap_or(u64::MAX) }
}

impl Tally {
    fn sum(&self) -> Option<RuleTotal> {
        // The weightiest: the highest severity and, in it, the farthest-reaching consequence.
        let ((severity, consequence), _) =
            self.weights.iter().max_by_key(|((severity, consequence), _)| {
                (*severity, std::cmp::Reverse(*consequence))
            })?;
        Some(RuleTotal {
            rule: self.rule,
            severity: *severity,
            consequence: *consequence,
            total: self.weights.iter().map(|(_, total)| total).sum(),
        })
    }
}

impl Count {
    fn new(rule: &Rule, policy: &Policy, file: Option<&str>) -> Self {
        let scope = Scope { file, column: None };
        let mut levels = [policy.level_in(rule, Variant::USUAL, &scope); Variant::MOST + 1];
        for (level, exception) in levels.iter_mut().skip(1).zip((0..).map(Variant::exception)) {
            *level = policy.level_in(rule, exception, &scope);
        }
        Self {
            levels,
            is_narrow: policy.is_narrow(rule, file),
            errors: 0,
            warnings: 0,
            advice: 0,
            kept: 0,
            worst: [None; 3],
        }
    }

    fn level(&self, variant: Variant) -> Level {
        self.levels.get(variant.index()).copied().unwrap_or(Level::Off)
    }

    fn total(&self, path: &Arc<str>, rule: &'static Rule) -> Option<FileTotal> {
        let Self { errors, warnings, advice, kept, worst, .. } = *self;
        let path = Arc::clone(path);
        let total = FileTotal { path, rule, errors, warnings, advice, kept, worst };
        (total.total() > 0).then_some(total)
    }
}

#[cfg(test)]
mod tests;
