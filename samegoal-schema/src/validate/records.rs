//! Checks the records of a file whose header is known.

use std::ops::Range;

use crate::check::binding::BoundHeader;
use crate::check::bytes::{self, ByteCheck};
use crate::check::context::{DamagedFields, RecordContext};
use crate::check::key::{KeyCheck, LinkCheck};
use crate::check::keys::KeyIndex;
use crate::check::line_end::LineEndCheck;
use crate::check::prescreen::{ColumnScreen, Prescreen, Screened};
use crate::check::profile::Profiler;
use crate::check::shape::{self, BlankLines, WidthCheck};
use crate::check::tool_output::ToolOutput;
use crate::check::truncated::{self, TRUNCATED};
use crate::check::value::ValueCheck;
use crate::check::{foreign, quote, sample};
use crate::csv::block::Block;
use crate::csv::{Batch, Fault, FaultKind, Field, Record, bom};
use crate::finding::{Rule, Sink};
use crate::schema::Text;

/// The checks of the records of one file, and what they know so far.
pub(crate) struct RecordChecker<'r, 's, 'k> {
    pub(crate) bound: &'r BoundHeader<'s>,
    /// The values of the header, to recognize it among the records.
    pub(crate) header: &'r [Box<[u8]>],
    pub(crate) line_ends: &'r mut LineEndCheck,
    pub(crate) bytes: &'r mut ByteCheck,
    pub(crate) widths: WidthCheck,
    pub(crate) blank_lines: BlankLines,
    pub(crate) tool_output: ToolOutput,
    pub(crate) values: ValueCheck<'s, 'r>,
    pub(crate) keys: Option<(Text, KeyCheck<'s>)>,
    pub(crate) links: Vec<LinkCheck<'s, 'k>>,
    /// Remembers what a later delivery is compared with.
    pub(crate) profiler: &'r mut Option<Profiler>,
    pub(crate) sink: &'r mut dyn Sink,
    pub(crate) stats: RecordStats,
}

/// What the records of a file were like.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for a question of its own")]
pub(crate) struct RecordStats {
    /// Records, blank lines not counted.
    pub(crate) records: u64,
    /// How many of them a tool printed.
    pub(crate) printed: u64,
    /// The records that could not be separated into fields.
    pub(crate) malformed: u64,
    /// Whether a record, or a line that is no record, has other fields than the header.
    pub(crate) is_uneven: bool,
    /// Whether a part of a record was not read.
    pub(crate) is_torn: bool,
    /// Whether bytes that are not UTF-8 are in a record whose bytes were not checked.
    pub(crate) is_doubtful: bool,
    /// Whether the sink closed before the end.
    pub(crate) is_cut_short: bool,
    /// Whether the file ends in the middle of a record.
    pub(crate) is_cut_off: bool,
}

impl<'r, 'k> RecordChecker<'r, '_, 'k> {
    /// Checks the records of a batch from `first` on. `screen` returns the prescreen of each block.
    /// Returns whether to go on.
    pub(crate) fn batch(
        &mut self,
        batch: &Batch,
        first: usize,
        screen: &mut dyn FnMut(&Block<'_>) -> Screened,
    ) -> bool {
        for block in batch.blocks(first) {
            if self.is_cut_short() {
                break;
            }
            self.block(&block, &screen(&block));
        }
        !self.stats.is_cut_short
    }

    pub(crate) fn prescreen(&self) -> Prescreen<'r>
    where
        'k: 'r,
    {
        let key = self.keys.as_ref();
        Prescreen {
            name: self.header.first().map(|name| &**name).unwrap_or_default(),
            end: self.line_ends.usual(),
            width: self.bound.width(),
            columns: self
                .values
                .columns()
                .map(|(index, spec, today)| ColumnScreen::new(index, spec, today))
                .collect(),
            has_texts: self.values.has_texts(),
            pairs: self.values.pair_hashers().collect(),
            key: key.map(|(_, keys)| (keys.position, keys.index.hasher().clone())),
            left: key.and_then(|(_, keys)| keys.left),
            links: self.links.iter().map(LinkCheck::prescreen).collect(),
        }
    }

    fn is_cut_short(&mut self) -> bool {
        self.stats.is_cut_short |= self.sink.is_closed();
        self.stats.is_cut_short
    }

    /// Checks the records of a block: the suspect ones one by one, and the runs between them at once.
    fn block(&mut self, block: &Block<'_>, screened: &Screened) {
        let mut suspects = screened.irregular
            | self.values.absorb(
                &screened.columns,
                &screened.pairs,
                screened.sampled,
                screened.irregular,
            );
        for (link, seen) in self.links.iter_mut().zip(&screened.links) {
            link.absorb(seen);
            suspects |= seen.suspects;
        }
        if let (Some((_, keys)), Some(hashed)) = (&self.keys, &screened.keys) {
            keys.index.prefetch(hashed);
        }
        let mut at = 0;
        while at < block.len() && !self.is_cut_short() {
            let sure = (suspects >> at).trailing_zeros() as usize;
            at = self.pass(block, screened, at..block.len().min(at + sure));
            if let Some(record) = block.record(at) {
                if screened.irregular >> at & 1 == 1 {
                    self.record(record);
                } else {
                    self.check_suspect(block, screened, record, at);
                }
            }
            at += 1;
        }
    }

    /// Counts records that passed the prescreen, up to one whose key may have a finding; returns its
    /// place.
    fn pass(&mut self, block: &Block<'_>, screened: &Screened, records: Range<usize>) -> usize {
        let Range { start, end } = records;
        let before = self.stats.records;
        let end = match (&mut self.keys, &screened.keys) {
            (Some((_, keys)), Some(hashed)) => keys.pass(block, hashed, screened.left, start..end),
            _ => end,
        };
        if start < end {
            self.stats.records += (end - start) as u64;
            self.line_ends.pass();
            self.blank_lines.pass(self.sink);
            self.widths.pass(self.sink);
            self.sample(before + 1..self.stats.records + 1, |nth| block.record(start + nth));
        }
        if let Some(profiler) = &mut self.profiler {
            (start..end).filter_map(|index| block.record(index)).for_each(|record| {
                profiler.record(&record);
            });
        }
        end
    }

    /// Samples the records with these numbers.
    fn sample<'a>(&mut self, records: Range<u64>, record: impl Fn(usize) -> Option<Record<'a>>) {
        if self.keys.is_none() && !self.values.has_samples() {
            return;
        }
        for number in sample::numbers(records.start, records.end) {
            // A block is far smaller than this can count.
            let nth = usize::try_from(number - records.start).unwrap_or(usize::MAX);
            let Some(record) = record(nth) else { continue };
            self.values.sample(self.bound, &record.numbered(Some(number)));
            if let Some((_, keys)) = &mut self.keys {
                keys.index.beside_mut().record(&record);
            }
        }
        if let Some((_, keys)) = &mut self.keys {
            keys.index.beside_mut().count(records.end - 1);
        }
    }

    /// Checks the suspect values of a record that is not irregular.
    fn check_suspect(
        &mut self,
        block: &Block<'_>,
        screened: &Screened,
        record: Record<'_>,
        index: usize,
    ) {
        self.stats.records += 1;
        let record = record.numbered(Some(self.stats.records));
        self.line_ends.pass();
        self.blank_lines.pass(self.sink);
        self.widths.pass(self.sink);
        if let Some(profiler) = &mut self.profiler {
            profiler.record(&record);
        }
        self.sample(self.stats.records..self.stats.records + 1, |_| Some(record));
        let (header, sink, damaged) = (self.bound, &mut *self.sink, DamagedFields::default());
        let mut context = RecordContext { header, record, damaged, sink };
        self.values.check_suspect(&mut context, index);
        if let Some((_, keys)) = &mut self.keys {
            let hashed =
                screened.keys.as_ref().filter(|_| !context.damaged.contains(keys.position));
            let has_finding = hashed.is_none_or(|hashed| {
                keys.pass(block, hashed, screened.left, index..index + 1) == index
            });
            if has_finding {
                keys.record(&mut context);
            }
        }
        for (link, seen) in self.links.iter_mut().zip(&screened.links) {
            if seen.suspects >> index & 1 == 1 || !context.damaged.fields.is_empty() {
                link.record(&mut context);
            }
        }
    }

    fn record(&mut self, record: Record<'_>) {
        let bound = self.bound;
        if record.is_blank() {
            let record = record.numbered(None);
            if !record.is_half_of_end(self.line_ends.last) {
                self.blank_lines.take(bound, &record);
            }
            self.line_ends.record(bound, &record, self.sink);
            return;
        }
        if !record.is_western && bytes::is_all_unseen(record.bytes()) {
            let record = record.numbered(None);
            self.line_ends.record(bound, &record, self.sink);
            self.bytes.record(bound, &record, self.sink);
            self.stats.is_uneven = true;
            return;
        }
        self.stats.records += 1;
        let record = record.numbered(Some(self.stats.records));
        self.line_ends.record(bound, &record, self.sink);
        if self.tool_output.take(bound, &record) {
            self.stats.printed += 1;
            self.stats.is_doubtful |= str::from_utf8(record.bytes()).is_err();
            self.blank_lines.explain();
            return;
        }
        self.blank_lines.pass(self.sink);
        if is_header(&record, self.header) {
            shape::repeated_header(bound, &record, self.sink);
            return;
        }
        let is_cut_off = truncated::is_cut_off(&record, self.widths.expected(bound.width()));
        let damaged = if is_cut_off && truncated::ends_within_character(record.bytes()) {
            self.stats.is_doubtful = true;
            DamagedFields::default()
        } else {
            self.bytes.record(bound, &record, self.sink)
        };
        if let Some(rule) = self.malformed(&record, &damaged, is_cut_off) {
            self.stats.malformed += 1;
            self.stats.is_uneven = true;
            self.stats.is_torn |= record.faults().iter().any(|it| it.kind == FaultKind::LongRecord);
            if let Some(profiler) = &mut self.profiler {
                profiler.broken();
            }
            if let Some((_, keys)) = &mut self.keys {
                keys.excuse(&record, rule);
            }
            for link in &mut self.links {
                link.excuse(&record);
            }
            return;
        }
        if let Some(profiler) = &mut self.profiler {
            profiler.record(&record);
        }
        self.sample(self.stats.records..self.stats.records + 1, |_| Some(record));
        let sink = &mut *self.sink;
        let mut context = RecordContext { header: bound, record, damaged, sink };
        self.values.record(&mut context);
        if let Some((_, keys)) = &mut self.keys {
            keys.record(&mut context);
        }
        for link in &mut self.links {
            link.record(&mut context);
        }
    }

    /// Reports a record that cannot be separated into the fields of the header; returns the rule.
    fn malformed(
        &mut self,
        record: &Record<'_>,
        damaged: &DamagedFields,
        is_cut_off: bool,
    ) -> Option<&'static Rule> {
        let bound = self.bound;
        if damaged.has_nul && (is_cut_off || record.len() != bound.width()) {
            if !is_cut_off {
                quote::check(bound, record, self.sink);
            }
            return Some(&bytes::NUL);
        }
        if is_cut_off {
            self.stats.is_cut_off = true;
            if let Some((_, keys)) = &mut self.keys {
                keys.index.cut_off(&TRUNCATED);
            }
            truncated::truncated(bound, record, self.sink);
            return Some(&TRUNCATED);
        }
        if let Some(fault) = record.faults().first() {
            quote::check(bound, record, self.sink);
            if !damaged.has_nul {
                shape::oversized(bound, record, self.sink);
            }
            return Some(fault_rule(fault));
        }
        (!self.widths.record(bound, record, self.sink)).then_some(&shape::FIELD_COUNT)
    }

    /// Reports the findings that were held back, for a file that cannot be read to its end. Rules about
    /// the whole file report nothing.
    pub(crate) fn abandon(mut self) {
        self.blank_lines.pass(self.sink);
        self.tool_output.finish(self.sink);
        self.widths.settle(self.sink);
        for link in &mut self.links {
            link.abandon(self.sink);
        }
    }

    /// Reports the findings about the whole file; returns the statistics and the keys. If only a part was
    /// checked, it reports nothing that the rest could refute.
    pub(crate) fn finish(mut self) -> (RecordStats, Option<(Text, KeyIndex)>) {
        if !self.stats.is_cut_short {
            let cut_off = self.stats.is_cut_off.then_some(&TRUNCATED);
            self.blank_lines.finish(self.sink);
            self.tool_output.finish(self.sink);
            self.widths.finish(self.bound, self.sink);
            self.values.finish(self.stats.records, self.sink);
            if self.stats.records > 0 {
                let mut unguarded = None;
                for link in self.links {
                    unguarded = unguarded.or(link.finish(self.stats.records, cut_off, self.sink));
                }
                match (self.profiler, unguarded) {
                    (Some(profiler), unguarded) => profiler.unguarded(unguarded),
                    (None, Some(unguarded)) => unguarded.report(self.sink),
                    (None, None) => {}
                }
            }
        }
        let keys = self.keys.map(|(column, KeyCheck { mut index, .. })| {
            index.beside_mut().settle();
            (column, index)
        });
        (self.stats, keys)
    }
}

fn fault_rule(fault: &Fault) -> &'static Rule {
    match fault.kind {
        FaultKind::UnclosedQuote => &quote::UNCLOSED,
        FaultKind::StrayQuote => &quote::STRAY,
        FaultKind::TextAfterQuote => &quote::TEXT_AFTER,
        FaultKind::LongField | FaultKind::LongRecord => &shape::OVERSIZED_RECORD,
    }
}

/// Whether a record repeats the header. A byte-order mark from a joined file may stand before it.
pub(crate) fn is_header(record: &Record<'_>, header: &[Box<[u8]>]) -> bool {
    let is_name = |field: Field<'_>, name: &[u8]| {
        let value = field.value();
        // After a byte-order mark, quotes are part of the text.
        let joined = value.strip_prefix(bom::BOM).map(foreign::unquoted);
        *value == *name || joined == Some(name)
    };
    record.len() == header.len()
        && record.fields().zip(header).all(|(field, name)| is_name(field, name))
}
