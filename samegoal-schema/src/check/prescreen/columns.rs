//! The prescreen of one column: a bit for each record whose value may have a finding.
//!
//! [`ValueCheck`](crate::check::value::ValueCheck) then checks the suspect values. It must have nothing
//! to report about a value that passes here.

use std::convert::identity;

use fearless_simd::Simd;

use crate::check::value::damage::{is_day_and_month, is_open_category};
use crate::check::value::date::Plausible;
use crate::check::value::leading_zeros::DigitColumn;
use crate::check::value::tally::{CodeTally, DateTally, ScreenedColumn, Tally};
use crate::csv::bits;
use crate::csv::block::{Block, Column, FieldEnds, Value};
use crate::csv::record::FIRST_OF_LETTER;
use crate::csv::simd;
use crate::schema::{Code, ColumnSpec, Format, Presence};
use crate::text::date::{Date, read_padded};
use crate::text::nothing::{WORD_LENGTHS, WORD_LETTERS};
use crate::text::short::ShortText;

/// What the values of a column must be.
pub(crate) struct ColumnScreen {
    index: usize,
    is_required: bool,
    /// How many bytes a value may have.
    longest: u32,
    kind: Kind,
}

enum Kind {
    /// Anything.
    Text,
    /// Letters and digits.
    Code,
    /// The same, with counts by the number of digits.
    CountedCode(Code),
    Date(Option<Plausible>),
    /// A text that is not a day of the year.
    Category,
    /// One of these short texts.
    OneOf(Box<ShortTexts>),
}

impl ColumnScreen {
    pub(crate) fn new(index: usize, spec: &ColumnSpec, today: Option<Date>) -> Self {
        let kind = match &spec.format {
            _ if is_open_category(spec) && spec.code.is_none() => Kind::Category,
            Format::Text | Format::Groups if spec.code.is_none() => Kind::Text,
            Format::Date => Kind::Date(Plausible::of(spec, today)),
            Format::OneOf(allowed) => {
                let words = allowed.iter().filter_map(|one| ShortText::new(one.as_bytes()));
                Kind::OneOf(Box::new(ShortTexts::new(words)))
            }
            _ if DigitColumn::counts(spec) => Kind::CountedCode(spec.code.unwrap_or(Code::Id)),
            Format::Text | Format::Groups | Format::Alphanumeric => Kind::Code,
        };
        Self {
            index,
            is_required: spec.presence == Presence::Required,
            longest: spec.max_length.unwrap_or(u32::MAX),
            kind,
        }
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
        let is_free = !self.is_required && self.longest == u32::MAX;
        if matches!(self.kind, Kind::Text) && is_free && unclean == 0 {
            return ScreenedColumn { suspects: 0, tally: Tally::Nothing };
        }
        let column = ends.column(block, self.index);
        let filled = column.longer(simd, 0) & block.all();
        let fitting = !column.longer(simd, self.longest);
        let counted = filled & fitting & !skipped;
        let (right, tally) = match &self.kind {
            Kind::Text => (texts(&column, u64::MAX, unclean), Tally::Nothing),
            Kind::Category => {
                let alike = column.longer(simd, 4) & !column.longer(simd, 6);
                let right = bits::set(alike).fold(u64::MAX, |right, record| {
                    let is_day = is_day_and_month(column.value(record as usize).text());
                    right & !(u64::from(is_day) << record)
                });
                (texts(&column, right, unclean), Tally::Nothing)
            }
            Kind::Code => {
                (texts(&column, all(&column, simd::alphanumeric_of), unclean), Tally::Nothing)
            }
            Kind::CountedCode(code) => {
                let mut right = texts(&column, all(&column, simd::alphanumeric_of), unclean);
                if *code == Code::Zip {
                    // Whether a short one is right depends on the state.
                    right &= !(column.longer(simd, 2) & !column.longer(simd, 4));
                }
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
        let right = right & fitting;
        let suspects = if self.is_required { !(right & filled) } else { filled & !right };
        ScreenedColumn { suspects: suspects & block.all(), tally }
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
    let (first, last, length) = (class(first), class(last), value.len());
    let may_be_word = first & WORD != 0 && WORD_LENGTHS.contains(&length);
    first & BEGINS != 0 && last & ENDS != 0 && !may_be_word
}

/// A value may begin with the byte, may end with it, and may be a null word if it begins with it: `NA`,
/// `N/A`, `NULL`, `None`, `nan` or `undefined`. The other null words begin like no text.
const BEGINS: u8 = 1;
const ENDS: u8 = 2;
const WORD: u8 = 4;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is less than 256")]
        let this = byte as u8;
        let begins = this.is_ascii_alphanumeric() || this == FIRST_OF_LETTER;
        let ends = this.is_ascii_graphic() || !this.is_ascii();
        let [one, other] = WORD_LETTERS;
        let small = this.to_ascii_lowercase();
        let word = small == one || small == other;
        #[expect(clippy::indexing_slicing, reason = "there are 256")]
        {
            classes[byte] = (BEGINS * begins as u8) | (ENDS * ends as u8) | (WORD * word as u8);
        }
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{findings, in_students, shown, students, summary};

    const COLUMNS: [&str; 19] = [
        "Student Id",
        "Last Name",
        "Middle Name",
        "First Name",
        "Date of Birth",
        "Gender",
        "District Enrollment",
        "Grade",
        "Address",
        "City",
        "State",
        "Zip",
        "District of Residence",
        "County of Residence",
        "District of Service",
        "Student Reporting Id",
        "Building",
        "Building Reporting Id",
        "SIS Internal ID",
    ];

    const VALUES: [&str; 110] = [
        "",
        " ",
        "\u{a0}",
        "a",
        "Z",
        "7",
        "0",
        "00",
        "-",
        "--",
        "---",
        "NA",
        "na",
        "N/A",
        "n/a",
        "NULL",
        "null",
        "Null",
        "None",
        "none",
        "nan",
        "NaN",
        "Nan",
        "undefined",
        "UNDEFINED",
        "Nguyen",
        "Noor",
        "Ngo",
        "Unger",
        "#N/A",
        "#REF!",
        "####",
        "#",
        "(null)",
        "(blank)",
        "(none)",
        " Okafor",
        "Okafor ",
        "Okafor\t",
        "José",
        "Éva",
        "André",
        "×",
        "’t Hooft",
        "'t Hooft",
        "'01001",
        "=A2",
        "=\"01001\"",
        "+1 937 555 0100",
        "1.23E+11",
        "1E+11",
        "12E4",
        "40913",
        "40913.5",
        "60001",
        "45402",
        "4540",
        "45402-1234",
        "45402-",
        "1001",
        "01001",
        "10-01",
        "12345678",
        "123456789",
        "1234567890123456",
        "12345678901234567",
        "12345678901234567890",
        "123456789012345678901",
        "A1234567",
        "a12345678901234567",
        "05/21/2012",
        "2012-05-21",
        "05-21-2012",
        "5/21/2012",
        "02/30/2012",
        "21/05/2012",
        "05/21/2112",
        "F",
        "male",
        "FEMALE",
        "ENROLLED",
        "Enrolled",
        "say \"hi\"",
        "a, b",
        "NIL",
        "nil",
        "N.A.",
        "<null>",
        "[NULL]",
        "<NA>",
        "\\N",
        "#ERROR!",
        "#SPILL!",
        "Loading...",
        "4.4E4",
        "4.4E-4",
        "101.0",
        "10,005",
        "12-Sep",
        "2-Jan",
        "Sep-12",
        "=-A2",
        "=01001",
        "05/21/2025",
        "05/21/1900",
        "05/21/1985",
        "GRADUATED",
        "O&#39;Brien",
        "C:\\Temp",
        "b'Ada'",
    ];

    #[test]
    fn finds_words_and_no_others() {
        let words =
            |count: usize| (0..count).map(|it| ShortText::new(format!("{it}").as_bytes()).unwrap());
        for count in 0..=MOST_TEXTS {
            // A word may be there twice.
            let known = ShortTexts::new(words(count).chain(words(count)));
            assert!(words(count).all(|word| known.has(word)), "{count}");
            assert!(words(300).skip(count).all(|word| !known.has(word)), "{count}");
        }
        let known = ShortTexts::new(words(300));
        assert!(words(MOST_TEXTS).all(|word| known.has(word)));
    }

    /// A record with a letter beyond western Europe is always checked as a whole.
    #[test]
    fn what_passes_has_nothing_wrong() {
        for column in COLUMNS {
            for value in VALUES {
                let found = |race: &str| {
                    let clean = [("Race", "B"), ("SIS Internal ID", "12345678")];
                    let last = [("Race", race), (column, value)];
                    let mut rows = vec![&clean[..]; 70];
                    rows.push(&last);
                    rows.push(&clean);
                    in_students(&rows)
                };
                assert_eq!(found("Bł"), found("B"), "{column} {value:?}");
            }
        }
    }

    /// Values that pass are counted in the same way as checked ones.
    #[test]
    fn what_passes_is_counted() {
        let column = |race: &str, column: &str, values: &[&str]| -> Vec<_> {
            let rows: Vec<_> = values.iter().map(|it| [("Race", race), (column, *it)]).collect();
            let csv = students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
            let found = findings(&[("students.csv", &csv)]);
            // How many there are of each form is in the messages.
            found.iter().map(|one| summary(one) + " " + &shown(&one.message)).collect()
        };
        let both = |name: &str, values: &[&str], expected: &str| {
            let found = column("B", name, values);
            assert_eq!(found, column("Bł", name, values), "{name}");
            assert!(found.iter().any(|one| one.starts_with(expected)), "{name} {found:?}");
        };
        let zips = [vec!["45402"; 90], vec!["4540"; 10]].concat();
        both("Zip", &zips, "value/lost-leading-zeros");
        let dates = [vec!["05/05/2012"; 90], vec!["2012-05-05"; 9]].concat();
        both("Date of Birth", &dates, "value/mixed-date-forms@92");
        let swapped = [vec!["05/05/2012"; 90], vec!["13/05/2012"; 3]].concat();
        both("Date of Birth", &swapped, "value/day-month-swapped@92");
        let order = [vec!["05/05/2012"; 90], vec!["05/13/2012"], vec!["13/05/2012"; 3]];
        both("Date of Birth", &order.concat(), "value/impossible-date@93");
    }
}
