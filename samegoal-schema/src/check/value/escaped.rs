//! Text that is still in another notation.

use memchr::memchr3_iter;

use super::{Noted, name};
use crate::finding::{Sink, report_many, rules};
use crate::schema::ColumnSpec;
use crate::text::wording::plural;

rules! {
    /// A text is in another program's notation.
    ///
    /// ## Why it matters
    ///
    /// A web page writes `&amp;` for `&`, a link writes `%20` for a space, and JSON writes `\u00e9`
    /// for `é`. CSV does not decode any of these, so the student's name becomes `O&#39;Brien`.
    /// `[object Object]` and `System.Object[]` are what a program writes for something that is not
    /// text; the value itself is not in the file.
    ///
    /// The rule checks columns of names, addresses and other text in the first 1,024 lines. After
    /// that, it checks every 16th line and the lines that another rule examines. Each column is one
    /// finding.
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
    /// Find the step that escapes the text, and remove it. Or decode its result, in Python with
    /// `html.unescape` or `urllib.parse.unquote`. Check whether the text is already wrong in the
    /// student information system. For `System.Object[]` in PowerShell, select the property that
    /// holds the text.
    ESCAPED_TEXT = "value/escaped-text", Warning, ValueLost;
}

/// Every text in another notation has one of these bytes, unless it begins as [`PYTHON`] writes it.
pub(super) const SIGNS: [u8; 5] = *b"&%\\[{";

/// How Python begins to write bytes.
pub(crate) const PYTHON: [u8; 2] = *b"b'";

/// The notation that a part of a text is in.
pub(super) fn notation(text: &[u8]) -> Option<&'static str> {
    if text == b"[object Object]" || text.starts_with(b"System.") && text.ends_with(b"[]") {
        return Some("a program's name for something that is not text");
    }
    if matches!(text.strip_prefix(&PYTHON), Some([.., b'\''])) {
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

/// Whether a text begins with the rest of an entity after its `&`: `amp;`, `#39;` or `eacute;`.
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

/// Reports the texts of a column in other notations, with the notation of the first one.
pub(super) fn report(spec: &ColumnSpec, seen: Noted, notation: &str, sink: &mut dyn Sink) {
    let Noted { count, first: Some(place) } = seen else { return };
    let (location, excerpt) = *place;
    report_many(sink, &ESCAPED_TEXT, false, count, |finding| {
        finding
            .at(location)
            .excerpt(excerpt)
            .message(name(spec).text(format!(" contains {notation} in {}", plural(count, "value"))))
            .label(notation.to_owned())
            .help(
                "CSV does not decode this, so it stays as it is. Find the step of the export \
                 that writes it, and check whether it is already in the student information \
                 system.",
            )
    });
}

#[cfg(test)]
mod tests {
    use super::{PYTHON, SIGNS, notation};
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
            let is_seen = text.bytes().any(|byte| SIGNS.contains(&byte));
            assert!(is_seen || text.as_bytes().starts_with(&PYTHON), "{text}");
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
        let reported: Vec<_> = found.iter().map(summary).collect();
        assert_eq!(reported, ["value/escaped-text@2 Last Name", "value/escaped-text@2 Address"]);
        assert!(found.iter().all(|one| one.count == 2));
        assert_eq!(shown(&found[0].message), "`Last Name` contains HTML in 2 values");
    }
}
