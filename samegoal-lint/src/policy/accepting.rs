//! Findings that are accepted as long as there are no more of them than there were.

use indexmap::IndexMap;
use samegoal_schema::{Consequence, Finding, Rule, Severity};

use super::Accepted;

pub(super) type Weight = (Severity, Consequence);

/// Holds findings back until it is known whether they are too many.
#[derive(Debug)]
pub(super) struct Accepting {
    entries: Vec<Accepted>,
    /// How many findings each entry has met.
    met: Vec<u64>,
    /// The findings of this delivery, by the number of the entry.
    groups: IndexMap<usize, Group>,
}

/// The findings of one entry in one delivery.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rule: &'static Rule,
    most: u64,
    /// How many there are in each file and of each weight.
    pub(super) counts: IndexMap<(usize, Weight), u64>,
    /// As many for each file as may be reported.
    held: Vec<(usize, Severity, Finding)>,
    held_in: IndexMap<usize, u64>,
}

impl Accepting {
    pub(super) fn new(entries: Vec<Accepted>) -> Self {
        let met = vec![0; entries.len()];
        Self { entries, met, groups: IndexMap::new() }
    }

    pub(super) fn met(&self) -> &[u64] {
        &self.met
    }

    /// Takes a finding in; not more than `limit` of a file are kept.
    pub(super) fn push(
        &mut self,
        entry: usize,
        file: usize,
        weight: Weight,
        limit: u64,
        finding: Finding,
    ) {
        let most = self.entries.get(entry).map_or(0, |it| it.count);
        if let Some(met) = self.met.get_mut(entry) {
            *met += finding.count;
        }
        let group = self.groups.entry(entry).or_insert_with(|| Group {
            rule: finding.rule,
            most,
            counts: IndexMap::new(),
            held: Vec::new(),
            held_in: IndexMap::new(),
        });
        *group.counts.entry((file, weight)).or_default() += finding.count;
        let held = group.held_in.entry(file).or_default();
        if *held < limit {
            *held += 1;
            group.held.push((file, weight.0, finding));
        }
    }

    /// The findings of the delivery, by their entries.
    pub(super) fn take(&mut self) -> impl Iterator<Item = Group> + use<> {
        std::mem::take(&mut self.groups).into_values()
    }
}

impl Group {
    pub(super) fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Whether there are no more than are accepted.
    pub(super) fn is_within(&self) -> bool {
        self.total() <= self.most
    }

    /// The findings, each with a word on why it is reported.
    pub(super) fn findings(self) -> impl Iterator<Item = (usize, Severity, Finding)> {
        let note = format!(" ({} accepted, {} found)", self.most, self.total());
        self.held.into_iter().map(move |(file, severity, mut finding)| {
            finding.message = std::mem::take(&mut finding.message).text(note.clone());
            (file, severity, finding)
        })
    }
}
