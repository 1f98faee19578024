//! One file, from its first bytes to its last record.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Read};
use std::mem;
use std::num::NonZeroUsize;

use super::outcome::{NotChecked, Summary};
use super::records::{RecordChecker, RecordStats};
use super::workers::{self, CheckBatch};
use crate::check::binding::BoundHeader;
use crate::check::bytes::ByteCheck;
use crate::check::foreign;
use crate::check::key::{KeyCheck, LinkCheck};
use crate::check::keys::KeyIndex;
use crate::check::line_end::LineEndCheck;
use crate::check::opening::{self, Opening};
use crate::check::profile::{Profile, Profiler, Profiles};
use crate::check::shape::{self, BlankLines, WidthCheck};
use crate::check::tool_output::ToolOutput;
use crate::check::value::{Known, ValueCheck};
use crate::csv::{Record, Scanner, bom};
use crate::finding::Sink;
use crate::schema::{Completeness, FileSpec, Reference, Schema, Text};
use crate::text::wording::thousands;

/// What other files need to know of one that was checked.
pub(super) struct Checked {
    pub(super) records: u64,
    /// The keys and their column, where they could be read.
    pub(super) keys: Option<(Text, KeyIndex)>,
    /// Why these are not all keys, if so: then references cannot be checked.
    pub(super) missing: Option<Text>,
    /// The file whose header it has, if that is another one.
    pub(super) carries: Option<Text>,
}

/// A file whose header was found.
pub(super) struct Headed<'s> {
    pub(super) bound: BoundHeader<'s>,
    /// The values of the header, to recognize it among the records.
    pub(super) header: Vec<Box<[u8]>>,
}

pub(super) fn values<'a>(record: &Record<'a>) -> Vec<Cow<'a, [u8]>> {
    record.fields().map(|field| field.value()).collect()
}

pub(super) struct Run<'r, 's, R> {
    pub(super) schema: &'s Schema,
    pub(super) spec: &'s FileSpec,
    pub(super) known: &'r Known,
    pub(super) others: &'r HashMap<Text, Checked>,
    pub(super) previous: Option<&'r Profile>,
    pub(super) profiles: Option<&'r Profiles>,
    pub(super) profiler: Option<Profiler>,
    /// Whether values, keys and references are not checked.
    pub(super) is_profiled_only: bool,
    pub(super) scanner: Scanner<R>,
    pub(super) threads: NonZeroUsize,
    pub(super) line_ends: LineEndCheck,
    pub(super) bytes: ByteCheck,
    pub(super) summary: Summary,
    /// As in [`Checked`].
    pub(super) carries: Option<Text>,
    pub(super) sink: &'r mut dyn Sink,
}

pub(super) type Keys = Option<(Text, KeyIndex)>;

impl<'s, R: Read + Send> Run<'_, 's, R> {
    pub(super) fn file(&mut self) -> io::Result<Keys> {
        let head = self.scanner.head(opening::HEAD)?;
        let boms = bom::boms(head);
        if let Some(foreign) = foreign::sniff(head) {
            foreign::foreign(foreign, self.sink);
            self.not_checked("contents", "the file is not CSV in UTF-8");
            return Ok(None);
        }
        let preamble = match opening::look(self.spec, head) {
            Opening::Header => None,
            Opening::Preamble(preamble) => Some(preamble),
            Opening::Glued(place) => {
                opening::glued(place, self.sink);
                self.not_checked("contents", "the header and the first record are on one line");
                return Ok(None);
            }
        };
        if let Some(preamble) = &preamble {
            opening::preamble(preamble, self.sink);
            self.scanner.skip(preamble.bytes, preamble.lines)?;
        }
        let Some(headed) = self.header(boms)? else { return Ok(None) };
        // No fix removes lines, and a file with a preamble gets no other fix.
        self.summary.cures.is_read &= preamble.is_none();
        if self.spec.completeness == Completeness::Partial {
            self.not_checked("columns", "the column list is not published");
        }
        self.records(&headed)
    }

    fn not_checked(&mut self, what: impl Into<Text>, why: impl Into<Text>) {
        self.summary.not_checked.push(NotChecked { what: what.into(), why: why.into() });
    }

    fn records(&mut self, Headed { bound, header }: &Headed<'s>) -> io::Result<Keys> {
        let nothing = BoundHeader::new(Vec::new(), false);
        let checked_header = if self.is_profiled_only { &nothing } else { bound };
        let keys = checked_header
            .known()
            .find(|(_, column)| column.key)
            .map(|(index, column)| (column.name.clone(), KeyCheck::new(index, bound)));
        let mut checker = RecordChecker {
            bound,
            header,
            line_ends: &mut self.line_ends,
            bytes: &mut self.bytes,
            widths: WidthCheck::default(),
            blank_lines: BlankLines::default(),
            tool_output: ToolOutput::default(),
            values: ValueCheck::new(checked_header, self.known),
            keys,
            profiler: &mut self.profiler,
            links: links(self.spec, checked_header, self.others, &mut self.summary.not_checked),
            sink: self.sink,
            stats: RecordStats::default(),
        };
        let (batcher, batch, mut next) = self.scanner.parts();
        let prescreen = checker.prescreen();
        let check_batch: &mut CheckBatch<'_> =
            &mut |batch, screened| checker.batch(batch, mem::take(&mut next), screened);
        if let Err(failure) = workers::run(self.threads, batcher, batch, &prescreen, check_batch) {
            checker.abandon();
            return Err(failure);
        }
        let (seen, keys) = checker.finish();
        let RecordStats {
            records,
            printed,
            malformed,
            is_uneven,
            is_torn,
            is_doubtful,
            is_cut_short,
            is_cut_off,
        } = seen;
        if let Some(profiler) = self.profiler.as_mut().filter(|_| is_cut_off) {
            profiler.cut_off();
        }
        self.summary.cures.adds_columns &= !is_uneven;
        self.summary.cures.is_open |= is_doubtful;
        self.summary.cures.is_read &= !is_torn && !is_cut_short;
        self.summary.records = Some(records);
        self.summary.is_cut_short = is_cut_short;
        if records == printed && !is_cut_short {
            let beside = self.spec.requires.as_ref().and_then(|name| self.others.get(name));
            let is_at_risk = beside.is_some_and(|other| other.records > 0);
            shape::no_records(self.spec, is_at_risk, self.previous, self.sink);
        }
        if malformed > 0 {
            let why = format!(
                "{} of {} could not be split into fields",
                thousands(malformed),
                thousands(records)
            );
            self.not_checked("values of broken records", why);
        }
        Ok(keys)
    }
}

/// The references of a file that can be checked. The others go to `not_checked`.
fn links<'s, 'k>(
    spec: &'s FileSpec,
    bound: &BoundHeader<'s>,
    others: &'k HashMap<Text, Checked>,
    not_checked: &mut Vec<NotChecked>,
) -> Vec<LinkCheck<'s, 'k>> {
    let mut links = Vec::new();
    for (index, column) in bound.known() {
        let Some(reference) = &column.references else { continue };
        let Reference { file, column: key, .. } = reference;
        let why = match others.get(file) {
            None => format!("{file} was not read"),
            Some(Checked { missing: Some(why), .. }) => format!("{file} {why}"),
            Some(Checked { keys: Some((column, keys)), records, .. }) if column == key => {
                if !keys.is_overrun() {
                    let check = LinkCheck::new(&spec.name, index, reference, keys);
                    links.push(if *records == 0 { check.referring_to_nobody() } else { check });
                    continue;
                }
                format!("too many records of {file} are broken")
            }
            Some(_) => format!("`{key}` of {file} could not be read"),
        };
        let what = format!("references of `{}`", column.name);
        not_checked.push(NotChecked { what: what.into(), why: why.into() });
    }
    links
}
