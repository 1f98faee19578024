//! Values: one by one as their columns declare them, and column by column.

use std::collections::BTreeSet;

use date_column::DateColumn;
use glance::Tally;
use leading_zeros::DigitColumn;

use crate::Cell;
use crate::blank::{is_blank, trim};
use crate::check::bytes::Spoilt;
use crate::date::Date;
use crate::finding::{Finding, Message, Sink};
use crate::model::{ColumnSpec, Format, Presence};
use crate::rule::Rule;
use crate::sheet::{Place, Row, Sheet};
use crate::stretch::Stretch;

mod building;
mod damage;
mod date;
mod date_column;
mod declared;
mod glance;
mod groups;
mod leading_zeros;
mod placeholder;

#[cfg(test)]
pub(crate) use glance::is_text;
pub(crate) use glance::{Expectation, Glance, WORD_LENGTHS, WORD_LETTERS};

pub use building::BUILDING_MISMATCH;
pub use damage::{MOJIBAKE, PADDED, SPREADSHEET_DAMAGE};
pub use date::{BAD_DATE, IMPLAUSIBLE_DATE, IMPOSSIBLE_DATE, UNPADDED_DATE};
pub use date_column::{DAY_MONTH_SWAPPED, MIXED_DATE_FORMS};
pub use declared::{BAD_CHARACTER, NOT_ALLOWED, REQUIRED_EMPTY, TOO_LONG};
pub use groups::ROLE_BUILDING_MISMATCH;
pub use leading_zeros::LOST_LEADING_ZEROS;
pub use placeholder::PLACEHOLDER;

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
    /// The positions of those columns of which a value of the last stretch is in doubt.
    in_doubt: Vec<usize>,
    buildings: Vec<building::BuildingCheck<'s, 'k>>,
    groups: Vec<groups::GroupCheck<'s>>,
    today: Option<Date>,
}

impl<'s, 'k> ValueCheck<'s, 'k> {
    pub(crate) fn new(sheet: &Sheet<'s>, known: &'k Known) -> Self {
        Self {
            columns: sheet
                .known()
                .map(|(index, spec)| Column::new(index, spec, known.today))
                .collect(),
            in_doubt: Vec::new(),
            buildings: building::checks(sheet, known.buildings.as_ref()),
            groups: groups::checks(sheet),
            today: known.today,
        }
    }

    /// What the columns are to be, one after the other.
    pub(crate) fn expectations(&self) -> impl Iterator<Item = Expectation> {
        let expectation = |it: &Column<'s>| Expectation::new(it.index, it.spec, self.today);
        self.columns.iter().map(expectation)
    }

    /// Takes in what was seen of the columns of a stretch; answers for which records
    /// [`doubtful`](Self::doubtful) is to be asked, a bit for each. With the others it is done.
    pub(crate) fn absorb(&mut self, stretch: &Stretch<'_>, glances: &[Glance]) -> u64 {
        let mut all = if self.groups.is_empty() { 0 } else { u64::MAX };
        self.in_doubt.clear();
        for (position, (column, glance)) in self.columns.iter_mut().zip(glances).enumerate() {
            column.doubts = if column.absorb(&glance.tally) { glance.doubts } else { u64::MAX };
            all |= column.doubts;
            if column.doubts != 0 {
                self.in_doubt.push(position);
            }
        }
        for buildings in &mut self.buildings {
            buildings.glance(stretch);
            all |= buildings.doubts;
        }
        all
    }

    /// Judges a record that was glanced at as one of many, and adds to `spoilt` which of its values are
    /// none.
    pub(crate) fn doubtful(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        record: usize,
        spoilt: &mut Spoilt,
        sink: &mut dyn Sink,
    ) {
        let is_asked = |doubts: u64| doubts >> record & 1 == 1;
        for position in &self.in_doubt {
            let column = self.columns.get_mut(*position);
            if let Some(column) = column.filter(|column| is_asked(column.doubts)) {
                column.judge(sheet, row, spoilt, sink);
            }
        }
        self.pairs(sheet, row, spoilt, sink, is_asked);
    }

    /// Judges every value of a record that has the header's width, and adds to `spoilt` which of
    /// them are none.
    pub(crate) fn record(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &mut Spoilt,
        sink: &mut dyn Sink,
    ) {
        if spoilt.is_special {
            damage::garbled(sheet, row, spoilt, sink);
        }
        for column in &mut self.columns {
            column.judge(sheet, row, spoilt, sink);
        }
        self.pairs(sheet, row, spoilt, sink, |_| true);
    }

    /// Judges what two columns of a record say together, about the doubts of which `is_asked` says so.
    fn pairs(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &Spoilt,
        sink: &mut dyn Sink,
        is_asked: impl Fn(u64) -> bool,
    ) {
        for buildings in self.buildings.iter_mut().filter(|them| is_asked(them.doubts)) {
            buildings.record(sheet, row, spoilt, sink);
        }
        for groups in &self.groups {
            groups.record(sheet, row, spoilt, sink);
        }
    }

    /// Reports what can be told of whole columns only.
    pub(crate) fn finish(self, sink: &mut dyn Sink) {
        for Column { spec, counts, .. } in self.columns {
            match counts {
                Counts::Codes(codes) => codes.finish(spec, sink),
                Counts::Dates(dates) => dates.finish(spec, sink),
                Counts::Nothing => {}
            }
        }
    }
}

/// Whether something is a value that other checks may rely on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Soundness {
    Sound,
    Spoilt,
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
    /// Which values of the last stretch are in doubt, a bit for each.
    doubts: u64,
}

/// What is counted of the values of a column.
enum Counts {
    Nothing,
    Codes(Box<DigitColumn>),
    Dates(Box<DateColumn>),
}

impl<'s> Column<'s> {
    fn new(index: usize, spec: &'s ColumnSpec, today: Option<Date>) -> Self {
        let counts = if spec.format == Format::Date {
            Counts::Dates(Box::new(DateColumn::new(spec, today)))
        } else if let Some(codes) = DigitColumn::new(spec) {
            Counts::Codes(Box::new(codes))
        } else {
            Counts::Nothing
        };
        Self { index, spec, counts, doubts: 0 }
    }

    /// Counts what was seen, unless some of it is to be looked at first; answers whether it did.
    fn absorb(&mut self, tally: &Tally) -> bool {
        match (&mut self.counts, tally) {
            (Counts::Codes(codes), Tally::Codes(tally)) => codes.absorb(tally),
            (Counts::Dates(dates), Tally::Dates(tally)) => dates.absorb(tally),
            (Counts::Nothing, _) => true,
            _ => false,
        }
    }

    /// Judges a value that is not spoilt yet; if it is none, its position is added to `spoilt`.
    fn judge(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        spoilt: &mut Spoilt,
        sink: &mut dyn Sink,
    ) {
        if spoilt.contains(self.index) {
            return;
        }
        let Some(field) = row.record.field(self.index) else { return };
        let whole = field.value();
        let text = trim(&whole);
        let value = Value { sheet, row, index: self.index, spec: self.spec, text };
        if is_blank(text) {
            if self.spec.presence == Presence::Required {
                declared::required_empty(&value, sink);
            }
            return;
        }
        let is_spoilt = placeholder::check(&value, sink) == Soundness::Spoilt
            || damage::check(&value, sink) == Soundness::Spoilt;
        if is_spoilt {
            spoilt.fields.push(self.index);
            return;
        }
        if text.len() < whole.len() {
            damage::padded(&value, &whole, sink);
        }
        declared::check(&value, sink);
        match &mut self.counts {
            Counts::Codes(codes) => codes.record(&value),
            Counts::Dates(dates) => dates.record(&value, sink),
            Counts::Nothing => {}
        }
    }
}

/// One value and where it is.
struct Value<'a> {
    sheet: &'a Sheet<'a>,
    row: &'a Row<'a>,
    index: usize,
    spec: &'a ColumnSpec,
    /// What the field says, without white space round it.
    text: &'a [u8],
}

impl Value<'_> {
    fn report(
        &self,
        sink: &mut dyn Sink,
        rule: &'static Rule,
        build: impl FnOnce(Finding) -> Finding,
    ) {
        self.sheet.at_field(sink, rule, false, self.row, self.index, build);
    }

    /// Where it is; costs time, so only for what is reported.
    fn place(&self) -> Place {
        self.sheet.place(self.row, self.index)
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
        self.sheet.cell(self.index, bytes)
    }
}

/// The name of a column, to start a sentence with.
fn name(spec: &ColumnSpec) -> Message {
    Message::from("`").text(spec.name.clone()).text("`")
}
