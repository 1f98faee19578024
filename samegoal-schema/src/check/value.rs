//! Values: one by one as their columns declare them, and column by column.

use std::collections::BTreeSet;

use crate::Cell;
use crate::blank::{is_blank, trim};
use crate::check::bytes::Spoilt;
use crate::date::Date;
use crate::finding::{Finding, Message, Sink};
use crate::model::{ColumnSpec, Format, Presence};
use crate::rule::Rule;
use crate::sheet::{Place, Row, Sheet};

mod building;
mod damage;
mod date;
mod date_column;
mod declared;
mod groups;
mod leading_zeros;
mod placeholder;

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
    buildings: Vec<building::BuildingCheck<'s, 'k>>,
    groups: Vec<groups::GroupCheck<'s>>,
    today: Option<Date>,
}

impl<'s, 'k> ValueCheck<'s, 'k> {
    pub(crate) fn new(sheet: &Sheet<'s>, known: &'k Known) -> Self {
        Self {
            columns: sheet.known().map(|(index, spec)| Column::new(index, spec)).collect(),
            buildings: building::checks(sheet, known.buildings.as_ref()),
            groups: groups::checks(sheet),
            today: known.today,
        }
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
            if spoilt.contains(column.index) {
                continue;
            }
            if column.judge(sheet, row, self.today, sink) == Soundness::Spoilt {
                spoilt.fields.push(column.index);
            }
        }
        for buildings in &mut self.buildings {
            buildings.record(sheet, row, spoilt, sink);
        }
        for groups in &self.groups {
            groups.record(sheet, row, spoilt, sink);
        }
    }

    /// Reports what can be told of whole columns only.
    pub(crate) fn finish(self, sink: &mut dyn Sink) {
        for Column { spec, dates, digits, .. } in self.columns {
            if let Some(dates) = dates {
                dates.finish(spec, sink);
            }
            if let Some(digits) = digits {
                digits.finish(spec, sink);
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

/// One column and what was seen of it.
struct Column<'s> {
    index: usize,
    spec: &'s ColumnSpec,
    dates: Option<date_column::DateColumn>,
    digits: Option<Box<leading_zeros::DigitColumn>>,
    /// Whether nothing is demanded of a value but that it is one.
    is_free: bool,
}

impl<'s> Column<'s> {
    fn new(index: usize, spec: &'s ColumnSpec) -> Self {
        let dates = (spec.format == Format::Date).then(Default::default);
        let digits = leading_zeros::DigitColumn::new(spec).map(Box::new);
        let is_open = matches!(spec.format, Format::Text | Format::Groups);
        let is_free = is_open && spec.max_length.is_none() && spec.code.is_none();
        Self { index, spec, dates, digits, is_free }
    }

    #[inline]
    fn judge(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        today: Option<Date>,
        sink: &mut dyn Sink,
    ) -> Soundness {
        let Some(field) = row.record.field(self.index) else { return Soundness::Sound };
        // Most values of most columns show by their first and last characters that they are
        // neither blank, padded, a placeholder nor damaged.
        if self.is_free && begins_and_ends_well(field.raw()) {
            return Soundness::Sound;
        }
        self.judge_closely(sheet, row, today, sink)
    }

    fn judge_closely(
        &mut self,
        sheet: &Sheet<'_>,
        row: &Row<'_>,
        today: Option<Date>,
        sink: &mut dyn Sink,
    ) -> Soundness {
        let Some(field) = row.record.field(self.index) else { return Soundness::Sound };
        let whole = field.value();
        let text = trim(&whole);
        let value = Value { sheet, row, index: self.index, spec: self.spec, text };
        if is_blank(text) {
            if self.spec.presence == Presence::Required {
                declared::required_empty(&value, sink);
            }
            return Soundness::Sound;
        }
        let is_spoilt = placeholder::check(&value, sink) == Soundness::Spoilt
            || damage::check(&value, sink) == Soundness::Spoilt;
        if is_spoilt {
            return Soundness::Spoilt;
        }
        if text.len() < whole.len() {
            damage::padded(&value, &whole, sink);
        }
        declared::check(&value, sink);
        if let Some(dates) = &mut self.dates {
            dates.record(&value, today, sink);
        }
        if let Some(digits) = &mut self.digits {
            digits.record(&value);
        }
        Soundness::Sound
    }
}

/// Whether a value is one, whatever stands between its ends: no placeholder starts with the first
/// character, and no white space, quote, formula or apostrophe is at either end.
#[inline]
fn begins_and_ends_well(raw: &[u8]) -> bool {
    let (Some(first), Some(last)) = (raw.first(), raw.last()) else { return false };
    first.is_ascii_alphanumeric()
        && !matches!(first, b'N' | b'n' | b'U' | b'u')
        && last.is_ascii_graphic()
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
