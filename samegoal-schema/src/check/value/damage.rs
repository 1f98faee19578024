//! Values that were damaged on the way.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::screen::{Part, Screen};
use super::{Soundness, Value};
use crate::finding::{Cure, Sink, TRIM_VALUE, Variant, cured, rules};
use crate::schema::{ColumnSpec, Content, Format, Presence};
use crate::text::whitespace::is_trimmed;

rules! {
    /// A value has whitespace before or after it.
    ///
    /// ## Why it matters
    ///
    /// In CSV, spaces are part of the value. An id or a building name with a trailing space looks
    /// right but does not match anything.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001 ,Okafor                         wrong: a space after the id
    /// 1001,Okafor                          right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Trim the value in the export: `TRIM(student_id)`, or `RTRIM` if the database column has a
    /// fixed width (`CHAR`). No-break spaces, often pasted from a web page, need their own
    /// replacement: `REPLACE(name, NCHAR(160), '')`.
    PADDED = "value/padded", Warning, Suspicious;

    /// A spreadsheet has changed a value.
    ///
    /// ## Why it matters
    ///
    /// Excel treats ids as numbers and dates as days since 1900. It saves to CSV what it displays:
    /// of `123456789012`, only `1.23E+11` is left. The other digits are gone for good.
    ///
    /// The rule reports these values:
    ///
    /// - In columns of ids, codes and ZIP codes: `1.23E+11`, `4.4E4`, `101.0`, `10,005`, and an
    ///   apostrophe before digits.
    /// - In columns of dates: a bare number of days (10000 to 60000), and an apostrophe.
    /// - In columns of codes and grades: `12-Sep`, which was `9-12`.
    /// - Everywhere: a formula such as `=A2` or `="001000"`, and the `####` of a narrow cell.
    ///
    /// In a required column, a column of dates or a `Student Id`, SameGoal cannot load the value,
    /// so it is an error there. Other problems in the same value are not reported again.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1.23E+11,40913                       wrong: an id and a date of birth
    /// 123456789012,01/05/2012              right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Deliver the file exactly as the system exported it. Do not open and save it in a
    /// spreadsheet. If it has to go through Excel, import it with Data > From Text/CSV with ids as
    /// Text, and give dates the format `yyyy-mm-dd`. In pandas, read ids with `dtype=str`.
    SPREADSHEET_DAMAGE = "value/spreadsheet-damage", Warning, ValueLost
        ; "in a required column or a date column": Error, ValueLost
        ; "in a `Student Id`": Error, RecordLost;
}

/// A code that is not published may be a day of the year. What else a spreadsheet makes of a value
/// begins as no text does, or consists of more than letters and digits.
pub(super) fn part(spec: &ColumnSpec) -> Part {
    let days = Screen { lengths: DAY_AND_MONTH, is_suspect: is_day_and_month };
    Part { check: None, screen: is_open_category(spec).then_some(days) }
}

/// Checks whether a spreadsheet changed a value.
pub(super) fn check(value: &Value<'_>, sink: &mut dyn Sink) -> Soundness {
    match damage(value.text, value.spec) {
        None => Soundness::Sound,
        Some(damage) => {
            damaged(value, damage, sink);
            if undone(value.text).is_some() { Soundness::Damaged } else { Soundness::Lost }
        }
    }
}

/// The value before a spreadsheet changed it, if that can be recovered.
pub(crate) fn undone(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    match text {
        [b'\'', before @ ..] | [b'=', b'"', before @ .., b'"'] => Some(before.into()),
        [b'=', before @ ..] if is_number(before) => Some(before.into()),
        _ if is_whole_number(text) => text.split(|byte| *byte == b'.').next().map(Cow::Borrowed),
        _ if is_with_separators(text) => {
            Some(text.iter().copied().filter(u8::is_ascii_digit).collect())
        }
        _ => None,
    }
}

/// Reports whitespace around a value.
pub(super) fn padded(value: &Value<'_>, whole: &[u8], sink: &mut dyn Sink) {
    let cure = is_trimmed(whole, value.text).then(|| Cure::of(&TRIM_VALUE));
    cured(sink, cure, |sink| report_padding(value, whole, sink));
}

fn report_padding(value: &Value<'_>, whole: &[u8], sink: &mut dyn Sink) {
    value.report(sink, &PADDED, |finding| {
        let kind =
            if whole.is_ascii() { "whitespace" } else { "a no-break or other special space" };
        let side = if whole.starts_with(value.text) { " after" } else { " before" };
        finding
            .message(value.name().text(" has ").text(kind).text(side).text(" its value"))
            .label("trim")
            .help(
                "In CSV, spaces are part of the value, so this value does not match anything. Use \
                 TRIM() in the export's query.",
            )
    });
}

/// How a spreadsheet can change a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    Exponent,
    WholeNumber,
    Separators,
    DayNumber,
    DayAndMonth,
    Formula,
    Apostrophe,
    TooNarrow,
}

pub(super) fn damage(text: &[u8], spec: &ColumnSpec) -> Option<Damage> {
    let (first, rest) = text.split_first()?;
    let (is_code, is_date) = (spec.code.is_some(), spec.format == Format::Date);
    match first {
        b'=' if rest.first().is_some_and(|byte| begins_formula(*byte)) => Some(Damage::Formula),
        b'#' if rest.len() >= 3 && rest.iter().all(|byte| *byte == b'#') => Some(Damage::TooNarrow),
        b'\'' if (is_code || is_date) && rest.first().is_some_and(u8::is_ascii_digit) => {
            Some(Damage::Apostrophe)
        }
        b'0'..=b'9' if is_code && is_with_exponent(text) => Some(Damage::Exponent),
        b'0'..=b'9' if is_code && is_whole_number(text) => Some(Damage::WholeNumber),
        b'1'..=b'9' if is_code && is_with_separators(text) => Some(Damage::Separators),
        b'1'..=b'6' if is_date && is_day_number(text) => Some(Damage::DayNumber),
        _ if (is_code || is_open_category(spec)) && is_day_and_month(text) => {
            Some(Damage::DayAndMonth)
        }
        _ => None,
    }
}

fn begins_formula(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'"' | b'(' | b'+' | b'-' | b'@')
}

/// Whether a column holds codes that are not published, including grades.
pub(crate) fn is_open_category(spec: &ColumnSpec) -> bool {
    spec.content == Content::Category && spec.format == Format::Text
}

/// Whether it is a number such as `1.23E+11`. `12E4` may be an id, so a number without a fraction
/// must have the sign.
fn is_with_exponent(text: &[u8]) -> bool {
    let Some((_, rest)) = text.split_first() else { return false };
    let Some(mark) = rest.iter().position(|byte| matches!(byte, b'E' | b'e')) else { return false };
    let (fraction, exponent) = rest.split_at(mark);
    let (is_signed, exponent) = match exponent {
        [_, b'+', digits @ ..] => (true, digits),
        [_, b'-', digits @ ..] | [_, digits @ ..] => (false, digits),
        [] => return false,
    };
    let is_fraction = match fraction {
        [b'.' | b',', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        [] => is_signed,
        _ => false,
    };
    is_fraction && is_number(exponent)
}

/// Whether it is a whole number with an empty fraction, such as `101.0`.
fn is_whole_number(text: &[u8]) -> bool {
    let Some(point) = text.iter().position(|byte| *byte == b'.') else { return false };
    let (digits, fraction) = text.split_at(point);
    is_number(digits)
        && fraction.len() > 1
        && fraction.get(1..).is_some_and(|zeros| zeros.iter().all(|byte| *byte == b'0'))
}

/// Whether it is a number with thousands separators, such as `10,005`.
fn is_with_separators(text: &[u8]) -> bool {
    let mut groups = text.split(|byte| *byte == b',');
    let is_first = groups.next().is_some_and(|group| group.len() <= 3 && is_number(group));
    let mut count = 0;
    is_first
        && groups.inspect(|_| count += 1).all(|group| group.len() == 3 && is_number(group))
        && count > 0
}

/// How long that is what a spreadsheet shows for a day or a month.
const DAY_AND_MONTH: RangeInclusive<usize> = 5..=6;

/// Whether it is what a spreadsheet displays for a day, such as `12-Sep`, or for a month, such as
/// `Sep-12`.
fn is_day_and_month(text: &[u8]) -> bool {
    const MONTHS: [&[u8; 3]; 12] = [
        b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov",
        b"Dec",
    ];
    let is_month = |name: &[u8]| MONTHS.iter().any(|month| name == *month);
    if !DAY_AND_MONTH.contains(&text.len()) {
        return false;
    }
    match text {
        [digits @ .., b'-', one, two, three] if is_month(&[*one, *two, *three]) => {
            digits.len() <= 2 && is_number(digits)
        }
        [one, two, three, b'-', digits @ ..] if is_month(&[*one, *two, *three]) => {
            digits.len() == 2 && is_number(digits)
        }
        _ => false,
    }
}

/// Whether it is a spreadsheet's number for a day within the last hundred years or so, with or
/// without a time of day.
fn is_day_number(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |byte| *byte == b'.');
    let days = parts.next().unwrap_or_default();
    days.len() == 5
        && is_number(days)
        && matches!(days, [b'1'..=b'5', ..] | b"60000")
        && parts.next().is_none_or(is_number)
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// How severe a damaged value in this column is.
fn variant(spec: &ColumnSpec) -> Variant {
    if spec.key || spec.references.is_some() {
        Variant::exception(1)
    } else {
        (spec.presence == Presence::Required || spec.format == Format::Date).into()
    }
}

fn damaged(value: &Value<'_>, damage: Damage, sink: &mut dyn Sink) {
    let Value { header, record, index, spec, .. } = *value;
    header.at_field(sink, &SPREADSHEET_DAMAGE, variant(spec), record, index, |finding| {
        let (what, label, help) = match damage {
            Damage::Exponent => (
                "which is a spreadsheet's short form of a longer number",
                "the digits are lost",
                "The other digits are no longer in the file. Export it again and do not save it in a \
                 spreadsheet, or import the column there as Text.",
            ),
            Damage::WholeNumber => (
                "which is a code that a program treated as a number",
                "remove the fraction",
                "The fraction is not part of the code, and leading zeros may be lost too. Export it \
                 again, and keep the column as text all the way. In pandas: dtype=str.",
            ),
            Damage::Separators => (
                "which is a code in a spreadsheet's format for numbers",
                "remove the separators",
                "The separators are not part of the code. Export it again and do not save it in a \
                 spreadsheet, or import the column there as Text.",
            ),
            Damage::DayAndMonth => (
                "which a spreadsheet makes from a code such as 9-12",
                "a day of the year",
                "The code itself is no longer in the file. Export it again and do not save it in a \
                 spreadsheet, or import the column there as Text.",
            ),
            Damage::DayNumber => (
                "which is a spreadsheet's number for a day",
                "days since 1900",
                "SameGoal does not read such a number as a date. Give the column the format \
                 yyyy-mm-dd before you save as CSV.",
            ),
            Damage::Formula => (
                "which is a formula, not its result",
                "a formula",
                "A formula works only in a spreadsheet. Save its result, or import the column as \
                 Text instead of writing =\"...\" around it.",
            ),
            Damage::Apostrophe => (
                "with the apostrophe that makes it text in a spreadsheet",
                "an apostrophe",
                "In a CSV file, the apostrophe is part of the value. Leave it out of the export.",
            ),
            Damage::TooNarrow => (
                "which a spreadsheet displays in a cell that is too narrow",
                "the value is lost",
                "The value is not in the file. Save as CSV instead of copying what is displayed.",
            ),
        };
        let message = value.name().text(" is `").cell(value.cell()).text("`, ").text(what);
        finding.message(message).label(label).help(help)
    });
}

#[cfg(test)]
mod tests {
    use super::undone;
    use crate::testing::{findings, rules_broken as reported, shown, students};

    #[test]
    fn recognizes_what_spreadsheets_do() {
        const IT: &str = "value/spreadsheet-damage";
        const ERROR: &str = "value/spreadsheet-damage!";
        for (column, value, expected) in [
            ("Student Id", "1.23E+11", ERROR),
            ("Student Id", "1E+11", ERROR),
            ("Student Id", "1,23457e+19", ERROR),
            ("Student Id", "4.4E4", ERROR),
            ("Student Id", "4.4E-4", ERROR),
            ("Student Id", "1001.0", ERROR),
            ("Student Id", "10,005", ERROR),
            ("Student Id", "1,010,005", ERROR),
            ("Student Id", "2-Jan", ERROR),
            ("Student Id", "10,05", "value/bad-character"),
            ("Student Id", "1001.5", "value/bad-character"),
            ("Student Id", "1001.", "value/bad-character"),
            ("Student Reporting Id", "1.23E+11", IT),
            ("Student Reporting Id", "7001.000000", IT),
            ("Building Reporting Id", "101.0", ERROR),
            ("Building Reporting Id", "2-Jan", ERROR),
            ("Zip", "4.54E+08", IT),
            ("Zip", "45,402", IT),
            ("Student Id", "12E4", ""),
            ("Student Id", "1E11", ""),
            ("SIS Internal ID", "1E-11", ""),
            ("SIS Internal ID", "E.E", ""),
            ("SIS Internal ID", "1.E", ""),
            ("SIS Internal ID", ",001", ""),
            ("Student Reporting Id", "12.3E+1", ""),
            ("Address", "1.23E+11", ""),
            ("Address", "101.0", ""),
            ("Grade", "12-Sep", IT),
            ("Grade", "Sep-12", IT),
            ("Grade", "8-May", IT),
            ("Grade", "9-12", ""),
            ("Grade", "12-SEP", ""),
            ("Grade", "K-Sep", ""),
            ("Grade", "112-Sep", ""),
            ("Grade", "9.0", ""),
            ("Address", "12-Sep", ""),
            ("Date of Birth", "40913", ERROR),
            ("Date of Birth", "40913.5", ERROR),
            ("Date of Birth", "60001", "value/bad-date"),
            ("Date of Birth", "2012", "value/bad-date"),
            ("Date of Birth", "12-Sep", "value/bad-date"),
            ("Date of Birth", "'05/21/2012", ERROR),
            ("Zip", "60000", ""),
            ("Student Id", "'01001", ERROR),
            ("Last Name", "'t Hooft", ""),
            ("Address", "'12 Oak St", ""),
            ("Student Id", "=\"01001\"", ERROR),
            ("Student Id", "=01001", ERROR),
            ("Last Name", "=A2", ERROR),
            ("City", "=VLOOKUP(A2", IT),
            ("City", "=A2", IT),
            ("City", "=-A2", IT),
            ("Address", "= 12", ""),
            ("Address", "=", ""),
            ("Address", "+1 937 555 0100", ""),
            ("Address", "@home", ""),
            ("Date of Birth", "########", ERROR),
            ("Grade", "####", IT),
            ("Grade", "#", ""),
        ] {
            assert_eq!(reported(column, value), expected, "{column} {value:?}");
        }
    }

    #[test]
    fn undoes_what_shows() {
        for (damaged, before) in [
            ("'01001", Some("01001")),
            ("=\"01001\"", Some("01001")),
            ("=01001", Some("01001")),
            ("1001.00", Some("1001")),
            ("10,005", Some("10005")),
            ("9.00E+08", None),
            ("####", None),
            ("=A2", None),
            ("1001", None),
        ] {
            let undone = undone(damaged.as_bytes());
            assert_eq!(undone.as_deref(), before.map(str::as_bytes), "{damaged}");
        }
    }

    #[test]
    fn reports_padding() {
        for (value, expected) in [
            ("Okafor ", "`Last Name` has whitespace after its value"),
            (" Okafor", "`Last Name` has whitespace before its value"),
            (" Okafor ", "`Last Name` has whitespace before its value"),
            ("Okafor\u{a0}", "`Last Name` has a no-break or other special space after its value"),
        ] {
            let csv = students(&[&[("Last Name", value)]]);
            let found = findings(&[("students.csv", &csv)]);
            assert_eq!(shown(&found[0].message), expected);
            assert_eq!((found.len(), found[0].rule.name), (1, "value/padded"));
        }
    }
}
