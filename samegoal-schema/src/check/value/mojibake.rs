//! Text that was read in the wrong encoding.

use super::{Noted, name};
use crate::check::context::RecordContext;
use crate::finding::{Message, Sink, report_many, rules};
use crate::schema::ColumnSpec;
use crate::text::encoding;
use crate::text::wording::plural;

rules! {
    /// Accented letters were read in the wrong encoding.
    ///
    /// ## Why it matters
    ///
    /// In UTF-8, `é` takes two bytes. A program that reads them as Windows-1252 turns them into two
    /// letters and writes those. The result is valid UTF-8, so no program complains, and the
    /// student's name has `Ã©` from then on. Where `U+FFFD` appears, the letter is lost altogether.
    ///
    /// In a file without any character beyond ASCII, a question mark after a letter in a name also
    /// counts: `Jos?`, `Mu?oz`. There, the export's encoding did not have the letter. Each such
    /// column is one finding. The rule checks the first 1,024 lines for these, and every 16th line
    /// after that.
    ///
    /// Only sequences that do not occur in real names count: capitalized names such as `JOÃO` and
    /// `KŘÍŽ` contain some of these letters legitimately. The rule also checks columns that the API
    /// does not know.
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
    /// Find the step that reads UTF-8 as something else. Examples: `Get-Content` in Windows
    /// PowerShell without `-Encoding UTF8`, a CSV file opened in Excel by double-clicking it and
    /// then saved, a database driver or `bcp` with the wrong code page. Fix that step, not the
    /// names. Also check whether the names are already wrong in the student information system.
    MOJIBAKE = "value/mojibake", Warning, ValueLost
        ; "in a date, or in a column with a published list of values": Error, ValueLost
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
                    .message(Message::default().hint(
                        Message::from("`").cell(cell(text)).text("` has lost a character"),
                        "this value has lost a character",
                    ))
                    .label("U+FFFD stands for a character that could not be read")
                    .help(
                        "The character is no longer in the file. Find the step that reads or writes \
                         in the wrong encoding, fix it, and export the file again.",
                    );
            }
            let repaired = encoding::repaired(text);
            let was = Message::from("`")
                .cell(cell(text))
                .text("` was most likely `")
                .cell(cell(&repaired))
                .text("` before it was read in the wrong encoding");
            let write = Message::from("write `").cell(cell(&repaired)).text("`");
            finding
                .message(Message::default().hint(was, "this value was read in the wrong encoding"))
                .label(Message::default().hint(write, "wrong encoding"))
                .help(
                    "Find the step that reads UTF-8 as Windows-1252: PowerShell without -Encoding \
                     UTF8, Excel after a double-click, a database driver's code page.",
                )
        });
    }
}

/// What stands for a letter that was lost.
pub(super) const LOST: u8 = b'?';

/// Whether a name has a question mark in place of a letter.
pub(super) fn has_lost_letter(text: &[u8]) -> bool {
    text.windows(2).any(|pair| matches!(pair, [letter, LOST] if letter.is_ascii_alphabetic()))
}

/// Reports the names in a column that have question marks in place of letters.
pub(super) fn lost_letters(spec: &ColumnSpec, seen: Noted, sink: &mut dyn Sink) {
    let Noted { count, first: Some(place) } = seen else { return };
    let (location, excerpt) = *place;
    report_many(sink, &MOJIBAKE, false, count, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(
                " has question marks in place of lost letters in {}",
                plural(count, "value")
            )))
            .label("lost letter")
            .help(
                "The file has no accented letter at all, so the export writes in an encoding \
                 without them. Set it to UTF-8.",
            )
    });
}

#[cfg(test)]
mod tests {
    use crate::testing::{
        findings, in_students, rules_broken as reported, shown, students, summary,
    };

    #[test]
    fn recognizes_text_that_was_read_in_the_wrong_encoding() {
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
            assert_eq!(reported(column, value), expected, "{column} {value:?}");
        }
        // Two defects in one record, each at its own place.
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
            let reported = in_students(&rows.iter().map(|row| &row[..]).collect::<Vec<_>>());
            assert_eq!(reported.join(" "), expected, "{names:?}");
        }
        // A question mark is normal in other columns.
        assert_eq!(reported("Address", "Oak St?"), "");
    }
}
