//! Values: one by one as their columns declare them, and column by column.

use std::collections::BTreeSet;

use building::{PairHasher, PairHashes};
use date_column::DateColumn;
use leading_zeros::DigitColumn;
use placeholder::NameColumn;
use states::StateColumn;

use crate::check::binding::{BoundHeader, Place};
use crate::check::context::RecordContext;
use crate::csv::Record;
use crate::csv::block::Sampled;
use crate::finding::Rule;
use crate::finding::{Cell, Finding, Message, Sink};
use crate::schema::{AddressPart, ColumnSpec, Content, Format, Presence};
use crate::text::date::Date;
use crate::text::whitespace::{is_trimmed, is_whitespace, trim};

pub(crate) mod building;
pub(crate) mod damage;
pub(crate) mod date;
mod date_column;
mod declared;
mod escaped;
mod groups;
mod held;
pub(crate) mod leading_zeros;
mod mojibake;
mod placeholder;
mod region;
mod states;
pub(crate) mod tally;

use tally::{ScreenedColumn, Tally};

pub use building::BUILDING_MISMATCH;
pub(crate) use damage::undone;
pub use damage::{PADDED, SPREADSHEET_DAMAGE};
pub use date::{BAD_DATE, IMPLAUSIBLE_DATE, IMPOSSIBLE_DATE, UNPADDED_DATE};
pub use date_column::{DAY_MONTH_SWAPPED, MIXED_DATE_FORMS};
pub(crate) use declared::one_meant;
pub use declared::{BAD_CHARACTER, NOT_ALLOWED, REQUIRED_EMPTY, TOO_LONG};
pub use escaped::ESCAPED_TEXT;
pub use groups::ROLE_BUILDING_MISMATCH;
pub use leading_zeros::LOST_LEADING_ZEROS;
pub use mojibake::MOJIBAKE;
pub use placeholder::PLACEHOLDER;
pub use states::NO_ACTIVE_STUDENT;

#[cfg(test)]
mod tests;

/// What is known beside the files.
#[derive(Default)]
pub(crate) struct Known {
    /// The day on which the files are judged.
    pub(crate) today: Option<Date>,
    /// The names of the district's buildings.
    pub(crate) buildings: Option<BTreeSet<String>>,
}

/// Judges the values of one file.
pub(crate) struct ValueCheck<'s, 'k> {
    columns: Vec<Column<'s>>,
    /// The positions of those columns of which a value of the last block is in doubt.
    suspect_columns: Vec<usize>,
    /// Whether a character beyond ASCII was seen.
    has_high: bool,
    buildings: Vec<building::BuildingCheck<'s, 'k>>,
    groups: Vec<groups::GroupCheck<'s, 'k>>,
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
            today: known.today,
        }
    }

    /// The positions of the known columns and what they should be, and the day to judge them by.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (usize, &'s ColumnSpec, Option<Date>)> {
        self.columns.iter().map(|it| (it.index, it.spec, self.today))
    }

    /// Hashes the pairs of columns that are checked together.
    pub(crate) fn pair_hashers(&self) -> impl Iterator<Item = PairHasher> {
        self.buildings.iter().map(building::BuildingCheck::hasher)
    }

    /// Whether there are columns of texts.
    pub(crate) fn has_texts(&self) -> bool {
        self.columns.iter().any(Column::is_of_texts)
    }

    /// Takes in what was seen of the columns of a block, but for its `odd` records; answers for which
    /// records [`doubtful`](Self::doubtful) is to be asked, a bit for each. With the others it is done.
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

    /// Judges a record that was glanced at as one of many, and adds to `damaged` which of its values are
    /// none.
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

    /// Judges every value of a record that has the header's width, and adds to `damaged` which of
    /// them are none.
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

    /// Judges what two columns of a record say together, about the doubts of which `is_asked` says so.
    fn pairs(&mut self, context: &mut RecordContext<'_>, is_asked: impl Fn(u64) -> bool) {
        for buildings in self.buildings.iter_mut().filter(|them| is_asked(them.suspects)) {
            buildings.record(context);
        }
        for groups in &mut self.groups {
            groups.record(context);
        }
    }

    /// Reports what can be said of whole columns only, in a file of so many records.
    pub(crate) fn finish(self, records: u64, sink: &mut dyn Sink) {
        let suspects = self.columns.iter().filter(|it| it.may_have_lost_zeros());
        let suspects: Vec<&ColumnSpec> = suspects.map(|it| it.spec).collect();
        for buildings in self.buildings {
            buildings.finish(sink);
        }
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

/// What the texts of a column hold that is reported once.
#[derive(Default)]
struct Notes {
    /// Other notations, and which one is the first.
    escaped: Noted,
    notation: &'static str,
    /// A question mark for a letter.
    lost_letters: Noted,
}

/// How many values have something, and where the first is.
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
    /// Judges a text.
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
        // Where other letters were kept, a question mark is one.
        if !has_high {
            mojibake::lost_letters(spec, self.lost_letters, sink);
        }
    }
}

/// Whether something is a value that other checks may rely on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Soundness {
    Sound,
    /// It is no value, but shows what it was.
    Damaged,
    /// It is no value, and does not show what it was.
    Lost,
}

/// Whether a value without white space round it is one, so that what its column declares can be
/// judged, and fixed.
pub(crate) fn is_sound(text: &[u8], spec: &ColumnSpec) -> bool {
    !placeholder::is_one(text, spec) && damage::damage(text, spec).is_none()
}

/// One column and what was seen of it.
struct Column<'s> {
    index: usize,
    spec: &'s ColumnSpec,
    counts: Counts,
    notes: Notes,
    /// Which values of the last block are in doubt, a bit for each.
    suspects: u64,
}

/// What is counted of the values of a column.
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
        Self { index, spec, counts, notes: Notes::default(), suspects: 0 }
    }

    /// Counts what was seen, unless some of it is to be looked at first; answers whether it did.
    fn absorb(&mut self, tally: &Tally) -> bool {
        match (&mut self.counts, tally) {
            (Counts::Codes(codes), Tally::Codes(tally)) => codes.absorb(tally),
            (Counts::Dates(dates), Tally::Dates(tally)) => dates.absorb(tally),
            (Counts::States(states), _) => states.is_settled(),
            (Counts::Names(_) | Counts::Nothing, _) => true,
            _ => false,
        }
    }

    /// Whether it holds texts of any kind.
    fn is_of_texts(&self) -> bool {
        matches!(self.spec.format, Format::Text) && self.spec.code.is_none()
    }

    /// Whether it holds numbers that may be codes without their zeros.
    fn may_have_lost_zeros(&self) -> bool {
        matches!(&self.counts, Counts::Codes(codes) if codes.may_have_lost())
    }

    /// Judges a value that is not damaged yet; if it is none, its position is added to `damaged`.
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
        declared::check(&value, sink);
        match &mut self.counts {
            Counts::Codes(codes) => codes.record(&value),
            Counts::Dates(dates) => dates.record(&value, sink),
            Counts::States(states) => states.record(&value),
            Counts::Names(_) | Counts::Nothing => {}
        }
    }
}

impl Counts {
    /// Takes in that there is no value, or one that is none.
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
    /// What the field says, without white space round it.
    text: &'a [u8],
}

impl Value<'_> {
    /// Whether it is one of the values that its column allows, if it allows only some.
    fn is_allowed(&self) -> bool {
        match &self.spec.format {
            Format::OneOf(allowed) => allowed.iter().any(|one| one.as_bytes() == self.text),
            _ => true,
        }
    }

    /// Whether it says that somebody is served now.
    fn is_active_state(&self) -> bool {
        self.spec.active.iter().any(|one| one.as_bytes() == self.text)
    }

    /// The state in the address that it is in, if there is one.
    fn state(&self) -> Option<Vec<u8>> {
        let is_state = |spec: &ColumnSpec| spec.address_part == Some(AddressPart::State);
        let (index, _) = self.header.known().find(|(_, spec)| is_state(spec))?;
        let state = self.record.field(index)?.value();
        Some(trim(&state).to_vec())
    }

    /// Whether another value of its record says that somebody is served now.
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

    /// Whether a fix may write the value anew: not if white space round it is not left out.
    fn is_fixable(&self) -> bool {
        let field = self.record.field(self.index);
        field.is_some_and(|field| is_trimmed(&field.value(), self.text))
    }

    /// Where it is; costs time, so only for what is reported.
    fn place(&self) -> Place {
        self.header.place(self.record, self.index)
    }

    /// The name of its column, to start a sentence with.
    fn name(&self) -> Message {
        name(self.spec)
    }

    /// Itself, to be shown as far as it may.
    fn cell(&self) -> Cell {
        self.cell_of(self.text)
    }

    /// Something made of it, to be shown as far as it may.
    fn cell_of(&self, bytes: &[u8]) -> Cell {
        self.header.cell(self.index, bytes)
    }
}

/// The name of a column, to start a sentence with.
fn name(spec: &ColumnSpec) -> Message {
    Message::from("`").text(spec.name.clone()).text("`")
}
