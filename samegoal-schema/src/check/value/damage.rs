//! Values that something happened to on their way.

use super::{Soundness, Value};
use crate::check::bytes::Spoilt;
use crate::encoding;
use crate::finding::{Message, Sink};
use crate::model::{ColumnSpec, Format};
use crate::rule::rules;
use crate::sheet::{Row, Sheet};

rules! {
    /// A value has white space before or after it.
    ///
    /// ## Why it matters
    ///
    /// Blanks are part of a value in CSV. An id or a building name with a blank behind it looks right
    /// and equals nothing.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001 ,Okafor                         wrong: a blank behind the id
    /// 1001,Okafor                          right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Trim the value in the export: `TRIM(student_id)`, or `RTRIM` where the database column has a
    /// fixed width (`CHAR`). A no-break space, often pasted from a web page, has to be replaced by name:
    /// `REPLACE(name, NCHAR(160), '')`.
    PADDED = "value/padded", Warning, Suspicious;

    /// A spreadsheet has made something else of a value.
    ///
    /// ## Why it matters
    ///
    /// Excel takes ids for numbers and dates for days since 1900. What it shows is what it saves as
    /// CSV: of `123456789012` only `1.23E+11` is left, and the other digits are gone for good.
    ///
    /// Such an exponent counts in columns of ids and ZIP codes, a bare number of days (10000 to 60000)
    /// in columns of dates, an apostrophe before digits in both, and everywhere a formula (`=` and a
    /// letter or quote) and the `####` of a cell that is too narrow.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1.23E+11,40913                       wrong: an id and a date of birth
    /// 123456789012,01/05/2012              right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Deliver the file as the system exported it, without opening and saving it in a spreadsheet. If
    /// it has to go through Excel, import it by Data > From Text/CSV with ids as Text, and give dates
    /// the format `yyyy-mm-dd`.
    SPREADSHEET_DAMAGE = "value/spreadsheet-damage", Warning, ValueLost;

    /// Accented letters were read in the wrong encoding.
    ///
    /// ## Why it matters
    ///
    /// `é` is two bytes in UTF-8. A program that takes them for Windows-1252 makes two letters of them,
    /// and writes those. The file is good UTF-8 afterwards, so no program objects, and the student is
    /// called `Ã©` from then on. Where `U+FFFD` stands, a letter was lost altogether.
    ///
    /// Sequences count that nobody writes: names in capitals, such as `JOÃO` and `KŘÍŽ`, hold some of
    /// these letters in good order. Columns that the API does not know are looked at, too.
    ///
    /// ## Example
    ///
    /// ```text
    /// PeÃ±a                                wrong
    /// Peña                                 right
    /// ```
    ///
    /// ## How to mend it
    ///
    /// Look for the step that reads UTF-8 as something else: `Get-Content` in Windows PowerShell without
    /// `-Encoding UTF8`, a CSV file opened in Excel by a double click and saved, a database driver or
    /// `bcp` with the wrong code page. Mend the step, not the names; but look whether the student
    /// information system itself has them wrong.
    MOJIBAKE = "value/mojibake", Warning, ValueLost;
}

/// Judges whether a spreadsheet has made something else of a value.
pub(super) fn check(value: &Value<'_>, sink: &mut dyn Sink) -> Soundness {
    match damage(value.text, value.spec) {
        None => Soundness::Sound,
        Some(damage) => {
            damaged(value, damage, sink);
            Soundness::Spoilt
        }
    }
}

/// Reports white space round a value.
pub(super) fn padded(value: &Value<'_>, whole: &[u8], sink: &mut dyn Sink) {
    value.report(sink, &PADDED, |finding| {
        let kind =
            if whole.is_ascii() { "white space" } else { "a no-break or other special space" };
        let side = if whole.starts_with(value.text) { " after" } else { " before" };
        finding
            .message(value.name().text(" has ").text(kind).text(side).text(" its value"))
            .label("trim")
            .help(
                "Blanks are part of a value in CSV, so this one equals nothing that it should \
                 equal. Use TRIM() in the export's query.",
            )
    });
}

/// What a spreadsheet can make of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    Exponent,
    DayNumber,
    Formula,
    Apostrophe,
    TooNarrow,
}

pub(super) fn damage(text: &[u8], spec: &ColumnSpec) -> Option<Damage> {
    let (first, rest) = text.split_first()?;
    let (is_code, is_date) = (spec.code.is_some(), spec.format == Format::Date);
    match first {
        b'=' if rest.first().is_some_and(|next| next.is_ascii_alphabetic() || *next == b'"') => {
            Some(Damage::Formula)
        }
        b'#' if rest.len() >= 3 && rest.iter().all(|byte| *byte == b'#') => Some(Damage::TooNarrow),
        b'\'' if (is_code || is_date) && rest.first().is_some_and(u8::is_ascii_digit) => {
            Some(Damage::Apostrophe)
        }
        b'0'..=b'9' if is_code && is_with_exponent(text) => Some(Damage::Exponent),
        b'1'..=b'6' if is_date && is_day_number(text) => Some(Damage::DayNumber),
        _ => None,
    }
}

/// Whether it is a number such as `1.23E+11`. The sign is always written; `12E4` may be an id.
fn is_with_exponent(text: &[u8]) -> bool {
    let Some(plus) = text.iter().position(|byte| *byte == b'+') else { return false };
    let (Some(mantissa), Some(exponent)) = (text.get(..plus), text.get(plus + 1..)) else {
        return false;
    };
    let Some((b'E' | b'e', [_, fraction @ ..])) = mantissa.split_last() else { return false };
    let fraction = match fraction {
        [b'.' | b',', digits @ ..] => digits,
        whole => return whole.is_empty() && is_number(exponent),
    };
    fraction.iter().all(u8::is_ascii_digit) && is_number(exponent)
}

/// Whether it is a number of days that makes a day of the last hundred years or so, with or without
/// a time of day.
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

fn damaged(value: &Value<'_>, damage: Damage, sink: &mut dyn Sink) {
    value.report(sink, &SPREADSHEET_DAMAGE, |finding| {
        let (what, label, help) = match damage {
            Damage::Exponent => (
                "which is a spreadsheet's short form of a longer number",
                "the digits are lost",
                "The other digits are not in the file any more. Export it again and do not save it \
                 in a spreadsheet, or import the column there as Text.",
            ),
            Damage::DayNumber => (
                "which is a spreadsheet's number for a day",
                "days since 1900",
                "SameGoal takes no such number for a date. Give the column the format yyyy-mm-dd \
                 before you save as CSV.",
            ),
            Damage::Formula => (
                "which is a formula and not its result",
                "a formula",
                "A formula means something only within a spreadsheet. Save its result, or import \
                 the column as Text instead of writing =\"...\" round it.",
            ),
            Damage::Apostrophe => (
                "with the apostrophe that makes it text in a spreadsheet",
                "an apostrophe",
                "In a CSV file the apostrophe is a part of the value. Leave it out in the export.",
            ),
            Damage::TooNarrow => (
                "which is what a spreadsheet shows in a cell that is too narrow",
                "the value is lost",
                "The value is not in the file. Save as CSV rather than copying what is shown.",
            ),
        };
        let message = value.name().text(" is `").cell(value.cell()).text("`, ").text(what);
        finding.message(message).label(label).help(help)
    });
}

/// Reports the fields of a record, known or not, whose text was read in the wrong encoding.
pub(super) fn garbled(sheet: &Sheet<'_>, row: &Row<'_>, spoilt: &mut Spoilt, sink: &mut dyn Sink) {
    for (index, field) in row.record.fields().enumerate() {
        if field.raw().is_ascii() || spoilt.contains(index) {
            continue;
        }
        let value = field.value();
        let Ok(text) = std::str::from_utf8(&value) else { continue };
        let is_lost = text.contains('\u{fffd}');
        if !is_lost && !encoding::is_garbled(text) {
            continue;
        }
        spoilt.fields.push(index);
        sheet.at_field(sink, &MOJIBAKE, false, row, index, |finding| {
            let cell = |text: &str| sheet.cell(index, text.as_bytes());
            if is_lost {
                return finding
                    .message(Message::from("`").cell(cell(text)).text("` has lost a character"))
                    .label("U+FFFD stands for a character that could not be read")
                    .help(
                        "The character is not in the file any more. Find the step that reads or \
                         writes in the wrong encoding, and export the file again.",
                    );
            }
            let mended = encoding::mended(text);
            finding
                .message(
                    Message::from("`")
                        .cell(cell(text))
                        .text("` was most likely `")
                        .cell(cell(&mended))
                        .text("` before it was read in the wrong encoding"),
                )
                .label(Message::from("write `").cell(cell(&mended)).text("`"))
                .help(
                    "Find the step that takes UTF-8 for Windows-1252: PowerShell without -Encoding \
                     UTF8, Excel by a double click, a database driver's code page.",
                )
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_students, rules_broken as told, shown, students, summary};

    #[test]
    fn tells_what_spreadsheets_do() {
        const IT: &str = "value/spreadsheet-damage";
        for (column, value, expected) in [
            ("Student Id", "1.23E+11", IT),
            ("Student Id", "1E+11", IT),
            ("Student Id", "1,23457e+19", IT),
            ("Student Reporting Id", "1.23E+11", IT),
            ("Zip", "4.54E+08", IT),
            ("Student Id", "12E4", ""),
            ("Student Id", "1E11", ""),
            ("Student Reporting Id", "12.3E+1", ""),
            ("Address", "1.23E+11", ""),
            ("Date of Birth", "40913", IT),
            ("Date of Birth", "40913.5", IT),
            ("Date of Birth", "60001", "value/bad-date"),
            ("Date of Birth", "2012", "value/bad-date"),
            ("Date of Birth", "'05/21/2012", IT),
            ("Zip", "60000", ""),
            ("Student Id", "'01001", IT),
            ("Last Name", "'t Hooft", ""),
            ("Address", "'12 Oak St", ""),
            ("Student Id", "=\"01001\"", IT),
            ("City", "=VLOOKUP(A2", IT),
            ("City", "=A2", IT),
            ("Address", "= 12", ""),
            ("Address", "=", ""),
            ("Address", "+1 937 555 0100", ""),
            ("Address", "@home", ""),
            ("Date of Birth", "########", IT),
            ("Grade", "####", IT),
            ("Grade", "#", ""),
        ] {
            assert_eq!(told(column, value), expected, "{column} {value:?}");
        }
    }

    #[test]
    fn tells_text_that_was_read_in_the_wrong_encoding() {
        const IT: &str = "value/mojibake";
        for (column, value, expected) in [
            ("Last Name", "PeÃ±a", IT),
            ("Last Name", "Ã\u{81}lvarez", IT),
            ("Last Name", "Oâ€™Brien", IT),
            ("Last Name", "Pe\u{fffd}a", IT),
            ("Last Name", "OkaforÂ\u{a0}", IT),
            ("Student Id", "ï»¿1001", IT),
            ("Gender", "ï»¿F", IT),
            ("Last Name", "Peña", ""),
            ("Last Name", "CONCEIÇÃO", ""),
            ("Last Name", "KŘÍŽ", ""),
            ("Last Name", "D’André", ""),
            ("Last Name", "Pe\u{81}a", "csv/control-character"),
        ] {
            assert_eq!(told(column, value), expected, "{column} {value:?}");
        }
        // Two defects of one record, each where it is.
        let row = [("Last Name", "PeÃ±a"), ("First Name", "Ada\u{81}")];
        assert_eq!(
            in_students(&[&row]),
            ["csv/control-character@2 First Name", "value/mojibake@2 Last Name"]
        );
        let csv = students(&[&[("Last Name", "PeÃ±a")]]);
        let found = findings(&[("students.csv", &csv)]);
        assert_eq!(
            shown(&found[0].message),
            "`PeÃ±a` was most likely `Peña` before it was read in the wrong encoding"
        );
        let guardians = "Student Id,Guardian\n1001,MarÃ\u{ad}a\n";
        let found = findings(&[("guardians.csv", guardians)]);
        assert_eq!(found.iter().map(summary).collect::<Vec<_>>(), ["value/mojibake@2 Guardian"]);
    }

    #[test]
    fn tells_padding() {
        for (value, expected) in [
            ("Okafor ", "`Last Name` has white space after its value"),
            (" Okafor", "`Last Name` has white space before its value"),
            (" Okafor ", "`Last Name` has white space before its value"),
            ("Okafor\u{a0}", "`Last Name` has a no-break or other special space after its value"),
        ] {
            let csv = students(&[&[("Last Name", value)]]);
            let found = findings(&[("students.csv", &csv)]);
            assert_eq!(shown(&found[0].message), expected);
            assert_eq!((found.len(), found[0].rule.name), (1, "value/padded"));
        }
    }
}
