//! Checks values: one by one against their column's declaration, and column by column.

use std::collections::BTreeSet;

use building::{PairHasher, PairHashes};
use date::column::DateColumn;
use enrollment::StateColumn;
use leading_zeros::DigitColumn;
use placeholder::NameColumn;
use repeated_date::BirthDates;

use crate::check::binding::{BoundHeader, Place};
use crate::check::context::RecordContext;
use crate::csv::Record;
use crate::csv::block::Sampled;
use crate::finding::{Cell, Finding, Message, Rule, Sink};
use crate::schema::{AddressPart, ColumnSpec, Content, Format, Presence};
use crate::text::calendar::Date;
use crate::text::whitespace::{is_trimmed, is_whitespace, trim};

pub(crate) mod building;
pub(crate) mod damage;
pub(crate) mod date;
mod declared;
mod enrollment;
mod escaped;
mod groups;
mod held;
pub(crate) mod leading_zeros;
mod mojibake;
mod placeholder;
mod region;
mod repeated_date;
pub(crate) mod rules;
pub(crate) mod screen;
pub(crate) mod tally;
mod wrong_column;

use tally::{ScreenedColumn, Tally};
use wrong_column::Contents;

pub use building::BUILDING_MISMATCH;
pub(crate) use damage::undone;
pub use damage::{PADDED, SPREADSHEET_DAMAGE};
pub use date::column::{DAY_MONTH_SWAPPED, MIXED_DATE_FORMS};
pub use date::{BAD_DATE, IMPLAUSIBLE_DATE, IMPOSSIBLE_DATE, UNPADDED_DATE};
pub(crate) use declared::one_meant;
pub use declared::{BAD_CHARACTER, NOT_ALLOWED, REQUIRED_EMPTY, TOO_LONG};
pub use enrollment::NO_ACTIVE_STUDENT;
pub use escaped::ESCAPED_TEXT;
pub(crate) use escaped::PYTHON;
pub use groups::ROLE_BUILDING_MISMATCH;
pub use leading_zeros::LOST_LEADING_ZEROS;
pub use mojibake::MOJIBAKE;
pub use placeholder::PLACEHOLDER;
pub use repeated_date::REPEATED_DATE;
pub use wrong_column::WRONG_COLUMN;

#[cfg(test)]
mod tests;

/// What is known besides the files.
#[derive(Default)]
pub(crate) struct Known {
    /// The day the check runs, for ages.
    pub(crate) today: Option<Date>,
    /// The names of the district's buildings.
    pub(crate) buildings: Option<BTreeSet<String>>,
}

/// Checks the values of one file.
pub(crate) struct ValueCheck<'s, 'k> {
    columns: Vec<Column<'s>>,
    /// The positions of the columns with a suspect value in the last block.
    suspect_columns: Vec<usize>,
    /// Whether a character beyond ASCII has been read.
    has_high: bool,
    buildings: Vec<building::BuildingCheck<'s, 'k>>,
    groups: Vec<groups::GroupCheck<'s, 'k>>,
    birth_dates: Vec<BirthDates<'s>>,
    contents: Contents<'s>,
    today: Option<Date>,
}

impl<'s, 'k> ValueCheck<'s, 'k> {
    pub(crate) fn new(header: &BoundHeader<'s>, known: &'k Known) -> Self {
        Self {
            columns: header
                .known()
                .map(|(index, spec)| Column::new(index, spec, known.today))
                .collect(),
            suspect_columns: Vec::new(),
            has_high: false,
            buildings: building::checks(header, known.buildings.as_ref()),
            groups: groups::checks(header, known.buildings.as_ref()),
            birth_dates: header
                .known()
                .filter_map(|(index, spec)| BirthDates::new(index, spec, known.today))
                .collect(),
            contents: Contents::new(header),
            today: known.today,
        }
    }

    /// The positions and specs of the known columns, and the day to use for ages.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (usize, &'s ColumnSpec, Option<Date>)> {
        self.columns.iter().map(|it| (it.index, it.spec, self.today))
    }

    /// Hashes the pairs of columns that are checked together.
    pub(crate) fn pair_hashers(&self) -> impl Iterator<Item = PairHasher> {
        self.buildings.iter().map(building::BuildingCheck::hasher)
    }

    /// Whether there are columns of text.
    pub(crate) fn has_texts(&self) -> bool {
        self.columns.iter().any(Column::is_of_texts)
    }

    /// Counts what the prescreen found in the columns of a block, except in its `irregular` records.
    /// Returns a bit for each record that [`check_suspect`](Self::check_suspect) must check; the others are
    /// done.
    pub(crate) fn absorb(
        &mut self,
        screened: &[ScreenedColumn],
        pairs: &[PairHashes],
        sampled: Sampled,
        irregular: u64,
    ) -> u64 {
        let mut all = if self.groups.is_empty() { 0 } else { u64::MAX };
        self.has_high |= sampled.has_high;
        self.suspect_columns.clear();
        for (position, (column, screen)) in self.columns.iter_mut().zip(screened).enumerate() {
            column.suspects = if column.absorb(&screen.tally) { screen.suspects } else { u64::MAX };
            if column.is_of_texts() {
                column.suspects |= sampled.unusual;
            }
            all |= column.suspects;
            if column.suspects != 0 {
                self.suspect_columns.push(position);
            }
        }
        for (buildings, hashes) in self.buildings.iter_mut().zip(pairs) {
            buildings.absorb(hashes, irregular);
            all |= buildings.suspects;
        }
        all
    }

    /// Checks a record that the prescreen found suspect, and adds its unusable values to `damaged`.
    pub(crate) fn check_suspect(&mut self, context: &mut RecordContext<'_>, index: usize) {
        let is_asked = |suspects: u64| suspects >> index & 1 == 1;
        for position in &self.suspect_columns {
            let column = self.columns.get_mut(*position);
            if let Some(column) = column.filter(|column| is_asked(column.suspects)) {
                column.check(context);
            }
        }
        self.pairs(context, is_asked);
    }

    /// Checks every value of a record that has the header's width, and adds its unusable values to
    /// `damaged`.
    pub(crate) fn record(&mut self, context: &mut RecordContext<'_>) {
        if context.damaged.is_special {
            self.has_high = true;
            mojibake::check(context);
        }
        for column in &mut self.columns {
            column.check(context);
        }
        self.pairs(context, |_| true);
    }

    /// Whether it has a use for a sample.
    pub(crate) fn has_samples(&self) -> bool {
        !self.birth_dates.is_empty() || !self.contents.is_empty()
    }

    /// Takes in a record of the sample.
    pub(crate) fn sample(&mut self, header: &BoundHeader<'_>, record: &Record<'_>) {
        for dates in &mut self.birth_dates {
            dates.sample(header, record);
        }
        self.contents.sample(header, record);
    }

    /// Checks pairs of columns in a record; `is_asked` selects the checks by their suspects.
    fn pairs(&mut self, context: &mut RecordContext<'_>, is_asked: impl Fn(u64) -> bool) {
        for buildings in self.buildings.iter_mut().filter(|them| is_asked(them.suspects)) {
            buildings.record(context);
        }
        for groups in &mut self.groups {
            groups.record(context);
        }
    }

    /// Reports what only whole columns show, in a file with this many records.
    pub(crate) fn finish(self, records: u64, sink: &mut dyn Sink) {
        let suspects = self.columns.iter().filter(|it| it.may_have_lost_zeros());
        let suspects: Vec<&ColumnSpec> = suspects.map(|it| it.spec).collect();
        for buildings in self.buildings {
            buildings.finish(sink);
        }
        for dates in self.birth_dates {
            dates.finish(sink);
        }
        self.contents.finish(sink);
        for Column { spec, counts, notes, .. } in self.columns {
            notes.finish(spec, self.has_high, sink);
            match counts {
                Counts::Codes(codes) => {
                    let others = |it: &&ColumnSpec| it.name != spec.name;
                    let suspects: Vec<_> = suspects.iter().copied().filter(others).collect();
                    codes.finish(spec, &suspects, sink);
                }
                Counts::Dates(dates) => dates.finish(spec, sink),
                Counts::Names(names) => names.finish(spec, records, sink),
                Counts::States(states) => states.finish(sink),
                Counts::Nothing => {}
            }
        }
    }
}

/// Without one of these bytes or [`PYTHON`], there is nothing to note of a text.
pub(crate) const UNUSUAL: [u8; 6] = {
    let [a, b, c, d, e] = escaped::SIGNS;
    [a, b, c, d, e, mojibake::LOST]
};

/// What is reported once for all texts of a column.
#[derive(Default)]
struct Notes {
    /// Text in other notations, and the notation of the first one.
    escaped: Noted,
    notation: &'static str,
    /// A question mark in place of a letter.
    lost_letters: Noted,
}

/// How many values have a defect, and where the first one is.
#[derive(Default)]
struct Noted {
    count: u64,
    first: Option<Box<Place>>,
}

impl Noted {
    fn note(&mut self, value: &Value<'_>) {
        self.count += 1;
        self.first.get_or_insert_with(|| Box::new(value.place()));
    }
}

impl Notes {
    /// Checks a text.
    fn record(&mut self, value: &Value<'_>) -> Soundness {
        if let Some(notation) = escaped::notation(value.text) {
            if self.escaped.count == 0 {
                self.notation = notation;
            }
            self.escaped.note(value);
            return Soundness::Damaged;
        }
        if value.spec.content == Content::Name && mojibake::has_lost_letter(value.text) {
            self.lost_letters.note(value);
        }
        Soundness::Sound
    }

    fn finish(self, spec: &ColumnSpec, has_high: bool, sink: &mut dyn Sink) {
        escaped::report(spec, self.escaped, self.notation, sink);
        // If the file kept other such letters, a question mark is just a question mark.
        if !has_high {
            mojibake::lost_letters(spec, self.lost_letters, sink);
        }
    }
}

/// Whether other checks may rely on a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Soundness {
    Sound,
    /// It is not usable, but shows what it was.
    Damaged,
    /// It is not usable, and does not show what it was.
    Lost,
}

/// Whether a value without surrounding whitespace is usable, so that its declaration can be
/// checked, and the value fixed.
pub(crate) fn is_sound(text: &[u8], spec: &ColumnSpec) -> bool {
    !placeholder::is_one(text, spec) && damage::damage(text, spec).is_none()
}

/// One column and what is known about it so far.
struct Column<'s> {
    index: usize,
    spec: &'s ColumnSpec,
    counts: Counts,
    notes: Notes,
    checks: Vec<screen::Check>,
    /// Which values of the last block are suspect, a bit for each.
    suspects: u64,
}

/// What is counted in a column.
enum Counts {
    Nothing,
    Codes(Box<DigitColumn>),
    Dates(Box<DateColumn>),
    Names(Box<NameColumn>),
    States(StateColumn),
}

impl<'s> Column<'s> {
    fn new(index: usize, spec: &'s ColumnSpec, today: Option<Date>) -> Self {
        let counts = if spec.format == Format::Date {
            Counts::Dates(Box::new(DateColumn::new(spec, today)))
        } else if let Some(codes) = DigitColumn::new(spec) {
            Counts::Codes(Box::new(codes))
        } else if !spec.active.is_empty() {
            Counts::States(StateColumn::default())
        } else if spec.content == Content::Name {
            Counts::Names(Box::default())
        } else {
            Counts::Nothing
        };
        let checks = rules::parts(spec).filter_map(|part| part.check).collect();
        Self { index, spec, counts, notes: Notes::default(), checks, suspects: 0 }
    }

    /// Counts what the prescreen found, unless the values need a closer look; returns whether it
    /// did.
    fn absorb(&mut self, tally: &Tally) -> bool {
        match (&mut self.counts, tally) {
            (Counts::Codes(codes), Tally::Codes(tally)) => codes.absorb(tally),
            (Counts::Dates(dates), Tally::Dates(tally)) => dates.absorb(tally),
            (Counts::States(states), _) => states.is_settled(),
            (Counts::Names(_) | Counts::Nothing, _) => true,
            (Counts::Codes(_), Tally::Nothing | Tally::Dates(_))
            | (Counts::Dates(_), Tally::Nothing | Tally::Codes(_)) => false,
        }
    }

    /// Whether it holds text.
    fn is_of_texts(&self) -> bool {
        matches!(self.spec.format, Format::Text) && self.spec.code.is_none()
    }

    /// Whether it holds numbers that may be codes without their leading zeros.
    fn may_have_lost_zeros(&self) -> bool {
        matches!(&self.counts, Counts::Codes(codes) if codes.may_have_lost())
    }

    /// Checks a value that is not damaged yet; if it is unusable, adds its position to `damaged`.
    fn check(&mut self, context: &mut RecordContext<'_>) {
        let RecordContext { header, record, damaged, sink } = context;
        if damaged.contains(self.index) {
            return;
        }
        let sink = &mut **sink;
        let Some(field) = record.field(self.index) else { return };
        let whole = field.value();
        let text = trim(&whole);
        let value = Value { header, record, index: self.index, spec: self.spec, text };
        if is_whitespace(text) {
            self.counts.unsound();
            if self.spec.presence == Presence::Required {
                declared::required_empty(&value, sink);
            }
            return;
        }
        let mut soundness = placeholder::check(&value, &mut self.counts, sink);
        if soundness == Soundness::Sound {
            soundness = damage::check(&value, sink);
        }
        if soundness == Soundness::Sound && self.is_of_texts() {
            soundness = self.notes.record(&value);
        }
        if soundness != Soundness::Sound {
            self.counts.unsound();
            damaged.fields.push(self.index);
            if soundness == Soundness::Lost {
                damaged.lost.push(self.index);
            }
            return;
        }
        if text.len() < whole.len() {
            damage::padded(&value, &whole, sink);
        }
        self.checks.iter().for_each(|check| check(&value, sink));
        match &mut self.counts {
            Counts::Codes(codes) => codes.record(&value),
            Counts::Dates(dates) => dates.record(&value, sink),
            Counts::States(states) => states.record(&value),
            Counts::Names(_) | Counts::Nothing => {}
        }
    }
}

impl Counts {
    /// Counts an empty or unusable value.
    fn unsound(&mut self) {
        if let Self::States(states) = self {
            states.unsound();
        }
    }
}

/// One value and where it is.
#[derive(Clone, Copy)]
struct Value<'a> {
    header: &'a BoundHeader<'a>,
    record: &'a Record<'a>,
    index: usize,
    spec: &'a ColumnSpec,
    /// The content of the field, without surrounding whitespace.
    text: &'a [u8],
}

impl Value<'_> {
    /// Whether its column allows it; true if the column allows any value.
    fn is_allowed(&self) -> bool {
        match &self.spec.format {
            Format::OneOf(allowed) => allowed.iter().any(|one| one.as_bytes() == self.text),
            _ => true,
        }
    }

    /// Whether it is the state of an active student.
    fn is_active_state(&self) -> bool {
        self.spec.active.iter().any(|one| one.as_bytes() == self.text)
    }

    /// The state in the same address, if there is one.
    fn state(&self) -> Option<Vec<u8>> {
        let is_state = |spec: &ColumnSpec| spec.address_part == Some(AddressPart::State);
        let (index, _) = self.header.known().find(|(_, spec)| is_state(spec))?;
        let state = self.record.field(index)?.value();
        Some(trim(&state).to_vec())
    }

    /// Whether another value in its record is the state of an active student.
    fn is_of_active(&self) -> bool {
        self.header.known().filter(|(_, spec)| !spec.active.is_empty()).any(|(index, spec)| {
            let field = self.record.field(index);
            field.is_some_and(|field| {
                let text = field.value();
                Value { index, spec, text: trim(&text), ..*self }.is_active_state()
            })
        })
    }

    fn report(
        &self,
        sink: &mut dyn Sink,
        rule: &'static Rule,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        self.header.at_field(sink, rule, false, self.record, self.index, build);
    }

    /// Whether a fix may rewrite the value: not if the fix for whitespace would leave some around
    /// it.
    fn is_fixable(&self) -> bool {
        let field = self.record.field(self.index);
        field.is_some_and(|field| is_trimmed(&field.value(), self.text))
    }

    /// Where it is. This takes time, so only findings use it.
    fn place(&self) -> Place {
        self.header.place(self.record, self.index)
    }

    /// The name of its column, to start a sentence.
    fn name(&self) -> Message {
        name(self.spec)
    }

    /// The value, masked as its column requires.
    fn cell(&self) -> Cell {
        self.cell_of(self.text)
    }

    /// Something derived from the value, masked the same way.
    fn cell_of(&self, bytes: &[u8]) -> Cell {
        self.header.cell(self.index, bytes)
    }
}

/// The name of a column, to start a sentence.
fn name(spec: &ColumnSpec) -> Message {
    Message::from("`").text(spec.name.clone()).text("`")
}
