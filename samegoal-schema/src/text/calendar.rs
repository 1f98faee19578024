//! Calendar dates in the four forms that the API accepts.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::short;

/// The forms in which a date may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateForm {
    /// `MM/DD/YYYY`
    MonthFirstSlash,
    /// `MM-DD-YYYY`
    MonthFirstDash,
    /// `YYYY/MM/DD`
    YearFirstSlash,
    /// `YYYY-MM-DD`
    YearFirstDash,
}

impl DateForm {
    /// The form as the API's page prints it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MonthFirstSlash => "MM/DD/YYYY",
            Self::MonthFirstDash => "MM-DD-YYYY",
            Self::YearFirstSlash => "YYYY/MM/DD",
            Self::YearFirstDash => "YYYY-MM-DD",
        }
    }
}

/// How many days each month has in most years, starting with none for 0.
const DAYS: [u8; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The year, from 1 to 9999.
    pub year: u16,
    /// The month, from 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// The day, if it exists.
    ///
    /// ```
    /// use samegoal_schema::text::calendar::Date;
    /// assert!(Date::new(2012, 2, 29).is_some());
    /// assert!(Date::new(2013, 2, 29).is_none());
    /// ```
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let days = DAYS.get(usize::from(month)).copied().unwrap_or_default();
        let is_leap_day = || {
            let is_leap =
                year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
            (month, day) == (2, 29) && is_leap
        };
        let exists = (1..=9999).contains(&year) && day > 0 && (day <= days || is_leap_day());
        exists.then_some(Self { year, month, day })
    }
}

/// As `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From any of the four forms.
impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        match read(text.as_bytes()) {
            Reading::Date { date, .. } => Ok(date),
            Reading::Impossible { .. } => {
                Err(D::Error::custom("a date does not exist in the calendar"))
            }
            Reading::Other => Err(D::Error::custom("a date is not in an accepted form")),
        }
    }
}

/// A value read as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A day that exists.
    Date {
        /// Which one.
        date: Date,
        /// How it is written.
        form: DateForm,
        /// Whether month and day have two digits each.
        is_padded: bool,
    },
    /// An accepted form, but a day that does not exist.
    Impossible {
        /// How it is written.
        form: DateForm,
        /// Whether the day exists if the day comes before the month.
        is_day_first: bool,
    },
    /// None of the accepted forms.
    Other,
}

/// Reads a value as a date. Month and day may have one digit or two.
///
/// ```
/// use samegoal_schema::text::calendar::{DateForm, Reading, read};
/// assert!(matches!(
///     read(b"1/5/2012"),
///     Reading::Date { form: DateForm::MonthFirstSlash, is_padded: false, .. }
/// ));
/// assert!(matches!(read(b"02/30/2012"), Reading::Impossible { .. }));
/// assert_eq!(read(b"5 Jan 2012"), Reading::Other);
/// ```
#[inline]
pub fn read(value: &[u8]) -> Reading {
    match read_padded(value) {
        Some((date, form)) => Reading::Date { date, form, is_padded: true },
        None => parse(value).unwrap_or(Reading::Other),
    }
}

/// Like [`read`], for the usual case: a day that exists, with two digits each.
#[inline]
pub(crate) fn read_padded(value: &[u8]) -> Option<(Date, DateForm)> {
    let value: &[u8; 10] = value.try_into().ok()?;
    let (first, last) = (value.first_chunk()?, value.last_chunk()?);
    let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    let [_, _, second, _, fourth, fifth, _, seventh] = first.to_le_bytes();
    let form = match (second, fifth, fourth, seventh) {
        (b'/', b'/', ..) => DateForm::MonthFirstSlash,
        (b'-', b'-', ..) => DateForm::MonthFirstDash,
        (_, _, b'-', b'-') => DateForm::YearFirstDash,
        (_, _, b'/', b'/') => DateForm::YearFirstSlash,
        _ => return None,
    };
    let (year, month, day) = match form {
        DateForm::MonthFirstSlash | DateForm::MonthFirstDash => (last >> 32, first, first >> 24),
        DateForm::YearFirstSlash | DateForm::YearFirstDash => (first, first >> 40, last >> 48),
    };
    let digits = year & 0xFFFF_FFFF | (month & 0xFFFF) << 32 | day << 48;
    let [century, year, month, day] = short::pairs_of_digits(digits)?;
    Some((Date::new(u16::from(century) * 100 + u16::from(year), month, day)?, form))
}

fn parse(value: &[u8]) -> Option<Reading> {
    let separator = *value.iter().find(|byte| !byte.is_ascii_digit())?;
    if !matches!(separator, b'/' | b'-') {
        return None;
    }
    let mut parts = value.split(|byte| *byte == separator);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let is_year_first = first.len() == 4;
    let (year, month, day) =
        if is_year_first { (first, second, third) } else { (third, first, second) };
    if year.len() != 4 || !matches!(month.len(), 1 | 2) || !matches!(day.len(), 1 | 2) {
        return None;
    }
    let form = match (is_year_first, separator) {
        (false, b'/') => DateForm::MonthFirstSlash,
        (false, _) => DateForm::MonthFirstDash,
        (true, b'/') => DateForm::YearFirstSlash,
        (true, _) => DateForm::YearFirstDash,
    };
    let is_padded = month.len() == 2 && day.len() == 2;
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    Some(match Date::new(year, month, day) {
        Some(date) => Reading::Date { date, form, is_padded },
        None => Reading::Impossible { form, is_day_first: Date::new(year, day, month).is_some() },
    })
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |number: u16, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u16::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_four_forms_and_nothing_else() {
        for (value, form) in [
            ("01/05/2012", DateForm::MonthFirstSlash),
            ("01-05-2012", DateForm::MonthFirstDash),
            ("2012/01/05", DateForm::YearFirstSlash),
            ("2012-01-05", DateForm::YearFirstDash),
        ] {
            let date = Date { year: 2012, month: 1, day: 5 };
            assert_eq!(
                read(value.as_bytes()),
                Reading::Date { date, form, is_padded: true },
                "{value}"
            );
        }
        for value in [
            "",
            "/",
            "01/05/12",
            "01/05-2012",
            "20120105",
            "1.5.2012",
            "01/05/2012 ",
            "01//2012",
            "2012-01-05T00:00:00",
            "001/05/2012",
            "01/05/02012",
            "-1/05/2012",
            "0x/05/2012",
            "01/05/2012/",
            "Jan 5, 2012",
            "٠١/٠٥/٢٠١٢",
        ] {
            assert_eq!(read(value.as_bytes()), Reading::Other, "{value}");
        }
    }

    #[test]
    fn knows_the_calendar() {
        for (value, is_day_first) in [
            ("02/30/2012", false),
            ("02/29/1900", false),
            ("00/10/2012", false),
            ("01/00/2012", false),
            ("01/01/0000", false),
            ("13/05/2012", true),
            ("2012-31-12", true),
        ] {
            assert!(
                matches!(read(value.as_bytes()), Reading::Impossible { is_day_first: found, .. } if found == is_day_first),
                "{value}"
            );
        }
        for value in ["02/29/2000", "2/29/2012", "12/31/9999"] {
            assert!(matches!(read(value.as_bytes()), Reading::Date { .. }), "{value}");
        }
    }
}
