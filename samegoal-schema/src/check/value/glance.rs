//! Whether values are right, told at a glance: column by column, and without a word about those
//! that are not.
//!
//! Nearly every value of nearly every file is right. So all that is asked here is whether it is so
//! beyond doubt, which takes a few instructions; a value in doubt is looked at
//! [closely](super::Column::judge). A value that passes here is one that has nothing wrong there.
//!
//! Nothing is remembered from one stretch to the next, so several may be looked at side by side.
//! What a column counts is handed over with what was seen.

use super::date::Plausible;
use super::leading_zeros::DigitColumn;
use crate::bits;
use crate::date::{Date, DateForm, read_padded};
use crate::model::{ColumnSpec, Format, Presence};
use crate::record::FIRST_OF_LETTER;
use crate::stretch::{Stretch, Value};
use crate::word::Word;

/// What the values of a column are to be.
pub(crate) struct Expectation {
    index: usize,
    is_required: bool,
    /// How many bytes a value may have.
    longest: usize,
    kind: Kind,
}

enum Kind {
    /// Anything.
    Text,
    /// Letters and digits.
    Code,
    /// The same, of which it matters how many of them have how many digits.
    CountedCode,
    Date(Option<Plausible>),
    /// One of these, as far as they are short.
    OneOf(Vec<Word>),
}

/// What was seen of the values of one column in a stretch.
pub(crate) struct Glance {
    /// The records whose value is in doubt, a bit for each.
    pub(super) doubts: u64,
    /// What the others have in common with those before.
    pub(super) tally: Tally,
}

/// What a column counts.
pub(super) enum Tally {
    Nothing,
    Codes(Box<CodeTally>),
    Dates(DateTally),
}

/// How many digits the longest code has that is counted by its length.
pub(super) const MOST_DIGITS: usize = 20;

/// Codes by their number of digits, beginning with one.
#[derive(Default)]
pub(super) struct CodeTally {
    pub(super) lengths: [LengthTally; MOST_DIGITS],
    /// How many hold anything but digits.
    pub(super) others: u64,
}

#[derive(Clone, Copy, Default)]
pub(super) struct LengthTally {
    pub(super) count: u64,
    /// A bit for each digit that one begins with.
    pub(super) first_digits: u16,
}

/// Dates by their form.
#[derive(Default)]
pub(super) struct DateTally(pub(super) [FormTally; 4]);

#[derive(Clone, Copy, Default)]
pub(super) struct FormTally {
    pub(super) days: u64,
    /// Whether one of them shows by its day which number is the month.
    pub(super) is_telling: bool,
}

impl CodeTally {
    #[inline]
    fn digits(&mut self, digits: &[u8]) {
        let length = digits.len().checked_sub(1).and_then(|at| self.lengths.get_mut(at));
        if let (Some(length), Some(first)) = (length, digits.first()) {
            length.count += 1;
            length.first_digits |= 1 << (first - b'0');
        }
    }
}

impl DateTally {
    #[inline]
    fn day(&mut self, form: DateForm, date: Date) {
        if let Some(form) = self.0.get_mut(form as usize) {
            form.days += 1;
            form.is_telling |= date.day > 12;
        }
    }
}

impl Expectation {
    pub(super) fn new(index: usize, spec: &ColumnSpec, today: Option<Date>) -> Self {
        let kind = match &spec.format {
            Format::Text | Format::Groups if spec.code.is_none() => Kind::Text,
            Format::Date => Kind::Date(Plausible::of(spec, today)),
            Format::OneOf(allowed) => {
                Kind::OneOf(allowed.iter().filter_map(|one| Word::new(one.as_bytes())).collect())
            }
            _ if DigitColumn::counts(spec) => Kind::CountedCode,
            Format::Text | Format::Groups | Format::Alphanumeric => Kind::Code,
        };
        Self {
            index,
            is_required: spec.presence == Presence::Required,
            longest: spec.max_length.map_or(usize::MAX, |longest| longest as usize),
            kind,
        }
    }

    /// Looks at the values of a stretch. Those of the `skipped` records are not counted; those of all
    /// but the `untidy` ones begin and end as texts do.
    pub(crate) fn glance(&self, stretch: &Stretch<'_>, skipped: u64, untidy: u64) -> Glance {
        let longest = self.longest;
        let is_counted = |record: usize| skipped >> record & 1 == 0;
        match &self.kind {
            Kind::Text => {
                let doubts = self.doubts_of_texts(stretch, untidy);
                Glance { doubts, tally: Tally::Nothing }
            }
            Kind::Code => {
                let doubts = self.doubts(stretch, |_, value| code(value, longest).is_some());
                Glance { doubts, tally: Tally::Nothing }
            }
            Kind::CountedCode => {
                let mut codes = Box::<CodeTally>::default();
                let doubts = self.doubts(stretch, |record, value| {
                    match code(value, longest) {
                        None => return false,
                        Some(_) if !is_counted(record) => {}
                        Some(Code::Digits) => codes.digits(value.text()),
                        Some(Code::Other) => codes.others += 1,
                    }
                    true
                });
                Glance { doubts, tally: Tally::Codes(codes) }
            }
            Kind::Date(plausible) => {
                let mut dates = DateTally::default();
                let doubts = self.doubts(stretch, |record, value| {
                    let Some((date, form)) = read_padded(value.text()) else { return false };
                    let is_plausible = plausible.is_none_or(|plausible| plausible.holds(date));
                    if is_plausible && is_counted(record) {
                        dates.day(form, date);
                    }
                    is_plausible
                });
                Glance { doubts, tally: Tally::Dates(dates) }
            }
            Kind::OneOf(allowed) => {
                let doubts = self.doubts(stretch, |_, value| {
                    let word = value.word().filter(|_| value.len() <= longest);
                    word.is_some_and(|word| allowed.contains(&word))
                });
                Glance { doubts, tally: Tally::Nothing }
            }
        }
    }

    /// As [`doubts`](Self::doubts), of texts. Of those that may be empty and of any length, only
    /// the ones of untidy records are to be looked at.
    fn doubts_of_texts(&self, stretch: &Stretch<'_>, untidy: u64) -> u64 {
        if self.is_required || self.longest < usize::MAX {
            return self.doubts(stretch, |record, value| {
                value.len() <= self.longest && (untidy >> record & 1 == 0 || is_text(value))
            });
        }
        bits::set(untidy).fold(0, |doubts, record| {
            let value = stretch.value(record as usize, self.index);
            doubts | u64::from(!value.is_empty() && !is_text(value)) << record
        })
    }

    /// The values that are there and not right, or not there and required.
    #[inline]
    fn doubts<'a>(
        &self,
        stretch: &Stretch<'a>,
        mut is_right: impl FnMut(usize, Value<'a>) -> bool,
    ) -> u64 {
        bits::of(stretch.column(self.index).enumerate().map(|(record, value)| {
            let is_sure =
                if value.is_empty() { !self.is_required } else { is_right(record, value) };
            !is_sure
        }))
    }
}

/// Whether something is a text by its ends: no white space, quote, formula or apostrophe is there,
/// and it is no word for nothing. Not asked of characters but those of harmless records.
#[inline]
pub(crate) fn is_text(value: Value<'_>) -> bool {
    let Some((first, last)) = value.ends() else { return false };
    let class = |byte: u8| CLASSES.get(usize::from(byte)).copied().unwrap_or_default();
    let (first, last, length) = (class(first), class(last), value.len());
    let may_be_word = first & WORD != 0 && WORD_LENGTHS.contains(&length);
    first & BEGINS != 0 && last & ENDS != 0 && !may_be_word
}

/// What something is that is right as a code.
enum Code {
    Digits,
    /// Letters and digits, and no word for nothing.
    Other,
}

#[inline]
fn code(value: Value<'_>, longest: usize) -> Option<Code> {
    let word = value.word().filter(|_| value.len() <= longest)?;
    if word.is_digits() {
        return Some(Code::Digits);
    }
    (word.is_alphanumeric() && is_text(value)).then_some(Code::Other)
}

/// A value may begin with it, may end with it, and may be a word for nothing if it begins with it:
/// `NA`, `N/A`, `NULL`, `None`, `nan` or `undefined`. The others begin with nothing that a text does.
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

/// The letters that the words for nothing begin with, small or capital.
pub(crate) const WORD_LETTERS: [u8; 2] = [b'n', b'u'];

/// How long the words for nothing are.
pub(crate) const WORD_LENGTHS: [usize; 4] = [2, 3, 4, 9];

#[cfg(test)]
mod tests {
    use crate::testing::in_students;

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

    const VALUES: [&str; 84] = [
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
    ];

    /// A record with a letter that is none of western Europe's is never merely glanced at.
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

    /// What is only counted is counted in the same way.
    #[test]
    fn what_passes_is_counted() {
        let column = |race: &str, column: &str, values: &[&str]| {
            let rows: Vec<_> = values.iter().map(|it| [("Race", race), (column, *it)]).collect();
            in_students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>())
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
