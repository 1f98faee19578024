//! Text that was read in the wrong encoding.

use super::escaped::values;
use super::{Noted, name};
use crate::check::context::RecordContext;
use crate::finding::rules;
use crate::finding::{Message, Sink, report_many};
use crate::schema::ColumnSpec;
use crate::text::encoding;

rules! {
    /// Accented letters were read in the wrong encoding.
    ///
    /// ## Why it matters
    ///
    /// `é` is two bytes in UTF-8. A program that takes them for Windows-1252 makes two letters of them,
    /// and writes those. The file is good UTF-8 afterwards, so no program objects, and the student is
    /// called `Ã©` from then on. Where `U+FFFD` stands, a letter was lost altogether.
    ///
    /// In a file without one character beyond ASCII, a question mark behind a letter of a name counts as
    /// well: `Jos?`, `Mu?oz`. There letters were lost that the export's encoding does not have. Each column
    /// is one finding then. The first 1,024 lines are looked at, and of the others every 16th.
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
    /// ## How to fix it
    ///
    /// Look for the step that reads UTF-8 as something else: `Get-Content` in Windows PowerShell without
    /// `-Encoding UTF8`, a CSV file opened in Excel by a double click and saved, a database driver or
    /// `bcp` with the wrong code page. Mend the step, not the names; but look whether the student
    /// information system itself has them wrong.
    MOJIBAKE = "value/mojibake", Warning, ValueLost
        ; "in a date or one of a list of values": Error, ValueLost
        ; "in a `Student Id`": Error, RecordLost;
}

/// Reports the fields of a record, known or not, whose text was read in the wrong encoding.
pub(super) fn check(context: &mut RecordContext<'_>) {
    let RecordContext { header, record, .. } = *context;
    for (index, field) in record.fields().enumerate() {
        if field.raw().is_ascii() || context.damaged.contains(index) {
            continue;
        }
        let value = field.value();
        let Ok(text) = std::str::from_utf8(&value) else { continue };
        let is_lost = text.contains('\u{fffd}');
        if !is_lost && !encoding::is_garbled(text) {
            continue;
        }
        context.damaged.fields.push(index);
        context.at_field(&MOJIBAKE, header.weight_of_characters(index), index, |finding| {
            let cell = |text: &str| header.cell(index, text.as_bytes());
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

/// Whether a name holds a question mark in place of a letter.
pub(super) fn has_lost_letter(text: &[u8]) -> bool {
    text.windows(2).any(|pair| matches!(pair, [letter, b'?'] if letter.is_ascii_alphabetic()))
}

/// Reports the names of a column that hold question marks for letters.
pub(super) fn lost_letters(spec: &ColumnSpec, seen: Noted, sink: &mut dyn Sink) {
    let Noted { count, first: Some(place) } = seen else { return };
    let (location, excerpt) = *place;
    report_many(sink, &MOJIBAKE, false, count, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(
                " holds question marks for letters that were lost: {}",
                values(count)
            )))
            .label("a letter is lost")
            .help(
                "The file has no accented letter at all, so the export writes an encoding without them. \
                 Set it to UTF-8.",
            )
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{findings, in_students, rules_broken as told, shown, students, summary};

    #[test]
    fn tells_text_that_was_read_in_the_wrong_encoding() {
        const IT: &str = "value/mojibake";
        for (column, value, expected) in [
            ("Last Name", "PeÃ±a", IT),
            ("Last Name", "Ã\u{81}lvarez", IT),
            ("Last Name", "Oâ€™Brien", IT),
            ("Last Name", "Pe\u{fffd}a", IT),
            ("Last Name", "OkaforÂ\u{a0}", IT),
            ("Student Id", "ï»¿1001", "value/mojibake!"),
            ("Gender", "ï»¿F", "value/mojibake!"),
            ("Last Name", "Peña", ""),
            ("Last Name", "CONCEIÇÃO", ""),
            ("Last Name", "KŘÍŽ", ""),
            ("Last Name", "D’André", ""),
            ("Last Name", "Pe\u{81}a", "csv/control-character"),
        ] {
            assert_eq!(told(column, value), expected, "{column} {value:?}");
        }
        // Two defects of one record, each where it is.
        let record = [("Last Name", "PeÃ±a"), ("First Name", "Ada\u{81}")];
        assert_eq!(
            in_students(&[&record]),
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
    fn knows_letters_that_were_lost() {
        for (names, expected) in [
            (&["Mu?oz", "Jos?", "Okafor"][..], "value/mojibake@2 Last Name"),
            (&["Okafor", "Nguy?n"], "value/mojibake@3 Last Name"),
            (&["Mu?oz", "José"], ""),
            (&["Mu?oz", "Šimůnek"], ""),
            (&["?", "? ", "12?"], "value/padded@3 Last Name"),
        ] {
            let rows: Vec<_> = names.iter().map(|name| [("Last Name", *name)]).collect();
            let told = in_students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
            assert_eq!(told.join(" "), expected, "{names:?}");
        }
        // Questions are asked elsewhere.
        assert_eq!(told("Address", "Oak St?"), "");
    }
}
