//! Keys, which identify a record and occur once in a file, and references to the keys of another
//! file.

use std::borrow::Cow;
use std::ops::Range;

use crate::check::binding::BoundHeader;
use crate::check::context::RecordContext;
use crate::check::keys::{Beside, First, HashedKeys, Insertion, Key, KeyIndex};
use crate::check::value;
use crate::csv::block::{Block, FieldEnds};
use crate::csv::{Field, Record, bits};
use crate::finding::{Message, Related, Rule, rules};
use crate::schema::{ColumnSpec, Format, Text};
use crate::text::short::ShortText;
use crate::text::whitespace::trim;

mod failing;
mod link;
#[cfg(test)]
mod tests;
mod unguarded;

pub use failing::UNKNOWN_STUDENT;
pub(crate) use link::{LinkCheck, LinkScreen, ScreenedLinks};
pub use unguarded::{NO_GUARDIANS, Unguarded};

rules! {
    /// A record has the same key as an earlier record.
    ///
    /// ## Why it matters
    ///
    /// A `Student Id` stands for one student. If two records have the same id, SameGoal loads one
    /// of them at most. Which one is not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,Ada,...                  wrong: a record for each enrollment
    /// 1001,Okafor,Ada,...
    ///
    /// 1001,Okafor,Ada,...                  right: one record per student
    /// ```
    ///
    /// ## How to fix it
    ///
    /// The export joins a table that has several rows per student: enrollments, addresses, races.
    /// Select one of them in the query, for example the current enrollment. If two students really
    /// share an id, fix it in the student information system.
    DUPLICATE = "key/duplicate", Error, RecordLost;

    /// A key differs from an earlier one only in case or leading zeros.
    ///
    /// ## Why it matters
    ///
    /// `A17` and `a17`, or `0123` and `123`, are two students to a program that compares letter for
    /// letter, and one student to a program that does not. Most often, they are one student
    /// exported twice, from two systems that write the id differently.
    ///
    /// ## Example
    ///
    /// ```text
    /// 0123,Okafor,Ada                      wrong: most likely the same student
    /// 123,Okafor,Ada
    ///
    /// 0123,Okafor,Ada                      right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Take the id from one system only, as text. If they really are two students, give one of them
    /// a different id in the student information system.
    NEAR_DUPLICATE = "key/near-duplicate", Warning, Suspicious;
}

/// Recognizes the records of students who have left: their enrollment is a published value, but not
/// an active one.
#[derive(Clone, Copy)]
pub(crate) struct LeftScreen<'s> {
    position: usize,
    spec: &'s ColumnSpec,
    /// The active state of nearly all students.
    usual: Option<ShortText>,
}

impl<'s> LeftScreen<'s> {
    fn new(header: &BoundHeader<'s>) -> Option<Self> {
        let (position, spec) = header.known().find(|(_, spec)| !spec.active.is_empty())?;
        let usual = spec.active.last().and_then(|usual| ShortText::new(usual.as_bytes()));
        Some(Self { position, spec, usual })
    }

    /// Which records of a block are of students who have left, a bit for each.
    #[inline(always)]
    pub(crate) fn screen(self, block: &Block<'_>, ends: &FieldEnds) -> u64 {
        let column = ends.column(block, self.position);
        let unusual = bits::of(column.values().map(|value| value.short_text() != self.usual));
        bits::set(unusual & block.all()).fold(0, |left, record| {
            left | u64::from(self.has_left(column.value(record as usize).text())) << record
        })
    }

    fn record(self, record: &Record<'_>) -> bool {
        record.field(self.position).is_some_and(|field| self.has_left(&field.value()))
    }

    #[inline(never)]
    fn has_left(self, value: &[u8]) -> bool {
        let is = |one: &Text| one.as_bytes() == trim(value);
        match &self.spec.format {
            Format::OneOf(allowed) => allowed.iter().any(is) && !self.spec.active.iter().any(is),
            _ => false,
        }
    }
}

pub(crate) struct KeyCheck<'s> {
    pub(crate) position: usize,
    pub(crate) left: Option<LeftScreen<'s>>,
    pub(crate) index: KeyIndex,
}

impl<'s> KeyCheck<'s> {
    pub(crate) fn new(position: usize, header: &BoundHeader<'s>) -> Self {
        Self {
            position,
            left: LeftScreen::new(header),
            index: KeyIndex::new(Beside::new(header, position)),
        }
    }

    /// Enters the keys of records, up to the first one that needs a closer look; returns that
    /// record. `left` has a bit for each record of a student who has left.
    pub(crate) fn pass(
        &mut self,
        block: &Block<'_>,
        keys: &HashedKeys,
        left: u64,
        mut records: Range<usize>,
    ) -> usize {
        let end = records.end;
        let mut is_new = |record: &usize| {
            let key = keys.get(*record).zip(block.place(*record, self.position));
            let has_left = left >> record & 1 == 1;
            key.is_some_and(|(key, (line, column))| {
                self.index.insert_new(key, First { line, column, has_left })
            })
        };
        records.find(|record| !is_new(record)).unwrap_or(end)
    }

    /// Checks the key of a record that has the header's width.
    pub(crate) fn record(&mut self, context: &mut RecordContext<'_>) {
        let RecordContext { record, damaged, .. } = context;
        let Some((field, key)) = filled(record, self.position) else { return };
        if damaged.is_lost(self.position) {
            self.index.count_lost(losing(&key));
            return;
        }
        let has_left = self.left.is_some_and(|left| left.record(record));
        let key = if damaged.contains(self.position) { undamaged(&key).into() } else { key };
        match self.index.insert(&key, First { has_left, ..First::of(record, &field) }) {
            Insertion::New => {}
            Insertion::Same(other) => self.duplicate(context, &key, other),
            Insertion::Alike(other) => self.near_duplicate(context, &key, other),
        }
    }

    fn duplicate(&self, context: &mut RecordContext<'_>, key: &[u8], other: Key) {
        let header = context.header;
        context.at_field(&DUPLICATE, false, self.position, |finding| {
            finding
                .message(
                    self.name_and_cell(header, key)
                        .text(format!("`, which is already on line {}", other.first.line)),
                )
                .label("a second record with this key")
                .help(
                    "SameGoal loads at most one record per key. Look for a join in the export that returns \
                     several rows per student, such as enrollments or addresses.",
                )
                .related(Related {
                    file: None,
                    location: Some(other.first.location()),
                    message: "the first record with this key".into(),
                })
        });
    }

    fn near_duplicate(&self, context: &mut RecordContext<'_>, key: &[u8], other: Key) {
        let header = context.header;
        context.at_field(&NEAR_DUPLICATE, false, self.position, |finding| {
            finding
                .message(self.name_and_cell(header, key).text(format!(
                    "`, which differs only in {} from the one on line {}",
                    difference(key),
                    other.first.line
                )))
                .label("most likely the same")
                .help(
                    "Two systems seem to write one id in two ways. Take it from one of them, as \
                     text. If they are two students, give one of them a different id.",
                )
                .related(Related {
                    file: None,
                    location: Some(other.first.location()),
                    message: "the record with the similar key".into(),
                })
        });
    }

    fn name_and_cell(&self, header: &BoundHeader<'_>, key: &[u8]) -> Message {
        let column = header.known().find(|(index, _)| *index == self.position);
        Message::from("`")
            .text(column.map_or("the key".into(), |(_, spec)| spec.name.clone()))
            .text("` is `")
            .cell(header.cell(self.position, key))
    }

    /// Remembers possible keys in a record that cannot be checked because of a finding of this
    /// rule.
    pub(crate) fn excuse(&mut self, record: &Record<'_>, rule: &'static Rule) {
        if !self.index.is_overrun() {
            for_each_piece(record, |piece| self.index.excuse(piece, rule));
        }
    }
}

/// The rule that reported a key that no longer shows what it was.
fn losing(key: &[u8]) -> &'static Rule {
    let is_damaged = key.iter().any(u8::is_ascii_digit) || key.starts_with(b"##");
    if is_damaged { &value::SPREADSHEET_DAMAGE } else { &value::PLACEHOLDER }
}

/// Calls `take` with each possible value in a record that cannot be checked: a wrong quote may have
/// joined it with others.
fn for_each_piece(record: &Record<'_>, mut take: impl FnMut(&[u8])) {
    for field in record.fields() {
        let value = field.value();
        for piece in value.split(|byte| matches!(byte, b',' | b'\n' | b'\r' | b'"')) {
            take(trim(piece));
        }
    }
}

/// A field and its value without surrounding whitespace, if anything is left.
pub(crate) fn filled<'a>(
    record: &Record<'a>,
    position: usize,
) -> Option<(Field<'a>, Cow<'a, [u8]>)> {
    let field = record.field(position)?;
    let value = match field.value() {
        Cow::Borrowed(value) => Cow::Borrowed(trim(value)),
        Cow::Owned(value) => Cow::Owned(trim(&value).to_vec()),
    };
    (!value.is_empty()).then_some((field, value))
}

/// A damaged key as it was most likely meant: with the spreadsheet damage undone, or else its
/// letters and digits.
fn undamaged(key: &[u8]) -> Vec<u8> {
    value::undone(key).map_or_else(|| bare(key), Cow::into_owned)
}

/// The letters and digits of a key.
fn bare(key: &[u8]) -> Vec<u8> {
    key.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
}

/// How a key and a similar one can differ.
fn difference(key: &[u8]) -> &'static str {
    if key.iter().all(u8::is_ascii_digit) { "leading zeros" } else { "case or leading zeros" }
}
