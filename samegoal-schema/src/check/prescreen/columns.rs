//! The prescreen of one column: a bit for each record whose value may have a finding.
//!
//! [`ValueCheck`](crate::check::value::ValueCheck) then checks the suspect values. It must have nothing
//! to report about a value that passes here.

use std::convert::identity;

use fearless_simd::Simd;

use crate::check::value::date::Plausible;
use crate::check::value::leading_zeros::DigitColumn;
use crate::check::value::rules;
use crate::check::value::screen::Screen;
use crate::check::value::tally::{CodeTally, DateTally, ScreenedColumn, Tally};
use crate::csv::block::{Block, Column, FieldEnds, Value};
use crate::csv::record::FIRST_OF_LETTER;
use crate::csv::{bits, simd};
use crate::schema::{ColumnSpec, Format};
use crate::text::calendar::{Date, read_padded};
use crate::text::null_words;
use crate::text::short::ShortText;

/// What the values of a column must be.
pub(crate) struct ColumnScreen {
    index: usize,
    kind: Kind,
    /// What the rules do not let pass in it.
    screens: Vec<Screen>,
}

enum Kind {
    /// Anything.
    Text,
    /// Letters and digits.
    Code,
    /// The same, with counts by the number of digits.
    CountedCode,
    Date(Option<Plausible>),
    /// One of these short texts.
    OneOf(Box<ShortTexts>),
}

impl ColumnScreen {
    pub(crate) fn new(index: usize, spec: &ColumnSpec, today: Option<Date>) -> Self {
        let kind = match (&spec.format, spec.code) {
            (Format::Date, _) => Kind::Date(Plausible::of(spec, today)),
            (Format::OneOf(allowed), _) => {
                let words = allowed.iter().filter_map(|one| ShortText::new(one.as_bytes()));
                Kind::OneOf(Box::new(ShortTexts::new(words)))
            }
            (Format::Text | Format::Groups, None) => Kind::Text,
            (Format::Text | Format::Groups, Some(_)) | (Format::Alphanumeric, _) => {
                if DigitColumn::counts(spec) {
                    Kind::CountedCode
                } else {
                    Kind::Code
                }
            }
        };
        Self { index, kind, screens: rules::parts(spec).filter_map(|part| part.screen).collect() }
    }

    /// Screens the values of a block. Values of `skipped` records are not counted. Values of records that
    /// are not `unclean` begin and end like texts.
    #[inline(always)]
    pub(crate) fn screen<S: Simd>(
        &self,
        simd: S,
        block: &Block<'_>,
        ends: &FieldEnds,
        skipped: u64,
        unclean: u64,
    ) -> ScreenedColumn {
        if matches!(self.kind, Kind::Text) && self.screens.is_empty() && unclean == 0 {
            return ScreenedColumn { suspects: 0, tally: Tally::Nothing };
        }
        let column = ends.column(block, self.index);
        let filled = column.longer(simd, 0) & block.all();
        let mut suspects = 0;
        for Screen { lengths, is_suspect } in &self.screens {
            let alike = bits::set(column.within(simd, lengths) & block.all());
            suspects |= alike.fold(0, |suspects, record| {
                suspects | u64::from(is_suspect(column.value(record as usize).text())) << record
            });
        }
        let counted = filled & !suspects & !skipped;
        let (right, tally) = match &self.kind {
            Kind::Text => (texts(&column, u64::MAX, unclean), Tally::Nothing),
            Kind::Code => {
                (texts(&column, all(&column, simd::alphanumeric_of), unclean), Tally::Nothing)
            }
            Kind::CountedCode => {
                let right = texts(&column, all(&column, simd::alphanumeric_of), unclean);
                let digits = all(&column, simd::digits_of);
                (right, Tally::Codes(CodeTally::of(simd, &column, right & counted, digits)))
            }
            Kind::Date(plausible) => {
                let mut dates = DateTally::default();
                let right = bits::of(column.values().enumerate().map(|(record, value)| {
                    let Some((date, form)) = read_padded(value.text()) else { return false };
                    let is_plausible = plausible.is_none_or(|plausible| plausible.holds(date));
                    if is_plausible && counted >> record & 1 == 1 {
                        dates.day(form, date);
                    }
                    is_plausible
                }));
                (right, Tally::Dates(dates))
            }
            Kind::OneOf(allowed) => {
                let is_allowed =
                    |value: Value<'_>| value.short_text().is_some_and(|it| allowed.has(it));
                (bits::of(column.values().map(is_allowed)), Tally::Nothing)
            }
        };
        ScreenedColumn { suspects: suspects | filled & !right, tally }
    }
}

/// Which of these values are texts, a bit for each. In records with clean edges all are.
#[inline(always)]
fn texts(column: &Column<'_>, which: u64, unclean: u64) -> u64 {
    bits::set(which & unclean).fold(which, |texts, record| {
        texts & !(u64::from(!is_text(column.value(record as usize))) << record)
    })
}

/// Which values have up to sixteen bytes and only such as `which` picks, a bit for each.
#[inline(always)]
fn all(column: &Column<'_>, which: impl Fn([u8; 16]) -> u64) -> u64 {
    bits::of(column.values().map(|value| value.is_all(&which)))
}

/// A perfect hash table of short texts: each is found by one comparison.
struct ShortTexts {
    list: Vec<ShortText>,
    /// Where in the list a text is, by its [`mixed`](ShortText::mixed) number: no two have the same.
    positions: [u8; 256],
    factor: u64,
}

/// With more texts, two have the same number for nearly any factor. Texts beyond are suspect.
const MOST_TEXTS: usize = 48;

impl ShortTexts {
    fn new(words: impl Iterator<Item = ShortText>) -> Self {
        let mut list = Vec::new();
        for word in words.take(MOST_TEXTS) {
            if !list.contains(&word) {
                list.push(word);
            }
        }
        loop {
            let factors = (1..1000).map(|number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let words = factors.map(|factor| Self::with(&list, factor)).find_map(identity);
            if let Some(words) = words {
                return words;
            }
            list.pop();
        }
    }

    /// `None` if two texts have the same number with this factor.
    fn with(list: &[ShortText], factor: u64) -> Option<Self> {
        let mut words = Self { list: list.to_vec(), positions: [u8::MAX; 256], factor };
        for (position, word) in (0..).zip(list) {
            let taken = words.positions.get_mut(word.mixed(factor))?;
            if *taken != u8::MAX {
                return None;
            }
            *taken = position;
        }
        Some(words)
    }

    #[inline(always)]
    fn has(&self, word: ShortText) -> bool {
        let position = self.positions.get(word.mixed(self.factor));
        let known = position.and_then(|position| self.list.get(usize::from(*position)));
        known == Some(&word)
    }
}

/// Whether a value is a text by its edges: no white space, quote, formula or apostrophe, and no null
/// word. Only for records with western characters.
#[inline]
pub(crate) fn is_text(value: Value<'_>) -> bool {
    let Some((first, last)) = value.ends() else { return false };
    let class = |byte: u8| CLASSES.get(usize::from(byte)).copied().unwrap_or_default();
    class(first) & BEGINS != 0
        && class(last) & ENDS != 0
        && null_words::word(value.text()).is_none()
}

/// A text may begin with it, or may end with it.
const BEGINS: u8 = 1;
const ENDS: u8 = 2;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is less than 256")]
        let this = byte as u8;
        let begins = this.is_ascii_alphanumeric() || this == FIRST_OF_LETTER;
        let ends = this.is_ascii_graphic() || !this.is_ascii();
        #[expect(clippy::indexing_slicing, reason = "there are 256")]
        {
            classes[byte] = (BEGINS * begins as u8) | (ENDS * ends as u8);
        }
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests;
