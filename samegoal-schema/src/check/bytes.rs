//! Bytes that do not belong in a text file.

use std::ops::Range;

use crate::check::binding::BoundHeader;
use crate::check::context::DamagedFields;
use crate::csv::{Record, bom};
use crate::finding::{
    CONVERT_ENCODING, Cell, Cure, DROP_BOM, Location, Message, Privacy, Sink, Variant, cured,
    report, rules,
};
use crate::schema::Content;
use crate::text::{encoding, wording};

rules! {
    /// The file has bytes that are not UTF-8.
    ///
    /// ## Why it matters
    ///
    /// The file uses an older encoding, where `é` is a different byte than in UTF-8. Names arrive
    /// with question marks in them, or SameGoal rejects the file.
    ///
    /// In a `Student Id`, a date, `Gender` or `District Enrollment` this is an error: with such a
    /// byte, the value is not one that SameGoal knows. Each record is one finding, at its first
    /// such byte, as severe as its worst value.
    ///
    /// ## Example
    ///
    /// ```text
    /// Jos<E9>                               wrong: Windows-1252
    /// Jos<C3><A9>                           right: UTF-8
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Write the file as UTF-8:
    ///
    /// - Excel: save as "CSV UTF-8 (Comma delimited)".
    /// - PowerShell 7: `Export-Csv -Encoding utf8NoBOM`.
    /// - Python: `open(path, "w", encoding="utf-8", newline="")`.
    /// - SQL Server: `bcp ... -c -C 65001`.
    /// - Oracle: set `NLS_LANG=.AL32UTF8`.
    INVALID_UTF8 = "csv/invalid-utf8", Warning, ValueLost
        ; "in a date, or in a column with a published list of values": Error, ValueLost
        ; "in a `Student Id`": Error, RecordLost;

    /// The file starts with a byte-order mark.
    ///
    /// ## Why it matters
    ///
    /// A program that does not expect these three bytes reads them as part of the first header, so
    /// the column is no longer named `Student Id`. Whether SameGoal expects them is not published.
    ///
    /// ## Example
    ///
    /// ```text
    /// <EF><BB><BF>Student Id,Last Name      doubtful
    /// Student Id,Last Name                  right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// - PowerShell 7: `Export-Csv -Encoding utf8NoBOM`.
    /// - Windows PowerShell 5: `[IO.File]::WriteAllLines($path, $lines)`.
    /// - Python: use `utf-8` instead of `utf-8-sig`.
    /// - Excel always writes the mark with "CSV UTF-8".
    ///
    /// If the file has two marks, a program read the first mark as text and then wrote its own.
    /// Make that program read the file as "UTF-8 with BOM": `utf-8-sig` in Python.
    BOM = "csv/byte-order-mark", Warning, Suspicious;

    /// The file has NUL bytes.
    ///
    /// ## Why it matters
    ///
    /// Text never has NUL bytes. They come from a full disk, an interrupted transfer or a
    /// fixed-length database column. Many programs stop reading at the first one.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor<NUL><NUL><NUL>            wrong
    /// 1001,Okafor                           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// If they are at the end of the file, run the export again with enough disk space. If they are
    /// inside values, strip them in the query: `REPLACE(name, CHAR(0), '')`.
    NUL = "csv/nul-byte", Error, FileIgnored;

    /// A value contains an invisible character.
    ///
    /// ## Why it matters
    ///
    /// A value with a zero-width or control character looks right but does not match anything. Some
    /// of these characters also change how the text around them is displayed.
    ///
    /// In a `Student Id`, a date, `Gender` or `District Enrollment` this is an error, because
    /// SameGoal cannot load the value. Other problems in the same value are not reported again.
    ///
    /// ## Example
    ///
    /// ```text
    /// Oka<U+200B>for                        wrong: a zero-width space, from a web page
    /// Okafor                                right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Retype the value in the student information system; do not paste it. A byte-order mark in
    /// the middle of the file means that files were joined: strip it from each part first. The old
    /// end-of-file mark (0x1A) at the end comes from DOS programs and from `copy a+b`: use
    /// `copy /b` instead.
    CONTROL_CHARACTER = "csv/control-character", Warning, Suspicious
        ; "in a date, or in a column with a published list of values": Error, ValueLost
        ; "in a `Student Id`": Error, RecordLost;
}

/// Checks bytes. NUL bytes are one finding per file, the others one per field or record.
#[derive(Default)]
pub(crate) struct ByteCheck {
    has_nul: bool,
    pub(crate) has_bom: bool,
}

impl ByteCheck {
    /// Checks a record; returns which fields have invisible characters.
    pub(crate) fn record(
        &mut self,
        header: &BoundHeader<'_>,
        record: &Record<'_>,
        sink: &mut dyn Sink,
    ) -> DamagedFields {
        let bytes = record.bytes();
        if record.is_western {
            return DamagedFields::default();
        }
        let mut damaged = DamagedFields { is_special: true, ..DamagedFields::default() };
        let (mut invalid, mut invalid_fields) = (None, Vec::new());
        let mut garbled = None;
        let mut at = 0;
        // A record may have very many fields and characters, so this goes through both only once.
        let mut fields = record.fields().enumerate();
        let mut field = fields.next();
        let mut field_at = |start| {
            while field.is_some_and(|(_, field)| field.range().end <= start) {
                field = fields.next();
            }
            field.map(|(index, _)| index)
        };
        for chunk in bytes.utf8_chunks() {
            for (offset, character) in chunk.valid().char_indices() {
                if !is_unseen(character) || joins(character, chunk.valid(), offset) {
                    continue;
                }
                let start = at + offset;
                let Some(field) = field_at(start) else { break };
                if damaged.fields.last() == Some(&field) {
                    continue;
                }
                // Half of a letter that was read in the wrong encoding: `value/mojibake` reports
                // it.
                if matches!(character, '\u{80}'..='\u{9f}')
                    && (garbled == Some(field) || is_garbled(record, field))
                {
                    garbled = Some(field);
                    continue;
                }
                damaged.fields.push(field);
                let range = start..start + character.len_utf8();
                if character == '\0' {
                    damaged.has_nul = true;
                    self.nul(header, record, range, sink);
                } else {
                    let up_to = bytes.get(..range.end).unwrap_or(bytes);
                    let is_mark = self.has_bom
                        && record.number == Some(0)
                        && bom::without_boms(up_to).is_empty();
                    let cure = is_mark.then(|| Cure::of(&DROP_BOM));
                    let variant = variant(header, record, field);
                    cured(sink, cure, |sink| {
                        control_character(header, record, variant, range, character, sink);
                    });
                }
            }
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                invalid = invalid.or(Some(at));
                invalid_fields.extend(field_at(at).filter(|it| invalid_fields.last() != Some(it)));
            }
            at += chunk.invalid().len();
        }
        if let Some(at) = invalid {
            let variants = invalid_fields.iter().map(|field| variant(header, record, *field));
            let worst = variants.max_by_key(|it| it.index()).unwrap_or_default();
            cured(sink, Some(Cure::of(&CONVERT_ENCODING)), |sink| {
                invalid_utf8(header, record, worst, at, sink);
            });
            let is_none = |field: &usize| variant(header, record, *field) == NO_VALUE;
            damaged.fields.extend(invalid_fields.into_iter().filter(is_none));
        }
        damaged
    }

    fn nul(
        &mut self,
        header: &BoundHeader<'_>,
        record: &Record<'_>,
        range: Range<usize>,
        sink: &mut dyn Sink,
    ) {
        if self.has_nul {
            return;
        }
        self.has_nul = true;
        header.at_bytes(sink, &NUL, false, record, range, |finding| {
            finding.message("there is a NUL byte in the file").label("NUL").help(
                "Text never has NUL bytes, and many programs stop reading at the first one. They \
                 come from a full disk, an interrupted transfer or a fixed-length database column. \
                 Run the export again, or strip them in the query.",
            )
        });
    }
}

/// The weight of bytes that make a date, or one of a list of values, unusable.
const NO_VALUE: Variant = Variant::exception(0);

/// How severe such bytes are in a field: as severe as what other checks would find in its value. A
/// record of the wrong width, or one that has only such characters, does not show which value it
/// is.
fn variant(header: &BoundHeader<'_>, record: &Record<'_>, field: usize) -> Variant {
    let is_value = record.number.is_some_and(|number| number > 0)
        && record.len() == header.width()
        && !is_all_unseen(record.bytes());
    if is_value { header.weight_of_characters(field) } else { Variant::USUAL }
}

pub(crate) fn bom(boms: &[u8], sink: &mut dyn Sink) {
    let message = if boms == bom::BOM {
        "the file starts with a byte-order mark"
    } else {
        "the file starts with two byte-order marks"
    };
    cured(sink, Some(Cure::of(&DROP_BOM)), |sink| {
        report(sink, &BOM, false, |finding| {
            finding.at(Location::start()).message(message).help(
                "Whether SameGoal skips this mark is not published. If it does not, the first \
                 header has a different name. Write UTF-8 without the mark: -Encoding utf8NoBOM in \
                 PowerShell 7, \"utf-8\" instead of \"utf-8-sig\" in Python.",
            )
        });
    });
}

/// Whether a character is invisible and does not belong in a CSV file.
pub(crate) fn is_unseen(character: char) -> bool {
    matches!(character,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
}

/// Whether the characters of a value make it unusable: invisible, lost, or read in the wrong
/// encoding.
pub(crate) fn is_damaged(value: &[u8]) -> bool {
    if value.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return false;
    }
    let is_odd = |character| is_unseen(character) || character == '\u{fffd}';
    value.utf8_chunks().any(|chunk| chunk.valid().chars().any(is_odd))
        || std::str::from_utf8(value).is_ok_and(encoding::is_garbled)
}

/// Whether a character is a joiner that is part of the spelling, as in Persian or Hindi.
fn joins(character: char, text: &str, at: usize) -> bool {
    const NON_JOINER: char = '\u{200c}';
    const JOINER: char = '\u{200d}';
    if !matches!(character, NON_JOINER | JOINER) {
        return false;
    }
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + character.len_utf8()..).and_then(|text| text.chars().next());
    // At the end of a word, only the zero-width joiner has a meaning.
    before.is_some_and(has_joiners)
        && (after.is_some_and(has_joiners)
            || character == JOINER && !after.is_some_and(char::is_alphanumeric))
}

/// Whether a letter belongs to a script that uses joiners: Arabic to Sinhala, Tibetan to Myanmar,
/// Khmer and Mongolian.
fn has_joiners(letter: char) -> bool {
    matches!(letter,
        '\u{600}'..='\u{7bf}' | '\u{840}'..='\u{dff}' | '\u{f00}'..='\u{109f}'
        | '\u{1780}'..='\u{18af}' | '\u{a8e0}'..='\u{a8ff}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' | '\u{11000}'..='\u{1137f}')
}

fn is_garbled(record: &Record<'_>, field: usize) -> bool {
    let field = record.field(field).and_then(|field| std::str::from_utf8(field.raw()).ok());
    field.is_some_and(encoding::is_garbled)
}

/// Whether a record has nothing but invisible characters, such as an end-of-file mark or the NUL
/// bytes that a full disk leaves behind.
pub(crate) fn is_all_unseen(record: &[u8]) -> bool {
    std::str::from_utf8(record).is_ok_and(|text| !text.is_empty() && text.chars().all(is_unseen))
}

fn control_character(
    header: &BoundHeader<'_>,
    record: &Record<'_>,
    variant: Variant,
    range: Range<usize>,
    character: char,
    sink: &mut dyn Sink,
) {
    header.at_bytes(sink, &CONTROL_CHARACTER, variant, record, range, |finding| {
        let help = match character {
            '\u{feff}' => {
                "A byte-order mark belongs only at the start of a file. In the middle, it means \
                 that files were joined: strip it from each part first."
            }
            '\u{1a}' => {
                "DOS programs write this character after the last record, and so does `copy a+b` \
                 on Windows. Use `copy /b a+b`, or leave the character out of the export."
            }
            _ => {
                "The value looks right but does not match anything. Retype it in the student \
                 information system; do not paste it."
            }
        };
        finding
            .message(format!("found {}", wording::describe(character)))
            .label("invisible")
            .help(help)
    });
}

fn invalid_utf8(
    header: &BoundHeader<'_>,
    record: &Record<'_>,
    variant: Variant,
    at: usize,
    sink: &mut dyn Sink,
) {
    let bytes = record.bytes();
    header.at_bytes(sink, &INVALID_UTF8, variant, record, at..at + 1, |finding| {
        let guess = encoding::guess(bytes, at);
        let byte = bytes.get(at).copied().unwrap_or_default();
        let shown = Message::from(format!("the byte 0x{byte:02X} is not UTF-8"));
        let masked = "there is a byte that is not UTF-8".to_owned();
        let in_encoding = format!("; in {} it is ", guess.encoding);
        let (shown, masked) = match guess.character {
            Some(meant) => {
                let mut buffer = [0; 4];
                let cell = Cell::new(
                    meant.encode_utf8(&mut buffer).as_bytes(),
                    Privacy::Private(Content::FreeText),
                );
                let shown = shown.text(in_encoding);
                let shown = if meant.is_alphanumeric() {
                    shown.text("`").cell(cell).text("`")
                } else {
                    shown.text(format!("U+{:04X}", u32::from(meant)))
                };
                (shown, format!("{masked}; the file is probably in {}", guess.encoding))
            }
            None => (shown, masked),
        };
        let message = Message::default().hint(shown, masked);
        finding.message(message).label("not UTF-8").help(
            "Names arrive with question marks in them, or SameGoal rejects the file. Write the \
             file as UTF-8: \"CSV UTF-8\" in Excel, -Encoding utf8NoBOM in PowerShell 7, \
             encoding=\"utf-8\" in Python.",
        )
    });
}

#[cfg(test)]
mod tests {
    use crate::finding::Consequence::{self, RecordLost, Suspicious, ValueLost};
    use crate::testing::{in_column, students};
    use crate::{Finding, Session, Severity, generic_api};

    #[test]
    fn bytes_weigh_what_else_would_be_found_in_the_value() {
        // A tilde stands for the bytes.
        for (values, unseen, invalid) in [
            (&[("Last Name", "Oka~for")][..], Some(Suspicious), None),
            (&[("Student Id", "100~1")], Some(RecordLost), Some(RecordLost)),
            (&[("Date of Birth", "05/21/2012~")], Some(ValueLost), Some(ValueLost)),
            (&[("Gender", "~F")], Some(ValueLost), Some(ValueLost)),
            (&[("District Enrollment", "~")], Some(ValueLost), Some(ValueLost)),
            // Each record is one finding, as severe as its worst value.
            (&[("Last Name", "Oka~for"), ("Gender", "F~")], None, Some(ValueLost)),
            (&[("Student Id", "~1"), ("Gender", "F~")], None, Some(RecordLost)),
        ] {
            let csv = students(&[values, &[]]);
            let found = |bytes: &[u8]| {
                let csv = csv.split('~').map(str::as_bytes).collect::<Vec<_>>().join(bytes);
                let (api, mut found) = (generic_api(), Vec::<Finding>::new());
                Session::new(&api).check("students.csv", &*csv, &mut found).unwrap();
                let errors = found.iter().filter(|it| it.severity() == Severity::Error);
                let errors: Vec<_> = errors.map(|it| (it.rule.name, it.consequence())).collect();
                (found.len(), errors)
            };
            let expected = |rule, loss: Option<Consequence>| {
                let loss = loss.filter(|it| *it != Suspicious);
                (1, loss.map(|it| (rule, it)).into_iter().collect::<Vec<_>>())
            };
            if unseen.is_some() {
                let expected = expected("csv/control-character", unseen);
                assert_eq!(found("\u{200b}".as_bytes()), expected, "{values:?}");
            }
            assert_eq!(found(b"\xe9"), expected("csv/invalid-utf8", invalid), "{values:?}");
        }
    }

    #[test]
    fn joiners_belong_to_the_words_that_are_spelled_with_them() {
        for (name, is_right) in [
            // Persian, Hindi, Sinhala, and Malayalam with one at its end.
            ("می\u{200c}خواهم", true),
            ("क्\u{200d}ष", true),
            ("ශ්\u{200d}රී", true),
            ("അവന്\u{200d}", true),
            ("അവന്\u{200d} കെ", true),
            ("Oka\u{200d}for", false),
            ("Oka\u{200c}for", false),
            ("\u{200d}می", false),
            ("می\u{200c}", false),
            ("می\u{200b}خ", false),
            ("می\u{200d}A", false),
        ] {
            let found = in_column("Last Name", &[name]);
            assert_eq!(found.is_empty(), is_right, "{}: {found:?}", name.escape_unicode());
        }
    }
}
