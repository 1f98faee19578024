//! Files that are not CSV in UTF-8 at all. Their first bytes show it, and nothing more is read.

use std::borrow::Cow;

use crate::check::header::{self, Binding};
use crate::csv::{Place, Record, bom};
use crate::finding::{CONVERT_ENCODING, Cure, Location, Sink, cured, report, rules};
use crate::schema::FileSpec;

rules! {
    /// The file is empty.
    ///
    /// ## Why it matters
    ///
    /// The file has no header, so SameGoal cannot load anything from it. A failed export often
    /// leaves an empty file behind.
    ///
    /// ## Example
    ///
    /// ```text
    /// students.csv, 0 bytes                 wrong
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Run the export by hand and read its messages. Typical causes are a failed query, a full disk
    /// or an account without permissions. If there is nothing to deliver, leave the file out.
    EMPTY_FILE = "csv/empty-file", Error, FileIgnored;

    /// The file is named like a CSV file but is something else.
    ///
    /// ## Why it matters
    ///
    /// SameGoal cannot read anything in it. Renaming a workbook to `.csv` does not convert it. A
    /// download script that gets a login page instead of the export saves that page under the
    /// export's name. Text in fixed-width columns, as SQL tools print it, has no commas between the
    /// fields.
    ///
    /// ## Example
    ///
    /// ```text
    /// PK<03><04>...                         wrong: an Excel workbook, renamed
    /// Student Id,Last Name,...              right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// - A workbook: open it in Excel and save it as "CSV UTF-8 (Comma delimited)".
    /// - An archive: unpack it.
    /// - A web page: open the file in an editor to see what the server asked for, most often a
    ///   login.
    /// - Fixed-width columns: make the tool write CSV. Use `SET MARKUP CSV ON` in SQL*Plus, `--csv`
    ///   in psql, and `Export-Csv` in PowerShell instead of `sqlcmd` or `Format-Table` output.
    NOT_CSV = "csv/not-csv", Error, FileIgnored;

    /// The file is in UTF-16 or UTF-32.
    ///
    /// ## Why it matters
    ///
    /// SameGoal expects UTF-8. Read as UTF-8, every second byte of this file is a NUL, so SameGoal
    /// does not find the header.
    ///
    /// ## Example
    ///
    /// ```text
    /// <FF><FE>S<00>t<00>u<00>d<00>          wrong: "Unicode Text" in Excel
    /// Stud                                  right: UTF-8
    /// ```
    ///
    /// ## How to fix it
    ///
    /// - Excel: save as "CSV UTF-8 (Comma delimited)", not "Unicode Text".
    /// - Windows PowerShell: `>` and `Out-File` write UTF-16. Use
    ///   `Export-Csv -NoTypeInformation -Encoding UTF8`.
    /// - SQL Server: run `bcp` with `-c -C 65001` instead of `-w`.
    UTF16 = "csv/utf16", Error, FileIgnored;

    /// The fields are not separated by commas.
    ///
    /// ## Why it matters
    ///
    /// SameGoal reads the whole header as one column with a long name, and finds none of the
    /// columns it needs.
    ///
    /// ## Example
    ///
    /// ```text
    /// Student Id;Last Name;First Name       wrong
    /// Student Id,Last Name,First Name       right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Set the delimiter of the export to a comma:
    ///
    /// - Excel uses the "List separator" from the Windows region settings.
    /// - PowerShell: `Export-Csv -Delimiter ','`.
    /// - SQL*Plus: `SET MARKUP CSV ON`.
    /// - `bcp`: `-t,` sets a comma but does not quote fields, so prefer a tool that does.
    WRONG_DELIMITER = "csv/wrong-delimiter", Error, FileIgnored;

    /// The first record is data; the header is missing.
    ///
    /// ## Why it matters
    ///
    /// SameGoal finds columns by the names in the first line. Without them, it finds no column, and
    /// the first student is lost.
    ///
    /// ## Example
    ///
    /// ```text
    /// 1001,Okafor,,Ada,01/05/2012           wrong
    ///
    /// Student Id,Last Name,Middle Name,First Name,Date of Birth
    /// 1001,Okafor,,Ada,01/05/2012           right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Turn on column headers in the export: "Include column headers" in SSMS and most other
    /// systems, `SET HEADING ON` in SQL*Plus. `samegoal-lint schema students.csv --format template`
    /// prints the header line.
    MISSING_HEADER = "csv/missing-header", Error, FileIgnored;
}

/// What the first bytes of a file show it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// Another kind of file, named with its article.
    Kind(&'static str),
    /// Text in an encoding with two or four bytes per character.
    Wide(&'static str),
}

/// How many bytes are examined.
const HEAD: usize = 4096;

/// Recognizes files that are not CSV in UTF-8 by their first bytes.
pub(crate) fn sniff(head: &[u8]) -> Option<Foreign> {
    use Foreign::{Kind, Wide};
    const MAGIC: &[(&[u8], Foreign)] = &[
        (b"\xFF\xFE\0\0", Wide("UTF-32 (little endian)")),
        (b"\0\0\xFE\xFF", Wide("UTF-32 (big endian)")),
        (b"\xFF\xFE", Wide("UTF-16 (little endian)")),
        (b"\xFE\xFF", Wide("UTF-16 (big endian)")),
        (b"PK\x03\x04", Kind("an Excel workbook or another ZIP archive")),
        (b"PK\x05\x06", Kind("an empty ZIP archive")),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Kind("an old Excel workbook (.xls)")),
        (b"\x1F\x8B", Kind("a gzip archive")),
        (b"7z\xBC\xAF\x27\x1C", Kind("a 7-Zip archive")),
        (b"Rar!\x1A\x07", Kind("a RAR archive")),
        (b"BZh", Kind("a bzip2 archive")),
        (b"\xFD7zXZ\0", Kind("an xz archive")),
        (b"\x28\xB5\x2F\xFD", Kind("a Zstandard archive")),
        (b"%PDF-", Kind("a PDF document")),
        (b"{\\rtf", Kind("an RTF document")),
        (b"SQLite format 3\0", Kind("an SQLite database")),
        (b"PAR1", Kind("a Parquet file")),
        (b"\x89PNG", Kind("a picture")),
        (b"\xFF\xD8\xFF", Kind("a picture")),
        (b"-----BEGIN PGP", Kind("a file encrypted with PGP")),
        (b"version https://git-lfs.github.com/spec/", Kind("a Git LFS pointer")),
    ];
    let head = head.get(..HEAD).unwrap_or(head);
    if let Some((_, foreign)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*foreign);
    }
    wide_without_mark(head).map(Wide).or_else(|| markup(head).map(Kind))
}

/// Text with two or four bytes per character has NUL bytes at every second or fourth position.
fn wide_without_mark(head: &[u8]) -> Option<&'static str> {
    let sample = head.get(..head.len().min(256)).unwrap_or_default();
    let quads = sample.chunks_exact(4);
    let total = quads.len();
    if total < 2 {
        return None;
    }
    let mut nuls = [0_usize; 4];
    for quad in quads {
        for (count, byte) in nuls.iter_mut().zip(quad) {
            *count += usize::from(*byte == 0);
        }
    }
    let many = |count: usize| count * 10 >= total * 8;
    let few = |count: usize| count * 10 <= total * 2;
    match nuls {
        [a, b, c, d] if few(a) && many(b) && many(c) && many(d) => Some("UTF-32 (little endian)"),
        [a, b, c, d] if many(a) && many(b) && many(c) && few(d) => Some("UTF-32 (big endian)"),
        [a, b, c, d] if few(a) && many(b) && few(c) && many(d) => Some("UTF-16 (little endian)"),
        [a, b, c, d] if many(a) && few(b) && many(c) && few(d) => Some("UTF-16 (big endian)"),
        _ => None,
    }
}

/// Text in a notation other than CSV.
fn markup(head: &[u8]) -> Option<&'static str> {
    let head = head.get(bom::boms(head).len()..).unwrap_or_default();
    let text = head.trim_ascii_start();
    let lower = text.get(..text.len().min(512)).unwrap_or_default().to_ascii_lowercase();
    let starts = |prefix: &str| lower.starts_with(prefix.as_bytes());
    let is_json = match text.first() {
        Some(b'{') => matches!(
            text.get(1..).unwrap_or_default().trim_ascii_start().first(),
            Some(b'"' | b'}')
        ),
        Some(b'[') => matches!(
            text.get(1..).unwrap_or_default().trim_ascii_start().first(),
            Some(b'"' | b'{' | b'[' | b']')
        ),
        _ => false,
    };
    if ["<!doctype html", "<html", "<head", "<body"].into_iter().any(starts) {
        Some("a web page (HTML), perhaps a login page")
    } else if starts("<") {
        Some("an XML document")
    } else if is_json {
        Some("a JSON document")
    } else if [
        "insert into ",
        "create table ",
        "-- mysql dump",
        "-- postgresql",
        "set identity_insert",
    ]
    .into_iter()
    .any(starts)
    {
        Some("an SQL dump")
    } else {
        None
    }
}

pub(crate) fn foreign(what: Foreign, sink: &mut dyn Sink) {
    let cure = matches!(what, Foreign::Wide(_)).then(|| Cure::of(&CONVERT_ENCODING));
    cured(sink, cure, |sink| match what {
        Foreign::Kind(kind) => report(sink, &NOT_CSV, false, |finding| {
            finding.at(Location::start()).message(format!("this is {kind}, not a CSV file")).help(
                "SameGoal cannot read anything in it. Open a workbook in Excel and save it as \
                 \"CSV UTF-8\". Unpack an archive. Open a web page in an editor to see what the \
                 server asked for.",
            )
        }),
        Foreign::Wide(encoding) => report(sink, &UTF16, false, |finding| {
            finding.at(Location::start()).message(format!("the file is in {encoding}")).help(
                "SameGoal expects UTF-8 and does not find the header. In Excel, save as \"CSV \
                 UTF-8\", not \"Unicode Text\". In Windows PowerShell, use Export-Csv -Encoding \
                 UTF8 instead of Out-File. With bcp, use -c -C 65001.",
            )
        }),
    });
}

pub(crate) fn empty(name: &str, bytes: u64, sink: &mut dyn Sink) {
    report(sink, &EMPTY_FILE, false, |finding| {
        let message = if bytes == 0 {
            format!("{name} is empty")
        } else {
            format!("{name} has only blank lines or a byte-order mark")
        };
        finding.message(message).help(
            "The file has no header, so SameGoal cannot load anything from it. Run the export by \
             hand and read its messages. If there is nothing to deliver, leave the file out.",
        )
    });
}

/// The character that separates the header into known columns where the comma does not.
pub(crate) fn other_delimiter(spec: &FileSpec, header: &[u8], by_comma: &Binding) -> Option<u8> {
    let known =
        |binding: &Binding| binding.bounds.iter().filter(|bound| bound.column.is_some()).count();
    let by_comma = known(by_comma);
    let by_other = |delimiter: u8| {
        let fields = header.split(|byte| *byte == delimiter);
        let names: Vec<_> = fields.map(|field| Cow::Borrowed(unquoted(field))).collect();
        let found = if names.len() > 1 { known(&header::bind(spec, &names)) } else { 0 };
        (found, delimiter)
    };
    let (found, delimiter) = [b'^', b'~', b'|', b'\t', b';']
        .into_iter()
        .map(by_other)
        .max_by_key(|(found, _)| *found)?;
    (found > by_comma).then_some(delimiter)
}

/// Whether the header is text in fixed-width columns: a single field in which two or more spaces
/// separate known columns.
pub(crate) fn is_fixed_width(spec: &FileSpec, header: &[Cow<'_, [u8]>]) -> bool {
    let [header] = header else { return false };
    let Ok(header) = str::from_utf8(header) else { return false };
    // Names contain single spaces.
    let parts = header.split("  ").map(str::trim_ascii).filter(|name| !name.is_empty());
    let names: Vec<_> = parts.map(|name| Cow::Borrowed(name.as_bytes())).collect();
    let bounds = header::bind(spec, &names).bounds;
    bounds.iter().filter(|bound| bound.column.is_some()).count() >= 2
}

pub(crate) fn fixed_width(record: &Record<'_>, sink: &mut dyn Sink) {
    report(sink, &NOT_CSV, false, |finding| {
        finding
            .at(start_of(record))
            .message("this is text in fixed-width columns, not a CSV file")
            .help(
                "There are no commas between the fields, so SameGoal reads the whole header as one \
                 column. Make the program that printed it write CSV: SET MARKUP CSV ON in \
                 SQL*Plus, --csv in psql, Export-Csv in PowerShell.",
            )
    });
}

/// The bytes without the quote at each end.
pub(crate) fn unquoted(field: &[u8]) -> &[u8] {
    let inner = field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\""));
    inner.unwrap_or(field)
}

pub(crate) fn wrong_delimiter(delimiter: u8, record: &Record<'_>, sink: &mut dyn Sink) {
    report(sink, &WRONG_DELIMITER, false, |finding| {
        let name = match delimiter {
            b';' => "semicolons",
            b'\t' => "tabs",
            b'~' => "tildes (`~`)",
            b'^' => "carets (`^`)",
            _ => "vertical bars",
        };
        finding
            .at(start_of(record))
            .message(format!("fields are separated by {name} instead of commas"))
            .help(
                "SameGoal reads the whole header as one column. Set the delimiter of the export to \
                 a comma. Excel uses the \"List separator\" from the Windows region settings.",
            )
    });
}

pub(crate) fn missing_header(record: &Record<'_>, sink: &mut dyn Sink) {
    report(sink, &MISSING_HEADER, false, |finding| {
        finding.at(start_of(record)).message("the first line is data; the header is missing").help(
            "SameGoal finds columns by the names in the first line, so it finds none here. Turn on \
             column headers in the export.",
        )
    });
}

fn start_of(record: &Record<'_>) -> Location {
    let Place { line, byte_offset, .. } = record.place(0..0);
    Location { line, byte_offset, record: record.number, ..Location::start() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_columns_of_fixed_width_by_their_header() {
        for (header, expected) in [
            ("Student Id  Last Name       First Name", true),
            ("  Student Id    Last Name  ", true),
            // Where a name fills its column, one space is left.
            ("Student Id Last Name  First Name           Date of Birth Gender", false),
            ("Student Id Last Name  First Name           Grade", true),
            ("STUDENT_ID           LAST_NAME", true),
            ("Student Id Last Name First Name", false),
            ("Student Id  ", false),
            ("Student Id  and nothing  else", false),
            ("1001        Okafor          Ada", false),
            ("", false),
        ] {
            let spec = crate::generic_api();
            let spec = spec.file("students.csv").unwrap();
            let header = [Cow::Borrowed(header.as_bytes())];
            assert_eq!(is_fixed_width(spec, &header), expected, "{header:?}");
            assert!(!is_fixed_width(spec, &[header.clone(), header].concat()));
        }
    }
}
