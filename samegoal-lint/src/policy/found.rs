//! What is left of the findings of a run.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Finding, Rule, Severity};

use super::{Off, Policy};

/// The severities, the highest first.
pub(crate) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Advice];

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
    pub(super) fixable: u64,
    /// How many findings were not reported because the configuration accepts them.
    pub accepted: u64,
    /// What the user took out of force.
    pub off: Vec<Off>,
    /// Whether a finding reaches [`Policy::fail_on`].
    pub failed: bool,
    /// All findings by rule, file and column, if the policy wanted them counted so.
    pub census: Census,
    pub(super) policy: Policy,
}

/// How many findings there are of a rule in a file and column, as a configuration names them.
pub type Census = IndexMap<(&'static str, Option<String>, Option<String>), u64>;

impl Found {
    /// Takes in what a further run has found, in other places.
    pub(crate) fn absorb(&mut self, other: Self) {
        let Self {
            findings,
            rules,
            files,
            errors,
            warnings,
            advice,
            fixable,
            accepted,
            off,
            failed,
            census,
            policy: _,
        } = other;
        for off in off {
            if !self.off.iter_mut().any(|known| known.absorb(&off)) {
                self.off.push(off);
            }
        }
        self.findings.extend(findings);
        self.findings.sort_by(|a, b| a.place().cmp(&b.place()));
        for (name, total) in rules {
            match self.rules.get_mut(name) {
                Some(known) => known.absorb(&total),
                None => {
                    self.rules.insert(name, total);
                }
            }
        }
        self.files.extend(files);
        self.files.sort_by(|a, b| (&a.path, a.rule.name).cmp(&(&b.path, b.rule.name)));
        self.errors += errors;
        self.warnings += warnings;
        self.advice += advice;
        self.fixable += fixable;
        self.accepted += accepted;
        self.failed |= failed;
        for (key, count) in census {
            *self.census.entry(key).or_default() += count;
        }
    }

    /// How many findings there are, also those that were not kept.
    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.advice
    }

    /// The findings that were kept, at most so many of one rule in one file; 0 is all.
    pub fn shown(&self, most: usize) -> impl Iterator<Item = &Reported> {
        self.findings.iter().filter(move |reported| reported.nth <= super::collector::limit(most))
    }

    /// What [`shown`](Self::shown) does not show. A finding shows all that it stands for.
    pub fn left_out(&self, most: usize) -> impl Iterator<Item = LeftOut<'_>> {
        let mut shown: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for reported in self.shown(most) {
            let of = (&*reported.path, reported.finding.rule.name);
            *shown.entry(of).or_default() += reported.finding.count;
        }
        self.files.iter().filter_map(move |total| {
            let shown = shown.get(&(&*total.path, total.rule.name)).copied().unwrap_or_default();
            let count = total.total().saturating_sub(shown);
            let severity = total.severity();
            (count > 0).then_some(LeftOut { path: &total.path, rule: total.rule, severity, count })
        })
    }

    /// Whether a finding of that severity fails the run.
    pub fn fails(&self, severity: Severity) -> bool {
        self.policy.fail_on.is_some_and(|threshold| severity >= threshold)
    }

    /// Whether a rule is off that is needed to say that everything is loaded.
    pub fn has_serious_off(&self) -> bool {
        self.off.iter().any(Off::is_serious)
    }

    /// How many of the findings a fix of `stage` cures, also of those that were not kept.
    pub fn fixable(&self) -> u64 {
        self.fixable
    }

    /// How many of the findings are errors or fail the run.
    pub(crate) fn failing(&self, total: &FileTotal) -> u64 {
        let fails = |it: &Severity| *it == Severity::Error || self.fails(*it);
        SEVERITIES.into_iter().filter(fails).map(|severity| total.count(severity)).sum()
    }

    /// Gives files other paths: those that `new` has for them.
    pub(crate) fn rename<'a>(&mut self, new: impl Fn(&str) -> Option<&'a str>) {
        let paths = self.findings.iter_mut().map(|reported| &mut reported.path);
        for path in paths.chain(self.files.iter_mut().map(|total| &mut total.path)) {
            if let Some(new) = new(path) {
                *path = new.into();
            }
        }
    }

    /// Takes over the findings of a rule in a file where `other` has more of them.
    pub(crate) fn take_more(&mut self, other: Self) {
        let Self { findings, rules, files, failed, .. } = other;
        self.failed |= failed;
        let mut taken = Vec::new();
        for more in files {
            let at = self.files.iter().position(|it| it.is_of(&more));
            let known = at.and_then(|at| self.files.get_mut(at));
            let before =
                known.as_ref().map_or([0; 3], |known| SEVERITIES.map(|it| known.count(it)));
            if more.total() <= before.iter().sum() {
                continue;
            }
            let sums = [&mut self.errors, &mut self.warnings, &mut self.advice];
            for ((sum, now), before) in
                sums.into_iter().zip(SEVERITIES.map(|it| more.count(it))).zip(before)
            {
                *sum = (*sum + now).saturating_sub(before);
            }
            let added = more.total() - before.iter().sum::<u64>();
            if let Some(theirs) = rules.get(more.rule.name) {
                let RuleTotal { rule, severity, consequence, .. } = *theirs;
                let none = RuleTotal { rule, severity, consequence, total: 0 };
                let own = self.rules.entry(more.rule.name).or_insert(none);
                own.total += added;
                if theirs.severity > own.severity {
                    (own.severity, own.consequence) = (severity, consequence);
                }
            }
            taken.push((Arc::clone(&more.path), more.rule.name));
            match known {
                Some(known) => *known = more,
                None => self.files.push(more),
            }
        }
        let is_taken = |it: &Reported| {
            taken.iter().any(|(path, rule)| it.path == *path && it.finding.rule.name == *rule)
        };
        self.findings.retain(|reported| !is_taken(reported));
        self.findings.extend(findings.into_iter().filter(is_taken));
        self.findings.sort_by(|a, b| a.place().cmp(&b.place()));
        self.files.sort_by(|a, b| (&a.path, a.rule.name).cmp(&(&b.path, b.rule.name)));
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
    pub(super) fn place(&self) -> impl Ord {
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

impl RuleTotal {
    fn absorb(&mut self, other: &Self) {
        let weight = |it: &Self| (it.severity, std::cmp::Reverse(it.consequence));
        if weight(other) > weight(self) {
            (self.severity, self.consequence) = (other.severity, other.consequence);
        }
        self.total += other.total;
    }
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
    /// The farthest-reaching consequence of the findings of each severity, from advice on.
    pub(super) worst: [Option<Consequence>; 3],
}

impl FileTotal {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.errors + self.warnings + self.advice
    }

    /// Whether it counts the same rule in the same file.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.path == other.path && self.rule.name == other.rule.name
    }

    /// How many of them have that severity.
    pub fn count(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Advice => self.advice,
        }
    }

    /// How many of them [`Found::shown`] shows.
    pub fn shown(&self, most: usize) -> u64 {
        self.kept.min(super::collector::limit(most))
    }

    /// The farthest-reaching consequence of those of that severity, if there are any.
    pub fn worst(&self, severity: Severity) -> Option<Consequence> {
        self.worst.get(severity as usize).copied().flatten()
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
    /// The highest severity of the rule's findings there.
    pub severity: Severity,
    /// How many.
    pub count: u64,
}
