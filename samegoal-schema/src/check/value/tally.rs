//! What the prescreen of a block found in one column.

use fearless_simd::Simd;

use crate::csv::bits;
use crate::csv::block::Column;
use crate::text::calendar::{Date, DateForm};

/// What the prescreen found in the values of one column in a block.
pub(crate) struct ScreenedColumn {
    /// The records whose value is suspect, a bit for each.
    pub(crate) suspects: u64,
    /// What the other values add to those before.
    pub(crate) tally: Tally,
}

/// What a column counts.
pub(crate) enum Tally {
    Nothing,
    Codes(CodeTally),
    Dates(DateTally),
}

/// Codes by their number of digits.
#[derive(Default)]
pub(crate) struct CodeTally {
    pub(crate) lengths: Vec<LengthTally>,
    /// How many have anything other than digits.
    pub(crate) others: u64,
}

/// Codes of one length.
pub(crate) struct LengthTally {
    pub(crate) length: u32,
    pub(crate) count: u64,
    /// A bit for each digit that a code begins with.
    pub(crate) first_digits: u16,
}

/// Dates by their form.
#[derive(Default)]
pub(crate) struct DateTally(pub(crate) [FormTally; 4]);

#[derive(Clone, Copy, Default)]
pub(crate) struct FormTally {
    pub(crate) days: u64,
    /// Whether the day of one of them shows which number is the month.
    pub(crate) is_telling: bool,
}

impl CodeTally {
    /// Counts `codes` values of a column; `digits` of them are numbers.
    #[inline(always)]
    pub(crate) fn of<S: Simd>(simd: S, column: &Column<'_>, codes: u64, digits: u64) -> Self {
        let mut lengths = Vec::new();
        let mut left = codes & digits;
        while let Some(first) = bits::set(left).next() {
            let length = column.length(first as usize);
            let alike = left & column.longer(simd, length - 1) & !column.longer(simd, length);
            let first_digit = |record: u32| column.value(record as usize).ends().map(|(it, _)| it);
            let digits = bits::set(alike).filter_map(first_digit);
            lengths.push(LengthTally {
                length,
                count: alike.count_ones().into(),
                first_digits: digits.fold(0, |seen, digit| seen | 1 << digit.wrapping_sub(b'0')),
            });
            left &= !(alike | 1 << first);
        }
        Self { lengths, others: (codes & !digits).count_ones().into() }
    }
}

impl DateTally {
    #[inline]
    pub(crate) fn day(&mut self, form: DateForm, date: Date) {
        if let Some(form) = self.0.get_mut(form as usize) {
            form.days += 1;
            form.is_telling |= date.day > 12;
        }
    }
}
