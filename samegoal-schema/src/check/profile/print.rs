//! What is kept of a student to see what has changed in the next delivery: a few bits per column.
//!
//! Equal values always have the same print. Different values share a print by chance, at most as
//! often as the number of bits allows, which hardly affects a share of many students. The print
//! depends only on the value, so a report is the same each time.

use crate::schema::comparison::{Compared, Likeness};
use crate::text::calendar::{Date, Reading, read};
use crate::text::lookalike::normal;
use crate::text::whitespace::{is_whitespace, trim};

/// A value in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Print {
    /// Empty.
    Empty,
    /// It cannot be compared: it is damaged or a placeholder, and other checks report it.
    Unclear,
    /// Never 0.
    Of(u16),
}

/// The normal forms of words for "no value".
const FOR_NOTHING: [u64; 6] = [
    fingerprint(b"null"),
    fingerprint(b"na"),
    fingerprint(b"none"),
    fingerprint(b"blank"),
    fingerprint(b"undefined"),
    fingerprint(b"nan"),
];

/// Letters that a wrong encoding puts in place of others.
const GARBLED: [char; 4] = ['Ã', 'Â', '\u{FFFD}', '€'];

impl Compared {
    pub(super) fn print(&self, value: &[u8]) -> Print {
        if is_whitespace(value) {
            return Print::Empty;
        }
        let value = trim(value);
        let known = match self.likeness {
            Likeness::Day => day(value),
            Likeness::Gender => gender(value),
            Likeness::Text => letters(value).map(|print| self.fit(print)),
            Likeness::Code => code(value, b".").map(|print| self.fit(print)),
            Likeness::Zip => code(value, b".- ").map(|print| self.fit(print)),
        };
        known.map_or(Print::Unclear, Print::Of)
    }

    /// The kept bits, never 0.
    fn fit(&self, print: u64) -> u16 {
        let most = (1 << self.bits) - 1;
        u16::try_from(1 + print % most).unwrap_or(u16::MAX)
    }
}

/// The number of the day. Days before 1870 or after 2049 are not birthdays.
fn day(value: &[u8]) -> Option<u16> {
    let Reading::Date { date, .. } = read(value) else { return None };
    let before = |year: u32| year * 365 + year / 4 - year / 100 + year / 400;
    let days = |Date { year, month, day }| {
        // Years start in March, so that the leap day is last.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        before(u32::from(year)) + (u32::from(month) * 153 + 2) / 5 + u32::from(day)
    };
    let first = days(Date { year: 1870, month: 1, day: 1 });
    u16::try_from(days(date).checked_sub(first)? + 1).ok()
}

fn gender(value: &[u8]) -> Option<u16> {
    let is_one_of =
        |words: [&str; 4]| words.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    if is_one_of(["m", "male", "boy", "man"]) {
        Some(1)
    } else {
        is_one_of(["f", "female", "girl", "woman"]).then_some(2)
    }
}

fn letters(value: &[u8]) -> Option<u64> {
    let print = if value.is_ascii() {
        fingerprint(value)
    } else {
        let text = std::str::from_utf8(value).ok()?;
        if text.contains(GARBLED) {
            return None;
        }
        let normal = normal(text);
        if normal.is_empty() {
            return None;
        }
        return Some(normal.bytes().fold(START, mixed));
    };
    (print != START && !FOR_NOTHING.contains(&print)).then_some(print)
}

/// A code up to the first of the bytes that end it.
fn code(value: &[u8], ends: &[u8]) -> Option<u64> {
    let end = value.iter().position(|byte| ends.contains(byte)).unwrap_or(value.len());
    let whole = value.get(..end)?;
    let is_rounded = value.windows(2).any(|pair| matches!(pair, b"E+" | b"e+"));
    if is_rounded {
        return None;
    }
    let zeros = whole.iter().take_while(|byte| **byte == b'0').count();
    letters(whole.get(zeros..)?)
}

const START: u64 = 0xCBF2_9CE4_8422_2325;

/// The ASCII letters and digits in one number, regardless of case.
const fn fingerprint(mut value: &[u8]) -> u64 {
    let mut print = START;
    while let [byte, rest @ ..] = value {
        if byte.is_ascii_alphanumeric() {
            print = mixed(print, byte.to_ascii_lowercase());
        }
        value = rest;
    }
    print
}

#[inline]
const fn mixed(print: u64, byte: u8) -> u64 {
    // Mixes the low and high bits into the next step.
    (print.rotate_left(23) ^ byte as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The prints of all columns of one student and a number of up to 31.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Prints([u8; Self::BYTES]);

impl Prints {
    const BYTES: usize = 14;
    /// How many bits the number after the prints has.
    const NUMBER_BITS: u32 = 5;

    pub(super) const MOST: usize = (1 << Self::NUMBER_BITS) - 1;

    /// `prints` has one for each of `columns`, in the same order.
    pub(super) fn new(
        columns: &[Compared],
        prints: impl Iterator<Item = Print>,
        number: usize,
    ) -> Self {
        let mut bits = 0_u128;
        let mut shift = 0;
        for (column, print) in columns.iter().zip(prints) {
            if let Print::Of(print) = print {
                bits |= u128::from(print) << shift;
            }
            shift += column.bits;
        }
        bits |= (number.min(Self::MOST) as u128) << shift;
        let mut bytes = [0; Self::BYTES];
        bytes.iter_mut().zip(bits.to_le_bytes()).for_each(|(to, from)| *to = from);
        Self(bytes)
    }

    /// The print of each of `columns`, 0 if empty; and the number.
    pub(super) fn get(self, columns: &[Compared]) -> (impl Iterator<Item = u16>, usize) {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        let bits = u128::from_le_bytes(bytes);
        let total: u32 = columns.iter().map(|column| column.bits).sum();
        let mut rest = bits;
        let prints = columns.iter().map(move |column| {
            let print = rest & ((1 << column.bits) - 1);
            rest >>= column.bits;
            u16::try_from(print).unwrap_or_default()
        });
        (prints, usize::try_from(bits >> total).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Role;
    use crate::schema::api::COMPARED;

    fn column(likeness: Likeness, bits: u32) -> Compared {
        Compared { name: "", likeness, role: Role::Data, bits }
    }

    #[test]
    fn values_that_count_as_the_same_have_one_print() {
        use Likeness::{Code, Day, Gender, Text, Zip};
        for (likeness, one, other, is_same) in [
            (Text, "José", "JOSE", true),
            (Text, "O'Brien-Smith", "obrien smith", true),
            (Text, "Muller", "Müller", true),
            (Text, "Nuñez", "Nun\u{303}ez", true),
            (Text, "Okafor", "Okafore", false),
            (Text, "ab", "ba", false),
            (Text, "王", "李", false),
            (Day, "05/21/2012", "2012-05-21", true),
            (Day, "5/21/2012", "2012/05/21", true),
            (Day, "05/21/2012", "05/22/2012", false),
            (Gender, "M", "male", true),
            (Gender, "f", "Girl", true),
            (Gender, "M", "F", false),
            (Code, "00123", "123", true),
            (Code, "88201", "88201.0", true),
            (Code, "88201", "88202", false),
            (Zip, "45402-1234", "45402", true),
            (Zip, "02139", "2139", true),
            (Zip, "45402", "45403", false),
        ] {
            let column = column(likeness, 16);
            let print = |value: &str| column.print(value.as_bytes());
            assert!(matches!(print(one), Print::Of(1..)), "{one}");
            assert_eq!(print(one) == print(other), is_same, "{one} {other}");
        }
    }

    #[test]
    fn what_other_checks_report_is_not_compared() {
        use Likeness::{Code, Day, Gender, Text};
        for (likeness, value) in [
            (Text, "NULL"),
            (Text, "n/a"),
            (Text, "--"),
            (Text, "JosÃ©"),
            (Text, "Jos\u{FFFD}"),
            (Day, "41050"),
            (Day, "02/30/2012"),
            (Day, "01/01/1066"),
            (Gender, "X"),
            (Gender, "1"),
            (Code, "9.00E+08"),
            (Code, "000"),
        ] {
            assert_eq!(column(likeness, 16).print(value.as_bytes()), Print::Unclear, "{value}");
        }
        assert_eq!(column(Text, 16).print(b"Jos\xE9"), Print::Unclear);
        assert_eq!(column(Text, 16).print("\u{a0} ".as_bytes()), Print::Empty);
    }

    #[test]
    fn days_follow_one_another() {
        let day = |text: &str| day(text.as_bytes()).unwrap();
        assert_eq!(day("1870-01-01"), 1);
        for (one, next) in [
            ("2012-02-28", "2012-02-29"),
            ("2012-02-29", "2012-03-01"),
            ("1999-12-31", "2000-01-01"),
            ("2100-02-28", "2100-03-01"),
            ("1900-02-28", "1900-03-01"),
        ] {
            if next < "2049" {
                assert_eq!(day(one) + 1, day(next), "{one}");
            }
        }
        assert_eq!(day("2012-05-21") - day("2011-05-21"), 366);
    }

    #[test]
    fn prints_are_kept_side_by_side() {
        let used: u32 = COMPARED.iter().map(|column| column.bits).sum();
        assert!(used + Prints::NUMBER_BITS <= 8 * u32::try_from(Prints::BYTES).unwrap());
        for number in [0, 1, 13, Prints::MOST] {
            let greatest = |column: &Compared| u16::try_from((1_u32 << column.bits) - 1).unwrap();
            for only in 0..=COMPARED.len() {
                let expected: Vec<_> = (0..)
                    .zip(&COMPARED)
                    .map(|(at, column)| if at == only { 0 } else { greatest(column) })
                    .collect();
                let given = expected.iter().map(|print| match print {
                    0 => Print::Empty,
                    print => Print::Of(*print),
                });
                let prints = Prints::new(&COMPARED, given, number);
                let (kept, kept_number) = prints.get(&COMPARED);
                assert_eq!((kept.collect::<Vec<_>>(), kept_number), (expected, number));
            }
        }
    }

    #[test]
    fn few_others_have_the_same_print_by_chance() {
        for bits in [6, 8, 16] {
            let column = column(Likeness::Text, bits);
            let print = |text: &str| column.print(text.as_bytes());
            let same = (0..10_000).filter(|number| {
                print(&format!("{number} Oak St")) == print(&format!("{} Elm St", number + 1))
            });
            let expected = 10_000 >> bits;
            assert!(same.count() <= expected * 3 / 2 + 3, "{bits}");
        }
    }
}
