//! References to the keys of another file.

use std::mem;

use super::failing::Failing;
use super::unguarded::Unguarded;
use super::{difference, filled, for_each_piece, undamaged};
use crate::check::context::RecordContext;
use crate::check::keys::{self, HashedKeys, Key, KeyIndex};
use crate::check::shape::NO_RECORDS;
use crate::csv::Record;
use crate::csv::bits::BitSet;
use crate::csv::block::{Block, FieldEnds};
use crate::finding::{Folded, Message, Related, Rule, Sink};
use crate::schema::{Reference, Text};
use crate::text::wording::thousands;

/// Looks up the references of one column, many at a time.
pub(crate) struct LinkScreen<'k> {
    position: usize,
    index: &'k KeyIndex,
    /// Whether it matters which keys are referred to.
    is_marking: bool,
}

/// What the lookup found for the references of a block.
pub(crate) struct ScreenedLinks {
    /// The records that need a closer look, a bit for each.
    pub(crate) suspects: u64,
    /// The numbers of the keys that the others refer to.
    referred: Vec<usize>,
}

impl LinkScreen<'_> {
    /// Looks up the references of a block, except those of the `skipped` records.
    #[inline(always)]
    pub(crate) fn screen(
        &self,
        block: &Block<'_>,
        ends: &FieldEnds,
        skipped: u64,
    ) -> ScreenedLinks {
        let keys = HashedKeys::new(&ends.column(block, self.position), self.index.hasher());
        self.index.prefetch(&keys);
        let mut links = ScreenedLinks { suspects: 0, referred: Vec::new() };
        let mut last = None;
        for record in 0..block.len() {
            let hashed = keys.get(record);
            // Often, several records in a row are about one student.
            let is_known = hashed.is_some() && hashed.map(|hashed| hashed.key) == last;
            if is_known || skipped >> record & 1 == 1 {
                continue;
            }
            match hashed.and_then(|hashed| self.index.number_of(hashed)) {
                None => links.suspects |= 1 << record,
                Some(number) => {
                    last = hashed.map(|hashed| hashed.key);
                    if self.is_marking {
                        links.referred.push(number);
                    }
                }
            }
        }
        links
    }
}

pub(crate) struct LinkCheck<'s, 'k> {
    /// The file with the references.
    file: &'s Text,
    position: usize,
    reference: &'s Reference,
    index: &'k KeyIndex,
    /// Whether the other file has no records, which has its own finding.
    is_to_nobody: bool,
    /// Which keys were referred to, by number.
    referred: BitSet,
    /// How many references fail, and how many more match only a similar key.
    lost: u64,
    alike: u64,
    /// How many references are assumed to match records whose keys are lost.
    to_lost: u64,
    failing: Failing,
    /// How many references may match records that could not be read, by the rule that reported
    /// those.
    excused: Vec<(&'static Rule, u64)>,
}

/// Up to this many references are assumed to be to one record whose key is lost, and are not
/// reported.
const MOST_REFERENCES: u64 = 4;

impl<'s, 'k> LinkCheck<'s, 'k> {
    pub(crate) fn new(
        file: &'s Text,
        position: usize,
        reference: &'s Reference,
        index: &'k KeyIndex,
    ) -> Self {
        let numbers = if reference.expects_each { index.numbers() } else { 0 };
        Self {
            file,
            position,
            reference,
            index,
            is_to_nobody: false,
            referred: BitSet::none_of(numbers),
            lost: 0,
            alike: 0,
            to_lost: 0,
            failing: Failing::default(),
            excused: Vec::new(),
        }
    }

    /// References to a file without records are part of that finding.
    pub(crate) fn referring_to_nobody(self) -> Self {
        Self { is_to_nobody: true, ..self }
    }

    pub(crate) fn prescreen(&self) -> LinkScreen<'k> {
        LinkScreen {
            position: self.position,
            index: self.index,
            is_marking: self.reference.expects_each,
        }
    }

    /// Counts what the lookup found for the references of a block.
    pub(crate) fn absorb(&mut self, links: &ScreenedLinks) {
        for number in &links.referred {
            self.referred.insert(*number);
        }
    }

    /// Checks the reference of a record that has the header's width.
    pub(crate) fn record(&mut self, context: &mut RecordContext<'_>) {
        let RecordContext { record, damaged, .. } = &*context;
        let Some((_, key)) = filled(record, self.position) else { return };
        if self.is_to_nobody {
            self.fold(&NO_RECORDS);
            return;
        }
        if damaged.contains(self.position) {
            if damaged.is_lost(self.position) {
                self.lost += 1;
                return;
            }
            let found = self.index.find(&undamaged(&key));
            self.mark_found(found);
            return;
        }
        let found = self.index.find(&key);
        self.mark_found(found);
        match found {
            keys::Reference::To(_) => {}
            keys::Reference::Excused(rule) => self.fold(rule),
            keys::Reference::Alike(other) => self.unknown(context, &key, Some(other)),
            keys::Reference::Unknown => match self.index.lost() {
                Some((rule, lost)) if self.to_lost < lost.saturating_mul(MOST_REFERENCES) => {
                    self.to_lost += 1;
                    self.fold(rule);
                }
                _ => self.unknown(context, &key, None),
            },
        }
    }

    fn fold(&mut self, rule: &'static Rule) {
        match self.excused.iter_mut().find(|(other, _)| other.name == rule.name) {
            Some((_, count)) => *count += 1,
            None => self.excused.push((rule, 1)),
        }
    }

    /// Takes possible references in a record that cannot be checked.
    pub(crate) fn excuse(&mut self, record: &Record<'_>) {
        if self.reference.expects_each {
            for_each_piece(record, |piece| {
                if let keys::Reference::To(key) | keys::Reference::Alike(key) =
                    self.index.find(piece)
                {
                    self.referred.insert(key.number);
                }
            });
        }
    }

    fn mark_found(&mut self, found: keys::Reference) {
        match found {
            keys::Reference::To(key) => {
                self.referred.insert(key.number);
            }
            keys::Reference::Alike(key) => {
                self.alike += 1;
                self.referred.insert(key.number);
            }
            keys::Reference::Unknown => self.lost += 1,
            keys::Reference::Excused(_) => {}
        }
    }

    fn unknown(&mut self, context: &mut RecordContext<'_>, key: &[u8], alike: Option<Key>) {
        let RecordContext { header, record, sink, .. } = context;
        let Self { position, reference, index, failing, .. } = self;
        let number = record.number.unwrap_or(u64::MAX);
        failing.take(index, key, number, *sink, |finding| {
            let Reference { file, column, .. } = *reference;
            let cell = || header.cell(*position, key);
            let (location, excerpt) = header.place(record, *position);
            let finding = finding
                .at(location)
                .excerpt(excerpt)
                .message(
                    Message::from("no record of ")
                        .text(file.clone())
                        .text(format!(" has the `{column}` `"))
                        .cell(cell())
                        .text("`"),
                )
                .label("no such student");
            let related = |location, message: Text| Related {
                file: Some(file.clone()),
                location,
                message: message.into(),
            };
            match alike {
                Some(other) => finding
                    .help(
                        Message::from(format!(
                            "SameGoal does not load a record whose student is not in the same \
                             delivery. Line {} of {file} differs from `",
                            other.first.line
                        ))
                        .cell(cell())
                        .text(format!(
                            "` only in {}: take the id from the same column for both files, as text.",
                            difference(key)
                        )),
                    )
                    .related(related(
                        Some(other.first.location()),
                        "most likely the intended student".into(),
                    )),
                None => finding
                    .help(
                        "SameGoal does not load a record whose student is not in the same \
                         delivery. Select the records of both files by the same rule, and take the \
                         id from the same column.",
                    )
                    .related(related(None, "the ids are in this file".into())),
            }
        });
    }

    /// Reports the held findings of a file that was read only in part.
    pub(crate) fn abandon(&mut self, sink: &mut dyn Sink) {
        self.failing.settle(None, sink);
    }

    /// Reports what all references of a file with this many records show. If a finding of the rule
    /// `cut_off` cut the students off, what is missing is part of that finding. Returns who has no
    /// guardian, unless another finding is the cause: at least as many references fail, or half of
    /// all `records` are wrong.
    pub(crate) fn finish(
        mut self,
        records: u64,
        cut_off: Option<&'static Rule>,
        sink: &mut dyn Sink,
    ) -> Option<Unguarded> {
        let file = &self.reference.file;
        for (rule, count) in mem::take(&mut self.excused) {
            let (file, from, note) = (file.clone(), self.file.clone(), self.folded(count).into());
            sink.fold(Folded { file, rule, count, from, note });
        }
        let unguarded = self.unguarded();
        let is_caused =
            |it: &&Unguarded| self.lost >= it.without || 2 * (self.lost + self.alike) >= records;
        // The finding that explains it must be as severe.
        let caused = unguarded.as_ref().filter(is_caused).filter(|it| it.is_heavy());
        let caused = caused.filter(|_| cut_off.is_none());
        let failing = mem::take(&mut self.failing);
        let is_reported = failing.finish(self.reference, self.index, records, caused, sink);
        let is_silent = unguarded.as_ref().is_some_and(|it| is_caused(&it))
            && (caused.is_none() || is_reported);
        let unguarded = unguarded?;
        if let (Some(rule), Some(_)) = (cut_off, unguarded.weight()) {
            let note = format!(
                "In the rest of {}, {} of {} active students have no record.",
                self.file,
                thousands(unguarded.without),
                thousands(unguarded.of)
            );
            let (file, from, note) = (self.file.clone(), self.file.clone(), note.into());
            sink.fold(Folded { file, rule, count: 0, from, note });
            return None;
        }
        (!is_silent).then_some(unguarded)
    }

    fn folded(&self, count: u64) -> String {
        let records = match count {
            1 => format!("1 record of {} refers to a student", self.file),
            _ => format!("{} records of {} refer to students", thousands(count), self.file),
        };
        let where_from = match (self.is_to_nobody, count) {
            (false, _) => "who may be in the part that cannot be read.",
            (true, 1) => "who is not in this file.",
            (true, _) => "who are not in this file.",
        };
        format!("{records} {where_from}")
    }

    /// How many students have no guardian, if the file should have one for each.
    fn unguarded(&self) -> Option<Unguarded> {
        if !self.reference.expects_each {
            return None;
        }
        let (mut of, mut without) = (0, 0);
        for number in self.index.active() {
            of += 1;
            without += u64::from(!self.referred.contains(number));
        }
        Some(Unguarded { without, of, students: self.reference.file.clone() })
    }
}
