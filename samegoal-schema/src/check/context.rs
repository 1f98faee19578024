//! A record under check, and what is known about it so far.

use crate::check::binding::BoundHeader;
use crate::csv::Record;
use crate::finding::{Finding, Rule, Sink, Variant};

pub(crate) struct RecordContext<'a> {
    pub(crate) header: &'a BoundHeader<'a>,
    pub(crate) record: Record<'a>,
    /// The fields that were reported as damaged so far.
    pub(crate) damaged: DamagedFields,
    pub(crate) sink: &'a mut dyn Sink,
}

impl RecordContext<'_> {
    pub(crate) fn at_field(
        &mut self,
        rule: &'static Rule,
        variant: impl Into<Variant>,
        index: usize,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        self.header.at_field(self.sink, rule, variant, &self.record, index, build);
    }
}

/// The damaged fields of a record: invisible characters, or anything else, make their values
/// unusable. Further checks skip these fields, so that a defect is reported once.
#[derive(Default)]
pub(crate) struct DamagedFields {
    /// The positions of the fields.
    pub(crate) fields: Vec<usize>,
    /// The positions of those that do not show what the value was.
    pub(crate) lost: Vec<usize>,
    pub(crate) has_nul: bool,
    /// Whether the record has control characters or anything beyond ASCII.
    pub(crate) is_special: bool,
}

impl DamagedFields {
    /// Whether the field at that position is damaged.
    pub(crate) fn contains(&self, index: usize) -> bool {
        self.fields.contains(&index)
    }

    /// Whether the field at that position does not show what its value was.
    pub(crate) fn is_lost(&self, index: usize) -> bool {
        self.lost.contains(&index)
    }
}
