//! Findings about single values that only the whole column can decide.

use crate::finding::{Finding, Sink, report_many};
use crate::text::wording::thousands;

/// How many findings are kept one by one; the last of them stands for all that follow.
const MOST: usize = 50;

/// Findings of one rule and one weight that wait for the end of their column.
#[derive(Default)]
pub(super) struct Held {
    findings: Vec<Finding>,
    count: u64,
}

impl Held {
    /// Keeps a finding, or only counts it if many are kept already.
    pub(super) fn push(&mut self, build: impl FnOnce() -> Finding) {
        self.count += 1;
        if self.findings.len() < MOST {
            self.findings.push(build());
        } else if let Some(last) = self.findings.last_mut() {
            last.count += 1;
        }
    }

    /// How many values these findings are about.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Reports each finding that was kept.
    pub(super) fn release(&mut self, sink: &mut dyn Sink) {
        self.count = 0;
        for finding in self.findings.drain(..) {
            let (rule, variant, count) = (finding.rule, finding.variant, finding.count);
            report_many(sink, rule, variant, count, |_| match count {
                1 => finding,
                _ => finding.and_more(count - 1),
            });
        }
    }

    /// Reports all as one finding at the first place, changed by `build`.
    pub(super) fn unite(self, sink: &mut dyn Sink, build: impl FnOnce(Finding) -> Finding) {
        let count = self.count;
        let Some(first) = self.findings.into_iter().next() else { return };
        let (rule, variant) = (first.rule, first.variant);
        report_many(sink, rule, variant, count, |_| {
            if count == 1 { first } else { build(first).count(count) }
        });
    }
}

impl Finding {
    /// Adds that more values have the same defect.
    fn and_more(mut self, more: u64) -> Self {
        self.message = self.message.text(format!(", and {} more like it", thousands(more)));
        self
    }
}
