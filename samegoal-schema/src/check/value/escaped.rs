//! Text that is still in another notation.

use memchr::memchr3_iter;

use super::{Noted, name};
use crate::finding::rules;
use crate::finding::{Sink, report_many};
use crate::schema::ColumnSpec;
use crate::text::wording::thousands;

rules! {
    /// A text is in the notation of another program.
    ///
    /// ## Why it matters
    ///
    /// A web page writes `&amp;` for `&`, a link `%20` for a blank, JSON `\u00e9` for `é`. In a CSV file
    /// each of these is text as it stands, so a student is called `O&#39;Brien`. `[object Object]` and
    /// `System.Object[]` are what a program writes for something that is no text at all; the value itself
    /// is not in the file.
    ///
    /// Columns of names, addresses and other texts are looked at: the first 1,024 lines, and of the
    /// others every 16th and those that are looked at for another reason. Each column is one finding.
    ///
    /// ## Example
    ///
    /// ```text
    /// O&#39;Brien                          wrong
    /// O'Brien                              right
    /// ```
    ///
    /// ## How to fix it
    ///
    /// Find the step that escapes the text, and leave it out, or decode its result: `html.unescape` or
    /// `urllib.parse.unquote` in Python. Look whether the student information system has it wrong
    /// already. For `System.Object[]`, in PowerShell, select the property that holds the text.
    ESCAPED_TEXT = "value/escaped-text", Warning, ValueLost;
}

/// The notation that some of a text is in.
pub(super) fn notation(text: &[u8]) -> Option<&'static str> {
    if text == b"[object Object]" || text.starts_with(b"System.") && text.ends_with(b"[]") {
        return Some("a program's name for something that is no text");
    }
    if matches!(text, [b'b', b'\'', .., b'\'']) {
        return Some("bytes as Python writes them");
    }
    if text.starts_with(b"{\"") {
        return Some("JSON");
    }
    memchr3_iter(b'&', b'%', b'\\', text).find_map(|at| {
        let rest = text.get(at..)?;
        match rest {
            [b'&', rest @ ..] if is_entity(rest) => Some("HTML"),
            [b'%', one, other, ..] if one.is_ascii_hexdigit() && other.is_ascii_hexdigit() => {
                Some("URL encoding")
            }
            [b'\\', b'u', one, two, three, four, ..]
                if [one, two, three, four].iter().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                Some("JSON")
            }
            [b'\\', b'n' | b'r' | b't']
            | [b'\\', b'n' | b'r' | b't', b' ' | b'A'..=b'Z' | b'\\', ..] => {
                Some("a program's escapes")
            }
            _ => None,
        }
    })
}

/// Whether a text begins with what stands behind the `&` of an entity: `amp;`, `#39;` or `eacute;`.
fn is_entity(text: &[u8]) -> bool {
    const NAMES: [&[u8]; 6] = [b"amp", b"lt", b"gt", b"quot", b"apos", b"nbsp"];
    const ACCENTS: [&[u8]; 8] =
        [b"acute", b"grave", b"circ", b"tilde", b"uml", b"cedil", b"ring", b"slash"];
    let Some(end) = text.iter().take(9).position(|byte| *byte == b';') else { return false };
    match text.get(..end).unwrap_or_default() {
        [b'#', b'x' | b'X', digits @ ..] => {
            !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit)
        }
        [b'#', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        name if NAMES.contains(&name) => true,
        [letter, accent @ ..] => letter.is_ascii_alphabetic() && ACCENTS.contains(&accent),
        [] => false,
    }
}

/// Reports the texts of a column that are in another notation, the first of which is in this one.
pub(super) fn report(spec: &ColumnSpec, seen: Noted, notation: &str, sink: &mut dyn Sink) {
    let Noted { count, first: Some(place) } = seen else { return };
    let (location, excerpt) = *place;
    report_many(sink, &ESCAPED_TEXT, false, count, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(" holds {notation}: {}", values(count))))
            .label(notation.to_owned())
            .help(
                "In a CSV file it is text as it stands. Find the step of the export that writes it, and \
                 look whether the student information system has it already.",
            )
    });
}

pub(super) fn values(count: u64) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{} values", thousands(count)) }
}

#[cfg(test)]
mod tests {
    use super::notation;
    use crate::testing::{findings, shown, students, summary};

    #[test]
    fn knows_other_notations() {
        for text in [
            "O&#39;Brien",
            "O&#x27;Brien",
            "Smith &amp; Sons",
            "Mu&ntilde;oz",
            "Jos&eacute;",
            "12%20Oak%20St",
            "Jos\\u00e9",
            "12 Oak St\\nApt 3",
            "12 Oak St\\r\\nApt 3",
            "12 Oak St\\n",
            "[object Object]",
            "System.Object[]",
            "System.String[]",
            "b'Ada'",
            "{\"name\": \"Ada\"}",
        ] {
            assert!(notation(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "5th & Main; rear",
            "AT&T;",
            "Main St &Oak",
            "100% Oak",
            "5%",
            "C:\\new",
            "Oak\\Elm",
            "Jacob's Way",
            "b'Elanna",
            "[Ada]",
            "{Ada}",
            "Dayton [Oakwood]",
            "System",
            "&",
            "&;",
            "&#;",
            "%",
            "\\",
        ] {
            assert_eq!(notation(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn reports_each_column_once() {
        let record = [("Last Name", "O&#39;Brien"), ("Address", "12%20Oak")];
        let csv = students(&[&record, &[], &record]);
        let found = findings(&[("students.csv", &csv)]);
        let told: Vec<_> = found.iter().map(summary).collect();
        assert_eq!(told, ["value/escaped-text@2 Last Name", "value/escaped-text@2 Address"]);
        assert!(found.iter().all(|one| one.count == 2));
        assert_eq!(shown(&found[0].message), "`Last Name` holds HTML: 2 values");
    }
}
