//! Whether values are right, told at a glance: column by column, and without a word about those
//! that are not.
//!
//! Nearly every value of nearly every file is right. So all that is asked here is whether it is so
//! beyond doubt, which takes a few instructions; a value in doubt is looked at
//! [closely](Column::judge). A value that passes here is one that has nothing wrong there.

use super::{Column, Kind};
use crate::date::{Reading, read};
use crate::model::Presence;
use crate::stretch::{Stretch, Value};

impl Column<'_> {
    /// The records whose value is in doubt, a bit for each. The others are counted where the column
    /// counts something, but for those of `skipped`.
    pub(super) fn glance(&mut self, stretch: &Stretch<'_>, skipped: u64) -> u64 {
        let values = stretch.column(self.index).enumerate();
        let is_required = self.spec.presence == Presence::Required;
        let longest = self.spec.max_length.map_or(usize::MAX, |longest| longest as usize);
        let is_counted = |record: usize| skipped >> record & 1 == 0;
        match &mut self.kind {
            Kind::Text => doubts(values, is_required, |_, value| is_text(value, longest)),
            Kind::Code(None) => {
                doubts(values, is_required, |_, value| is_code(value, longest).is_some())
            }
            Kind::Code(Some(counts)) => doubts(values, is_required, |record, value| {
                let code = is_code(value, longest).filter(|_| is_counted(record));
                code.is_some_and(|code| match code {
                    Code::Digits => counts.count_digits(value.text()),
                    Code::Other => counts.count(value.text()),
                })
            }),
            Kind::Date(dates) => {
                doubts(values, is_required, |record, value| match read(value.text()) {
                    Reading::Date { date, form, is_padded: true } => {
                        is_counted(record) && dates.count(form, date)
                    }
                    _ => false,
                })
            }
            Kind::OneOf(allowed) => doubts(values, is_required, |_, value| {
                let word = value.word().filter(|_| value.len() <= longest);
                word.is_some_and(|word| allowed.contains(&word))
            }),
        }
    }
}

/// The values that are there and not right, or not there and required.
#[inline]
fn doubts<'a>(
    values: impl Iterator<Item = (usize, Value<'a>)>,
    is_required: bool,
    mut is_right: impl FnMut(usize, Value<'a>) -> bool,
) -> u64 {
    values.fold(0, |doubts, (record, value)| {
        let is_sure = if value.is_empty() { !is_required } else { is_right(record, value) };
        doubts | u64::from(!is_sure) << record
    })
}

/// Whether something is a text by its ends: no white space, quote, formula or apostrophe is there,
/// and it is no word for nothing. Not asked of characters but those of harmless records.
#[inline]
fn is_text(value: Value<'_>, longest: usize) -> bool {
    let Some((first, last)) = value.ends() else { return false };
    let class = |byte: u8| CLASSES.get(usize::from(byte)).copied().unwrap_or_default();
    let (first, last, length) = (class(first), class(last), value.len());
    let may_be_word = (first & WORD != 0) & matches!(length, 2..=4 | 9);
    (first & BEGINS != 0) & (last & ENDS != 0) & (length <= longest) & !may_be_word
}

/// What something is that is right as a code.
enum Code {
    Digits,
    /// Letters and digits, and no word for nothing.
    Other,
}

#[inline]
fn is_code(value: Value<'_>, longest: usize) -> Option<Code> {
    let word = value.word().filter(|_| value.len() <= longest)?;
    if word.is_digits() {
        return Some(Code::Digits);
    }
    (word.is_alphanumeric() && is_text(value, longest)).then_some(Code::Other)
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
        let word = matches!(this, b'N' | b'n' | b'U' | b'u');
        #[expect(clippy::indexing_slicing, reason = "there are 256")]
        {
            classes[byte] = BEGINS * begins as u8 | ENDS * ends as u8 | WORD * word as u8;
        }
        byte += 1;
    }
    classes
};

/// The first byte of the letters of western Europe, none of which is white space.
const FIRST_OF_LETTER: u8 = 0xC3;

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
